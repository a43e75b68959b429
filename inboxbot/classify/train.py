"""Labelled mail → models/rejection.model, its SHA-256 and its card.

    rows.read | features | table | groups | fit.held_out | decision.learn | fit.fit | model.write

Bit for bit the same on one platform: the order is that of the ids, folds hang on ids alone, the
solvers start from zero and run in one thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from inboxbot.classify import card as cards
from inboxbot.classify import rows as files
from inboxbot.classify.concepts import NAMES
from inboxbot.classify.decision import Decision, learn
from inboxbot.classify.evaluate import Evaluation, measured
from inboxbot.classify.features import (
    SENDER_WORDS,
    Block,
    Features,
    combination_keys,
    features,
)
from inboxbot.classify.fit import Fitted, Recipe, corpus_of, fit, held_out
from inboxbot.classify.model import Defaults, Weights, write
from inboxbot.classify.ngrams import gram_keys
from inboxbot.classify.table import Table

MODEL_NAME: Final = "rejection.model"
CARD_NAME: Final = "CARD.md"

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What came out: where it stands, its hash, the text of the card, and the figures in it."""

    model: Path
    digest: str
    text: str
    evaluation: Evaluation


def train(
    data: Sequence[Path],
    out: Path,
    ham: Sequence[Path] = (),
    *,
    recipe: Recipe | None = None,
    report: Report = lambda _: None,
) -> Card:
    """Train on labelled files and folders; write model, hash and card into the folder `out`.

    `data` are labelled .jsonl files or folders of them; `ham` are folders of raw .eml that is
    ordinary mail. `report` is told what is being done. Raises InputError.
    """
    report("reading mail")
    recipe = recipe or Recipe()
    rows = files.read(data, ham)
    found = [features(row.message) for row in rows]
    with threadpool_limits(limits=1):
        report(f"cross-validating {len(rows)} mails")
        corpus = corpus_of(rows, found)
        everything = np.arange(len(rows))
        mails, signals = held_out(corpus, everything, recipe)
        decision = learn(corpus, everything, mails, signals)
        evaluation = measured(corpus, everything, mails, signals, recipe)
        report("fitting on everything")
        fitted = fit(corpus, everything, recipe)
    weights = exported(corpus.table, found, fitted, decision)
    out.mkdir(parents=True, exist_ok=True)
    path = out / MODEL_NAME
    defaults = Defaults(
        draft_threshold=decision.draft_threshold,
        review_threshold=decision.review_threshold,
        experimental_languages=evaluation.experimental,
    )
    digest = write(path, weights, defaults)
    text = cards.text(corpus, recipe, decision, evaluation, weights, digest)
    (out / CARD_NAME).write_text(text, encoding="utf-8")
    hashes = [f"{cards.sha256(out / name)}  {name}\n" for name in (CARD_NAME, MODEL_NAME)]
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
        block: tuple(names[key] for key in keys[order][blocks[order] == block].tolist())
        for block in Block
    }
    return Weights(
        grams=grams,
        mail=fitted.mail[order],
        mail_bias=fitted.mail_bias,
        sentence=fitted.sentence[order],
        sentence_bias=fitted.sentence_bias,
        decision=decision.weights,
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
