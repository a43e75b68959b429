"""One request over HTTP → its answer, asked once, within bounds of bytes and time.

No redirect is followed, no proxy asked, nothing decompressed: what is sent is for one host alone.
"""

import http.client
import io
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from inboxbot.mailbox.imap_transport import ConnectionLost, Limits, Transport, connect

_CHUNK_OCTETS = 1 << 16


class HttpWire:
    """A connection to one host; where an answer was not read to its end it is closed.

    Raises ConnectionLost and TooSlow where there is no readable answer, and what `connect` raises.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        context: ssl.SSLContext | None,
        limits: Limits,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host = host
        self._limits = limits
        self.wire = connect(host, port, context=context, limits=limits, monotonic=monotonic)
        self._http = _Connection(host, port, self.wire)
        self.closed = False

    def exchange(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
        most: int | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask, and return the answer and its content: all of it, or the first `most` octets."""
        finished = False
        try:
            self.wire.allow(self._limits.command_seconds)
            self._http.request(method, target, body, dict(headers))
            response = self._http.getresponse()
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

    def close(self) -> None:
        """Close the connection."""
        self.closed = True
        self.wire.close()


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
