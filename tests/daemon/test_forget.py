"""Forgetting, as the next poll sees it: nothing comes back, and nothing is drafted twice."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from inboxbot.core.erase import of_employer, older_than
from inboxbot.daemon.forget import Choice, chosen, forget
from inboxbot.journal.store import Journal
from tests.daemon.world import REJECTION, World, letter, new_world
from tests.make import NOW


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def drafts(world: World) -> list[str]:
    return [mail.data.decode() for mail in world.mailbox.contents("Drafts")]


def erase(world: World, choice: Choice) -> None:
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        forget(journal, "home", chosen(journal, "home", choice), world.clock())
        journal.compact(world.folder / "journal.sqlite3")


def words_left(world: World, words: str) -> list[Path]:
    return [file for file in world.folder.iterdir() if words.encode() in file.read_bytes()]


def lose_the_numbers(world: World) -> None:
    """Make all mail look new, and lose the drafts."""
    mails = world.mailbox.contents("INBOX")
    for name in ("INBOX", "Drafts"):
        world.mailbox.delete_folder(name)
        world.mailbox.create_folder(name)
    for mail in mails:
        world.mailbox.add("INBOX", mail.data, received=mail.received)


def test_a_forgotten_employer_is_gone_and_the_other_one_is_followed_on(world: World):
    world.poll()
    assert len(drafts(world)) == 2
    assert words_left(world, "harbourmaps")
    erase(world, partial(of_employer, "Harbour Maps"))
    assert not words_left(world, "harbourmaps")
    assert not words_left(world, "Harbour Maps")
    assert words_left(world, "brightwell")
    assert len(drafts(world)) == 2, "drafts in the mailbox are the user's"
    world.clock.now += timedelta(hours=1)
    assert world.poll().drafts == 0
    assert not words_left(world, "harbourmaps"), "nor does the next poll bring it back"


def test_a_forgotten_mail_that_comes_again_is_left_alone_as_a_duplicate(world: World):
    world.poll()
    erase(world, partial(of_employer, "Harbour Maps"))
    lose_the_numbers(world)
    report = world.poll()
    assert report.drafts == 0
    assert dict(report.reasons) == {"duplicate": 1}
    assert drafts(world) == []


def test_a_new_mail_of_a_forgotten_employer_is_a_mail_like_any_other(world: World):
    world.poll()
    erase(world, partial(of_employer, "Harbour Maps"))
    data = letter("Jo Park <jo@harbourmaps.example>", "Your other application",
                  REJECTION.replace("Product Designer", "Cartographer"), message_id="new",
                  when=NOW)  # fmt: skip
    world.mailbox.add("INBOX", data, received=NOW)
    assert world.poll().drafts == 1


def test_what_is_older_goes_and_its_cursor_stays(world: World):
    world.poll()
    world.clock.now += timedelta(days=400)
    erase(world, partial(older_than, world.clock.now - timedelta(days=365)))
    assert world.events() == []
    assert not words_left(world, "harbourmaps")
    assert not words_left(world, "brightwell")
    assert world.poll().read == 0, "old mail is not read anew"


def test_a_correction_is_forgotten_with_its_mail_and_so_is_what_it_taught(world: World):
    world.poll()
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        keys = {
            entry.reading.facts.employer: entry.message.key
            for entry in journal.history("home").entries
        }
        corrections = {key: {"said": "Rejection"} for key in keys.values()}
        deferred = f"deferred:{keys['Harbour Maps']}"
        for name, value in ("corrections", corrections), ("personal", {}), (deferred, "paused"):
            journal.set_note("home", name, value)
    erase(world, partial(of_employer, "Harbour Maps"))
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        assert list(journal.note("home", "corrections")) == [keys["Brightwell Labs"]]
        assert journal.note("home", "personal") is None, "the next poll learns from what is left"
        assert journal.note("home", deferred) is None
