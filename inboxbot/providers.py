"""config/providers.toml → frozen `Provider`s, checked on load; an address → its provider.

What a provider's server is called, how it lets a program in, and what its user has to do first.
"""

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from inboxbot.errors import ProviderError
from inboxbot.resources import CONFIG, DOCS


class Way(StrEnum):
    """How a program is let in."""

    PASSWORD = "password"  # noqa: S105  (the mailbox's own)
    APP_PASSWORD = "app-password"  # noqa: S105  (one made for this program, on the provider's page)
    GOOGLE_IMAP = "google-imap"  # IMAP by a permission, with a client id of the user's own
    GOOGLE_API = "google-api"  # Gmail's API by the same
    MICROSOFT = "microsoft"  # IMAP by a permission, with an application id of the user's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One mail provider; the file's header says what each key means."""

    id: str  # "gmail": its table, and what a flag names it by
    name: str  # "Gmail": as its users call it
    domains: tuple[str, ...]
    host: str
    port: int = 993
    tls: Literal["implicit", "starttls"] = "implicit"
    user: Literal["address", "local-part"] = "address"
    ways: tuple[Way, ...]
    app_password_url: str = ""
    notes: tuple[str, ...] = ()
    authserv_id: str = ""
    help: str
    source: str
    verified: str  # ISO 8601; "": by nobody yet

    @property
    def page(self) -> Path:
        """Return where our own page about it lies on this machine."""
        return DOCS / self.help

    def user_of(self, address: str) -> str:
        """Return the user name that its server knows an address by."""
        return address.rpartition("@")[0] if self.user == "local-part" else address

    def has(self, domain: str) -> bool:
        """Tell whether addresses of a domain are its own."""
        above = (f"*{domain[at:]}" for at, sign in enumerate(domain) if sign == ".")
        return not {domain, *above}.isdisjoint(self.domains)


def provider_of(address: str, providers: Iterable[Provider]) -> Provider | None:
    """Return the provider of a mail address by its domain; None for one that is not listed."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return next((provider for provider in providers if provider.has(domain)), None)


@lru_cache(maxsize=1)
def load_providers() -> tuple[Provider, ...]:
    """Return the shipped table, in its order. Raise `ProviderError` naming file and key."""
    return read_providers(CONFIG / "providers.toml")


def read_providers(path: Path) -> tuple[Provider, ...]:
    """Return the table of a file. Raise `ProviderError` naming file and key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProviderError(f"{path}: cannot be read: {error}") from error
    if problem := next(_problems(tables), None):
        raise ProviderError(f"{path}: {problem}")
    return tuple(_provider(path, name, table) for name, table in tables.items())


def _provider(path: Path, name: str, table: Mapping[str, Any]) -> Provider:
    try:
        return msgspec.convert({**table, "id": name}, Provider)
    except msgspec.ValidationError as error:
        raise ProviderError(f"{path}: [{name}]: {error}") from error


def _problems(tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield what `msgspec` does not see: keys that nobody reads, domains of two providers."""
    known = {item.name for item in fields(Provider)} - {"id"}
    owners: dict[str, str] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            yield f"{name} stands outside a table; write [{name}]"
            continue
        for key in table.keys() - known:
            near = difflib.get_close_matches(key, known, n=1)
            yield f"[{name}]: unknown key {key}" + (f"; did you mean {near[0]}?" if near else "")
        for domain in table.get("domains", ()):
            if domain in owners:
                yield f"[{name}]: {domain} is a domain of [{owners[domain]}] as well"
            owners[domain] = name
