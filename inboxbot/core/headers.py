"""Header fields → text, parameters, identifiers: RFC 2047, 2231 and 5322, read kindly."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from inboxbot.core import charsets
from inboxbot.core.text import clean

LONGEST_VALUE = 64 * 1024  # bytes of one field that are looked at
_LONGEST_PARAMETERS = 8 * 1024
_MOST_FIELDS = 1_000

_FIELD = re.compile(rb"([!-9;-~]{1,200}+)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?")
_FOLD = re.compile(r"\n[ \t]*")
_WORD = re.compile(r"=\?([^?\s]{1,80}+)\?([bBqQ])\?([^?\s]*+)\?=")
_GAP = re.compile(r"(\?=)\s++(?==\?)")
_ID = re.compile(r"<([^<>\s]{1,998}+)>")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one header section, in order, by lower-case name; values are raw bytes."""

    fields: Mapping[str, tuple[bytes, ...]]
    cut: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def raw(self, name: str) -> str:
        """Return the first value of a field, unfolded, not decoded; "" where it is missing."""
        return next(iter(self.every(name)), "")

    def every(self, name: str) -> tuple[str, ...]:
        """Return every value of a field, unfolded, not decoded."""
        return tuple(unfold(value) for value in self.fields.get(name, ()))

    def text(self, name: str, limit: int) -> str:
        """Return the first value of a field as clean text; "" where it is missing."""
        return clean(decode_words(self.raw(name)[: 8 * limit]), limit)

    def ids(self, name: str) -> tuple[str, ...]:
        """Return the message identifiers of a field, without angle brackets."""
        return identifiers(self.raw(name))


def read(block: bytes, start: int, end: int) -> tuple[Headers, int]:
    """Read the fields between two offsets; return them and where the last one ended."""
    fields: dict[str, list[bytes]] = {}
    place, count = start, 0
    while count < _MOST_FIELDS and (field := _FIELD.match(block, place, end)):
        name = field[1].decode("ascii").lower()
        fields.setdefault(name, []).append(field[2][:LONGEST_VALUE])
        place, count = field.end(), count + 1
    frozen = {name: tuple(values) for name, values in fields.items()}
    return Headers(frozen, cut=count == _MOST_FIELDS or place == end < len(block)), place


def unfold(value: bytes) -> str:
    """Return one field's value as text on one line (RFC 5322 §2.2.3; raw UTF-8 as RFC 6532)."""
    return _FOLD.sub(" ", charsets.decode(value)).strip()


def decode_words(value: str) -> str:
    """Decode the encoded words of RFC 2047; what cannot be decoded stays as it is.

    Adjacent words of one charset are joined as bytes: senders split characters between them.
    """
    if "=?" not in value:
        return value
    pieces: list[str] = []
    pending, charset, place = b"", "", 0
    value = _GAP.sub(r"\1", value)
    for word in _WORD.finditer(value):
        raw = _word_bytes(word[2], word[3])
        named = word[1].partition("*")[0].lower()  # RFC 2231 §5: =?utf-8*en?q?…?=
        if pending and (word.start() != place or named != charset):
            pieces.append(charsets.decode(pending, charset))
            pending = b""
        pieces.append(value[place : word.start()])
        pending, charset, place = pending + raw, named, word.end()
    pieces.append(charsets.decode(pending, charset))
    pieces.append(value[place:])
    return "".join(pieces)


def _word_bytes(encoding: str, encoded: str) -> bytes:
    raw = encoded.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(raw)
    return binascii.a2b_qp(raw, header=True)


_NOT_BASE64 = bytes(
    sorted(
        set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    )
)


def decode_base64(raw: bytes) -> bytes:
    """Decode base64 (RFC 2045 §6.8): foreign characters and the padding are skipped."""
    kept = raw.translate(None, _NOT_BASE64)
    spare = len(kept) % 4
    if spare == 1:  # six bits are no byte
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def identifiers(value: str) -> tuple[str, ...]:
    """Return the identifiers of a Message-ID, In-Reply-To or References value (RFC 5322 §3.6.4)."""
    bracketed = _ID.findall(value)
    # Some senders leave the brackets away; words without an @ are the old "Your message of …".
    found = bracketed or [word.strip("<>,;") for word in value.split() if "@" in word]
    ids = (clean(identifier, 998) for identifier in found)
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier))


# Parameters of Content-Type and Content-Disposition.

_MAIN = re.compile(r"\s*+([!-.0-:<-~]++(?:/[!-.0-:<-~]++)?)")
_PARAMETER = re.compile(
    r"""[;\s]([a-zA-Z0-9_.*%'-]{1,60}+)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;\s]*+))"""
)
_ESCAPED = re.compile(r"\\(.)")
_SECTION = re.compile(r"([^*]++)(?:\*(\d{1,3}))?(\*)?")


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split `text/plain; charset=utf-8` into the lower-case word and its parameters."""
    value = value[:_LONGEST_PARAMETERS]
    main = _MAIN.match(value)
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(value, main.end() if main else 0):
        quoted = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3]
        if section := _SECTION.fullmatch(found[1].lower()):
            number, extended = int(section[2] or 0), section[3] is not None
            sections.setdefault(section[1], {}).setdefault(number, (quoted, extended))
    joined = {name: _joined(parts) for name, parts in sections.items()}
    return (main[1].lower() if main else ""), joined


def _joined(parts: Mapping[int, tuple[str, bool]]) -> str:
    """Join the sections of one parameter and undo its charset and percent signs (RFC 2231)."""
    charset, raw = "", b""
    for number, (value, extended) in sorted(parts.items()):
        if extended and number == 0 and value.count("'") >= 2:  # noqa: PLR2004  (charset'language'value)
            charset, _, value = value.split("'", 2)
        encoded = value.encode("utf-8", "replace")
        raw += unquote_to_bytes(encoded) if extended else encoded
    return decode_words(charsets.decode(raw, charset))
