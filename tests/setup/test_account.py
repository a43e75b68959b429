"""What the settings have becomes answers, and the same again; what nobody can be asked is named."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from inboxbot.errors import InputError
from inboxbot.providers import load_providers, provider_of
from inboxbot.settings import Account, Places, read
from inboxbot.setup.account import account_of, answers_of, provider_for
from inboxbot.setup.answers import Answers, Memory
from inboxbot.setup.ask import Nobody
from inboxbot.setup.interview import Interview
from inboxbot.setup.keep import next_steps
from inboxbot.setup.secret import ask_keep
from tests.setup.shelf import Shelf
from tests.setup.steps import desk

FOUND = Places(config=Path("/home/me/config.toml"), state=Path("/home/me/state"))
ACCOUNTS = """
[accounts.server]
kind = "imap"
address = "me@example.org"
host = "imap.example.org"
port = 1143
tls = "starttls"
user = "me"
ca_file = "/home/me/ca.pem"
aliases = ["jobs@example.org"]
folders = ["INBOX", "Jobs"]
trash = "Papierkorb"
authserv_id = "mx.example.org"
corrections = true
password_command = ["pass", "show", "mail"]

[accounts.gmail]
kind = "imap"
address = "me@gmail.com"
host = "imap.gmail.com"
authserv_id = "mx.google.com"
name = "Me"
password_file = "/home/me/state/gmail.secret"

[accounts.icloud]
kind = "imap"
address = "me@icloud.com"
host = "imap.mail.me.com"
user = "me"
authserv_id = "dmarc.icloud.com"
password_file = "/elsewhere/password"

[accounts.workspace]
kind = "gmail"
address = "me@firm.example"
authserv_id = "mx.google.com"
client_file = "/home/me/client.json"
token_file = "/elsewhere/token"

[accounts.microsoft]
kind = "imap"
address = "me@firm.example"
host = "outlook.office365.com"
oauth = "microsoft"
client_id = "1"
authority = "https://login.microsoftonline.com/firm.example"

[accounts.service]
kind = "imap"
address = "me@example.net"
host = "imap.example.net"
password_file = "credential:mine"

[accounts.local]
kind = "maildir"
path = "/home/me/Maildir"
address = "me@example.org"
"""


@pytest.mark.parametrize("name", read(ACCOUNTS, FOUND.config).accounts)
def test_an_account_of_the_settings_becomes_answers_and_the_same_account_again(name: str):
    account = read(ACCOUNTS, FOUND.config).accounts[name]
    provider = provider_for(account)
    assert account_of(answers_of(account, provider, FOUND), provider, FOUND) == account


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("server", None),
        ("gmail", "gmail"),
        ("workspace", "google-workspace"),
        ("microsoft", "microsoft365"),
        ("local", None),
    ],
)
def test_who_runs_a_mailbox_is_found_by_its_address_or_its_way_in(name: str, provider: str | None):
    found = provider_for(read(ACCOUNTS, FOUND.config).accounts[name])
    assert (found.id if found else None) == provider


def test_a_providers_entry_is_all_that_an_address_needs():
    provider = provider_of("me@icloud.com", load_providers())
    answers = Answers(address="me@icloud.com", account="icloud", way="app-password")
    account = account_of(answers, provider, FOUND)
    assert (account.host, account.user, account.tls) == ("imap.mail.me.com", "me", "implicit")
    assert account.authserv_id == "dmarc.icloud.com"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch) -> Iterator[None]:
    """Provide a keyring that works, and is empty."""
    monkeypatch.setenv("SHELF", str(tmp_path / "shelf"))
    before = keyring.get_keyring()
    keyring.set_keyring(Shelf())
    yield
    keyring.set_keyring(before)


def test_two_accounts_of_one_login_do_not_share_their_place_in_the_keyring(shelf):
    first = Account(id="first", kind="imap", address="me@gmail.com", host="imap.gmail.com")
    answers = Answers(address="me@gmail.com", account="second", way="google-api")
    with pytest.raises(InputError, match="--keep is missing"):
        ask_keep(Interview(Nobody(), {}, answers, None), desk(first), "me@gmail.com")
    talk = Interview(Nobody(), {"keep": "file"}, answers, None)
    ask_keep(talk, desk(first), "me@gmail.com")
    assert talk.answers.keep == "file"


def test_a_systemd_credential_is_told_how_to_be_made():
    account = read(ACCOUNTS, FOUND.config).accounts["service"]
    told = "\n".join(next_steps(account, FOUND))
    assert "encrypt --name=mine - /home/me/state/mine.cred" in told
    assert "LoadCredentialEncrypted=mine:/home/me/state/mine.cred" in told


@pytest.mark.parametrize("text", ["", "{", '{"port": 993}', "\udcff", '{"unknown": "key"}'])
def test_answers_of_another_version_are_as_good_as_none(tmp_path: Path, text: str):
    file = tmp_path / "setup.json"
    file.touch(mode=0o600)
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    recalled = Memory(file).recall()
    assert recalled in {None, Answers()}
