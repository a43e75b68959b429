"""Scores and a decision → what was decided on each mail, and the figures of any part of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inboxbot.classify import rows as files
from inboxbot.classify.decision import Decision, learn
from inboxbot.classify.fit import Corpus, Recipe, Scores, folds
from inboxbot.classify.metrics import (
    Bin,
    Detection,
    Share,
    calibration_error,
    detection,
    recall_at_precision,
    reliability,
)
from inboxbot.classify.scorer import CLASSES, REJECTION, Floats, without_job_words
from inboxbot.classify.table import Numbers
from inboxbot.core.text import sentences
from inboxbot.core.types import Label

_WORST: Final = 40  # errors that are listed
_ENOUGH: Final = 10  # real examples for a label to have a figure of its own

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Figures on one part of the mail, at the thresholds that the other folds chose."""

    mails: int
    drafted: Detection  # rejection, at the draft threshold
    noticed: Detection  # rejection, from the review threshold
    recall_at_99: float  # at the threshold whose precision is .99 on this very part
    recall_at_95: float
    calibration: float
    bins: tuple[Bin, ...]
    labels: dict[Label, Detection]
    evidence: Share  # of the drafted rejections with marks: the sentence shown is a marked one

    @property
    def macro_f1(self) -> float:
        """Return the mean F1 of the labels that have enough examples."""
        scores = [one.f1 for one in self.labels.values() if one.recall.all >= _ENOUGH]
        return float(np.mean(scores)) if scores else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One mail that the model is wrong about."""

    id: str
    label: Label
    probability: float  # of a rejection
    evidence: str  # the sentence, verbatim: for the screen, never for a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """n rows with what was decided on each."""

    rows: Sequence[files.Row]
    truth: Numbers
    labels: Numbers
    probabilities: Floats
    drafted: Mask
    noticed: Mask
    best: Numbers

    def part(self, mask: Mask) -> Part:
        """Return the figures of some of the rows."""
        truth, probabilities = self.truth[mask], self.probabilities[mask]
        rejected = truth == REJECTION
        return Part(
            mails=int(mask.sum()),
            drafted=detection(rejected, self.drafted[mask]),
            noticed=detection(rejected, self.noticed[mask]),
            recall_at_99=recall_at_precision(rejected, probabilities, 0.99),
            recall_at_95=recall_at_precision(rejected, probabilities, 0.95),
            calibration=calibration_error(rejected, probabilities),
            bins=reliability(rejected, probabilities),
            labels={
                label: detection(truth == number, self.labels[mask] == number)
                for number, label in enumerate(CLASSES)
            },
            evidence=self._evidence(np.flatnonzero(mask & self.drafted)),
        )

    def _evidence(self, chosen: Numbers) -> Share:
        marked = [number for number in chosen.tolist() if self.rows[number].decisive]
        right = sum(int(self.best[number]) in self.rows[number].decisive for number in marked)
        return Share(right, len(marked))

    def languages(self, mask: Mask) -> dict[str, Part]:
        """Return the figures of each language that has enough rejections."""
        spoken = np.array([row.language for row in self.rows])
        rejected = self.truth == REJECTION
        return {
            language: self.part(mask & (spoken == language))
            for language in sorted(set(spoken.tolist()))
            if (mask & (spoken == language) & rejected).sum() >= _ENOUGH
        }

    def worst(self) -> Iterable[Wrong]:
        """Yield the mails that the model is most wrong about, real mail first."""
        errors = np.abs((self.truth == REJECTION) - self.probabilities)
        errors += np.array([row.kind == "real" for row in self.rows]) * (errors > 0.5)  # noqa: PLR2004
        for number in np.argsort(-errors, kind="stable")[:_WORST].tolist():
            row, place = self.rows[number], int(self.best[number])
            found = sentences(row.message.text)
            yield Wrong(
                id=row.id,
                label=row.label,
                probability=float(self.probabilities[number]),
                evidence=found[place] if 0 <= place < len(found) else "",
            )


def judged(corpus: Corpus, chosen: Numbers, found: Scores, decision: Decision) -> Judged:
    """Return what one decision says of rows."""
    probabilities = decision.probabilities(found)
    return Judged(
        rows=[corpus.rows[number] for number in chosen],
        truth=corpus.labels[chosen],
        labels=_labels(
            without_job_words(found.mails, corpus.table.job_words[chosen]),
            probabilities,
            float(decision.labels[0]),
        ),
        probabilities=probabilities,
        drafted=probabilities >= decision.draft_threshold,
        noticed=probabilities >= decision.review_threshold,
        best=found.best,
    )


def cross_judged(corpus: Corpus, chosen: Numbers, found: Scores, recipe: Recipe) -> Judged:
    """Return what is decided on each row by the last step that the other folds taught."""
    fold = folds(corpus, chosen, recipe.folds, recipe.seed)
    parts = []
    places = []
    for number in range(recipe.folds):
        test = fold == number
        decision = learn(corpus, chosen[~test], found.of(~test))
        parts.append(judged(corpus, chosen[test], found.of(test), decision))
        places.append(np.flatnonzero(test))
    order = np.argsort(np.concatenate(places), kind="stable")
    return Judged(
        rows=[corpus.rows[number] for number in chosen],
        truth=corpus.labels[chosen],
        labels=np.concatenate([part.labels for part in parts])[order],
        probabilities=np.concatenate([part.probabilities for part in parts])[order],
        drafted=np.concatenate([part.drafted for part in parts])[order],
        noticed=np.concatenate([part.noticed for part in parts])[order],
        best=found.best,
    )


def _labels(mails: Floats, probabilities: Floats, scale: float) -> Numbers:
    """Return the most probable class of each row, as `Model.judge` does."""
    others = mails * scale
    others[:, REJECTION] = -np.inf
    shares = np.exp(others - others.max(axis=1, keepdims=True))
    shares *= ((1 - probabilities) / shares.sum(axis=1))[:, None]
    shares[:, REJECTION] = probabilities
    result: Numbers = shares.argmax(axis=1)
    return result
