"""Read what arrived: mailbox → reader → journal, slice by slice, each under a lease."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from inboxbot.core.answers import answered, without_ours
from inboxbot.core.history import Entry, History
from inboxbot.core.intake import Intake, take_in, unreadable_events
from inboxbot.core.plan import Event, EventKind, Plan, Reason
from inboxbot.core.types import Label, Locator, Reading, Unreadable
from inboxbot.daemon.context import Context
from inboxbot.errors import InboxbotError
from inboxbot.logs import event as log_event
from inboxbot.ports import Slice

_log = logging.getLogger(__name__)
_MOST_ATTEMPTS = 2


@dataclass(slots=True)
class Report:
    """What one poll did, in counts."""

    read: int = 0
    labels: Counter[Label] = field(default_factory=Counter)
    reasons: Counter[Reason] = field(default_factory=Counter)
    drafts: int = 0
    review: int = 0
    deferred: int = 0
    unreadable: int = 0
    plan: Plan = ()


def read_new(context: Context, report: Report) -> None:
    """Read what arrived in the watched folders and in Sent, slice by slice."""
    _read_leased(context, report)
    history = context.journal.history(context.account)
    for folder in _folders(context):
        cursor = context.journal.cursor(context.account, folder)
        for part in context.mailbox.slices(folder, cursor, context.since):
            _read_slice(folder, part, history, context, report)


def _folders(context: Context) -> Iterator[str]:
    """Yield the watched folders, then Sent: what the user answered is known before deciding."""
    found = context.mailbox.folders()
    inbox = (found.inbox if name.upper() == "INBOX" else name for name in context.folders)
    yield from dict.fromkeys((*inbox, *((found.sent,) if found.sent else ())))


def _read_slice(
    folder: str, part: Slice, history: History, context: Context, report: Report
) -> None:
    context.journal.lease(context.hold, folder, part.locators)
    context.seam("leased")
    aside = {
        lease.locator
        for lease in context.journal.leases(context.account)
        if lease.folder == folder and lease.attempts > _MOST_ATTEMPTS
    }
    mails = _read([locator for locator in part.locators if locator not in aside], context)
    _store(folder, part.locators, mails, history, context, report, cursor=part)
    context.seam("read")
    context.progress(report.read, part.remaining)


def _read(locators: Sequence[Locator], context: Context) -> Iterator[Reading | Unreadable]:
    return context.reader.read(list(context.mailbox.fetch(locators)))


def _read_leased(context: Context, report: Report) -> None:
    """Read again, one by one, what was being read when an earlier poll died.

    Each attempt is counted before it is made. A mail that ends the program twice is told of and
    set aside; its lease stays until the cursor has passed it, so that it is never read again.
    """
    leases = context.journal.leases(context.account)
    history = context.journal.history(context.account) if leases else History()
    for lease in leases:
        if lease.attempts > _MOST_ATTEMPTS:
            continue
        context.journal.count_attempt(context.hold, lease)
        if lease.attempts == _MOST_ATTEMPTS:
            error = "reading this mail ended the program twice; it was set aside"
            mails: Iterable[Reading | Unreadable] = [Unreadable(locator=lease.locator, error=error)]
            _store(lease.folder, [], mails, history, context, report)
            continue
        try:
            mails = list(_read([lease.locator], context))
        except InboxbotError:  # the mailbox failed, not the mail
            context.journal.count_attempt(context.hold, lease, -1)
            raise
        _store(lease.folder, [lease.locator], mails, history, context, report)


def _store(
    folder: str, locators: Sequence[Locator], mails: Iterable[Reading | Unreadable],
    history: History, context: Context, report: Report, cursor: Slice | None = None,
) -> None:  # fmt: skip
    """Store what a slice of mail says, its events and the cursor behind it, at once."""
    entries: list[Entry] = []
    events: list[Event] = []
    for mail in mails:
        report.read += 1
        if isinstance(mail, Unreadable):
            report.unreadable += 1
            events.extend(unreadable_events(mail, context.clock()))
            continue
        taken = _take(mail, history, context)
        events.extend(in_their_words(taken.events, history, context))
        if taken.entry is not None:
            entries.append(taken.entry)
            report.labels[mail.verdict.label] += 0 if taken.entry.own else 1
    context.journal.record(
        context.hold, entries=entries, events=events, folder=folder, read=locators,
        cursor=cursor.cursor if cursor else None, dead=bounced(events),
        drafts=answered(events, history),
    )  # fmt: skip
    log_event(_log, "read", account=context.account, count=len(locators))


def in_their_words(events: Iterable[Event], history: History, context: Context) -> Iterator[Event]:
    """Yield the events, an answer among them without what it repeats of our own letter."""
    for event in events:
        text = event.payload.get("text")
        letter = _letter_of(str(event.payload.get("draft")), history) if text else None
        if text is None or letter is None:
            yield event
            continue
        read = _read([letter.reading.locator], context)
        ours = next((mail.message.text for mail in read if isinstance(mail, Reading)), "")
        yield replace(event, payload={**event.payload, "text": without_ours(text, ours)})


def _letter_of(key: str, history: History) -> Entry | None:
    """Return the letter that a draft was sent as."""
    for record in history.drafts:
        if record.key == key and record.sent_id:
            return history.by_message_id.get(record.sent_id)
    return None


def bounced(events: Iterable[Event]) -> list[str]:
    """Return the addresses that these events say are dead."""
    return [event.payload["address"] for event in events if event.kind is EventKind.BOUNCED]


def _take(mail: Reading, history: History, context: Context) -> Intake:
    taken = take_in(
        mail, history, context.owner, context.senders,
        review_threshold=context.thresholds.review, now=context.clock(),
    )  # fmt: skip
    if taken.entry is not None:
        history.add(taken.entry)
    known = history.entry(mail.message.key) if taken.moved else None
    if known is not None:
        # What was made of it stays, above all the user's own word.
        there = replace(known.reading, locator=mail.locator, folder=mail.folder)
        context.journal.moved(context.hold, there)
    return taken
