"""What became of each question that was sent: the answer, a bounce, a machine's, or none. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from inboxbot.core.addresses import IN_TEXT
from inboxbot.core.away import is_absence, is_automatic
from inboxbot.core.bounces import given_up, is_about
from inboxbot.core.courtesy import tells_nothing
from inboxbot.core.facts.feedback import asks_for_opinion
from inboxbot.core.follow import draft_event
from inboxbot.core.guards import Senders, is_from_machine, is_relay, same_house
from inboxbot.core.history import Entry, History, bare_subject
from inboxbot.core.joining import goes_on
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.policy import Policy
from inboxbot.core.reopening import takes_up_again
from inboxbot.core.types import Address, Key, Label, Message, Reading, Trait

_ANSWERS = frozenset(
    {
        EventKind.FEEDBACK_RECEIVED,
        EventKind.FEEDBACK_DECLINED,
        EventKind.BOUNCED,
        EventKind.REOPENED,
    }
)
_THE_USERS = frozenset({DraftState.EDITED, DraftState.SENT})
_STILL_OPEN = frozenset({None, EventKind.NO_ANSWER})
_HEAD = 400  # characters in which a forwarded mail names its writer
_CLOCKS_APART = timedelta(minutes=10)  # of the server that keeps Sent and the one that brings mail
_ABOUT_FEEDBACK = re.compile(
    r"\bfeed-?back\b|rückmeldung|retour sur|retroalimentación|riscontro|terugkoppeling|återkoppling"
    r"|tilbagemelding|informacja zwrotna",
    re.IGNORECASE,
)
_WEEK = 7
_WORKING_DAYS = 5
_IN_WORDS = frozenset({EventKind.FEEDBACK_RECEIVED, EventKind.FEEDBACK_DECLINED})
_SHORTEST_OF_OURS = 20  # characters of a line that is ours and not by chance the same


def unanswered(
    drafts: Iterable[DraftRecord], policy: Policy, now: datetime, zone: tzinfo
) -> Iterator[tuple[DraftRecord, Event]]:
    """Yield the questions that nobody has answered in `no_answer_after` working days."""
    for record in drafts:
        if record.state is not DraftState.SENT or record.sent is None or record.outcome is not None:
            continue
        if working_days(record.sent, now, zone) >= policy.no_answer_after and _asks(record):
            ended = replace(record, outcome=EventKind.NO_ANSWER)
            yield ended, draft_event(EventKind.NO_ANSWER, ended, now)


def _asks(record: DraftRecord) -> bool:
    """Tell whether an answer was to be expected: thanks ask for none."""
    return "thanks" not in record.template


def working_days(since: datetime, until: datetime, zone: tzinfo) -> int:
    """Count the days from Monday to Friday after the day of `since`, up to that of `until`."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    weeks, rest = divmod((last - first).days, _WEEK)
    days = (first + timedelta(days=weeks * _WEEK + day) for day in range(1, rest + 1))
    return weeks * _WORKING_DAYS + sum(day.weekday() < _WORKING_DAYS for day in days)


def answer_event(
    reading: Reading, record: DraftRecord, senders: Senders, now: datetime
) -> Event | None:
    """Return what an incoming mail means for the question that it answers; None where nothing yet.

    The employer's words are kept as they are: they are what the request was for.
    """
    message = reading.message
    below = _forwarded(message, record.to, senders)
    kind = answer_kind(reading, record.to) or (EventKind.FEEDBACK_RECEIVED if below else None)
    if kind is None:
        return None
    payload: dict[str, object] = {"draft": record.key}
    if kind is EventKind.BOUNCED:
        payload["address"] = record.to.addr
    if kind in _IN_WORDS or (kind is EventKind.AUTO_REPLY and not message.traits):
        payload["text"] = f"{message.text}\n\n{below}".strip()
    return told_event(kind, message, record.application, record.employer, now, payload)


