"""A mail can break the reader process, and nothing else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inboxbot.core.types import Label, Locator, RawMail, Reading, Unreadable
from inboxbot.reader import Reader
from tests.make import NOW

BROKEN = (str(Path(__file__).with_name("broken.py")), "misbehave")


def mails(*texts: bytes) -> list[RawMail]:
    return [
        RawMail(locator=Locator(str(number)), folder="INBOX", received=NOW, data=text)
        for number, text in enumerate(texts)
    ]


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(*BROKEN, mail_seconds=1.0) as opened:
        yield opened


@pytest.mark.threat("D8")
@pytest.mark.threat("D9")
@pytest.mark.parametrize("evil", [b"crash", b"loop", b"sleep", b"eat", b"babble", b"raise"])
def test_one_evil_mail_is_set_aside_and_the_others_are_read(reader: Reader, evil: bytes):
    before, bad, after = reader.read(mails(b"before", evil, b"after"))
    assert isinstance(before, Reading)
    assert isinstance(bad, Unreadable)
    assert bad.locator == "1"
    assert "canary" not in bad.error
    assert isinstance(after, Reading)
    assert after.message.subject == "after"


@pytest.mark.threat("D9")
def test_a_child_that_ends_between_two_mails_costs_the_next_no_try(
    reader: Reader, caplog: pytest.LogCaptureFixture
):
    (first,) = reader.read(mails(b"last"))
    time.sleep(0.3)
    (second,) = reader.read(mails(b"after"))
    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    assert not [record for record in caplog.records if "reader_died" in record.getMessage()]


@pytest.mark.threat("D8")
def test_a_child_that_takes_no_mail_does_not_hold_up_the_program(reader: Reader):
    list(reader.read(mails(b"start")))
    os.kill(reader._child._process.pid, signal.SIGSTOP)  # type: ignore[union-attr]
    started = time.monotonic()
    (reading,) = reader.read(mails(b"x" * 1_000_000))
    assert isinstance(reading, Reading)
    assert time.monotonic() - started < 10


@pytest.mark.threat("D14")
def test_the_child_gets_no_secret_by_its_environment(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MAIL_PASSWORD", "canary-secret")
    (reading,) = reader.read(mails(b"environment"))
    assert "canary-secret" not in reading.message.subject


def test_a_child_is_started_when_mail_comes_and_gone_when_closed():
    with Reader() as reader:
        assert _children() == []
        list(reader.read([]))
        assert _children() == []
        list(reader.read(mails(b"Subject: hello\n\nhello")))
        assert len(_children()) == 1
    assert _children() == []


def test_real_mail_is_read_with_model_and_facts():
    data = (
        b"From: Jo Park <jo@acme.example>\r\nSubject: Your application\r\n"
        b"Message-ID: <1@acme.example>\r\n\r\nDear Mara,\r\n\r\nwe have decided to move forward "
        b"with other candidates for the Designer role and will not take your application any "
        b"further.\r\n\r\nBest,\r\nJo Park\r\n"
    )
    with Reader() as reader:
        (reading,) = reader.read(mails(data))
    assert isinstance(reading, Reading)
    assert reading.verdict.label is Label.REJECTION
    assert reading.verdict.evidence
    assert reading.message.from_[0].addr == "jo@acme.example"


@pytest.mark.goal("G5")
def test_the_idle_program_does_not_load_what_only_the_reader_needs():
    code = (
        "import sys, inboxbot.app; "
        "print([m for m in ('numpy', 'sklearn', 'bs4', 'lxml', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def _children() -> list[str]:
    time.sleep(0.05)
    listed = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [line for line in listed.stdout.splitlines() if "inboxbot.reader.worker" in line]
