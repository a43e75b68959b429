"""The one writer of private files: folders 0700, files 0600, from the first byte, no links."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from inboxbot.errors import PrivacyError

GROUP_AND_OTHERS = 0o077
OTHERS = 0o007


def private_folder(path: Path) -> Path:
    """Create a folder, and those above it, for the owner alone. Raise `PrivacyError` on a link."""
    if path.is_symlink():
        raise PrivacyError(
            f"{path} is a symbolic link; remove it, inboxbot makes the folder itself"
        )
    _make(path)
    _refuse_foreign(path, path.stat())
    if path.stat().st_mode & GROUP_AND_OTHERS:
        path.chmod(0o700)
    return path


def _make(folder: Path) -> None:
    """Make a folder, and each one above it that is missing, for the owner alone."""
    for each in reversed([folder, *folder.parents]):
        with contextlib.suppress(FileExistsError):  # mkdir(parents=True) leaves those above open
            each.mkdir(mode=0o700)


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Write a file as a whole, or leave the old one: a new file beside it, synced, renamed."""
    _make(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
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


def open_private(path: Path) -> int:
    """Open or create a file for reading and writing, 0600, and return its descriptor.

    Raise `PrivacyError` where the path is a link or the file belongs to somebody else.
    """
    private_folder(path.parent)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        if path.is_symlink():
            raise PrivacyError(f"{path} is a symbolic link; remove it and try again") from error
        raise
    found = os.fstat(handle)
    try:
        _refuse_foreign(path, found)
    except PrivacyError:
        os.close(handle)
        raise
    if found.st_mode & GROUP_AND_OTHERS:
        os.fchmod(handle, 0o600)
    return handle


def read_secret_file(path: Path, *, closed_to: int = GROUP_AND_OTHERS) -> str:
    """Return the first line of a file that only its owner can read. Raise `PrivacyError`.

    `closed_to` is the bits of its mode that must not be set.
    """
    # O_NONBLOCK: a pipe in its place must not hold us up.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        raise PrivacyError(f"{path}: cannot be read ({error.strerror})") from error
    with os.fdopen(handle, encoding="utf-8") as file:
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
