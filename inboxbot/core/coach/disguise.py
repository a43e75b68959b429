"""Known names + any value → the same value without them, and a count of what was replaced."""

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from publicsuffixlist import PublicSuffixList

from inboxbot.core.coach.known import DOMAIN, PERSON, SOME_EMPLOYER, WORD, Known, folded

_T = TypeVar("_T")
_BETWEEN = re.compile(r"[\s\-_.&'\u2019+/,|]{1,3}")  # what the words of a name are joined by
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_ADDRESS = re.compile(  # lengths as in RFC 5321 §4.5.3.1, and so that no text takes long
    r"[^\s<>()\[\]\"',;:@]{1,64}@[^\s<>()\[\]\"',;:]{1,255}|(?<!\w)@\w{2,}"
)
_DOMAIN = re.compile(r"(?<![\w.-])((?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24})(?![\w-])(?:/\S*)?")
_PHONE = re.compile(r"(?<![\w.])(?:\+|\(?\d)[\d\s()/.-]{5,20}\d(?!\w)")
_DATES = re.compile(r"(?:\s*\d{1,4}([./-])\s?\d{1,2}\1\s?\d{1,4}\s*-?)+|\d{4}\s*-\s*\d{4}")
_DIGITS_OF_A_PHONE = range(7, 16)  # fifteen at most (ITU-T E.164)
_EAST_ASIAN = re.compile(
    "[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]"
)  # no spaces between words
_MOST_WORDS = 7  # of a name
_FOUND_INSIDE = 6  # letters of a name that is known again within a longer word
_SHORTEST_STEM = 4  # letters that stay when a name is inflected
_LONGEST_ENDING = 3
_VOWELS = tuple("aeiouy")
_CODES = frozenset({"group", "topic", "wording"})  # fields that hold no text
_ADDRESSES = frozenset({"to", "sender"})  # fields that hold nothing else


