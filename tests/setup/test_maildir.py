"""Setup for a Maildir, at a terminal, with a mistake at each question."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from inboxbot.mailbox.maildir import create_folder, deposit
from tests.e2e.command import Command
from tests.setup.person import person
from tests.setup.steps import a_rejection

ADDRESS = "mara@example.net"


def a_maildir(path: Path, *folders: str) -> Path:
    for folder in ("INBOX", *folders):
        create_folder(path, folder)
    now = datetime.now(UTC) - timedelta(days=2)
    deposit(path, "INBOX", a_rejection(ADDRESS, now), name="no-1", received=now)
    return path


def a_filter_fills(path: Path, folder: str, mails: int) -> None:
    create_folder(path, folder)
    for number in range(mails):
        when = datetime.now(UTC) - timedelta(days=20 + number)
        mail = a_rejection(ADDRESS, when).replace(b"no-to-", f"no-{number}-to-".encode())
        deposit(path, folder, mail, name=f"filtered-{number}", received=when)


def test_a_newcomer_connects_a_maildir_in_spite_of_a_mistake_at_each_question(home: Path):
    maildir = a_maildir(home / "Maildir", "Sent", "Trash")
    a_filter_fills(maildir, "Jobs", 5)
    with person(home) as mara:
        mara.answers("Your mail address:", "mara")
        mara.answers("write an address, as in name@example.org", "@example.net")
        mara.picks("Who runs the mail of example.net?", "Somebody else")
        mara.reads("its administrator can read")
        mara.picks("Which way in?", "No password: a Maildir")
        mara.reads(str(maildir))
        mara.types("/not-there")
        mara.reads("there is nothing there")
        mara.answers("Folder of the Maildir:", str(maildir), instead=True)
        mara.answers("Your name:", "")
        mara.reads("write something")
        mara.answers("Your name:", "Mara Lindqvist")
        mara.answers("Other addresses of yours", "jobs at example.net")
        mara.reads("write an address")
        mara.answers("Other addresses of yours", "jobs@example.net", instead=True)
        mara.reads("FAIL  drafts: there is none")
        create_folder(maildir, "Drafts")
        mara.picks("What now?", "Try the same once more")
        mara.reads("ok    drafts: Drafts")
        mara.reads("Folders to watch:")
        mara.answers("Jobs  (5 of 5 mails about applications)", "")
        mara.answers("May it make these two folders?", "y")
        mara.picks("Your level:", "Senior")
        mara.picks("Language of the weekly summary:", "Deutsch")
        mara.reads("asks jo@harbourmaps.example")
        mara.reads("This will be written, and nothing else:")
        assert not (home / "inboxbot" / "config.toml").exists()
        mara.answers("Write this?", "y")
        mara.reads("Start inboxbot at login from now on?")
        mara.interrupts()
        assert "Stopped" not in mara.ends()
    command = Command(home / "inboxbot")
    assert "ok   example: drafts" in command.run("check")
    command.run("poll")
    assert "draft_saved" in command.kinds()
    settings = (home / "inboxbot" / "config.toml").read_text()
    assert 'folders = ["INBOX", "Jobs"]' in settings
    assert 'aliases = ["jobs@example.net"]' in settings
    assert 'level = "senior"' in settings
    assert 'language = "de"' in settings
    assert list((home / "inboxbot" / "state").glob("setup.json")) == []
