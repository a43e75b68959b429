"""A log holds names and counts, never mail."""

import ast
import logging
from pathlib import Path

import pytest

import inboxbot
from inboxbot import logs

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


@pytest.mark.threat("D15")
def test_a_library_is_heard_by_name_alone(capfd: pytest.CaptureFixture[str]):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logs.set_up(logging.DEBUG)
        try:
            raise ValueError(CANARY)
        except ValueError:
            logging.getLogger("imapclient").exception("failed on %s", CANARY)
        logging.getLogger("inboxbot.x").error("mine")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    told = capfd.readouterr().err
    assert CANARY not in told
    assert "mine" in told


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
