"""Real rejections among real ordinary mail, on a real server, by the installed command."""

import json
import re
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.e2e.command import Command, imap_command
from tests.servers.dovecot import Account, Dovecot, StoredMail

POLICY = "[policy]\ndrafts_per_day = 100000\n"
SENDER = re.compile(r"(?:(?P<name>[^<]*)<)?(?P<addr>[^<>\s]+@[^<>\s]+)>?")


def rendered(row: dict, to: str, when: datetime, number: int) -> bytes:
    """Return a labelled row as a mail of its sender to the account."""
    mail = EmailMessage(policy=SMTP)
    sender = SENDER.search(row.get("from") or "")
    name = re.sub(r"[^\w .&-]", "", (sender and sender["name"]) or "").strip()
    addr = sender["addr"] if sender else f"person{number}@employer{number}.example"
    mail["From"] = f'"{name}" <{addr}>' if name else addr
    mail["To"] = to
    mail["Subject"] = " ".join((row.get("subject") or "").split())
    mail["Date"] = format_datetime(when)
    mail["Message-ID"] = f"<{row['id']}@row.example>"
    mail.set_content(row["body"])
    if row.get("html"):
        mail.add_alternative(row["html"], subtype="html")
    return mail.as_bytes()


def everything(shared: Path, to: str) -> list[StoredMail]:
    lines = (shared / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    real = [row for row in rows if row["kind"] == "real"]
    ham = sorted((shared / "data" / "ham").glob("*.eml"))
    start = datetime.now(UTC) - timedelta(days=13, hours=20)
    step = timedelta(days=13, hours=18) / (len(real) + len(ham))
    mails = []
    for number, item in enumerate([*real, *ham]):
        # Interleaved: a step that shares no factor with the count spreads both kinds evenly.
        place = number * 997 % (len(real) + len(ham))
        when = start + place * step
        data = rendered(item, to, when, number) if isinstance(item, dict) else item.read_bytes()
        data = f"Received: by mx.home.example; {format_datetime(when)}\r\n".encode() + data
        mails.append((place, StoredMail(content=data, received=when)))
    return [mail for _, mail in sorted(mails, key=lambda pair: pair[0])]


def drafted(dovecot: Dovecot, account: Account) -> Counter[bytes]:
    """Return how often each Message-ID lies in Drafts."""
    with dovecot.log_in(account) as client:
        client.select_folder(dovecot.folders.drafts, readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
    return Counter(
        next(bytes(value) for name, value in data.items() if name.startswith(b"BODY["))
        for data in found.values()
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.goal("G1")
def test_a_real_mailbox_is_read_drafted_once_and_survives_kill(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with Dovecot() as dovecot:
        mails = everything(shared, dovecot.alice.address)
        dovecot.load(dovecot.alice, "INBOX", mails)
        command = imap_command(tmp_path / "whole", dovecot, dovecot.alice, POLICY)
        started = time.monotonic()
        done = command.try_("poll")
        seconds = time.monotonic() - started
        assert done.returncode == 0, done.stderr
        once = drafted(dovecot, dovecot.alice)
        assert set(once.values()) == {1}
        assert "0 drafts" in command.try_("poll").stderr
        assert drafted(dovecot, dovecot.alice) == once
        with capsys.disabled():
            print(f"\n{len(mails)} mails, {seconds:.1f} s: {done.stderr.strip()}")
            _tell(command)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.goal("G1")
@pytest.mark.parametrize("after", [1, 12])
def test_killed_in_mid_poll_no_draft_is_lost_or_doubled(shared: Path, tmp_path: Path, after: int):
    """The same mail in two mailboxes of one address: one poll is killed, the other is not."""
    with Dovecot() as dovecot:
        mails = everything(shared, dovecot.alice.address)
        dovecot.load(dovecot.alice, "INBOX", mails)
        whole = imap_command(tmp_path / "whole", dovecot, dovecot.alice, POLICY)
        whole.run("poll")
        expected = drafted(dovecot, dovecot.alice)
    with Dovecot() as dovecot:
        dovecot.load(dovecot.alice, "INBOX", mails)
        command = imap_command(tmp_path / "killed", dovecot, dovecot.alice, POLICY)
        _kill_after_drafts(command, dovecot, after)
        reached = sum(drafted(dovecot, dovecot.alice).values())
        assert after <= reached < sum(expected.values()), "the kill hit in mid-poll"
        command.run("poll")
        assert drafted(dovecot, dovecot.alice) == expected
        assert "0 drafts" in command.try_("poll").stderr


def _kill_after_drafts(command: Command, dovecot: Dovecot, number: int) -> None:
    process = command.start("poll")
    deadline = time.monotonic() + 300
    while sum(drafted(dovecot, dovecot.alice).values()) < number:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _tell(command: Command) -> None:
    events = command.events()
    print(Counter(event["event"] for event in events))
    print(Counter(event["payload"]["label"] for event in events if event["event"] == "seen"))
    print(Counter(e["payload"]["reason"] for e in events if e["event"] == "left_alone"))
