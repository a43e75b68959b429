"""An older journal is copied, then migrated; what fails changes nothing; a newer is refused."""

import sqlite3
import stat
from pathlib import Path

import pytest

from inboxbot.errors import JournalError, JournalTooNew
from inboxbot.journal import database
from inboxbot.journal.schema import MIGRATIONS
from inboxbot.journal.store import Journal
from tests.make import NOW

VERSION_1 = """
CREATE TABLE version (number INTEGER NOT NULL);
INSERT INTO version VALUES (1);
CREATE TABLE event (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, account TEXT NOT NULL, application TEXT NOT NULL,
    message TEXT NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_account ON event (account, time);
CREATE TABLE folder_cursor (
    account TEXT NOT NULL, folder TEXT NOT NULL, position TEXT NOT NULL,
    PRIMARY KEY (account, folder)
) STRICT;
CREATE TABLE lease (
    account TEXT NOT NULL, folder TEXT NOT NULL, locator TEXT NOT NULL, attempts INTEGER NOT NULL,
    PRIMARY KEY (account, folder, locator)
) STRICT;
CREATE TABLE holder (
    account TEXT NOT NULL PRIMARY KEY, token INTEGER NOT NULL, since TEXT NOT NULL
) STRICT;
CREATE TABLE message (
    account TEXT NOT NULL, key TEXT NOT NULL, application TEXT NOT NULL, received TEXT NOT NULL,
    own INTEGER NOT NULL, waiting INTEGER NOT NULL, reading TEXT NOT NULL,
    PRIMARY KEY (account, key)
) STRICT;
CREATE TABLE draft (
    account TEXT NOT NULL, key TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (account, key)
) STRICT;
CREATE TABLE summary (
    account TEXT NOT NULL, week TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (account, week)
) STRICT;
CREATE TABLE dead_address (
    account TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (account, address)
) STRICT;
CREATE TABLE note (
    account TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (account, name)
) STRICT;
INSERT INTO event VALUES
    (7, '2026-11-20T12:00:00+00:00', 'me', 'a', 'm', 'seen', '{"employer":"Acme"}');
INSERT INTO message VALUES ('me', 'm', 'a', '2026-11-20T11:00:00+00:00', 0, 1, '{
    "message": {"key": "m", "message_id": "1@acme.example", "received": "2026-11-20T11:00:00Z"},
    "verdict": {"label": "rejection", "probability": 0.99, "probabilities": {"rejection": 0.99}},
    "facts": {"employer": "Acme"}, "folder": "INBOX", "locator": "1"}');
INSERT INTO summary VALUES ('me', '2026-W46', 'delivered');
INSERT INTO note VALUES ('me', 'paused', '"until resumed"');
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal as version 1 of the schema has left it."""
    path = tmp_path / "state" / "journal.sqlite3"
    path.parent.mkdir(mode=0o700)
    old = sqlite3.connect(path)
    old.execute("PRAGMA journal_mode = WAL")
    old.executescript(VERSION_1)
    old.close()
    path.chmod(0o600)
    return path


def version(path: Path) -> int:
    found = sqlite3.connect(path)
    (number,) = found.execute("SELECT max(number) FROM version").fetchone()
    found.close()
    return number


def dump(path: Path) -> list[str]:
    found = sqlite3.connect(path)
    lines = list(found.iterdump())
    found.close()
    return lines


def backup(path: Path, number: int = 1) -> Path:
    return path.with_name(f"journal.sqlite3.v{number}.backup")


def test_all_that_an_older_journal_knows_is_known_after_the_update(path: Path):
    with Journal.open(path) as journal:
        (event,) = journal.events("me")
        (entry,) = journal.history("me").entries
        assert (event.id, event.payload) == (7, {"employer": "Acme"})
        assert (entry.reading.facts.employer, entry.open) == ("Acme", True)
        assert journal.summary_state("me", "2026-W46") == "delivered"
        assert journal.note("me", "paused") == "until resumed"
        assert not journal.forgotten("me").hashes
    assert version(path) == len(MIGRATIONS)


def test_an_updated_journal_has_the_tables_of_a_new_one(path: Path, tmp_path: Path):
    Journal.open(path).close()
    Journal.open(tmp_path / "new" / "journal.sqlite3").close()

    def tables(of: Path) -> set[str]:
        return {" ".join(line.split()) for line in dump(of) if line.startswith("CREATE")}

    assert tables(path) == tables(tmp_path / "new" / "journal.sqlite3")


def test_before_the_update_the_journal_is_copied_beside_it_for_the_owner_alone(path: Path):
    before = dump(path)
    Journal.open(path).close()
    assert dump(backup(path)) == before
    assert stat.S_IMODE(backup(path).stat().st_mode) == 0o600


def test_an_older_program_opens_the_copy(path: Path, monkeypatch: pytest.MonkeyPatch):
    Journal.open(path).close()
    monkeypatch.setattr(database, "MIGRATIONS", MIGRATIONS[:1])
    with pytest.raises(JournalTooNew, match=r"update inboxbot, or put journal\.sqlite3\.v1\.b"):
        Journal.open(path)
    backup(path).replace(path)
    with Journal.open(path) as journal:
        assert len(list(journal.events("me"))) == 1


def test_one_copy_is_kept_for_each_version_and_none_without_an_update(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    Journal.open(path).close()
    Journal.open(path).close()
    assert list(path.parent.glob("*.backup")) == [backup(path)]
    more = (*MIGRATIONS, "CREATE TABLE later (number INTEGER) STRICT")
    monkeypatch.setattr(database, "MIGRATIONS", more)
    Journal.open(path).close()
    copies = {backup(path), backup(path, len(MIGRATIONS))}
    assert set(path.parent.glob("*.backup")) == copies


def test_a_new_journal_has_nothing_to_be_copied(tmp_path: Path):
    Journal.open(tmp_path / "state" / "journal.sqlite3").close()
    assert list((tmp_path / "state").glob("*.backup")) == []


@pytest.mark.parametrize("step", ["CREATE TABLE event (id INTEGER)", "nonsense"])
def test_an_update_that_fails_half_way_leaves_the_older_journal_usable(
    path: Path, step: str, monkeypatch: pytest.MonkeyPatch
):
    before = dump(path)
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, step))
    with pytest.raises(JournalError, match="it is as it was"):
        Journal.open(path)
    assert dump(path) == before
    monkeypatch.setattr(database, "MIGRATIONS", MIGRATIONS[:1])
    with Journal.open(path) as journal:
        journal.hold("me", NOW)
        assert len(list(journal.events("me"))) == 1


def test_without_room_for_the_copy_nothing_is_changed(path: Path):
    before = dump(path)
    backup(path).mkdir()  # it cannot be replaced by a file
    with pytest.raises(JournalError, match="make room, nothing was changed"):
        Journal.open(path)
    assert dump(path) == before


def test_two_programs_at_once_update_it_once(path: Path):
    with Journal.open(path) as one, Journal.open(path) as other:
        assert len(list(one.events("me"))) == len(list(other.events("me"))) == 1
    found = sqlite3.connect(path)
    numbers = [row[0] for row in found.execute("SELECT number FROM version ORDER BY number")]
    found.close()
    assert numbers == list(range(1, len(MIGRATIONS) + 1))
