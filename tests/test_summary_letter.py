"""The weekly mail: what a reader, a mail client, a browser and an attacker get to see of it."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxbot.core.contact import Owner
from inboxbot.core.identity import summary_key
from inboxbot.core.plan import EventKind, Reason
from inboxbot.core.reflect import anchor_of
from inboxbot.core.summary.values import (
    Feedback,
    Happening,
    Health,
    LeftAlone,
    Summary,
)
from inboxbot.core.summary.values import Question as Doubt
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import STEPS, Job, Turn
from inboxbot.errors import InputError, TemplateError
from inboxbot.letters import preview, render, render_html
from inboxbot.letters.mail import MOST_BYTES
from inboxbot.letters.page import COLUMNS
from inboxbot.letters.quoting import rejoined
from inboxbot.resources import CONFIG
from tests.owner_letters import FEEDBACK, empty, full

OWNER = Owner(address="mara@example.net", name="Mara Lindqvist")
KEY = summary_key(OWNER, "2026-W47")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LANGUAGES = ("en", "de")


def mail_of(summary: Summary, language: str = "en") -> EmailMessage:
    read = message_from_bytes(render(summary, OWNER, KEY, language, NOW), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def both_parts(summary: Summary, language: str = "en") -> tuple[str, str]:
    """Return what a reader sees of each part, white space levelled, the hidden line left out."""
    page = BeautifulSoup(render_html(summary, language), "lxml")
    for unseen in page.select("head, .unseen"):
        unseen.decompose()
    text = re.sub(r"(?m)^\s*> ?|^\s*\* ", "", preview(summary, language))
    shown = re.sub(r"\s+(?=[.;)])", "", page.get_text(" "))
    return " ".join(text.split()), " ".join(shown.split())


def tags(html: str) -> Counter[tuple[str, tuple[str, ...]]]:
    """Return each tag with the names of its attributes, as often as it stands there."""
    page = BeautifulSoup(html, "lxml")
    return Counter((tag.name, tuple(sorted(tag.attrs))) for tag in page.find_all(True))


# ---------------------------------------------------------------- what a reader sees


def test_a_full_week_tells_everything_in_both_parts() -> None:
    for part in both_parts(full()):
        for told in (
            "Your week 47",
            "16–22 November 2026",
            "3 other applications are still open.",
            "This is the first of these mails",
            "2 drafts wait in your folder “Entwürfe”.",
            "To Tom Osei: “Re: Our call”",
            "To ada@acme.example: “Re: Tester”",
            "You have changed it",
            "It only says thank you",
            "Feedback to read below: Northwind.",
            "Reply, for instance, “1 yes, 2 no”.",
            "1. Northwind – Designer “We go on with a smaller group.”",
            "2. “An update” “Not now.”",
            "forms.example",
            'but I had to guess what you decided; say "I" more often.',
            "Invited to a conversation.",
            "A no after the final round: somebody else was chosen.",
            "They want to keep your application on file.",
            "You sent your mail to Tom Osei.",
            "could not be delivered",
            "moved to Trash: they wrote again",
            "One of these ended for a reason that has nothing to do with you.",
            "A no to the application: the mail says why",
            "Received, and nothing decided yet: Northwind – Designer; “An update”.",
            "7 job alerts and a message from a recruiter",
            f"Northwind – Designer [{anchor_of('fernhollow')}] What went well? What would you do",
            "You wrote on Wednesday, 18 November: The drawings. The story.",
            "Which other reasons could the no from Northwind have had?",
            "[ ] a Decided within the house",
            "[ ] e The day: mine, or theirs.",
            "If you know who recruits there, write to them yourself.",
            "2 mails could not be read",
            "in your Junk folder; have a look: Harbour Maps “Your interview”, from jo@harbour.exam",
            "No word for four weeks: Northwind – Designer. That is common",
            "6 of 7 senior roles ended before a conversation, 2 of the 9 others did. Is the level",
            "Concrete examples: this has come up 3 times.",
            "You, 18 November 2026 I had no example ready.",
            "Acme, 18 November 2026 Bring figures.",
            "Conversation on Tuesday, 24 November, 10:30",
            "You may apply again from 1 May 2027",
            "inboxbot needs a look: the server refuses the password",
            "Reply “pause”",
            "for the account “mine”",
        ):
            assert told in part


def test_the_sections_come_in_the_order_in_which_they_matter() -> None:
    titles = [
        "What needs you", "What employers said", "What happened", "Ten minutes for yourself",
        "A question your search raises", "One thing to practise", "Dates",
        "Left alone, and why", "Gone quiet",
    ]  # fmt: skip
    page = BeautifulSoup(render_html(full(), "en"), "lxml")
    assert [title.get_text() for title in page.find_all("h2")] == titles
    underlined = re.findall(r"(?m)^(.+)\n-{3,}$", preview(full(), "en"))
    assert underlined == titles


def test_a_section_with_nothing_in_it_is_left_out() -> None:
    only_dates = replace(empty(), days=full().days)
    page = BeautifulSoup(render_html(only_dates, "en"), "lxml")
    assert [title.get_text() for title in page.find_all("h2")] == ["Dates"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_week_is_three_lines(language: str) -> None:
    page = BeautifulSoup(render_html(empty(), language), "lxml")
    paragraphs = page.select("p:not(.period)")
    assert not page.find_all(["h2", "li"])
    assert len(paragraphs) == len(["nothing came", "a comfort", "health", "who wrote this"])


def test_a_week_of_noes_is_opened_with_another_sentence_each_week() -> None:
    opened = set()
    for weeks in range(4):
        first = date.fromordinal(empty().first_day.toordinal() + 7 * weeks)
        summary = replace(full(), first_day=first)
        opened.add(BeautifulSoup(render_html(summary, "en"), "lxml").select(".opening")[0].text)
    assert len(opened) == 4


def test_when_every_no_had_nothing_to_do_with_the_user_this_is_said() -> None:
    filled = Happening(job=Job(), step=Label.REJECTION, stated_reason=StatedReason.FILLED)
    one = both_parts(replace(empty(), happenings=(filled,)))[0]
    assert "The reason given has nothing to do with you." in one
    two = both_parts(replace(empty(), happenings=(filled, filled)))[0]
    assert "None of the reasons given has anything to do with you" in two


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16–22 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November – 6 December 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 – 3 January 2027"),
    ],
)
def test_the_days_of_the_week_are_told_across_months_and_years(
    first: date, last: date, told: str
) -> None:
    assert told in preview(replace(empty(), first_day=first, last_day=last), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_part_fits_a_terminal(language: str) -> None:
    lines = preview(full(), language).splitlines()
    assert max(len(line) for line in lines if "https://" not in line) <= COLUMNS
    assert not re.search(r"\n{4}", preview(full(), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_subject_and_preview_line_give_nothing_away(language: str) -> None:
    mail = mail_of(full(), language)
    assert mail["Subject"] in {"Your week 47", "Deine Woche 47"}
    page = BeautifulSoup(render_html(full(), language), "lxml")
    hidden = page.select(".unseen")[0].get_text()
    start = preview(full(), language)[:100]
    for telling in ("job", "appli", "reject", "bewerb", "absage", "nein", "no "):
        assert telling not in f"{hidden} {start}".lower()


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"tlh\.toml"):
        preview(empty(), "tlh")


# ---------------------------------------------------------------- the words


def _phrases(table: Any, name: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(table, dict):
        for key, value in table.items():
            yield from _phrases(value, f"{name}.{key}")
    else:
        texts = table if isinstance(table, list) else [table]
        yield name, frozenset(re.findall(r"\{(\w+)\}", " ".join(texts)))


def test_both_languages_have_the_same_phrases_with_the_same_placeholders() -> None:
    english, german = (
        dict(_phrases(tomllib.loads((CONFIG / "summary" / f"{language}.toml").read_text("utf-8"))))
        for language in LANGUAGES
    )
    assert english == german


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_everything_that_can_happen(language: str) -> None:
    turns = tuple(Turn(kind=kind, why=why) for kind in _TURNS for why in (None, *Reason))
    stages = [Happening(job=Job(), step=Label.REJECTION, stage=stage) for stage in Stage]
    steps = [Happening(job=Job(), step=label) for label in STEPS]
    reasons = [
        Happening(job=Job(), step=Label.REJECTION, stated_reason=reason) for reason in StatedReason
    ]
    summary = replace(
        empty(),
        happenings=(*stages, *steps, *reasons, Happening(job=Job(), turns=turns)),
        left_alone=tuple(LeftAlone(reason=reason, jobs=(Job(),)) for reason in _LEFT),
        other_mail=dict.fromkeys((Label.OUTREACH, Label.JOB_ALERT, Label.OTHER_JOB), 1),
        health=Health(failures=2),
    )
    assert preview(summary, language)
    for health in (Health(), Health(recovered=True), Health(fine=False)):
        assert preview(replace(summary, health=health), language)


_TURNS = {
    EventKind.SENT, EventKind.DISCARDED, EventKind.VANISHED, EventKind.WITHDRAWN,
    EventKind.BOUNCED, EventKind.AUTO_REPLY, EventKind.FEEDBACK_DECLINED,
    EventKind.FEEDBACK_RECEIVED, EventKind.NO_ANSWER, EventKind.REOPENED,
}  # fmt: skip
_LEFT = set(Reason) - {Reason.NOT_REJECTION, Reason.OFFERED_ELSEWHERE}


# ---------------------------------------------------------------- what a mail client gets


def test_the_mail_reads_back_as_the_owners_own_with_both_parts() -> None:
    mail = mail_of(full())
    assert mail["From"] == mail["To"] == "Mara Lindqvist <mara@example.net>"
    assert mail["Message-ID"] == f"<{KEY}@example.net>"
    assert mail["Date"].datetime == NOW
    assert sorted(name.lower() for name in mail) == [
        "content-type", "date", "from", "message-id", "mime-version", "subject", "to"
    ]  # fmt: skip
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.splitlines() == preview(full(), "en").splitlines()
    assert html.splitlines() == render_html(full(), "en").splitlines()
    assert not any(part.defects for part in mail.walk())


def test_the_same_week_is_the_same_mail_byte_for_byte() -> None:
    first, second = (render(full(), OWNER, KEY, "de", NOW) for _ in range(2))
    assert first == second
    assert first.isascii()
    assert max(map(len, first.split(b"\r\n"))) <= 998  # RFC 5322 §2.1.1


@pytest.mark.threat("D24")
@pytest.mark.parametrize(
    "address",
    [
        "mara@example.net, eve@evil.example",
        "mara@example.net\r\nBcc: eve@evil.example",
        "mara@example.net\nX: y",
        "<mara@example.net>",
        "mara",
        "",
        "mara@exa mple.net",
        "mara@münchen.example",
    ],
)
def test_an_owner_with_more_than_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(InputError):
        render(empty(), replace(OWNER, address=address), KEY, "en", NOW)


@pytest.mark.threat("D24")
def test_an_owners_name_cannot_bring_a_header_along() -> None:
    sly = replace(OWNER, name="Mara\r\nBcc: eve@evil.example")
    read = message_from_bytes(render(empty(), sly, KEY, "en", NOW), policy=default)
    assert read["Bcc"] is None
    assert [address.addr_spec for address in read["To"].addresses] == ["mara@example.net"]


# ---------------------------------------------------------------- what an attacker gets


@pytest.mark.threat("D6")
def test_a_payload_may_stand_in_every_text_of_a_summary() -> None:
    plain = list(_texts(full()))
    marked = list(_texts(full(lambda text: f"\N{SNOWMAN}{text}")))
    untouched = {one for one, other in zip(plain, marked, strict=True) if one == other}
    # Made by the program itself, or checked before (`core.summary`: links, weeks).
    keys = {"m1", "m2", "fernhollow", "harbour", "northwind"}  # of mails and applications: a hash
    keys |= {"senior", "examples"}  # of a closed list
    assert untouched - keys == {"2026-W47", "Drafts", "https://forms.example/f?id=1&lang=en"}


def _texts(value: object) -> Iterator[str]:
    if type(value) is str:
        yield from [value] if value else []
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


@settings(max_examples=30, deadline=None)
@given(st.text("<>&\"'`= \n/abc{}%#;:!-", max_size=40))
def test_no_text_becomes_markup(text: str) -> None:
    benign = tags(render_html(full(), "en"))
    assert tags(render_html(full(lambda word: f"{word}{text}"), "en")) == benign


@pytest.mark.threat("D7")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_nothing_and_links_only_to_offered_feedback(language: str) -> None:
    page = BeautifulSoup(render_html(full(), language), "lxml")
    anchors = page.find_all("a")
    assert [anchor["href"] for anchor in anchors] == ["https://forms.example/f?id=1&lang=en"]
    assert [anchor.get_text() for anchor in anchors] == ["forms.example"]
    assert [anchor["rel"] for anchor in anchors] == [["noreferrer"]]
    assert not page.find_all(["img", "script", "link", "iframe", "object", "form", "base", "svg"])
    assert not re.search(r"url\(|@import|@font-face|src=", str(page), re.IGNORECASE)
    policy = page.select("meta[http-equiv='Content-Security-Policy']")[0]["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_no_template_turns_escaping_off() -> None:
    for template in (CONFIG / "summary").glob("*.j2"):
        assert not re.search(r"\|\s*safe\b|autoescape", template.read_text("utf-8"))


@pytest.mark.parametrize("filler", ["x", "&", '"', "語", "🙂", "<b>"])
def test_a_flood_stays_small_and_says_how_much_is_not_shown(filler: str) -> None:
    job = Job(employer=filler * 80, role=filler * 80, subject=filler * 160)
    flood = replace(
        full(),
        questions=(Doubt(job=job, sentence=filler * 320),) * 500,
        feedback=(Feedback(job=job, sender="", text=filler * 6000),) * 50,
        happenings=(Happening(job=job, step=Label.REJECTION),) * 500,
        received=(job,) * 500,
        left_alone=tuple(
            LeftAlone(reason=reason, jobs=(job, replace(job, role="x")) * 90) for reason in _LEFT
        ),
    )
    assert len(render_html(flood, "en").encode()) < MOST_BYTES
    assert re.search(r"and 49\d more", preview(flood, "en"))


def test_a_long_answer_is_cut_between_words_and_the_cut_is_shown() -> None:
    long = Feedback(job=Job(employer="Acme"), sender="", text="word " * 1200)
    shown = both_parts(replace(empty(), feedback=(long,)))
    for part in shown:
        assert "word word […]" in part
        assert "The mail goes on" in part


# ---------------------------------------------------------------- wrapped lines


def test_lines_that_a_mail_program_wrapped_are_joined_and_lists_are_not() -> None:
    assert rejoined(FEEDBACK).split("\n") == [
        "Dear Mara,",
        "",
        f"{FEEDBACK.splitlines()[2]} {FEEDBACK.splitlines()[3]}",
        "",
        "- the nurses' project",
        "- the drawings",
        "",
        "Ingrid",
    ]


@given(st.text("ab \n->.1", max_size=400))
def test_joining_lines_never_alters_a_word(text: str) -> None:
    assert rejoined(text).split() == text.split()
