"""One folder of a Maildir: its files as entries, one file as bytes, one mail as a new file.

A mail is named by its identity, the part of its file name that no program changes; the rest says
what the user did with it: `1700000000.M1P2.host,S=321:2,RS` (https://cr.yp.to/proto/maildir.html).
"""

import contextlib
import errno
import itertools
import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from inboxbot.core.types import EPOCH, Key
from inboxbot.errors import FolderMissing, MailboxError

LARGEST = 1 << 20  # octets of a mail that are read: headers and text come first

# Behind ":2," stand the flags; ";" and "!" are what systems use that cannot have ":" in a name.
_INFO = re.compile(r"[:;!][12],([^:;!]*)\Z")
_SEPARATOR = ";" if os.name == "nt" else ":"
# What programs add to a name after delivery: mbsync its UID, offlineimap a UID and the folder's
# MD5, Dovecot and Courier sizes. A mail that mbsync has numbered is not a new one.
_ADDED = re.compile(r",(?:U=\d+|FMD5=[0-9a-f]+|S=\d+|W=\d+)(?=,|\Z)")
_FLAGS = {
    "D": "\\Draft",
    "F": "\\Flagged",
    "P": "$Forwarded",
    "R": "\\Answered",
    "S": "\\Seen",
    "T": "\\Deleted",
}
_LISTINGS = 3  # of one folder in one batch, for mails that are being renamed meanwhile
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# A link may lead out of the mailbox; opening a FIFO would wait for ever.
_READ_MAIL = _READ | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

_ADVICE = {
    errno.ENOSPC: "the disk is full; make room, then the next poll goes on",
    errno.EDQUOT: "the disk quota is used up; make room, then the next poll goes on",
    errno.EXDEV: "Drafts and Trash lie on two disks; set trash to a folder beside Drafts",
    errno.EROFS: "the disk is mounted read-only; mount it so that it can be written",
    errno.EACCES: "no permission; the Maildir must belong to the user that runs inboxbot",
    errno.EPERM: "no permission; the Maildir must belong to the user that runs inboxbot",
}


class Entry(NamedTuple):
    """A mail in a folder; entries sort in order of arrival, then by name."""

    arrived: int  # nanoseconds since 1970: the file's mtime, which is Dovecot's INTERNALDATE
    identity: str
    name: str
    part: str  # "cur" or "new"

    @property
    def received(self) -> datetime:
        """Return when it arrived."""
        return moment(self.arrived)


class Content(NamedTuple):
    """What was read of a file."""

    data: bytes
    cut: bool  # there is more
    arrived: int


@contextlib.contextmanager
def naming(folder: str, directory: Path) -> Iterator[None]:
    """Turn an `OSError` into a `MailboxError` that names the folder and what to do."""
    try:
        yield
    except FileNotFoundError as error:
        raise FolderMissing(
            folder, f"{directory} has gone; look again in the mail client"
        ) from error
    except OSError as error:
        code = error.errno or 0
        advice = _ADVICE.get(code, f"{error.strerror}; the next poll tries again")
        raise MailboxError(f"folder {folder!r} ({directory}): {advice}") from error


# ---------------------------------------------------------------- names


def identity_of(name: str) -> str:
    """Return the part of a file name that stays when flags change or a mail is synchronised."""
    info = _INFO.search(name)
    base = name[: info.start()] if info else name
    return _ADDED.sub("", base) if "," in base else base


def letters_of(name: str) -> str:
    """Return the flags of a file name as they stand there, such as "RS"."""
    info = _INFO.search(name)
    return info[1] if info else ""


def flags_of(name: str) -> frozenset[str]:
    """Return the flags of a file name, as IMAP writes them."""
    return frozenset(_FLAGS[letter] for letter in letters_of(name) if letter in _FLAGS)


def with_flag(name: str, letter: str) -> str:
    """Return a file name with one flag more, in the order of ASCII as the specification wants."""
    info = _INFO.search(name)
    base = name[: info.start()] if info else name
    return base + info_of("".join(sorted({letter, *letters_of(name)})))


def info_of(letters: str) -> str:
    """Return the end of a file name in cur."""
    return f"{_SEPARATOR}2,{letters}"


def moment(nanoseconds: int) -> datetime:
    """Return a file's time; 1970 where it is none that a calendar has."""
    try:
        return datetime.fromtimestamp(nanoseconds / 10**9, UTC)
    except (OverflowError, ValueError, OSError):
        return EPOCH


# ---------------------------------------------------------------- reading


