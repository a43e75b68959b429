"""Labelled mail → how good a model of it is on mail that it has not seen.

Splits are by group (employer, wording, form letter), never by row; the last step and its
thresholds are learned without the fold that is measured. Real mail is reported by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from inboxbot.classify import rows as files
from inboxbot.classify.decision import learn
from inboxbot.classify.features import features
from inboxbot.classify.fit import Corpus, Recipe, corpus_of, fit, folds, held_out, scores
from inboxbot.classify.metrics import (
    Bin,
    Detection,
    Share,
    calibration_error,
    detection,
    recall_at_precision,
    reliability,
)
from inboxbot.classify.scorer import CLASSES, REJECTION, Floats
from inboxbot.classify.table import Numbers
from inboxbot.core.types import Label

_LEAST_PRECISION: Final = 0.95  # for a language to be drafted in
_LEAST_RECALL: Final = 0.90
Mask = NDArray[np.bool_]

_WORST: Final = 40  # errors that are listed
_ENOUGH: Final = 10  # real examples for a label to have a figure of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Figures on one part of the mail, at the thresholds that the other folds chose."""

    mails: int
    drafted: Detection  # rejection, at the draft threshold
    noticed: Detection  # rejection, from the review threshold
    recall_at_99: float  # at the threshold whose precision is .99 on this very part
    calibration: float
    bins: tuple[Bin, ...]
    labels: dict[Label, Detection]

    @property
    def macro_f1(self) -> float:
        """Return the mean F1 of the labels that have enough examples."""
        scores = [one.f1 for one in self.labels.values() if one.recall.all >= _ENOUGH]
        return float(np.mean(scores)) if scores else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures by part: real mail, its sets, each kind, each language of written mail."""

    parts: dict[str, Part]
    languages: dict[str, Part]
    false_alarms: Share  # of real mail that has nothing to do with a job, at the draft threshold
    experimental: frozenset[str]
    worst: tuple[tuple[str, Label, float], ...]  # id, true label, probability of rejection
    inboxes: dict[str, Part] = field(default_factory=dict)  # each left out in turn


def evaluate(
    data: Sequence[Path],
    ham: Sequence[Path] = (),
    *,
    recipe: Recipe | None = None,
    by_inbox: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Cross-validate on labelled files and folders (see `train`); raises InputError.

    With `by_inbox`, every set of real mail with rejections in it is left out in turn.
    """
    report("reading mail")
    recipe = recipe or Recipe()
    rows = files.read(data, ham)
    with threadpool_limits(limits=1):
        corpus = corpus_of(rows, [features(row.message) for row in rows])
        everything = np.arange(len(rows))
        report(f"cross-validating {len(rows)} mails")
        evaluation = measured(corpus, everything, *held_out(corpus, everything, recipe), recipe)
        inboxes = _inboxes(corpus, recipe, report) if by_inbox else {}
    return replace(evaluation, inboxes=inboxes)


def _inboxes(corpus: Corpus, recipe: Recipe, report: Callable[[str], None]) -> dict[str, Part]:
    """Return the figures of each inbox under a model that never saw it, nor its form letters."""
    sets = np.array([row.set for row in corpus.rows])
    real = corpus.kind("real")
    found = {}
    for name in sorted(set(sets[real & corpus.rejected].tolist())):
        report(f"leaving out {name}")
        test = np.flatnonzero(real & (sets == name))
        train = np.flatnonzero(~np.isin(corpus.groups, corpus.groups[test]))
        decision = learn(corpus, train, *held_out(corpus, train, recipe))
        mails, signals = scores(corpus, fit(corpus, train, recipe), test)
        probabilities = decision.probabilities(signals)
        found[name] = _part(
            corpus.labels[test],
            _labels(mails, probabilities, float(decision.labels[0])),
            probabilities,
            probabilities >= decision.draft_threshold,
            probabilities >= decision.review_threshold,
        )
    return found


