"""Read what arrived: mailbox → reader → journal, slice by slice, each under a lease.

    archive | watched folders | Sent | letters of the user's from the archive

The archive comes first: an invitation there is known before the rejection that names nobody, and
mail that Gmail shows in INBOX as well needs no second download. Sent is last, since a letter of
the user's counts where it goes to somebody who wrote.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from inboxbot.core.answers import answered, without_ours
from inboxbot.core.history import Entry, History
from inboxbot.core.intake import Intake, take_in, unreadable_events
from inboxbot.core.plan import Event, EventKind, Plan, Reason
from inboxbot.core.types import EPOCH, Key, Label, Locator, RawMail, Reading, Unreadable
from inboxbot.daemon.archive import Archive, archive_of
from inboxbot.daemon.context import Context
from inboxbot.daemon.replies import Replies, answers_a_letter, is_reply
from inboxbot.errors import InboxbotError
from inboxbot.logs import event as log_event
from inboxbot.ports import Part, Slice

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Poll:
    """What the reading of one poll works with and comes to know."""

    context: Context
    archive: Archive
    watched: tuple[str, ...]
    sent: str | None
    first: bool  # no poll of this account has come to its end so far
    history: History
    report: Report
    ordinary: set[Key] = field(default_factory=set)  # keys of mail that leaves no trace
    unplaced: list[Reading] = field(default_factory=list)  # the user's, to nobody known so far


def read_new(context: Context, report: Report) -> None:
    """Read what arrived in the archive, the watched folders and Sent, slice by slice."""
    found = context.mailbox.folders()
    inbox = (found.inbox if name.upper() == "INBOX" else name for name in context.folders)
    poll = _Poll(
        context=context,
        archive=archive_of(found, context),
        watched=tuple(inbox),
        sent=found.sent,
        first=context.journal.note(context.account, "last_poll") is None,
        history=context.journal.history(context.account),
        report=report,
    )
    _read_leased(poll)
    folders = (*poll.archive.folders, *poll.watched, *((found.sent,) if found.sent else ()))
    for folder in dict.fromkeys(folders):
        cursor = context.journal.cursor(context.account, folder)
        for part in context.mailbox.slices(folder, cursor, context.since):
            _read_slice(folder, part, poll)
    _place_letters(poll)


def _read_slice(folder: str, part: Slice, poll: _Poll) -> None:
    context = poll.context
    context.journal.lease(context.hold, folder, part.locators)
    context.seam("leased")
    aside = {
        lease.locator
        for lease in context.journal.leases(context.account)
        if lease.folder == folder and lease.attempts > _MOST_ATTEMPTS
    }
    mails = _mails(folder, [locator for locator in part.locators if locator not in aside], poll)
    _store(folder, part.locators, mails, poll, cursor=part)
    context.seam("read")
    context.progress(poll.report.read, part.remaining)


def _mails(folder: str, locators: Sequence[Locator], poll: _Poll) -> Iterable[Reading | Unreadable]:
    if folder in poll.archive.folders:
        raw = poll.context.mailbox.fetch(locators)
        return _readings([mail for mail in raw if "\\Draft" not in mail.flags], poll.context)
    if poll.archive.holds_all and folder in poll.watched:
        return _not_in_archive(locators, poll)
    return _read(locators, poll.context)


def _not_in_archive(locators: Sequence[Locator], poll: _Poll) -> Iterator[Reading | Unreadable]:
    """Read the mails that All Mail has not shown already; of known ones the header is enough."""
    context = poll.context
    unknown = []
    for head in context.reader.read(list(context.mailbox.fetch(locators, Part.HEADERS))):
        if isinstance(head, Reading) and poll.history.holds(head.message.key):
            yield head
        elif isinstance(head, Unreadable) or head.message.key not in poll.ordinary:
            unknown.append(head.locator)
    yield from _read(unknown, context)


def _read(locators: Sequence[Locator], context: Context) -> Iterator[Reading | Unreadable]:
    return _readings(list(context.mailbox.fetch(locators)), context)


def _readings(mails: Iterable[RawMail], context: Context) -> Iterator[Reading | Unreadable]:
    for mail in mails:
        if mail.cut and not mail.data:
            error = "the mail server could not hand over this mail; it was set aside"
            yield Unreadable(locator=mail.locator, error=error)
        else:
            yield from context.reader.read([mail])


def _read_leased(poll: _Poll) -> None:
    """Read again, one by one, what was being read when an earlier poll died.

    Each attempt is counted before it is made. A mail that ends the program twice is told of and
    set aside; its lease stays until the cursor has passed it, so that it is never read again.
    """
    journal, hold = poll.context.journal, poll.context.hold
    for lease in journal.leases(poll.context.account):
        if lease.attempts > _MOST_ATTEMPTS:
            continue
        journal.count_attempt(hold, lease)
        if lease.attempts == _MOST_ATTEMPTS:
            error = "reading this mail ended the program twice; it was set aside"
            _store(lease.folder, [], [Unreadable(locator=lease.locator, error=error)], poll)
            continue
        try:
            mails = list(_mails(lease.folder, [lease.locator], poll))
        except InboxbotError:  # the mailbox failed, not the mail
            journal.count_attempt(hold, lease, -1)
            raise
        _store(lease.folder, [lease.locator], mails, poll)


def _store(
    folder: str, locators: Sequence[Locator], mails: Iterable[Reading | Unreadable], poll: _Poll,
    cursor: Slice | None = None,
) -> None:  # fmt: skip
    """Store what a slice of mail says, its events and the cursor behind it, at once."""
    context, history, report = poll.context, poll.history, poll.report
    entries: list[Entry] = []
    events: list[Event] = []
    replies = Replies(history, context)
    for mail in _in_order(mails):
        report.read += 1
        if isinstance(mail, Unreadable):
            report.unreadable += 1
            events.extend(unreadable_events(mail, context.clock()))
            continue
        if is_reply(mail.message, context.owner):
            if not poll.archive.passes_over(mail, history, context.owner):
                replies.take(mail)
            continue
        if answers_a_letter(mail.message):
            continue
        taken = _take(mail, poll)
        events.extend(in_their_words(taken.events, history, context))
        if taken.entry is not None:
            entries.append(taken.entry)
            report.labels[mail.verdict.label] += 0 if taken.entry.own else 1
    later = {mail.locator for mail in poll.unplaced}  # stay leased until they are placed
    context.journal.record(
        context.hold, entries=entries, events=[*events, *replies.events],
        revised=replies.revised, notes=replies.notes, folder=folder,
        read=[locator for locator in locators if locator not in later],
        cursor=cursor.cursor if cursor else None, dead=bounced(events),
        drafts=answered(events, history),
    )  # fmt: skip
    log_event(_log, "read", account=context.account, count=len(locators))


def _in_order(mails: Iterable[Reading | Unreadable]) -> list[Reading | Unreadable]:
    """Return the mails in the order in which they came; a mailbox may hold them in another."""
    return sorted(
        mails, key=lambda mail: EPOCH if isinstance(mail, Unreadable) else mail.message.when
    )


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


def _take(mail: Reading, poll: _Poll) -> Intake:
    context, history, archive = poll.context, poll.history, poll.archive
    if archive.passes_over(mail, history, context.owner):
        return Intake()
    if poll.first and mail.message.received < context.since:
        return Intake()  # it was laid here lately, by a program that copies mail
    taken = take_in(
        mail, history, context.owner, context.senders,
        review_threshold=context.thresholds.review, now=context.clock(), sent=poll.sent,
    )  # fmt: skip
    if taken.entry is not None:
        history.add(taken.entry)
    elif taken.moved:
        _note_place(mail, poll)
    elif archive.is_letter(mail, context.owner):
        poll.unplaced.append(mail)
    else:
        poll.ordinary.add(mail.message.key)
    return taken


def _note_place(mail: Reading, poll: _Poll) -> None:
    known = poll.history.entry(mail.message.key)
    if known is not None and not poll.archive.leaves_in_place(known, mail):
        # What was made of it stays, above all the user's own word.
        there = replace(known.reading, locator=mail.locator, folder=mail.folder)
        poll.context.journal.moved(poll.context.hold, there)


def _place_letters(poll: _Poll) -> None:
    """Take in the user's archived letters to people whose mail was read after them."""
    for folder in poll.archive.folders:
        letters = [mail for mail in poll.unplaced if mail.folder == folder]
        taken = [_take(mail, poll).entry for mail in letters]
        poll.context.journal.record(
            poll.context.hold,
            entries=[entry for entry in taken if entry is not None],
            folder=folder,
            read=[mail.locator for mail in letters],
        )
