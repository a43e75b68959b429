"""inboxbot cannot send: nothing in the tree can, and nothing reaches the wire (goal G9)."""

import ast
import re
from pathlib import Path

import pytest

import inboxbot
from inboxbot.mailbox.gmail_account import GOOGLE
from inboxbot.mailbox.gmail_transport import Forbidden, GmailTransport
from inboxbot.mailbox.imap_transport import Limits

PACKAGE = Path(inboxbot.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
SENDERS = {"smtplib", "aiosmtplib", "aiosmtpd", "yagmail", "sendgrid", "boto3", "mailbox_send"}
WEB = {
    *("requests", "httpx", "aiohttp", "urllib3", "http.client", "urllib.request", "ftplib"),
    *("httplib2", "googleapiclient"),
}
# Gmail's API could send. What may be asked of it is a closed list, held by its transport.
GMAIL = {
    PACKAGE / "mailbox" / "http_wire.py": {"http.client"},
    PACKAGE / "mailbox" / "gmail_transport.py": {"http.client", "httplib2"},
    PACKAGE / "mailbox" / "gmail_asking.py": {"googleapiclient"},
    PACKAGE / "mailbox" / "gmail_batch.py": {"googleapiclient"},
    PACKAGE / "mailbox" / "gmail_gateway.py": {"googleapiclient"},
}


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
    assert (names | roots) & WEB == GMAIL.get(path, set())


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
@pytest.mark.goal("G9")
def test_googles_library_asks_for_no_send_and_through_our_transport_alone():
    for path in GMAIL:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Attribute):
                continue
            assert node.attr not in {"import_", "insert_media", "send_draft"}
            assert node.attr != "send" or ast.unparse(node) == "self._wire.send"  # of a socket
        text = path.read_text(encoding="utf-8")
        through_ours = re.findall(r"\.execute\(http=self\.(?:_http|asking\.transport)\)", text)
        assert text.count(".execute(") == len(through_ours)
        assert text.count("build_from_document(") == text.count(", http=self._http)")


@pytest.mark.threat("D25")
@pytest.mark.goal("G9")
def test_http_is_spoken_by_what_holds_the_closed_list_and_by_what_asks_for_tokens_alone():
    speakers = {
        path.stem
        for path in SOURCES
        if "inboxbot.mailbox.http_wire" in imported(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert speakers == {"gmail_transport", "oauth_endpoint"}


@pytest.mark.threat("D25")
@pytest.mark.goal("G9")
@pytest.mark.parametrize("folder", ["", "upload/", "resumable/upload/"])
@pytest.mark.parametrize("what", ["messages", "drafts"])
@pytest.mark.parametrize("user", ["me", "mara%40gmail.com"])
def test_the_transport_to_gmail_stops_every_send(folder: str, what: str, user: str):
    """No connection is tried: the name of Gmail's host may not even be looked up in a test."""
    transport = GmailTransport(GOOGLE, Limits())
    for path in (f"{what}/send", f"{what}/send/", f"{what}/send?alt=json", f"{what}/%73end"):
        uri = f"{GOOGLE}{folder}gmail/v1/users/{user}/{path}"
        with pytest.raises(Forbidden):
            transport.request(uri, "POST", body="{}")
    inner = f"POST /{folder}gmail/v1/users/{user}/{what}/send HTTP/1.1"
    with pytest.raises(Forbidden):
        transport.request(f"{GOOGLE}batch", "POST", body=f"--b\r\n\r\n{inner}\r\n\r\n--b--")


@pytest.mark.threat("D25")
def test_only_the_mailbox_folder_opens_sockets():
    for path in SOURCES:
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        if (
            path == PACKAGE / "daemon" / "notify.py"
        ):  # speaks to the service manager, on this machine
            families = set(re.findall(r"socket\.(AF_\w+)", path.read_text(encoding="utf-8")))
            assert families == {"AF_UNIX"}
        elif names & {"socket", "ssl", "imaplib", "imapclient"}:
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