def told_event(
    kind: EventKind, message: Message, application: str, employer: str | None, now: datetime,
    payload: Mapping[str, object],
) -> Event:  # fmt: skip
    """Return what the journal says of a mail in which an employer answers, or gives feedback."""
    told = {
        "from": message.author.addr if message.author else "",
        "employer": employer or "",
        "received": message.when.isoformat(),
    }
    return Event(
        kind=kind,
        time=now,
        application=application,
        message=message.key,
        payload={**told, **payload},
    )


def _forwarded(message: Message, asked: Address, senders: Senders) -> str:
    """Return what stands below an answer where a colleague wrote it: "see Tom's notes"."""
    first = IN_TEXT.search(message.quoted, 0, _HEAD)
    if first is None or message.author is None:
        return ""
    writer = Address(first[0].lower())
    theirs = writer.addr not in {message.author.addr, asked.addr}
    return message.quoted if theirs and same_house(writer, asked, senders) else ""


def question_of(reading: Reading, history: History, senders: Senders) -> DraftRecord | None:
    """Return the question that a mail answers: in its thread, or from the person who was asked."""
    message = reading.message
    if Trait.DELIVERY_REPORT in message.traits and not given_up(message):
        return None
    record = history.draft_of(message)
    if record is not None and record.sent is not None:
        later = message.when >= record.planned  # Sent may get its copy after the answer has come
        return record if later and _may_answer(reading, record, history, senders) else None
    record = _by_person(reading, history, senders)
    if record is None or record.sent is None or message.when < record.sent - _CLOCKS_APART:
        return None
    return record


def _may_answer(reading: Reading, record: DraftRecord, history: History, senders: Senders) -> bool:
    author = reading.message.author
    if Trait.DELIVERY_REPORT in reading.message.traits:
        return is_about(reading.message, record, history)
    return author is None or _speaks_for_employer(author, record, history, senders)


def _speaks_for_employer(
    author: Address, record: DraftRecord, history: History, senders: Senders
) -> bool:
    """Tell whether somebody is of a house that wrote before the question: a friend comes later."""
    before = (
        entry.message.author
        for entry in history.of_application(record.application)
        if not entry.own and entry.message.author is not None and entry.when <= record.planned
    )
    return is_relay(author, senders) or any(
        same_house(author, known, senders) for known in (record.to, *before)
    )


def answer_kind(reading: Reading, asked: Address) -> EventKind | None:
    """Return what an answer is: a bounce, a machine's, a new talk, feedback, or none given.

    None for one that tells nothing (yet): thanks, good wishes, "I will come back to you".
    """
    message, facts = reading.message, reading.facts
    if Trait.DELIVERY_REPORT in message.traits:
        return EventKind.BOUNCED
    if is_from_machine(message) or Trait.AUTO_SUBMITTED in message.traits:
        return EventKind.AUTO_REPLY
    speaks = facts.takes_back or facts.gives_feedback or facts.refuses_feedback
    if not speaks and tells_nothing(message):
        return None
    if _is_note(message, asked) and not facts.gives_feedback:
        return EventKind.AUTO_REPLY
    if takes_up_again(reading):
        return EventKind.REOPENED
    declines = facts.refuses_feedback and not facts.gives_feedback
    return EventKind.FEEDBACK_DECLINED if declines else EventKind.FEEDBACK_RECEIVED


def _is_note(message: Message, asked: Address) -> bool:
    """Tell whether a program wrote this; a colleague who speaks of an absence answers in place."""
    return is_automatic(message) or (_is_same_person(message.author, asked) and is_absence(message))


def _is_same_person(author: Address | None, asked: Address) -> bool:
    if author is None or author.addr == asked.addr:
        return True
    return bool(asked.name) and author.name.casefold() == asked.name.casefold()


