"""A mailbox to test and, beside it, the hand of everybody else: servers, clients, sync programs.

Each bench changes its mailbox from outside, by its own means and not by the adapter under test.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Protocol

from imapclient import IMAPClient

from inboxbot.core.types import Locator
from inboxbot.mailbox.imap import ImapAccount, open_imap
from inboxbot.mailbox.maildir import open_maildir
from inboxbot.mailbox.maildir_layout import encode_name
from inboxbot.mailbox.memory import MemoryMailbox
from inboxbot.ports import Mailbox
from tests.servers.dovecot import Account, Dovecot, StoredMail

NOW = datetime.now(UTC).replace(microsecond=0)
FOLDERS = ("INBOX", "Drafts", "Sent", "Trash")
_MANY = 50
_LETTERS = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S", "\\Deleted": "T"}


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A mail as it comes; its name stands in its Message-ID."""

    name: str
    data: bytes
    days_ago: float = 1
    flags: tuple[str, ...] = ()

    @property
    def received(self) -> datetime:
        return NOW - timedelta(days=self.days_ago)


def letter(
    name: str,
    *,
    days_ago: float = 1,
    flags: tuple[str, ...] = (),
    fields: Sequence[str] = (),
    body: str = "Hello.",
) -> Arrival:
    """Return a mail with this name."""
    lines = (
        "From: Jo Park <jo@corp.example>",
        "To: alice@test.example",
        f"Subject: About {name}",
        f"Message-ID: <{name}@corp.example>",
        *fields,
        "",
        body,
        "",
    )
    data = "\r\n".join(lines).encode()
    return Arrival(name=name, data=data, days_ago=days_ago, flags=flags)


def name_of(data: bytes) -> str:
    """Return the name in a mail's Message-ID."""
    return str(message_from_bytes(data)["Message-ID"]).strip("<> \r\n").partition("@")[0]


class Bench(Protocol):
    """One fresh mailbox and what others do to it; mails are named as `letter` names them."""

    def open(self) -> AbstractContextManager[Mailbox]: ...

    def arrive(self, *mails: Arrival, folder: str = "INBOX") -> None: ...

    def remove(self, name: str, folder: str = "INBOX") -> None: ...

    def move(self, name: str, into: str, folder: str = "INBOX") -> None: ...

    def set_flags(self, name: str, flags: Sequence[str], folder: str = "INBOX") -> None: ...

    def flags(self, folder: str = "INBOX") -> dict[str, frozenset[str]]: ...

    def create_folder(self, name: str) -> None: ...

    def delete_folder(self, name: str) -> None: ...


class MemoryBench:
    def __init__(self) -> None:
        self.mailbox = MemoryMailbox(FOLDERS)

    def open(self) -> AbstractContextManager[Mailbox]:
        return self.mailbox.open()

    def arrive(self, *mails: Arrival, folder: str = "INBOX") -> None:
        for mail in mails:
            self.mailbox.add(folder, mail.data, received=mail.received, flags=mail.flags)

    def remove(self, name: str, folder: str = "INBOX") -> None:
        self.mailbox.remove(self._locator(name, folder))

    def move(self, name: str, into: str, folder: str = "INBOX") -> None:
        self.mailbox.move(self._locator(name, folder), into)

    def set_flags(self, name: str, flags: Sequence[str], folder: str = "INBOX") -> None:
        self.mailbox.set_flags(self._locator(name, folder), flags)

    def flags(self, folder: str = "INBOX") -> dict[str, frozenset[str]]:
        return {name_of(mail.data): mail.flags for mail in self.mailbox.contents(folder)}

    def create_folder(self, name: str) -> None:
        self.mailbox.create_folder(name)

    def delete_folder(self, name: str) -> None:
        self.mailbox.delete_folder(name)

    def _locator(self, name: str, folder: str) -> Locator:
        names = [name_of(mail.data) for mail in self.mailbox.contents(folder)]
        return self.mailbox.locators(folder)[names.index(name)]


