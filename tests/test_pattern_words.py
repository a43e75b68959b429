"""A pattern and a theme in words, in both languages: nothing is missing, and nothing is claimed."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from inboxbot.core.focus import Quotation, Theme
from inboxbot.core.insight import Comparison, Kind, Pattern, Rate
from inboxbot.core.insight.comparisons import TELLING
from inboxbot.core.insight.exact import NOBODY
from inboxbot.core.insight.origin import Source
from inboxbot.core.insight.titles import Family
from inboxbot.letters.patterns import finding, practice, question
from inboxbot.letters.phrases import load_phrases
from inboxbot.letters.words import Words
from inboxbot.topics import load_lexicon

DAY = date(2026, 11, 17)
GROUPS = {
    Kind.LEVEL: ("senior", "junior", "above", "below"),
    Kind.FAMILY: tuple(family for family in Family if family is not Family.OTHER),
    Kind.SOURCE: tuple(Source),
    Kind.SYSTEM: ("Workday",),
    Kind.SPEED: ("fast",),
    Kind.TEST: ("test",),
    Kind.TALK: ("screening",),
}


@pytest.fixture(params=["en", "de"])
def words(request) -> Words:
    return Words(load_phrases(request.param), most=6)


def english() -> Words:
    return Words(load_phrases("en"), most=6)


def pattern(kind: Kind, group: str, ended: Rate, others: Rate = NOBODY) -> Pattern:
    usual = 0.2 if kind is Kind.REASON else None
    compared = Comparison(kind=kind, group=group, ended=ended, others=others, usual=usual)
    return Pattern(compared=compared, p=0.01)


def every_pattern() -> Iterator[Pattern]:
    for kind, groups in GROUPS.items():
        for group in groups:
            yield pattern(kind, group, Rate(6, 7), Rate(2, 9))
            yield pattern(kind, group, Rate(1, 8), Rate(11, 14))
    for reason in TELLING:
        yield pattern(Kind.REASON, reason, Rate(6, 11))


def test_every_pattern_is_counts_and_a_question(words: Words) -> None:
    for each in every_pattern():
        group = question(each, words)
        assert re.match(r"\d+ (of|von) ", group.lead), group.lead
        assert group.lead.endswith("?") or each.compared.kind is Kind.SYSTEM, group.lead
        assert not re.search(r"[{}]|  ", group.lead + group.after), group
        assert not re.search(r"\b(because|therefore|weil|deshalb|cause)\b", group.lead), group.lead


def test_what_ended_more_often_is_told_by_its_noes() -> None:
    assert finding(pattern(Kind.LEVEL, "senior", Rate(6, 7), Rate(2, 9)), english()) == (
        "6 of 7 senior roles ended before a conversation, 2 of the 9 others did."
    )


def test_what_ended_less_often_is_told_by_its_conversations() -> None:
    told = question(pattern(Kind.SOURCE, "referral", Rate(1, 8), Rate(11, 14)), english())
    assert told.lead.startswith(
        "7 of 8 applications with a referral led to a conversation, 3 of the 14 others did."
    )
    low, high = (1 - share for share in reversed(Rate(1, 8).interval))
    assert f"from {low:.0%} to {high:.0%}" in told.after


def test_none_is_a_word(words: Words) -> None:
    told = finding(pattern(Kind.LEVEL, "senior", Rate(7, 7), Rate(0, 9)), words)
    assert re.search(r"\bnone of the 9 others|von den 9 anderen keine\b", told)


def test_a_name_is_put_in_as_it_is(words: Words) -> None:
    told = question(pattern(Kind.SYSTEM, "{n} <b>", Rate(6, 7), Rate(2, 9)), words)
    assert "{n} <b>" in told.lead


def test_every_topic_of_the_lexicon_has_a_name_and_an_exercise(words: Words) -> None:
    topics = {topic.name for topic in load_lexicon().topics}
    table = words.phrases.table["focus"]
    assert isinstance(table, dict)
    assert set(table["topics"]) == set(table["exercises"]) == topics


def test_a_theme_is_told_with_the_words_behind_it() -> None:
    said = (
        Quotation(text="Your answers were long.", day=DAY, about="Acme", employers=True),
        Quotation(text="I rambled.", day=DAY, about="Northwind"),
        Quotation(text="Too long.", day=DAY, employers=True),
    )
    told = practice(Theme(topic="length", mentions=3, quotations=said), english())
    assert told.lead == "Keeping answers short: this has come up 3 times."
    assert [(item.head, item.quotes) for item in told.items] == [
        ("Acme, 17 November 2026", ("Your answers were long.",)),
        ("You, 17 November 2026", ("I rambled.",)),
        ("An employer, 17 November 2026", ("Too long.",)),
    ]
    assert "ninety seconds" in told.after


def test_one_word_of_an_employer_and_a_word_of_ones_own_are_told_as_such(words: Words) -> None:
    said = (Quotation(text="Your answers were long.", day=DAY, employers=True),)
    once = practice(Theme(topic="length", mentions=1, quotations=said), words)
    own = practice(Theme(word="Kubernetes", mentions=2, quotations=said), words)
    assert re.search("employer|Arbeitgeber", once.lead)
    assert "Kubernetes" in own.lead
    assert own.after
