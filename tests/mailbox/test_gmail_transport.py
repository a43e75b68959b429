"""What may leave this machine for Gmail, how often, and how much of an answer is read."""

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from googleapiclient.discovery_cache import get_static_doc

from inboxbot.errors import MailboxError
from inboxbot.mailbox.gmail_account import GOOGLE
from inboxbot.mailbox.gmail_transport import Forbidden, GmailTransport
from inboxbot.mailbox.imap_transport import ConnectionLost, Limits, TooSlow
from tests.servers.certificate import make_certificate
from tests.servers.gmail.faults import Silent
from tests.servers.gmail.stand_in import GmailStandIn

LIMITS = Limits(connect_seconds=2, command_seconds=0.4, command_octets=100_000)
USER = "gmail/v1/users/me"


@pytest.fixture
def gmail() -> Iterator[GmailStandIn]:
    with GmailStandIn() as running:
        yield running


@pytest.fixture
def transport(gmail: GmailStandIn) -> Iterator[GmailTransport]:
    found = GmailTransport(gmail.url, LIMITS)
    found.bearer = gmail.oauth.issue()
    yield found
    found.close()


# ── what may leave ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.threat("D25")
@pytest.mark.goal("G9")
@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "PATCH", "DELETE", "post", ""])
@pytest.mark.parametrize(
    "path",
    [
        f"{USER}/messages/send",
        f"{USER}/drafts/send",
        f"{USER}/messages/send/",
        f"{USER}/messages/send?alt=json",
        f"{USER}/messages//send",
        f"{USER}/drafts/../messages/send",
        f"{USER}/messages/%73end",
        f"{USER}/messages/SEND",
        f"{USER}/messages/send#x",
        "gmail/v1/users/me%40gmail.com/messages/send",
        f"upload/{USER}/messages/send?uploadType=media",
        f"resumable/upload/{USER}/drafts/send",
    ],
)
def test_nothing_that_sends_leaves_this_machine(gmail, transport, method, path):
    with pytest.raises(Forbidden):
        transport.request(gmail.url + path, method, body="{}")
    assert gmail.asked == []


@pytest.mark.threat("D25")
@pytest.mark.goal("G9")
@pytest.mark.parametrize(
    "inner",
    [
        f"POST /{USER}/messages/send HTTP/1.1",
        f"POST /{USER}/drafts HTTP/1.1",
        f"post /{USER}/messages/send HTTP/1.1",
        f"GET /{USER}/settings/filters HTTP/1.1",
        f"GET /{USER}/profile HTTP/1.1\n\n--0\n\nDELETE /{USER}/messages/1 HTTP/1.1",
        f"POST  /{USER}/messages/send HTTP/1.1",
        f"POST\t/{USER}/messages/send HTTP/1.1",
        f" POST /{USER}/messages/send HTTP/1.1",
        f"GET /{USER}/profile HTTP/1.1\rPOST /{USER}/messages/send HTTP/1.1",
        f"GET /{USER}/profile HTTP/1.1\r\n",
        f"POST /{USER}/messages/send",
        f"POST /{USER}/messages/send http/1.1",
        f"M-POST /{USER}/messages/send HTTP/1.1",
        f"GET https://evil.example/{USER}/profile HTTP/1.1",
        f"GET /{USER}/profile HTTP/1.1\nX-HTTP-Method-Override: POST",
        f"GET /{USER}/drafts/1?%24httpMethod=DELETE HTTP/1.1",
        "Content-Transfer-Encoding: base64\n\nUE9TVCAvZ21haWwvdjEvdXNlcnMvbWUvbWVzc2FnZXMvc2VuZA==",
    ],
)
def test_nothing_but_reading_hides_in_a_batch(gmail, transport, inner):
    begins = "--0\nContent-Type: application/http\nMIME-Version: 1.0\n\n"
    read = f"{begins}GET /{USER}/profile HTTP/1.1\n\n\n--0--"
    assert transport.request(f"{gmail.url}batch", "POST", body=read)
    gmail.asked.clear()
    body = f"{begins}{inner}\n\n\n--0--"
    for content in (body, body.encode()):
        with pytest.raises(Forbidden):
            transport.request(f"{gmail.url}batch", "POST", body=content)
    assert gmail.asked == []


