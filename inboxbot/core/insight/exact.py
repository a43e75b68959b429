"""Counts → intervals and exact p-values, for samples that are small. Pure arithmetic.

`math.comb` is exact at any size that a job search reaches, so no library is needed at run time.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import comb, sqrt

_Z = 1.959964  # of a normal distribution, two-sided 95 %
_SAME = 1 + 1e-9  # tables whose probabilities differ by rounding alone are equally likely


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many."""

    k: int
    n: int

    @property
    def share(self) -> float:
        """Return k / n, 0 where nothing was counted."""
        return self.k / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the share after Wilson (JASA 22, 1927); (0, 1) for none."""
        if not self.n:
            return 0.0, 1.0
        weight = _Z * _Z / self.n
        middle = (self.share + weight / 2) / (1 + weight)
        half = _Z * sqrt(self.share * (1 - self.share) / self.n + weight / (4 * self.n))
        return max(0.0, middle - half / (1 + weight)), min(1.0, middle + half / (1 + weight))


NOBODY = Rate(0, 0)


@lru_cache(maxsize=4096)
def _tables(n: int, others: int, successes: int) -> tuple[float, ...]:
    """Return the probability of each table with these margins, by the first count from its least.

    The hypergeometric distribution: what Fisher's exact test conditions on.
    """
    whole = comb(n + others, successes)
    first, last = max(0, successes - others), min(n, successes)
    return tuple(comb(n, k) * comb(others, successes - k) / whole for k in range(first, last + 1))


def fisher(group: Rate, others: Rate) -> float:
    """Return how likely counts so far apart are by chance: Fisher's exact test, two-sided.

    Two-sided as in R and SciPy: all tables that are no likelier than the one seen.
    """
    tables = _tables(group.n, others.n, group.k + others.k)
    seen = tables[group.k - max(0, group.k + others.k - others.n)]
    return min(1.0, sum(table for table in tables if table <= seen * _SAME))


def least_fisher(group: Rate, others: Rate) -> float:
    """Return the least p that any table with these margins can have."""
    tables = _tables(group.n, others.n, group.k + others.k)
    least = min(tables[0], tables[-1])
    return min(1.0, sum(table for table in tables if table <= least * _SAME))


def binomial(seen: Rate, usual: float) -> float:
    """Return how likely `k` or more of `n` are by chance where the usual share is `usual`."""
    return min(
        1.0,
        sum(
            comb(seen.n, k) * usual**k * (1 - usual) ** (seen.n - k)
            for k in range(seen.k, seen.n + 1)
        ),
    )
