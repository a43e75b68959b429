"""One request to Gmail's API, asked once, within bounds of bytes and time; and none that sends.

This stands where Google's library would use httplib2, which repeats a request, a POST as well,
whose connection ends without an answer: a draft would be written twice. What may leave this
machine is a closed list of methods and paths (goal G9); sending is not on it.
"""

import http.client
import io
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import httplib2

from inboxbot.errors import MailboxError
from inboxbot.mailbox.gmail_account import GOOGLE
from inboxbot.mailbox.imap_transport import (
    ConnectionLost,
    Limits,
    Transport,
    connect,
    refuse_unless_loopback,
    tls_context,
)

_CHUNK_OCTETS = 1 << 16
_BATCH = "/batch"
_ID = "[A-Za-z0-9_-]+"
_MAILBOX = "/gmail/v1/users/me/"
_ALLOWED: Mapping[str, re.Pattern[str]] = {
    "GET": re.compile(
        f"{_MAILBOX}(?:profile|labels|history|messages|drafts"
        f"|drafts/{_ID}|messages/{_ID}|messages/{_ID}/attachments/{_ID})"
    ),
    # A new label, a mail to the owner (messages.insert), a draft; a draft to Trash.
    "POST": re.compile(f"{_MAILBOX}(?:labels|messages|drafts|messages/{_ID}/trash)"),
}
_REQUEST_LINE = re.compile(r"^([A-Za-z]+) (\S+) HTTP/", re.MULTILINE)
_DROPPED = frozenset({"accept-encoding", "authorization", "user-agent"})


class Forbidden(MailboxError):
    """A request that this program never makes was stopped before it reached the network."""


class GmailTransport:
    """A connection at a time; in the shape of `httplib2.Http` as far as Google's library asks.

    Raises ConnectionLost and TooSlow where there is no readable answer, MailboxError where there
    is no connection, Forbidden where a request is not on the list.
    """

    def __init__(
        self,
        endpoint: str,
        limits: Limits,
        *,
        ca_file: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        url = urlsplit(endpoint)
        self._origin = (url.scheme, url.netloc)
        self._host = url.hostname or ""
        if endpoint != GOOGLE:
            refuse_unless_loopback(self._host)
        secure = url.scheme == "https"
        self._port = url.port or (443 if secure else 80)
        self._context = tls_context(ca_file) if secure else None
        self._limits = limits
        self._monotonic = monotonic
        self._connection: _Connection | None = None
        self.bearer = ""

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_unused: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Ask, and return the whole answer."""
        response, content = self._ask(uri, method, body, headers or {}, None)
        return httplib2.Response(response), content

    def beginning(self, uri: str, octets: int) -> tuple[httplib2.Response, bytes]:
        """Ask, and return at most so many octets of the answer; the rest stays there."""
        response, content = self._ask(uri, "GET", None, {}, octets)
        return httplib2.Response(response), content

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.wire.close()
            self._connection = None

    def _ask(
        self,
        uri: str,
        method: str,
        body: str | bytes | None,
        headers: Mapping[str, str],
        most: int | None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        target, reads = self._allowed(uri, method, body, headers)
        if not reads:
            # A kept connection may have gone stale: a write must not find that out by losing its
            # answer.
            self.close()
        kept = self._connection is not None
        try:
            return self._exchange(target, method, body, headers, most)
        except ConnectionLost:
            if not (reads and kept):
                raise
        return self._exchange(target, method, body, headers, most)

    def _allowed(
        self, uri: str, method: str, body: str | bytes | None, headers: Mapping[str, str]
    ) -> tuple[str, bool]:
        """Return what to ask for, and whether it changes nothing. Raise Forbidden."""
        url = urlsplit(uri)
        override = any(name.lower() == "x-http-method-override" for name in headers)
        if (url.scheme, url.netloc) != self._origin or override:
            raise Forbidden(f"a request to {url.netloc} was stopped: it is not Gmail's API")
        target = f"{url.path}?{url.query}" if url.query else url.path
        if method == "POST" and url.path == _BATCH:
            text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
            for inner, inner_target in _REQUEST_LINE.findall(text):
                _check("GET" if inner == "GET" else "", urlsplit(inner_target).path)
            return target, True
        _check(method, url.path)
        return target, method == "GET"

    def _exchange(
        self,
        target: str,
        method: str,
        body: str | bytes | None,
        headers: Mapping[str, str],
        most: int | None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self._opened()
        data = body.encode() if isinstance(body, str) else body
        finished = False
        try:
            connection.wire.allow(self._limits.command_seconds)
            connection.request(method, target, data, self._headers(headers))
            response = connection.getresponse()
            content, finished = _content(response, most)
        except (http.client.HTTPException, ValueError) as err:
            raise ConnectionLost(
                f"{self._host} sent an answer that cannot be read ({type(err).__name__}); "
                "the next poll tries again"
            ) from None
        finally:
            if not finished or response.will_close:
                self.close()
        return response, content

    def _headers(self, given: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in given.items() if name.lower() not in _DROPPED}
        return {
            **kept,
            "Authorization": f"Bearer {self.bearer}",
            "Accept-Encoding": "identity",  # what is counted is what is kept
            "User-Agent": "inboxbot",
        }

    def _opened(self) -> "_Connection":
        if self._connection is None:
            wire = connect(
                self._host,
                self._port,
                context=self._context,
                limits=self._limits,
                monotonic=self._monotonic,
            )
            self._connection = _Connection(self._host, self._port, wire)
        return self._connection


def _check(method: str, path: str) -> None:
    allowed = _ALLOWED.get(method)
    # An id may read "send": that way as well, no such path is asked for.
    if allowed is None or not allowed.fullmatch(path) or path.lower().endswith("/send"):
        raise Forbidden("a request that inboxbot never makes was stopped; please report this")


def _content(response: http.client.HTTPResponse, most: int | None) -> tuple[bytes, bool]:
    """Return the content, piece by piece: its announced length is not worth an allocation.

    And whether that was all of it, so that the connection can be used again.
    """
    pieces = bytearray()
    while most is None or len(pieces) < most:
        piece = response.read(_CHUNK_OCTETS)
        if not piece:
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
            return bytes(pieces), True
        pieces += piece
    return bytes(pieces[:most]), False


class _Connection(http.client.HTTPConnection):
    """HTTP over a wire that is open already, and that nobody opens again."""

    auto_open = 0

    def __init__(self, host: str, port: int, wire: Transport) -> None:
        self.default_port = port  # the Host header names the host alone
        super().__init__(host, port)
        self.wire = wire
        self.sock = cast("Any", _Socket(wire))


class _Socket:
    """What HTTPConnection needs of a socket, timed and counted by the wire."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire

    def sendall(self, data: bytes) -> None:
        self._wire.send(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._wire))

    def close(self) -> None:
        """Leave it open: HTTPConnection closes before the last answer has been read."""


class _Incoming(io.RawIOBase):
    """What comes over the wire, as a file; closing it leaves the wire open."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire

    def readable(self) -> Literal[True]:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._wire.read_some(len(buffer))
        buffer[: len(data)] = data
        return len(data)
