"""One account's journal, read for one week: events + history → what each mail came to mean. Pure.

An event says what was known when it was written; a later one may change what an earlier one
means: a draft that was saved was sent, a mail in doubt was asked about. `WeekLog` joins them by
mail, by draft and by application. Payloads are read with care: an older program wrote some.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from inboxbot.core.correction import Said
from inboxbot.core.history import History, stage_of
from inboxbot.core.meetings import meetings_in
from inboxbot.core.plan import Decision, Event, EventKind, Reason
from inboxbot.core.text import clean
from inboxbot.core.types import Label, Stage

LONGEST_NAME = 80
LONGEST_LINE = 160
LONGEST_SENTENCE = 320

STEPS = (Label.OFFER, Label.INTERVIEW, Label.ASSESSMENT, Label.REJECTION)
"""Labels that move an application, the best first."""

_NO_DECISION = frozenset({Reason.NOT_REJECTION, Reason.BELOW_THRESHOLD, Reason.UNREADABLE})
_ANSWERS = frozenset(
    {
        EventKind.FEEDBACK_RECEIVED,
        EventKind.FEEDBACK_DECLINED,
        EventKind.AUTO_REPLY,
        EventKind.BOUNCED,
    }
)
_ENDS_OF_A_DRAFT = frozenset(
    {EventKind.SENT, EventKind.DISCARDED, EventKind.VANISHED, EventKind.WITHDRAWN}
)
_OF_A_DRAFT = _ENDS_OF_A_DRAFT | frozenset(
    {EventKind.DRAFT_PLANNED, EventKind.DRAFT_SAVED, EventKind.DRAFT_EDITED}
)
_TURNS = _ENDS_OF_A_DRAFT | _ANSWERS | frozenset({EventKind.NO_ANSWER, EventKind.REOPENED})
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a line is about; "" for what no mail has told."""

    employer: str = ""
    role: str = ""
    subject: str = ""  # of the mail, to find it by


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What became of a draft, or of the question that was asked with it."""

    kind: EventKind
    name: str = ""  # who was written to
    why: Reason | None = None


class WeekLog:
    """The events up to the end of a week, oldest first; those since `since` are its news."""

    def __init__(
        self, events: tuple[Event, ...], history: History, *, since: datetime, end: datetime
    ) -> None:
        self.events = events
        self.news = tuple(event for event in events if event.time >= since)
        self.applications = by(events, application_of)
        self.letters = by(events, draft_of, _OF_A_DRAFT)
        self.seen = {event.message: event for event in events if event.kind is EventKind.SEEN}
        self._left = {
            event.message or str(number): event
            for number, event in enumerate(events)
            if event.kind is EventKind.LEFT_ALONE
        }
        self._drafted = {
            str(event.payload.get("answers") or event.message)
            for letter in self.letters.values()
            for event in letter
        }
        self._corrected = {
            event.message: event for event in events if event.kind is EventKind.CORRECTED
        }
        self._answers = {
            event.message
            for event in events
            if event.kind in _ANSWERS and not self._stands_in_a_no(event)
        }
        self.meetings = meetings_in(history, end)
        self.withdrawn = frozenset(_withdrawn(events, history, end))
        self._history, self._since = history, since

    def settled(self) -> Iterator[Event]:
        """Yield the newest decision to leave a mail alone, unless a draft was written after all."""
        for event in self._left.values():
            if event.time >= self._since and event.message not in self._drafted:
                if self._said(event) is Said.NOT_A_REJECTION:
                    continue  # the user has told
                yield event

    def turns(self, events: Iterable[Event]) -> Iterator[Turn]:
        """Yield what became of drafts and questions, with the name of whoever was written to."""
        for event in events:
            if event.kind not in _TURNS or self._stands_in_a_no(event):
                continue
            letter = self._letter_of(event)
            if event.kind is EventKind.VANISHED and letter[-1].kind is not EventKind.VANISHED:
                continue  # it came back, or was found in Sent
            names = [line(of.payload, "name", LONGEST_NAME) for of in letter]
            addresses = [line(of.payload, "to") for of in (event, *letter)]
            yield Turn(
                kind=event.kind,
                name=next((text for text in (*names, *addresses) if text), ""),
                why=member(Reason, event.payload.get("reason")),
            )

    def _stands_in_a_no(self, event: Event) -> bool:
        """Tell whether feedback answers no question: the mail that holds it is the no itself."""
        seen = self.seen.get(event.message)
        asked = event.kind is not EventKind.FEEDBACK_RECEIVED or event.payload.get("draft")
        return not asked and seen is not None and seen.payload.get("label") == Label.REJECTION

    def _letter_of(self, event: Event) -> list[Event]:
        """Return all that happened to the draft that an event, or an answer, is about."""
        if event.kind in _OF_A_DRAFT:
            return self.letters[draft_of(event)]
        return self.letters.get(str(event.payload.get("draft")), [])

    def step(self, event: Event) -> Label | None:
        """Return what a mail means for its application; None for an answer and for a doubt."""
        if event.kind is not EventKind.SEEN or event.message in self._answers:
            return None
        if self._said(event) is Said.NOT_A_REJECTION:
            return member(Label, self._corrected[event.message].payload.get("label"))
        left = self._left.get(event.message)
        reason = member(Reason, left.payload.get("reason")) if left else None
        if self._said(event) is Said.REJECTION:
            return Label.REJECTION
        if left is not None and left.payload.get("decision") == Decision.REVIEW:
            return None
        if event.message in self._drafted or (reason and reason not in _NO_DECISION):
            return Label.REJECTION
        return member(Label, event.payload.get("label"))

    def _said(self, event: Event) -> Said | None:
        """Return what the user has said of a mail by moving it, if that still holds."""
        told = self._corrected.get(event.message)
        word = str(told.payload.get("said")).upper() if told else ""
        return Said[word] if word in Said.__members__ else None

    def declined(self, application: str, before: datetime | None = None) -> bool:
        """Tell whether the newest word about an application, up to a moment, is a no."""
        steps = (
            self.step(event)
            for event in self.applications.get(application, ())
            if before is None or arrival(event) < before
        )
        return [step for step in steps if step in STEPS][-1:] == [Label.REJECTION]

    def went_on_after(self, event: Event) -> bool:
        """Tell whether a later mail says where the application of this one stands."""
        came = arrival(self.seen.get(event.message, event))
        return any(
            self.step(later) in STEPS and arrival(later) > came
            for later in self.applications.get(event.application, ())
        )

    def stage(self, event: Event) -> Stage:
        """Return how far the application had come when this mail arrived."""
        told = member(Stage, event.payload.get("stage")) or Stage.APPLICATION
        entries = self._history.of_application(event.application)
        for place, entry in enumerate(entries):
            if entry.message.key == event.message:
                reached = stage_of(entry.reading, entries[:place])
                return max(told, reached, key=list(Stage).index)
        return told

    def about(self, event: Event) -> Mapping[str, Any]:
        """Return the payload, filled up with what was noted when the mail was seen."""
        seen = self.seen.get(event.message)
        return {**seen.payload, **_filled(event.payload)} if seen else event.payload

    def job(self, event: Event) -> Job:
        """Return what an event is about, from its payload, its mail or its application."""
        about, whole = self.about(event), self.job_of(event.application)
        answered = self.seen.get(str(event.payload.get("answers") or ""))
        return Job(
            employer=line(about, "employer", LONGEST_NAME) or (whole.employer if whole else ""),
            role=line(about, "role", LONGEST_NAME) or (whole.role if whole else ""),
            subject=line(answered.payload if answered else about, "subject"),
        )

    def job_of(self, application: str) -> Job | None:
        """Return the application as its newest mail names it."""
        known = merged(self.applications.get(application, ()))
        if not application or not known:
            return None
        return Job(
            employer=line(known, "employer", LONGEST_NAME),
            role=line(known, "role", LONGEST_NAME),
            subject=line(known, "subject"),
        )


def _withdrawn(events: Iterable[Event], history: History, end: datetime) -> Iterator[str]:
    """Yield the applications that the user took back."""
    for event in events:
        if event.payload.get("reason") == Reason.WITHDRAWN_BY_USER:
            yield event.application
    for entry in history.entries:
        if entry.reading.facts.withdrawn and entry.when < end:
            yield entry.application


# ---------------------------------------------------------------- reading payloads


def by(
    events: Iterable[Event],
    key: Callable[[Event], str],
    kinds: frozenset[EventKind] = frozenset(EventKind),
) -> dict[str, list[Event]]:
    """Group events, in the order in which they were written."""
    groups: dict[str, list[Event]] = {}
    for event in events:
        if event.kind in kinds:
            groups.setdefault(key(event), []).append(event)
    return groups


def draft_of(event: Event) -> str:
    """Return the key of the draft that an event is about."""
    return str(event.payload.get("key") or event.message)


def application_of(event: Event) -> str:
    """Return the application of an event; a mail that belongs to none stands for itself."""
    return event.application or event.message


def merged(events: Iterable[Event]) -> dict[str, Any]:
    """Return what the events say together; the newest word counts."""
    about: dict[str, Any] = {}
    for event in events:
        about |= _filled(event.payload)
    return about


def _filled(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if value}


def line(payload: Mapping[str, Any], name: str, limit: int = LONGEST_LINE) -> str:
    """Return a text of the payload, clean and on one line; "" where it holds none."""
    value = payload.get(name)
    return clean(value, limit) if isinstance(value, str) else ""


def member(kind: type[_E], value: object) -> _E | None:
    """Return the member of a closed list, None for a word that is not in it."""
    return kind(value) if isinstance(value, str) and value in set(kind) else None


def arrival(event: Event) -> datetime:
    """Return when the mail came; the journal's own time where it does not say."""
    try:
        moment = datetime.fromisoformat(str(event.payload.get("received")))
    except ValueError:
        return event.time
    return moment if moment.tzinfo else event.time
