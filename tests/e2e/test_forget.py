"""`inboxbot forget`: shown, asked about, and then gone from the disk."""

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from click.testing import CliRunner

from inboxbot.cli import inboxbot
from inboxbot.core.erase import of_employer
from inboxbot.daemon.forget import chosen
from inboxbot.errors import InboxbotError
from inboxbot.journal.store import Journal
from inboxbot.lock import sole_instance
from inboxbot.mailbox.maildir import deposit
from inboxbot.mailbox.maildir_layout import create_folder
from tests.daemon.world import REJECTION, letter
from tests.e2e.command import Command

CANARIES = ("Quillon", "quillon.example", "Zephyrine", "quillon-subject")


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a home and a Maildir after the first poll, to be copied."""
    folder = tmp_path_factory.mktemp("polled")
    root = folder / "Maildir"
    for name in ("INBOX", "Drafts", "Sent", "Trash"):
        create_folder(root, name)
    now = datetime.now(UTC)
    quillon = REJECTION.replace("Harbour Maps", "Quillon").replace("Jo Park", "Zephyrine Ott")
    for name, data, hours in (
        ("m1", letter("Jo Park <jo@harbourmaps.example>", "Your application", REJECTION), 3),
        ("m2", letter("Zephyrine Ott <z@quillon.example>", "quillon-subject", quillon), 2),
    ):
        deposit(root, "INBOX", data, name=name, flags="", received=now - timedelta(hours=hours))
    set_up(folder).run("poll")
    return folder


def set_up(folder: Path) -> Command:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(
        f'[accounts.home]\nkind = "maildir"\npath = "{folder / "Maildir"}"\n'
        'address = "mara@home.example"\nname = "Mara Lind"\n'
    )
    return Command(home)


@pytest.fixture
def command(tmp_path: Path, polled: Path) -> Command:
    shutil.copytree(polled, tmp_path, dirs_exist_ok=True)
    return set_up(tmp_path)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return tmp_path / "Maildir"


@dataclass(frozen=True)
class Told:
    status: int
    stdout: str
    stderr: str


def forget(command: Command, *arguments: str, answer: str = "") -> Told:
    """Run the command in this process, as `__main__` does: a second less each time."""
    environment = {"INBOXBOT_HOME": str(command.home), "NO_COLOR": "1"}
    done = CliRunner().invoke(inboxbot, ["forget", *arguments], answer, environment)
    if isinstance(done.exception, InboxbotError):
        return Told(done.exception.exit_status, done.stdout, str(done.exception))
    assert isinstance(done.exception, SystemExit | None)
    return Told(done.exit_code, done.stdout, done.stderr)


def drafts(maildir: Path) -> list[Path]:
    return [path for sub in ("cur", "new") for path in (maildir / ".Drafts" / sub).iterdir()]


def files(command: Command) -> list[Path]:
    return [path for path in (command.home / "state").rglob("*") if path.is_file()]


def canaries(command: Command) -> set[str]:
    return {
        canary
        for path in files(command)
        for canary in CANARIES
        if canary.casefold().encode() in path.read_bytes().lower()
    }


def test_an_employer_is_forgotten_for_good_and_its_draft_stays_the_users(
    command: Command, maildir: Path
):
    assert canaries(command) == set(CANARIES)
    done = command.try_("forget", "--employer", "quillon", "--yes")
    assert done.returncode == 0, done.stderr
    assert "mails: 1, records of drafts: 1, lines of the journal: 3" in done.stderr
    assert "employers: Quillon\n" in done.stderr
    assert "drafts of these in your mailbox: 1" in done.stderr
    assert "they stay as they are" in done.stderr
    assert canaries(command) == set()
    assert len(drafts(maildir)) == 2
    assert "Harbour Maps" in command.run("journal", "--json")


def test_what_was_forgotten_is_not_drafted_again_when_the_mailbox_is_read_anew(
    command: Command, maildir: Path
):
    command.run("forget", "--employer", "Quillon", "--yes")
    for draft in drafts(maildir):
        draft.unlink()
    journal = sqlite3.connect(command.home / "state" / "journal.sqlite3")
    journal.execute("DELETE FROM folder_cursor")
    journal.commit()
    journal.close()
    command.run("poll")
    assert drafts(maildir) == []
    reasons = [event["payload"].get("reason") for event in command.events()]
    assert "duplicate" in reasons


def test_what_an_interrupted_run_has_left_in_the_file_goes_with_the_next(command: Command):
    with Journal.open(command.home / "state" / "journal.sqlite3") as journal:
        journal._db.execute("PRAGMA secure_delete = OFF")  # on in Debian's SQLite, off elsewhere
        erasure = chosen(journal, "home", partial(of_employer, "Quillon"))
        journal.erase(journal.hold("home", datetime.now(UTC)), erasure)
        # … and the power fails before the file is written anew.
    assert canaries(command) == set(CANARIES)
    assert "nothing is known of that" in forget(command, "--employer", "Quillon", "--yes").stderr
    assert canaries(command) == set()


def test_it_asks_and_a_no_erases_nothing(command: Command):
    before = command.run("journal", "--json")
    for answer in ("n\n", ""):
        done = forget(command, "--older-than", "0d", answer=answer)
        assert done.status == 1
        assert "Erase this for good?" in done.stderr
        assert done.stdout == "", "words for people go to stderr"
    assert command.run("journal", "--json") == before


def test_what_is_older_than_a_year_goes(command: Command):
    done = forget(command, "--older-than", "1y", "--yes")
    assert done.status == 0
    assert "nothing is known of that" in done.stderr
    later = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    forget(command, "--older-than", "1y", "--yes", "--now", later)
    assert canaries(command) == set()
    assert command.run("journal", "--json") == ""


def test_an_employer_that_is_not_known_is_told_with_those_that_are_like_it(command: Command):
    done = forget(command, "--employer", "Quilon")
    assert done.status == 0
    assert "but something is of: Quillon" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("--all", "--employer", "Acme"), ("--older-than", "1y", "--all"),
        ("--older-than", "long"), ("--employer", "???"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_erases_nothing(command: Command, arguments: tuple[str, ...]):
    done = forget(command, *arguments, "--yes")
    assert done.status == 2, done.stderr
    assert canaries(command) == set(CANARIES)


@pytest.mark.parametrize("what", [("--all",), ("--older-than", "0d")])
def test_while_inboxbot_runs_nothing_is_erased(command: Command, what: tuple[str, ...]):
    with sole_instance(command.home / "state" / "locks", "home"):
        done = forget(command, *what, "--yes")
    assert done.status == 75
    assert canaries(command) == set(CANARIES)


def test_all_leaves_nothing_but_what_the_user_wrote(command: Command, maildir: Path):
    own = command.home / "drafts" / "en.toml"
    own.parent.mkdir()
    own.write_text("# mine")
    done = forget(command, "--all", "--yes")
    assert done.status == 0, done.stderr
    assert [path for path in command.home.rglob("*") if path.is_file()] == [own]
    assert not (command.home / "state").exists()
    assert f"left, since it is yours: {own.parent}" in done.stderr
    assert len(drafts(maildir)) == 2


def test_settings_are_asked_about_apart(command: Command):
    done = forget(command, "--all", answer="y\nn\n")
    assert done.status == 0, done.stderr
    assert "Erase your settings as well" in done.stderr
    assert [path.name for path in command.home.iterdir()] == ["config.toml"]
    forget(command, "--all", "--yes", "--keep-settings")
    assert (command.home / "config.toml").exists()
    forget(command, "--all", "--yes")
    assert list(command.home.iterdir()) == []


def test_a_settings_file_of_ones_own_place_is_never_removed(command: Command, tmp_path: Path):
    elsewhere = tmp_path / "mine.toml"
    (command.home / "config.toml").rename(elsewhere)
    forget(command, "--all", "--yes", "--config", str(elsewhere))
    assert elsewhere.exists()
    assert list(command.home.iterdir()) == []


def test_broken_settings_hinder_nobody_from_leaving(command: Command):
    (command.home / "config.toml").write_text("[accounts")
    done = forget(command, "--all", "--yes")
    assert done.status == 0
    assert "passwords in the keyring stay" in done.stderr
    assert list(command.home.iterdir()) == []


def test_the_logs_the_copies_and_the_password_that_inboxbot_kept_go_too(command: Command):
    state = command.home / "state"
    (state / "logs").mkdir()
    (state / "logs" / "inboxbot.log.1").write_text("old")
    (state / "journal.sqlite3.v1.backup").write_text("old")
    kept, own = command.home / "password", command.home.parent / "my-own-password"
    for path in (kept, own):
        path.write_text("secret")
        path.chmod(0o600)
    (command.home / "config.toml").write_text(
        "".join(
            f'[accounts.{name}]\nkind = "imap"\nhost = "127.0.0.1"\naddress = "{name}@home.example"'
            f'\npassword_file = "{path}"\n'
            for name, path in (("kept", kept), ("own", own))
        )
    )
    done = forget(command, "--all", "--yes")
    assert done.status == 0, done.stderr
    assert str(kept) in done.stderr
    assert list(command.home.iterdir()) == []
    assert own.exists()


def test_what_a_power_cut_has_left_half_written_goes_too(command: Command):
    state = command.home / "state"
    kept = command.home / "password"
    left = [
        state / ".journal.sqlite3.v1.backup.77.part",
        state / ".setup.json.77.part",
        state / "journal.sqlite3-journal",
        command.home / ".password.77.part",
        command.home / ".config.toml.77.part",
    ]
    for path in left:
        path.write_text(CANARIES[0])
    with (command.home / "config.toml").open("a") as settings:
        settings.write(
            '[accounts.kept]\nkind = "imap"\nhost = "127.0.0.1"\naddress = "kept@home.example"\n'
            f'password_file = "{kept}"\n'
        )
    done = forget(command, "--employer", "Quillon", "--yes")
    assert (done.status, left[0].exists()) == (0, False), "a copy of the whole journal"
    done = forget(command, "--all", "--yes")
    assert done.status == 0, done.stderr
    assert list(command.home.iterdir()) == []


def test_what_is_not_inboxbots_stays_wherever_it_lies(command: Command):
    own = [command.home / "state" / folder / "mine.txt" for folder in ("logs", "locks")]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    done = forget(command, "--all", "--yes")
    assert done.status == 0, done.stderr
    assert [path for path in command.home.rglob("*") if path.is_file()] == sorted(own)[::-1]


def test_as_long_as_a_secret_cannot_be_erased_the_settings_that_name_it_stay(
    command: Command, monkeypatch: pytest.MonkeyPatch
):
    settings = command.home / "config.toml"
    with settings.open("a") as file:
        file.write(
            '[accounts.kept]\nkind = "imap"\nhost = "127.0.0.1"\naddress = "kept@home.example"\n'
        )
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.backends.fail.Keyring())
    done = forget(command, "--all", "--yes")
    assert done.status == 1
    assert "not erased: kept@home.example in the keyring" in done.stderr
    assert "Done" not in done.stderr
    assert [path for path in command.home.rglob("*") if path.is_file()] == [settings]


def test_a_file_that_cannot_be_erased_is_told(command: Command):
    stuck = command.home / "state" / "journal.sqlite3.v1.backup"
    stuck.mkdir()
    done = forget(command, "--all", "--yes")
    assert done.status == 1
    assert f"not erased: {stuck}" in done.stderr
    assert "Done" not in done.stderr


def test_with_the_platforms_own_folders_those_go_as_well(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folders = {name: tmp_path / name for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    (folders["XDG_CONFIG_HOME"] / "inboxbot").mkdir(parents=True)
    (command.home / "config.toml").rename(folders["XDG_CONFIG_HOME"] / "inboxbot" / "config.toml")
    environment = {**os.environ, **{name: str(path) for name, path in folders.items()}}
    environment.pop("INBOXBOT_HOME", None)
    for arguments in (("poll",), ("forget", "--all", "--yes")):
        subprocess.run(
            [sys.executable, "-m", "inboxbot", *arguments],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
    assert [list(folder.iterdir()) for folder in folders.values()] == [[], []]


def test_where_nothing_is_stored_nothing_is_asked(tmp_path: Path):
    command = Command(tmp_path / "nobody")
    assert forget(command, "--all").stdout == ""
    assert "nothing to forget" in forget(command, "--older-than", "1y").stderr
