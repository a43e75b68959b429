"""A mailbox at the Gmail stand-in, and its user's own hands, which know nothing of the adapter."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

from inboxbot.mailbox.gmail import GmailAccount, open_gmail
from inboxbot.ports import Mailbox
from tests.mailbox.benches import Arrival, name_of, wall_clock
from tests.servers.gmail.mail import FORMER_MESSAGE_ID, Mail
from tests.servers.gmail.stand_in import GmailStandIn
from tests.servers.gmail.stored import Stored, milliseconds

_NAMES = {"INBOX": "INBOX", "Drafts": "DRAFT", "Sent": "SENT", "Trash": "TRASH"}
_MEANING = {"STARRED": "\\Flagged", "DRAFT": "\\Draft"}


def account_of(gmail: GmailStandIn) -> GmailAccount:
    """Return the account as the adapter wants it: each token a new one, the quota known."""
    return GmailAccount(
        address=gmail.address,
        token=gmail.oauth.issue,
        units_a_minute=gmail.quota.per_minute,
        endpoint=gmail.url,
    )


class GmailBench:
    def __init__(self, gmail: GmailStandIn) -> None:
        self.gmail = gmail
        self._box = gmail.box

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_gmail(account_of(self.gmail), now=wall_clock)

    def arrive(self, *mails: Arrival, folder: str = "INBOX") -> None:
        for mail in mails:
            if folder == "Drafts":
                self._arrive_in_drafts(mail)
            else:
                labels = {self._label(folder), *_labels(mail.flags)}
                self._box.insert(Mail.of(mail.data), sorted(labels), received=mail.received)

    def remove(self, name: str, folder: str = "INBOX") -> None:
        self.gmail.as_user.delete_for_ever(self._stored(name, folder).id)

    def move(self, name: str, into: str, folder: str = "INBOX") -> None:
        stored = self._stored(name, folder)
        self._box.relabel(stored.id, [self._label(into)], [self._label(folder)])

    def set_flags(self, name: str, flags: Sequence[str], folder: str = "INBOX") -> None:
        labels = set(_labels(flags))
        add, remove = sorted(labels), sorted({"UNREAD", "STARRED"} - labels)
        self._box.relabel(self._stored(name, folder).id, add, remove)

    def flags(self, folder: str = "INBOX") -> dict[str, frozenset[str]]:
        return {_name(one): _flags(one.labels) for one in self._lying(folder)}

    def create_folder(self, name: str) -> None:
        self.gmail.as_user.create_label(name)

    def delete_folder(self, name: str) -> None:
        label = self._label(name)
        for stored in self._lying(name):
            self._box.relabel(stored.id, remove=[label])
        del self._box.labels.by_id[label]

    def _arrive_in_drafts(self, mail: Arrival) -> None:
        message = self._box.drafts[self._box.create_draft(Mail.of(mail.data), None)]
        stored = self._box.relabel(message, set(_labels(mail.flags)) - {"UNREAD"})
        dated = {"received_ms": milliseconds(mail.received)}
        self._box.messages[message] = type(stored)(
            **{name: getattr(stored, name) for name in stored.__slots__} | dated
        )

    def _label(self, folder: str) -> str:
        return _NAMES.get(folder) or self._box.labels.of(folder)

    def _lying(self, folder: str) -> list[Stored]:
        label = self._label(folder)
        hiding = {"TRASH"} - {label}
        return [
            one
            for one in self._box.messages.values()
            if label in one.labels and not hiding & set(one.labels)
        ]

    def _stored(self, name: str, folder: str) -> Stored:
        return next(one for one in self._lying(folder) if _name(one) == name)


def _name(stored: Stored) -> str:
    """Return a mail's name, whatever Gmail calls it."""
    former = stored.mail.message[FORMER_MESSAGE_ID]
    return str(former).strip("<>").partition("@")[0] if former else name_of(stored.mail.raw)


def _labels(flags: Iterable[str]) -> list[str]:
    """Return the labels that mean what IMAP flags mean, as far as there are some."""
    unread = [] if "\\Seen" in flags else ["UNREAD"]
    return [*unread, *(["STARRED"] if "\\Flagged" in flags else [])]


def _flags(labels: Iterable[str]) -> frozenset[str]:
    seen = set() if "UNREAD" in labels else {"\\Seen"}
    return frozenset({_MEANING[label] for label in labels if label in _MEANING} | seen)
