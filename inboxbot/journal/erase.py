"""Erase from the journal for good, but for salted hashes of the keys."""

import contextlib
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from inboxbot.core.erase import Erasure
from inboxbot.core.forgotten import Forgotten, hash_of
from inboxbot.core.types import Key
from inboxbot.errors import JournalError
from inboxbot.journal.database import Database, Hold, backups_of, told


class ErasableDatabase(Database):
    """A journal's file that can forget."""

    def forgotten(self, account: str) -> Forgotten:
        """Return what is left of an account's forgotten mails and drafts."""
        salt = self._db.execute("SELECT value FROM salt WHERE account = ?", (account,)).fetchone()
        rows = self._db.execute("SELECT hash FROM forgotten WHERE account = ?", (account,))
        return Forgotten(salt=salt[0] if salt else "", hashes=frozenset(row[0] for row in rows))

    def erase(
        self, hold: Hold, erasure: Erasure, notes: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        """Delete the rows and leave the hashes, all or nothing; None in `notes` deletes one.

        Their words stay in the file until `compact`.
        """
        account = hold.account
        with self._transaction(hold) as db:
            self._leave_hashes(db, account, erasure.keys)
            for table, column, values in (
                ("message", "key", [entry.message.key for entry in erasure.entries]),
                ("draft", "key", [record.key for record in erasure.drafts]),
                ("event", "id", [event.id for event in erasure.events]),
                ("dead_address", "address", erasure.dead),
            ):
                db.executemany(
                    f"DELETE FROM {table} WHERE account = ? AND {column} = ?",  # noqa: S608  (ours)
                    [(account, value) for value in values],
                )
            db.executemany(
                "UPDATE event SET payload = ? WHERE account = ? AND id = ?",
                [
                    (msgspec.json.encode(dict(event.payload)).decode(), account, event.id)
                    for event in erasure.redacted
                ],
            )
            for name, value in notes.items():
                self._store_note(db, account, name, value)

    def _leave_hashes(self, db: sqlite3.Connection, account: str, keys: Iterable[Key]) -> None:
        db.execute(
            "INSERT INTO salt (account, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (account, secrets.token_hex(16)),
        )
        salt = self.forgotten(account).salt
        db.executemany(
            "INSERT INTO forgotten (account, hash) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(account, hash_of(key, salt)) for key in keys],
        )

    def compact(self, path: Path) -> None:
        """Write the file anew and empty its WAL, so that nothing erased is left in either.

        The copies of older versions go too. Raise `JournalError` where another program reads.
        """
        with told(path):
            self._db.execute("PRAGMA temp_store = MEMORY")  # no copy of it on the disk
            self._db.execute("VACUUM")
            busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise JournalError(
                f"{path}: another program reads it, so erased words are still in its files; "
                "run inboxbot forget once more"
            )
        for backup in backups_of(path):
            with contextlib.suppress(FileNotFoundError):
                backup.unlink()
