"""Google's token endpoint: a form → a token or a refusal; a permission → an access token.

renew_google: Grant → token endpoint → AccessToken, or TokenDead with what ended it
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from inboxbot.errors import MailboxError, NotSecure, TokenDead, Unreachable
from inboxbot.mailbox import oauth_endpoint
from inboxbot.mailbox.imap_advice import shown
from inboxbot.mailbox.oauth import AccessToken, Grant, Renewed, lasts
from inboxbot.mailbox.oauth_google_client import GoogleClient

_OK = 200  # HTTP
_UNSTATED_SECONDS = 600  # how long a token is taken for good that does not say
_TESTING_ENDS = timedelta(days=7)
_WARNED = timedelta(days=2)  # before
_ABOUT = timedelta(days=1)  # a machine that is off notices late
IN_PRODUCTION = (
    'set it to "In production" in Google\'s console (you need not have it verified), and the next '
    "one stays"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the token endpoint says (RFC 6749 §5)."""

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)
    expires_in: float = _UNSTATED_SECONDS
    refresh_token_expires_in: float = 0  # 0: unsaid, as by a client "In production"
    scope: str = ""
    error: str = ""
    error_subtype: str = ""


ABOUT_THE_CLIENT = frozenset(
    {"invalid_client", "unauthorized_client", "deleted_client", "disabled_client"}
)
_REFUSALS = ABOUT_THE_CLIENT | {
    "invalid_grant", "invalid_scope", "access_denied", "admin_policy_enforced", "org_internal",
    "restricted_client",
}  # fmt: skip
"""What stays refused however often it is asked; all else is the server's bad moment."""
UNKNOWN_CLIENT = (
    "Google does not take the client id of client_file any more ({error}): make a new one in "
    "Google's console"
)


def ask_google(client: GoogleClient, form: Mapping[str, str]) -> Answer:
    """Ask the token endpoint. Raise `MailboxError` where that brings neither token nor refusal."""
    host = urlsplit(client.token_uri).netloc
    whole = {"client_id": client.id, "client_secret": client.secret, **form}
    try:
        said = oauth_endpoint.ask("POST", client.token_uri, whole)
    except (Unreachable, NotSecure):
        raise Unreachable(f"{host} cannot be reached: check the network") from None
    try:
        answer = msgspec.json.decode(said.text, type=Answer, strict=False)
    except (msgspec.MsgspecError, RecursionError):
        answer = Answer()
    if said.status_code == _OK and answer.access_token:
        return answer
    if answer.error in _REFUSALS:
        return answer
    raise MailboxError(f"{host} gives no token now (HTTP {said.status_code}): try again later")


def renew_google(client: GoogleClient, grant: Grant, account: str, now: datetime) -> Renewed:
    """Return a fresh access token.

    Raise `TokenDead` where the permission has ended, `MailboxError` where Google does not answer.
    """
    answer = ask_google(client, {"grant_type": "refresh_token", "refresh_token": grant.kept})
    if answer.error:
        raise TokenDead(account, _why_dead(answer, grant, now))
    if answer.refresh_token:  # it may give a new one (RFC 6749 §6)
        grant = replace(grant, kept=answer.refresh_token)
    return Renewed(AccessToken(answer.access_token, now + lasts(answer.expires_in)), grant)


def testing_ends(grant: Grant, now: datetime) -> datetime | None:
    """Return when Google ends a permission by a client in "Testing"; None where nothing says so.

    Where Google itself did not tell, it may be in seven days, and is only said when that is near; a
    permission that has lasted longer proves that the client is not in "Testing".
    """
    if grant.ends is not None:
        return grant.ends if now < grant.ends else None
    end = grant.authorised + _TESTING_ENDS
    return end if end - _WARNED <= now < end else None


def _why_dead(answer: Answer, grant: Grant, now: datetime) -> str:
    if answer.error in ABOUT_THE_CLIENT:
        return UNKNOWN_CLIENT.format(error=answer.error)
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
        'screen of your client is in "Testing", Google ends every permission after 7 days: '
        f"{IN_PRODUCTION}. A changed password, or access taken back, ends it too"
    )
