"""Rows → comparisons in counts: one group of applications against all others. Pure.

Compared is only what a person could act on. Each employer counts once on each side: five
applications to one firm have one fate, and would look like five witnesses.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inboxbot.core.insight.exact import NOBODY, Rate, binomial, fisher, least_fisher
from inboxbot.core.insight.rows import Row
from inboxbot.core.insight.titles import Family, Level, ranks_above
from inboxbot.core.types import Stage, StatedReason


class Kind(StrEnum):
    """What a group is told by."""

    LEVEL = "level"  # of the title: "above" or "below" the user's own, else "senior" or "junior"
    FAMILY = "family"
    SOURCE = "source"
    SYSTEM = "system"
    SPEED = "speed"  # "fast": answered within two days
    TEST = "test"  # "test": a task or test came before a talk
    TALK = "talk"  # "screening": first calls against interviews
    REASON = "reason"  # a stated reason against its usual share


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How many of a group ended, and of the others; `usual` stands where there are no others."""

    kind: Kind
    group: str
    ended: Rate
    others: Rate = NOBODY
    usual: float | None = None

    @property
    def more(self) -> bool:
        """Tell whether the group ended more often than the others."""
        return self.difference > 0

    @property
    def difference(self) -> float:
        """Return by how much the group's share is above the others'."""
        return self.ended.share - (self.others.share if self.usual is None else self.usual)

    @property
    def is_big_enough(self) -> bool:
        """Tell whether enough was counted to look at it at all."""
        if self.usual is not None:
            return self.ended.n >= ENOUGH_REASONS
        floor = min(self.ended.n, self.others.n) >= ENOUGH_IN_A_GROUP
        return floor and self.ended.n + self.others.n >= ENOUGH_IN_ALL

    @property
    def p(self) -> float:
        """Return how likely a difference as large is by chance, exactly."""
        if self.usual is not None:
            return binomial(self.ended, self.usual)
        return fisher(self.ended, self.others)

    @property
    def least_p(self) -> float:
        """Return the least `p` that these numbers of applications could have."""
        if self.usual is not None:
            return binomial(Rate(self.ended.n, self.ended.n), self.usual)
        return least_fisher(self.ended, self.others)


# One application more or less moves the share of five by 20 points, which is also the least
# difference that is told; below twelve in all hardly any table could pass the test.
ENOUGH_IN_A_GROUP = 5
ENOUGH_IN_ALL = 12
ENOUGH_REASONS = 8

# Of 203 real rejections that were read for this (tests/data/facts_real.jsonl), 128 stated a reason,
# and none of those below was in more than 11 % of them (95 %: at most 18 %).
USUAL_SHARE = 0.2
TELLING = (
    StatedReason.EXPERIENCE,
    StatedReason.SKILLS,
    StatedReason.VISA_OR_LOCATION,
    StatedReason.FILLED,
)
_FAST = 2.0  # days
_Told = Callable[[Row], str | None]  # the group's name; "" for none; None: not to be counted


def comparisons(rows: Sequence[Row], own: Level | None) -> Iterator[Comparison]:
    """Yield every comparison that enough was counted for; `own` is the user's level, if told."""
    decided = [row for row in rows if row.ended_early is not None]
    for kind, told in _traits(own).items():
        yield from filter(_big_enough, _groups(kind, told, decided))
    yield from filter(_big_enough, (_first_calls(rows), *_reasons(rows)))


def _big_enough(comparison: Comparison) -> bool:
    return comparison.is_big_enough


def _traits(own: Level | None) -> dict[Kind, _Told]:
    return {
        Kind.LEVEL: lambda row: _relation(row.level, own),
        Kind.FAMILY: lambda row: "" if row.family is Family.OTHER else row.family,
        Kind.SOURCE: lambda row: row.source,
        Kind.SYSTEM: lambda row: row.system,
        Kind.SPEED: lambda row: None if row.days is None else "fast" if row.days <= _FAST else "",
        Kind.TEST: lambda row: "test" if Stage.ASSESSMENT in row.reached else "",
    }


def _relation(level: Level | None, own: Level | None) -> str:
    """Return where a title's level lies; a title without one is neither above nor below."""
    if level is None or level is own:
        return ""
    if own is not None:
        return "above" if ranks_above(level, own) else "below"
    return "junior" if level is Level.JUNIOR else "senior" if level is not Level.MID else ""


def _groups(kind: Kind, told: _Told, decided: Iterable[Row]) -> Iterator[Comparison]:
    """Yield each group against all others; of two that are each other's others the first."""
    named = [(row, name) for row in decided if (name := told(row)) is not None]
    names = sorted({name for _, name in named})
    for group in names[: 1 if len(names) == len("ab") and "" not in names else None]:
        if group:
            inside = [row for row, name in named if name == group]
            outside = [row for row, name in named if name != group]
            yield Comparison(kind=kind, group=group, ended=_early(inside), others=_early(outside))


def _early(rows: Iterable[Row]) -> Rate:
    ended = [row.ended_early is True for row in _one_each(rows)]
    return Rate(sum(ended), len(ended))


def _one_each(rows: Iterable[Row]) -> list[Row]:
    """Return the first application of each employer."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row.employer, row)
    return list(first.values())


def _first_calls(rows: Iterable[Row]) -> Comparison:
    """Compare how many first calls led no further with how many interviews did not."""
    known = list(rows)
    return Comparison(
        kind=Kind.TALK,
        group=Stage.SCREENING,
        ended=_ended_at(Stage.SCREENING, known),
        others=_ended_at(Stage.INTERVIEW, known),
    )


def _ended_at(stage: Stage, rows: Iterable[Row]) -> Rate:
    """Count the talks of one stage that are decided: a no there, or a later stage."""
    held = _one_each(row for row in rows if stage in row.reached)
    ended = [row.furthest is stage for row in held if row.declined or row.furthest is not stage]
    return Rate(sum(ended), len(ended))


def _reasons(rows: Iterable[Row]) -> Iterator[Comparison]:
    """Compare each telling reason with its usual share of the noes that state one."""
    stated = [row for row in rows if row.declined and row.reason is not StatedReason.NONE]
    for reason in TELLING:
        given = len(_one_each(row for row in stated if row.reason is reason))
        others = len(_one_each(row for row in stated if row.reason is not reason))
        yield Comparison(
            kind=Kind.REASON, group=reason, ended=Rate(given, given + others), usual=USUAL_SHARE
        )
