"""Comparisons → those that hold when all of them are looked at together. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from inboxbot.core.insight.comparisons import Comparison, Kind


def holding(compared: Sequence[Comparison], level: float) -> Iterator[tuple[Comparison, float]]:
    """Yield what holds at a level for all together, each with its corrected p, the surest first.

    Holm's step-down (Scand. J. Statist. 6, 1979) with weights: every kind has the same share,
    however many groups it has, so that ten tracking systems do not drown the one question of level.
    At each step only as much is corrected for as could reach the level at all with counts so small
    (Tarone, Biometrics 46, 1990). Some false one is among them in at most `level` of all cases.
    """
    groups = Counter(each.kind for each in compared)
    waiting = sorted(compared, key=lambda each: each.p * groups[each.kind])
    worst = 0.0
    while waiting:
        first = waiting[0]
        corrected = first.p * groups[first.kind] * _kinds(waiting, groups, level)
        worst = max(worst, min(1.0, corrected))
        if worst > level:
            return
        yield first, worst
        waiting.pop(0)


def _kinds(compared: Sequence[Comparison], groups: Mapping[Kind, int], level: float) -> int:
    """Return the least number of kinds to correct for that covers all that can hold then."""
    number = 1
    while number < _share(compared, groups, level / number):
        number += 1
    return number


def _share(compared: Sequence[Comparison], groups: Mapping[Kind, int], level: float) -> float:
    """Return how many kinds, with parts of them, could hold at a level with counts so small."""
    return sum(
        1 / groups[each.kind] for each in compared if each.least_p * groups[each.kind] <= level
    )
