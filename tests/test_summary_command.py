"""`inboxbot summary`: which week, and into which file."""

import email
from pathlib import Path

import pytest

from inboxbot.core.letter_name import letter_in
from inboxbot.daemon.replies import name_of
from inboxbot.errors import InputError
from inboxbot.journal.store import Journal
from inboxbot.settings import load, places
from tests.generated_journal import search_of
from tests.test_report_command import NOW, Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path, monkeypatch)
    home.record(search_of(3, weeks=8, seed=1))
    return home


@pytest.mark.parametrize("week", ["9999-W52", "0001-W01", "-5-W01", "2026-W99", "last", "W47"])
def test_a_week_that_cannot_be_meant_is_refused(home: Home, week: str) -> None:
    error = home.error("summary", f"--week={week}")
    assert isinstance(error, InputError)
    assert "2026-W47" in str(error)


def test_a_week_before_the_first_mail_is_an_empty_one(home: Home) -> None:
    done = home.run("summary", "--week", "2001-W05")
    assert done.exception is None
    assert "Your week 5" in done.stdout


@pytest.mark.parametrize("now", ["0001-01-01", "9999-12-31T23:59:59Z"])
def test_a_clock_that_no_calendar_goes_by_is_refused(home: Home, now: str) -> None:
    done = home.run("summary", "--now", now)
    assert done.exit_code == 2
    assert "write one like" in done.stderr


@pytest.mark.parametrize("name", ["week.html", "week.eml"])
def test_another_file_is_not_replaced_and_an_older_summary_is(home: Home, name: str) -> None:
    out = home.path / name
    for _ in range(2):
        assert home.run("summary", "--out", str(out), *NOW).exception is None
        assert b"Your week" in out.read_bytes()
    out.write_text("From: jo@acme.example\n\n<h1>Mine</h1>")
    error = home.error("summary", "--out", str(out), *NOW)
    assert isinstance(error, InputError)
    assert "Mine" in out.read_text()


@pytest.mark.parametrize(
    ("name", "told"),
    [("nowhere/week.html", "no such folder"), ("week.pdf", "ends in .eml or .html")],
)
def test_a_name_that_cannot_be_meant_is_refused(home: Home, name: str, told: str) -> None:
    error = home.error("summary", "--out", str(home.path / name), *NOW)
    assert isinstance(error, InputError)
    assert told in str(error)


def test_an_imported_copy_has_the_name_that_its_replies_are_known_by(home: Home) -> None:
    out = home.path / "week.eml"
    home.run("summary", "--out", str(out), "--week", "2026-W47", *NOW)
    (name, _, _) = str(email.message_from_bytes(out.read_bytes())["Message-ID"]).partition("@")
    owner = load(home.path / "config.toml").accounts["home"]
    with Journal.open(places(None).journal) as journal:
        (key, local) = letter_in([f"{name[1:]}@home.example"])
        assert local == name_of(key, journal, owner.id)
