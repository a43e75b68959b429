"""Comparisons → the patterns that hold: tested seldom, all together, and still true today.

Who looks every week, at twenty comparisons, finds something every month. Against the looking: the
counts are tested only when they have grown by a quarter since the last test (`_tests`), so that a
year has some ten tests and not 52. Against the twenty: `holm`. Within one test a false pattern is
claimed in at most 1.5 % of searches (proven: the tests are exact), within a year in at most 5 %
(measured, since tests of one search overlap: tests/core/test_insight.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxbot.core.guards import Senders
from inboxbot.core.insight.comparisons import ENOUGH_IN_ALL, Comparison, comparisons
from inboxbot.core.insight.holm import holding
from inboxbot.core.insight.rows import Row, rows_in
from inboxbot.core.insight.titles import Level
from inboxbot.core.weeklog import WeekLog, member

LEVEL_OF_A_TEST = 0.015
LEAST_DIFFERENCE = 0.2  # of shares: less than a fifth is nothing to change one's ways for
_GROWTH = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A group of applications that ended more often, or less often, than the others."""

    compared: Comparison  # with the counts of today
    p: float  # of the test that found it, corrected for all that was tested with it


def patterns_in(log: WeekLog, senders: Senders, level: str = "") -> tuple[Pattern, ...]:
    """Return the patterns of a search, the surest first. `level` is the user's own, if told."""
    return patterns_of(rows_in(log, senders), member(Level, level))


def patterns_of(rows: Sequence[Row], own: Level | None) -> tuple[Pattern, ...]:
    """Return the patterns that the newest test has found, and that today's counts still show."""
    moment = _newest_test(rows)
    if moment is None:
        return ()
    then = [row for row in rows if row.answered and row.answered <= moment]
    today = {(each.kind, each.group): each for each in comparisons(rows, own)}
    return tuple(
        Pattern(compared=current, p=p)
        for found, p in holding(list(comparisons(then, own)), LEVEL_OF_A_TEST)
        if (current := today.get((found.kind, found.group)))
        and found.more == current.more
        and _matters(found)
        and _matters(current)
    )


def _newest_test(rows: Sequence[Row]) -> datetime | None:
    """Return when the newest test was due, None before the first one."""
    answered = [row.answered for row in rows if row.ended_early is not None and row.answered]
    due = list(_tests(len(answered)))
    return answered[due[-1] - 1] if due else None


def _tests(decided: int) -> Iterator[int]:
    """Yield after how many decided applications there is a test: 12, 15, 19, 23, 29 and on."""
    number: float = ENOUGH_IN_ALL
    while round(number) <= decided:
        yield round(number)
        number *= _GROWTH


def _matters(comparison: Comparison) -> bool:
    return abs(comparison.difference) >= LEAST_DIFFERENCE
