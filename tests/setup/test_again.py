"""Setup that was interrupted, that finds an account, that renews one, and that dies half-way."""

import json
import os
import signal
import stat
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.setup.person import person
from tests.setup.shelf import BACKEND
from tests.setup.steps import agrees, by_flags, found_in, without_terminal
from tests.setup.test_maildir import a_maildir


@pytest.fixture
def keyring(home: Path, monkeypatch) -> Path:
    """Provide a keyring that this process's commands find, too."""
    shelf = home / "shelf"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", BACKEND)
    monkeypatch.setenv("SHELF", str(shelf))
    return shelf


def with_keyring(shelf: Path) -> dict[str, str]:
    return {"PYTHON_KEYRING_BACKEND": BACKEND, "SHELF": str(shelf)}


def remembered(home: Path) -> Path:
    return home / "inboxbot" / "state" / "setup.json"


@pytest.mark.slow
def test_ctrl_c_loses_nothing_but_the_password_and_the_next_run_goes_on(
    dovecot, account, home: Path
):
    flags = by_flags(dovecot, account)
    without_name = flags[: flags.index("--name")]
    with person(home, *without_name) as alice:
        alice.answers("Your name:", "Alice Example")
        alice.answers("Other addresses of yours", "")
        alice.reads("Password")
        alice.child.send(account.password[:5])
        alice.interrupts()
        alice.reads("Stopped; nothing was written.")
        alice.ends(status=130)
    assert stat.S_IMODE(remembered(home).stat().st_mode) == 0o600
    assert "Alice Example" in remembered(home).read_text()
    assert account.password[:5] not in remembered(home).read_text()
    with person(home, "--no-preview") as alice:
        alice.answers(f"Setup of {account.address} was not finished:", "")
        alice.hides("Password", account.password)
        alice.reads("ok    login")
        alice.reads("May it make these two folders?")
        alice.child.kill(signal.SIGHUP)  # the terminal is closed
        alice.child.wait()
        assert "Your name:" not in alice.shown
    with person(home, "--no-preview") as alice:
        alice.answers("was not finished:", "")
        alice.hides("Password", account.password)
        agrees(alice)
        alice.ends()
    assert not remembered(home).exists()
    Command(home / "inboxbot").run("check")


@pytest.mark.slow
def test_an_interrupted_setup_can_be_begun_anew_and_is_erased_with_the_rest(home: Path):
    with person(home) as mara:
        mara.answers("Your mail address:", "mara@example.net")
        mara.reads("Who runs the mail")
        mara.interrupts()
        mara.ends(status=130)
    with person(home) as mara:
        mara.picks("was not finished:", "Go through the answers again")
        mara.answers("Your mail address:", "mara@gmx.net", instead=True)
        mara.reads("This is GMX.")
        mara.interrupts()
        mara.ends(status=130)
    with person(home) as mara:
        mara.reads("Setup of mara@gmx.net was not finished:")
        mara.picks("(arrow keys, Enter)", "Begin anew")
        mara.reads("Your mail address:")
        mara.interrupts()
        mara.ends(status=130)
    assert remembered(home).exists()
    Command(home / "inboxbot").run("forget", "--all", "--yes")
    assert not list((home / "inboxbot").rglob("*"))


@pytest.mark.slow
def test_an_account_of_that_address_can_be_changed_and_another_one_added(home: Path):
    maildir = a_maildir(home / "Maildir", "Drafts", "Sent", "Trash")
    other = a_maildir(home / "Other", "Drafts", "Sent", "Trash")
    flags = ["--address", "mara@example.net", "--way", "maildir", "--name", "Mara"]
    without_terminal(home, *flags, "--path", str(maildir), "--corrections", "--alias", "m@x.org")
    with person(home) as mara:
        mara.answers("Your mail address:", "mara@example.net")
        mara.picks("There is an account of this address:", "Change example")
        mara.answers("Who runs the mail of example.net?", "")
        mara.answers("Which way in?", "")
        mara.answers("Folder of the Maildir:", str(other), instead=True)
        mara.answers("Your name:", " Lindqvist")
        mara.answers("Other addresses of yours", "", instead=True)
        mara.answers("May it make these two folders?", "n")
        mara.answers("Your level:", "")
        mara.answers("Language of the weekly summary:", "")
        mara.reads('-name = "Mara"')
        mara.reads('+name = "Mara Lindqvist"')
        mara.answers("Write this?", "y")
        mara.answers("Start inboxbot at login from now on?", "n")
        mara.ends()
    settings = (home / "inboxbot" / "config.toml").read_text()
    assert f'path = "{other}"' in settings
    assert "corrections = false" in settings
    assert "m@x.org" not in settings
    done = without_terminal(home, *flags, "--account", "second", "--path", str(maildir))
    assert done.returncode == 0, done.stderr
    assert "[accounts.second]" in (home / "inboxbot" / "config.toml").read_text()
    Command(home / "inboxbot").run("check")


@pytest.mark.slow
def test_an_account_that_is_changed_goes_on_with_its_password(dovecot, account, home: Path):
    flags = [*by_flags(dovecot, account), "--no-preview"]
    without_terminal(home, *flags, "--password-stdin", password=account.password)
    done = without_terminal(
        home, "--address", account.address, "--alias", "m@x.org", "--no-preview"
    )
    assert done.returncode == 0, done.stderr
    assert 'aliases = ["m@x.org"]' in (home / "inboxbot" / "config.toml").read_text()
    Command(home / "inboxbot").run("check")
    elsewhere = without_terminal(home, "--address", account.address, "--user", "somebody")
    assert "no password: give --password-stdin" in elsewhere.stderr


