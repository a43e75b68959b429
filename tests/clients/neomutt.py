"""A person at neomutt, in a terminal: draft → recalled, edited, sent.

with neomutt(…) as terminal: recall_draft(terminal, subject) → send(terminal)
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from tests.clients.terminal import Terminal, terminal
from tests.servers.dovecot import Account, Dovecot
from tests.servers.require import require
from tests.servers.sink import Sink

_COMPOSING = "y:Send"
_POSTPONED = "Postponed Messages"


@contextmanager
def neomutt(
    dovecot: Dovecot, sink: Sink, account: Account, *, addition: str = ""
) -> Iterator[Terminal]:
    """Yield a terminal in which neomutt recalls postponed mail; an edit appends the addition."""
    program = str(require("neomutt", "neomutt"))
    with tempfile.TemporaryDirectory(prefix="inboxbot-neomutt-") as name:
        folder = Path(name)
        (folder / "addition").write_text(addition, encoding="utf-8")
        template = Template(Path(__file__).with_name("neomuttrc").read_text())
        settings = template.substitute(
            user=account.name,
            password=account.password,
            address=account.address,
            imap=f"{dovecot.host}:{dovecot.port}",
            smtp=f"{sink.host}:{sink.port}",
            drafts=dovecot.folders.drafts,
            sent=dovecot.folders.sent,
            addition=folder / "addition",
        )
        (folder / "neomuttrc").write_text(settings, encoding="utf-8")
        with terminal(program, "-n", "-F", str(folder / "neomuttrc"), "-p") as running:
            yield running


def recall_draft(running: Terminal, subject: str) -> None:
    """Recall the postponed draft of that subject; it is edited on the way."""
    if running.wait_for(_COMPOSING, _POSTPONED) == _POSTPONED:
        # More than one draft is postponed: find ours by its subject, and take it.
        running.press("/")
        running.write(f'=s "{subject}"')
        running.press("Enter", "Enter")
    running.wait_for(f"Subject: {subject}")


def send(running: Terminal) -> None:
    """Send the draft that is open, and wait until neomutt has filed it in Sent and ended."""
    running.press("y")
    if status := running.wait_for_end():
        raise AssertionError(f"neomutt ended with status {status}:\n{running.screen()}")
