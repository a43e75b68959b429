"""`format=full` → the tree of a mail's parts, as `imap_structure` knows it, and its text. Pure.

Gmail tells such a mail decoded: a text in UTF-8, whatever charset its header goes on to name
(github.com/openclaw/gogcli/issues/446), an attachment by a token alone. So the parts get new
headers, and the mail is put together by the code that does it for IMAP.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from inboxbot.core.charsets import decode
from inboxbot.mailbox import imap_structure
from inboxbot.mailbox.gmail_answers import Payload, octets
from inboxbot.mailbox.imap_structure import MAX_DEPTH, PART_OCTETS, Leaf, Multipart, Node

Content = Callable[[str, int], bytes]
"""A token for a part, and how many octets are wanted → its content, decoded."""

_WORD = "[a-z0-9][a-z0-9.+_-]{0,60}"
_KIND = re.compile(f"{_WORD}/{_WORD}")
_CHARSET = re.compile(rf"charset\s*=\s*[\"']?({_WORD})")
_REPORT = re.compile(rf"report-type\s*=\s*[\"']?({_WORD})")


def text_mail(header: bytes, payload: Payload, content: Content) -> tuple[bytes, bool]:
    """Return a mail of the header and of the parts that a reader of it would read.

    And whether something of those was cut off. Raise ValueError where its parts cannot be followed.
    """
    parts: dict[str, Payload] = {}
    root = _node(payload, parts, 0)
    leaves = imap_structure.wanted_leaves(root)
    sections: dict[str, bytes] = {}
    cut = sum(leaf.wanted for leaf in imap_structure.leaves(root)) > len(leaves)
    for leaf in leaves:
        data = _content(parts[leaf.section], leaf, content)
        sections[leaf.section] = data[:PART_OCTETS]
        cut = cut or len(data) >= PART_OCTETS
    return imap_structure.rebuild(header, _without_charsets(root), sections), cut


def _node(part: Payload, parts: dict[str, Payload], depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    kind = part.mime_type.lower()
    if kind.startswith("multipart/") and part.parts:
        subtype = kind.partition("/")[2] if _KIND.fullmatch(kind) else "mixed"
        below = tuple(_node(one, parts, depth + 1) for one in part.parts)
        return Multipart(subtype=subtype, report_type=_named(_REPORT, part), parts=below)
    leaf = _leaf(part, kind, section=str(len(parts)))
    parts[leaf.section] = part
    # A root of its own would keep the encoding that the mail's header tells of.
    return leaf if depth else Multipart(subtype="alternative", report_type="", parts=(leaf,))


def _leaf(part: Payload, kind: str, section: str) -> Leaf:
    if kind.startswith("multipart/"):
        kind = "text/plain"  # one that never comes to its boundary
    return Leaf(
        section=section,
        kind=kind if _KIND.fullmatch(kind) else "application/octet-stream",
        size=part.body.size,
        charset=_named(_CHARSET, part),
        encoding="8bit",
        attached=_field(part, "content-disposition").startswith("attachment"),
    )


def _content(part: Payload, leaf: Leaf, content: Content) -> bytes:
    token = part.body.attachment_id
    data = content(token, PART_OCTETS) if token else octets(part.body.data)
    return decode(data, _told_charset(data, leaf)).encode() if _is_text(leaf) else data


def _told_charset(data: bytes, leaf: Leaf) -> str:
    """Return UTF-8 where the data is that, else what the header names."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return leaf.charset
    return "utf-8"


def _without_charsets(node: Node) -> Node:
    if isinstance(node, Leaf):
        return replace(node, charset="utf-8" if _is_text(node) else "")
    return replace(node, parts=tuple(_without_charsets(part) for part in node.parts))


def _is_text(leaf: Leaf) -> bool:
    return leaf.kind.startswith("text/")


def _named(parameter: re.Pattern[str], part: Payload) -> str:
    found = parameter.search(_field(part, "content-type"))
    return found[1] if found else ""


def _field(part: Payload, name: str) -> str:
    values = (one.value for one in part.headers if one.name.lower() == name)
    return next(values, "").strip().lower()
