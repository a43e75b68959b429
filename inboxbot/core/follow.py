"""What became of each draft: history + a look at Drafts, Sent and Trash → events and plan. Pure.

sent       a mail of the user's refers to what the draft answers and goes to the same person
edited     it still lies in Drafts, and reads differently: never touched again
discarded  it lies in Trash
vanished   it is nowhere: that proves nothing, so nothing is concluded and Sent is watched on
withdrawn  untouched, and wrong by now
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from inboxbot.core.history import Entry, History, bare_subject
from inboxbot.core.identity import fingerprint_of
from inboxbot.core.joining import goes_on
from inboxbot.core.plan import (
    DraftRecord,
    DraftState,
    Event,
    EventKind,
    Reason,
    WithdrawDraft,
)
from inboxbot.core.policy import Policy
from inboxbot.core.types import Key, Label, Message, Reading

WATCHED = frozenset({DraftState.WAITING, DraftState.EDITED, DraftState.VANISHED})
_WRITTEN = frozenset({DraftState.WAITING, DraftState.EDITED, DraftState.SENT, DraftState.DISCARDED})
_THE_USERS = frozenset({DraftState.EDITED, DraftState.SENT})
GONE = frozenset({DraftState.DISCARDED, DraftState.WITHDRAWN})  # may yet turn up in Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies in the mailbox now, as far as drafts are concerned."""

    drafts: tuple[Reading, ...] | None  # None: the folder is missing
    in_trash: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the look showed: changed records, events, and drafts to take back."""

    records: tuple[DraftRecord, ...] = ()
    events: tuple[Event, ...] = ()
    withdraw: tuple[WithdrawDraft, ...] = ()


def follow(history: History, look: Look, policy: Policy, now: datetime) -> Outcome:
    """Compare every draft that is not settled with what lies in the mailbox."""
    records: list[DraftRecord] = []
    events: list[Event] = []
    withdraw: list[WithdrawDraft] = []
    own = [entry for entry in history.entries if entry.own]
    for record in history.drafts:
        if record.state not in WATCHED | GONE:
            continue
        changed = _changed(record, own, look)
        if changed.state is not record.state:
            events.extend(_news(changed, now))
        if changed != record:
            records.append(changed)
        if changed.state is DraftState.WAITING and (why := _wrong(changed, history, policy, now)):
            withdraw.append(WithdrawDraft(record=changed, why=why))
    return Outcome(records=tuple(records), events=tuple(events), withdraw=tuple(withdraw))


def _news(record: DraftRecord, now: datetime) -> Iterator[Event]:
    if record.state is DraftState.WITHDRAWN:  # by a poll that died before it could write it down
        yield from withdrawal_events(record, now)
    else:
        yield draft_event(_KINDS[record.state], record, now)


_KINDS = {
    DraftState.SENT: EventKind.SENT,
    DraftState.EDITED: EventKind.DRAFT_EDITED,
    DraftState.DISCARDED: EventKind.DISCARDED,
    DraftState.VANISHED: EventKind.VANISHED,
    DraftState.WAITING: EventKind.DRAFT_SAVED,  # one that had vanished is back
}


def _changed(record: DraftRecord, own: Iterable[Entry], look: Look) -> DraftRecord:
    """Return the record in the state that the look shows."""
    lying = _find(record, look.drafts or ())
    sent = next((entry for entry in own if _is_sent(record, entry, lying)), None)
    if sent is not None:
        name = sent.message.message_id
        return replace(record, state=DraftState.SENT, sent=sent.when, sent_id=name)
    if record.state in GONE:
        return record
    if lying is not None:
        touched = fingerprint_of(lying.message) != record.fingerprint
        edited = touched or record.state is DraftState.EDITED
        state = DraftState.EDITED if edited else DraftState.WAITING
        return replace(record, state=state, locator=lying.locator)
    if record.key in look.in_trash:
        ours = record.leaving is not None and record.state is DraftState.WAITING
        state = DraftState.WITHDRAWN if ours else DraftState.DISCARDED
        return replace(record, state=state, locator=None)
    return replace(record, state=DraftState.VANISHED, locator=None)


def _find(record: DraftRecord, drafts: Iterable[Reading]) -> Reading | None:
    """Find the draft again: by its key, or, where a client saved it anew, by thread and person."""
    lying = list(drafts)
    for reading in lying:
        if record.key in reading.message.message_id:
            return reading
    return next((reading for reading in lying if _same_letter(record, reading.message)), None)


def _same_letter(record: DraftRecord, message: Message) -> bool:
    to = {address.addr for address in (*message.to, *message.cc)}
    named = {*message.in_reply_to, *message.references}
    return record.to.addr in to and not named.isdisjoint(record.answers)


def _is_sent(record: DraftRecord, entry: Entry, lying: Reading | None) -> bool:
    """Tell whether a mail of the user's own is this draft, sent.

    Clients may replace the Message-ID (Thunderbird, Outlook) or drop In-Reply-To (Proton's bridge);
    while the draft still lies there, only its own key proves that it was sent.
    """
    message = entry.message
    if record.key in message.message_id:  # whatever the server's clock says
        return True
    if entry.when < record.planned.replace(microsecond=0):
        return False
    if lying is not None or record.state in GONE:  # then it is an answer of the user's own
        return False
    to = {address.addr for address in (*message.to, *message.cc)}
    threadless = not message.in_reply_to and not message.references
    same_subject = bare_subject(message.subject) == bare_subject(record.subject)
    return _same_letter(record, message) or (threadless and record.to.addr in to and same_subject)


def _wrong(record: DraftRecord, history: History, policy: Policy, now: datetime) -> Reason | None:
    """Return why an untouched draft has become wrong, None where it has not."""
    if _said_elsewhere(record, history):
        return Reason.DUPLICATE
    if _user_took_the_other(record, history):
        return Reason.ASKED_RECENTLY
    for answered in (record.answered, *record.also):
        rejection = history.entry(answered)
        if rejection is not None and (reason := _no_longer_holds(rejection, record, history)):
            return reason
    return Reason.TOO_OLD if now - record.planned > policy.withdraw_after else None


def _no_longer_holds(rejection: Entry, record: DraftRecord, history: History) -> Reason | None:
    """Return why one of the noes that a draft is about is none any more, or is dealt with."""
    if not_meant(rejection.reading):
        return Reason.NOT_REJECTION
    for entry in history.of_application(rejection.application):
        if entry.own and entry.when > rejection.when:
            return Reason.USER_REPLIED
        # What was known when the draft was planned has been weighed by `decide`.
        if entry.when > record.planned and (reason := _writes_again(entry.reading)):
            return reason
    return None


def _user_took_the_other(record: DraftRecord, history: History) -> bool:
    """Tell whether the user has edited or sent the draft that this one was to replace."""
    return any(
        other.key != record.key and other.answered in record.also and other.state in _THE_USERS
        for other in history.drafts
    )


def not_meant(reading: Reading) -> bool:
    """Tell whether the user has said that this mail is no rejection."""
    return reading.verdict.corrected and reading.verdict.label is not Label.REJECTION


def _said_elsewhere(record: DraftRecord, history: History) -> bool:
    """Tell whether another draft, written since, asks about this one's role as well."""
    return any(
        record.answered in other.also and other.state in _WRITTEN for other in history.drafts
    )


def _writes_again(reading: Reading) -> Reason | None:
    """Return what a newer mail of the employer makes of a draft; a second no is `decide`'s."""
    if goes_on(reading):
        return Reason.REOPENED
    if reading.verdict.label is Label.FEEDBACK or reading.facts.gives_feedback:
        return Reason.FEEDBACK_GIVEN
    by_hand = not reading.message.traits
    return Reason.REOPENED if by_hand and reading.verdict.label is Label.OTHER_JOB else None


def withdrawal_events(record: DraftRecord, now: datetime) -> Iterator[Event]:
    """Yield what the journal says of a draft that was taken back, and of why."""
    withdrawn = draft_event(EventKind.WITHDRAWN, record, now)
    yield replace(withdrawn, payload={**withdrawn.payload, "reason": record.leaving})
    if record.leaving is Reason.REOPENED:
        yield draft_event(EventKind.REOPENED, record, now)


def draft_event(kind: EventKind, record: DraftRecord, now: datetime) -> Event:
    """Return what the journal says of a draft."""
    payload = {
        "to": record.to.addr,
        "employer": record.employer,
        "template": record.template,
        "draft": record.key,
        "sent": record.sent.isoformat() if record.sent else None,
    }
    return Event(
        kind=kind, time=now, application=record.application, message=record.key, payload=payload
    )
