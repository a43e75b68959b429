r"""Model file + message → verdict, without scikit-learn.

The file is one self-describing binary, written by `write` and read by `Model.load`:

    b"inboxbot-model\n"              so that anything else is refused at once
    SHA-256 of what follows, \n      64 hex digits
    a JSON object on one line, \n    version, classes, thresholds, names and shapes of the arrays
    the arrays                       one after the other, little-endian, in the header's order

No part of it is executed: not a pickle, and numpy's own format is not used either.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import msgspec
import numpy as np

from inboxbot.classify import concepts
from inboxbot.classify.features import VERSION, Block, Features, combination_keys, features
from inboxbot.classify.ngrams import Keys, line_keys
from inboxbot.classify.scorer import (
    CLASSES,
    OTHERS,
    REJECTION,
    Codes,
    Columns,
    Floats,
    Known,
    Vocabulary,
    known,
    mail_scores,
    sentence_scores,
    signals,
    weighted,
    without_job_words,
)
from inboxbot.classify.shift import Shift
from inboxbot.classify.thresholds import ADVICE, MAGIC, checked, read_digest
from inboxbot.core.correction import Personal
from inboxbot.core.types import Label, Message, Verdict
from inboxbot.errors import ModelError

FORMAT: Final = 2
_SEPARATOR: Final = "\n"
_PERHAPS: Final = 0.01  # of a rejection: from here on, ordinary mail shows the sentence, too


class Header(msgspec.Struct, kw_only=True, frozen=True):
    """The JSON object at the head of a model file."""

    format: int
    features: int  # inboxbot.classify.features.VERSION
    lexicon: str  # inboxbot.classify.concepts.DIGEST
    classes: tuple[str, ...]
    draft_threshold: float
    review_threshold: float
    experimental_languages: tuple[str, ...]
    arrays: tuple[tuple[str, str, tuple[int, ...]], ...]  # name, numpy's type, shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """All that a model has learned; v features, 10 classes, s signals."""

    grams: Mapping[Block, str]  # written out, a line each, in the order of their columns
    mail: Codes  # (v, 10), 8 bits each
    mail_scale: Floats  # (10,)
    mail_bias: Floats  # (10,)
    sentence: Floats  # (v,), stored in 16 bits
    sentence_bias: float
    decision: Floats  # (s,): of the signals, to one score
    odds: Floats  # (languages, 2): slope and bias, score to log-odds, as concepts.LANGUAGES
    labels: Floats  # (2,): scale of the other classes' scores, and nothing else yet

    @property
    def words(self) -> frozenset[str]:
        """Return every word that stands in a feature made of whole words."""
        return frozenset((self.grams[Block.WORDS] + self.grams[Block.SUBJECT]).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the settings take over where they say nothing."""

    draft_threshold: float
    review_threshold: float
    experimental_languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A mail as the ten-class model sees it, and how likely a rejection it is."""

    columns: Columns  # (n,)
    values: Floats  # (n,) what each of its features counts
    odds: float  # log-odds of a rejection


class Model:
    """Tells what a mail is, how sure that is, and which sentence says so."""

    def __init__(self, weights: Weights, defaults: Defaults, digest: str = "") -> None:
        self.digest = digest  # SHA-256 of its file
        self._weights = replace(weights, grams={})  # megabytes that are not needed again
        self._vocabulary = Vocabulary(keys_of(weights.grams))
        sizes = [weights.grams.get(block, "").count(_SEPARATOR) for block in Block]
        self._blocks = np.repeat(np.arange(len(Block), dtype=np.int8), sizes)
        self.draft_threshold = defaults.draft_threshold
        self.review_threshold = defaults.review_threshold
        self.experimental_languages = defaults.experimental_languages

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model file; raises ModelError that names the file and says what to do."""
        return cls(*read(path), read_digest(path))

    def shift(self, personal: Personal) -> Shift | None:
        """Return what a personal correction adds to log-odds; None for one of another model."""
        columns = np.array(personal.columns, dtype=np.int64)
        if personal.model != self.digest or len(columns) != len(personal.weights):
            return None
        weights = np.zeros(len(self._blocks))
        weights[columns] = personal.weights
        return Shift(weights)

    def weigh(self, message: Message) -> Weighed:
        """Return the features of a mail that count, and its log-odds of a rejection."""
        found = features(message)
        part = known(found, self._vocabulary)
        signal = signals(*self._scores(part, len(found.sentences)), found.job_words)
        return Weighed(*weighted(part, self._blocks), self._odds(signal, found.language))

    def judge(self, message: Message, shift: Shift | None = None) -> Verdict:
        """Return the verdict on a mail; an empty one is ordinary mail.

        `shift` is a personal correction; the labels but for rejection share the rest as before.
        """
        found = features(message)
        part = known(found, self._vocabulary)
        scores, of_sentences = self._scores(part, len(found.sentences))
        odds = self._odds(signals(scores, of_sentences, found.job_words), found.language)
        if shift is not None:
            odds += shift.of(*weighted(part, self._blocks))
        probability = _probability(odds)
        shares = self._shares(scores, probability, found.job_words)
        label = CLASSES[int(np.argmax(shares))]
        if probability < (_PERHAPS if label is Label.NOT_JOB else self.review_threshold):
            of_sentences = self._support(part, len(found.sentences), label)
        return Verdict(
            label=label,
            probability=probability,
            probabilities=dict(zip(CLASSES, shares.tolist(), strict=True)),
            evidence=found.sentences[int(np.argmax(of_sentences))] if len(of_sentences) else "",
        )

    def scores(self, found: Features) -> tuple[Floats, Floats]:
        """Return the scores of a mail's ten classes, and of each of its sentences."""
        return self._scores(known(found, self._vocabulary), len(found.sentences))

    def _scores(self, part: Known, count: int) -> tuple[Floats, Floats]:
        """Return the scores of ten classes (10,) and of `count` sentences as rejections."""
        weights = self._weights
        mail = mail_scores(part, self._blocks, weights.mail, weights.mail_scale, weights.mail_bias)
        sentence = weights.sentence[part.columns]
        return mail, sentence_scores(part, count, sentence, weights.sentence_bias)

    def _support(self, part: Known, count: int, label: Label) -> Floats:
        """Return how much each sentence says for a label; nothing where it is ordinary mail."""
        if label is Label.NOT_JOB:
            return np.zeros(0)
        weights = self._weights.mail[part.columns] * self._weights.mail_scale
        support = weights[:, CLASSES.index(label)] - weights.mean(axis=1)
        return sentence_scores(part, count, support, 0.0)

    def _odds(self, found: Floats, language: str) -> float:
        """Return the log-odds of a rejection, calibrated for a language."""
        slope, bias = self._weights.odds[concepts.LANGUAGES.index(language)]
        return float(found @ self._weights.decision) * float(slope) + float(bias)

    def _shares(self, scores: Floats, probability: float, job_words: int) -> Floats:
        """Return the probabilities of all classes: the rest is shared by the other nine."""
        (scores,) = without_job_words(scores[None], np.array([job_words]))
        others = (scores - scores[OTHERS].max()) * self._weights.labels[0]
        shares = np.exp(np.minimum(others, 0))
        shares[REJECTION] = 0
        shares *= (1 - probability) / shares.sum()
        shares[REJECTION] = probability
        result: Floats = shares
        return result


