"""One question to Gmail, until there is an answer or no hope of one.

    budget | attempt | answer
                     | trouble | wait, or a new token | attempt …

What only reads is asked again after any trouble. A write is asked again only where Gmail has said
that it did nothing; where that is open, `InDoubt` says so, and the caller looks.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from googleapiclient.errors import HttpError

from inboxbot.errors import MailboxError
from inboxbot.mailbox import gmail_advice
from inboxbot.mailbox.gmail_account import GmailAccount
from inboxbot.mailbox.gmail_advice import Kind, Trouble
from inboxbot.mailbox.gmail_pace import Budget, Pace, Patience
from inboxbot.mailbox.gmail_transport import GmailTransport
from inboxbot.mailbox.imap_transport import ConnectionLost, Limits, TooSlow

# What a call costs since May 2026 (reference/quota); where only the older price is known, more.
UNITS: Mapping[str, int] = {
    "getProfile": 1,
    "labels.list": 1,
    "labels.create": 5,
    "history.list": 2,
    "messages.list": 5,
    "messages.get": 20,
    "messages.attachments.get": 20,
    "messages.insert": 25,
    "messages.trash": 5,
    "drafts.list": 5,
    "drafts.get": 20,
    "drafts.create": 10,
}
_BEARER = re.compile(r"[\x21-\x7e]+")
_T = TypeVar("_T")


class Gone(MailboxError):
    """What was named is not there."""


class Exists(MailboxError):
    """What was to be made is there already."""


class InDoubt(MailboxError):
    """A write was asked for and not answered: it may have happened, or may yet."""


class Asking:
    """One account's transport, token and budget."""

    def __init__(self, account: GmailAccount, limits: Limits, pace: Pace) -> None:
        self._account = account
        self._pace = pace
        self._budget = Budget(account.units_a_minute, pace)
        self.transport = GmailTransport(account.endpoint, limits, ca_file=account.ca_file)

    def ask(self, units: int, attempt: Callable[[], _T], *, writes: bool = False) -> _T:
        """Return what `attempt` returns; it costs so many units each time.

        Raise Gone, Exists, TokenDead, for a write InDoubt, and MailboxError.
        """
        patience = self.patience()
        while True:
            outcome = self.once(units, attempt)
            if not isinstance(outcome, Trouble):
                return outcome
            if writes and outcome.kind is Kind.DOUBT:
                raise InDoubt(f"{outcome.error}, and looks first whether this was written")
            self.bear(outcome, patience)

    def once(self, units: int, attempt: Callable[[], _T]) -> _T | Trouble:
        """Make one attempt within the budget; `attempt` raises ValueError over what is garbled."""
        self._budget.spend(units)
        try:
            return attempt()
        except HttpError as err:
            return self.trouble(err)
        except (ConnectionLost, TooSlow) as err:
            return Trouble(kind=Kind.DOUBT, error=err)
        except (ValueError, RecursionError):
            return self.garbled()
        finally:
            self._budget.settle()

    def bear(self, trouble: Trouble, patience: Patience) -> None:
        """Do what may help before the question is asked again. Raise where nothing may."""
        match trouble.kind:
            case Kind.RENEW if not patience.renewed:
                patience.renewed = True
                self.renew()
            case Kind.BUSY | Kind.DOUBT:
                patience.wait(trouble.error, trouble.retry_after_seconds)
            case Kind.GONE:
                raise Gone(str(trouble.error))
            case Kind.EXISTS:
                raise Exists(str(trouble.error))
            case _:
                raise trouble.error

    def renew(self) -> None:
        """Ask for an access token; asking again says that the last one was refused."""
        bearer = self._account.token()
        if not _BEARER.fullmatch(bearer):  # RFC 6750 §2.1: anything else would end the header
            raise gmail_advice.token_dead(self._account.name)
        self.transport.bearer = bearer

    def patience(self) -> Patience:
        """Return the patience for one question."""
        return Patience(self._pace)

    def garbled(self) -> Trouble:
        """Return what an answer means that is not what Gmail answers."""
        return gmail_advice.garbled(self._account.name)

    def trouble(self, err: HttpError) -> Trouble:
        """Return what a refusal means."""
        retry_after = str(err.resp.get("retry-after", ""))
        status = int(err.resp.status)
        return gmail_advice.trouble_of(self._account.name, status, err.content, retry_after)
