"""Which application a mail belongs to, and what it means for it that it does. Pure."""

# ruff: noqa: RUF001  (dashes are meant)

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from inboxbot.core.facts.jobs import looks_like_role
from inboxbot.core.guards import Senders, is_relay, same_house, under
from inboxbot.core.history import Entry, History, compared_role, house_of, normal_employer
from inboxbot.core.types import PART_OF_AN_APPLICATION, Address, Label, Message, Reading

_GOES_ON = frozenset({Label.INTERVIEW, Label.ASSESSMENT, Label.OFFER})
_LONGEST_GAP = timedelta(days=180)
_DIGITS = re.compile(r"\d")
_ENOUGH_DIGITS = 5  # of a number that two employers hardly share
_BEHIND = re.compile(r"\s*(?:[(,:]|\s[-–—|/])\s*")
# "Backend Engineer, Fleet Platform" is the "Backend Engineer" of a hasty mail; a junior is not.
_ADDITION = re.compile(r"\s*(?:,|\s[-–—|/]|:)\s+")
_OTHER_LEVEL = re.compile(
    r"\b(?:junior|senior|jr|sr|graduate|entry|lead|head|principal|staff|intern\w*|trainee\w*|"
    r"werkstudent\w*|prakti[kc]\w*|stag\w*|part|teilzeit|i{1,3}|iv|[1-4])\b",
    re.IGNORECASE,
)


def application_of(reading: Reading, history: History, senders: Senders) -> str:
    """Return the application that a message belongs to; its own key where it starts one.

    Joined by thread, else by requisition, else by employer and role; where no mail names that
    employer, its own domain stands for it, or number and role do ("EY", "Ernst & Young"). Two roles
    at one employer stay two applications; a message that names no role joins the employer's only
    one.
    """
    message, facts = reading.message, reading.facts
    for name in (*message.in_reply_to, *reversed(message.references)):
        if name in history.by_message_id:
            return history.by_message_id[name].application
    known = _of_employer(facts.employer, history, senders) or _of_house(
        message.author, history, senders
    )
    near = [entry for entry in known if abs(entry.when - message.when) <= _LONGEST_GAP]
    return (
        _by_number(reading, near)
        or _by_role(reading, near)
        or _by_number_and_role(reading, history)
        or message.key
    )


def _by_number(reading: Reading, near: list[Entry]) -> str | None:
    number = reading.facts.requisition
    alike = (entry for entry in near if number and entry.reading.facts.requisition == number)
    return next((entry.application for entry in alike), None)


def _by_number_and_role(reading: Reading, history: History) -> str | None:
    """Return the application of this number and role at an employer of whatever name."""
    number, role = reading.facts.requisition or "", _head(reading.facts.role)
    if not role or len(_DIGITS.findall(number)) < _ENOUGH_DIGITS:
        return None
    alike = (
        entry.application
        for entry in history.entries
        if entry.reading.facts.requisition == number
        and _head(entry.reading.facts.role) == role
        and abs(entry.when - reading.message.when) <= _LONGEST_GAP
    )
    return next(alike, None)


def _head(role: str | None) -> str:
    """Return a title to compare by, without what stands behind a comma, a colon or a bracket."""
    return compared_role(_BEHIND.split(role or "", maxsplit=1)[0])


def _of_employer(name: str | None, history: History, senders: Senders) -> list[Entry]:
    """Return the messages of an employer: of that name, or from a domain that is the whole name."""
    wanted = normal_employer(name)
    found = {entry.message.key: entry for entry in history.of_employer(name)}
    for entry in history.of_house(wanted) if wanted else ():
        if not _is_anybodys(entry.message.author, senders):
            found.setdefault(entry.message.key, entry)
    return sorted(found.values(), key=lambda entry: entry.when)


def _is_anybodys(author: Address | None, senders: Senders) -> bool:
    """Tell whether an address is no employer's: a vendor's, or a public provider's."""
    return author is None or is_relay(author, senders) or under(author.domain, senders.freemail)


def _of_house(author: Address | None, history: History, senders: Senders) -> list[Entry]:
    """Return the messages from an employer's own domain; none for a vendor's or a public one."""
    if author is None or is_relay(author, senders):
        return []
    return [
        entry
        for entry in history.of_house(house_of(author))
        if entry.message.author is not None and same_house(entry.message.author, author, senders)
    ]


