"""``in:sent rfc822msgid:<a@b>`` → which messages; what is not modelled is refused aloud."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.servers.gmail.labels import HIDING, Labels
from tests.servers.gmail.wire import invalid

PACIFIC = ZoneInfo("America/Los_Angeles")  # guides/filtering: dates are midnight Pacific time
_DAYS = {"d": 1, "m": 30, "y": 365}
_PLACES = {"drafts": "draft", "anywhere": "anywhere"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What of a message a search can see."""

    message_id: str
    labels: frozenset[str]
    received: datetime
    octets: int = 0


Test = Callable[[Seen], bool]


@dataclass(frozen=True, slots=True)
class Search:
    """All tests must hold; a search that names Trash or Spam looks there too."""

    tests: tuple[Test, ...] = ()
    everywhere: bool = False

    def finds(self, seen: Seen) -> bool:
        """Tell whether a message is found."""
        if not self.everywhere and seen.labels & HIDING:
            return False
        return all(test(seen) for test in self.tests)


def parse(q: str, labels: Labels, now: datetime) -> Search:
    """Read a query. Raise where it uses more of Gmail's language than is modelled."""
    words = q.split()
    everywhere = any(
        word.lower() in {"in:anywhere", "in:trash", "in:spam", "label:trash", "label:spam"}
        for word in words
    )
    return Search(tuple(_test(word, labels, now) for word in words), everywhere)


def _test(word: str, labels: Labels, now: datetime) -> Test:
    key, colon, value = word.partition(":")
    match key.lower(), value:
        case _, "":
            pass
        case "rfc822msgid", _:
            wanted = f"<{value.strip('<>')}>"
            return lambda seen: seen.message_id == wanted
        case "in" | "label", _:
            return _in(value, labels)
        case "-in" | "-label", _:
            inside = _in(value, labels)
            return lambda seen: not inside(seen)
        case "after", _:
            start = _moment(value)
            return lambda seen: seen.received >= start
        case "larger", _ if value.isdigit():
            return lambda seen: seen.octets > int(value)
        case "newer_than", _ if found := re.fullmatch(r"(\d+)([dmy])", value.lower()):
            start = now - timedelta(days=int(found[1]) * _DAYS[found[2]])
            return lambda seen: seen.received >= start
    raise invalid(f"stand-in: the search {key}{colon} is not modelled")


def _in(value: str, labels: Labels) -> Test:
    place = _PLACES.get(value.lower(), value.lower())
    if place == "anywhere":
        return lambda _: True
    label_id = labels.searched(place)
    return lambda seen: label_id in seen.labels


def _moment(value: str) -> datetime:
    if value.isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    if found := re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", value):
        year, month, day = (int(number) for number in found.groups())
        return datetime(year, month, day, tzinfo=PACIFIC)
    raise invalid(f"stand-in: after:{value} is not modelled")
