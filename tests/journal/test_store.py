"""The journal: private, durable, one step at a time, and fenced."""

import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest

from inboxbot.core.history import Entry
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.types import Address, Cursor, Key, Locator
from inboxbot.errors import JournalError, JournalTooNew, MailboxBusy, PrivacyError
from inboxbot.journal.schema import MIGRATIONS
from inboxbot.journal.store import Hold, Journal
from inboxbot.private import private_folder
from tests.make import NOW, rejection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite3"


@pytest.fixture
def journal(path: Path):
    with Journal.open(path) as opened:
        yield opened


@pytest.fixture
def hold(journal: Journal) -> Hold:
    return journal.hold("me", NOW)


def seen(**payload) -> Event:
    return Event(kind=EventKind.SEEN, time=NOW, message="m", payload=payload)


def record(state: DraftState = DraftState.INTENDED) -> DraftRecord:
    return DraftRecord(
        key=Key("k"), application="a", answered=Key("m"), state=state,
        to=Address("jo@acme.example", "Jo"), subject="Re: x", answers=("a@b",), planned=NOW,
    )  # fmt: skip


def test_what_was_recorded_is_read_back(journal: Journal, hold: Hold):
    entry = Entry(reading=rejection(), application="a", open=True)
    journal.record(
        hold, entries=[entry], events=[seen(employer="Acme")], drafts=[record()],
        dead=["x@y.zz"], folder="INBOX", cursor=Cursor("7"),
    )  # fmt: skip
    history = journal.history("me")
    assert history.entries == [entry]
    assert history.drafts == (record(),)
    assert history.dead == {"x@y.zz"}
    assert journal.cursor("me", "INBOX") == "7"
    assert [event.payload for event in journal.events("me")] == [{"employer": "Acme"}]


def test_no_body_is_kept(journal: Journal, hold: Hold, path: Path):
    reading = rejection(text="the secret body", quoted="the quoted secret")
    journal.record(hold, entries=[Entry(reading=reading, application="a")])
    journal.close()
    for file in path.parent.iterdir():
        assert b"secret" not in file.read_bytes()


def test_a_step_is_stored_as_a_whole_or_not_at_all(journal: Journal, hold: Hold):
    with pytest.raises(TypeError):
        journal.record(hold, events=[seen(), seen(wrong=object())], cursor=Cursor("9"), folder="I")
    assert list(journal.events("me")) == []
    assert journal.cursor("me", "I") is None


def test_accounts_are_kept_apart(journal: Journal, hold: Hold):
    other = journal.hold("other", NOW)
    entry = Entry(reading=rejection(), application="a")
    journal.record(hold, entries=[entry], events=[seen()])
    journal.record(other, entries=[entry])
    assert list(journal.events("other")) == []
    assert len(journal.history("other").entries) == 1


@pytest.mark.threat("D28")
def test_a_process_that_was_thought_dead_is_fenced_off(journal: Journal, hold: Hold):
    newer = journal.hold("me", NOW)
    with pytest.raises(MailboxBusy):
        journal.record(hold, events=[seen()])
    journal.record(newer, events=[seen()])
    assert len(list(journal.events("me"))) == 1


@pytest.mark.threat("D9")
def test_a_leased_mail_is_known_after_a_crash_until_it_is_read(path: Path):
    with Journal.open(path) as first:
        held = first.hold("me", NOW)
        first.lease(held, "INBOX", [Locator("1"), Locator("2")])
        first.record(held, folder="INBOX", read=[Locator("1")])
    with Journal.open(path) as second:
        (lease,) = second.leases("me")
        assert (lease.locator, lease.attempts) == ("2", 0)
        second.count_attempt(second.hold("me", NOW), lease)
        assert second.leases("me")[0].attempts == 1


def test_events_can_be_asked_for_by_time(journal: Journal, hold: Hold):
    later = replace(seen(), time=NOW + timedelta(days=1))
    journal.record(hold, events=[seen(), later])
    assert [event.time for event in journal.events(since=NOW + timedelta(hours=1))] == [later.time]
    assert [event.time for event in journal.events(until=NOW + timedelta(hours=1))] == [NOW]


