"""One instance a mailbox: a lock file that the system frees when its holder dies."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from inboxbot.errors import MailboxBusy
from inboxbot.private import open_private

_TRIES = 10
_AGAIN_SECONDS = 0.01
_BEHIND = 1 << 20  # where no number of a process reaches


@contextlib.contextmanager
def sole_instance(folder: Path, account: str) -> Iterator[None]:
    """Hold an account's lock. Raise `MailboxBusy` soon where another process holds it."""
    handle = open_private(folder / f"{account}.lock")
    try:
        if not _lock_soon(handle):
            raise MailboxBusy(account)
        with contextlib.suppress(OSError):  # a full disk; the number is for `status` alone
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def _lock_soon(handle: int) -> bool:
    """Lock, unless it is held for longer than `holder_of` takes to look."""
    for _ in range(_TRIES):
        if _lock(handle):
            return True
        time.sleep(_AGAIN_SECONDS)
    return False


def holder_of(folder: Path, account: str) -> int | None:
    """Return the process that holds an account's lock, None where nobody does."""
    path = folder / f"{account}.lock"
    if not path.exists():
        return None
    handle = open_private(path)
    try:
        if _lock(handle):
            return None
        os.lseek(handle, 0, os.SEEK_SET)
        text = os.read(handle, 20).decode("ascii", "replace").strip()
        return int(text) if text.isdigit() else 0
    finally:
        os.close(handle)


if os.name == "nt":  # pragma: no cover

    def _lock(handle: int) -> bool:
        import msvcrt  # noqa: PLC0415

        os.lseek(handle, _BEHIND, os.SEEK_SET)  # a byte that is locked there cannot be read
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

else:

    def _lock(handle: int) -> bool:
        import fcntl  # noqa: PLC0415  (not on Windows)

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
