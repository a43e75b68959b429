"""Setup for Gmail both ways and for Microsoft, each over its stand-in, with mistakes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.servers.authorisation import Google, Microsoft
from tests.servers.dovecot import Dovecot
from tests.servers.gmail.stand_in import GmailStandIn
from tests.setup.person import Person, person
from tests.setup.steps import a_rejection, a_rejection_waits, agrees, drafts, found_in, works

BROWSER = f"{sys.executable} -m tests.setup.browser %s"


def on_dovecot(dovecot: Dovecot) -> list[str]:
    """Return the flags by which a provider's server is the local one."""
    tls = ("--port", str(dovecot.tls_port), "--ca-file", str(dovecot.ca_file))
    return ["--host", "127.0.0.1", *tls]


@pytest.mark.slow
def test_gmail_with_an_app_password_and_its_spaces(dovecot, account, home: Path):
    a_rejection_waits(dovecot, account)
    address = f"{account.name}@gmail.com"
    letters = account.password
    with person(home, *on_dovecot(dovecot), "--user", account.name) as alice:
        alice.answers("Your mail address:", address)
        alice.reads("This is Gmail.")
        alice.picks("Which way in?", "An app password")
        alice.reads("2-Step Verification")
        alice.reads("https://myaccount.google.com/apppasswords")
        alice.answers("Your name:", "Alice Example")
        alice.answers("Other addresses of yours", "")
        alice.picks("Where to keep your", "In a file")
        alice.hides("App password", "wrong wron gwro ngwr")
        alice.reads("FAIL  login")
        alice.picks("What now?", "Type the password again")
        alice.hides("App password", f"{letters[:4]} {letters[4:8]} {letters[8:]}")
        agrees(alice)
        shown = alice.ends()
    works(home)
    assert drafts(dovecot, account) == 1
    assert "administrator" not in shown
    assert found_in(home, letters) == ["gmail.secret"]
    assert letters not in shown


@pytest.fixture
def gmail() -> Iterator[GmailStandIn]:
    with GmailStandIn() as running:
        yield running


@pytest.fixture
def google(gmail: GmailStandIn) -> Iterator[Google]:
    with Google(gmail.address) as running:
        running.mint = lambda _: gmail.oauth.issue()
        yield running


@pytest.mark.slow
@pytest.mark.threat("D19")
def test_gmail_by_its_api_after_a_no_and_the_wrong_account(gmail, google, home: Path):
    gmail.as_user.receive(a_rejection(gmail.address))
    client, web = google.client_file(home), google.client_file(_folder(home), "web")
    google.allows = False
    with person(home, "--api-endpoint", gmail.url, BROWSER=BROWSER) as alice:
        alice.answers("Your mail address:", gmail.address)
        alice.picks("Which way in?", "Google's permission, by Gmail's API")
        alice.reads('while it says "Testing", Google ends every permission after 7 days')
        alice.answers("JSON file of your client (client_secret….json):", str(web))
        alice.reads("is for a web application")
        alice.answers("JSON file of your client (client_secret….json):", str(client), instead=True)
        alice.answers("Your name:", "Alice Example")
        alice.answers("Other addresses of yours", "")
        alice.picks("Where to keep your", "In a file")
        alice.reads("gmail.modify")
        alice.reads("the permission was denied in the browser")
        google.allows, google.signed_in = True, "eve@gmail.com"
        alice.picks("What now?", "Ask for the permission anew")
        alice.reads("eve@gmail.com agreed in the browser")
        google.signed_in = gmail.address
        alice.picks("What now?", "Ask for the permission anew")
        agrees(alice)
        shown = alice.ends()
    works(home)
    assert [one for one in gmail.wire if one[1].endswith("/drafts") and one[0] == "POST"]
    token = next(one for one, who in google.refresh_tokens.items() if who == gmail.address)
    for secret in (token, google.client_secret, "ya29."):
        assert secret not in shown
    assert found_in(home, token) == ["gmail.secret"]
    ended_permission_is_renewed(google, home)


def ended_permission_is_renewed(google: Google, home: Path) -> None:
    command = Command(home / "inboxbot")
    google.refresh_tokens.clear()
    assert "inboxbot setup --renew gmail" in command.run("check", status=1)
    with person(home, "--renew", "gmail", BROWSER=BROWSER) as alice:
        alice.reads("(as it is)")
        alice.answers("Write this?", "y")
        alice.ends()
    command.run("check")


def _folder(home: Path) -> Path:
    (home / "web").mkdir()
    return home / "web"


@pytest.mark.slow
def test_microsoft_by_a_code_after_a_no_and_the_wrong_account(
    dovecot, account, home: Path, monkeypatch
):
    a_rejection_waits(dovecot, account)
    with Microsoft(home) as microsoft:
        monkeypatch.setenv("SSL_CERT_FILE", str(microsoft.ca_file))
        microsoft.mint = lambda _: dovecot.token(account)
        flags = ["--authority", microsoft.authority, *on_dovecot(dovecot)]
        with person(home, *flags) as alice:
            alice.answers("Your mail address:", account.address)
            alice.picks("Who runs the mail of test.example?", "Microsoft 365")
            alice.picks("Which way in?", "Microsoft's permission")
            alice.reads("its administrator can read the mailbox")
            alice.answers("Application (client) ID:", "another-client")
            alice.answers("Your name:", "Alice Example")
            alice.answers("Other addresses of yours", "")
            alice.picks("Where to keep your", "In a file")
            alice.reads("does not know the client id")
            alice.picks("What now?", "Name another client id")
            alice.answers("Application (client) ID:", microsoft.client_id, instead=True)
            signs_in(alice, microsoft, "")
            alice.reads("denied in the browser")
            alice.picks("What now?", "Ask for the permission anew")
            signs_in(alice, microsoft, "eve@test.example")
            alice.reads("eve@test.example signed in")
            alice.picks("What now?", "Ask for the permission anew")
            signs_in(alice, microsoft, account.address)
            agrees(alice)
            shown = alice.ends()
        works(home)
        tokens = list(microsoft.refresh_tokens)
    assert drafts(dovecot, account) == 1
    assert not [token for token in tokens if token in shown]
    assert "systemd" not in shown  # Microsoft changes what is kept, and nobody writes a credential


def signs_in(somebody: Person, microsoft: Microsoft, address: str) -> None:
    """Read the code from the screen and type it at Microsoft's page."""
    somebody.reads("type the code")
    somebody.child.expect(r"[A-Z]{4}-[A-Z0-9]{4}")
    microsoft.signs_in(address)(somebody.child.match[0])
