"""A mailbox of Courier under the names that the suite knows: its INBOX.Jobs.New is Jobs/New here.

Courier has no folder beside INBOX, and no other separator than the dot.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from imapclient import IMAPClient

from inboxbot.core.types import Cursor, Key, Locator, Mark, RawMail
from inboxbot.mailbox.imap import ImapAccount
from inboxbot.ports import Folders, Mailbox, Part, Room, Slice
from tests.mailbox.benches import ImapBench

_PREFIX = "INBOX."


class CourierBench(ImapBench):
    def __init__(self, account: ImapAccount, client: IMAPClient) -> None:
        super().__init__(account, client, name=_to_courier)

    @contextmanager
    def open(self) -> Iterator[Mailbox]:
        with super().open() as mailbox:
            yield _AtTheTop(mailbox)


class _AtTheTop:
    """A mailbox with its folders at the top; locators, cursors and marks are its own."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def folders(self) -> Folders:
        found = self._mailbox.folders()
        return replace(
            found,
            drafts=found.drafts and _from_courier(found.drafts),
            sent=found.sent and _from_courier(found.sent),
            trash=found.trash and _from_courier(found.trash),
            archive=found.archive and _from_courier(found.archive),
            archive_years=tuple(map(_from_courier, found.archive_years)),
            junk=found.junk and _from_courier(found.junk),
            corrections={said: _from_courier(name) for said, name in found.corrections.items()},
            others=tuple(map(_from_courier, found.others)),
        )

    def slices(self, folder: str, cursor: Cursor | None, since: datetime) -> Iterator[Slice]:
        return self._mailbox.slices(_to_courier(folder), cursor, since)

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        for mail in self._mailbox.fetch(locators, part):
            yield replace(mail, folder=_from_courier(mail.folder))

    def mark(self, folder: str) -> Mark:
        return self._mailbox.mark(_to_courier(folder))

    def find(self, folder: str, key: Key, mark: Mark | None = None) -> tuple[Locator, ...]:
        return self._mailbox.find(_to_courier(folder), key, mark)

    def may_draft(self) -> bool | None:
        return self._mailbox.may_draft()

    def room(self) -> Room | None:
        return self._mailbox.room()

    def save_draft(self, data: bytes, key: Key) -> Locator | None:
        return self._mailbox.save_draft(data, key)

    def withdraw(self, draft: Locator) -> bool:
        return self._mailbox.withdraw(draft)

    def deliver(self, data: bytes, key: Key) -> None:
        self._mailbox.deliver(data, key)

    def create_corrections(self) -> None:
        self._mailbox.create_corrections()


def _to_courier(name: str) -> str:
    return name if name.upper() == "INBOX" else _PREFIX + name.replace("/", ".")


def _from_courier(name: str) -> str:
    return name.removeprefix(_PREFIX).replace(".", "/")
