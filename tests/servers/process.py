"""Command → a running server in its own process group, that ends with the tests."""

import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.servers.require import require
from tests.servers.wait import wait_for

LOOPBACK = "127.0.0.1"
_MEMORY = Path("/dev/shm")  # of Linux


class ServerFailedError(Exception):
    """A server ended, or did not answer, after its start; says what its log says."""

    def __init__(self, name: str, log: str) -> None:
        super().__init__(f"{name} did not start:\n{log}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The user that a server runs as, and that owns its files."""

    user: str
    group: str
    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> Self:
        """Return the caller, or nobody in place of root."""
        entry = pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")
        group = grp.getgrgid(entry.pw_gid).gr_name
        return cls(user=entry.pw_name, group=group, uid=entry.pw_uid, gid=entry.pw_gid)

    def own(self, *paths: Path) -> None:
        """Hand files and folders to this user."""
        for path in paths:
            os.chown(path, self.uid, self.gid)

    def launcher(self) -> list[str]:
        """Return the words before a command that run it as this user, until our own thread ends."""
        words = [str(require("setpriv", "util-linux")), "--pdeathsig", "TERM"]
        if os.getuid() == self.uid:
            return words
        return [*words, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]


class Server:
    """One server process with its own folder, log, port and process group."""

    def __init__(self, name: str, port: int, *, in_memory: bool = False) -> None:
        self.name = name
        self.port = port
        self.owner = Owner.unprivileged()
        self._launcher = self.owner.launcher()
        self.folder = server_folder(name, in_memory=in_memory)
        self.log_file = self.folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(
        self,
        command: Sequence[str],
        *,
        answers: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
        seconds: float = 10,
    ) -> None:
        """Run the command as the owner of the folder, and wait until it answers.

        Raises ServerFailedError if it ends before, or when the seconds are over.
        """
        with self.log_file.open("ab") as log:
            self.owner.own(self.folder, self.log_file)
            process = self._process = subprocess.Popen(
                [*self._launcher, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )

        try:
            wait_for(
                lambda: process.poll() is not None or answers(),
                seconds=seconds,
                what=f"{self.name} to answer",
            )
        except TimeoutError as error:
            raise ServerFailedError(self.name, self._log()) from error
        if not self.running():
            raise ServerFailedError(self.name, self._log())

    def running(self) -> bool:
        """Return whether the process has been started and not ended since."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Let the process and its children end in order."""
        if self._process is None:
            return
        # To the children too: Dovecot's master alone takes a second to tell them.
        _signal_group(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self.kill()

    def kill(self) -> None:
        """End the process and all that it started, and wait until the port is closed."""
        if self._process is None:
            return
        # The group outlives its leader, by children that did not notice.
        _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        wait_for(
            lambda: not listens(self.port), seconds=5, what=f"{self.name} to leave port {self.port}"
        )

    def remove(self) -> None:
        """Kill the process and remove its folder: what is not kept need not end in order."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


def server_folder(name: str, *, in_memory: bool = False) -> Path:
    """Make a folder for a server: in memory, where the system has such a place, no sync waits."""
    # Not pytest's tmp_path: another user cannot enter it, and socket paths must stay short.
    parent = _MEMORY if in_memory and _MEMORY.is_dir() else None
    return Path(tempfile.mkdtemp(prefix=f"inboxbot-{name}-", dir=parent))


def listens(port: int) -> bool:
    """Return whether somebody accepts connections to a loopback port."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def greets(port: int) -> bool:
    """Return whether an IMAP server answers a connection with its greeting (RFC 3501 §7.1.1)."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            return connection.recv(1024).startswith(b"* OK")
    except OSError:
        # Not listening yet, or not answering yet.
        return False


def free_ports(count: int) -> list[int]:
    """Return loopback ports, all different, that nobody listens on."""
    sockets = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def _signal_group(group: int, number: signal.Signals) -> None:
    """Signal a process group, if any process of it is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
