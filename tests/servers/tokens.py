"""User → an access token (a JWT, RFC 7519) that Dovecot's oauth2 checks without asking anybody."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from pathlib import Path

_SETTINGS = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={keys}/
username_attribute = sub
"""


class Tokens:
    """Who gives out tokens, with a key of its own; Dovecot reads it from a folder."""

    def __init__(self, folder: Path) -> None:
        self._key = secrets.token_bytes(32)
        # Where Dovecot looks: client / algorithm / key, each "default" where a token names none.
        key = folder / "default" / "HS256" / "default"
        key.parent.mkdir(parents=True)
        key.write_bytes(base64.b64encode(self._key))
        self.settings = folder / "oauth2.conf"
        self.settings.write_text(_SETTINGS.format(keys=folder))
        self.files = (folder, *folder.rglob("*"))

    def of(self, user: str, *, seconds: float) -> str:
        """Return a token that is good for some seconds."""
        claims = {"sub": user, "exp": int(time.time() + seconds)}
        signed = b".".join(_encoded(json.dumps(part).encode()) for part in (_HEADER, claims))
        signature = hmac.digest(self._key, signed, hashlib.sha256)
        return (signed + b"." + _encoded(signature)).decode("ascii")


_HEADER = {"typ": "JWT", "alg": "HS256"}


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
