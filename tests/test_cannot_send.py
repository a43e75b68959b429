"""inboxbot cannot send: nothing in the tree can, and nothing reaches the wire (goal G9)."""

import ast
import re
from pathlib import Path

import pytest

import inboxbot

PACKAGE = Path(inboxbot.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
SENDERS = {"smtplib", "aiosmtplib", "aiosmtpd", "yagmail", "sendgrid", "boto3", "mailbox_send"}
WEB = {"requests", "httpx", "aiohttp", "urllib3", "http.client", "urllib.request", "ftplib"}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.threat("D25")
@pytest.mark.goal("G9")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_imports_anything_that_sends_or_fetches(path: Path):
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    roots = {name.split(".", 1)[0] for name in names}
    assert not roots & SENDERS
    assert not names & WEB
    assert not roots & WEB


@pytest.mark.threat("D25")
@pytest.mark.goal("G9")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_calls_a_send(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in {"sendmail", "send_message", "send_mail", "import_"}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"\bMAIL FROM:|\bRCPT TO:|messages/send|drafts/send", node.value)


@pytest.mark.threat("D25")
def test_only_the_mailbox_folder_opens_sockets():
    for path in SOURCES:
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        if names & {"socket", "ssl", "imaplib", "imapclient"}:
            assert path.parent.name == "mailbox", path


@pytest.mark.threat("D16")
def test_nothing_is_ever_unpickled():
    for path in SOURCES:
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        assert not names & {"pickle", "joblib", "shelve", "marshal", "dill", "cloudpickle"}, path


@pytest.mark.threat("D13")
def test_there_is_no_language_model_and_no_web_server():
    for path in SOURCES:
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        roots = {name.split(".", 1)[0] for name in names}
        assert not roots & {"openai", "anthropic", "transformers", "torch", "flask", "fastapi"}, (
            path
        )
        assert not names & {"http.server", "socketserver", "wsgiref"}, path
