"""The one log set-up: name + fields, an allow-list of fields, never a subject, address or body.

`event(log, "draft_saved", account="home")` is the only way the package logs. Values that are not
allow-listed are refused by a test of the tree; exceptions are logged by class and place, without
their text, since a server may put mail into an error message.

Under systemd the lines go to its journal, by stderr; else to stderr and, for the daemon, to a
private file that is bounded: nobody may be there to read or to rotate what a terminal gets.
"""

import logging
import os
import sys
import traceback
from collections.abc import Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from inboxbot.private import open_private

FIELDS = frozenset({
    "account", "folder_role", "count", "remaining", "seconds", "kind", "reason", "week", "error",
    "key", "label", "attempt", "port", "tls", "version", "pid", "signal", "state", "next_seconds",
})  # fmt: skip
_SHORT = 80
_LARGEST_FILE = 1 << 20  # bytes
_OLDER_FILES = 2  # kept beside it
_LINE = "%(levelname)s %(name)s %(message)s"
# How systemd learns the priority of a line on stderr (sd-daemon(3)).
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3}


def event(
    log: logging.Logger, name: str, level: int = logging.INFO, **fields: str | float | None
) -> None:
    """Log one event. Raise `ValueError` on a field that is not in `FIELDS`."""
    unknown = fields.keys() - FIELDS
    if unknown:
        raise ValueError(f"log fields not allowed: {sorted(unknown)}")
    text = " ".join(f"{key}={_plain(value)}" for key, value in fields.items() if value is not None)
    log.log(level, "%s %s", name, text)


def failure(log: logging.Logger, name: str, error: BaseException, **fields: str | float) -> None:
    """Log an exception by class and place in our own code; its text may hold mail."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "inboxbot" in Path(frame.filename).parts]
    place = f"{Path(own[-1].filename).stem}:{own[-1].lineno}" if own else "outside"
    event(log, name, logging.ERROR, error=f"{type(error).__name__}@{place}", **fields)


def set_up(level: int = logging.INFO, folder: Path | None = None) -> None:
    """Send the package's log where it can be read; libraries are heard from WARNING, by name alone.

    `folder` is where the daemon's own file goes, where there is no journal of systemd's. Raise
    `PrivacyError` where something of somebody else's stands in the file's place.
    """
    handlers = list(_handlers(folder))
    for handler in handlers:
        handler.addFilter(_only_ours)
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    logging.getLogger("inboxbot").setLevel(level)
    logging.raiseExceptions = False


def _handlers(folder: Path | None) -> Iterator[logging.Handler]:
    journal = _is_the_journal(sys.stderr)
    if sys.stderr is not None:  # pythonw.exe, which Windows' tasks run, has none
        handler: logging.Handler = logging.StreamHandler()
        handler.setFormatter(
            _ForJournal() if journal else logging.Formatter(f"%(asctime)s {_LINE}")
        )
        yield handler
    if folder is not None and not journal:
        handler = _PrivateFile(
            folder / "inboxbot.log", maxBytes=_LARGEST_FILE, backupCount=_OLDER_FILES
        )
        handler.setFormatter(logging.Formatter(f"%(asctime)s {_LINE}"))
        yield handler


def _is_the_journal(stream: IO[str] | None) -> bool:
    """Tell whether a stream goes to systemd's journal (systemd.exec(5), $JOURNAL_STREAM)."""
    try:
        found = os.fstat(stream.fileno()) if stream is not None else None
    except (OSError, ValueError):
        return False
    told = os.environ.get("JOURNAL_STREAM", "")
    return found is not None and told == f"{found.st_dev}:{found.st_ino}"


class _ForJournal(logging.Formatter):
    """A line with its priority; the time is the journal's own."""

    def __init__(self) -> None:
        super().__init__(_LINE)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return f"<{_PRIORITIES.get(record.levelno, 2)}>{super().format(record)}"


class _PrivateFile(RotatingFileHandler):
    """A log for the owner alone, from its first byte; it is no link and nobody else's."""

    def _open(self) -> TextIOWrapper:
        handle = open_private(Path(self.baseFilename))
        os.lseek(handle, 0, os.SEEK_END)
        return os.fdopen(handle, "a", encoding="utf-8")


def _only_ours(record: logging.LogRecord) -> bool:
    """Keep a library's record, but none of its text: it may hold mail or a password."""
    record.exc_info = None
    record.exc_text = None
    if not record.name.startswith("inboxbot"):
        record.msg, record.args = "library message withheld", ()
    return True


def _plain(value: object) -> str:
    text = "".join(char if char.isprintable() and char != " " else "_" for char in str(value))
    return text[:_SHORT]
