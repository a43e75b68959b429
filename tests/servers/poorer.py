"""IMAP server → the same server seen through a proxy that swallows its UIDPLUS answers.

Dovecot can hide the capability, but says APPENDUID all the same.
"""

import re
import socket
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self

from tests.servers.process import LOOPBACK

# RFC 4315 §3: the response codes that a server without UIDPLUS does not send.
_UIDPLUS_ANSWER = re.compile(rb"^(\S+ OK )\[(?:APPENDUID|COPYUID) [^\]]*\] ")


class WithoutUidplus:
    """A proxy on loopback before an IMAP server's plain port."""

    def __init__(self, server_port: int) -> None:
        class Connection(StreamRequestHandler):
            def handle(self) -> None:
                _forward(self.connection, server_port)

        self._listener = ThreadingTCPServer((LOOPBACK, 0), Connection)
        self._listener.daemon_threads = True
        self._listener.block_on_close = False
        self.port: int = self._listener.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown()
        self._listener.server_close()


def _forward(client: socket.socket, server_port: int) -> None:
    """Pass a connection through, in both directions, until either side closes it."""
    try:
        server = socket.create_connection((LOOPBACK, server_port))
    except ConnectionRefusedError:
        # The server is down: closing the connection tells the client.
        return
    with server:
        threading.Thread(target=_pass_commands, args=(client, server), daemon=True).start()
        _pass_answers(server, client)


def _pass_commands(client: socket.socket, server: socket.socket) -> None:
    try:
        while received := client.recv(65536):
            server.sendall(received)
        server.shutdown(socket.SHUT_WR)
    except OSError:
        # Either side is gone, and with it the need to pass anything on.
        return


def _pass_answers(server: socket.socket, client: socket.socket) -> None:
    try:
        with server.makefile("rb") as lines:
            for line in lines:
                client.sendall(_UIDPLUS_ANSWER.sub(rb"\1", line))
        client.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
