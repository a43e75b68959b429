"""The JSON file of Google's console → the user's own client, which leads to Google only."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec

from inboxbot.errors import InputError
from inboxbot.mailbox.imap_advice import shown

_LARGEST_FILE = 65_536  # octets; Google's has some 400
_OF_GOOGLE = re.compile(
    r"(?:https://(?:accounts\.google\.com|(?:oauth2|www)\.googleapis\.com)"
    r"|https?://127\.0\.0\.1(?::\d{1,5})?)(?:/[A-Za-z0-9_.-]*)*",
    re.ASCII,
)
"""Where codes and tokens may go: to Google, or to a server on this machine.

Spelt out, not taken apart: a browser reads "https://evil.example\\@accounts.google.com" otherwise
than urlsplit does. And no other host of Google's: on some of them anybody may publish.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleClient:
    """What Google's console calls an OAuth client of the type "Desktop app"."""

    id: str
    secret: str = field(
        repr=False
    )  # no secret to speak of: every installed app has it (RFC 8252 §8.5)
    auth_uri: str
    token_uri: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the JSON file that the console gives. Raise `InputError` with what is wrong."""
        found = _client_file(path)
        if found.installed is None:
            kind = "a web application" if found.web else "something else"
            raise InputError(
                f"{path} is for {kind}; in Google's console make an OAuth client of the type "
                '"Desktop app", and download its JSON file'
            )
        for uri in (found.installed.auth_uri, found.installed.token_uri):
            if not _OF_GOOGLE.fullmatch(uri):
                raise InputError(
                    f"{path} leads to {shown(uri)}, which is not Google's; download it anew"
                )
        mine = found.installed
        return cls(
            id=mine.client_id,
            secret=mine.client_secret,
            auth_uri=mine.auth_uri,
            token_uri=mine.token_uri,
        )


@dataclass(frozen=True, slots=True)
class _Installed:
    client_id: str
    client_secret: str = field(repr=False)
    auth_uri: str
    token_uri: str


@dataclass(frozen=True, slots=True)
class _ClientFile:
    installed: _Installed | None = None
    web: dict[str, Any] | None = None


def _client_file(path: Path) -> _ClientFile:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_LARGEST_FILE), type=_ClientFile)
    except OSError as error:
        raise InputError(f"client_file: {path} cannot be read ({error.strerror})") from error
    except msgspec.MsgspecError:
        raise InputError(
            f"client_file: {path} is not the JSON file of an OAuth client; download it from "
            "Google's console (APIs & Services, Credentials)"
        ) from None
