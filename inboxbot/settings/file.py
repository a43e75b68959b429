"""An account, a choice → the user's config.toml, its comments and all else in it kept.

    text on the disk | tomlkit | new text | the reader of the settings | written as a whole

Nothing is written that `settings.load` would not read.
"""

import stat
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from inboxbot.errors import NotWritten, SettingsError
from inboxbot.private import private_file
from inboxbot.resources import CONFIG
from inboxbot.settings import read, table_of, text_of

Sections = Mapping[str, Mapping[str, object]]
"""Keys by section; "" is the top level: {"": {"timezone": …}, "summary": {"language": "de"}}."""

_HEADER = f"""\
# The settings of inboxbot, written by: inboxbot setup
# Change what you like, setup keeps it. No password belongs in here.
# Every key, its default and its reason:
# {CONFIG / "inboxbot.example.toml"}
"""
_REACHED_BY = frozenset(
    {
        *("kind", "path", "host", "port", "user", "auth", "tls", "ca_file", "authserv_id"),
        *("password_command", "password_file", "oauth", "client_file", "client_id", "authority"),
        *("token_file", "api_endpoint"),
    }
)
"""Keys of an account that hold together: one of an earlier way in contradicts the new one."""
_BY_HAND = (
    "is written in a way that setup cannot change; write accounts as [accounts.NAME] and sections "
    "as [NAME], each key on a line of its own, or make the change by hand"
)


def add_account(
    path: Path, name: str, values: Mapping[str, object], *, sections: Sections | None = None
) -> str:
    """Return the text of `path`, or of a new file, with the account `[accounts.NAME]` in it.

    A new account comes last. Of one that is there, `values` alone say how it is reached; its other
    keys stay where `values` do not name them. The keys of `sections` are set as well. Values are
    those of TOML, or paths. Nothing is written. Raise `SettingsError` with every problem of what
    would be written, and where the file that is there cannot be read or changed.
    """
    text = text_of(path) if path.exists() else _HEADER
    accounts = table_of(text, path).get("accounts")
    if not isinstance(accounts, dict) or name not in accounts:
        text += f"\n[accounts.{tomlkit.key(name).as_string()}]\n"

    def change(document: MutableMapping[str, Any]) -> None:
        account = document.setdefault("accounts", {}).setdefault(name, {})
        for key in _REACHED_BY & account.keys() - values.keys():
            del account[key]
        _set(account, values)
        for section, keys in (sections or {}).items():
            _set(document.setdefault(section, {}) if section else document, keys)

    return _changed(path, text, change)


def write(path: Path, text: str) -> None:
    """Write the settings as a whole, 0600, or leave the old file; make its folder where needed.

    Where `path` is a link, the file that it leads to is written. Raise `SettingsError` where `text`
    cannot be used, `NotWritten` where the disk or the file's own mode forbids it.
    """
    read(text, path)
    try:
        target = path.resolve()
        # A rename takes no notice of the mode of what it replaces.
        if target.exists() and not target.stat().st_mode & stat.S_IWUSR:
            raise NotWritten(
                f"{path} is read-only; allow it (chmod u+w {path}), or make the change by hand"
            )
        with private_file(target) as file:
            file.write(text.encode())
    except OSError as error:
        advice = "see whether the disk is full and the folder your own, then try again"
        raise NotWritten(f"{path} cannot be written ({error.strerror}); {advice}") from error


def _changed(path: Path, text: str, change: Callable[[MutableMapping[str, Any]], None]) -> str:
    """Return the text after a change, if it says just that, and can be read as settings.

    tomlkit raises all of these, or writes something else, where tables are inline or keys dotted.
    """
    try:
        document, wanted = tomlkit.parse(text), tomllib.loads(text)
        change(document)
        change(wanted)
        new = document.as_string()
        as_wanted = tomllib.loads(new) == wanted
    except (TOMLKitError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise SettingsError(path, (_BY_HAND,)) from error
    if not as_wanted:
        raise SettingsError(path, (_BY_HAND,))
    read(new, path)
    return new


def _set(table: MutableMapping[str, Any], values: Mapping[str, object]) -> None:
    for key, value in values.items():
        match value:
            case Path():
                table[key] = str(value)
            case tuple():
                table[key] = list(value)
            case _:
                table[key] = value
