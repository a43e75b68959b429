"""Files that the user asks for with --out: checked before the work, written whole and private."""

from pathlib import Path

from inboxbot.errors import InputError, NotWritten
from inboxbot.private import private_file

_BEGINNING = 2_000  # bytes in which a file says what it is


def check_out(path: Path, suffixes: tuple[str, ...], marks: tuple[bytes, ...]) -> None:
    """Raise `InputError` for a name or a folder that cannot be meant.

    Also for a file that is there, and does not have in its beginning what ours have.
    """
    if path.suffix.lower() not in suffixes:
        raise InputError(f"{path}: name a file that ends in {' or '.join(suffixes)}")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent}: there is no such folder; make it, or name another one")
    beginning = _beginning(path) if path.exists() else b""
    if beginning and not any(mark in beginning for mark in marks):
        raise InputError(
            f"{path} is there, and is something else; name another file, or remove it first"
        )


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_BEGINNING)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name another file") from error


def write_out(path: Path, data: bytes) -> None:
    """Write a file for the owner alone, in place of an older one. Raise `NotWritten`."""
    try:
        with private_file(path) as file:
            file.write(data)
    except OSError as error:
        raise NotWritten(
            f"{path}: cannot be written ({error.strerror}); make room, or name a file elsewhere"
        ) from error
