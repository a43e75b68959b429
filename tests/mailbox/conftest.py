"""The mailboxes that the contract suite runs over, one fresh one for each test.

`bench` is each of them in turn; those of servers are skipped where the server is not installed
(and fail on CI).
"""

import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from imapclient import IMAPClient

from inboxbot.mailbox.imap import ImapAccount
from tests.mailbox.benches import (
    Bench,
    ImapBench,
    MaildirBench,
    MemoryBench,
    dovecot_bench,
    xoauth2_bench,
)
from tests.mailbox.courier_bench import CourierBench
from tests.mailbox.gmail_bench import GmailBench
from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Account, Dovecot
from tests.servers.gmail.stand_in import GmailStandIn
from tests.servers.process import LOOPBACK, free_ports, listens
from tests.servers.wait import wait_for

_PYMAP = """
import functools, pymap.config, pymap.main
# A third of a second for each log-in, otherwise.
pymap.config.BuiltinHash = functools.partial(pymap.config.BuiltinHash, rounds=1)
pymap.main.main()
"""

KINDS = {  # what each is called in a test's name → its fixture
    "memory": "memory",
    "maildir++": "maildir",
    "plain maildir": "plain_maildir",
    "pymap": "pymap_bench",
    "dovecot": "dovecot_by_password",
    "dovecot xoauth2": "dovecot_by_token",
    "cyrus": "cyrus_bench",
    "courier": "courier_bench",
    "gmail": "gmail_bench",
    "gmail, rewriting": "rewriting_gmail_bench",
}
PLENTY = 1_000_000  # units of Gmail's quota: the suite need not wait for the next minute
_KEEP_DRAFTS = {"dovecot", "dovecot xoauth2", "cyrus", "gmail", "gmail, rewriting"}


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest) -> Bench:
    """Provide a fresh mailbox of each kind."""
    return _bench(request.param, request)


@pytest.fixture(params=[kind for kind in KINDS if kind not in _KEEP_DRAFTS])
def bench_of_deletable_folders(request: pytest.FixtureRequest) -> Bench:
    """Provide a fresh mailbox of each kind whose Drafts can be deleted.

    Dovecot makes it again, Cyrus refuses (its specialuse_protect), Gmail's own labels are for ever.
    """
    return _bench(request.param, request)


@pytest.fixture(params=[kind for kind in KINDS if kind != "cyrus"])
def bench_of_any_mail(request: pytest.FixtureRequest) -> Bench:
    """Provide a fresh mailbox of each kind that takes mail without a header: Cyrus refuses it."""
    return _bench(request.param, request)


def _bench(kind: str, request: pytest.FixtureRequest) -> Bench:
    """Return a bench; only the server of the kind that is asked for is started."""
    found: Bench = request.getfixturevalue(KINDS[kind])
    return found


@pytest.fixture
def memory() -> MemoryBench:
    """Provide a mailbox in memory."""
    return MemoryBench()


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


@pytest.fixture
def pymap_bench(pymap_url: str) -> Iterator[ImapBench]:
    """Provide the mailbox of pymap's one user, emptied."""
    url = urlsplit(pymap_url)
    account = _loopback_account(url.port or 0, str(url.username), str(url.password))
    with _logged_in(account) as client:
        _empty(client)
        yield ImapBench(account, client)


@pytest.fixture
def dovecot_by_password(dovecot: Dovecot, account: Account, imap: IMAPClient) -> ImapBench:
    """Provide a new user of Dovecot."""
    return dovecot_bench(dovecot, account, imap)


@pytest.fixture
def dovecot_by_token(dovecot: Dovecot, account: Account, imap: IMAPClient) -> ImapBench:
    """Provide a new user of Dovecot over TLS, logged in by XOAUTH2."""
    return xoauth2_bench(dovecot, account, imap)


@pytest.fixture
def cyrus_bench(cyrus: Cyrus) -> Iterator[ImapBench]:
    """Provide a new user of Cyrus."""
    user = cyrus.add_user(f"alice-{secrets.token_hex(4)}")
    account = _loopback_account(cyrus.port, user.name, user.password)
    with _logged_in(account) as client:
        yield ImapBench(account, client)


@pytest.fixture
def courier_bench(courier: Courier) -> Iterator[ImapBench]:
    """Provide a new user of Courier."""
    user = courier.add_user(f"alice-{secrets.token_hex(4)}")
    account = _loopback_account(courier.port, user.name, user.password)
    with _logged_in(account) as client:
        yield CourierBench(account, client)


@pytest.fixture
def gmail_bench() -> Iterator[GmailBench]:
    """Provide an account at Gmail, where a draft keeps its Message-ID."""
    with GmailStandIn(per_minute=PLENTY) as gmail:
        yield GmailBench(gmail)


@pytest.fixture
def rewriting_gmail_bench() -> Iterator[GmailBench]:
    """Provide an account at Gmail, where a draft gets a Message-ID of Gmail's own."""
    with GmailStandIn(message_ids="rewritten", per_minute=PLENTY) as gmail:
        yield GmailBench(gmail)


def _loopback_account(port: int, user: str, password: str) -> ImapAccount:
    return ImapAccount(host=LOOPBACK, port=port, user=user, password=lambda: password, tls="none")


@contextmanager
def _logged_in(account: ImapAccount) -> Iterator[IMAPClient]:
    """Log in as the other hand that a bench has."""
    with IMAPClient(account.host, account.port, ssl=False, timeout=60) as client:
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.login(account.user, account.password())
        yield client


def _empty(client: IMAPClient) -> None:
    client.select_folder("INBOX")
    if uids := client.search("ALL"):
        client.delete_messages(uids)
        client.expunge()
    for flags, _, name in client.list_folders():
        if name != "INBOX" and b"\\Noselect" not in flags:
            client.delete_folder(name)