@pytest.mark.threat("D25")
@pytest.mark.goal("G9")
def test_of_all_that_googles_library_offers_a_closed_list_may_leave(gmail, transport):
    document = json.loads(get_static_doc("gmail", "v1") or "")
    left = set()
    for name, verb, path in _every_request(document):
        try:
            transport.request(f"{gmail.url.rstrip('/')}{path}", verb, body="{}")
        except Forbidden:
            continue
        left.add(name)
    assert left == {
        "getProfile", "labels.list", "labels.create", "history.list", "messages.list",
        "messages.get", "messages.attachments.get", "messages.insert", "messages.trash",
        "drafts.list", "drafts.get", "drafts.create",
    }  # fmt: skip
    assert gmail.forbidden == []


def _every_request(resource: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield name, verb and path of all that Google's document describes, its uploads too."""
    for method in resource.get("methods", {}).values():
        protocols = method.get("mediaUpload", {}).get("protocols", {}).values()
        paths = (f"/{method['path']}", *(protocol["path"] for protocol in protocols))
        for path in paths:
            filled = re.sub(r"\{\+?(\w+)\}", lambda found: _FILLED.get(found[1], "1a"), path)
            yield method["id"].removeprefix("gmail.users."), method["httpMethod"], filled
    for below in resource.get("resources", {}).values():
        yield from _every_request(below)


_FILLED = {"userId": "me"}


@pytest.mark.threat("D7")
@pytest.mark.parametrize(
    "uri",
    [
        f"https://gmail.googleapis.com/{USER}/profile",
        f"https://evil.example/{USER}/profile",
        f"http://127.0.0.1:1/{USER}/profile",
        f"http://localhost/{USER}/profile",
        "file:///etc/passwd",
        "",
    ],
)
def test_it_goes_to_its_own_host_alone(transport, uri):
    with pytest.raises(Forbidden):
        transport.request(uri)


@pytest.mark.parametrize(
    "endpoint",
    ["https://evil.example/", "http://gmail.googleapis.com/", "https://gmail.googleapis.com.evil/"],
)
def test_its_own_host_is_gmails_or_this_machine(endpoint):
    with pytest.raises(MailboxError):
        GmailTransport(endpoint, LIMITS)
    GmailTransport(GOOGLE, LIMITS)


def test_a_method_is_not_hidden_in_a_header(gmail, transport):
    for name in ("X-HTTP-Method-Override", "x-http-method-override"):
        with pytest.raises(Forbidden):
            transport.request(f"{gmail.url}{USER}/profile", headers={name: "POST"})
    assert gmail.asked == []


@pytest.mark.threat("D25")
@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "drafts/1?$httpMethod=DELETE"),
        ("GET", "drafts/1?%24httpMethod=DELETE"),
        ("GET", "drafts/1?alt=json&$httpMethod=DELETE"),
        ("GET", "drafts/1?alt=json;$httpMethod=DELETE"),
        ("GET", "messages?x-http-method-override=POST"),
        ("POST", "messages?uploadType=media"),
        ("POST", "messages/1/trash?access_token=other"),
        ("GET", "profile?fields=a?b"),
        ("GET", "profile?&"),
    ],
)
def test_a_method_is_not_hidden_in_a_query(gmail, transport, method, target):
    with pytest.raises(Forbidden):
        transport.request(f"{gmail.url}{USER}/{target}", method)
    assert gmail.asked == []


@pytest.mark.threat("D18")
def test_a_host_that_cannot_prove_its_name_hears_no_token(tmp_path):
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard: list[bytes] = []

    def shake_hands(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            heard.append(wrapped.recv(65_536))

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    shake_hands(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        uri = f"https://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(MailboxError, match="certificate is self-signed"):
            GmailTransport(uri, LIMITS).request(f"{uri}{USER}/profile")
        assert heard == []
        with pytest.raises(ConnectionLost):
            GmailTransport(uri, LIMITS, ca_file=certificate).request(f"{uri}{USER}/profile")
        thread.join(5)
    assert heard[0].startswith(b"GET /gmail/v1/users/me/profile HTTP/1.1")


# ── how often ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("drafts", '{"message": {"raw": "TQ"}}'),
        ("messages", '{"raw": "TQ"}'),
        ("labels", '{"name": "x"}'),
    ],
)
def test_a_write_is_asked_for_once_whatever_becomes_of_its_answer(
    gmail, transport, path, body, after_effect
):
    transport.request(f"{gmail.url}{USER}/profile")
    gmail.faults.add(Silent(after_effect=after_effect), on=f"POST *{path}")
    with pytest.raises(ConnectionLost):
        transport.request(
            f"{gmail.url}{USER}/{path}", "POST", body, {"Content-Type": "application/json"}
        )
    assert [one.method for one in gmail.asked] == ["GET", "POST"]


