"""What was asked before: history → the drafts that stand in the way, or the one to replace. Pure.

One employer, and one person, is asked once in a while. Where the earlier draft still lies untouched
it is replaced by one that names both roles, so that nobody is asked twice.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from inboxbot.core.contact import Owner, find_contact
from inboxbot.core.guards import Senders, is_relay, same_house
from inboxbot.core.history import History, compared_role, house_of, leading_names, normal_employer
from inboxbot.core.plan import Basis, Contact, DraftRecord, DraftState, Reason
from inboxbot.core.types import Address, Reading

_LYING = frozenset({DraftState.WAITING, DraftState.EDITED})
_UNTOUCHED = frozenset({DraftState.INTENDED, DraftState.WAITING})


def asked_before(
    reading: Reading, employer: str | None, contact: Contact | Reason, history: History,
    senders: Senders, since: datetime,
) -> tuple[DraftRecord, ...]:  # fmt: skip
    """Return the drafts since then to this employer or person, this mail's own one aside."""
    person = None if isinstance(contact, Reason) else contact.address
    return tuple(
        record
        for record in history.drafts
        if (record.state in _LYING or (record.sent or record.planned) >= since)
        and record.state is not DraftState.WITHDRAWN
        and record.answered != reading.message.key
        and (_is_person(record, person) or _is_employer(record, employer, person, senders))
    )


def _is_person(record: DraftRecord, person: Address | None) -> bool:
    return person is not None and record.to.addr == person.addr


def _is_employer(
    record: DraftRecord, employer: str | None, person: Address | None, senders: Senders
) -> bool:
    """Tell whether a draft asked this employer: by name, in one house also by its short name."""
    if not employer or not record.employer:
        return False
    if normal_employer(employer) == normal_employer(record.employer):
        return True
    if person is None or is_relay(person, senders):
        return False
    return same_house(person, record.to, senders) and _alike(employer, record.employer)


def can_say_more(
    asked: tuple[DraftRecord, ...],
    employer: str | None,
    contact: Contact | Reason,
    senders: Senders,
) -> DraftRecord | None:
    """Return the one draft that may be replaced: untouched, a mere question, to this employer.

    One person may recruit for several employers; a letter about both would tell each of the other.
    Nor does an agency learn of what the user applied for at the employer directly.
    """
    match asked:
        case [one] if one.state in _UNTOUCHED and one.only_asks:
            one_house = (
                _at_employer(one.to, employer)
                if isinstance(contact, Reason)
                else same_house(contact.address, one.to, senders)
            )
            return one if one_house and employer and _alike(employer, one.employer) else None
        case _:
            return None


def _at_employer(person: Address, employer: str | None) -> bool:
    """Tell whether a person's domain carries the employer's name: an agency's does not."""
    return house_of(person) in leading_names(employer)


def _alike(one: str, other: str | None) -> bool:
    names = {normal_employer(one), normal_employer(other)}
    return len(names) == 1 or bool(names & leading_names(one) & leading_names(other))


def contact_of(
    record: DraftRecord, history: History, owner: Owner, senders: Senders
) -> Contact | None:
    """Return the person whom a draft asks, with the newest that they wrote; None if not found."""
    answered = history.entry(record.answered)
    if answered is None:
        return None
    entries = history.of_application(record.application)
    found = find_contact(answered.reading, entries, history, owner, senders)
    if isinstance(found, Reason) or found.address.addr != record.to.addr:
        return None
    return replace(found, basis=Basis.EARLIER_MESSAGE)


def named_together(earlier: Iterable[str], role: str | None) -> tuple[str, ...]:
    """Return the roles of two drafts, each once, in the order in which they were declined."""
    roles = {compared_role(name): name for name in (*earlier, *([role] if role else ()))}
    return tuple(roles.values())
