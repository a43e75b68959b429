"""A launchd agent, as launchd.plist(5) has it. Never run: written and tested without a Mac.

deploy/inboxbot.plist is the agent; here the keys in it that name the program are filled in.
"""

import os
import plistlib
import re
from pathlib import Path

from inboxbot.errors import ServiceError
from inboxbot.resources import DEPLOY
from inboxbot.service import MARK, NAME, Program, Recipe, Step, run

_FILE = f"{NAME}.plist"
_HEAD = b"<plist "


def recipe(program: Program, *, bare: bool = False) -> Recipe:
    """Return the agent and how to load it."""
    del bare  # there is nothing to leave out
    agent = plistlib.loads((DEPLOY / _FILE).read_bytes())
    agent["ProgramArguments"] = list(program.command)
    agent["EnvironmentVariables"] = dict(program.environment)
    content = plistlib.dumps(agent, sort_keys=False)
    file = Path.home() / "Library" / "LaunchAgents" / _FILE
    unload = Step(("launchctl", "bootout", _target()), may_fail=True)
    return Recipe(
        file=file,
        content=content.replace(_HEAD, f"<!-- written by {MARK} -->\n".encode() + _HEAD, 1),
        start=(
            unload,
            Step(("launchctl", "enable", _target())),
            Step(("launchctl", "bootstrap", _domain(), str(file))),
        ),
        stop=(unload,),
        log=str(program.state / "logs" / "inboxbot.log"),
    )


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _target() -> str:
    return f"{_domain()}/{NAME}"


def obstacle() -> str:
    """Return "": the agent has one form."""
    return ""


def condition() -> str:
    """Return in words whether the agent is loaded and runs."""
    try:
        told = run(Step(("launchctl", "print", _target())))
    except ServiceError:
        return "not loaded"
    state = re.search(r"^\s*state = (.+)$", told, re.MULTILINE)
    ended = re.search(r"^\s*last exit code = (.+)$", told, re.MULTILINE)
    words = [f"loaded, {state[1]}" if state else "loaded", "starts at login"]
    return "; ".join([*words, *([f"last exit code {ended[1]}"] if ended else [])])
