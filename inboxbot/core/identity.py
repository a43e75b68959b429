"""How a letter of ours is known again: by its key on any machine, by its fingerprint in Drafts."""

import base64
import hashlib
from datetime import date, datetime

from inboxbot.core.contact import Owner
from inboxbot.core.types import Key, Message


def draft_key(owner: Owner, answered: Message) -> Key:
    """Return the key of the draft about one mail: the same on every machine, for ever."""
    return _key("draft", owner.address, answered.key)


def summary_key(owner: Owner, week: str) -> Key:
    """Return the key of the summary of one ISO week."""
    return _key("summary", owner.address, week)


def evening_key(owner: Owner, uid: str, starts: datetime) -> Key:
    """Return the key of the mail on the evening of a meeting; one that is moved has another."""
    return _key("evening", owner.address, uid, starts.isoformat())


def brief_key(owner: Owner, day: date) -> Key:
    """Return the key of the brief before the talks of one day."""
    return _key("brief", owner.address, day.isoformat())


def farewell_key(owner: Owner, hired: str) -> Key:
    """Return the key of the last mail, by the moment at which the user told of the job."""
    return _key("farewell", owner.address, hired)


def _key(*parts: str) -> Key:
    digest = hashlib.sha256("\0".join(("inboxbot", *parts)).encode()).digest()
    return Key(base64.b32encode(digest).decode().lower()[:32])


def fingerprint(to: str, subject: str, text: str) -> str:
    """Return what stays the same while a server rewrites a draft, and changes when a user does."""
    plain = "\0".join((to.casefold(), " ".join(subject.split()), " ".join(text.split())))
    return hashlib.sha256(plain.encode()).hexdigest()


def fingerprint_of(message: Message) -> str:
    """Return the fingerprint of a draft as it lies in the mailbox."""
    to = ",".join(address.addr for address in (*message.to, *message.cc, *message.bcc))
    attached = "\0attached" if message.attached else ""
    return fingerprint(to, message.subject, f"{message.text}\n{message.quoted}{attached}")
