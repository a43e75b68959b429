"""Google's consent page → a permission; a permission → an access token, or TokenDead.

authorise_google: browser → consent → 127.0.0.1 → code + verifier → token endpoint → Grant
renew_google:     Grant → token endpoint → AccessToken

The installed-app flow of RFC 8252 with PKCE (RFC 7636), by the user's own client id.
google-auth-oauthlib is not used: the library below it writes codes and tokens to the log (D-39).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode, urlsplit

import msgspec

from inboxbot.errors import AuthorisationRefused, MailboxError, TokenDead
from inboxbot.mailbox.imap_advice import shown
from inboxbot.mailbox.oauth import AccessToken, Grant, Renewed, same_account, wall_clock
from inboxbot.mailbox.oauth_google_client import GoogleClient
from inboxbot.mailbox.oauth_loopback import Loopback

__all__ = ["GMAIL_IMAP_SCOPES", "GMAIL_SCOPES", "GoogleClient", "authorise_google", "renew_google"]

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

_OK = 200  # HTTP
_SECONDS = 20.0  # for one answer of the token endpoint
_UNSTATED = timedelta(minutes=10)  # how long a token is taken for good that does not say
_TESTING_ENDS = timedelta(days=7)
_ABOUT = timedelta(days=1)  # a machine that is off notices late
_CHECK = "see https://myaccount.google.com/permissions"


# ---------------------------------------------------------------- to be allowed


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
                "was kept. Close the page, run inboxbot setup again, and use the page that it opens"
            )
        if error := parameters.get("error"):
            raise AuthorisationRefused(_why_denied(error))
        return parameters["code"]


def _why_denied(error: str) -> str:
    match error:
        case "access_denied":
            return (
                "the permission was denied in the browser; nothing was kept. Run inboxbot setup "
                "again to allow it; an account that Google does not let in has to be among the "
                "test users of your consent screen"
            )
        case "admin_policy_enforced" | "org_internal":
            return (
                f"the administrator of this account does not allow it ({error}); ask them, or use "
                "an app password"
            )
        case _:
            return f"Google gave no permission: {shown(error)}; nothing was kept"


def _granted(client: GoogleClient, request: _Request, answer: "_Answer", now: datetime) -> Grant:
    """Check who agreed, and to what."""
    address = _address(client, answer.id_token)
    if not same_account(address, request.address):
        raise AuthorisationRefused(
            f"{shown(address)} agreed in the browser, but the settings say {request.address}; "
            "nothing was kept. Choose the right account on Google's page, or correct address; "
            f"take the permission back there ({_CHECK})"
        )
    scopes = tuple(answer.scope.split()) or request.scopes  # RFC 6749 §5.1: unsaid, as asked for
    if missing := set(request.scopes) - _WHO.keys() - set(scopes):
        raise AuthorisationRefused(
            f"the box for {', '.join(sorted(missing))} was not ticked on Google's page; nothing "
            "was kept. Run inboxbot setup again and tick it"
        )
    if not answer.refresh_token:
        raise AuthorisationRefused(
            "Google gave a permission for an hour only; remove inboxbot from the account "
            f"({_CHECK}) and run inboxbot setup again"
        )
    return Grant(
        provider="google",
        address=address,
        authorised=now,
        scopes=scopes,
        kept=answer.refresh_token,
    )


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
    except (IndexError, ValueError, msgspec.MsgspecError):
        raise AuthorisationRefused("Google does not say which account agreed; try again") from None
    if claims.aud != client.id:
        raise AuthorisationRefused("Google's answer is for another client id; try again")
    return claims.email


# ---------------------------------------------------------------- the token endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What the token endpoint says (RFC 6749 §5)."""

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)
    expires_in: int | None = None  # seconds
    scope: str = ""
    error: str = ""
    error_description: str = ""
    error_subtype: str = ""


