r"""Phrases as people write them, by language → one pattern for each language.

A table reads like the mails that it was learnt from:

    en:
        unable|cannot … (give|offer) feedback
        no (individual )?feedback

    en:         the language of the lines below, or several: "sv da no:"
    a|b         either, in round brackets where it is part of a phrase
    (…)?        may be missing
    word*       the word with any ending; "(word|other)*" either with any ending
    " … "       up to 90 characters in between: "a|b … c" is a or b, and later c
    _           at the end of a phrase: a space, behind which a name is expected
    <name>      the words that were given to the table by this name

A line that is indented further continues the one above. What else regular expressions know works
too. A phrase starts and ends on word boundaries. Gaps are bounded, so the time that a pattern takes
is linear in the text. English is read beside the language of the mail (many mails are in two), and
all languages where the language is not known.
"""

import re
from collections.abc import Iterator

_GAP = r".{0,90}?"
_ANY_ENDING = re.compile(r"(?<=[\w)\]])(?<!\\\w)\*")  # the star of "\w*" is its own
_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_CONTINUED = 8  # spaces


class Phrases:
    """The phrases of one fact, compiled for a language when it is first met."""

    def __init__(self, table: str, **words: str) -> None:
        for name, meaning in words.items():
            table = table.replace(f"<{name}>", meaning)
        self._rows = tuple(_rows(table))
        self._compiled: dict[str | None, re.Pattern[str]] = {}

    def found_in(self, text: str, language: str | None) -> bool:
        """Tell whether a line of the text holds one of the phrases."""
        return self.pattern(language).search(text) is not None

    def matches(self, text: str, language: str | None) -> Iterator[re.Match[str]]:
        """Yield where the phrases stand in the text."""
        return self.pattern(language).finditer(text)

    def pattern(self, language: str | None) -> re.Pattern[str]:
        """Return the pattern for a language and English, for all languages where it is None."""
        if language not in self._compiled:
            spoken = {language, "en"}
            joined = "|".join(
                _as_pattern(phrase)
                for languages, phrase in self._rows
                if language is None or not spoken.isdisjoint(languages)
            )
            self._compiled[language] = re.compile(joined or r"(?!)", re.IGNORECASE)
        return self._compiled[language]


def _rows(table: str) -> Iterator[tuple[frozenset[str], str]]:
    """Yield each phrase with its languages, continued lines joined."""
    languages: frozenset[str] = frozenset()
    phrase = ""
    for line in [*table.splitlines(), ":"]:
        if line.startswith(" " * _CONTINUED):
            phrase += ("" if phrase.endswith(("|", "(")) else " ") + line.strip()
            continue
        if phrase:
            yield languages, phrase
        phrase = line.strip() if line.startswith(" ") else ""
        if line.endswith(":") and not phrase:
            languages = frozenset(line[:-1].split())


def _as_pattern(phrase: str) -> str:
    """Return the regular expression of one phrase."""
    spaced = phrase[:-1] + " " if phrase.endswith("_") else phrase
    return _GAP.join(_bounded(part) for part in spaced.split(" … "))


def _bounded(part: str) -> str:
    grouped = _GROUP.sub("(?:", _ANY_ENDING.sub(r"\\w*", part))
    # Without the boundary a phrase like "*kenntnisse" would be tried at every letter of a word.
    before = r"\b" if part[0].isalnum() or part.startswith(("(", r"\w")) else ""
    after = r"\b" if part[-1].isalnum() or part[-1] in "*)?" else ""
    return f"{before}(?:{grouped}){after}"
