"""The focus list: which words are something to practise, and what keeps coming up."""

import json
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inboxbot.core.focus import Lexicon, Theme, Voice, themes_in, voices_in
from inboxbot.core.history import History
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.reflect import Question
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import WeekLog
from inboxbot.topics import load_lexicon

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def voice(text: str, days_ago: int = 0, **others: Any) -> Voice:
    day = TODAY - timedelta(days=days_ago)
    given: dict[str, Any] = {"occasion": str(day), "question": Question.DIFFERENTLY} | others
    return Voice(text=text, day=day, **given)


def employers(text: str, days_ago: int = 0, **others: Any) -> Voice:
    return voice(text, days_ago, employers=True, question=Question.FREE, **others)


def named(themes: tuple[Theme, ...]) -> list[str]:
    return [theme.topic or theme.word for theme in themes]


# ---------------------------------------------------------------- what counts


def written(name: str) -> Iterator[tuple[str, frozenset[str], Voice]]:
    """Yield the sentences of a file, with the topics that a reader would note."""
    table = tomllib.loads((DATA / "focus" / f"{name}.toml").read_text(encoding="utf-8"))
    for kind, languages in table.items():
        for rows in languages.values():
            for row in rows:
                made = employers(row["text"]) if kind == "employer" else voice(row["text"])
                if kind != "employer":
                    made = replace(made, question=Question(kind))
                yield row["text"], frozenset(row["topics"]), made


def topics(made: Voice, lexicon: Lexicon) -> frozenset[str]:
    """Return the topics that a text counts for: said twice, so that it is enough."""
    twice = (made, replace(made, occasion="another"))
    return frozenset(theme.topic for theme in themes_in(twice, lexicon, TODAY)) - {""}


def test_what_the_lexicon_was_tuned_on_is_read_as_a_reader_would(lexicon: Lexicon) -> None:
    wrong = [
        (text, expected, found)
        for text, expected, made in written("written")
        if (found := topics(made, lexicon)) != expected
    ]
    assert not wrong


def test_so_is_most_of_what_it_has_never_seen(lexicon: Lexicon) -> None:
    rows = [(expected, topics(made, lexicon)) for _, expected, made in written("held_out")]
    right = sum(len(expected & found) for expected, found in rows)
    precision = right / sum(len(found) for _, found in rows)
    recall = right / sum(len(expected) for expected, _ in rows)
    print(f"{len(rows)} texts: precision {precision:.2f}, recall {recall:.2f}")
    assert precision >= 0.93
    assert recall >= 0.93


def test_a_letter_of_refusal_says_nothing_to_practise(lexicon: Lexicon) -> None:
    """Boilerplate thanks for interest in the company and invites questions."""
    letters = [
        json.loads(row)
        for language in ("en", "de")
        for row in (DATA / "held_out" / f"{language}.jsonl").read_text(encoding="utf-8").split("\n")
        if row
    ]
    noes = [letter["body"] for letter in letters if letter["label"] == "rejection"]
    told = [body for body in noes if topics(employers(body), lexicon)]
    assert len(noes) > 100
    assert len(told) / len(noes) <= 0.02


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I wasn't nervous.", set()),
        ("I wasn’t nervous.", set()),
        ("I did not ramble this time.", set()),
        ("The examples were good, but I talked far too long.", {"length"}),
        ("Diesmal war ich nicht nervös, aber beim Gehalt unsicher.", {"salary"}),
        ("The latest test of the salaried clerk.", set()),  # no word within a word
    ],
)
def test_a_clause_is_read_by_itself_and_negation_with_it(
    text: str, expected: set[str], lexicon: Lexicon
) -> None:
    assert topics(voice(text, question=Question.FREE), lexicon) == expected


def test_hostile_text_costs_no_more_than_any_other(lexicon: Lexicon) -> None:
    begun = time.perf_counter()
    for text in ("i not " * 1_000, "too " * 1_500, "salary, but " * 500, "a" * 6_000):
        themes_in([employers(text), voice(text)], lexicon, TODAY)
    assert time.perf_counter() - begun < 5


# ---------------------------------------------------------------- what is a theme


def test_once_is_no_theme_and_twice_is(lexicon: Lexicon) -> None:
    once = voice("I rambled.", 30)
    assert themes_in([once], lexicon, TODAY) == ()
    (theme,) = themes_in([once, voice("I talked far too long.")], lexicon, TODAY)
    assert (theme.topic, theme.mentions) == ("length", 2)
    assert [said.text for said in theme.quotations] == ["I talked far too long.", "I rambled."]


def test_an_employer_need_not_say_it_twice(lexicon: Lexicon) -> None:
    said = employers("Your answers were rather long.", about="Acme")
    (theme,) = themes_in([said], lexicon, TODAY)
    assert (theme.quotations[0].about, theme.quotations[0].employers) == ("Acme", True)


def test_two_answers_about_one_talk_are_one_mention(lexicon: Lexicon) -> None:
    answers = [
        voice("I rambled.", occasion="acme 2026-W47"),
        voice("Far too long answers.", occasion="acme 2026-W47", question=Question.FREE),
    ]
    assert themes_in(answers, lexicon, TODAY) == ()


@pytest.mark.parametrize("question", [Question.WELL, Question.REASONS])
def test_what_went_well_is_nothing_to_practise(question: Question, lexicon: Lexicon) -> None:
    answers = [voice("I was nervous, and it went well.", day, question=question) for day in (0, 9)]
    assert themes_in(answers, lexicon, TODAY) == ()


