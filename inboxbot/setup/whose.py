"""Whose mailbox it is, which account of the settings it is to be, and who its user is."""

import difflib
import locale
import os
import re
from dataclasses import replace

from inboxbot.providers import load_providers, provider_of
from inboxbot.settings import Account, SummarySettings, read_value
from inboxbot.setup.account import answers_of, provider_for
from inboxbot.setup.ask import Choice
from inboxbot.setup.desk import Desk
from inboxbot.setup.interview import Interview, plain

UNSAID = "unsaid"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LEVELS = (
    Choice(UNSAID, "I would rather not say"),
    Choice("junior", "Junior: the first years"),
    Choice("mid", "In the middle"),
    Choice("senior", "Senior"),
    Choice("lead", "Lead: of people, or of a field"),
)
_LANGUAGES = (Choice("en", "English"), Choice("de", "Deutsch"))
_OF_A_DOMAIN = ("provider", "way", "host", "port", "tls", "user")
"""Answers that do not hold for an address of another domain."""
_NEAR = 0.85  # of 1, by difflib: gmial.com and gmail.com are 0.89


def ask_address(talk: Interview, desk: Desk) -> str:
    """Ask whose mailbox it is; an answer that does not hold for another domain is forgotten."""
    before = talk.answers.address
    address = talk.text("address", "Your mail address:", check=_address)
    if address == before:
        return address
    meant = _meant(address)
    if meant and talk.asks.confirm(f"Did you mean {meant}?", proposed=False):
        address = meant
        talk.note(address=address)
    if before and _domain(before) != _domain(address):
        talk.note(**dict.fromkeys(_OF_A_DOMAIN))
        if talk.answers.account == _new_name(desk, before):
            talk.note(account=_new_name(desk, address))
    return address


def ask_account(talk: Interview, desk: Desk) -> str | None:
    """Ask which account of the settings it is to be; return the NAME of one to be renewed only.

    An account that is changed brings its answers, each to be asked again.
    """
    address = ask_address(talk, desk)
    if talk.answers.existing is not None:
        return None  # asked in an earlier run
    name = talk.text("account", "Name of the account:", check=_name, ask=False)
    same = [one for one in desk.settings.accounts.values() if address in one.addresses]
    if not name and same:
        act, _, name = _ask_existing(talk, same).partition(" ")
        if act == "renew":
            return name
    if name in desk.settings.accounts:
        _change(talk, desk, desk.settings.accounts[name])
    else:
        talk.note(account=name or _new_name(desk, address), existing=False)
    return None


def ask_owner(talk: Interview, desk: Desk) -> None:
    """Ask for the user's name and other addresses."""
    talk.text(
        "name",
        "Your name:",
        proposed=next((one.name for one in desk.settings.accounts.values()), ""),
        why="Drafts are signed with your name, and nothing else.",
    )
    talk.several(
        "aliases",
        "Other addresses of yours, with commas (Enter: none):",
        check=_address,
        why="Mail to another address of yours may lie here, too: its draft is from that one.",
    )


def ask_about(talk: Interview, desk: Desk) -> dict[str, dict[str, object]]:
    """Ask for level and language; return what the settings do not say yet, by section."""
    profile, summary = desk.settings.profile.level, desk.settings.summary.language
    chosen = bool(desk.settings.accounts) or summary != SummarySettings().language
    level = talk.choose(
        "level",
        "Your level:",
        _LEVELS,
        proposed=profile or UNSAID,
        why="The summary can then tell whether roles above or below your level answer better.",
    )
    language = talk.choose(
        "language",
        "Language of the weekly summary:",
        _LANGUAGES,
        proposed=summary if chosen else _own_language(),
        why="Drafts are written in the language of the mail that they answer.",
    )
    sections: dict[str, dict[str, object]] = {}
    if level not in {UNSAID, profile}:
        sections["profile"] = {"level": level}
    if language != summary:
        sections["summary"] = {"language": language}
    return sections


def _ask_existing(talk: Interview, same: list[Account]) -> str:
    """Return "change NAME", "renew NAME" or "add "."""
    choices = [
        *(Choice(f"change {one.id}", f"Change {one.id} ({one.kind})") for one in same),
        *(
            Choice(f"renew {one.id}", f"Give {one.id} a new password or permission")
            for one in same
            if one.kind != "maildir"
        ),
        Choice("add ", "Add another mailbox that has this address"),
    ]
    return talk.asks.choose("There is an account of this address:", choices, choices[0].value)


def _change(talk: Interview, desk: Desk, account: Account) -> None:
    answers = answers_of(account, provider_for(account), desk.places)
    if talk.answers.address not in account.addresses:
        answers = replace(answers, address=talk.answers.address)
    talk.review(answers, done=("address",))


def _new_name(desk: Desk, address: str) -> str:
    """Return a NAME for a new account: its provider's, or its domain's; with a number if taken."""
    provider = provider_of(address, load_providers())
    house = _domain(address).rpartition(".")[0]
    first = provider.id if provider else re.sub(r"[^a-z0-9-]+", "-", house).strip("-")[:30]
    names = [first or "mail", *(f"{first or 'mail'}-{number}" for number in range(2, 100))]
    return next(name for name in names if name not in desk.settings.accounts)


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("name accounts with letters, digits, - and _")
    return text


def _address(text: str) -> str:
    """Read an address, also one pasted as "Mara <mara@example.org>", or as a link."""
    named = re.search(r"<([^<>]+)>", text)
    bare = plain(named[1] if named else text).removeprefix("mailto:")
    try:
        return str(read_value("address", bare))
    except ValueError:
        raise ValueError("write an address, as in name@example.org") from None


def _meant(address: str) -> str:
    """Return the address at a provider that a slip of the fingers may stand for, else ""."""
    providers, domain = load_providers(), _domain(address)
    if provider_of(address, providers):
        return ""
    known = [name for provider in providers for name in provider.domains]
    near = difflib.get_close_matches(domain, known, n=1, cutoff=_NEAR)
    return f"{address.removesuffix(domain)}{near[0]}" if near else ""


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _own_language() -> str:
    """Return the language of this machine, where there is a summary in it."""
    chosen = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    code = (next(filter(None, chosen), None) or locale.getlocale()[0] or "")[:2].lower()
    return code if code in {choice.value for choice in _LANGUAGES} else "en"
