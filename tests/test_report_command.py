"""`inboxbot report` and the exports of `inboxbot journal`: commands on a journal that is real."""

import csv
import io
import json
import os
import re
import stat
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.cli import inboxbot
from inboxbot.cli.export import cell, csv_line, json_line
from inboxbot.errors import InputError, JournalError, NotWritten
from inboxbot.journal.store import Journal
from inboxbot.settings import places
from tests.generated_journal import END, Search, record, search_of
from tests.payloads import payloads

NOW = ("--now", END.isoformat())
SETTINGS = """
timezone = "Europe/Berlin"
[summary]
language = "{language}"
[accounts.home]
kind = "maildir"
path = "{home}/Maildir"
address = "mara@home.example"
name = "Mara Lind"
"""


class Home:
    """A folder with settings and a journal, and a command line that works on it."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch, language: str = "en") -> None:
        self.path = path
        monkeypatch.setenv("INBOXBOT_HOME", str(path))
        (path / "config.toml").write_text(SETTINGS.format(home=path, language=language))

    def record(self, search: Search) -> Search:
        with Journal.open(places(None).journal) as journal:
            record(search, journal)
        return search

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(inboxbot, arguments)

    def error(self, *arguments: str) -> Any:
        done = self.run(*arguments)
        assert done.exception is not None
        return done.exception

    def rows(self, *arguments: str) -> list[dict[str, str]]:
        done = self.run("journal", "--csv", *arguments)
        assert done.exception is None, done.exception
        return list(csv.DictReader(io.StringIO(done.stdout, newline="")))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path, monkeypatch)


# ---------------------------------------------------------------- report


def test_a_report_is_written_for_its_owner_alone_and_replaced_by_the_next(home: Home) -> None:
    home.record(search_of(10, weeks=8, seed=1))
    out = home.path / "search.html"
    done = home.run("report", "--out", str(out), *NOW)
    assert done.exception is None, done.exception
    assert done.stdout == ""
    assert str(out) in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    first = out.read_text("utf-8")
    assert "Your search so far" in first
    assert home.run("report", "--out", str(out), "--since", "30d", *NOW).exception is None
    later = out.read_text("utf-8")
    assert "21 October – 20 November 2026" in later
    assert len(later) < len(first)


def test_the_same_journal_and_clock_make_the_same_page(home: Home) -> None:
    home.record(search_of(10, weeks=8, seed=1))
    pages = []
    for name in ("a.html", "b.html"):
        home.run("report", "--out", str(home.path / name), *NOW)
        pages.append((home.path / name).read_bytes())
    assert pages[0] == pages[1]


def test_a_page_is_in_the_language_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path, monkeypatch, language="de")
    home.record(search_of(5, weeks=8, seed=1))
    home.run("report", "--out", str(tmp_path / "a.html"), *NOW)
    assert '<html lang="de">' in (tmp_path / "a.html").read_text("utf-8")


def test_a_report_of_several_accounts_is_one_and_can_be_of_one(home: Home) -> None:
    more = '[accounts.work]\nkind = "maildir"\npath = "/nowhere"\naddress = "m@work.example"\n'
    with (home.path / "config.toml").open("a") as file:
        file.write(more)
    search = home.record(search_of(12, weeks=8, seed=1))
    with Journal.open(places(None).journal) as journal:
        record(search_of(3, weeks=8, seed=2), journal, "work")
    facts = {}
    for name, options in {"both": (), "work": ("--account", "work")}.items():
        out = home.path / f"{name}.html"
        home.run("report", "--out", str(out), *options, *NOW)
        facts[name] = int(re.search(r"(\d+) applications since", out.read_text("utf-8"))[1])
    assert facts["work"] == 3
    assert facts["both"] > facts["work"]
    assert search.events
    wrong = home.error("report", "--out", str(home.path / "x.html"), "--account", "none")
    assert isinstance(wrong, InputError)


def test_another_file_is_not_replaced(home: Home) -> None:
    home.record(search_of(3, weeks=8, seed=1))
    precious = home.path / "portfolio.html"
    precious.write_text("<h1>My portfolio</h1>")
    error = home.error("report", "--out", str(precious))
    assert isinstance(error, InputError)
    assert str(precious) in str(error)
    assert precious.read_text() == "<h1>My portfolio</h1>"


@pytest.mark.parametrize(
    ("out", "told"),
    [("nowhere/search.html", "no such folder"), ("search.pdf", "ends in .html")],
)
def test_a_name_that_cannot_be_meant_is_refused_before_the_work(
    home: Home, out: str, told: str
) -> None:
    error = home.error("report", "--out", str(home.path / out))
    assert isinstance(error, InputError)
    assert told in str(error)


def test_without_a_journal_it_says_what_to_do(home: Home) -> None:
    error = home.error("report", "--out", str(home.path / "a.html"))
    assert isinstance(error, JournalError)
    assert "inboxbot poll" in str(error)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_and_the_older_report_stays(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.record(search_of(3, weeks=8, seed=1))
    out = home.path / "a.html"
    home.run("report", "--out", str(out), *NOW)
    before = out.read_bytes()
    full = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr("inboxbot.private.os.open", lambda *_: os.dup(full))
    error = home.error("report", "--out", str(out), *NOW)
    os.close(full)
    assert isinstance(error, NotWritten)
    assert "No space left" in str(error)
    assert out.read_bytes() == before


def test_a_coach_s_copy_says_how_much_it_leaves_out(home: Home) -> None:
    search = home.record(search_of(60, weeks=52, seed=1))
    out = home.path / "coach.html"
    home.run("report", "--out", str(out), "--for-coach", *NOW)
    page = out.read_text("utf-8")
    number = int(re.search(r"(\d+) employers are called “Employer A”", page)[1])
    assert number > 10
    for event in search.events:
        assert (event.payload.get("employer") or "-nobody-") not in page


# ---------------------------------------------------------------- the journal as rows


def hostile(search: Search) -> Search:
    """Return a search whose texts are payloads."""
    attacks = iter(payloads(20_000))
    texts = {"employer", "role", "subject", "text", "from", "to", "evidence"}
    return replace(
        search,
        events=tuple(
            replace(event, payload={
                name: next(attacks) if name in texts and value else value
                for name, value in event.payload.items()
            })
            for event in search.events
        ),
    )  # fmt: skip


def starts_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet would calculate this: a sign first, quotation marks or not."""
    bare = unicodedata.normalize("NFKC", text).strip("\"' \t\r\n")
    return text[:1] != "'" and bare[:1] in set("=+-@")


