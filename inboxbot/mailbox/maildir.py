"""A Maildir on this machine → a `Mailbox`; reading moves nothing, not even from new to cur.

open_maildir(path) → folders | slices → fetch | mark, find → save_draft, withdraw, deliver
watch_maildir(path) → wait, wait, wait

A locator is "folder/identity", so that a mail is found again after its flags have changed.
`create_folder` and `deposit` lay mailboxes: for the demo and for what the user agreed to.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

import msgspec

from inboxbot.core.correction import Said
from inboxbot.core.types import EPOCH, Cursor, Key, Locator, Mark, RawMail
from inboxbot.errors import FolderMissing
from inboxbot.mailbox import folders as folder_names
from inboxbot.mailbox import maildir_files as files
from inboxbot.mailbox.folders import INBOX, ListedFolder
from inboxbot.mailbox.headers import header_block, message_id
from inboxbot.mailbox.maildir_cursor import runs
from inboxbot.mailbox.maildir_files import Entry, Whereabouts
from inboxbot.mailbox.maildir_layout import Layout, canonical, create_folder, layout
from inboxbot.ports import Folders, Mailbox, MailWatcher, Part, Role, Room, Slice

__all__ = ["create_folder", "deposit", "open_maildir", "watch_maildir"]

_HEADER_OCTETS = 1 << 18
_SEARCHED_OCTETS = 1 << 16  # of a header, for its Message-ID
_SLACK = timedelta(days=2)  # between our clock and that of a file server; sync programs lag
_GLANCE_SECONDS = 1.0
_PLAIN = ",=@+:!"  # what file names of mails hold besides letters, digits and -._~


@contextmanager
def open_maildir(
    path: Path,
    *,
    drafts: str | None = None,
    sent: str | None = None,
    trash: str | None = None,
    now: Callable[[], datetime],
) -> Iterator[Mailbox]:
    """Open a mailbox; `drafts`, `sent` and `trash` name folders that are not found by themselves.

    `now` gives the time of what is written. Raise `MailboxError` where `path` is not a Maildir.
    """
    layout(path)
    named = {Role.DRAFTS: drafts, Role.SENT: sent, Role.TRASH: trash}
    yield Maildir(path, {role: name for role, name in named.items() if name}, now)


@contextmanager
def watch_maildir(path: Path) -> Iterator[MailWatcher]:
    """Watch the inbox of a mailbox. Raise `MailboxError` where `path` is not a Maildir."""
    yield _Watcher(layout(path)[INBOX])


def deposit(
    path: Path, folder: str, data: bytes, *, name: str, flags: str = "", received: datetime
) -> Path:
    """Lay a mail into a folder as if it had come at `received`, and return its file.

    `name` is unique in the folder; `flags` are those of a file name, such as "RS". Raise
    `FolderMissing`.
    """
    place, directory = _directory(layout(path), folder)
    with files.naming(place, directory):
        target = directory / "cur" / f"{int(received.timestamp())}.{name}{files.info_of(flags)}"
        target.touch(mode=0o600, exist_ok=False)
        target.write_bytes(data.replace(b"\r\n", b"\n"))
        os.utime(target, (received.timestamp(), received.timestamp()))
    return target


class Maildir:
    """One mailbox; `ports.Mailbox` says what each method does."""

    def __init__(self, path: Path, chosen: Mapping[Role, str], now: Callable[[], datetime]) -> None:
        self._path = path
        self._chosen = chosen
        self._now = now
        self._hints: dict[str, dict[str, Path]] = {}  # where the mails of the last slice were
        self._message_ids: dict[tuple[str, str], bytes] = {}  # of the mails that were searched

    # -- reading ---------------------------------------------------------------------------

    def folders(self) -> Folders:
        """Find the folders: by the settings, then by well-known names."""
        found = layout(self._path)
        chosen = {role: canonical(found, name) or name for role, name in self._chosen.items()}
        return folder_names.by_role(map(ListedFolder, found), chosen)

    def slices(self, folder: str, cursor: Cursor | None, since: datetime) -> Iterator[Slice]:
        """Yield what is new by name; the folder is listed once, at the first slice."""
        place, directory = _directory(layout(self._path), folder)
        with files.naming(place, directory):
            entries = files.listed(directory)
        for run in runs(entries, cursor, since=since, now=self._now()):
            self._hints = {
                place: {
                    entry.identity: directory / entry.part / entry.name for entry in run.entries
                }
            }
            yield Slice(
                locators=tuple(_locator(place, entry.identity) for entry in run.entries),
                cursor=run.cursor,
                remaining=run.remaining,
                restarted=run.restarted,
            )

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        """Yield the mails that are still there; a folder is listed only if one has moved in it."""
        found = layout(self._path)
        places: dict[str, Whereabouts] = {}
        for locator in locators:
            folder, identity = _split(locator)
            if folder not in found:
                continue  # gone with all that was in it
            if folder not in places:
                places[folder] = Whereabouts(found[folder], self._hints.get(folder))
            with files.naming(folder, found[folder]):
                mail = _read(locator, folder, places[folder].paths(identity), part)
            if mail is not None:
                yield mail

    # -- inspecting ------------------------------------------------------------------------

    def may_draft(self) -> bool:
        """Ask the system whether this user may make files in Drafts."""
        return files.is_writable(self._role(Role.DRAFTS)[1])

    def room(self) -> Room | None:
        """Return None: a Maildir has what its disk has."""
        return None

    # -- writing ---------------------------------------------------------------------------

    def mark(self, folder: str) -> Mark:
        """Return the present: what is written later has a later time."""
        _directory(layout(self._path), folder)
        return Mark(msgspec.json.encode(self._now().astimezone(UTC)).decode())

    def find(self, folder: str, key: Key, mark: Mark | None = None) -> tuple[Locator, ...]:
        """Return the mails whose file name or Message-ID holds `key`; each header is read once."""
        place, directory = _directory(layout(self._path), folder)
        after = _earliest(mark, self._now())
        with files.naming(place, directory):
            return tuple(
                _locator(place, entry.identity)
                for entry in files.listed(directory, after=after)
                if files.holds_key(entry.identity, key)
                or key.encode("ascii") in self._message_id(place, directory, entry)
            )

    def save_draft(self, data: bytes, key: Key) -> Locator | None:
        """Write a file into Drafts, its flags in its name from the first moment."""
        place, directory = self._role(Role.DRAFTS)
        with files.naming(place, directory):
            file = files.write(directory, "cur", key, data=data, flags="DS", now=self._now())
        return _locator(place, files.identity_of(file.name))

    def deliver(self, data: bytes, key: Key) -> None:
        """Write a file into the inbox's new: unread, and any mail client takes it from there."""
        place, directory = _directory(layout(self._path), INBOX)
        with files.naming(place, directory):
            files.write(directory, "new", key, data=data, flags="", now=self._now())

    def create_corrections(self) -> None:
        """Make the folders for corrections that are missing."""
        for said in set(Said) - set(self.folders().corrections):
            create_folder(self._path, "/".join(folder_names.levels_of(said)))

    def withdraw(self, draft: Locator) -> bool:
        r"""Move a mail of Drafts, and of no other folder, to Trash, its flags as they are.

        A mailbox without Trash gets the flag for it (T, which IMAP calls \Deleted).
        """
        place, directory = self._role(Role.DRAFTS)
        folder, identity = _split(draft)
        if folder != place:
            return False
        trash = self.folders().trash
        with files.naming(place, directory):
            for file in Whereabouts(directory).paths(identity):
                try:
                    return self._take_out(file, trash)
                except FileNotFoundError:
                    continue  # renamed since it was listed
        return False

    # -- inside ----------------------------------------------------------------------------

    def _role(self, role: Role) -> tuple[str, Path]:
        name: str | None = getattr(self.folders(), role.value)
        if name is None:
            raise folder_names.missing(role, self._chosen, "NAME")
        return _directory(layout(self._path), name)

    def _take_out(self, file: Path, trash: str | None) -> bool:
        if trash is not None:
            into = layout(self._path)[trash] / "cur"
            letters = files.letters_of(file.name)
            # Without what mbsync added: its UID is that of Drafts, and must not stand in Trash.
            files.publish(file, into, files.info_of(letters))
            return True
        if "T" in files.letters_of(file.name):
            return False  # thrown away already
        file.rename(file.with_name(files.with_flag(file.name, "T")))
        return True

    def _message_id(self, folder: str, directory: Path, entry: Entry) -> bytes:
        known = self._message_ids.get((folder, entry.identity))
        if known is None:
            known = _message_id_of(directory / entry.part / entry.name)
            self._message_ids[folder, entry.identity] = known
        return known


