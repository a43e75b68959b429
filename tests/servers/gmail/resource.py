"""Stored → the `Message` of the API, in the format asked for; and attachments by their token."""

import base64
from collections.abc import Callable, Collection
from email.message import Message
from typing import Any

from tests.servers.gmail.mail import content_of, text_of
from tests.servers.gmail.mailbox import Mailbox
from tests.servers.gmail.stored import Stored
from tests.servers.gmail.wire import invalid

Mint = Callable[[str], str]
"""Part id → a token for its content."""


def short(stored: Stored) -> dict[str, Any]:
    """Name a message as lists do."""
    return {"id": stored.id, "threadId": stored.thread_id}


def labelled(stored: Stored) -> dict[str, Any]:
    """Name a message as the answer to a change does."""
    return {**short(stored), "labelIds": list(stored.labels)}


def message(
    box: Mailbox, stored: Stored, form: str = "full", wanted: Collection[str] = ()
) -> dict[str, Any]:
    """Write a message: `minimal`, `metadata` (the fields wanted, or all), `full` or `raw`."""
    written = {
        **labelled(stored),
        "snippet": stored.mail.snippet,
        "historyId": str(stored.history_id),
        "internalDate": str(stored.received_ms),
        "sizeEstimate": len(stored.mail.raw),
    }
    match form:
        case "full":
            written["payload"] = _part(stored.mail.message, "", _mint(box, stored))
        case "metadata":
            kind = stored.mail.message.get_content_type()
            headers = _headers(stored.mail.message, {name.lower() for name in wanted})
            written["payload"] = {"mimeType": kind, "headers": headers}
        case "raw":
            written["raw"] = encoded(stored.mail.raw)
    return written


def attachment(box: Mailbox, message_id: str, token: str) -> dict[str, Any]:
    """Return the content that a token of `messages.get` stands for."""
    stored = box.get(message_id)
    holder, part_id = box.attachments.get(token, ("", ""))
    if holder != stored.id:
        raise invalid("Invalid attachment token")
    part = stored.mail.message
    for number in part_id.split("."):
        part = _children(part)[int(number)] if number else part
    content = content_of(part)
    return {"size": len(content), "data": encoded(content)}


def encoded(content: bytes) -> str:
    """Write base64url, padded."""
    return base64.urlsafe_b64encode(content).decode()


def _mint(box: Mailbox, stored: Stored) -> Mint:
    """Make tokens that are new in each answer, and go on to be good for the same content.

    github.com/taylorwilsdon/google_workspace_mcp/pull/237: they cannot be compared.
    """

    def mint(part_id: str) -> str:
        token = f"ANGjdJ{len(box.attachments):08d}{stored.id}"
        box.attachments[token] = (stored.id, part_id)
        return token

    return mint


def _part(part: Message, part_id: str, mint: Mint) -> dict[str, Any]:
    written: dict[str, Any] = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": text_of(part.get_filename("")),
        "headers": _headers(part, ()),
        "body": _body(part, part_id, mint),
    }
    prefix = f"{part_id}." if part_id else ""
    below = [_part(one, f"{prefix}{n}", mint) for n, one in enumerate(_children(part))]
    if below:
        written["parts"] = below
    return written


def _body(part: Message, part_id: str, mint: Mint) -> dict[str, Any]:
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        return {"size": 0}
    content = content_of(part)
    if not content:
        return {"size": 0}
    if part.get_content_maintype() == "text" and not part.get_filename():
        return {"size": len(content), "data": encoded(content)}
    return {"size": len(content), "attachmentId": mint(part_id)}


def _children(part: Message) -> list[Message]:
    """Return the parts below; the blocks of a delivery status are no parts."""
    if not part.is_multipart() or part.get_content_type() == "message/delivery-status":
        return []
    return [one for one in part.get_payload() if isinstance(one, Message)]


def _headers(part: Message, wanted: Collection[str]) -> list[dict[str, str]]:
    return [
        {"name": name, "value": text_of(value)}
        for name, value in part.items()
        if not wanted or name.lower() in wanted
    ]
