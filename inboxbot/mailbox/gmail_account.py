"""Which Gmail account it is, how to get in, and how much of its quota may be used."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

GOOGLE = "https://gmail.googleapis.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class GmailAccount:
    """One account at Gmail's API; `token` is called for an access token, and again after a 401."""

    address: str
    token: Callable[[], str] = field(repr=False)
    aliases: tuple[str, ...] = ()
    name: str = "NAME"  # the NAME of [accounts.NAME], for advice
    units_a_minute: int = 6_000  # what Google gives each user of a project made since May 2026
    ca_file: Path | None = None  # where a firewall opens TLS and signs anew
    endpoint: str = GOOGLE  # or one on this machine, in tests

    @property
    def domains(self) -> tuple[str, ...]:
        """Return the domains that a Message-ID of ours may have."""
        addresses = (self.address, *self.aliases)
        return tuple(dict.fromkeys(address.rpartition("@")[2] for address in addresses))
