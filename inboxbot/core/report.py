"""A whole search: events + history → a frozen `Report` of plain, clean values. Pure.

    events | WeekLog | a Story for each application | Report

Nothing here words or draws anything: `inboxbot.letters.report` does. What came from mail or from
the user has passed `text.clean` or `text.lines` and is bounded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from inboxbot.core.focus import Theme
from inboxbot.core.history import History
from inboxbot.core.insight import Pattern
from inboxbot.core.ledger import Ask, asks_in
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.reflect.values import OtherReason, Question, reflections_in
from inboxbot.core.summary.happened import STILL_OPEN_FOR, feedback
from inboxbot.core.summary.values import AFTER_TALK, NOT_ABOUT_YOU, Feedback
from inboxbot.core.summary.weeks import Span
from inboxbot.core.text import lines
from inboxbot.core.types import EPOCH, Label, Stage, StatedReason
from inboxbot.core.weeklog import STEPS, Job, WeekLog, arrival, by, member

_FIRST = Stage.APPLICATION
_LONGEST_THOUGHT = 6_000
_SECONDS_PER_DAY = 86_400
_WORDS = frozenset({*STEPS, Label.ACKNOWLEDGEMENT, Label.FEEDBACK})
_ANSWERS = frozenset({EventKind.FEEDBACK_RECEIVED, EventKind.FEEDBACK_DECLINED})


class Outcome(StrEnum):
    """What has become of an application, in the order in which it is told."""

    OFFER = "offer"
    OPEN = "open"
    SILENT = "silent"  # no word for six weeks
    WITHDRAWN = "withdrawn"  # by the user
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One application, from its first mail to what has become of it."""

    job: Job
    outcome: Outcome
    last: date  # the last word about it; a talk that is to come counts
    acknowledged: bool = False
    furthest: Stage = Stage.APPLICATION
    stated_reason: StatedReason = StatedReason.NONE
    days: float | None = None  # from the application to the first answer; None: not known
    went_on: bool = False  # that answer was no no

    @property
    def talked(self) -> bool:
        """Tell whether somebody invited the user to talk."""
        return self.furthest in AFTER_TALK


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """What the user wrote, word for word."""

    day: date
    job: Job | None  # None: about the search as a whole
    question: Question
    text: str = ""
    ticks: tuple[OtherReason, ...] = ()  # of the reasons that were on offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A search, or the part of it since a day, in the order in which it is told."""

    first_day: date
    last_day: date
    whole: bool = True  # False: `since` a day
    stories: tuple[Story, ...] = ()
    answers: tuple[date, ...] = ()  # the day of each mail that was more than a receipt, in order
    asks: tuple[Ask, ...] = ()  # the newest first
    feedback: tuple[Feedback, ...] = ()  # the newest first
    thoughts: tuple[Thought, ...] = ()  # the newest first
    patterns: tuple[Pattern, ...] = ()  # the surest first
    themes: tuple[Theme, ...] = ()  # the most frequent first

    @property
    def declined(self) -> tuple[Story, ...]:
        """Return the applications that ended in a no."""
        return tuple(story for story in self.stories if story.outcome is Outcome.DECLINED)

    @property
    def reasons(self) -> tuple[StatedReason, ...]:
        """Return the reasons that were given for a no, each as often as it was."""
        stated = (story.stated_reason for story in self.declined)
        return tuple(reason for reason in stated if reason is not StatedReason.NONE)

    @property
    def unrelated(self) -> int:
        """Return how many of these would have been the same whoever had applied."""
        return sum(reason in NOT_ABOUT_YOU for reason in self.reasons)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return not (self.stories or self.answers or self.asks or self.feedback or self.thoughts)


def build_report(
    events: Sequence[Event],
    history: History,
    *,
    zone: tzinfo,
    now: datetime,
    since: datetime | None = None,
    patterns: Sequence[Pattern] = (),
    themes: Sequence[Theme] = (),
) -> Report:
    """Return the search up to `now`: with `since`, what was heard or written from then on.

    `events` may be those of several accounts, in the order in which they were written.
    """
    known = tuple(event for event in events if event.time <= now)
    after = since or EPOCH
    at = Span(since=after, now=now, end=now, zone=zone)
    log = WeekLog(known, history, since=after, end=now)
    stories = _stories(log, history, at)
    answers = tuple(sorted(day for day in _answers(log, at) if day >= at.day_of(after)))
    first = since or min((arrival(event) for event in known), default=now)
    return Report(
        first_day=at.day_of(first),
        last_day=at.day_of(now),
        whole=since is None,
        stories=tuple(story for story in stories if story.last >= at.day_of(after)),
        answers=answers,
        asks=tuple(ask for ask in reversed(asks_in(known)) if ask.sent >= after),
        feedback=tuple(reversed(tuple(feedback(log, at)))),
        thoughts=tuple(reversed(tuple(_thoughts(log, at)))),
        patterns=tuple(patterns),
        themes=tuple(themes),
    )


