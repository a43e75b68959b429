"""What was asked before: history → the drafts that stand in the way, or the one to replace. Pure.

One employer, and one person, is asked once in a while. Where the earlier draft still lies untouched
it is replaced by one that names both roles, so that nobody is asked twice.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from inboxbot.core.contact import Owner, find_contact
from inboxbot.core.guards import Senders
from inboxbot.core.history import History, normal_employer, normal_role
from inboxbot.core.plan import Basis, Contact, DraftRecord, DraftState, Reason
from inboxbot.core.types import Reading

_UNTOUCHED = frozenset({DraftState.INTENDED, DraftState.WAITING})


def asked_before(
    reading: Reading, employer: str | None, contact: Contact | Reason, history: History,
    since: datetime,
) -> tuple[DraftRecord, ...]:  # fmt: skip
    """Return the drafts since then to this employer or person, this mail's own one aside."""
    name = normal_employer(employer)
    address = "" if isinstance(contact, Reason) else contact.address.addr
    return tuple(
        record
        for record in history.drafts
        if record.planned >= since
        and record.state is not DraftState.WITHDRAWN
        and record.answered != reading.message.key
        and (record.to.addr == address or (name and normal_employer(record.employer) == name))
    )


def can_say_more(asked: tuple[DraftRecord, ...], employer: str | None) -> DraftRecord | None:
    """Return the one draft that may be replaced: untouched, a mere question, to this employer.

    One person may recruit for several employers; a letter about both would tell each of the other.
    """
    name = normal_employer(employer)
    match asked:
        case [one] if one.state in _UNTOUCHED and one.only_asks:
            return one if name and normal_employer(one.employer) == name else None
        case _:
            return None


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
    roles = {normal_role(name): name for name in (*earlier, *([role] if role else ()))}
    return tuple(roles.values())
