"""No drafts for a while: the note in the journal that says so, and until when."""

from datetime import datetime

from inboxbot.journal.store import Journal

_NOTE = "paused"
_FOR_EVER = "until resumed"


def pause(journal: Journal, account: str, until: datetime | None) -> None:
    """Write no drafts for an account until then, or until `resume`."""
    journal.set_note(account, _NOTE, until.isoformat() if until else _FOR_EVER)


def resume(journal: Journal, account: str) -> None:
    """Write drafts again; mail that came meanwhile, and is not too old, is decided about."""
    journal.set_note(account, _NOTE, None)


def pause_of(journal: Journal, account: str, now: datetime) -> str | None:
    """Return how long an account is paused, in words; None where it is not."""
    note: str | None = journal.note(account, _NOTE)
    if note is None or note == _FOR_EVER:
        return note
    until = datetime.fromisoformat(note)
    return f"until {until.astimezone():%Y-%m-%d %H:%M}" if now < until else None
