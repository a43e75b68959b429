"""Who has taken over from whom in an application: its messages → the person in charge. Pure."""

from collections.abc import Iterable

from inboxbot.core.guards import Senders, same_house
from inboxbot.core.history import Entry
from inboxbot.core.types import Address, Trait


def in_charge(writer: Address, entries: Iterable[Entry], senders: Senders) -> Address | None:
    """Return the writer, or whoever has taken over since; None where nobody reads on."""
    successors = _successors(entries, senders)
    person: Address | None = writer
    for _ in successors:  # who takes over may hand over as well, in the end perhaps back
        if person is not None:
            person = successors.get(person.addr, person)
    return person


def _successors(entries: Iterable[Entry], senders: Senders) -> dict[str, Address | None]:
    """Return who has taken over from each address; None where the mailbox says that it is dead.

    A person who writes again is in charge again; one who says "a colleague takes over" without an
    address of the same house still reads mail.
    """
    successors: dict[str, Address | None] = {}
    for entry in entries:
        author, facts = entry.message.author, entry.reading.facts
        if entry.own or author is None:
            continue
        named, machine = facts.contact, Trait.AUTO_REPLY in entry.message.traits
        if facts.hands_over and named is not None and same_house(named, author, senders):
            successors[author.addr] = named
        elif facts.hands_over and machine:
            successors[author.addr] = None
        elif not machine:
            successors.pop(author.addr, None)
    return successors
