"""Table + labels → weights: the mail model, the sentence model, and what decides over both.

    mails      | ten-class logistic regression over all features        → class scores
    sentences  | two-class logistic regression, learned from mail labels → the best sentences
    signals    | logistic regression over both, on held-out scores      → rejection or not
    Platt      | on held-out scores, each language by itself            → probability

Sentences of other mail are negative. Of a rejection the sentence that a reader has marked is
positive; where nobody has, the best one is, looked up again after each round (multiple-instance
learning).
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
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from inboxbot.classify.features import Block, Features
from inboxbot.classify.groups import groups, hash_of, wordings
from inboxbot.classify.parallel import each
from inboxbot.classify.rows import Row
from inboxbot.classify.scorer import (
    CLASSES,
    IN_SENTENCES,
    REJECTION,
    SIGNALS,
    Floats,
    quantised,
    signals,
)
from inboxbot.classify.table import Matrix, Numbers, Table, scaled, table

_TOLERANCE: Final = 1e-3  # of the solver; a tenth of it takes twice the time and brings nothing
_SCARCE: Final = 3.0  # what mail counts of which an inbox has more than the collections
KIND_WEIGHT: Final = {"real": 3.0, "written": 1.0, "template": 0.5, "synthetic": 0.15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The numbers that training was tuned to; the seed orders groups into folds.

    `without` names what is left out to measure what it brings: blocks of features, "sentences"
    (the sentence model), "marks" (of readers), "scarce" (the weight of ordinary mail).
    """

    least_groups: int = 3
    features: int = 300_000
    mail_c: float = 10.0
    sentence_c: float = 10.0
    rounds: int = 3
    folds: int = 5
    seed: int = 0
    without: frozenset[str] = frozenset()


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

    def weights(self, chosen: Numbers, scarcity: float = _SCARCE) -> Floats:
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
        weights: Floats = kinds * np.where(scarce, scarcity, 1.0) / np.sqrt(repeats)
        return weights


