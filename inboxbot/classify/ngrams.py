"""Text → 64-bit keys of its character n-grams and words, in a few numpy passes.

A gram is hashed as the polynomial sum of its code points modulo 2**64, so that the key of any
stretch of a text comes from prefix sums. `gram_keys` gives the keys of grams written out, which
is how a stored vocabulary becomes searchable again.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inboxbot.classify.normalise import BREAK, MASK

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]

CHARACTERS: Final = (2, 3, 4, 5)
_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE: Final = pow(_BASE, -1, 2**64)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_SALT: Final = 0xA0761D6478BD642F  # no power of _BASE: a salt must not look like a letter
_SHIFT: Final = np.uint64(32)
_LONGEST: Final = 1 << 16  # code points in one text
_MASKED: Final = ord(MASK)
_BROKEN: Final = ord(BREAK)
_LINE: Final = ord("\n")


def _powers(base: int) -> Keys:
    """Return base**0 … base**(_LONGEST - 1) modulo 2**64."""
    powers = np.full(_LONGEST, base, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


_POWERS: Final = _powers(_BASE)
_INVERSES: Final = _powers(_INVERSE)


def salted(sums: Keys, salt: int) -> Keys:
    """Return keys that differ between kinds of grams, well mixed in their low bits."""
    keys = (sums + np.uint64(salt * _SALT % 2**64)) * _MIX
    return (keys ^ (keys >> _SHIFT)) * _MIX


class Text:
    """One text of at most 65,535 code points as prefix sums, from which keys of stretches come."""

    __slots__ = ("_blocked", "_sums", "points")

    def __init__(self, text: str) -> None:
        self.points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        self._sums = np.zeros(len(self.points) + 1, dtype=np.uint64)
        np.cumsum(self.points * _POWERS[: len(self.points)], out=self._sums[1:])
        self._blocked = np.zeros(len(self.points) + 1, dtype=np.int64)
        np.cumsum((self.points == _MASKED) | (self.points == _BROKEN), out=self._blocked[1:])

    def stretches(self, starts: Places, ends: Places) -> Keys:
        """Return the polynomial sum of each stretch [start, end), wherever it stands."""
        sums: Keys = (self._sums[ends] - self._sums[starts]) * _INVERSES[starts]
        return sums

    def clear(self, spans: Places) -> NDArray[np.bool_]:
        """Tell which stretches span no mask and no break."""
        free: NDArray[np.bool_] = self._blocked[spans[:, 0]] == self._blocked[spans[:, 1]]
        return free

    def grams(self, size: int) -> tuple[Keys, Places]:
        """Return (sums, starts) of all n-grams of one size that span no mask and no break."""
        count = len(self.points) - size + 1
        if count <= 0:
            return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
        sums = (self._sums[size:] - self._sums[:-size]) * _INVERSES[:count]
        allowed = np.flatnonzero(self._blocked[size:] == self._blocked[:-size])
        return sums[allowed], allowed


def gram_keys(grams: Sequence[str], salt: int) -> Keys:
    """Return the keys of grams written out, in their order."""
    return line_keys("".join(f"{gram}\n" for gram in grams), salt)


def line_keys(lines: str, salt: int) -> Keys:
    """Return the keys of grams, each on a line of its own, without a string for every one."""
    points = np.frombuffer(lines.encode("utf-32-le"), dtype=np.uint32)
    ends = np.flatnonzero(points == _LINE)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1] + 1])[: len(ends)]
    keys = np.empty(len(ends), dtype=np.uint64)
    first = 0
    while first < len(ends):  # in slices, since a Text is bounded
        last = int(np.searchsorted(ends, starts[first] + _LONGEST - 1, side="left"))
        offset = starts[first]
        text = Text(lines[offset : ends[last - 1] + 1])
        keys[first:last] = text.stretches(starts[first:last] - offset, ends[first:last] - offset)
        first = last
    return salted(keys, salt)
