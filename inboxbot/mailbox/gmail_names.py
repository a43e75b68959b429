"""Which message of a label is ours: by the key in its Message-ID, asked once for each message.

A search by Message-ID is cheap and lags; lists tell of everything at once, but each message of
them costs as much as reading it. So the newest are looked at, and the rest is searched.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxbot.core.types import EPOCH, Key
from inboxbot.mailbox.gmail_answers import DRAFT, TRASH, Message
from inboxbot.mailbox.gmail_batch import chunks
from inboxbot.mailbox.gmail_fetch import FORMER_ID
from inboxbot.mailbox.gmail_gateway import GmailGateway
from inboxbot.mailbox.gmail_place import Place
from inboxbot.mailbox.headers import fields, header_block

_HEADERS = ("Message-ID", FORMER_ID)
_MOST = 50  # are looked at, and twice as many drafts
_STEP = 10
_SEARCHABLE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Named:
    names: str  # all that its Message-ID fields hold
    received: datetime


class Names:
    """The Message-IDs of one session; the content of a message never changes."""

    def __init__(
        self, gateway: GmailGateway, domains: Sequence[str], now: Callable[[], datetime]
    ) -> None:
        self._gateway = gateway
        self._domains = domains
        self._now = now
        self._known: dict[str, _Named] = {}  # by the id of the message

    def candidates(self, label: str, key: Key) -> list[Place]:
        """Return the messages of a label that may have the key."""
        found = [
            message.id
            for domain in self._domains
            for message in self._gateway.listed(label, query=f"rfc822msgid:{key}@{domain}")
        ]
        if label == DRAFT:
            drafts = self._gateway.drafts()
            return [
                place
                for number, place in enumerate(drafts)
                if number < 2 * _MOST or place.message in found
            ]
        if label == TRASH:
            # A draft that was thrown away stays a draft there; Gmail may have renamed it.
            drafts_there = self._gateway.listed(TRASH, DRAFT, most=2 * _MOST)
            found += [message.id for message in drafts_there]
        newest = self._newest(label)
        return [Place(label, message) for message in dict.fromkeys((*found, *newest))]

    def holding(self, key: Key, places: Iterable[Place]) -> list[Place]:
        """Return the places whose message has the key in its Message-ID, the oldest first."""
        asked = list(places)
        self._learn(asked)
        known = [(self._known.get(place.message), place) for place in asked]
        ours = [(named.received, place) for named, place in known if named and key in named.names]
        return [place for _, place in sorted(ours, key=lambda one: one[0])]

    def _newest(self, label: str) -> list[str]:
        """Return the newest messages, as far back as a search may not know them yet."""
        newest: list[str] = []
        searchable = self._now() - _SEARCHABLE_AFTER
        listed = [Place(label, one.id) for one in self._gateway.listed(label, most=_MOST)]
        for some in chunks(listed, _STEP):
            self._learn(some)
            newest += [place.message for place in some]
            dates = [named.received for one in some if (named := self._known.get(one.message))]
            if max(dates, default=EPOCH) < searchable:
                break
        return newest

    def _learn(self, places: Sequence[Place]) -> None:
        unknown = [place for place in places if place.message not in self._known]
        for place, message in self._gateway.read(unknown, "metadata", _HEADERS).items():
            if message is not None:
                self._known[place.message] = _Named(_names_of(message), message.received)


def _names_of(message: Message) -> str:
    wanted = {name.lower() for name in _HEADERS}
    headers = message.payload.headers if message.payload else ()
    values = (header.value for header in headers if header.name.lower() in wanted)
    return "\n".join("".join(value.split()) for value in values)


def alike(ours: bytes, theirs: bytes) -> bool:
    """Return whether two drafts are one letter, whatever they are called by."""
    return _letter(ours) == _letter(theirs)


def _letter(data: bytes) -> tuple[object, ...]:
    about = tuple(tuple(fields(data, name)) for name in ("To", "Subject", "In-Reply-To"))
    return (*about, b"".join(data[len(header_block(data)) :].split()))