def test_what_is_recent_comes_before_what_was_frequent_long_ago(lexicon: Lexicon) -> None:
    old = [voice("I was nervous.", 400 + day) for day in range(3)]
    new = [voice("I rambled.", 2), voice("My answers went on and on.", 9)]
    assert named(themes_in([*old, *new], lexicon, TODAY)) == ["length", "nerves"]


def test_a_quotation_is_verbatim_and_cut_between_words(lexicon: Lexicon) -> None:
    text = f"I was {'very ' * 100}nervous."
    (theme,) = themes_in([voice(text), voice(text, 9)], lexicon, TODAY)
    quoted = theme.quotations[0].text
    assert quoted.endswith("very …")
    assert text.startswith(quoted.removesuffix(" …"))
    assert len(quoted) <= 242


def test_a_quotation_carries_no_control_characters(lexicon: Lexicon) -> None:
    said = employers("You were \x1b nervous\u202e <b>{{7*7}}</b>\nand kind.")
    (theme,) = themes_in([said], lexicon, TODAY)
    assert theme.quotations[0].text == "You were nervous <b>{{7*7}}</b> and kind."


def test_few_of_many_quotations_are_kept_and_the_same_words_once(lexicon: Lexicon) -> None:
    notes = [voice(f"I rambled for {day} minutes.", day) for day in range(10)]
    again = [voice("I rambled for 0 minutes.", 20 + day) for day in range(10)]
    (theme,) = themes_in([*notes, *again], lexicon, TODAY)
    assert theme.mentions == 20
    assert [said.text for said in theme.quotations] == [note.text for note in notes[:5]]


# ---------------------------------------------------------------- words of the user's own


def test_a_word_that_the_user_keeps_using_is_a_theme(lexicon: Lexicon) -> None:
    notes = [
        voice("I should have known more about Kubernetes.", 20),
        voice("Again kubernetes, I only knew the basics.", 3),
    ]
    (theme,) = themes_in(notes, lexicon, TODAY)
    assert (theme.topic, theme.word, theme.mentions) == ("", "kubernetes", 2)


@pytest.mark.parametrize(
    "notes",
    [
        ("Northwind was cold.", "Northwind again, and cold."),  # the employer's name
        ("I should really have thought first.", "Really, think before."),  # common words
        ("They never asked about my salary.", "Salary did not come up."),  # a topic, dismissed
    ],
)
def test_names_common_words_and_what_was_no_matter_are_none(
    notes: tuple[str, str], lexicon: Lexicon
) -> None:
    voices = [voice(text, 9 * day, about="Northwind Maps") for day, text in enumerate(notes)]
    assert not [theme.word for theme in themes_in(voices, lexicon, TODAY) if theme.word != "cold"]


def test_a_word_of_employers_is_not_the_users(lexicon: Lexicon) -> None:
    said = [employers("We went on with somebody from hydrology.", day) for day in (0, 9)]
    assert themes_in(said, lexicon, TODAY) == ()


def test_a_topic_comes_before_a_word_that_recurs_as_often(lexicon: Lexicon) -> None:
    notes = [voice("I rambled. Revise hydrology.", day) for day in (0, 9)]
    assert named(themes_in(notes, lexicon, TODAY))[:2] == ["length", "Revise"]


# ---------------------------------------------------------------- the journal


def event(kind: EventKind, application: str = "acme", message: str = "m", **payload: Any) -> Event:
    return Event(
        kind=kind, time=datetime(2026, 11, 19, 22, 30, tzinfo=UTC), application=application,
        message=message, payload=payload,
    )  # fmt: skip


def voices(*events: Event) -> list[Voice]:
    return list(
        voices_in(
            WeekLog(events, History(), since=EPOCH, end=datetime.max.replace(tzinfo=UTC)), UTC
        )
    )


def test_reflections_and_employers_answers_are_heard() -> None:
    seen = event(EventKind.SEEN, label="acknowledgement", employer="Acme", role="Tester")
    wrote = event(
        EventKind.REFLECTED, message="r", text="I rambled.", question="differently", via="reply",
        week="2026-W47",
    )  # fmt: skip
    told = event(EventKind.FEEDBACK_RECEIVED, message="f", text="Be brief.", employer="Acme")
    own, theirs = voices(seen, wrote, told)
    assert (own.text, own.question, own.occasion) == ("I rambled.", "differently", "acme 2026-W47")
    assert (own.about, own.employers, own.day) == ("Acme", False, date(2026, 11, 19))
    assert (theirs.text, theirs.about, theirs.employers) == ("Be brief.", "Acme", True)


def test_a_no_that_gives_its_reasons_is_heard_by_its_sentence() -> None:
    seen = event(
        EventKind.SEEN, label="rejection", evidence="Your answers were long.", gives_feedback=True
    )
    assert [(said.text, said.employers) for said in voices(seen)] == [
        ("Your answers were long.", True)
    ]


def test_any_other_mail_and_an_unknown_question_do_no_harm() -> None:
    mail = event(EventKind.SEEN, label="rejection", evidence="We chose somebody else.")
    odd = event(EventKind.REFLECTED, text="Fine.", question="later", via="reply")
    empty = event(EventKind.REFLECTED, text="", question="reasons", ticks=["day"])
    (heard,) = voices(mail, odd, empty)
    assert heard.question is Question.FREE
