"""The weekly summary as a person reads it: in Roundcube, and in neomutt."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from inboxbot.core.contact import Owner
from inboxbot.core.identity import summary_key
from inboxbot.letters import render
from tests.clients import roundcube as webmail
from tests.clients.neomutt import neomutt
from tests.clients.terminal import Terminal
from tests.owner_letters import full
from tests.servers.dovecot import Account, Dovecot, StoredMail
from tests.servers.roundcube import Roundcube
from tests.servers.sink import Sink
from tests.servers.wait import wait_for

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SUBJECT = "Your week 47"


@pytest.fixture
def delivered(dovecot: Dovecot, account: Account) -> Account:
    """Provide an account with the summary of a full week in its inbox."""
    owner = Owner(address=account.address, name="Mara Lind")
    mail = render(full(), owner, summary_key(owner, "2026-W47"), "en", NOW)
    dovecot.load(account, "INBOX", [StoredMail(content=mail, received=NOW)])
    return account


@pytest.mark.slow
@pytest.mark.goal("G11")
def test_roundcube_shows_it_whole_and_asks_for_nothing_from_elsewhere(
    delivered: Account, roundcube: Roundcube, browser_page: Page, tmp_path: Path
):
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    webmail.log_in(browser_page, roundcube, delivered)
    webmail.open_message(browser_page, roundcube, SUBJECT)
    body = browser_page.locator("#messagebody")
    shown = " ".join(body.inner_text().split())
    for told in (
        SUBJECT,
        "What needs you",
        '1. Northwind – Designer "We go on with a smaller group."',  # it levels quotation marks
        "[ ] a Decided within the house",
        "Say I more often.",
        'Reply "pause"',
    ):
        assert told in shown
    assert "16–22 November 2026" in shown
    title = body.get_by_role("heading", name="What needs you")
    assert title.evaluate("e => getComputedStyle(e).color") == "rgb(31, 107, 94)"
    assert not browser_page.locator("#remote-objects-message").is_visible()
    assert all("127.0.0.1" in url or url.startswith("data:") for url in asked)
    browser_page.set_viewport_size({"width": 1280, "height": 3200})
    webmail.screenshot(browser_page, tmp_path / "roundcube.png")


@pytest.mark.slow
def test_neomutt_shows_the_text_part_within_its_screen(
    delivered: Account, dovecot: Dovecot, sink: Sink, tmp_path: Path
):
    with neomutt(dovecot, sink, delivered, postponed=False) as terminal:
        terminal.wait_for(SUBJECT)
        terminal.press("Enter")
        terminal.wait_for("16–22 November 2026")
        screens = [terminal.screen()]
        while "sent to nobody" not in screens[-1]:
            assert len(screens) < 12
            terminal.press("Space")
            screens.append(_after(terminal, screens[-1]))
    (tmp_path / "neomutt.txt").write_text("\n".join(screens))
    shown = "\n".join(screens)
    for told in ("2 drafts wait", "1. Northwind – Designer", "[ ] e The day: mine, or theirs."):
        assert told in shown
    assert not any(line.startswith("+") for line in shown.splitlines()), "neomutt broke no line"


def _after(terminal: Terminal, before: str) -> str:
    """Return the screen that comes after this one."""

    def changed() -> str | None:
        screen = terminal.screen()
        return screen if screen != before else None

    return wait_for(changed, seconds=15, what="the next screen")