def taken_up_again(
    history: History, senders: Senders, now: datetime
) -> Iterator[tuple[DraftRecord, Event]]:
    """Yield the questions of applications that went on elsewhere: in a mail outside their thread.

    An edited draft stays where it is; an untouched one is withdrawn (`follow`).
    """
    for record in history.drafts:
        if record.state not in _THE_USERS or record.outcome not in _STILL_OPEN:
            continue
        since = record.sent or record.planned
        authors = (
            entry.message.author
            for entry in history.of_application(record.application)
            if not entry.own and entry.when > since and _goes_on_elsewhere(entry, history)
        )
        if any(who and _speaks_for_employer(who, record, history, senders) for who in authors):
            ended = replace(record, outcome=EventKind.REOPENED)
            yield ended, draft_event(EventKind.REOPENED, ended, now)


def _goes_on_elsewhere(entry: Entry, history: History) -> bool:
    message = entry.message
    return goes_on(entry.reading) and not (is_from_machine(message) or history.draft_of(message))


def answered(events: Iterable[Event], history: History) -> Iterator[DraftRecord]:
    """Yield the record of each question that these events answer; a machine's answer is none."""
    drafts = {record.key: record for record in history.drafts}
    for event in events:
        record = drafts.get(Key(str(event.payload.get("draft", ""))))
        if record is not None and event.kind in _ANSWERS:
            yield replace(record, outcome=event.kind)


def _by_person(reading: Reading, history: History, senders: Senders) -> DraftRecord | None:
    """Return the question that a mail outside its thread answers, by who writes, and of what."""
    message, author = reading.message, reading.message.author
    thread = {*message.references, *message.in_reply_to}
    on_feedback = _is_about_feedback(reading)
    for record in reversed(history.drafts):
        if record.state is not DraftState.SENT or author is None:
            continue
        if Trait.DELIVERY_REPORT in message.traits:
            named = record.to.addr in f"{message.text}{message.quoted}".casefold()
            if named and is_about(message, record, history):
                return record
            continue
        same_thread = not thread.isdisjoint(record.answers) or bare_subject(
            message.subject
        ) == bare_subject(record.subject)
        if record.to.addr == author.addr and (same_thread or on_feedback):
            return record
        is_feedback = on_feedback and reading.verdict.label is Label.FEEDBACK
        at_home = same_house(author, record.to, senders) and not is_relay(author, senders)
        if is_feedback and at_home and not message.traits:
            return record  # the hiring manager, whom she has told
    return None


def _is_about_feedback(reading: Reading) -> bool:
    """Tell whether a mail is about feedback for the user; a survey wants some from the user."""
    named = _ABOUT_FEEDBACK.search(reading.message.subject) is not None
    if not named and reading.verdict.label is not Label.FEEDBACK:
        return False
    return reading.facts.gives_feedback or not asks_for_opinion(reading.message)


def without_ours(text: str, ours: str) -> str:
    """Return an answer without the lines of our own letter that no mark shows as quoted.

    `core.quotes` knows how mail clients mark a quotation; some do not, and people cut and paste.
    A long line of ours is ours wherever it stands; a short one only beside another one of ours: a
    whole line (a salutation, a name) or, right below or above it, the rest of one that was broken.
    """
    known, whole = _plain(ours), {_plain(line) for line in ours.splitlines()}
    lines = [_plain(line.lstrip("> |\t")) for line in text.splitlines()]
    mine = [len(line) >= _SHORTEST_OF_OURS and line in known for line in lines]
    if sum(mine) == 1 and not whole.issuperset(_only(lines, mine)):
        return text  # words that both use: "the Product Designer role at Acme"
    for places in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        beside = touching = False
        for place in places:
            line = lines[place]
            rest = (beside and line in whole) or (touching and line in known)
            mine[place] = touching = bool(line) and (mine[place] or rest)
            beside = touching if line else beside
    kept = [line for line, own in zip(text.splitlines(), mine, strict=True) if not own]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() or text


def _only(lines: list[str], chosen: list[bool]) -> list[str]:
    return [line for line, taken in zip(lines, chosen, strict=True) if taken]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
