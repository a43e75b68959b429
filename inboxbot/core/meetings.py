"""Invitations and what came after them → the appointments that stand. Pure (RFC 5545, RFC 5546)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxbot.core.history import Entry, History
from inboxbot.core.types import CalendarEvent, Label

_AN_HOUR = timedelta(hours=1)
_INVITES = frozenset({"", "REQUEST", "PUBLISH", "ADD"})  # RFC 5546 §1.4; some clients name none


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An appointment as the newest mail about it has it."""

    application: str
    uid: str  # where the calendar gives none, with whom it is and when
    title: str
    starts: datetime
    ends: datetime


def meetings_in(history: History, until: datetime) -> tuple[Meeting, ...]:
    """Return what mail before `until` has fixed, as it stands: moved, not cancelled or declined."""
    standing: dict[str, Meeting] = {}
    for entry in history.entries:
        if entry.when >= until or entry.reading.verdict.label is Label.JOB_ALERT:
            continue
        for event in entry.message.calendar:
            _take(event, entry, standing)
    return tuple(sorted(standing.values(), key=lambda meeting: meeting.starts))


def _take(event: CalendarEvent, entry: Entry, standing: dict[str, Meeting]) -> None:
    """Let one calendar part change what stands: the newest word counts, whoever's it is."""
    uid = event.uid or f"{entry.application} {event.starts}"
    method = event.method.upper()
    if method == "CANCEL" or (entry.own and event.declined):
        standing.pop(uid, None)
    elif method in _INVITES and not entry.own and event.starts is not None:
        standing[uid] = Meeting(
            application=entry.application,
            uid=uid,
            title=event.summary,
            starts=event.starts,
            ends=event.ends or event.starts + _AN_HOUR,
        )
