"""A message as it is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.servers.gmail.mail import Mail
from tests.servers.gmail.search import Seen

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message; its content never changes: what is edited is another message."""

    id: str
    thread_id: str
    mail: Mail
    labels: tuple[str, ...]
    received_ms: int  # since 1970, UTC
    kept: datetime  # when it was put in, whatever it is dated
    history_id: int

    @property
    def received(self) -> datetime:
        """When it came."""
        return _EPOCH + timedelta(milliseconds=self.received_ms)

    @property
    def seen(self) -> Seen:
        """What a search sees of it."""
        return Seen(
            message_id=self.mail.message_id,
            labels=frozenset(self.labels),
            received=self.received,
            octets=len(self.mail.raw),
        )


def milliseconds(moment: datetime) -> int:
    """Count from 1970, as `internalDate` does."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def is_id(text: str) -> bool:
    """Tell whether a text has the form of a message's or a thread's id."""
    return 0 < len(text) <= 16 and all(letter in "0123456789abcdef" for letter in text)
