"""Tries an account before anything is written; where that fails, back to exactly that question.

questions → account → secret | probe | good, or what to correct → the same again
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from inboxbot.errors import AuthorisationRefused, MailboxError
from inboxbot.probe import Finding, probe
from inboxbot.providers import Provider
from inboxbot.resources import DOCS
from inboxbot.settings import Account
from inboxbot.setup.account import account_of
from inboxbot.setup.ask import Choice, Nobody, say
from inboxbot.setup.desk import Desk
from inboxbot.setup.interview import Interview
from inboxbot.setup.secret import InHand, ask_keep, is_kept, obtain, secrets_of
from inboxbot.setup.where import ask_place, ask_provider, ask_way
from inboxbot.setup.whose import ask_address, ask_owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An account that works, and what opened it."""

    account: Account
    provider: Provider | None
    hand: InHand | None  # None: the account itself says where its secret is


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the user may do about a failure."""

    words: str
    again: tuple[str, ...] = ()  # the questions to be asked again
    clear: tuple[str, ...] = ()  # the answers that do not hold any more
    secret: bool = False  # whether that, too, is asked for again


def connect(talk: Interview, desk: Desk, *, anew: bool = False) -> Tried:
    """Ask for what is missing and try it, until it works; `anew`: for the secret in any case.

    Raise `SetupStopped`.
    """
    hand = None
    while True:
        account, provider = _asked(talk, desk)
        try:
            if hand is None and (anew or not is_kept(talk, account, desk)):
                hand = obtain(talk, account)
            failure = _failure(account, hand, desk)
        except (AuthorisationRefused, MailboxError) as error:
            failure = Finding(name="permission", advice=str(error))
            _show(failure)
        if failure is None:
            return Tried(account=account, provider=provider, hand=hand)
        talk.tell(f"More about it: {provider.page if provider else DOCS / 'imap.md'}")
        if _remedy(talk, failure, account).secret:
            hand, anew = None, True


def _asked(talk: Interview, desk: Desk) -> tuple[Account, Provider | None]:
    """Go through the questions; those that are answered are not asked again."""
    provider = ask_provider(talk, ask_address(talk, desk))
    way = ask_way(talk, provider)
    ask_place(talk, way, provider)
    for role in ("drafts", "sent", "trash"):
        talk.text(role, f"Folder of your {role}:", ask=False)
    talk.given("folders")
    ask_owner(talk, desk)
    account = account_of(talk.answers, provider, desk.places)
    ask_keep(talk, desk, account.login)
    return account_of(talk.answers, provider, desk.places), provider


# ---------------------------------------------------------------- the trial


def _failure(account: Account, hand: InHand | None, desk: Desk) -> Finding | None:
    """Try the account, show what is found, and return the first thing that failed."""
    say("", f"Trying {account.place} …")
    failed = None
    for finding in chain(twice(account, desk), probe(account, secrets_of(hand), desk.clock())):
        _show(finding)
        failed = failed or (finding if finding.failed else None)
    return failed


def twice(account: Account, desk: Desk) -> Iterator[Finding]:
    """Yield a failure where another address has the mailbox: drafts are known by the address."""
    others = (one for one in desk.settings.accounts.values() if one.id != account.id)
    for other in others:
        if other.mailbox == account.mailbox and other.address != account.address:
            advice = (
                f"this is the mailbox of account {other.id} ({other.address}), and two accounts "
                "would write two drafts each time. Make this address one of its other addresses: "
                f"inboxbot setup, address {other.address}, Change {other.id}"
            )
            yield Finding(name="account", advice=advice)


def _show(finding: Finding) -> None:
    sign = "FAIL" if finding.failed else "note" if finding.advice else "ok"
    say(f"{finding.name}: {finding.advice or finding.shown}", lead=f"  {sign:5} ")


# ---------------------------------------------------------------- what to do about it


_SERVER = Remedy("Correct the server", again=("host", "tls", "port"))
_CERTIFICATE = Remedy("Name the file of its certificate (ca_file)", again=("ca_file",))
_PASSWORD = Remedy("Type the password again", secret=True)
_USER = Remedy("Correct the user name", again=("user",))
_PERMISSION = Remedy("Ask for the permission anew", secret=True)
_CLIENT = Remedy("Name another client id", again=("client_file", "client_id"), secret=True)
_SIGNED_IN = Remedy("Correct the name that you sign in with", again=("user",), secret=True)
_ADDRESS = Remedy("Correct the address", again=("address",), clear=("user",))
_ALLOWED_BY = replace(_ADDRESS, secret=True)
_PATH = Remedy("Correct the folder", again=("path",))
_DRAFTS = Remedy("Name the folder for drafts", again=("drafts",))
_FOLDERS = Remedy("Leave these folders out", clear=("folders",))
_ANOTHER_WAY = Remedy(
    "Choose another way in", again=("way",), clear=("host", "tls", "port", "user"), secret=True
)
_ONCE_MORE = Remedy("Try the same once more")
_STOP = Choice("stop", "Stop here; what you have typed is kept, but for passwords")


def _remedies(failure: Finding, account: Account) -> tuple[Remedy, ...]:
    """Return what may help, the likeliest first."""
    match failure.name:
        case "network" if account.kind == "imap":
            return (_SERVER, _ADDRESS, _ONCE_MORE, _ANOTHER_WAY)
        case "TLS" if account.kind == "imap":
            return (_SERVER, _CERTIFICATE, _ADDRESS, _ONCE_MORE, _ANOTHER_WAY)
        case "permission":
            return (_PERMISSION, _ALLOWED_BY, _SIGNED_IN, _CLIENT, _ANOTHER_WAY)
        case "login" if account.provider:
            return (_PERMISSION, _ALLOWED_BY, _SIGNED_IN, _CLIENT, _ONCE_MORE, _ANOTHER_WAY)
        case "login":
            return (_PASSWORD, _USER, _ADDRESS, _ONCE_MORE, _ANOTHER_WAY)
        case "account":
            return (_ADDRESS, _ANOTHER_WAY)
        case "mailbox" if account.kind == "maildir":
            return (_PATH, _ONCE_MORE, _ANOTHER_WAY)
        case "drafts" | "rights":
            return (_ONCE_MORE, _DRAFTS, _ANOTHER_WAY)
        case "watched":
            return (_FOLDERS, _ONCE_MORE, _ANOTHER_WAY)
        case _:
            return (_ONCE_MORE, _ANOTHER_WAY)


def _remedy(talk: Interview, failure: Finding, account: Account) -> Remedy:
    """Ask what is to be done, and have it asked again. Raise `SetupStopped`."""
    if isinstance(talk.asks, Nobody):
        raise talk.stopped(f"{failure.name}: {failure.advice}. Nothing was written")
    remedies = _remedies(failure, account)
    choices = [Choice(str(at), remedy.words) for at, remedy in enumerate(remedies)]
    say("")
    chosen = talk.asks.choose("What now?", [*choices, _STOP], "0")
    if chosen == _STOP.value:
        raise talk.stopped()
    remedy = remedies[int(chosen)]
    talk.note(**dict.fromkeys(remedy.clear))
    talk.again(*remedy.again)
    return remedy
