"""Settings: every default in one place, every problem at once, with its line."""

import tomllib
from datetime import time, timedelta
from pathlib import Path

import pytest

from inboxbot.core.policy import QuietHours
from inboxbot.errors import SettingsError
from inboxbot.resources import CONFIG
from inboxbot.settings import Settings, load, places
from inboxbot.settings.reading import _READERS

SMALLEST = """
[accounts.me]
kind = "maildir"
path = "/tmp/Maildir"
address = "Me@Example.org"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, text))
    assert caught.value.exit_status == 2
    return str(caught.value)


def test_four_lines_are_enough(tmp_path: Path):
    settings = load(written(tmp_path, SMALLEST))
    account = settings.accounts["me"]
    assert account.address == "me@example.org"
    assert account.folders == ("INBOX",)
    assert settings.policy.max_age == timedelta(days=14)
    assert settings.policy.drafts_per_day == 10
    assert settings.policy.quiet_hours == QuietHours(time(20), time(8))
    assert settings.summary.day == 4


def test_values_are_read(tmp_path: Path):
    text = SMALLEST + '[policy]\nquiet_hours = "20:00-08:00"\ndelay = "2h"\n[summary]\nday="Monday"'
    settings = load(written(tmp_path, text))
    assert settings.policy.quiet_hours.hold(time(23, 10))
    assert not settings.policy.quiet_hours.hold(time(8, 0))
    assert settings.policy.delay == timedelta(hours=2)
    assert settings.summary.day == 0


def test_all_problems_are_told_at_once_each_with_its_line(tmp_path: Path):
    text = 'timezone = "Mars"\n' + SMALLEST + '[policy]\nmax_age = 14\ndealy = "2h"\n'
    told = problems(tmp_path, text)
    assert "line 1: timezone" in told
    assert "line 8: policy.max_age" in told
    assert "line 9: policy.dealy: unknown key; did you mean delay?" in told
    assert "config.toml" in told


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ('kind = "imap"', "host"),
        ('address = "two@a.bb, other@a.bb"', "one bare mail address"),
        ('address = "a@b.cc\\r\\nBcc: x@y.zz"', "control character"),
        ('password = "secret"', "unknown key"),
        ('path = "Maildir"', "whole path"),
    ],
)
@pytest.mark.threat("D24")
def test_a_wrong_account_is_refused_with_advice(tmp_path: Path, line: str, advice: str):
    key = line.partition(" ")[0]
    kept = [given for given in SMALLEST.splitlines() if not given.startswith(f"{key} ")]
    assert advice in problems(tmp_path, "\n".join([*kept, line]))


@pytest.mark.threat("D18")
def test_only_a_server_on_this_machine_may_go_without_tls(tmp_path: Path):
    text = '[accounts.me]\nkind="imap"\nhost="{}"\naddress="a@b.cc"\ntls="none"\n'
    assert "tls" in problems(tmp_path, text.format("mail.example.org"))
    assert load(written(tmp_path, text.format("127.0.0.1"))).accounts["me"].tls == "none"


OAUTH = """
[accounts.me]
kind = "imap"
host = "imap.example.org"
address = "a@b.cc"
"""


def test_a_permission_takes_the_place_of_a_password(tmp_path: Path):
    google = 'oauth = "google"\nclient_file = "~/client.json"\n'
    account = load(written(tmp_path, OAUTH + google)).accounts["me"]
    assert (account.provider, account.login, account.token_file) == ("google", "a@b.cc", None)
    assert account.client_file == Path.home() / "client.json"
    microsoft = 'oauth = "microsoft"\nclient_id = "1-2"\nuser = "me@b.cc"\n'
    account = load(written(tmp_path, OAUTH + microsoft)).accounts["me"]
    assert (account.provider, account.login) == ("microsoft", "me@b.cc")
    assert account.authority == "https://login.microsoftonline.com/common"
    by_api = '[accounts.me]\nkind = "gmail"\naddress = "a@gmail.com"\nclient_file = "/c.json"\n'
    assert load(written(tmp_path, by_api)).accounts["me"].provider == "google"


def test_a_secret_may_come_from_systemd_by_its_name(tmp_path: Path):
    given = 'password_file = "credential:mine"\n'
    account = load(written(tmp_path, OAUTH + given)).accounts["me"]
    assert str(account.password_file) == "credential:mine"


@pytest.mark.threat("D14")
@pytest.mark.threat("D19")
@pytest.mark.parametrize(
    ("lines", "advice"),
    [
        ('oauth = "yahoo"', "google, microsoft"),
        ('oauth = "google"', "client_file"),
        ('oauth = "microsoft"', "client_id"),
        ('oauth = "google"\nclient_file = "/c"\npassword_file = "/p"', "password_file"),
        ('oauth = "google"\nclient_file = "/c"\npassword_command = ["x"]', "password_command"),
        ('oauth = "microsoft"\nclient_id = "1"\ntoken_file = "credential:t"', "token_file"),
        ('oauth = "microsoft"\nclient_id = "1"\nauthority = "http://x/y"', "authority"),
        ('oauth = "microsoft"\nclient_id = "1"\nauthority = "https://x/y?z"', "authority"),
        ('password_file = "credential:"', "credential:mine"),
        ('password_file = "credential:../up"', "credential:mine"),
        ('password_file = "credential:.."', "credential:mine"),
        ('refresh_token = "1//x"', "unknown key"),
        ('client_secret = "x"', "unknown key"),
    ],
)
def test_a_permission_that_does_not_fit_is_told_with_its_line(tmp_path, lines: str, advice: str):
    told = problems(tmp_path, OAUTH + lines)
    assert advice in told
    assert "line " in told


def test_gmail_by_its_api_is_not_opened_by_a_password_nor_by_microsoft(tmp_path: Path):
    text = '[accounts.me]\nkind = "gmail"\naddress = "a@gmail.com"\npassword_file = "/p"\n'
    assert "client_file" in problems(tmp_path, text)
    assert "remove it" in problems(tmp_path, text)
    assert "Gmail is Google's" in problems(tmp_path, text + 'oauth = "microsoft"\n')


def test_a_maildir_needs_no_permission(tmp_path: Path):
    assert "maildir needs no permission" in problems(tmp_path, SMALLEST + 'oauth = "google"\n')


def two(tmp_path: Path, one: str, other: str) -> Path:
    same = 'address = "me@home.example"\n'
    return written(tmp_path, f"[accounts.one]\n{same}{one}\n[accounts.other]\n{same}{other}\n")


AT_HOME = 'kind = "imap"\nhost = "imap.home.example"'
AT_WORK = 'kind = "imap"\nhost = "imap.work.example"\nuser = "me@home.example"'
BY_API = 'kind = "gmail"\nclient_file = "/client.json"'
FOLDER = 'kind = "maildir"\npath = "/mail"'


@pytest.mark.parametrize(
    ("one", "other", "advice"),
    [
        (FOLDER, FOLDER, "once more"),
        (AT_HOME, AT_HOME.replace("imap.home", "IMAP.Home"), "once more"),
        (AT_HOME, AT_WORK, "set password_file"),
        (AT_HOME, BY_API, "set token_file"),
    ],
)
def test_two_accounts_are_not_one_mailbox_and_share_no_secret(tmp_path, one, other, advice):
    with pytest.raises(SettingsError, match=rf"line 5: accounts\.other: .*{advice}"):
        load(two(tmp_path, one, other))


def test_two_accounts_may_have_one_address(tmp_path: Path):
    for one in (f'{AT_WORK}\npassword_file = "/secret"', FOLDER):
        assert len(load(two(tmp_path, AT_HOME, one)).accounts) == 2


@pytest.mark.parametrize("key", ["ca_file", "password_file"])
def test_a_path_is_a_whole_one_wherever_inboxbot_is_started(tmp_path: Path, key: str):
    told = problems(tmp_path, SMALLEST.replace("path =", f'{key} = "mine"\npath ='))
    assert f'{key}: write the whole path: "{tmp_path}/mine"' in told


def test_a_missing_file_says_what_to_do(tmp_path: Path):
    with pytest.raises(SettingsError, match="no settings yet; run: inboxbot setup"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("text", ["= broken", "[accounts.me", "\xff"])
def test_what_is_no_toml_is_told(tmp_path: Path, text: str):
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"config\.toml"):
        load(path)


def test_inboxbot_home_moves_settings_and_state_together(tmp_path: Path):
    found = places(environment={"INBOXBOT_HOME": str(tmp_path)})
    assert found.config == tmp_path / "config.toml"
    assert found.state.parent == tmp_path
    other = places(tmp_path / "other.toml", environment={"INBOXBOT_HOME": str(tmp_path)})
    assert other.config == tmp_path / "other.toml"
    assert other.state == found.state


def test_the_example_file_names_every_key_with_its_default(tmp_path: Path):
    text = (CONFIG / "inboxbot.example.toml").read_text(encoding="utf-8")
    for readers in _READERS.values():
        for key in readers:
            assert f"{key} = " in text, key
    load(written(tmp_path, text))


def test_the_example_files_commented_keys_can_be_used(tmp_path: Path):
    text = (CONFIG / "inboxbot.example.toml").read_text(encoding="utf-8")
    used = [
        line.removeprefix("# ")
        for line in text.splitlines()
        if line.startswith("# ") and "= " in line and line[2:].split(" =")[0].isidentifier()
    ]
    assert len(used) > 25
    for line in used:
        tomllib.loads(line)


def test_every_key_has_a_way_to_be_read():
    for kind, readers in _READERS.items():
        names = {field for field in kind.__dataclass_fields__ if field != "id"}
        if kind is Settings:
            names -= {"accounts", "policy", "summary", "profile"}
        assert names == set(readers)