def corpus_of(rows: Sequence[Row], found: Sequence[Features], kept: int = 0) -> Corpus:
    """Return the arrays that fitting and measuring work on.

    The last `kept` rows are only measured; each is a group of its own, and joins no others.
    """
    learned = rows[: len(rows) - kept]
    alone = range(len(learned), len(rows))
    return Corpus(
        rows=rows,
        table=table(found, kept),
        labels=np.array([CLASSES.index(row.label) for row in rows]),
        groups=np.array([*groups(learned), *alone]),
        wordings=np.array([*wordings(learned), *alone]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The two linear models over the kept candidates (columns of the table)."""

    columns: Numbers  # (v,)
    mail: Floats  # (v, classes)
    mail_bias: Floats  # (classes,)
    sentence: Floats  # (v,)
    sentence_bias: float


@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]
def fit(corpus: Corpus, chosen: Numbers, recipe: Recipe) -> Fitted:
    """Fit both linear models on the chosen rows, in one thread: the same bytes every time."""
    columns = _kept(corpus, chosen, recipe)
    mails = scaled(corpus.table.mails[chosen][:, columns], corpus.table.blocks[columns])
    weights = _weights(corpus, chosen, recipe)
    model = LogisticRegression(C=recipe.mail_c, max_iter=400, tol=_TOLERANCE)
    model.fit(mails, corpus.labels[chosen], sample_weight=weights)
    mail, bias = _all_classes(model)
    codes, scale = quantised(mail)
    mail = codes * scale  # as the model file stores them, so that all scores are equal
    sentence, sentence_bias = _sentences(corpus, chosen, columns, mail, recipe)
    return Fitted(
        columns=columns,
        mail=mail,
        mail_bias=bias,
        sentence=sentence,
        sentence_bias=sentence_bias,
    )


def _weights(corpus: Corpus, chosen: Numbers, recipe: Recipe) -> Floats:
    return corpus.weights(chosen, 1.0 if "scarce" in recipe.without else _SCARCE)


def rounded(weights: Floats) -> Floats:
    """Return the weights of sentences as the model file stores them, in 16 bits."""
    stored: Floats = weights.astype(np.float16).astype(np.float64)
    return stored


def _kept(corpus: Corpus, chosen: Numbers, recipe: Recipe) -> Numbers:
    """Return the shared candidates that tell most about the labels."""
    table = corpus.table
    dropped = [block for block in Block if block.name.lower() in recipe.without]
    usable = table.shared(chosen, corpus.groups, recipe.least_groups)
    shared = np.flatnonzero(usable & ~np.isin(table.blocks, dropped))
    mails = sparse.diags_array(_weights(corpus, chosen, recipe)) @ table.mails[chosen][:, shared]
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
    of_mail = np.zeros(len(corpus.rows))
    of_mail[chosen] = _weights(corpus, chosen, recipe)
    others = np.delete(mail[inside], REJECTION, axis=1).mean(axis=1)
    score = matrix @ (mail[inside][:, REJECTION] - others)
    for _ in range(recipe.rounds):
        best = _decisive(corpus, used, score, marks="marks" not in recipe.without)
        model = _sentence_round(corpus, matrix, used, of_mail, best, recipe)
        score = model.decision_function(matrix)
    weights = np.zeros(len(columns))
    weights[inside] = model.coef_[0]
    return rounded(weights), float(model.intercept_[0])


def _decisive(corpus: Corpus, used: Numbers, score: Floats, *, marks: bool) -> NDArray[np.bool_]:
    """Tell which of the used sentences say no: the marked ones of a rejection, else its best."""
    owners, ranks = corpus.table.owners[used], corpus.table.ranks[used]
    best = _best_of_each(owners, score)
    for place, (owner, rank) in enumerate(zip(owners.tolist(), ranks.tolist(), strict=True)):
        if marks and (marked := corpus.rows[owner].decisive):
            best[place] = rank in marked
    decisive: NDArray[np.bool_] = best & corpus.rejected[owners]
    return decisive


def _sentence_round(
    corpus: Corpus,
    matrix: Matrix,
    used: Numbers,
    of_mail: Floats,
    decisive: NDArray[np.bool_],
    recipe: Recipe,
) -> LogisticRegression:
    """Fit on all sentences of other mail and the decisive ones of each rejection."""
    owners = corpus.table.owners[used]
    taken = np.flatnonzero(decisive | ~corpus.rejected[owners])
    counts = np.bincount(owners, minlength=len(corpus.rows))
    weights = of_mail[owners[taken]]
    weights = np.where(decisive[taken], weights, weights / np.sqrt(counts[owners[taken]]))
    model = LogisticRegression(C=recipe.sentence_c, max_iter=400, tol=_TOLERANCE)
    model.fit(matrix[taken], decisive[taken], sample_weight=weights)
    return model


def _best_of_each(owners: Numbers, score: Floats) -> NDArray[np.bool_]:
    """Tell which sentence of each mail has the highest score."""
    order = np.lexsort((-score, owners))
    first = np.concatenate([[True], owners[order][1:] != owners[order][:-1]])
    best = np.zeros(len(owners), dtype=bool)
    best[order[first]] = True
    return best


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What the two models say of n mails."""

    mails: Floats  # (n, classes)
    signals: Floats  # (n, signals)
    best: Numbers  # (n,) the sentence that says most for a rejection, -1 where there is none
    languages: NDArray[np.str_]  # (n,)

    def of(self, mask: NDArray[np.bool_]) -> "Scores":
        """Return the scores of some of the mails."""
        return Scores(
            mails=self.mails[mask],
            signals=self.signals[mask],
            best=self.best[mask],
            languages=self.languages[mask],
        )


def scores(corpus: Corpus, fitted: Fitted, chosen: Numbers, recipe: Recipe) -> Scores:
    """Return what fitted models say of rows."""
    table, columns = corpus.table, fitted.columns
    blocks = table.blocks[columns]
    mails = scaled(table.mails[chosen][:, columns], blocks) @ fitted.mail + fitted.mail_bias
    inside = np.isin(blocks, IN_SENTENCES)
    used = np.flatnonzero(np.isin(table.owners, chosen))
    matrix = scaled(table.sentences[used][:, columns[inside]], blocks[inside])
    of_sentence = matrix @ fitted.sentence[inside] + fitted.sentence_bias
    starts = np.searchsorted(table.owners[used], chosen, side="left")
    ends = np.searchsorted(table.owners[used], chosen, side="right")
    found = np.array(
        [
            signals(row, of_sentence[start:end], int(table.job_words[number]))
            for row, start, end, number in zip(mails, starts, ends, chosen, strict=True)
        ]
    )
    if "sentences" in recipe.without:
        found[:, 1:] = 0.0
    best = [
        int(of_sentence[start:end].argmax()) if end > start else -1
        for start, end in zip(starts, ends, strict=True)
    ]
    languages = table.languages[chosen]
    return Scores(mails=mails, signals=found, best=np.array(best), languages=languages)


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


def held_out(corpus: Corpus, chosen: Numbers, recipe: Recipe) -> Scores:
    """Return the scores of rows, each from models that never saw its group."""
    fold = folds(corpus, chosen, recipe.folds, recipe.seed)
    numbers = np.unique(fold).tolist()
    parts = each(
        lambda number: scores(
            corpus, fit(corpus, chosen[fold != number], recipe), chosen[fold == number], recipe
        ),
        numbers,
    )
    mails = np.zeros((len(chosen), len(CLASSES)))
    found = np.zeros((len(chosen), SIGNALS))
    best = np.zeros(len(chosen), dtype=np.int64)
    for number, part in zip(numbers, parts, strict=True):
        test = fold == number
        mails[test], found[test], best[test] = part.mails, part.signals, part.best
    languages = corpus.table.languages[chosen]
    return Scores(mails=mails, signals=found, best=best, languages=languages)
