"""`inboxbot check` and `inboxbot status` as a person sees them who has made mistakes."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.credentials import keep_secret
from inboxbot.mailbox.maildir import deposit
from inboxbot.mailbox.maildir_layout import create_folder
from inboxbot.mailbox.oauth import Grant
from tests.daemon.world import REJECTION, letter
from tests.e2e.command import Command, imap_command
from tests.mailbox.imap_stand_in import StandIn
from tests.servers.authorisation import Google
from tests.servers.dovecot import Account, Dovecot

NOW = datetime.now(UTC)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    root = tmp_path / "Maildir"
    for name in ("INBOX", "Drafts", "Sent", "Trash"):
        create_folder(root, name)
    return root


@pytest.fixture
def command(tmp_path: Path, maildir: Path) -> Command:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text(
        f'[accounts.home]\nkind = "maildir"\npath = "{maildir}"\naddress = "mara@home.example"\n'
    )
    return Command(home)


def change(command: Command, old: str, new: str) -> None:
    file = command.home / "config.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def lines(command: Command, *, status: int = 0) -> dict[str, tuple[str, str]]:
    """Run the check and return what it says: name → (sign, words)."""
    told = command.run("check", status=status)
    parted = [
        re.fullmatch(r"(ok  |warn|FAIL) (.+?) {2,}(.*)|.*", line) for line in told.splitlines()
    ]
    assert all(line and line[1] for line in parted), told
    return {line[2]: (line[1].strip(), line[3]) for line in parted if line}


# ---------------------------------------------------------------- check


def test_a_check_says_one_line_a_thing(command: Command, maildir: Path):
    told = lines(command)
    assert list(told) == [
        "settings", "state folder", "model", "draft templates", "disk", "clock",
        "home: mailbox", "home: drafts", "home: sent", "home: trash", "home: rights",
        "home: watched",
    ]  # fmt: skip
    assert {sign for sign, _ in told.values()} == {"ok"}
    assert told["home: mailbox"][1] == str(maildir)


def test_a_warning_alone_is_no_failure(command: Command, maildir: Path):
    (maildir / ".Trash" / "cur").rmdir()
    told = lines(command)
    assert told["home: trash"][0] == "warn"
    assert 'create it in your mail client, or set trash = "…"' in told["home: trash"][1]


def test_a_failure_ends_with_status_1_and_with_what_to_do_next(command: Command, maildir: Path):
    (maildir / ".Drafts" / "cur").rmdir()
    done = command.try_("check")
    assert done.returncode == 1
    assert "FAIL home: drafts" in done.stdout
    assert done.stderr == "\nMend what failed, then run inboxbot check again.\n"


def test_one_account_that_fails_hides_no_other(command: Command, tmp_path: Path):
    broken = (
        f'[accounts.gone]\nkind = "maildir"\npath = "{tmp_path}/none"\naddress = "a@b.example"\n'
    )
    file = command.home / "config.toml"
    file.write_text(broken + file.read_text())
    told = lines(command, status=1)
    assert told["gone: mailbox"][0] == "FAIL"
    assert told["home: rights"][0] == "ok"


def test_a_host_that_does_not_exist_is_told_as_one(
    tmp_path: Path, dovecot: Dovecot, account: Account
):
    command = imap_command(tmp_path / "home", dovecot, account)
    change(command, 'host = "127.0.0.1"', 'host = "imap.exampel.invalid"')
    sign, words = lines(command, status=1)["home: network"]
    assert sign == "FAIL"
    # The second on a machine that has no name server to ask.
    assert f"imap.exampel.invalid:{dovecot.tls_port} cannot be reached: " in words
    assert "there is no such host" in words or "names cannot be looked up now" in words


@pytest.mark.slow
def test_a_server_that_never_answers_is_told_after_as_many_seconds_as_it_says(
    tmp_path: Path, dovecot: Dovecot, account: Account
):
    with StandIn(greeting=b"") as silent:
        command = imap_command(tmp_path / "home", dovecot, account, 'tls = "none"')
        change(command, f"port = {dovecot.tls_port}", f"port = {silent.port}")
        started = datetime.now(UTC)
        sign, words = lines(command, status=1)["home: network"]
    assert sign == "FAIL"
    assert "did not answer within 20 s" in words
    assert timedelta(seconds=19) < datetime.now(UTC) - started < timedelta(seconds=40)


@pytest.mark.slow
def test_a_clock_that_is_behind_the_journal_is_told(command: Command, maildir: Path):
    data = letter("Jo Park <jo@harbourmaps.example>", "Your application", REJECTION, when=NOW)
    deposit(maildir, "INBOX", data, name="m1", received=NOW)
    command.run("poll", "--now", (NOW + timedelta(days=2)).isoformat())
    sign, words = lines(command, status=1)["clock"]
    assert sign == "FAIL"
    assert words.startswith("this machine's clock says 20")
    assert "that is behind; set it" in words


@pytest.mark.slow
def test_a_template_and_a_state_folder_that_are_wrong_are_told_with_the_rest(
    command: Command, maildir: Path
):
    drafts = command.home / "drafts"
    drafts.mkdir()
    (drafts / "en.toml").write_text("what is this")
    command.run("check", status=1)  # makes the state folder
    (command.home / "elsewhere").mkdir()
    (command.home / "state").rmdir()
    (command.home / "state").symlink_to(command.home / "elsewhere")
    told = lines(command, status=1)
    assert told["draft templates"][0] == "FAIL"
    assert str(drafts / "en.toml") in told["draft templates"][1]
    assert told["state folder"][0] == "FAIL"
    assert "is a symbolic link; remove it" in told["state folder"][1]
    assert told["home: rights"][0] == "ok"


@pytest.mark.slow
def test_the_keyring_has_a_line_where_an_account_keeps_its_password_there(
    tmp_path: Path, dovecot: Dovecot, account: Account, monkeypatch: pytest.MonkeyPatch
):
    command = imap_command(tmp_path / "home", dovecot, account)
    assert "keyring" not in lines(command)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    password = command.home / "password"
    change(command, f'password_file = "{password}"', "")
    told = lines(command, status=1)
    assert told["keyring"][0] == "FAIL"
    assert "there is no keyring on this machine; set password_file" in told["keyring"][1]


@pytest.mark.threat("D23")
def test_a_name_that_would_command_the_terminal_reaches_it_as_plain_words(
    command: Command, maildir: Path
):
    change(command, "[accounts", 'timezone = "UTC"\n[accounts')
    change(command, 'address = "', 'drafts = "x\u202e\u009b31mx"\naddress = "')
    told = command.run("check", status=1)
    assert "FAIL home: drafts" in told
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", told)


def test_settings_that_cannot_be_used_are_all_told_at_once_with_their_lines(command: Command):
    change(command, 'kind = "maildir"', 'kind = "pop3"\ncolour = "blue"')
    for name in ("check", "status"):
        done = command.try_(name)
        assert done.returncode == 2
        assert "line 2: accounts.home.kind: write one of: imap, maildir, gmail" in done.stderr
        assert "line 3: accounts.home.colour: unknown key" in done.stderr


# ---------------------------------------------------------------- status


def screen(command: Command) -> dict[str, str]:
    """Return the status: label → its text, lines joined."""
    told = command.run("status")
    assert max(map(len, told.splitlines())) <= 80 or str(command.home) in told
    rows: dict[str, str] = {}
    label = ""
    for line in told.splitlines():
        label = line[:15].strip() or label
        rows[label] = f"{rows.get(label, '')} {line[15:].strip()}".strip()
    return rows


def test_before_the_first_poll_the_screen_says_what_to_do(command: Command, maildir: Path):
    told = screen(command)
    assert told["last poll"] == "not polled yet; run: inboxbot check, and then: inboxbot poll"
    assert told["running"] == "no"
    assert told["settings"] == str(command.home / "config.toml")
    assert told["journal"] == str(command.home / "state" / "journal.sqlite3")
    assert told["log"].endswith("inboxbot.log")
    assert not (command.home / "state" / "journal.sqlite3").exists()


def test_after_a_poll_the_screen_shows_when_it_was_and_which_drafts_wait_where(
    command: Command, maildir: Path
):
    names = ("Harbour Maps", "Brightwell Labs", "Copperleaf", "Dunmore", "Elmgate", "Fairlight")
    for number, name in enumerate(names):
        domain = f"{name.split()[0].lower()}.example"
        data = letter(
            f"Jo Park <jo@{domain}>", f"Your application to {name}",
            REJECTION.replace("Harbour Maps", name), when=NOW, message_id=f"m{number}",
        )  # fmt: skip
        received = NOW - timedelta(minutes=60 - number)
        deposit(maildir, "INBOX", data, name=f"m{number}", received=received)
    command.run("poll")
    told = screen(command)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d, just now", told["last poll"])
    assert told["drafts wait"].startswith("6 in Drafts ")
    assert told["drafts wait"].endswith("and 1 more")
    assert "jo@fairlight.example: Re: Your application to Fairlight" in told["drafts wait"]
    assert "jo@harbour.example" not in told["drafts wait"], "the newest come first"


def test_the_next_summary_has_a_date_to_come_in_the_users_zone(command: Command, maildir: Path):
    change(
        command, "[accounts",
        'timezone = "Pacific/Auckland"\n[summary]\nday = "Monday"\nhour = 7\n[accounts',
    )  # fmt: skip
    told = screen(command)["next summary"]
    assert told.endswith(", 07:00 Pacific/Auckland")
    day = datetime.strptime(told.split(",")[0] + " +0000", "%A %d %B %Y %z")
    assert day.strftime("%A") == "Monday"
    assert timedelta(days=-1) < day - NOW < timedelta(days=8)


@pytest.mark.slow
def test_trouble_and_a_pause_are_shown_with_what_to_do(command: Command, maildir: Path):
    command.run("pause", "--until", (NOW + timedelta(days=3)).isoformat())
    change(command, f'path = "{maildir}"', f'path = "{maildir}-moved"')
    command.run("poll", status=1)
    told = screen(command)
    assert "no drafts meanwhile; to go on: inboxbot resume" in told["paused"]
    assert told["trouble"] == (
        f"{maildir}-moved: there is nothing there; set path to the Maildir's folder"
    )


@pytest.mark.slow
def test_after_the_search_is_over_no_summary_is_announced(command: Command, maildir: Path):
    command.run("poll")
    command.run("pause", "--hired")
    told = screen(command)
    assert told["next summary"].startswith("none, and no drafts: the search is over")
    assert "paused" not in told


def test_a_permission_that_ends_soon_is_shown_before_it_stops_the_account(
    tmp_path: Path, dovecot: Dovecot, account: Account
):
    command = imap_command(tmp_path / "home", dovecot, account)
    with Google() as google:
        client_file = google.client_file(command.home)
    change(
        command, f'password_file = "{command.home / "password"}"',
        f'oauth = "google"\nclient_file = "{client_file}"\n'
        f'token_file = "{command.home / "token"}"',
    )  # fmt: skip
    change(command, f'user = "{account.name}"', "")

    def give(days_ago: float) -> None:
        grant = Grant(
            provider="google", address=account.address, scopes=(), kept="1//canary",
            authorised=NOW - timedelta(days=days_ago),
        )  # fmt: skip
        keep_secret("x", grant.to_text(), command.home / "token")

    give(6)
    told = screen(command)["permission"]
    assert "Google ends it on" in told
    assert told.endswith("inboxbot setup --renew home")
    give(3)
    assert "permission" not in screen(command)


def test_the_service_is_told_where_it_was_installed(
    command: Command, maildir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert screen(command)["service"] == "none; to run at login: inboxbot service install"
    unit = tmp_path / "xdg" / "systemd" / "user" / "inboxbot.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("# inboxbot service install\n")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    told = screen(command)
    assert told["service"].startswith("installed; there is no systemctl here")
    assert told["log"] == "journalctl --user -u inboxbot"
