"""Delivery reports (RFC 3464): whom mail could not be delivered to, and whether for good. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from inboxbot.core.history import History
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.types import Message

_ACTION = re.compile(r"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient:\s*(?:[\w-]+\s*;)?\s*<?([^\s<>;]{1,64}@[^\s<>;]{1,255})",
    re.IGNORECASE | re.MULTILINE,
)
_GIVEN_UP = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b|\b55\d\b")
_STILL_ON_ITS_WAY = re.compile(r"\bdelay(?:ed)?\b|will be retried|verzögert", re.IGNORECASE)
_FAILED = "failed"


def given_up(report: Message) -> bool:
    """Tell whether mail was given up, not merely delayed or relayed (RFC 3464 §2.3.3)."""
    told = _told(report)
    actions = {match[1].lower() for match in _ACTION.finditer(told)}
    if actions:  # whatever codes and words stand beside them
        return _FAILED in actions
    return _GIVEN_UP.search(told) is not None or _STILL_ON_ITS_WAY.search(told) is None


def is_about(report: Message, record: DraftRecord, history: History) -> bool:
    """Tell whether it was the question that came back, not the copy for somebody else.

    An address that the user did not write to is where the other one is forwarded to.
    """
    failed = _failed_recipients(report)
    letter = history.by_message_id.get(record.sent_id) if record.sent_id else None
    if letter is None or record.to.addr in failed:
        return True
    written_to = {address.addr for address in (*letter.message.to, *letter.message.cc)}
    return not failed or not failed <= written_to


def people_told_of(report: Message, history: History) -> Iterator[str]:
    """Yield the people of an application whom the user has written to, as a report names them."""
    if not given_up(report):
        return
    failed, told = _failed_recipients(report), _told(report).casefold()
    written_to = {
        address.addr for entry in history.entries if entry.own for address in entry.message.to
    }
    written_to |= _drafted_to(history)
    # The user's own letter may be read only later in this poll; its thread is known.
    in_thread = not {*report.in_reply_to, *report.references}.isdisjoint(history.by_message_id)
    people = history.writers if in_thread else history.writers & written_to
    for address in sorted(people - history.dead):
        named = re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", told) is not None
        if address in failed or (named and not failed):
            yield address


def bounce_events(
    report: Message, people: Iterable[str], history: History, now: datetime
) -> Iterator[Event]:
    """Yield whom the user's own mail could not be delivered to; a draft's is told of as answer."""
    drafted = _drafted_to(history)
    for address in people:
        if address not in drafted:
            payload = {"address": address, "received": report.when.isoformat()}
            yield Event(kind=EventKind.BOUNCED, time=now, message=report.key, payload=payload)


def _drafted_to(history: History) -> set[str]:
    return {record.to.addr for record in history.drafts if record.state is not DraftState.WITHDRAWN}


def _told(report: Message) -> str:
    return f"{report.subject}\n{report.text}\n{report.quoted}"


def _failed_recipients(report: Message) -> frozenset[str]:
    """Return whom the report's own fields name as not reached; nobody where it has none."""
    return frozenset(
        match[1].lower()
        for block in _told(report).split("\n\n")
        for match in _RECIPIENT.finditer(block)
        if _FAILED in {action[1].lower() for action in _ACTION.finditer(block)}
    )
