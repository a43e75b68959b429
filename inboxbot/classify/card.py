"""A trained model + its figures → its card, in Markdown."""

import hashlib
import platform
from collections import Counter
from pathlib import Path

import numpy as np
import scipy
import sklearn

from inboxbot.classify.decision import Decision
from inboxbot.classify.evaluate import Evaluation, Part
from inboxbot.classify.fit import KIND_WEIGHT, Corpus, Recipe
from inboxbot.classify.model import Weights
from inboxbot.core.types import Label


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def text(
    corpus: Corpus, recipe: Recipe, decision: Decision, evaluation: Evaluation,
    weights: Weights, digest: str,
) -> str:  # fmt: skip
    """Return the card."""
    blocks = [
        _head(recipe, decision, evaluation, weights, digest),
        _data(corpus),
        _parts(evaluation),
        _labels(evaluation.parts["real"]),
        _languages(evaluation),
        _calibration(evaluation.parts["real"]),
        _LIMITS,
    ]
    return "\n\n".join(blocks) + "\n"


def _head(
    recipe: Recipe, decision: Decision, evaluation: Evaluation, weights: Weights, digest: str
) -> str:
    experimental = ", ".join(sorted(evaluation.experimental)) or "none"
    return f"""# The rejection model

Reads a mail's own text (subject and sender are hints) and says what it is, in ten labels, how
probable a rejection is, and which sentence says so. Written by `inboxbot train`; every figure
below was measured in that run.

| | |
| --- | --- |
| SHA-256 of the contents | `{digest}` |
| features | {len(weights.mail)} |
| draft threshold | {decision.draft_threshold} |
| review threshold | {decision.review_threshold} |
| experimental languages (never drafted) | {experimental} |
| recipe | {recipe} |
| versions | Python {platform.python_version()}, numpy {np.__version__}, \
scipy {scipy.__version__}, scikit-learn {sklearn.__version__} |"""


def _data(corpus: Corpus) -> str:
    kinds = sorted(KIND_WEIGHT, key=lambda kind: -KIND_WEIGHT[kind])
    sets = sorted({(kinds.index(row.kind), row.set) for row in corpus.rows})
    counts = Counter((row.set, row.kind, row.label) for row in corpus.rows)
    lines = [
        f"| {name} | {kinds[kind]} | "
        + " | ".join(str(counts[name, kinds[kind], label] or "") for label in Label)
        + " |"
        for kind, name in sets
    ]
    head = "| set | kind | " + " | ".join(Label) + " |\n" + "| --- " * (len(Label) + 2) + "|"
    shares = ", ".join(f"{kind} {KIND_WEIGHT[kind]}" for kind in kinds)
    return "\n".join(
        [
            "## Data",
            "",
            f"A mail weighs by its kind ({shares}), divided by the square root of how many share",
            "its wording. Raw ordinary mail counts thrice; outside English, so does all that is no",
            "rejection.",
            "",
            head,
            *lines,
        ]
    )


def _parts(evaluation: Evaluation) -> str:
    lines = [_part_line(name, part) for name, part in evaluation.parts.items()]
    alarms = evaluation.false_alarms
    return "\n".join(
        [
            "## Rejections, by grouped cross-validation",
            "",
            _HOW,
            "",
            _PART_HEAD,
            "| --- " * 8 + "|",
            *lines,
            "",
            f"Ordinary real mail that would be drafted on: {alarms.hits} of {alarms.all}",
            f"(at most {alarms.interval[1] * 10_000:.0f} per 10,000).",
        ]
    )


_HOW = """No employer, wording group or form letter stands on both sides of a split. Thresholds and
calibration of each fold come from the other folds. Intervals: Wilson, 95 %. But the recipe, the
weights of kinds and the floor of the draft threshold (0.75) were chosen by looking at these very
figures, after some thirty variants: expect somewhat less on mail that had no part in that."""
_PART_HEAD = (
    "| part | mails | precision, drafted | recall, drafted | recall with review "
    "| recall at precision .99 | ECE | macro-F1 of labels |"
)


def _part_line(name: str, part: Part) -> str:
    return (
        f"| {name} | {part.mails} | {part.drafted.precision} | {part.drafted.recall} | "
        f"{part.noticed.recall} | {part.recall_at_99:.3f} | {part.calibration:.3f} | "
        f"{part.macro_f1:.3f} |"
    )


def _labels(part: Part) -> str:
    lines = [
        f"| {label} | {one.precision} | {one.recall} | {one.f1:.3f} |"
        for label, one in part.labels.items()
        if one.recall.all
    ]
    return "\n".join(
        [
            "## Labels, real mail",
            "",
            "| label | precision | recall | F1 |",
            "| --- " * 4 + "|",
            *lines,
        ]
    )


def _languages(evaluation: Evaluation) -> str:
    lines = [
        f"| {name} | {one.mails} | {one.drafted.precision} | {one.drafted.recall} | "
        f"{one.noticed.recall} | {'experimental' if name in evaluation.experimental else ''} |"
        for name, one in evaluation.languages.items()
    ]
    return "\n".join(
        [
            "## Languages: real, template and written mail",
            "",
            "| language | mails | precision, drafted | recall, drafted | recall with review | |",
            "| --- " * 6 + "|",
            *lines,
        ]
    )


def _calibration(part: Part) -> str:
    lines = [
        f"| {number / 10:.1f} to {(number + 1) / 10:.1f} | {one.count} | {one.expected:.3f} | "
        f"{one.observed:.3f} |"
        for number, one in enumerate(part.bins)
        if one.count
    ]
    return "\n".join(
        [
            "## Calibration, real mail",
            "",
            "| probability | mails | mean probability | share of rejections |",
            "| --- " * 4 + "|",
            *lines,
        ]
    )


_LIMITS = """## What it is not good for

- Real mail to learn from is almost all English, of few inboxes, and of the years 2017 to 2025;
  other languages are known from texts that were written for this model. Where a language is marked
  experimental, nothing is drafted in it.
- Real offers, interviews, assessments and feedback are hardly among the data: those labels rest on
  written and synthetic mail.
- Ordinary real mail is from 2002; modern receipts, newsletters and account mail were written.
- A refusal that is only implied (silence, a closed portal), or stands in an image or an attachment,
  is not seen. Very short human mails without any cue are the usual misses.
- It reads one mail: whose application it is about, and who wrote it, is decided elsewhere."""
