"""The shipped model on mail that was kept out of its training: by language, and the near-misses.

The mail was written for this, harder than an inbox: half of tests/data/held_out are rejections, two
thirds of them short personal ones; most of the rest, and all of catastrophe.jsonl, use the words of
a rejection for something else. The floors are what was reached, so that a later model cannot lose
it unseen; the targets stand in models/CARD.md with the figures.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from inboxbot.classify import rows as files
from inboxbot.classify.model import Model
from inboxbot.core.contact import Owner
from inboxbot.core.decide import Situation, decide
from inboxbot.core.facts import read_facts
from inboxbot.core.history import History
from inboxbot.core.plan import Decision
from inboxbot.core.policy import Policy, Thresholds
from inboxbot.core.text import sentences
from inboxbot.core.types import Label, Message, Reading, Verdict
from inboxbot.resources import MODELS
from inboxbot.senders import load_senders

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = sorted(path.stem for path in (DATA / "held_out").glob("*.jsonl"))
MAIN = {"en", "de", "fr", "es", "it", "nl", "pt"}


class Judged(NamedTuple):
    row: files.Row
    verdict: Verdict


@cache
def shipped() -> Model:
    return Model.load(MODELS / "rejection.model")


@cache
def judged(name: str) -> tuple[Judged, ...]:
    return tuple(
        Judged(row, shipped().judge(row.message)) for row in files.read([DATA / f"{name}.jsonl"])
    )


def decision(message: Message, verdict: Verdict) -> Decision:
    """Return what would be done about a mail that is all that is known."""
    reading = Reading(
        message=message, verdict=verdict, facts=read_facts(message, verdict, load_senders())
    )
    at = Situation(
        owner=Owner(address="me@home.example"),
        senders=load_senders(),
        policy=Policy(),
        thresholds=Thresholds(
            draft=shipped().draft_threshold,
            review=shipped().review_threshold,
            experimental_languages=shipped().experimental_languages,
        ),
        now=datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
        as_if_just_arrived=True,
    )
    return decide(reading, message.key, History(), at).decision


def test_there_are_sixteen_languages_with_sixty_rejections_each():
    assert len(LANGUAGES) == 16
    for language in LANGUAGES:
        labels = Counter(row.label for row, _ in judged(f"held_out/{language}"))
        assert labels[Label.REJECTION] == labels.total() // 2 == 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_hardly_a_rejection_is_missed_with_review(language):
    found = [
        verdict.probability >= shipped().review_threshold
        for row, verdict in judged(f"held_out/{language}")
        if row.label is Label.REJECTION
    ]
    assert sum(found) / len(found) >= 0.85


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_drafted_on_is_a_rejection(language):
    drafted = [
        row.label is Label.REJECTION
        for row, verdict in judged(f"held_out/{language}")
        if verdict.probability >= shipped().draft_threshold
    ]
    assert len(drafted) >= 15
    assert sum(drafted) / len(drafted) >= (0.9 if language in MAIN else 0.75)


def test_a_language_that_misses_its_target_is_never_drafted_in():
    for language in set(LANGUAGES) - MAIN - shipped().experimental_languages:
        truth = [row.label is Label.REJECTION for row, _ in judged(f"held_out/{language}")]
        drafted = [
            verdict.probability >= shipped().draft_threshold
            for _, verdict in judged(f"held_out/{language}")
        ]
        hits = sum(a and b for a, b in zip(truth, drafted, strict=True))
        assert hits / sum(drafted) >= 0.95
        assert hits / sum(truth) >= 0.90


def test_the_evidence_is_a_sentence_that_a_reader_has_marked():
    shown = [
        sentences(row.message.text).index(verdict.evidence) in row.decisive
        for language in MAIN
        for row, verdict in judged(f"held_out/{language}")
        if row.decisive and verdict.probability >= shipped().draft_threshold
    ]
    assert len(shown) >= 150
    assert sum(shown) / len(shown) >= 0.7


def near_misses() -> Iterator[tuple[str, Decision]]:
    cases = {
        row["id"]: row["case"]
        for row in map(json.loads, (DATA / "catastrophe.jsonl").read_text("utf-8").splitlines())
    }
    for row, verdict in judged("catastrophe"):
        yield cases[row.id], decision(row.message, verdict)


def test_few_near_misses_are_answered():
    found = Counter(near_misses())
    cases = {case for case, _ in found}
    assert cases == {"offer", "date", "one_of_several", "still_running", "withdrawn", "other"}
    assert found.total() >= 500
    drafted = {case: found[case, Decision.DRAFT] for case in cases}
    print(f"near-misses: {sum(drafted.values())} of {found.total()} drafted on, {drafted}")
    assert sum(drafted.values()) / found.total() <= 0.06


# A disguise must not change what is read.

DISGUISES = {
    "homoglyphs": lambda text: text.replace("o", "\u043e").replace("a", "\u0430"),
    "zero width": lambda text: text.replace("e", "e\u200b"),
    "soft hyphens": lambda text: text.replace("n", "n\u00ad"),
    "capitals": str.upper,
    "full width": lambda text: text.translate({code: code + 0xFEE0 for code in range(97, 123)}),
    "curly quotes": lambda text: text.replace("'", "\u2019"),
    "another language around it": lambda text: f"Guten Tag!\n\n{text}\n\nMit besten Grüßen",
    "a long footer": lambda text: text + "\n\n" + "This message is confidential. " * 200,
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguised_rejection_is_still_noticed(disguise, mail):
    texts = [
        row.message.text
        for row, verdict in judged("held_out/en")
        if row.label is Label.REJECTION and verdict.probability >= shipped().draft_threshold
    ]
    found = [
        shipped().judge(mail(DISGUISES[disguise](text))).probability >= shipped().review_threshold
        for text in texts
    ]
    assert len(texts) >= 30
    assert sum(found) / len(found) >= 0.9
