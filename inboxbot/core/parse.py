"""bytes → Message: a mail as the program speaks of it, whatever the bytes are.

    bytes | mime (parts) | headers, addresses, ical | body (lines) | quotes (own, quoted) | Message

Nothing here raises on account of a mail, and no step takes more than linear time: parts, depth,
header size and text have bounds that hold before the work is done (THREATS D8, G2).
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice

from inboxbot.core import body, mime, quotes
from inboxbot.core.addresses import addresses
from inboxbot.core.headers import Headers
from inboxbot.core.letter_name import letter_in
from inboxbot.core.mime import Part
from inboxbot.core.text import clean
from inboxbot.core.traits import traits_of
from inboxbot.core.types import Address, Key, Message, RawMail, Row

LARGEST = 8 * 1024 * 1024  # bytes of a mail that are looked at
LONGEST_SUBJECT = 1_000
MOST_LINKS = 200
MOST_REFERENCES = 100
_MOST_FIELDS = 20  # of one name
_LONGEST_RESULTS = 4_000  # characters of one Authentication-Results
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)
_ON_THE_WAY = timedelta(hours=1)
_NOT_INDEX = re.compile(r"[^A-Za-z0-9+/=]+")


def parse(raw: RawMail) -> Message:
    """Parse a mail; never raise, whatever its bytes."""
    root, oddities = mime.read(raw.data[:LARGEST])
    fields = root.headers
    own, quoted = quotes.split_lines(body.lines(root))
    text, below = quotes.joined(own), quotes.joined(quoted)
    links = dict.fromkeys(link for line in own for link in line.links)
    mailto = ((line.text, mailbox) for line in own for mailbox in line.mailboxes)
    named = fields.ids("message-id")
    message_id = named[0] if named else ""
    parents, references = fields.ids("in-reply-to")[:MOST_REFERENCES], _references(root)
    from_ = _addresses(fields, "from")
    subject = fields.text("subject", LONGEST_SUBJECT)
    date = _moment(fields.raw("date"), raw.received)
    return Message(
        key=_key(fields, message_id, from_, subject, text + below),
        message_id=message_id,
        in_reply_to=parents,
        references=references,
        thread_topic=fields.text("thread-topic", LONGEST_SUBJECT),
        thread_index=_NOT_INDEX.sub("", fields.raw("thread-index")[:4_000]),
        date=date,
        received=_arrival(fields, date, raw.received.astimezone(UTC)),
        from_=from_,
        sender=next(iter(_addresses(fields, "sender")), None),
        reply_to=_addresses(fields, "reply-to"),
        to=_addresses(fields, "to"),
        cc=_addresses(fields, "cc"),
        bcc=_addresses(fields, "bcc"),
        delivered_to=_delivered_to(fields),
        subject=subject,
        text=text,
        quoted=below,
        rows=_rows(root) if letter_in((*parents, *references)) else (),
        links=tuple(islice(links, MOST_LINKS)),
        mailto=tuple(islice(mailto, MOST_LINKS)),
        traits=traits_of(root, subject, from_),
        authentication=_authentication(fields),
        calendar=body.events(root),
        attached=root.kind == "multipart/mixed",
        faults=_faults(raw, oddities, fields, date),
    )


def _rows(root: Part) -> tuple[Row, ...]:
    """Return an answer to a letter of ours line by line: what it says stands beside what we ask."""
    placed = quotes.placed(body.lines(root, as_written=True))
    return tuple(Row(line.text, place) for line, place in placed)


def _addresses(fields: Headers, name: str) -> tuple[Address, ...]:
    """Return the addresses of every field of that name: two From fields are told, not hidden."""
    return addresses(", ".join(fields.every(name)[:_MOST_FIELDS]))


def _delivered_to(fields: Headers) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to")
    found = (address.addr for name in names for address in _addresses(fields, name))
    return tuple(dict.fromkeys(found))


def _authentication(fields: Headers) -> tuple[str, ...]:
    results = fields.every("authentication-results")[:_MOST_FIELDS]
    return tuple(clean(result, _LONGEST_RESULTS) for result in results)


def _references(root: Part) -> tuple[str, ...]:
    """Return the References; of a report also what the mail it is about named and was named."""
    found = root.headers.ids("references")
    if len(found) > MOST_REFERENCES:  # the first names the thread, the last the parent
        found = (found[0], *found[1 - MOST_REFERENCES :])
    if root.kind != "multipart/report":
        return found
    return tuple(dict.fromkeys((*found, *_reported(root))))[: 2 * MOST_REFERENCES]


def _reported(root: Part) -> Iterable[str]:
    for part in root.walk():
        if part is root:
            continue
        if part.kind in ("text/rfc822-headers", "message/disposition-notification"):
            below = mime.read(part.content(mime.LONGEST_HEADERS))[0].headers
        else:
            below = part.headers
        for name in ("original-message-id", "message-id", "in-reply-to", "references"):
            yield from below.ids(name)[-MOST_REFERENCES:]


def _arrival(fields: Headers, date: datetime | None, kept: datetime) -> datetime:
    """Return when a mail came, in UTC: as the mailbox says, unless it was laid there much later.

    mbsync and offlineimap date the files of a Maildir by the copying, an import into IMAP may date
    all by today. What the last server wrote on top (RFC 5321 §4.4) came with the mail; one that no
    server has passed on, a letter in Sent, has its Date alone.
    """
    said = _moment(fields.raw("received").rpartition(";")[2], kept) or date
    return said if said is not None and kept - said > _ON_THE_WAY else kept


def _moment(text: str, kept: datetime) -> datetime | None:
    """Return a date-time in UTC; None where it is missing or cannot be true."""
    try:
        said = parsedate_to_datetime(text[:100])
        moment = (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
        absurd = not _OLDEST <= moment <= kept + _AHEAD
    except (ValueError, TypeError, IndexError, OverflowError):  # it raises any of them
        return None
    return None if absurd else moment


def _key(
    fields: Headers, message_id: str, from_: tuple[Address, ...], subject: str, text: str
) -> Key:
    """Return the identity of a mail: equal for two deliveries of it, which differ in Received.

    A Message-ID alone is not enough: senders reuse them, and anybody may copy one.
    """
    author = from_[0].addr if from_ else ""
    said = [message_id, " ".join(fields.raw("date").split()), author, subject]
    if not message_id:
        said += [str(len(text)), text]
    digest = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).digest()
    return Key(base64.b32encode(digest[:20]).decode("ascii").lower())


def _faults(
    raw: RawMail, oddities: tuple[str, ...], fields: Headers, date: datetime | None
) -> tuple[str, ...]:
    """Say what was odd, in words for the journal and without a word of the mail."""
    cut = ("cut to a bound",) if raw.cut or len(raw.data) > LARGEST else ()
    twice = tuple(
        f"more than one {name} field"
        for name in ("from", "subject", "date", "message-id", "reply-to")
        if len(fields.every(name)) > 1
    )
    dated = () if date else ("no date that can be true",)
    authored = () if "from" in fields else ("no From field",)
    return (*oddities, *cut, *twice, *dated, *authored)
