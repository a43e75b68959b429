"""What was erased is in none of the files any more, but for a salted hash of its key."""

import sqlite3
from pathlib import Path

import pytest

from inboxbot.core.erase import Erasure
from inboxbot.core.history import Entry
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.types import Address, Facts, Key
from inboxbot.errors import JournalError, MailboxBusy
from inboxbot.journal.store import Hold, Journal
from tests.make import NOW, rejection

CANARY = "canary-words-5c1e"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite3"


@pytest.fixture
def journal(path: Path):
    with Journal.open(path) as opened:
        opened._db.execute("PRAGMA secure_delete = OFF")  # on in Debian's SQLite, off elsewhere
        yield opened


@pytest.fixture
def hold(journal: Journal) -> Hold:
    return journal.hold("me", NOW)


def entry(name: str, employer: str) -> Entry:
    reading = rejection(
        f"{name} <{name}@x.example>", Facts(employer=employer), message_id=f"{name}@x",
        key=Key(name.ljust(32, "a")),
    )  # fmt: skip
    return Entry(reading=reading, application=name)


def record(name: str) -> DraftRecord:
    return DraftRecord(
        key=Key(f"draft-{name}"), application=name, answered=Key(name), state=DraftState.SENT,
        to=Address(f"{name}@x.example"), subject=f"Re: {name}", answers=(), planned=NOW,
    )  # fmt: skip


def event(words: str) -> Event:
    payload = {"text": words, "address": f"{words}@x.example"}
    return Event(kind=EventKind.FEEDBACK_RECEIVED, time=NOW, message="m", payload=payload)


def fill(journal: Journal, hold: Hold, words: str) -> None:
    journal.record(
        hold, entries=[entry(words, words)], drafts=[record(words)], events=[event(words)],
        dead=[f"{words}@x.example"], notes={words: words},
    )  # fmt: skip


def everything(journal: Journal, words: str) -> Erasure:
    history = journal.history("me")
    return Erasure(
        entries=tuple(one for one in history.entries if words in one.application),
        drafts=tuple(one for one in history.drafts if words in one.application),
        events=tuple(one for one in journal.events() if words in str(one.payload)),
        dead=frozenset(one for one in history.dead if words in one),
    )


def test_erased_words_are_in_no_file_any_more_and_the_others_are(
    journal: Journal, hold: Hold, path: Path
):
    for number in range(40):
        fill(journal, hold, f"{CANARY}-{number}")
    fill(journal, hold, "kept")
    notes = {f"{CANARY}-{number}": None for number in range(40)}
    journal.erase(hold, everything(journal, CANARY), notes)
    journal.compact(path)
    for file in path.parent.iterdir():  # while the journal is open, so its WAL is there
        assert CANARY.encode() not in file.read_bytes(), file
    assert b"kept@x.example" in path.read_bytes()
    assert [one.application for one in journal.history("me").entries] == ["kept"]
    assert journal.note("me", "kept") == "kept"


def test_a_hash_of_each_key_remains_and_no_key(journal: Journal, hold: Hold, path: Path):
    fill(journal, hold, CANARY)
    erasure = everything(journal, CANARY)
    journal.erase(hold, erasure)
    journal.compact(path)
    forgotten = journal.forgotten("me")
    assert len(erasure.keys) == len(forgotten.hashes) == 2
    assert all(forgotten.holds(key) for key in erasure.keys)
    assert not forgotten.holds(Key("another"))
    journal.close()
    assert not any(key.encode() in path.read_bytes() for key in erasure.keys)


def test_each_account_has_a_salt_of_its_own_that_stays(journal: Journal, hold: Hold):
    fill(journal, hold, "first")
    journal.erase(hold, everything(journal, "first"))
    salt = journal.forgotten("me").salt
    fill(journal, hold, "second")
    journal.erase(hold, everything(journal, "second"))
    assert journal.forgotten("me").salt == salt
    assert journal.forgotten("me").holds(entry("first", "x").message.key)
    journal.erase(journal.hold("other", NOW), Erasure())
    assert journal.forgotten("other").salt not in {salt, ""}


def test_a_note_may_change_instead_of_going(journal: Journal, hold: Hold):
    journal.record(hold, notes={"corrections": {"a": 1, "b": 2}})
    journal.erase(hold, Erasure(), {"corrections": {"b": 2}})
    assert journal.note("me", "corrections") == {"b": 2}


def test_another_accounts_rows_stay(journal: Journal, hold: Hold):
    other = journal.hold("other", NOW)
    fill(journal, other, CANARY)
    fill(journal, hold, CANARY)
    journal.erase(hold, everything(journal, CANARY))
    assert len(journal.history("other").entries) == 1
    assert journal.accounts() == ("other",)


def test_whoever_was_polling_is_fenced_off(journal: Journal, hold: Hold):
    fill(journal, hold, CANARY)
    journal.erase(journal.hold("me", NOW), everything(journal, CANARY))
    with pytest.raises(MailboxBusy):
        fill(journal, hold, "late")


def test_copies_of_older_versions_go_as_well(journal: Journal, path: Path):
    backup = path.with_name("journal.sqlite3.v1.backup")
    backup.write_bytes(CANARY.encode())
    journal.compact(path)
    assert not backup.exists()


def test_nothing_is_said_to_be_gone_while_another_program_reads_it(
    journal: Journal, hold: Hold, path: Path
):
    fill(journal, hold, CANARY)
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM event").fetchall()
    journal._db.execute("PRAGMA busy_timeout = 50")
    journal.erase(hold, everything(journal, CANARY), {CANARY: None})
    with pytest.raises(JournalError, match="once more"):
        journal.compact(path)
    reader.close()
    journal.compact(path)
    for file in path.parent.iterdir():
        assert CANARY.encode() not in file.read_bytes(), file