def _probability(odds: float) -> float:
    """Return the probability of log-odds."""
    return float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def keys_of(grams: Mapping[Block, str]) -> Keys:
    """Return the keys of a vocabulary, block after block."""
    return np.concatenate(
        [
            combination_keys(grams.get(block, "").splitlines(), block)
            if block in {Block.CONCEPTS, Block.SUBJECT_CONCEPTS}
            else line_keys(grams.get(block, ""), block)
            for block in Block
        ]
    )


# The file.


def write(path: Path, weights: Weights, defaults: Defaults) -> str:
    """Write a model file and return its SHA-256; the same model gives the same bytes."""
    arrays = _arrays(weights)
    header = Header(
        format=FORMAT,
        features=VERSION,
        lexicon=concepts.DIGEST,
        classes=tuple(CLASSES),
        draft_threshold=defaults.draft_threshold,
        review_threshold=defaults.review_threshold,
        experimental_languages=tuple(sorted(defaults.experimental_languages)),
        arrays=tuple((name, array.dtype.str, array.shape) for name, array in arrays.items()),
    )
    body = msgspec.json.encode(header) + b"\n" + b"".join(a.tobytes() for a in arrays.values())
    digest = hashlib.sha256(body).hexdigest()
    path.write_bytes(MAGIC + digest.encode() + b"\n" + body)
    return digest


