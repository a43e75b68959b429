"""One request to Gmail's API, asked once, within bounds of bytes and time; and none that sends.

This stands where Google's library would use httplib2, which repeats a request, a POST as well,
whose connection ends without an answer: a draft would be written twice. What may leave this
machine is a closed list of methods and paths (goal G9); sending is not on it.
"""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httplib2

from inboxbot.errors import MailboxError
from inboxbot.mailbox.gmail_account import GOOGLE
from inboxbot.mailbox.http_wire import HttpWire
from inboxbot.mailbox.imap_transport import (
    ConnectionLost,
    Limits,
    refuse_unless_loopback,
    tls_context,
)

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
_NAME = (
    "alt|fields|format|historyTypes|includeSpamTrash|internalDateSource|labelIds?|maxResults"
    "|metadataHeaders|pageToken|q|startHistoryId"
)
# No other name: $httpMethod makes a DELETE of a GET (cloud.google.com/apis/docs/system-parameters).
_QUERY = re.compile(f"(?:(?:^|&)(?:{_NAME})=[A-Za-z0-9_.~%+-]*)*")
# All that Google's library writes into a batch, line by line: whoever reads it there may be more
# lenient than we are about where a request begins.
_BATCH_LINE = re.compile(
    r"|GET (/\S+) HTTP/1\.1|--[=0-9]+(?:--)?|Content-Transfer-Encoding: binary|(?:Content-ID"
    r"|Content-Type|MIME-Version|accept|accept-encoding|user-agent|x-goog-api-client|Host): [ -~]+"
)
_DROPPED = frozenset({"accept-encoding", "authorization", "user-agent"})


_NEVER = "a request that inboxbot never makes was stopped; please report this"


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
        self._connection: HttpWire | None = None
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
            self._connection.close()
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
        if method == "POST" and target == _BATCH:
            _check_batch(body.decode("utf-8", "replace") if isinstance(body, bytes) else body or "")
            return target, True
        _check(method, target)
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
        try:
            return connection.exchange(method, target, data, self._headers(headers), most)
        finally:
            if connection.closed:
                self._connection = None

    def _headers(self, given: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in given.items() if name.lower() not in _DROPPED}
        return {
            **kept,
            "Authorization": f"Bearer {self.bearer}",
            "Accept-Encoding": "identity",  # what is counted is what is kept
            "User-Agent": "inboxbot",
        }

    def _opened(self) -> HttpWire:
        if self._connection is None:
            self._connection = HttpWire(
                self._host,
                self._port,
                context=self._context,
                limits=self._limits,
                monotonic=self._monotonic,
            )
        return self._connection


def _check(method: str, target: str) -> None:
    path, _, query = target.partition("?")
    allowed = _ALLOWED.get(method)
    # An id may read "send": that way as well, no such path is asked for.
    if allowed is None or not allowed.fullmatch(path) or path.lower().endswith("/send"):
        raise Forbidden(_NEVER)
    if not _QUERY.fullmatch(query):
        raise Forbidden(_NEVER)


def _check_batch(text: str) -> None:
    for line in text.split("\n"):
        found = _BATCH_LINE.fullmatch(line)
        if found is None:
            raise Forbidden(_NEVER)
        if found[1]:
            _check("GET", found[1])
