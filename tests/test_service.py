"""The service: installed for real under systemd, held against the documents elsewhere."""

import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from inboxbot.errors import ServiceError
from inboxbot.resources import DEPLOY
from inboxbot.service import Program, Recipe, Step, install, launchd, systemd, uninstall, windows
from tests.daemon.world import REJECTION, letter
from tests.servers.require import require
from tests.servers.user_manager import HOME, UID, UserManager
from tests.servers.wait import wait_for

UNIT = HOME / ".config/systemd/user/inboxbot.service"
STATE = HOME / ".local/state/inboxbot"
MAILDIR = HOME / "Maildir"
NEWER = {"RestartSteps", "RestartMaxDelaySec"}  # than systemd 252; older ones ignore them, aloud


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(
        command=(sys.executable, "-P", "-m", "inboxbot", "run"),
        state=tmp_path / "state",
        writable=(tmp_path / "state",),
    )


# ---------------------------------------------------------------- systemd, by its own judgement


def analysed(verb: str, unit: bytes, folder: Path, *options: str) -> str:
    path = folder / "inboxbot.service"
    path.write_bytes(unit)
    done = subprocess.run(
        [require("systemd-analyze", "systemd"), verb, *options, path],
        capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_COLORS": "0"},
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.goal("G15")
def test_the_unit_is_exposed_to_two_of_ten_at_most(program: Program, tmp_path: Path):
    for unit in systemd.recipe(program).content, (DEPLOY / "inboxbot.service").read_bytes():
        told = analysed("security", unit, tmp_path, "--offline=true")
        (exposure,) = re.findall(r"Overall exposure level for inboxbot.service: ([\d.]+)", told)
        print(f"exposure {exposure}")
        assert float(exposure) <= 2.0, told


def test_systemd_knows_every_line_of_the_unit(program: Program, tmp_path: Path):
    odd = replace(
        program,
        environment={"INBOXBOT_HOME": '/home/a b/100% "of" \\ it/ü'},
        writable=(Path('/home/a b/100% "of" \\ it/ü/state'), *program.writable),
    )
    for bare in False, True:
        told = analysed("verify", systemd.recipe(odd, bare=bare).content, tmp_path)
        complaints = [line for line in told.splitlines() if not any(key in line for key in NEWER)]
        assert not any("inboxbot" in line for line in complaints), told


@pytest.mark.parametrize(
    "odd",
    [
        {"environment": {"INBOXBOT_HOME": "/home/a\nExecStart=evil"}},
        {"command": ("/home/a\x07/python",)},
        {"writable": (Path("/home/a\udce9"),)},
    ],
)
def test_a_path_that_no_file_of_a_service_can_hold_is_refused(program: Program, odd):
    with pytest.raises(ServiceError, match="plainer path"):
        replace(program, **odd)


# ---------------------------------------------------------------- systemd, for real


@pytest.fixture(scope="module")
def shared_manager() -> Iterator[UserManager]:
    with UserManager() as running:
        yield running


@pytest.fixture
def manager(shared_manager: UserManager) -> Iterator[UserManager]:
    """Provide the manager, with a user who has a Maildir and settings, and no service."""
    shared_manager.put(
        HOME / ".config/inboxbot/config.toml",
        '[policy]\nquiet_hours = ""\n'
        f'[accounts.home]\nkind = "maildir"\npath = "{MAILDIR}"\n'
        'address = "mara@home.example"\nname = "Mara Lind"\n'.encode(),
    )
    folders = [MAILDIR / name for name in (".", ".Drafts", ".Sent", ".Trash")]
    shared_manager.run("mkdir", "-p", *(f / sub for f in folders for sub in ("cur", "new", "tmp")))
    yield shared_manager
    shared_manager.try_("systemctl", "--user", "disable", "--now", "inboxbot.service")
    extra = (UNIT.with_name("inboxbot.service.d"), HOME / ".config", HOME / ".local/state")
    shared_manager.run("rm", "-rf", *extra, MAILDIR, HOME / "elsewhere")
    shared_manager.run("systemctl", "--user", "daemon-reload")


def property_of(manager: UserManager, name: str) -> str:
    return manager.run("systemctl", "--user", "show", "-P", name, "inboxbot.service").strip()


def receive_a_rejection(manager: UserManager) -> None:
    when = datetime.now(UTC) - timedelta(hours=1)
    data = letter("Jo Park <jo@harbourmaps.example>", "Your application", REJECTION, when=when)
    manager.put(MAILDIR / "new" / "1.m1.host", data)


def draft(manager: UserManager) -> str:
    drafts = manager.outside(MAILDIR / ".Drafts" / "cur")
    (found,) = wait_for(lambda: list(drafts.iterdir()), seconds=60, what="the draft")
    return found.read_text()


@pytest.mark.goal("G15")
def test_the_installed_daemon_reads_settings_and_mail_and_writes_draft_and_state(
    manager: UserManager,
):
    receive_a_rejection(manager)
    told = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "install")
    assert told.returncode == 0, told.stderr
    for words in (str(UNIT), "enable inboxbot.service", "service uninstall", "loginctl enable-l"):
        assert words in told.stderr
    assert "namespace" not in told.stderr
    assert told.stdout == ""
    assert "To: Jo Park <jo@harbourmaps.example>" in draft(manager), "its reader works as well"
    assert property_of(manager, "UnitFileState") == "enabled"
    assert property_of(manager, "StatusText") == "accounts watched: 1"
    assert manager.outside(STATE / "journal.sqlite3").exists()
    wait_for(
        lambda: [line for line in manager.journal("inboxbot") if "draft_saved" in line["MESSAGE"]],
        seconds=20, what="the log",
    )  # fmt: skip
    lines = manager.journal("inboxbot")
    assert {line["PRIORITY"] for line in lines} == {"6"}
    assert not any("harbour" in line["MESSAGE"].casefold() for line in lines)
    assert not manager.outside(STATE / "logs").exists()
    assert "runs since" in manager.inboxbot("service", "status")
    assert "starts at login" in manager.inboxbot("service", "status")


