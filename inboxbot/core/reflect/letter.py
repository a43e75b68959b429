"""The letter that is answered: ours, and so known word for word while it can still be had."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from inboxbot.core.text import fold
from inboxbot.core.types import RawMail

_ENOUGH_WORDS = 4  # that stand in the letter in this order: no chance
_LINK = re.compile(r"<?\b(?:https?://|mailto:)[^\s<>]*>?", re.IGNORECASE)
_ITEM = re.compile(r"\W*(?:\d{1,2}[.)]|\[[^\]]?\]\s+\w\b)\s")  # a number or letter before an item
_WORD = re.compile(r"\w+")
_DRAWN = re.compile(r"[\s!-/:-@\[-`{-~\u00a0\u2022\u2013\u2014]*")  # rules, bullets; no emoji


def with_both_parts(raw: RawMail) -> RawMail:
    """Return a letter of ours so that both its parts are read, not the better one alone.

    A mail program quotes either, and they differ: in one a link is its address, in the other not.
    """
    mixed = raw.data.replace(b"multipart/alternative", b"multipart/mixed", 1)
    return replace(raw, data=mixed)


class Letter:
    """The letter that is answered, walked along as its quotation goes on."""

    def __init__(self, text: str, cues: Sequence[str]) -> None:
        lines = [words_of(line) for line in text.split("\n")]
        self._lines = {" ".join(line) for line in lines}
        self._words = [word for line in lines for word in line]
        self._text = f" {' '.join(self._words)} "
        self._starts = list(accumulate((len(word) + 1 for word in self._words), initial=0))
        self._cues = [words_of(cue) for cue in cues]
        self._next = 0
        self.has_begun = False

    def asks(self, row: str) -> bool:
        """Tell whether the letter has just asked something, or does so where this row begins."""
        if not self.has_begun:
            return False
        words, end = words_of(row), self._next
        return any(
            self._words[max(0, end - len(cue)) : end] == cue or words[: len(cue)] == cue
            for cue in self._cues
        )

    def holds(self, row: str, *, anywhere: bool, goes_on: bool) -> bool:
        """Tell whether a row is the letter's: one whole line of it, of some length.

        With `goes_on` also what follows the row before, as lines are wrapped anew; `anywhere` also
        a short line, or words enough from the midst of one.
        """
        words = words_of(row)
        if not words:
            return anywhere and _DRAWN.fullmatch(row) is not None
        text = " ".join(words)
        place = self._starts[self._next]
        if not (anywhere or goes_on) or not self._text.startswith(f" {text} ", place):
            long, whole = len(words) >= _ENOUGH_WORDS, text in self._lines
            enough = long or whole if anywhere else long and whole
            place = self._find(f" {text} ", place) if enough else -1
        if place < 0:
            return False
        self._next = bisect_left(self._starts, place) + len(words)
        self.has_begun = True
        return True

    def _find(self, text: str, after: int) -> int:
        """Return where a text stands, preferably further on; -1 where it stands nowhere."""
        place = self._text.find(text, after)
        return self._text.find(text) if place < 0 else place


def words_of(row: str) -> list[str]:
    """Return the words of a row, for comparing; links, bullets and numbers of items left out."""
    return _WORD.findall(fold(_ITEM.sub("", _LINK.sub(" ", row), count=1)))
