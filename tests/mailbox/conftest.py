"""The mailboxes that the contract suite runs over, one fresh one for each test.

`bench` is each of them in turn; those of servers are skipped where the server is not installed
(and fail on CI).
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from imapclient import IMAPClient

from inboxbot.mailbox.imap import ImapAccount
from tests.mailbox.benches import Bench, ImapBench, MaildirBench, MemoryBench, dovecot_bench
from tests.servers.process import LOOPBACK, free_ports, listens
from tests.servers.wait import wait_for

_PYMAP = """
import functools, pymap.config, pymap.main
# A third of a second for each log-in, otherwise.
pymap.config.BuiltinHash = functools.partial(pymap.config.BuiltinHash, rounds=1)
pymap.main.main()
"""

KINDS = ("memory", "maildir++", "plain maildir", "pymap", "dovecot")


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest) -> Bench:
    """Provide a fresh mailbox of each kind."""
    return _bench(request.param, request)


@pytest.fixture(params=[kind for kind in KINDS if kind != "dovecot"])
def bench_of_deletable_folders(request: pytest.FixtureRequest) -> Bench:
    """Provide a fresh mailbox of each kind whose Drafts can be deleted: Dovecot makes it again."""
    return _bench(request.param, request)


@pytest.fixture
def maildir(tmp_path: Path) -> MaildirBench:
    """Provide a Maildir++."""
    return MaildirBench(tmp_path / "Maildir", plain=False)


@pytest.fixture
def plain_maildir(tmp_path: Path) -> MaildirBench:
    """Provide a Maildir of plain folders."""
    return MaildirBench(tmp_path / "Mail", plain=True)


@pytest.fixture(scope="session")
def pymap_url() -> Iterator[str]:
    """Provide an IMAP server in pure Python, with one user."""
    pytest.importorskip("pymap", reason="pymap is not installed: pip install --group dev .")
    (port,) = free_ports(1)
    user = ("--demo-user", "alice", "--demo-password", "secret")
    where = ("--host", LOOPBACK, "--port", str(port), "--no-tls")
    command = [sys.executable, "-c", _PYMAP, *where, "dict", *user]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(lambda: listens(port), seconds=20, what="pymap to listen")
            yield f"imap://alice:secret@{LOOPBACK}:{port}"
        finally:
            server.kill()


def _bench(kind: str, request: pytest.FixtureRequest) -> Bench:
    """Return a bench; only the servers of the kind that is asked for are started."""
    if kind == "memory":
        return MemoryBench()
    if kind == "dovecot":
        return dovecot_bench(
            *(request.getfixturevalue(name) for name in ("dovecot", "account", "imap"))
        )
    fixtures = {"maildir++": "maildir", "plain maildir": "plain_maildir", "pymap": "pymap_bench"}
    found: Bench = request.getfixturevalue(fixtures[kind])
    return found


@pytest.fixture
def pymap_bench(pymap_url: str) -> Iterator[ImapBench]:
    """Provide the mailbox of pymap's one user, emptied."""
    url = urlsplit(pymap_url)
    account = ImapAccount(
        host=str(url.hostname),
        port=url.port or 0,
        user=str(url.username),
        password=lambda: str(url.password),
        tls="none",
    )
    with IMAPClient(account.host, account.port, ssl=False, timeout=10) as client:
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.login(account.user, account.password())
        _empty(client)
        yield ImapBench(account, client)


def _empty(client: IMAPClient) -> None:
    client.select_folder("INBOX")
    if uids := client.search("ALL"):
        client.delete_messages(uids)
        client.expunge()
    for flags, _, name in client.list_folders():
        if name != "INBOX" and b"\\Noselect" not in flags:
            client.delete_folder(name)
