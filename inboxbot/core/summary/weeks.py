"""ISO weeks by the calendar of a zone: a moment → its week; a week → its bounds; what is due."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When: since when there is news, when the summary is written, and where the week ends."""

    since: datetime
    now: datetime
    end: datetime
    zone: tzinfo

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment by the user's calendar."""
        return moment.astimezone(self.zone).date()


def week_of(moment: datetime, zone: tzinfo) -> str:
    """Return the ISO week (ISO 8601 §3.1.1.23) of a moment, by the calendar of `zone`."""
    return _named(moment.astimezone(zone).date())


def week_bounds(week: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the start of the week and of the next one, in UTC.

    Raise `ValueError` for a week that no calendar has ("2027-W53", "last").
    """
    monday = monday_of(week)
    return _instant(monday, time(), zone), _instant(monday + WEEK, time(), zone)


def monday_of(week: str) -> date:
    """Return the first day of a week. Raise `ValueError` for one that no calendar has."""
    match = re.fullmatch(r"(\d{4})-W(\d\d)", week)
    if not match:
        raise ValueError(f'not a week: {week!r}; write "2026-W47"')
    return date.fromisocalendar(int(match[1]), int(match[2]), 1)


def due_week(now: datetime, zone: tzinfo, *, day: int, hour: int) -> str:
    """Return the newest week whose summary should have come by now; `day` 0 is Monday."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    this = _named(monday)
    return this if now >= due_at(this, zone, day=day, hour=hour) else _named(monday - WEEK)


def due_at(week: str, zone: tzinfo, *, day: int, hour: int) -> datetime:
    """Return when a week's summary is to come, in UTC."""
    return _instant(monday_of(week) + timedelta(days=day), time(hour), zone)


def _named(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
