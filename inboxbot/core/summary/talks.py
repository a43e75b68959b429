"""Ten minutes: conversations that were held, or ended in a no, and what was written of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from inboxbot.core.reflect import Question, reflections_in
from inboxbot.core.summary.values import AFTER_TALK, Prompt
from inboxbot.core.summary.weeks import Span
from inboxbot.core.text import lines
from inboxbot.core.types import EPOCH, Label, Stage
from inboxbot.core.weeklog import Job, WeekLog

MOST_PROMPTS = 2

_LONGEST = 4_000  # characters of one text that are shown again


def prompts(log: WeekLog, at: Span) -> tuple[Prompt, ...]:
    """Return the conversations to think about: those just held, and those that ended in a no.

    Two at most, the furthest first; then, two at most, those that the user has written about.
    """
    found = {
        meeting.application: (Stage.INTERVIEW, meeting.starts)
        for meeting in log.meetings
        if at.since <= meeting.ends < at.now
        and not log.declined(meeting.application, before=meeting.starts)
    }
    found |= {application: (stage, EPOCH) for application, stage in _declined(log)}
    furthest = sorted(found, key=lambda application: -_order(found[application][0]))
    made = [prompt_about(log, at, application, found[application][1]) for application in furthest]
    named = [prompt for prompt in made if prompt and prompt.application]
    new = [prompt for prompt in named if not prompt.reflections]
    old = [prompt for prompt in named if prompt.reflections]
    return (*new[:MOST_PROMPTS], *old[:MOST_PROMPTS])


def exercise(log: WeekLog, at: Span) -> Prompt | None:
    """Return the no after a talk, the furthest, whose other reasons may be thought about, once."""
    done = {
        wrote.application
        for wrote in reflections_in(log.events)
        if wrote.question is Question.REASONS
    }
    furthest = sorted(_declined(log), key=lambda declined: -_order(declined[1]))
    asked = (prompt_about(log, at, name) for name, _ in furthest if name not in done)
    return next((prompt for prompt in asked if prompt), None)


def prompt_about(
    log: WeekLog, at: Span, application: str, since: datetime = EPOCH
) -> Prompt | None:
    """Return a conversation with what was written about it since a moment; None for none."""
    job = log.job_of(application)
    if job is None and application:
        return None
    written = tuple(
        replace(wrote, text=lines(wrote.text, _LONGEST))
        for wrote in reflections_in(log.events)
        if wrote.application == application and wrote.time >= since
        if wrote.text and wrote.question is not Question.REASONS
    )
    day = at.day_of(written[-1].time) if written else None
    return Prompt(job=job or Job(), application=application, reflections=written, day=day)


def written_about(log: WeekLog, at: Span) -> list[Prompt]:
    """Return every conversation that the user has written about, the newest words last."""
    applications = {wrote.application: None for wrote in reflections_in(log.events)}
    found = [prompt_about(log, at, application) for application in applications]
    written = [prompt for prompt in found if prompt and prompt.reflections]
    return sorted(written, key=lambda prompt: prompt.reflections[-1].time)


def _declined(log: WeekLog) -> Iterator[tuple[str, Stage]]:
    """Yield the applications that ended this week after a talk, and how far each had come."""
    for event in log.news:
        if log.step(event) is Label.REJECTION and log.stage(event) in AFTER_TALK:
            yield event.application, log.stage(event)


def _order(stage: Stage) -> int:
    return list(Stage).index(stage)
