"""A stranger's machine: the wheel, what it declares that it needs, and nothing else."""

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from inboxbot.demo import fill_maildir
from tests.setup.person import at_a_terminal, environment
from tests.setup.steps import agrees

ME = "mara.lindqvist@example.net"  # whom the sample mailbox belongs to
ROOT = Path(__file__).parents[2]


def needed_by(name: str, extras: Iterable[str], known: dict[str, None]) -> Iterable[str]:
    """Return the distributions that one needs, with all that those need."""
    for wanted in map(Requirement, distribution(name).requires or ()):
        marker = wanted.marker
        asked = marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))
        if asked and (wanted.extras or wanted.name not in known):
            known[wanted.name] = None
            needed_by(wanted.name, wanted.extras, known)
    return known


def linked(name: str, site: Path) -> None:
    """Put an installed distribution into another environment, file by file."""
    found = distribution(name)
    tops = {file.parts[0] for file in found.files or () if ".." not in file.parts}
    for top in tops - {"__pycache__"}:
        place, source = site / top, Path(str(found.locate_file(top)))
        if source.exists() and not place.exists():
            place.symlink_to(source)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the installed command of an environment that holds nothing undeclared."""
    base = tmp_path_factory.mktemp("stranger")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", build, str(base)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    home = base / "env"
    venv.create(home, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(home)]
    wheel = base / built.stdout.split()[-1]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    for name in needed_by("inboxbot", (), {}):
        linked(name, site)
    return home / "bin" / "inboxbot"


class Stranger:
    """Somebody whose home holds a Maildir, and who has never heard of INBOXBOT_HOME."""

    def __init__(self, program: Path, home: Path) -> None:
        self.program, self.home = program, home
        self.maildir = home / "Maildir"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment: no folder of this checkout is in it."""
        ours = environment(self.home, NO_COLOR="1")
        return {name: ours[name] for name in ours.keys() - {"INBOXBOT_HOME", "PYTHONPATH"}}

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.program), *arguments],
            cwd=self.home, env=self.environment, capture_output=True, text=True, check=False,
            timeout=300, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert "Traceback" not in said
        return said

    def mails(self, folder: str = "") -> list[Path]:
        """Return the files of a folder of the Maildir, "" for the inbox."""
        return [path for path in (self.maildir / folder).glob("[cn][ue][rw]/*") if path.is_file()]

    def files(self) -> set[str]:
        """Return the files in the home, the mail aside."""
        found = (path for path in self.home.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.home))
            for path in found
            if not path.is_relative_to(self.maildir)
        }


@pytest.fixture
def stranger(program: Path, tmp_path: Path) -> Stranger:
    person = Stranger(program, tmp_path / "home")
    fill_maildir(person.maildir, datetime.now(UTC), UTC)
    return person


def does_its_work_and_leaves(stranger: Stranger) -> None:
    """See all that comes after setup work, and nothing be left at the end."""
    before = len(stranger.mails())
    assert "FAIL" not in stranger.run("check")
    stranger.run("poll")
    assert len(stranger.mails(".Drafts")) >= 3
    stranger.run("summary", "--deliver")
    assert len(stranger.mails()) == before + 1
    planned = stranger.run("service", "install", "--dry-run")
    assert f"{stranger.home}/.local/state/inboxbot" in planned
    assert stranger.files() == {
        ".config/inboxbot/config.toml",
        ".local/state/inboxbot/journal.sqlite3",
        ".local/state/inboxbot/locks/example.lock",
    }
    stranger.run("forget", "--all", "--yes")
    assert not stranger.files()
    assert not [path for path in stranger.home.rglob("*inboxbot*") if path.is_dir()]
    assert len(stranger.mails()) == before + 1


@pytest.mark.slow
def test_from_the_wheel_to_the_last_trace_by_flags(stranger: Stranger):
    assert re.fullmatch(r"inboxbot, version \S+\n", stranger.run("--version"))
    assert "Drafts" in stranger.run("demo", "--out", "demo-out")
    shutil.rmtree(stranger.home / "demo-out")
    answers = ("--address", ME, "--name", "Mara Lindqvist", "--way", "maildir")
    said = stranger.run("setup", *answers, "--path", str(stranger.maildir))
    assert f"Done: {ME} is connected." in said
    does_its_work_and_leaves(stranger)


@pytest.mark.slow
def test_from_the_wheel_to_the_last_trace_by_questions(stranger: Stranger):
    command = (str(stranger.program), "setup")
    with at_a_terminal(command, stranger.environment) as mara:
        mara.answers("Your mail address:", ME)
        mara.answers("Who runs the mail of example.net?", "")
        mara.picks("Which way in?", "No password: a Maildir")
        mara.answers("Folder of the Maildir:", "")
        mara.answers("Your name:", "Mara Lindqvist")
        mara.answers("Other addresses of yours", "")
        agrees(mara)
        mara.ends()
    plan = (str(stranger.program), "poll", "--dry-run")
    with at_a_terminal(plan, stranger.environment) as mara:
        mara.reads("asks priya.raman@")
        assert "{" not in mara.ends()
    does_its_work_and_leaves(stranger)


@pytest.mark.slow
def test_the_pages_that_setup_names_are_in_the_wheel(stranger: Stranger):
    command = (str(stranger.program), "setup")
    with at_a_terminal(command, stranger.environment) as mara:
        mara.answers("Your mail address:", "mara@outlook.com")
        mara.answers("Which way in?", "")
        mara.child.expect(r"(/\S+/docs/microsoft\.md)")
        page = Path(mara.child.match[1])
        mara.interrupts()
        mara.ends(status=130)
    assert page.is_relative_to(stranger.program.parents[1])
    assert page.read_text(encoding="utf-8").startswith("# Outlook.com")
