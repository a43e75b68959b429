"""Corrected mails → a small personal correction of the model's log-odds, over its own columns.

    lessons | features | less what the anchors share | ridge | while the check set stands | Personal

The weights d, over the columns that stand in a corrected mail, are those of a ridge regression: d·x
is as much as a corrected mail x needs to come clear of the threshold, 0 on the anchors, mail of
every language that is to stay where it is. Nothing is added by hand: what the model does not know,
a name above all, it does not learn here either.

The check set is other mail again; a lesson that makes it worse is left out, and counts for its own
mail alone. Mails that were held in place are no test of that: they always pass. A rejection that
is called none by mistake shows there before it does harm, since it moves many rejections a little.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inboxbot.classify import rows as files
from inboxbot.classify.model import Model, Weighed
from inboxbot.classify.scorer import Columns, Floats
from inboxbot.classify.shift import BOUND, SLACK, shifted
from inboxbot.core.correction import Lesson, Lessons, Personal, Said
from inboxbot.core.types import Label, Message
from inboxbot.logs import failure
from inboxbot.resources import MODELS

_log = logging.getLogger(__name__)
_CLEAR: Final = 4.0  # log-odds beyond the threshold: mail of the same kind comes across it, too
# What is left unexplained, beside a mail's own square of about 3:
_OF_ANCHORS: Final = 0.015
_OF_LESSONS: Final = 0.1  # one lesson says less than three that agree
_MOST: Final = 40_000  # features of all lessons together: some forty mails, 100 MB at a time
_PLACES: Final = 4  # decimals of a weight
_ASTRAY: Final = 2  # mails of the check set that may be moved the wrong way, for each lesson

Mask = NDArray[np.bool_]
Matrix = NDArray[np.float32]  # exact enough, and half the memory


@dataclass(frozen=True, slots=True)
class Mails:
    """Mails as the model sees them, side by side: n mails with m features together."""

    owners: Columns  # (m,) numbers of mails
    columns: Columns  # (m,)
    values: Floats  # (m,)
    odds: Floats  # (n,) log-odds of a rejection

    @classmethod
    def of(cls, weighed: Sequence[Weighed]) -> Self:
        """Return mails side by side."""
        none = np.zeros(0, dtype=np.int64)
        return cls(
            owners=np.repeat(np.arange(len(weighed)), [len(one.columns) for one in weighed]),
            columns=np.concatenate([none, *(one.columns for one in weighed)]),
            values=np.concatenate([none, *(one.values for one in weighed)]),
            odds=np.array([one.odds for one in weighed]),
        )

    def within(self, columns: Columns) -> Matrix:
        """Return the values of some columns, sorted, as a matrix (n, columns)."""
        places = np.minimum(np.searchsorted(columns, self.columns), len(columns) - 1)
        held = columns[places] == self.columns
        matrix = np.zeros((len(self.odds), len(columns)), dtype=np.float32)
        matrix[self.owners[held], places[held]] = self.values[held]
        return matrix


@dataclass(frozen=True, slots=True)
class Kept:
    """The shipped mails that a personal correction leaves as they are."""

    anchors: Mails
    check: Mails
    rejected: Mask  # of the check set

    @classmethod
    def load(cls, model: Model) -> Self:
        """Read both sets. Raise `InputError` where they are missing."""
        check = files.read([MODELS / "check.jsonl"])
        return cls(
            anchors=_weighed(
                model, (row.message for row in files.read([MODELS / "anchors.jsonl"]))
            ),
            check=_weighed(model, (row.message for row in check)),
            rejected=np.array([row.label is Label.REJECTION for row in check]),
        )


def _weighed(model: Model, messages: Iterable[Message]) -> Mails:
    return Mails.of([model.weigh(message) for message in messages])


@dataclass(frozen=True, slots=True)
class Lines:
    """The two thresholds, as log-odds."""

    draft: float
    review: float

    @classmethod
    def of(cls, lessons: Lessons) -> Self:
        """Return the user's own thresholds."""
        return cls(_log_odds(lessons.draft), _log_odds(lessons.review))

    def faults(self, odds: Floats, rejected: Mask) -> NDArray[np.int64]:
        """Count what goes wrong: drafts about no rejection, rejections without, rejections lost."""
        return np.array(
            [
                (~rejected & (odds >= self.draft)).sum(),
                (rejected & (odds < self.draft)).sum(),
                (rejected & (odds < self.review)).sum(),
            ]
        )

    def wanted(self, odds: float, said: Said) -> float:
        """Return the sum of weights that a corrected mail needs; 0 where it is right already."""
        if said is Said.REJECTION:
            needs = self.draft + _CLEAR - odds if odds < self.draft else 0.0
        else:
            needs = self.review - _CLEAR - odds if odds >= self.review else 0.0
        return float(np.sign(needs) * min(abs(needs) + SLACK, BOUND + SLACK)) if needs else 0.0


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    return float(np.log(bounded / (1 - bounded)))


