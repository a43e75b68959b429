"""What is to be forgotten: history + events → the messages, drafts and events to erase. Pure.

What belongs together goes together: with a mail the drafts about it, with both their events.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxbot.core.history import Entry, History, normal_employer
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.types import Key

_IN_THE_MAILBOX = frozenset({DraftState.WAITING, DraftState.EDITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What of one account is to be erased."""

    entries: tuple[Entry, ...] = ()
    drafts: tuple[DraftRecord, ...] = ()
    events: tuple[Event, ...] = ()
    dead: frozenset[str] = frozenset()  # addresses that bounced

    def __bool__(self) -> bool:
        return bool(self.entries or self.drafts or self.events or self.dead)

    @property
    def keys(self) -> frozenset[Key]:
        """Return the keys of the mails and of the drafts."""
        return frozenset(
            [entry.message.key for entry in self.entries] + [record.key for record in self.drafts]
        )

    @property
    def lying(self) -> int:
        """Return how many of the drafts lie in the mailbox, and stay there."""
        return sum(record.state in _IN_THE_MAILBOX for record in self.drafts)


def older_than(moment: datetime, history: History, events: Iterable[Event]) -> Erasure:
    """Return everything from before a moment: what came, what was made of it, what was noted."""
    known = tuple(events)
    entries = tuple(entry for entry in history.entries if entry.when < moment)
    answered = {entry.message.key for entry in entries}
    drafts = tuple(
        record
        for record in history.drafts
        if record.planned < moment or record.answered in answered
    )
    keys = answered | {record.key for record in drafts}
    old = tuple(event for event in known if event.time < moment or event.message in keys)
    gone = {event.id for event in old}
    kept = (event for event in known if event.id not in gone)
    return Erasure(
        entries=entries,
        drafts=drafts,
        events=old,
        dead=history.dead & frozenset(_bounced(old)) - frozenset(_bounced(kept)),
    )


def of_employer(name: str, history: History, events: Iterable[Event]) -> Erasure:
    """Return everything about the applications with one employer, and about its people."""
    known, wanted = tuple(events), normal_employer(name)
    applications = _applications(wanted, history, known)
    people = _people(applications, history)
    reports = {
        event.message
        for event in known
        if event.kind is EventKind.BOUNCED and event.payload.get("address") in people
    }
    entries = tuple(
        entry
        for entry in history.entries
        if entry.application in applications or entry.message.key in reports
    )
    drafts = tuple(record for record in history.drafts if record.application in applications)
    keys = {entry.message.key for entry in entries} | {record.key for record in drafts}
    return Erasure(
        entries=entries,
        drafts=drafts,
        events=tuple(
            event
            for event in known
            if event.application in applications or event.message in keys | reports
        ),
        dead=history.dead & people,
    )


def employers(history: History, events: Iterable[Event]) -> tuple[str, ...]:
    """Return the employers that are known, as they were first named."""
    names: dict[str, str] = {}
    for name, _ in _named(history, tuple(events)):
        if normal := normal_employer(name):
            names.setdefault(normal, name)
    return tuple(names.values())


def _applications(wanted: str, history: History, events: Sequence[Event]) -> frozenset[str]:
    return frozenset(
        application
        for name, application in _named(history, events)
        if application and normal_employer(name) == wanted
    )


def _named(history: History, events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    """Yield (employer, application) wherever the journal names one."""
    for entry in history.entries:
        yield entry.reading.facts.employer or "", entry.application
    for record in history.drafts:
        yield record.employer or "", record.application
    for event in events:
        yield str(event.payload.get("employer") or ""), event.application


def _people(applications: frozenset[str], history: History) -> frozenset[str]:
    """Return the addresses that wrote, or were written to, in these applications."""
    written = {
        entry.message.author.addr
        for entry in history.entries
        if entry.application in applications and not entry.own and entry.message.author
    }
    asked = {record.to.addr for record in history.drafts if record.application in applications}
    return frozenset(written | asked)


def _bounced(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        if event.kind is EventKind.BOUNCED:
            yield str(event.payload.get("address"))
