"""Whom to ask: reading + history → a contact, or the reason why nobody can be asked.

The order of DESIGN.md, the first that stands: Reply-To; From; an address that the mail names for
questions; the people who wrote earlier in the same application; who organised its talks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inboxbot.core.authentication import dmarc
from inboxbot.core.guards import (
    Senders,
    answers_go_nowhere,
    is_dead,
    is_from_machine,
    is_relay,
    is_shared,
    registrable,
    same_house,
    under,
)
from inboxbot.core.history import Entry, History, leading_names
from inboxbot.core.plan import Basis, Confidence, Contact, Reason
from inboxbot.core.types import Address, Label, Message, Reading

_COORDINATING = frozenset(
    {Label.INTERVIEW, Label.ASSESSMENT, Label.OUTREACH, Label.ACKNOWLEDGEMENT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose mailbox it is."""

    address: str
    name: str = ""
    addresses: frozenset[str] = frozenset()  # all of the user's own, `address` among them
    trusted_server: str = ""  # the provider's authserv-id; "" where it is not known

    def is_me(self, address: Address) -> bool:
        """Tell whether an address is the user's own, plus-addressed or not."""
        local, _, domain = address.addr.partition("@")
        return not self.addresses.isdisjoint({address.addr, f"{local.split('+')[0]}@{domain}"})


def find_contact(
    reading: Reading, before: tuple[Entry, ...], history: History, owner: Owner, senders: Senders
) -> Contact | Reason:
    """Return who can be asked about a rejection, or `unreachable` or `reply_to_mismatch`.

    `before` holds the messages of the same application, oldest first.
    """
    search = _Search(reading, before, history, owner, senders)
    if search.reply_to_is_foreign():
        return Reason.REPLY_TO_MISMATCH
    return next(search.contacts(), Reason.UNREACHABLE)


def wrote_it(contact: Contact, reading: Reading) -> bool:
    """Tell whether the person who is asked has told of the decision, in person or as Reply-To."""
    if contact.basis is Basis.EARLIER_MESSAGE:
        told_before = contact.parent.verdict.label is Label.REJECTION
        return told_before or contact.parent.message.key == reading.message.key
    return contact.basis in {Basis.REPLY_TO, Basis.SENDER}


