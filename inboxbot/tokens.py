"""An account's permission → an access token, from memory while it is good, else from the provider.

stored permission → known, fresh? → token
                  → known, dead?  → TokenDead, and nobody is asked
                  → else: the provider → token, and what it changed is kept → token
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from inboxbot import vault
from inboxbot.clock import wall_clock
from inboxbot.errors import InboxbotError, InputError, KeyringLocked, SecretMissing, TokenDead
from inboxbot.logs import failure
from inboxbot.mailbox.oauth import AccessToken, Grant, Renewed, same_account
from inboxbot.settings import Account

_log = logging.getLogger(__name__)
_SHORTLY_BEFORE = timedelta(minutes=5)  # its end: a poll that begins with a token ends with it


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of one account's permission: a token, or that it is dead."""

    stored: str = field(repr=False)  # the permission, as it lies in the store
    token: AccessToken | None = None
    dead: str = ""  # why, where it is


class Tokens:
    """The access tokens of all accounts of one process; any thread may ask.

    They are kept in memory until shortly before they end. A permission that was refused is not
    tried again before another one lies in its place: `setup --renew` is noticed at the next call.
    """

    def __init__(
        self,
        *,
        dialog_seconds: float,
        now: Callable[[], datetime] = wall_clock,
        store: vault.Store = vault,
    ) -> None:
        self._dialog_seconds = dialog_seconds
        self._store = store
        self._now = now
        self._held: dict[str, _Held] = {}
        self._locks: dict[str, threading.Lock] = {}

    def fresh(self, account: Account, refused: str = "") -> AccessToken:
        """Return an access token that is good for some minutes at least.

        `refused` is one that the mailbox did not take: it is not returned again.
        Raise `TokenDead`, `SecretMissing`, `KeyringLocked` or `PrivacyError`, and `MailboxError`
        where the provider does not answer.
        """
        # One thread asks the provider, the others wait for its answer.
        with self._locks.setdefault(account.id, threading.Lock()):
            held = self._known(account)
            if held.dead:
                raise TokenDead(account.id, held.dead)
            if held.token and held.token.value != refused and self._is_good(held.token):
                return held.token
            return self._renewed(account, held.stored)

    def doubt(self, account: Account) -> None:
        """Ask the provider the next time: the mailbox did not take what it was opened with."""
        with self._locks.setdefault(account.id, threading.Lock()):
            held = self._held.get(account.id)
            if held is not None and not held.dead:
                del self._held[account.id]

    def grant(self, account: Account) -> Grant:
        """Return the permission that is kept for an account; nobody is asked about it."""
        return _grant(account, self._stored(account))

    def _known(self, account: Account) -> _Held:
        """Return what is known of the permission that lies in the store now."""
        held = self._held.get(account.id)
        try:
            stored = self._stored(account)
        except KeyringLocked:
            if held is not None and held.token is not None and self._is_good(held.token):
                return held  # locked with the screen; the token serves on
            raise
        return held if held is not None and held.stored == stored else _Held(stored)

    def _stored(self, account: Account) -> str:
        text = self._store.fetch(account.login, account.token_file, self._dialog_seconds)
        if text is None:
            where = account.token_file or "the keyring"
            raise SecretMissing(
                f"account {account.id}: no permission in {where}; {_renewal(account)}"
            )
        return text

    def _is_good(self, token: AccessToken) -> bool:
        return token.expires - _SHORTLY_BEFORE > self._now()

    def _renewed(self, account: Account, stored: str) -> AccessToken:
        try:
            renewed = _renew(account, _grant(account, stored), self._now())
        except TokenDead as dead:
            self._held[account.id] = _Held(stored, dead=dead.why)
            raise
        changed = renewed.grant.to_text()
        kept = changed if self._keeps(account, stored, changed) else stored
        self._held[account.id] = _Held(kept, renewed.token)
        return renewed.token

    def _keeps(self, account: Account, stored: str, changed: str) -> bool:
        """Keep a permission that the provider has changed; where that fails the old one serves."""
        try:
            if changed == stored or self._stored(account) != stored:
                return False  # the latter: setup --renew was faster, and knows better
            self._store.keep(account.login, changed, account.token_file)
        except InboxbotError as error:
            failure(_log, "permission_not_kept", error, account=account.id)
            return False
        return True


def _renewal(account: Account) -> str:
    return f"run: inboxbot setup --renew {account.id}"


def _grant(account: Account, stored: str) -> Grant:
    """Read what is kept; refuse what is for another provider, or another account."""
    try:
        grant = Grant.read(stored)
    except ValueError:
        raise SecretMissing(
            f"account {account.id}: what is kept is no permission; {_renewal(account)}"
        ) from None
    own = any(same_account(grant.address, one) for one in (account.address, account.login))
    if grant.provider != account.provider or not own:
        raise SecretMissing(
            f"account {account.id}: what is kept is a permission by {grant.provider} for "
            f"{grant.address}; {_renewal(account)}"
        )
    return grant


def _renew(account: Account, grant: Grant, now: datetime) -> Renewed:
    match grant.provider:
        case "google":
            # One provider is enough.
            from inboxbot.mailbox.oauth_google_client import GoogleClient  # noqa: PLC0415
            from inboxbot.mailbox.oauth_google_token import renew_google  # noqa: PLC0415

            if account.client_file is None:
                raise InputError(f"account {account.id}: client_file is missing")
            client = GoogleClient.read(account.client_file)
            return renew_google(client, grant, account.id, now)
        case "microsoft":
            from inboxbot.mailbox.oauth_microsoft import renew_microsoft  # noqa: PLC0415

            client_id, authority = account.client_id, account.authority
            return renew_microsoft(client_id, grant, account.id, now, authority=authority)
        case _:
            assert_never(grant.provider)
