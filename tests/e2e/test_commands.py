"""The commands on a Maildir, as a newcomer runs them, mistakes included."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from inboxbot.mailbox.maildir import deposit
from inboxbot.mailbox.maildir_layout import create_folder
from tests.daemon.world import RECEIPT, REJECTION, letter
from tests.e2e.command import Command

FIELDS = [
    "path", "message_id", "date", "from", "to_header", "subject", "label", "probability",
    "probabilities", "evidence", "employer", "role", "stage", "stated_reason",
    "refuses_feedback", "offers_feedback", "gives_feedback", "keep_on_file", "reapply_after",
    "decision", "reason", "to", "language",
]  # fmt: skip


def config(home: Path, maildir: Path, more: str = "") -> Command:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(
        f'[accounts.home]\nkind = "maildir"\npath = "{maildir}"\n'
        f'address = "mara@home.example"\nname = "Mara Lind"\n{more}'
    )
    return Command(home)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    root = tmp_path / "Maildir"
    for name in ("INBOX", "Drafts", "Sent", "Trash"):
        create_folder(root, name)
    when = datetime.now(UTC) - timedelta(hours=3)
    for number, (sender, subject, text) in enumerate(
        [
            ("Jo Park <jo@harbourmaps.example>", "Your application", REJECTION),
            ("Shop <orders@shop.example>", "Your order", RECEIPT),
        ]
    ):
        data = letter(sender, subject, text, when=when, message_id=f"m{number}")
        deposit(root, "INBOX", data, name=f"m{number}", flags="", received=when)
    return root


@pytest.fixture
def command(tmp_path: Path, maildir: Path) -> Command:
    return config(tmp_path / "home", maildir)


def files(folder: Path) -> list[Path]:
    return sorted(path for sub in ("cur", "new") for path in (folder / sub).iterdir())


def test_a_poll_leaves_a_draft_that_reads_well(command: Command, maildir: Path):
    done = command.try_("poll")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "", "words for people go to stderr"
    (file,) = files(maildir / ".Drafts")
    assert file.name.endswith(":2,DS")
    draft = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
    assert draft["To"] == "Jo Park <jo@harbourmaps.example>"
    assert draft["Subject"] == "Re: Your application"
    assert "Product Designer" in draft.get_content()
    assert command.kinds() == ["seen", "draft_planned", "draft_saved"]


def test_reading_moves_and_marks_nothing(command: Command, maildir: Path):
    before = [(path.name, path.read_bytes()) for path in files(maildir)]
    command.run("poll")
    after = [(path.name, path.read_bytes()) for path in files(maildir)]
    assert before == [pair for pair in after if b"Your week" not in pair[1]]


def test_a_dry_run_that_fails_leaves_no_trace_either(command: Command, maildir: Path):
    command.run("poll")
    before = command.events()
    maildir.rename(maildir.with_name("elsewhere"))
    command.run("poll", "--dry-run", status=1)
    assert command.events() == before
    command.run("poll", status=1)
    assert command.events()[-1]["event"] == "health"


def test_a_dry_run_prints_the_plan_and_changes_nothing(command: Command, maildir: Path):
    (row,) = map(json.loads, command.run("poll", "--dry-run").splitlines())
    assert row["action"] == "draft"
    assert row["to"] == "jo@harbourmaps.example"
    assert not files(maildir / ".Drafts")
    assert command.try_("journal", "--json").stdout == ""
    command.run("poll")
    assert len(files(maildir / ".Drafts")) == 1


def test_scan_gives_every_field_and_reports_what_it_cannot_read(command: Command, tmp_path: Path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "a.eml").write_bytes(letter("Jo <jo@harbourmaps.example>", "Hello", REJECTION))
    (folder / "b.eml").write_bytes(b"")
    rows = [json.loads(line) for line in command.run("scan", str(folder), "--json").splitlines()]
    assert [Path(row["path"]).name for row in rows] == ["a.eml", "b.eml"]
    assert list(rows[0]) == FIELDS
    assert rows[0]["label"] == "rejection"
    assert rows[0]["decision"] == "draft"
    assert rows[0]["reason"] is None
    assert rows[0]["to"] == "jo@harbourmaps.example"
    assert sum(rows[0]["probabilities"].values()) == pytest.approx(1, abs=1e-6)
    assert rows[0]["evidence"] in REJECTION.replace("\n", " ") or rows[0]["evidence"] in REJECTION


def test_scan_in_context_knows_the_mails_before(command: Command, tmp_path: Path):
    when = datetime.now(UTC) - timedelta(days=4)
    invitation = letter(
        "Priya Raman <priya@harbourmaps.example>", "Interview with Harbour Maps",
        "Hello Mara,\n\nWe would like to invite you to an interview for the Product Designer role "
        "at Harbour Maps. Would Thursday at 10:00 suit you?\n\nBest,\nPriya Raman",
        when=when, message_id="i1",
    )  # fmt: skip
    refusal = letter(
        "Harbour Maps <no-reply@us.greenhouse-mail.io>", "Your application to Harbour Maps",
        REJECTION.replace("Jo Park\n", ""), when=when + timedelta(days=3), message_id="r9",
    )  # fmt: skip
    box = tmp_path / "all.mbox"
    date = b"Thu Nov 19 10:00:00 2026"
    box.write_bytes(
        b"".join(
            b"From x@y " + date + b"\n" + mail.replace(b"\r\n", b"\n") + b"\n"
            for mail in (invitation, refusal)
        )
    )
    rows = [json.loads(line) for line in command.run("scan", str(box), "--json").splitlines()]
    assert [row["path"] for row in rows] == [f"{box}#1", f"{box}#2"]
    assert rows[1]["to"] == "priya@harbourmaps.example"
    alone = [
        json.loads(line) for line in command.run("scan", str(box), "--json", "--alone").splitlines()
    ]
    assert alone[1]["reason"] == "unreachable"


def test_scan_needs_no_settings(tmp_path: Path):
    mail = tmp_path / "a.eml"
    mail.write_bytes(letter("Jo <jo@harbourmaps.example>", "Hello", REJECTION))
    table = Command(tmp_path / "nothing").run("scan", str(mail))
    assert "rejection" in table


def test_the_journal_can_be_opened_in_a_spreadsheet(command: Command, maildir: Path):
    when = datetime.now(UTC) - timedelta(hours=1)
    evil = letter("=cmd|' /C calc'!A0 <jo@evil.example>", "=1+1", REJECTION, message_id="e1")
    deposit(maildir, "INBOX", evil, name="evil", flags="", received=when)
    command.run("poll")
    rows = list(csv.reader(io.StringIO(command.run("journal", "--csv"))))
    assert rows[0][:6] == ["id", "time", "account", "application", "message", "event"]
    assert len(rows) > 3
    for row in rows[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_status_and_check_tell_what_is(command: Command):
    assert "not polled yet" in command.run("status")
    command.run("poll")
    assert "drafts wait  1" in command.run("status")
    checked = command.run("check")
    assert "FAIL" not in checked
    for name in ("settings", "model", "disk", "clock", "home: mailbox", "home: drafts"):
        assert name in checked


def test_a_pause_writes_no_draft_until_it_is_over(command: Command, maildir: Path):
    assert "no drafts until resumed" in command.try_("pause").stderr
    assert "1 later" in command.try_("poll").stderr
    assert not files(maildir / ".Drafts")
    assert command.kinds() == ["seen", "left_alone"]
    assert "paused       until resumed" in command.run("status")
    command.run("poll")
    assert command.kinds() == ["seen", "left_alone"], "told of once"
    command.run("resume")
    command.run("poll")
    assert len(files(maildir / ".Drafts")) == 1


def test_a_pause_ends_by_itself_and_cannot_end_in_the_past(command: Command, maildir: Path):
    assert "lies in the past" in command.try_("pause", "--until", "2020-01-01").stderr
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    command.run("pause", "--until", tomorrow.isoformat())
    command.run("poll")
    assert not files(maildir / ".Drafts")
    command.run("poll", "--now", (tomorrow + timedelta(hours=1)).isoformat())
    assert len(files(maildir / ".Drafts")) == 1


def test_the_ledger_tells_what_asking_has_brought(command: Command, maildir: Path):
    assert "no question was sent yet" in _ledger(command)
    (draft,) = files(maildir / ".Drafts")
    draft.rename(maildir / ".Sent" / "cur" / draft.name.replace(":2,DS", ":2,S"))
    command.run("poll")
    told = _ledger(command)
    assert "Harbour Maps · application · en/application/" in told
    assert re.search(r"days from the no to the question\n  less than one +1 asked, 1 open", told)
    (row,) = map(json.loads, command.run("journal", "--ledger", "--json").splitlines())
    assert (row["basis"], row["confidence"], row["answer"]) == ("from", "high", "open")
    head, line = csv.reader(io.StringIO(command.run("journal", "--ledger", "--csv")))
    assert dict(zip(head, line, strict=True))["to"] == "jo@harbourmaps.example"


def _ledger(command: Command) -> str:
    command.run("poll")
    return command.run("journal", "--ledger")


def test_a_summary_that_cannot_be_written_is_told(command: Command, tmp_path: Path):
    command.run("poll")
    done = command.try_("summary", "--out", str(tmp_path / "nowhere" / "week.html"))
    assert done.returncode == 2
    assert "no such folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_summary_is_shown_written_and_delivered_once(
    command: Command, maildir: Path, tmp_path: Path
):
    # A Wednesday: no summary is due by itself.
    wednesday = "2026-11-25T12:00:00+00:00"
    command.run("poll", "--now", wednesday)
    assert "Harbour Maps" in command.run("summary", "--now", wednesday)
    page = tmp_path / "week.html"
    command.run("summary", "--now", wednesday, "--out", str(page))
    assert "Harbour Maps" in page.read_text(encoding="utf-8")
    command.run("summary", "--now", wednesday, "--deliver")
    again = command.try_("summary", "--now", wednesday, "--deliver")
    assert "delivered before" in again.stderr
    mails = [path for path in files(maildir) if b"Your week 48" in path.read_bytes()]
    assert len(mails) == 1
    assert mails[0].parent.name == "new", "unread"


def test_a_summary_comes_by_itself_when_its_hour_has_come(command: Command, maildir: Path):
    friday = "2026-11-27T{}:00:00+00:00"
    more = 'timezone = "UTC"\n'
    path = command.home / "config.toml"
    path.write_text(more + path.read_text())
    command.run("poll", "--now", friday.format("11"))
    assert "summary_delivered" not in [event["event"] for event in command.events()]
    command.run("poll", "--now", friday.format("13"))
    command.run("poll", "--now", friday.format("14"))
    assert [event["event"] for event in command.events()].count("summary_delivered") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["poll"], 2, "config.toml"),
        (["pol"], 2, "No such command"),
        (["poll", "--since", "soon"], 2, "14d"),
        (["poll", "--now", "yesterday"], 2, "2026-11-20T18:00"),
        (["scan"], 2, "PATH"),
        (["scan", "/nowhere/at/all.mbox"], 2, "/nowhere/at/all.mbox"),
        (["summary", "--week", "47"], 2, "2026-W47"),
        (["journal"], 2, "config.toml"),
    ],
)
def test_mistakes_are_told_in_a_line(tmp_path: Path, arguments, status: int, told: str):
    done = Command(tmp_path / "empty").try_(*arguments)
    if arguments[0] == "summary":
        config(tmp_path / "set", tmp_path)
        done = Command(tmp_path / "set").try_(*arguments)
    assert done.returncode == status, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mailbox_that_is_not_there_fails_and_says_where(tmp_path: Path):
    command = config(tmp_path / "home", tmp_path / "no-maildir")
    done = command.try_("poll")
    assert done.returncode == 1
    assert str(tmp_path / "no-maildir") in done.stderr
    assert command.try_("check").returncode == 1
    assert "trouble" in command.run("status")


def test_one_account_that_fails_does_not_stop_the_others(tmp_path: Path, maildir: Path):
    more = (
        f'\n[accounts.broken]\nkind = "maildir"\npath = "{tmp_path}/none"\n'
        'address = "other@home.example"\n'
    )
    command = config(tmp_path / "home", maildir, more)
    assert command.try_("poll").returncode == 1
    assert len(files(maildir / ".Drafts")) == 1


@pytest.mark.threat("D28")
@pytest.mark.goal("G13")
def test_one_instance_a_mailbox(command: Command, maildir: Path):
    daemon = command.start("run")
    try:
        _wait_for(lambda: files(maildir / ".Drafts"))
        busy = command.try_("poll")
        assert busy.returncode == 75, busy.stderr
        assert command.try_("run").returncode == 75
        assert f"yes, process {daemon.pid}" in command.run("status")
        when = datetime.now(UTC)
        more = REJECTION.replace("Harbour Maps", "Brightwell Labs").replace("Jo Park", "Ann Bell")
        data = letter("Ann Bell <ann@brightwell.example>", "News", more, message_id="m9")
        deposit(maildir, "INBOX", data, name="m9", flags="", received=when)
        _wait_for(lambda: len(files(maildir / ".Drafts")) == 2)
    finally:
        daemon.send_signal(signal.SIGTERM)
        _, told = daemon.communicate(timeout=20)
    assert daemon.returncode == 0, told
    assert "harbour" not in told.lower(), "a log holds no mail"
    assert "0 drafts" in command.try_("poll").stderr


@pytest.mark.threat("D28")
@pytest.mark.goal("G13")
def test_a_killed_daemon_leaves_no_lock(command: Command, maildir: Path):
    daemon = command.start("run")
    _wait_for(lambda: files(maildir / ".Drafts"))
    daemon.kill()
    daemon.communicate()
    command.run("poll")
    assert len(files(maildir / ".Drafts")) == 1


@pytest.mark.threat("D14")
@pytest.mark.threat("D21")
def test_everything_that_is_kept_is_for_the_owner_alone(command: Command):
    subprocess.run(["chmod", "-R", "u+rwX", command.home], check=True)
    os.umask(0)
    try:
        command.run("poll")
    finally:
        os.umask(0o022)
    kept = list((command.home / "state").rglob("*"))
    assert kept
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_demo_does_the_whole_job(tmp_path: Path):
    out = tmp_path / "demo"
    done = Command(tmp_path / "unused").try_("demo", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "rejections among them" in done.stdout
    assert "Nothing was sent" in done.stdout
    assert files(out / "Maildir" / ".Drafts")
    assert (out / "summary.html").exists()
    assert "<svg" in (out / "report.html").read_text(encoding="utf-8")
    assert str(out / "report.html") in done.stdout
    again = Command(tmp_path / "unused").try_("demo", "--out", str(out))
    assert again.returncode == 0, "a demo may be run again"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "precious.txt").touch()
    refused = Command(tmp_path / "unused").try_("demo", "--out", str(tmp_path / "mine"))
    assert refused.returncode == 2
    assert (tmp_path / "mine" / "precious.txt").exists()


def _wait_for(probe, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not probe():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare is not installed")
def test_the_demo_needs_no_network(tmp_path: Path):
    plain = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    if plain.returncode:
        pytest.skip("this machine lets nobody make a network namespace")
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-m", "inboxbot", "demo", "--out", tmp_path / "d"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
