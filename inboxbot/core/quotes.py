"""Lines of a mail → what its sender wrote, and what was quoted or forwarded.

    lines | marked ('>', markup) | attributions found | cut at a forward | own, quoted

Mail programs show a quotation in three ways: a mark on each line, a line that says who wrote what
follows, or a copy of the header. Their words differ by language (`quote_words`), so words count
only together with what is the same in all languages: a date, an address, a colon at the end.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from inboxbot.core.quote_words import (
    ANNOUNCES,
    BEGINS,
    CITES,
    FROM,
    OPENS,
    SENT,
    TO_OR_SUBJECT,
    WROTE,
)
from inboxbot.core.types import Place

_LOOKED_AT = 400  # characters of a line, or of an attribution over several lines
_MOST_WRAPPED = 4  # lines of one attribution
_HEADER_WITHIN = 12  # lines in which a copied header shows itself
_HEADER_GAP = 4
_FULL_LINE = 60  # characters


class Kind(StrEnum):
    """What the markup says of a line."""

    OWN = "own"
    QUOTED = "quoted"
    ENCLOSED = "enclosed"  # in what a program put around the original: no line has a mark
    INDENTED = "indented"  # a plain <blockquote>: quoted, unless the mail holds nothing else
    ATTRIBUTION = "attribution"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a reader sees it, with the links that stand in it."""

    text: str
    kind: Kind = Kind.OWN
    links: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()  # that its links write to


@dataclass(frozen=True, slots=True)
class _Attribution:
    """Lines that say who wrote what follows; `sure` without a look at what follows."""

    first: int
    last: int
    sure: bool


def split(text: str) -> tuple[str, str]:
    """Split plain text into what the sender wrote and what was quoted."""
    own, quoted = split_lines(Line(line) for line in text.split("\n"))
    return joined(own), joined(quoted)


def split_lines(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """Split lines into the sender's own and the quoted ones, each in order."""
    rows = placed(lines)
    own = [line if place is Place.OWN else _GAP for line, place in rows]
    return own, [_GAP if place is Place.OWN else line for line, place in rows]


def placed(lines: Iterable[Line]) -> list[tuple[Line, Place]]:
    """Return each line, without its mark, and where it stands."""
    marked = [_marked(line) for line in lines]
    if all(line.kind is Kind.INDENTED for line in marked if line.text.strip()):
        return [(line, Place.OWN) for line in marked]  # the mail holds nothing else
    attributions = _attributions(marked)
    end = _end_of_own(marked, attributions)
    if end < len(marked):
        _drop_separator(marked, end)
    named = {number for found in attributions for number in range(found.first, found.last + 1)}
    return [
        (line, Place.ATTRIBUTION if number in named else _place(marked, number, end))
        for number, line in enumerate(marked)
    ]


def _place(lines: Sequence[Line], number: int, end: int) -> Place:
    kind = lines[number].kind
    if kind is Kind.OWN and number < end and not _is_wrapped_quote(lines, number):
        return Place.OWN
    return Place.ENCLOSED if kind in (Kind.OWN, Kind.ENCLOSED) else Place.QUOTED


def _drop_separator(lines: list[Line], end: int) -> None:
    """Blank the rule that a program draws above what it quotes."""
    for number in range(end - 1, -1, -1):
        text = lines[number].text.strip()
        if text and not _RULE.fullmatch(text):
            return
        lines[number] = _GAP


_RULE = re.compile(r"[-_=*]{5,}")


def joined(lines: Iterable[Line]) -> str:
    """Join lines to text: blank lines not doubled, the delimiter of a signature left out."""
    kept: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        if text == "--":
            continue
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).rstrip("\n")


_GAP = Line("")


# Marked line by line.

_MARK = re.compile(r" {0,3}>(?!From )[> ]*+")


def _marked(line: Line) -> Line:
    if line.kind is not Kind.OWN or ">" not in line.text[:4]:
        return line
    if mark := _MARK.match(line.text):
        return replace(line, text=line.text[mark.end() :], kind=Kind.QUOTED)
    # An mbox writes >From for From at the start of a line.
    return replace(line, text=line.text.replace(">From ", "From ", 1))


