"""An account → its password, or a fresh access token, and that only while it is used.

Where secrets are kept: `vault`; how a permission becomes a token: `tokens`. Never in the settings,
the environment or a command line.
"""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inboxbot import keychain, vault
from inboxbot.clock import wall_clock
from inboxbot.errors import SecretMissing
from inboxbot.mailbox.oauth import Grant
from inboxbot.settings import Account
from inboxbot.tokens import Tokens

SERVICE = keychain.SERVICE
_COMMAND_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Secret:
    """A password that prints as ***; `reveal` is called where it goes to the wire."""

    _value: str

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def reveal(self) -> str:
        """Return the password."""
        return self._value


def keyring_trouble() -> str | None:
    """Return why the keyring cannot be used, None where it can."""
    return keychain.trouble()


def keep_secret(user: str, secret: str, file: Path | None) -> None:
    """Keep a password or a permission: in a 0600 file where one is named, else in the keyring.

    Raise `SecretNotKept` or `KeyringLocked`.
    """
    vault.keep(user, secret, file)


def forget_secret(user: str, file: Path | None) -> None:
    """Remove what `keep_secret` kept; nothing is fine too. Raise as it does."""
    vault.forget(user, file)


class Secrets:
    """The secrets of all accounts of one process: passwords never stay, tokens while they are good.

    `dialog_seconds` is how long a dialog of the keyring may be waited for; the daemon takes
    `keychain.NO_DIALOG`. `store` is where they are kept; `setup` tries what is not kept yet.
    """

    def __init__(
        self,
        *,
        dialog_seconds: float = keychain.DIALOG_SECONDS,
        now: Callable[[], datetime] = wall_clock,
        store: vault.Store = vault,
    ) -> None:
        self._dialog_seconds = dialog_seconds
        self._store = store
        self._tokens = Tokens(dialog_seconds=dialog_seconds, now=now, store=store)

    def of(self, account: Account) -> Callable[[], Secret]:
        """Return a way to fetch the account's password, or a fresh access token, when it is needed.

        A password comes by `password_command`, else `password_file` (0600), else the keyring; a
        token by the permission in `token_file` or the keyring. Calling it raises `SecretMissing`,
        `KeyringLocked` or `PrivacyError`; for a token also `TokenDead`, and `MailboxError` where
        the provider does not answer. Each says what to do.
        """
        if account.provider:
            return lambda: Secret(self._tokens.fresh(account).value)
        if account.password_command:
            return lambda: _from_command(account)
        return lambda: self._password(account)

    def renewing(self, account: Account) -> Callable[[], Secret]:
        """Return a way to fetch a token, where a second call means that the first was refused."""
        last = ""

        def fetch() -> Secret:
            nonlocal last
            last = self._tokens.fresh(account, refused=last).value
            return Secret(last)

        return fetch

    def doubt(self, account: Account) -> None:
        """Fetch a new token the next time: the mailbox refused the login."""
        self._tokens.doubt(account)

    def grant(self, account: Account) -> Grant:
        """Return the permission that is kept for an account, for its age. Nobody is asked about it.

        Raise `SecretMissing`, `KeyringLocked` or `PrivacyError`.
        """
        return self._tokens.grant(account)

    def _password(self, account: Account) -> Secret:
        file = account.password_file
        password = self._store.fetch(account.login, file, self._dialog_seconds)
        if password is None:
            by_hand = "write it there (chmod 600), or " if file else ""
            raise SecretMissing(
                f"account {account.id}: no password in {file or 'the keyring'}; {by_hand}"
                f"run: inboxbot setup --renew {account.id}"
            )
        return Secret(password)


def _from_command(account: Account) -> Secret:
    command = account.password_command
    try:
        done = subprocess.run(  # noqa: S603  (the user's own command, no shell)
            command, capture_output=True, timeout=_COMMAND_SECONDS, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        raise SecretMissing(
            f"account {account.id}: password_command {command[0]!r} {_why(error)}"
        ) from None
    password = done.stdout.split("\n", 1)[0].rstrip("\r")
    if not password:
        raise SecretMissing(
            f"account {account.id}: password_command {command[0]!r} printed nothing"
        )
    return Secret(password)


def _why(error: Exception) -> str:
    """Return what a command did in place of printing a password. Not what it printed: secrets."""
    match error:
        case FileNotFoundError():
            return "is no program on this machine; see whether it is installed, and spelt so"
        case subprocess.CalledProcessError(returncode=status):
            return f"failed (status {status}); run it in a terminal to see why"
        case subprocess.TimeoutExpired():
            return f"was not done in {_COMMAND_SECONDS} s; run it in a terminal to see why"
        case _:
            return f"cannot be run ({type(error).__name__}); run it in a terminal to see why"
