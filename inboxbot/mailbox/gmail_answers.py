"""The answers of Gmail's API, as far as they are read, as frozen values.

JSON is checked against these types once, by `read`; nothing above sees a dictionary.
developers.google.com/workspace/gmail/api/reference/rest describes every field.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from inboxbot.core.types import EPOCH

INBOX, SENT, DRAFT, TRASH, SPAM = "INBOX", "SENT", "DRAFT", "TRASH", "SPAM"
HIDING = frozenset({TRASH, SPAM})
"""Labels whose mail stands under no other one."""
ARCHIVED = "ARCHIVED"
"""No label of Gmail's: the lack of one of those that put a mail into a place."""
_PLACES = frozenset({INBOX, SENT, DRAFT, "CHAT"}) | HIDING

_CAPITAL = re.compile("[A-Z]")
_MOST_MILLISECONDS = 253_402_300_799_000  # the end of the year 9999
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """users.getProfile: whose mailbox it is, and the newest change."""

    email_address: str
    history_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label: Gmail's own (its id is a word), or the user's."""

    id: str
    name: str
    type: str = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """users.labels.list."""

    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header field of a part, decoded by Gmail."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A part's content: its size, decoded, and the content itself or a token for it."""

    size: int = 0
    data: str = ""
    attachment_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A part of a mail, with the parts in it."""

    mime_type: str = ""
    headers: tuple[Header, ...] = ()
    body: Body = Body()
    parts: "tuple[Payload, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """users.messages.get, in whatever format it was asked for."""

    id: str
    thread_id: str = ""
    label_ids: tuple[str, ...] | None = None
    internal_date: int = 0  # milliseconds since 1970
    size_estimate: int = 0
    raw: str = ""
    payload: Payload | None = None

    @property
    def labels(self) -> frozenset[str]:
        """Return the ids of its labels."""
        return frozenset(self.label_ids or ())

    @property
    def received(self) -> datetime:
        """Return when it came. One without a date that can be read counts as old."""
        if not 0 < self.internal_date <= _MOST_MILLISECONDS:
            return EPOCH
        return datetime.fromtimestamp(self.internal_date / 1000, UTC)

    @property
    def flags(self) -> frozenset[str]:
        """Return the IMAP flags that mean what its labels mean."""
        meaning = (("\\Draft", DRAFT in self.labels), ("\\Flagged", "STARRED" in self.labels))
        told = {flag for flag, holds in meaning if holds}
        return frozenset(told if "UNREAD" in self.labels else {*told, "\\Seen"})

    def lies_in(self, label: str) -> bool:
        """Return whether it stands under a label: what is in Trash or Spam stands there alone."""
        if label == ARCHIVED:
            return not self.labels & _PLACES
        return label in self.labels and not (self.labels & HIDING) - {label}


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """users.messages.list."""

    messages: tuple[Message, ...] = ()
    next_page_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft: its id stays while the user edits it, that of its message changes each time."""

    id: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """users.drafts.list."""

    drafts: tuple[Draft, ...] = ()
    next_page_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A message that was added, or got labels, or lost some."""

    message: Message
    label_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What happened at one moment."""

    id: int = 0
    messages_added: tuple[Change, ...] = ()
    labels_added: tuple[Change, ...] = ()
    labels_removed: tuple[Change, ...] = ()

    def arrivals(self, label: str) -> tuple[str, ...]:
        """Return the messages that came under a label.

        A message whose labels are not told (the reference promises none) may have.
        """
        if label == ARCHIVED:
            return self._archived()
        added = (one.message for one in self.messages_added)
        here = [one.id for one in added if one.label_ids is None or label in one.label_ids]
        moved = [one.message.id for one in self.labels_added if label in one.label_ids]
        return (*here, *moved)

    def _archived(self) -> tuple[str, ...]:
        taken = (one for one in self.labels_removed if _PLACES.intersection(one.label_ids))
        messages = (one.message for one in (*self.messages_added, *taken))
        return tuple(one.id for one in messages if one.label_ids is None or one.lies_in(ARCHIVED))


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """users.history.list."""

    history: tuple[Record, ...] = ()
    history_id: int
    next_page_token: str = ""


def read(said: Any, kind: type[_T]) -> _T:
    """Return an answer as a value; what Google left out is empty. Raise ValueError."""
    try:
        return msgspec.convert(_snake_case(said), kind, strict=False)
    except (msgspec.ValidationError, RecursionError):
        # From None: the text may hold a piece of a mail.
        raise ValueError("not what was asked for") from None


def _snake_case(said: Any) -> Any:
    if isinstance(said, dict):
        names = {name: _CAPITAL.sub(lambda found: f"_{found[0].lower()}", name) for name in said}
        return {names[name]: _snake_case(value) for name, value in said.items()}
    return [_snake_case(one) for one in said] if isinstance(said, list) else said


def octets(text: str) -> bytes:
    """Decode base64url, padded or not (RFC 4648 §5). Raise ValueError where it is none."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None


def encoded(data: bytes) -> str:
    """Encode as base64url."""
    return base64.urlsafe_b64encode(data).decode("ascii")


def oldest_first(records: Sequence[Record]) -> list[Record]:
    """Return records by their ids: Google has told them in other orders.

    github.com/googleapis/google-api-nodejs-client/issues/3508.
    """
    return sorted(records, key=lambda record: record.id)
