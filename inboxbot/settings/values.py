"""How a value of the settings is read: what TOML holds → what the program uses, or `Wrong`."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inboxbot.core.policy import QuietHours

AUTHORITY = "https://login.microsoftonline.com/common"  # any organisation, and personal accounts
CREDENTIAL = "credential:"  # before the name of a systemd credential, in place of a file
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CREDENTIAL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+\.[^@\s<>,;:\"()]+")


class Wrong(ValueError):
    """A value that cannot be used; its text says what to write instead."""


def text(value: object) -> str:
    """Read a text on one line."""
    if not isinstance(value, str):
        raise Wrong('write a text in quotation marks: "…"')
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise Wrong("holds a control character; write plain text on one line")
    return value


def one_of(*choices: str) -> Callable[[object], str]:
    """Return a reader of one of these words."""

    def read(value: object) -> str:
        found = text(value)
        if found not in choices:
            raise Wrong(f"write one of: {', '.join(choices)}")
        return found

    return read


def texts(value: object) -> tuple[str, ...]:
    """Read a list of texts."""
    if not isinstance(value, list):
        raise Wrong('write a list of texts: ["…", "…"]')
    return tuple(text(item) for item in value)


def address(value: object) -> str:
    """Read one bare mail address, in lower case."""
    found = text(value)
    if not _ADDRESS.fullmatch(found):
        raise Wrong('write one bare mail address: "name@example.org"')
    return found.lower()


def addresses(value: object) -> tuple[str, ...]:
    """Read a list of them."""
    return tuple(address(item) for item in texts(value))


def path(value: object) -> Path:
    """Read a path; "~" is the home."""
    return Path(text(value)).expanduser()


def secret_file(value: object) -> Path:
    """Read a path, or the name of a systemd credential, which stays as it is written."""
    found = text(value)
    if not found.startswith(CREDENTIAL):
        return path(value)
    name = found.removeprefix(CREDENTIAL)
    if not _CREDENTIAL_NAME.fullmatch(name) or not name.strip("."):
        raise Wrong('write the name that the unit gives it: "credential:mine"')
    return Path(found)


def authority(value: object) -> str:
    """Read the address of a Microsoft authority."""
    found = text(value)
    if not re.fullmatch(r"https://[A-Za-z0-9.:-]+/[A-Za-z0-9.-]+", found):
        raise Wrong(f'write a server and a directory: "{AUTHORITY}"')
    return found


def on_this_machine(value: object) -> str:
    """Read the address of a stand-in on this machine."""
    found = text(value)
    if found and not re.fullmatch(r"http://127\.0\.0\.1:\d{1,5}/", found):
        advice = "only a stand-in on this machine may take Google's place"
        raise Wrong(f'{advice}: "http://127.0.0.1:8080/"')
    return found


def yes_or_no(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Wrong("write true or false")
    return value


def between(low: float, high: float) -> Callable[[object], float]:
    """Return a reader of a number within bounds."""

    def read(value: object) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise Wrong(f"write a number from {low:g} to {high:g}")
        return float(value)

    return read


def whole(low: int, high: int) -> Callable[[object], int]:
    """Return a reader of a whole number within bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Wrong(f"write a whole number from {low} to {high}")
        return value

    return read


def duration(value: object) -> timedelta:
    """Read "30d", "2w", "12h" or "45m". Raise `ValueError` with what to write instead."""
    match = re.fullmatch(r"(\d{1,5})([mhdw])", text(value))
    if not match:
        raise Wrong('write a number and a unit (m, h, d or w): "14d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def zone(value: object) -> ZoneInfo:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(text(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Wrong('write a zone of the IANA list: "Europe/Berlin"') from error


def weekday(value: object) -> int:
    """Read the name of a day; Monday is 0."""
    found = text(value)
    if found.capitalize() not in WEEKDAYS:
        raise Wrong(f"write one of: {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(found.capitalize())


def quiet_hours(value: object) -> QuietHours | None:
    """Read "20:00-08:00"; "" is none."""
    found = text(value)
    if not found:
        return None
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", found)
    if not match:
        raise Wrong('write two times of day: "20:00-08:00", or "" for none')
    hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
    return QuietHours(time(hour, minute), time(end_hour, end_minute))
