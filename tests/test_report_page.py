"""The report's page: what a reader, a browser, a printer and an attacker get to see of it."""

import base64
import hashlib
import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from html import unescape
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup, Tag

from inboxbot.core.coach import names_in
from inboxbot.core.contact import Owner
from inboxbot.core.focus import themes_in, voices_in
from inboxbot.core.history import History
from inboxbot.core.insight import patterns_in
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.report import Report, build_report
from inboxbot.core.text import clean, lines
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import WeekLog
from inboxbot.demo import run_demo
from inboxbot.letters.report import MARK, MOST_BYTES, render_report
from inboxbot.letters.report.coach import load_plain_words
from inboxbot.resources import CONFIG
from inboxbot.topics import load_lexicon
from tests.clients.browser import DESKTOP, PHONE, Reader, open_browser
from tests.generated_journal import END, Search, search_of
from tests.generated_person import Effect
from tests.make import SENDERS
from tests.payloads import payloads

BERLIN = ZoneInfo("Europe/Berlin")
LANGUAGES = ("en", "de")
DEMO_DAY = datetime(2026, 11, 20, 11, tzinfo=UTC)
SENIOR = Effect(of="level", group="senior", rate=0.9)
LOOKS = [(PHONE, False), (PHONE, True), (DESKTOP, False), (DESKTOP, True)]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Report:
    made = run_demo(tmp_path_factory.mktemp("demo") / "out", lambda: DEMO_DAY)
    with made.app.known_journal() as store:
        events, history = tuple(store.events("demo")), store.history("demo")
    return build_report(events, history, zone=BERLIN, now=DEMO_DAY)


def report_of(search: Search) -> Report:
    """Return the report as the command makes it."""
    history = search.history
    log = WeekLog(search.events, history, since=EPOCH, end=END)
    return build_report(
        search.events,
        history,
        zone=BERLIN,
        now=END,
        patterns=patterns_in(log, SENDERS),
        themes=themes_in(voices_in(log, BERLIN), load_lexicon(), END.date()),
    )


@cache
def journal(name: str) -> Report:
    """Return the report of an empty journal, of one a week old, or of one two years old."""
    if name == "empty":
        return build_report((), History(), zone=BERLIN, now=END)
    if name == "one week":
        return report_of(search_of(6, weeks=1, seed=1))
    return report_of(search_of(600, weeks=104, seed=1, effect=SENIOR))


def page_of(report: Report, language: str = "en") -> BeautifulSoup:
    return BeautifulSoup(render_report(report, language), "lxml")


# ---------------------------------------------------------------- what is told


@pytest.mark.slow
def test_the_demo_s_search_is_told_in_numbers_that_are_parts_of_others(demo: Report) -> None:
    page = page_of(demo)
    facts = [item.get_text() for item in page.select(".facts li")]
    assert facts[0] == "11 applications since 31 October 2026."
    assert "3 of 11 led to an invitation to talk." in facts
    assert "Of 7 noes that gave a reason, 2 had nothing to do with you." in facts
    titles = [section.h2.get_text() for section in page.select("section")]
    assert titles == [
        "From application to outcome", "When answers came", "How long an answer took",
        "How far applications came", "Reasons that employers gave", "What employers said",
    ]  # fmt: skip


def test_an_empty_journal_says_so_and_what_to_do() -> None:
    page = page_of(journal("empty"))
    assert "There is nothing to show yet" in page.header.get_text()
    assert "inboxbot poll" in page.header.get_text()
    assert not page.select("section, svg, nav")


def test_a_search_of_two_years_has_every_section_and_stays_short_to_read() -> None:
    page = page_of(journal("two years"))
    assert [section["id"] for section in page.select("section")] == [
        "funnel", "calendar", "time", "stages", "reasons", "asked", "said", "thoughts", "themes",
        "patterns",
    ]  # fmt: skip
    for hidden in page.select("details"):
        hidden.extract()
    assert len(page.select("#asked tbody tr")) == 12
    assert len(page.select("#said blockquote")) == 6
    assert len(page.select("#thoughts h3")) == 6
    assert len(page.select("#themes h3")) == 3
    assert "senior roles ended before a conversation" in page.select_one("#patterns").get_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_made_in_three_seconds_of_work_and_is_small(language: str) -> None:
    search = search_of(600, weeks=104, seed=2)
    history = search.history
    start = time.process_time()
    report = build_report(search.events, history, zone=BERLIN, now=END)
    html = render_report(report, language)
    assert time.process_time() - start < 3
    assert len(html.encode()) < 400_000


def test_a_flood_of_words_stays_below_the_bound_and_says_how_much_is_left_out() -> None:
    events = [
        Event(
            kind=EventKind.REFLECTED, time=END, application=f"a{n}", payload={"text": "<&" * 3000}
        )
        for n in range(500)
    ]
    events += [
        Event(kind=EventKind.SEEN, time=END, application=f"a{n}", message=f"m{n}",
              payload={"label": "interview", "employer": f"Acme {n}"})
        for n in range(500)
    ]  # fmt: skip
    html = render_report(build_report(events, History(), zone=BERLIN, now=END), "en")
    assert len(html.encode()) < MOST_BYTES
    assert re.search(r"and 4\d\d more; `inboxbot journal` has them all", html)


