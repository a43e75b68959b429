"""Held-out scores → the last step: signals to a probability, and where to draw the lines."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from inboxbot.classify.concepts import LANGUAGES
from inboxbot.classify.fit import Corpus, Scores
from inboxbot.classify.scorer import REJECTION, Floats
from inboxbot.classify.table import Numbers

_C: Final = 1.0
_ENGLISH: Final = "en"
_UNUSUAL: Final = 0.05  # what a written English mail counts for the calibration, against a real one
_ENOUGH: Final = 20  # rejections, and as many others, for a calibration of its own
_DRAFTED: Final = 0.965  # of the real rejections lie above the draft threshold
_NOTICED: Final = 0.995  # and above the review threshold
_LOWEST_REVIEW: Final = 0.02
_LOWEST_DRAFT: Final = 0.73  # chosen on ../shared/data: three other real mails reached it
_HIGHEST_DRAFT: Final = 0.95

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The last weights of a model, and its two thresholds."""

    weights: Floats  # (signals,): signals to one score
    odds: Mapping[str, tuple[float, float]]  # by language: slope and bias, score to log-odds
    labels: Floats  # (2,)
    draft_threshold: float
    review_threshold: float

    def probabilities(self, found: Scores) -> Floats:
        """Return the probability of rejection of each mail."""
        slopes = np.array([self.odds[language][0] for language in found.languages.tolist()])
        biases = np.array([self.odds[language][1] for language in found.languages.tolist()])
        odds = np.clip(found.signals @ self.weights * slopes + biases, -30, 30)
        result: Floats = 1 / (1 + np.exp(-odds))
        return result


def learn(corpus: Corpus, chosen: Numbers, found: Scores) -> Decision:
    """Learn from signals that come from models which never saw the row's group."""
    truth, signals = corpus.rejected[chosen], found.signals
    middle, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    model = LogisticRegression(C=_C, max_iter=1000)
    model.fit((signals - middle) / spread, truth, sample_weight=corpus.weights(chosen))
    combined = model.coef_[0] / spread
    real = corpus.kind("real")[chosen]
    unfinished = Decision(
        weights=combined,
        odds=_odds(corpus, chosen, signals @ combined, found.languages),
        labels=_label_scale(corpus, chosen, found.mails),
        draft_threshold=1.0,
        review_threshold=0.0,
    )
    draft, review = _thresholds(truth[real], unfinished.probabilities(found)[real])
    return replace(unfinished, draft_threshold=draft, review_threshold=review)


def _odds(
    corpus: Corpus, chosen: Numbers, score: Floats, languages: NDArray[np.str_]
) -> dict[str, tuple[float, float]]:
    """Return the calibration of each language: English on real mail, the others on written mail.

    What was written is hard, and much of it rejections, which no inbox is; in English it counts a
    little, so that a no in unusual words is not held for certain to be none.
    """
    truth, written = corpus.rejected[chosen], corpus.kind("written")[chosen]
    known = np.where(written & (languages == _ENGLISH), _UNUSUAL, 0.0)
    english = _platt(score, truth, np.where(corpus.kind("real")[chosen], 1.0, known))
    found = dict.fromkeys(LANGUAGES, english)
    usable = ~corpus.kind("synthetic")[chosen]
    for language in LANGUAGES:
        own = (languages == language) & usable
        if language != _ENGLISH and min(truth[own].sum(), (~truth[own]).sum()) >= _ENOUGH:
            found[language] = _platt(score, truth, own.astype(float))
    return found


def _platt(score: Floats, truth: Mask, weights: Floats) -> tuple[float, float]:
    """Return slope and bias that turn scores into log-odds (J. Platt, 1999)."""
    used = weights > 0
    model = LogisticRegression(C=1e6, max_iter=1000)
    model.fit(score[used, None], truth[used], sample_weight=weights[used])
    return float(model.coef_[0, 0]), float(model.intercept_[0])


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
