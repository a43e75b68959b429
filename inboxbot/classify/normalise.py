"""Sentence → the form that features are read from: one alphabet, no marks, no tricks.

Case, accents, compatibility forms and digits are levelled; links, addresses and other
strings that name somebody become MASK, which no feature may span. Letters of another alphabet
inside a Latin word, zero-width characters and s p a c e d words are undone.
"""

import re
import unicodedata
from collections.abc import Sequence

MASK = "\ue000"  # a private-use character: cannot come from a mail, see `_REMOVED`
BREAK = "\ue001"  # between two sentences
_BETWEEN = "\x00"

_REMOVED = re.compile(
    # soft hyphen, zero-width and bidirectional controls, byte-order mark, variation selectors,
    # combining grapheme joiner, fillers, tags, private use: invisible, or not ours to trust
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0655\u0670]")  # Latin accents, Arabic harakat
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]+")
_SPACED = re.compile(r"(?<!\S)(?:\w[ .\-_*]){4,}\w(?!\S)")
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_MIXED = re.compile("[a-z\u0370-\u03ff\u0400-\u052f]+")
_DIGITS = re.compile(r"\d+")
_RUNS = re.compile(r"([^\w\s])\1+|[\s_]+")
_LOOKALIKES = str.maketrans(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0455\u0458\u04bb\u051b\u043a\u043c\u0442\u043d\u0432"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u03c5\u03c7\u03b5",
    "aceopxyisjhqkmthb" + "aopviktuxe",
)
# Letters with a stroke have no decomposition in Unicode.
_PLAIN = str.maketrans(
    {
        "\u0142": "l", "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u0111": "d", "\u00f0": "d",
        "\u0131": "i", "\u00fe": "th", "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'",
        "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u2026": ".", "\u2022": "*",
    }
)  # fmt: skip


def normalise_all(texts: Sequence[str]) -> list[str]:
    """Return the levelled form of each text; in one go, since each pass has its price."""
    joined = f" {_BETWEEN} ".join(text.replace(_BETWEEN, " ") for text in texts)
    return [text.strip() for text in normalise(joined).split(_BETWEEN)]


def normalise(sentence: str) -> str:
    """Return the levelled form of a sentence; single spaces, none at the ends."""
    text = sentence.lower() if sentence.isascii() else _level(sentence)
    if "http" in text or "www." in text:
        text = _LINK.sub(MASK, text)
    if "@" in text:
        text = _ADDRESS.sub(MASK, text)
    text = _DIGITS.sub("0", text)
    text = _RUNS.sub(_once, text).strip()
    return _SPACED.sub(_joined, text)


def _level(text: str) -> str:
    """Return the text without case, accents and compatibility forms."""
    text = _REMOVED.sub("", unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFKD", text.casefold())
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_PLAIN)
    if _FOREIGN.search(text):
        text = _MIXED.sub(_latin, text)
    return text


def _latin(word: re.Match[str]) -> str:
    """Return a word in one alphabet, if Latin letters stand among its Greek or Cyrillic ones."""
    if re.search("[a-z]", word[0]) is None:
        return word[0]
    return word[0].translate(_LOOKALIKES)


def _once(run: re.Match[str]) -> str:
    """Return a repeated sign once, white space as one space."""
    return run[1] or " "


def _joined(word: re.Match[str]) -> str:
    """Return a spaced-out word in one piece."""
    return re.sub(r"[ .\-_*]", "", word[0])
