"""`inboxbot pause --hired`: the search is over, from the terminal."""

from email import message_from_bytes
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inboxbot.cli.pause import pause, resume
from inboxbot.cli.poll import poll
from inboxbot.errors import InputError
from inboxbot.lock import sole_instance
from inboxbot.mailbox.maildir import create_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with the settings of an empty Maildir."""
    for folder in ("INBOX", "Drafts", "Sent", "Trash"):
        create_folder(tmp_path / "Maildir", folder)
    (tmp_path / "config.toml").write_text(
        f"""
[accounts.home]
kind = "maildir"
path = "{tmp_path / "Maildir"}"
address = "mara@home.example"
"""
    )
    monkeypatch.setenv("INBOXBOT_HOME", str(tmp_path))
    return tmp_path


def run(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def subjects(home: Path) -> list[str]:
    mails = sorted((home / "Maildir").glob("new/*"))
    return [message_from_bytes(mail.read_bytes())["Subject"] for mail in mails]


def test_one_last_summary_is_delivered_and_nothing_after_it(home: Path):
    told = run(pause, "--hired")
    assert "home: congratulations; a last summary lies in the inbox" in told.stderr
    run(pause, "--hired")
    run(poll)
    run(poll, "--now", "2037-12-25T12:00")
    assert subjects(home) == ["A last look back"]
    run(resume)
    run(poll, "--now", "2037-12-25T12:00")
    assert subjects(home)[1:] == ["Your week 52"]


def test_a_mailbox_that_cannot_be_reached_keeps_no_other_account_searching(home: Path):
    config = home / "config.toml"
    gone = f"""
[accounts.away]
kind = "maildir"
path = "{home / "nowhere"}"
address = "mara@away.example"
"""
    config.write_text(gone + config.read_text())
    told = run(pause, "--hired")
    assert told.exit_code == 0
    assert "away: congratulations; the next poll delivers a last summary" in told.stderr
    assert subjects(home) == ["A last look back"]


def test_while_the_daemon_holds_the_mailbox_its_next_poll_delivers_it(home: Path):
    with sole_instance(home / "state" / "locks", "home"):
        told = run(pause, "--hired")
    assert "with its next poll" in told.stderr
    assert not subjects(home)
    run(poll)
    assert subjects(home) == ["A last look back"]


def test_a_job_has_no_end_date(home: Path):
    told = run(pause, "--hired", "--until", "2037-01-01")
    assert isinstance(told.exception, InputError)
    assert "write it without --until" in str(told.exception)
