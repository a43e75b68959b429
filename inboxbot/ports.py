"""What the daemon asks of a mailbox: to be read, inspected, written and watched.

Four small protocols, one implementation a file in `inboxbot.mailbox`, one contract suite over
all of them (tests/mailbox/test_contract.py). Locators, cursors and marks are opaque above.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from inboxbot.core.correction import Said
from inboxbot.core.types import Cursor, Key, Locator, Mark, RawMail


class Role(StrEnum):
    """What a folder is for (RFC 6154 special use)."""

    DRAFTS = "drafts"
    SENT = "sent"
    TRASH = "trash"
    ARCHIVE = "archive"
    JUNK = "junk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The folders of one mailbox by role; None where the mailbox has none."""

    inbox: str
    drafts: str | None = None
    sent: str | None = None
    trash: str | None = None
    archive: str | None = None
    archive_years: tuple[str, ...] = ()  # below it, newest first: Archive/2026 (Thunderbird)
    archive_is_all: bool = False  # it holds INBOX, Sent and Drafts as well: Gmail's All Mail
    junk: str | None = None
    corrections: Mapping[Said, str] = field(default_factory=dict)  # those that are there
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A bounded run of new mail in one folder, oldest first, and the cursor behind it."""

    locators: tuple[Locator, ...]
    cursor: Cursor
    remaining: int = 0  # messages still to come after this slice, for the progress bar
    restarted: bool = False  # the cursor was void (UIDVALIDITY changed): known mail comes again


@dataclass(frozen=True, slots=True)
class Room:
    """How much of its room a mailbox has used up, in octets."""

    used: int
    limit: int


class Part(StrEnum):
    """How much of a message is wanted."""

    HEADERS = "headers"
    TEXT = "text"  # headers, text parts, text/calendar, delivery status; never attachments


class MailReader(Protocol):
    r"""Reads a mailbox and changes nothing in it, not even \Seen."""

    def folders(self) -> Folders:
        """Find the folders. Raise `MailboxError` where there is no inbox."""
        ...

    def slices(self, folder: str, cursor: Cursor | None, since: datetime) -> Iterator[Slice]:
        """Yield what arrived after `cursor`; without one, what arrived since `since`.

        The last slice (perhaps without locators) always carries the newest cursor.
        Raise `FolderMissing` where the folder is gone.
        """
        ...

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        """Yield the messages that are still there, in the order asked for."""
        ...


class MailInspector(Protocol):
    """Tells beforehand what a write would meet; writes nothing."""

    def may_draft(self) -> bool | None:
        """Tell whether a draft may be put into Drafts; None where only the first one shows.

        Raise `FolderMissing` where there is no Drafts.
        """
        ...

    def room(self) -> Room | None:
        """Return how full the mailbox is; None where it has no limit, or does not tell."""
        ...


class MailWriter(Protocol):
    """The only writes there are: a draft in, a draft out, a mail to the owner in, two folders.

    Each write is idempotent by `key` only as far as the caller looks first (`find`).
    """

    def mark(self, folder: str) -> Mark:
        """Return the place behind the newest message of `folder`."""
        ...

    def find(self, folder: str, key: Key, mark: Mark | None = None) -> tuple[Locator, ...]:
        """Return the messages of `folder` whose Message-ID holds `key`.

        `mark` allows the adapter to look only behind it; where it is void, all is searched.
        """
        ...

    def save_draft(self, data: bytes, key: Key) -> Locator | None:
        r"""Put a draft, flagged \\Draft \\Seen, into Drafts; None where its place is not told."""
        ...

    def withdraw(self, draft: Locator) -> bool:
        """Move an own draft to Trash; False where it is gone already."""
        ...

    def deliver(self, data: bytes, key: Key) -> None:
        """Put a mail to the owner, unread, into the inbox."""
        ...

    def create_corrections(self) -> None:
        """Create the folders for corrections that are missing; the user has agreed to them."""
        ...


class MailWatcher(Protocol):
    """Tells that something may have changed."""

    def wait(self, seconds: float) -> bool:
        """Block until new mail is likely (True) or the time is over (False)."""
        ...


class Mailbox(MailReader, MailInspector, MailWriter, Protocol):
    """One open mailbox."""


class OpensWatcher(Protocol):
    """A way to watch one account's inbox, where its server can tell of new mail."""

    def __call__(self) -> AbstractContextManager[MailWatcher]:
        """Open it. Raise `MailboxError` where that fails."""
        ...
