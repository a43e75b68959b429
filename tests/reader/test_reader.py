"""A mail can break the reader process, and nothing else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inboxbot.classify.thresholds import read_digest
from inboxbot.core.correction import Lesson, Lessons, Personal, Said
from inboxbot.core.types import Key, Label, Locator, Message, RawMail, Reading, Unreadable
from inboxbot.reader import Reader
from inboxbot.resources import MODELS
from tests.make import NOW

BROKEN = (str(Path(__file__).with_name("broken.py")), "misbehave", "mislearn")


def mails(*texts: bytes) -> list[RawMail]:
    return [
        RawMail(locator=Locator(str(number)), folder="INBOX", received=NOW, data=text)
        for number, text in enumerate(texts)
    ]


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(*BROKEN, mail_seconds=1.0, learn_seconds=1.0) as opened:
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


# What the user has corrected.

NO = (
    b"From: Board <board@jobs.example>\r\nSubject: REQ %d\r\nMessage-ID: <%d@jobs.example>\r\n\r\n"
    b"Your account has been updated.\r\n\r\nVacancy: REQ %d %s\r\n"
    b"Current stage: Closed - not progressed\r\n\r\nLog in to view your applications.\r\n"
)
NOES = [
    NO % (number, number, number, role)
    for number, role in enumerate([b"Library Assistant", b"Archive Officer", b"Events Officer"])
]


def lessons(*mails: Message, said: Said = Said.REJECTION) -> Lessons:
    return Lessons(
        mails=tuple(Lesson(message=mail, said=said) for mail in mails), draft=0.73, review=0.145
    )


def saying(text: str) -> Message:
    return Message(key=Key("k"), text=text)


@pytest.mark.threat("D8")
@pytest.mark.threat("D9")
@pytest.mark.parametrize("evil", ["crash", "loop", "eat", "babble", "raise"])
def test_one_evil_lesson_teaches_nothing_and_mail_is_read_as_before(reader: Reader, evil: str):
    assert reader.learn(lessons(saying(evil))) is None
    (after,) = reader.read(mails(b"after"))
    assert isinstance(after, Reading)
    assert reader.learn(lessons(saying("fine"))) == Personal(model="broken")


@pytest.mark.threat("D8")
def test_a_child_with_its_limits_learns_from_strange_mail_too_and_judges_by_it():
    with Reader() as reader:
        told = [reading.message for reading in reader.read(mails(*NOES))]
        (before,) = reader.read(mails(NOES[0]))
        strange = [saying(text) for text in ("", "\x00" * 999, "a" * 70_000, "@ " * 50_000)]
        personal = reader.learn(lessons(*told, *strange * 10))
        assert personal is not None
        assert personal.model == read_digest(MODELS / "rejection.model")
        reader.use(personal)
        (after,) = reader.read(mails(NO % (9, 9, 9, b"Outreach Librarian")))
        reader.use(None)
        (without,) = reader.read(mails(NOES[0]))
    assert before.verdict == without.verdict
    assert before.verdict.probability < 0.73 <= after.verdict.probability
    assert after.verdict.label is Label.REJECTION


@pytest.mark.parametrize(
    "personal",
    [Personal(model="0" * 64, columns=(1,), weights=(9.0,)), Personal(model="", columns=(10**9,))],
)
def test_a_correction_that_is_not_of_this_model_changes_nothing(personal: Personal):
    with Reader() as reader:
        (before,) = reader.read(mails(NOES[0]))
        reader.use(personal)
        (after,) = reader.read(mails(NOES[0]))
    assert before == after


def test_a_correction_that_breaks_the_child_costs_no_mail(reader: Reader):
    reader.use(Personal(model="what a broken child does not know how to apply"))
    (reading,) = reader.read(mails(b"fine"))
    assert isinstance(reading, Reading)


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
