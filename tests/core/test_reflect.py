"""A reply says what its writer said, word for word, whatever program it was written in."""

import re
import time
import tomllib
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inboxbot.core.parse import parse
from inboxbot.core.reflect import (
    Asked,
    Command,
    Cues,
    Order,
    Prompted,
    Reply,
    anchor_of,
    parse_reply,
    with_both_parts,
)
from inboxbot.core.reflect.orders import answers_of, command_of, ticks_in
from inboxbot.core.reflect.signature import without_signature
from inboxbot.core.text import verbatim
from inboxbot.core.types import Locator, Place, RawMail, Row
from tests.make import ME, NOW

DATA = Path(__file__).parent.parent / "data" / "replies"
BLOCKS = "top reflect well1 differently1 well2 differently2 exercise rest".split()
APPLICATIONS = {"northwind": "northwind".ljust(32, "a"), "brightwell": "brightwell".ljust(32, "a")}
NAMES = {application: name for name, application in APPLICATIONS.items()} | {"": ""}
LETTER_ID = f"{'k' * 32}.{'t' * 16}@home.example"
CUES = Cues(
    well=("What went well?", "Was lief gut?"),
    differently=(
        "What would you do differently next time?",
        "Was würdest du beim nächsten Mal anders machen?",
    ),
)
PROMPTS = (
    Prompted(
        application=APPLICATIONS["northwind"], employer="Northwind Maps",
        role="Senior Product Designer",
    ),
    Prompted(
        application=APPLICATIONS["brightwell"], employer="Brightwell Labs", role="Researcher"
    ),
)  # fmt: skip
LETTER = tomllib.loads((DATA / "letter.toml").read_text("utf-8"))
REPLIES: list[dict[str, Any]] = [
    {**reply, "language": language}
    for language in ("en", "de")
    for reply in tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))["reply"]
]


def blocks(form: str, layout: dict[str, Any], first: str = "top", last: str = "rest") -> str:
    """Return the letter from one block to another, as text or HTML."""
    one = layout.get("one", False)
    names = BLOCKS[BLOCKS.index(first) : BLOCKS.index(last) + 1]
    left_out = {"well2", "differently2", "exercise"} if one else set()
    letter = LETTER[layout["language"]][form]
    return anchored("".join(letter[name] for name in names if name not in left_out))


def anchored(text: str) -> str:
    first, second = (anchor_of(prompt.application) for prompt in PROMPTS)
    return text.replace("{1}", first).replace("{2}", second)


def filled(text: str, layout: dict[str, Any]) -> str:
    """Put the letter into a reply."""

    def quoted(found: re.Match[str]) -> str:
        mark, first, last = found[1], found[2], found[3] or found[2]
        if mark == "<":
            return blocks("html", layout, first, last)
        lines = blocks("text", layout, first, last).rstrip("\n").split("\n")
        return "\n".join(f"{mark} {line}" if mark else line for line in lines)

    return anchored(re.sub(r"«(<|>*)(\w+)(?:\.\.(\w+))?»", quoted, text))


def part(mail: EmailMessage, kind: str, text: str, layout: dict[str, Any]) -> None:
    charset = layout.get("charset", "utf-8")
    encoding = layout.get("encoding", "8bit")
    parameters = {"format": "flowed"} if layout.get("flowed") and kind == "plain" else {}
    parameters |= {"delsp": "yes"} if layout.get("delsp") and kind == "plain" else {}
    add = (
        mail.add_alternative
        if mail.is_multipart() or mail.get_content_type() != "text/plain"
        else mail.set_content
    )
    add(text, subtype=kind, charset=charset, cte=encoding, params=parameters)


def raw(data: bytes) -> RawMail:
    return RawMail(locator=Locator("1"), folder="INBOX", received=NOW, data=data)


def mail_of(layout: dict[str, Any]) -> RawMail:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = mail["To"] = f"Mara Lind <{ME}>"
    mail["Message-ID"] = "<reply@home.example>"
    mail["In-Reply-To"] = "<earlier@home.example>" if layout.get("thread") else f"<{LETTER_ID}>"
    mail["References"] = f"<{LETTER_ID}>"
    kinds = [kind for kind in ("text", "html") if kind in layout]
    if len(kinds) == 2:
        mail.make_alternative()
    for kind in kinds:
        part(mail, {"text": "plain"}.get(kind, kind), filled(layout[kind], layout), layout)
    return raw(mail.as_bytes())


@cache
def letter_of(language: str, *, one: bool) -> str:
    """Return the text of the letter, as the daemon has it."""
    layout = {"language": language, "one": one}
    mail = EmailMessage(policy=SMTP)
    mail.set_content(blocks("text", layout))
    mail.add_alternative(blocks("html", layout), subtype="html")
    message = parse(with_both_parts(raw(mail.as_bytes())))
    return f"{message.text}\n{message.quoted}"


