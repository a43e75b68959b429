"""What asking has brought: events → each question that was sent, its answer, and counts. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Any

from inboxbot.core.plan import Basis, Confidence, Decision, Event, EventKind
from inboxbot.core.types import Stage
from inboxbot.core.weeklog import LONGEST_NAME, arrival, by, draft_of, line, member, merged

_SECONDS_PER_DAY = 86_400


class Answer(StrEnum):
    """What came back; the first that is true counts."""

    FEEDBACK = "feedback"
    DECLINED = "declined"  # they give none
    REOPENED = "reopened"
    BOUNCED = "bounced"
    NONE = "none"  # not within the working days of the settings
    OPEN = "open"


_ANSWERS = {
    EventKind.FEEDBACK_RECEIVED: Answer.FEEDBACK,
    EventKind.FEEDBACK_DECLINED: Answer.DECLINED,
    EventKind.REOPENED: Answer.REOPENED,
    EventKind.BOUNCED: Answer.BOUNCED,
    EventKind.NO_ANSWER: Answer.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question that the user sent."""

    sent: datetime
    employer: str = ""
    role: str = ""
    to: str = ""
    stage: Stage = Stage.APPLICATION
    basis: Basis | None = None
    confidence: Confidence | None = None
    wording: str = ""  # language, situation and number: "en/interview/2"
    answer: Answer = Answer.OPEN
    days: float | None = None  # from the question to the answer
    waited: float | None = None  # days, from the no to the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often a kind of question was asked and answered."""

    name: str
    asked: int
    answers: dict[Answer, int] = field(default_factory=dict)
    days: float | None = None  # in the middle, until feedback came

    @property
    def answered(self) -> int:
        """Return how many brought feedback."""
        return self.answers.get(Answer.FEEDBACK, 0)


def asks_in(events: Iterable[Event]) -> tuple[Ask, ...]:
    """Return the questions that were sent, oldest first; thanks are none."""
    known = tuple(events)
    answers = by(known, lambda event: str(event.payload.get("draft")), frozenset(_ANSWERS))
    came = {event.message: arrival(event) for event in known if event.kind is EventKind.SEEN}
    asks = []
    for key, letter in by(known, draft_of, _LETTERS).items():
        sent = [event for event in letter if event.kind is EventKind.SENT]
        about = merged(letter)
        if sent and about.get("decision") != Decision.THANKS:
            refused = came.get(str(about.get("answers")))
            asks.append(_ask(sent[0], about, answers.get(key, []), refused))
    return tuple(sorted(asks, key=lambda ask: ask.sent))


_LETTERS = frozenset({EventKind.DRAFT_PLANNED, EventKind.DRAFT_SAVED, EventKind.SENT})


def _ask(
    sent: Event, about: Mapping[str, Any], answers: list[Event], refused: datetime | None
) -> Ask:
    when = _moment(sent.payload.get("sent")) or sent.time
    found = {_ANSWERS[event.kind]: event for event in reversed(answers)}
    answer = next((kind for kind in Answer if kind in found), Answer.OPEN)
    came = found.get(answer)
    answered = (_moment(came.payload.get("received")) or came.time) if came else None
    in_words = answer in {Answer.FEEDBACK, Answer.DECLINED}
    return Ask(
        sent=when,
        employer=line(about, "employer", LONGEST_NAME),
        role=line(about, "role", LONGEST_NAME),
        to=line(about, "to"),
        stage=member(Stage, about.get("stage")) or Stage.APPLICATION,
        basis=member(Basis, about.get("basis")),
        confidence=member(Confidence, about.get("confidence")),
        wording=line(about, "template"),
        answer=answer,
        days=_days(when, answered) if in_words else None,
        waited=_days(refused, when),
    )


def _days(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() / _SECONDS_PER_DAY if start and end else None


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def tally(asks: Iterable[Ask], kind: Callable[[Ask], str] = lambda _: "all") -> tuple[Tally, ...]:
    """Count questions by kind, the most frequent first."""
    groups: dict[str, list[Ask]] = {}
    for ask in asks:
        groups.setdefault(kind(ask), []).append(ask)
    found = [_tally(name, group) for name, group in groups.items()]
    return tuple(sorted(found, key=lambda row: -row.asked))


def _tally(name: str, asks: list[Ask]) -> Tally:
    answers = {kind: sum(ask.answer is kind for ask in asks) for kind in Answer}
    days = [ask.days for ask in asks if ask.answer is Answer.FEEDBACK and ask.days is not None]
    return Tally(
        name=name,
        asked=len(asks),
        answers={kind: count for kind, count in answers.items() if count},
        days=median(days) if days else None,
    )