class _Watcher:
    """Looks at the times of new and cur, which change with each mail that comes or goes.

    No inotify: it would be a dependency, and tells nothing on a network disk.
    """

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._seen = self._times()

    def wait(self, seconds: float) -> bool:
        """Look once a second; a vanished inbox is a change, too: the poll says what is wrong."""
        end = time.monotonic() + seconds
        while True:
            times = self._times()
            if times != self._seen:
                self._seen = times
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, _GLANCE_SECONDS))

    def _times(self) -> tuple[int | None, ...]:
        return tuple(_changed(self._inbox / part) for part in ("new", "cur"))


def _changed(directory: Path) -> int | None:
    try:
        return directory.stat().st_mtime_ns
    except OSError:
        return None


def _directory(found: Layout, folder: str) -> tuple[str, Path]:
    """Return a folder's own name and where it lies. Raise `FolderMissing`."""
    name = canonical(found, folder)
    if name is None:
        raise FolderMissing(
            folder, "create it in the mail client, or correct its name in [accounts.NAME]"
        )
    return name, found[name]


def _locator(folder: str, identity: str) -> Locator:
    # Quoted: a file name may hold octets that are no text, and no "/" is in an identity.
    return Locator(f"{folder}/{quote_from_bytes(os.fsencode(identity), safe=_PLAIN)}")


