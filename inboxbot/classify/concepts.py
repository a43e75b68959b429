"""Normalised sentences → what their words mean, the same in sixteen languages.

The lexicon (lexicon.toml) gives words a concept: *not*, *proceed*, *other*, *candidate* … A
sentence becomes the combinations of its concepts, so that a weight learned from one language
carries over to the others. A condition ("if you are not selected") changes the name of every
combination in its sentence.
"""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, combinations, pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inboxbot.classify.ngrams import Keys, gram_keys
from inboxbot.classify.normalise import normalise

_SOURCE: Final = (Path(__file__).parent / "lexicon.toml").read_bytes()
DIGEST: Final = hashlib.sha256(_SOURCE).hexdigest()[:16]
_TABLES: Final[dict[str, dict[str, str]]] = tomllib.loads(_SOURCE.decode("utf-8"))
CONCEPTS: Final = tuple(sorted(_TABLES["en"].keys() - {"common"}))
LANGUAGES: Final = tuple(sorted(_TABLES))
_CORE: Final = (
    "application candidate closed consider decide fit if interview not other proceed regret role "
    "select strong"
).split()
_OF_A_JOB: Final = (
    "application candidate closed consider decide fit hire interview proceed role select strong"
).split()
_INSIDE: Final = ("ja", "zh", "ko")  # no spaces between words, or endings that matter
_LONGEST_INSIDE: Final = 8
_LONGEST_STEM: Final = 14
SALT: Final = 2
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[\u0900-\u097f]+")
_INSIDE_LETTER = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_IF: Final = CONCEPTS.index("if")
_JOB_NUMBERS: Final = frozenset(CONCEPTS.index(name) for name in _OF_A_JOB)

Hit = tuple[str, int]  # language, concept


class Meaning(NamedTuple):
    """What one word may mean: the languages it is a common word of, and its concepts."""

    common: tuple[str, ...]
    hits: tuple[Hit, ...]


class _Lexicon(NamedTuple):
    words: dict[str, list[Hit]]
    stems: dict[str, list[Hit]]
    inside: dict[str, list[Hit]]
    common: dict[str, list[str]]


def _read() -> _Lexicon:
    """Return the lexicon with every entry normalised as mail is."""
    lexicon = _Lexicon({}, {}, {}, {})
    for language, table in _TABLES.items():
        for concept, entries in table.items():
            for entry in entries.split():
                _enter(lexicon, language, concept, entry)
    return lexicon


def _enter(lexicon: _Lexicon, language: str, concept: str, entry: str) -> None:
    """Add one entry to the table that it belongs to."""
    form = normalise(entry.rstrip("*"))
    if language in _INSIDE:
        place = (language, -1 if concept == "common" else CONCEPTS.index(concept))
        lexicon.inside.setdefault(form, []).append(place)
    elif concept == "common":
        lexicon.common.setdefault(form, []).append(language)
    else:
        table = lexicon.stems if entry.endswith("*") else lexicon.words
        table.setdefault(form, []).append((language, CONCEPTS.index(concept)))


_LEXICON: Final = _read()


@lru_cache(maxsize=16_384)
def _meaning(word: str) -> Meaning:
    """Return what a normalised word may mean, in any of the languages."""
    if _INSIDE_LETTER.match(word):
        return _meaning_inside(word)
    hits = _hits(word)
    _, elided, noun = word.partition("'")  # d'autres, l'offre, un'altra
    if elided and not hits:
        hits = _hits(noun)
    return Meaning(tuple(_LEXICON.common.get(word, ())), tuple(hits))


def _hits(word: str) -> list[Hit]:
    """Return the concepts of a word and of the stems that it begins with."""
    hits = list(_LEXICON.words.get(word, ()))
    for length in range(2, min(len(word), _LONGEST_STEM) + 1):
        hits += _LEXICON.stems.get(word[:length], ())
    return hits


def _meaning_inside(run: str) -> Meaning:
    """Return what stands inside a run of letters that is written without spaces, in order."""
    hits = [
        hit
        for start in range(min(len(run), 400))
        for length in range(1, _LONGEST_INSIDE + 1)
        for hit in _LEXICON.inside.get(run[start : start + length], ())
    ]
    common = tuple(language for language, concept in hits if concept < 0)
    return Meaning(common, tuple(hit for hit in hits if hit[1] >= 0))


