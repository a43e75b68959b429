"""What is told last: dates, what was left alone, who fell silent, how inboxbot itself is doing."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from inboxbot.core.meetings import Meeting
from inboxbot.core.plan import Decision, Event, EventKind, Reason
from inboxbot.core.summary.values import Day, Health, JunkMail, LeftAlone, Silent
from inboxbot.core.summary.weeks import WEEK, Span
from inboxbot.core.text import clean
from inboxbot.core.types import Label
from inboxbot.core.weeklog import (
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_SENTENCE,
    Job,
    WeekLog,
    arrival,
    line,
    member,
)

SILENT_AFTER = timedelta(weeks=4)  # then a line to them is worth while; it counts as open longer

_WAITS = frozenset({Label.ACKNOWLEDGEMENT, Label.INTERVIEW, Label.ASSESSMENT})
_NO_WORD = frozenset({None, Label.OUTREACH, Label.JOB_ALERT, Label.NOT_JOB})
_TOLD_ELSEWHERE = frozenset({Reason.NOT_REJECTION, Reason.OFFERED_ELSEWHERE})


def left_alone(log: WeekLog) -> Iterator[LeftAlone]:
    """Yield what was not acted on, by reason; what has a section of its own is not among it."""
    groups: dict[Reason, list[Job]] = {reason: [] for reason in Reason}
    for event in log.settled():
        reason = member(Reason, event.payload.get("reason"))
        if reason is not None and event.payload.get("decision") != Decision.REVIEW:
            groups[reason].append(log.job(event))
    for reason, jobs in groups.items():
        if jobs and reason not in _TOLD_ELSEWHERE:
            yield LeftAlone(reason=reason, jobs=tuple(jobs))


def days(log: WeekLog, at: Span) -> list[Day]:
    """Return the conversations of the coming week, and from when the user may apply again."""
    found = [*_conversations(log, at), *_apply_again(log, at)]
    return sorted(found, key=lambda day: (day.day, str(day.at or "")))


def _conversations(log: WeekLog, at: Span) -> Iterator[Day]:
    for meeting in log.meetings:
        if at.now <= meeting.starts < at.end + WEEK and not log.declined(meeting.application):
            yield conversation(meeting, log, at)


def conversation(meeting: Meeting, log: WeekLog, at: Span) -> Day:
    """Return with whom, and when by the user's clock, a conversation takes place."""
    local = meeting.starts.astimezone(at.zone)
    job = log.job_of(meeting.application) or Job(subject=clean(meeting.title, LONGEST_LINE))
    return Day(job=job, day=local.date(), at=local.time())


def _apply_again(log: WeekLog, at: Span) -> Iterator[Day]:
    today, soon = at.day_of(at.now), at.day_of(at.end + WEEK)
    for event in log.seen.values():
        again = _date(event.payload.get("reapply_after"))
        if again is not None and again >= today and (event.time >= at.since or again < soon):
            yield Day(job=log.job(event), day=again)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def silent(log: WeekLog, at: Span) -> Iterator[Silent]:
    """Yield the applications whose four weeks without a word ended since the last summary.

    Each is told once: the times between two deliveries do not overlap.
    """
    for application, events in log.applications.items():
        words = [event for event in events if log.step(event) not in _NO_WORD]
        if not words or log.step(words[-1]) not in _WAITS or application in log.withdrawn:
            continue
        last = _last_word(words[-1], log)
        noticed = max(last + SILENT_AFTER, words[-1].time)  # an old mail, read today
        if at.since <= noticed < at.now:
            yield Silent(job=log.job(words[-1]), since=at.day_of(last))


def _last_word(newest: Event, log: WeekLog) -> datetime:
    """Return when the employer was heard last: by mail, or in a talk, be it still to come."""
    talks = [m.ends for m in log.meetings if m.application == newest.application]
    return max([arrival(newest), *talks])


def cleaned(junk: Iterable[JunkMail]) -> Iterator[JunkMail]:
    """Yield the mails as they may be shown."""
    for mail in junk:
        yield JunkMail(
            sender=clean(mail.sender, LONGEST_LINE),
            subject=clean(mail.subject, LONGEST_LINE),
            employer=clean(mail.employer, LONGEST_NAME),
        )


def health(log: WeekLog) -> Health:
    """Return how inboxbot itself is doing: a change is noted, with its state "down" or "up"."""
    noted = [event for event in log.events if event.kind is EventKind.HEALTH]
    down = [event for event in noted if event.payload.get("state") == "down"]
    fine = not down or noted[-1] is not down[-1]
    failed = sum(event.kind is EventKind.FAILED for event in log.news)
    unreadable = sum(event.payload.get("reason") == Reason.UNREADABLE for event in log.settled())
    return Health(
        fine=fine,
        text="" if fine else line(down[-1].payload, "text", LONGEST_SENTENCE),
        recovered=fine and any(event.kind is EventKind.HEALTH for event in log.news),
        failures=max(failed - unreadable, 0),
    )
