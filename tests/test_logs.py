"""A log holds names and counts, never mail."""

import ast
import logging
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import inboxbot
from inboxbot import logs
from inboxbot.errors import PrivacyError

CANARY = "canary-subject-91"
SOURCES = sorted(Path(inboxbot.__file__).parent.rglob("*.py"))


@pytest.fixture
def log() -> logging.Logger:
    return logging.getLogger("inboxbot.test")


def test_an_event_is_a_name_and_fields(log, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    logs.event(log, "read", account="home", count=3)
    assert caplog.messages == ["read account=home count=3"]


@pytest.mark.threat("D15")
@pytest.mark.parametrize("field", ["subject", "address", "to", "body", "sender", "evidence"])
def test_a_field_that_could_hold_mail_is_refused(log, field: str):
    with pytest.raises(ValueError, match=field):
        logs.event(log, "read", **{field: CANARY})


@pytest.mark.threat("D15")
def test_an_exception_is_logged_without_its_text(log, caplog: pytest.LogCaptureFixture):
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        logs.failure(log, "poll_failed", error, account="home")
    assert CANARY not in caplog.text
    assert "ValueError" in caplog.text


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """Provide the root logger, and put it back as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield root
    for handler in set(root.handlers) - set(before):
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.threat("D15")
def test_a_library_is_heard_by_name_alone(root, capfd: pytest.CaptureFixture[str]):
    logs.set_up(logging.DEBUG)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("imapclient").exception("failed on %s", CANARY)
    logging.getLogger("inboxbot.x").error("mine")
    told = capfd.readouterr().err
    assert CANARY not in told
    assert "mine" in told


@pytest.mark.threat("D21")
def test_the_daemon_has_a_file_of_its_own_that_is_bounded_and_for_the_owner_alone(
    root, log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(logs, "_LARGEST_FILE", 2000)
    before = os.umask(0)
    logs.set_up(folder=tmp_path / "logs")
    for count in range(200):
        logs.event(log, "read", account="home", count=count)
    os.umask(before)
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["inboxbot.log", "inboxbot.log.1", "inboxbot.log.2"]
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_size <= 2000
    assert "count=199" in files[0].read_text()


def test_the_next_start_goes_on_in_the_same_file(root, log, tmp_path: Path):
    for count in range(2):
        logs.set_up(folder=tmp_path / "logs")
        logs.event(log, "started", count=count)
    assert len((tmp_path / "logs" / "inboxbot.log").read_text().splitlines()) == 2


@pytest.mark.threat("D20")
def test_a_link_in_place_of_the_log_is_refused(root, tmp_path: Path):
    (tmp_path / "logs").mkdir(mode=0o700)
    (tmp_path / "logs" / "inboxbot.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PrivacyError):
        logs.set_up(folder=tmp_path / "logs")


def test_under_systemd_each_line_has_its_priority_and_there_is_no_file(
    root, log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    found = os.fstat(sys.stderr.fileno())
    monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
    logs.set_up(folder=tmp_path / "logs")
    logs.event(log, "read", count=1)
    logs.event(log, "waiting", logging.WARNING, account="home")
    logs.failure(log, "poll_failed", ValueError(CANARY), account="home")
    assert not (tmp_path / "logs").exists()
    lines = capfd.readouterr().err.splitlines()
    assert [line[:3] for line in lines] == ["<6>", "<4>", "<3>"]
    assert lines[0] == "<6>INFO inboxbot.test read count=1"


def test_a_terminal_that_systemd_started_is_no_journal(
    root, log, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("JOURNAL_STREAM", "8:1234")
    logs.set_up()
    logs.event(log, "read", count=1)
    assert not capfd.readouterr().err.startswith("<")


def test_without_a_stderr_the_file_alone_is_written(
    root, log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "stderr", None)
    logs.set_up(folder=tmp_path / "logs")
    logs.event(log, "read", count=1)
    assert "read count=1" in (tmp_path / "logs" / "inboxbot.log").read_text()


@pytest.mark.threat("D15")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_module_logs_in_another_way(path: Path):
    if path.name == "logs.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = isinstance(node.func.value, ast.Name) and node.func.value.id
            levels = {"debug", "info", "warning", "error", "critical", "exception", "log"}
            logs_itself = named in {"_log", "log", "logger", "logging"}
            assert not (logs_itself and node.func.attr in levels), f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"line {node.lineno}"
