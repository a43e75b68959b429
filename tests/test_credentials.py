"""Where secrets are kept, how tokens are had from them, and who hears of it: nobody."""

import json
import logging
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError, PasswordDeleteError

from inboxbot import keychain
from inboxbot.credentials import (
    Secrets,
    forget_secret,
    keep_secret,
    keyring_trouble,
)
from inboxbot.errors import (
    KeyringLocked,
    MailboxError,
    PrivacyError,
    SecretMissing,
    SecretNotKept,
    TokenDead,
)
from inboxbot.mailbox.oauth import Grant
from inboxbot.mailbox.oauth_microsoft import authorise_microsoft
from inboxbot.settings import Account
from tests.servers.authorisation import Answer, Google, Microsoft
from tests.servers.gnome_keyring import GnomeKeyring

ALICE = "alice@test.example"
CANARY = "canary-7f3a"
NOW = datetime.now(UTC)
MONTH = timedelta(days=30)


class Shelf(KeyringBackend):
    """A keyring in memory, as the library has them for every system."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.broken: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._break()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._break()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._break()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _break(self) -> None:
        if self.broken:
            raise self.broken


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    before = keyring.get_keyring()
    shelf = Shelf()
    keyring.set_keyring(shelf)
    yield shelf
    keyring.set_keyring(before)


@pytest.fixture
def google() -> Iterator[Google]:
    with Google(ALICE) as running:
        yield running


def imap(**fields: object) -> Account:
    usual = {"id": "mine", "kind": "imap", "address": ALICE, "host": "127.0.0.1"}
    return Account(**{**usual, **fields})


def opened_by_google(google: Google, folder: Path, **fields: object) -> Account:
    """Return an account whose permission lies in a file, as setup leaves it."""
    account = imap(
        oauth="google",
        client_file=google.client_file(folder),
        token_file=folder / "token",
        **fields,
    )
    keep_grant(account, google.grant(ALICE))
    return account


def keep_grant(account: Account, refresh_token: str, **changes: object) -> Grant:
    usual = {
        "provider": "google", "address": ALICE, "authorised": NOW - MONTH,
        "scopes": ("https://mail.google.com/",), "kept": refresh_token,
    }  # fmt: skip
    grant = Grant(**{**usual, **changes})
    keep_secret(account.login, grant.to_text(), account.token_file)
    return grant


# ---------------------------------------------------------------- the keyring


def test_the_keyring_keeps_a_secret_under_the_name_that_one_logs_in_with(shelf):
    keep_secret("alice", CANARY, None)
    assert shelf.kept == {("inboxbot", "alice"): CANARY}
    assert Secrets().of(imap(user="alice"))().reveal() == CANARY
    forget_secret("alice", None)
    assert not shelf.kept
    forget_secret("alice", None)  # twice is fine


def test_a_keyring_that_holds_nothing_says_what_to_do(shelf):
    with pytest.raises(SecretMissing, match="run: inboxbot setup --renew mine"):
        Secrets().of(imap())()


@pytest.mark.threat("D15")
def test_a_keyring_that_fails_is_told_without_its_words(shelf):
    shelf.broken = KeyringError(CANARY)
    for act in (Secrets().of(imap()), lambda: keep_secret("me", "x", None), keyring_trouble):
        try:
            told = str(act())
        except (SecretMissing, SecretNotKept) as error:
            told = f"{error} {error.__cause__}"
        assert CANARY not in told
        assert "KeyringError" in told


def test_a_keyring_that_answers_has_no_trouble(shelf):
    assert keyring_trouble() is None


@pytest.mark.usefixtures("shelf")
def test_without_a_keyring_a_file_is_advised(monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    keyring.set_keyring(fail.Keyring())
    assert "token_file" in keyring_trouble()
    with pytest.raises(SecretNotKept, match="no keyring"):
        keep_secret("me", "x", None)


@pytest.mark.usefixtures("shelf")
def test_a_keyring_that_forgets_at_once_is_told(monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    keyring.set_keyring(null.Keyring())
    with pytest.raises(SecretNotKept, match="set password_file"):
        keep_secret("me", "x", None)


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request) -> Iterator[GnomeKeyring]:
    service = GnomeKeyring(tmp_path, password=getattr(request, "param", "of-the-user"))
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    with service:
        yield service


def test_a_keyring_that_starts_after_us_is_found(desktop, monkeypatch):
    keyring.set_keyring(fail.Keyring())
    assert keyring_trouble() is None


def test_a_desktops_keyring_keeps_and_forgets(desktop):
    assert keyring_trouble() is None
    keep_secret(ALICE, CANARY, None)
    assert Secrets().of(imap())().reveal() == CANARY
    forget_secret(ALICE, None)
    with pytest.raises(SecretMissing, match="no password in the keyring"):
        Secrets().of(imap())()


def test_a_locked_keyring_opens_no_dialog_before_the_daemon_and_serves_once_unlocked(desktop):
    keep_secret(ALICE, CANARY, None)
    fetch = Secrets(dialog_seconds=keychain.NO_DIALOG).of(imap())
    desktop.lock()
    for _ in range(3):
        with pytest.raises(KeyringLocked, match="unlock it"):
            fetch()
    desktop.unlock()
    assert fetch().reveal() == CANARY


@pytest.mark.parametrize("desktop", [""], indirect=True)
def test_a_keyring_without_a_password_of_its_own_is_unlocked_by_asking(desktop):
    keep_secret(ALICE, CANARY, None)
    desktop.lock()
    assert Secrets(dialog_seconds=keychain.NO_DIALOG).of(imap())().reveal() == CANARY


# ---------------------------------------------------------------- files, and what systemd gives


@pytest.fixture
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.threat("D14")
@pytest.mark.usefixtures("_open_umask")
@pytest.mark.parametrize("there", ["nothing", "an open file", "a link"])
def test_a_secret_in_a_file_is_for_its_owner_alone_whatever_lay_there(tmp_path, there):
    file, other = tmp_path / "deep" / "token", tmp_path / "of-somebody-else"
    other.write_text("untouched")
    if there != "nothing":
        file.parent.mkdir()
    if there == "an open file":
        file.write_text("old")
        file.chmod(0o644)
    if there == "a link":
        file.symlink_to(other)
    keep_secret(ALICE, CANARY, file)
    assert stat.S_IMODE(file.lstat().st_mode) == 0o600
    assert stat.S_ISREG(file.lstat().st_mode)
    assert other.read_text() == "untouched"
    assert Secrets().of(imap(password_file=file))().reveal() == CANARY
    forget_secret(ALICE, file)
    forget_secret(ALICE, file)
    assert not file.exists()


@pytest.mark.threat("D14")
@pytest.mark.parametrize("spoilt", ["open", "linked", "a pipe"])
def test_a_token_file_that_others_could_have_touched_is_refused(google, tmp_path, spoilt):
    account = opened_by_google(google, tmp_path)
    file = account.token_file
    match spoilt:
        case "open":
            file.chmod(0o644)
        case "linked":
            file.rename(tmp_path / "elsewhere")
            file.symlink_to(tmp_path / "elsewhere")
        case "a pipe":
            file.unlink()
            os.mkfifo(file, 0o600)
    with pytest.raises(PrivacyError):
        Secrets().of(account)()
    assert not google.asked


def test_a_file_that_is_not_there_or_is_not_text_is_told(tmp_path):
    with pytest.raises(SecretMissing, match="chmod 600"):
        Secrets().of(imap(password_file=tmp_path / "none"))()
    file = tmp_path / "binary"
    file.touch(mode=0o600)
    file.write_bytes(b"\xff\xfe\n")
    with pytest.raises(SecretMissing, match="not text"):
        Secrets().of(imap(password_file=file))()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    with pytest.raises(SecretNotKept, match="cannot be written"):
        keep_secret(ALICE, CANARY, tmp_path)
    with pytest.raises(SecretNotKept, match="cannot be removed"):
        forget_secret(ALICE, tmp_path)
    with pytest.raises(PrivacyError, match="cannot be read"):
        Secrets().of(imap(password_file=tmp_path))()


@pytest.mark.parametrize("mode", [0o400, 0o440])
def test_systemd_gives_a_secret_by_its_name(tmp_path, monkeypatch, mode):
    given = tmp_path / "mine"
    given.write_text(f"{CANARY}\n")
    given.chmod(mode)
    account = imap(password_file=Path("credential:mine"))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert Secrets().of(account)().reveal() == CANARY
    given.chmod(0o444)
    with pytest.raises(PrivacyError):
        Secrets().of(account)()


def test_without_systemd_its_secret_is_told_to_be_out_of_reach(monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(SecretMissing, match="only systemd gives it"):
        Secrets().of(imap(password_file=Path("credential:mine")))()


def test_what_systemd_gives_is_written_by_nobody_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = Path("credential:mine")
    with pytest.raises(SecretNotKept, match="systemd-creds encrypt --name=mine"):
        keep_secret(ALICE, CANARY, file)
    forget_secret(ALICE, file)
    assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------- tokens


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_token_is_asked_for_once_and_again_shortly_before_it_ends(google, tmp_path):
    clock = Clock()
    fetch = Secrets(now=clock).of(opened_by_google(google, tmp_path))
    first = fetch().reveal()
    clock.now += timedelta(minutes=50)
    assert fetch().reveal() == first
    clock.now += timedelta(minutes=6)
    assert fetch().reveal() != first
    assert len(google.asked) == 2


def test_many_threads_get_one_token(google, tmp_path):
    fetch = Secrets().of(opened_by_google(google, tmp_path))
    with ThreadPoolExecutor(20) as threads:
        tokens = {done.reveal() for done in threads.map(lambda _: fetch(), range(60))}
    assert len(tokens) == 1
    assert len(google.asked) == 1


def test_two_accounts_do_not_wait_for_each_other_nor_mix_their_tokens(google, tmp_path):
    """While one account's server is slow, the other one is served."""
    google.mint = lambda address: f"token-of-{address}"
    one = opened_by_google(google, tmp_path)
    two = replace(one, id="two", address="bob@test.example", token_file=tmp_path / "two")
    keep_grant(two, google.grant("bob@test.example"), address="bob@test.example")
    answer, slow = google.answer, threading.Event()

    def slowly(asked):
        if google.refresh_tokens[asked.form["refresh_token"]] == ALICE:
            slow.wait(5)
        return answer(asked)

    google.answer = slowly
    secrets = Secrets()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(secrets.of(one))
        assert secrets.of(two)().reveal() == "token-of-bob@test.example"
        assert not waiting.done()
        slow.set()
        assert waiting.result().reveal() == f"token-of-{ALICE}"