class Words(NamedTuple):
    """The words of a normalised text, and where they stand: spans (n, 2)."""

    words: list[str]
    spans: NDArray[np.int64]


def words(text: str) -> Words:
    """Return the words of a normalised text."""
    found = list(_WORD.finditer(text))
    spans = np.array([word.span() for word in found], dtype=np.int64).reshape(-1, 2)
    return Words([word[0] for word in found], spans)


def read(words: Sequence[str], places: Sequence[int], count: int) -> tuple[list[list[int]], str]:
    """Return the concepts of each of `count` sentences in the order of its words, and the language.

    That is the one whose common words are most frequent; English counts everywhere, since
    recruiting mail mixes it in.
    """
    meanings = [_meaning(word) for word in words]
    counts: Counter[str] = Counter()
    for meaning in meanings:
        if meaning.common:
            counts.update(meaning.common)
    best = max(sorted(counts), key=counts.__getitem__, default="en")
    hits: list[list[int]] = [[] for _ in range(count)]
    for meaning, place in zip(meanings, places, strict=True):
        if meaning.hits:
            spoken = {best} if best in meaning.common else {best, "en"}  # Dutch "met" is no meeting
            found = (concept for language, concept in meaning.hits if language in spoken)
            hits[place] += dict.fromkeys(found)
    return hits, best


def of_a_job(hits: Sequence[Sequence[int]]) -> int:
    """Return how many different concepts of a mail belong to a job search."""
    return len(_JOB_NUMBERS.intersection(chain.from_iterable(hits)))


# Names and keys of the combinations.

_COUNT: Final = len(CONCEPTS)
_CORE_NUMBERS: Final = [CONCEPTS.index(name) for name in _CORE]
_PAIRS: Final = np.array(list(combinations(range(_COUNT), 2)))
_TRIPLES: Final = np.array(list(combinations(sorted(_CORE_NUMBERS), 3)))


def _names() -> tuple[str, ...]:
    """Return the names of all combinations: singles, pairs, triples, then followers."""
    sets = [
        "+".join(CONCEPTS[number] for number in group)
        for groups in (np.arange(_COUNT)[:, None], _PAIRS, _TRIPLES)
        for group in groups
    ]
    return (*sets, *(f"{first}>{second}" for first in CONCEPTS for second in CONCEPTS))


_PLAIN: Final = _names()
NAMES: Final = (*_PLAIN, *(f"if:{name}" for name in _PLAIN))
_KEYS: Final = gram_keys(NAMES, SALT)
_SETS: Final = _COUNT + len(_PAIRS) + len(_TRIPLES)


def keys(hits: Sequence[Sequence[int]]) -> tuple[Keys, NDArray[np.int64]]:
    """Return (keys, sentence numbers) of all combinations of concepts in each sentence."""
    held = np.zeros((len(hits), _COUNT), dtype=bool)
    followers: list[int] = []
    places: list[int] = []
    for number, sentence in enumerate(hits):
        held[number, sentence] = True
        for first, second in pairwise(sentence):
            followers.append(_SETS + first * _COUNT + second)
            places.append(number)
    sets = np.empty((len(hits), _SETS), dtype=bool)
    sets[:, :_COUNT] = held
    sets[:, _COUNT : _COUNT + len(_PAIRS)] = held[:, _PAIRS[:, 0]] & held[:, _PAIRS[:, 1]]
    of_core = held[:, _TRIPLES[:, 0]] & held[:, _TRIPLES[:, 1]] & held[:, _TRIPLES[:, 2]]
    sets[:, _COUNT + len(_PAIRS) :] = of_core
    rows, columns = np.nonzero(sets)
    rows = np.concatenate([rows, np.array(places, dtype=np.int64)])
    columns = np.concatenate([columns, np.array(followers, dtype=np.int64)])
    return _KEYS[columns + held[rows, _IF] * len(_PLAIN)], rows
