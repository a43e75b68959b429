"""The screenshots of the README, taken anew: `python -m tests.clients.pictures docs/images`.

The sample mailbox of the demo lies on a real Dovecot and inboxbot polls it; Roundcube, in Chromium,
shows a draft, and the summary is shown as a phone would.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from inboxbot.demo import samples
from tests.clients.browser import PHONE, open_browser
from tests.clients.roundcube import browser, log_in, open_draft, screenshot
from tests.e2e.command import Command, imap_command
from tests.servers.dovecot import Account, Dovecot, StoredMail
from tests.servers.roundcube import Roundcube
from tests.servers.sink import Sink

_DRAFT = "Re: Interview with Northwind Maps: Senior Product Designer"


def main(out: Path) -> None:
    """Write draft.png and summary.png."""
    with tempfile.TemporaryDirectory() as home, Dovecot() as dovecot, Sink() as sink:
        account = dovecot.add_user("mara")
        command = _polled(Path(home), dovecot, account)
        with Roundcube(dovecot, sink) as roundcube, browser() as page:
            log_in(page, roundcube, account)
            open_draft(page, roundcube, _DRAFT)
            screenshot(page, out / "draft.png")
        html = Path(home) / "week.html"
        command.run("summary", "--out", str(html))
        with open_browser() as reader:
            reader.page_of(html.read_bytes(), PHONE).page.screenshot(path=out / "summary.png")


def _polled(home: Path, dovecot: Dovecot, account: Account) -> Command:
    for sample in samples(datetime.now(UTC), UTC):
        folder = dovecot.folders.sent if sample.folder == "Sent" else "INBOX"
        flags = ("\\Seen",) if sample.seen else ()
        mail = StoredMail(content=sample.data, received=sample.arrived, flags=flags)
        dovecot.load(account, folder, [mail])
    command = imap_command(home, dovecot, account, 'aliases = ["mara.lindqvist@example.net"]')
    settings = home / "config.toml"
    told = settings.read_text().replace("Alice Example", "Mara Lindqvist")
    settings.write_text(f'[policy]\nquiet_hours = ""\n{told}')
    command.run("poll")
    return command


if __name__ == "__main__":
    main(Path(sys.argv[1]))
