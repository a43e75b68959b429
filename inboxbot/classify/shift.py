"""A mail's features → what a personal correction adds to its log-odds of a rejection."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from inboxbot.classify.scorer import Columns, Floats

SLACK: Final = 0.5  # log-odds: what a mail merely shares with all others moves it by less
BOUND: Final = 6.0  # log-odds: no mail is moved further


@dataclass(frozen=True, slots=True)
class Shift:
    """The weights of a personal correction, (v,): 0 for a column that it says nothing of."""

    weights: Floats

    def of(self, columns: Columns, values: Floats) -> float:
        """Return the log-odds that are added for a mail with these features."""
        return float(shifted(np.asarray(values @ self.weights[columns])))


def shifted(sums: Floats) -> Floats:
    """Return the log-odds that are added for sums of weights: none up to SLACK, then up to BOUND.

    Mail that is unlike the corrected mails is not moved a little: it is not moved at all.
    """
    moved: Floats = np.sign(sums) * np.clip(np.abs(sums) - SLACK, 0.0, BOUND)
    return moved
