"""No drafts for a while, or the search is over: the notes in the journal that say so.

Each step is a few notes, so that a reply which asks for it is stored in one transaction with them.
"""

from collections.abc import Mapping
from datetime import datetime

from inboxbot.journal.store import Journal

_NOTE = "paused"
_FOR_EVER = "until resumed"
_HIRED = "hired"

Notes = Mapping[str, object]


def pausing(until: datetime | None) -> Notes:
    """Return the notes of a pause until then, or until `resume`."""
    return {_NOTE: until.isoformat() if until else _FOR_EVER}


def ending(journal: Journal, account: str, now: datetime) -> Notes:
    """Return the notes of a search that is over; since when, stays as it was first told."""
    return {_NOTE: _FOR_EVER, _HIRED: hired_at(journal, account) or now.isoformat()}


def resuming() -> Notes:
    """Return the notes of a search that goes on."""
    return {_NOTE: None, _HIRED: None}


def pause(journal: Journal, account: str, until: datetime | None) -> None:
    """Write no drafts for an account until then, or until `resume`."""
    _set(journal, account, pausing(until))


def end_search(journal: Journal, account: str, now: datetime) -> None:
    """Write neither drafts nor mails to the owner any more, but for one: the user has a job."""
    _set(journal, account, ending(journal, account, now))


def resume(journal: Journal, account: str) -> None:
    """Write drafts again; mail that came meanwhile, and is not too old, is decided about."""
    _set(journal, account, resuming())


def _set(journal: Journal, account: str, notes: Notes) -> None:
    for name, value in notes.items():
        journal.set_note(account, name, value)


def hired_at(journal: Journal, account: str) -> str | None:
    """Return when the user told that the search is over; None while it goes on."""
    note: str | None = journal.note(account, _HIRED)
    return note


def pause_of(journal: Journal, account: str, now: datetime) -> str | None:
    """Return how long an account is paused, in words; None where it is not."""
    note: str | None = journal.note(account, _NOTE)
    if hired_at(journal, account):  # a pause with an end that was asked for since ends nothing
        return _FOR_EVER
    if note is None or note == _FOR_EVER:
        return note
    until = datetime.fromisoformat(note)
    return f"until {until.astimezone():%Y-%m-%d %H:%M}" if now < until else None