@dataclass(frozen=True, slots=True)
class _Search:
    reading: Reading
    before: tuple[Entry, ...]
    history: History
    owner: Owner
    senders: Senders

    def contacts(self) -> Iterator[Contact]:
        """Yield everybody who stands, in order."""
        message = self.reading.message
        if not answers_go_nowhere(message):
            for address in message.reply_to:
                yield from self._stand(address, Basis.REPLY_TO)
            # Two From headers are a forger's: neither is asked.
            if len(message.from_) == 1 and not under(message.from_[0].domain, self.senders.boards):
                yield from self._stand(message.from_[0], Basis.SENDER)
        named = self.reading.facts.contact
        if named is not None and self._at_the_employer(named):
            yield from self._stand(named, Basis.NAMED_IN_TEXT)
        yield from self._people_before()
        yield from self._organisers()

    def reply_to_is_foreign(self) -> bool:
        """Tell whether Reply-To leads away from the sender without good ground: held."""
        message = self.reading.message
        if not message.from_ or not message.reply_to:
            return False
        return any(
            not self._reply_to_stands(address, message)
            for address in message.reply_to
            if not self.owner.is_me(address)
        )

    def _reply_to_stands(self, address: Address, message: Message) -> bool:
        sender = message.from_[0]
        if same_house(address, sender, self.senders) and len(message.from_) == 1:
            return True
        if is_dead(address, self.senders):
            return True  # nobody is asked there in any case
        if not under(sender.domain, self.senders.vendors) or len(message.from_) > 1:
            return False
        if dmarc(message, self.owner.trusted_server) not in {"", "pass"}:
            return False
        return self._carries_employer(address.domain) or self._seen_before(address)

    def _carries_employer(self, domain: str) -> bool:
        """Tell whether a domain is the employer's name, or its first words: nothing around it.

        "northwind-maps.example" and "northwind.example" for Northwind Maps; never
        "northwind-careers.example", which anybody can register.
        """
        if under(domain, self.senders.freemail):
            return False
        label = registrable(domain).split(".", 1)[0].replace("-", "")
        return label in leading_names(self.reading.facts.employer)

    def _seen_before(self, address: Address) -> bool:
        return any(
            author is not None and not entry.own and same_house(author, address, self.senders)
            for entry in self.before
            for author in (entry.message.author,)
        )

    def _at_the_employer(self, address: Address) -> bool:
        sender = self.reading.message.author
        at_home = (
            sender is not None
            and not is_relay(sender, self.senders)
            and same_house(sender, address, self.senders)
        )
        return at_home or self._carries_employer(address.domain) or self._seen_before(address)

    def _people_before(self) -> Iterator[Contact]:
        """Yield earlier authors: who recruits first, then who coordinates, then the newest."""
        people = [entry for entry in self.before if self._is_person(entry)]
        recruiters = {
            entry.message.from_[0].addr for entry in people if entry.reading.facts.recruits
        }
        # Whoever wrote before there was an application may know nothing of it.
        involved = {
            entry.message.from_[0].addr
            for entry in people
            if entry.reading.verdict.label is not Label.OUTREACH
        }
        people.sort(key=lambda entry: entry.when, reverse=True)
        people.sort(
            key=lambda entry: (
                entry.message.from_[0].addr not in involved,
                entry.message.from_[0].addr not in recruiters,
                entry.reading.verdict.label not in _COORDINATING,
            )
        )
        for entry in people:
            author = entry.message.author
            if author is not None:
                yield from self._stand(author, Basis.EARLIER_MESSAGE)

    def _organisers(self) -> Iterator[Contact]:
        """Yield who is named as the organiser of a talk, the newest first.

        The invitation itself may come from a machine; the organiser must be of the house that sent
        it, or of the employer's.
        """
        for entry in reversed(self.before):
            author = entry.message.author
            for event in () if entry.own else entry.message.calendar:
                named = event.organizer
                if named is None or is_relay(named, self.senders):
                    continue
                at_home = author is not None and same_house(author, named, self.senders)
                if at_home or self._at_the_employer(named):
                    yield from self._stand(named, Basis.CALENDAR)

    def _is_person(self, entry: Entry) -> bool:
        message = entry.message
        if entry.own or message.key == self.reading.message.key or len(message.from_) != 1:
            return False
        if answers_go_nowhere(message) or is_from_machine(message):
            return False
        if self._leads_away(message) or is_relay(message.from_[0], self.senders):
            return False
        if self._chimes_in(message):
            return False
        # A friend whom the user forwarded the mail to writes in the thread as well.
        return entry.reading.verdict.label is not Label.NOT_JOB or self._recruits(message.from_[0])

    def _chimes_in(self, message: Message) -> bool:
        """Tell whether somebody at a public provider answers what another house has written."""
        if not under(message.from_[0].domain, self.senders.freemail):
            return False
        named = {*message.in_reply_to, *message.references}
        return any(
            not entry.own
            and entry.message.message_id in named
            and entry.message.author is not None
            and entry.message.author.addr != message.from_[0].addr
            for entry in self.before
        )

    def _recruits(self, address: Address) -> bool:
        """Tell whether mail about the application came from this person's house."""
        return any(
            author is not None
            and not entry.own
            and entry.reading.verdict.label is not Label.NOT_JOB
            and same_house(author, address, self.senders)
            for entry in self.before
            for author in (entry.message.author,)
        )

    def _leads_away(self, message: Message) -> bool:
        return any(
            not same_house(address, message.from_[0], self.senders) for address in message.reply_to
        )

    def _stand(self, address: Address, basis: Basis) -> Iterator[Contact]:
        if is_dead(address, self.senders) or self.owner.is_me(address):
            return
        if address.addr in self.history.dead:
            return
        yield Contact(
            address=address,
            basis=basis,
            parent=self._parent(address),
            confidence=self._confidence(address, basis),
        )

    def _confidence(self, address: Address, basis: Basis) -> Confidence:
        """Return how sure it is that this address is read by somebody who knows."""
        doubts = (basis is Basis.CALENDAR) + is_shared(address, self.senders)
        return list(Confidence)[doubts]

    def _parent(self, address: Address) -> Reading:
        """Return the newest message that this person wrote in the application, else the mail."""
        for entry in reversed(self.before):
            author = entry.message.author
            if not entry.own and author is not None and author.addr == address.addr:
                return entry.reading
        return self.reading