def _answers(log: WeekLog, at: Span) -> Iterator[date]:
    """Yield the day of each answer: a step of an application, or what a question brought."""
    for event in log.seen.values():
        if log.step(event) in _WORDS - {Label.ACKNOWLEDGEMENT}:
            yield at.day_of(arrival(event))
    for event in log.events:
        if event.kind in _ANSWERS:
            yield at.day_of(arrival(event))


def _thoughts(log: WeekLog, at: Span) -> Iterator[Thought]:
    for written in reflections_in(log.news):
        yield Thought(
            day=at.day_of(written.time),
            job=log.job_of(written.application),
            question=written.question,
            text=lines(written.text, _LONGEST_THOUGHT).strip(),
            ticks=written.ticks,
        )


# ---------------------------------------------------------------- one application


@dataclass(frozen=True, slots=True)
class _Word:
    """One mail that says where an application stands."""

    when: datetime
    event: Event
    step: Label


def _stories(log: WeekLog, history: History, at: Span) -> Iterator[Story]:
    """Yield the applications, in the order of their first mail; what only advertises is none."""
    talks = {meeting.application: meeting.ends for meeting in log.meetings}
    letters = _first_letters(history)
    seen = sorted(log.seen.values(), key=arrival)
    for application, events in by(seen, lambda event: event.application).items():
        words = [
            _Word(arrival(event), event, step)
            for event in events
            if (step := log.step(event)) in _WORDS
        ]
        if not words and application not in log.withdrawn:
            continue
        last = max(arrival(events[-1]), talks.get(application, EPOCH))
        days, went_on = _first_answer(words, letters.get(application))
        yield Story(
            job=log.job_of(application) or Job(),
            outcome=_outcome(words, last, at.now, withdrawn=application in log.withdrawn),
            last=at.day_of(last),
            acknowledged=any(word.step is Label.ACKNOWLEDGEMENT for word in words),
            furthest=max([_reached(word, log) for word in words], key=_order, default=_FIRST),
            stated_reason=_stated(words),
            days=days,
            went_on=went_on,
        )


def _first_letters(history: History) -> dict[str, datetime]:
    """Return when the user first wrote, by application."""
    letters: dict[str, datetime] = {}
    for entry in history.entries:
        if entry.own:
            letters.setdefault(entry.application, entry.when)
    return letters


def _outcome(words: Sequence[_Word], last: datetime, now: datetime, *, withdrawn: bool) -> Outcome:
    """Return what the newest word that decides anything says, or what its absence does."""
    steps = [word.step for word in words if word.step in STEPS]
    if steps[-1:] == [Label.OFFER]:
        return Outcome.OFFER
    if withdrawn:
        return Outcome.WITHDRAWN
    if steps[-1:] == [Label.REJECTION]:
        return Outcome.DECLINED
    return Outcome.OPEN if last >= now - STILL_OPEN_FOR else Outcome.SILENT


def _reached(word: _Word, log: WeekLog) -> Stage:
    """Return how far an application had come with this mail; an invitation is a talk."""
    stage = log.stage(word.event)
    if word.step is Label.INTERVIEW:
        return stage if stage in AFTER_TALK else Stage.INTERVIEW
    return max(stage, Stage.ASSESSMENT, key=_order) if word.step is Label.ASSESSMENT else stage


def _order(stage: Stage) -> int:
    return list(Stage).index(stage)


def _stated(words: Iterable[_Word]) -> StatedReason:
    """Return the reason of the newest no."""
    noes = [word for word in words if word.step is Label.REJECTION]
    stated = member(StatedReason, noes[-1].event.payload.get("stated_reason")) if noes else None
    return stated or StatedReason.NONE


def _first_answer(words: Sequence[_Word], letter: datetime | None) -> tuple[float | None, bool]:
    """Return how many days the first answer took, and whether it was no no.

    The user applied with the own letter, or shortly before the receipt; None for the days where
    the journal has neither from before the answer.
    """
    answer = next((word for word in words if word.step in STEPS), None)
    if answer is None:
        return None, False
    receipts = (word.when for word in words if word.step is Label.ACKNOWLEDGEMENT)
    known = [moment for moment in (letter, next(receipts, None)) if moment]
    applied = min(known, default=answer.when)
    if applied >= answer.when:
        return None, False
    days = (answer.when - applied).total_seconds() / _SECONDS_PER_DAY
    return days, answer.step is not Label.REJECTION
