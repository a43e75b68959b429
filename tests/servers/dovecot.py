"""An IMAP server that lives as long as a test: plain and TLS on loopback, fresh users, no root."""

import os
import secrets
import ssl
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self

from imapclient import IMAPClient
from imapclient.imap_utf7 import encode as modified_utf7

from tests.servers.certificate import make_certificate
from tests.servers.folders import ENGLISH, Folders
from tests.servers.poorer import WithoutUidplus
from tests.servers.process import LOOPBACK, Server, free_ports, greets
from tests.servers.require import require
from tests.servers.tokens import Tokens

MAIL_DOMAIN = "test.example"

# What Dovecot 2.3 announces, less UIDPLUS (RFC 4315).
_WITHOUT_UIDPLUS = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ SPECIAL-USE NAMESPACE MOVE UNSELECT"
)
_MAILDIR_FLAGS = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S"}


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the server and what logs them in."""

    name: str
    password: str = field(repr=False)

    @property
    def address(self) -> str:
        """The user's own mail address."""
        return f"{self.name}@{MAIL_DOMAIN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """A message for the mailbox, with its INTERNALDATE and flags."""

    content: bytes
    received: datetime
    flags: tuple[str, ...] = ()


class Dovecot:
    """A throw-away Dovecot with the users alice and bob, and as many more as are added.

    ``with Dovecot() as dovecot: dovecot.log_in(dovecot.alice)``

    Without UIDPLUS the plain port announces and answers none of it; the TLS port only hides it.
    `more` are lines of its configuration: plugins that a test needs.
    """

    def __init__(
        self,
        *,
        folders: Folders = ENGLISH,
        special_use: bool = True,
        uidplus: bool = True,
        more: str = "",
    ) -> None:
        # First whatever may skip the test, then whatever must be cleaned up.
        self._program = require("dovecot", "dovecot-imapd")
        require("openssl", "openssl")
        self.host = LOOPBACK
        plain_port, self.tls_port = free_ports(2)
        self._server = Server("dovecot", plain_port)
        self.folders = folders
        self.log_file = self._server.log_file
        self.ca_file, self._key_file = make_certificate(self._server.folder)
        self._configuration = self._server.folder / "dovecot.conf"
        self._tokens = Tokens(self._server.folder / "tokens")
        self._write_configuration(special_use=special_use, uidplus=uidplus, more=more)
        self.alice = self.add_user("alice")
        self.bob = self.add_user("bob")
        self._proxy = None if uidplus else WithoutUidplus(plain_port)
        self.port = self._proxy.port if self._proxy else plain_port

    def __enter__(self) -> Self:
        with ExitStack() as ends:
            ends.callback(self._server.remove)
            if self._proxy:
                ends.enter_context(self._proxy)
            self.start()
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    def start(self) -> None:
        """Start the server, also again after stop or kill, and wait for its greeting."""
        command = [str(self._program), "-F", "-c", str(self._configuration)]
        self._server.start(command, answers=lambda: greets(self._server.port))

    def stop(self) -> None:
        """End the server in order; its mail and ports stay for a later start."""
        self._server.stop()

    def kill(self) -> None:
        """End the server at once, as a crash does: no connection is told goodbye."""
        self._server.kill()

    def add_user(self, name: str) -> Account:
        """Return a new user, known at once and with empty folders; a known one's new password."""
        account = Account(name, secrets.token_urlsafe(12))
        home = self._server.folder / "mail" / name
        entry = self._folder("users") / name
        known = entry.exists()
        entry.write_text(f"{name}:{{PLAIN}}{account.password}::::{home}::\n")
        self._server.owner.own(entry)
        if known:  # Dovecot reads a file of that size anew where its seconds have changed
            later = time.time() + 2
            os.utime(entry, (later, later))
        return account

    def token(self, account: Account, *, seconds: float = 3600) -> str:
        """Return an access token of a user for XOAUTH2, good for some seconds."""
        return self._tokens.of(account.name, seconds=seconds)

    def log_in(self, account: Account, *, tls: bool = False) -> IMAPClient:
        """Return a connection of IMAPClient that is logged in."""
        if not tls:
            client = IMAPClient(self.host, self.port, ssl=False, timeout=10)
        else:
            context = ssl.create_default_context(cafile=str(self.ca_file))
            client = IMAPClient(self.host, self.tls_port, ssl_context=context, timeout=10)
        try:
            client.login(account.name, account.password)
        except IMAPClient.Error:
            client.shutdown()
            raise
        return client

    def load(self, account: Account, folder: str, mails: Iterable[StoredMail]) -> None:
        """Put messages straight into a folder's Maildir, thousands a second.

        INTERNALDATE is the file's time; the UIDs follow the order of the messages.
        """
        maildir = self._maildir(account, folder)
        batch = secrets.token_hex(6)
        for number, mail in enumerate(mails):
            flags = "".join(sorted(_MAILDIR_FLAGS[flag] for flag in mail.flags))
            # Dovecot gives UIDs to new files in the order of their names: number comes first.
            name = f"{number:010}.{batch}.{self.host},S={len(mail.content)}:2,{flags}"
            staged = maildir / "tmp" / name
            staged.write_bytes(mail.content)
            os.utime(staged, (mail.received.timestamp(),) * 2)
            self._server.owner.own(staged)
            staged.rename(maildir / "cur" / name)

    def _maildir(self, account: Account, folder: str) -> Path:
        """Return where a folder is kept, after Dovecot itself has made it."""
        with self.log_in(account) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.select_folder(folder)
        root = self._server.folder / "mail" / account.name / "Maildir"
        if folder.upper() == "INBOX":
            return root
        name = str(modified_utf7(folder), "ascii").replace("/", ".")
        return root / f".{name}"

    def _folder(self, name: str) -> Path:
        folder = self._server.folder / name
        folder.mkdir(exist_ok=True)
        self._server.owner.own(folder)
        return folder

    def _write_configuration(self, *, special_use: bool, uidplus: bool, more: str) -> None:
        template = Template(Path(__file__).with_name("dovecot.conf").read_text())
        owner = self._server.owner
        self._configuration.write_text(
            template.substitute(
                folder=self._server.folder,
                log_file=self.log_file,
                ca_file=self.ca_file,
                key_file=self._key_file,
                oauth2=self._tokens.settings,
                host=self.host,
                port=self._server.port,
                tls_port=self.tls_port,
                user=owner.user,
                group=owner.group,
                uid=owner.uid,
                gid=owner.gid,
                capability="" if uidplus else _WITHOUT_UIDPLUS,
                mailboxes="\n".join(_mailboxes(self.folders, special_use=special_use)),
                more=more,
            ),
            encoding="utf-8",
        )
        self._folder("mail")
        owner.own(self._configuration, self.ca_file, self._key_file, *self._tokens.files)


def _mailboxes(folders: Folders, *, special_use: bool) -> Iterable[str]:
    """Yield a configuration block for each special-use folder."""
    for attribute, name in folders.by_special_use():
        use = f"\n    special_use = {attribute}" if special_use else ""
        yield f'  mailbox "{name}" {{\n    auto = subscribe{use}\n  }}'
