"""What inboxbot has written on this machine, and its removal: for whoever leaves.

Only what it wrote itself is removed, by name; a folder goes when it is empty. Whatever else lies
there is the user's own, and is told of.
"""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inboxbot.credentials import forget_secret
from inboxbot.errors import InboxbotError
from inboxbot.journal.database import backups_of
from inboxbot.lock import sole_instance
from inboxbot.settings import Account, Places


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSecret:
    """A password or a permission that inboxbot may have kept: in a file, else in the keyring."""

    user: str
    file: Path | None = None

    def __str__(self) -> str:
        return str(self.file or f"{self.user} in the keyring")


def own_files(found: Places) -> tuple[Path, ...]:
    """Return the files and folders that are there and that inboxbot made, the locks aside."""
    journal = found.journal
    beside = (journal.with_name(f"{journal.name}{ending}") for ending in ("-wal", "-shm"))
    named = (journal, *beside, *backups_of(journal), found.logs)
    return tuple(path for path in named if path.exists())


def kept_secrets(accounts: tuple[Account, ...], found: Places) -> Iterator[KeptSecret]:
    """Yield what `setup` may have kept. A password file elsewhere is the user's own."""
    for account in accounts:
        if account.provider:
            yield KeptSecret(user=account.login, file=account.token_file)
        elif account.kind == "imap" and not account.password_command:
            file = account.password_file
            if file is None or file.parent in {found.config.parent, found.state}:
                yield KeptSecret(user=account.login, file=file)


def forget_secrets(secrets: tuple[KeptSecret, ...]) -> Iterator[str]:
    """Remove them, and yield the words about each that could not be."""
    for secret in secrets:
        try:
            forget_secret(secret.user, secret.file)
        except InboxbotError as error:
            yield f"{secret}: {error}"


@contextlib.contextmanager
def nobody_else(found: Places) -> Iterator[None]:
    """Hold every lock that was ever taken. Raise `MailboxBusy` where inboxbot runs."""
    with contextlib.ExitStack() as locks:
        for path in sorted(found.locks.glob("*.lock")):
            locks.enter_context(sole_instance(found.locks, path.stem))
        yield


def remove(path: Path) -> None:
    """Remove a file or a whole folder of ours."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def tidy(found: Places) -> tuple[Path, ...]:
    """Remove the folders that are empty now, and return what else lies in them."""
    folders = {found.state, found.config.parent}
    for folder in folders - {found.home}:
        with contextlib.suppress(OSError):  # not empty, or never made
            folder.rmdir()
    left = (path for folder in folders if folder.is_dir() for path in folder.iterdir())
    return tuple(sorted(path for path in left if path != found.state))
