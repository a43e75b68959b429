"""A Cyrus IMAP server that lives as long as the tests: plain on loopback, fresh users, no root."""

import secrets
import subprocess
from contextlib import ExitStack
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self

from tests.servers.dovecot import Account
from tests.servers.folders import ENGLISH
from tests.servers.process import LOOPBACK, Server, free_ports, greets
from tests.servers.require import require, require_beside

_PROGRAMS = "/usr/lib/cyrus/bin"


class Cyrus:
    """A throw-away Cyrus whose users have the folders of `ENGLISH`, marked by SPECIAL-USE."""

    def __init__(self) -> None:
        # First whatever may skip the test, then whatever must be cleaned up.
        self._master = require(f"{_PROGRAMS}/master", "cyrus-common")
        self._imapd = require_beside("usr/lib/cyrus/bin/imapd", "cyrus-imapd")
        self._set_password = require("saslpasswd2", "sasl2-bin")
        self.host = LOOPBACK
        (self.port,) = free_ports(1)
        # It syncs each message: a thousand take six seconds on a disk, a tenth of one in memory.
        self._server = Server("cyrus", self.port, in_memory=True)
        self._configuration = self._server.folder / "imapd.conf"
        self._processes = self._server.folder / "cyrus.conf"
        self._passwords = self._server.folder / "passwords"
        self._write_configuration()

    def __enter__(self) -> Self:
        with ExitStack() as ends:
            ends.callback(self._server.remove)
            self._start()
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    def add_user(self, name: str) -> Account:
        """Return a new user, known at once and with empty folders."""
        account = Account(name, secrets.token_urlsafe(12))
        subprocess.run(
            [self._set_password, "-p", "-c", "-f", self._passwords, "-u", "localhost", name],
            input=account.password.encode(),
            check=True,
            capture_output=True,
        )
        self._server.owner.own(self._passwords)
        return account

    def _start(self) -> None:
        files = ("-C", str(self._configuration), "-M", str(self._processes))
        pid_file = str(self._server.folder / "master.pid")
        command = [str(self._master), *files, "-p", pid_file, "-D"]
        self._server.start(command, answers=lambda: greets(self.port))

    def _write_configuration(self) -> None:
        owner = self._server.owner
        for name in ("state", "state/socket", "state/log", "processes", "locks", "mail"):
            folder = self._server.folder / name
            folder.mkdir()
            owner.own(folder)
        special_uses = (
            attribute.lower().replace("\\", "xlist-") + f": {name}"
            for attribute, name in ENGLISH.by_special_use()
        )
        _fill(
            "cyrus_imapd.conf",
            self._configuration,
            user=owner.user,
            group=owner.group,
            folder=self._server.folder,
            passwords=self._passwords,
            mailboxes=" | ".join(name for _, name in ENGLISH.by_special_use()),
            special_uses="\n".join(special_uses),
        )
        _fill(
            "cyrus.conf",
            self._processes,
            programs=_PROGRAMS,
            imapd=self._imapd,
            idled=self._imapd.with_name("idled"),
            configuration=self._configuration,
            host=self.host,
            port=self.port,
        )
        owner.own(self._configuration, self._processes)


def _fill(template: str, into: Path, **values: object) -> None:
    text = Path(__file__).with_name(template).read_text()
    into.write_text(Template(text).substitute(values), encoding="utf-8")