@pytest.mark.parametrize("name", ["one week", "two years"])
def test_each_picture_says_the_same_in_words(name: str) -> None:
    page = page_of(journal(name))
    pictures = page.select("svg")
    assert len(pictures) >= 5
    for picture in pictures:
        assert picture["role"] == "img"
        named = [page.find(id=part) for part in picture["aria-labelledby"].split()]
        assert [part.name for part in named] == ["title", "desc"]
        assert all(part.parent is picture and len(part.get_text()) > 5 for part in named)
    for section in page.select("section:has(svg)"):
        drawn = {n for text in section.select("svg text") for n in re.findall(r"\d+", text.text)}
        assert drawn <= _numbers_in_words(section) | {n for n in drawn if _is_a_label(n, section)}


def _numbers_in_words(section: Tag) -> set[str]:
    """Return the numbers of sentences and table, and what those beside each word add up to."""
    told = " ".join(part.get_text(" ") for part in section.select("p, td, desc"))
    sums: Counter[tuple[int, str]] = Counter()
    for row in section.select("tbody tr"):
        *words, number = (cell.get_text() for cell in row.select("th, td"))
        if number.isdecimal():
            sums.update(dict.fromkeys(enumerate(words), int(number)))
    return set(re.findall(r"\d+", told)) | {str(number) for number in sums.values()}


def _is_a_label(number: str, section: Tag) -> bool:
    return any(re.search(rf"\b{number}\b", head.get_text()) for head in section.select("tbody th"))


@pytest.mark.parametrize("name", ["empty", "one week", "two years"])
def test_no_count_of_noes_stands_alone(name: str) -> None:
    text = page_of(journal(name)).get_text(" ")
    for noes in re.findall(r"(\d+ (?:noes|rejections))", text):
        assert re.search(rf"(?:Of|of) {noes}", text), noes


def test_the_outline_has_no_gaps_and_every_id_stands_once() -> None:
    page = page_of(journal("two years"))
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert [tag.name for tag in page.select("body > header, nav, main, footer")] == [
        "header", "nav", "main", "footer",
    ]  # fmt: skip
    assert {link["href"][1:] for link in page.select("a")} <= set(ids)


def test_both_languages_say_the_same_things() -> None:
    shapes = []
    for language in LANGUAGES:
        with (CONFIG / "report" / f"{language}.toml").open("rb") as file:
            shapes.append(_shape(tomllib.load(file)))
    assert shapes[0] == shapes[1]


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value]
    return sorted(set(re.findall(r"\{\w+\}", str(value))) - {"{n}"})


# ---------------------------------------------------------------- what it may load and run


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_allows_the_style_sheet_by_its_hash_and_nothing_else(language: str) -> None:
    html = render_report(journal("two years"), language)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    (policy,) = BeautifulSoup(html, "lxml").select("meta[http-equiv]")
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert MARK in html[:2000]
    assert not re.search(
        r"(?i)<script|<img|<link|<iframe|\son\w+=|\sstyle=|url\(|@import|https?:", html
    )


def test_no_template_turns_escaping_off() -> None:
    for template in (CONFIG / "report").glob("*.j2"):
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", template.read_text("utf-8"))


@pytest.mark.threat("D7")
@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("empty", LOOKS[0]), ("one week", LOOKS[1]), ("one week", LOOKS[2]),
        ("two years", LOOKS[3]),
        *(pytest.param(name, look, marks=pytest.mark.slow)
          for name in ("empty", "one week", "two years") for look in LOOKS),
    ],
)  # fmt: skip
def test_a_browser_asks_for_nothing_complains_of_nothing_and_finds_no_fault_of_access(
    name: str, look: tuple[tuple[int, int], bool], reader: Reader
) -> None:
    _looks_well(journal(name), look, reader)


@pytest.mark.slow
@pytest.mark.threat("D7")
@pytest.mark.parametrize("look", LOOKS)
def test_the_demo_s_page_is_as_well_behaved(
    look: tuple[tuple[int, int], bool], reader: Reader, demo: Report
) -> None:
    _looks_well(demo, look, reader)


def _looks_well(report: Report, look: tuple[tuple[int, int], bool], reader: Reader) -> None:
    width, dark = look
    shown = reader.page_of(render_report(report, "de" if dark else "en"), width, dark=dark)
    assert shown.axe() == []
    assert shown.requests == []
    assert shown.complaints == []
    assert not shown.wider_than_the_screen()
    ground = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(22, 25, 28)" if dark else "rgb(255, 255, 255)"), "the style is let in"
    shown.close()


