"""A scheduled task, as Microsoft documents its XML. Never run: written and tested without Windows.

deploy/inboxbot-task.xml is the task; here the elements in it that name program and user are filled
in. A task has no environment of its own, so one that is needed is set by the interpreter itself.
"""

import getpass
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from lxml import etree

from inboxbot.errors import ServiceError
from inboxbot.resources import DEPLOY
from inboxbot.service import NAME, Program, Recipe, Step, run

_SCHEMA = {"task": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def recipe(program: Program, *, bare: bool = False) -> Recipe:
    """Return the task and how to create it."""
    del bare  # there is nothing to leave out
    task = etree.parse(DEPLOY / "inboxbot-task.xml").getroot()
    for name, text in _values(program).items():
        for element in task.iterfind(f".//task:{name}", _SCHEMA):
            element.text = text
    file = program.state / "inboxbot-task.xml"
    return Recipe(
        file=file,
        # schtasks.exe itself writes UTF-16, with a mark of its byte order.
        content=etree.tostring(task.getroottree(), encoding="UTF-16", xml_declaration=True),
        start=(
            _scheduler("/Create", "/XML", str(file), "/F"),
            _scheduler("/Run"),
        ),
        stop=(_scheduler("/End", may_fail=True), _scheduler("/Delete", "/F", may_fail=True)),
        log=str(program.state / "logs" / "inboxbot.log"),
    )


def _values(program: Program) -> Mapping[str, str]:
    interpreter, *arguments = program.command
    windowless = PureWindowsPath(interpreter).with_name("pythonw.exe")
    return {
        "Command": str(windowless),
        "Arguments": subprocess.list2cmdline(_with_environment(arguments, program.environment)),
        "WorkingDirectory": str(Path.home()),
        "UserId": "\\".join(filter(None, (os.environ.get("USERDOMAIN"), getpass.getuser()))),
    }


def _with_environment(arguments: list[str], environment: Mapping[str, str]) -> list[str]:
    """Return the arguments, `-P -m inboxbot …`, after an environment where one is needed."""
    if not environment:
        return arguments
    safe, _, module, *rest = arguments
    script = (
        f"import os, runpy; os.environ.update({dict(environment)!r}); "
        f"runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    )
    return [safe, "-c", script, *rest]


def _scheduler(verb: str, *options: str, may_fail: bool = False) -> Step:
    return Step(("schtasks", verb, "/TN", NAME, *options), may_fail)


def obstacle() -> str:
    """Return "": the task has one form."""
    return ""


def condition() -> str:
    """Return in words whether the task is there; its state is in the words of that Windows."""
    try:
        told = run(_scheduler("/Query", "/FO", "CSV", "/NH"))
    except ServiceError:
        return "not installed"
    state = told.strip().rpartition(",")[2].strip('"')
    return f"installed, {state}; starts at login"
