"""Ten minutes at a terminal: what is finished is kept, word for word, whatever comes after it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pexpect
import pytest

from inboxbot.core.plan import Event, EventKind
from inboxbot.journal.store import Journal
from tests.clients.terminal import terminal as screen
from tests.e2e.command import Command

NOW = datetime.now(UTC)
SETTINGS = """
[accounts.home]
kind = "maildir"
address = "mara@home.example"
path = "{path}"
"""
ENTER, SPACE, DOWN = "\r", " ", "\x1b[B"


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Return the command of a user with two noes after a talk and one to an application."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in ("cur", "new", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    (home / "config.toml").write_text(SETTINGS.format(path=tmp_path / "mail"))
    command = Command(home)
    command.run("poll")
    with journal_of(command) as journal:
        for day, employer, stage in (
            (3, "Northwind Maps", "interview"),
            (2, "Brightwell Labs", "final"),
            (1, "Harbour Foods", "application"),
        ):
            journal.append("home", rejection(employer, stage, NOW - timedelta(days=day)))
    return command


@contextmanager
def journal_of(command: Command) -> Iterator[Journal]:
    with Journal.open(next(command.home.rglob("journal.sqlite3"))) as journal:
        yield journal


def rejection(employer: str, stage: str, when: datetime) -> Event:
    name = employer.partition(" ")[0].lower()
    about = {
        "label": "rejection", "employer": employer, "role": "Designer", "stage": stage,
        "received": when.isoformat(),
    }  # fmt: skip
    return Event(
        kind=EventKind.SEEN, time=when, application=name, message=f"mail-{name}", payload=about
    )


@contextmanager
def terminal(command: Command, *arguments: str) -> Iterator[pexpect.spawn]:
    environment = {
        **command.environment(), "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm", "LC_ALL": "C.UTF-8"
    }  # fmt: skip
    running = pexpect.spawn(
        sys.executable, ["-m", "inboxbot", "reflect", *arguments], env=environment,
        encoding="utf-8", timeout=20, dimensions=(30, 100),
    )  # fmt: skip
    try:
        yield running
    finally:
        running.close(force=True)


def answer(running: pexpect.spawn, question: str, *lines: str) -> None:
    running.expect_exact(question)
    for line in (*lines, ""):
        running.send(line + ENTER)


def kept(command: Command) -> list[dict[str, Any]]:
    return [
        {"application": event["application"], **event["payload"]}
        for event in command.events()
        if event["event"] == "reflected"
    ]


def test_the_answers_are_kept_word_for_word_the_newest_conversation_first(command: Command):
    with terminal(command) as running:
        running.expect_exact("Brightwell Labs – Designer")
        answer(running, "What went well?", "The lab tour.", "And Größe: 3 m²")
        answer(running, "What would you do differently next time?")
        running.expect_exact("Which other reasons")
        running.send(DOWN + DOWN + SPACE + DOWN + DOWN + SPACE + ENTER)
        running.expect_exact("Northwind Maps – Designer")
        answer(running, "What went well?")
        answer(running, "What would you do differently next time?", "Sleep.")
        running.expect_exact("Which other reasons")
        running.send(ENTER)
        running.expect_exact("kept: 3 answers")
        running.expect(pexpect.EOF)
        running.wait()
    assert running.exitstatus == 0
    common = {"via": "terminal", "week": ""}
    assert kept(command) == [
        {"application": "brightwell", "question": "well",
         "text": "The lab tour.\nAnd Größe: 3 m²", **common},
        {"application": "brightwell", "question": "reasons", "text": "",
         "ticks": ["skill", "day"], **common},
        {"application": "northwind", "question": "differently", "text": "Sleep.", **common},
    ]  # fmt: skip


def test_ctrl_c_loses_nothing_that_is_finished(command: Command):
    with terminal(command) as running:
        answer(running, "What went well?", "The lab tour.")
        running.expect_exact("What would you do differently next time?")
        running.send("I would")
        running.sendintr()
        running.expect_exact("kept: 1 answer")
        running.expect(pexpect.EOF)
        running.wait()
    assert running.exitstatus == 0
    assert [one["text"] for one in kept(command)] == ["The lab tour."]


@pytest.mark.slow
def test_the_clock_is_there_to_be_seen_and_can_be_left_out(command: Command):
    # Drawn where a terminal tells where its cursor is, as a real one does.
    start = ("env", f"INBOXBOT_HOME={command.home}", sys.executable, "-m", "inboxbot", "reflect")
    with screen(*start) as running:
        running.wait_for("of ten minutes")
        assert "What went well?" in running.screen()
    with screen(*start, "--no-timer") as running:
        running.wait_for("What went well?")
        time.sleep(1.5)
        assert "minutes" not in running.screen()


@pytest.mark.slow
def test_an_employer_is_asked_about_again_and_what_was_written_is_shown(command: Command):
    with terminal(command, "--employer", "northwind maps") as running:
        answer(running, "What went well?", "The map.")
        running.sendintr()
        running.expect(pexpect.EOF)
    with terminal(command, "--employer", "Northwind Maps") as running:
        running.expect_exact("You wrote: The map.")
        running.expect_exact("What went well?")
    with terminal(command, "--employer", "Nowhere") as running:
        running.expect_exact("no conversation with 'Nowhere'")


def test_without_a_terminal_it_says_what_else_to_do(command: Command):
    done = command.try_("reflect")
    assert done.returncode == 2
    assert "reply to your weekly summary" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_daemon_that_holds_the_mailbox_is_in_nobodys_way(command: Command):
    daemon = command.start("run")
    try:
        with terminal(command) as running:
            answer(running, "What went well?", "The lab tour.")
            running.expect_exact("What would you do differently next time?")
        assert [one["text"] for one in kept(command)] == ["The lab tour."]
        assert daemon.poll() is None
    finally:
        daemon.terminate()
        daemon.communicate()
