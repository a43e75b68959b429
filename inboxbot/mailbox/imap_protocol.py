"""imaplib on our own transport: no line that cannot be IMAP, no log-in before TLS."""

import imaplib
import logging
import ssl
from typing import Any

from imapclient import IMAPClient
from imapclient.imap_utf7 import encode

from inboxbot.errors import NotSecure
from inboxbot.mailbox.imap_transport import Transport

# It logs commands at DEBUG and, at WARNING, what of an answer it could not decode.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)


class Protocol(imaplib.IMAP4):
    """One connection, greeted and, with `upgrade`, put under TLS by STARTTLS."""

    def __init__(self, transport: Transport, host: str, upgrade: ssl.SSLContext | None) -> None:
        self._transport = transport
        self._upgrade = upgrade
        self._after_literal = False
        super().__init__(host)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:  # noqa: ARG002
        """Take the transport, which is connected already."""
        self.host, self.port = host, port
        self.sock = self._transport.sock

    def read(self, size: int) -> bytes:
        """Return a literal."""
        self._after_literal = True
        return self._transport.read(size)

    def readline(self) -> bytes:
        """Return the next line that begins or continues a response; drop what does neither.

        A server that leaves a CR LF inside a quoted string so costs one message, not the session.
        """
        while True:
            line = self._transport.readline()
            if self._after_literal or line.startswith((b"* ", b"+", self._tag_prefix)):
                self._after_literal = False
                return line

    def send(self, data: bytes) -> None:  # type: ignore[override]  # bytes alone come here
        """Send a part of a command."""
        self._transport.send(data)

    def shutdown(self) -> None:
        """Close the connection."""
        self._transport.close()

    def list_all(self) -> list[Any]:
        """Return the lines of LIST for every folder."""
        typ, data = self._simple_command("LIST", '""', '"*"')
        self.must_be_ok(typ, data)
        return list(self._untagged_response(typ, data, "LIST")[1])

    def uid_fetch(self, uids: str, items: str) -> list[Any]:
        """Return the lines of all FETCH responses to UID FETCH, unread."""
        typ, data = self.uid("FETCH", uids, items)
        self.must_be_ok(typ, data)
        return data

    def my_rights(self, folder: str) -> list[Any]:
        """Return the lines of MYRIGHTS for a folder."""
        typ, data = self.myrights(quoted(encode(folder).decode("ascii")))
        self.must_be_ok(typ, data)
        return list(data)

    def quotas_of(self, folder: str) -> list[Any]:
        """Return the lines of QUOTA for all quotas that a folder is under."""
        typ, data = self._simple_command("GETQUOTAROOT", folder)
        self.must_be_ok(typ, data)
        return list(self._untagged_response(typ, data, "QUOTA")[1])

    def start_idle(self) -> None:
        """Send IDLE and wait for the server to begin (RFC 2177)."""
        self._idle_tag = self._command("IDLE")
        while self._get_response() is not None:
            done = self.tagged_commands[self._idle_tag]
            if done is not None:
                raise self.error(done[-1])

    def end_idle(self) -> None:
        """Send DONE and wait for the server to end."""
        self.send(b"DONE\r\n")
        self.must_be_ok(*self._command_complete("IDLE", self._idle_tag))

    @property
    def news(self) -> bool:
        """Return whether the server has told of a new message in this command."""
        return not {"EXISTS", "RECENT"}.isdisjoint(self.untagged_responses)

    def must_be_ok(self, typ: str, data: list[Any]) -> None:
        """Raise imaplib's error on NO."""
        if typ != "OK":
            raise self.error(data[-1])

    @property
    def _tag_prefix(self) -> bytes:
        return self.tagpre  # type: ignore[return-value]  # bytes, whatever typeshed says

    def _connect(self) -> None:
        super()._connect()  # type: ignore[misc]  # not in typeshed
        if self.state != "NONAUTH":
            # No log-in was asked for, so nobody has said whose mailbox this is; and before
            # STARTTLS a PREAUTH keeps a client from TLS (RFC 3501 §11.1).
            raise NotSecure(
                f"{self._transport.place} lets in without a log-in (PREAUTH): this is not the "
                "server of the settings, or somebody is in between; check host, port and tls"
            )
        if self._upgrade is not None:
            self._start_tls(self._upgrade)

    def _start_tls(self, context: ssl.SSLContext) -> None:
        if "STARTTLS" not in self.capabilities:
            raise NotSecure(
                f"{self._transport.place} offers no STARTTLS: if it did before, somebody may be in "
                'between; else set tls = "implicit" and the port that goes with it, mostly 993'
            )
        self.must_be_ok(*self._simple_command("STARTTLS"))
        self._transport.start_tls(context, self.host)
        self.sock = self._transport.sock
        # What was said before TLS came from anybody (RFC 3501 §6.2.1).
        self.untagged_responses.clear()
        self._get_capabilities()

    def _log(self, line: str) -> None:
        """Keep nothing: imaplib would hold the last ten lines, the password among them."""


class Client(IMAPClient):  # type: ignore[misc]  # an untyped base
    """IMAPClient over a protocol that is connected already."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        super().__init__(protocol.host, ssl=False)
        protocol.debug = 0  # IMAPClient sets 5: it would format and log every line

    def _create_IMAP4(self) -> Protocol:  # noqa: N802
        return self._protocol


class XOAuth2:
    """The client's side of XOAUTH2, as Google and Microsoft describe it."""

    def __init__(self, user: str, token: str) -> None:
        self._answers = [f"user={user}\x01auth=Bearer {token}\x01\x01".encode()]

    def __call__(self, _challenge: bytes) -> bytes:
        """Return the token once; to the challenge that refuses it, the empty line it waits for."""
        return self._answers.pop() if self._answers else b""


def plain(user: str, secret: str) -> bytes:
    """Return the one message of the SASL mechanism PLAIN (RFC 4616 §2)."""
    return f"\0{user}\0{secret}".encode()


def quoted(text: str) -> str:
    """Return a quoted string (RFC 3501 §4.3)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
