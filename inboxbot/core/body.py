"""The tree of a mail's parts → the lines that its reader sees, and what else the parts tell.

Of alternatives the last that is worth reading is taken, as mail programs do: HTML, unless it
shows much less than the plain text. Attachments are never read; an attached mail counts as quoted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from inboxbot.core import charsets, html, ical
from inboxbot.core.mime import Part
from inboxbot.core.quotes import Kind, Line
from inboxbot.core.text import lines as clean_lines
from inboxbot.core.text import verbatim
from inboxbot.core.types import CalendarEvent

LONGEST_TEXT = 200_000  # characters of the whole mail that are kept
MOST_LINES = 20_000
_LONGEST_PLAIN = 400_000  # characters of all plain text parts together that are looked at
_WORTH = 0.5  # of the fullest alternative

_REPORTS = frozenset(
    "message/delivery-status message/global-delivery-status message/disposition-notification "
    "message/feedback-report text/rfc822-headers".split()
)
_UNREAD_TEXT = frozenset("text/calendar text/css text/x-amp-html text/watch-html".split())
_LINK = re.compile(r"https?://[^\s<>\"']{1,4000}+", re.IGNORECASE)
_LINK_END = ".,;:!?)]}'*_"


def lines(root: Part, *, as_written: bool = False) -> list[Line]:
    """Return the lines of a mail, 200,000 characters at most; clean, or just as written."""
    kept: list[Line] = []
    left = LONGEST_TEXT
    for line in islice(_Shown(as_written=as_written).of(root, outermost=True), MOST_LINES):
        left -= len(line.text) + 1
        if left < 0:
            break
        kept.append(line)
    return kept


def events(root: Part) -> tuple[CalendarEvent, ...]:
    """Return the calendar events of a mail, each once."""
    found: dict[CalendarEvent, None] = {}
    for part in root.walk():
        if part.kind == "text/calendar" and len(found) < ical.MOST_EVENTS:
            found.update(dict.fromkeys(ical.events(_text(part, ical.LONGEST))))
    return tuple(found)


class _Shown:
    """Goes through the parts of one mail, and keeps count of what may still be read."""

    def __init__(self, *, as_written: bool) -> None:
        self._as_written = as_written
        self._plain_left = _LONGEST_PLAIN
        self._markup_left = html.LONGEST

    def of(self, part: Part, *, outermost: bool = False) -> Iterable[Line]:
        """Return the lines of a part."""
        if part.kind in ("message/rfc822", "message/global"):
            return self._attached(part)
        if part.kind in _REPORTS:
            return _as_quoted(self._plain(part))
        if part.kind == "multipart/alternative":
            return _best([list(islice(self.of(below), MOST_LINES)) for below in part.parts])
        if part.parts:
            return self._one_after_another(part)
        attached = part.is_attachment() and not outermost
        if part.main != "text" or part.kind in _UNREAD_TEXT or attached:
            return ()
        return self._markup(part) if part.kind == "text/html" else self._plain(part)

    def _one_after_another(self, part: Part) -> Iterator[Line]:
        for below in part.parts:
            yield from self.of(below)
            yield Line("")

    def _attached(self, part: Part) -> Iterator[Line]:
        for below in part.parts:
            for name in ("from", "date", "subject"):
                if value := below.headers.text(name, 200):
                    yield Line(f"{name.capitalize()}: {value}", Kind.QUOTED)
            yield from _as_quoted(self.of(below))

    def _markup(self, part: Part) -> list[Line]:
        # All of it: embedded images are dropped before the rest is cut to the bound.
        markup = _text(part, part.end - part.start)
        left, self._markup_left = self._markup_left, max(0, self._markup_left - len(markup))
        if not left:
            return []
        if self._as_written:
            return html.lines(markup, left, html.as_written)
        return html.lines(markup, left)

    def _plain(self, part: Part) -> Iterator[Line]:
        if not self._plain_left:
            return
        cleaned = verbatim if self._as_written else clean_lines
        text = cleaned(_text(part, 4 * self._plain_left), self._plain_left)
        self._plain_left -= len(text)
        rows = iter(text.split("\n"))
        if part.parameters.get("format", "").strip().lower() == "flowed":
            rows = _unflowed(rows, delete=part.parameters.get("delsp", "").lower() == "yes")
        for row in rows:
            yield Line(row if self._as_written else row.rstrip(), Kind.OWN, _links(row))


def _as_quoted(shown: Iterable[Line]) -> Iterator[Line]:
    return (replace(line, kind=Kind.QUOTED) for line in shown)


def _best(alternatives: list[list[Line]]) -> list[Line]:
    """Return the last alternative that shows at least half of what the fullest shows."""
    sizes = [sum(_size(line) for line in shown) for shown in alternatives]
    worth = _WORTH * max(sizes, default=0)
    fitting = [shown for shown, size in zip(alternatives, sizes, strict=True) if size >= worth]
    return fitting[-1] if fitting else []


def _size(line: Line) -> int:
    """Count what is to be read: addresses of links are written out in plain text alone."""
    return sum(len(word) for word in line.text.split() if "://" not in word)


def _text(part: Part, limit: int) -> str:
    return charsets.decode(part.content(limit), part.parameters.get("charset", ""))


# Plain text.


def _links(row: str) -> tuple[str, ...]:
    if "://" not in row:
        return ()
    return tuple(found.rstrip(_LINK_END) for found in _LINK.findall(row))


def _unflowed(rows: Iterator[str], *, delete: bool) -> Iterator[str]:
    """Join the lines that format=flowed has cut (RFC 3676 §4)."""
    pending: list[str] = []
    depth = 0
    for row in rows:
        bare = row.lstrip(">")
        quoted = len(row) - len(bare)
        if pending and quoted != depth:
            yield _quoted(pending, depth)
            pending = []
        text, depth = bare.removeprefix(" "), quoted  # space-stuffed
        flows = text.endswith(" ") and text != "-- "
        pending.append(text[:-1] if flows and delete else text)
        if not flows:
            yield _quoted(pending, depth)
            pending = []
    if pending:
        yield _quoted(pending, depth)


def _quoted(pieces: list[str], depth: int) -> str:
    text = "".join(pieces)
    return f"{'>' * min(depth, 9)} {text}" if depth else text
