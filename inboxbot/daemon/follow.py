"""Gather what `core.follow` needs — Drafts, Trash, known mail — and carry out what it finds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from inboxbot.core.answers import answer_event, answered, question_of, taken_up_again, unanswered
from inboxbot.core.follow import WATCHED, Look, follow
from inboxbot.core.history import History
from inboxbot.core.plan import DraftRecord, DraftState
from inboxbot.core.types import EPOCH, Key, RawMail, Reading
from inboxbot.daemon.apply import apply
from inboxbot.daemon.context import Context
from inboxbot.daemon.read import bounced, in_their_words
from inboxbot.daemon.recover import rediscover
from inboxbot.errors import FolderMissing
from inboxbot.ports import Part

_DELETED = "\\Deleted"
_MOST_SENT = 200  # mails of the user's within an hour


def follow_drafts(context: Context) -> None:
    """Notice what became of each draft, and take back those that have become wrong."""
    history = context.journal.history(context.account)
    sent = rediscover(history, context)
    for record in sent:
        history.add_draft(record)
    outcome = follow(history, _look(history, context), context.policy, context.clock())
    if outcome.records or outcome.events:
        context.journal.record(context.hold, drafts=outcome.records, events=outcome.events)
    changed = {record.key: record for record in (*history.drafts, *sent, *outcome.records)}
    _late_answers(changed.values(), history, context)
    apply(outcome.withdraw, context)
    _other_ends(context)


def _look(history: History, context: Context) -> Look:
    """Look into Drafts and Trash, as far as there are drafts of ours to look for."""
    keys = [record.key for record in history.drafts if record.state in WATCHED]
    if not keys:
        return Look(drafts=())
    mails = _mails_in_drafts(context)
    return Look(
        drafts=None if mails is None else _read(_living(mails), context),
        in_trash=_in_trash(keys, context) | _marked_deleted(keys, mails or (), context),
    )


def _late_answers(records: Iterable[DraftRecord], history: History, context: Context) -> None:
    """Take in answers that were read before it was known that their question had been sent.

    A laptop that slept finds the request in Sent and its answer in the inbox at the same poll.
    """
    for record in records:
        if record.state is not DraftState.SENT or record.sent is None or record.answers_sought:
            continue
        record = replace(record, answers_sought=True)
        history.add_draft(record)
        answers = _answers_to(record, history, context)
        found = (
            answer_event(reading, record, context.senders, context.clock()) for reading in answers
        )
        events = [event for event in found if event is not None]
        context.journal.record(
            context.hold, events=in_their_words(events, history, context), dead=bounced(events),
            settled=[reading.message.key for reading in answers],
            drafts=[record, *answered(events, history)],
        )  # fmt: skip


def _answers_to(record: DraftRecord, history: History, context: Context) -> list[Reading]:
    later = [entry for entry in history.entries if not entry.own and entry.when >= record.planned]
    raw = list(context.mailbox.fetch([entry.reading.locator for entry in later]))
    return [
        reading
        for reading in _read(raw, context)
        if question_of(reading, history, context.senders) == record
    ]


def _other_ends(context: Context) -> None:
    """Note, once each, what was taken up elsewhere and what waited long enough for an answer."""
    now = context.clock()
    history = context.journal.history(context.account)
    for record, event in taken_up_again(history, context.senders, now):
        context.journal.record(context.hold, drafts=[record], events=[event])
    drafts = context.journal.drafts(context.account)
    for record, event in unanswered(drafts, context.policy, now, context.zone):
        context.journal.record(context.hold, drafts=[record], events=[event])


def letters_of_the_user(history: History, context: Context) -> tuple[Reading, ...]:
    """Return the drafts that are not ours; nothing where the folder is missing."""
    ours = {record.locator for record in history.drafts}
    keys = [record.key for record in history.drafts]
    lying = _read(_living(_mails_in_drafts(context) or ()), context)
    return tuple(
        reading
        for reading in lying
        if reading.locator not in ours
        and not any(key in reading.message.message_id for key in keys)
    )


def sent_just_before(reading: Reading, history: History, context: Context) -> datetime | None:
    """Return when the user sent the mail that this one answers, if less than an hour before.

    An application by mail is nobody's business until it is answered, so the journal has none.
    """
    message = reading.message
    names = {*message.in_reply_to, *message.references} - set(history.by_message_id)
    sent = context.mailbox.folders().sent
    if not names or sent is None:
        return None
    parts = list(context.mailbox.slices(sent, None, message.when - timedelta(hours=1)))
    locators = [locator for part in parts for locator in part.locators][:_MOST_SENT]
    for mail in _read(list(context.mailbox.fetch(locators, Part.HEADERS)), context):
        if mail.message.message_id in names and mail.message.when <= message.when:
            return mail.message.when
    return None


def _mails_in_drafts(context: Context) -> tuple[RawMail, ...] | None:
    folder = context.mailbox.folders().drafts
    if folder is None:
        return None
    try:
        parts = list(context.mailbox.slices(folder, None, EPOCH))
    except FolderMissing:
        return None
    return tuple(context.mailbox.fetch([locator for part in parts for locator in part.locators]))


def _living(mails: Iterable[RawMail]) -> list[RawMail]:
    return [mail for mail in mails if _DELETED not in mail.flags]


def _read(mails: list[RawMail], context: Context) -> tuple[Reading, ...]:
    return tuple(mail for mail in context.reader.read(mails) if isinstance(mail, Reading))


def _in_trash(keys: list[Key], context: Context) -> frozenset[Key]:
    trash = context.mailbox.folders().trash
    return frozenset(key for key in keys if trash and context.mailbox.find(trash, key))


def _marked_deleted(keys: list[Key], mails: Iterable[RawMail], context: Context) -> frozenset[Key]:
    """Return the drafts that a client deleted and has not expunged yet (RFC 3501 §2.3.2)."""
    deleted = [mail for mail in mails if _DELETED in mail.flags]
    names = [reading.message.message_id for reading in _read(deleted, context)]
    return frozenset(key for key in keys if any(key in name for name in names))
