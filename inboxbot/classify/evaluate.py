"""Labelled mail → how good a model of it is on mail that it has not seen.

Splits are by group (employer, wording, form letter), never by row; the last step and its
thresholds are learned without the fold that is measured. Real mail is reported by itself. Held-out
mail is never trained on, in any split.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from inboxbot.classify import trials
from inboxbot.classify.bench import Bench, Mail, bench_of
from inboxbot.classify.decision import Decision, learn
from inboxbot.classify.fit import Fitted, Recipe, Scores, fit, held_out, scores
from inboxbot.classify.judged import Part, Wrong, cross_judged, judged
from inboxbot.classify.metrics import Share
from inboxbot.classify.trials import Report
from inboxbot.core.types import Label

_LEAST_PRECISION: Final = 0.95  # for a language to be drafted in
_LEAST_RECALL: Final = 0.90
_MAIN_LANGUAGES: Final = frozenset({"en", "de", "fr", "es", "it", "nl", "pt"})


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
    curve: tuple[trials.Trial, ...]
    ablation: tuple[trials.Trial, ...]


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
    decided = cross_judged(corpus, chosen, trained.found, recipe)
    kinds = np.array([corpus.rows[number].kind for number in chosen])
    labels = np.array([corpus.rows[number].label for number in chosen])
    raw = np.array([corpus.rows[number].raw for number in chosen])
    real = kinds == "real"
    parts = {"real": decided.part(real), "real, without raw": decided.part(real & ~raw)}
    parts |= {kind: decided.part(kinds == kind) for kind in sorted(set(kinds) - {"real"})}
    languages = decided.languages(kinds != "synthetic")
    spoken = _held_out_languages(bench, trained) if len(bench.kept) else {}
    ordinary = real & (labels == Label.NOT_JOB)
    return Evaluation(
        parts=parts,
        languages=languages,
        held_out=spoken,
        false_alarms=Share(int((decided.drafted & ordinary).sum()), int(ordinary.sum())),
        experimental=frozenset(
            code for code, one in (spoken or languages).items() if _weak(code, one)
        ),
        worst=tuple(decided.worst()),
        inboxes=trials.inboxes(bench, trained.found, report) if thorough else {},
        curve=trials.curve(bench, report) if thorough else (),
        ablation=trials.ablation(bench, report) if thorough else (),
    )


def _weak(language: str, part: Part) -> bool:
    """Tell whether a language misses its targets, so that nothing is drafted in it."""
    drafted = part.drafted
    missed = drafted.precision.value < _LEAST_PRECISION or drafted.recall.value < _LEAST_RECALL
    return language not in _MAIN_LANGUAGES and missed


def _held_out_languages(bench: Bench, trained: Trained) -> dict[str, Part]:
    """Return what the finished model decides on the mail that was kept aside."""
    found = scores(bench.corpus, trained.fitted, bench.kept, bench.recipe)
    decided = judged(bench.corpus, bench.kept, found, trained.decision)
    return decided.languages(np.ones(len(bench.kept), dtype=bool))
