"""What is new under a label: cursor → slices, by history; where that does not reach, by a search.

cursor | history since | messages added or moved in                          | slices
       | 404, or none  | search by date + the newest that it does not know   |
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from inboxbot.core.types import EPOCH, Cursor
from inboxbot.mailbox.gmail_answers import ARCHIVED, DRAFT
from inboxbot.mailbox.gmail_batch import chunks
from inboxbot.mailbox.gmail_cursor import Position, position
from inboxbot.mailbox.gmail_fetch import SMALL_OCTETS
from inboxbot.mailbox.gmail_gateway import GmailGateway
from inboxbot.mailbox.gmail_place import Place
from inboxbot.ports import Slice

SLICE_MESSAGES = 200
_DAY = timedelta(days=1)
_NEWEST = 100  # are compared with what a search finds
_STEP = 10
_MOST_ARCHIVED = 200  # are read whatever their date: 40 units of the quota each


class News:
    """Looks at labels for what has come."""

    def __init__(self, gateway: GmailGateway, now: Callable[[], datetime]) -> None:
        self._gateway = gateway
        self._now = now
        self.small: set[str] = set()  # ids of messages that a search has told to be so

    def slices(self, label: str, cursor: Cursor | None, since: datetime) -> Iterator[Slice]:
        """Yield what came after the cursor; without a good one, what came since a date."""
        known = position(cursor, label)
        happened = self._gateway.happened(label, known.history) if known else None
        waiting = known.waiting if known else ()
        if known is not None and happened is not None:
            arrived, newest, restarted = happened.arrived, happened.newest, False
            if label == ARCHIVED and len(arrived) > _MOST_ARCHIVED:
                arrived = self._recent(arrived, since)
        else:
            # Asked before anything is listed: what comes meanwhile is told twice, not never.
            newest = self._gateway.profile().history_id
            # A history that is lost may have been lost for longer than a first look goes back.
            start = min(since, known.looked - _DAY) if known else since
            arrived, restarted = tuple(self._since(label, start)), cursor is not None
        at = Position(label=label, history=newest, looked=self._now())
        places = self.places(label, dict.fromkeys((*waiting, *arrived)))
        yield from _sliced(at, places, restarted=restarted)

    def places(self, label: str, messages: Iterable[str]) -> list[Place]:
        """Return where messages lie; of drafts, those that are still there and not in Trash."""
        wanted = list(messages)
        if label != DRAFT or not wanted:
            return [Place(label, message) for message in wanted]
        drafts = {place.message: place for place in self._gateway.drafts()}
        return [drafts[message] for message in wanted if message in drafts]

    def _recent(self, archived: Sequence[str], start: datetime) -> tuple[str, ...]:
        """Return what is new of thousands of messages that the user has put away at once."""
        query = f"after:{int(start.timestamp())}"
        recent = {message.id for message in self._gateway.listed(ARCHIVED, query=query)}
        return tuple(message for message in archived if message in recent)

    def _since(self, label: str, start: datetime) -> list[str]:
        """Return the messages since a date, oldest first as far as Gmail lists them so."""
        if start <= EPOCH + _DAY:
            return [message.id for message in reversed(self._gateway.listed(label))]
        query = f"after:{int(start.timestamp())}"
        found = [message.id for message in reversed(self._gateway.listed(label, query=query))]
        if found:
            large = self._gateway.listed(label, query=f"{query} larger:{SMALL_OCTETS}")
            self.small |= set(found) - {message.id for message in large}
        return [*found, *self._not_found_yet(label, start, set(found))]

    def _not_found_yet(self, label: str, start: datetime, found: set[str]) -> list[str]:
        """Return the newest messages that a list tells of and a search does not, for it lags."""
        newest = [Place(label, message.id) for message in self._gateway.listed(label, most=_NEWEST)]
        missed: list[str] = []
        for some in chunks([place for place in newest if place.message not in found], _STEP):
            told = self._gateway.read(some, "minimal")
            fresh = [place for place, one in told.items() if one is None or one.received >= start]
            if not fresh:
                break
            there = (place for place in fresh if (one := told[place]) is None or one.lies_in(label))
            missed += [place.message for place in there]
        return missed[::-1]


def _sliced(at: Position, places: Sequence[Place], *, restarted: bool) -> Iterator[Slice]:
    """Yield messages in slices, each with a cursor that holds what comes after it."""
    for start in range(0, len(places), SLICE_MESSAGES) or range(1):
        these = places[start : start + SLICE_MESSAGES]
        rest = tuple(place.message for place in places[start + SLICE_MESSAGES :])
        behind = Position(label=at.label, history=at.history, looked=at.looked, waiting=rest)
        yield Slice(
            locators=tuple(place.locator for place in these),
            cursor=behind.to_cursor(),
            remaining=len(rest),
            restarted=restarted,
        )
