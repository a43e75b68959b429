"""An IMAP server on loopback that says what a test tells it to, and records every byte it hears."""

import contextlib
import datetime as dt
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inboxbot.mailbox.imap import ImapAccount, Limits

Answer = bytes | Iterable[bytes] | Callable[[bytes], "bytes | Iterable[bytes]"]
"""What the server says to a command, TAG standing for its tag; pieces are sent one by one."""

OK = b"TAG OK done\r\n"
EXAMINED = (
    b"* 3 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Draft)\r\n"
    b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 40] ok\r\nTAG OK [READ-ONLY] open\r\n"
)
LISTED = (
    b'* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\Drafts) "/" Drafts\r\n'
    b'* LIST (\\Trash) "/" Trash\r\nTAG OK listed\r\n'
)
CAPABILITIES = b"IMAP4rev1 UIDPLUS MOVE IDLE AUTH=PLAIN AUTH=XOAUTH2"
QUICK = Limits(connect_seconds=1, command_seconds=1, farewell_seconds=0.2)

_LITERAL = re.compile(rb"\{([0-9]+)\}\r\n\Z")


def capability(words: bytes = CAPABILITIES) -> bytes:
    return b"* CAPABILITY " + words + b"\r\n" + OK


def fetched(*responses: bytes) -> bytes:
    """Return FETCH responses, given as what stands between their brackets."""
    lines = [b"* %d FETCH (%s)\r\n" % (i, said) for i, said in enumerate(responses, 1)]
    return b"".join(lines) + OK


def literal(data: bytes) -> bytes:
    return b"{%d}\r\n%s" % (len(data), data)


def simple(uid: int, body: bytes = b"Subject: hello\r\n\r\nhello\r\n") -> dict[bytes, bytes]:
    """Return what to answer for a small text mail: its facts, and its body."""
    facts = (
        b'UID %d RFC822.SIZE %d INTERNALDATE "02-Nov-2026 10:00:00 +0100" FLAGS (\\Seen) '
        b'BODYSTRUCTURE ("text" "plain" ("charset" "utf-8") NIL NIL "7bit" %d 1 NIL NIL NIL NIL)'
    )
    return {
        b"facts": facts % (uid, len(body), len(body)),
        b"body": b"UID %d BODY[]<0> %s" % (uid, literal(body)),
    }


@dataclass
class StandIn:
    """``with StandIn({"UID FETCH": b"* 1 FETCH …"}) as server: open_imap(server.account())``"""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    greeting: bytes = b"* OK ready\r\n"
    tls: ssl.SSLContext | None = None  # implicit TLS
    starttls: ssl.SSLContext | None = None
    after_starttls: bytes = b""  # sent in one packet with the answer to STARTTLS
    heard: list[bytes] = field(default_factory=list)  # whole commands, with their literals
    raw: bytearray = field(default_factory=bytearray)
    connections: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sessions: list[_Session] = []
        self._threads: list[threading.Thread] = []
        self._accept = threading.Thread(target=self._serve, daemon=True)
        self._accept.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Wakes accept(), which close() alone does not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accept.join(5)
        self._listener.close()
        for session in self._sessions:
            with contextlib.suppress(OSError):
                session.connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def account(self, **changes: Any) -> ImapAccount:
        settings: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "user": "alice",
            "password": lambda: "secret",
            "tls": "none",
        }
        return ImapAccount(**{**settings, **changes})

    def said(self, verb: str) -> list[bytes]:
        """Return the commands heard that begin with a verb, tags apart."""
        commands = [command.partition(b" ")[2] for command in self.heard]
        return [command for command in commands if command.startswith(verb.encode())]

    @property
    def saw_a_login(self) -> bool:
        return any(word in self.raw.upper() for word in (b"LOGIN", b"AUTHENTICATE"))

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            session = _Session(self, connection)
            self._sessions.append(session)
            thread = threading.Thread(target=session.run, daemon=True)
            self._threads.append(thread)
            thread.start()


class _Left(Exception):
    """The client closed the connection."""


@dataclass
class _Session:
    server: StandIn
    connection: socket.socket
    buffer: bytearray = field(default_factory=bytearray)

    def run(self) -> None:
        # The client leaves whenever it likes: that is what is tested.
        with contextlib.suppress(OSError, _Left):
            if self.server.tls is not None:
                self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
            self.talk()
        self.connection.close()

    def talk(self) -> None:
        self.connection.sendall(self.server.greeting)
        while True:
            command = self._command()
            self.server.heard.append(command)
            tag, _, rest = command.partition(b" ")
            verb = _verb(rest)
            if verb == "STARTTLS" and self.server.starttls is not None:
                self._start_tls(tag)
                continue
            for piece in _pieces(self.server.answers.get(verb, _USUAL.get(verb, OK)), command):
                self.connection.sendall(piece.replace(b"TAG", tag))
            if verb == "IDLE":
                self.server.heard.append(self._line())
                self.connection.sendall(OK.replace(b"TAG", tag))

    def _start_tls(self, tag: bytes) -> None:
        self.connection.sendall(tag + b" OK begin\r\n" + self.server.after_starttls)
        assert self.server.starttls is not None
        self.connection = self.server.starttls.wrap_socket(self.connection, server_side=True)

    def _command(self) -> bytes:
        command = self._line()
        while found := _LITERAL.search(command):
            self.connection.sendall(b"+ go on\r\n")
            command += self._read(int(found[1])) + self._line()
        return command

    def _line(self) -> bytes:
        while (end := self.buffer.find(b"\r\n")) < 0:
            self._receive()
        return self._take(end + 2)

    def _read(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self._receive()
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken = bytes(self.buffer[:size])
        del self.buffer[:size]
        return taken

    def _receive(self) -> None:
        chunk = self.connection.recv(65536)
        if not chunk:
            raise _Left
        self.server.raw += chunk
        self.buffer += chunk


_USUAL: Mapping[str, Answer] = {
    "CAPABILITY": capability(),
    "EXAMINE": EXAMINED,
    "SELECT": EXAMINED.replace(b"READ-ONLY", b"READ-WRITE"),
    "LIST": LISTED,
    "LOGOUT": b"* BYE bye\r\n" + OK,
    "UID SEARCH": b"* SEARCH\r\n" + OK,
    "IDLE": b"+ idling\r\n",
}


def _verb(command: bytes) -> str:
    words = command.split()
    count = 2 if words[:1] == [b"UID"] else 1
    return b" ".join(words[:count]).decode("ascii", "replace").upper()


def _pieces(answer: Answer, command: bytes) -> Iterable[bytes]:
    said = answer(command) if callable(answer) else answer
    return [said] if isinstance(said, bytes) else said


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key in files; it is its own authority."""

    file: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


def make_certificate(
    folder: Path,
    name: str,
    *,
    alternative_names: Iterable[str] = ("localhost",),
    days: tuple[int, int] = (-1, 1),
) -> Certificate:
    """Make a self-signed certificate, valid from `days[0]` to `days[1]` as seen from today."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today + dt.timedelta(days=days[0]))
        .not_valid_after(today + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    names = [x509.DNSName(one) for one in alternative_names]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    files = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    files.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@contextlib.contextmanager
def answering(answers: Mapping[str, Answer] | None = None, **how: Any) -> Iterator[StandIn]:
    with StandIn(answers or {}, **how) as server:
        yield server
