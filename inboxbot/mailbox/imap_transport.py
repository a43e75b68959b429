"""Host and port → lines and literals, inside budgets of bytes, lines and time.

IMAPClient accepts any literal, and a byte now and then defeats a read timeout (THREATS, fact 4).
So every command gets an absolute deadline and an allowance, counted here, at the socket. A server
that goes beyond is left at once: what it says afterwards is not worth reading.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inboxbot.errors import NotSecure, Unreachable
from inboxbot.mailbox import imap_advice

_MIB = 1 << 20
_CHUNK_OCTETS = 1 << 16
_TAIL_OCTETS = 64  # holds the {n} of a literal at the end of any line
NUL = b"\0"
"""Stands where the middle of an over-long line was; no IMAP line may hold it (RFC 3501 §9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one server may cost: seconds, octets, lines."""

    connect_seconds: float = 20.0  # TCP, TLS, greeting and capabilities together
    command_seconds: float = 50.0
    farewell_seconds: float = 3.0
    command_octets: int = 16 * _MIB
    session_octets: int = 1024 * _MIB
    command_lines: int = 20_000
    line_octets: int = 8 * _MIB  # a SEARCH that names a million messages


class ConnectionLost(Unreachable):
    """The connection ended, or was ended because the server broke a bound; a new one may do."""


class TooSlow(Unreachable):
    """The server did not finish in time."""


class Transport:
    """A connection whose every read and write is counted and timed.

    Raises ConnectionLost and TooSlow alone; after either there is nothing to do but to close it.
    """

    def __init__(
        self, sock: socket.socket, place: str, limits: Limits, monotonic: Callable[[], float]
    ) -> None:
        self.sock = sock
        self.place = place
        self._limits = limits
        self._monotonic = monotonic
        self._buffer = bytearray()
        self._session_octets = limits.session_octets
        self.allow(limits.connect_seconds)

    def allow(self, seconds: float, *, line_octets: int | None = None) -> None:
        """Begin a command: give it its time, its octets and its lines.

        With `line_octets`, a longer line loses its middle (to one NUL) rather than the connection.
        """
        self._seconds = seconds
        self._deadline = self._monotonic() + seconds
        self._octets = self._limits.command_octets
        self._lines = self._limits.command_lines
        self._line_octets = line_octets

    def readline(self) -> bytes:
        """Return one line with its CR LF; a lone CR or LF belongs to the line."""
        self._lines -= 1
        if self._lines < 0:
            raise self._broken(f"it sent more than {self._limits.command_lines} lines")
        start = 0
        while (end := self._buffer.find(b"\r\n", start)) < 0:
            self._bound_line()
            start = max(0, len(self._buffer) - 1)
            self._receive(self._left())
        return self._take(end + 2)

    def next_line(self) -> bytes | None:
        """Return the next line, or None where none is complete in time (IDLE waits like this)."""
        try:
            return self.readline()
        except TooSlow:
            return None

    def read(self, size: int) -> bytes:
        """Return a literal of `size` octets."""
        if size - len(self._buffer) > self._octets:
            raise self._broken(f"it announced {size} bytes where {self._octets} were left")
        while len(self._buffer) < size:
            self._receive(self._left())
        return self._take(size)

    def read_some(self, size: int) -> bytes:
        """Return what has come, at most `size` octets; wait where nothing has."""
        while not self._buffer:
            self._receive(self._left())
        return self._take(min(size, len(self._buffer)))

    def send(self, data: bytes) -> None:
        """Send all of the data."""
        rest = memoryview(data)
        while rest:
            try:
                self.sock.settimeout(self._left())
                rest = rest[self.sock.send(rest) :]
            except TimeoutError as err:
                raise self._too_slow() from err
            except OSError as err:
                raise self._lost(err) from err

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Go on under TLS. What came before it may be anybody's (RFC 3501 §6.2.1)."""
        if self._buffer:
            raise self._broken("it sent bytes between STARTTLS and TLS: somebody may be in between")
        self.sock = wrap(self.sock, context, host, self.place, self._left())

    @property
    def peer(self) -> str:
        """Return the address that the connection goes to."""
        return str(self.sock.getpeername()[0])

    def close(self) -> None:
        """Close the connection, without a word."""
        self.sock.close()

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _bound_line(self) -> None:
        length = len(self._buffer)
        if self._line_octets is not None and length > self._line_octets + _TAIL_OCTETS + 1:
            self._buffer[self._line_octets : -_TAIL_OCTETS] = NUL
        elif self._line_octets is None and length > self._limits.line_octets:
            raise self._broken(f"it sent a line of more than {self._limits.line_octets} bytes")

    def _receive(self, seconds: float) -> None:
        self.sock.settimeout(seconds)
        try:
            chunk = self.sock.recv(_CHUNK_OCTETS)
        except TimeoutError:
            self._left()  # raises: only the deadline ends a read
            return
        except OSError as err:
            raise self._lost(err) from err
        if not chunk:
            raise self._lost(None)
        self._count(len(chunk))
        self._buffer += chunk

    def _count(self, octets: int) -> None:
        self._octets -= octets
        self._session_octets -= octets
        if self._octets < 0:
            raise self._broken(f"one answer had more than {self._limits.command_octets} bytes")
        if self._session_octets < 0:
            raise self._broken(f"it sent more than {self._limits.session_octets} bytes in all")

    def _left(self) -> float:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise self._too_slow()
        return left

    def _too_slow(self) -> TooSlow:
        return TooSlow(
            f"{self.place} did not answer within {self._seconds:g} s: "
            "check the network; the next poll tries again"
        )

    def _broken(self, what: str) -> ConnectionLost:
        return ConnectionLost(f"{self.place} was left: {what}; the next poll tries again")

    def _lost(self, err: OSError | None) -> ConnectionLost:
        why = f" ({imap_advice.shown(str(err))})" if err else ""
        return ConnectionLost(f"{self.place} ended the connection{why}; the next poll tries again")


def connect(
    host: str,
    port: int,
    *,
    context: ssl.SSLContext | None,
    limits: Limits,
    monotonic: Callable[[], float] = time.monotonic,
) -> Transport:
    """Open a connection; with a `context` under TLS from its first byte."""
    place = f"{host}:{port}"
    deadline = monotonic() + limits.connect_seconds
    seconds = limits.connect_seconds / 2
    try:
        sock = socket.create_connection((host, port), timeout=seconds)
    except OSError as err:
        raise imap_advice.unreachable(place, err, seconds) from err
    except UnicodeError as err:
        raise Unreachable(f"{host!r} is no host name: check host") from err
    # IMAPClient writes a command and its CR LF apart: Nagle would hold the second for 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if context is not None:
        sock = wrap(sock, context, host, place, max(1.0, deadline - monotonic()))
    return Transport(sock, place, limits, monotonic)


def wrap(
    sock: socket.socket, context: ssl.SSLContext, host: str, place: str, seconds: float
) -> ssl.SSLSocket:
    """Put a connection under TLS, its certificate verified for `host`."""
    sock.settimeout(seconds)
    try:
        return context.wrap_socket(sock, server_hostname=host)
    except OSError as err:
        sock.close()
        raise imap_advice.unreachable(place, err, seconds) from err


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that verifies; `ca_file` is then the only authority it trusts."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as err:
        why = err.strerror or err
        raise NotSecure(
            f"ca_file {ca_file}: no PEM certificates can be read ({why}); correct or remove it"
        ) from err
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996
    context.hostname_checks_common_name = False  # RFC 9525 §2: the subject's CN names nobody
    return context


def refuse_unless_loopback(host: str) -> None:
    """Raise NotSecure where a connection without TLS would leave this machine."""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotSecure(
            f'{host}: tls = "none" would show the password to the network; it is for a server on '
            'this machine alone: set tls = "implicit" or "starttls"'
        )
