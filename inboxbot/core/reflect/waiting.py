"""The conversations to write about: those that were held, and those that ended in a no."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inboxbot.core.history import normal_employer
from inboxbot.core.reflect.values import Question, Reflection, reflections_in
from inboxbot.core.summary.values import AFTER_TALK
from inboxbot.core.types import Label
from inboxbot.core.weeklog import Job, WeekLog, arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One application in which somebody has talked with the user."""

    application: str
    job: Job
    when: datetime  # it took place, or the no came
    declined: bool
    written: tuple[Reflection, ...] = ()  # the exercise is none

    def is_with(self, employer: str) -> bool:
        """Tell whether it was with this employer, compared as names."""
        return normal_employer(self.job.employer) == normal_employer(employer)


def conversations(log: WeekLog, now: datetime) -> tuple[Conversation, ...]:
    """Return the conversations of all time, the newest first."""
    held = {meeting.application: meeting.ends for meeting in log.meetings if meeting.ends < now}
    declined = {
        event.application: arrival(event)
        for event in log.events
        if log.step(event) is Label.REJECTION and log.stage(event) in AFTER_TALK
    }
    written = reflections_in(log.events)
    found = (
        Conversation(
            application=application,
            job=log.job_of(application) or Job(),
            when=when,
            declined=application in declined,
            written=tuple(_about(application, written)),
        )
        for application, when in {**held, **declined}.items()
    )
    return tuple(sorted(found, key=lambda conversation: conversation.when, reverse=True))


def _about(application: str, written: Iterable[Reflection]) -> Iterable[Reflection]:
    return (
        one
        for one in written
        if one.application == application and one.question is not Question.REASONS
    )
