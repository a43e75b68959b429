"""Port → JavaScript run inside a Mozilla program: the Marionette protocol, version 3.

Each packet is its length in bytes, a colon, and JSON; a command is [0, number, name, parameters]
and its answer [1, number, error, result].
"""

import json
import socket
from typing import Any, Self

from tests.servers.process import LOOPBACK
from tests.servers.wait import wait_for

_SECONDS = 30.0
_COMMAND, _ANSWER = 0, 1


class MarionetteError(Exception):
    """The program refused a command, or the script in it failed."""


class Marionette:
    """One session, in the program's own windows rather than in what they show."""

    def __init__(self, port: int) -> None:
        self._connection = socket.create_connection((LOOPBACK, port), timeout=_SECONDS)
        self._incoming = self._connection.makefile("rb")
        self._number = 0
        self._read()  # its greeting
        self._ask("WebDriver:NewSession")
        self._ask("Marionette:SetContext", value="chrome")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._incoming.close()
        self._connection.close()

    def run(self, script: str, *arguments: str | int) -> Any:
        """Run a script that reads `arguments`; return what it returns, or promises."""
        answer = self._ask(
            "WebDriver:ExecuteScript", script=script, args=arguments, sandbox="system"
        )
        return answer["value"]

    def wait_for(self, script: str, *arguments: str | int, what: str) -> Any:
        """Run a script again and again until its answer is true."""
        return wait_for(lambda: self.run(script, *arguments), seconds=_SECONDS, what=what)

    def _ask(self, name: str, **parameters: object) -> Any:
        self._number += 1
        packet = json.dumps([_COMMAND, self._number, name, parameters]).encode()
        self._connection.sendall(b"%d:%b" % (len(packet), packet))
        kind, number, error, result = self._read()
        assert (kind, number) == (_ANSWER, self._number)
        if error:
            raise MarionetteError(f"{name}: {error['message']}\n{error['stacktrace']}")
        return result

    def _read(self) -> Any:
        length = b""
        while (byte := self._incoming.read(1)) != b":":
            if not byte:
                raise MarionetteError("the program closed the connection")
            length += byte
        return json.loads(self._incoming.read(int(length)))
