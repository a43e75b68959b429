"""Labels and probabilities → figures, each with its interval."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_Z: Final = 1.959964  # two-sided 95 %
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `all`, with the Wilson interval at 95 % (E. B. Wilson, JASA 22, 1927)."""

    hits: int
    all: int

    @property
    def value(self) -> float:
        """Return the share itself; nan of nothing."""
        return self.hits / self.all if self.all else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Return the lower and upper bound of the share."""
        if not self.all:
            return 0.0, 1.0
        square = _Z * _Z / self.all
        middle = (self.value + square / 2) / (1 + square)
        spread = self.value * (1 - self.value) / self.all + square / (4 * self.all)
        half = _Z * float(np.sqrt(spread)) / (1 + square)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        """Return e.g. `.953 (.915-.974) of 213`."""
        if not self.all:
            return "-"
        low, high = self.interval
        return f"{_short(self.value)} ({_short(low)}-{_short(high)}) of {self.all}"


def _short(share: float) -> str:
    """Return a share with three digits, without the zero before the point."""
    return f"{share:.3f}".removeprefix("0")


@dataclass(frozen=True, slots=True)
class Detection:
    """How well one class is found: precision and recall."""

    precision: Share
    recall: Share

    @property
    def f1(self) -> float:
        """Return the harmonic mean, 0 where nothing was found."""
        found = self.precision.all + self.recall.all
        return 2 * self.recall.hits / found if found else 0.0


def detection(truth: Mask, found: Mask) -> Detection:
    """Return precision and recall of what was found."""
    hits = int((truth & found).sum())
    return Detection(Share(hits, int(found.sum())), Share(hits, int(truth.sum())))


def recall_at_precision(truth: Mask, scores: Floats, precision: float) -> float:
    """Return the highest recall of any threshold whose precision is high enough."""
    hits = np.cumsum(truth[np.argsort(-scores, kind="stable")])
    enough = hits >= precision * np.arange(1, len(hits) + 1)
    return float(hits[enough].max(initial=0) / max(1, truth.sum()))


@dataclass(frozen=True, slots=True)
class Bin:
    """Mails whose probability lies in one tenth: how many, mean probability, share of truth."""

    count: int
    expected: float
    observed: float


def reliability(truth: Mask, probabilities: Floats) -> tuple[Bin, ...]:
    """Return the ten bins of equal width."""
    numbers = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            int((numbers == number).sum()),
            float(probabilities[numbers == number].mean()) if (numbers == number).any() else 0.0,
            float(truth[numbers == number].mean()) if (numbers == number).any() else 0.0,
        )
        for number in range(BINS)
    )


def calibration_error(truth: Mask, probabilities: Floats) -> float:
    """Return the expected calibration error over ten bins."""
    bins = reliability(truth, probabilities)
    return sum(one.count * abs(one.expected - one.observed) for one in bins) / max(1, len(truth))
