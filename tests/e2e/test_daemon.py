"""The daemon on a real server: pushed to, wrong-footed, and stopped."""

import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.daemon.world import REJECTION, letter
from tests.e2e.command import Command, imap_command
from tests.servers.dovecot import Account, Dovecot


@pytest.fixture
def command(dovecot: Dovecot, account: Account, tmp_path: Path) -> Command:
    return imap_command(tmp_path, dovecot, account)


def drafts(dovecot: Dovecot, account: Account) -> int:
    with dovecot.log_in(account) as client:
        return int(client.folder_status(dovecot.folders.drafts, ["MESSAGES"])[b"MESSAGES"])


def test_new_mail_is_drafted_at_the_servers_push_and_a_signal_stops_it_soon(
    command: Command, dovecot: Dovecot, account: Account
):
    daemon = command.start("run")
    try:
        _wait_for(lambda: "last poll    2" in command.try_("status").stdout, daemon, 30)
        time.sleep(1)  # the watch idles by now
        mail = letter(
            "Jo Park <jo@harbourmaps.example>", "Your application", REJECTION,
            to=account.address, when=datetime.now(UTC), message_id="d1",
        )  # fmt: skip
        with dovecot.log_in(account) as client:
            client.append("INBOX", mail)
        # Without the push it would be ten minutes.
        _wait_for(lambda: drafts(dovecot, account) == 1, daemon, 30)
    finally:
        stopped = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        _, told = daemon.communicate(timeout=20)
    assert daemon.returncode == 0, told
    assert time.monotonic() - stopped < 10
    assert "harbourmaps" not in told


def test_a_wrong_password_is_told_with_what_to_do(command: Command):
    (command.home / "password").write_text("wrong")
    done = command.try_("poll")
    assert done.returncode == 1
    assert "password" in done.stderr
    assert "wrong" not in done.stderr.replace("wrong password", "")
    checked = command.try_("check")
    assert checked.returncode == 1
    assert "FAIL home: login" in checked.stdout


def test_a_server_that_is_not_there_is_told_by_host_and_port(command: Command):
    path = command.home / "config.toml"
    lines = [
        "port = 1" if line.startswith("port") else line for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join(lines))
    done = command.try_("poll")
    assert done.returncode == 1
    assert "127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr


def _wait_for(probe, daemon, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not probe():
        assert daemon.poll() is None, daemon.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.1)
