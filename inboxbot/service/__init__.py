"""inboxbot as a service of one user: it starts at login. One system a file.

    a Program → system.recipe → one file and the commands around it | install, uninstall

A recipe is data: `--dry-run` prints it. `systemd` is run by the tests; `launchd` and `windows` are
held against what Apple and Microsoft document, and were never run.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from inboxbot.errors import ServiceError
from inboxbot.private import private_file

NAME = "inboxbot"
MARK = "inboxbot service install"
"""Stands in every file that `install` writes: no other is overwritten or removed."""
_COMMAND_SECONDS = 120
_NOT_STOPPED = (
    "so it was not stopped, and nothing was removed; log in as this user itself, not by su or "
    "sudo, and try again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is to run: this very interpreter, with the settings and the state of this command."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    state: Path
    writable: tuple[Path, ...] = ()  # the state, and what else it has to write

    def __post_init__(self) -> None:
        for text in (*self.command, *self.environment.values(), *map(str, self.writable)):
            if not text.isprintable():
                raise ServiceError(f"{text!r} cannot be written into a file; choose a plainer path")


@dataclass(frozen=True, slots=True)
class Step:
    """One command; `may_fail` where what it undoes may not be there."""

    words: tuple[str, ...]
    may_fail: bool = False

    def __str__(self) -> str:
        return shlex.join(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One system's way to run a program at login."""

    file: Path
    content: bytes
    start: tuple[Step, ...]  # once the file is there
    stop: tuple[Step, ...]  # while it is still there
    after: tuple[Step, ...] = ()  # once it is gone
    log: str  # where the daemon's log is read
    note: str = ""  # what only the user can decide


class System(Protocol):
    """What each module of this package offers."""

    def recipe(self, program: Program, *, bare: bool = False) -> Recipe:
        """Return how to run a program at login; `bare` leaves out what `obstacle` is about."""
        ...

    def obstacle(self) -> str:
        """Return why only the bare recipe works here, "" where the full one does.

        Raise `ServiceError` where none does.
        """
        ...

    def condition(self) -> str:
        """Return in words whether the service runs, and at login."""
        ...


def system_of(platform: str = sys.platform) -> System:
    """Return the way of this system."""
    if platform == "darwin":
        from inboxbot.service import launchd  # noqa: PLC0415  (one system is enough)

        return launchd
    if platform == "win32":
        from inboxbot.service import windows  # noqa: PLC0415

        return windows
    from inboxbot.service import systemd  # noqa: PLC0415

    return systemd


def bare_recipe(state: Path) -> Recipe:
    """Return the recipe of no program yet: enough to find the service, and to remove it."""
    return system_of().recipe(Program(command=(sys.executable,), state=state))


def install(recipe: Recipe, condition: Callable[[], str]) -> None:
    """Write the file and start the service; where that fails, nothing of it is left.

    Raise `ServiceError`, with the condition that the service was in.
    """
    if recipe.file.exists() and not is_ours(recipe.file):
        raise ServiceError(
            f"{recipe.file} was not written by {MARK}; move it away if it is not needed"
        )
    try:
        with private_file(recipe.file) as file:
            file.write(recipe.content)
    except OSError as error:
        raise ServiceError(f"{recipe.file} cannot be written ({error.strerror})") from error
    try:
        for step in recipe.start:
            run(step)
    except ServiceError as error:
        why = condition()
        uninstall(recipe)
        raise ServiceError(f"{error}\n{why}\nnothing was installed") from error


def uninstall(recipe: Recipe) -> bool:
    """Stop the service and remove its file; False where there is none of ours.

    Raise `ServiceError`, and leave the file, where the service could not be stopped.
    """
    if not is_ours(recipe.file):
        return False
    try:
        _undo(recipe.stop)
    except ServiceError as error:
        raise ServiceError(f"{error}\n{_NOT_STOPPED}") from error
    recipe.file.unlink()
    _undo(recipe.after)
    return True


def _undo(steps: tuple[Step, ...]) -> None:
    for step in steps:
        if shutil.which(step.words[0]):  # without a service manager nothing of ours runs
            run(step)


def is_ours(file: Path) -> bool:
    """Tell whether a file is there and `install` wrote it."""
    try:
        content = file.read_bytes()
    except OSError:
        return False
    return MARK.encode() in content or MARK.encode("utf-16-le") in content


def run(step: Step) -> str:
    """Run one command and return what it prints. Raise `ServiceError` where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  (the system's own service manager, no shell)
            step.words, capture_output=True, timeout=_COMMAND_SECONDS, check=False,
            text=True, errors="replace", env={**os.environ, "LC_ALL": "C", "SYSTEMD_PAGER": ""},
        )  # fmt: skip
    except FileNotFoundError:
        raise ServiceError(
            f"there is no {step.words[0]} here, so nothing can start inboxbot at login; "
            "start `inboxbot run` by what your system has for that"
        ) from None
    except subprocess.TimeoutExpired:
        raise ServiceError(f"`{step}` did not end in {_COMMAND_SECONDS} seconds") from None
    if done.returncode and not step.may_fail:
        told = " ".join((done.stderr or done.stdout).split())
        raise ServiceError(f"`{step}` failed: {told or f'status {done.returncode}'}")
    return done.stdout
