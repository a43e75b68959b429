"""One private SQLite file: opened, migrated, copied, and written in fenced transactions.

Before it is migrated, the file of the older version is copied beside it (`backup_of`), one copy
a version; a migration that fails leaves everything as it was.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from inboxbot.errors import JournalError, JournalTooNew, MailboxBusy
from inboxbot.journal.schema import MIGRATIONS
from inboxbot.private import PART, ensure_private, private_file

_BUSY_MILLISECONDS = 10_000
_AGAIN_SECONDS = 0.02

_NO_ROOM = "the disk is full, or it fails; make room, nothing was lost"
_HELD = "another program holds it; try again"
_CLOSED = (
    "cannot be written; see whether its disk is full or read-only, and whether file and folder "
    "are your own"
)
_DAMAGED = (
    "cannot be read or written ({error}); restore a backup, or move the file away: drafts that "
    "exist are found again by their Message-ID"
)
_TROUBLE = {
    sqlite3.SQLITE_FULL: _NO_ROOM, sqlite3.SQLITE_IOERR: _NO_ROOM,
    sqlite3.SQLITE_BUSY: _HELD, sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_READONLY: _CLOSED, sqlite3.SQLITE_CANTOPEN: _CLOSED,
}  # fmt: skip
_PRIMARY = 0xFF  # of a result code; the rest says where it happened (sqlite.org/rescode.html)


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to write for one account, as long as nobody has taken a newer one."""

    account: str
    token: int


class Database:
    """An open file. Use it as a context manager."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the journal. Raise `JournalError`, `PrivacyError` or `NotWritten`."""
        ensure_private(path)
        with told(path), contextlib.ExitStack() as on_failure:
            opened = cls(sqlite3.connect(path, isolation_level=None, check_same_thread=False))
            on_failure.callback(opened.close)
            opened._prepare(path)
            on_failure.pop_all()
        return opened

    def copy(self) -> Self:
        """Return a copy in memory: for a dry run, which must leave no trace."""
        memory = sqlite3.connect(":memory:", isolation_level=None)
        self._db.backup(memory)
        return type(self)(memory)

    def close(self) -> None:
        """Close the file; the WAL is folded in by the last one to leave."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self, path: Path) -> None:
        self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        self._use_wal()
        self._db.execute("PRAGMA synchronous = FULL")  # an intent is on the disk before the APPEND
        with self._transaction():
            self._db.execute("CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)")
            found = self._db.execute("SELECT max(number) FROM version").fetchone()[0] or 0
            if found > len(MIGRATIONS):
                raise JournalTooNew(
                    f"{path}: a newer inboxbot wrote this journal (version {found}, this program "
                    f"knows {len(MIGRATIONS)}); update inboxbot{_or_go_back(path)}"
                )
            if 0 < found < len(MIGRATIONS):
                self._back_up(backup_of(path, found))
            try:
                self._migrate(found)
            except sqlite3.DatabaseError as error:
                raise JournalError(
                    f"{path}: could not be brought up to date ({error}); it is as it was, and the "
                    "earlier inboxbot can go on with it"
                ) from error

    def _use_wal(self) -> None:
        """Switch to WAL; while another program does, SQLite refuses without the busy timeout."""
        deadline = time.monotonic() + _BUSY_MILLISECONDS / 1000
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() >= deadline:
                    raise
                time.sleep(_AGAIN_SECONDS)
            else:
                return

    def _migrate(self, found: int) -> None:
        for number, script in enumerate(MIGRATIONS[found:], start=found + 1):
            for statement in filter(str.strip, script.split(";")):
                self._db.execute(statement)
            self._db.execute("INSERT INTO version (number) VALUES (?)", (number,))

    def _back_up(self, to: Path) -> None:
        """Copy the file as it is, before the first change of this transaction."""
        try:
            with private_file(to) as copy:
                copy.write(self._db.serialize())
        except OSError as error:
            raise JournalError(
                f"{to}: the copy before the update cannot be written ({error.strerror}); "
                "make room, nothing was changed"
            ) from error

    @contextlib.contextmanager
    def _transaction(self, hold: Hold | None = None) -> Iterator[sqlite3.Connection]:
        with told(None):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if hold is not None:
                    self._check(hold)
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _store_note(self, db: sqlite3.Connection, account: str, name: str, value: object) -> None:
        if value is None:
            db.execute("DELETE FROM note WHERE account = ? AND name = ?", (account, name))
            return
        db.execute(
            "INSERT INTO note (account, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (account, name) DO UPDATE SET value = excluded.value",
            (account, name, msgspec.json.encode(value).decode()),
        )

    def _check(self, hold: Hold) -> None:
        row = self._db.execute(
            "SELECT token FROM holder WHERE account = ?", (hold.account,)
        ).fetchone()
        if row is None or row[0] != hold.token:
            raise MailboxBusy(hold.account)


def backup_of(path: Path, version: int) -> Path:
    """Return where a journal of an older version is kept, as it was before the update."""
    return path.with_name(f"{path.name}.v{version}.backup")


def backups_of(path: Path) -> tuple[Path, ...]:
    """Return the copies that earlier updates have left, whole or in part."""
    name = f"{path.name}.v*.backup"
    return tuple(sorted((*path.parent.glob(name), *path.parent.glob(f".{name}.*{PART}"))))


def _or_go_back(path: Path) -> str:
    """Return the other way out for an older program, where there is one."""
    backup = backup_of(path, len(MIGRATIONS))
    return f", or put {backup.name} in its place, without what came since" * backup.exists()


@contextlib.contextmanager
def told(path: Path | None) -> Iterator[None]:
    """Turn SQLite's errors into ours, with what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        advice = _TROUBLE.get(code, _DAMAGED.format(error=error))
        raise JournalError(f"{path or 'the journal'}: {advice}") from error
