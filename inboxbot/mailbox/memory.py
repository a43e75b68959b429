"""A mailbox in memory, for tests and dry runs: what an IMAP server with UIDPLUS and MOVE keeps.

`MemoryMailbox` is a `Mailbox` and opens itself; its other methods are what other mail programs
and the server do to it meanwhile.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec

from inboxbot.core.correction import Said
from inboxbot.core.types import Cursor, Key, Locator, Mark, RawMail
from inboxbot.errors import FolderMissing
from inboxbot.mailbox import folders as folder_names
from inboxbot.mailbox.folders import INBOX, ListedFolder
from inboxbot.mailbox.headers import header_block, message_id
from inboxbot.ports import Folders, Mailbox, MailWatcher, Part, Role, Room, Slice

STANDARD_FOLDERS = (INBOX, "Drafts", "Sent", "Trash")
_SLICE_MESSAGES = 200
_LARGEST_OCTETS = 1 << 20
_LOCATOR = re.compile(r"(\d+);(\d+);(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """A message in a folder."""

    uid: int
    data: bytes
    received: datetime
    flags: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Folder:
    uidvalidity: int
    uidnext: int = 1
    mails: dict[int, StoredMail] = field(default_factory=dict)  # by UID, which only grows


@dataclass(frozen=True, slots=True)
class _Position:
    """Cursor and mark, as JSON: before the message that has `uidnext`."""

    uidvalidity: int
    uidnext: int


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class MemoryMailbox:
    """One mailbox that outlives its openings; `ports.Mailbox` says what its methods do."""

    def __init__(
        self,
        folders: Sequence[str] = STANDARD_FOLDERS,
        *,
        chosen: Mapping[Role, str] | None = None,
        now: Callable[[], datetime] = _wall_clock,
    ) -> None:
        self._folders: dict[str, _Folder] = {}
        self._chosen = chosen or {}
        self._now = now
        self._validities = 0
        self._changed = threading.Condition()
        self._changes = 0
        for name in folders:
            self.create_folder(name)

    def open(self) -> AbstractContextManager[Mailbox]:
        """Open it."""
        return nullcontext(self)

    def watch(self) -> AbstractContextManager[MailWatcher]:
        """Watch it: an `OpensWatcher`."""
        return nullcontext(_Watcher(self))

    # -- reading ---------------------------------------------------------------------------

    def folders(self) -> Folders:
        """Find the folders: by the settings, then by well-known names."""
        return folder_names.by_role(map(ListedFolder, self._folders), self._chosen)

    def slices(self, folder: str, cursor: Cursor | None, since: datetime) -> Iterator[Slice]:
        """Yield what is new by UID."""
        name, kept = self._named(folder)
        known = _position(cursor)
        valid = known is not None and known.uidvalidity == kept.uidvalidity
        if known is not None and valid:
            uids = [uid for uid in kept.mails if uid >= known.uidnext]
        else:
            uids = [mail.uid for mail in kept.mails.values() if mail.received >= since]
        behind = kept.uidnext
        for start in range(0, len(uids), _SLICE_MESSAGES) or range(1):
            these = uids[start : start + _SLICE_MESSAGES]
            remaining = len(uids) - start - len(these)
            position = _Position(kept.uidvalidity, these[-1] + 1 if remaining else behind)
            yield Slice(
                locators=tuple(_locator(name, kept, uid) for uid in these),
                cursor=Cursor(_json(position)),
                remaining=remaining,
                restarted=cursor is not None and not valid,
            )

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        """Yield the messages that are still there."""
        for locator in locators:
            folder, mail = self._at(locator)
            if mail is None:
                continue
            wanted = header_block(mail.data) if part is Part.HEADERS else mail.data
            yield RawMail(
                locator=locator,
                folder=folder,
                received=mail.received,
                data=wanted[:_LARGEST_OCTETS],
                flags=mail.flags,
                cut=len(wanted) > _LARGEST_OCTETS,
            )

    # -- inspecting ------------------------------------------------------------------------

    def may_draft(self) -> bool:
        """Tell that nothing forbids a draft."""
        if self.folders().drafts is None:
            raise folder_names.missing(Role.DRAFTS, self._chosen, "NAME")
        return True

    def room(self) -> Room | None:
        """Return None: memory has no limit of its own."""
        return None

    # -- writing ---------------------------------------------------------------------------

    def mark(self, folder: str) -> Mark:
        """Return UIDVALIDITY and UIDNEXT of a folder."""
        kept = self._named(folder)[1]
        return Mark(_json(_Position(kept.uidvalidity, kept.uidnext)))

    def find(self, folder: str, key: Key, mark: Mark | None = None) -> tuple[Locator, ...]:
        """Return the messages whose Message-ID holds `key`."""
        name, kept = self._named(folder)
        position = _position(mark)
        valid = position is not None and position.uidvalidity == kept.uidvalidity
        first = position.uidnext if position is not None and valid else 1
        wanted = key.encode("ascii")
        return tuple(
            _locator(name, kept, mail.uid)
            for mail in kept.mails.values()
            if mail.uid >= first and wanted in message_id(mail.data)
        )

    def save_draft(self, data: bytes, key: Key) -> Locator | None:  # noqa: ARG002  # in the data
        """Put a draft into Drafts."""
        drafts = self.folders().drafts
        if drafts is None:
            raise folder_names.missing(Role.DRAFTS, self._chosen, "NAME")
        return self.add(drafts, data, received=self._now(), flags=("\\Draft", "\\Seen"))

    def deliver(self, data: bytes, key: Key) -> None:  # noqa: ARG002  # the key is in the data
        """Put a mail, unread, into the inbox."""
        self.add(INBOX, data, received=self._now())

    def create_corrections(self) -> None:
        """Make the folders for corrections that are missing."""
        for said in set(Said) - set(self.folders().corrections):
            self.create_folder("/".join(folder_names.levels_of(said)))

    def withdraw(self, draft: Locator) -> bool:
        """Move a message of Drafts, and of no other folder, to Trash."""
        folder, mail = self._at(draft)
        found = self.folders()
        if found.trash is None:
            raise folder_names.missing(Role.TRASH, self._chosen, "NAME")
        if mail is None or folder != found.drafts:
            return False
        self.move(draft, found.trash)
        return True

    # -- what others do to it --------------------------------------------------------------

    def create_folder(self, name: str) -> None:
        """Make an empty folder, under a UIDVALIDITY of its own."""
        self._validities += 1
        self._folders[name] = _Folder(self._validities)
        self._tell()

    def delete_folder(self, name: str) -> None:
        """Remove a folder with all that is in it."""
        del self._folders[name]
        self._tell()

    def add(
        self, folder: str, data: bytes, *, received: datetime, flags: Sequence[str] = ()
    ) -> Locator:
        """Put a message into a folder."""
        name, kept = self._named(folder)
        uid = kept.uidnext
        kept.uidnext += 1
        kept.mails[uid] = StoredMail(uid=uid, data=data, received=received, flags=frozenset(flags))
        self._tell()
        return _locator(name, kept, uid)

    def remove(self, locator: Locator) -> None:
        """Expunge a message."""
        folder, mail = self._there(locator)
        del self._folders[folder].mails[mail.uid]
        self._tell()

    def move(self, locator: Locator, folder: str) -> Locator:
        """Move a message, its date and flags as they are (RFC 6851)."""
        _, mail = self._there(locator)
        self.remove(locator)
        return self.add(folder, mail.data, received=mail.received, flags=tuple(mail.flags))

    def set_flags(self, locator: Locator, flags: Sequence[str]) -> None:
        """Give a message these flags and no others."""
        folder, mail = self._there(locator)
        self._folders[folder].mails[mail.uid] = replace(mail, flags=frozenset(flags))
        self._tell()

    def contents(self, folder: str) -> tuple[StoredMail, ...]:
        """Return what a folder holds."""
        return tuple(self._named(folder)[1].mails.values())

    def locators(self, folder: str) -> tuple[Locator, ...]:
        """Return where the messages of a folder are."""
        name, kept = self._named(folder)
        return tuple(_locator(name, kept, uid) for uid in kept.mails)

    # -- inside ----------------------------------------------------------------------------

    def _named(self, folder: str) -> tuple[str, _Folder]:
        name = INBOX if folder.upper() == INBOX else folder
        if name not in self._folders:
            raise FolderMissing(folder, "create it, or correct its name")
        return name, self._folders[name]

    def _at(self, locator: Locator) -> tuple[str, StoredMail | None]:
        """Return the folder of a locator, and its message if it is still there."""
        found = _LOCATOR.fullmatch(locator)
        if found is None:
            return "", None
        kept = self._folders.get(found[3])
        if kept is None or kept.uidvalidity != int(found[1]):
            return found[3], None
        return found[3], kept.mails.get(int(found[2]))

    def _there(self, locator: Locator) -> tuple[str, StoredMail]:
        folder, mail = self._at(locator)
        if mail is None:
            raise KeyError(locator)
        return folder, mail

    def _tell(self) -> None:
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def wait_beyond(self, changes: int, seconds: float) -> int:
        """Block until there were more changes than `changes` or the time is over; count them."""
        with self._changed:
            self._changed.wait_for(lambda: self._changes > changes, timeout=seconds)
            return self._changes


class _Watcher:
    """Waits for the next change of a mailbox in memory."""

    def __init__(self, mailbox: MemoryMailbox) -> None:
        self._mailbox = mailbox
        self._seen = mailbox.wait_beyond(-1, 0)

    def wait(self, seconds: float) -> bool:
        before, self._seen = self._seen, self._mailbox.wait_beyond(self._seen, seconds)
        return self._seen > before


def _locator(folder: str, kept: _Folder, uid: int) -> Locator:
    return Locator(f"{kept.uidvalidity};{uid};{folder}")


def _json(position: _Position) -> str:
    return msgspec.json.encode(position).decode()


def _position(text: str | None) -> _Position | None:
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=_Position)
    except msgspec.DecodeError:
        return None  # not ours: as void as one of another UIDVALIDITY
