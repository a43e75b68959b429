"""A keyring in a file, for another process: $PYTHON_KEYRING_BACKEND names it, $SHELF the file."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend, properties
from keyring.errors import PasswordDeleteError

BACKEND = "tests.setup.shelf.Shelf"


class Shelf(KeyringBackend):
    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805
        """Tell how much it is wanted: less than none where the process has no such file."""
        return 1 if "SHELF" in os.environ else -1

    def get_password(self, service: str, username: str) -> str | None:
        return _kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        _put({**_kept(), f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = _kept()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError
        _put(kept)


def _kept() -> dict[str, str]:
    file = Path(os.environ["SHELF"])
    return dict(json.loads(file.read_text())) if file.exists() else {}


def _put(kept: dict[str, str]) -> None:
    Path(os.environ["SHELF"]).write_text(json.dumps(kept))
