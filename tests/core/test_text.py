"""What the sanitiser lets through is safe, and reads as before."""

import re
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.core.text import (
    LONGEST_HEADER,
    clean,
    fold,
    for_header,
    for_terminal,
    lines,
    safe_name,
    sentences,
)

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ZERO_WIDTH = re.compile("[\u00ad\u034f\u200b-\u200d\u2060\ufeff]")
ANY = st.text(st.characters(codec=None))  # type: ignore[arg-type]  # lone surrogates too


@pytest.mark.threat("D3")
@given(ANY)
def test_a_header_is_one_clean_line(text: str):
    header = for_header(text)
    assert len(header) <= LONGEST_HEADER
    assert not CONTROL.search(header)
    assert not BIDI.search(header)
    assert not ZERO_WIDTH.search(header)
    assert unicodedata.is_normalized("NFC", header)
    assert header == header.strip()
    header.encode("utf-8")


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str):
    assert clean(clean(text, 100), 100) == clean(text, 100)


@pytest.mark.threat("D23")
@given(ANY)
def test_no_terminal_escape_can_start(text: str):
    assert not CONTROL.search(for_terminal(text))
    assert not CONTROL.search(for_terminal(text, newlines=True).replace("\n", ""))
    assert not BIDI.search(for_terminal(text, newlines=True))


@pytest.mark.threat("D23")
@pytest.mark.parametrize(
    "evil", ["\x1b]0;title\x07x", "\x1b]52;c;aGk=\x07x", "\x9b31mx", "a\rb", "\x1b[2Jx", "\u202ex"]
)
def test_known_terminal_escapes_lose_their_head(evil: str):
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", for_terminal(evil, newlines=True))


@pytest.mark.threat("D3")
def test_a_line_break_in_a_header_becomes_a_space():
    assert for_header("hello\r\nBcc: all@acme.example") == "hello Bcc: all@acme.example"


def test_the_lines_of_a_body_are_kept():
    assert lines("one\r\ntwo\u2028three\x85four\tfive\x00", 100) == "one\ntwo\nthree\nfour five"


def test_padding_of_zero_width_does_not_push_out_what_follows():
    assert clean("\u200b" * 100 + "read me", 50) == "read me"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Acme GmbH & Co. KG", "Acme GmbH & Co. KG"),
        ("L’Oréal", "L'Oréal"),
        ("C++ Developer (m/w/d)", "C++ Developer (m/w/d)"),
        ("C# / .NET", "C# / .NET"),
        ("Node.js Engineer", "Node.js Engineer"),
        ("Poe, Jane", "Poe, Jane"),
        ("Société Générale – Paris", "Société Générale - Paris"),
        ("3M", "3M"),
        ("株式会社ABC", "株式会社ABC"),
        ("コーヒー", "コーヒー"),
        ("Яндекс", "Яндекс"),
        ("डेवलपर", "डेवलपर"),
        ("شركة أكمي", "شركة أكمي"),
        ("Booking.com", "Booking"),
        ("Data Analyst", "Data Analyst"),
        ("JavaScript Developer", "JavaScript Developer"),
    ],
)
def test_a_name_may_stand_in_a_draft(name: str, shown: str):
    assert safe_name(name) == shown


@pytest.mark.threat("D5")
@pytest.mark.parametrize(
    "evil",
    ["{{7*7}}", "${x}", "{person}", "%s", "http://evil.example", "https:evil", "www.evil.example",
     "evil.com/login", "javascript:alert(1)", "data:text,x", "<b>Acme</b>", "Acme | click",
     "x@y.example", "`id`", "=HYPERLINK(1)", "+1", "-1", "@x", "\\x", "a" * 81, "", "  ", "42",
     "a_b"],
)  # fmt: skip
def test_what_is_no_name_may_not_stand_in_a_draft(evil: str):
    assert safe_name(evil) is None


