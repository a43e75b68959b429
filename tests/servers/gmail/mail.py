"""bytes → what Gmail reads in a mail: fields, threading keys, text; and a mail with one changed."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

MESSAGE_ID = "Message-ID"
FORMER_MESSAGE_ID = "X-Google-Original-Message-ID"
_SNIPPET_CHARACTERS = 200
_IDENTITY = re.compile(r"<[^<>\s]+>")
_REPLY = re.compile(r"\A\s*re\s*:\s*", re.IGNORECASE)
_TAG = re.compile(r"(?s)<(style|script)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE)
_UNFOLDED = re.compile(rb"\r\n(?![ \t])")
_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")


@dataclass(frozen=True)
class Mail:
    """A mail as it is kept: with CR LF line ends, otherwise byte for byte."""

    raw: bytes

    @classmethod
    def of(cls, raw: bytes) -> "Mail":
        """Keep a mail."""
        return cls(_BARE_LINE_END.sub(b"\r\n", raw))

    @cached_property
    def message(self) -> Message:
        """The mail, parsed by the parser that never raises."""
        return message_from_bytes(self.raw)

    @cached_property
    def message_id(self) -> str:
        """Its Message-ID, with the angle brackets; empty where it has none."""
        return text_of(self.message[MESSAGE_ID]).strip()

    @cached_property
    def subject(self) -> str:
        """Its subject as threads compare it: without ``Re:``, runs of blanks as one."""
        subject = text_of(self.message["Subject"])
        while (shorter := _REPLY.sub("", subject)) != subject:
            subject = shorter
        return " ".join(subject.split())

    @cached_property
    def answered(self) -> frozenset[str]:
        """The Message-IDs that it names as its ancestors (RFC 5322 §3.6.4)."""
        fields = (text_of(self.message[name]) for name in ("References", "In-Reply-To"))
        return frozenset(_IDENTITY.findall(" ".join(fields)))

    @property
    def date(self) -> datetime | None:
        """Its Date field; None where there is none to be read, or where it names no zone."""
        try:
            found = parsedate_to_datetime(text_of(self.message["Date"]))
        except (ValueError, TypeError):
            return None
        return found if found.tzinfo else None

    @cached_property
    def snippet(self) -> str:
        """The beginning of its text, on one line, escaped as HTML."""
        parts = [part for part in self.message.walk() if part.get_content_maintype() == "text"]
        kinds = {part.get_content_subtype(): part for part in reversed(parts)}
        part = kinds.get("plain") or kinds.get("html")
        if part is None:
            return ""
        text = content_of(part).decode()
        if part.get_content_subtype() == "html":
            text = _TAG.sub(" ", text)
        text = " ".join(text.split())[:_SNIPPET_CHARACTERS]
        escapes = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
        return "".join(escapes.get(letter, letter) for letter in text)

    def with_field(self, name: str, value: str | None) -> "Mail":
        """Return the mail with one field put in place of those of its name; None takes it out."""
        head, _, body = self.raw.partition(b"\r\n\r\n")
        field = name.lower().encode() + b":"
        lines = [one for one in _UNFOLDED.split(head) if not one.lower().startswith(field)]
        if value is not None:
            lines.append(f"{name}: {value}".encode())
        return Mail(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    def with_message_id(self, new: str, *, keep_former: bool) -> "Mail":
        """Return the mail with an identity of Gmail's own; the former one may stand in another."""
        former = self.message_id
        changed = self.with_field(MESSAGE_ID, new)
        if former and keep_former and not self.message[FORMER_MESSAGE_ID]:
            return changed.with_field(FORMER_MESSAGE_ID, former)
        return changed

    def with_text(self, text: str) -> "Mail":
        """Return the mail as plain text with another text."""
        message = message_from_bytes(self.raw, _class=EmailMessage, policy=policy.SMTP)
        message.set_content(text)
        return Mail.of(message.as_bytes())


def text_of(value: Any) -> str:
    """Read a field's value: unfolded, encoded words decoded where their charset is known."""
    raw = str(value or "").replace("\r\n", "").replace("\n", "")
    try:
        return str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):
        return raw


def content_of(part: Message) -> bytes:
    """Return a part's content; a text is in UTF-8, whatever charset its header goes on to name.

    github.com/openclaw/gogcli/issues/446: so `format=full` does, and leaves the header as it was.
    """
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return b"".join(one.as_bytes() for one in part.get_payload() if isinstance(one, Message))
    if part.get_content_maintype() != "text":
        return content
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace").encode()
    except LookupError:
        return content.decode("utf-8", "replace").encode()