def measured(
    corpus: Corpus, chosen: Numbers, mails: Floats, signals: Floats, recipe: Recipe
) -> Evaluation:
    """Return the figures of held-out scores; the last step is learned without each fold, too."""
    labels, probabilities, drafted, noticed = _decided(corpus, chosen, mails, signals, recipe)
    truth = corpus.labels[chosen]

    def part(mask: Mask) -> Part:
        return _part(truth[mask], labels[mask], probabilities[mask], drafted[mask], noticed[mask])

    rows = [corpus.rows[number] for number in chosen]
    kinds = np.array([row.kind for row in rows])
    ordinary = np.array([row.label is Label.NOT_JOB for row in rows]) & (kinds == "real")
    raw = np.array([row.set == "ham" for row in rows])
    parts = {"real": part(kinds == "real"), "real, without ham": part((kinds == "real") & ~raw)}
    parts |= {kind: part(kinds == kind) for kind in sorted(set(kinds.tolist()) - {"real"})}
    spoken = np.array([row.language for row in rows])
    not_synthetic = kinds != "synthetic"
    languages = {
        language: part((spoken == language) & not_synthetic)
        for language in sorted(set(spoken.tolist()))
        if ((spoken == language) & not_synthetic & (truth == REJECTION)).sum() >= _ENOUGH
    }
    return Evaluation(
        parts=parts,
        languages=languages,
        false_alarms=Share(int((drafted & ordinary).sum()), int(ordinary.sum())),
        experimental=frozenset(code for code, one in languages.items() if _weak(code, one)),
        worst=_worst(rows, truth, probabilities),
    )


_MAIN_LANGUAGES: Final = frozenset({"en", "de", "fr", "es", "it", "nl", "pt"})


def _weak(language: str, part: Part) -> bool:
    """Tell whether a language misses its targets, so that nothing is drafted in it."""
    drafted = part.drafted
    missed = drafted.precision.value < _LEAST_PRECISION or drafted.recall.value < _LEAST_RECALL
    return language not in _MAIN_LANGUAGES and missed


def _decided(
    corpus: Corpus, chosen: Numbers, mails: Floats, signals: Floats, recipe: Recipe
) -> tuple[Numbers, Floats, Mask, Mask]:
    """Return labels, probabilities, and what is drafted and noticed, fold by fold."""
    fold = folds(corpus, chosen, recipe.folds, recipe.seed)
    probabilities = np.zeros(len(chosen))
    labels = np.zeros(len(chosen), dtype=np.int64)
    drafted = np.zeros(len(chosen), dtype=bool)
    noticed = np.zeros(len(chosen), dtype=bool)
    for number in range(recipe.folds):
        test = fold == number
        decision = learn(corpus, chosen[~test], mails[~test], signals[~test])
        found = decision.probabilities(signals[test])
        probabilities[test] = found
        labels[test] = _labels(mails[test], found, float(decision.labels[0]))
        drafted[test] = found >= decision.draft_threshold
        noticed[test] = found >= decision.review_threshold
    return labels, probabilities, drafted, noticed


def _labels(mails: Floats, probabilities: Floats, scale: float) -> Numbers:
    """Return the most probable class of each row, as `Model.judge` does."""
    others = mails * scale
    others[:, REJECTION] = -np.inf
    shares = np.exp(others - others.max(axis=1, keepdims=True))
    shares *= ((1 - probabilities) / shares.sum(axis=1))[:, None]
    shares[:, REJECTION] = probabilities
    result: Numbers = shares.argmax(axis=1)
    return result


def _part(
    truth: Numbers, labels: Numbers, probabilities: Floats, drafted: Mask, noticed: Mask
) -> Part:
    """Return the figures of one part."""
    rejected = truth == REJECTION
    return Part(
        mails=len(truth),
        drafted=detection(rejected, drafted),
        noticed=detection(rejected, noticed),
        recall_at_99=recall_at_precision(rejected, probabilities, 0.99),
        calibration=calibration_error(rejected, probabilities),
        bins=reliability(rejected, probabilities),
        labels={
            label: detection(truth == number, labels == number)
            for number, label in enumerate(CLASSES)
        },
    )


def _worst(
    rows: Sequence[files.Row], truth: Numbers, probabilities: Floats
) -> tuple[tuple[str, Label, float], ...]:
    """Return the mails that the model is most wrong about, by id: never their text."""
    errors = np.abs((truth == REJECTION) - probabilities)
    order = np.argsort(-errors, kind="stable")[:_WORST]
    return tuple(
        (rows[number].id, rows[number].label, float(probabilities[number])) for number in order
    )
