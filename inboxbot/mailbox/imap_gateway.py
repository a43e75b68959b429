"""The one gateway in front of IMAPClient: checked arguments in, strict values or MailboxError out.

IMAPClient sends CR LF inside arguments to the wire (mjs/imapclient#657; THREATS, fact 1). Here
every argument is checked, every command has its budget, and imaplib's exceptions end.

    account → connect → TLS verified → log in → examine | search | fetch | append | … → leave
"""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from inboxbot.core.types import Key
from inboxbot.errors import FolderMissing, LoginRefused, MailboxError
from inboxbot.mailbox import imap_advice, imap_responses, imap_transport
from inboxbot.mailbox.folders import ListedFolder
from inboxbot.mailbox.imap_account import ImapAccount
from inboxbot.mailbox.imap_protocol import Client, Protocol, XOAuth2, plain, quoted
from inboxbot.mailbox.imap_responses import CONTROL, UNPARSABLE, Answer
from inboxbot.mailbox.imap_transport import NUL, ConnectionLost, Limits, TooSlow
from inboxbot.ports import Room

MAX_UID = 0xFFFF_FFFF  # RFC 3501 §2.3.1.1
DRAFT_FLAGS = ("\\Draft", "\\Seen")

_SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character, or undecodable bytes of a file name
_KEY = re.compile(r"[A-Za-z0-9_-]+")
_FETCH_ITEM = re.compile(r"[A-Z0-9.]+(?:\[[A-Z0-9. ()-]*\])?(?:<0\.[0-9]+>)?")
_APPENDUID = re.compile(rb"\[APPENDUID ([0-9]{1,10}) ([0-9]{1,10})\]", re.IGNORECASE)
_NEWS = re.compile(rb"\* [0-9]+ (?:EXISTS|RECENT)\b", re.IGNORECASE)
_STRUCTURE_OCTETS = 1 << 16  # of one FETCH line; a structure beyond has some 800 parts


class Refused(MailboxError):
    """The server said NO or BAD to one command; the connection still serves."""

    def __init__(self, message: str, code: str) -> None:
        self.code = code  # RFC 5530, such as NOPERM
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFolder:
    """What the server says on opening a folder."""

    name: str
    uidvalidity: int
    uidnext: int | None
    exists: int


