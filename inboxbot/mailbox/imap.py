"""An IMAP account → a `Mailbox`: read by EXAMINE and BODY.PEEK, written in Drafts and INBOX alone.

open_imap(account) → log in → folders | slices → fetch | mark, find → save_draft, withdraw
watch_imap(account) → log in → EXAMINE INBOX → IDLE → wait, wait, wait
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

import msgspec

from inboxbot.core.correction import Said
from inboxbot.core.types import EPOCH, Cursor, Key, Locator, Mark, RawMail
from inboxbot.errors import FolderMissing, MailboxError
from inboxbot.mailbox import folders as folder_names
from inboxbot.mailbox import imap_fetch
from inboxbot.mailbox.imap_account import ImapAccount
from inboxbot.mailbox.imap_gateway import DRAFT_FLAGS, MAX_UID, ImapGateway, OpenFolder
from inboxbot.mailbox.imap_responses import Answer
from inboxbot.mailbox.imap_transport import Limits
from inboxbot.mailbox.imap_watch import watch_imap
from inboxbot.ports import Folders, Mailbox, Part, Role, Room, Slice

__all__ = ["ImapAccount", "Limits", "open_imap", "watch_imap"]

SLICE_MESSAGES = 200
_LOOKED_AT_MESSAGES = 200  # the newest ones are looked at, whatever a search says
RECOVERIES = 8  # in one session: a message that crashes its server costs four
_DAY = timedelta(days=1)
_LOCATOR = re.compile(r"([1-9][0-9]{0,9});([1-9][0-9]{0,9});(.+)", re.DOTALL | re.ASCII)
_MESSAGE_ID = "HEADER.FIELDS (MESSAGE-ID)"


@contextmanager
def open_imap(account: ImapAccount, *, limits: Limits | None = None) -> Iterator[Mailbox]:
    """Open the mailbox of an account.

    Raises LoginRefused where user or password are wrong, MailboxError where it fails otherwise.
    """
    with ImapGateway(account, limits or Limits()) as gateway:
        yield ImapMailbox(gateway, account)


@dataclass(frozen=True, slots=True)
class _Place:
    """A message: the parts of its locator."""

    folder: str
    uidvalidity: int
    uid: int

    @property
    def locator(self) -> Locator:
        return Locator(f"{self.uidvalidity};{self.uid};{self.folder}")


@dataclass(frozen=True, slots=True)
class _Position:
    """A place between messages of a folder: cursor and mark are this as JSON."""

    uidvalidity: int
    uidnext: int

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()


class ImapMailbox:
    """One logged-in session; `ports.Mailbox` says what each method does."""

    def __init__(self, gateway: ImapGateway, account: ImapAccount) -> None:
        self._gateway = gateway
        self._account = account
        self._folders: Folders | None = None
        self._open: OpenFolder | None = None  # what is EXAMINEd now
        self._recoveries = RECOVERIES

    # -- reading ---------------------------------------------------------------------------

    def folders(self) -> Folders:
        """Find the folders: by SPECIAL-USE, by the settings, by well-known names."""
        listed = self._gateway.list_folders()
        self._folders = folder_names.by_role(listed, self._account.chosen_folders)
        return self._folders

    def slices(self, folder: str, cursor: Cursor | None, since: datetime) -> Iterator[Slice]:
        """Yield what is new by UID; the folder is searched once, at the first slice."""
        opened = self._examine(folder)
        known = _position(cursor)
        valid = known is not None and _still_holds(known, opened)
        if known is not None and valid:
            uids = self._gateway.search_new(known.uidnext)
        else:
            uids = self._arrived_since(since)
        behind = min(MAX_UID, max(self._uidnext(opened), max(uids[-1:], default=0) + 1))
        restarted = cursor is not None and not valid
        yield from _sliced(opened, uids, behind, restarted=restarted)

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        """Yield the messages of one folder and UIDVALIDITY after another, in batches."""
        self._open = None  # opened anew: what others removed meanwhile is gone
        places = [place for locator in locators if (place := _place(locator))]
        for (folder, uidvalidity), run in groupby(places, lambda p: (p.folder, p.uidvalidity)):
            uids = [place.uid for place in run if place.uid <= MAX_UID]
            for start in range(0, len(uids), imap_fetch.BATCH_MESSAGES):
                batch = uids[start : start + imap_fetch.BATCH_MESSAGES]
                yield from self._fetch_batch(folder, uidvalidity, batch, part)

    # -- inspecting ------------------------------------------------------------------------

    def may_draft(self) -> bool | None:
        r"""Ask for the rights in Drafts; without ACL, whether it would open for writing.

        That is a SELECT, by which Drafts loses nothing but \Recent.
        """
        drafts = self._folder_of(Role.DRAFTS)
        rights = self._gateway.rights(drafts)
        if rights is not None:
            return "i" in rights  # insert (RFC 4314 §2.1)
        self._open = None
        return self._gateway.opens_for_writing(drafts)

    def room(self) -> Room | None:
        """Return the fullest quota that the inbox is under, where the server counts octets."""
        return max(self._gateway.quotas(), key=lambda room: room.used / room.limit, default=None)

    # -- writing ---------------------------------------------------------------------------

    def mark(self, folder: str) -> Mark:
        """Return UIDVALIDITY and UIDNEXT of a folder."""
        opened = self._examine(folder)
        return Mark(_Position(opened.uidvalidity, self._uidnext(opened)).to_json())

    def find(self, folder: str, key: Key, mark: Mark | None = None) -> tuple[Locator, ...]:
        """Return the messages whose Message-ID field holds `key`, each one looked at."""
        opened = self._examine(folder)
        found = self._candidates(opened, key, _position(mark))
        wanted = key.encode("ascii")
        return tuple(
            _Place(folder, opened.uidvalidity, uid).locator
            for uid, message_id in self._message_ids(found)
            if wanted in message_id
        )

    def save_draft(self, data: bytes, key: Key) -> Locator | None:  # noqa: ARG002  # in the data
        """APPEND to Drafts, the flags in the command itself: DavMail shows it as sent otherwise."""
        drafts = self._folder_of(Role.DRAFTS)
        told = self._append(drafts, data, DRAFT_FLAGS)
        return _Place(drafts, *told).locator if told else None

    def deliver(self, data: bytes, key: Key) -> None:  # noqa: ARG002  # the key is in the data
        """APPEND to the inbox, unread."""
        self._append(self._known_folders().inbox, data, ())

    def create_corrections(self) -> None:
        """CREATE the folders for corrections that are missing."""
        for said in set(Said) - set(self._known_folders().corrections):
            self._gateway.create_folder(folder_names.levels_of(said))
        self._folders = None

    def withdraw(self, draft: Locator) -> bool:
        """Move a message of Drafts, and of no other folder, to Trash."""
        place = _place(draft)
        drafts, trash = self._folder_of(Role.DRAFTS), self._folder_of(Role.TRASH)
        if place is None or place.folder != drafts:
            return False
        self._open = None
        if self._gateway.select(drafts).uidvalidity != place.uidvalidity:
            return False
        if not self._gateway.fetch([place.uid], ("UID",)).messages:
            return False
        self._move_to(trash, place.uid)
        return True

    # -- what imap_fetch needs -------------------------------------------------------------

    def fetch_open(
        self, folder: str, uidvalidity: int, uids: Sequence[int], items: Sequence[str]
    ) -> Answer:
        """Fetch from a folder, opened where another is open; nothing where its UIDs are void."""
        opened = self._open
        if opened is None or opened.name != folder:
            try:
                opened = self._examine(folder)
            except FolderMissing:
                return Answer({})
        if opened.uidvalidity != uidvalidity:
            return Answer({})
        return self._gateway.fetch(uids, items)

    def recover(self) -> None:
        """Log in anew after the connection was lost, a few times in a session."""
        if not self._recoveries:
            raise MailboxError(
                f"{self._account.place} keeps ending the connection: the next poll tries again"
            )
        self._recoveries -= 1
        self._open = None
        self._gateway.reconnect()

    # -- inside ----------------------------------------------------------------------------

    def _examine(self, folder: str) -> OpenFolder:
        """Open a folder anew, so that what came meanwhile is seen."""
        self._open = None
        self._open = self._gateway.examine(folder)
        return self._open

    def _append(self, folder: str, data: bytes, flags: tuple[str, ...]) -> tuple[int, int] | None:
        """APPEND, with no folder open for reading.

        Courier takes nothing into the folder that is EXAMINEd ("Current box is selected
        READ-ONLY"), though APPEND to an open folder is foreseen (RFC 3501 §6.3.11).
        """
        self._open = None
        self._gateway.close_examined()
        return self._gateway.append(folder, data, flags)

    def _uidnext(self, opened: OpenFolder) -> int:
        if opened.uidnext is not None:
            return opened.uidnext
        # A server older than RFC 3501 §6.3.2, which wants UIDNEXT said.
        newest = self._gateway.search_new(1)[-1:]
        return min(MAX_UID, max(newest, default=0) + 1)

    def _arrived_since(self, since: datetime) -> list[int]:
        """Return the UIDs of messages whose INTERNALDATE is not before `since`.

        SINCE knows days alone, and those of the server's zone (RFC 3501 §6.4.4): what lies within
        a day of the limit is asked for its INTERNALDATE.
        """
        limit = max(since.astimezone(UTC), EPOCH + 2 * _DAY)
        perhaps = self._gateway.search_since((limit - _DAY).date())
        surely = frozenset(self._gateway.search_since((limit + 2 * _DAY).date()))
        unsure = [uid for uid in perhaps if uid not in surely]
        early = {uid for uid, at in self._dates(unsure) if at is not None and at < since}
        return [uid for uid in perhaps if uid not in early]

    def _dates(self, uids: Sequence[int]) -> Iterator[tuple[int, datetime | None]]:
        for batch in _batches(uids):
            answer = self._gateway.fetch(batch, ("INTERNALDATE",))
            yield from ((uid, told.received) for uid, told in answer.messages.items())

    def _fetch_batch(
        self, folder: str, uidvalidity: int, uids: Sequence[int], part: Part
    ) -> Iterator[RawMail]:
        for mail in imap_fetch.read(_Source(self, folder, uidvalidity), uids, part):
            yield RawMail(
                locator=_Place(folder, uidvalidity, mail.uid).locator,
                folder=folder,
                received=mail.received,
                data=mail.data,
                flags=mail.flags,
                cut=mail.cut,
            )

    def _candidates(self, opened: OpenFolder, key: Key, mark: _Position | None) -> list[int]:
        """Return the messages to look at for `key`: the newest ones, and what the server found.

        A search may miss (word indexes do not know a part of a Message-ID) as well as lie.
        """
        first = mark.uidnext if mark is not None and _still_holds(mark, opened) else 1
        near = first
        if opened.exists > _LOOKED_AT_MESSAGES:
            near = max(first, self._uidnext(opened) - _LOOKED_AT_MESSAGES)
        newest = self._gateway.search_new(near)
        if near == first:
            return newest
        found = self._gateway.search_key(key)
        return sorted({*newest, *(uid for uid in found if uid >= first)})

    def _message_ids(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        for batch in _batches(uids):
            answer = self._gateway.fetch(batch, (f"BODY.PEEK[{_MESSAGE_ID}]<0.4096>",))
            for uid in batch:
                if uid in answer.messages:
                    sections = answer.messages[uid].sections.values()
                    yield uid, b"".join(filter(None, sections))

    def _known_folders(self) -> Folders:
        return self._folders or self.folders()

    def _folder_of(self, role: Role) -> str:
        name: str | None = getattr(self._known_folders(), role.value)
        if name is None:
            raise folder_names.missing(role, self._account.chosen_folders, self._account.name)
        return name

    def _move_to(self, trash: str, uid: int) -> None:
        if self._gateway.can("MOVE"):
            self._gateway.move(uid, trash)
            return
        self._gateway.copy(uid, trash)
        self._gateway.mark_deleted(uid)
        if self._gateway.can("UIDPLUS"):
            self._gateway.expunge(uid)
        elif self._gateway.search_deleted() == [uid]:
            # EXPUNGE takes all that is marked: here that is ours alone (RFC 3501 §6.4.3).
            self._gateway.expunge_all()


@dataclass(frozen=True, slots=True)
class _Source:
    """A folder of a mailbox, under the UIDVALIDITY that its locators were made with."""

    mailbox: ImapMailbox
    folder: str
    uidvalidity: int

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Answer:
        return self.mailbox.fetch_open(self.folder, self.uidvalidity, uids, items)

    def recover(self) -> None:
        self.mailbox.recover()


def _sliced(
    opened: OpenFolder, uids: Sequence[int], behind: int, *, restarted: bool
) -> Iterator[Slice]:
    """Yield the UIDs in slices; the last one, perhaps empty, has the cursor behind everything."""
    starts = range(0, len(uids), SLICE_MESSAGES) or range(1)
    for start in starts:
        these = uids[start : start + SLICE_MESSAGES]
        remaining = len(uids) - start - len(these)
        position = _Position(opened.uidvalidity, these[-1] + 1 if remaining else behind)
        places = (_Place(opened.name, opened.uidvalidity, uid) for uid in these)
        yield Slice(
            locators=tuple(place.locator for place in places),
            cursor=Cursor(position.to_json()),
            remaining=remaining,
            restarted=restarted,
        )


def _batches(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), imap_fetch.BATCH_MESSAGES):
        yield uids[start : start + imap_fetch.BATCH_MESSAGES]


def _still_holds(position: _Position, opened: OpenFolder) -> bool:
    """Return whether UIDs from then mean the same messages now.

    A UIDNEXT that went back under the same UIDVALIDITY is a folder restored from a backup: UIDs
    behind the position are given out a second time (against RFC 3501 §2.3.1.1).
    """
    same = position.uidvalidity == opened.uidvalidity
    return same and (opened.uidnext is None or position.uidnext <= opened.uidnext)


def _position(text: str | None) -> _Position | None:
    if text is None:
        return None
    try:
        position = msgspec.json.decode(text, type=_Position)
    except msgspec.DecodeError:
        return None  # not ours: as void as one of another UIDVALIDITY
    return position if 0 < position.uidnext <= MAX_UID else None


def _place(locator: Locator) -> _Place | None:
    """Return the parts of a locator; None for one that another kind of mailbox made."""
    found = _LOCATOR.fullmatch(locator)
    if found is None:
        return None
    return _Place(folder=found[3], uidvalidity=int(found[1]), uid=int(found[2]))
