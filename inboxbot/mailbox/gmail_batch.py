"""Many messages in one request: places → those that are there, in the format asked for.

    places | one batch | answers; what is in trouble | wait | that again, in smaller batches

A message that Gmail cannot tell, while it tells others, is given up: one bad message stops no poll.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from googleapiclient.errors import BatchError, HttpError

from inboxbot.errors import MailboxError
from inboxbot.mailbox.gmail_advice import Kind, Trouble
from inboxbot.mailbox.gmail_answers import Draft, Message, octets, read
from inboxbot.mailbox.gmail_asking import UNITS, Asking
from inboxbot.mailbox.gmail_place import Place

BATCH_MESSAGES = 25  # of 128 KiB each, and twice in memory; Google advises no more than 50

Told = dict[Place, Message | None]
"""The messages that are there; None for one that Gmail cannot tell."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """One kind of question about messages, and how Google's library puts it."""

    asking: Asking
    get: Callable[[Place], Any]  # the request for one message
    join: Callable[..., Any]  # makes an empty batch
    newest: Callable[[int], Sequence[Place]]  # so many messages, to compare with

    def read(self, places: Sequence[Place]) -> Told:
        """Return the messages that are there. Raise MailboxError and TokenDead."""
        told: Told = {}
        for batch in chunks(places, BATCH_MESSAGES):
            told |= self._read(batch)
        return told

    def _read(self, places: Sequence[Place]) -> Told:
        told: Told = {}
        patience = self.asking.patience()
        waiting, size = list(places), len(places)
        while waiting:
            outcomes: dict[Place, Message | Trouble] = {}
            for batch in chunks(waiting, size):
                outcomes |= self._ask(batch)
            told |= {place: one for place, one in outcomes.items() if isinstance(one, Message)}
            troubles = _to_bear(outcomes)
            if not troubles:
                break
            waiting, size = list(troubles), max(1, size // 4)  # one of them may be the reason
            gravest = _gravest(troubles)
            try:
                self.asking.bear(gravest, patience)
            except MailboxError:
                # Never for a refusal: that a quota is used up says nothing of the message.
                if gravest.kind is Kind.DOUBT and self._tells_others(list(told), waiting):
                    return told | dict.fromkeys(waiting)
                raise
        return told

    def _tells_others(self, told: Sequence[Place], waiting: Sequence[Place]) -> bool:
        """Return whether it is these messages that cannot be told, and not Gmail that is ill."""
        ids = {place.message for place in waiting}
        others = [place for place in self.newest(len(ids) + 1) if place.message not in ids]
        answers = self._ask((*told, *others)[:1])
        return any(isinstance(answer, Message) for answer in answers.values())

    def _ask(self, places: Sequence[Place]) -> dict[Place, Message | Trouble]:
        """Ask for messages in one request; what its answer does not mention is in trouble."""
        outcomes: dict[Place, Message | Trouble] = {}

        def take(number: str, said: Any, err: HttpError | None) -> None:
            place = places[int(number)]
            outcomes[place] = self.asking.trouble(err) if err else self._message(place, said)

        batch = self.join(callback=take)
        for number, place in enumerate(places):
            batch.add(self.get(place), request_id=str(number))
        units = sum(UNITS["drafts.get" if place.draft else "messages.get"] for place in places)
        lost = self.asking.once(units, self._carrying_out(batch)) or self.asking.garbled()
        return {place: outcomes.get(place, lost) for place in places}

    def _carrying_out(self, batch: Any) -> Callable[[], None]:
        def attempt() -> None:
            try:
                batch.execute(http=self.asking.transport)
            except (BatchError, LookupError, TypeError, AttributeError):
                # What the library's reader of multipart trips over.
                raise ValueError("no batch") from None

        return attempt

    def _message(self, place: Place, said: Any) -> Message | Trouble:
        """Return the message of an answer; that of a draft is gone where it is another by now."""
        try:
            message = read(said, Draft).message if place.draft else read(said, Message)
            octets(message.raw)
        except ValueError:
            return self.asking.garbled()
        if message.id == place.message:
            return message
        return Trouble(kind=Kind.GONE, error=MailboxError("edited since"))


def _to_bear(outcomes: Mapping[Place, Message | Trouble]) -> dict[Place, Trouble]:
    """Return what is in trouble; that something is gone is an answer."""
    return {
        place: one
        for place, one in outcomes.items()
        if isinstance(one, Trouble) and one.kind is not Kind.GONE
    }


def _gravest(troubles: Mapping[Place, Trouble]) -> Trouble:
    """Return the trouble that decides what is done: a refusal, a dead token, the longest wait."""
    order = (Kind.DOUBT, Kind.BUSY, Kind.RENEW, Kind.EXISTS, Kind.REFUSED)
    return max(troubles.values(), key=lambda one: (order.index(one.kind), one.retry_after_seconds))


def chunks(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Cut a sequence into pieces of a size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
