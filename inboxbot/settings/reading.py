"""TOML → the tree; every problem at once, with its line and what to write.

Unknown keys are refused.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from inboxbot.core.policy import Policy
from inboxbot.errors import SettingsError
from inboxbot.settings import values as value_of
from inboxbot.settings.tree import Account, Profile, Settings, SummarySettings
from inboxbot.settings.values import CREDENTIAL

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_T = TypeVar("_T")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")

_SECTIONS: Mapping[str, type] = {
    "policy": Policy,
    "summary": SummarySettings,
    "profile": Profile,
}

# How each key is read; the test of the example file proves that none is forgotten.
_READERS: Mapping[type, Mapping[str, Callable[[Any], object]]] = {
    Settings: {
        "timezone": value_of.zone,
        "poll_every": value_of.duration,
    },
    Account: {
        "kind": value_of.one_of("imap", "maildir", "gmail"),
        "address": value_of.address,
        "name": value_of.text,
        "aliases": value_of.addresses,
        "folders": value_of.texts,
        "drafts": value_of.text,
        "sent": value_of.text,
        "trash": value_of.text,
        "authserv_id": value_of.text,
        "corrections": value_of.yes_or_no,
        "path": value_of.path,
        "host": value_of.text,
        "port": value_of.whole(1, 65535),
        "user": value_of.text,
        "auth": value_of.one_of("password", "xoauth2"),
        "tls": value_of.one_of("implicit", "starttls", "none"),
        "ca_file": value_of.path,
        "password_command": value_of.texts,
        "password_file": value_of.secret_file,
        "oauth": value_of.one_of("", "google", "microsoft"),
        "client_file": value_of.path,
        "client_id": value_of.text,
        "authority": value_of.authority,
        "token_file": value_of.secret_file,
        "api_endpoint": value_of.on_this_machine,
    },
    Policy: {
        "ask": value_of.one_of("reachable", "interviewed", "never"),
        "draft_threshold": value_of.between(0.5, 1),
        "review_threshold": value_of.between(0, 1),
        "delay": value_of.duration,
        "quiet_hours": value_of.quiet_hours,
        "max_age": value_of.duration,
        "ask_again_after": value_of.duration,
        "drafts_per_day": value_of.whole(0, 100_000),
        "withdraw_after": value_of.duration,
        "no_answer_after": value_of.whole(1, 250),
        "thank_when_refused": value_of.yes_or_no,
        "never_ask": value_of.texts,
    },
    SummarySettings: {
        "day": value_of.weekday,
        "hour": value_of.whole(0, 23),
        "language": value_of.one_of("en", "de"),
        "evening": value_of.yes_or_no,
        "brief": value_of.yes_or_no,
    },
    Profile: {
        "level": value_of.one_of("", "junior", "mid", "senior", "lead"),
        "signature": value_of.text,
    },
}


def read_value(key: str, value: object) -> object:
    """Read one value of an account. Raise `ValueError` with what to write instead."""
    return _READERS[Account][key](value)


def load(path: Path, *, bare: bool = False) -> Settings:
    """Read the settings file; `bare` where there need be no account in it.

    Raise `SettingsError` with every problem that it has.
    """
    return read(text_of(path), path, bare=bare)


def text_of(path: Path) -> str:
    """Return the text of the settings file. Raise `SettingsError`."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise SettingsError(path, ("there are no settings yet; run: inboxbot setup",)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(path, (f"line {line}: not UTF-8; save the file as UTF-8",)) from error
    except OSError as error:
        raise SettingsError(path, (f"cannot be read: {error.strerror}",)) from error


