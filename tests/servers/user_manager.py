"""A real `systemd --user` of a user of its own, in namespaces of its own: nothing of it is left.

The machine need not have been started by systemd. Needs root, to make the namespaces and to become
the user; the manager itself, and what it runs, is that user and nobody more.

    /home/mara                 in memory
    ~/.local/…/venvs/inboxbot  an interpreter that imports this checkout, as pipx lays it out
    /run/inboxbot              what it is made of, which may lie where that user may not go
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Self

import pytest

from tests.servers.process import server_folder
from tests.servers.require import require
from tests.servers.wait import wait_for

ROOT = Path(__file__).parents[2]
UID = 54321
HOME = Path("/home/mara")
RUNTIME = Path(f"/run/user/{UID}")
VENV = HOME / ".local/share/pipx/venvs/inboxbot"
CHECKOUT = Path("/run/inboxbot")
_COMPANIONS = ("inboxbot", "config", "models", "deploy", "tests", "pyproject.toml")
_ENVIRONMENT = {
    "HOME": str(HOME),
    "USER": "mara",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "XDG_RUNTIME_DIR": str(RUNTIME),
    "DBUS_SESSION_BUS_ADDRESS": f"unix:path={RUNTIME}/bus",
}
_SCRIPT = """
set -eu
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs -o mode=755 none /home
mount -t tmpfs -o mode=755 none /run
mkdir -p -m 755 /run/systemd/system /run/systemd/unit-root /run/user {checkout} {home}
mkdir -m 700 {runtime}
echo 'mara:x:{uid}:{uid}::{home}:/bin/sh' | cat /etc/passwd - > /run/passwd
mount --bind /run/passwd /etc/passwd
seen() {{ if [ -d "$1" ]; then mkdir {checkout}/$2; else touch {checkout}/$2; fi
    mount --bind "$1" {checkout}/$2; }}
for name in {companions}; do seen {root}/$name $name; done
seen {packages} packages
seen {base} python
# An interpreter may know its libraries by their whole path, in a folder that is root's alone.
{as_user} test -x {base}/bin/python3 || {{ mount -t tmpfs -o mode=755 none /{top}
    mkdir -p {base}; mount --bind {checkout}/python {base}; }}
mkdir -p /sys/fs/cgroup/{group}
chown {uid}:{uid} {home} {runtime} /sys/fs/cgroup/{group} /sys/fs/cgroup/{group}/cgroup.procs \
    /sys/fs/cgroup/{group}/cgroup.subtree_control
echo $$ > /sys/fs/cgroup/{group}/cgroup.procs
mkdir -p /run/systemd/journald.conf.d /run/log
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\n' \\
    > /run/systemd/journald.conf.d/own.conf
