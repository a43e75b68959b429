"""Whom to ask: reading + history → a contact, or the reason why nobody can be asked.

The order of DESIGN.md, the first that stands: Reply-To; From, or whoever has taken over from them;
an address that the mail names for questions; the people who wrote earlier in the same application;
who organised its talks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inboxbot.core.authentication import dmarc
from inboxbot.core.facts.people import has_own_box
from inboxbot.core.guards import (
    Senders,
    answers_go_nowhere,
    is_dead,
    is_relay,
    is_shared,
    same_house,
    under,
)
from inboxbot.core.history import Entry, History, house_of, leading_names
from inboxbot.core.plan import Basis, Confidence, Contact, Reason
from inboxbot.core.successors import in_charge
from inboxbot.core.types import Address, Label, Message, Reading, Trait

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
    """Tell whether the person who is asked has told of the decision: by hand, or in their name."""
    if contact.basis is Basis.EARLIER_MESSAGE:
        told_before = contact.parent.verdict.label is Label.REJECTION
        return told_before or contact.parent.message.key == reading.message.key
    if contact.basis is Basis.NAMED_IN_TEXT:
        return bool(contact.address.name) and contact.address.name == reading.facts.signature
    return contact.basis in {Basis.REPLY_TO, Basis.SENDER}


def _is_author(address: Address, message: Message) -> bool:
    return any(address.addr == author.addr for author in message.from_)


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
            reads = self._sender_reads()
            for address in message.reply_to:
                if reads or not _is_author(address, message):
                    yield from self._stand(address, Basis.REPLY_TO)
            if reads:
                yield from self._in_charge(message.from_[0], Basis.SENDER)
        named = self.reading.facts.contact
        if named is not None and self._at_the_employer(named):
            yield from self._stand(named, Basis.NAMED_IN_TEXT)
        yield from self._people_before()
        yield from self._organisers()

    def _sender_reads(self) -> bool:
        """Tell whether From may be answered, as far as the mail shows.

        Two From headers are a forger's. "Do not reply to this mail" is meant, unless a reply is how
        to ask for feedback.
        """
        message, facts = self.reading.message, self.reading.facts
        if len(message.from_) != 1 or under(message.from_[0].domain, self.senders.boards):
            return False
        by_reply = facts.offers_feedback and facts.offers_feedback_link is None
        return by_reply or not facts.takes_no_replies

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
        return self._carries_employer(address) or self._seen_before(address)

    def _carries_employer(self, address: Address) -> bool:
        """Tell whether a domain is the employer's name, or its first words: nothing around it.

        "northwind-maps.example" and "northwind.example" for Northwind Maps; never
        "northwind-careers.example", which anybody can register.
        """
        if under(address.domain, self.senders.freemail):
            return False
        return house_of(address) in leading_names(self.reading.facts.employer)

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
        return at_home or self._carries_employer(address) or self._seen_before(address)

    def _people_before(self) -> Iterator[Contact]:
        """Yield earlier authors: who recruits first, then who coordinates, then the newest."""
        people = [
            (writer, entry.reading)
            for entry in reversed(self.before)
            if (writer := self._writer(entry)) is not None
        ]
        recruiters = {writer.addr for writer, reading in people if reading.facts.recruits}
        # Whoever wrote before there was an application may know nothing of it.
        involved = {
            writer.addr for writer, reading in people if reading.verdict.label is not Label.OUTREACH
        }
        people.sort(
            key=lambda person: (
                person[0].addr not in involved,
                person[0].addr not in recruiters,
                person[1].verdict.label not in _COORDINATING,
            )
        )
        for writer, _ in people:
            yield from self._in_charge(writer, Basis.EARLIER_MESSAGE)

    def _in_charge(self, writer: Address, basis: Basis) -> Iterator[Contact]:
        """Yield the writer, or whoever has taken over from them since."""
        person = in_charge(writer, self.before, self.senders)
        if person is not None:
            yield from self._stand(person, basis if person == writer else Basis.NAMED_IN_TEXT)

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

    def _writer(self, entry: Entry) -> Address | None:
        """Return the person who wrote an earlier message, or in whose name a machine did."""
        message = entry.message
        if entry.own or message.key == self.reading.message.key or len(message.from_) != 1:
            return None
        if answers_go_nowhere(message):
            return None
        author = message.from_[0]
        # A friend whom the user forwarded the mail to writes in the thread as well.
        if entry.reading.verdict.label is Label.NOT_JOB and not self._recruits(author):
            return None
        unread = entry.reading.facts.takes_no_replies or is_dead(author, self.senders)
        if unread or is_relay(author, self.senders):
            return self._reply_to_of(message) or (None if unread else self._own_box(author))
        return None if self._leads_away(message) or self._chimes_in(message) else author

    def _reply_to_of(self, message: Message) -> Address | None:
        """Return the Reply-To of a machine's earlier mail, outside the vendor's house."""
        if not all(self._reply_to_stands(address, message) for address in message.reply_to):
            return None
        for address in message.reply_to:
            dead = is_dead(address, self.senders) or _is_author(address, message)
            if not dead and not is_relay(address, self.senders):
                return address
        return None

    def _own_box(self, author: Address) -> Address | None:
        """Return a recruiter who writes from a box of their own at the vendor (Teamtailor)."""
        firm = leading_names(self.reading.facts.employer)
        named_after_firm = not firm.isdisjoint(leading_names(author.name))
        at_vendor = under(author.domain, self.senders.vendors)
        return author if at_vendor and has_own_box(author) and not named_after_firm else None

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
        """Return the newest message that this person wrote in the application, else the mail.

        Where they wrote none themselves: the newest that was sent in their name (Reply-To).
        """
        theirs = [
            entry.reading
            for entry in reversed(self.before)
            if not entry.own and Trait.AUTO_REPLY not in entry.message.traits
        ]
        for reading in theirs:
            author = reading.message.author
            if author is not None and author.addr == address.addr:
                return reading
        in_their_name = (
            reading
            for reading in theirs
            if any(named.addr == address.addr for named in reading.message.reply_to)
        )
        return next(in_their_name, self.reading)
