"""Accounts that a permission opens, from the token endpoint to the draft, beside others."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.app import App, job_of
from inboxbot.credentials import Secrets, keep_secret
from inboxbot.daemon.schedule import run_forever
from inboxbot.errors import SecretMissing
from inboxbot.keychain import NO_DIALOG
from inboxbot.mailbox.oauth import Grant
from inboxbot.mailbox.oauth_google import GMAIL_IMAP_SCOPES, GoogleClient, authorise_google
from inboxbot.mailbox.oauth_microsoft import authorise_microsoft
from inboxbot.mailboxes import open_mailbox, open_watcher
from inboxbot.settings import Account as Settled
from inboxbot.settings import load, places
from tests.daemon.world import REJECTION, letter
from tests.e2e.command import Command
from tests.servers.authorisation import Browser, Google, Microsoft
from tests.servers.dovecot import Account, Dovecot
from tests.servers.gnome_keyring import GnomeKeyring

TICK = timedelta(seconds=0.3)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def other(dovecot: Dovecot) -> Account:
    return dovecot.add_user(f"other-{os.urandom(4).hex()}")


@pytest.fixture
def google(dovecot: Dovecot, account: Account) -> Iterator[Google]:
    """A Google whose tokens open the account's mailbox, by XOAUTH2."""
    with Google(account.address) as running:
        running.mint = lambda _: dovecot.token(account)
        yield running


def a_rejection_waits(dovecot: Dovecot, account: Account) -> None:
    mail = letter(
        "Jo Park <jo@harbourmaps.example>", "Your application", REJECTION,
        to=account.address, when=datetime.now(UTC), message_id=f"m-{account.name}",
    )  # fmt: skip
    with dovecot.log_in(account) as client:
        client.append("INBOX", mail)


def drafts(dovecot: Dovecot, account: Account) -> int:
    with dovecot.log_in(account) as client:
        return int(client.folder_status(dovecot.folders.drafts, ["MESSAGES"])[b"MESSAGES"])


def configured(home: Path, **accounts: str) -> Command:
    text = "".join(f"[accounts.{name}]\n{body}\n" for name, body in accounts.items())
    (home / "config.toml").write_text(text)
    return Command(home)


def on_dovecot(dovecot: Dovecot, account: Account, more: str) -> str:
    return f"""
kind = "imap"
address = "{account.address}"
name = "Alice Example"
host = "127.0.0.1"
port = {dovecot.tls_port}
ca_file = "{dovecot.ca_file}"
{more}
"""


def by_google(home: Path, google: Google, name: str = "token") -> str:
    return f"""
oauth = "google"
client_file = "{google.client_file(home)}"
token_file = "{home / name}"
"""


def by_password(home: Path, account: Account) -> str:
    file = home / f"password-of-{account.name}"
    keep_secret(account.name, account.password, file)
    return f'password_file = "{file}"'


def authorise(google: Google, account: Account, home: Path, name: str = "token") -> None:
    """Do as `inboxbot setup` does: ask in the browser, and keep the answer."""
    text = authorise_google(
        GoogleClient.read(google.client_file(home)), account.address,
        scopes=GMAIL_IMAP_SCOPES, open_browser=Browser().open, seconds=5,
    )  # fmt: skip
    keep_secret(account.address, text, home / name)


def test_from_the_consent_page_to_a_draft_in_the_mailbox(google, dovecot, account, home):
    a_rejection_waits(dovecot, account)
    command = configured(home, mine=on_dovecot(dovecot, account, by_google(home, google)))
    authorise(google, account, home)
    command.run("poll")
    assert drafts(dovecot, account) == 1
    assert "ok   mine: login" in command.run("check")


@pytest.mark.slow
def test_from_a_code_typed_at_microsoft_to_a_draft_in_the_mailbox(
    dovecot, account, home, monkeypatch
):
    a_rejection_waits(dovecot, account)
    with Microsoft(home) as microsoft:
        monkeypatch.setenv("SSL_CERT_FILE", str(microsoft.ca_file))
        microsoft.mint = lambda _: dovecot.token(account)
        more = (
            f'oauth = "microsoft"\nclient_id = "{microsoft.client_id}"\n'
            f'authority = "{microsoft.authority}"\ntoken_file = "{home / "token"}"'
        )
        command = configured(home, mine=on_dovecot(dovecot, account, more))
        show = microsoft.signs_in(account.address)
        text = authorise_microsoft(
            microsoft.client_id, account.address, show=show, authority=microsoft.authority
        )
        keep_secret(account.address, text, home / "token")
        command.run("poll")
        command.run("poll")
    assert drafts(dovecot, account) == 1


def test_one_dead_permission_fails_the_command_and_the_other_accounts_are_done(
    google, dovecot, account, other, home
):
    a_rejection_waits(dovecot, other)
    command = configured(
        home,
        dead=on_dovecot(dovecot, account, by_google(home, google)),
        good=on_dovecot(dovecot, other, by_password(home, other)),
    )
    authorise(google, account, home)
    google.refresh_tokens.clear()
    done = command.try_("poll")
    assert done.returncode == 1
    assert "inboxbot setup --renew dead" in done.stderr
    assert '"Testing"' in done.stderr  # it is younger than a week
    assert "Traceback" not in done.stderr
    assert drafts(dovecot, other) == 1


# ---------------------------------------------------------------- the daemon


@contextmanager
def daemon(home: Path) -> Iterator[App]:
    """Run the daemon's jobs in this process, as `app.run` puts them together, but faster."""
    found = places(environment={"INBOXBOT_HOME": str(home)})
    secrets = Secrets(dialog_seconds=NO_DIALOG)
    app = App(settings=load(found.config), places=found, secrets=secrets)
    jobs = [job_of(app, account) for account in app.settings.accounts.values()]
    stop = threading.Event()
    thread = threading.Thread(target=run_forever, args=(jobs, TICK, stop))
    thread.start()
    try:
        yield app
    finally:
        stop.set()
        thread.join(timeout=30)
        assert not thread.is_alive()


