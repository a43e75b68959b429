"""Model file → its thresholds, without numpy: all that the daemon itself needs of the model.

The whole file is checked against its hash all the same, so that a damaged model is told before any
mail is read.
"""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from inboxbot.core.policy import Thresholds
from inboxbot.errors import ModelError

MAGIC: Final = b"inboxbot-model\n"
_DIGITS: Final = 64
_LARGEST: Final = 16 * 1024 * 1024  # bytes of a model file
ADVICE: Final = "restore it from the release, or make it anew with `inboxbot train`"


class _Header(msgspec.Struct, kw_only=True, frozen=True):
    draft_threshold: float
    review_threshold: float
    experimental_languages: tuple[str, ...]


def read_thresholds(path: Path) -> Thresholds:
    """Return a model's own thresholds. Raise `ModelError` for a file that is not whole."""
    head = checked(path).partition(b"\n")[0]
    try:
        header = msgspec.json.decode(head, type=_Header)
    except msgspec.DecodeError as error:
        raise ModelError(f"{path}: not a model that this version can read; {ADVICE}") from error
    return Thresholds(
        draft=header.draft_threshold,
        review=header.review_threshold,
        experimental_languages=frozenset(header.experimental_languages),
    )


def read_digest(path: Path) -> str:
    """Return the SHA-256 that a model file bears; `checked` tells whether it is true."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC) + _DIGITS)[len(MAGIC) :].decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: the model cannot be read; {ADVICE}") from error


def checked(path: Path) -> bytes:
    """Return what follows the hash of a model file. Raise `ModelError` where the hash is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: the model is missing; {ADVICE}") from error
    except OSError as error:
        raise ModelError(
            f"{path}: the model cannot be read ({error.strerror}); {ADVICE}"
        ) from error
    start = len(MAGIC) + _DIGITS + 1  # a line feed
    if not data.startswith(MAGIC) or len(data) > _LARGEST:
        raise ModelError(f"{path}: this is no model of inboxbot; {ADVICE}")
    body = data[start:]
    if hashlib.sha256(body).hexdigest().encode() != data[len(MAGIC) : start - 1]:
        raise ModelError(f"{path}: the model is damaged (its SHA-256 is wrong); {ADVICE}")
    return body