@pytest.mark.threat("D30")
@pytest.mark.parametrize(
    "deceit",
    ["Gооgle", "Аррӏе", "РауРаl", "Μicrosoft", "Αmazon", "аcme", "Соса-Соlа", "ＡＢＣ", "𝐀𝐜𝐦𝐞",
     "Яндекс Go", "Асе", "Օracle", "Ꭺcme", "Acmе"],
)  # fmt: skip
def test_letters_that_only_look_latin_may_not_stand_in_a_draft(deceit: str):
    assert safe_name(deceit) is None


@pytest.mark.threat("D30")
@given(ANY)
def test_a_safe_name_holds_letters_of_one_script_and_little_else(text: str):
    name = safe_name(text)
    if name is not None:
        assert 0 < len(name) <= 80
        assert not CONTROL.search(name)
        assert not BIDI.search(name)
        assert not re.search(r"[<>{}$%@|\\`:;=_*\"\[\]!?]|//|www\.", name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME  Gmbh", "acme gmbh"),
        ("Straße", "STRASSE"),
        ("Gооgle", "google"),
        ("ＡＢＣ", "abc"),
        ("un\u200bfortunately", "Unfortunately"),
        ("Cafe\u0301", "CAFÉ"),
    ],
)
def test_what_reads_alike_folds_alike(one: str, other: str):
    assert fold(one) == fold(other)


def test_a_russian_word_stays_russian_when_folded():
    assert fold("Союз") == "союз"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thank you. We chose J. Doe! Best", ("Thank you.", "We chose J. Doe!", "Best")),
        (
            "Dear Dr. Poe,\nThank you, e.g. for coming.",
            ("Dear Dr. Poe,", "Thank you, e.g. for coming."),
        ),
        (
            "Am 3. März war es so weit. Leider nicht.",
            ("Am 3. März war es so weit.", "Leider nicht."),
        ),
        ("残念ですが。また！どうぞ", ("残念ですが。", "また！", "どうぞ")),
        ("नमस्ते। ठीक है।", ("नमस्ते।", "ठीक है।")),
        ("كيف؟ نعم.", ("كيف؟", "نعم.")),
        ("¿Qué tal? ¡Bien!", ("¿Qué tal?", "¡Bien!")),
        ("Why?!… Because.", ("Why?!…", "Because.")),
        ('He said "no." Then he left.', ('He said "no."', "Then he left.")),
        ("Version 3.11 is out.", ("Version 3.11 is out.",)),
        ("- one\n- two\n\nBye", ("- one", "- two", "Bye")),
        ("", ()),
        (
            "We thank you very much for the time that you spent\nwith us. Goodbye",
            ("We thank you very much for the time that you spent\nwith us.", "Goodbye"),
        ),
    ],
)
def test_text_is_split_into_sentences(text: str, expected: tuple[str, ...]):
    assert sentences(text) == expected


@given(ANY)
def test_sentences_are_parts_of_the_text_in_order(text: str):
    place = 0
    for sentence in sentences(text):
        assert sentence == sentence.strip()
        place = text.index(sentence, place) + len(sentence)
    joined = "".join("".join(sentences(text)).split())
    assert joined == "".join(text.split())


FUNCTIONS: list[Callable[[str], object]] = [
    sentences, fold, safe_name, for_header, lambda text: lines(text, 200_000),
]  # fmt: skip


@pytest.mark.threat("D8")
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "piece",
    ["a", ".", ". ", "\n", " \n", "\n \n", '."', "。", "a.b", "\u0315\u0301", "\u200b", "www.",
     "//",
     "x ", "-", "…", "J. ", "1. A", "\ud800", "ﷺ"],
)  # fmt: skip
def test_twice_the_text_takes_no_more_than_two_and_a_half_times_as_long(
    function: Callable[[str], object], piece: str
):
    def seconds(text: str) -> float:
        started = time.thread_time()
        function(text)
        return time.thread_time() - started

    small, large = (piece * (size // len(piece)) + "x" for size in (50_000, 100_000))
    assert any(seconds(large) <= 2.5 * seconds(small) + 0.01 for _ in range(4))
