"""An account → what can be wrong with it, a finding a thing, each with what to do.

    connect → TLS → log in → folders, rights, room → how long the permission lasts

Reads alone: nothing in the mailbox changes. `check` prints the findings; `setup` wants none that
failed before it saves.
"""

import difflib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from inboxbot.core.correction import Said
from inboxbot.credentials import Secrets
from inboxbot.errors import (
    FolderMissing,
    InboxbotError,
    LoginRefused,
    NotSecure,
    Unreachable,
)
from inboxbot.mailbox.oauth import Grant
from inboxbot.mailbox.oauth_google_token import IN_PRODUCTION, testing_ends
from inboxbot.mailboxes import open_mailbox
from inboxbot.ports import Folders, Mailbox, Role
from inboxbot.providers import Way, load_providers, provider_of
from inboxbot.settings import Account

_DRAFTING = {"https://www.googleapis.com/auth/gmail.modify", "https://mail.google.com/"}
_NEARLY_FULL = 0.9
_MB = 1 << 20
_MOST_NAMES = 8
_WITHOUT = {  # what a mailbox goes without that has no such folder; Drafts it must have
    Role.SENT: "inboxbot cannot see what you have sent, and whom you have answered",
    Role.TRASH: "a draft that has become wrong stays in Drafts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what was found, and what to do where that is not well.

    `advice` is empty where all is well. A `warning` is advice that can wait: inboxbot works.
    """

    name: str
    shown: str = ""
    advice: str = ""
    warning: bool = False

    @property
    def failed(self) -> bool:
        """Tell whether inboxbot cannot work before this is mended."""
        return bool(self.advice) and not self.warning


def probe(account: Account, secrets: Secrets, now: datetime) -> Iterator[Finding]:
    """Yield what is found of an account, in the order in which it is looked at.

    The mailbox is opened once, when the first finding is asked for. What cannot be looked at
    because something before it failed is left out. An `InboxbotError` becomes a finding.
    """
    with ExitStack() as stack:
        try:
            mailbox = stack.enter_context(open_mailbox(account, lambda: now, secrets))
        except InboxbotError as error:
            yield _closed(account, error)
            return
        yield from _opened(account)
        try:
            grant = secrets.grant(account) if account.provider else None
            yield from _inside(account, mailbox, grant)
            if grant is not None:
                yield lasting(account, grant, now)
        except InboxbotError as error:
            yield Finding(name="mailbox", advice=str(error))


def lasting(account: Account, grant: Grant, now: datetime) -> Finding:
    """Return how long a permission lasts, as far as that can be known."""
    given = f"given on {_day(grant.authorised)}"
    end = testing_ends(grant, now) if grant.provider == "google" else None
    if end is None:
        return Finding(name="permission", shown=given)
    testing = 'the consent screen of your client is in "Testing"'
    ends = f"Google ends it on {_day(end)}"
    why = f"{ends}, since {testing}" if grant.ends else f"If {testing}, {ends}"
    renew = f"inboxbot setup --renew {account.id}"
    advice = f"{given}. {why}: {IN_PRODUCTION}; then run: {renew}"
    return Finding(name="permission", advice=advice, warning=True)


# ---------------------------------------------------------------- the way in


def _closed(account: Account, error: InboxbotError) -> Finding:
    """Return the one step at which an account could not be opened."""
    match error:
        case Unreachable():
            name = "network"
        case NotSecure():
            name = "TLS"
        case _:
            name = "mailbox" if account.kind == "maildir" else "login"
    return Finding(name=name, advice=f"{error}{_hint(account, error)}")


def _opened(account: Account) -> Iterator[Finding]:
    if account.kind == "maildir":
        yield Finding(name="mailbox", shown=account.place)
        return
    inside = account.tls == "none" or account.api_endpoint
    yield Finding(name="network", shown=account.place)
    yield Finding(name="TLS", shown="none: it is on this machine" if inside else "verified")
    yield Finding(name="login", shown=account.login)


def _hint(account: Account, error: InboxbotError) -> str:
    """Return what an account's provider wants and its settings do not have, "" for nothing."""
    provider = provider_of(account.address, load_providers())
    if provider is None or account.kind != "imap":
        return ""
    ours = (account.host, account.server_port, account.tls)
    theirs = (provider.host, provider.port, provider.tls)
    match error:
        case Unreachable() | NotSecure() if ours != theirs:
            return '. {} wants host = "{}", port = {}, tls = "{}"'.format(provider.name, *theirs)
        case LoginRefused() if not account.provider and Way.PASSWORD not in provider.ways:
            if Way.APP_PASSWORD in provider.ways:
                return f". {provider.name} wants an app password: {provider.app_password_url}"
            no = "takes no password from programs"
            return f". {provider.name} {no}: take another way (inboxbot setup)"
        case _:
            return ""


# ---------------------------------------------------------------- inside


def _inside(account: Account, mailbox: Mailbox, grant: Grant | None) -> Iterator[Finding]:
    folders = mailbox.folders()
    for role in (Role.DRAFTS, Role.SENT, Role.TRASH):
        yield _role(account, role, folders)
    if folders.drafts is not None:
        yield _rights(account, _may_draft(account, mailbox, grant), folders.drafts)
    for folder in account.folders:
        yield _watched(account, mailbox, folder, folders)
    if account.corrections:
        shown = ", ".join(folders.corrections.values())
        made = len(folders.corrections) == len(Said)
        yield Finding(name="corrections", shown=shown if made else "made at the next poll")
    yield from _room(mailbox)


def _role(account: Account, role: Role, folders: Folders) -> Finding:
    found: str | None = getattr(folders, role)
    chosen: str | None = getattr(account, role)
    if found is not None:
        overruled = account.kind == "imap" and chosen not in {None, found}
        advice = f'the server says that it is "{found}"; remove {role} = "{chosen}"' * overruled
        return Finding(name=role, shown=found, advice=advice, warning=True)
    if chosen is None:
        what = "there is none; create it in your mail client, or set"
    else:
        what = f'there is no folder "{chosen}"{_near(chosen, folders)}; correct'
    cost = _WITHOUT.get(role, "")
    advice = f'{what} {role} = "…" in [accounts.{account.id}]{cost and f". Without it, {cost}"}'
    return Finding(name=role, advice=advice, warning=bool(cost))


def _watched(account: Account, mailbox: Mailbox, folder: str, folders: Folders) -> Finding:
    try:
        mailbox.mark(folder)
    except FolderMissing:
        near = _near(folder, folders)
        advice = f'there is no folder "{folder}"{near}; correct folders in [accounts.{account.id}]'
        return Finding(name="watched", advice=advice)
    return Finding(name="watched", shown=folder)


def _near(name: str, folders: Folders) -> str:
    """Return the folder that was meant, or some that are there."""
    roles = (folders.drafts, folders.sent, folders.trash, folders.archive, folders.junk)
    known = sorted({folders.inbox, *filter(None, roles), *folders.archive_years, *folders.others})
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f' (did you mean "{near[0]}"?)'
    return f" (there are {', '.join(known[:_MOST_NAMES])}{', …' * (len(known) > _MOST_NAMES)})"


def _may_draft(account: Account, mailbox: Mailbox, grant: Grant | None) -> bool | None:
    if account.kind == "gmail" and grant is not None:
        return not _DRAFTING.isdisjoint(grant.scopes)  # Gmail's API has no other rights
    return mailbox.may_draft()


def _rights(account: Account, may: bool | None, drafts: str) -> Finding:  # noqa: FBT001
    if may is None:
        return Finding(name="rights", shown="the first draft will show whether it may be written")
    advice = f'no draft may be written to "{drafts}": {_who_allows(account)}'
    return Finding(name="rights", shown="drafts may be written", advice="" if may else advice)


def _who_allows(account: Account) -> str:
    match account.kind:
        case "gmail":
            return f"the permission does not cover it; run: inboxbot setup --renew {account.id}"
        case "maildir":
            return "that folder belongs to somebody else; make it your own (chown, chmod)"
        case _:
            return "ask whoever runs the server for the right to put mail there"


def _room(mailbox: Mailbox) -> Iterator[Finding]:
    room = mailbox.room()
    if room is None:
        return
    shown = f"{100 * room.used // room.limit} % of {room.limit // _MB} MB used"
    advice = f"{shown}; make room, or drafts cannot be saved"
    full = room.used >= room.limit
    near = room.used >= room.limit * _NEARLY_FULL
    yield Finding(name="room", shown=shown, advice=advice * near, warning=not full)


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local:%A} {local.day} {local:%B} {local.year}"
