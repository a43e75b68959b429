"""A bench → the slow figures: each inbox left out, the learning curve, what each part brings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from inboxbot.classify.bench import Bench
from inboxbot.classify.decision import learn
from inboxbot.classify.fit import Recipe, Scores, fit, folds, scores
from inboxbot.classify.judged import Part, judged
from inboxbot.classify.metrics import recall_at_precision
from inboxbot.classify.parallel import each
from inboxbot.classify.table import Numbers

_LEAST_MAILS: Final = 500  # fewer than these share no wording to learn from
_SHARES: Final = (0.125, 0.25, 0.5, 1.0)  # of the groups, for the learning curve
_PARTS: Final = (  # what a model is made of, for the ablation
    "characters", "words", "concepts", "subject", "sender", "sentences", "marks", "scarce",
)  # fmt: skip

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a model with less data, or without one of its parts, reaches on the same mail."""

    name: str
    mails: int  # that it learned from
    real: float  # recall at precision .99, real mail
    written: float  # recall at precision .95, written mail
    held_out: float  # recall at precision .95, held-out mail


def inboxes(bench: Bench, found: Scores, report: Report) -> dict[str, Part]:
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
        found_there = judged(
            corpus, chosen[test], scores(corpus, fitted, chosen[test], bench.recipe), decision
        )
        return found_there.part(np.ones(len(test), dtype=bool))

    return dict(zip(names, each(one, names), strict=True))


def curve(bench: Bench, report: Report) -> tuple[Trial, ...]:
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


def ablation(bench: Bench, report: Report) -> tuple[Trial, ...]:
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

    return tuple(each(one, ("", *_PARTS, "written mail")))


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
