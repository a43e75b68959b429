"""bytes → the tree of a mail's parts (RFC 2045, 2046), within fixed bounds, never an exception.

The email package of the standard library is not used to read mail: its parser recurses a level
per nesting and copies every line once a level, and it raised on 11 to 23 of 3,624 odd mails and
took 3.6 s for one (THREATS, fact 7). Here a part is two offsets into one buffer, so a level costs
one search, and every bound holds before the work is done.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inboxbot.core import headers
from inboxbot.core.headers import Headers

MOST_PARTS = 200
DEEPEST = 30
LONGEST_HEADERS = 256 * 1024  # bytes of one header section
_LONGEST_BOUNDARY = 200  # RFC 2046 §5.1.1 says 70, programs say more

_BLANK_LINES = re.compile(rb"\A(?:[ \t]*+\n)++")
_BLANK = re.compile(rb"[ \t]*+\n")
_FROM_LINE = re.compile(rb">?From [^\n]*+\n")  # of an mbox
_FIRST_DELIMITER = re.compile(rb"\s*+--([^\s]{1,70}+)[ \t]*+\n")
_MARKUP = re.compile(rb"\s*+<(?:!doctype\s++html|html)\b", re.IGNORECASE)
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} [^\n]*+\n(?:[ -`]{1,62}\n)*+(?:end\n?)?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One entity: its headers, and its body as a span of the whole mail."""

    headers: Headers
    kind: str  # "text/plain", lower case
    parameters: Mapping[str, str]
    data: bytes
    start: int
    end: int
    parts: tuple["Part", ...] = ()

    @property
    def main(self) -> str:
        """Return the word before the slash."""
        return self.kind.partition("/")[0]

    def is_attachment(self) -> bool:
        """Tell whether the sender meant this part as a file, not as something to read."""
        disposition, named = headers.parameters(self.headers.raw("content-disposition"))
        return disposition == "attachment" or (disposition == "inline" and "filename" in named)

    def content(self, limit: int) -> bytes:
        """Return the body, its transfer encoding undone, from at most `limit` bytes of it."""
        raw = self.data[self.start : min(self.end, self.start + limit)]
        encoding = self.headers.raw("content-transfer-encoding").strip(" \t\"';.").lower()
        if encoding == "base64":
            return headers.decode_base64(raw)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(raw)
        return _UUENCODED.sub(b"", raw) if b"\nbegin " in raw else raw

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all below it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


def read(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """Read a mail; return its tree, and what was odd about it."""
    data = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    splitter = _Splitter(_BLANK_LINES.sub(b"", data, count=1))
    root = splitter.root()
    return root, tuple(sorted(splitter.faults))


class _Splitter:
    """Cuts one buffer into parts, and counts them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = MOST_PARTS
        self.faults: set[str] = set()

    def root(self) -> Part:
        from_line = _FROM_LINE.match(self.data)
        return self.part(from_line.end() if from_line else 0, len(self.data), 0, "text/plain")

    def part(self, start: int, end: int, depth: int, default: str) -> Part:
        self.left -= 1
        fields, start = self.section(start, end)
        kind, parameters = headers.parameters(fields.raw("content-type"))
        kind = self.believed(kind or default, start, end)
        parts = tuple(self.below(kind, parameters, fields, (start, end), depth))
        if kind.startswith("multipart/") and not parts and depth < DEEPEST and self.left:
            kind = "text/plain"  # no delimiter in it: what it holds is text
        return Part(
            headers=fields,
            kind=kind,
            parameters=parameters,
            data=self.data,
            start=start,
            end=end,
            parts=parts,
        )

    def section(self, start: int, end: int) -> tuple[Headers, int]:
        """Read a header section; return it and where the body starts."""
        bound = min(end, start + LONGEST_HEADERS)
        fields, place = headers.read(self.data, start, bound)
        if fields.cut and place < end:
            self.faults.add("headers cut")
            blank = self.data.find(b"\n\n", max(start, place - 1), end)
            return fields, blank + 2 if blank >= 0 else end
        blank_line = _BLANK.match(self.data, place, end)
        if blank_line is None and place < end:
            self.faults.add("no blank line after the headers")
        return fields, blank_line.end() if blank_line else place

    def believed(self, kind: str, start: int, end: int) -> str:
        """Return the type that a part really has, where its claim is plainly wrong."""
        if "/" not in kind:
            kind = "text/html" if kind == "html" else "text/plain"
        is_markup = kind == "text/plain" and _MARKUP.match(self.data, start, end)
        return "text/html" if is_markup else kind

    def below(
        self,
        kind: str,
        parameters: Mapping[str, str],
        fields: Headers,
        span: tuple[int, int],
        depth: int,
    ) -> Iterator[Part]:
        """Yield the parts inside a multipart or an attached message."""
        attached = kind in ("message/rfc822", "message/global")
        if not attached and not kind.startswith("multipart/"):
            return
        if depth == DEEPEST:
            self.faults.add("nested too deeply")
            return
        if attached:
            if "base64" not in fields.raw("content-transfer-encoding").lower() and self.left:
                yield self.part(*span, depth + 1, "text/plain")
            return
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        for start, end in self.spans(parameters.get("boundary", ""), *span):
            if self.left == 0:
                self.faults.add("too many parts")
                return
            yield self.part(start, end, depth + 1, default)

    def spans(self, named: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the parts between two offsets lie."""
        boundary = named.rstrip()[:_LONGEST_BOUNDARY].encode("utf-8", "replace")
        if not boundary:
            guessed = _FIRST_DELIMITER.match(self.data, start, end)
            self.faults.add("multipart without a boundary")
            if guessed is None:
                return
            boundary = guessed[1]
        # The line end before a delimiter belongs to it (RFC 2046 §5.1.1).
        delimiter = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*+(?=\n|\Z)")
        opened: int | None = None
        for found in delimiter.finditer(self.data, max(0, start - 1), end):
            if opened is not None:
                yield min(opened, found.start() + 1), found.start() + 1
            if found[1]:
                return
            opened = found.end() + 1
        self.faults.add("multipart not ended")
        if opened is not None:
            yield min(opened, end), end
