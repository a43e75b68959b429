"""Whether an account works: one event when it stops working, one when it works again."""

from datetime import datetime

from inboxbot.core.plan import Event, EventKind
from inboxbot.journal.store import Journal

_NOTE = "trouble"


def remember(journal: Journal, account: str, trouble: str | None, now: datetime) -> None:
    """Note an account's trouble, or that it has none; an unchanged state is no event."""
    before = journal.note(account, _NOTE)
    if trouble == before:
        return
    journal.set_note(account, _NOTE, trouble)
    if trouble is None or before is None:
        payload = {"state": "down" if trouble else "up", "text": trouble or ""}
        journal.append(account, Event(kind=EventKind.HEALTH, time=now, payload=payload))
