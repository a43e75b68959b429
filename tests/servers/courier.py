"""A Courier IMAP server that lives as long as the tests: plain on loopback, fresh users, no root.

    connection → log-in, spoken here → Courier's imapd in the user's Maildir

Courier's own log-in asks a daemon behind a socket in /run, a path that is compiled in and belongs
to the system. So the log-in is spoken here, in the same words, and imapd gets the connection as the
other would hand it on.
"""

import secrets
import shlex
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self

from tests.servers.dovecot import Account
from tests.servers.process import LOOPBACK, Owner, server_folder
from tests.servers.require import require, require_beside

_CAPABILITIES = (
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
)
# What /etc/courier/imapd of Debian says, but that IDLE looks for news each second, not minute.
_SETTINGS = {
    "IMAP_CAPABILITY": _CAPABILITIES,
    "IMAP_KEYWORDS": "1",
    "IMAP_ACL": "1",
    "IMAP_USELOCKS": "1",
    "IMAP_MAILBOX_SANITY_CHECK": "1",
    "IMAP_TRASHFOLDERNAME": "Trash",
    "IMAP_EMPTYTRASH": "Trash:7",
    "IMAP_ENHANCEDIDLE": "0",
    "IMAP_IDLE_TIMEOUT": "1",
    "PROTOCOL": "IMAP",
    # For its log alone; without them it ends at once.
    "TCPREMOTEIP": LOOPBACK,
    "TCPREMOTEPORT": "0",
}


class Courier:
    """A throw-away Courier. Its users' folders hang under INBOX, parted by dots; none is there."""

    def __init__(self) -> None:
        # First whatever may skip the test, then whatever must be cleaned up.
        self._imapd = require_beside("usr/bin/imapd", "courier-imap")
        require("/usr/lib/libcourierauth.so.0", "courier-authlib")
        self._owner = Owner.unprivileged()
        self._launcher = self._owner.launcher()
        self._folder = server_folder("courier", in_memory=True)  # it syncs each message
        self._owner.own(self._folder)
        self._passwords: dict[str, str] = {}
        self._listener = _Listener(self)
        self.host = LOOPBACK
        self.port: int = self._listener.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add_user(self, name: str) -> Account:
        """Return a new user, known at once and with an empty inbox."""
        account = Account(name, secrets.token_urlsafe(12))
        maildir = self._maildir(name)
        for folder in (maildir, *(maildir / part for part in ("cur", "new", "tmp"))):
            folder.mkdir()
            self._owner.own(folder)
        self._passwords[name] = account.password
        return account

    def knows(self, user: str, password: str) -> bool:
        """Return whether this is the password of a user."""
        return self._passwords.get(user) == password

    def run_imapd(self, user: str, tag: str, connection: socket.socket) -> None:
        """Let imapd answer the log-in, and whatever the client says after it."""
        maildir = self._maildir(user)
        who = {"AUTHENTICATED": user, "IMAPLOGINTAG": tag}
        subprocess.run(
            [*self._launcher, str(self._imapd), str(maildir)],
            stdin=connection.fileno(),
            stdout=connection.fileno(),
            stderr=subprocess.DEVNULL,
            cwd=maildir,
            env={**_SETTINGS, **who},
            check=False,
        )

    def _maildir(self, user: str) -> Path:
        return self._folder / user


class _Listener(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, courier: Courier) -> None:
        self.courier = courier
        super().__init__((LOOPBACK, 0), _LogIn)


class _LogIn(StreamRequestHandler):
    """What is said before imapd has the connection."""

    server: _Listener
    rbufsize = 0  # takes no octet that is meant for imapd
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._say(f"* OK [CAPABILITY {_CAPABILITIES}] Courier-IMAP ready.")
        while line := self.rfile.readline().decode():
            tag, command, *arguments = shlex.split(line)
            match command.upper(), arguments:
                case "LOGIN", [user, password] if self.server.courier.knows(user, password):
                    self.server.courier.run_imapd(user, tag, self.connection)
                    return
                case "LOGIN", _:
                    self._say(f"{tag} NO Login failed.")
                case "CAPABILITY", _:
                    self._say(f"* CAPABILITY {_CAPABILITIES}", f"{tag} OK CAPABILITY completed")
                case "LOGOUT", _:
                    self._say(
                        "* BYE Courier-IMAP server shutting down", f"{tag} OK LOGOUT completed"
                    )
                    return
                case _:
                    self._say(f"{tag} NO Error in IMAP command received by server.")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