def test_a_copy_leaves_no_trace(journal: Journal, hold: Hold):
    with journal.copy() as copy:
        copy.record(copy.hold("me", NOW), events=[seen()])
        assert len(list(copy.events())) == 1
    assert list(journal.events()) == []
    journal.record(hold)


_LOOKS_AND_LEAVES = """
import sys
from pathlib import Path
from inboxbot.journal.store import Journal
with Journal.open(Path(sys.argv[1])) as journal:
    print(len(list(journal.events())))
"""


def test_while_it_is_polled_for_two_accounts_another_program_may_look_and_leave(path: Path):
    """The last program to leave removes the WAL: it must see that it is not the last one."""
    with Journal.open(path) as first:
        first.append("one", seen())
        with Journal.open(path) as second:
            second.append("two", seen())
        look = [sys.executable, "-c", _LOOKS_AND_LEAVES, path]
        told = subprocess.run(look, capture_output=True, text=True, check=True)
        assert told.stdout == "2\n"
        assert path.with_name(f"{path.name}-wal").exists()
        first.append("one", seen())
        with Journal.open(path) as third:
            assert len(list(third.events())) == 3


@pytest.mark.threat("D21")
def test_nobody_else_can_read_any_of_its_files(journal: Journal, hold: Hold, path: Path):
    journal.record(hold, events=[seen()])
    files = list(path.parent.iterdir())
    assert len(files) == 3, "the journal, its WAL and its index"
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.threat("D20")
def test_a_link_in_place_of_the_journal_is_refused(tmp_path: Path, path: Path):
    path.parent.mkdir(mode=0o700)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PrivacyError, match="symbolic link"):
        Journal.open(path)


def test_a_journal_that_others_could_read_is_closed_to_them(path: Path):
    path.parent.mkdir(mode=0o755)
    path.touch(mode=0o644)
    Journal.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_first_start_waits_for_another_that_is_about_to_create_it(path: Path):
    private_folder(path.parent)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE later (number INTEGER)")
    done = Timer(0.3, other.execute, ["COMMIT"])
    done.start()
    Journal.open(path).close()
    done.join()
    other.close()


def test_an_older_program_refuses_a_newer_journal(journal: Journal, path: Path):
    journal.close()
    database = sqlite3.connect(path)
    database.execute("INSERT INTO version VALUES (?)", (len(MIGRATIONS) + 1,))
    database.commit()
    database.close()
    with pytest.raises(JournalTooNew, match="update inboxbot"):
        Journal.open(path)


def test_a_damaged_file_is_told_with_what_to_do(path: Path):
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(JournalError, match=r"journal\.sqlite3"):
        Journal.open(path)


_WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
from inboxbot.errors import JournalError
from inboxbot.journal.store import Journal
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    Journal.open(Path(sys.argv[1]))
except JournalError as error:
    print(error)
"""


def test_on_a_full_disk_nobody_is_advised_to_move_the_journal_away(journal: Journal, path: Path):
    journal.append("me", seen())
    journal.close()
    open_it = [sys.executable, "-c", _WITHOUT_ROOM, path]
    told = subprocess.run(open_it, capture_output=True, text=True, check=True).stdout
    assert "make room" in told
    assert "move" not in told


@pytest.mark.threat("D22")
@pytest.mark.parametrize("text", ["'; DROP TABLE event; --", '" OR 1=1 --', "\x00", "?", "%s"])
def test_no_text_is_taken_for_sql(journal: Journal, hold: Hold, text: str):
    journal.record(hold, events=[seen(subject=text)], folder=text, cursor=Cursor(text))
    journal.set_note("me", text, text)
    assert next(iter(journal.events())).payload["subject"] == text
    assert journal.cursor("me", text) == text
    assert journal.note("me", text) == text