@pytest.mark.goal("G15")
def test_every_restriction_is_in_force(manager: UserManager):
    manager.inboxbot("service", "install")
    pid = property_of(manager, "MainPID")
    status = manager.run("cat", f"/proc/{pid}/status")
    for line in "NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapBnd:\t000000000":
        assert line in status
    mounts = manager.run("cat", f"/proc/{pid}/mounts").splitlines()
    options = {line.split()[1]: line.split()[3].split(",")[0] for line in mounts}
    assert options["/home"] == "ro"
    assert options[str(STATE)] == options[str(MAILDIR)] == "rw"
    assert options["/"] == options["/dev"] == options["/proc/sys"] == "ro"
    assert {"/tmp", "/var/tmp", "/proc/kmsg"} <= options.keys()
    outside = manager.run(
        "readlink", "/proc/self/ns/user", "/proc/self/ns/mnt", "/proc/self/ns/uts"
    )
    of_daemon = [
        manager.run("readlink", f"/proc/{pid}/ns/{kind}") for kind in ("user", "mnt", "uts")
    ]
    assert not set("".join(of_daemon).split()) & set(outside.split())


PROBE = """
import mmap, os, socket, subprocess, sys
def refused(attempt):
    try:
        attempt()
    except OSError:
        return
    sys.exit(f"line {sys._getframe(1).f_lineno} was let through")
refused(lambda: open(os.path.expanduser("~/x"), "w"))
refused(lambda: open("/usr/x", "w"))
refused(lambda: open("/dev/kmsg"))
refused(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
refused(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
refused(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC))
refused(lambda: os.setpriority(os.PRIO_PROCESS, 0, 5))
refused(lambda: os.chroot("/"))
assert subprocess.run(["unshare", "--user", "true"], capture_output=True).returncode
assert os.listdir("/tmp") == []
open(os.path.expanduser("~/.local/state/inboxbot/written"), "w")
open("/tmp/written", "w")
assert oct(os.stat("/tmp/written").st_mode & 0o777) == "0o600"
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()
import keyring
assert keyring.get_password("inboxbot", "mara@home.example") == "from the keyring", "keyring"
"""