def test_a_token_that_the_mailbox_refused_is_not_given_again(google, tmp_path):
    account = opened_by_google(google, tmp_path)
    secrets = Secrets()
    fetch = secrets.renewing(account)
    first = fetch().reveal()
    assert fetch().reveal() != first
    held = secrets.of(account)().reveal()
    secrets.doubt(account)
    assert secrets.of(account)().reveal() != held


def test_a_permission_that_google_changes_is_kept_anew(google, tmp_path):
    google.rotates = True
    account = opened_by_google(google, tmp_path)
    before = Secrets().grant(account)
    Secrets().of(account)()
    after = Secrets().grant(account)
    assert after.kept in google.refresh_tokens
    assert after.kept != before.kept
    assert after.authorised == before.authorised
    assert stat.S_IMODE(account.token_file.stat().st_mode) == 0o600


def test_a_changed_permission_does_not_overwrite_a_newer_one(google, tmp_path):
    """`setup --renew` while the daemon asks: the user's word is the later one."""
    google.rotates = True
    account = opened_by_google(google, tmp_path)
    answer = google.answer

    def renewed_meanwhile(asked):
        keep_grant(account, "1//of-the-user", authorised=NOW)
        return answer(asked)

    google.answer = renewed_meanwhile
    Secrets().of(account)()
    assert Secrets().grant(account).kept == "1//of-the-user"


