"""Numbers → where bars and the squares of a calendar stand. Pure geometry.

Lengths are CSS pixels, y grows downwards. Text is measured by nobody, so that every label has a
line of its own.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

NARROW, WIDE = 350, 820
"""What fits on a phone beside its margins, and what a desktop's column offers."""

_ROW, _BAR, _BAR_TOP = 46, 16, 21
_FIGURES = 76  # width of "123 of 456" beside a bar
_LEAST_BAR = 3

_CELL, _STEP = 10, 12
_GRID_LEFT, _GRID_TOP = 24, 18
_DAYS_PER_WEEK = 7
_WEEKS_PER_GRID = 27
MOST_LEVEL = 3


# ---------------------------------------------------------------- bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a bar."""

    name: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar below its label, its figures beside it."""

    label: str
    y: int
    parts: tuple[Part, ...]
    figures: str
    figures_x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Where horizontal bars stand, one below the other."""

    width: int
    height: int
    bar_top: int  # from the top of its row
    bar_height: int
    bars: tuple[Bar, ...]


Row = tuple[str, Mapping[str, int], str]
"""A label, how long each part of its bar is, and the figures to write beside it."""


def bars_of(rows: Iterable[Row], *, width: int) -> Bars:
    """Lay out a bar for each row, the longest as wide as there is room."""
    given = tuple(rows)
    longest = max((sum(parts.values()) for _, parts, _ in given), default=0) or 1
    scale = (width - _FIGURES) / longest
    return Bars(
        width=width,
        height=len(given) * _ROW,
        bar_top=_BAR_TOP,
        bar_height=_BAR,
        bars=tuple(_bar(place * _ROW, row, scale) for place, row in enumerate(given)),
    )


def _bar(y: int, row: Row, scale: float) -> Bar:
    label, counts, figures = row
    parts = tuple(_parts(counts, scale))
    end = parts[-1].x + parts[-1].width if parts else 0
    return Bar(label=label, y=y, parts=parts, figures=figures, figures_x=round(end + 6, 1))


def _parts(parts: Mapping[str, int], scale: float) -> Iterator[Part]:
    x = 0.0
    for name, count in parts.items():
        if count:
            size = max(_LEAST_BAR, count * scale)
            yield Part(name=name, x=round(x, 1), width=round(size, 1))
            x += size


# ---------------------------------------------------------------- calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Up to 27 weeks from left to right, Monday to Sunday from top to bottom."""

    first_day: date
    last_day: date
    width: int
    height: int
    levels: tuple[str, ...]  # a path of all days with 0, 1, 2, and 3 or more
    months: tuple[tuple[int, float], ...]  # number of the month, x
    weekdays: tuple[tuple[int, float], ...]  # number of the weekday, y of its baseline
    total: int


def calendar(counts: Mapping[date, int], first: date, last: date) -> tuple[Grid, ...]:
    """Lay out the days from `first` to `last`, in as many grids as it takes."""
    grids = []
    begin = first
    while begin <= last:
        monday = begin - timedelta(days=begin.weekday())
        end = min(last, monday + timedelta(weeks=_WEEKS_PER_GRID, days=-1))
        grids.append(_grid(counts, begin, end))
        begin = end + timedelta(days=1)
    return tuple(grids)


def _grid(counts: Mapping[date, int], first: date, last: date) -> Grid:
    monday = first - timedelta(days=first.weekday())
    levels = [""] * (MOST_LEVEL + 1)
    months: dict[tuple[int, int], float] = {}
    total = 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        x = _GRID_LEFT + (day - monday).days // _DAYS_PER_WEEK * _STEP
        y = _GRID_TOP + day.weekday() * _STEP
        months.setdefault((day.year, day.month), x)
        total += counts.get(day, 0)
        levels[min(counts.get(day, 0), MOST_LEVEL)] += f"M{x} {y}h{_CELL}v{_CELL}h-{_CELL}z"
    return Grid(
        first_day=first,
        last_day=last,
        width=NARROW,
        height=_GRID_TOP + _DAYS_PER_WEEK * _STEP,
        levels=tuple(levels),
        months=tuple(_with_room(months)),
        weekdays=tuple((day, _GRID_TOP + day * _STEP + _CELL - 1) for day in (0, 2, 4)),
        total=total,
    )


def _with_room(months: Mapping[tuple[int, int], float]) -> Iterator[tuple[int, float]]:
    """Yield the months whose names do not run into the next one's."""
    starts = [*months.values(), math.inf]
    for (_, month), x, following in zip(months, starts, starts[1:], strict=False):
        if following - x >= 2 * _STEP:
            yield month, x
