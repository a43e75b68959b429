"""The system's keyring: read, written, emptied; never waited for without end.

On Linux a locked keyring opens a dialog, and whoever asks waits for it (mitya57/secretstorage#33).
The daemon may not: it asks to have the keyring unlocked without one, as GNOME does where it has no
password of its own, and otherwise takes it for locked.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from inboxbot.errors import KeyringLocked, SecretMissing, SecretNotKept

if TYPE_CHECKING:
    from secretstorage.collection import Collection

SERVICE = "inboxbot"
DIALOG_SECONDS = 120.0
NO_DIALOG = 0.0
_CALL_SECONDS = 10.0
_LOOKING = threading.Lock()  # each account has a thread, and the library forgets for all of them
_ELSEWHERE = "set password_file (or token_file) to a file that only you can read"


def read(user: str, dialog_seconds: float = DIALOG_SECONDS) -> str | None:
    """Return what the keyring holds for a user, None where it holds nothing.

    A dialog may take `dialog_seconds`. Raise `KeyringLocked`, or `SecretMissing` where there is no
    keyring or it does not answer.
    """
    import keyring  # noqa: PLC0415  (the daemon on a Maildir never needs it)

    with _foreign_errors():
        _unlock(dialog_seconds)
        return keyring.get_password(SERVICE, user)


def write(user: str, secret: str) -> None:
    """Keep a secret for a user. Raise `KeyringLocked` or `SecretNotKept`."""
    import keyring  # noqa: PLC0415

    try:
        with _foreign_errors():
            _unlock(DIALOG_SECONDS)
            keyring.set_password(SERVICE, user, secret)
            kept = keyring.get_password(SERVICE, user)
    except KeyringLocked:
        raise
    except SecretMissing as missing:
        raise SecretNotKept(str(missing)) from None
    if kept != secret:  # keyring.backends.null, which many a server has set
        raise SecretNotKept(f"the keyring does not keep what it is given; {_ELSEWHERE}")


def delete(user: str) -> None:
    """Remove what is kept for a user; nothing is fine too. Raise as `read` does."""
    import keyring  # noqa: PLC0415
    from keyring.errors import PasswordDeleteError  # noqa: PLC0415

    with _foreign_errors(), contextlib.suppress(PasswordDeleteError):
        _unlock(DIALOG_SECONDS)
        keyring.delete_password(SERVICE, user)


def trouble() -> str | None:
    """Return why the keyring cannot be used, None where it can."""
    try:
        read("")
    except SecretMissing as missing:
        return str(missing)
    return None


@contextlib.contextmanager
def _foreign_errors() -> Iterator[None]:
    """Turn the exceptions of keyring and of what lies below it into ours, without their words."""
    from keyring import errors  # noqa: PLC0415

    try:
        _look_again()
        yield
    except errors.KeyringLocked:
        raise KeyringLocked from None
    except errors.NoKeyringError:
        raise SecretMissing(f"there is no keyring on this machine; {_ELSEWHERE}") from None
    except (KeyringLocked, SecretMissing):
        raise
    except Exception as error:  # noqa: BLE001  (each backend has its own, and D-Bus more)
        name = type(error).__name__
        raise SecretMissing(f"the keyring does not answer ({name}); {_ELSEWHERE}") from None


def _look_again() -> None:
    """Look for a keyring anew where there was none: at login it starts after us."""
    import keyring  # noqa: PLC0415
    from keyring.backends import fail  # noqa: PLC0415

    with _LOOKING:
        if isinstance(keyring.get_keyring(), fail.Keyring):
            with contextlib.suppress(KeyError):  # nobody has looked yet
                keyring.backend.get_all_keyring.reset()  # it remembers what it once found
            keyring.core.init_backend()


# ---------------------------------------------------------------- the Secret Service of Linux


def _unlock(dialog_seconds: float) -> None:
    """Have the default collection unlocked. Raise `KeyringLocked` where it stays locked."""
    with _collection() as collection:
        if collection is None or not collection.is_locked() or _unlocks_by_itself(collection):
            return
        if dialog_seconds <= 0:
            raise KeyringLocked
        with contextlib.suppress(TimeoutError):
            collection.unlock(timeout=dialog_seconds)
        if collection.is_locked():
            raise KeyringLocked


@contextlib.contextmanager
def _collection() -> Iterator["Collection | None"]:
    """Open where the keyring library reads and writes; None where that is no Secret Service."""
    if not _uses_secret_service():
        yield None
        return
    import secretstorage  # noqa: PLC0415  (keyring brings it, on Linux)

    with contextlib.closing(secretstorage.dbus_init()) as bus:
        try:
            found = secretstorage.Collection(bus)
        except secretstorage.ItemNotFoundException:
            found = None  # there is none yet: the first `write` creates it
        yield found


def _uses_secret_service() -> bool:
    import keyring  # noqa: PLC0415
    from keyring.backends import SecretService  # noqa: PLC0415

    backend = keyring.get_keyring()
    return any(
        isinstance(one, SecretService.Keyring) for one in getattr(backend, "backends", (backend,))
    )


def _unlocks_by_itself(collection: "Collection") -> bool:
    """Return whether the service unlocks it without a dialog.

    A keyring without a password of its own is locked only until somebody asks.
    """
    import jeepney  # noqa: PLC0415
    from secretstorage.defines import SS_PATH, SS_PREFIX  # noqa: PLC0415
    from secretstorage.util import BUS_NAME  # noqa: PLC0415

    service = jeepney.DBusAddress(SS_PATH, BUS_NAME, f"{SS_PREFIX}Service")
    call = jeepney.new_method_call(service, "Unlock", "ao", ([collection.collection_path],))
    # A prompt that is not asked to show itself shows nothing (Secret Service API, "Prompts").
    collection.connection.send_and_get_reply(call, timeout=_CALL_SECONDS)
    return not collection.is_locked()
