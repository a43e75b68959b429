"""Message → the keys that the model looks up: of its sentences, its subject and its sender.

    own text | sentences | normalise | n-grams, words, concepts        the body decides
    subject  |           | normalise | words, concepts                 a hint
    From     | words of a fixed list                                   a hint

Nothing here depends on what was learned, and training takes the same way as a new mail.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from inboxbot.classify import concepts
from inboxbot.classify.ngrams import CHARACTERS, Keys, Places, Text, gram_keys, salted
from inboxbot.classify.normalise import BREAK, normalise_all
from inboxbot.core.text import sentences
from inboxbot.core.types import Address, Message

VERSION: Final = 2  # of what the keys mean; a model is of one version
_FROM_START: Final = 6_000  # characters of a long text that are read from its start …
_FROM_END: Final = 1_500  # … and from its end
_SUBJECT: Final = 300  # characters
_FEW_WORDS: Final = 3  # the longest stretch of words that is one feature


class Block(IntEnum):
    """A kind of feature; each is scaled by itself. The number is its salt, too."""

    CHARACTERS = 0
    WORDS = 1
    CONCEPTS = 2
    SUBJECT = 3
    SUBJECT_CONCEPTS = 4
    SENDER = 5


SENDER_WORDS: Final = tuple(
    (
        "noreply no-reply donotreply do-not-reply no_reply notification notifications notify "
        "autoreply careers career jobs job recruiting recruitment recruiter talent hr people "
        "hiring apply applications applicant candidate staffing workday myworkday icims "
        "greenhouse greenhouse-mail greenhouse-jobs lever ashbyhq smartrecruiters workablemail "
        "teamtailor-mail breezy-mail rippling applytojob successfactors brassring taleo jobvite "
        "bamboohr personio recruitee softgarden oraclecloud avature linkedin indeed indeedemail "
        "glassdoor ziprecruiter xing stepstone dice monster hackerrank codesignal hirevue "
        "karriere bewerbung personal recrutement rh seleccion empleo selezione lavoro rekrutacja "
        "rekrytering newsletter news alert alerts support billing orders order shop store "
        "marketing promo bank security sales"
    ).split()
)
_SENDER_NUMBER: Final = {word: number for number, word in enumerate(SENDER_WORDS)}
_SENDER_KEYS: Final = gram_keys(SENDER_WORDS, Block.SENDER)
_BETWEEN: Final = re.compile(r"[.+@]")


@dataclass(frozen=True, slots=True)
class Features:
    """All n features of one mail, and the sentences that their places count.

    `spans` holds start and end in `text`, (0, 0) where a feature is no stretch of it. The subject
    stands in `text` behind the last sentence; its features have the place len(sentences).
    """

    sentences: tuple[str, ...]  # verbatim
    text: str  # normalised
    keys: Keys  # (n,)
    blocks: Places  # (n,) numbers of Block
    places: Places  # (n,) numbers of sentences
    spans: Places  # (n, 2)
    job_words: int  # how many different concepts belong to a job search
    language: str  # one of concepts.LANGUAGES, whatever the mail is written in


def features(message: Message) -> Features:
    """Return the features of a mail's own text, its subject and its sender."""
    verbatim = _read_part(sentences(message.text))
    plain = normalise_all([*verbatim, message.subject[:_SUBJECT]])
    body = "".join(f"{BREAK} {sentence} " for sentence in plain) + BREAK
    text = Text(body)
    breaks = np.flatnonzero(text.points == ord(BREAK))
    found = concepts.words(body)
    parts = [
        *(_characters(text, size, int(breaks[-2])) for size in CHARACTERS),
        *_words(text, found, int(breaks[-2])),
    ]
    spans = np.concatenate([spans for _, _, spans in parts])
    keys = np.concatenate([keys for _, keys, _ in parts])
    blocks = np.repeat([block for block, _, _ in parts], [len(keys) for _, keys, _ in parts])
    numbers = np.cumsum(text.points == ord(BREAK))
    places = numbers[spans[:, 0]] - 1
    in_words = (numbers[found.spans[:, 0]] - 1).tolist()
    hits, language = concepts.read(found.words, in_words, len(plain))
    meant, of_sentence = concepts.keys(hits)
    in_subject = of_sentence == len(verbatim)
    sender = _sender(message.author)
    none = np.zeros((len(meant) + len(sender), 2), dtype=np.int64)
    return Features(
        sentences=verbatim,
        text=body,
        keys=np.concatenate([keys, _concepts(meant, in_subject), sender]),
        blocks=np.concatenate(
            [
                blocks,
                np.where(in_subject, Block.SUBJECT_CONCEPTS, Block.CONCEPTS),
                np.full(len(sender), Block.SENDER),
            ]
        ),
        places=np.concatenate([places, of_sentence, np.full(len(sender), len(verbatim))]),
        spans=np.concatenate([spans, none]),
        job_words=concepts.of_a_job(hits),
        language=language,
    )


def _read_part(found: Sequence[str]) -> tuple[str, ...]:
    """Return all sentences, or those at both ends of a long text."""
    ends = np.cumsum([len(sentence) for sentence in found])
    if not len(found) or ends[-1] <= _FROM_START + _FROM_END:
        return tuple(found)
    head = int(np.searchsorted(ends, _FROM_START, side="right")) + 1
    tail = int(np.searchsorted(ends, ends[-1] - _FROM_END, side="left"))
    return (*found[:head], *found[max(head, tail) :])


_Part = tuple[Block, Keys, Places]  # the block, keys (n,), spans (n, 2)


def _characters(text: Text, size: int, end: int) -> _Part:
    """Return the character n-grams of one size that start before `end`, where the subject is."""
    sums, starts = text.grams(size)
    last = int(np.searchsorted(starts, end))
    spans = np.empty((last, 2), dtype=np.int64)
    spans[:, 0] = starts[:last]
    spans[:, 1] = spans[:, 0] + size
    return Block.CHARACTERS, salted(sums[:last], Block.CHARACTERS), spans


def _words(text: Text, found: concepts.Words, end: int) -> list[_Part]:
    """Return the stretches of one to three words within sentences; the subject's apart."""
    parts = []
    for more in range(min(_FEW_WORDS, len(found.spans))):
        spans = np.empty((len(found.spans) - more, 2), dtype=np.int64)
        spans[:, 0] = found.spans[: len(spans), 0]
        spans[:, 1] = found.spans[more:, 1]
        spans = spans[text.clear(spans)]
        sums = text.stretches(spans[:, 0], spans[:, 1])
        last = int(np.searchsorted(spans[:, 0], end))
        parts.append((Block.WORDS, salted(sums[:last], Block.WORDS), spans[:last]))
        parts.append((Block.SUBJECT, salted(sums[last:], Block.SUBJECT), spans[last:]))
    return parts


def _concepts(keys: Keys, in_subject: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Keys:
    """Return the keys of combinations, other ones for the subject."""
    return np.where(in_subject, salted(keys, Block.SUBJECT_CONCEPTS), keys)


def _sender(author: Address | None) -> Keys:
    """Return the words of a fixed list that stand in the address: never a person's name."""
    parts = _BETWEEN.split(author.addr) if author else []
    numbers = sorted({_SENDER_NUMBER[part] for part in parts if part in _SENDER_NUMBER})
    return _SENDER_KEYS[np.array(numbers, dtype=np.int64)]


def combination_keys(names: Sequence[str], block: Block) -> Keys:
    """Return the keys of combinations of concepts written out, in the body or the subject."""
    keys = gram_keys(names, concepts.SALT)
    return salted(keys, block) if block is Block.SUBJECT_CONCEPTS else keys
