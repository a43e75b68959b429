"""A desktop's keyring on a D-Bus of its own: GNOME's, to be locked and unlocked as at a login."""

import os
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Self

import keyring
import secretstorage
from keyring.backends import SecretService
from secretstorage.defines import SS_PATH
from secretstorage.util import DBusAddressWrapper, format_secret, open_session

from tests.servers.require import require
from tests.servers.wait import wait_for

# Debian's gnome-keyring has it for its own tests; there is no other way in without a dialog.
_INTERNAL = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
_SERVICE = "org.freedesktop.Secret.Service"


class GnomeKeyring:
    """A Secret Service with one collection, unlocked at first; its password may be empty.

    A program finds it by `environment`, and this process by it as well (monkeypatch.setenv, before
    it is entered).
    """

    def __init__(self, folder: Path, password: str = "of-the-user") -> None:
        self._folder = folder
        self._password = password
        self._socket = folder / "bus"
        self.environment = {
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._socket}",
            "XDG_DATA_HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        bus = str(require("dbus-daemon", "dbus-daemon"))
        service = str(require("gnome-keyring-daemon", "gnome-keyring"))
        address = self.environment["DBUS_SESSION_BUS_ADDRESS"]
        self._start(bus, "--session", "--nofork", f"--address={address}")
        wait_for(self._socket.exists, seconds=10, what="the D-Bus")
        self._start(service, "--foreground", "--components=secrets")
        wait_for(self._answers, seconds=10, what="the keyring")
        self._create()
        self._before = keyring.get_keyring()
        keyring.set_keyring(SecretService.Keyring())
        return self

    def __exit__(self, *_: object) -> None:
        keyring.set_keyring(self._before)
        for process in reversed(self._processes):
            process.terminate()
            process.wait(timeout=10)

    def lock(self) -> None:
        """Lock it, as the end of a session does."""
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.Collection(bus).lock()

    def unlock(self) -> None:
        """Unlock it, as a login does."""
        with closing(secretstorage.dbus_init()) as bus:
            path = secretstorage.Collection(bus).collection_path
            secret = self._secret(bus)
            _call(bus, _INTERNAL, "UnlockWithMasterPassword", "o(oayays)", path, secret)

    def _start(self, *command: str) -> None:
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )
        self._processes.append(process)

    def _answers(self) -> bool:
        with closing(secretstorage.dbus_init()) as bus:
            return secretstorage.check_service_availability(bus)

    def _create(self) -> None:
        with closing(secretstorage.dbus_init()) as bus:
            label = {"org.freedesktop.Secret.Collection.Label": ("s", "Login")}
            secret = self._secret(bus)
            (path,) = _call(
                bus, _INTERNAL, "CreateWithMasterPassword", "a{sv}(oayays)", label, secret
            )
            _call(bus, _SERVICE, "SetAlias", "so", "default", path)

    def _secret(self, bus: object) -> object:
        return format_secret(open_session(bus), self._password.encode(), "text/plain")


def _call(bus: object, interface: str, method: str, signature: str, *body: object) -> object:
    return DBusAddressWrapper(SS_PATH, interface, bus).call(method, signature, *body)