def _is_wrapped_quote(lines: Sequence[Line], place: int) -> bool:
    """Tell whether an unmarked line is the rest of the quoted line above, wrapped on the way."""
    if not 0 < place < len(lines) - 1:
        return False
    above, line, below = lines[place - 1 : place + 2]
    return (
        above.kind is Kind.QUOTED
        and below.kind is Kind.QUOTED
        and len(above.text) >= _FULL_LINE
        and len(above.text) > len(line.text)
        and line.text[:1].islower()
        and not above.text.endswith((".", "?", "!", ":"))
    )


# By a line that says who wrote.

_ENDS = re.compile(r"[:：]\W{0,3}$|-{2,}$")
_ANY_ADDRESS = re.compile(r"[^\s@<(\[]{1,64}@[^\s@>)\]]{1,255}")
_DATE_FIRST = re.compile(r"\D{0,28}\d")
_CLOCK_OR_ADDRESS = re.compile(r"\d[:.時点시h]\d\d|@|[٠-٩]:[٠-٩]{2}")
_YEAR = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[./-]\d{1,2}\b")
_ADDRESS_LAST = re.compile(r"@[>)\]]?\W{0,4}[:：]\W{0,3}$")
_WROTE = re.compile(WROTE, re.IGNORECASE)
_WROTE_LAST = re.compile(rf"(?:{WROTE})[^\w\n]{{0,12}}$", re.IGNORECASE)
_OPENS = re.compile(rf"\W{{0,6}}{OPENS}.{{0,80}}\d", re.IGNORECASE)
_CITES = re.compile(CITES, re.IGNORECASE)


def _attributions(lines: Sequence[Line]) -> list[_Attribution]:
    found: list[_Attribution] = []
    for last, line in enumerate(lines):
        if line.kind is Kind.ATTRIBUTION:
            found.append(_Attribution(last, last, sure=True))
        elif line.kind is Kind.OWN and _ENDS.search(line.text[-_LOOKED_AT:].rstrip()):
            attribution = _attribution(lines, last)
            found.extend([attribution] if attribution else [])
    return found


def _attribution(lines: Sequence[Line], last: int) -> _Attribution | None:
    """Return the attribution that ends in a line: the fewest lines that make one."""
    quotes = _next_kind(lines, last) in (Kind.QUOTED, Kind.ENCLOSED, Kind.INDENTED)
    text = ""
    for first in range(last, max(-1, last - _MOST_WRAPPED), -1):
        if not _may_belong(lines[first]):
            break
        text = f"{lines[first].text.strip()} {text}".strip()
        if len(text) > _LOOKED_AT:
            break
        sure = _says_who_wrote(text)
        if sure is not None and (sure or quotes):
            return _Attribution(_beginning(lines, first, last), last, sure)
    own = lines[last].text.strip()
    if quotes and len(own) <= _LOOKED_AT and (_WROTE_LAST.search(own) or _CITES.match(own)):
        return _Attribution(last, last, sure=False)
    return None


def _may_belong(line: Line) -> bool:
    return line.kind is Kind.OWN and bool(line.text.strip())


def _says_who_wrote(text: str) -> bool | None:
    """Tell whether this is an attribution by itself; False if only above a quotation."""
    named = _ANY_ADDRESS.sub("@", text)
    if not any(character.isdigit() for character in named):
        return None
    dated = _DATE_FIRST.match(named) is not None
    if not _WROTE.search(named):
        return True if dated and _ADDRESS_LAST.search(named) else None
    named_last = _OPENS.match(named) or _WROTE_LAST.search(named)
    opened = dated and named_last is not None and _YEAR.search(named) is not None
    return opened or _CLOCK_OR_ADDRESS.search(named) is not None


