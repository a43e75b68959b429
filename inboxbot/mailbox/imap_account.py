"""Where an IMAP account is, how to get in, and what its folders are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from inboxbot.ports import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """One IMAP account; `password` is called at each log-in, after TLS has been verified."""

    host: str
    port: int
    user: str
    password: Callable[[], str] = field(repr=False)  # an access token where auth is xoauth2
    auth: Literal["password", "xoauth2"] = "password"
    tls: Literal["implicit", "starttls", "none"] = "implicit"  # none: a loopback host alone
    ca_file: Path | None = None
    drafts: str | None = None  # folders by name, where the server does not mark them
    sent: str | None = None
    trash: str | None = None
    name: str = "NAME"  # the NAME of [accounts.NAME], for advice

    @property
    def place(self) -> str:
        """Return host:port, as error messages show it."""
        return f"{self.host}:{self.port}"

    @property
    def chosen_folders(self) -> Mapping[Role, str]:
        """Return the folders that the settings name."""
        named = {Role.DRAFTS: self.drafts, Role.SENT: self.sent, Role.TRASH: self.trash}
        return {role: name for role, name in named.items() if name}
