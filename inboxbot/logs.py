"""The one log set-up: name + fields, an allow-list of fields, never a subject, address or body.

`event(log, "draft_saved", account="home")` is the only way the package logs. Values that are not
allow-listed are refused by a test of the tree; exceptions are logged by class and place, without
their text, since a server may put mail into an error message.
"""

import logging
import traceback
from pathlib import Path

FIELDS = frozenset({
    "account", "folder_role", "count", "remaining", "seconds", "kind", "reason", "week", "error",
    "key", "label", "attempt", "port", "tls", "version", "pid", "signal", "state", "next_seconds",
})  # fmt: skip
_SHORT = 80


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


def set_up(level: int = logging.INFO) -> None:
    """Send the package's log to stderr; libraries are heard from WARNING on, by name alone."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_only_ours)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("inboxbot").setLevel(level)
    logging.raiseExceptions = False


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
