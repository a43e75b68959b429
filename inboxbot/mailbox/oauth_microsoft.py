"""A code typed at Microsoft → a permission; a permission → an access token, or TokenDead.

authorise_microsoft: device code (RFC 8628) → shown → the user signs in anywhere → Grant
renew_microsoft:     Grant → msal, silently → AccessToken, and the Grant as msal changed it

By the user's own client id, which is a public client: it has no secret.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from inboxbot.clock import wall_clock
from inboxbot.errors import (
    AuthorisationRefused,
    LoginRefused,
    MailboxError,
    NotSecure,
    TokenDead,
    Unreachable,
)
from inboxbot.mailbox.imap_advice import shown
from inboxbot.mailbox.oauth import AccessToken, Grant, Renewed, lasts, same_account
from inboxbot.mailbox.oauth_endpoint import Answer, ask
from inboxbot.settings import AUTHORITY

if TYPE_CHECKING:
    import msal

OUTLOOK_IMAP_SCOPES: Mapping[str, str] = {
    "https://outlook.office.com/IMAP.AccessAsUser.All": (
        "reads mail, and puts drafts and the summary into it, by IMAP. It does not allow sending"
    ),
}
"""What IMAP at Microsoft needs, and why; msal adds openid, profile and offline_access."""

_LASTING = ("RefreshToken", "Account", "AppMetadata")  # of msal's cache; the rest is of an hour
_CODE = re.compile(r"\bAADSTS(\d{4,8})\b")

_BY_ADMINISTRATOR = (
    "the organisation of this account lets only its administrator allow a program: ask them to "
    "allow your client id, or use another mailbox"
)
_NOT_PUBLIC = (
    "the client id is not that of a public client: in Azure's portal, under Authentication, set "
    '"Allow public client flows" to Yes'
)
_KEPT_OUT = (
    "a rule of the organisation (conditional access) keeps this program or this machine out: its "
    "administrator can say what it asks for"
)
_ENDED = "Microsoft's permission has ended ({how})"
_WRONG_AUDIENCE = (
    "the client id is not open to this kind of account: in Azure's portal choose accounts in any "
    'organisation and personal ones, or set authority = "https://login.microsoftonline.com/…" '
    "with the directory that it is for"
)
# From Microsoft's list of "authentication and authorization error codes". The numbers may change,
# as it says: they choose words here, and decide nothing.
_WORDS = {
    "65001": _BY_ADMINISTRATOR,
    "90094": _BY_ADMINISTRATOR,
    "65004": "the permission was denied",
    "70002": _NOT_PUBLIC,
    "7000218": _NOT_PUBLIC,
    "50105": "the organisation has not let this account use the client id: ask its administrator",
    "53000": _KEPT_OUT,
    "53001": _KEPT_OUT,
    "53002": _KEPT_OUT,
    "53003": _KEPT_OUT,
    "50158": _KEPT_OUT,
    "50020": _WRONG_AUDIENCE,
    "50194": _WRONG_AUDIENCE,
    "9002331": _WRONG_AUDIENCE,
    "700016": "Microsoft does not know the client id: compare it with Azure's portal",
    "90002": "Microsoft does not know the directory in authority: compare it with Azure's portal",
    "50076": "the account wants a second factor: sign in again",
    "50079": "the account wants a second factor to be set up: sign in again",
    "70043": "the organisation wants you to sign in again from time to time, and the time is over",
    "50057": "the account is switched off: ask its administrator",
    "50173": _ENDED.format(how="the password was changed, or access taken back"),
    "70008": _ENDED.format(how="it was not used for long"),
    "700082": _ENDED.format(how="it was not used for 90 days"),
}
_REFUSALS = frozenset(
    {
        "invalid_grant", "interaction_required", "consent_required", "login_required",
        "invalid_client", "unauthorized_client", "access_denied", "invalid_scope",
    }
)  # fmt: skip
"""What stays refused however often it is asked; all else is the server's bad moment."""


def authorise_microsoft(
    client_id: str,
    address: str,
    *,
    show: Callable[[str], None],
    authority: str = AUTHORITY,
    now: Callable[[], datetime] = wall_clock,
) -> str:
    """Ask for a permission by a code, and return it as it is to be kept (`Grant`).

    `show` gets the words that tell the user where to type which code; the answer may take the
    quarter of an hour that Microsoft gives. Raise `AuthorisationRefused` where it is denied or is
    for another account than `address` (the name that the user signs in with), and `MailboxError`
    where Microsoft does not answer.
    """
    cache = _cache("")
    with _foreign_errors(authority):
        app = _application(client_id, authority, cache)
        flow = app.initiate_device_flow(list(OUTLOOK_IMAP_SCOPES))
        _refuse_error(flow, authority)
        where, code = shown(flow["verification_uri"]), shown(flow["user_code"])
    show(f"Open {where} in a browser, on any machine; type the code {code}; sign in as {address}.")
    with _foreign_errors(authority):
        answer = app.acquire_token_by_device_flow(flow)
    _refuse_error(answer, authority)
    return Grant(
        provider="microsoft",
        address=_signed_in(answer, address),
        authorised=now(),
        scopes=tuple(OUTLOOK_IMAP_SCOPES),
        kept=_lasting(cache),
    ).to_text()


