"""Figures → Markdown: the model's card, and what `inboxbot evaluate` prints."""

import hashlib
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import scipy
import sklearn

from inboxbot.classify.bench import Bench
from inboxbot.classify.decision import Decision
from inboxbot.classify.evaluate import Evaluation
from inboxbot.classify.fit import KIND_WEIGHT
from inboxbot.classify.judged import Part
from inboxbot.classify.metrics import Bin
from inboxbot.classify.trials import Trial
from inboxbot.core.types import Label


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def text(
    bench: Bench, decision: Decision, evaluation: Evaluation, features: int, digest: str
) -> str:
    """Return the card."""
    blocks = [
        _head(bench, decision, evaluation, features, digest),
        _data(bench),
        figures(evaluation),
        _LIMITS,
    ]
    return "\n\n".join(blocks) + "\n"


def figures(evaluation: Evaluation) -> str:
    """Return all figures as sections of Markdown."""
    written = [part for name, part in evaluation.parts.items() if name == "written"]
    sections = [
        _parts(evaluation),
        _labels("real mail", evaluation.parts["real"]),
        *(_labels("written mail", part) for part in written),
        _held_out(evaluation),
        _languages(evaluation),
        _inboxes(evaluation),
        _trials(_CURVE, "mail to learn from", evaluation.curve),
        _trials(_ABLATION, "left out", evaluation.ablation),
        _calibration(evaluation.parts["real"]),
    ]
    return "\n\n".join(section for section in sections if section)


def _table(head: str, lines: Iterable[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "| --- " * columns + "|", *lines])


def _head(
    bench: Bench, decision: Decision, evaluation: Evaluation, features: int, digest: str
) -> str:
    experimental = ", ".join(sorted(evaluation.experimental)) or "none"
    recipe = bench.recipe
    return f"""# The rejection model

Reads a mail's own text (subject and sender are hints) and says what it is, in ten labels, how
probable a rejection is, and which sentence says so. Written by `inboxbot train`; every figure
below was measured in that run.

| | |
| --- | --- |
| SHA-256 of the contents | `{digest}` |
| features | {features} |
| draft threshold | {decision.draft_threshold} |
| review threshold | {decision.review_threshold} |
| experimental languages (never drafted) | {experimental} |
| recipe | features {recipe.features}, in at least {recipe.least_groups} groups; \
C {recipe.mail_c} (mails), {recipe.sentence_c} (sentences, {recipe.rounds} rounds); \
{recipe.folds} folds, seed {recipe.seed} |
| versions | Python {platform.python_version()}, numpy {np.__version__}, \
scipy {scipy.__version__}, scikit-learn {sklearn.__version__} |"""


def _data(bench: Bench) -> str:
    rows = [bench.corpus.rows[number] for number in bench.train]
    kinds = sorted(KIND_WEIGHT, key=lambda kind: -KIND_WEIGHT[kind])
    sets = sorted({(kinds.index(row.kind), row.set) for row in rows})
    counts = Counter((row.set, row.kind, row.label) for row in rows)
    lines = [
        f"| {name} | {kinds[kind]} | "
        + " | ".join(str(counts[name, kinds[kind], label] or "") for label in Label)
        + " |"
        for kind, name in sets
    ]
    shares = ", ".join(f"{kind} {KIND_WEIGHT[kind]}" for kind in kinds)
    return f"""## Data

A mail weighs by its kind ({shares}), divided by the
square root of how many share its wording. Raw ordinary mail counts thrice; outside English, so does
all that is no rejection. A feature must stand in mail of {bench.recipe.least_groups} groups:
no name, no employer. English is calibrated on real mail, where a written one counts a twentieth;
the other languages on written mail.

{_table("| set | kind | " + " | ".join(Label) + " |", lines)}"""


_PART_HEAD = (
    "| {} | mails | precision, drafted | recall, drafted | recall with review | "
    "recall at precision .99 | evidence | ECE | macro-F1 of labels |"
)


def _part_line(name: str, part: Part) -> str:
    return (
        f"| {name} | {part.mails} | {part.drafted.precision} | {part.drafted.recall} | "
        f"{part.noticed.recall} | {part.recall_at_99:.3f} | {part.evidence} | "
        f"{part.calibration:.3f} | {part.macro_f1:.3f} |"
    )


def _parts(evaluation: Evaluation) -> str:
    alarms = evaluation.false_alarms
    lines = (_part_line(name, part) for name, part in evaluation.parts.items())
    return f"""## Rejections, by grouped cross-validation

No employer, wording group or form letter stands on both sides of a split. Thresholds and
calibration of each fold come from the other folds. Intervals: Wilson, 95 %. But the recipe, the
weights of kinds and the floor of the draft threshold were chosen by looking at these very figures:
expect somewhat less on mail that had no part in that. Written mail is hard on purpose. Evidence: of
the drafted rejections whose decisive sentence a reader has marked, the share in which the sentence
shown is that one.

{_table(_PART_HEAD.format("part"), lines)}

Ordinary real mail that would be drafted on: {alarms.hits} of {alarms.all}
(at most {alarms.interval[1] * 10_000:.0f} per 10,000)."""


