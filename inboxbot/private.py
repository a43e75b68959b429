"""The one writer of private files: folders 0700, files 0600, from the first byte, no links."""

import contextlib
import glob
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from inboxbot.errors import NotWritten, PrivacyError

# On Windows the bits of a mode say nothing: access lists of the user's own folders hold there.
GROUP_AND_OTHERS = 0o077 if os.name == "posix" else 0
OTHERS = 0o007 if os.name == "posix" else 0
PART = ".part"
"""Ends the name of a file that is being written; see `parts_of`."""
_creating = threading.Lock()


def private_folder(path: Path) -> Path:
    """Create a folder, and those above it, for the owner alone.

    Raise `PrivacyError` on a link, `NotWritten` where the disk or its owner forbids it.
    """
    if path.is_symlink():
        raise PrivacyError(
            f"{path} is a symbolic link; remove it, inboxbot makes the folder itself"
        )
    with _told(path):
        _make(path)
        found = path.stat()
        _refuse_foreign(path, found)
        if found.st_mode & GROUP_AND_OTHERS:
            path.chmod(0o700)
    return path


def _make(folder: Path) -> None:
    """Make a folder, and each one above it that is missing, for the owner alone."""
    # Only those: mkdir("/") is no FileExistsError on macOS, nor is mkdir("C:\\") on Windows.
    missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):  # mkdir(parents=True) leaves those above open
            each.mkdir(mode=0o700)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system has against a file or folder of ours into words."""
    try:
        yield
    except OSError as error:
        raise NotWritten(
            f"{path}: cannot be made or written ({error.strerror}); see whether the disk is full "
            "or read-only, and whether the folder is your own"
        ) from error


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Write a file as a whole, or leave the old one: a new file beside it, synced, renamed."""
    _make(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    part.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(part, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def parts_of(path: Path) -> tuple[Path, ...]:
    """Return what writers of a file that were interrupted, by a power cut, have left beside it."""
    return tuple(path.parent.glob(f".{glob.escape(path.name)}.*{PART}"))


def open_private(path: Path) -> int:
    """Open or create a file for reading and writing, 0600, and return its descriptor.

    Raise as `ensure_private` does.
    """
    ensure_private(path)
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    with _told(path):
        return os.open(path, flags)


def ensure_private(path: Path) -> None:
    """Have a file there, 0600, that may be a database in use.

    One that is there is not opened: to close it would free all locks that SQLite has on it in this
    process (https://www.sqlite.org/howtocorrupt.html, 2.2). Raise `PrivacyError` where it is a link
    or somebody else's, `NotWritten` where the disk or its owner forbids it.
    """
    private_folder(path.parent)
    # By one thread at a time, so that the file which another one finds is closed already.
    with _told(path), _creating, contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with _told(path):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise PrivacyError(f"{path} is a symbolic link; remove it and try again")
        _refuse_foreign(path, found)
        if found.st_mode & GROUP_AND_OTHERS:
            path.chmod(0o600)


def read_secret_file(path: Path, *, closed_to: int = GROUP_AND_OTHERS) -> str:
    """Return the first line of a file that only its owner can read. Raise `PrivacyError`.

    `closed_to` is the bits of its mode that must not be set.
    """
    # O_NONBLOCK: a pipe in its place must not hold us up.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        opened = open(  # noqa: SIM115  (below; what it raises is told)
            path, encoding="utf-8", opener=lambda name, _: os.open(name, flags)
        )
    except OSError as error:
        raise PrivacyError(f"{path}: cannot be read ({error.strerror})") from error
    with opened as file:
        found = os.fstat(file.fileno())
        _refuse_foreign(path, found)
        if not stat.S_ISREG(found.st_mode):
            raise PrivacyError(f"{path} is not a regular file")
        if found.st_mode & closed_to:
            raise PrivacyError(f"{path} can be read by others; run: chmod 600 {path}")
        return file.readline().rstrip("\r\n")


def _refuse_foreign(path: Path, found: os.stat_result) -> None:
    if hasattr(os, "getuid") and found.st_uid not in {os.getuid(), 0}:
        raise PrivacyError(f"{path} belongs to user {found.st_uid}; it must be your own")


def forbid_core_dumps() -> None:
    """Leave no picture of this process's memory, and of the passwords in it, on the disk."""
    with contextlib.suppress(ImportError, OSError):  # Windows writes none unasked
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