# ---------------------------------------------------------------- secrets


@pytest.mark.slow
@pytest.mark.threat("D14")
def test_a_renewed_password_is_tried_before_it_takes_the_place_of_the_old_one(
    dovecot, account, home: Path, keyring: Path
):
    flags = [flag for flag in by_flags(dovecot, account) if flag not in {"--keep", "file"}]
    more = with_keyring(keyring)
    done = without_terminal(
        home, *flags, "--password-stdin", "--no-preview", password=account.password, **more
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(keyring.read_text()) == {f"inboxbot {account.name}": account.password}
    assert found_in(home, account.password) == ["shelf"]
    settings = (home / "inboxbot" / "config.toml").read_text()
    renewed = dovecot.add_user(account.name).password  # the provider has a new one from now on
    with person(home, "--renew", "test", **more) as alice:
        alice.hides("Password", "a-mistake")
        alice.reads("FAIL  login")
        assert account.password in keyring.read_text()
        alice.picks("What now?", "Type the password again")
        alice.hides("Password", renewed)
        alice.reads("(as it is)")
        alice.answers("Write this?", "y")
        shown = alice.ends()
    assert json.loads(keyring.read_text()) == {f"inboxbot {account.name}": renewed}
    assert (home / "inboxbot" / "config.toml").read_text() == settings
    assert renewed not in shown
    Command(home / "inboxbot").run("check")


@pytest.mark.slow
def test_dying_between_the_secret_and_the_settings_breaks_nothing_and_leaves_nothing(
    dovecot, account, home: Path, keyring: Path
):
    config = home / "inboxbot" / "config.toml"
    maildir = a_maildir(home / "Maildir", "Drafts", "Sent", "Trash")
    more = with_keyring(keyring)
    without_terminal(
        home, "--address", "m@x.org", "--way", "maildir", "--path", str(maildir), "--name", "M"
    )
    before = config.read_text()
    config.chmod(0o400)
    flags = [flag for flag in by_flags(dovecot, account) if flag not in {"--keep", "file"}]
    done = without_terminal(
        home, *flags, "--password-stdin", "--no-preview", password=account.password, **more
    )
    assert done.returncode == 1
    assert "read-only" in done.stderr
    assert config.read_text() == before
    assert account.password in keyring.read_text()
    command = Command(home / "inboxbot")
    command.run("check")
    command.run("forget", "--all", "--yes")
    assert account.password not in keyring.read_text()


@pytest.mark.slow
def test_a_secret_that_an_account_does_not_use_any_more_is_removed(
    dovecot, account, home: Path, keyring: Path
):
    more = with_keyring(keyring)
    flags = [flag for flag in by_flags(dovecot, account) if flag not in {"--keep", "file"}]
    stdin = ("--password-stdin", "--no-preview")
    done = without_terminal(home, *flags, *stdin, password=account.password, **more)
    assert done.returncode == 0, done.stderr
    assert account.password in keyring.read_text()
    done = without_terminal(
        home, "--renew", "test", "--keep", "file", "--password-stdin",
        password=account.password, **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert found_in(home, account.password) == ["test.secret"]
    Command(home / "inboxbot").run("check")


@pytest.mark.slow
@pytest.mark.parametrize(("version", "status"), [("257 (257.5)", 0), ("252 (252.39)", 2)])
def test_a_systemd_credential_is_tried_kept_nowhere_and_offered_only_where_it_works(
    dovecot, account, home: Path, version: str, status: int
):
    """systemd 256 is the first that encrypts for a user's own services."""
    program = home / "systemd-creds"
    program.write_text(f"#!/bin/sh\necho 'systemd {version}'\n")
    program.chmod(0o700)
    flags = ["systemd" if flag == "file" else flag for flag in by_flags(dovecot, account)]
    done = without_terminal(
        home, *flags, "--password-stdin", "--no-preview",
        password=account.password, PATH=f"{home}:{os.environ['PATH']}",
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    assert ("LoadCredentialEncrypted=test:" in done.stderr) == (status == 0)
    assert found_in(home, account.password) == []


# ---------------------------------------------------------------- other terminals


@pytest.mark.slow
def test_a_dumb_terminal_is_asked_line_by_line_without_a_code_of_its_own(home: Path):
    maildir = a_maildir(home / "Maildir", "Drafts", "Sent", "Trash")
    with person(home, TERM="dumb") as mara:
        mara.answers("Your mail address: ", "mara")
        mara.answers("Error: write an address", "mara@example.net")
        mara.answers("1. Somebody else", "1")
        mara.answers("2. No password: a Maildir on this machine", "7")
        mara.answers("Error: write a number from 1 to 2", "2")
        mara.answers(f"Folder of the Maildir: [{maildir}]", "")
        mara.answers("Your name:", "Mara")
        mara.answers("Other addresses of yours", "")
        mara.answers("May it make these two folders? (y or n) [n]", "perhaps")
        mara.answers("Error: write y for yes, or n for no", "nein")
        mara.answers("1. I would rather not say", "")
        mara.answers("1. English", "")
        mara.answers("Write this? (y or n) [y]", "ja")
        mara.answers("Start inboxbot at login from now on?", "")
        mara.ends()
        assert "\x1b" not in mara.child.logfile_read.getvalue()
    Command(home / "inboxbot").run("check")
    ours = [line for line in mara.shown.splitlines() if not line.startswith("  +")]
    assert max(map(len, ours)) < 80
