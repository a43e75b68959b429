"""HTTP/1.1 on a port of loopback → Request; Answer, or a connection that just ends → HTTP."""

import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.servers.gmail.desk import Desk
from tests.servers.gmail.multipart import request_to
from tests.servers.gmail.wire import Answer, CutOff, Request

_NO_LINGER = struct.pack("ii", 1, 0)  # close() then sends RST


class Server(ThreadingHTTPServer):
    """A thread that listens, and one for each connection."""

    daemon_threads = False  # stop() waits for them

    def __init__(self, desk: Desk, stopping: Event) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.desk = desk
        self.stopping = stopping
        self.broken: set[Any] = set()
        self._open: set[Any] = set()
        self._listening = Thread(target=self.serve_forever, args=(0.005,), daemon=True)

    @property
    def port(self) -> int:
        """The port, chosen by the system."""
        port: int = self.server_address[1]
        return port

    def start(self) -> None:
        """Begin to listen."""
        self._listening.start()

    def stop(self) -> None:
        """End every connection, whatever it is doing, and wait until all threads are gone."""
        self.stopping.set()
        self.shutdown()
        for connection in list(self._open):
            _end(connection)
        self.server_close()
        self._listening.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection while it is open."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection: properly, or so that the client sees it break."""
        self._open.discard(request)
        if request in self.broken:
            self.broken.discard(request)
            request.close()
            return
        super().shutdown_request(request)


class _Connection(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(None)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # the client has had enough
            self.close_connection = True

    def _do(self) -> None:
        try:
            answer = self.server.desk.answer(self._request())
        except CutOff as cut:
            self._cut(cut)
        else:
            self._write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _do  # noqa: N815 -- looked up by these names

    def _request(self) -> Request:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return request_to(self.command, self.path, headers, self.rfile.read(length))

    def _write(self, answer: Answer) -> None:
        length = str(len(answer.body))
        headers = {"Content-Length": length, **answer.headers}
        self.close_connection |= headers["Content-Length"] != length
        if answer.status == 204:  # RFC 9110 §8.6: a 204 has no length
            del headers["Content-Length"]
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def _cut(self, cut: CutOff) -> None:
        self.close_connection = True
        match cut.how:
            case "hang":
                self.server.stopping.wait(cut.seconds)
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                self.server.broken.add(self.connection)

    def log_message(self, *_: Any) -> None:
        """The wire log is kept elsewhere."""


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was first
