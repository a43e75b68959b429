"""The Message-ID of a letter to the owner: `KEY.TOKEN@domain`. Pure.

The key is the same on every machine, so anybody who knows the address can work it out. The token
cannot be: whoever answers a letter by its whole name has seen it, so no stranger's mail is a reply.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable

from inboxbot.core.types import Key

_NAME = re.compile(r"([a-z2-7]{32})\.([a-z2-7]{16})@")
_TOKEN_LENGTH = 16  # characters of five bits each


def letter_name(key: Key, secret: str) -> str:
    """Return the local part of a letter's Message-ID; `secret` is the account's own."""
    digest = hmac.digest(secret.encode(), key.encode(), hashlib.sha256)
    return f"{key}.{base64.b32encode(digest).decode().lower()[:_TOKEN_LENGTH]}"


def letter_in(names: Iterable[str]) -> tuple[Key, str] | None:
    """Return the key and the whole local part of the first name that is a letter's."""
    for name in names:
        if found := _NAME.match(name):
            return Key(found[1]), name.partition("@")[0]
    return None
