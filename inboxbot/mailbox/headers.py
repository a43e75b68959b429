"""Bytes of a mail → its header block and single fields, unfolded; no parser, never an error.

For the questions that a mailbox asks of many files: whose Message-ID is it, when did it come.
"""

import re
from collections.abc import Iterator

_END = re.compile(rb"\A\r?\n|\n\r?\n")


def header_block(data: bytes) -> bytes:
    """Return the header with the empty line behind it; all, where there is no such line."""
    end = _END.search(data)
    return data[: end.end()] if end else data


def fields(data: bytes, name: str) -> Iterator[bytes]:
    """Yield the values of a header field, topmost first, unfolded (RFC 5322 §2.2.3)."""
    pattern = rb"^%b[ \t]*:(.*(?:\n[ \t].*)*)" % re.escape(name.encode("ascii"))
    for match in re.finditer(pattern, header_block(data), re.IGNORECASE | re.MULTILINE):
        yield b" ".join(match[1].split())


def travelled(data: bytes) -> bool:
    """Tell whether a mail came over the wire: every server on its way has written a line above it.

    RFC 5321 §4.4. What is put into a mailbox has none, or Gmail's own ("with HTTPREST").
    """
    return any(b" with HTTPREST" not in value for value in fields(data, "Received"))


def message_id(data: bytes) -> bytes:
    """Return all that the Message-ID fields hold, whitespace left out."""
    return b"".join(b"".join(value.split()) for value in fields(data, "Message-ID"))
