"""Places at Gmail → mails, in order: as they were sent where they are small, else their text.

    places | size, where it is not known | small: format=raw, in batches | mail
                                         | large: header + format=full   | mail

A large attachment is never downloaded. The header comes from the beginning of `raw` even so:
`full` tells header fields decoded, and a display name that was encoded as "a@b <a@b>," would then
read as an address.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxbot.core.types import EPOCH
from inboxbot.mailbox import gmail_structure
from inboxbot.mailbox.gmail_answers import DRAFT, Message, octets
from inboxbot.mailbox.gmail_asking import Gone
from inboxbot.mailbox.gmail_batch import BATCH_MESSAGES, Told, chunks
from inboxbot.mailbox.gmail_gateway import GmailGateway
from inboxbot.mailbox.gmail_place import Place
from inboxbot.mailbox.headers import fields, header_block
from inboxbot.mailbox.imap_structure import HEADER_OCTETS
from inboxbot.ports import Part

SMALL_OCTETS = 1 << 17
FORMER_ID = "X-Google-Original-Message-ID"
_FIRST_OCTETS = 1 << 15  # hold nearly every header


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message as it was fetched."""

    place: Place
    thread: str
    received: datetime
    flags: frozenset[str]
    data: bytes
    cut: bool


def read(
    gateway: GmailGateway, places: Sequence[Place], part: Part, small: Collection[str]
) -> Iterator[Mail]:
    """Yield the messages that are still there, in the order asked for.

    `small` are the ids of messages that are known to be so: their size is not asked for.
    """
    for batch in chunks(places, BATCH_MESSAGES):
        about = gateway.read([one for one in batch if one.message not in small], "minimal")
        light = [one for one in batch if one.message in small or _is_small(one, about)]
        whole = gateway.read(light, "raw")
        for place in batch:
            if place in whole:
                yield from _told(place, whole[place], about.get(place), part)
            elif place in about:
                yield from _large(gateway, place, about[place], part)


def _is_small(place: Place, about: Told) -> bool:
    message = about.get(place)
    return (
        message is not None
        and message.lies_in(place.label)
        and message.size_estimate <= SMALL_OCTETS
    )


def _told(
    place: Place, message: Message | None, about: Message | None, part: Part
) -> Iterator[Mail]:
    if message is None:
        yield _unreadable(place, about)
    elif message.lies_in(place.label):
        data = octets(message.raw)
        data = under_its_former_name(data) if DRAFT in message.labels else data
        yield _mail(place, message, header_block(data) if part is Part.HEADERS else data)


def _large(
    gateway: GmailGateway, place: Place, about: Message | None, part: Part
) -> Iterator[Mail]:
    if about is None:
        yield _unreadable(place, None)
        return
    if not about.lies_in(place.label):
        return
    try:
        header, cut = _header(gateway, place)
        header = under_its_former_name(header) if DRAFT in about.labels else header
        if part is Part.HEADERS:
            yield _mail(place, about, header, cut=cut)
        else:
            yield _text_of(gateway, place, about, header, header_cut=cut)
    except Gone:
        return


def _header(gateway: GmailGateway, place: Place) -> tuple[bytes, bool]:
    """Return a mail's header as it was sent, and whether it goes on beyond that."""
    for most in (_FIRST_OCTETS, HEADER_OCTETS):
        data = gateway.beginning(place, most)
        header = header_block(data)
        if header != data:
            break
    return header, header == data


def _text_of(
    gateway: GmailGateway, place: Place, about: Message, header: bytes, *, header_cut: bool
) -> Mail:
    full = gateway.read([place], "full")
    if place not in full:
        raise Gone("moved or edited since")
    message = full[place]
    if message is None or message.payload is None:
        return _unreadable(place, about)

    def content(token: str, most: int) -> bytes:
        return gateway.attachment(place, token, most)

    try:
        data, cut = gmail_structure.text_mail(header, message.payload, content)
    except ValueError:
        return _unreadable(place, about)
    return _mail(place, message, data, cut=cut or header_cut)


def _mail(place: Place, message: Message, data: bytes, *, cut: bool = False) -> Mail:
    return Mail(
        place=place,
        thread=message.thread_id,
        received=message.received,
        flags=message.flags,
        data=data,
        cut=cut,
    )


def _unreadable(place: Place, about: Message | None) -> Mail:
    """Return nothing of a mail, so that it is seen to: one bad message stops no poll."""
    return Mail(
        place=place,
        thread="",
        received=about.received if about else EPOCH,
        flags=about.flags if about else frozenset(),
        data=b"",
        cut=True,
    )


def under_its_former_name(data: bytes) -> bytes:
    """Return a draft under the Message-ID that it was written with, where Gmail gave it another.

    Nobody has seen the other one as long as the draft was not sent.
    """
    former = next(fields(data, FORMER_ID), b"")
    if not former:
        return data
    header = header_block(data)
    kept = [line for line in _unfolded(header) if not line.lower().startswith(_RENAMED)]
    return b"".join((b"Message-ID: ", former, b"\r\n", *kept, data[len(header) :]))


_RENAMED = (b"message-id:", f"{FORMER_ID.lower()}:".encode("ascii"))


def _unfolded(header: bytes) -> list[bytes]:
    """Return header fields, each with its folded lines and its line ends."""
    found: list[bytes] = []
    for line in header.splitlines(keepends=True):
        if line.startswith((b" ", b"\t")) and found:
            found[-1] += line
        else:
            found.append(line)
    return found