class MaildirBench:
    """Files as Dovecot names them, in Maildir++ or, `plain`, as mbsync and offlineimap lay them."""

    def __init__(self, root: Path, *, plain: bool) -> None:
        self.root = root
        self._plain = plain
        self._numbers = itertools.count()
        for folder in FOLDERS:
            self.create_folder(folder)

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_maildir(self.root, now=wall_clock)

    def arrive(self, *mails: Arrival, folder: str = "INBOX") -> None:
        for mail in mails:
            number = next(self._numbers)
            second = int(mail.received.timestamp())
            size = len(mail.data)
            name = f"{second}.M{number:06}P42.host,S={size},W={size}"
            letters = "".join(sorted(_LETTERS[flag] for flag in mail.flags))
            place = f"cur/{name}:2,{letters}" if letters else f"new/{name}"
            file = self.directory(folder) / place
            file.write_bytes(mail.data.replace(b"\r\n", b"\n"))
            os.utime(file, (second, second))

    def remove(self, name: str, folder: str = "INBOX") -> None:
        self.file(name, folder).unlink()

    def move(self, name: str, into: str, folder: str = "INBOX") -> None:
        file = self.file(name, folder)
        file.rename(self.directory(into) / "cur" / file.name)

    def set_flags(self, name: str, flags: Sequence[str], folder: str = "INBOX") -> None:
        file = self.file(name, folder)
        letters = "".join(sorted(_LETTERS[flag] for flag in flags))
        file.rename(self.directory(folder) / "cur" / f"{file.name.partition(':')[0]}:2,{letters}")

    def flags(self, folder: str = "INBOX") -> dict[str, frozenset[str]]:
        words = {letter: flag for flag, letter in _LETTERS.items()}
        return {
            name_of(file.read_bytes()): frozenset(
                words[letter] for letter in file.name.partition(":2,")[2]
            )
            for file in self.files(folder)
        }

    def create_folder(self, name: str) -> None:
        for part in ("cur", "new", "tmp"):
            (self.directory(name) / part).mkdir(parents=True)

    def delete_folder(self, name: str) -> None:
        shutil.rmtree(self.directory(name))

    def directory(self, folder: str) -> Path:
        if self._plain:
            return self.root / encode_name(folder)
        if folder == "INBOX":
            return self.root
        return self.root / f".{encode_name(folder).replace('/', '.')}"

    def files(self, folder: str = "INBOX") -> Iterator[Path]:
        for part in ("new", "cur"):
            yield from (self.directory(folder) / part).iterdir()

    def file(self, name: str, folder: str = "INBOX") -> Path:
        return next(file for file in self.files(folder) if name_of(file.read_bytes()) == name)


class ImapBench:
    """A user of a real server, and another client that is logged in as the same user."""

    def __init__(
        self,
        account: ImapAccount,
        client: IMAPClient,
        load: Callable[[str, Iterable[Arrival]], None] | None = None,
        name: Callable[[str], str] = str,
    ) -> None:
        self._account = account
        self._client = client
        self._load = load or self._append
        self._name = name  # what this server calls a folder
        for folder in map(name, FOLDERS[1:]):
            if not client.folder_exists(folder):
                client.create_folder(folder)

    def open(self) -> AbstractContextManager[Mailbox]:
        return open_imap(self._account)

    def arrive(self, *mails: Arrival, folder: str = "INBOX") -> None:
        (self._load if len(mails) > _MANY else self._append)(self._name(folder), mails)

    def remove(self, name: str, folder: str = "INBOX") -> None:
        self._client.delete_messages(self._select(name, folder))
        self._client.expunge()

    def move(self, name: str, into: str, folder: str = "INBOX") -> None:
        self._client.copy(self._select(name, folder), self._name(into))
        self.remove(name, folder)

    def set_flags(self, name: str, flags: Sequence[str], folder: str = "INBOX") -> None:
        self._client.set_flags(self._select(name, folder), flags)

    def flags(self, folder: str = "INBOX") -> dict[str, frozenset[str]]:
        self._client.select_folder(self._name(folder), readonly=True)
        uids = self._client.search("ALL")
        found = self._client.fetch(uids, ["FLAGS", "BODY.PEEK[HEADER]"]) if uids else {}
        return {
            name_of(mail[b"BODY[HEADER]"]): frozenset(
                flag.decode() for flag in mail[b"FLAGS"] if flag != b"\\Recent"
            )
            for mail in found.values()
        }

    def create_folder(self, name: str) -> None:
        self._client.create_folder(self._name(name))

    def delete_folder(self, name: str) -> None:
        self._client.select_folder("INBOX")
        self._client.delete_folder(self._name(name))

    def _select(self, name: str, folder: str) -> list[int]:
        self._client.select_folder(self._name(folder))
        return list(self._client.search(["HEADER", "Message-ID", f"<{name}@"]))

    def _append(self, folder: str, mails: Iterable[Arrival]) -> None:
        if not self._client.has_capability("MULTIAPPEND"):
            for mail in mails:
                self._client.append(folder, mail.data, mail.flags, mail.received)
            return
        answer, said = self._client.multiappend(
            folder, [{"msg": m.data, "flags": m.flags, "date": m.received} for m in mails]
        )
        assert answer == "OK", said


def dovecot_bench(dovecot: Dovecot, account: Account, client: IMAPClient) -> ImapBench:
    """Return a user of Dovecot who logs in by a password, without TLS."""
    settings = ImapAccount(
        host=dovecot.host,
        port=dovecot.port,
        user=account.name,
        password=lambda: account.password,
        tls="none",
    )
    return ImapBench(settings, client, _loader(dovecot, account))


def xoauth2_bench(dovecot: Dovecot, account: Account, client: IMAPClient) -> ImapBench:
    """Return a user of Dovecot who logs in by a token, over TLS."""
    settings = ImapAccount(
        host=dovecot.host,
        port=dovecot.tls_port,
        user=account.name,
        password=lambda: dovecot.token(account),
        auth="xoauth2",
        ca_file=dovecot.ca_file,
    )
    return ImapBench(settings, client, _loader(dovecot, account))


def _loader(dovecot: Dovecot, account: Account) -> Callable[[str, Iterable[Arrival]], None]:
    def load(folder: str, mails: Iterable[Arrival]) -> None:
        stored = (
            StoredMail(content=mail.data, received=mail.received, flags=mail.flags)
            for mail in mails
        )
        dovecot.load(account, folder, stored)

    return load