def _labels(which: str, part: Part) -> str:
    lines = (
        f"| {label} | {one.precision} | {one.recall} | {one.f1:.3f} |"
        for label, one in part.labels.items()
        if one.recall.all
    )
    return f"## Labels, {which}\n\n" + _table("| label | precision | recall | F1 |", lines)


_LANGUAGE_HEAD = (
    "| language | mails | precision, drafted | recall, drafted | recall with review | "
    "recall at precision .95 | evidence | macro-F1 of labels | |"
)


def _language_line(name: str, part: Part, note: str) -> str:
    return (
        f"| {name} | {part.mails} | {part.drafted.precision} | {part.drafted.recall} | "
        f"{part.noticed.recall} | {part.recall_at_95:.3f} | {part.evidence} | "
        f"{part.macro_f1:.3f} | {note} |"
    )


def _held_out(evaluation: Evaluation) -> str:
    if not evaluation.held_out:
        return ""
    lines = (
        _language_line(name, part, "experimental" if name in evaluation.experimental else "")
        for name, part in evaluation.held_out.items()
    )
    return f"""## Languages: mail that was never trained on

Written by others than the training mail, half of it rejections; two thirds of those are short
personal mails without a cue, and most other mails were made to look like rejections.

{_table(_LANGUAGE_HEAD, lines)}"""


def _languages(evaluation: Evaluation) -> str:
    lines = (_language_line(name, part, "") for name, part in evaluation.languages.items())
    return f"""## Languages: real, template and written mail, cross-validated

{_table(_LANGUAGE_HEAD, lines)}"""


def _inboxes(evaluation: Evaluation) -> str:
    if not evaluation.inboxes:
        return ""
    lines = (_part_line(name, part) for name, part in evaluation.inboxes.items())
    return f"""## Each inbox left out

The model learned from everything else; no form letter of that inbox was among it.

{_table(_PART_HEAD.format("inbox"), lines)}"""


_CURVE = """## Learning curve

Part of the groups to learn from, always the same fold to measure on."""
_ABLATION = """## What each part brings

The same model without one of its parts, learned from three folds of five, measured on the others:
blocks of features, the sentence model, the marks of readers, the weight of scarce ordinary mail,
the mail that was written for it."""


def _trials(intro: str, what: str, trials: Sequence[Trial]) -> str:
    if not trials:
        return ""
    head = (
        f"| {what} | mails | recall at precision .99, real | "
        "recall at precision .95, written | recall at precision .95, held out |"
    )
    lines = (
        f"| {one.name} | {one.mails} | {one.real:.3f} | {one.written:.3f} | {one.held_out:.3f} |"
        for one in trials
    )
    return f"{intro}\n\n{_table(head, lines)}"


def _calibration(part: Part) -> str:
    lines = (
        f"| {number / 10:.1f} to {(number + 1) / 10:.1f} | {one.count} | {one.expected:.3f} | "
        f"{one.observed:.3f} |"
        for number, one in enumerate(part.bins)
        if one.count
    )
    head = "| probability | mails | mean probability | share of rejections |"
    return f"""## Calibration, real mail

![Share of rejections over probability](reliability.svg)

{_table(head, lines)}"""


_SIDE = 320  # pixels of the diagram
_MARGIN = 40


def diagram(bins: Sequence[Bin]) -> str:
    """Return the reliability diagram as SVG: a dot per tenth, its area by the count of mails."""

    def x(share: float) -> float:
        return _MARGIN + share * _SIDE

    def y(share: float) -> float:
        return _MARGIN / 2 + (1 - share) * _SIDE

    dots = "\n".join(
        f'<circle cx="{x(one.expected):.1f}" cy="{y(one.observed):.1f}" '
        f'r="{2 + np.log1p(one.count):.1f}"><title>{one.count} mails: {one.expected:.2f} said, '
        f"{one.observed:.2f} were</title></circle>"
        for one in bins
        if one.count
    )
    ticks = "\n".join(
        f'<text x="{x(tenth / 10):.0f}" y="{y(0) + 16:.0f}" text-anchor="middle">.{tenth}</text>'
        f'<text x="{x(0) - 6:.0f}" y="{y(tenth / 10) + 4:.0f}" text-anchor="end">.{tenth}</text>'
        for tenth in range(2, 10, 2)
    )
    size = _SIDE + 2 * _MARGIN
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" \
aria-label="Reliability diagram: share of rejections over stated probability, real mail">
<style>text {{ font: 12px sans-serif; fill: #555 }} circle {{ fill: #3b6ea5 }}</style>
<rect x="{x(0):.0f}" y="{y(1):.0f}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999"/>
<line x1="{x(0):.0f}" y1="{y(0):.0f}" x2="{x(1):.0f}" y2="{y(1):.0f}" stroke="#999" \
stroke-dasharray="4"/>
{ticks}
{dots}
<text x="{x(0.5):.0f}" y="{y(0) + 34:.0f}" text-anchor="middle">stated probability</text>
</svg>
"""


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
