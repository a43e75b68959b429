"""Google's consent page → a permission.

authorise_google: browser → consent → 127.0.0.1 → code + verifier → token endpoint → Grant

The installed-app flow of RFC 8252 with PKCE (RFC 7636), by the user's own client id.
google-auth-oauthlib is not used: the library below it writes codes and tokens to the log (D-39).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode

import msgspec

from inboxbot.clock import wall_clock
from inboxbot.errors import AuthorisationRefused
from inboxbot.mailbox.imap_advice import shown
from inboxbot.mailbox.oauth import Grant, same_account
from inboxbot.mailbox.oauth_google_client import GoogleClient
from inboxbot.mailbox.oauth_google_token import ABOUT_THE_CLIENT, UNKNOWN_CLIENT, Answer, ask_google
from inboxbot.mailbox.oauth_loopback import Loopback

__all__ = ["GMAIL_IMAP_SCOPES", "GMAIL_SCOPES", "GoogleClient", "authorise_google"]

_ADDRESS = "https://www.googleapis.com/auth/userinfo.email"
_WHO = {
    "openid": "says which account agreed, so that a wrong one is refused",
    _ADDRESS: "the address of that account, for the same reason",
}
GMAIL_SCOPES: Mapping[str, str] = {
    "https://www.googleapis.com/auth/gmail.modify": (
        "reads mail, writes and withdraws drafts, puts the summary into the inbox; nothing less "
        "allows all three. Google's permission would allow sending; inboxbot has no code for it"
    ),
    **_WHO,
}
"""What Gmail's API needs, and why."""
GMAIL_IMAP_SCOPES: Mapping[str, str] = {
    "https://mail.google.com/": "the only permission that Gmail's IMAP takes; it covers all mail",
    **_WHO,
}
"""What Gmail by IMAP needs, and why."""

_YEAR_SECONDS = 365 * 24 * 3600
_CHECK = "see https://myaccount.google.com/permissions"


def authorise_google(
    client: GoogleClient,
    address: str,
    *,
    scopes: Iterable[str],
    open_browser: Callable[[str], None],
    seconds: float = 300,
    now: Callable[[], datetime] = wall_clock,
) -> str:
    """Ask in the browser for a permission, and return it as it is to be kept (`Grant`).

    `open_browser` gets the address of Google's page; the answer may take `seconds`. Raise
    `AuthorisationRefused` where it is denied, comes from elsewhere or is for another account than
    `address`, and `MailboxError` where Google does not answer.
    """
    with Loopback(seconds) as loopback:
        wanted = tuple(dict.fromkeys((*scopes, *_WHO)))
        request = _Request.new(client, address, wanted, loopback.uri)
        open_browser(request.url)
        code = request.code_of(loopback.parameters())
    answer = _redeemed(client, request, code)
    return _granted(client, request, answer, now()).to_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """One request for a permission, and what its answer is recognised by."""

    client: GoogleClient
    address: str
    scopes: tuple[str, ...]
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def new(
        cls, client: GoogleClient, address: str, scopes: tuple[str, ...], redirect_uri: str
    ) -> Self:
        return cls(
            client=client,
            address=address,
            scopes=scopes,
            redirect_uri=redirect_uri,
            state=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),  # 86 characters; RFC 7636 §4.1 wants 43 to 128
        )

    @property
    def url(self) -> str:
        """Return the address of the consent page."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        asked = {
            "client_id": self.client.id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": " ".join(self.scopes),
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",  # without, a second permission comes without a refresh token
            "login_hint": self.address,
        }
        return f"{self.client.auth_uri}?{urlencode(asked)}"

    def code_of(self, parameters: Mapping[str, str]) -> str:
        """Return the code of an answer to this request. Raise `AuthorisationRefused`."""
        if not hmac.compare_digest(parameters.get("state", "").encode(), self.state.encode()):
            raise AuthorisationRefused(
                "the browser came back with an answer to another question (wrong state); nothing "
                "was kept. Close the page, ask for the permission anew, and use the page that opens"
            )
        if error := parameters.get("error"):
            raise AuthorisationRefused(_why_denied(error))
        return parameters["code"]


def _why_denied(error: str) -> str:
    match error:
        case "access_denied":
            return (
                "the permission was denied in the browser; nothing was kept. Ask for it anew, and "
                "allow it; an account that Google does not let in has to be among the test users "
                "of your consent screen"
            )
        case "admin_policy_enforced" | "org_internal":
            return (
                f"the administrator of this account does not allow it ({error}); ask them, or use "
                "an app password"
            )
        case _:
            return f"Google gave no permission: {shown(error)}; nothing was kept"


def _redeemed(client: GoogleClient, request: _Request, code: str) -> Answer:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": request.redirect_uri,
        "code_verifier": request.verifier,
    }
    answer = ask_google(client, form)
    if answer.error in ABOUT_THE_CLIENT:
        raise AuthorisationRefused(UNKNOWN_CLIENT.format(error=answer.error))
    if answer.error == "invalid_grant":
        raise AuthorisationRefused(
            "Google's answer had expired, or was used already; nothing was kept. Ask for the "
            "permission anew"
        )
    if answer.error:
        raise AuthorisationRefused(f"Google gave no token: {shown(answer.error)}; try again")
    return answer


def _granted(client: GoogleClient, request: _Request, answer: Answer, now: datetime) -> Grant:
    """Check who agreed, and to what."""
    address = _address(client, answer.id_token)
    if not same_account(address, request.address):
        raise AuthorisationRefused(
            f"{shown(address)} agreed in the browser, but the account is {request.address}; "
            "nothing was kept. Choose the right account on Google's page, or correct address; "
            f"take the permission back there ({_CHECK})"
        )
    scopes = tuple(answer.scope.split()) or request.scopes  # RFC 6749 §5.1: unsaid, as asked for
    if missing := set(request.scopes) - _WHO.keys() - set(scopes):
        raise AuthorisationRefused(
            f"the box for {', '.join(sorted(missing))} was not ticked on Google's page; nothing "
            "was kept. Ask for the permission anew, and tick it"
        )
    if not answer.refresh_token:
        raise AuthorisationRefused(
            "Google gave a permission for an hour only; remove inboxbot from the account "
            f"({_CHECK}), then ask for the permission anew"
        )
    return Grant(
        provider="google",
        address=address,
        authorised=now,
        scopes=scopes,
        kept=answer.refresh_token,
        ends=_end(now, answer.refresh_token_expires_in),
    )


def _end(now: datetime, seconds: float) -> datetime | None:
    """Return when a permission ends that lasts so long; None where that was not said."""
    return now + timedelta(seconds=min(seconds, _YEAR_SECONDS)) if seconds > 0 else None


@dataclass(frozen=True, slots=True)
class _Claims:
    """What an ID token says of whom, as far as it is needed."""

    aud: str
    email: str


def _address(client: GoogleClient, id_token: str) -> str:
    """Return the address in an ID token.

    Its signature says nothing that TLS has not: it came from the token endpoint itself (OpenID
    Connect Core §3.1.3.7).
    """
    try:
        payload = id_token.split(".")[1]
        claims = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims
        )
    except (IndexError, ValueError, msgspec.MsgspecError, RecursionError):
        raise AuthorisationRefused("Google does not say which account agreed; try again") from None
    if claims.aud != client.id:
        raise AuthorisationRefused("Google's answer is for another client id; try again")
    return claims.email
