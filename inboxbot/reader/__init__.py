"""Mail → readings, in a child process that is bounded in memory, CPU and time (THREATS D8, D9).

Hostile mail can kill the child and nobody else: the mail that did it is tried once more in a new
child, then it is `Unreadable` and the others go on. The child is started when mail comes and
ended by `close`; nothing it says is trusted beyond its types (JSON, never pickle: D-03).
"""

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Self

import msgspec

from inboxbot.core.types import RawMail, Reading, Unreadable
from inboxbot.errors import ModelError
from inboxbot.logs import event
from inboxbot.reader.limits import (
    MAIL_SECONDS,
    START_SECONDS,
    environment,
    read_frame,
    write_frame,
)

__all__ = ["Reader"]

_log = logging.getLogger(__name__)
_TRIES = 2
_ADVICE = "run inboxbot check, and see whether the model and 1 GiB of address space are there"


class _ChildDied(Exception):
    """The child has ended, or had to be."""


class Reader:
    """Reads mail in a child process. Use it as a context manager."""

    def __init__(self, *arguments: str, mail_seconds: float = MAIL_SECONDS) -> None:
        """Take the worker's own arguments: for tests of what it survives."""
        self._arguments = arguments
        self._mail_seconds = mail_seconds
        self._child: _Child | None = None
        self._reading = msgspec.json.Decoder(Reading)
        self._unreadable = msgspec.json.Decoder(Unreadable)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the next mail starts a new one."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def read(self, mails: Sequence[RawMail]) -> Iterator[Reading | Unreadable]:
        """Yield a reading, or the reason why there is none, for each mail in turn.

        Raise `ModelError` where no child can be started at all.
        """
        for mail in mails:
            yield self._read(mail)

    def _read(self, mail: RawMail) -> Reading | Unreadable:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._ask(mail)
            except _ChildDied as died:
                event(_log, "reader_died", logging.WARNING, attempt=attempt, reason=str(died))
                self.close()
        why = "reading this mail broke the reader twice (its size, its time or its bytes)"
        return Unreadable(locator=mail.locator, error=f"{why}; it was set aside")

    def _ask(self, mail: RawMail) -> Reading | Unreadable:
        if self._child is not None and self._child.is_gone():
            self.close()  # it ended between two mails: no fault of this one
        if self._child is None:
            self._child = _Child(self._arguments)
        answer = self._child.ask(msgspec.json.encode(mail), self._mail_seconds)
        try:
            if answer[:1] == b"R":
                return self._reading.decode(answer[1:])
            return self._unreadable.decode(answer[1:])
        except msgspec.DecodeError as error:
            raise _ChildDied("nonsense") from error


class _Child:
    """One child process, and the time that it has for an answer."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-I", "-m", "inboxbot.reader.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,  # Ctrl-C is for the program, not for the child
        )
        try:
            self._exchange(None, START_SECONDS)
        except _ChildDied as error:
            self.end()
            raise ModelError(f"the reader process does not start; {_ADVICE}") from error

    def ask(self, frame: bytes, seconds: float) -> bytes:
        """Send a frame and return the answer. Raise `_ChildDied` without one in time."""
        return self._exchange(frame, seconds)

    def is_gone(self) -> bool:
        """Tell whether the process has ended."""
        return self._process.poll() is not None

    def _exchange(self, question: bytes | None, seconds: float) -> bytes:
        """Send and wait; a child that takes longer is killed, and both its pipes end."""
        alarm = threading.Timer(seconds, self._process.kill)
        alarm.start()
        try:
            if question is not None and self._process.stdin:
                write_frame(self._process.stdin, question)
            frame = read_frame(self._process.stdout) if self._process.stdout else None
        except OSError as error:
            raise _ChildDied("died") from error
        except ValueError as error:
            raise _ChildDied("flood") from error
        finally:
            alarm.cancel()
        if frame is None:
            raise _ChildDied("died")
        return frame

    def end(self) -> None:
        """Kill it: it holds nothing that could be lost."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what it did not take any more
                    pipe.close()
        self._process.wait()
