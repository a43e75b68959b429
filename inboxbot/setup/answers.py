"""What the user has answered so far, and the file that remembers it until setup is done.

Never a secret: a password or a permission is asked for again.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from inboxbot.errors import NotWritten
from inboxbot.private import private_file, private_folder, read_secret_file

KEYRING, FILE, BY_SYSTEMD = "keyring", "file", "systemd"
"""Where a secret may be kept: `keep`."""
MAILDIR, SERVER = "maildir", "server"
"""The ways in that are no provider's; the others are those of `inboxbot.providers`."""
NOT_LISTED = "other"
"""A `provider` that the program does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One field a question, None where it was not answered yet; named as their flags are."""

    address: str | None = None
    account: str | None = None  # the NAME of [accounts.NAME]
    existing: bool | None = None  # whether the settings have it already
    provider: str | None = None  # its id
    way: str | None = None
    path: str | None = None
    host: str | None = None
    port: str | None = None
    tls: str | None = None
    ca_file: str | None = None
    user: str | None = None
    authserv_id: str | None = None
    client_file: str | None = None
    client_id: str | None = None
    authority: str | None = None
    api_endpoint: str | None = None
    name: str | None = None
    aliases: tuple[str, ...] | None = None
    keep: str | None = None
    secret_file: str | None = None  # where `keep` puts it, where that is not the usual place
    password_file: str | None = None
    password_command: tuple[str, ...] | None = None
    drafts: str | None = None
    sent: str | None = None
    trash: str | None = None
    folders: tuple[str, ...] | None = None
    corrections: bool | None = None
    level: str | None = None
    language: str | None = None
    kept: "Kept | None" = None
    reviewed: tuple[str, ...] | None = None  # what was asked anew, of an account that is changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A secret that is being kept before the settings name it: none is left behind by a crash."""

    user: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """The file of the answers (`Places.unfinished`), 0600."""

    path: Path

    def recall(self) -> Answers | None:
        """Return what was answered, None where nothing was, or the file is of another version.

        Raise `PrivacyError` where others can read it.
        """
        if not self.path.exists():
            return None
        try:
            return msgspec.json.decode(read_secret_file(self.path), type=Answers)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None

    def keep(self, answers: Answers) -> None:
        """Remember the answers in place of those before. Raise `NotWritten`."""
        private_folder(self.path.parent)
        try:
            with private_file(self.path) as file:
                file.write(msgspec.json.encode(answers) + b"\n")
        except OSError as error:
            raise NotWritten(
                f"{self.path}: cannot be written ({error.strerror}); see whether the disk is full"
            ) from error

    def discard(self) -> None:
        """Forget the answers."""
        self.path.unlink(missing_ok=True)
