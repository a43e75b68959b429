"""How far a label has been read, as the journal keeps it; pure.

Gmail's history tells what came after a change, but no position within what it told. So a look that
ends half-way keeps what it has not handed out yet: a list would not be in the same order again.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from inboxbot.core.types import Cursor, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Behind a change of a mailbox (a history id), as seen from one label: cursor and mark."""

    label: str  # its id: a label of the same name that is made anew is another
    history: int
    looked: datetime  # when
    waiting: tuple[str, ...] = ()  # ids of messages from before, not handed out yet

    def to_cursor(self) -> Cursor:
        """Return it as JSON."""
        return Cursor(msgspec.json.encode(self).decode())

    def to_mark(self) -> Mark:
        """Return it as JSON."""
        return Mark(msgspec.json.encode(self).decode())


def position(text: str | None, label: str) -> Position | None:
    """Return what a cursor or mark says; None where it is void, or of another label."""
    if text is None:
        return None
    try:
        found = msgspec.json.decode(text, type=Position)
    except msgspec.DecodeError:
        return None  # not ours
    aware = found.looked.tzinfo is not None
    return found if aware and found.label == label and found.history > 0 else None