@pytest.mark.threat("D15")
def test_a_changed_permission_that_cannot_be_kept_costs_no_poll(
    google, tmp_path, monkeypatch, caplog
):
    google.rotates = True
    account = opened_by_google(google, tmp_path)
    token = Path("credential:token")
    (tmp_path / "token").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    fetch = Secrets().of(replace(account, token_file=token))
    assert fetch().reveal() == fetch().reveal()
    assert len(google.asked) == 1
    assert "permission_not_kept" in caplog.text
    assert "canary" not in caplog.text


def test_a_dead_permission_is_told_and_not_tried_again(google, tmp_path):
    account = opened_by_google(google, tmp_path)
    google.refresh_tokens.clear()
    fetch = Secrets().of(account)
    for _ in range(5):
        with pytest.raises(TokenDead, match="inboxbot setup --renew mine"):
            fetch()
    assert len(google.asked) == 1


def test_a_permission_that_was_given_anew_is_taken_at_once(google, tmp_path):
    account = opened_by_google(google, tmp_path)
    google.refresh_tokens.clear()
    fetch = Secrets().of(account)
    with pytest.raises(TokenDead):
        fetch()
    keep_grant(account, google.grant(ALICE), authorised=NOW)
    assert fetch().reveal()


def test_a_server_that_is_ill_is_asked_again_the_next_time(google, tmp_path):
    google.instead.append(Answer(503))
    fetch = Secrets().of(opened_by_google(google, tmp_path))
    with pytest.raises(MailboxError):
        fetch()
    assert fetch().reveal()


