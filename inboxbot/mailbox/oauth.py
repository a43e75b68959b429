"""What both providers share: a permission as it is kept, and an access token while it is good.

authorise_…  → Grant, as text → the keyring or a 0600 file
Grant → renew_… → AccessToken, for an hour; and the Grant anew, where the provider changed it
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Self

import msgspec

Provider = Literal["google", "microsoft"]

_LONGEST_SECONDS = 86_400.0
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A permission that the user gave, when, and until when, where the provider said so."""

    provider: Provider
    address: str  # of the account that it opens, as the provider named it
    authorised: datetime
    scopes: tuple[str, ...]
    kept: str = field(repr=False)  # Google: the refresh token; Microsoft: msal's cache
    ends: datetime | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `to_text` wrote. Raise `ValueError` where it is something else."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.MsgspecError:
            # From None: the text holds the token.
            raise ValueError("no permission") from None

    def to_text(self) -> str:
        """Return all of it, the token too, as one line."""
        return msgspec.json.encode(self).decode()


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a mailbox is opened with, and until when."""

    value: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True, slots=True)
class Renewed:
    """A fresh access token, and the permission as it is to be kept from now on."""

    token: AccessToken
    grant: Grant


def lasts(seconds: float) -> timedelta:
    """Return how long a token is taken for good, whatever the provider says: a day at most."""
    return timedelta(seconds=max(0.0, min(seconds, _LONGEST_SECONDS)))


def same_account(one: str, other: str) -> bool:
    """Return whether two addresses are one mailbox, as far as their spelling tells."""
    return _spelt_alike(one) == _spelt_alike(other)


def _spelt_alike(address: str) -> tuple[str, str]:
    local, _, domain = address.casefold().rpartition("@")
    if domain in _GMAIL:
        # Google takes dots for nothing and both domains for one, and names the account either way.
        return local.replace(".", ""), "gmail.com"
    return local, domain
