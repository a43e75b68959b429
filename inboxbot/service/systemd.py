"""A unit of the user's own service manager, hardened as far as that manager can.

deploy/inboxbot.service is the unit; here the lines in it that name the program are filled in.
"""

import re
from collections.abc import Iterator

import platformdirs

from inboxbot.errors import ServiceError
from inboxbot.resources import DEPLOY
from inboxbot.service import NAME, Program, Recipe, Step, run

_UNIT = f"{NAME}.service"
_SEEING = re.compile(r"\n# ---- What it may see\..*?\n# ---- end of that part\n", re.DOTALL)
_ASK = ("LoadState", "UnitFileState", "ActiveState", "SubState", "Result", "ExecMainStatus")
_TELL = ("StatusText", "ActiveEnterTimestamp")
_WHY = {
    "2": "the settings cannot be used; run: inboxbot check",
    "75": "another inboxbot holds the mailbox",
}
_UNREACHABLE = (
    "your service manager does not answer; log in as this user itself, not by su or sudo, or start "
    "`inboxbot run` in another way"
)
_NO_NAMESPACE = (
    "this system lets no user make a namespace, so the service sees all that you see: the part of "
    "the unit about that was left out"
)
_LINGER = (
    "It runs while you are logged in. For a machine that should go on without you, allow it once "
    "with: loginctl enable-linger"
)


def recipe(program: Program, *, bare: bool = False) -> Recipe:
    """Return the unit and how to start it; `bare` leaves out what needs a namespace."""
    unit = (DEPLOY / _UNIT).read_text(encoding="utf-8")
    if bare:
        unit = _SEEING.sub("\n", unit)
    return Recipe(
        file=platformdirs.user_config_path() / "systemd" / "user" / _UNIT,
        content=_filled_in(unit, program).encode(),
        start=(_manager("daemon-reload"), _manager("enable"), _manager("restart")),
        stop=(_manager("disable", "--now"),),
        after=(
            _manager("daemon-reload", may_fail=True),
            _manager("reset-failed", may_fail=True),
        ),
        log=f"journalctl --user -u {NAME}",
        note=_LINGER,
    )


def _manager(verb: str, *options: str, may_fail: bool = False) -> Step:
    of_unit = () if verb == "daemon-reload" else (*options, _UNIT)
    return Step(("systemctl", "--user", verb, *of_unit), may_fail)


def _filled_in(unit: str, program: Program) -> str:
    """Return the unit with the program's own lines in place of those with examples."""
    values = {
        # ":" before the program: no "$" in a path is taken for a variable (systemd.service(5)).
        "ExecStart": f":{_words(program.command)}",
        "Environment": _words(f"{name}={value}" for name, value in program.environment.items()),
        "ReadWritePaths": _words(f"-{path}" for path in program.writable),
    }
    lines = (line.partition("=") for line in unit.splitlines())
    return "".join(
        f"{key}{sign}{values[key] if sign and key in values else value}\n"
        for key, sign, value in lines
    )


def _words(texts: Iterator[str] | tuple[str, ...]) -> str:
    """Quote words for a unit (systemd.syntax(7)); "%" begins a specifier, so it is doubled."""
    return " ".join(f'"{_escaped(text)}"' for text in texts)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")


def obstacle() -> str:
    """Return why a service cannot have a namespace of its own here, "" where it can.

    Ubuntu lets no program of a user make one (kernel.apparmor_restrict_unprivileged_userns;
    systemd/systemd#30914), some kernels none at all. Raise `ServiceError` where no service
    manager of this user answers.
    """
    try:
        run(Step(("systemctl", "--user", "show", "--property=Version")))
    except ServiceError as error:
        raise ServiceError(f"{error}\n{_UNREACHABLE}") from error
    if _starts() and not _starts("PrivateUsers=yes", "ProtectSystem=strict"):
        return _NO_NAMESPACE
    return ""


def _starts(*properties: str) -> bool:
    """Tell whether the manager starts anything at all with these properties."""
    options = [word for one in properties for word in ("-p", one)]
    try:
        run(Step(("systemd-run", "--user", "--wait", "--quiet", *options, "true")))
    except ServiceError:
        return False
    return True


def condition() -> str:
    """Return in words whether the service runs, and at login."""
    asked = (f"--property={name}" for name in (*_ASK, *_TELL))
    told = run(Step(("systemctl", "--user", "show", *asked, _UNIT)))
    found = dict(line.partition("=")[::2] for line in told.splitlines())
    if found["LoadState"] == "not-found":
        return "not installed"
    at_login = "starts at login" if found["UnitFileState"] == "enabled" else "not at login"
    return f"{_now(found)}; {at_login}"


def _now(found: dict[str, str]) -> str:
    status = found["ExecMainStatus"]
    why = _WHY.get(status, f"it ended with status {status} ({found['Result']})")
    match found["ActiveState"], found["SubState"]:
        case "active", _:
            return f"runs since {found['ActiveEnterTimestamp']}; {found['StatusText']}"
        case "activating", "auto-restart":
            return f"failed and is tried again: {why}"
        case "failed", _:
            return f"failed: {why}"
        case "inactive", _:
            return "stopped"
        case state, detail:
            return f"{state} ({detail})"
