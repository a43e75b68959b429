"""The journal → one row for each application: its traits, and what became of it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from inboxbot.core.guards import Senders
from inboxbot.core.history import normal_employer
from inboxbot.core.insight.origin import Source, source_of, system_of
from inboxbot.core.insight.titles import Family, Level, family_of, level_of
from inboxbot.core.plan import Event
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import STEPS, WeekLog, arrival, by, member

TALKS = (Stage.SCREENING, Stage.INTERVIEW, Stage.FINAL)
"""Stages in which somebody talks with the user, in order."""

_SECONDS_PER_DAY = 86_400
_NEVER = datetime.max.replace(tzinfo=UTC)
_WORDS = frozenset({*STEPS, Label.ACKNOWLEDGEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One application that the user made, and has not taken back."""

    application: str
    employer: str  # to compare by; the application itself where no mail names one
    level: Level | None
    family: Family
    source: Source
    system: str  # the tracking system's name; "" for none
    reached: frozenset[Stage]  # a stage counts from the invitation on
    declined: bool  # the newest step is a no
    reason: StatedReason  # of the newest no
    answered: datetime | None  # when the first no or invitation to a talk came
    days: float | None  # from the receipt to that answer; None where there was no receipt before

    @property
    def furthest(self) -> Stage:
        """Return how far the application has come."""
        return max(self.reached, key=list(Stage).index, default=Stage.APPLICATION)

    @property
    def ended_early(self) -> bool | None:
        """Tell whether it ended before a talk; None while neither has come."""
        if not self.reached.isdisjoint(TALKS):
            return False
        return True if self.declined else None


def rows_in(log: WeekLog, senders: Senders) -> tuple[Row, ...]:
    """Return the applications in the order in which they were answered; unanswered ones last."""
    seen = sorted(log.seen.values(), key=arrival)
    found = [
        _row(application, events, log, senders)
        for application, events in by(seen, lambda event: event.application).items()
        if application not in log.withdrawn and any(log.step(event) in _WORDS for event in events)
    ]
    return tuple(sorted(found, key=lambda row: row.answered or _NEVER))


def _row(application: str, events: Sequence[Event], log: WeekLog, senders: Senders) -> Row:
    mails = [event.payload for event in events]
    steps = [event for event in events if log.step(event) in STEPS]
    noes = [event for event in steps if log.step(event) is Label.REJECTION]
    job = log.job_of(application)
    title = job.role if job else ""
    answer = next((event for event in steps if log.step(event) is not Label.ASSESSMENT), None)
    stated = member(StatedReason, noes[-1].payload.get("stated_reason")) if noes else None
    return Row(
        application=application,
        employer=normal_employer(job.employer if job else "") or application,
        level=level_of(title),
        family=family_of(title),
        source=source_of(mails, senders),
        system=system_of(mails, senders),
        reached=frozenset(_reached(steps, log)),
        declined=bool(noes) and noes[-1] is steps[-1],
        reason=stated or StatedReason.NONE,
        answered=arrival(answer) if answer else None,
        days=_days(events, answer, log),
    )


def _reached(steps: Sequence[Event], log: WeekLog) -> Iterator[Stage]:
    """Yield the stages that these mails invite to, or look back on."""
    for event in steps:
        stage = log.stage(event)
        match log.step(event):
            case Label.INTERVIEW:
                yield stage if stage in TALKS else Stage.INTERVIEW
            case Label.OFFER:
                yield Stage.FINAL
            case Label.ASSESSMENT:
                yield Stage.ASSESSMENT
            case _:
                yield stage


def _days(events: Sequence[Event], answer: Event | None, log: WeekLog) -> float | None:
    receipt = next((event for event in events if log.step(event) is Label.ACKNOWLEDGEMENT), None)
    if answer is None or receipt is None or arrival(receipt) >= arrival(answer):
        return None
    return (arrival(answer) - arrival(receipt)).total_seconds() / _SECONDS_PER_DAY
