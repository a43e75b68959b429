"""What inboxbot has written on this machine, and its removal: for whoever leaves.

Only what it wrote itself is removed, by name; a folder goes when it is empty. Whatever else lies
there is the user's own, and is told of.
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from inboxbot.credentials import forget_secret
from inboxbot.errors import InboxbotError
from inboxbot.journal.database import backups_of
from inboxbot.lock import sole_instance
from inboxbot.private import parts_of
from inboxbot.settings import Account, Places
from inboxbot.setup.answers import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSecret:
    """A password or a permission that inboxbot may have kept: in a file, else in the keyring."""

    user: str
    file: Path | None = None

    def __str__(self) -> str:
        return str(self.file or f"{self.user} in the keyring")


_OF_SQLITE = ("", "-wal", "-shm", "-journal")  # the last one until there is a WAL


def own_files(found: Places) -> tuple[Path, ...]:
    """Return the files that are there and that inboxbot made, the locks aside."""
    journal, unfinished = found.journal, found.unfinished
    database = (journal.with_name(f"{journal.name}{ending}") for ending in _OF_SQLITE)
    logs = sorted(found.logs.glob("inboxbot.log*"))
    named = (*database, *backups_of(journal), *logs, unfinished, *parts_of(unfinished))
    return tuple(path for path in named if path.exists())


def own_locks(found: Places) -> tuple[Path, ...]:
    """Return the lock files, of every account that there ever was."""
    return tuple(sorted(found.locks.glob("*.lock")))


def kept_secrets(accounts: tuple[Account, ...], found: Places) -> Iterator[KeptSecret]:
    """Yield what `setup` may have kept. A password file elsewhere is the user's own."""
    for account in accounts:
        if account.provider:
            yield KeptSecret(user=account.login, file=account.token_file)
        elif account.kind == "imap" and not account.password_command:
            file = account.password_file
            if file is None or file.parent in {found.config.parent, found.state}:
                yield KeptSecret(user=account.login, file=file)
    unfinished = Memory(found.unfinished).recall()
    if unfinished and (kept := unfinished.kept):
        yield KeptSecret(user=kept.user, file=Path(kept.file) if kept.file else None)


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
        for path in own_locks(found):
            locks.enter_context(sole_instance(found.locks, path.stem))
        yield


def remove(paths: Iterable[Path]) -> Iterator[str]:
    """Remove files, and yield the words about each that could not be."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            yield f"{path}: {error.strerror}"


def tidy(found: Places) -> tuple[Path, ...]:
    """Remove the folders that are empty now, and return what else lies in them."""
    for folder in (found.logs, found.locks, found.state, found.config.parent):
        with contextlib.suppress(OSError):  # not empty, or never made
            if folder != found.home:
                folder.rmdir()
    folders = {found.state, found.config.parent}
    left = (path for folder in folders if folder.is_dir() for path in folder.iterdir())
    return tuple(sorted(path for path in left if path != found.state))