def read(layout: dict[str, Any], *, letter: bool) -> Reply:
    one = layout.get("one", False)
    asked = Asked(
        prompts=PROMPTS[:1] if one else PROMPTS,
        questions=2,
        exercise="" if one else PROMPTS[0].application,
    )
    known = letter and not layout.get("thread")
    text = letter_of(layout["language"], one=one) if known else ""
    rows, day = parse(mail_of(layout)).rows, date(2026, 11, 21)
    return parse_reply(rows, asked, CUES, letter=text, name="Mara Lind", today=day)


def expected(layout: dict[str, Any]) -> dict[str, Any]:
    command = layout.get("command")
    return {
        "says": [[name, asked, anchored(text)] for name, asked, text in layout.get("says", [])],
        "ticks": layout.get("ticks", []),
        "answers": {int(number): yes for number, yes in layout.get("answers", {}).items()},
        "command": Order(command) if command else None,
        "until": layout.get("until"),
    }


def shown(reply: Reply) -> dict[str, Any]:
    ticked = [one for one in reply.reflections if one.ticks]
    return {
        "says": [
            [NAMES[one.application], str(one.question), one.text]
            for one in reply.reflections
            if not one.ticks
        ],
        "ticks": [word for one in ticked for word in (NAMES[one.application], *one.ticks)],
        "answers": reply.answers,
        "command": reply.command.order if reply.command else None,
        "until": reply.command.until if reply.command else None,
    }


@pytest.mark.goal("G16")
@pytest.mark.parametrize("layout", REPLIES, ids=lambda layout: layout["name"])
def test_a_reply_says_what_its_writer_said_word_for_word(layout: dict[str, Any]):
    assert shown(read(layout, letter=True)) == expected(layout)


@pytest.mark.parametrize(
    "layout",
    [layout for layout in REPLIES if not layout.get("needs_letter")],
    ids=lambda layout: layout["name"],
)
def test_a_marked_quotation_needs_no_look_at_the_letter(layout: dict[str, Any]):
    assert shown(read(layout, letter=False)) == expected(layout)


# ---------------------------------------------------------------- whatever the words are

LETTERS = st.characters(categories=("L", "M", "N", "So"), exclude_characters="\u3164\uffa0")
WORD = st.text(LETTERS, min_size=1, max_size=12)
MARKS = st.sampled_from(
    ["", ",", ".", "!", "?", "\u2026", "\u201d", ")", "'s", " \u2013", "\u2764\ufe0f"]
)
LINE = st.lists(st.builds("{}{}".format, WORD, MARKS), min_size=2, max_size=12).map(" ".join)
WORDS = st.lists(LINE, min_size=1, max_size=6).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n"]).map(lambda between: between.join(lines))
)
PLAIN = "On 20/11/2026 12:00, Mara Lind wrote:\n"
ROUNDCUBE = "<p id='reply-intro'>On 2026-11-20 12:00, Mara Lind wrote:</p>"
OUTLOOK = (
    "<div><b>From:</b> Mara Lind &lt;mara@home.example&gt;<br><b>Sent:</b> Friday, November 20, "
    "2026 12:00 PM<br><b>To:</b> Mara Lind<br><b>Subject:</b> Your week 47</div>"
)
FRAMES = {
    "above, plain": {"text": f"[{{1}}] WORDS\n\n{PLAIN}«>top..rest»\n"},
    "between, plain": {"text": f"{PLAIN}«>top..well1»\nWORDS\n«>differently1..rest»\n"},
    "between, html": {
        "html": f"{ROUNDCUBE}<blockquote type='cite'>«<top..well1»</blockquote><pre>WORDS</pre>"
        "<blockquote type='cite'>«<differently1..rest»</blockquote>"
    },
    "between, outlook": {
        "html": f"{OUTLOOK}«<top..well1»<pre style='color:red'>WORDS</pre>«<differently1..rest»"
    },
}


@pytest.mark.parametrize("frame", FRAMES)
@given(words=WORDS)
@settings(max_examples=40, deadline=None)
def test_no_word_is_ever_altered(frame: str, words: str):
    assume(verbatim(words, len(words)) == words)
    layout = {"name": frame, "language": "en", **FRAMES[frame]}
    form = "html" if "html" in layout else "text"
    written = escape(words) if form == "html" else words
    layout[form] = filled(layout[form], layout).replace("WORDS", written)
    reply = read(layout, letter=True)
    assert [one.text for one in reply.reflections] == [words]
    assert {one.application for one in reply.reflections} == {APPLICATIONS["northwind"]}