def test_it_can_be_read_with_the_keyboard_alone(reader: Reader) -> None:
    shown = reader.page_of(render_report(journal("one week"), "en"), PHONE)
    shown.page.keyboard.press("Tab")
    focus = shown.page.locator(":focus")
    assert focus.inner_text() == "Skip to what follows"
    assert focus.bounding_box()["x"] >= 0, "it is in sight while it has the focus"
    shown.page.keyboard.press("Enter")
    assert shown.page.evaluate("document.activeElement.id") == "content"
    shown.page.keyboard.press("Tab")
    assert shown.page.locator(":focus").evaluate("it => it.tagName") == "SUMMARY"
    shown.page.keyboard.press("Enter")
    assert shown.page.locator("#funnel table").is_visible()
    shown.close()


def test_a_printed_page_is_light_whole_and_without_what_only_a_screen_needs(
    reader: Reader, tmp_path: Path
) -> None:
    shown = reader.page_of(render_report(journal("one week"), "en"), DESKTOP, dark=True)
    shown.page.emulate_media(media="print", color_scheme="dark")
    assert not shown.page.locator("nav").is_visible()
    assert shown.page.locator("svg.wide").first.is_visible()
    ground = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    breaks = shown.page.locator("figure").evaluate_all(
        "all => all.map(it => getComputedStyle(it).breakInside)"
    )
    assert set(breaks) == {"avoid"}
    shown.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    pages = (tmp_path / "report.pdf").read_bytes().count(b"/Type /Page\n")
    assert 2 <= pages <= 3
    shown.close()


# ---------------------------------------------------------------- hostile text


def test_the_reader_notices_what_runs_and_what_loads(reader: Reader) -> None:
    html = f"<!doctype html><title>x</title>{''.join(payloads(90))}"
    shown = reader.page_of(html, policy=False)
    assert "canary" in shown.ran
    assert any("evil.example" in asked for asked in shown.requests)
    assert any("script" in line for line in shown.skeleton())
    shown.close()
    shown = reader.page_of(html.replace("<title>", f"{_STRICT}<title>"))
    assert shown.ran == []
    assert shown.complaints
    shown.close()


_STRICT = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"


def spread(report: Report, word: Callable[[str], str]) -> Report:
    """Return a report in which `word` has a hand in every text of the journal that is shown."""
    jobs = {"employer", "role", "subject"}

    def changed(value: Any, limit: int = 6_000) -> Any:
        if type(value) is str:
            return lines(word(value), limit) if limit > 80 else clean(word(value), limit)
        if isinstance(value, tuple):
            return tuple(changed(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {
                item.name: changed(getattr(value, item.name), 80 if item.name in jobs else 6_000)
                for item in fields(value)
                if item.name not in {"wording", "sender", "stories", "topic", "patterns"}
            }
            return replace(value, **parts)
        return value

    return changed(report)


@pytest.mark.threat("D6")
@pytest.mark.goal("G11")
@pytest.mark.parametrize(
    ("number", "applications"), [(300, 80), pytest.param(10_000, 600, marks=pytest.mark.slow)]
)
def test_payloads_in_every_shown_field_leave_the_page_s_tags_as_they_are(
    number: int, applications: int, reader: Reader
) -> None:
    report = report_of(search_of(applications, weeks=104, seed=7, effect=SENIOR))
    attacks = iter(payloads(30_000))
    numbers = count()
    tame = spread(report, lambda text: f"{next(numbers)} {text}")
    harmless = _opened(render_report(tame, "en"), reader)
    shown = 0
    while shown < number:
        used: list[str] = []

        def hostile(text: str, used: list[str] = used) -> str:
            used.append(f"{next(attacks)}{text}")
            return used[-1]

        html = render_report(spread(report, hostile), "en")
        assert _opened(html, reader) == harmless
        read = " ".join(unescape(html).split())
        shown += sum(" ".join(lines(text, 40).split())[:30] in read for text in used)


@pytest.mark.slow
def test_the_coach_s_page_stands_firm_as_well(reader: Reader) -> None:
    search, attacks, number = search_of(600, weeks=104, seed=8), iter(payloads(5_000)), count()
    owner = Owner(address="mara@home.example", name="Mara Lind")
    known = names_in(search.events, search.history, [owner], load_plain_words())
    report = report_of(search)
    pages = [
        render_report(spread(report, word), "de", without=known)
        for word in (
            lambda text: f"{next(number)} a.com {text}",
            lambda text: f"{next(attacks)} {text}",
        )
    ]
    assert _opened(pages[0], reader) == _opened(pages[1], reader)


def _opened(html: str, reader: Reader) -> list[str]:
    """Return the tags of a page, after nothing in it has run, without its policy too."""
    shown = reader.page_of(html, policy=False)
    skeleton = shown.skeleton()
    shown.close()
    assert (shown.ran, shown.requests, shown.complaints) == ([], [], [])
    return skeleton