def table_of(text: str, path: Path) -> dict[str, Any]:
    """Return the TOML of the settings file at `path`, unchecked. Raise `SettingsError`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        advice = "mend that, or move the file away and run: inboxbot setup"
        raise SettingsError(path, (f"not TOML: {error}; {advice}",)) from error


def read(text: str, path: Path, *, bare: bool = False) -> Settings:
    """Read the text of the settings file at `path`. Raise `SettingsError` as `load` does."""
    table = table_of(text, path)
    reader = _Reader(text, bare=bare)
    settings = reader.settings(table, path.parent)
    if reader.problems or settings is None:
        raise SettingsError(path, tuple(reader.problems))
    return settings


class _Reader:
    """Turns tables into frozen values, and collects what is wrong with them."""

    def __init__(self, text: str, *, bare: bool) -> None:
        self._lines = dict(_lines(text))
        self._bare = bare
        self.problems: list[str] = []

    def settings(self, table: dict[str, Any], base: Path) -> Settings | None:
        accounts = self._accounts(table.pop("accounts", {}), base)
        sections: dict[str, Any] = {
            name: self._section(kind, table.pop(name, {}), (name,))
            for name, kind in _SECTIONS.items()
        }
        top = self._values(Settings, table, (), ("accounts", *sections))
        if self.problems:
            return None
        return Settings(accounts=MappingProxyType(accounts), **sections, **top)

    def _accounts(self, tables: object, base: Path) -> dict[str, Account]:
        if not isinstance(tables, dict) or not (tables or self._bare):
            self._problem(("accounts",), "write at least one account: [accounts.mine]")
            return {}
        accounts = {}
        for name, table in tables.items():
            if not _NAME.fullmatch(name):
                self._problem(("accounts", name), "name accounts with letters, digits, - and _")
            account = self._section(Account, table, ("accounts", name), id=name)
            if account is not None:
                accounts[name] = account
                self._check_account(account, base)
        for name, advice in _shared(tuple(accounts.values())):
            self._problem(("accounts", name), advice)
        return accounts

    def _check_account(self, account: Account, base: Path) -> None:
        where = ("accounts", account.id)
        if account.kind == "maildir" and account.path is None:
            self._problem(where, 'a maildir needs path = "…", the folder with the mail')
        for key in _PATHS:
            path: Path | None = getattr(account, key)
            if path and not path.is_absolute() and not str(path).startswith(CREDENTIAL):
                advice = f'write the whole path: "{(base / path).absolute()}"'
                self._problem((*where, key), advice)
        if account.kind == "imap" and not account.host:
            self._problem(where, 'imap needs host = "…", the name of the mail server')
        if account.tls == "none" and account.host not in LOOPBACK:
            advice = 'only a server on this machine may go without; write "implicit"'
            self._problem((*where, "tls"), advice)
        if not account.folders:
            self._problem((*where, "folders"), 'name at least one folder: ["INBOX"]')
        for key, advice in _oauth_problems(account):
            self._problem((*where, key), advice)

    def _section(
        self, kind: type[_T], table: object, where: tuple[str, ...], **given: object
    ) -> _T | None:
        if not isinstance(table, dict):
            self._problem(where, f"write a table: [{'.'.join(where)}]")
            return None
        before = len(self.problems)
        values = self._values(kind, table, where, tuple(given))
        return kind(**values, **given) if len(self.problems) == before else None

    def _values(
        self,
        kind: type[Any],
        table: Mapping[str, object],
        where: tuple[str, ...],
        apart: tuple[str, ...],
    ) -> dict[str, Any]:
        known = {item.name: item for item in fields(kind) if item.name not in apart}
        for name in table:
            if name not in known:
                here = known if where else {**known, **_SECTIONS}
                self._problem((*where, name), f"unknown key; {_suggest(name, here)}")
        values = {}
        for name, item in known.items():
            if name in table:
                values[name] = self._value((*where, name), _READERS[kind][name], table[name])
            elif item.default is MISSING:
                self._problem(where, f"{name} is missing; write {name} = …")
        return values

    def _value(
        self, where: tuple[str, ...], read: Callable[[object], object], value: object
    ) -> Any:
        try:
            return read(value)
        except value_of.Wrong as wrong:
            self._problem(where, str(wrong))
            return None

    def _problem(self, where: tuple[str, ...], advice: str) -> None:
        line = next((self._lines[key] for key in _upwards(where) if key in self._lines), None)
        place = f"line {line}: " if line else ""
        self.problems.append(f"{place}{'.'.join(where) or 'settings'}: {advice}")


_PATHS = ("path", "ca_file", "client_file", "password_file", "token_file")
"""Each as a whole: the daemon is started in another folder than a command."""


def _shared(accounts: Sequence[Account]) -> Iterator[tuple[str, str]]:
    """Yield (name, advice) of accounts that have with an earlier one what nobody can share."""
    mailboxes: dict[tuple[str, str], str] = {}
    secrets: dict[str, str] = {}
    for one in accounts:
        is_folder = one.kind == "maildir"
        mailbox = (one.place, "") if is_folder else (one.place.lower(), one.login)
        if (other := mailboxes.setdefault(mailbox, one.id)) != one.id:
            yield one.id, f"is the mailbox of {other} once more; remove one of them"
        elif one.in_keyring and (other := secrets.setdefault(one.login, one.id)) != one.id:
            key = "token_file" if one.provider else "password_file"
            advice = f"the keyring has one place for {one.login}, and {other} has it; set {key}"
            yield one.id, advice


def _oauth_problems(account: Account) -> Iterator[tuple[str, str]]:
    """Yield (key, advice) of what does not fit the way in which the account is opened."""
    if account.oauth and account.kind == "maildir":
        yield "oauth", "a maildir needs no permission; remove it"
    if account.oauth == "microsoft" and account.kind == "gmail":
        yield "oauth", 'Gmail is Google\'s; write "google", or remove it'
    if account.provider and (account.password_file or account.password_command):
        key = "password_file" if account.password_file else "password_command"
        yield key, "the account is opened by a permission, not by a password; remove it"
    if account.provider == "google" and account.client_file is None:
        yield "client_file", 'Google needs client_file = "…", the JSON file of your own client'
    if account.provider != "microsoft":
        return
    if not account.client_id:
        yield "client_id", 'Microsoft needs client_id = "…", that of your own application'
    if str(account.token_file).startswith(CREDENTIAL):
        advice = "Microsoft changes what is kept, and nobody writes a systemd credential"
        yield "token_file", f"{advice}; name a file"


def _suggest(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"


def _upwards(where: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for length in range(len(where), 0, -1):
        yield where[:length]


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield (dotted place, line number) of each table and key; tomllib does not tell them."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[([^\[\]]+)\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            yield table, number
        elif key := re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", line):
            yield (*table, *(part.strip().strip("\"'") for part in key[1].split("."))), number
