"""Setup for an IMAP account: a mistake at each question, TLS of an own authority, flags alone."""

from pathlib import Path

import pytest

from inboxbot.cli import inboxbot
from inboxbot.errors import InputError
from tests.e2e.command import Command
from tests.setup.person import environment, person
from tests.setup.steps import (
    a_rejection_waits,
    agrees,
    by_flags,
    found_in,
    without_terminal,
)


@pytest.mark.threat("D14")
def test_a_mistake_at_each_step_leads_back_to_exactly_that_step(dovecot, account, home: Path):
    with person(home, "--no-preview") as alice:
        alice.answers("Your mail address:", account.address)
        alice.picks("Who runs the mail of test.example?", "Somebody else")
        alice.picks("Which way in?", "at a mail server")
        alice.answers("Mail server (IMAP):", "an address with spaces", instead=True)
        alice.reads("write the name of a server")
        alice.answers("Mail server (IMAP):", "127.0.0.1:9", instead=True)
        alice.answers("User name (often your address):", "nobody", instead=True)
        alice.answers("Your name:", "Alice Example")
        alice.answers("Other addresses of yours", "")
        alice.picks("Where to keep your password?", "In a file")
        alice.hides("Password", account.password)
        alice.reads("FAIL  network")
        alice.picks("What now?", "Correct the server")
        alice.answers("Mail server (IMAP):", "")
        alice.answers("Encryption:", "")
        alice.answers("Port:", str(dovecot.tls_port), instead=True)
        alice.reads("FAIL  TLS")
        alice.picks("What now?", "Name the file of its certificate")
        alice.answers("File with the certificate:", str(dovecot.ca_file))
        alice.reads("FAIL  login")
        alice.picks("What now?", "Correct the user name")
        alice.answers("User name (often your address):", account.name, instead=True)
        alice.reads("ok    login")
        process = Path(f"/proc/{alice.child.pid}")
        told = b"".join((process / name).read_bytes() for name in ("cmdline", "environ"))
        agrees(alice)
        shown = alice.ends()
    Command(home / "inboxbot").run("check")
    assert account.password not in shown
    assert account.password.encode() not in told
    assert found_in(home, account.password) == ["test.secret"]


@pytest.mark.slow
def test_a_wrong_password_is_asked_for_again_and_nothing_else(dovecot, account, home: Path):
    with person(home, *by_flags(dovecot, account)) as alice:
        alice.hides("Password", "wrong")
        alice.reads("FAIL  login")
        alice.picks("What now?", "Type the password again")
        alice.hides("Password", account.password)
        agrees(alice)
        shown = alice.ends()
    assert shown.count("Your mail address:") == 0
    assert "Other addresses" not in shown
    Command(home / "inboxbot").run("check")


def test_the_same_by_flags_alone(dovecot, account, home: Path):
    a_rejection_waits(dovecot, account)
    flags = [*by_flags(dovecot, account), "--password-stdin", "--corrections"]
    done = without_terminal(home, *flags, password=account.password)
    assert done.returncode == 0, done.stderr
    assert "asks jo@harbourmaps.example" in done.stderr
    assert account.password not in done.stderr + done.stdout
    Command(home / "inboxbot").run("check")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ([], "this is no terminal"),
        (["--yes"], "--address is missing"),
        (["--address", "me"], "--address: write an address"),
        (["--address", "me@test.example"], "--name is missing"),
        (["--address", "me@test.example", "--name", "Me"], "--keep is missing"),
        (
            ["--address", "me@test.example", "--name", "Me", "--keep", "file"],
            "no password: give --password-stdin, --password-file FILE or --password-command",
        ),
        (["--address", "me@test.example", "--way", "pigeon"], "--way: write one of: server"),
        (["--address", "me@test.example", "--tls", "none"], "--tls: write one of"),
        (["--password-command", "pass 'mail"], "--password-command: No closing quotation"),
    ],
)
def test_a_flag_that_is_missing_or_wrong_is_named(
    home: Path, flags: list[str], told: str, monkeypatch
):
    for name, value in environment(home).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError) as refused:
        inboxbot.main(["setup", *flags], standalone_mode=False)
    assert told in str(refused.value)
    assert refused.value.exit_status == 2
    assert not (home / "inboxbot" / "config.toml").exists()
