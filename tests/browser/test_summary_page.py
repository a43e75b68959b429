"""The mails to the owner as Chromium shows them: phone, desktop, light, dark, two languages."""

import re
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inboxbot.core.summary import Summary, week_of
from inboxbot.core.weeklog import LONGEST_LINE
from inboxbot.daemon.weekly import summary_of
from inboxbot.demo import run_demo
from inboxbot.journal.store import Journal
from inboxbot.letters import render_html
from inboxbot.letters.mail import MOST_BYTES, Told
from tests.clients.browser import DESKTOP, PHONE, Reader, Shown, open_browser
from tests.generated_journal import END, record, search_of
from tests.make import SENDERS
from tests.owner_letters import brief, empty, evening, full, search, usual
from tests.payloads import payloads

BERLIN = ZoneInfo("Europe/Berlin")
LANGUAGES = ("en", "de")
SCREENS = tuple(product((PHONE, DESKTOP), (False, True)))  # and light, dark


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the summary of the demo mailbox, in English, as the demo writes it."""
    done = run_demo(tmp_path_factory.mktemp("demo") / "out", lambda: END)
    return done.page.read_text("utf-8")


@cache
def generated(applications: int, weeks: int) -> Summary:
    """Return the newest week of a search that never was, as a journal on the disk holds it."""
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "journal") as journal:
        record(search_of(applications, weeks, seed=6), journal)
        return summary_of(
            week_of(END, BERLIN), journal, "home", zone=BERLIN, now=END, senders=SENDERS
        )


LETTERS: dict[str, Callable[[], Told]] = {
    "full": full, "usual": usual, "empty": empty, "evening": evening, "brief": brief,
    "farewell": search, "one week old": lambda: generated(7, 1),
    "two years old": lambda: generated(600, 104),
}  # fmt: skip


def _is_well(shown: Shown, name: str) -> None:
    """Fail where the page asks the network, runs something, is too wide, or hard to read."""
    assert not shown.requests, name
    assert not shown.ran, name
    assert not shown.complaints, name
    assert not shown.wider_than_the_screen(), name
    narrow = shown.page.viewport_size == {"width": PHONE[0], "height": PHONE[1]}
    assert not (narrow and shown.axe()), name  # wide or narrow, the elements are the same
    shown.close()


@pytest.mark.threat("D7")
@pytest.mark.goal("G11")
@pytest.mark.parametrize("name", ["full", "empty", "farewell", "two years old"])
def test_each_letter_is_well_on_a_phone_in_the_dark(reader: Reader, name: str) -> None:
    page = render_html(LETTERS[name](), "de")
    assert len(page.encode()) < MOST_BYTES
    shown = reader.page_of(page, PHONE, dark=True)
    ground = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(22, 25, 28)"
    _is_well(shown, name)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.goal("G11")
def test_every_letter_is_well_on_every_screen_in_every_language(
    reader: Reader, demo: str, tmp_path: Path
) -> None:
    pages = {
        f"{name}-{language}": render_html(told(), language)
        for (name, told), language in product(LETTERS.items(), LANGUAGES)
    }
    for (name, page), (width, dark) in product({**pages, "demo": demo}.items(), SCREENS):
        shown = reader.page_of(page, width, dark=dark)
        picture = f"{name}-{width[0]}-{'dark' if dark else 'light'}.png"
        shown.screenshot(tmp_path / picture.replace(" ", "-"))
        _is_well(shown, picture)


@pytest.mark.parametrize(("language", "screens"), [("en", 2), ("de", 2.3)])
def test_an_ordinary_week_fits_two_screens_of_a_phone(
    reader: Reader, language: str, screens: float
) -> None:
    """Measure in a face as wide as those of phones: DejaVu Sans, this machine's, is wider."""
    shown = reader.page_of(render_html(usual(), language), PHONE)
    shown.page.add_style_tag(content="body { font-family: 'DejaVu Sans Condensed' !important }")
    height = shown.page.evaluate("document.documentElement.scrollHeight")
    assert height <= screens * PHONE[1]
    shown.close()


def test_on_a_desktop_the_letter_is_one_column_that_is_easy_to_read(reader: Reader) -> None:
    shown = reader.page_of(render_html(full(), "en"), DESKTOP)
    boxes = shown.page.evaluate("[...document.querySelectorAll('p, li')].map(e => e.clientWidth)")
    assert max(boxes) <= 600
    shown.close()


# ---------------------------------------------------------------- what an attacker gets


@pytest.mark.threat("D6")
@pytest.mark.goal("G11")
@pytest.mark.parametrize(
    ("made", "number"), [(full, 150), (evening, 12), (brief, 60), (search, 90)]
)
def test_no_payload_changes_an_element_of_any_letter(
    reader: Reader, made: Callable[..., Told], number: int
) -> None:
    _spread(payloads(number), made, reader)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.threat("D6")
@pytest.mark.goal("G11")
def test_none_of_ten_thousand_payloads_changes_an_element(reader: Reader) -> None:
    _spread(payloads(10_000, seed=6), full, reader)


def _spread(texts: list[str], made: Callable[..., Told], reader: Reader) -> None:
    """Put every payload into some field, and compare with a page of plain words as long as it.

    None is longer than what the core lets through: a flood is shown in part.
    """
    shown = reader.page_of("<!doctype html><title>empty</title>")
    left = (text[:LONGEST_LINE] for text in texts)
    while (first := next(left, None)) is not None:
        used: list[str] = [first]

        def word(_: str, used: list[str] = used) -> str:
            used.append(next(left, ""))
            return used[-2]

        page = _skeleton(shown, made(word))
        again = iter(used)
        assert page == _skeleton(shown, made(lambda _, again=again: _harmless(next(again))))
    assert not shown.requests + shown.ran
    shown.close()


def _skeleton(shown: Shown, told: Told) -> list[str]:
    shown.page.set_content(render_html(told, "en"), wait_until="load")
    return shown.skeleton()


def _harmless(text: str) -> str:
    return re.sub(r"[^\s]", "x", text)
