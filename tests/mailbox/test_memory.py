"""What the mailbox in memory has beside the contract: the server's side, and a watch."""

import threading
from datetime import timedelta

import pytest

from inboxbot.core.types import EPOCH, Key, Locator
from inboxbot.errors import FolderMissing
from inboxbot.mailbox.memory import MemoryMailbox
from inboxbot.ports import Mailbox, MailWatcher, OpensWatcher, Role
from tests.mailbox.benches import NOW, letter

KEY = Key("abcdefghijklmnopqrstuvwxyz234567")


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(now=lambda: NOW)


def test_it_is_a_mailbox_and_opens_as_one(mailbox: MemoryMailbox) -> None:
    kept: Mailbox = mailbox
    with mailbox.open() as opened:
        assert opened is kept


def test_a_draft_has_the_time_of_the_clock_that_it_was_given(mailbox: MemoryMailbox) -> None:
    mailbox.save_draft(b"Message-ID: <x@y>\r\n\r\n", KEY)
    assert [mail.received for mail in mailbox.contents("Drafts")] == [NOW]


def test_folders_that_the_settings_name_come_before_well_known_ones() -> None:
    mailbox = MemoryMailbox(["INBOX", "Drafts", "Mine"], chosen={Role.DRAFTS: "Mine"})
    assert mailbox.folders().drafts == "Mine"


def test_a_folder_that_is_made_again_has_another_uidvalidity(mailbox: MemoryMailbox) -> None:
    before = mailbox.add("Sent", letter("one").data, received=NOW)
    (part,) = mailbox.slices("Sent", None, EPOCH)
    mailbox.delete_folder("Sent")
    mailbox.create_folder("Sent")
    after = mailbox.add("Sent", letter("one").data, received=NOW)
    assert before != after
    assert list(mailbox.fetch([before])) == []
    (again,) = mailbox.slices("Sent", part.cursor, NOW - timedelta(days=1))
    assert again.restarted
    assert again.locators == (after,)


def test_a_mailbox_without_trash_takes_no_draft_back(mailbox: MemoryMailbox) -> None:
    mailbox.delete_folder("Trash")
    place = mailbox.save_draft(b"Message-ID: <x@y>\r\n\r\n", KEY)
    assert place is not None
    with pytest.raises(FolderMissing, match="trash"):
        mailbox.withdraw(place)
    assert len(mailbox.contents("Drafts")) == 1


def test_a_message_that_is_not_there_cannot_be_removed(mailbox: MemoryMailbox) -> None:
    with pytest.raises(KeyError):
        mailbox.remove(Locator("1;1;INBOX"))


def test_a_watch_ends_without_news_when_its_time_is_over(mailbox: MemoryMailbox) -> None:
    with mailbox.watch() as watcher:
        assert watcher.wait(0.01) is False


def test_a_watch_tells_of_a_mail_that_came_before_it_waited_once(mailbox: MemoryMailbox) -> None:
    opens: OpensWatcher = mailbox.watch
    with opens() as watcher:
        mailbox.add("INBOX", letter("one").data, received=NOW)
        assert watcher.wait(5) is True
        assert watcher.wait(0.01) is False


def test_a_watch_wakes_when_a_mail_comes(mailbox: MemoryMailbox) -> None:
    def come() -> None:
        mailbox.add("INBOX", letter("one").data, received=NOW)

    watcher: MailWatcher
    with mailbox.watch() as watcher:
        thread = threading.Timer(0.05, come)
        thread.start()
        assert watcher.wait(10) is True
        thread.join()