def as_the_unit(manager: UserManager, name: str, *command: object) -> None:
    """Run another command under the very unit that was installed; it prints into `~/elsewhere`."""
    unit = manager.outside(UNIT).read_text()
    lines = [line for line in unit.splitlines() if not line.startswith(("ExecStart=", "Restart"))]
    words = " ".join(f'"{word}"' for word in map(str, command))
    log = HOME / "elsewhere" / "log"
    run = f"Type=oneshot\nExecStart=:{words}\nStandardOutput=file:{log}\nStandardError=file:{log}"
    text = "\n".join(lines).replace("Type=notify", run).replace("WatchdogSec=5min", "")
    manager.put(log, b"")
    manager.put(UNIT.with_name(f"{name}.service"), text.encode())
    manager.run("systemctl", "--user", "daemon-reload")
    done = manager.try_("systemctl", "--user", "start", f"{name}.service")
    assert done.returncode == 0, manager.outside(log).read_text() + done.stderr


@pytest.mark.goal("G15")
def test_under_the_unit_the_keyring_the_net_and_the_state_are_there_and_the_rest_is_refused(
    manager: UserManager,
):
    require("gnome-keyring-daemon", "gnome-keyring")
    manager.run("sh", "-c", "printf pw | gnome-keyring-daemon --unlock --components=secrets")
    keep = (
        "import keyring; keyring.set_password('inboxbot', 'mara@home.example', 'from the keyring')"
    )
    manager.run(manager.python, "-c", keep)
    manager.inboxbot("service", "install")
    manager.put(HOME / "elsewhere" / "probe.py", PROBE.encode())
    as_the_unit(manager, "probe", manager.python, HOME / "elsewhere" / "probe.py")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.goal("G15")
def test_the_daemons_own_tests_pass_under_the_unit(manager: UserManager):
    manager.inboxbot("service", "install")
    folder = Path("/run/inboxbot")
    # ps cuts a line where it knows no width; hypothesis keeps its examples where it may write.
    environment = ("COLUMNS=400", "HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis")
    as_the_unit(
        manager, "suite", "/usr/bin/env", *environment, manager.python, "-m", "pytest", "-q",
        "-p", "no:cacheprovider", "--rootdir", folder, "-c", folder / "pyproject.toml",
        *(folder / "tests" / name for name in ("daemon", "journal", "reader")),
    )  # fmt: skip
    print(manager.outside(HOME / "elsewhere" / "log").read_text().splitlines()[-1])


@pytest.mark.slow
def test_a_daemon_that_hangs_is_ended_and_started_anew(manager: UserManager):
    manager.put(
        UNIT.with_name("inboxbot.service.d") / "quick.conf",
        b"[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\nRestartSec=100ms\n",
    )
    manager.inboxbot("service", "install")
    first = property_of(manager, "MainPID")
    manager.run("sleep", "3")
    assert property_of(manager, "MainPID") == first, "signs of life come in time"
    manager.run("kill", "-STOP", first)
    wait_for(
        lambda: property_of(manager, "MainPID") not in {first, "0"}, seconds=20, what="another one"
    )
    wait_for(
        lambda: property_of(manager, "ActiveState") == "active", seconds=20, what="it to be ready"
    )


def test_what_was_installed_is_removed_and_nothing_else(manager: UserManager):
    manager.inboxbot("service", "install")
    own = UNIT.with_name("inboxbot.service.d") / "mine.conf"
    manager.put(own, b"[Service]\nNice=5\n")
    before = {UNIT, UNIT.with_name("default.target.wants") / "inboxbot.service"}
    told = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "uninstall")
    assert str(UNIT) in told.stderr
    assert not any(manager.outside(path).is_symlink() for path in before)
    assert not any(manager.outside(path).exists() for path in before)
    assert manager.outside(own).exists()
    assert manager.outside(STATE).exists()
    assert property_of(manager, "ActiveState") == "inactive"
    assert "not installed" in manager.inboxbot("service", "status")
    again = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "uninstall")
    assert (again.returncode, "no service" in again.stderr) == (0, True)


def test_a_dry_run_prints_file_and_commands_and_changes_nothing(manager: UserManager):
    printed = manager.inboxbot("service", "install", "--dry-run")
    assert f"would write {UNIT}" in printed
    assert "systemctl --user enable inboxbot.service" in printed
    assert not manager.outside(UNIT).exists()
    assert not manager.outside(STATE).exists()
    manager.inboxbot("service", "install")
    assert manager.outside(UNIT).read_text() in printed
    assert f"remove {UNIT}" in manager.inboxbot("service", "uninstall", "--dry-run")
    assert manager.outside(UNIT).exists()


