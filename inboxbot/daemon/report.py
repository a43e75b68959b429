"""A whole search as the journal has it, of one account or of several: journal → `Report`."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import chain

from inboxbot.core.focus import themes_in, voices_in
from inboxbot.core.guards import Senders
from inboxbot.core.history import History
from inboxbot.core.insight import patterns_in
from inboxbot.core.plan import Event
from inboxbot.core.report import Report, build_report
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import WeekLog
from inboxbot.journal.store import Journal
from inboxbot.topics import load_lexicon


def known_of(journal: Journal, accounts: Iterable[str]) -> tuple[list[Event], History]:
    """Return what the journal knows of these accounts, as if they were one."""
    names = tuple(accounts)
    events = chain.from_iterable(journal.events(name) for name in names)
    histories = [journal.history(name) for name in names]
    return sorted(events, key=lambda event: event.id), History(
        chain.from_iterable(history.entries for history in histories),
        chain.from_iterable(history.drafts for history in histories),
    )


def report_of(
    events: Sequence[Event], history: History, *, zone: tzinfo, now: datetime, senders: Senders,
    level: str = "", since: datetime | None = None,
) -> Report:  # fmt: skip
    """Return the search up to `now`: with `since`, what came from then on, and no patterns.

    `level` is the user's own.
    """
    after = since or EPOCH
    log = WeekLog(tuple(events), history, since=after, end=now)
    first = after.astimezone(zone).date()
    voices = [voice for voice in voices_in(log, zone) if voice.day >= first]
    return build_report(
        events,
        history,
        zone=zone,
        now=now,
        since=since,
        patterns=() if since else patterns_in(log, senders, level),
        themes=themes_in(voices, load_lexicon(), now.astimezone(zone).date()),
    )