@pytest.mark.threat("D22")
def test_no_cell_of_the_csv_is_a_formula_whoever_reads_it(home: Home) -> None:
    search = home.record(hostile(search_of(150, weeks=52, seed=1)))
    data = home.run("journal", "--csv").stdout_bytes
    text = data.decode("utf-8")
    assert text.endswith("\r\n")
    lines = text.split("\r\n")[:-1]
    assert not any(sign in line for line in lines for sign in "\r\n\t\x1b\x00\u2028")
    assert len(lines) == len(search.events) + 1, "a line for each event"
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {23}
    for separator in (",", ";"):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert not any(map(starts_a_formula, row)), row


def test_the_columns_have_their_places_for_good(home: Home) -> None:
    home.record(search_of(3, weeks=8, seed=1))
    assert list(home.rows()[0]) == [
        "id", "time", "account", "application", "message", "event",
        "employer", "role", "label", "reason", "to", "basis", "confidence", "from", "week", "error",
        "text", "subject", "evidence", "stage", "stated_reason", "decision", "question",
    ]  # fmt: skip


@pytest.mark.threat("D22")
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(1)", "'@SUM(1)"),
        ('"=1+1', "'\"=1+1"), ("''=1", "'''=1"), ("\t=1+1", "'=1+1"), ("\r\n=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"), ("a;=1+1", "a;'=1+1"), ("a; -2", "a;' -2"), ("a; b - c", "a; b - c"),
        ("2 + 2 = 4", "2 + 2 = 4"), ("", ""), (None, ""), (0.5, "0.5"), ("x\ny", "x y"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(written: Any, shown: str) -> None:
    assert cell(written) == shown


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_row_is_one_record_of_as_many_cells(row: list[str]) -> None:
    line = csv_line(row).decode()
    assert line.endswith("\r\n")
    assert len(line.splitlines()) == 1
    if line != "\r\n":
        (cells,) = csv.reader(io.StringIO(line, newline=""), strict=True)
        assert cells == [cell(value) for value in row]


@given(st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.none(), max_size=5))
def test_an_object_of_json_lines_comes_back_as_it_was_and_shows_nothing_unseen(row) -> None:
    line = json_line(row).decode("utf-8", "strict")
    assert json.loads(line) == row
    assert line.splitlines() == [line[:-1]]
    assert not any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in line[:-1])


def test_the_json_of_a_journal_comes_back_word_for_word(home: Home) -> None:
    search = home.record(hostile(search_of(40, weeks=20, seed=2)))
    rows = [json.loads(line) for line in home.run("journal", "--json").stdout.splitlines()]
    assert [row["event"] for row in rows] == [str(event.kind) for event in search.events]
    told = [row["payload"].get("text") for row in rows]
    assert told == [event.payload.get("text") for event in search.events]


def test_since_leaves_out_older_rows(home: Home) -> None:
    search = home.record(search_of(40, weeks=20, seed=2))
    since = "2026-10-01T00:00+00:00"
    kept = home.rows("--since", since)
    late = [event for event in search.events if event.time.isoformat() >= since]
    assert len(kept) == len(late) < len(search.events)


def test_a_file_is_private_and_tells_excel_its_encoding(home: Home) -> None:
    home.record(search_of(5, weeks=8, seed=1))
    out = home.path / "journal.csv"
    assert home.run("journal", "--csv", "--out", str(out)).exception is None
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_bytes()[:6] == b"\xef\xbb\xbfid,"
    assert home.run("journal", "--csv", "--ledger", "--out", str(out)).exception is None
    lines = home.path / "journal.jsonl"
    assert home.run("journal", "--json", "--out", str(lines)).exception is None
    assert all(map(json.loads, lines.read_text("utf-8").splitlines()))


@pytest.mark.parametrize("arguments", [("--csv", "--out", "mine.csv"), ("--out", "x.csv"),
                                       ("--json", "--out", "x.csv")])  # fmt: skip
def test_a_list_of_the_user_s_own_is_not_replaced_and_the_form_must_fit(
    home: Home, arguments: tuple[str, ...]
) -> None:
    home.record(search_of(2, weeks=8, seed=1))
    (home.path / "mine.csv").write_text("employer,date\nAcme,2026-11-01\n")
    *options, name = arguments
    assert isinstance(home.error("journal", *options, str(home.path / name)), InputError)
    assert (home.path / "mine.csv").read_text().startswith("employer,date")
