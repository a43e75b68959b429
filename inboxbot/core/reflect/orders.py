"""Short words of a reply that are for the program: commands, answers by number, ticks.

Each is read from one whole row that holds nothing else; anything more is the user's own text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inboxbot.core.reflect.values import OtherReason

_LONGEST = 80  # characters of such a row
_LEVEL = str.maketrans("\u2010\u2011\u2013\u2014\u2019", "----'")
_POLITE = r"(?:,? (?:please|thanks|bitte|danke))?[.!]*"


class Order(StrEnum):
    """What the user tells the program to do."""

    PAUSE = "pause"
    RESUME = "resume"
    HIRED = "hired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An order, and until which day a pause lasts; None: until the user resumes."""

    order: Order
    until: date | None = None


# ---------------------------------------------------------------- commands

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jänner jan", "february februar feber feb", "march märz maerz mar mär",
            "april apr", "may mai", "june juni jun", "july juli jul", "august aug",
            "september sept sep", "october oktober oct okt", "november nov",
            "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"({'|'.join(_MONTHS)})\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|\.)?"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAY_FIRST = re.compile(rf"{_DAY} ?(?:of )?{_MONTH}(?:,? (\d{{4}}))?")
_MONTH_FIRST = re.compile(rf"{_MONTH} {_DAY}(?:,? (\d{{4}}))?")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.?(?: ?(\d{4}))?")
_PLAIN: Mapping[Order, re.Pattern[str]] = {
    Order.PAUSE: re.compile(rf"(?:bitte )?(?:pause|pausieren|pausiere){_POLITE}"),
    Order.RESUME: re.compile(
        rf"(?:bitte )?(?:resume|continue|weiter|weitermachen|fortsetzen){_POLITE}"
    ),
    Order.HIRED: re.compile(
        r"(?:i(?:'ve| have)? (?:got|found|have) (?:a|the|my) (?:new )?job|(?:i(?:'m| am) )?hired"
        r"|ich hab(?:e)? (?:eine(?:n)?|die|den) (?:neue(?:n)? )?(?:stelle|job)"
        r"(?: (?:gefunden|bekommen))?)[.!]*"
    ),
}
_UNTIL = re.compile(
    rf"(?:bitte )?(?:pause|pausieren|pausiere) (?:until|till|bis(?: zum)?) (.+?){_POLITE}"
)


def command_of(row: str, today: date) -> Command | None:
    """Return the command that a row is.

    A date without a year is the next such day; a pause until a past one is no command.
    """
    text = _plain(row)
    for order, pattern in _PLAIN.items():
        if pattern.fullmatch(text):
            return Command(order=order)
    pause = _UNTIL.fullmatch(text)
    until = _date(pause[1], today) if pause else None
    return Command(order=Order.PAUSE, until=until) if until and until > today else None


def _date(text: str, today: date) -> date | None:
    if found := _ISO.fullmatch(text):
        return _day(found[1], int(found[2]), found[3], today)
    if found := _DAY_FIRST.fullmatch(text):
        return _day(found[3], _MONTHS[found[2]], found[1], today)
    if found := _MONTH_FIRST.fullmatch(text):
        return _day(found[3], _MONTHS[found[1]], found[2], today)
    if found := _DOTTED.fullmatch(text):
        return _day(found[3], int(found[2]), found[1], today)
    return None


def _day(year: str | None, month: int, day: str, today: date) -> date | None:
    years = [int(year)] if year else range(today.year, today.year + 2)
    for number in years:
        try:
            found = date(number, month, int(day))
        except ValueError:  # 30 February, or the 29th in most years
            continue
        if year or found > today:
            return found
    return None


# ---------------------------------------------------------------- answers

_YES = frozenset("yes y yep yeah ja j jo jep".split())
_NO = frozenset("no n nope nein nö ne".split())
_WORD = "|".join(sorted(_YES | _NO, key=len, reverse=True))
_NUMBERS = r"\d{1,2}(?:(?: ?(?:-|to|bis|,|&|\+|and|und) ?| )\d{1,2})*"
_ANSWER = re.compile(rf"[#(]?({_NUMBERS})[.:)= -]*({_WORD})\b[ ,;.]*(?:(?:and|und) )?")
_ALONE = re.compile(rf"({_WORD})[.!]*")
_SPAN = re.compile(r"(\d{1,2})(?: ?(?:-|to|bis) ?(\d{1,2}))?")


def answers_of(row: str, asked: int) -> dict[int, bool]:
    """Return the answers that a row is, by number; {} for a row that is none.

    A number that was not asked makes the row the user's own text, and so does one that is answered
    both ways.
    """
    text = _plain(row)
    told: set[tuple[int, bool]] = set()
    place = 0
    while found := _ANSWER.match(text, place):
        told |= {(number, found[2] in _YES) for number in _numbers(found[1])}
        place = found.end()
    answers = dict(told)
    clear = len(answers) == len(told) and all(1 <= number <= asked for number in answers)
    return answers if clear and place == len(text) else {}


def bare_answer(row: str) -> bool | None:
    """Return what a row says that is "yes" or "no" alone; None for any other."""
    alone = _ALONE.fullmatch(_plain(row))
    return alone[1] in _YES if alone else None


def _numbers(text: str) -> list[int]:
    spans = [(int(found[1]), int(found[2] or found[1])) for found in _SPAN.finditer(text)]
    return [number for first, last in spans for number in range(first, last + 1)]


# ---------------------------------------------------------------- ticks

_NAMES = "12345", "abcde"
_TICKED = re.compile(r"\W{0,6}([1-5a-e][.)]? )?\[ ?[x✓✔☑*] ?\]( ?[1-5a-e]\b[.)]?)?", re.IGNORECASE)
_LISTED = re.compile(r"x:? ((?:[1-5a-e](?:[ ,;+&]|and|und)*)+)")


def ticks_in(row: str) -> tuple[tuple[OtherReason, ...], str]:
    """Return what a row ticks, and the text beside that: "x 1 3", "x a c", or "[x] a  …" in place.

    () and "" for a row that ticks nothing.
    """
    if listed := _LISTED.fullmatch(_plain(row)):
        names = re.findall(r"\b[1-5a-e]\b", listed[1])
        return tuple(dict.fromkeys(map(_reason, names))), ""
    found = _TICKED.match(row)
    name = (found[1] or found[2] or "").strip(" .)").lower() if found else ""
    return ((_reason(name),), row[found.end() :].strip()) if found and name else ((), "")


def _reason(name: str) -> OtherReason:
    names = next(names for names in _NAMES if name in names)
    return list(OtherReason)[names.index(name)]


def _plain(row: str) -> str:
    """Return a row for comparing: case, dashes and apostrophes levelled; "" for a long one."""
    return " ".join(row.casefold().split()).translate(_LEVEL) if len(row) <= _LONGEST else ""
