"""Perform a plan: the only code that changes a mailbox.

Exactly once (THREATS, fact 3): look for the key, commit the intent, APPEND, fetch back, commit.
Whatever dies in between is found again by `daemon.recover`. `context.seam` is called before and
after each effect, so that a test can stop the program there.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from inboxbot.core.contact import wrote_it
from inboxbot.core.follow import withdrawal_events
from inboxbot.core.identity import fingerprint_of
from inboxbot.core.plan import (
    Action,
    Decision,
    Defer,
    DeliverMail,
    DraftRecord,
    DraftState,
    Event,
    EventKind,
    LeaveAlone,
    Plan,
    SaveDraft,
    WithdrawDraft,
)
from inboxbot.core.types import Key, Locator, Mark, Reading
from inboxbot.daemon.context import Context
from inboxbot.daemon.replies import name_of
from inboxbot.daemon.settle import defer, settle
from inboxbot.errors import FolderMissing
from inboxbot.logs import event as log_event
from inboxbot.mailbox.headers import message_id, travelled
from inboxbot.ports import Part

_log = logging.getLogger(__name__)
_BECAME = {
    DraftState.SENT: (EventKind.SENT,),
    DraftState.DISCARDED: (EventKind.DISCARDED,),
}
_NO_DRAFTS = 'set drafts = "…" in this account\'s settings, or create it in your mail client'


def apply(plan: Plan, context: Context) -> None:
    """Perform each action in turn. Raise `MailboxError` where the mailbox refuses one."""
    for action in plan:
        _perform(action, context)


def _perform(action: Action, context: Context) -> None:
    match action:
        case SaveDraft():
            _save(action, context)
        case WithdrawDraft():
            _withdraw(action, context)
        case DeliverMail():
            _deliver(action, context)
        case LeaveAlone():
            settle(action.reading, action.application, action.judgement, context)
        case Defer():
            defer(action, context)
        case _:
            assert_never(action)


# ---------------------------------------------------------------- a draft


def _save(action: SaveDraft, context: Context) -> None:
    record = record_of(action, context)
    known = place_of(record.key, context)
    if known is not None:  # a lost journal or a second machine: it was written before
        _saved(replace(record, state=known[0], locator=known[1]), action, context)
        return
    folder = _drafts_folder(context)
    record = replace(record, folder=folder, mark=context.mailbox.mark(folder))
    planned = _event(EventKind.DRAFT_PLANNED, record, context, **_about_draft(action))
    context.seam("before intent")
    context.journal.record(context.hold, drafts=[record], events=[planned])
    context.seam("after intent, before append")
    locator = context.mailbox.save_draft(action.draft.data, record.key)
    context.seam("after append, before record")
    kept = fetched_back(record, locator, context)
    _saved(as_kept(record, kept, locator), action, context)
    context.seam("after record")


def _saved(record: DraftRecord, action: SaveDraft, context: Context) -> None:
    store_saved(record, _about_draft(action), context)


def store_saved(record: DraftRecord, about: Mapping[str, object], context: Context) -> None:
    """Record a draft that is there, and what became of it where it is not in Drafts any more."""
    about = {**about, "answers": record.answered, "folder": record.folder}
    kinds = [EventKind.DRAFT_SAVED, *_BECAME.get(record.state, ())]
    events = [_event(kind, record, context, **about) for kind in kinds]
    context.journal.record(context.hold, drafts=[record], events=events, settled=[record.answered])
    log_event(_log, "draft_saved", account=context.account, state=record.state)


def record_of(action: SaveDraft, context: Context) -> DraftRecord:
    """Return the record that a draft begins with: intended, and nowhere yet."""
    draft, earlier, contact = action.draft, action.judgement.replaces, action.judgement.contact
    told_of_all = action.judgement.told_of_all
    asks = action.judgement.decision is Decision.DRAFT
    return DraftRecord(
        key=draft.key,
        application=action.application,
        answered=action.reading.message.key,
        state=DraftState.INTENDED,
        to=draft.to,
        subject=draft.subject,
        answers=draft.answers,
        planned=context.clock(),
        employer=action.judgement.employer,
        roles=action.judgement.roles,
        stage=action.judgement.stage,
        told=contact is not None and wrote_it(contact, action.reading) and told_of_all,
        only_asks=asks and not action.judgement.accepts_offer,
        also=(earlier.answered, *earlier.also) if earlier else (),
        fingerprint=draft.fingerprint,
        template=draft.template,
    )


def as_it_lies(action: SaveDraft, context: Context) -> DraftRecord:
    """Return the record of a draft that another machine may have put into the mailbox already."""
    record = record_of(action, context)
    known = place_of(record.key, context)
    if known is None:
        return record
    state, locator = known
    kept = fetched_back(record, locator, context) if locator else None
    if kept is not None and fingerprint_of(kept.message) != record.fingerprint:
        state = DraftState.EDITED
    return replace(record, state=state, locator=locator)


def _about_draft(action: SaveDraft) -> dict[str, object]:
    judgement, draft = action.judgement, action.draft
    return {
        "decision": judgement.decision,
        "reason": judgement.reason,
        "to": draft.to.addr,
        "name": draft.to.name,
        "basis": judgement.contact.basis if judgement.contact else None,
        "confidence": judgement.contact.confidence if judgement.contact else None,
        "employer": judgement.employer,
        "role": " · ".join(judgement.roles) or None,
        "stage": judgement.stage,
        "subject": draft.subject,
        "template": draft.template,
        "replaces": judgement.replaces.key if judgement.replaces else None,
    }


def place_of(key: Key, context: Context) -> tuple[DraftState, Locator | None] | None:
    """Return where a letter of this key lies already, None where it lies nowhere."""
    folders = context.mailbox.folders()
    for folder, state in (
        (folders.drafts, DraftState.WAITING),
        (folders.sent, DraftState.SENT),
        (folders.trash, DraftState.DISCARDED),
    ):
        found = context.mailbox.find(folder, key) if folder else ()
        if found:
            return state, found[-1] if state is DraftState.WAITING else None
    return None


def _drafts_folder(context: Context) -> str:
    folder = context.mailbox.folders().drafts
    if folder is None:
        raise FolderMissing("Drafts", _NO_DRAFTS)
    return folder


def fetched_back(record: DraftRecord, locator: Locator | None, context: Context) -> Reading | None:
    """Return the draft as the server kept it: servers rewrite."""
    places = (
        [locator] if locator else context.mailbox.find(record.folder, record.key, Mark(record.mark))
    )
    raw = list(context.mailbox.fetch(list(places)))
    return next(
        (reading for reading in context.reader.read(raw) if isinstance(reading, Reading)), None
    )


def as_kept(record: DraftRecord, kept: Reading | None, locator: Locator | None) -> DraftRecord:
    """Return the record of a draft that lies in Drafts, with what the server made of it."""
    waiting = replace(record, state=DraftState.WAITING, locator=locator)
    if kept is None:
        return waiting
    return replace(waiting, locator=kept.locator, fingerprint=fingerprint_of(kept.message))


# ---------------------------------------------------------------- the rest


def _withdraw(action: WithdrawDraft, context: Context) -> None:
    record = replace(action.record, leaving=action.why)
    if record.locator is None or not _untouched(record, context):
        return
    # The intent first: a draft that lies in Trash after a crash was not thrown away by the user.
    # One that a phone brings back afterwards is never moved twice: by then the state is stored.
    context.journal.record(context.hold, drafts=[record])
    context.seam("before withdraw")
    try:
        moved = context.mailbox.withdraw(record.locator)
    except FolderMissing:  # no Trash: the draft stays, and the poll goes on
        log_event(_log, "no_trash", logging.WARNING, account=context.account)
        return
    context.seam("after withdraw")
    if not moved:  # the user was quicker: the next look tells what became of it
        return
    taken_back = replace(record, state=DraftState.WITHDRAWN, locator=None)
    events = withdrawal_events(taken_back, context.clock())
    context.journal.record(context.hold, drafts=[taken_back], events=events)


def _untouched(record: DraftRecord, context: Context) -> bool:
    """Look once more: the user may have opened the draft since the poll began."""
    raw = list(context.mailbox.fetch([record.locator] if record.locator else []))
    return any(
        isinstance(reading, Reading) and fingerprint_of(reading.message) == record.fingerprint
        for reading in context.reader.read(raw)
    )


def _deliver(action: DeliverMail, context: Context) -> None:
    delivered = Event(
        kind=EventKind.SUMMARY_DELIVERED,
        time=context.clock(),
        message=action.key,
        payload=action.about,
    )
    if not _lies_anywhere(action.key, context):
        context.seam("before summary intent")
        context.journal.set_summary(context.hold, action.occasion, "intended")
        context.seam("before summary")
        context.mailbox.deliver(action.data, action.key)
        context.seam("after summary, before record")
    context.journal.set_summary(context.hold, action.occasion, "delivered", [delivered])


def _lies_anywhere(key: Key, context: Context) -> bool:
    """Tell whether a mail to the owner was delivered before a journal was lost, or elsewhere.

    Whoever knows the address can work out the key and send a mail under it, but not the name that
    this journal makes of it; and what was sent tells that it came over the wire.
    """
    ours = name_of(key, context.journal, context.account).encode()
    mailbox, folders = context.mailbox, context.mailbox.folders()
    places = (folders.inbox, folders.archive, *folders.archive_years, folders.trash)
    found = (mailbox.find(folder, key) for folder in places if folder)
    return any(
        ours in message_id(mail.data) or not travelled(mail.data)
        for locators in found
        for mail in mailbox.fetch(locators, Part.HEADERS)
    )


def _event(kind: EventKind, record: DraftRecord, context: Context, **payload: object) -> Event:
    return Event(
        kind=kind,
        time=context.clock(),
        application=record.application,
        message=record.key,
        payload=payload,
    )
