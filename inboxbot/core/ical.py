"""A text/calendar part → its events (RFC 5545), as far as an invitation needs them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import win_tz

from inboxbot.core import addresses
from inboxbot.core.text import clean
from inboxbot.core.types import Address, CalendarEvent

MOST_EVENTS = 20
LONGEST = 200_000  # characters of a part that are read
_LONGEST_TEXT = 500
_YEARS = range(1990, 2200)  # beyond, `datetime` has no room for zones and lengths to be reckoned

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r'([A-Za-z0-9-]{1,40}+)((?:;[A-Za-z0-9-]{1,40}+=(?:"[^"\n]*+"|[^";:\n]*+))*+):([^\n]*+)'
)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=(?:"([^"]*)"|([^;]*))')
_ESCAPED = re.compile(r"\\([\\;,nN])")
_DURATION = re.compile(  # RFC 5545 §3.3.6
    r"\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?"
)
_ZONE_NAME = re.compile(r"(?:[A-Za-z0-9_+-]{1,40}/){0,2}[A-Za-z0-9_+-]{1,40}$")


class _Property:
    """One content line: its upper-case name, its parameters, its raw value."""

    def __init__(self, line: re.Match[str]) -> None:
        self.name = line[1].upper()
        self.value = line[3].strip()
        self._parameters = line[2]

    def parameter(self, wanted: str) -> str:
        """Return a parameter without its quotation marks, "" where it is missing."""
        for name, quoted, plain in _PARAMETER.findall(self._parameters):
            if name.upper() == wanted:
                return str(quoted or plain)
        return ""

    def text(self) -> str:
        """Return the value as one clean line, its escapes undone (RFC 5545 §3.3.11)."""
        return clean(_ESCAPED.sub(_unescaped, self.value[: 2 * _LONGEST_TEXT]), _LONGEST_TEXT)


def _unescaped(escape: re.Match[str]) -> str:
    return " " if escape[1] in "nN" else escape[1]


def events(text: str) -> tuple[CalendarEvent, ...]:
    """Return the events of a calendar, 20 at most."""
    found: list[CalendarEvent] = []
    method, zone = "", ""
    inside: list[_Property] | None = None
    for line in _properties(text):
        if (line.name, line.value.upper()) == ("BEGIN", "VEVENT"):
            inside = []
        elif (line.name, line.value.upper()) == ("END", "VEVENT") and inside is not None:
            found.append(_event(inside, method, zone))
            inside = None
        elif inside is not None:
            inside.append(line)
        elif line.name == "METHOD":
            method = line.text().upper()[:40]
        elif line.name in ("TZID", "X-WR-TIMEZONE"):
            zone = zone or line.value
        if len(found) == MOST_EVENTS:
            break
    return tuple(found)


def _properties(text: str) -> Iterator[_Property]:
    for line in _FOLD.sub("", text[:LONGEST]).splitlines():
        if matched := _LINE.match(line):
            yield _Property(matched)


def _event(lines: list[_Property], method: str, zone: str) -> CalendarEvent:
    first: dict[str, _Property] = {}
    for line in lines:
        if line.name == "BEGIN":  # an alarm inside the event has a DESCRIPTION of its own
            break
        first.setdefault(line.name, line)
    status = first["STATUS"].value.upper() if "STATUS" in first else ""
    starts = _time(first.get("DTSTART"), zone)
    ends = _time(first.get("DTEND"), zone) or _after(starts, first.get("DURATION"))
    attendee = first.get("ATTENDEE")
    partstat = attendee.parameter("PARTSTAT").upper() if attendee else ""
    return CalendarEvent(
        uid=first["UID"].text() if "UID" in first else "",
        summary=first["SUMMARY"].text() if "SUMMARY" in first else "",
        organizer=_organizer(first.get("ORGANIZER")),
        starts=starts,
        ends=ends if starts and ends and ends > starts else None,
        method="CANCEL" if status == "CANCELLED" else method,
        declined=(method, partstat) == ("REPLY", "DECLINED"),
    )


def _after(starts: datetime | None, duration: _Property | None) -> datetime | None:
    """Return the end of an event that names its length in place of it (RFC 5545 §3.6.1)."""
    length = _DURATION.fullmatch(duration.value.upper()) if duration else None
    if starts is None or length is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in length.groups())
    return starts + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _organizer(line: _Property | None) -> Address | None:
    addr = addresses.bare(line.value[:400]) if line else None  # "mailto:jane@acme.example"
    if line is None or addr is None:
        return None
    return Address(addr, clean(line.parameter("CN"), 200))


def _time(line: _Property | None, default_zone: str) -> datetime | None:
    """Return the time in UTC; a day without an hour begins at midnight, an absurd one is none."""
    if line is None:
        return None
    value = line.value[:20].upper()
    zone = UTC if value.endswith("Z") else _zone(line.parameter("TZID") or default_zone)
    shape = "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d"
    try:
        local = datetime.strptime(value.removesuffix("Z"), shape).replace(tzinfo=zone)
    except ValueError:
        return None
    return local.astimezone(UTC) if local.year in _YEARS else None


def _zone(name: str) -> tzinfo:
    """Return a zone by its IANA or its Windows name; UTC where it has none that is known."""
    name = name[:200].strip("\"' ")
    name = win_tz.get(name, name)
    # Some programs put a path before it: /freeassociation.sourceforge.net/Europe/Berlin
    known = _ZONE_NAME.search(name)
    while known and known[0]:
        try:
            return ZoneInfo(known[0])
        except (ValueError, OSError, LookupError):
            known = _ZONE_NAME.search(known[0].partition("/")[2])
    return UTC