def _split(locator: Locator) -> tuple[str, str]:
    folder, _, quoted = locator.rpartition("/")
    return folder, os.fsdecode(unquote_to_bytes(quoted))


def _read(locator: Locator, folder: str, paths: Iterator[Path], part: Part) -> RawMail | None:
    """Return one mail, None where it has gone; one that cannot be read comes empty and cut."""
    most = _HEADER_OCTETS if part is Part.HEADERS else files.LARGEST
    for path in paths:
        try:
            content = files.read(path, most)
        except FileNotFoundError:
            continue  # renamed since it was listed
        except OSError:
            # One bad file stops no poll. Without a date it counts as old, and is journalled.
            return RawMail(locator=locator, folder=folder, received=EPOCH, data=b"", cut=True)
        if content is None:
            return None
        data = header_block(content.data) if part is Part.HEADERS else content.data
        return RawMail(
            locator=locator,
            folder=folder,
            received=files.moment(content.arrived),
            data=data,
            flags=files.flags_of(path.name),
            cut=content.cut and len(data) == len(content.data),
        )
    return None


def _message_id_of(path: Path) -> bytes:
    try:
        content = files.read(path, _SEARCHED_OCTETS)
    except OSError:
        return b""  # renamed meanwhile, or not ours to read: our own files are found by name
    return message_id(content.data) if content else b""


def _earliest(mark: Mark | None, now: datetime) -> datetime | None:
    """Return from when on to search; None, for all, where the mark is void."""
    if mark is None:
        return None
    try:
        marked = msgspec.json.decode(mark, type=datetime)
    except msgspec.DecodeError:
        return None  # not ours
    if marked.tzinfo is None or marked > now:
        return None  # made under a clock that was wrong
    return marked - _SLACK
