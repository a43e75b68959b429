"""BODYSTRUCTURE → what of a mail to fetch; the fetched pieces → a smaller mail of RFC 5322.

Attachments stay on the server: only text, calendar and delivery-status parts are asked for, and
put together again under the same multiparts, so that alternatives stay alternatives. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WHOLE_OCTETS = 1 << 20  # a mail without attachments is taken whole up to here
HEADER_OCTETS = 1 << 18
PART_OCTETS = 1 << 18
MIME_OCTETS = 1 << 13
MAX_PARTS = 16
MAX_DEPTH = 30

_WANTED = frozenset(  # wherever they stand: invitations, and reports by machines for machines
    {
        "text/calendar",
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    }
)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,60}")
_CONTENT_FIELDS = (b"content-type:", b"content-transfer-encoding:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A part without parts, by the number that FETCH knows it under (RFC 3501 §6.4.5)."""

    section: str
    kind: str  # type/subtype in lower case
    size: int  # octets, as encoded
    charset: str
    encoding: str
    attached: bool

    @property
    def wanted(self) -> bool:
        """Return whether a reader of the mail would read this part."""
        return self.kind in _WANTED or (self.kind.startswith("text/") and not self.attached)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multipart:
    """Parts under one heading: mixed, alternative, related, report and the like."""

    subtype: str
    report_type: str
    parts: "tuple[Node, ...]"


Node = Leaf | Multipart


def parse(body: Any) -> Node | None:
    """Return the tree of a BODYSTRUCTURE; None where it cannot be followed."""
    try:
        return _node(body, "", 0)
    except (TypeError, LookupError, ValueError):
        # Some server's own idea of RFC 3501 §7.4.2: the mail is then taken without it.
        return None


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the parts without parts, in order."""
    if isinstance(node, Leaf):
        yield node
        return
    for part in node.parts:
        yield from leaves(part)


def wanted_leaves(node: Node) -> tuple[Leaf, ...]:
    """Return what is fetched of a mail that is not taken whole."""
    return tuple(leaf for leaf in leaves(node) if leaf.wanted)[:MAX_PARTS]


def rebuild(header: bytes, root: Node, sections: Mapping[str, bytes]) -> bytes:
    """Return a mail of the fetched header and parts; what was not fetched leaves no trace."""
    if isinstance(root, Leaf) and root.section in sections:
        return _block(header) + sections[root.section]
    boundaries = _Boundaries(sections)
    body = _render(root, sections, boundaries)
    return _without_content_fields(header) + (body or b"Content-Type: text/plain\r\n\r\n")


def _node(body: Any, section: str, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(body[0], (list, tuple)):
        return _multipart(body, section, depth)
    return _leaf(body, section or "1")


def _multipart(body: Any, section: str, depth: int) -> Multipart:
    prefix = f"{section}." if section else ""
    parts = tuple(_node(part, f"{prefix}{i}", depth + 1) for i, part in enumerate(body[0], 1))
    parameters = _parameters(next(iter(body[2:]), None))
    return Multipart(
        subtype=_token(body[1], "mixed"),
        report_type=_token(parameters.get("report-type"), ""),
        parts=parts,
    )


def _leaf(body: Any, section: str) -> Leaf:
    if not isinstance(body[0], bytes):
        raise TypeError("no type")
    if _token(body[0], "") == "multipart":
        # Courier's word for one that never comes to its boundary (RFC 3501 §9 wants a part).
        raise ValueError("a multipart without parts")
    encoding = _token(body[5], "7bit")
    disposition = body[_disposition_at(body) :][:1]
    return Leaf(
        section=section,
        kind=_kind(_token(body[0], ""), _token(body[1], ""), encoding),
        size=max(0, int(body[6])),
        charset=_token(_parameters(body[2]).get("charset"), ""),
        encoding=encoding,
        attached=_is_attachment(disposition),
    )


def _disposition_at(body: Any) -> int:
    """Return the place of the disposition: behind MD5, and what text and messages have before."""
    match _token(body[0], ""), _token(body[1], ""):
        case "text", _:
            return 9
        case "message", "rfc822" | "global":
            return 11
        case _:
            return 8


def _kind(type_: str, subtype: str, encoding: str) -> str:
    if type_ and subtype:
        return f"{type_}/{subtype}"
    # "Content-Type: text", "text plain" and the like are plain text (RFC 2045 §5.2).
    return "application/octet-stream" if encoding == "base64" else "text/plain"


def _is_attachment(disposition: Any) -> bool:
    first = disposition[0] if disposition else None
    name = first[0] if isinstance(first, (list, tuple)) and first else first
    return _token(name, "") == "attachment"


def _parameters(pairs: Any) -> dict[str, Any]:
    if not isinstance(pairs, (list, tuple)):
        return {}
    return {_token(name, ""): value for name, value in zip(pairs[::2], pairs[1::2], strict=False)}


def _token(value: Any, default: str) -> str:
    """Return an RFC 2045 token in lower case; a sender's bytes otherwise reach a header line."""
    text = value.decode("ascii", "replace").lower() if isinstance(value, bytes) else ""
    return text if _TOKEN.fullmatch(text) else default


class _Boundaries:
    """Hands out boundaries that no fetched piece holds, the same ones for the same pieces."""

    def __init__(self, sections: Mapping[str, bytes]) -> None:
        self._pieces = tuple(sections.values())
        self._count = 0

    def next(self) -> bytes:
        while True:
            self._count += 1
            boundary = b"=_part_%d" % self._count
            if not any(boundary in piece for piece in self._pieces):
                return boundary


def _render(node: Node, sections: Mapping[str, bytes], boundaries: _Boundaries) -> bytes:
    """Return a part with its header; b"" where nothing of it was fetched."""
    if isinstance(node, Leaf):
        if node.section not in sections:
            return b""
        return _leaf_header(node, sections) + sections[node.section]
    parts = [part for node in node.parts if (part := _render(node, sections, boundaries))]
    if not parts:
        return b""
    boundary = boundaries.next()
    opening = b"--" + boundary + b"\r\n"
    inside = b"".join(opening + part + b"\r\n" for part in parts)
    return _multipart_header(node, boundary) + inside + b"--" + boundary + b"--\r\n"


def _leaf_header(leaf: Leaf, sections: Mapping[str, bytes]) -> bytes:
    told = sections.get(f"{leaf.section}.MIME", b"")
    if told.strip():
        return _block(told)
    # A server without .MIME: what its BODYSTRUCTURE said will do.
    charset = f'; charset="{leaf.charset}"' if leaf.charset else ""
    lines = (f"Content-Type: {leaf.kind}{charset}", f"Content-Transfer-Encoding: {leaf.encoding}")
    return "\r\n".join((*lines, "", "")).encode("ascii")


def _multipart_header(node: Multipart, boundary: bytes) -> bytes:
    report = f'; report-type="{node.report_type}"' if node.report_type else ""
    line = f"Content-Type: multipart/{node.subtype}{report}; boundary=".encode("ascii")
    return line + b'"' + boundary + b'"\r\n\r\n'


def _block(header: bytes) -> bytes:
    """Return header lines with the one empty line behind them."""
    return header.rstrip(b"\r\n") + b"\r\n\r\n"


def _without_content_fields(header: bytes) -> bytes:
    """Return header lines without those that say how the body is made."""
    kept = []
    dropping = False
    for line in header.splitlines():
        if not line.startswith((b" ", b"\t")):
            dropping = line.lower().startswith(_CONTENT_FIELDS)
        if line.strip() and not dropping:
            kept.append(line)
    return b"\r\n".join(kept) + b"\r\n" if kept else b""
