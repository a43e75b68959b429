"""A Gmail account by Google's API → a `Mailbox`; its folders are labels.

open_gmail(account) → folders | slices → fetch | mark, find → save_draft, withdraw, deliver
watch_gmail(account) → wait, wait, wait

A folder's name is that of the label, as Gmail shows it in English; a locator is label/message or
label/message/draft. "All Mail" is here what lies in no other place of Gmail's own: what is in the
inbox is read there. What only a real account can show is listed in deploy/verify_gmail.py.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from inboxbot.core.correction import Said
from inboxbot.core.types import Cursor, Key, Locator, Mark, RawMail
from inboxbot.errors import FolderMissing
from inboxbot.mailbox import folders as folder_names
from inboxbot.mailbox import gmail_advice, gmail_fetch
from inboxbot.mailbox.folders import ListedFolder
from inboxbot.mailbox.gmail_account import GmailAccount
from inboxbot.mailbox.gmail_answers import (
    ARCHIVED,
    DRAFT,
    INBOX,
    SENT,
    SPAM,
    TRASH,
    Draft,
    Label,
)
from inboxbot.mailbox.gmail_asking import Gone, InDoubt
from inboxbot.mailbox.gmail_cursor import Position, position
from inboxbot.mailbox.gmail_gateway import GmailGateway
from inboxbot.mailbox.gmail_names import Names, alike
from inboxbot.mailbox.gmail_news import News
from inboxbot.mailbox.gmail_pace import Pace
from inboxbot.mailbox.gmail_place import Place
from inboxbot.mailbox.headers import fields, message_id
from inboxbot.mailbox.imap_transport import Limits
from inboxbot.mailbox.oauth import same_account
from inboxbot.ports import Folders, Mailbox, MailWatcher, Part, Room, Slice

__all__ = ["GmailAccount", "Limits", "Pace", "open_gmail", "watch_gmail"]

_DRAFTS = "Drafts"
_OWN = {
    INBOX: INBOX, DRAFT: _DRAFTS, SENT: "Sent", TRASH: "Trash", SPAM: "Spam", ARCHIVED: "All Mail"
}  # fmt: skip
_ATTRIBUTES = {
    DRAFT: "\\Drafts", SENT: "\\Sent", TRASH: "\\Trash", SPAM: "\\Junk", ARCHIVED: "\\Archive"
}  # fmt: skip
_SETTLE_SECONDS = 3.0
_GLANCE_SECONDS = 30.0
_MESSAGE_ID = re.compile(r"<([^\s<>(){}\"]{1,250})>", re.ASCII)


@contextmanager
def open_gmail(
    account: GmailAccount,
    *,
    now: Callable[[], datetime],
    limits: Limits | None = None,
    pace: Pace | None = None,
) -> Iterator[Mailbox]:
    """Open the mailbox of an account.

    Raises TokenDead where Google does not take the permission any more, LoginRefused where it is
    for another account, MailboxError where it fails otherwise.
    """
    pace = pace or Pace()
    with GmailGateway(account, limits or Limits(), pace) as gateway:
        theirs = gateway.profile().email_address
        if not any(same_account(theirs, ours) for ours in (account.address, *account.aliases)):
            raise gmail_advice.wrong_account(account.name, theirs, account.address)
        yield GmailMailbox(gateway, account, now, pace)


@contextmanager
def watch_gmail(
    account: GmailAccount, *, limits: Limits | None = None, pace: Pace | None = None
) -> Iterator[MailWatcher]:
    """Watch the inbox of an account. Raises as `open_gmail` does."""
    pace = pace or Pace()
    with GmailGateway(account, limits or Limits(), pace) as gateway:
        yield _Watcher(gateway, pace)


class GmailMailbox:
    """One session; `ports.Mailbox` says what each method does."""

    def __init__(
        self, gateway: GmailGateway, account: GmailAccount, now: Callable[[], datetime], pace: Pace
    ) -> None:
        self._gateway = gateway
        self._now = now
        self._pace = pace
        self._news = News(gateway, now)
        self._names = Names(gateway, account.domains, now)
        self._labels: tuple[Label, ...] = ()
        self._threads: dict[str, str] = {}  # Message-ID of what was fetched → its thread

    # -- reading ---------------------------------------------------------------------------

    def folders(self) -> Folders:
        """Find the folders: Gmail's own labels by their ids, the user's by their names."""
        self._labels = self._gateway.labels()
        listed = (
            ListedFolder(name, frozenset({_ATTRIBUTES[label]} if label in _ATTRIBUTES else ()))
            for name, label in self._ids().items()
        )
        return folder_names.by_role(listed, {})

    def slices(self, folder: str, cursor: Cursor | None, since: datetime) -> Iterator[Slice]:
        """Yield what is new by Gmail's history, and by a search where that does not reach."""
        yield from self._news.slices(self._label(folder), cursor, since)

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        """Yield the messages that still lie under their label, in batches."""
        names = {label: name for name, label in self._known_ids().items()}
        places = [place for locator in locators if (place := Place.of(locator))]
        there = [place for place in places if place.label in names]
        for mail in gmail_fetch.read(self._gateway, there, part, self._news.small):
            if mail.thread:
                self._threads[message_id(mail.data).decode("ascii", "replace")] = mail.thread
            yield RawMail(
                locator=mail.place.locator,
                folder=names[mail.place.label],
                received=mail.received,
                data=mail.data,
                flags=mail.flags,
                cut=mail.cut,
            )

    # -- inspecting ------------------------------------------------------------------------

    def may_draft(self) -> bool | None:
        """Return None: what the permission covers, the permission tells (`Grant.scopes`)."""
        return None

    def room(self) -> Room | None:
        """Return None: the room is that of all of Google's services, and this one does not tell."""
        return None

    # -- writing ---------------------------------------------------------------------------

    def mark(self, folder: str) -> Mark:
        """Return the newest change of the mailbox."""
        label = self._label(folder)
        history = self._gateway.profile().history_id
        return Position(label=label, history=history, looked=self._now()).to_mark()

    def find(self, folder: str, key: Key, mark: Mark | None = None) -> tuple[Locator, ...]:
        """Return the messages whose Message-ID holds `key`, or did before Gmail gave another."""
        label = self._label(folder)
        arrived = self._arrived(label, mark)
        places = self._names.candidates(label, key) if arrived is None else arrived
        return tuple(place.locator for place in self._names.holding(key, places))

    def save_draft(self, data: bytes, key: Key) -> Locator | None:
        """Create a draft in the thread of the mail that it answers."""
        before = self.mark(_DRAFTS)
        try:
            draft = self._create(data)
        except InDoubt as doubt:
            return self._found(_DRAFTS, key, data, before, doubt)
        return Place(DRAFT, draft.message.id, draft.id).locator

    def deliver(self, data: bytes, key: Key) -> None:
        """Insert a mail into the inbox, unread, under its own date."""
        before = self.mark(INBOX)
        try:
            self._gateway.insert(data)
        except InDoubt as doubt:
            self._found(INBOX, key, data, before, doubt)

    def create_corrections(self) -> None:
        """Create the labels for corrections that are missing."""
        for said in set(Said) - set(self.folders().corrections):
            self._gateway.create_label("/".join(folder_names.levels_of(said)))
        self._labels = ()

    def withdraw(self, draft: Locator) -> bool:
        """Move the message of a draft to Trash, unless it was edited, sent or thrown away."""
        place = Place.of(draft)
        if place is None or place.label != DRAFT:
            return False
        message = self._gateway.read([place], "minimal").get(place)
        return bool(message and message.lies_in(DRAFT)) and self._gateway.trash(place.message)

    # -- inside ----------------------------------------------------------------------------

    def _ids(self) -> dict[str, str]:
        """Return the ids of the labels by the names that people read; Gmail's own come first."""
        ids = {name: label for label, name in _OWN.items()}
        for label in self._labels:
            if label.type == "user":
                ids.setdefault(label.name, label.id)
        return ids

    def _known_ids(self) -> dict[str, str]:
        self._labels = self._labels or self._gateway.labels()
        return self._ids()

    def _label(self, folder: str) -> str:
        label = self._known_ids().get(INBOX if folder.upper() == INBOX else folder)
        if label is None:
            raise FolderMissing(folder, "create the label in Gmail, or correct its name")
        return label

    def _arrived(self, label: str, mark: Mark | None) -> list[Place] | None:
        """Return what came under a label behind a mark; None where the mark is void."""
        known = position(mark, label)
        happened = self._gateway.happened(label, known.history) if known else None
        return self._news.places(label, happened.arrived) if happened else None

    def _create(self, data: bytes) -> Draft:
        thread = self._thread_of(data)
        if thread is not None:
            with suppress(Gone):  # deleted since it was read
                return self._gateway.create_draft(data, thread)
        return self._gateway.create_draft(data, None)

    def _thread_of(self, data: bytes) -> str | None:
        """Return the thread of the mail that a draft answers.

        References and subject are not enough: without its thread's id Gmail shows the draft apart
        (github.com/openclaw/gogcli/issues/488).
        """
        named = _MESSAGE_ID.search(next(fields(data, "In-Reply-To"), b"").decode("ascii", "ignore"))
        if named is None:
            return None
        if known := self._threads.get(named[0]):
            return known
        found = self._gateway.listed(query=f"rfc822msgid:{named[1]}", most=1)
        return found[0].thread_id if found else None

    def _found(self, folder: str, key: Key, data: bytes, before: Mark, doubt: InDoubt) -> Locator:
        """Return where a mail lies that may have been written. Raise `doubt` where nowhere."""
        self._pace.sleep(_SETTLE_SECONDS)
        found = list(self.find(folder, key, before))
        if not found:  # under a name that Gmail gave it
            places = self._arrived(self._label(folder), before) or []
            mails = list(self.fetch([place.locator for place in places]))
            found = [mail.locator for mail in mails if alike(data, mail.data)]
        if not found:
            raise doubt
        return found[-1]


class _Watcher:
    """Looks twice a minute for what history tells of the inbox: its push is for servers alone."""

    def __init__(self, gateway: GmailGateway, pace: Pace) -> None:
        self._gateway = gateway
        self._pace = pace
        self._seen = gateway.profile().history_id

    def wait(self, seconds: float) -> bool:
        """Wait, and look; a history that is lost is news as well."""
        end = self._pace.monotonic() + seconds
        while True:
            left = end - self._pace.monotonic()
            self._pace.sleep(max(0.0, min(left, _GLANCE_SECONDS)))
            if self._has_news():
                return True
            if left <= _GLANCE_SECONDS:
                return False

    def _has_news(self) -> bool:
        happened = self._gateway.happened(INBOX, self._seen)
        self._seen = happened.newest if happened else self._gateway.profile().history_id
        return happened is None or bool(happened.arrived)