def _arrays(weights: Weights) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """Return the arrays of a model file by name, little-endian."""
    grams = {
        f"grams.{block.name.lower()}": np.frombuffer(
            weights.grams.get(block, "").encode(), dtype=np.uint8
        )
        for block in Block
    }
    return grams | {
        "mail": weights.mail,
        "mail_scale": weights.mail_scale.astype("<f8"),
        "mail_bias": weights.mail_bias.astype("<f8"),
        "sentence": weights.sentence.astype("<f2"),
        "sentence_bias": np.array([weights.sentence_bias], dtype="<f8"),
        "decision": weights.decision.astype("<f8"),
        "odds": weights.odds.astype("<f8"),
        "labels": weights.labels.astype("<f8"),
    }


def read(path: Path) -> tuple[Weights, Defaults]:
    """Read a model file and check every part of it; raises ModelError."""
    body = checked(path)
    head, _, rest = body.partition(b"\n")
    try:
        header = msgspec.json.decode(head, type=Header)
        arrays = _split(header, rest)
        weights = _weights(arrays)
    except (msgspec.DecodeError, ValueError, KeyError, TypeError) as err:
        raise ModelError(f"{path}: not a model that this version can read; {ADVICE}") from err
    _check_version(path, header)
    return weights, Defaults(
        draft_threshold=header.draft_threshold,
        review_threshold=header.review_threshold,
        experimental_languages=frozenset(header.experimental_languages),
    )


def _check_version(path: Path, header: Header) -> None:
    """Refuse a model whose features mean something else here."""
    ours = (FORMAT, VERSION, concepts.DIGEST, tuple(CLASSES))
    if (header.format, header.features, header.lexicon, header.classes) != ours:
        raise ModelError(
            f"{path}: the model is of another version of inboxbot; install the program and the "
            "model of one release, or make the model anew with `inboxbot train`"
        )


def _split(header: Header, data: bytes) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """Return the arrays that the header announces; raises ValueError where they do not fit."""
    arrays = {}
    place = 0
    for name, kind, shape in header.arrays:
        if kind not in {"|u1", "|i1", "<f2", "<f8"}:
            raise ValueError(kind)
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, kind, count, place).reshape(shape)
        place += arrays[name].nbytes
    if place != len(data):
        raise ValueError(len(data))
    return arrays


def _weights(arrays: Mapping[str, np.ndarray[Any, np.dtype[Any]]]) -> Weights:
    """Return the weights; raises ValueError where shapes contradict each other."""
    grams = {block: arrays[f"grams.{block.name.lower()}"].tobytes().decode() for block in Block}
    size = sum(text.count(_SEPARATOR) for text in grams.values())
    if arrays["mail"].shape != (size, len(CLASSES)) or arrays["sentence"].shape != (size,):
        raise ValueError(size)
    return Weights(
        grams=grams,
        mail=arrays["mail"],
        mail_scale=arrays["mail_scale"],
        mail_bias=arrays["mail_bias"],
        sentence=arrays["sentence"].astype(np.float32),
        sentence_bias=float(arrays["sentence_bias"][0]),
        decision=arrays["decision"],
        odds=arrays["odds"],
        labels=arrays["labels"],
    )
