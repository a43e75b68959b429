"""The draft's headers: whom, in which thread, and the check that they read back so. Pure."""

import base64
import binascii
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

from inboxbot.core.history import bare_subject
from inboxbot.core.text import for_header
from inboxbot.core.types import Address, Message

_ALLOWED = frozenset(
    "from to subject date message-id in-reply-to references thread-topic thread-index "
    "mime-version content-type content-transfer-encoding".split()
)
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}")  # printable ASCII without space, < and >
# Exchange's Message-IDs are longer than a line of 78; folded, they would be encoded, and no
# client would find the thread. RFC 5322 §2.1.1 allows 998.
WHOLE_LINES = SMTP.clone(max_line_length=990)
_MOST_REFERENCES = 20
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


class ComposeError(ValueError):
    """A draft did not come out as it must; nothing is written."""


def address_header(address: Address) -> MailAddress:
    """Return the address for a header. Raise `ComposeError` where it is none (RFC 5322 §3.4.1)."""
    local, _, domain = address.addr.rpartition("@")
    if not re.fullmatch(r"[!-~]{1,64}", local) or not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", domain):
        raise ComposeError("the address cannot stand in a header")
    try:
        return MailAddress(for_header(address.name), username=local, domain=domain)
    except ValueError as error:
        raise ComposeError("the address cannot stand in a header") from error


def set_thread(mail: EmailMessage, parent: Message, now: datetime) -> None:
    """Set In-Reply-To and References (RFC 5322 §3.6.4), and Outlook's pair where there is one."""
    if _MESSAGE_ID.fullmatch(parent.message_id):
        ids = [name for name in parent.references if _MESSAGE_ID.fullmatch(name)]
        # The first names the thread, the last ones the branch (RFC 5537 §3.4.4).
        kept = [*ids[:1], *ids[1:][1 - _MOST_REFERENCES :], parent.message_id]
        mail["In-Reply-To"] = f"<{parent.message_id}>"
        mail["References"] = " ".join(f"<{name}>" for name in dict.fromkeys(kept))
    index = _child_index(parent.thread_index, now)
    if index:
        mail["Thread-Topic"] = for_header(parent.thread_topic or bare_subject(parent.subject))
        mail["Thread-Index"] = index


def _child_index(index: str, now: datetime) -> str | None:
    """Extend a Thread-Index by one response block ([MS-OXOMSG] §2.2.1.3), None where it is none."""
    try:
        parent = base64.b64decode(index, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(parent) < 22 or (len(parent) - 22) % 5 or len(parent) > 22 + 5 * 50:  # noqa: PLR2004  (22 bytes of header, 5 a response)
        return None
    started = int.from_bytes(parent[1:6], "big") << 16  # upper 5 of 6 bytes of a FILETIME
    elapsed = int((now - _FILETIME_EPOCH).total_seconds() * 10**7) - (started | 1 << 56)
    block = (max(elapsed, 0) >> 18 & 0x7FFFFFFF).to_bytes(4, "big") + b"\x00"
    return base64.b64encode(parent + block).decode()


def check(data: bytes, to: Address, parent: Message) -> None:
    """Read the draft back as any client would, and refuse what must not be in it (THREATS D3)."""
    read = message_from_bytes(data)
    names = [name.lower() for name in read]
    if len(set(names)) != len(names) or not _ALLOWED.issuperset(names):
        raise ComposeError("the draft has a header that it must not have")
    recipients = [address for _, address in getaddresses(read.get_all("To", []))]
    if [address.casefold() for address in recipients] != [to.addr.casefold()]:
        raise ComposeError("the draft would go to somebody else")
    answered = f"<{parent.message_id}>"
    if read.get("In-Reply-To", answered) != answered:
        raise ComposeError("the draft would not stand in its thread")
    if read.is_multipart() or read.defects:
        raise ComposeError("the draft does not read back as plain text")
