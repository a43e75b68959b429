"""Private files are private from the first byte, and links lead nowhere."""

import fcntl
import os
import stat
from pathlib import Path
from threading import Timer

import pytest

from inboxbot.credentials import Secret, Secrets
from inboxbot.errors import MailboxBusy, NotWritten, PrivacyError, SecretMissing
from inboxbot.lock import holder_of, sole_instance
from inboxbot.private import open_private, private_file, private_folder, read_secret_file
from inboxbot.settings import Account

CANARY = "canary-7f3a"


def account(**fields) -> Account:
    return Account(id="me", kind="imap", address="me@home.example", host="127.0.0.1", **fields)


@pytest.fixture(autouse=True)
def _open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.threat("D14")
def test_a_new_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path):
    path = tmp_path / "above" / "new" / "file"
    with private_file(path) as file:
        file.write(b"x")
        (part,) = path.parent.iterdir()
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="disk"), private_file(path) as file:
        file.write(b"half")
        raise OSError("disk full")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_of_the_users_keeps_its_mode(tmp_path: Path):
    tmp_path.chmod(0o755)
    with private_file(tmp_path / "week.html") as file:
        file.write(b"x")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.threat("D20")
def test_a_linked_folder_is_refused(tmp_path: Path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with pytest.raises(PrivacyError, match="symbolic link"):
        private_folder(tmp_path / "link")


def test_what_cannot_be_made_is_told_with_what_to_look_at(tmp_path: Path):
    (tmp_path / "file").touch()
    for make in (private_folder, open_private):
        with pytest.raises(NotWritten, match="disk is full or read-only"):
            make(tmp_path / "file" / "state")


def test_a_folder_that_is_there_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made, mkdir = [], os.mkdir

    def of_macos(path: Path, mode: int) -> None:
        if Path(path).is_dir():  # what it says of "/", in place of FileExistsError
            raise IsADirectoryError(path)
        made.append(Path(path))
        mkdir(path, mode)

    monkeypatch.setattr(os, "mkdir", of_macos)
    private_folder(tmp_path / "new" / "state")
    assert made == [tmp_path / "new", tmp_path / "new" / "state"]


@pytest.mark.threat("D14")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_password_file_that_others_can_read_is_refused(tmp_path: Path, mode: int):
    path = tmp_path / "password"
    path.write_text(CANARY)
    path.chmod(mode)
    with pytest.raises(PrivacyError, match="chmod 600"):
        read_secret_file(path)


@pytest.mark.threat("D14")
@pytest.mark.threat("D20")
def test_a_linked_password_file_is_refused(tmp_path: Path):
    path = tmp_path / "password"
    path.write_text(CANARY)
    path.chmod(0o600)
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(PrivacyError):
        read_secret_file(tmp_path / "link")
    assert read_secret_file(path) == CANARY


@pytest.mark.threat("D14")
def test_a_secret_prints_as_stars():
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == CANARY


def test_a_password_command_gives_its_first_line():
    fetch = Secrets().of(account(password_command=("printf", "one\\ntwo\\n")))
    assert fetch().reveal() == "one"


@pytest.mark.parametrize(
    ("command", "did"),
    [
        (("false",), r"failed \(status 1\); run it in a terminal"),
        (("/no/such/program",), "is no program on this machine"),
        (("/",), r"cannot be run \(PermissionError\)"),
        (("true",), "printed nothing"),
        (("printf", r"\377"), r"cannot be run \(UnicodeDecodeError\)"),
    ],
)
def test_a_password_command_that_fails_is_told_by_its_name_and_with_what_it_did(
    command: tuple[str, ...], did: str
):
    with pytest.raises(SecretMissing, match=f"{command[0]}' {did}"):
        Secrets().of(account(password_command=command))()


@pytest.mark.threat("D15")
def test_a_failing_password_command_does_not_leak_what_it_printed():
    fetch = Secrets().of(account(password_command=("sh", "-c", f"echo {CANARY}; exit 1")))
    with pytest.raises(SecretMissing) as caught:
        fetch()
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.threat("D28")
def test_a_lock_is_held_by_one_and_free_when_it_ends(tmp_path: Path):
    with sole_instance(tmp_path, "me"):
        assert holder_of(tmp_path, "me") == os.getpid()
        with pytest.raises(MailboxBusy) as caught, sole_instance(tmp_path, "me"):
            pass
        assert caught.value.exit_status == 75
        with sole_instance(tmp_path, "other"):
            pass
    assert holder_of(tmp_path, "me") is None


def test_whoever_looks_at_a_lock_hinders_nobody_who_takes_it(tmp_path: Path):
    with sole_instance(tmp_path, "me"):
        pass
    look = os.open(tmp_path / "me.lock", os.O_RDWR)
    fcntl.flock(look, fcntl.LOCK_EX)  # as `holder_of` does, for a moment
    over = Timer(0.03, os.close, [look])
    over.start()
    with sole_instance(tmp_path, "me"):
        assert holder_of(tmp_path, "me") == os.getpid()
    over.join()


def test_the_lock_asks_for_nothing_that_windows_does_not_have(tmp_path: Path, monkeypatch):
    for name in ("pread", "pwrite", "fchmod", "getuid"):
        monkeypatch.delattr(os, name)
    with sole_instance(tmp_path, "me"):
        assert holder_of(tmp_path, "me") == os.getpid()


@pytest.mark.threat("D20")
def test_a_linked_lock_is_refused(tmp_path: Path):
    (tmp_path / "me.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PrivacyError), sole_instance(tmp_path, "me"):
        pass
