"""Held-out scores → the last step: signals to a probability, and where to draw the lines."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from inboxbot.classify.fit import Corpus
from inboxbot.classify.scorer import REJECTION, Floats
from inboxbot.classify.table import Numbers

_C: Final = 1.0
_DRAFTED: Final = 0.965  # of the real rejections lie above the draft threshold
_NOTICED: Final = 0.995  # and above the review threshold
_LOWEST_REVIEW: Final = 0.02
_LOWEST_DRAFT: Final = 0.75  # chosen on ../shared/data: no other real mail reached it
_HIGHEST_DRAFT: Final = 0.95

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The last weights of a model, and its two thresholds."""

    weights: Floats  # (signals + 1,), the bias last; gives log-odds
    labels: Floats  # (2,)
    draft_threshold: float
    review_threshold: float

    def probabilities(self, signals: Floats) -> Floats:
        """Return the probability of rejection of each row of signals."""
        odds = np.clip(signals @ self.weights[:-1] + self.weights[-1], -30, 30)
        result: Floats = 1 / (1 + np.exp(-odds))
        return result


def learn(corpus: Corpus, chosen: Numbers, mails: Floats, signals: Floats) -> Decision:
    """Learn from signals that come from models which never saw the row's group."""
    truth = corpus.rejected[chosen]
    middle, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    model = LogisticRegression(C=_C, max_iter=1000)
    model.fit((signals - middle) / spread, truth, sample_weight=corpus.weights(chosen))
    combined = model.coef_[0] / spread
    score = signals @ combined
    real = corpus.kind("real")[chosen]
    platt = LogisticRegression(C=1e6, max_iter=1000)
    platt.fit(score[real, None], truth[real])
    slope, bias = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    weights = np.concatenate([combined * slope, [bias]])
    unfinished = Decision(
        weights=weights, labels=_label_scale(corpus, chosen, mails),
        draft_threshold=1.0, review_threshold=0.0,
    )  # fmt: skip
    draft, review = _thresholds(truth[real], unfinished.probabilities(signals)[real])
    return Decision(
        weights=weights, labels=unfinished.labels, draft_threshold=draft, review_threshold=review
    )


def _label_scale(corpus: Corpus, chosen: Numbers, mails: Floats) -> Floats:
    """Return the factor on the other classes' scores that makes them likeliest on real mail."""
    other = corpus.kind("real")[chosen] & ~corpus.rejected[chosen]
    scores = np.delete(mails[other], REJECTION, axis=1)
    truth = np.delete(np.eye(mails.shape[1]), REJECTION, axis=1)[corpus.labels[chosen][other]]
    factors = np.linspace(0.5, 3, 26)
    losses = [_loss(scores * factor, truth) for factor in factors]
    return np.array([factors[int(np.argmin(losses))], 0.0])


def _loss(scores: Floats, truth: Floats) -> float:
    """Return the mean log loss of class scores."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -float((logs * truth).sum(axis=1).mean())


def _thresholds(truth: Mask, probabilities: Floats) -> tuple[float, float]:
    """Return (draft, review): as high as enough recall allows, for drafts and with review."""
    found = np.sort(probabilities[truth])[::-1]
    draft = float(np.clip(_at(found, _DRAFTED), _LOWEST_DRAFT, _HIGHEST_DRAFT))
    review = float(np.clip(_at(found, _NOTICED) * 0.8, _LOWEST_REVIEW, draft / 2))
    return round(draft, 3), round(review, 3)


def _at(found: Floats, share: float) -> float:
    """Return the value that this share of a falling list reaches."""
    place = int(np.ceil(share * len(found))) - 1
    return float(found[place])