class ImapGateway:
    """A logged-in connection. Raises MailboxError alone, and says where and what to do."""

    def __init__(self, account: ImapAccount, limits: Limits) -> None:
        _check(account.host)
        _check(account.user)
        self._account = account
        self._limits = limits
        self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    # -- connection ------------------------------------------------------------------------

    def reconnect(self) -> None:
        """Replace a lost connection by a new one; no folder is open then."""
        self._drop()
        self._connect()

    def leave(self) -> None:
        """Log out where the connection still serves, and close it."""
        if self._usable:
            # Never CLOSE before: it expunges (RFC 3501 §6.4.2).
            seconds = self._limits.farewell_seconds
            with contextlib.suppress(MailboxError), self._command("log out", seconds=seconds):
                if self._idling:
                    self._imap.end_idle()
                self._client.logout()
        self._drop()

    def can(self, capability: str) -> bool:
        """Return whether the server announced a capability after the log-in."""
        return capability.encode("ascii") in self._capabilities

    def _connect(self) -> None:
        account = self._account
        implicit = _context(account) if account.tls == "implicit" else None
        upgrade = _context(account) if account.tls == "starttls" else None
        if account.tls == "none":
            imap_transport.refuse_unless_loopback(account.host)
        self._transport = imap_transport.connect(
            account.host, account.port, context=implicit, limits=self._limits
        )
        self._usable = True
        self._idling = False
        self._read_only = False  # whether the open folder is, as the server said
        try:
            self._greet(upgrade)
            self._log_in()
        except BaseException:
            self._drop()
            raise

    def _greet(self, upgrade: ssl.SSLContext | None) -> None:
        if self._account.tls == "none":
            # "localhost" is a name like any other: what counts is where it led.
            imap_transport.refuse_unless_loopback(self._transport.peer)
        with self._bounded(self._limits.connect_seconds), self._refusals("let us in"):
            try:
                self._imap = Protocol(self._transport, self._account.host, upgrade)
            except TooSlow as err:
                if upgrade is None:
                    raise
                hint = 'one that speaks TLS from the first byte (port 993) wants tls = "implicit"'
                raise TooSlow(f"{err}; {hint}") from err
        self._client = Client(self._imap)

    def _log_in(self) -> None:
        account = self._account
        secret = account.password()
        if not secret:
            # Some servers take an empty password for an anonymous log-in (RFC 4513 §5.1.2).
            raise LoginRefused(f"{account.place}: the password is empty: set it")
        if CONTROL.search(secret):
            raise LoginRefused(f"{account.place}: the password holds a control character")
        try:
            with self._bounded():
                self._authenticate(secret)
                self._capabilities = frozenset(self._client.capabilities())
        except imaplib.IMAP4.error as err:
            # From None, and cleaned: a server may repeat the line that it refuses.
            said = _words(err).replace(quoted(secret), "***").replace(secret, "***")
            raise imap_advice.login(account, said) from None

    def _authenticate(self, secret: str) -> None:
        user = self._account.user
        if self._account.auth == "xoauth2":
            self._imap.authenticate("XOAUTH2", XOAuth2(user, secret))
        elif (user + secret).isascii() and "LOGINDISABLED" not in self._imap.capabilities:
            self._imap.login(quoted(user), secret)  # imaplib quotes the password alone
        else:
            # LOGIN carries no UTF-8, PLAIN does.
            self._imap.authenticate("PLAIN", lambda _: plain(user, secret))

    def _drop(self) -> None:
        self._usable = False
        self._transport.close()

    # -- reading ---------------------------------------------------------------------------

    def list_folders(self) -> list[ListedFolder]:
        """Return every folder whose name can be read; one bad name hides no other."""
        with self._command("list the folders"):
            lines = self._imap.list_all()
        return list(imap_responses.listed_folders(lines))

    def examine(self, folder: str) -> OpenFolder:
        """Open a folder for reading: nothing in it can change (RFC 3501 §6.3.2)."""
        return self._open_folder(folder, readonly=True)

    def close_examined(self) -> None:
        """Close the folder that `examine` opened; nothing in it changes."""
        if not self._read_only:
            return
        self._read_only = False
        with contextlib.suppress(Refused), self._command("close a folder"):
            if self.can("UNSELECT"):  # RFC 3691
                self._client.unselect_folder()
            else:
                # It expunges nothing where the server has said READ-ONLY (RFC 3501 §6.4.2).
                self._client.close_folder()

    def select(self, folder: str) -> OpenFolder:
        """Open a folder for writing."""
        return self._open_folder(folder, readonly=False)

    def search_new(self, first: int) -> list[int]:
        """Return the UIDs from `first` on, in order."""
        _check_uids(first)
        found = self._search([b"UID", b"%d:*" % first])
        # n:* is also the last message where its UID is below n (RFC 3501 §6.4.8).
        return [uid for uid in found if uid >= first]

    def search_since(self, day: date) -> list[int]:
        """Return the UIDs of what arrived on `day` or later, by the server's own calendar."""
        return self._search([b"SINCE", day])

    def search_key(self, key: Key) -> list[int]:
        """Return the UIDs of messages whose Message-ID holds `key`, as the server believes."""
        if not _KEY.fullmatch(key):
            raise MailboxError(f"{key!r} is no key to search for")
        return self._search([b"HEADER", b"Message-ID", key.encode("ascii")])

    def search_deleted(self) -> list[int]:
        r"""Return the UIDs of what is marked \Deleted."""
        return self._search([b"DELETED"])

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Answer:
        """Return what the server tells of these messages, and of no others."""
        for item in items:
            if not _FETCH_ITEM.fullmatch(item):
                raise MailboxError(f"{item!r} is nothing to fetch")
        _check_uids(*uids)
        if not uids:
            return Answer({})
        wanted = ",".join(map(str, uids))
        with self._command("fetch mail", line_octets=_STRUCTURE_OCTETS):
            lines = self._imap.uid_fetch(wanted, f"(UID {' '.join(items)})")
        return imap_responses.answer(lines, frozenset(uids))

    # -- inspecting ------------------------------------------------------------------------

    def rights(self, folder: str) -> frozenset[str] | None:
        """Return the user's rights in a folder (RFC 4314 §2.1); None where there is no ACL."""
        _check(folder)
        if not self.can("ACL"):
            return None
        with contextlib.suppress(Refused), self._command("tell the rights in a folder"):
            return imap_responses.rights(self._imap.my_rights(folder))
        return None

    def opens_for_writing(self, folder: str) -> bool | None:
        """Tell whether a folder would open for writing; None where the server does not say."""
        try:
            self.select(folder)
        except Refused as refused:
            return False if refused.code in {"READ-ONLY", "NOPERM"} else None
        return True

    def quotas(self) -> list[Room]:
        """Return how full the storage is that the inbox is part of (RFC 9208 §4.1.2)."""
        if not self.can("QUOTA"):
            return []
        with contextlib.suppress(Refused), self._command("tell how full the mailbox is"):
            return list(imap_responses.rooms(self._imap.quotas_of("INBOX")))
        return []

    # -- writing ---------------------------------------------------------------------------

    def append(self, folder: str, data: bytes, flags: tuple[str, ...]) -> tuple[int, int] | None:
        """Put a message into a folder; return (UIDVALIDITY, UID) where the server tells them."""
        _check(folder)
        if NUL in data:
            raise MailboxError("a message with a NUL cannot be stored (RFC 3501 §4.3)")
        with self._command(f"put a message into {folder!r}"):
            said = self._client.append(folder, data, flags)
        found = _APPENDUID.search(said or b"") if self.can("UIDPLUS") else None  # RFC 4315 §3
        if found is None or not 0 < int(found[2]) <= MAX_UID:
            return None
        return int(found[1]), int(found[2])

    def create_folder(self, levels: tuple[str, ...]) -> None:
        """Create a folder where the user's own ones are (RFC 2342), and subscribe to it."""
        for level in levels:
            _check(level)
        with self._command("create a folder"):
            name = self._personal_prefix() + self._delimiter().join(levels)
            _check(name)
            self._client.create_folder(name)
            self._client.subscribe_folder(name)

    def _personal_prefix(self) -> str:
        personal = self._client.namespace().personal if self.can("NAMESPACE") else None
        return str(personal[0][0]) if personal else ""

    def _delimiter(self) -> str:
        told = self._client.list_folders("", "")  # RFC 3501 §6.3.8: no folder, the delimiter
        delimiter = told[0][1] if told else None
        return delimiter.decode("ascii") if delimiter else "/"

    def move(self, uid: int, folder: str) -> None:
        """Move a message of the open folder (RFC 6851)."""
        _check(folder)
        _check_uids(uid)
        with self._command(f"move a message to {folder!r}"):
            self._client.move([uid], folder)

    def copy(self, uid: int, folder: str) -> None:
        """Copy a message of the open folder."""
        _check(folder)
        _check_uids(uid)
        with self._command(f"copy a message to {folder!r}"):
            self._client.copy([uid], folder)

    def mark_deleted(self, uid: int) -> None:
        r"""Mark a message of the open folder as \Deleted."""
        _check_uids(uid)
        with self._command("mark a message as deleted"):
            self._client.delete_messages([uid], silent=True)

    def expunge(self, uid: int) -> None:
        r"""Remove one message that is marked \Deleted (RFC 4315 §2.1)."""
        _check_uids(uid)
        with self._command("remove a deleted message"):
            self._client.uid_expunge([uid])

    def expunge_all(self) -> None:
        r"""Remove all that is marked \Deleted; the caller has looked what that is."""
        with self._command("remove deleted messages"):
            self._client.expunge()

    # -- watching --------------------------------------------------------------------------

    def idle(self) -> bool:
        """Ask to be told of changes in the open folder (RFC 2177); return whether there is one."""
        with self._command("wait for new mail"):
            self._imap.start_idle()
            self._idling = True
        return self._imap.news

    def news_within(self, seconds: float) -> bool:
        """Wait for the server to tell of a new message; False when the seconds are over."""
        with self._command("wait for new mail", seconds=seconds):
            while (line := self._transport.next_line()) is not None:
                if _NEWS.match(line):
                    return True
                if line.upper().startswith(b"* BYE"):
                    raise ConnectionLost(f"{self._account.place} said goodbye")
        return False

    def idle_done(self) -> bool:
        """Stop the telling; return whether a new message came to light meanwhile."""
        with self._command("wait for new mail"):
            self._imap.end_idle()
            self._idling = False
        return self._imap.news

    # -- what all commands share -----------------------------------------------------------

    def _open_folder(self, folder: str, *, readonly: bool) -> OpenFolder:
        _check(folder)
        self._read_only = False
        try:
            with self._command(f"open folder {folder!r}"):
                said = self._client.select_folder(folder, readonly=readonly)
        except Refused as err:
            if err.code in imap_advice.NOT_ABOUT_EXISTENCE:
                raise
            raise FolderMissing(folder, f"{err}; check its name in the mail client") from err
        self._read_only = readonly and b"READ-ONLY" in said
        uidvalidity, uidnext = said.get(b"UIDVALIDITY", 0), said.get(b"UIDNEXT", 0)
        if not 0 < uidvalidity <= MAX_UID:
            # RFC 3501 §2.3.1.1: without it no UID means anything the next time.
            raise MailboxError(f"{self._account.place} gives folder {folder!r} no UIDVALIDITY")
        return OpenFolder(
            name=folder,
            uidvalidity=uidvalidity,
            uidnext=uidnext if 0 < uidnext <= MAX_UID else None,
            exists=said.get(b"EXISTS", 0),
        )

    def _search(self, criteria: list[bytes | date]) -> list[int]:
        with self._command("search"):
            found = self._client.search(criteria)
        return sorted({uid for uid in found if 0 < uid <= MAX_UID})

    @contextlib.contextmanager
    def _command(
        self, action: str, *, seconds: float | None = None, line_octets: int | None = None
    ) -> Iterator[None]:
        with self._bounded(seconds, line_octets), self._refusals(action):
            self._imap.untagged_responses.clear()  # what came unasked is nobody's answer
            yield

    @contextlib.contextmanager
    def _bounded(
        self, seconds: float | None = None, line_octets: int | None = None
    ) -> Iterator[None]:
        """Give a command its budget; leave the connection where the command went out of step."""
        if not self._usable:
            raise ConnectionLost(f"{self._account.place}: the connection is closed")
        self._transport.allow(seconds or self._limits.command_seconds, line_octets=line_octets)
        try:
            yield
        except Refused:
            raise
        except MailboxError:
            self._drop()
            raise
        except (imaplib.IMAP4.abort, *UNPARSABLE):
            self._drop()
            # From None: the line that was not expected may be anybody's mail.
            raise ConnectionLost(
                f"{self._account.place} ended the connection or left the protocol; "
                "the next poll tries again"
            ) from None

    @contextlib.contextmanager
    def _refusals(self, action: str) -> Iterator[None]:
        place = self._account.place
        try:
            yield
        except imaplib.IMAP4.readonly:
            raise Refused(imap_advice.refusal(place, action, "[READ-ONLY]"), "READ-ONLY") from None
        except (imaplib.IMAP4.abort, *UNPARSABLE):
            raise
        except imaplib.IMAP4.error as err:
            words = _words(err)
            code = imap_advice.code_of(words)
            raise Refused(imap_advice.refusal(place, action, words), code) from err


def _context(account: ImapAccount) -> ssl.SSLContext:
    return imap_transport.tls_context(account.ca_file)


def _check(argument: str) -> None:
    if CONTROL.search(argument):
        raise MailboxError(f"{argument!r} holds a control character: it is not sent to the server")
    if _SURROGATE.search(argument):
        raise MailboxError(f"{argument!r} is no text: it is not sent to the server")


def _check_uids(*uids: int) -> None:
    for uid in uids:
        if not 0 < uid <= MAX_UID:
            raise MailboxError(f"{uid} is no UID")


def _words(err: imaplib.IMAP4.error) -> str:
    """Return what the server said; imaplib hands some of it on as bytes."""
    said = err.args[0] if err.args else ""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    # Of BAD imaplib gives the repr of a list, and servers repeat the whole command in it.
    return "BAD: it did not understand" if " command error: BAD" in words else words
