"""After a talk and before one: meetings, journal and the clock → what a short mail tells. Pure.

evening  from 18:00 on the day of the talk, an hour after its end at the earliest, until 22:00;
         where that is missed, between 8:00 and 22:00 of the next day; then the summary asks
brief    from 18:00 to 22:00 on the day before, or from 6:00 on until the talk begins
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from inboxbot.core.focus import Theme
from inboxbot.core.meetings import Meeting
from inboxbot.core.plan import EventKind
from inboxbot.core.summary.happened import feedback
from inboxbot.core.summary.rest import conversation
from inboxbot.core.summary.talks import prompt_about, written_about
from inboxbot.core.summary.values import Day, Feedback, Prompt
from inboxbot.core.summary.weeks import Span
from inboxbot.core.weeklog import WeekLog

_MORNING, _EARLY, _EVENING, _NIGHT = time(8), time(6), time(18), time(22)
_AN_HOUR = timedelta(hours=1)
_MOST_WRITTEN = 2
_MOST_SAID = 2
_MOST_EVENINGS = 4  # mails in two days, however many invitations somebody sends


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """Two questions about a talk of today, or of yesterday."""

    account: str
    prompt: Prompt
    day: date
    today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What to read before the talks of one day."""

    account: str
    today: bool
    talks: tuple[Day, ...]
    written: tuple[Prompt, ...] = ()
    theme: Theme | None = None
    said: tuple[Feedback, ...] = ()


# ---------------------------------------------------------------- when


def just_over(meetings: Sequence[Meeting], now: datetime, zone: tzinfo) -> Iterator[Meeting]:
    """Yield the talks to ask about now; of several with one employer on one day the last."""
    last = {
        (meeting.application, meeting.ends.astimezone(zone).date()): meeting
        for meeting in sorted(meetings, key=lambda meeting: meeting.ends)
    }
    local = now.astimezone(zone)
    for (_, day), meeting in last.items():
        nights = (local.date() - day).days
        begins = _MORNING if nights else _EVENING
        hours = begins <= local.time() < _NIGHT
        if nights in {0, 1} and hours and now >= meeting.ends + _AN_HOUR:
            yield meeting


def coming(meetings: Sequence[Meeting], now: datetime, zone: tzinfo) -> list[Meeting]:
    """Return the talks of the next day whose brief is due; in the morning those of this day."""
    local = now.astimezone(zone)
    if local.time() >= _NIGHT or local.time() < _EARLY:
        return []
    nights = {0, 1} if local.time() >= _EVENING else {0}
    near = [meeting for meeting in meetings if meeting.starts > now]
    days = [(meeting.starts.astimezone(zone).date() - local.date()).days for meeting in near]
    first = min((day for day in days if day in nights), default=None)
    return [meeting for meeting, day in zip(near, days, strict=True) if day == first]


# ---------------------------------------------------------------- what


def evening_about(meeting: Meeting, log: WeekLog, at: Span, account: str) -> Evening | None:
    """Return what to ask about a talk; None where it fell through, or was written about.

    None as well where there were mails enough: then the summary asks.
    """
    if log.declined(meeting.application, meeting.starts) or _asked(meeting, log):
        return None
    if _asked_lately(log, at) >= _MOST_EVENINGS:
        return None
    prompt = prompt_about(log, at, meeting.application, meeting.starts)
    if prompt is None or prompt.reflections:
        return None
    day = at.day_of(meeting.ends)
    return Evening(account=account, prompt=prompt, day=day, today=day == at.day_of(at.now))


def _asked(meeting: Meeting, log: WeekLog) -> bool:
    """Tell whether a summary that came after the talk has asked about it already."""
    return any(
        event.kind is EventKind.SUMMARY_DELIVERED
        and event.time >= meeting.ends
        and meeting.application in event.payload.get("prompts", ())
        for event in log.events
    )


def _asked_lately(log: WeekLog, at: Span) -> int:
    """Return how many of these mails came today and yesterday."""
    yesterday = at.day_of(at.now) - timedelta(days=1)
    return sum(
        event.payload.get("kind") == "evening" and at.day_of(event.time) >= yesterday
        for event in log.events
        if event.kind is EventKind.SUMMARY_DELIVERED
    )


def brief_before(
    meetings: Sequence[Meeting], log: WeekLog, at: Span, account: str, theme: Theme | None
) -> Brief | None:
    """Return what to read before these talks; None where there is nothing to say."""
    talks = [meeting for meeting in meetings if not log.declined(meeting.application)]
    theirs = {meeting.application for meeting in talks}
    written = sorted(written_about(log, at), key=lambda prompt: prompt.application in theirs)
    written = written[: -_MOST_WRITTEN - 1 : -1]
    said = tuple(feedback(log, at))[-_MOST_SAID:]
    if not talks or not (written or theme or said):
        return None
    days = tuple(conversation(meeting, log, at) for meeting in talks)
    today = days[0].day == at.day_of(at.now)
    return Brief(
        account=account, today=today, talks=days, written=tuple(written), theme=theme, said=said
    )