def _signed_in(answer: Mapping[str, Any], address: str) -> str:
    """Return the name that somebody signed in with. Raise `AuthorisationRefused` for another."""
    name = str((answer.get("id_token_claims") or {}).get("preferred_username", ""))
    if not same_account(name, address):
        raise AuthorisationRefused(
            f"{shown(name) or 'nobody'} signed in, but the account is {address}; nothing was "
            "kept. Sign in with the right account; or, where that is what you sign in to this "
            f'mailbox with, set user = "{shown(name)}"'
        )
    return name


def renew_microsoft(
    client_id: str, grant: Grant, account: str, now: datetime, *, authority: str = AUTHORITY
) -> Renewed:
    """Return a fresh access token, and the permission as it is to be kept from now on.

    Raise `TokenDead` where it has ended, `LoginRefused` where a rule of the organisation stands
    against it for now, and `MailboxError` where Microsoft does not answer.
    """
    with _foreign_errors(authority):
        cache = _cache(grant.kept)
        app = _application(client_id, authority, cache)
        accounts = app.get_accounts(username=grant.address)
        answer = accounts and app.acquire_token_silent_with_error(
            list(OUTLOOK_IMAP_SCOPES), account=accounts[0]
        )
    if not answer:
        raise TokenDead(account, "what is kept is a permission of another client id or authority")
    if "access_token" not in answer:
        raise _why_not_renewed(answer, account, authority)
    token = AccessToken(str(answer["access_token"]), now + lasts(answer["expires_in"]))
    return Renewed(token, replace(grant, kept=_lasting(cache)))


# ---------------------------------------------------------------- msal


def _application(
    client_id: str, authority: str, cache: "msal.SerializableTokenCache"
) -> "msal.PublicClientApplication":
    import msal  # noqa: PLC0415  (the daemon on a password never needs it)

    # It writes codes at DEBUG, and answers that it cannot read, tokens and all, at ERROR.
    logging.getLogger("msal").setLevel(logging.CRITICAL + 1)
    # No instance discovery: it would ask Microsoft whether the authority is one of its own.
    return msal.PublicClientApplication(
        client_id,
        authority=authority,
        token_cache=cache,
        http_client=_Endpoint(),
        instance_discovery=False,
    )


class _Endpoint:
    """How msal asks, in place of requests: that follows a redirect, with the refresh token."""

    def get(self, url: str, **_unused: Any) -> Answer:
        return ask("GET", url, {})

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], **_unused: Any
    ) -> Answer:
        return ask("POST", url, data, headers)

    def close(self) -> None:
        """Do nothing: each question has a connection of its own."""


def _cache(text: str) -> "msal.SerializableTokenCache":
    import msal  # noqa: PLC0415

    cache = msal.SerializableTokenCache()
    cache.deserialize(text)
    return cache


def _lasting(cache: "msal.SerializableTokenCache") -> str:
    """Return what of the cache is to be kept: the less lies there, the less can be taken."""
    whole = json.loads(cache.serialize())
    return json.dumps({kind: whole[kind] for kind in _LASTING if kind in whole})


@contextmanager
def _foreign_errors(authority: str) -> Iterator[None]:
    """Turn what msal and the library below it raise into `MailboxError`, without their words."""
    from msal.exceptions import MsalServiceError  # noqa: PLC0415

    host = urlsplit(authority).netloc
    try:
        yield
    except (Unreachable, NotSecure, MsalServiceError):
        raise Unreachable(
            f"{host} does not answer, or is ill: check the network, or try again later"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        # msal takes an answer for JSON with all its fields, and so it fails where it is not.
        raise MailboxError(
            f"{host} answers something that is not understood: check authority, or try again later"
        ) from None


# ---------------------------------------------------------------- what Microsoft says


def _refuse_error(answer: Mapping[str, Any], authority: str) -> None:
    """Raise where an answer to the device flow is an error (RFC 8628 §3.5)."""
    error = str(answer.get("error", ""))
    match error:
        case "":
            return
        case "authorization_declined" | "access_denied":
            why = "the permission was denied in the browser"
        case "authorization_pending" | "expired_token" | "code_expired":
            why = "nobody typed the code in time"
        case _ if error in _REFUSALS or _code(answer) in _WORDS:
            why = _in_words(answer)
        case _:
            host = urlsplit(authority).netloc
            raise MailboxError(f"{host} gives no token now ({shown(error)}): try again later")
    raise AuthorisationRefused(f"{why}; nothing was kept. Ask for the permission anew")


def _why_not_renewed(
    answer: Mapping[str, Any], account: str, authority: str
) -> TokenDead | MailboxError:
    error = str(answer.get("error", ""))
    if answer.get("suberror") == "message_only":
        # Nothing that the user could renew; it may pass, as when the machine comes home.
        return LoginRefused(f"Microsoft lets nobody in for now: {_in_words(answer)}")
    if error in _REFUSALS:
        return TokenDead(account, _in_words(answer))
    host = urlsplit(authority).netloc
    return MailboxError(f"{host} gives no token now ({shown(error)}): try again later")


def _in_words(answer: Mapping[str, Any]) -> str:
    code = _code(answer)
    if words := _WORDS.get(code):
        return f"{words} (AADSTS{code})"
    first_line = (
        str(answer.get("error_description", "")).partition("\n")[0].partition("Trace ID")[0]
    )
    return f"Microsoft refuses: {shown(first_line) or shown(str(answer.get('error', '')))}"


def _code(answer: Mapping[str, Any]) -> str:
    found = _CODE.search(str(answer.get("error_description", "")))
    return found[1] if found else ""
