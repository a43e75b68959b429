"""The event log, the cursors and what is known of each mail: one SQLite file, private, in WAL.

Each public method that writes is one transaction. A `Hold` is needed to write: its token fences
off a process that was thought dead and wakes up later.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import msgspec

from inboxbot.core.history import Entry, History, stripped
from inboxbot.core.plan import DraftRecord, Event, EventKind
from inboxbot.core.types import Cursor, Key, Locator, Reading
from inboxbot.journal.database import Hold
from inboxbot.journal.erase import ErasableDatabase

__all__ = ["Hold", "Journal", "Lease"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One mail of a batch that was being read when its reader or this program died."""

    folder: str
    locator: Locator
    attempts: int


class Journal(ErasableDatabase):
    """An open journal. Use it as a context manager."""

    # ------------------------------------------------------------ who may write

    def hold(self, account: str, now: datetime) -> Hold:
        """Take the right to write for an account; an older hold is void from now on."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO holder (account, token, since) VALUES (?, 1, ?) ON CONFLICT (account) "
                "DO UPDATE SET token = holder.token + 1, since = excluded.since",
                (account, now.isoformat()),
            )
            token = db.execute("SELECT token FROM holder WHERE account = ?", (account,)).fetchone()[
                0
            ]
        return Hold(account, token)

    # ------------------------------------------------------------ cursors and leases

    def cursor(self, account: str, folder: str) -> Cursor | None:
        """Return how far a folder was read, None before the first look."""
        row = self._db.execute(
            "SELECT position FROM folder_cursor WHERE account = ? AND folder = ?", (account, folder)
        ).fetchone()
        return Cursor(row[0]) if row else None

    def lease(self, hold: Hold, folder: str, locators: Sequence[Locator]) -> None:
        """Write down which mails are about to be read, before they are."""
        with self._transaction(hold) as db:
            db.executemany(
                "INSERT INTO lease (account, folder, locator, attempts) VALUES (?, ?, ?, 0) "
                "ON CONFLICT (account, folder, locator) DO NOTHING",
                [(hold.account, folder, locator) for locator in locators],
            )

    def leases(self, account: str) -> tuple[Lease, ...]:
        """Return what an earlier poll leased and never settled."""
        rows = self._db.execute(
            "SELECT folder, locator, attempts FROM lease WHERE account = ? ORDER BY rowid",
            (account,),
        )
        return tuple(
            Lease(folder=folder, locator=Locator(locator), attempts=attempts)
            for folder, locator, attempts in rows
        )

    def count_attempt(self, hold: Hold, lease: Lease, by: int = 1) -> None:
        """Count one more try to read a mail, before it is tried; or take it back."""
        with self._transaction(hold) as db:
            db.execute(
                "UPDATE lease SET attempts = attempts + ? "
                "WHERE account = ? AND folder = ? AND locator = ?",
                (by, hold.account, lease.folder, lease.locator),
            )

    # ------------------------------------------------------------ what was read

    def record(  # noqa: PLR0913  (the parts of one transaction, each by name)
        self,
        hold: Hold,
        *,
        entries: Iterable[Entry] = (),
        events: Iterable[Event] = (),
        drafts: Iterable[DraftRecord] = (),
        dead: Iterable[str] = (),
        settled: Iterable[Key] = (),
        revised: Iterable[Entry] = (),
        notes: Mapping[str, object] = MappingProxyType({}),
        folder: str = "",
        read: Iterable[Locator] = (),
        cursor: Cursor | None = None,
    ) -> None:
        """Store what one step learnt, its events, its drafts and its cursor, all or nothing."""
        with self._transaction(hold) as db:
            for entry in entries:
                self._store_entry(db, hold.account, entry)
            for entry in revised:
                self._store_entry(db, hold.account, entry)
                self._revise_entry(db, hold.account, entry)
            for name, value in notes.items():
                self._store_note(db, hold.account, name, value)
            for record in drafts:
                self._store_draft(db, hold.account, record)
            for event in events:
                self._store_event(db, hold.account, event)
            db.executemany(
                "INSERT INTO dead_address (account, address) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(hold.account, address) for address in dead],
            )
            db.executemany(
                "UPDATE message SET waiting = 0 WHERE account = ? AND key = ?",
                [(hold.account, key) for key in settled],
            )
            self._store_progress(db, hold.account, folder, read, cursor)

    def _store_progress(
        self,
        db: sqlite3.Connection,
        account: str,
        folder: str,
        read: Iterable[Locator],
        cursor: Cursor | None,
    ) -> None:
        db.executemany(
            "DELETE FROM lease WHERE account = ? AND folder = ? AND locator = ?",
            [(account, folder, locator) for locator in read],
        )
        if cursor is not None:
            db.execute(
                "INSERT INTO folder_cursor (account, folder, position) VALUES (?, ?, ?) "
                "ON CONFLICT (account, folder) DO UPDATE SET position = excluded.position",
                (account, folder, cursor),
            )

    def _store_entry(self, db: sqlite3.Connection, account: str, entry: Entry) -> None:
        reading = msgspec.json.encode(stripped(entry.reading)).decode()
        db.execute(
            "INSERT INTO message (account, key, application, received, own, waiting, reading) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, key) DO NOTHING",
            (
                account, entry.message.key, entry.application, entry.when.isoformat(),
                int(entry.own), int(entry.open), reading,
            ),
        )  # fmt: skip

    def _revise_entry(self, db: sqlite3.Connection, account: str, entry: Entry) -> None:
        reading = msgspec.json.encode(stripped(entry.reading)).decode()
        db.execute(
            "UPDATE message SET reading = ?, waiting = ? WHERE account = ? AND key = ?",
            (reading, int(entry.open), account, entry.message.key),
        )

    def _store_draft(self, db: sqlite3.Connection, account: str, record: DraftRecord) -> None:
        db.execute(
            "INSERT INTO draft (account, key, record) VALUES (?, ?, ?) "
            "ON CONFLICT (account, key) DO UPDATE SET record = excluded.record",
            (account, record.key, msgspec.json.encode(record).decode()),
        )

    def _store_event(self, db: sqlite3.Connection, account: str, event: Event) -> None:
        db.execute(
            "INSERT INTO event (time, account, application, message, kind, payload) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                event.time.astimezone(UTC).isoformat(), account, event.application, event.message,
                event.kind, msgspec.json.encode(dict(event.payload)).decode(),
            ),
        )  # fmt: skip

    def append(self, account: str, event: Event) -> None:
        """Store an event that concerns no mail; it needs no hold."""
        with self._transaction() as db:
            self._store_event(db, account, event)

    def moved(self, hold: Hold, reading: Reading) -> None:
        """Remember a known mail's reading with its new place: moved, or its folder renumbered."""
        with self._transaction(hold) as db:
            db.execute(
                "UPDATE message SET reading = ? WHERE account = ? AND key = ?",
                (
                    msgspec.json.encode(stripped(reading)).decode(),
                    hold.account,
                    reading.message.key,
                ),
            )

    # ------------------------------------------------------------ what is known

    def history(self, account: str) -> History:
        """Return all that is known of an account's applications."""
        decoder = msgspec.json.Decoder(Reading)
        rows = self._db.execute(
            "SELECT application, own, waiting, reading FROM message WHERE account = ?", (account,)
        )
        entries = [
            Entry(
                reading=decoder.decode(reading),
                application=application,
                own=bool(own),
                open=bool(waiting),
            )
            for application, own, waiting, reading in rows
        ]
        dead = self._db.execute("SELECT address FROM dead_address WHERE account = ?", (account,))
        return History(
            entries,
            self.drafts(account),
            frozenset(row[0] for row in dead),
            self.forgotten(account),
        )

    def accounts(self) -> tuple[str, ...]:
        """Return every account that anything is known of, in the settings or not."""
        rows = self._db.execute(
            "SELECT account FROM event UNION SELECT account FROM message ORDER BY account"
        )
        return tuple(row[0] for row in rows)

    def drafts(self, account: str) -> tuple[DraftRecord, ...]:
        """Return every draft ever planned for an account."""
        rows = self._db.execute(
            "SELECT record FROM draft WHERE account = ? ORDER BY rowid", (account,)
        )
        return tuple(msgspec.json.decode(row[0], type=DraftRecord) for row in rows)

    def events(
        self,
        account: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Event]:
        """Yield the lines of the journal in order, of one account or of all."""
        rows = self._db.execute(
            "SELECT id, time, account, application, message, kind, payload FROM event "
            "WHERE (? IS NULL OR account = ?) AND (? IS NULL OR time >= ?) "
            "AND (? IS NULL OR time < ?) ORDER BY id",
            (account, account, *[_utc(since)] * 2, *[_utc(until)] * 2),
        )
        for id_, time, of, application, message, kind, payload in rows:
            yield Event(
                id=id_,
                time=datetime.fromisoformat(time),
                account=of,
                application=application,
                message=message,
                kind=EventKind(kind),
                payload=msgspec.json.decode(payload),
            )

    # ------------------------------------------------------------ summaries and notes

    def summary_state(self, account: str, occasion: str) -> str | None:
        """Return "intended" or "delivered", None where no mail to the owner was about this yet."""
        row = self._db.execute(
            "SELECT state FROM summary WHERE account = ? AND occasion = ?", (account, occasion)
        ).fetchone()
        return row[0] if row else None

    def set_summary(
        self, hold: Hold, occasion: str, state: str, events: Iterable[Event] = ()
    ) -> None:
        """Store how far the delivery of one mail to the owner has come."""
        with self._transaction(hold) as db:
            db.execute(
                "INSERT INTO summary (account, occasion, state) VALUES (?, ?, ?) "
                "ON CONFLICT (account, occasion) DO UPDATE SET state = excluded.state",
                (hold.account, occasion, state),
            )
            for event in events:
                self._store_event(db, hold.account, event)

    def note(self, account: str, name: str) -> Any:
        """Return a remembered value ("last_poll", "trouble"), None where there is none."""
        row = self._db.execute(
            "SELECT value FROM note WHERE account = ? AND name = ?", (account, name)
        ).fetchone()
        return msgspec.json.decode(row[0]) if row else None

    def set_note(self, account: str, name: str, value: object) -> None:
        """Remember a value for an account; None forgets it."""
        with self._transaction() as db:
            self._store_note(db, account, name, value)


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
