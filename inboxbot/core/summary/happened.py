"""What happened: what employers said, what came of each application, what asking has brought."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from inboxbot.core.ledger import Ask, asks_in
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.summary.values import Feedback, Happening
from inboxbot.core.summary.weeks import Span
from inboxbot.core.text import lines
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import (
    LONGEST_SENTENCE,
    STEPS,
    Job,
    Turn,
    WeekLog,
    application_of,
    arrival,
    by,
    line,
    member,
)

STILL_OPEN_FOR = timedelta(weeks=6)

_GOES_ON = frozenset({Label.OFFER, Label.INTERVIEW, Label.ASSESSMENT, Label.ACKNOWLEDGEMENT})
_NO_CONCERN = (Label.OUTREACH, Label.JOB_ALERT, Label.OTHER_JOB)
_NEWS_OF_AN_ASK = frozenset(
    {
        EventKind.SENT,
        EventKind.FEEDBACK_RECEIVED,
        EventKind.FEEDBACK_DECLINED,
        EventKind.NO_ANSWER,
        EventKind.BOUNCED,
    }
)
_LONGEST_FEEDBACK = 6_000


def feedback(log: WeekLog, at: Span) -> Iterator[Feedback]:
    """Yield what employers answered: in full to a question of ours, else the sentence kept."""
    for event in log.news:
        if event.kind is EventKind.FEEDBACK_RECEIVED:
            text, whole = lines(str(event.payload.get("text") or ""), _LONGEST_FEEDBACK), True
        elif log.step(event) is Label.FEEDBACK:
            text, whole = line(event.payload, "evidence", LONGEST_SENTENCE), False
        else:
            continue
        yield Feedback(
            job=log.job(event),
            sender=line(event.payload, "from"),
            text=text.strip(),
            whole=whole,
            day=at.day_of(arrival(event)),
        )


def happenings(log: WeekLog) -> list[Happening]:
    """Return what came of each application: what goes on first, then how far each had come."""
    found = []
    for application, events in by(log.news, application_of).items():
        steps = [event for event in events if log.step(event) in STEPS]
        turns = tuple(log.turns(events))
        if steps:
            found.append(_happening(log, steps[-1], turns))
        elif turns:
            found.append(Happening(job=log.job_of(application) or Job(), turns=turns))
    return sorted(found, key=_importance)


def _happening(log: WeekLog, last: Event, turns: tuple[Turn, ...]) -> Happening:
    stated = member(StatedReason, last.payload.get("stated_reason"))
    return Happening(
        job=log.job(last),
        step=log.step(last),
        stage=log.stage(last),
        stated_reason=stated or StatedReason.NONE,
        explained=last.payload.get("gives_feedback") is True,
        kept_on_file=last.payload.get("keep_on_file") is True,
        turns=turns,
    )


def _importance(happening: Happening) -> tuple[int, int]:
    return (*STEPS, None).index(happening.step), -list(Stage).index(happening.stage)


def received(log: WeekLog) -> Iterator[Job]:
    """Yield the applications that were acknowledged, and about which nothing else was said."""
    for events in by(log.news, application_of).values():
        labels = {log.step(event) for event in events}
        alone = labels.isdisjoint(STEPS) and not any(log.turns(events))
        if Label.ACKNOWLEDGEMENT in labels and alone:
            yield log.job(events[-1])


def still_open(log: WeekLog, now: datetime) -> int:
    """Count the applications that were heard of lately, and not declined."""
    newest = {
        application: event
        for application, events in log.applications.items()
        for event in events
        if event.kind is EventKind.SEEN
    }
    return sum(
        log.step(event) in _GOES_ON and arrival(event) >= now - STILL_OPEN_FOR
        for event in newest.values()
    )


def other_mail(log: WeekLog) -> Mapping[Label, int]:
    """Count the recruiting mail that asked for nothing."""
    counts = Counter(log.step(event) for event in log.news)
    return {label: counts[label] for label in _NO_CONCERN if counts[label]}


def asked(log: WeekLog) -> tuple[Ask, ...]:
    """Return every question so far, in a week that has news of one."""
    return asks_in(log.events) if any(event.kind in _NEWS_OF_AN_ASK for event in log.news) else ()