def test_a_keyring_that_is_locked_with_the_screen_leaves_the_token_good(google, tmp_path, shelf):
    account = replace(opened_by_google(google, tmp_path), token_file=None)
    keep_grant(account, google.grant(ALICE))
    clock = Clock()
    fetch = Secrets(now=clock).of(account)
    token = fetch().reveal()
    shelf.broken = keyring.errors.KeyringLocked()
    assert fetch().reveal() == token
    clock.now += timedelta(hours=1)
    with pytest.raises(KeyringLocked):
        fetch()


@pytest.mark.parametrize(
    "changes",
    [{"address": "bob@test.example"}, {"provider": "microsoft"}],
)
@pytest.mark.threat("D19")
def test_a_permission_for_something_else_is_not_used(google, tmp_path, changes):
    account = opened_by_google(google, tmp_path)
    keep_grant(account, google.grant(ALICE), **changes)
    with pytest.raises(SecretMissing, match="inboxbot setup --renew mine"):
        Secrets().of(account)()
    assert not google.asked


@pytest.mark.parametrize("text", ["", "a password", "{}", '{"provider": "google"}'])
def test_what_is_no_permission_is_told_as_none(google, tmp_path, text):
    account = opened_by_google(google, tmp_path)
    keep_secret(ALICE, text, account.token_file)
    with pytest.raises(SecretMissing, match="no permission") as missing:
        Secrets().of(account)()
    assert "password" not in str(missing.value)
    account.token_file.unlink()
    with pytest.raises(SecretMissing, match="no permission in"):
        Secrets().of(account)()


def test_microsofts_permission_is_kept_anew_each_time(tmp_path, monkeypatch):
    account = imap(oauth="microsoft", token_file=tmp_path / "token")
    with Microsoft(tmp_path) as microsoft:
        monkeypatch.setenv("SSL_CERT_FILE", str(microsoft.ca_file))
        client, place = microsoft.client_id, microsoft.authority
        account = replace(account, client_id=client, authority=place)
        show = microsoft.signs_in(ALICE)
        keep_secret(
            ALICE,
            authorise_microsoft(client, ALICE, show=show, authority=place),
            account.token_file,
        )
        kept = [Secrets().grant(account).kept]
        for _ in range(3):
            assert Secrets().of(account)().reveal()
            kept.append(Secrets().grant(account).kept)
    assert len(set(kept)) == 4
    used = [asked.form.get("refresh_token") for asked in microsoft.tokens_asked()[1:]]
    assert len(set(used)) == 3


# ---------------------------------------------------------------- nothing is told to others


@pytest.mark.threat("D14")
@pytest.mark.threat("D15")
@pytest.mark.goal("G10")
def test_no_secret_is_in_a_repr_a_log_or_an_error(google, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    account = opened_by_google(google, tmp_path)
    secrets = Secrets()
    fetch = secrets.of(account)
    shown = [repr(fetch()), str(fetch()), repr(secrets), repr(secrets._tokens._held), repr(account)]
    google.refresh_tokens.clear()
    secrets.doubt(account)
    with pytest.raises(TokenDead) as dead:
        fetch()
    shown += [str(dead.value), repr(dead.value), repr(dead.value.__cause__), repr(vars(secrets))]
    shown += [caplog.text, *capfd.readouterr()]
    assert "canary-" not in json.dumps(shown)
    assert "canary-refresh" in account.token_file.read_text()


def test_an_account_with_a_password_loads_nobodys_library():
    script = (
        "import sys; from inboxbot.app import open_app; from inboxbot.credentials import Secrets;"
        "from inboxbot.settings import Account;"
        "a = Account(id='a', kind='imap', address='a@b.cc', password_command=('echo', 'x'));"
        "assert Secrets().of(a)().reveal() == 'x';"
        "print(sorted({m.split('.')[0] for m in sys.modules} &"
        " {'google', 'msal', 'requests', 'keyring', 'secretstorage', 'jwt'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