def fit(model: Model, lessons: Lessons, kept: Kept) -> Personal:
    """Return the personal correction; one without columns where nothing may be learned."""
    read = _newest(_read(model, lessons.mails))
    mails = Mails.of([one for _, one in read])
    columns = np.unique(mails.columns)
    if not len(columns):
        return Personal(model=model.digest)
    lines = Lines.of(lessons)
    solution = _Ridge.of(mails, columns, kept)
    wanted = np.array([lines.wanted(one.odds, lesson.said) for lesson, one in read])
    before = lines.faults(kept.check.odds, kept.rejected)

    def stands(chosen: Sequence[int]) -> bool:
        moved = shifted(solution.on_check(chosen, wanted))
        astray = (np.where(kept.rejected, -moved, moved) > 0).sum()
        faults = lines.faults(kept.check.odds + moved, kept.rejected)
        return bool((faults <= before).all() and astray <= _ASTRAY * len(chosen))

    weights = np.round(solution.weights(_taken(len(read), stands), wanted), _PLACES)
    used = np.flatnonzero(weights)
    return Personal(
        model=model.digest,
        columns=tuple(columns[used].tolist()),
        weights=tuple(weights[used].tolist()),
    )


def _read(model: Model, lessons: Iterable[Lesson]) -> Iterator[tuple[Lesson, Weighed]]:
    """Yield each lesson that can be read, and what the model sees in it."""
    for lesson in lessons:
        try:
            yield lesson, model.weigh(lesson.message)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  (one bad mail teaches nothing, and stops nothing)
            failure(_log, "lesson_unread", error)


def _newest(read: Iterable[tuple[Lesson, Weighed]]) -> list[tuple[Lesson, Weighed]]:
    """Return as many of the newest lessons as the memory is meant for, the oldest first."""
    found = list(read)
    sizes = np.cumsum([len(one.columns) for _, one in reversed(found)])
    count = int(np.searchsorted(sizes, _MOST, side="right"))
    return found[len(found) - count :]


def _taken(count: int, stands: Callable[[Sequence[int]], bool]) -> list[int]:
    """Return which lessons are taken: all where the check set stands, else one after the other."""
    if stands(range(count)):
        return list(range(count))
    taken: list[int] = []
    for one in range(count):
        if stands([*taken, one]):
            taken.append(one)
    return taken


@dataclass(frozen=True, slots=True)
class _Ridge:
    """A ridge regression over n lessons and all anchors, solved for the anchors once.

    By the dual form, d = Xᵀ(K + λ)⁻¹y; the anchors' part of K is eliminated (Schur), so that any
    choice of lessons costs a system of their number alone.
    """

    apart: Matrix  # (n, columns) of each lesson, what the anchors do not explain
    kernel: Floats  # (n, n)
    effect: Floats  # (n, check) on each mail of the check set

    @classmethod
    def of(cls, lessons: Mails, columns: Columns, kept: Kept) -> Self:
        """Return the regression for these lessons over these columns."""
        own, anchors = lessons.within(columns), kept.anchors.within(columns)
        inner = (anchors @ anchors.T).astype(np.float64) + _OF_ANCHORS * np.eye(len(anchors))
        explained = np.linalg.solve(inner, (anchors @ own.T).astype(np.float64))
        apart = own - explained.T.astype(np.float32) @ anchors
        kernel = (apart @ own.T).astype(np.float64) + _OF_LESSONS * np.eye(len(own))
        del anchors  # a hundred megabytes, and the check set takes as much
        return cls(apart, kernel, (apart @ kept.check.within(columns).T).astype(np.float64))

    def on_check(self, chosen: Sequence[int], wanted: Floats) -> Floats:
        """Return the sums of weights (check,) where only these lessons are taken."""
        return self._shares(chosen, wanted) @ self.effect

    def weights(self, chosen: Sequence[int], wanted: Floats) -> Floats:
        """Return the weights (columns,) where only these lessons are taken."""
        return self._shares(chosen, wanted) @ self.apart

    def _shares(self, chosen: Sequence[int], wanted: Floats) -> Floats:
        """Return what each lesson contributes (n,)."""
        index = np.array(chosen, dtype=np.int64)
        shares = np.zeros(len(wanted))
        shares[index] = np.linalg.solve(self.kernel[np.ix_(index, index)], wanted[index])
        return shares
