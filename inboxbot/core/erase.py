"""What is to be forgotten: history + events → the messages, drafts and events to erase. Pure.

What belongs together goes together: with a mail the drafts about it, with both their events.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from inboxbot.core.history import Entry, History, normal_employer
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.reflect import names
from inboxbot.core.types import Key

_IN_THE_MAILBOX = frozenset({DraftState.WAITING, DraftState.EDITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What of one account is to be erased."""

    entries: tuple[Entry, ...] = ()
    drafts: tuple[DraftRecord, ...] = ()
    events: tuple[Event, ...] = ()
    redacted: tuple[Event, ...] = ()  # stay, without the keys of what goes
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
    kept = [event for event in known if event.id not in gone]
    return Erasure(
        entries=entries,
        drafts=drafts,
        events=old,
        redacted=_redacted(kept, keys),
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
    going = tuple(
        event
        for event in known
        if event.application in applications
        or event.message in keys | reports
        or _is_written_about(name, event)
    )
    gone = {event.id for event in going}
    kept = [event for event in known if event.id not in gone]
    return Erasure(
        entries=entries,
        drafts=drafts,
        events=going,
        redacted=_redacted(kept, applications | keys, wanted),
        dead=history.dead & people,
    )


def _is_written_about(employer: str, event: Event) -> bool:
    """Tell whether these are the user's words about several conversations, this one among them."""
    if event.kind is not EventKind.REFLECTED or event.application:
        return False
    return names(str(event.payload.get("text") or ""), employer)


def _redacted(
    events: Sequence[Event], keys: AbstractSet[str], wanted: str = ""
) -> tuple[Event, ...]:
    """Return the letters that told of what goes, without it; the numbers of questions stay."""
    letters = (event for event in events if event.kind is EventKind.SUMMARY_DELIVERED)
    bare = (replace(each, payload=_without(each.payload, keys, wanted)) for each in letters)
    known = {event.id: event.payload for event in events}
    return tuple(event for event in bare if event.payload != known[event.id])


def _without(payload: Mapping[str, Any], keys: AbstractSet[str], wanted: str) -> dict[str, Any]:
    left = {name: _blanked(value, keys) for name, value in payload.items()}
    if junk := left.get("junk"):
        others = [mail for mail in junk if normal_employer(mail.get("employer")) != wanted]
        left["junk"] = others if wanted else junk
    return left


def _blanked(value: Any, keys: AbstractSet[str]) -> Any:
    if isinstance(value, list):
        return [_blanked(each, keys) for each in value]
    return "" if isinstance(value, str) and value in keys else value


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
