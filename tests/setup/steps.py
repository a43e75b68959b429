"""What the tests of setup share: a mailbox with a no in it, and what has to work at the end."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from inboxbot.cli.poll import progress_bar
from inboxbot.settings import Account as Settled
from inboxbot.settings import Places, Settings
from inboxbot.setup.desk import Desk
from tests.daemon.world import REJECTION, letter
from tests.e2e.command import Command
from tests.servers.dovecot import Account, Dovecot
from tests.setup.person import Person, environment


def a_rejection(address: str, when: datetime | None = None) -> bytes:
    return letter(
        "Jo Park <jo@harbourmaps.example>", "Your application", REJECTION,
        to=address, when=when or datetime.now(UTC), message_id=f"no-to-{address}",
    )  # fmt: skip


def a_rejection_waits(dovecot: Dovecot, account: Account) -> None:
    with dovecot.log_in(account) as client:
        client.append("INBOX", a_rejection(account.address))


def drafts(dovecot: Dovecot, account: Account) -> int:
    with dovecot.log_in(account) as client:
        return int(client.folder_status(dovecot.folders.drafts, ["MESSAGES"])[b"MESSAGES"])


def desk(*accounts: Settled) -> Desk:
    """Return what the steps need, where the settings have these accounts."""
    return Desk(
        places=Places(config=Path("/home/me/config.toml"), state=Path("/home/me/state")),
        settings=Settings(accounts=MappingProxyType({one.id: one for one in accounts})),
        clock=lambda: datetime.now(UTC), progress=progress_bar,
    )  # fmt: skip


def agrees(somebody: Person) -> None:
    """Take what is proposed for all that comes after the trial, and have it written."""
    somebody.answers("May it make these two folders?", "")
    somebody.answers("Your level:", "")
    somebody.answers("Language of the weekly summary:", "")
    somebody.answers("Write this?", "y")
    somebody.answers("Start inboxbot at login from now on?", "n")


def works(home: Path) -> Command:
    """See that `check` finds nothing wrong and `poll` works; return the command."""
    command = Command(home / "inboxbot")
    command.run("check")
    command.run("poll")
    return command


def found_in(folder: Path, secret: str) -> list[str]:
    """Return the names of the files that hold a secret."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if secret.encode() in path.read_bytes()]


def by_flags(dovecot: Dovecot, account: Account) -> list[str]:
    """Return the flags that answer everything but the password and what comes after the trial."""
    return [
        *("--address", account.address, "--provider", "other", "--way", "server"),
        *("--host", "127.0.0.1", "--port", str(dovecot.tls_port), "--tls", "implicit"),
        *("--user", account.name, "--ca-file", str(dovecot.ca_file), "--keep", "file"),
        *("--name", "Alice Example", "--alias", "jobs@test.example"),
    ]


def without_terminal(
    home: Path, *arguments: str, password: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run setup with no terminal, the password on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "inboxbot", "setup", *arguments],
        env=environment(home, **more), input=f"{password}\n", capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
