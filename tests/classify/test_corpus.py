"""The written mail: every label in every language, invented senders, nothing of it held out."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from inboxbot.classify import rows as files
from inboxbot.classify.groups import alike
from inboxbot.core.guards import under
from inboxbot.core.types import Label
from inboxbot.senders import load_senders

pytestmark = pytest.mark.slow  # fifteen thousand mails are parsed

ROOT = Path(__file__).parents[2]
LANGUAGES = "en de fr es it nl pt pl sv da tr ja zh ko ar hi".split()


@cache
def corpus() -> tuple[files.Row, ...]:
    return tuple(files.read([ROOT / "models" / "corpus"]))


@cache
def held_out() -> tuple[files.Row, ...]:
    data = ROOT / "tests" / "data"
    return tuple(files.read([data / "held_out", data / "catastrophe.jsonl"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_label_so_that_none_means_one(language):
    labels = Counter(row.label for row in corpus() if row.language == language)
    assert set(labels) == set(Label)
    assert 0.3 <= labels[Label.REJECTION] / labels.total() <= 0.6
    assert labels[Label.NOT_JOB] >= 50


def test_every_id_is_there_once():
    ids = Counter(row.id for row in (*corpus(), *held_out()))
    assert [one for one, count in ids.items() if count > 1] == []


def test_every_sender_is_invented_or_a_known_relay():
    senders = load_senders()
    relays = {*senders.vendors, *senders.boards, *senders.freemail}
    strange = [
        row.message.from_[0].addr
        for row in (*corpus(), *held_out())
        if row.message.from_
        and not re.search(r"\.(example|invalid|test)$", row.message.from_[0].domain)
        and not under(row.message.from_[0].domain, relays)
    ]
    assert len(strange) <= 20, strange


def test_no_held_out_mail_shares_its_skeleton_with_one_that_is_trained_on():
    both = [*corpus(), *held_out()]
    learned = len(corpus())
    shared = [
        (both[first].id, both[second].id)
        for first, second in alike(both)
        if first < learned <= second
    ]
    assert len(shared) <= 5, shared
