"""Table + labels → weights: the mail model, the sentence model, and what decides over both.

    mails      | ten-class logistic regression over all features        → class scores
    sentences  | two-class logistic regression, learned from mail labels → the best sentences
    signals    | logistic regression over both, on held-out scores      → rejection or not
    Platt      | on held-out real mail                                  → probability

Sentences have no labels: those of other mail are negative, the best one of each rejection is
positive, and what is best is looked up again after each round (multiple-instance learning).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression

from inboxbot.classify.features import Features
from inboxbot.classify.groups import groups, hash_of, wordings
from inboxbot.classify.rows import Row
from inboxbot.classify.scorer import (
    CLASSES,
    IN_SENTENCES,
    REJECTION,
    SIGNALS,
    Floats,
    signals,
)
from inboxbot.classify.table import Matrix, Numbers, Table, scaled, table

_SCARCE: Final = 3.0  # what mail counts of which an inbox has more than the collections
KIND_WEIGHT: Final = {"real": 1.0, "written": 1.0, "template": 0.5, "synthetic": 0.15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The numbers that training was tuned to; the seed orders groups into folds."""

    least_groups: int = 3
    features: int = 60_000
    mail_c: float = 10.0
    sentence_c: float = 10.0
    rounds: int = 3
    folds: int = 5
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All rows as arrays, one entry a row."""

    rows: Sequence[Row]
    table: Table
    labels: Numbers  # numbers of CLASSES
    groups: Numbers  # never split
    wordings: Numbers  # one form letter

    @property
    def rejected(self) -> NDArray[np.bool_]:
        """Tell which rows are rejections."""
        mask: NDArray[np.bool_] = self.labels == REJECTION
        return mask

    def kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Tell which rows are of these kinds."""
        return np.array([row.kind in kinds for row in self.rows])

    def weights(self, chosen: Numbers) -> Floats:
        """Return what each row counts: by its kind, and less where a form letter repeats.

        Raw ordinary mail counts more, since an inbox holds far more of it than any collection;
        so does, outside English, all that is no rejection, so that a language never means a label.
        """
        sizes = Counter(self.wordings[chosen].tolist())
        repeats = np.array([sizes[wording] for wording in self.wordings[chosen].tolist()])
        kinds = np.array([KIND_WEIGHT[self.rows[number].kind] for number in chosen])
        foreign = np.array([self.rows[number].language != "en" for number in chosen])
        ordinary = np.array([self.rows[number].raw for number in chosen])
        scarce = ordinary | (foreign & ~self.rejected[chosen])
        weights: Floats = kinds * np.where(scarce, _SCARCE, 1.0) / np.sqrt(repeats)
        return weights


