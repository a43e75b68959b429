"""What Cyrus and Courier do beyond the contract suite: refusing a log-in, telling of new mail."""

import secrets

import pytest
from imapclient import IMAPClient

from inboxbot.errors import LoginRefused
from inboxbot.mailbox.imap import ImapAccount, open_imap, watch_imap
from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus


@pytest.fixture(params=["cyrus", "courier"])
def server(request: pytest.FixtureRequest) -> Cyrus | Courier:
    found: Cyrus | Courier = request.getfixturevalue(request.param)
    return found


def account_on(server: Cyrus | Courier, password: str | None = None) -> ImapAccount:
    user = server.add_user(f"alice-{secrets.token_hex(4)}")
    return ImapAccount(
        host=server.host,
        port=server.port,
        user=user.name,
        password=lambda: password or user.password,
        tls="none",
    )


def test_a_wrong_password_is_told_as_one(server):
    wrong = account_on(server, "wrong")
    with pytest.raises(LoginRefused, match="check user and password"), open_imap(wrong):
        pass


def test_new_mail_is_told_while_it_is_waited_for(server):
    account = account_on(server)
    with (
        IMAPClient(account.host, account.port, ssl=False, timeout=10) as client,
        watch_imap(account) as watcher,
    ):
        assert not watcher.wait(0)
        client.login(account.user, account.password())
        client.append("INBOX", b"Subject: new\r\n\r\n")
        assert watcher.wait(10)
