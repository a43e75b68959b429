"""One instance a mailbox: a lock file that the system frees when its holder dies."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from inboxbot.errors import MailboxBusy
from inboxbot.private import open_private


@contextlib.contextmanager
def sole_instance(folder: Path, account: str) -> Iterator[None]:
    """Hold an account's lock. Raise `MailboxBusy` at once where another process holds it."""
    handle = open_private(folder / f"{account}.lock")
    try:
        if not _lock(handle):
            raise MailboxBusy(account)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def holder_of(folder: Path, account: str) -> int | None:
    """Return the process that holds an account's lock, None where nobody does."""
    path = folder / f"{account}.lock"
    if not path.exists():
        return None
    handle = open_private(path)
    try:
        if _lock(handle):
            return None
        text = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
        return int(text) if text.isdigit() else 0
    finally:
        os.close(handle)


if os.name == "nt":  # pragma: no cover

    def _lock(handle: int) -> bool:
        import msvcrt  # noqa: PLC0415

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