def eventually(probe: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not probe():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def health(app: App, account: str) -> list[str]:
    if not app.places.journal.exists():
        return []
    with app.journal() as journal:
        return [
            str(event.payload["state"])
            for event in journal.events()
            if event.kind == "health" and event.account == account
        ]


def said(caplog: pytest.LogCaptureFixture, account: str) -> list[str]:
    """Return what the log says of an account's trouble."""
    return [
        text.split(" ", 1)[0]
        for text in caplog.messages
        if f"account={account}" in text and text.startswith(("waiting", "poll_failed", "watch_"))
    ]


def test_a_dead_permission_stops_its_account_with_one_notice_until_it_is_renewed(
    google, dovecot, account, other, home, caplog
):
    caplog.set_level(logging.INFO)
    a_rejection_waits(dovecot, account)
    configured(
        home,
        dead=on_dovecot(dovecot, account, by_google(home, google)),
        good=on_dovecot(dovecot, other, by_password(home, other)),
    )
    authorise(google, account, home)
    google.refresh_tokens.clear()
    asked = len(google.tokens_asked())
    with daemon(home) as app:
        eventually(lambda: health(app, "dead") == ["down"])
        a_rejection_waits(dovecot, other)
        eventually(lambda: drafts(dovecot, other) == 1)
        time.sleep(4 * TICK.total_seconds())
        assert health(app, "dead") == ["down"]
        assert len(google.tokens_asked()) == asked + 1, "a refused permission is not tried again"
        assert said(caplog, "dead") == ["waiting"]
        assert not health(app, "good")
        authorise(google, account, home)
        eventually(lambda: health(app, "dead") == ["down", "up"])
        eventually(lambda: drafts(dovecot, account) == 1)


@pytest.mark.slow
def test_a_keyring_that_is_locked_at_login_is_waited_for_and_said_once(
    dovecot, account, home, tmp_path, monkeypatch, caplog
):
    caplog.set_level(logging.INFO)
    desktop = GnomeKeyring(tmp_path)
    for name, value in desktop.environment.items():
        monkeypatch.setenv(name, value)
    a_rejection_waits(dovecot, account)
    configured(home, mine=on_dovecot(dovecot, account, ""))
    with desktop:
        keep_secret(account.address, account.password, None)
        desktop.lock()
        with daemon(home) as app:
            eventually(lambda: health(app, "mine") == ["down"])
            time.sleep(4 * TICK.total_seconds())
            assert said(caplog, "mine") == ["waiting"]
            desktop.unlock()
            eventually(lambda: drafts(dovecot, account) == 1)
            eventually(lambda: health(app, "mine") == ["down", "up"])


# ---------------------------------------------------------------- nothing is told to others


@pytest.mark.slow
@pytest.mark.threat("D14")
@pytest.mark.threat("D15")
@pytest.mark.goal("G10")
def test_no_secret_is_seen_in_the_processes_the_files_or_the_words_of_the_daemon(
    google, dovecot, account, other, home
):
    """Canaries: refresh token, client secret, access token, password."""
    a_rejection_waits(dovecot, account)
    third = dovecot.add_user(f"third-{os.urandom(4).hex()}")
    command = configured(
        home,
        mine=on_dovecot(dovecot, account, by_google(home, google)),
        dead=on_dovecot(dovecot, other, by_google(home, google, "dead")),
        good=on_dovecot(dovecot, third, by_password(home, third)),
    )
    authorise(google, account, home)
    grant = Grant.read((home / "token").read_text())
    dead = replace(grant, address=other.address, kept="1//canary-dead")
    keep_secret("x", dead.to_text(), home / "dead")
    tokens: list[str] = []
    google.mint = lambda _: tokens.append(dovecot.token(account)) or tokens[-1]
    process = command.start("run")
    seen = b""
    try:
        deadline = time.monotonic() + 60
        while not (drafts(dovecot, account) and len(google.tokens_asked()) >= 3):
            assert process.poll() is None
            assert time.monotonic() < deadline
            seen += _told_by_the_system(process.pid)
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    finally:
        process.terminate()
        out, err = process.communicate(timeout=30)
    assert b"INBOXBOT_HOME" in seen, "the processes were looked at"
    assert "Max core file size        0                    0" in limits
    everything = seen + out.encode() + err.encode()
    everything += b"".join(
        file.read_bytes() for file in (home / "state").rglob("*") if file.is_file()
    )
    assert "waiting account=dead reason=renewal" in err
    for secret in (grant.kept, google.client_secret, "canary", third.password, *tokens):
        assert secret.encode() not in everything, secret


def _told_by_the_system(pid: int) -> bytes:
    """Return the environment and command line of a process and of all that it started."""
    told = b""
    for entry in (pid, *_children(pid)):
        for name in ("environ", "cmdline"):
            try:
                told += Path(f"/proc/{entry}/{name}").read_bytes()
            except OSError:
                continue  # it has ended meanwhile
    return told


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in found:
            yield child
            yield from _children(child)


def test_gmail_by_its_api_asks_for_its_permission_to_be_read_and_to_be_watched(google, home):
    account = Settled(
        id="g", kind="gmail", address="a@gmail.com",
        client_file=google.client_file(home), token_file=home / "none",
    )  # fmt: skip
    with pytest.raises(SecretMissing, match="inboxbot setup --renew g"), open_mailbox(account):
        pass
    with pytest.raises(SecretMissing, match="inboxbot setup --renew g"), open_watcher(account):
        pass