def listed(directory: Path, *, after: datetime | None = None) -> list[Entry]:
    """Return the mails of a folder, oldest first: one look at each file, none is opened.

    With `after`, only those that came, were renamed or were moved in later.
    """
    earliest = None if after is None else after.timestamp()
    found: dict[str, Entry] = {}
    for part, entry in _files(directory):
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # renamed or deleted meanwhile: the next look tells
        if earliest is not None and max(status.st_mtime, status.st_ctime) < earliest:
            continue
        identity = identity_of(entry.name)
        found[identity] = Entry(status.st_mtime_ns, identity, entry.name, part)
    return sorted(found.values())


class Whereabouts:
    """Where the mails of one folder are now; the folder is listed only when one has moved."""

    def __init__(self, directory: Path, hints: dict[str, Path] | None = None) -> None:
        self._directory = directory
        self._known = hints or {}
        self._listings = _LISTINGS

    def paths(self, identity: str) -> Iterator[Path]:
        """Yield where a mail may be, the likeliest first; ask on while it is not there."""
        if identity in self._known:
            yield self._known[identity]
        # More than one listing: a file that is renamed while its directory is read may not show
        # (POSIX readdir), and what is taken for gone is never read again.
        while self._listings:
            self._listings -= 1
            self._known = {
                identity_of(entry.name): Path(entry.path) for _, entry in _files(self._directory)
            }
            if identity in self._known:
                yield self._known[identity]


def read(path: Path, most: int = LARGEST) -> Content | None:
    """Return the first octets of a file, None where it is not a regular file.

    Raise `FileNotFoundError` where it has gone, another `OSError` where it cannot be read.
    """
    try:
        handle = os.open(path, _READ_MAIL)
    except OSError as error:
        if error.errno == errno.ELOOP:  # a symbolic link
            return None
        raise
    with os.fdopen(handle, "rb", buffering=0) as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            return None
        data = b""
        while len(data) <= most and (more := file.read(most + 1 - len(data))):
            data += more
    return Content(data[:most], len(data) > most, found.st_mtime_ns)


def _files(directory: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the regular files of new, then of cur: a mail that moves meanwhile is seen twice."""
    for part in ("new", "cur"):
        try:
            with os.scandir(directory / part) as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                        yield part, entry
        except FileNotFoundError:
            if part == "cur":
                raise
            # Archives lose an empty new.


# ---------------------------------------------------------------- writing


def write(directory: Path, part: str, key: Key, *, data: bytes, flags: str, now: datetime) -> Path:
    """Put a mail into a folder as a whole or not at all, and return its file.

    Its name holds the key, so that a second try after a crash finds the first. Raise `OSError`;
    nothing is left in tmp then.
    """
    if not key.isalnum():
        raise ValueError(key)  # it becomes part of a path
    staging = directory / "tmp"
    staging.mkdir(mode=0o700, exist_ok=True)  # archives lose an empty tmp
    (directory / part).mkdir(mode=0o700, exist_ok=True)
    for left in staging.glob(f"*.{key}.inboxbot"):
        left.unlink(missing_ok=True)  # by a try that was killed
    staged = staging / f"{int(now.timestamp())}.{key}.inboxbot"
    try:
        _write_synced(staged, data, now)
        return publish(staged, directory / part, info_of(flags) if part == "cur" else "")
    finally:
        staged.unlink(missing_ok=True)


def is_writable(directory: Path) -> bool:
    """Tell whether `write` may put a mail into cur."""
    needed = (directory / "tmp", directory / "cur")
    places = (place if place.exists() else directory for place in needed)
    return all(os.access(place, os.W_OK | os.X_OK) for place in places)


def holds_key(identity: str, key: Key) -> bool:
    """Tell whether `write` made a file's name for this key."""
    return identity.endswith(f".{key}.inboxbot")


def publish(file: Path, into: Path, info: str) -> Path:
    """Move a file into cur or new, over none that is there, and make that last a power cut.

    A rename, so that a crash leaves it in one place. Nobody else makes names with our keys, and
    the account is locked: what is free when it is looked at stays free.
    """
    first, dot, rest = identity_of(file.name).partition(".")
    names = itertools.chain([first], (f"{first}_{number}" for number in itertools.count(1)))
    target = next(
        path for name in names if not (path := into / f"{name}{dot}{rest}{info}").exists()
    )
    file.rename(target)
    _sync_directory(into)
    return target


def _write_synced(path: Path, data: bytes, now: datetime) -> None:
    handle = os.open(path, _WRITE, 0o600)
    with os.fdopen(handle, "wb") as file:
        # Lines end in LF in a Maildir; mutt shows the CR of RFC 5322.
        file.write(data.replace(b"\r\n", b"\n"))
        file.flush()
        os.utime(path, (now.timestamp(), now.timestamp()))
        os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows cannot
    handle = os.open(directory, _READ | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