def _beginning(lines: Sequence[Line], first: int, last: int) -> int:
    """Return where the attribution really begins: dates and addresses may hide the wrapping."""
    if first > 0 and lines[first].text.lstrip()[:1] in ("<", "(") and _may_belong(lines[first - 1]):
        first -= 1
    above = first - 1
    if above < 0 or last - above >= _MOST_WRAPPED or not _may_belong(lines[above]):
        return first
    text, below = (lines[place].text[:_LOOKED_AT].strip() for place in (above, first))
    goes_on = below[:1].islower() or not _OPENS.match(below)
    ended = text.endswith((".", "!", "?"))
    return above if goes_on and _OPENS.match(text) and not ended else first


def _next_kind(lines: Sequence[Line], place: int) -> Kind | None:
    following = (line.kind for line in lines[place + 1 : place + 6] if line.text.strip())
    return next(following, None)


# By a line that announces a forward, or by a copy of the header.

_RULED = re.compile(r"[-_=*~>]{2}")
_DASHED = re.compile(r"[-_=*~>]{2,}\s{0,4}([^-_=*~]{3,80})[-_=*~<\s]{2,}$")
_ANNOUNCES = re.compile(ANNOUNCES, re.IGNORECASE)
_BEGINS = re.compile(BEGINS, re.IGNORECASE)
_FIELD = re.compile(r"[*_\s]{0,4}([^\W\d_][^:：*\d\n]{0,24}?)[*_\s]{0,4}[:：][*_\s]{0,4}(.*)")
_CLOCK = re.compile(r"\W{0,3}\d{1,2}(?:[:.h]\d\d)?\W{0,3}(?:[ap]\.?m)?\b")


def _end_of_own(lines: Sequence[Line], attributions: Iterable[_Attribution]) -> int:
    """Return the first line from which on all was written before this mail."""
    unmarked = (
        found.first
        for found in attributions
        if found.sure and _next_kind(lines, found.last) is Kind.OWN
    )
    announced = (place for place in range(len(lines)) if _announces(lines, place))
    return min(next(unmarked, len(lines)), next(announced, len(lines)))


def _announces(lines: Sequence[Line], place: int) -> bool:
    line = lines[place]
    if line.kind not in (Kind.OWN, Kind.ATTRIBUTION) or not line.text.strip():
        return False
    text = line.text[:_LOOKED_AT].strip()
    if ":" not in text and "：" not in text and not _RULED.match(text):
        return False
    dashed = _DASHED.match(text)
    if dashed and _ANNOUNCES.search(dashed[1].strip()):
        return True
    if dashed or _BEGINS.match(text) or _ANNOUNCES.match(text):
        return _copies_header(lines, _next_place(lines, place), from_first=False)
    return _copies_header(lines, place, from_first=True)


def _next_place(lines: Sequence[Line], place: int) -> int:
    following = range(place + 1, min(place + 6, len(lines)))
    return next((there for there in following if lines[there].text.strip()), len(lines))


def _copies_header(lines: Sequence[Line], start: int, *, from_first: bool) -> bool:
    """Tell whether a copied header starts here: who, and when, and to whom or about what.

    Who wrote comes first; where it does not (GMX), it must be an address, or it may be a journey.
    """
    seen: list[frozenset[str]] = []
    others = 0  # lines between: long values are wrapped
    for line in lines[start : start + _HEADER_WITHIN]:
        field = _FIELD.match(line.text[:_LOOKED_AT])
        kind = _field_kind(field[1], field[2]) if field else None
        if kind is not None:
            seen.append(kind)
        from_first = from_first and not (field and kind is FROM and "@" in field[2])
        others = 0 if kind is not None or not line.text.strip() else others + 1
        if not seen or others == _HEADER_GAP:
            break
    in_order = not from_first or seen[:1] == [FROM]
    return in_order and {FROM, SENT, TO_OR_SUBJECT} <= set(seen)


def _field_kind(name: str, value: str) -> frozenset[str] | None:
    word = name.strip().casefold()
    if word in FROM and not _CLOCK.match(value):  # "From: 10:00" belongs to an appointment
        return FROM
    return next((names for names in (SENT, TO_OR_SUBJECT) if word in names), None)
