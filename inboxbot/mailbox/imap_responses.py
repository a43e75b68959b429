"""Lines of FETCH and other responses → strict values, each response read on its own.

IMAPClient reads all FETCH responses at once: one that is malformed spoils the rest, and one without
a UID (a flag that another client changed) is kept under its sequence number, as if that were the
UID of quite another message.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import decode, encode
from imapclient.response_parser import (
    parse_fetch_response,
    parse_response,
)

from inboxbot.mailbox.folders import ListedFolder
from inboxbot.mailbox.imap_transport import NUL
from inboxbot.ports import Room

UNPARSABLE = (
    ProtocolError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What the parser raises on what is not IMAP: open brackets, empty lists, numbers for names,
thousands of levels, dates beyond the end of time."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ENDLESS = 1 << 63  # no number64 reaches it (RFC 9051 §9)
_UID = re.compile(rb"\bUID ([0-9]{1,10})\b", re.IGNORECASE)
_SECTION = re.compile(rb"BODY\[([^\]]*)\](?:<[0-9]+>)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What the server tells of one message; None or absent where it does not."""

    size: int | None = None  # octets
    received: datetime | None = None
    flags: frozenset[str] = frozenset()
    structure: object = None  # BODYSTRUCTURE: nested sequences of bytes, numbers and None
    sections: Mapping[str, bytes | None] = field(default_factory=dict)  # "1.MIME" → its octets

    def octets(self, section: str) -> bytes:
        """Return a section; b"" where there is none."""
        return self.sections.get(section) or b""


@dataclass(frozen=True, slots=True)
class Answer:
    """The messages of one FETCH by UID, and those whose response could not be read."""

    messages: Mapping[int, Fetched]
    unreadable: frozenset[int] = frozenset()


def answer(lines: Iterable[Any], wanted: AbstractSet[int]) -> Answer:
    """Return what FETCH responses say of the wanted messages; the rest was not asked for."""
    told: dict[int, dict[bytes, Any]] = {}
    unreadable: set[int] = set()
    for response in _responses(lines):
        try:
            attributes = _attributes(response)
        except UNPARSABLE:
            unreadable |= _uid_hint(response) & wanted
            continue
        uid = attributes.get(b"UID")
        if isinstance(uid, int) and uid in wanted:
            told.setdefault(uid, {}).update(attributes)
    messages = {uid: _fetched(attributes) for uid, attributes in told.items()}
    return Answer(messages, frozenset(unreadable))


def listed_folders(lines: Iterable[Any]) -> Iterator[ListedFolder]:
    """Yield the folders of LIST responses; one whose name cannot be read hides no other."""
    for response in _responses(lines):
        try:
            attributes, _, raw = parse_response(response)
            name = _folder_name(raw)
        except UNPARSABLE:
            continue
        if name and not CONTROL.search(name):
            yield ListedFolder(name, frozenset(_word(attribute) for attribute in attributes))


def rights(lines: Iterable[Any]) -> frozenset[str] | None:
    """Return the rights of a MYRIGHTS response, a letter each; None where it cannot be read."""
    for response in _responses(lines):
        with suppress(*UNPARSABLE):
            _, letters = parse_response(response)
            return frozenset(_word(letters))
    return None


def rooms(lines: Iterable[Any]) -> Iterator[Room]:
    """Yield what QUOTA responses say of storage, which they count in units of 1024 octets."""
    for response in _responses(lines):
        with suppress(*UNPARSABLE):
            _, told = parse_response(response)
            for resource, used, limit in zip(told[::3], told[1::3], told[2::3], strict=True):
                if _word(resource).upper() == "STORAGE" and 0 <= used < _ENDLESS > limit > 0:
                    yield Room(used * 1024, limit * 1024)


def _responses(lines: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the lines of each response: imaplib gives (line, literal) until the line that ends."""
    response: list[Any] = []
    for line in lines:
        if line is None:
            continue
        response.append(line)
        if not isinstance(line, tuple):
            yield response
            response = []


def _attributes(response: list[Any]) -> dict[bytes, Any]:
    if any(NUL in _text(line) for line in response):
        raise ProtocolError("a line was too long")
    parsed = parse_fetch_response(response, normalise_times=False, uid_is_key=False)
    ((_, attributes),) = parsed.items()
    return dict(attributes)


def _uid_hint(response: list[Any]) -> set[int]:
    found = _UID.search(_text(response[0]))
    return {int(found[1])} if found else set()


def _fetched(attributes: Mapping[bytes, Any]) -> Fetched:
    size = attributes.get(b"RFC822.SIZE")
    flags = attributes.get(b"FLAGS")
    return Fetched(
        size=size if isinstance(size, int) else None,
        received=_in_utc(attributes.get(b"INTERNALDATE")),
        flags=_flags(flags) if isinstance(flags, tuple) else frozenset(),
        structure=attributes.get(b"BODYSTRUCTURE"),
        sections=dict(_sections(attributes)),
    )


def _flags(told: Iterable[object]) -> frozenset[str]:
    r"""Return flags, system flags as RFC 3501 §2.3.2 writes them.

    \Recent is left out: it is of this session, not of the message.
    """
    words = (_word(flag) for flag in told)
    flags = {"\\" + word[1:].capitalize() if word[:1] == "\\" else word for word in words}
    return frozenset(flags - {"\\Recent"})


def _sections(attributes: Mapping[bytes, Any]) -> Iterator[tuple[str, bytes | None]]:
    for name, value in attributes.items():
        found = _SECTION.fullmatch(name)
        if found:
            yield _word(found[1]), value if isinstance(value, bytes) else None


def _in_utc(when: object) -> datetime | None:
    if not isinstance(when, datetime):
        return None
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        # A zone of a day or more, or a date at the end of time.
        return None


def _folder_name(raw: object) -> str:
    if isinstance(raw, int):
        return str(raw)  # a folder called 2024, unquoted
    name = str(decode(raw))
    if encode(name) != raw:
        # Not modified UTF-7 (RFC 3501 §5.1.3): under this name it could not be opened.
        raise ProtocolError("not a folder name")
    return name


def _text(line: Any) -> bytes:
    return bytes(line[0] if isinstance(line, tuple) else line)


def _word(atom: object) -> str:
    return atom.decode("ascii", "replace") if isinstance(atom, bytes) else str(atom)
