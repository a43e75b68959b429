"""A user and perhaps a file → a secret: in the keyring, in a 0600 file, or given by systemd.

`credential:NAME` in place of a file is what systemd gives to a service (LoadCredentialEncrypted=):
encrypted on the disk, in memory only while the service runs, and never written by us.
"""

import os
from pathlib import Path
from typing import Protocol

from inboxbot import keychain
from inboxbot.errors import PrivacyError, SecretMissing, SecretNotKept
from inboxbot.private import (
    GROUP_AND_OTHERS,
    OTHERS,
    parts_of,
    private_file,
    read_secret_file,
)
from inboxbot.settings import CREDENTIAL


class Store(Protocol):
    """Where secrets are fetched and kept: this module; or memory, while `setup` tries one."""

    def fetch(self, user: str, file: Path | None, dialog_seconds: float) -> str | None:
        """Return what is kept, None where nothing is."""
        ...

    def keep(self, user: str, secret: str, file: Path | None) -> None:
        """Keep a secret in place of the one before."""
        ...


def fetch(user: str, file: Path | None, dialog_seconds: float) -> str | None:
    """Return what is kept, None where nothing is.

    Raise `PrivacyError` for a file that others can read, `KeyringLocked`, or `SecretMissing`.
    """
    if file is None:
        return keychain.read(user, dialog_seconds)
    try:
        if name := _credential(file):
            # systemd guards the folder; an access list of its own shows as bits of the group.
            return read_secret_file(_credentials_directory(file) / name, closed_to=OTHERS)
        return read_secret_file(file, closed_to=GROUP_AND_OTHERS)
    except PrivacyError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
    except UnicodeDecodeError:
        raise SecretMissing(f"{file} is not text; it holds the secret, and no more") from None


def keep(user: str, secret: str, file: Path | None) -> None:
    """Keep a secret: in a file where one is named, else in the keyring.

    Raise `SecretNotKept` or `KeyringLocked`.
    """
    if file is None:
        keychain.write(user, secret)
        return
    if name := _credential(file):
        raise SecretNotKept(
            f"{file} is given by systemd and nobody else; encrypt the secret with: systemd-creds "
            f"encrypt --name={name} - {name}.cred   and name that file in the unit: "
            f"LoadCredentialEncrypted={name}:/path/of/{name}.cred"
        )
    try:
        with private_file(file) as out:
            out.write(secret.encode() + b"\n")
    except OSError as error:
        raise SecretNotKept(f"{file}: cannot be written ({error.strerror})") from error


def forget(user: str, file: Path | None) -> None:
    """Remove what `keep` kept; nothing is fine too. Raise `SecretNotKept` or `SecretMissing`."""
    if file is None:
        keychain.delete(user)
    elif not _credential(file):
        try:
            for path in (file, *parts_of(file)):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise SecretNotKept(f"{file}: cannot be removed ({error.strerror})") from error


def _credential(file: Path) -> str:
    """Return the NAME of `credential:NAME`, "" of any other path."""
    text = str(file)
    return text.removeprefix(CREDENTIAL) if text.startswith(CREDENTIAL) else ""


def _credentials_directory(file: Path) -> Path:
    """Return where systemd puts credentials for this process (systemd.exec(5), "Credentials")."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise SecretMissing(
            f"{file}: only systemd gives it, to the service whose unit names it; a command in a "
            "terminal needs the keyring, or a file of its own"
        )
    return Path(folder)
