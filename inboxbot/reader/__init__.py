"""Mail → readings, in a child process that is bounded in memory, CPU and time (THREATS D8, D9).

Hostile mail can kill the child and nobody else: the mail that did it is tried once more in a new
child, then it is `Unreadable` and the others go on. The child is started when mail comes and
ended by `close`; nothing it says is trusted beyond its types (JSON, never pickle: D-03). What the
user has corrected is learned from there as well, and applied there.
"""

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import msgspec

from inboxbot.core.correction import Lessons, Personal
from inboxbot.core.types import RawMail, Reading, Unreadable
from inboxbot.errors import ModelError
from inboxbot.logs import event
from inboxbot.reader.limits import (
    LEARN_SECONDS,
    LESSONS,
    MAIL,
    MAIL_SECONDS,
    PERSONAL,
    READING,
    START_SECONDS,
    UNREADABLE,
    environment,
    read_frame,
    write_frame,
)

__all__ = ["Reader"]

_log = logging.getLogger(__name__)
_TRIES = 2
_Answer = Reading | Unreadable | Personal
_ANSWERS: Mapping[bytes, msgspec.json.Decoder[_Answer]] = {
    READING: msgspec.json.Decoder(Reading),
    UNREADABLE: msgspec.json.Decoder(Unreadable),
    PERSONAL: msgspec.json.Decoder(Personal),
}
_ADVICE = "run inboxbot check, and see whether the model and 1 GiB of address space are there"


class _ChildDied(Exception):
    """The child has ended, or had to be."""


class Reader:
    """Reads mail in a child process. Use it as a context manager."""

    def __init__(
        self,
        *arguments: str,
        mail_seconds: float = MAIL_SECONDS,
        learn_seconds: float = LEARN_SECONDS,
    ) -> None:
        """Take the worker's own arguments: for tests of what it survives."""
        self._arguments = arguments
        self._mail_seconds = mail_seconds
        self._learn_seconds = learn_seconds
        self._personal: Personal | None = None
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the next mail starts a new one."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def use(self, personal: Personal | None) -> None:
        """Judge by this personal correction from the next mail on; by none where it is None."""
        self._personal = personal
        self.close()

    def read(self, mails: Sequence[RawMail]) -> Iterator[Reading | Unreadable]:
        """Yield a reading, or the reason why there is none, for each mail in turn.

        Raise `ModelError` where no child can be started at all.
        """
        for mail in mails:
            yield self._read(mail)

    def learn(self, lessons: Lessons) -> Personal | None:
        """Return the personal correction that these lessons make; None where learning fails.

        Raise `ModelError` where no child can be started at all.
        """
        answer = self._ask(LESSONS + msgspec.json.encode(lessons), self._learn_seconds)
        if isinstance(answer, Personal):
            return answer
        event(_log, "lessons_refused", logging.WARNING, count=len(lessons.mails))
        return None

    def _read(self, mail: RawMail) -> Reading | Unreadable:
        answer = self._ask(MAIL + msgspec.json.encode(mail), self._mail_seconds)
        if isinstance(answer, Reading | Unreadable):
            return answer
        why = "reading this mail broke the reader twice (its size, its time or its bytes)"
        return Unreadable(locator=mail.locator, error=f"{why}; it was set aside")

    def _ask(self, question: bytes, seconds: float) -> _Answer | None:
        """Return the answer; None where the question broke the child twice."""
        for attempt in range(1, _TRIES + 1):
            try:
                return _decoded(self._ready().ask(question, seconds))
            except _ChildDied as died:
                event(_log, "reader_died", logging.WARNING, attempt=attempt, reason=str(died))
                self.close()
        return None

    def _ready(self) -> "_Child":
        """Return a child that lives and judges by the personal correction."""
        if self._child is not None and self._child.is_gone():
            self.close()  # it ended between two mails: no fault of the next one
        if self._child is None:
            self._child = self._corrected(_Child(self._arguments))
        return self._child

    def _corrected(self, child: "_Child") -> "_Child":
        """Tell a new child the personal correction; one that breaks it is not told again."""
        if self._personal is None:
            return child
        try:
            child.ask(PERSONAL + msgspec.json.encode(self._personal), START_SECONDS)
        except _ChildDied as died:
            event(_log, "personal_refused", logging.WARNING, reason=str(died))
            self._personal = None
            child.end()
            return _Child(self._arguments)
        return child


def _decoded(answer: bytes) -> _Answer:
    """Return what a child has answered. Raise `_ChildDied` for what is no answer."""
    try:
        return _ANSWERS[answer[:1]].decode(answer[1:])
    except (KeyError, msgspec.DecodeError) as error:
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