@pytest.mark.slow
def test_home_and_settings_file_are_carried_into_the_unit_whatever_their_names(
    manager: UserManager,
):
    home = HOME / 'elsewhere/a b 100% "$HOME" \\'
    settings = manager.outside(HOME / ".config/inboxbot/config.toml").read_bytes()
    manager.put(HOME / "elsewhere/my settings.toml", settings)
    manager.put(home / "drafts" / "none", b"")
    receive_a_rejection(manager)
    manager.inboxbot(
        "service", "install", "--config", HOME / "elsewhere/my settings.toml",
        INBOXBOT_HOME=str(home),
    )  # fmt: skip
    assert "harbourmaps" in draft(manager)
    assert manager.outside(home / "state" / "journal.sqlite3").exists()
    assert not manager.outside(STATE).exists()


@pytest.mark.slow
def test_a_change_of_the_settings_that_the_unit_does_not_know_is_told(manager: UserManager):
    manager.inboxbot("service", "install")
    assert "have changed" not in manager.inboxbot("service", "status")
    path = HOME / ".config/inboxbot/config.toml"
    text = manager.outside(path).read_text().replace(str(MAILDIR), str(HOME / "Other"))
    manager.put(path, text.encode())
    assert "run: inboxbot service install" in manager.inboxbot("service", "status")


@pytest.mark.slow
def test_where_no_user_may_make_a_namespace_the_rest_is_installed_and_that_is_said(
    manager: UserManager,
):
    # Without this folder no manager can build one; Ubuntu refuses the same step.
    root = manager.outside(Path("/run/systemd/unit-root"))
    root.rmdir()
    try:
        receive_a_rejection(manager)
        told = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "install")
        assert told.returncode == 0, told.stderr
        assert "lets no user make a namespace" in told.stderr
        assert "harbourmaps" in draft(manager)
        status = manager.run("cat", f"/proc/{property_of(manager, 'MainPID')}/status")
        assert "NoNewPrivs:\t1" in status
        assert "Seccomp:\t2" in status
        assert "have changed" not in manager.inboxbot("service", "status")
    finally:
        root.mkdir()


@pytest.mark.slow
def test_a_service_that_cannot_start_is_not_left_behind(manager: UserManager):
    manager.inboxbot("poll")
    lock = STATE / "locks" / "home.lock"
    holder = (
        "import fcntl, sys, time; file = open(sys.argv[1], 'r+'); "
        "fcntl.flock(file, fcntl.LOCK_EX); time.sleep(60)"
    )
    manager.run("systemd-run", "--user", "--unit=holder", manager.python, "-c", holder, lock)
    try:
        manager.run("sleep", "0.5")
        told = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "install")
    finally:
        manager.run("systemctl", "--user", "stop", "holder")
    assert told.returncode == 1
    assert "another inboxbot holds the mailbox" in told.stderr
    assert "nothing was installed" in told.stderr
    assert not manager.outside(UNIT).exists()


@pytest.mark.slow
def test_a_file_of_somebody_elses_is_neither_overwritten_nor_removed(manager: UserManager):
    manager.put(UNIT, b"[Service]\nExecStart=/bin/true\n")
    told = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "install")
    assert told.returncode == 1
    assert "move it away" in told.stderr
    manager.inboxbot("service", "uninstall")
    assert manager.outside(UNIT).read_bytes() == b"[Service]\nExecStart=/bin/true\n"


@pytest.mark.slow
def test_without_a_manager_of_this_user_it_is_said_what_to_do(manager: UserManager):
    nowhere = {"XDG_RUNTIME_DIR": "/nowhere", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    told = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "install", **nowhere)
    assert told.returncode == 1
    assert "not by su or sudo" in told.stderr
    assert not manager.outside(UNIT).exists()
    without = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "install", PATH="/x")
    assert "there is no systemctl here" in without.stderr


