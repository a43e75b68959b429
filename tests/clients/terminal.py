"""Command → a terminal of its own, where keys are pressed and the screen is read: tmux."""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.require import require
from tests.servers.wait import Answer, wait_for

_COLUMNS, _LINES = "120", "40"
_SECONDS = 15.0

# The shell says how its command ended, and stays: tmux 3.3a misses many an end itself.
_SAY_THE_END = '"$@"; echo "ended with status $?"; read -r _'
_END = re.compile(r"ended with status (\d+)")


@dataclass(frozen=True, slots=True)
class Terminal:
    """One screen with one program on it."""

    tmux: Sequence[str]

    def screen(self) -> str:
        """Return the text on the screen."""
        return self._run("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        """Press keys by the names that tmux has for them, such as y or Enter."""
        self._run("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type a text as it stands."""
        self._run("send-keys", "-l", text)

    def wait_for(self, *texts: str) -> str:
        """Wait until one of the texts is on the screen; return that text."""

        def shown() -> str | None:
            screen = self.screen()
            return next((text for text in texts if text in screen), None)

        return self._await(shown, " or ".join(texts))

    def wait_for_end(self) -> int:
        """Wait until the program ends; return its exit status."""
        end = self._await(lambda: _END.search(self.screen()), "the program to end")
        return int(end[1])

    def _await(self, probe: Callable[[], Answer | None], what: str) -> Answer:
        try:
            return wait_for(probe, seconds=_SECONDS, what=what)
        except TimeoutError as error:
            error.add_note(self.screen())
            raise

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [*self.tmux, *words], check=True, capture_output=True, encoding="utf-8"
        )
        return done.stdout


@contextmanager
def terminal(*command: str) -> Iterator[Terminal]:
    """Yield a terminal that runs the command; the program ends with it."""
    program = str(require("tmux", "tmux"))
    with tempfile.TemporaryDirectory(prefix="inboxbot-tmux-") as folder:
        # Its own socket, home and settings: this machine's tmux and mail stay untouched.
        tmux = (program, "-S", str(Path(folder) / "socket"), "-f", "/dev/null", "-u")
        size = ("-x", _COLUMNS, "-y", _LINES)
        places = ("-e", f"HOME={folder}", "-e", f"TMPDIR={folder}")
        environment = ("-e", "LC_ALL=C.UTF-8", *places)
        shell = ("sh", "-c", _SAY_THE_END, "sh", *command)
        start = [*tmux, "new-session", "-d", *size, *environment, *shell]
        subprocess.run(start, check=True, capture_output=True)
        try:
            yield Terminal(tmux)
        finally:
            subprocess.run([*tmux, "kill-server"], check=True, capture_output=True)
