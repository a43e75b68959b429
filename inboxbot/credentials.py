"""A reference to a password, and the password only while it is used."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from inboxbot.errors import SecretMissing
from inboxbot.private import read_secret_file
from inboxbot.settings import Account

SERVICE = "inboxbot"
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


def secret_of(account: Account) -> Callable[[], Secret]:
    """Return a way to fetch the account's password when it is needed.

    The way is `password_command`, else `password_file` (0600), else the keyring. Calling it
    raises `SecretMissing` or `PrivacyError` with what to do.
    """
    if account.password_command:
        return lambda: _from_command(account)
    if account.password_file is not None:
        path = account.password_file
        return lambda: Secret(read_secret_file(path))
    return lambda: _from_keyring(account)


def _from_command(account: Account) -> Secret:
    command = account.password_command
    try:
        done = subprocess.run(  # noqa: S603  (the user's own command, no shell)
            command, capture_output=True, timeout=_COMMAND_SECONDS, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        raise SecretMissing(
            f"account {account.id}: password_command {command[0]!r} failed "
            f"({type(error).__name__}); run it in a terminal to see why"
        ) from None
    password = done.stdout.split("\n", 1)[0].rstrip("\r")
    if not password:
        raise SecretMissing(
            f"account {account.id}: password_command {command[0]!r} printed nothing"
        )
    return Secret(password)


def _from_keyring(account: Account) -> Secret:
    import keyring  # noqa: PLC0415  (the daemon on a Maildir never needs it)
    from keyring.errors import KeyringError  # noqa: PLC0415

    user = account.user or account.address
    advice = (
        f"store it with: keyring set {SERVICE} {user}  — or set password_file or "
        f"password_command in [accounts.{account.id}]"
    )
    try:
        password = keyring.get_password(SERVICE, user)
    except KeyringError as error:
        raise SecretMissing(
            f"account {account.id}: the keyring does not answer ({type(error).__name__}); "
            f"unlock it, or {advice}"
        ) from None
    if password is None:
        raise SecretMissing(f"account {account.id}: no password in the keyring; {advice}")
    return Secret(password)
