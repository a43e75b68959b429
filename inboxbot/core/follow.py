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

from inboxbot.core.guards import is_from_machine
from inboxbot.core.history import Entry, History, bare_subject
from inboxbot.core.identity import fingerprint_of
from inboxbot.core.plan import (
    DraftRecord,
    DraftState,
    Event,
    EventKind,
    Reason,
    WithdrawDraft,
)
from inboxbot.core.policy import Policy
from inboxbot.core.types import Key, Label, Message, Reading, Trait

WATCHED = frozenset({DraftState.WAITING, DraftState.EDITED, DraftState.VANISHED})
GONE = frozenset({DraftState.DISCARDED, DraftState.WITHDRAWN})  # may yet turn up in Sent
_GOES_ON = frozenset({Label.INTERVIEW, Label.ASSESSMENT, Label.OFFER})
_WRITES_AGAIN = _GOES_ON | {Label.REJECTION, Label.FEEDBACK, Label.OTHER_JOB}


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
    for record in history.drafts:
        if record.state not in WATCHED | GONE:
            continue
        changed = _changed(record, history, look)
        if changed.state is not record.state:
            events.append(_event(_KINDS[changed.state], changed, now))
        if changed != record:
            records.append(changed)
        if changed.state is DraftState.WAITING and (why := _wrong(changed, history, policy, now)):
            withdraw.append(WithdrawDraft(record=changed, why=why))
    return Outcome(records=tuple(records), events=tuple(events), withdraw=tuple(withdraw))


_KINDS = {
    DraftState.SENT: EventKind.SENT,
    DraftState.EDITED: EventKind.DRAFT_EDITED,
    DraftState.DISCARDED: EventKind.DISCARDED,
    DraftState.VANISHED: EventKind.VANISHED,
    DraftState.WAITING: EventKind.DRAFT_SAVED,  # one that had vanished is back
}


def _changed(record: DraftRecord, history: History, look: Look) -> DraftRecord:
    """Return the record in the state that the look shows."""
    lying = _find(record, look.drafts or ())
    sent = next((entry for entry in history.entries if _is_sent(record, entry, lying)), None)
    if sent is not None:
        return replace(record, state=DraftState.SENT, sent=sent.when)
    if record.state in GONE:
        return record
    if lying is not None:
        touched = fingerprint_of(lying.message) != record.fingerprint
        edited = touched or record.state is DraftState.EDITED
        state = DraftState.EDITED if edited else DraftState.WAITING
        return replace(record, state=state, locator=lying.locator)
    if record.key in look.in_trash:
        return replace(record, state=DraftState.DISCARDED, locator=None)
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
    """Tell whether a mail of the user's is this draft, sent.

    Clients may replace the Message-ID (Thunderbird, Outlook) or drop In-Reply-To (Proton's bridge);
    while the draft still lies there, only its own key proves that it was sent.
    """
    message = entry.message
    if not entry.own or entry.when < record.planned.replace(microsecond=0):
        return False
    if record.key in message.message_id:
        return True
    if lying is not None:
        return False
    to = {address.addr for address in (*message.to, *message.cc)}
    threadless = not message.in_reply_to and not message.references
    same_subject = bare_subject(message.subject) == bare_subject(record.subject)
    return _same_letter(record, message) or (threadless and record.to.addr in to and same_subject)


def _wrong(record: DraftRecord, history: History, policy: Policy, now: datetime) -> Reason | None:
    """Return why an untouched draft has become wrong, None where it has not."""
    entries = history.of_application(record.application)
    rejection = next((entry for entry in entries if entry.message.key == record.answered), None)
    since = rejection.when if rejection else record.planned
    for entry in entries:
        if entry.own and entry.when > since:
            return Reason.USER_REPLIED
        # What was known when the draft was planned has been weighed by `decide`.
        if entry.when > record.planned and entry.reading.verdict.label in _WRITES_AGAIN:
            return Reason.REOPENED
    return Reason.TOO_OLD if now - record.planned > policy.withdraw_after else None


def answer_events(reading: Reading, history: History, now: datetime) -> Iterator[Event]:
    """Yield what an incoming mail means for a feedback request that was sent.

    The employer's words are kept as they are: they are what the request was for.
    """
    message = reading.message
    record = history.draft_of(message) or _by_person(message, history)
    if record is None or record.sent is None or message.when < record.sent:
        return
    payload = {
        "from": message.author.addr if message.author else "",
        "employer": record.employer,
        "draft": record.key,
    }
    if Trait.DELIVERY_REPORT in message.traits:
        kind = EventKind.BOUNCED
        payload["address"] = record.to.addr
    elif is_from_machine(message):
        kind = EventKind.AUTO_REPLY
    elif reading.verdict.label in _GOES_ON:
        kind = EventKind.REOPENED
    elif reading.verdict.label is Label.REJECTION and not reading.facts.gives_feedback:
        kind = EventKind.FEEDBACK_DECLINED
    else:
        kind = EventKind.FEEDBACK_RECEIVED
        payload["text"] = message.text
    yield Event(
        kind=kind, time=now, application=record.application, message=message.key, payload=payload
    )


def _by_person(message: Message, history: History) -> DraftRecord | None:
    author = message.author
    named = {*message.references, *message.in_reply_to}
    for record in reversed(history.drafts):
        if record.state is not DraftState.SENT or author is None:
            continue
        if Trait.DELIVERY_REPORT in message.traits:
            if record.to.addr in f"{message.text}{message.quoted}".casefold():
                return record
            continue
        same_thread = not named.isdisjoint(record.answers) or bare_subject(
            message.subject
        ) == bare_subject(record.subject)
        if record.to.addr == author.addr and same_thread:
            return record
    return None


def _event(kind: EventKind, record: DraftRecord, now: datetime) -> Event:
    payload = {"to": record.to.addr, "employer": record.employer, "template": record.template}
    return Event(
        kind=kind, time=now, application=record.application, message=record.key, payload=payload
    )
