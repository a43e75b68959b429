"""A person at Roundcube, in a headless Chromium: draft → opened, edited, sent.

browser() → log_in(page) → open_draft(page) → edit(page) → send(page)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from imapclient.imap_utf7 import encode as modified_utf7
from playwright.sync_api import Locator, Page, sync_playwright

from tests.servers.dovecot import Account
from tests.servers.require import require
from tests.servers.roundcube import Roundcube

_SECONDS = 15
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    # A mail may name images anywhere; only loopback is ever looked up or called.
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def browser() -> Iterator[Page]:
    """Yield an empty page of a headless Chromium without a history.

    One for each test: while Playwright's synchronous interface is open, its thread has a running
    event loop, and asyncio.run fails in it.
    """
    chromium = require("chromium", "chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        page = running.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(_SECONDS * 1000)
        yield page
        running.close()


def log_in(page: Page, roundcube: Roundcube, account: Account) -> None:
    """Log in, and wait for the folders to be listed."""
    page.goto(roundcube.url)
    page.fill("#rcmloginuser", account.name)
    page.fill("#rcmloginpwd", account.password)
    page.click("#rcmloginsubmit")
    page.wait_for_selector("#mailboxlist")


def open_draft(page: Page, roundcube: Roundcube, subject: str) -> None:
    """Open the draft of that subject in Drafts, ready to be edited."""
    _row(page, roundcube, roundcube.folders.drafts, subject).dblclick()
    page.wait_for_selector("#composebody")
    # Roundcube's script turns the address fields into tokens after the page is there.
    page.wait_for_selector("#compose_to .recipient")


def body(page: Page) -> str:
    """Return the text of the draft that is open."""
    return page.input_value("#composebody")


def edit(page: Page, text: str) -> None:
    """Replace the text of the draft that is open."""
    page.fill("#composebody", text)


def send(page: Page) -> None:
    """Press Send, and wait until Roundcube leaves the draft, as it does once the mail is sent."""
    page.click("button.send, a.send")
    page.wait_for_url(lambda url: "_action=compose" not in url)
    page.wait_for_selector("#mailboxlist")


def open_message(page: Page, roundcube: Roundcube, subject: str, *, folder: str = "INBOX") -> None:
    """Open the message of that subject for reading."""
    _row(page, roundcube, folder, subject).dblclick()
    page.wait_for_selector("#messagebody")


def reply(page: Page) -> None:
    """Answer the message that is open, and wait until the answer can be written."""
    page.click("a.reply:not(.all):visible")
    page.wait_for_selector("#composebody")
    page.wait_for_selector("#compose_to .recipient")


def screenshot(page: Page, path: Path) -> None:
    """Write what the person sees to a PNG file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)


def _row(page: Page, roundcube: Roundcube, folder: str, subject: str) -> Locator:
    """Show a folder; return the row of its list that has the subject."""
    page.goto(f"{roundcube.url}?_task=mail&_mbox={quote(modified_utf7(folder))}")
    return page.locator("#messagelist td.subject").filter(has=page.get_by_text(subject, exact=True))
