"""Forget a part of one account: journal → what is to go | erase it, and the notes about it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from inboxbot.core.erase import Erasure
from inboxbot.core.history import History
from inboxbot.core.plan import Event
from inboxbot.core.types import Key
from inboxbot.daemon.correct import CORRECTIONS_NOTE
from inboxbot.daemon.learn import PERSONAL_NOTE
from inboxbot.daemon.settle import deferred_note
from inboxbot.journal.store import Journal

Choice = Callable[[History, Iterable[Event]], Erasure]
"""Which part: `core.erase.older_than` or `of_employer`, with its first argument given."""


def chosen(journal: Journal, account: str, choice: Choice) -> Erasure:
    """Return what of an account is to be erased."""
    return choice(journal.history(account), journal.events(account))


def forget(journal: Journal, account: str, erasure: Erasure, now: datetime) -> None:
    """Erase it. Whoever polls this account at the moment is fenced off."""
    notes = _notes_without(erasure.keys, journal, account)
    journal.erase(journal.hold(account, now), erasure, notes)


def _notes_without(keys: Iterable[Key], journal: Journal, account: str) -> dict[str, object]:
    """Return the notes that change: corrections of these mails, and what was learned from them."""
    notes: dict[str, object] = {deferred_note(key): None for key in keys}
    standing = journal.note(account, CORRECTIONS_NOTE) or {}
    kept = {key: correction for key, correction in standing.items() if key not in set(keys)}
    if kept != standing:
        # The next poll learns from what is left.
        notes |= {CORRECTIONS_NOTE: kept, PERSONAL_NOTE: None}
    return notes