def test_a_kept_connection_that_has_gone_stale_costs_a_reader_nothing(gmail, transport):
    for _ in range(2):
        gmail.faults.add(Silent(after_effect=False), on="getProfile", skip=1)
        for _ in range(2):
            response, _ = transport.request(f"{gmail.url}{USER}/profile")
            assert response.status == 200
    assert gmail.faults.waiting == 0


def test_a_connection_is_kept_for_the_next_question(gmail, transport):
    ports = set()
    for _ in range(3):
        transport.request(f"{gmail.url}{USER}/profile")
        ports.add(transport._connection.wire.sock.getsockname())
    assert len(ports) == 1


# ── how much, how long ──────────────────────────────────────────────────────────────────────────


@contextmanager
def answering(
    speak: Callable[[socket.socket], object], heard: list[bytes] | None = None
) -> Iterator[GmailTransport]:
    """Provide a transport to a server that says what it likes to whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    with connection:
                        asked = connection.recv(65_536)
                        if heard is not None:
                            heard.append(asked)
                        speak(connection)
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        found = GmailTransport(f"http://127.0.0.1:{server.getsockname()[1]}/", LIMITS)
        try:
            yield found
        finally:
            found.close()
            server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def ask(transport: GmailTransport) -> tuple[int, bytes]:
    host, port = transport._host, transport._port
    response, content = transport.request(f"http://{host}:{port}/{USER}/profile")
    return response.status, content


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.threat("D17")
@pytest.mark.goal("G5")
@pytest.mark.parametrize(
    "said",
    [
        HEAD + b"Content-Length: 4294967296\r\n\r\n" + b"x" * 200_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n" + b"x" * 200_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"4\r\nxxxx\r\n" * 30_000,
        HEAD + b"X: y\r\n" * 50_000,
        HEAD + b"X: " + b"y" * 200_000,
        b"x" * 200_000,
    ],
)
def test_an_answer_beyond_all_bounds_is_left(said):
    with answering(lambda connection: connection.sendall(said)) as transport:
        start = time.monotonic()
        with pytest.raises(ConnectionLost):
            ask(transport)
        assert time.monotonic() - start < 3


@pytest.mark.threat("D17")
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\r\n",
        b"SMTP ready\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n{}",
        HEAD,
        HEAD + b"Content-Length: 10\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
        HEAD + b"no colon\r\n\r\n{}",
        HEAD + b"Content-Length: -1\r\n\r\n{}",
    ],
)
def test_what_is_no_answer_is_a_lost_connection(said):
    with (
        answering(lambda connection: connection.sendall(said)) as transport,
        pytest.raises(ConnectionLost, match="next poll tries again"),
    ):
        ask(transport)


@pytest.mark.threat("D17")
@pytest.mark.goal("G5")
@pytest.mark.parametrize("before", [b"", HEAD, HEAD + b"Content-Length: 1000\r\n\r\n"])
def test_a_byte_now_and_then_does_not_hold_it_up(before):
    def drip(connection: socket.socket) -> None:
        connection.sendall(before)
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.03)

    with answering(drip) as transport:
        start = time.monotonic()
        with pytest.raises(TooSlow):
            ask(transport)
        assert time.monotonic() - start < 1.5


def test_no_more_of_a_long_answer_is_read_than_is_wanted():
    said = HEAD + b"Content-Length: 4294967296\r\n\r\n" + b"x" * 90_000
    with answering(lambda connection: connection.sendall(said)) as transport:
        uri = f"http://{transport._host}:{transport._port}/{USER}/messages/1"
        response, content = transport.beginning(uri, 10_000)
        assert (response.status, content) == (200, b"x" * 10_000)
        assert transport._connection is None, "what else would come is nobody's answer"


def test_it_asks_for_no_compression_and_says_who_asks():
    heard: list[bytes] = []
    answer = HEAD + b"Content-Length: 2\r\n\r\n{}"
    with answering(lambda connection: connection.sendall(answer), heard) as other:
        other.bearer = "ya29.x"
        uri = f"http://{other._host}:{other._port}/{USER}/profile"
        given = {"accept-encoding": "gzip", "user-agent": "(gzip)", "authorization": "Bearer y"}
        other.request(uri, headers=given)
    assert set(heard[0].splitlines()[1:]) == {
        b"Host: 127.0.0.1",
        b"Authorization: Bearer ya29.x",
        b"Accept-Encoding: identity",
        b"User-Agent: inboxbot",
        b"",
    }