@pytest.mark.slow
def test_a_service_that_cannot_be_stopped_is_not_said_to_be_gone(manager: UserManager):
    manager.inboxbot("service", "install")
    nowhere = {"XDG_RUNTIME_DIR": "/nowhere", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    told = manager.try_(manager.python, "-P", "-m", "inboxbot", "service", "uninstall", **nowhere)
    assert told.returncode == 1
    assert "not by su or sudo" in told.stderr
    assert "Traceback" not in told.stderr
    assert manager.outside(UNIT).exists()
    assert property_of(manager, "ActiveState") == "active"


def test_the_manager_belongs_to_an_ordinary_user(manager: UserManager):
    assert manager.run("id", "-u").strip() == str(UID)


# ---------------------------------------------------------------- macOS, by what Apple documents

# launchd.plist(5): the keys that are used, and the types that they have.
LAUNCHD = {
    "Label": str, "ProgramArguments": list, "EnvironmentVariables": dict, "RunAtLoad": bool,
    "KeepAlive": dict, "ThrottleInterval": int, "ProcessType": str, "LowPriorityIO": bool,
    "Umask": int,
}  # fmt: skip


def test_the_agent_has_documented_keys_alone_and_runs_the_program(program: Program):
    odd = replace(program, environment={"INBOXBOT_HOME": "/Users/a & b/<x>"})
    recipe = launchd.recipe(odd)
    agent = plistlib.loads(recipe.content)
    assert {name: type(value) for name, value in agent.items()} == LAUNCHD
    assert agent["ProgramArguments"] == list(program.command)
    assert agent["EnvironmentVariables"] == {"INBOXBOT_HOME": "/Users/a & b/<x>"}
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["ProcessType"] in {"Background", "Standard", "Adaptive", "Interactive"}
    assert agent["Umask"] == 0o077
    assert recipe.file.parts[-3:] == ("Library", "LaunchAgents", f"{agent['Label']}.plist")
    assert recipe.start[-1].words[:3] == ("launchctl", "bootstrap", f"gui/{os.getuid()}")


# ---------------------------------------------------------------- Windows, by Microsoft's schema

# MS-TSCH 2.5, version 1.2: what an element may hold; a text by its pattern.
YES_OR_NO, TEXT = "true|false", ".+"
DURATION = r"P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?"
TASK = {
    "Task": {
        "RegistrationInfo": {"Description": TEXT, "URI": TEXT},
        "Triggers": {"LogonTrigger": {"Enabled": YES_OR_NO, "UserId": TEXT}},
        "Principals": {
            "Principal": {
                "UserId": TEXT, "LogonType": "InteractiveToken|S4U|Password",
                "RunLevel": "LeastPrivilege|HighestAvailable",
            },
        },
        "Settings": {
            "MultipleInstancesPolicy": "IgnoreNew|Parallel|Queue|StopExisting",
            "DisallowStartIfOnBatteries": YES_OR_NO, "StopIfGoingOnBatteries": YES_OR_NO,
            "AllowHardTerminate": YES_OR_NO, "StartWhenAvailable": YES_OR_NO,
            "AllowStartOnDemand": YES_OR_NO, "Enabled": YES_OR_NO, "Hidden": YES_OR_NO,
            "ExecutionTimeLimit": DURATION, "Priority": "[0-9]|10",
            "RestartOnFailure": {"Interval": DURATION, "Count": r"[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]"},
        },
        "Actions": {"Exec": {"Command": TEXT, "Arguments": TEXT, "WorkingDirectory": TEXT}},
    },
}  # fmt: skip
NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def check(element: etree._Element, schema: dict) -> None:
    name = element.tag.removeprefix(NAMESPACE)
    assert name in schema, f"{name} is not documented here"
    inner = schema[name]
    children = list(element.iterchildren(tag=etree.Element))
    if isinstance(inner, str):
        assert re.fullmatch(inner, element.text or ""), f"{name}: {element.text}"
        assert not children
        return
    names = [child.tag for child in children]
    assert len(names) == len(set(names)), f"{name}: each once"
    for child in children:
        check(child, inner)


@pytest.fixture
def task(program: Program) -> etree._Element:
    return etree.fromstring(windows.recipe(program).content)


def test_the_task_holds_what_the_schema_knows(task: etree._Element):
    check(task, TASK)
    assert task.get("version") == "1.2"
    (principal,) = task.iter(f"{NAMESPACE}Principal")
    (actions,) = task.iter(f"{NAMESPACE}Actions")
    assert principal.get("id") == actions.get("Context")


def test_the_task_is_written_as_windows_writes_it(program: Program):
    recipe = windows.recipe(program)
    assert recipe.content.startswith(b"\xff\xfe<\0?\0")
    assert b"m\0e\0<\0/\0U\0s\0e\0r\0I\0d\0" not in recipe.content, "the example's user is gone"
    assert recipe.start[0].words[:4] == ("schtasks", "/Create", "/TN", "inboxbot")


def test_the_task_runs_without_a_window_and_without_an_end(task: etree._Element):
    (command,) = task.iter(f"{NAMESPACE}Command")
    (arguments,) = task.iter(f"{NAMESPACE}Arguments")
    (limit,) = task.iter(f"{NAMESPACE}ExecutionTimeLimit")
    assert command.text.endswith("pythonw.exe")
    assert arguments.text == "-P -m inboxbot run"
    assert limit.text == "PT0S"


def test_a_home_is_set_by_the_interpreter_since_a_task_has_no_environment(program: Program):
    home = '/tmp/it\'s "mine" & 100%'
    values = windows._values(
        replace(program, command=(*program.command[:4], "--version"),
                environment={"INBOXBOT_HOME": home})
    )  # fmt: skip
    arguments = _as_windows_splits(values["Arguments"])
    assert arguments[:2] == ["-P", "-c"]
    shown = arguments[2].replace(
        "runpy.run_module", "print(os.environ['INBOXBOT_HOME']); runpy.run_module"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", shown, "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[0] == home
    assert "inboxbot, version" in done.stdout


def _as_windows_splits(line: str) -> list[str]:
    """Split a command line as the C runtime does (Parsing C command-line arguments, Microsoft)."""
    words, word, quoted, slashes = [], "", False, 0
    for char in f"{line} ":
        if char == "\\":
            slashes += 1
            continue
        if char == '"':
            word += "\\" * (slashes // 2) + '"' * (slashes % 2)
            quoted ^= not slashes % 2
        elif char == " " and not quoted:
            words.append(word + "\\" * slashes)
            word = ""
        else:
            word += "\\" * slashes + char
        slashes = 0
    return [word for word in words if word]


# ---------------------------------------------------------------- any system


def script(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return str(path)


def recipe_with(folder: Path, *start: Step, stop: tuple[Step, ...] = ()) -> Recipe:
    content = b"# inboxbot service install\n"
    return Recipe(file=folder / "x" / "file", content=content, start=start, stop=stop, log="")


def test_where_a_start_fails_the_file_goes_and_the_condition_is_told(tmp_path: Path):
    undone = tmp_path / "undone"
    fails = Step((script(tmp_path, "fails", "echo no such door >&2; exit 3"),))
    stop = Step((script(tmp_path, "stop", f"touch {undone}; exit 1"),), may_fail=True)
    recipe = recipe_with(tmp_path, fails, stop=(stop,))
    with pytest.raises(ServiceError, match="no such door") as caught:
        install(recipe, lambda: "it sleeps")
    assert "it sleeps" in str(caught.value)
    assert undone.exists()
    assert not recipe.file.exists()


def test_the_files_are_for_the_owner_alone(tmp_path: Path):
    recipe = recipe_with(tmp_path, Step(("true",)))
    install(recipe, lambda: "")
    assert recipe.file.stat().st_mode & 0o077 == 0
    assert uninstall(recipe)
    assert not uninstall(recipe)


def test_what_cannot_be_stopped_is_not_removed(tmp_path: Path):
    stop = Step((script(tmp_path, "stop", "echo no bus >&2; exit 1"),))
    recipe = recipe_with(tmp_path, stop=(stop,))
    install(recipe, lambda: "")
    with pytest.raises(ServiceError, match=r"(?s)no bus.*nothing was removed"):
        uninstall(recipe)
    assert recipe.file.exists()


def test_where_the_service_manager_is_gone_the_file_goes_all_the_same(tmp_path: Path):
    recipe = recipe_with(tmp_path, stop=(Step((str(tmp_path / "no-systemctl"),)),))
    install(recipe, lambda: "")
    assert uninstall(recipe)
    assert not recipe.file.exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "x").touch()
    with pytest.raises(ServiceError, match="cannot be written"):
        install(recipe_with(tmp_path), lambda: "")


def test_the_container_copies_what_there_is_and_runs_the_daemon_as_nobody_special():
    text = (DEPLOY / "Containerfile").read_text()
    for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        for name in line.split():
            assert (DEPLOY.parent / name).exists(), name
    assert re.search(r"^USER \d+:\d+$", text, re.MULTILINE)
    assert re.search(r'^CMD \["run"\]$', text, re.MULTILINE)