def _by_role(reading: Reading, near: list[Entry]) -> str | None:
    role, own = compared_role(_title(reading)), reading.facts.requisition
    others = {
        entry.application
        for entry in near
        if own and entry.reading.facts.requisition not in {None, own}
    }
    near = [entry for entry in near if entry.application not in others]
    roles = {entry.application: "" for entry in near}
    for entry in near:
        roles[entry.application] = roles[entry.application] or _title(entry.reading)
    if not role:
        return next(iter(roles)) if len(roles) == 1 else None
    same = [application for application, known in roles.items() if compared_role(known) == role]
    if same:
        return same[-1]
    shorter = [name for name, known in roles.items() if _in_short(known, _title(reading))]
    unnamed = shorter or [application for application, known in roles.items() if not known]
    return unnamed[-1] if len(unnamed) == 1 else None


def _title(reading: Reading) -> str:
    """Return the title of the job, "" where none is named; a test may be named in its place."""
    title = reading.facts.role or ""
    is_test = reading.verdict.label is Label.ASSESSMENT and not looks_like_role(title)
    return "" if is_test else title


def _in_short(one: str, other: str) -> bool:
    """Tell whether one title is the other without what stands behind a comma or a dash."""
    short, long = sorted((one, other), key=len)
    head, *addition = _ADDITION.split(long, maxsplit=1)
    same = compared_role(head) == compared_role(short) != ""
    return same and bool(addition) and not _OTHER_LEVEL.search(addition[0])


def in_its_place(reading: Reading, history: History, senders: Senders) -> Reading:
    """Return a reading whose verdict knows that the mail is part of an application.

    What answers in the thread of one, or comes from a person who wrote in it, is no ordinary mail,
    no job alert and no first letter of a recruiter: the other labels share what these had.
    """
    verdict = reading.verdict
    placed = {
        label: share if label in PART_OF_AN_APPLICATION else 0.0
        for label, share in verdict.probabilities.items()
    }
    rest = sum(placed.values())
    if rest <= 0 or not _continues(reading.message, history, senders):
        return reading
    shares = {label: share / rest for label, share in placed.items()}
    return replace(
        reading,
        verdict=replace(
            verdict,
            label=max(shares, key=shares.__getitem__),
            probability=shares[Label.REJECTION],
            probabilities=shares,
        ),
    )


def _continues(message: Message, history: History, senders: Senders) -> bool:
    """Tell whether a mail answers one of an application, or has a writer of one."""
    named = {*message.in_reply_to, *message.references}
    if not named.isdisjoint(history.by_message_id):
        return True
    author = message.author
    return author is not None and author.addr in history.writers and not is_relay(author, senders)


def belongs(reading: Reading, history: History) -> bool:
    """Tell whether a mail is about applying for work: by its label, or by the thread it is in."""
    if reading.verdict.label in PART_OF_AN_APPLICATION | {Label.JOB_ALERT, Label.OUTREACH}:
        return True
    message = reading.message
    named = {*message.in_reply_to, *message.references}
    return not named.isdisjoint(history.by_message_id) or history.draft_of(message) is not None


def goes_on(reading: Reading) -> bool:
    """Tell whether a mail says that the application goes on, perhaps after all."""
    return reading.verdict.label in _GOES_ON or reading.facts.takes_back


def written_to(own: Message, history: History, senders: Senders) -> str | None:
    """Return the application whose people a mail of the user's goes to, or None.

    The newest one that a recipient has to do with, of the thread's if it answers one. A forward
    to a friend goes to nobody of the application, whatever its thread.
    """
    recipients = [address for address in (*own.to, *own.cc) if address.addr]
    for name in (*own.in_reply_to, *reversed(own.references)):
        known = history.by_message_id.get(name)
        if known and _involves(history.of_application(known.application), recipients, senders):
            return known.application
    for entry in reversed(history.entries):
        if entry.when <= own.when and not entry.own and _involves([entry], recipients, senders):
            return entry.application
    return None


def _involves(entries: Iterable[Entry], people: Iterable[Address], senders: Senders) -> bool:
    """Tell whether one of these people, or of their houses, has to do with these messages."""
    known = [
        address
        for entry in entries
        for address in (
            *(() if entry.own else entry.message.from_),
            *entry.message.reply_to,
            *((entry.reading.facts.contact,) if entry.reading.facts.contact else ()),
        )
    ]
    return any(
        person.addr == address.addr
        or (not is_relay(address, senders) and same_house(person, address, senders))
        for person in people
        for address in known
    )