def corpus_of(rows: Sequence[Row], found: Sequence[Features]) -> Corpus:
    """Return the arrays that fitting and measuring work on."""
    return Corpus(
        rows=rows,
        table=table(found),
        labels=np.array([CLASSES.index(row.label) for row in rows]),
        groups=np.array(groups(rows)),
        wordings=np.array(wordings(rows)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The two linear models over the kept candidates (columns of the table)."""

    columns: Numbers  # (v,)
    mail: Floats  # (v, classes)
    mail_bias: Floats  # (classes,)
    sentence: Floats  # (v,)
    sentence_bias: float


def fit(corpus: Corpus, chosen: Numbers, recipe: Recipe) -> Fitted:
    """Fit both linear models on the chosen rows."""
    columns = _kept(corpus, chosen, recipe)
    mails = scaled(corpus.table.mails[chosen][:, columns], corpus.table.blocks[columns])
    weights = corpus.weights(chosen)
    model = LogisticRegression(C=recipe.mail_c, max_iter=400, tol=1e-4)
    model.fit(mails, corpus.labels[chosen], sample_weight=weights)
    mail, bias = _all_classes(model)
    mail = rounded(mail)
    sentence, sentence_bias = _sentences(corpus, chosen, columns, mail, recipe)
    return Fitted(
        columns=columns,
        mail=mail,
        mail_bias=bias,
        sentence=sentence,
        sentence_bias=sentence_bias,
    )


def rounded(weights: Floats) -> Floats:
    """Return weights as the model file stores them (16 bits), so that all scores are equal."""
    stored: Floats = weights.astype(np.float16).astype(np.float64)
    return stored


def _kept(corpus: Corpus, chosen: Numbers, recipe: Recipe) -> Numbers:
    """Return the shared candidates that tell most about the labels."""
    table = corpus.table
    shared = np.flatnonzero(table.shared(chosen, corpus.groups, recipe.least_groups))
    mails = sparse.diags_array(corpus.weights(chosen)) @ table.mails[chosen][:, shared]
    labels = corpus.labels[chosen]
    telling = np.maximum(chi2(mails, labels)[0], 3 * chi2(mails, labels == REJECTION)[0])
    best = np.argsort(-np.nan_to_num(telling), kind="stable")[: recipe.features]
    return np.sort(shared[best])


def _all_classes(model: LogisticRegression) -> tuple[Floats, Floats]:
    """Return weights (features, classes) and bias, also where a class had no rows."""
    weights = np.zeros((model.coef_.shape[1], len(CLASSES)))
    bias = np.full(len(CLASSES), -20.0)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    return weights, bias


def _sentences(
    corpus: Corpus, chosen: Numbers, columns: Numbers, mail: Floats, recipe: Recipe
) -> tuple[Floats, float]:
    """Fit the sentence model: start from the mail model's idea of a telling sentence."""
    table = corpus.table
    inside = np.isin(table.blocks[columns], IN_SENTENCES)
    used = np.flatnonzero(np.isin(table.owners, chosen))
    matrix = scaled(table.sentences[used][:, columns[inside]], table.blocks[columns[inside]])
    owners = table.owners[used]
    of_mail = np.zeros(len(corpus.rows))
    of_mail[chosen] = corpus.weights(chosen)
    others = np.delete(mail[inside], REJECTION, axis=1).mean(axis=1)
    score = matrix @ (mail[inside][:, REJECTION] - others)
    for _ in range(recipe.rounds):
        model = _sentence_round(corpus, matrix, owners, of_mail, score, recipe)
        score = model.decision_function(matrix)
    weights = np.zeros(len(columns))
    weights[inside] = model.coef_[0]
    return rounded(weights), float(model.intercept_[0])


def _sentence_round(
    corpus: Corpus, matrix: Matrix, owners: Numbers, of_mail: Floats, score: Floats, recipe: Recipe
) -> LogisticRegression:
    """Fit on all sentences of other mail and the best sentence of each rejection."""
    best = _best_of_each(owners, score) & corpus.rejected[owners]
    used = np.flatnonzero(best | ~corpus.rejected[owners])
    counts = np.bincount(owners, minlength=len(corpus.rows))
    weights = of_mail[owners[used]]
    weights = np.where(best[used], weights, weights / np.sqrt(counts[owners[used]]))
    model = LogisticRegression(C=recipe.sentence_c, max_iter=400, tol=1e-4)
    model.fit(matrix[used], best[used], sample_weight=weights)
    return model


def _best_of_each(owners: Numbers, score: Floats) -> NDArray[np.bool_]:
    """Tell which sentence of each mail has the highest score."""
    order = np.lexsort((-score, owners))
    first = np.concatenate([[True], owners[order][1:] != owners[order][:-1]])
    best = np.zeros(len(owners), dtype=bool)
    best[order[first]] = True
    return best


def scores(corpus: Corpus, fitted: Fitted, chosen: Numbers) -> tuple[Floats, Floats]:
    """Return class scores (n, classes) and signals (n, signals) of rows."""
    table, columns = corpus.table, fitted.columns
    blocks = table.blocks[columns]
    mails = scaled(table.mails[chosen][:, columns], blocks) @ fitted.mail + fitted.mail_bias
    inside = np.isin(blocks, IN_SENTENCES)
    used = np.flatnonzero(np.isin(table.owners, chosen))
    matrix = scaled(table.sentences[used][:, columns[inside]], blocks[inside])
    of_sentence = matrix @ fitted.sentence[inside] + fitted.sentence_bias
    starts = np.searchsorted(table.owners[used], chosen, side="left")
    ends = np.searchsorted(table.owners[used], chosen, side="right")
    found = [
        signals(row, of_sentence[start:end], int(table.job_words[number]))
        for row, start, end, number in zip(mails, starts, ends, chosen, strict=True)
    ]
    return mails, np.array(found)


def folds(corpus: Corpus, chosen: Numbers, count: int, seed: int) -> Numbers:
    """Return the fold of each chosen row: whole groups, labels and languages spread evenly."""
    members: dict[int, list[int]] = {}
    for place, number in enumerate(chosen.tolist()):
        members.setdefault(int(corpus.groups[number]), []).append(place)
    shuffled = sorted(members, key=lambda group: hash_of(f"{seed}/{corpus.rows[group].id}"))
    loads: list[Counter[tuple[int, str, str]]] = [Counter() for _ in range(count)]
    fold = np.zeros(len(chosen), dtype=np.int64)
    for group in sorted(shuffled, key=lambda group: -len(members[group])):
        strata = Counter(_stratum(corpus, int(chosen[place])) for place in members[group])
        (main, _), *_ = strata.most_common(1)
        best = min(range(count), key=lambda number: (loads[number][main], loads[number].total()))
        loads[best] += strata
        fold[members[group]] = best
    return fold


def _stratum(corpus: Corpus, number: int) -> tuple[int, str, str]:
    """Return what is to be spread evenly."""
    row = corpus.rows[number]
    return int(corpus.labels[number]), row.kind, row.language


def held_out(corpus: Corpus, chosen: Numbers, recipe: Recipe) -> tuple[Floats, Floats]:
    """Return class scores and signals of rows, each from models that never saw its group."""
    fold = folds(corpus, chosen, recipe.folds, recipe.seed)
    mails = np.zeros((len(chosen), len(CLASSES)))
    found = np.zeros((len(chosen), SIGNALS))
    for number in np.unique(fold):
        test = fold == number
        fitted = fit(corpus, chosen[~test], recipe)
        mails[test], found[test] = scores(corpus, fitted, chosen[test])
    return mails, found
