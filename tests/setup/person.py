"""Somebody at a terminal: reads what is asked, and types; sees everything that was shown.

with person(home) as mara:
    mara.answers("Your mail address", "mara@example.net")
    mara.picks("Which way in?", "A Maildir")
    mara.ends()
"""

import io
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pexpect

ROOT = Path(__file__).parents[2]
SECONDS = 40
_DOWN = "\x1b[B"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a fresh user, whose home is empty and who has no keyring."""
    kept = {
        name: os.environ[name] for name in ("PATH", "SSL_CERT_FILE", "TZ") if name in os.environ
    }
    return {
        **kept,
        "HOME": str(home),
        "INBOXBOT_HOME": str(home / "inboxbot"),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody here tells where the cursor is
        **more,
    }


class Person:
    """One run of a command on a pseudo-terminal of 80 columns."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._shown = io.StringIO()
        program, *arguments = command
        self.child: pexpect.spawn[str] = pexpect.spawn(
            program,
            arguments,
            env=dict(env),
            dimensions=(40, 80),
            encoding="utf-8",
            timeout=SECONDS,
        )
        self.child.logfile_read = self._shown

    @property
    def shown(self) -> str:
        """Return all that was shown so far, without the terminal's own codes."""
        return _ESCAPES.sub("", self._shown.getvalue()).replace("\r", "")

    def reads(self, words: str) -> None:
        """Wait until words are shown, wherever the line ends."""
        self.child.expect(r"\s+".join(map(re.escape, words.split())))

    def types(self, text: str) -> None:
        """Type a line."""
        self.child.send(f"{text}\r")

    def answers(self, question: str, text: str = "", *, instead: bool = False) -> None:
        """Answer a question; `instead` of what is proposed."""
        self.reads(question)
        self.types(f"\x15{text}" if instead else text)

    def hides(self, question: str, secret: str) -> None:
        """Type a secret, once the terminal has ceased to show what is typed."""
        self.reads(question)
        self.child.expect(r"type\): ")  # the last space comes after that
        self.types(secret)

    def picks(self, question: str, words: str) -> None:
        """Move the pointer from the first choice down to one, and take it."""
        self.reads(question)
        self.reads(words)
        above = self.child.before.count("\n") - 1
        self.types(_DOWN * above)

    def interrupts(self) -> None:
        """Press Ctrl-C."""
        self.child.send("\x03")

    def ends(self, status: int = 0) -> str:
        """Wait for the end, and return all that was shown."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        assert self.child.exitstatus == status, self.shown
        return self.shown


@contextmanager
def person(home: Path, *arguments: str, **more: str) -> Iterator[Person]:
    """Sit down before `inboxbot setup`; what was shown is a part of every failure."""
    command = (sys.executable, "-m", "inboxbot", "setup", *arguments)
    with at_a_terminal(command, environment(home, **more)) as somebody:
        yield somebody


@contextmanager
def at_a_terminal(command: Sequence[str], env: Mapping[str, str]) -> Iterator[Person]:
    """Sit down before any command."""
    somebody = Person(command, env)
    try:
        yield somebody
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        raise AssertionError(f"{type(error).__name__}; shown:\n{somebody.shown}") from None
    finally:
        somebody.child.close(force=True)
