"""Files → the mail and its features as one bench: what may be trained on, and what may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inboxbot.classify import rows as files
from inboxbot.classify.features import Features, features
from inboxbot.classify.fit import Corpus, Recipe, corpus_of
from inboxbot.classify.parallel import each
from inboxbot.classify.table import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """All mail at hand, the part that may be trained on, and the part that may not."""

    corpus: Corpus
    found: Sequence[Features]
    train: Numbers
    kept: Numbers  # held-out rows
    recipe: Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Where the mail is.

    `data` are labelled .jsonl files or folders of them, `ham` folders of raw .eml that is ordinary
    mail, `kept` labelled mail that is measured and never trained on, `marks` the decisive sentences
    of mail in `data` (see `rows`).
    """

    data: Sequence[Path]
    ham: Sequence[Path] = ()
    kept: Sequence[Path] = ()
    marks: Sequence[Path] = ()


def bench_of(mail: Mail, recipe: Recipe) -> Bench:
    """Read all mail and compute its features; raises InputError."""
    rows = files.read(mail.data, mail.ham, mail.marks)
    aside = files.read(mail.kept) if mail.kept else []
    both = [*rows, *aside]
    found = each(lambda row: features(row.message), both)
    return Bench(
        corpus=corpus_of(both, found, len(aside)),
        found=found,
        train=np.arange(len(rows)),
        kept=np.arange(len(rows), len(both)),
        recipe=recipe,
    )
