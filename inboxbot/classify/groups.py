"""Rows → groups that must never stand on both sides of a split.

Two mails belong together if they share an employer, a given wording group, or half of the word
4-grams of the shorter one; and so does whoever belongs with one of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from inboxbot.classify.normalise import normalise
from inboxbot.classify.rows import Row

_WORD = re.compile(r"\w+")
_SHARED: Final = 0.5  # of the 4-grams of the shorter text
_COMMON: Final = 60  # a 4-gram in more mails than this tells nothing
_LONGEST_COMPANY: Final = 40  # characters; longer is a sentence that some model wrote
_NO_EMPLOYER: Final = frozenset({"", "unknown", "none", "n/a", "myworkday", "workday", "linkedin"})


class _Union:
    """Disjoint sets over row numbers."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, items: Iterable[int]) -> None:
        first, *rest = (self.find(item) for item in items)
        for other in rest:
            low, high = sorted((first, self.find(other)))
            self._parent[high] = first = low


def groups(rows: Sequence[Row]) -> list[int]:
    """Return the group of each row: the number of its first row."""
    union = _Union(len(rows))
    for members in _named(rows).values():
        union.join(members)
    for first, second in alike(rows):
        union.join((first, second))
    return [union.find(number) for number in range(len(rows))]


def wordings(rows: Sequence[Row]) -> list[int]:
    """Return the group of each row by wording alone: mails that are one form letter."""
    union = _Union(len(rows))
    for first, second in alike(rows):
        union.join((first, second))
    return [union.find(number) for number in range(len(rows))]


def _named(rows: Sequence[Row]) -> dict[tuple[str, str], list[int]]:
    """Return the rows of each employer (of real mail) and of each given wording group."""
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        company = row.company.casefold().strip()
        if row.kind == "real" and company not in _NO_EMPLOYER and len(company) < _LONGEST_COMPANY:
            members["company", company].append(number)
        if row.wording:
            members["wording", row.wording].append(number)
    return members


def alike(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return pairs of rows that share half of the 4-grams of the shorter one."""
    grams = [_grams(row.message.text) for row in rows]
    holders: dict[int, list[int]] = defaultdict(list)
    pairs = []
    for number, own in enumerate(grams):
        shared: dict[int, int] = defaultdict(int)
        for gram in own:
            for other in holders[gram]:
                shared[other] += 1
        for other, count in shared.items():
            if count >= _SHARED * min(len(own), len(grams[other])):
                pairs.append((other, number))
        for gram in own:
            if len(holders[gram]) < _COMMON:
                holders[gram].append(number)
    return pairs


def _grams(text: str) -> list[int]:
    """Return the distinct word 4-grams of a text as numbers, always in the same order."""
    words = _WORD.findall(normalise(text[:4000]))
    windows = {" ".join(words[start : start + 4]) for start in range(max(1, len(words) - 3))}
    return [hash_of(window) for window in sorted(windows)]


def hash_of(text: str) -> int:
    """Return a number of a text that is the same in every process (unlike `hash`)."""
    value = 0
    for point in text.encode():
        value = (value * 1_000_003 + point) & 0xFFFF_FFFF_FFFF_FFFF
    return value
