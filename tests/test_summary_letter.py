"""The weekly mail: what a reader, a mail client, a browser and an attacker get to see of it."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from inboxbot.core.contact import Owner
from inboxbot.core.identity import summary_key
from inboxbot.core.plan import EventKind, Reason
from inboxbot.core.summary import (
    Day,
    Feedback,
    Happening,
    Health,
    LeftAlone,
    OfferedElsewhere,
    Question,
    Summary,
    WaitingDraft,
)
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import STEPS, Job, Turn
from inboxbot.errors import InputError, TemplateError
from inboxbot.letters import preview, render, render_html
from inboxbot.letters.mail import COLUMNS, MOST_BYTES
from inboxbot.letters.sheet import rejoined
from inboxbot.resources import CONFIG
from tests.servers.require import require

OWNER = Owner(address="mara@example.net", name="Mara Lindqvist")
KEY = summary_key(OWNER, "2026-W47")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LANGUAGES = ("en", "de")
FEEDBACK = """Dear Mara,

Your case studies show me the finished object beautifully,
but I had to guess what you decided; say "I" more often.

- the nurses' project
- the drawings

Ingrid"""


def empty() -> Summary:
    return Summary(
        week="2026-W47", first_day=date(2026, 11, 16), last_day=date(2026, 11, 22),
        account="mine", covers_all_before=False, drafts_folder="Drafts", other_mail={},
    )  # fmt: skip


def full(word: Callable[[str], str] = str) -> Summary:
    """Return a week in which everything happened; `word` has a hand in every text of it."""
    job = Job(employer=word("Northwind"), role=word("Designer"), subject=word("Your application"))
    subject_alone = Job(subject=word("An update"))
    turns = [Turn(kind=kind, name=word("Tom Osei")) for kind in (EventKind.SENT, EventKind.BOUNCED)]
    withdrawn = Turn(kind=EventKind.WITHDRAWN, name=word("Tom Osei"), why=Reason.REOPENED)
    return replace(
        empty(),
        account=word("mine"),
        covers_all_before=True,
        drafts=(
            WaitingDraft(
                job=job, to=word("tom@fernhollow.example"), name=word("Tom Osei"),
                subject=word("Re: Our call"), folder=word("Entwürfe"),
                since=date(2026, 11, 17), edited=True,
            ),
            WaitingDraft(
                job=job, to=word("ada@acme.example"), name="", subject=word("Re: Tester"),
                folder="", since=date(2026, 11, 18), thanks=True,
            ),
        ),
        questions=(
            Question(job=job, sentence=word("We go on with a smaller group.")),
            Question(job=subject_alone, sentence=word("Not now.")),
        ),
        offers=(
            OfferedElsewhere(job=job, link="https://forms.example/f?id=1&lang=en"),
            OfferedElsewhere(job=job, link=""),
        ),
        feedback=(
            Feedback(job=job, sender=word("ingrid@studio.example"), text=word(FEEDBACK)),
            Feedback(job=job, sender="", text=word("Say I more often."), whole=False),
        ),
        happenings=(
            Happening(job=job, step=Label.INTERVIEW),
            Happening(
                job=job, step=Label.REJECTION, stage=Stage.FINAL, kept_on_file=True,
                stated_reason=StatedReason.OTHER_CANDIDATE, turns=(*turns, withdrawn),
            ),
            Happening(job=job, step=Label.REJECTION, stated_reason=StatedReason.FILLED),
            Happening(job=job, step=Label.REJECTION, explained=True),
        ),
        received=(job, subject_alone),
        still_open=3,
        prompts=(job,),
        left_alone=(
            LeftAlone(reason=Reason.UNREACHABLE, jobs=(job, subject_alone)),
            LeftAlone(reason=Reason.UNREADABLE, jobs=(Job(), Job())),
        ),
        other_mail={Label.JOB_ALERT: 7, Label.OUTREACH: 1},
        days=(
            Day(job=job, day=date(2026, 11, 24), at=time(10, 30)),
            Day(job=job, day=date(2027, 5, 1)),
        ),
        health=Health(fine=False, text=word("the server refuses the password")),
    )  # fmt: skip


def mail_of(summary: Summary, language: str = "en") -> EmailMessage:
    read = message_from_bytes(render(summary, OWNER, KEY, language, NOW), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def both_parts(summary: Summary, language: str = "en") -> tuple[str, str]:
    """Return what a reader sees of each part, white space levelled, the hidden line left out."""
    page = BeautifulSoup(render_html(summary, language), "lxml")
    for unseen in page.select("head, [style*='display:none']"):
        unseen.decompose()
    text = re.sub(r"(?m)^\s*> ?|^\s*\* ", "", preview(summary, language))
    return " ".join(text.split()), " ".join(page.get_text(" ").split())


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
            "3 other applications of the last six weeks are still open.",
            "This is the first of these mails",
            "2 drafts wait in your folder “Entwürfe”.",
            "To Tom Osei, tom@fernhollow.example",
            "Waiting since Tuesday, 17 November",
            "You have changed it",
            "It only says thank you",
            "Were these rejections?",
            "We go on with a smaller group.",
            "forms.example",
            'but I had to guess what you decided; say "I" more often.',
            "Invited to a conversation.",
            "A no after the final round. Reason given: somebody else was chosen.",
            "They want to keep your application on file.",
            "You sent your mail to Tom Osei.",
            "could not be delivered",
            "moved to Trash: they wrote again",
            "One of these ended for a reason that has nothing to do with you (the role was filled",
            "The mail says more about why.",
            "Received, and nothing decided yet: Northwind – Designer; “An update”.",
            "7 job alerts and a message from a recruiter",
            "What would you do differently next time?",
            "If you know the recruiter's name, write to them",
            "2 mails could not be read",
            "Conversation on Tuesday, 24 November, 10:30",
            "You may apply again from 1 May 2027",
            "inboxbot needs a look: the server refuses the password",
            "for the account “mine”",
        ):
            assert told in part


def test_the_sections_come_in_the_order_in_which_they_matter() -> None:
    titles = [
        "What needs you", "What employers said", "What happened", "Ten minutes for yourself",
        "Left alone, and why", "Dates",
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
    hidden = page.select("[style*='display:none']")[0].get_text()
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


PAYLOADS = [
    "<script>alert(1)</script>",
    "</li></ul></div><img src=https://evil.example/x.gif onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' style='background:url(https://evil.example/)' x='",
    "{{ 7 * 7 }}{% for a in b %}{# x #}",
    "{name} {n} {reasons} {employer}",
    "<!-- --><style>@import 'https://evil.example/a.css'</style>",
    "]]><a href=javascript:alert(1)>x</a>",
    "&lt;script&gt;&#60;b&#62;&amp",
    "<title></title></head><body onload=alert(1)><base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "</blockquote><form action=https://evil.example><input name=a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "\u2028<b>\u202egnp.exe\u0000",
]  # fmt: skip


@pytest.mark.threat("D6")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_every_field_leaves_the_tags_as_they_are(payload: str, language: str) -> None:
    benign = tags(render_html(full(), language))
    assert tags(render_html(full(lambda text: payload + text), language)) == benign
    assert tags(render_html(full(lambda text: text + payload), language)) == benign


@pytest.mark.threat("D6")
def test_the_payloads_reach_every_text_of_a_summary() -> None:
    plain = list(_texts(full()))
    marked = list(_texts(full(lambda text: f"\N{SNOWMAN}{text}")))
    untouched = {one for one, other in zip(plain, marked, strict=True) if one == other}
    # Made by the program itself, or checked before (`core.summary`: links, weeks).
    assert untouched == {"2026-W47", "Drafts", "https://forms.example/f?id=1&lang=en"}


def _texts(value: object) -> Iterator[str]:
    if type(value) is str:
        yield from [value] if value else []
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


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
        questions=(Question(job=job, sentence=filler * 320),) * 500,
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


# ---------------------------------------------------------------- what a browser shows


@pytest.mark.threat("D7")
@pytest.mark.goal("G11")
def test_a_browser_shows_it_at_phone_width_in_the_dark_and_asks_the_network_for_nothing(
    tmp_path: Path,
) -> None:
    page_file = tmp_path / "week.html"
    page_file.write_text(render_html(full(lambda text: text + "".join(PAYLOADS)), "en"), "utf-8")
    chromium = require("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        page.goto(page_file.as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        browser.close()
    assert asked == [page_file.as_uri()]
    assert width == 390
    assert ground == "rgb(22, 25, 28)"
