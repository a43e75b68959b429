"""Features of many rows → sparse matrices to fit on, and the vocabulary that a model may keep.

A feature is a candidate if it stands in at least three mails. A model keeps a candidate that
several groups share (`Table.shared`), and never one that every mail of one inbox brings: so no
person's name, no employer and no form letter becomes a word of the model.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from inboxbot.classify.features import Block, Features
from inboxbot.classify.ngrams import CHARACTERS, Keys
from inboxbot.classify.scorer import IN_SENTENCES, SCALE

_NAMES: Final = [
    name
    for line in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for name in line.split()
]
_NAME: Final = re.compile(r"\b(?:" + "|".join(_NAMES) + r")\b")
_MAILS: Final = 3  # in fewer than these, a feature is not even a candidate
_SENTENCES: Final = 40  # of one mail that the sentence model sees

Matrix = sparse.csr_matrix
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """The candidates of all rows: keys (m,), blocks (m,), counts per mail and per sentence."""

    keys: Keys
    blocks: NDArray[np.int8]
    mails: Matrix  # (rows, m), 1 where the mail has the feature
    sentences: Matrix  # (sentences, m), how often the sentence has it
    owners: Numbers  # (sentences,) the row of each sentence
    ranks: Numbers  # (sentences,) the number of the sentence in its row
    job_words: Numbers  # (rows,) see Features
    languages: NDArray[np.str_]  # (rows,) see Features

    def shared(self, rows: Numbers, groups: Numbers, least: int) -> NDArray[np.bool_]:
        """Tell which candidates stand in at least `least` groups of these rows."""
        _, numbers = np.unique(groups[rows], return_inverse=True)
        ones = np.ones(len(rows))
        member = sparse.csr_matrix((ones, (numbers, np.arange(len(rows)))))
        held = member @ self.mails[rows]
        held.data[:] = 1
        counts: NDArray[np.bool_] = np.asarray(held.sum(axis=0)).ravel() >= least
        return counts


def table(features: Sequence[Features], kept: int = 0) -> Table:
    """Return the table of candidates of all mails; a word that is a personal name is none.

    The last `kept` mails are only measured: they make no candidates.
    """
    learned = features[: len(features) - kept]
    keys, blocks = _candidates(learned)
    nameless = ~np.isin(keys, _named_keys(learned))
    keys, blocks = keys[nameless], blocks[nameless]
    mails = _stack([_mail(one, keys) for one in features], len(keys))
    parts = [_sentences(one, keys) for one in features]
    counts = [min(len(one.sentences), _SENTENCES) for one in features]
    return Table(
        keys=keys,
        blocks=blocks,
        mails=mails,
        sentences=_stack([row for part in parts for row in part], len(keys)),
        owners=np.repeat(np.arange(len(features)), counts),
        job_words=np.array([one.job_words for one in features]),
        languages=np.array([one.language for one in features]),
        ranks=np.concatenate([np.arange(count) for count in counts]),
    )


def _candidates(features: Sequence[Features]) -> tuple[Keys, NDArray[np.int8]]:
    """Return the keys that stand in enough mails, sorted, and the block of each."""
    everything = np.concatenate([_distinct(one)[0] for one in features])
    blocks = np.concatenate([_distinct(one)[1] for one in features])
    keys, first, counts = np.unique(everything, return_index=True, return_counts=True)
    held = counts >= _MAILS
    return keys[held], blocks[first[held]].astype(np.int8)


def _distinct(features: Features) -> tuple[Keys, Numbers]:
    """Return the distinct keys of a mail, and the block of each."""
    keys, first = np.unique(features.keys, return_index=True)
    return keys, features.blocks[first]


def _named_keys(features: Sequence[Features]) -> Keys:
    """Return the keys of all stretches that hold a personal name as a whole word."""
    found = [np.zeros(0, dtype=np.uint64)]
    for one in features:
        for name in _NAME.finditer(one.text):
            inside = one.spans[:, 0] <= name.start()
            inside &= one.spans[:, 1] >= name.end()
            found.append(_whole(one, np.flatnonzero(inside), name))
    return np.unique(np.concatenate(found))


def _whole(one: Features, chosen: Numbers, name: re.Match[str]) -> Keys:
    """Return those of the chosen features that show the whole name: as a word, or to its ends."""
    if len(name[0]) + 2 > max(CHARACTERS):
        chosen = chosen[one.blocks[chosen] != Block.CHARACTERS]
        return one.keys[chosen]
    words: NDArray[np.bool_] = one.blocks[chosen] != Block.CHARACTERS
    bounded = one.spans[chosen, 0] < name.start()
    bounded &= one.spans[chosen, 1] > name.end()
    shown: Keys = one.keys[chosen[words | bounded]]
    return shown


def _find(keys: Keys, candidates: Keys) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the candidate of each key, and whether there is one."""
    places = np.minimum(np.searchsorted(candidates, keys), len(candidates) - 1)
    return places, candidates[places] == keys


def _mail(features: Features, candidates: Keys) -> Numbers:
    """Return the distinct candidates of a mail."""
    places, held = _find(features.keys, candidates)
    return np.unique(places[held])


def _sentences(features: Features, candidates: Keys) -> list[Numbers]:
    """Return the candidates of each of a mail's first sentences, repeated where they repeat."""
    places, held = _find(features.keys, candidates)
    held &= features.blocks < len(IN_SENTENCES)
    places, owners = places[held], features.places[held]
    order = np.argsort(owners, kind="stable")
    count = min(len(features.sentences), _SENTENCES)
    bounds = np.searchsorted(owners[order], np.arange(count + 1))
    return [places[order[bounds[n] : bounds[n + 1]]] for n in range(count)]


def _stack(rows: Sequence[Numbers], width: int) -> Matrix:
    """Return a matrix of counts whose rows hold these columns."""
    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    columns = np.concatenate([*rows, np.zeros(0, dtype=np.int64)]).astype(np.int32)
    matrix = sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), width))
    matrix.sum_duplicates()
    return matrix


def scaled(counts: Matrix, blocks: NDArray[np.int8]) -> Matrix:
    """Scale each block of each row as `scorer` does: by its weight over √(its known features)."""
    parts = counts.tocsr(copy=True)
    rows = np.repeat(np.arange(parts.shape[0]), np.diff(parts.indptr))
    of_entry = blocks[parts.indices]
    for block in Block:
        entries = np.flatnonzero(of_entry == block)
        sums = np.bincount(rows[entries], weights=parts.data[entries], minlength=parts.shape[0])
        parts.data[entries] *= SCALE[block] / np.sqrt(sums[rows[entries]])
    return parts