_ABOUT_THE_CLIENT = frozenset(
    {"invalid_client", "unauthorized_client", "deleted_client", "disabled_client"}
)
_REFUSALS = _ABOUT_THE_CLIENT | {
    "invalid_grant", "invalid_scope", "access_denied", "admin_policy_enforced", "org_internal",
    "restricted_client",
}  # fmt: skip
"""What stays refused however often it is asked; all else is the server's bad moment."""
_UNKNOWN_CLIENT = (
    "Google does not take the client id of client_file any more ({error}): make a new one in "
    "Google's console"
)


def _redeemed(client: GoogleClient, request: _Request, code: str) -> _Answer:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": request.redirect_uri,
        "code_verifier": request.verifier,
    }
    answer = _post(client, form)
    if answer.error in _ABOUT_THE_CLIENT:
        raise AuthorisationRefused(_UNKNOWN_CLIENT.format(error=answer.error))
    if answer.error == "invalid_grant":
        raise AuthorisationRefused(
            "Google's answer had expired, or was used already; nothing was kept. Run inboxbot "
            "setup again"
        )
    if answer.error:
        raise AuthorisationRefused(f"Google gave no token: {shown(answer.error)}; try again")
    return answer


def renew_google(client: GoogleClient, grant: Grant, account: str, now: datetime) -> Renewed:
    """Return a fresh access token.

    Raise `TokenDead` where the permission has ended, `MailboxError` where Google does not answer.
    """
    answer = _post(client, {"grant_type": "refresh_token", "refresh_token": grant.kept})
    if answer.error:
        raise TokenDead(account, _why_dead(answer, grant, now))
    lasts = _UNSTATED if answer.expires_in is None else timedelta(seconds=answer.expires_in)
    if answer.refresh_token:  # it may give a new one (RFC 6749 §6)
        grant = replace(grant, kept=answer.refresh_token)
    return Renewed(AccessToken(answer.access_token, now + lasts), grant)


def _why_dead(answer: _Answer, grant: Grant, now: datetime) -> str:
    if answer.error in _ABOUT_THE_CLIENT:
        return _UNKNOWN_CLIENT.format(error=answer.error)
    if answer.error != "invalid_grant":
        return f"Google refuses the permission ({shown(answer.error)})"
    if answer.error_subtype in {"invalid_rapt", "rapt_required"}:
        return "your organisation wants you to sign in to Google again"
    age = now - grant.authorised
    if age > _TESTING_ENDS + _ABOUT:
        return (
            "Google's permission has ended (taken back, unused for six months, or the password "
            "was changed)"
        )
    days = "1 day" if age.days == 1 else f"{max(age.days, 0)} days"
    return (
        f"Google's permission has ended, {days} after it was given. Where the consent "
        'screen of your client is in "Testing", Google ends every permission after 7 days: set '
        'it to "In production" in Google\'s console (you need not have it verified), and the '
        "next one stays. A changed password, or access taken back, ends it too"
    )


def _post(client: GoogleClient, form: Mapping[str, str]) -> _Answer:
    """Ask the token endpoint. Raise `MailboxError` where that brings neither token nor refusal."""
    host = urlsplit(client.token_uri).netloc
    status, body = _exchanged(client, form, host)
    try:
        answer = msgspec.json.decode(body, type=_Answer, strict=False)
    except msgspec.MsgspecError:
        answer = _Answer()
    if status == _OK and answer.access_token:
        return answer
    if answer.error in _REFUSALS:
        return answer
    raise MailboxError(f"{host} gives no token now (HTTP {status}): try again later")


def _exchanged(client: GoogleClient, form: Mapping[str, str], host: str) -> tuple[int, bytes]:
    from google.auth.exceptions import TransportError  # noqa: PLC0415
    from google.auth.transport.requests import Request  # noqa: PLC0415

    whole = urlencode({"client_id": client.id, "client_secret": client.secret, **form})
    request = Request()
    with closing(request.session):
        try:
            answer = request(
                client.token_uri,
                method="POST",
                body=whole.encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=_SECONDS,
                allow_redirects=False,  # what is posted is for this host alone
            )
        except (TransportError, OSError):
            # From None: the cause holds the request, and that the token.
            raise MailboxError(f"{host} cannot be reached: check the network") from None
    return answer.status, answer.data
