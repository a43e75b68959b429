"""Labelled mail → how good a model of it is on mail that it has not seen.

Splits are by group (employer, wording, form letter), never by row; the last step and its
thresholds are learned without the fold that is measured. Real mail is reported by itself. Held-out
mail is never trained on, in any split.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inboxbot.classify import rows as files
from inboxbot.classify.decision import Decision, learn
from inboxbot.classify.features import Features, features
from inboxbot.classify.fit import (
    Corpus,
    Fitted,
    Recipe,
    Scores,
    corpus_of,
    fit,
    folds,
    held_out,
    scores,
)
from inboxbot.classify.metrics import (
    Bin,
    Detection,
    Share,
    calibration_error,
    detection,
    recall_at_precision,
    reliability,
)
from inboxbot.classify.parallel import each
from inboxbot.classify.scorer import CLASSES, REJECTION, Floats, without_job_words
from inboxbot.classify.table import Numbers
from inboxbot.core.text import sentences
from inboxbot.core.types import Label

_LEAST_PRECISION: Final = 0.95  # for a language to be drafted in
_LEAST_RECALL: Final = 0.90
_MAIN_LANGUAGES: Final = frozenset({"en", "de", "fr", "es", "it", "nl", "pt"})
_WORST: Final = 40  # errors that are listed
_ENOUGH: Final = 10  # real examples for a label to have a figure of its own
_LEAST_MAILS: Final = 500  # fewer than these share no wording to learn from
_SHARES: Final = (0.125, 0.25, 0.5, 1.0)  # of the groups, for the learning curve
PARTS: Final = (  # what a model is made of, for the ablation
    "characters", "words", "concepts", "subject", "sender", "sentences", "marks", "scarce",
)  # fmt: skip

Mask = NDArray[np.bool_]
Report = Callable[[str], None]


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
class Trial:
    """What a model with less data, or without one of its parts, reaches on the same mail."""

    name: str
    mails: int  # that it learned from
    real: float  # recall at precision .99, real mail
    written: float  # recall at precision .95, written mail
    held_out: float  # recall at precision .95, held-out mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures by part: real mail, each kind, each language; the optional ones may be empty."""

    parts: dict[str, Part]
    languages: dict[str, Part]  # of all mail but synthetic, cross-validated
    held_out: dict[str, Part]  # by language, of mail that was never trained on
    false_alarms: Share  # of real mail that has nothing to do with a job, at the draft threshold
    experimental: frozenset[str]
    worst: tuple[Wrong, ...]
    inboxes: dict[str, Part]  # each left out in turn
    curve: tuple[Trial, ...]
    ablation: tuple[Trial, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """All mail at hand, the part that may be trained on, and the part that may not."""

    corpus: Corpus
    found: Sequence[Features]
    train: Numbers
    kept: Numbers  # held-out rows
    recipe: Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Where the mail is.

    `data` are labelled .jsonl files or folders of them, `ham` folders of raw .eml that is ordinary
    mail, `kept` labelled mail that is measured and never trained on, `marks` the decisive sentences
    of mail in `data` (see `rows`).
    """

    data: Sequence[Path]
    ham: Sequence[Path] = ()
    kept: Sequence[Path] = ()
    marks: Sequence[Path] = ()


def bench_of(mail: Mail, recipe: Recipe) -> Bench:
    """Read all mail and compute its features; raises InputError."""
    rows = files.read(mail.data, mail.ham, mail.marks)
    aside = files.read(mail.kept) if mail.kept else []
    both = [*rows, *aside]
    found = each(lambda row: features(row.message), both)
    return Bench(
        corpus=corpus_of(both, found, len(aside)),
        found=found,
        train=np.arange(len(rows)),
        kept=np.arange(len(rows), len(both)),
        recipe=recipe,
    )


def evaluate(
    mail: Mail,
    *,
    recipe: Recipe | None = None,
    thorough: bool = False,
    report: Report = lambda _: None,
) -> Evaluation:
    """Cross-validate on labelled mail; raises InputError.

    `thorough` also leaves out each set of real mail that holds rejections, draws the learning
    curve and takes away each part of the model.
    """
    bench = bench_of(mail, recipe or Recipe())
    return measured(bench, fitted_on(bench, report), thorough=thorough, report=report)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model in the making: cross-validated scores, what they taught, and the final weights."""

    found: Scores
    decision: Decision
    fitted: Fitted


def fitted_on(bench: Bench, report: Report) -> Trained:
    """Cross-validate, learn the last step from that, and fit on everything."""
    report(f"cross-validating {len(bench.train)} mails")
    found = held_out(bench.corpus, bench.train, bench.recipe)
    report("fitting on everything")
    return Trained(
        found=found,
        decision=learn(bench.corpus, bench.train, found),
        fitted=fit(bench.corpus, bench.train, bench.recipe),
    )


def measured(
    bench: Bench, trained: Trained, *, thorough: bool, report: Report = lambda _: None
) -> Evaluation:
    """Return the figures of cross-validated scores, and of the fitted model on held-out mail."""
    corpus, chosen, recipe = bench.corpus, bench.train, bench.recipe
    judged = _cross_judged(corpus, chosen, trained.found, recipe)
    kinds = np.array([corpus.rows[number].kind for number in chosen])
    labels = np.array([corpus.rows[number].label for number in chosen])
    raw = np.array([corpus.rows[number].raw for number in chosen])
    real = kinds == "real"
    parts = {"real": judged.part(real), "real, without raw": judged.part(real & ~raw)}
    parts |= {kind: judged.part(kinds == kind) for kind in sorted(set(kinds) - {"real"})}
    languages = judged.languages(kinds != "synthetic")
    spoken = _held_out_languages(bench, trained) if len(bench.kept) else {}
    ordinary = real & (labels == Label.NOT_JOB)
    return Evaluation(
        parts=parts,
        languages=languages,
        held_out=spoken,
        false_alarms=Share(int((judged.drafted & ordinary).sum()), int(ordinary.sum())),
        experimental=frozenset(
            code for code, one in (spoken or languages).items() if _weak(code, one)
        ),
        worst=tuple(judged.worst()),
        inboxes=_inboxes(bench, trained.found, report) if thorough else {},
        curve=_curve(bench, report) if thorough else (),
        ablation=_ablation(bench, report) if thorough else (),
    )


def _weak(language: str, part: Part) -> bool:
    """Tell whether a language misses its targets, so that nothing is drafted in it."""
    drafted = part.drafted
    missed = drafted.precision.value < _LEAST_PRECISION or drafted.recall.value < _LEAST_RECALL
    return language not in _MAIN_LANGUAGES and missed


# Scores that a decision has turned into verdicts.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
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


def _judged(corpus: Corpus, chosen: Numbers, found: Scores, decision: Decision) -> _Judged:
    """Return what one decision says of rows."""
    probabilities = decision.probabilities(found)
    return _Judged(
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


def _cross_judged(corpus: Corpus, chosen: Numbers, found: Scores, recipe: Recipe) -> _Judged:
    """Return what is decided on each row by the last step that the other folds taught."""
    fold = folds(corpus, chosen, recipe.folds, recipe.seed)
    parts = []
    places = []
    for number in range(recipe.folds):
        test = fold == number
        decision = learn(corpus, chosen[~test], found.of(~test))
        parts.append(_judged(corpus, chosen[test], found.of(test), decision))
        places.append(np.flatnonzero(test))
    order = np.argsort(np.concatenate(places), kind="stable")
    return _Judged(
        rows=[corpus.rows[number] for number in chosen],
        truth=corpus.labels[chosen],
        labels=np.concatenate([part.labels for part in parts])[order],
        probabilities=np.concatenate([part.probabilities for part in parts])[order],
        drafted=np.concatenate([part.drafted for part in parts])[order],
        noticed=np.concatenate([part.noticed for part in parts])[order],
        best=found.best,
    )


def _held_out_languages(bench: Bench, trained: Trained) -> dict[str, Part]:
    """Return what the finished model decides on the mail that was kept aside."""
    found = scores(bench.corpus, trained.fitted, bench.kept, bench.recipe)
    judged = _judged(bench.corpus, bench.kept, found, trained.decision)
    return judged.languages(np.ones(len(bench.kept), dtype=bool))


def _labels(mails: Floats, probabilities: Floats, scale: float) -> Numbers:
    """Return the most probable class of each row, as `Model.judge` does."""
    others = mails * scale
    others[:, REJECTION] = -np.inf
    shares = np.exp(others - others.max(axis=1, keepdims=True))
    shares *= ((1 - probabilities) / shares.sum(axis=1))[:, None]
    shares[:, REJECTION] = probabilities
    result: Numbers = shares.argmax(axis=1)
    return result


# The slow figures.


def _inboxes(bench: Bench, found: Scores, report: Report) -> dict[str, Part]:
    """Return the figures of each inbox under a model that never saw it, nor its form letters.

    The last step, a handful of numbers, is learned from the other mail's cross-validated scores.
    """
    corpus, chosen = bench.corpus, bench.train
    sets = np.array([corpus.rows[number].set for number in chosen])
    real = corpus.kind("real")[chosen]
    names = sorted(set(sets[real & corpus.rejected[chosen]].tolist()))
    if len(names) == 1:  # nothing real is left to learn the last step from
        return {}
    report(f"leaving out each of {len(names)} inboxes")

    def one(name: str) -> Part:
        test = np.flatnonzero(real & (sets == name))
        train = ~np.isin(corpus.groups[chosen], corpus.groups[chosen[test]])
        decision = learn(corpus, chosen[train], found.of(train))
        fitted = fit(corpus, chosen[train], bench.recipe)
        judged = _judged(
            corpus, chosen[test], scores(corpus, fitted, chosen[test], bench.recipe), decision
        )
        return judged.part(np.ones(len(test), dtype=bool))

    return dict(zip(names, each(one, names), strict=True))


def _curve(bench: Bench, report: Report) -> tuple[Trial, ...]:
    """Return what less mail to learn from reaches: whole groups, one fold kept for measuring."""
    report("drawing the learning curve")
    corpus, chosen = bench.corpus, bench.train
    fold = folds(corpus, chosen, bench.recipe.folds, bench.recipe.seed)
    draw = np.random.default_rng(bench.recipe.seed).random(len(corpus.rows))

    def one(share: float) -> Trial:
        train = chosen[(fold != 0) & (draw[corpus.groups[chosen]] < share)]
        return _trial(bench, f"{share:.0%}", train, chosen[fold == 0], bench.recipe)

    enough = [share for share in _SHARES if share == 1 or share * len(chosen) >= _LEAST_MAILS]
    return tuple(each(one, enough))


def _ablation(bench: Bench, report: Report) -> tuple[Trial, ...]:
    """Return what the model reaches without each of its parts: two folds of five kept."""
    report("taking away each part")
    corpus, chosen = bench.corpus, bench.train
    fold = folds(corpus, chosen, bench.recipe.folds, bench.recipe.seed)
    test = fold < 2  # noqa: PLR2004
    written = corpus.kind("written")[chosen]

    def one(name: str) -> Trial:
        recipe, train = bench.recipe, ~test
        if name == "written mail":
            train = train & ~written
        elif name:
            recipe = replace(recipe, without=frozenset({name}))
        return _trial(bench, name or "(nothing)", chosen[train], chosen[test], recipe)

    return tuple(each(one, ("", *PARTS, "written mail")))


def _trial(bench: Bench, name: str, train: Numbers, test: Numbers, recipe: Recipe) -> Trial:
    """Fit on some rows and measure on others; what ranks them is learned from the tested ones."""
    corpus = bench.corpus
    fitted = fit(corpus, train, recipe)
    on_test = scores(corpus, fitted, test, recipe)
    decision = learn(corpus, test, on_test)

    def recall(rows: Numbers, found: Scores, precision: float) -> float:
        return recall_at_precision(corpus.rejected[rows], decision.probabilities(found), precision)

    real, written = corpus.kind("real")[test], corpus.kind("written")[test]
    aside = scores(corpus, fitted, bench.kept, recipe) if len(bench.kept) else None
    return Trial(
        name=name,
        mails=len(train),
        real=recall(test[real], on_test.of(real), 0.99),
        written=recall(test[written], on_test.of(written), 0.95),
        held_out=recall(bench.kept, aside, 0.95) if aside else float("nan"),
    )
