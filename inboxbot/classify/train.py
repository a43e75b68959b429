"""Labelled mail → models/rejection.model, its SHA-256 and its card.

    bench.bench_of | evaluate.fitted_on | evaluate.measured | exported | model.write

Bit for bit the same on one platform: the order is that of the ids, folds hang on ids alone, the
solvers start from zero and run in one thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from inboxbot.classify import card as cards
from inboxbot.classify.bench import Bench, Mail, bench_of
from inboxbot.classify.concepts import LANGUAGES, NAMES
from inboxbot.classify.decision import Decision
from inboxbot.classify.evaluate import Evaluation, Trained, fitted_on, measured
from inboxbot.classify.features import SENDER_WORDS, Block, Features, combination_keys
from inboxbot.classify.fit import Fitted, Recipe
from inboxbot.classify.model import Defaults, Weights, write
from inboxbot.classify.ngrams import gram_keys
from inboxbot.classify.scorer import quantised
from inboxbot.classify.table import Table
from inboxbot.classify.trials import Report

MODEL_NAME: Final = "rejection.model"
CARD_NAME: Final = "CARD.md"
DIAGRAM_NAME: Final = "reliability.svg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What came out: where it stands, its hash, the text of the card, and the figures in it."""

    model: Path
    digest: str
    text: str
    evaluation: Evaluation


def train(
    mail: Mail,
    out: Path,
    *,
    recipe: Recipe | None = None,
    thorough: bool = False,
    report: Report = lambda _: None,
) -> Card:
    """Train on labelled mail; write model, card and hashes into the folder `out`.

    `thorough` adds the slow figures to the card (see `evaluate`). `report` is told what is being
    done. Raises InputError.
    """
    bench = bench_of(mail, recipe or Recipe())
    trained = fitted_on(bench, report)
    return save(bench, trained, measured(bench, trained, thorough=thorough, report=report), out)


def save(bench: Bench, trained: Trained, evaluation: Evaluation, out: Path) -> Card:
    """Write the model, its card, its diagram and their hashes into the folder `out`."""
    fitted, decision = trained.fitted, trained.decision
    weights = exported(bench.corpus.table, bench.found, fitted, decision)
    out.mkdir(parents=True, exist_ok=True)
    path = out / MODEL_NAME
    defaults = Defaults(
        draft_threshold=decision.draft_threshold,
        review_threshold=decision.review_threshold,
        experimental_languages=evaluation.experimental,
    )
    digest = write(path, weights, defaults)
    text = cards.text(bench, decision, evaluation, len(weights.mail), digest)
    (out / CARD_NAME).write_text(text, encoding="utf-8")
    diagram = cards.diagram(evaluation.parts["real"].bins)
    (out / DIAGRAM_NAME).write_text(diagram, encoding="utf-8")
    names = (CARD_NAME, DIAGRAM_NAME, MODEL_NAME)
    hashes = [f"{cards.sha256(out / name)}  {name}\n" for name in names]
    (out / "rejection.sha256").write_text("".join(hashes), encoding="ascii")
    return Card(model=path, digest=digest, text=text, evaluation=evaluation)


def exported(
    source: Table, found: Sequence[Features], fitted: Fitted, decision: Decision
) -> Weights:
    """Return the weights of the columns, block after block, their grams written out."""
    keys = source.keys[fitted.columns]
    names = _written_out(found, set(keys.tolist()))
    blocks = source.blocks[fitted.columns]
    order = np.lexsort((keys, blocks))
    grams = {
        block: "".join(f"{names[key]}\n" for key in keys[order][blocks[order] == block].tolist())
        for block in Block
    }
    codes, scale = quantised(fitted.mail[order])
    return Weights(
        grams=grams,
        mail=codes,
        mail_scale=scale,
        mail_bias=fitted.mail_bias,
        sentence=fitted.sentence[order],
        sentence_bias=fitted.sentence_bias,
        decision=decision.weights,
        odds=np.array([decision.odds[language] for language in LANGUAGES]),
        labels=decision.labels,
    )


def _written_out(found: Sequence[Features], wanted: set[int]) -> dict[int, str]:
    """Return the gram of each wanted key, as it stands in some mail."""
    names: dict[int, str] = {}
    for block in (Block.CONCEPTS, Block.SUBJECT_CONCEPTS):
        names |= zip(combination_keys(NAMES, block).tolist(), NAMES, strict=True)
    names |= zip(gram_keys(SENDER_WORDS, Block.SENDER).tolist(), SENDER_WORDS, strict=True)
    missing = np.array(sorted(wanted - names.keys()), dtype=np.uint64)
    for one in found:
        keys, first = np.unique(one.keys, return_index=True)
        held = np.isin(keys, missing, assume_unique=True)
        spans = one.spans[first[held]].tolist()
        for key, (start, end) in zip(keys[held].tolist(), spans, strict=True):
            names[key] = one.text[start:end]
        missing = np.setdiff1d(missing, keys[held], assume_unique=True)
    return names
