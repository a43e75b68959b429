"""Setup's hand in the user's settings: what was there stays, and nothing broken is ever written."""

import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxbot.errors import NotWritten, SettingsError
from inboxbot.resources import CONFIG
from inboxbot.settings import load
from inboxbot.settings.file import add_account, write

MINE = {"kind": "imap", "address": "me@home.example", "host": "imap.home.example"}
FILE = """\
# mine, since 2026
poll_every = "5m"      # often

[accounts.home]        # the old one
kind = "imap"
host = "mail.old.example"   # it moved
address = "me@old.example"
password_file = "/home/me/secret"
aliases = ["jobs@old.example"]   # for applications
folders = ["INBOX", "Jobs"]

[policy]
# never on a Monday morning
quiet_hours = "20:00-08:00"

[accounts.local]
kind = "maildir"
path = "/home/me/Maildir"
address = "me@local.example"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "config.toml"


@pytest.fixture
def file(path: Path) -> Path:
    path.parent.mkdir()
    path.write_text(FILE, encoding="utf-8")
    return path


# ---------------------------------------------------------------- a new file


def test_a_new_file_points_to_the_example_and_holds_the_account(path):
    text = add_account(path, "mine", MINE)
    assert not path.parent.exists()
    assert text.startswith("#")
    assert (CONFIG / "inboxbot.example.toml").name in text
    assert tomllib.loads(text) == {"accounts": {"mine": MINE}}


def test_what_was_written_can_be_loaded_and_is_private(path):
    write(path, add_account(path, "mine", MINE, sections={"summary": {"language": "de"}}))
    found = load(path)
    assert found.accounts["mine"].host == "imap.home.example"
    assert found.summary.language == "de"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["config.toml"]


def test_values_of_python_become_those_of_toml(path):
    values = {
        "kind": "maildir",
        "path": Path("/home/me/Mail Dir"),
        "address": "me@home.example",
        "name": 'Zoë "Z" Öğün \\ 🙂',
        "folders": ("INBOX", "Entwürfe & Co"),
        "corrections": True,
    }
    write(path, add_account(path, "local", values))
    account = load(path).accounts["local"]
    assert account.path == values["path"]
    assert account.name == values["name"]
    assert account.folders == values["folders"]
    assert account.corrections


# ---------------------------------------------------------------- a file that is there


def test_a_new_account_comes_last_and_not_a_letter_changes_before_it(file):
    text = add_account(file, "mine", MINE)
    assert text.startswith(FILE)
    assert tomllib.loads(text)["accounts"].keys() == {"home", "local", "mine"}
    assert file.read_text(encoding="utf-8") == FILE


def test_an_account_of_that_name_is_reached_as_told_and_keeps_its_other_keys(file):
    values = {**MINE, "auth": "xoauth2", "oauth": "microsoft", "client_id": "abc"}
    text = add_account(file, "home", values)
    kept = {"aliases": ["jobs@old.example"], "folders": ["INBOX", "Jobs"]}
    assert tomllib.loads(text)["accounts"]["home"] == {**values, **kept}
    for comment in ("# mine, since 2026", "# the old one", "# it moved", "# for applications"):
        assert comment in text
    others = tomllib.loads(FILE)
    changed = tomllib.loads(text)
    assert changed["accounts"]["local"] == others["accounts"]["local"]
    assert changed["policy"] == others["policy"]


def test_keys_are_set_at_the_top_and_in_sections_new_and_old(file):
    sections = {
        "": {"timezone": "Europe/Berlin", "poll_every": "9m"},
        "policy": {"delay": "2h"},
        "profile": {"level": "senior"},
    }
    text = add_account(file, "mine", MINE, sections=sections)
    found = tomllib.loads(text)
    assert (found["timezone"], found["poll_every"]) == ("Europe/Berlin", "9m")
    assert found["policy"] == {"quiet_hours": "20:00-08:00", "delay": "2h"}
    assert found["profile"] == {"level": "senior"}
    assert found["accounts"] == {**tomllib.loads(FILE)["accounts"], "mine": MINE}
    assert "# never on a Monday morning" in text


def test_the_example_file_takes_an_account_and_keeps_every_line(path):
    path.parent.mkdir()
    example = (CONFIG / "inboxbot.example.toml").read_text(encoding="utf-8")
    path.write_text(example, encoding="utf-8")
    text = add_account(path, "second", MINE, sections={"summary": {"language": "de"}})
    assert set(example.splitlines()) <= set(text.splitlines())


def test_the_same_change_twice_changes_nothing_more(file):
    write(file, add_account(file, "mine", MINE, sections={"profile": {"level": "mid"}}))
    once = file.read_text(encoding="utf-8")
    assert add_account(file, "mine", MINE, sections={"profile": {"level": "mid"}}) == once


BLOCKS = (
    'poll_every = "5m"  # top\n',
    '[accounts.a]\nkind = "maildir"\npath = "/m"  # where\naddress = "a@a.example"\n',
    "[accounts.'b-2'] # two\nkind = 'imap'\nhost = '''h'''\naddress = \"b@a.example\"\n",
    "[policy]\n# quiet\ndelay = '2h'\nnever_ask = [\n  'Acme',  # them\n]\n",
    "[summary]\nhour = 9\n\n\n",
    "[profile]\n",
)
CHANGES = st.sampled_from(
    [
        ("a", MINE, {}),
        ("b-2", MINE, {"": {"timezone": "UTC"}}),
        ("new", MINE, {"summary": {"day": "Monday"}, "profile": {"level": "lead"}}),
        ("new", MINE, {"policy": {"never_ask": ["Corp"]}}),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    blocks=st.permutations(BLOCKS[1:]).map(lambda rest: BLOCKS[:1] + tuple(rest)),
    between=st.sampled_from(["", "\n", "# a remark\n"]),
    change=CHANGES,
)
def test_in_any_order_of_sections_only_what_was_asked_for_changes(
    tmp_path_factory, blocks, between, change
):
    path = tmp_path_factory.mktemp("any") / "config.toml"
    before = between.join(blocks)
    path.write_text(before, encoding="utf-8")
    name, values, sections = change
    after = add_account(path, name, values, sections=sections)
    wanted = tomllib.loads(before)
    account = wanted["accounts"].setdefault(name, {})
    account.pop("path", None)
    account.update(values)
    for section, keys in sections.items():
        (wanted.setdefault(section, {}) if section else wanted).update(keys)
    assert tomllib.loads(after) == wanted
    for remark in ("# top", "# where", "# two", "# quiet"):
        removed = name == "a" and remark == "# where"
        assert (remark in after) != removed


# ---------------------------------------------------------------- what is refused


def refused(change: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        change(*args, **kwargs)
    return str(caught.value)


def test_settings_that_could_not_be_loaded_are_not_made(file):
    told = refused(add_account, file, "mine", {**MINE, "tls": "none", "colour": "red"})
    assert "accounts.mine.colour: unknown key" in told
    assert str(file) in told
    assert "name accounts with letters" in refused(add_account, file, "a b]\n[c", MINE)
    sections = {"summary": {"language": "xx"}}
    assert "write one of: en, de" in refused(add_account, file, "mine", MINE, sections=sections)
    assert file.read_text(encoding="utf-8") == FILE


def test_a_file_that_is_no_toml_stays_and_is_told_of(file):
    file.write_text("[accounts.home\nkind = imap", encoding="utf-8")
    assert "not TOML" in refused(add_account, file, "mine", MINE)
    file.write_bytes(b"\xff\xfe")
    assert "line 1: not UTF-8" in refused(add_account, file, "mine", MINE)
    assert file.read_bytes() == b"\xff\xfe"


def test_a_file_that_has_other_mistakes_is_not_built_upon(file):
    file.write_text(FILE.replace("quiet_hours", "quiet_horus"), encoding="utf-8")
    assert "did you mean quiet_hours?" in refused(add_account, file, "mine", MINE)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("accounts = 5\n", "a"),
        ("[accounts]\na = 5\n", "a"),
        ('accounts = {a = {kind = "maildir", path = "/m", address = "a@a.example"}}\n', "new"),
        ('accounts.a.kind="maildir"\naccounts.a.path="/m"\naccounts.a.address="a@a.bb"\n', "a"),
    ],
)  # fmt: skip
def test_a_file_of_another_style_is_left_to_its_writer(file, text, name):
    file.write_text(text, encoding="utf-8")
    assert "or make the change by hand" in refused(add_account, file, name, MINE)
    assert file.read_text(encoding="utf-8") == text


def test_text_that_is_no_settings_is_never_written(file):
    for broken in ("", "x = 1\n", "[accounts.a\n", FILE.replace('"5m"', "5")):
        with pytest.raises(SettingsError):
            write(file, broken)
    assert file.read_text(encoding="utf-8") == FILE


# ---------------------------------------------------------------- the disk


def test_a_file_that_the_user_has_closed_is_not_replaced(file):
    text = add_account(file, "mine", MINE)
    file.chmod(0o400)
    with pytest.raises(NotWritten, match="is read-only; allow it"):
        write(file, text)
    assert file.read_text(encoding="utf-8") == FILE


def test_where_no_folder_can_be_made_the_words_say_so(path, tmp_path):
    text = add_account(path, "mine", MINE)
    (tmp_path / "file").touch()
    with pytest.raises(NotWritten, match="cannot be written"):
        write(tmp_path / "file" / "config.toml", text)


def test_a_link_to_the_users_own_file_stays_a_link(file, tmp_path):
    link = tmp_path / "config.toml"
    link.symlink_to(file)
    write(link, add_account(link, "mine", MINE))
    assert link.is_symlink()
    assert "mine" in load(file).accounts


_ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from inboxbot.errors import NotWritten
from inboxbot.settings.file import write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    write(Path(sys.argv[1]), sys.stdin.read())
except NotWritten as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="a limit of Unix")
def test_on_a_full_disk_the_old_file_is_as_it_was(file):
    """No byte past the hundredth can be written, as on a disk that is full then."""
    text = add_account(file, "mine", MINE)
    command = [sys.executable, "-c", _ON_A_FULL_DISK, str(file)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    assert f"{file} cannot be written" in done.stdout
    assert "disk is full" in done.stdout
    assert file.read_text(encoding="utf-8") == FILE
    assert [entry.name for entry in file.parent.iterdir()] == ["config.toml"]
