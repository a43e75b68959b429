"""A person at neomutt, in a terminal: draft → recalled, edited, sent; message → answered.

with neomutt(…) as terminal: recall_draft(terminal, subject) → send(terminal)
with neomutt(…, postponed=False) as terminal: reply(terminal, subject) → send(terminal)
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
    dovecot: Dovecot, sink: Sink, account: Account, *, addition: str = "", edit: str = "",
    postponed: bool = True,
) -> Iterator[Terminal]:  # fmt: skip
    """Yield a terminal in which neomutt recalls postponed mail, or shows the inbox.

    An edit appends the addition, or applies `edit`, a script of sed.
    """
    program = str(require("neomutt", "neomutt"))
    with tempfile.TemporaryDirectory(prefix="inboxbot-neomutt-") as name:
        folder = Path(name)
        (folder / "addition").write_text(addition, encoding="utf-8")
        (folder / "edit").write_text(edit, encoding="utf-8")
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
            edit=folder / "edit",
        )
        (folder / "neomuttrc").write_text(settings, encoding="utf-8")
        recalls = ("-p",) if postponed else ()
        with terminal(program, "-n", "-F", str(folder / "neomuttrc"), *recalls) as running:
            yield running


def recall_draft(running: Terminal, subject: str) -> None:
    """Recall the postponed draft of that subject; it is edited on the way."""
    if running.wait_for(_COMPOSING, _POSTPONED) == _POSTPONED:
        # More than one draft is postponed: find ours by its subject, and take it.
        running.press("/")
        running.write(f'=s "{subject}"')
        running.press("Enter", "Enter")
    running.wait_for(f"Subject: {subject}")


def reply(running: Terminal, subject: str) -> None:
    """Answer the message of that subject, quoted; it is edited on the way."""
    running.wait_for(subject)
    running.press("/")
    running.write(f'=s "{subject}"')
    running.press("Enter", "r")
    running.wait_for("To: ")
    running.press("Enter")
    running.wait_for("Subject: ")
    running.press("Enter")
    running.wait_for(_COMPOSING)


def send(running: Terminal, *, leave: bool = False) -> None:
    """Send the draft that is open, and wait until neomutt has filed it in Sent and ended."""
    running.press("y")
    if leave:
        running.wait_for("NeoMutt: +INBOX")
        running.press("q")
    if status := running.wait_for_end():
        raise AssertionError(f"neomutt ended with status {status}:\n{running.screen()}")
