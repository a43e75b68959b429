"""A browser that comes back from a consent page → the parameters that it brings; once.

The address is http://127.0.0.1 with a port that the system chooses (RFC 8252 §7.3). The first
callback is the only one: the port is closed before it is answered. Nothing is logged, since the
parameters hold the code.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from inboxbot.errors import AuthorisationRefused

_HOST = "127.0.0.1"
_REQUEST_OCTETS = 16_384
_REQUEST_SECONDS = 2.0  # browsers open connections ahead and say nothing on them
_GLANCE_SECONDS = 0.2  # how soon it is noticed that nobody waits any more
_MOST_PARAMETERS = 20

_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>inboxbot</title></head>
<body><p>inboxbot has heard back. Close this page and go back to the terminal: it says how it went.
</p></body></html>
"""
_HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Content-Security-Policy: default-src 'none'",
    "Referrer-Policy: no-referrer",  # the page's own address holds the code
    "Cache-Control: no-store",
    "Connection: close",
)


class Loopback:
    """A listener on this machine alone, for one callback; it listens while it is entered."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self._listener = socket.create_server((_HOST, 0))
        self._place = f"{_HOST}:{self._listener.getsockname()[1]}"
        self._closing = threading.Event()
        # A thread: whoever opens a browser may wait for it to end, as text browsers are waited for.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="loopback")

    def __enter__(self) -> Self:
        self._heard = self._thread.submit(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.shutdown()
        self._listener.close()

    @property
    def uri(self) -> str:
        """Return where the browser is to be sent."""
        return f"http://{self._place}/"

    def parameters(self) -> Mapping[str, str]:
        """Wait for the callback, and return what it brought.

        Raise `AuthorisationRefused` where none comes in time.
        """
        return self._heard.result()

    def _listen(self) -> Mapping[str, str]:
        while True:
            with self._accept() as connection:
                found = _parameters(self._target(connection))
                if found is not None:
                    self._listener.close()  # a second one finds nobody
                    _answer(connection, "200 OK", _PAGE)
                    return found
                _answer(connection, "404 Not Found", "")

    def _accept(self) -> socket.socket:
        while not self._closing.is_set():
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise AuthorisationRefused(
                    "nobody came back from the browser in time; ask for the permission anew, and "
                    "answer the page that opens"
                )
            self._listener.settimeout(min(left, _GLANCE_SECONDS))
            with contextlib.suppress(TimeoutError):
                return self._listener.accept()[0]
        raise AuthorisationRefused("stopped before the browser came back; nothing was kept")

    def _target(self, connection: socket.socket) -> str:
        """Return what a request asks for, "" where it is not a browser that was sent here."""
        head = _head(connection)
        first, *fields = head.split("\r\n")
        words = first.split(" ")
        # The Host too: a page elsewhere whose name leads to 127.0.0.1 must not call (rebinding).
        hosts = [line.partition(":")[2].strip() for line in fields if _is_host(line)]
        asked = len(words) == 3 and words[0] == "GET" and hosts == [self._place]  # noqa: PLR2004
        return words[1] if asked else ""


def _is_host(line: str) -> bool:
    return line.partition(":")[0].strip().lower() == "host"


def _head(connection: socket.socket) -> str:
    """Return the head of a request, "" where it does not come at once, or is too long."""
    deadline = time.monotonic() + _REQUEST_SECONDS
    heard = b""
    with contextlib.suppress(OSError):
        while b"\r\n\r\n" not in heard and len(heard) < _REQUEST_OCTETS:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            piece = connection.recv(4096)
            if not piece:
                return ""
            heard += piece
    head, end, _ = heard.partition(b"\r\n\r\n")
    return head.decode("latin-1") if end else ""


def _parameters(target: str) -> Mapping[str, str] | None:
    """Return the parameters of a callback (RFC 6749 §4.1.2), None for any other request."""
    try:
        parts = urlsplit(target)
        pairs = parse_qsl(parts.query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return None
    names = [name for name, _ in pairs]
    is_callback = parts.path == "/" and bool({"code", "error"} & set(names))
    # RFC 6749 §3.1: no parameter twice.
    return dict(pairs) if is_callback and len(set(names)) == len(names) else None


def _answer(connection: socket.socket, status: str, page: str) -> None:
    body = page.encode()
    head = "\r\n".join([f"HTTP/1.1 {status}", *_HEADERS, f"Content-Length: {len(body)}", "", ""])
    with contextlib.suppress(OSError):  # a browser that has gone needs no answer
        connection.settimeout(_REQUEST_SECONDS)
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
