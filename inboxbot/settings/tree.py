"""Everything that the user can set, frozen, with all defaults; and where settings and state lie.

`INBOXBOT_HOME` moves settings, journal and state together; otherwise the platform's folders.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import platformdirs

from inboxbot.core.policy import Policy
from inboxbot.settings.values import AUTHORITY, WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySettings:
    """`[summary]`: when mail to the owner comes, which, and in which language."""

    day: int = WEEKDAYS.index("Friday")  # 0 is Monday
    hour: int = 12
    language: str = "en"
    evening: bool = True  # after an interview: how was it?
    brief: bool = True  # before an interview: what you wrote to yourself


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`[profile]`: what the user says of himself."""

    level: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`[accounts.NAME]`: one mailbox."""

    id: str
    kind: str
    address: str
    name: str = ""  # the user's name, as drafts are signed
    aliases: tuple[str, ...] = ()
    folders: tuple[str, ...] = ("INBOX",)
    drafts: str | None = None  # a folder's name, where it is not found by itself
    sent: str | None = None
    trash: str | None = None
    authserv_id: str = ""  # whose Authentication-Results are the provider's own (RFC 8601 §2.5)
    corrections: bool = False  # True: the folders for corrections may be created
    path: Path | None = None
    host: str | None = None
    port: int | None = None
    user: str | None = None
    auth: Literal["password", "xoauth2"] = "password"
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    ca_file: Path | None = None
    password_command: tuple[str, ...] = ()
    password_file: Path | None = None  # or credential:NAME
    oauth: Literal["", "google", "microsoft"] = ""
    client_file: Path | None = None
    client_id: str = ""
    authority: str = AUTHORITY
    token_file: Path | None = None  # or credential:NAME; None: the keyring
    api_endpoint: str = ""  # of a Gmail API on this machine; "": Google's own

    @property
    def login(self) -> str:
        """Return the name that the user logs in with; secrets lie in the keyring under it."""
        return self.user or self.address

    @property
    def provider(self) -> Literal["", "google", "microsoft"]:
        """Return whose permission opens the account, "" where a password does."""
        return "google" if self.kind == "gmail" else self.oauth

    @property
    def in_keyring(self) -> bool:
        """Return whether its secret lies in the keyring."""
        if self.provider:
            return self.token_file is None
        return self.kind == "imap" and not (self.password_file or self.password_command)

    @property
    def server_port(self) -> int:
        """Return the port of the IMAP server; where none is set, the standard one (RFC 8314)."""
        return self.port or (993 if self.tls == "implicit" else 143)

    @property
    def place(self) -> str:
        """Return where the mailbox is, in words: a server or a path."""
        match self.kind:
            case "imap":
                return f"{self.host}:{self.server_port}"
            case "gmail":
                return urlsplit(self.api_endpoint).netloc or "gmail.googleapis.com"
            case _:
                return str(self.path)

    @property
    def mailbox(self) -> tuple[str, str]:
        """Return what one mailbox has in common, whatever addresses it has: place and login."""
        return self.place, "" if self.kind == "maildir" else self.login

    @property
    def addresses(self) -> frozenset[str]:
        """Return every address that is the user's own."""
        return frozenset({self.address, *self.aliases})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the user can set."""

    accounts: Mapping[str, Account]
    policy: Policy = Policy()
    summary: SummarySettings = SummarySettings()
    profile: Profile = Profile()
    timezone: ZoneInfo | None = None  # None: the machine's
    poll_every: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where settings and state lie."""

    config: Path
    state: Path
    home: Path | None = None  # INBOXBOT_HOME, where it is set

    @property
    def journal(self) -> Path:
        """Return the journal's database."""
        return self.state / "journal.sqlite3"

    @property
    def locks(self) -> Path:
        """Return the folder of the lock files."""
        return self.state / "locks"

    @property
    def logs(self) -> Path:
        """Return the folder of the daemon's log, where it does not go to the system's."""
        return self.state / "logs"

    @property
    def unfinished(self) -> Path:
        """Return the file of a setup that is not done yet: answers, and no secret."""
        return self.state / "setup.json"

    @property
    def templates(self) -> Path:
        """Return the folder where the user's own draft templates may lie."""
        return self.config.parent / "drafts"


def places(config: Path | None = None, environment: Mapping[str, str] = os.environ) -> Places:
    """Find settings and state; `config` replaces the settings file alone."""
    home = environment.get("INBOXBOT_HOME")
    if home:
        base = Path(home).expanduser().absolute()
        return Places(config=config or base / "config.toml", state=base / "state", home=base)
    settings = platformdirs.user_config_path("inboxbot", appauthor=False)
    state = platformdirs.user_state_path("inboxbot", appauthor=False)
    return Places(config=config or settings / "config.toml", state=state)
