"""Keys → scores: the vocabulary and the weights of a model, with numpy alone.

A mail counts each feature once, a sentence as often as it stands there; each block of features is
scaled by 1/√(how many of them are known), so that a long text weighs no more than a short one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inboxbot.classify.features import Block, Features
from inboxbot.classify.ngrams import Keys
from inboxbot.core.types import Label

Floats = NDArray[np.float64]
Columns = NDArray[np.int64]

CLASSES: Final = tuple(Label)
REJECTION: Final = CLASSES.index(Label.REJECTION)
NOT_JOB: Final = CLASSES.index(Label.NOT_JOB)
IN_SENTENCES: Final = (Block.CHARACTERS, Block.WORDS, Block.CONCEPTS)  # the first of all blocks
SCALE: Final = {
    Block.CHARACTERS: 1.0,
    Block.WORDS: 1.0,
    Block.CONCEPTS: 1.0,
    Block.SUBJECT: 0.3,
    Block.SUBJECT_CONCEPTS: 0.3,
    Block.SENDER: 0.15,
}
SIGNALS: Final = 4  # numbers that decide over a rejection, see `signals`
_SLOTS_PER_KEY: Final = 2
_UNKNOWN: Final = -1
OTHERS: Final = np.array([n for n in range(len(CLASSES)) if n != REJECTION])
_FEW_JOB_WORDS: Final = 2
_FOREIGN_TO_JOBS: Final = 1.5  # log-odds for each job word that is missing
_PRIVATE: Final = 4.0  # the same for all labels of recruiting mail against ordinary mail
_NO_SENTENCE: Final = -6.0  # the score of a sentence that is not there


def without_job_words(scores: Floats, job_words: NDArray[np.int64]) -> Floats:
    """Return class scores (n, classes) in which mail that hardly speaks of work is ordinary mail.

    An invitation to dinner reads like one to an interview; what differs is what it is about.
    """
    lowered = scores.copy()
    lowered[:, NOT_JOB] += _PRIVATE * np.maximum(0, _FEW_JOB_WORDS - job_words)
    return lowered


class Vocabulary:
    """Finds the column of a key in a table of slots, a power of two of them (linear probing)."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        slots = max(16, 1 << (len(keys) * _SLOTS_PER_KEY - 1).bit_length())
        self._mask = np.uint64(slots - 1)
        self._slots = np.full(slots, _UNKNOWN, dtype=np.int32)
        self._probes = 0
        self._fill()

    def _fill(self) -> None:
        """Give every key a slot; a taken slot sends it to the next one."""
        waiting = np.arange(len(self.keys))
        place = self.keys & self._mask
        while len(waiting):
            self._probes += 1
            free = waiting[self._slots[place[waiting]] == _UNKNOWN]
            settled = free[np.unique(place[free], return_index=True)[1]]
            self._slots[place[settled]] = settled
            waiting = np.setdiff1d(waiting, settled, assume_unique=True)
            place[waiting] = (place[waiting] + np.uint64(1)) & self._mask

    def columns(self, keys: Keys) -> Columns:
        """Return the column of each key, -1 where the model does not know it."""
        found = np.full(len(keys), _UNKNOWN, dtype=np.int64)
        waiting = np.arange(len(keys))
        place = keys & self._mask
        for _ in range(self._probes):
            column = self._slots[place]
            held = np.flatnonzero(column != _UNKNOWN)
            waiting, column, place = waiting[held], column[held], place[held]
            right = self.keys[column] == keys[waiting]
            found[waiting[right]] = column[right]
            wrong = ~right
            waiting = waiting[wrong]
            if not len(waiting):
                break
            place = (place[wrong] + np.uint64(1)) & self._mask
        return found


@dataclass(frozen=True, slots=True)
class Known:
    """The features of a mail that the model knows, n of them."""

    columns: Columns  # (n,)
    blocks: Columns  # (n,)
    places: Columns  # (n,) numbers of sentences


def known(features: Features, vocabulary: Vocabulary) -> Known:
    """Return those features of a mail that the model knows."""
    columns = vocabulary.columns(features.keys)
    held = np.flatnonzero(columns != _UNKNOWN)
    return Known(columns[held], features.blocks[held], features.places[held])


_SCALES: Final = np.array([SCALE[block] for block in Block])


Codes = NDArray[np.int8]
_LARGEST_CODE: Final = 127


def quantised(weights: Floats) -> tuple[Codes, Floats]:
    """Return weights (v, classes) as codes of 8 bits and the scale (classes,) of each class."""
    scale = np.abs(weights).max(axis=0, initial=0.0) / _LARGEST_CODE
    scale = np.where(scale > 0, scale, 1.0)
    return np.rint(weights / scale).astype(np.int8), scale


def weighted(found: Known, blocks: Codes) -> tuple[Columns, Floats]:
    """Return the distinct features of a mail, as columns in order, and what each counts.

    `blocks` (v,) is the block of each column.
    """
    columns = np.sort(found.columns)
    columns = columns[np.diff(columns, prepend=_UNKNOWN) > 0]
    of_column = blocks[columns]
    sizes = np.bincount(of_column, minlength=len(_SCALES))
    return columns, (_SCALES / np.sqrt(np.maximum(sizes, 1)))[of_column]


def mail_scores(found: Known, blocks: Codes, weights: Codes, scale: Floats, bias: Floats) -> Floats:
    """Return the score of a mail for each class.

    `blocks` (v,) is the block of each column, `weights` (v, classes), `scale` and `bias`
    (classes,).
    """
    columns, values = weighted(found, blocks)
    scores: Floats = (values @ weights[columns].astype(np.float64)) * scale + bias
    return scores


def sentence_scores(found: Known, count: int, weights: Floats, bias: float) -> Floats:
    """Return the score of each of `count` sentences; `weights` (n,) is that of each feature."""
    inside = np.flatnonzero(found.blocks < len(IN_SENTENCES))
    cells = found.blocks[inside] * count + found.places[inside]
    size = len(IN_SENTENCES) * count
    held = np.bincount(cells, minlength=size)
    sums = np.bincount(cells, weights=weights[inside], minlength=size)
    parts = (sums / np.sqrt(np.maximum(held, 1))).reshape(len(IN_SENTENCES), count)
    scores: Floats = _SCALES[: len(IN_SENTENCES)] @ parts + bias
    return scores


def signals(scores: Floats, of_sentences: Floats, job_words: int) -> Floats:
    """Return what decides over a rejection: the lead of its class, and the best sentences.

    Shape (4,): the log-odds of the class; the scores of the best, second and third sentence. The
    lead is lowered where hardly a word is of a job search, in whatever language: all real
    rejections have three such words or more, so this costs nothing and keeps families' mail out.
    """
    top = scores[OTHERS].max()
    lead = scores[REJECTION] - top - np.log(np.exp(scores[OTHERS] - top).sum())
    lead -= _FOREIGN_TO_JOBS * max(0, _FEW_JOB_WORDS - job_words)
    best = np.full(SIGNALS - 1, _NO_SENTENCE)
    found = np.sort(of_sentences)[::-1][: len(best)]
    best[: len(found)] = np.maximum(found, _NO_SENTENCE)
    return np.array([lead, *best])
