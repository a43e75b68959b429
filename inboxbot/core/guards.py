"""Who must never be answered: addresses and header traits that no person stands behind."""

import re
from dataclasses import dataclass
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from inboxbot.core.types import Address, Message, Trait

_TOKEN = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Senders:
    """config/senders.toml as a value: who mails for employers, and who reads no answers."""

    vendors: frozenset[str] = frozenset()
    boards: frozenset[str] = frozenset()
    dead_domains: frozenset[str] = frozenset()
    dead_words: frozenset[str] = frozenset()
    shared_words: frozenset[str] = frozenset()
    freemail: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable(domain: str) -> str:
    """Return the domain that somebody registered: "eu.mail.acme.co.uk" → "acme.co.uk"."""
    return _suffixes().privatesuffix(domain.rstrip(".")) or domain


def under(domain: str, registered: frozenset[str]) -> bool:
    """Tell whether `domain` is one of `registered` or lies below one, on label boundaries."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in registered for start in range(len(labels)))


def is_relay(address: Address, senders: Senders) -> bool:
    """Tell whether the address belongs to a vendor or a job board, not to an employer."""
    return under(address.domain, senders.vendors) or under(address.domain, senders.boards)


def is_dead(address: Address, senders: Senders) -> bool:
    """Tell whether nobody reads mail to this address, by its name alone."""
    if "@" not in address.addr or not address.local or "." not in address.domain:
        return True
    if under(address.domain, senders.dead_domains):
        return True
    squeezed = _TOKEN.sub("", address.local)
    words = set(_TOKEN.split(address.local))
    # Joined: no-reply, no_reply, do.not.reply. In words: x+autoreply, jobs-notification.
    # At the start or end: noreply-emea, greenhouse-noreply, mailer-daemon.
    return (
        not senders.dead_words.isdisjoint(words)
        or squeezed in senders.dead_words
        or any(
            squeezed.startswith(word) or squeezed.endswith(word)
            for word in senders.dead_words
            if len(word) >= len("noreply")
        )
    )


def is_shared(address: Address, senders: Senders) -> bool:
    """Tell whether several people read this address: careers@, jobs-emea@, bewerbung@."""
    return not senders.shared_words.isdisjoint(_TOKEN.split(address.local))


def answers_go_nowhere(message: Message) -> bool:
    """Tell whether the headers say that From and Reply-To of this mail must not be answered."""
    return bool(message.traits)


def is_from_machine(message: Message) -> bool:
    """Tell whether this mail reports or answers by itself: a bounce, a receipt, an auto-reply."""
    return not message.traits.isdisjoint(
        {
            Trait.DELIVERY_REPORT,
            Trait.READ_RECEIPT,
            Trait.ABUSE_REPORT,
            Trait.AUTO_REPLY,
            Trait.NULL_RETURN_PATH,
        }
    )


def same_house(one: Address, other: Address, senders: Senders) -> bool:
    """Tell whether two addresses share a registrable domain that is not a public provider's."""
    if one.addr == other.addr:
        return True
    shared = registrable(one.domain) == registrable(other.domain)
    return shared and not under(one.domain, senders.freemail)