/lib/systemd/systemd-journald &
cd {home}
{as_user} {base}/bin/python3 -m venv --without-pip {venv}
printf '{checkout}\\n{checkout}/packages\\n' > {venv}/lib/python{version}/site-packages/inboxbot.pth
{as_user} /lib/systemd/systemd --user &
wait
"""


class UserManager:
    """A running manager. Use it as a context manager."""

    def __init__(self) -> None:
        if os.getuid():
            pytest.skip("only root can make a user manager of its own")
        self._unshare = str(require("unshare", "util-linux"))
        self._nsenter = str(require("nsenter", "util-linux"))
        require("/lib/systemd/systemd", "systemd")
        require("dbus-daemon", "dbus-user-session")
        self._folder = server_folder("user-manager")
        self._log = self._folder / "log"
        self._group = f"inboxbot-test-{os.getpid()}"
        self._init: subprocess.Popen[bytes] | None = None
        self._inside = 0  # the process that is the first one inside

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._init = subprocess.Popen(
                [self._unshare, *"--mount --pid --fork --kill-child --mount-proc".split(),
                 "sh", "-c", self._script()],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            wait_for(self._answers, seconds=30, what="the user manager")
        except (TimeoutError, RuntimeError) as error:
            log_text = self._log.read_text(errors="replace")
            self.__exit__()
            if "not permitted" in log_text or "ermission denied" in log_text:
                pytest.xfail("this container lets nobody mount a cgroup2 file system of his own")
            raise RuntimeError(log_text) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._init is not None:
            self._init.kill()
            self._init.wait()
        leave = (
            "mount -t cgroup2 none /sys/fs/cgroup; cd /sys/fs/cgroup; for i in 1 2 3 4 5; do "
            f"find {self._group} -depth -type d -exec rmdir {{}} + && break; sleep 0.2; done"
        )
        subprocess.run(
            [self._unshare, "--mount", "sh", "-c", leave], capture_output=True, check=False
        )
        shutil.rmtree(self._folder)

    @property
    def python(self) -> Path:
        """Return the interpreter that the user has inboxbot in."""
        return VENV / "bin" / "python"

    def run(self, *words: object, status: int | None = 0, **more: str) -> str:
        """Run a command as the user, inside; return what it prints. `more` is environment."""
        done = self.try_(*words, **more)
        if status is not None:
            assert done.returncode == status, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def try_(self, *words: object, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the user, inside."""
        return subprocess.run(
            [self._nsenter, "--mount", "--pid", "--target", str(self._inside),
             *_as_user(**more), *map(str, words)],
            capture_output=True, text=True, check=False, timeout=300, cwd="/",
        )  # fmt: skip

    def inboxbot(self, *words: object, status: int | None = 0, **more: str) -> str:
        """Run inboxbot as the user, inside; return stdout."""
        return self.run(self.python, "-P", "-m", "inboxbot", *words, status=status, **more)

    def journal(self, identifier: str) -> list[dict[str, str]]:
        """Return what the machine's journal holds of one program, in order."""
        told = subprocess.run(
            [self._nsenter, "--mount", "--pid", "--target", str(self._inside),
             "journalctl", "--no-pager", "--output=json", f"SYSLOG_IDENTIFIER={identifier}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [json.loads(line) for line in told.stdout.splitlines()]

    def outside(self, path: Path) -> Path:
        """Return where a path inside is seen from here."""
        return Path(f"/proc/{self._inside}/root") / path.relative_to("/")

    def put(self, path: Path, data: bytes, mode: int = 0o600) -> None:
        """Write a file of the user's."""
        there = self.outside(path)
        for folder in reversed([one for one in there.parents if not one.exists()]):
            folder.mkdir(mode=0o700)
            os.chown(folder, UID, UID)
        there.write_bytes(data)
        there.chmod(mode)
        os.chown(there, UID, UID)

    def _answers(self) -> bool:
        if self._init is None or self._init.poll() is not None:
            raise RuntimeError("the user manager ended")
        children = Path(f"/proc/{self._init.pid}/task/{self._init.pid}/children").read_text()
        self._inside = int(children.split()[0]) if children.split() else 0
        if not self._inside or not self.outside(RUNTIME / "bus").exists():
            return False
        return "running" in self.run("systemctl", "--user", "is-system-running", status=None)

    def _script(self) -> str:
        return _SCRIPT.format(
            checkout=CHECKOUT, home=HOME, runtime=RUNTIME, uid=UID, venv=VENV, root=ROOT,
            companions=" ".join(_COMPANIONS), packages=sysconfig.get_path("purelib"),
            group=self._group, as_user=" ".join(_as_user()),
            base=sys.base_prefix, top=Path(sys.base_prefix).parts[1],
            version=f"{sys.version_info.major}.{sys.version_info.minor}",
        )  # fmt: skip


def _as_user(**more: str) -> list[str]:
    words = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--inh-caps=-all"]
    environment = {**_ENVIRONMENT, **more}
    return [*words, "env", "-i", *(f"{name}={value}" for name, value in environment.items())]