@given(rows=st.lists(st.builds(Row, st.text(max_size=80), st.sampled_from(Place)), max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_rows_are_read(rows: list[Row]):
    asked = Asked(prompts=PROMPTS, questions=3, exercise=PROMPTS[0].application)
    reply = parse_reply(rows, asked, CUES, letter="What went well?", today=date(2026, 11, 21))
    assert all(1 <= number <= 3 for number in reply.answers)


@pytest.mark.threat("D8")
def test_a_long_reply_takes_linear_time():
    def seconds(rows: int) -> float:
        texts = ("1 1 1 1 1 1 1 1 x", "--", "[x] r-", "What went well? a", "a >")
        reply = [Row(text, Place.ENCLOSED) for text in texts * rows]
        letter = letter_of("en", one=False) * 20
        began = time.perf_counter()
        parse_reply(reply, Asked(prompts=PROMPTS), CUES, letter=letter, today=NOW.date())
        return time.perf_counter() - began

    assert seconds(600) < 2.0


# ---------------------------------------------------------------- short words for the program


@pytest.mark.parametrize(
    ("row", "until"),
    [
        ("pause until 2026-12-27", date(2026, 12, 27)),
        ("Pause until December 27th, please!", date(2026, 12, 27)),
        ("pause till 3 Jan", date(2027, 1, 3)),
        ("Pause bis zum 27. Dezember", date(2026, 12, 27)),
        ("pausieren bis 1.2.2027", date(2027, 2, 1)),
        ("pause bis 27.12.", date(2026, 12, 27)),
        ("pause until 21 November", date(2027, 11, 21)),
        ("pause until 29 February 2028", date(2028, 2, 29)),
    ],
)
def test_a_pause_may_have_an_end(row: str, until: date):
    assert command_of(row, date(2026, 11, 21)) == Command(order=Order.PAUSE, until=until)


@pytest.mark.parametrize(
    "row",
    [
        "pause until I feel better", "pause until 2026-11-01", "pause until 31 February",
        "pause more often", "I got a job interview", "I have a job for you", "weiter so",
        "resume sent", "not hired", "Pause? No.", "pause" * 20,
    ],
)  # fmt: skip
def test_what_only_looks_like_a_command_is_none(row: str):
    assert command_of(row, date(2026, 11, 21)) is None


@pytest.mark.parametrize(
    ("row", "answers"),
    [
        ("1 yes, 2 no", {1: True, 2: False}),
        ("1: ja", {1: True}),
        ("1 y 2 n", {1: True, 2: False}),
        ("1-3 no", {1: False, 2: False, 3: False}),
        ("1 and 3 yes; 2 no.", {1: True, 2: False, 3: True}),
        ("#2 = Nein", {2: False}),
        ("(1) yes", {1: True}),
        ("1, 2 ja und 3 nein", {1: True, 2: True, 3: False}),
        ("1 yes, 1 no", {}),
        ("4 yes", {}),
        ("0 no", {}),
        ("1 yes because they wrote so", {}),
        ("1 nobody", {}),
        ("2026 no", {}),
    ],
)
def test_numbers_are_answered_with_yes_or_no(row: str, answers: dict[int, bool]):
    assert answers_of(row, 3) == answers


@pytest.mark.parametrize(
    ("row", "ticks", "rest"),
    [
        ("x 1 3", ["decided", "skill"], ""),
        ("X a, c und e", ["decided", "skill", "day"], ""),
        ("[x] a  Decided within the house", ["decided"], "Decided within the house"),
        ("  2. [X]", ["closer"], ""),
        ("[✓] d", ["explained"], ""),
        ("[ ] a  Decided", [], ""),
        ("x marks the spot", [], ""),
        ("[x] done", [], ""),
        ("x 6", [], ""),
    ],
)
def test_reasons_are_ticked_by_letter_or_number(row: str, ticks: list[str], rest: str):
    found, beside = ticks_in(row)
    assert ([str(tick) for tick in found], beside) == (ticks, rest)


def test_an_anchor_is_short_and_says_nothing():
    anchors = {anchor_of(f"application {number}") for number in range(2_000)}
    assert len(anchors) > 1_990
    assert all(re.fullmatch(r"r-[2-9b-df-hj-np-tv-z]{4}", anchor) for anchor in anchors)


@pytest.mark.parametrize(
    "row",
    [
        "Sent from my iPhone",
        "Sent from my Galaxy S23",
        "Sent from Outlook for iOS",
        "Sent from Mail for Windows 10",
        "Sent from Yahoo Mail on Android",
        "Sent with Proton Mail secure email.",
        "Get Outlook for Android",
        "Von meinem iPhone gesendet",
        "Von meinem Handy gesendet",
        "Gesendet von Outlook für iOS",
        "Gesendet mit der GMX Mail App",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Gesendet von Mail für Windows",
        "Von Yahoo Mail auf Android gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS <https://aka.ms/o0ukef>",
        "Gesendet von meinem Samsung Galaxy Smartphone.",
    ],
)
def test_what_a_telephone_adds_is_nobodys_words(row: str):
    assert without_signature(["Calm.", "", row], "Mara") == ["Calm."]


@pytest.mark.parametrize(
    "row",
    [
        "Sent via Google Forms, never heard back",
        "Sent from the heart",
        "Get a better chair",
        "Download the Android app before",
        "Mit Google Maps die Route gesendet",
        "Gesendet habe ich nichts",
        "From my phone I could not see them",
    ],
)
def test_a_last_line_that_only_looks_so_stays(row: str):
    assert without_signature(["Calm.", row], "Mara") == ["Calm.", row]