class Kind(StrEnum):
    """What is replaced, employers apart."""

    PEOPLE = "people"
    ADDRESSES = "addresses"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What stands in the place of what was replaced."""

    employer: str = "Employer"  # before its letter
    some_employer: str = "[employer]"  # where a word could be of several
    name: str = "[name]"
    address: str = "[address]"
    link: str = "[link]"
    number: str = "[number]"


class Disguise:
    """Replaces what is known, and what looks like an address or a number; keeps count."""

    def __init__(self, known: Known, wording: Wording) -> None:
        self.known, self.wording = known, wording
        self.replaced: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        self.employers: dict[str, str] = {}  # those that were met → their letters, in order
        self._found: dict[tuple[str, int], str] = {}  # what was looked at → its mark

    def of(self, value: _T) -> _T:
        """Return a value with every text in it disguised: a string, a tuple, a dataclass."""
        return self._of(value)  # type: ignore[no-any-return]

    def _of(self, value: Any) -> Any:
        if type(value) is str:
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self._of(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            names = [item.name for item in fields(value) if item.name not in _CODES]
            changed = {
                name: "" if name in _ADDRESSES else self._of(getattr(value, name)) for name in names
            }
            return replace(value, **changed)
        return value

    def text(self, text: str) -> str:
        """Return a text without what must not be told."""
        text = _LINK.sub(self._link, text)
        text = _ADDRESS.sub(self._address, text)
        text = _DOMAIN.sub(self._domain, text)
        text = _PHONE.sub(self._phone, text)
        return self._named(self._east_asian(text))

    def _link(self, match: re.Match[str]) -> str:
        self.replaced[Kind.ADDRESSES].add(match[0])
        return self.wording.link

    def _address(self, match: re.Match[str]) -> str:
        self.replaced[Kind.ADDRESSES].add(match[0])
        return self.wording.address

    def _domain(self, match: re.Match[str]) -> str:
        """Replace a domain of the journal, or any that is written like one and can exist."""
        domain = match[1].casefold()
        labels = domain.split(".")
        known = any(".".join(labels[start:]) in self.known.domains for start in range(len(labels)))
        if not known and not (match[1].islower() and self._suffixes.publicsuffix(domain)):
            return match[0]
        return self._link(match)

    @cached_property
    def _suffixes(self) -> PublicSuffixList:
        return PublicSuffixList(accept_unknown=False)

    def _phone(self, match: re.Match[str]) -> str:
        digits = sum(letter.isdecimal() for letter in match[0])
        if digits not in _DIGITS_OF_A_PHONE or _DATES.fullmatch(match[0].strip()):
            return match[0]
        self.replaced[Kind.NUMBERS].add(match[0])
        return self.wording.number

    # ------------------------------------------------------------ names

    def _east_asian(self, text: str) -> str:
        """Replace names of scripts without spaces wherever they stand."""
        if _EAST_ASIAN.search(text):
            for name in self._unspaced:
                if name in text:
                    text = text.replace(name, self._told(self.known.marks[name], name))
        return text

    @cached_property
    def _unspaced(self) -> list[str]:
        found = [name for name in self.known.marks if _EAST_ASIAN.search(name)]
        return sorted(found, key=len, reverse=True)

    def _named(self, text: str) -> str:
        """Replace names, the longest that begins at a word first."""
        words = list(WORD.finditer(text))
        pieces, told, place = [], 0, 0
        while place < len(words):
            length, mark = self._longest(text, words, place)
            if mark:
                start, end = words[place].start(), words[place + length - 1].end()
                pieces += [text[told:start], self._told(mark, text[start:end])]
                told = end
            place += length
        return "".join((*pieces, text[told:]))

    def _longest(self, text: str, words: list[re.Match[str]], place: int) -> tuple[int, str]:
        """Return how many words from `place` on are one name, and its mark; 1 and "" for none."""
        joined, best = "", (1, "")
        capital = not words[place][0][:1].islower()
        for length in range(1, min(_MOST_WORDS, len(words) - place) + 1):
            word = words[place + length - 1]
            if length > 1 and not _BETWEEN.fullmatch(
                text, words[place + length - 2].end(), word.start()
            ):
                break
            joined += folded(word[0])
            if mark := self._mark(joined, len(word[0]), capital=capital):
                best = (length, mark)
        return best

    def _mark(self, joined: str, last: int, *, capital: bool) -> str:
        """Return what stands for a name, whole or inflected, or for a word with a name in it.

        `last` is the length of the last of the words that were joined: an ending is within it.
        """
        marks = self.known.marks
        if joined in marks:
            return marks[joined] if capital or joined not in self.known.capitals else ""
        one_word = last == len(joined)
        found = self._found.get((joined, last))
        if found is None:
            found = self._inflected(joined, last) or (self._containing(joined) if one_word else "")
            self._found[joined, last] = found
        return found

    def _inflected(self, joined: str, last: int) -> str:
        """Return the mark of a name with an ending: Northwinds, Priyas, Priyi."""
        for ending in range(1, min(_LONGEST_ENDING, last - 1) + 1):
            stem = joined[:-ending]
            if len(stem) >= _SHORTEST_STEM and (mark := self._stems.get(stem)):
                return mark
        return ""

    @cached_property
    def _stems(self) -> dict[str, str]:
        marks = {
            name: mark for name, mark in self.known.marks.items() if name not in self.known.capitals
        }
        shortened = {name[:-1]: mark for name, mark in marks.items() if name.endswith(_VOWELS)}
        return {**shortened, **marks}

    def _containing(self, word: str) -> str:
        """Return the mark of a long name within a word: northwindmaps, Northwindteam."""
        for start in range(len(word) - _FOUND_INSIDE + 1):
            for length in self._lengths:
                name = word[start : start + length]
                if name in self.known.marks and name not in self.known.capitals:
                    return self.known.marks[name]
        return ""

    @cached_property
    def _lengths(self) -> list[int]:
        """Return how long the names are that are known again within a word, the longest first."""
        found = {len(name) for name in self.known.marks if len(name) >= _FOUND_INSIDE}
        return sorted(found, reverse=True)

    def _told(self, mark: str, name: str) -> str:
        if mark == PERSON:
            self.replaced[Kind.PEOPLE].add(folded(name))
            return self.wording.name
        if mark == DOMAIN:
            self.replaced[Kind.ADDRESSES].add(name)
            return self.wording.link
        if mark == SOME_EMPLOYER:
            return self.wording.some_employer
        letter = self.employers.setdefault(mark, letters(len(self.employers)))
        return f"{self.wording.employer} {letter}"


def letters(number: int) -> str:
    """Return A for 0, B, C … Z, then AA, AB and so on."""
    before, last = divmod(number, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)
