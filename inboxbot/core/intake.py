"""Take in one mail: reading + history → an entry for the journal, if it belongs there; events."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from inboxbot.core.answers import answer_event, question_of, told_event
from inboxbot.core.authentication import FAIL, dmarc
from inboxbot.core.bounces import bounce_events, people_told_of
from inboxbot.core.by_hand import drafted, event_by_hand
from inboxbot.core.contact import Owner
from inboxbot.core.facts.feedback import words_given
from inboxbot.core.guards import Senders
from inboxbot.core.history import Entry, History
from inboxbot.core.joining import application_of, belongs, in_its_place, written_to
from inboxbot.core.plan import Event, EventKind, Reason
from inboxbot.core.types import Facts, Label, Reading, Trait, Unreadable

_GIVES_FEEDBACK = frozenset({Label.REJECTION, Label.FEEDBACK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What one mail adds to the journal; nothing for a mail that is nobody's business."""

    entry: Entry | None = None
    events: tuple[Event, ...] = ()
    moved: bool = False  # a known mail at another place


def take_in(
    reading: Reading, history: History, owner: Owner, senders: Senders, *,
    review_threshold: float, now: datetime, sent: str | None = None,
) -> Intake:  # fmt: skip
    """Return what to store of a mail; ordinary mail leaves no trace. `sent`: the user's folder."""
    message = reading.message
    if history.holds(message.key):
        return Intake(moved=True)
    if dmarc(message, owner.trusted_server) == FAIL:
        return _forged(reading, history, senders, review_threshold, now)
    if _is_own(reading, owner, sent):
        to = written_to(message, history, senders)
        return Intake(entry=Entry(reading=reading, application=to, own=True)) if to else Intake()
    reading = in_its_place(reading, history, senders)
    asked = question_of(reading, history, senders)
    answer = (
        event_by_hand(reading, history, senders, now)
        if asked is None
        else answer_event(reading, asked, senders, now)
    )
    if Trait.DELIVERY_REPORT in message.traits:
        return _report(reading, answer, history, now)
    perhaps = reading.verdict.probability >= review_threshold
    if not perhaps and answer is None and not belongs(reading, history):
        return Intake()
    application = application_of(reading, history, senders)
    undecided = perhaps and answer is None and asked is None
    entry = Entry(reading=reading, application=application, open=undecided)
    told = answer or _feedback_within(entry, history, now)
    return Intake(entry=entry, events=(seen_event(entry, now), *([told] if told else ())))


def _feedback_within(entry: Entry, history: History, now: datetime) -> Event | None:
    """Return the feedback that a mail gives unasked, most often a no: those sentences alone."""
    message, facts = entry.message, entry.reading.facts
    gives = facts.gives_feedback and entry.reading.verdict.label in _GIVES_FEEDBACK
    words = words_given(message) if gives and not _perhaps_asked(entry, history) else ""
    if not words:
        return None
    kind = EventKind.FEEDBACK_RECEIVED
    return told_event(kind, message, entry.application, facts.employer, now, {"text": words})


def _perhaps_asked(entry: Entry, history: History) -> bool:
    """Tell whether a mail may answer our question, whose letter in Sent is read only after it."""
    unread = any(name not in history.by_message_id for name in entry.message.in_reply_to)
    return unread and drafted(entry.application, history)


def _is_own(reading: Reading, owner: Owner, sent: str | None) -> bool:
    """Tell whether the user wrote a mail: by its From, or since it lies in Sent and came to nobody.

    A phone may send from an address that the settings do not name; a thread that was filed in Sent
    holds the employer's mail too.
    """
    message = reading.message
    if message.author is not None and owner.is_me(message.author):
        return True
    to_me = any(owner.is_me(address) for address in (*message.to, *message.cc))
    return reading.folder == sent and not to_me and not message.delivered_to


def _forged(
    reading: Reading, history: History, senders: Senders, review_threshold: float, now: datetime
) -> Intake:
    """Take in a mail that its sender's own house disowns (RFC 7489): it answers and moves nothing.

    Rejections of careless tracking systems fail as well; such a one is decided about.
    """
    if reading.verdict.probability < review_threshold:
        return Intake()
    bare = replace(
        reading,
        message=replace(reading.message, calendar=()),
        facts=replace(reading.facts, takes_back=False, withdrawn=False, calls_off=False),
    )
    application = application_of(bare, history, senders)
    entry = Entry(reading=bare, application=application, open=True)
    return Intake(entry=entry, events=(seen_event(entry, now),))


def _report(reading: Reading, answer: Event | None, history: History, now: datetime) -> Intake:
    """Take in a delivery report: no mail of an employer, whatever it quotes.

    It is kept without verdict and facts, since the letter that it is about may be found in Sent
    only later in this poll.
    """
    people = tuple(people_told_of(reading.message, history))
    if answer is None and not people:
        return Intake()
    verdict = replace(reading.verdict, label=Label.NOT_JOB, probability=0.0)
    bare = replace(reading, verdict=verdict, facts=Facts())
    bounced = bounce_events(reading.message, people, history, now)
    events = tuple(bounced) if answer is None else (answer,)
    return Intake(entry=Entry(reading=bare, application=reading.message.key), events=events)


def unreadable_events(mail: Unreadable, now: datetime) -> Iterator[Event]:
    """Yield the record of a mail that could not be read."""
    yield Event(kind=EventKind.FAILED, time=now, payload={"error": mail.error})
    yield Event(
        kind=EventKind.LEFT_ALONE,
        time=now,
        payload={"reason": Reason.UNREADABLE, "decision": "leave", "error": mail.error},
    )


def seen_event(entry: Entry, now: datetime) -> Event:
    """Return the record of a mail that is kept."""
    return Event(
        kind=EventKind.SEEN,
        time=now,
        application=entry.application,
        message=entry.message.key,
        payload=describe(entry.reading),
    )


def describe(reading: Reading) -> dict[str, Any]:
    """Return what the journal shows of a mail: verdict, facts, and where it came from."""
    message, verdict, facts = reading.message, reading.verdict, reading.facts
    return {
        "message_id": message.message_id,
        "received": message.received.isoformat(),
        "from": message.author.addr if message.author else None,
        "subject": message.subject,
        "label": verdict.label,
        "probability": round(verdict.probability, 4),
        "evidence": verdict.evidence,
        "employer": facts.employer,
        "role": facts.role,
        "stage": facts.stage,
        "stated_reason": facts.stated_reason,
        "refuses_feedback": facts.refuses_feedback,
        "offers_feedback": facts.offers_feedback,
        "offers_feedback_link": facts.offers_feedback_link,
        "gives_feedback": facts.gives_feedback,
        "keep_on_file": facts.keep_on_file,
        "reapply_after": facts.reapply_after.isoformat() if facts.reapply_after else None,
        "language": facts.language,
    }
