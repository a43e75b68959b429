"""What Gmail answered instead → what may help, and words for the user: what failed, what to do."""

import json
from dataclasses import dataclass
from enum import Enum

from inboxbot.errors import InboxbotError, LoginRefused, MailboxError, TokenDead
from inboxbot.mailbox.imap_advice import shown

_LATER = "the next poll tries again"
_LONGEST_RETRY_AFTER = 3600.0


class Kind(Enum):
    """What may help against a trouble."""

    GONE = "gone"  # what was named is not there (any more)
    EXISTS = "exists"
    RENEW = "renew"  # a new access token; nothing happened
    BUSY = "busy"  # time; nothing happened
    DOUBT = "doubt"  # time; it may have happened
    REFUSED = "refused"  # nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why there is no answer, and the error that it is in the end."""

    kind: Kind
    error: InboxbotError
    retry_after_seconds: float = 0


# https://developers.google.com/workspace/gmail/api/guides/handle-errors
_PASSING = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED"})
_SETUP = "run: inboxbot setup --renew {account}"
_REFUSAL = {
    "accessNotConfigured": "the Gmail API is not switched on for your client id: enable it in "
    "Google's console, under APIs & Services",
    "dailyLimitExceeded": "today's quota of your client id is used up: it goes on tomorrow",
    "domainPolicy": "the administrator of this Google Workspace does not allow it: ask them, or "
    "use IMAP",
    "failedPrecondition": "Gmail is not switched on for this account: open it once in a browser",
    "insufficientPermissions": "the permission does not cover this: " + _SETUP,
    "quotaExceeded": "a quota of your client id is used up: it goes on later",
}


def trouble_of(account: str, status: int, content: bytes, retry_after: str = "") -> Trouble:
    """Return what an answer of 300 or more means."""
    reason, message = _said(content)
    said = f"account {account}: Gmail refused ({status} {reason}): {message}"
    match status:
        case 401:
            return Trouble(kind=Kind.RENEW, error=token_dead(account))
        case 404:
            return Trouble(kind=Kind.GONE, error=MailboxError(f"{said}; {_LATER}"))
        case 409:
            return Trouble(kind=Kind.EXISTS, error=MailboxError(f"{said}; {_LATER}"))
        case 429:
            return _busy(account, retry_after)
        case 403 if reason in _PASSING:
            return _busy(account, retry_after)
        case _ if status >= 500 or status == 408:  # noqa: PLR2004  (RFC 9110 §15)
            words = f"account {account}: Gmail is out of order ({status}); {_LATER}"
            seconds = _seconds(retry_after)
            error = MailboxError(words)
            return Trouble(kind=Kind.DOUBT, error=error, retry_after_seconds=seconds)
        case _:
            return Trouble(kind=Kind.REFUSED, error=_refused(account, reason, said))


def garbled(account: str) -> Trouble:
    """Return what an answer means that is not what Gmail answers."""
    words = f"account {account}: Gmail's answer cannot be read; {_LATER}"
    return Trouble(kind=Kind.DOUBT, error=MailboxError(words))


def token_dead(account: str) -> TokenDead:
    """Return the error for a token that is not taken, though it is new."""
    return TokenDead(account, "Google does not take the permission any more")


def wrong_account(account: str, theirs: str, ours: str) -> LoginRefused:
    """Return the error for a permission that opens another mailbox."""
    return LoginRefused(
        f"account {account}: the permission is for {shown(theirs)}, and the settings say {ours}: "
        f"correct address in [accounts.{account}], or run: inboxbot setup --renew {account}"
    )


def _busy(account: str, retry_after: str) -> Trouble:
    words = f"account {account}: Gmail wants fewer requests for a while; {_LATER}"
    seconds = _seconds(retry_after)
    return Trouble(kind=Kind.BUSY, error=MailboxError(words), retry_after_seconds=seconds)


def _refused(account: str, reason: str, said: str) -> MailboxError:
    advice = _REFUSAL.get(reason, _LATER).format(account=account)
    error = LoginRefused if reason in {"insufficientPermissions", "domainPolicy"} else MailboxError
    return error(f"{said} ({advice})")


def _seconds(retry_after: str) -> float:
    """Return the seconds of a Retry-After; a date (RFC 9110 §10.2.3) is not worth its reading."""
    text = retry_after.strip()
    return min(float(text), _LONGEST_RETRY_AFTER) if text.isdecimal() and text.isascii() else 0


def _said(content: bytes) -> tuple[str, str]:
    """Return the reason and the message of an error, old shape or new; "" where there is none."""
    try:
        error = json.loads(content)["error"]
        reasons = [str(one.get("reason", "")) for one in error.get("errors", [])]
        reason = next(filter(None, (*reasons, str(error.get("status", "")))), "")
        return shown(reason), shown(str(error.get("message", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", ""
