"""An account → its password or permission, in memory alone until it has proved good."""

import re
import shutil
import subprocess
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from inboxbot.credentials import Secrets, keyring_trouble
from inboxbot.errors import InputError
from inboxbot.providers import Way
from inboxbot.settings import Account, read_value
from inboxbot.setup.account import PERMISSIONS
from inboxbot.setup.answers import BY_SYSTEMD, FILE, KEYRING, MAILDIR
from inboxbot.setup.ask import Choice, Unanswered, say, say_as_it_is
from inboxbot.setup.desk import Desk
from inboxbot.setup.interview import Interview
from inboxbot.setup.where import existing_file

_FOR_USERS = 256  # systemd
_CONSENT_SECONDS = 900.0  # Google's pages have to be read, the one about unverified apps among them
_KEPT = {
    KEYRING: "In the keyring",
    FILE: "In a file that only you can read, unencrypted",
    BY_SYSTEMD: "As a systemd credential, encrypted, by hand",
}


@dataclass(slots=True)
class InHand:
    """A secret that is kept nowhere yet, in the place of what keeps secrets (`vault.Store`)."""

    secret: str = field(repr=False)

    def fetch(self, user: str, file: Path | None, dialog_seconds: float) -> str:
        """Return it, wherever it is to be kept later."""
        del user, file, dialog_seconds
        return self.secret

    def keep(self, user: str, secret: str, file: Path | None) -> None:
        """Take what a provider has made of it."""
        del user, file
        self.secret = secret


def secrets_of(hand: InHand | None) -> Secrets:
    """Return what a mailbox is opened with: what is in hand, or what the account names."""
    return Secrets() if hand is None else Secrets(store=hand)


# ---------------------------------------------------------------- where it will be kept


def ask_keep(talk: Interview, desk: Desk, login: str) -> None:
    """Find out where the secret can be kept, and ask where that is not the keyring."""
    if talk.answers.way == MAILDIR:
        return
    if talk.has_flag("keep", "password_file", "password_command"):
        talk.note(keep=None, secret_file=None, password_file=None, password_command=None)
    if talk.answers.way not in PERMISSIONS and (
        talk.given("password_file", existing_file) or talk.given("password_command", _words)
    ):
        return
    what = "permission" if talk.answers.way in PERMISSIONS else "password"
    trouble = _trouble(talk, desk, login)
    if trouble and talk.answers.keep == KEYRING:
        talk.note(keep=None)
    talk.choose(
        "keep",
        f"Where to keep your {what}?",
        [Choice(place, _KEPT[place]) for place in _places(talk, trouble)],
        proposed="" if trouble else KEYRING,
        ask=bool(trouble),
        why=f"It cannot go into the keyring: {trouble}.",
    )


def _trouble(talk: Interview, desk: Desk, login: str) -> str:
    """Return why the keyring cannot hold it, "" where it can."""
    for other in desk.settings.accounts.values():
        if other.id != talk.answers.account and other.login == login and other.in_keyring:
            return f"it has one place for {login}, and account {other.id} holds it"
    return (keyring_trouble() or "").partition(";")[0]


def _places(talk: Interview, trouble: str) -> Iterator[str]:
    if not trouble:
        yield KEYRING
    yield FILE
    if talk.answers.way != Way.MICROSOFT and _systemd_keeps_for_users():
        yield BY_SYSTEMD


def _systemd_keeps_for_users() -> bool:
    """Tell whether systemd encrypts credentials for a user's own services: since 256 (its NEWS)."""
    program = shutil.which("systemd-creds")
    if program is None:
        return False
    done = subprocess.run(  # noqa: S603  (no shell, and no word of anybody's)
        [program, "--version"], capture_output=True, text=True, check=False, timeout=10
    )
    found = re.match(r"systemd (\d+)", done.stdout)
    return found is not None and int(found[1]) >= _FOR_USERS


def _words(command: tuple[str, ...]) -> tuple[str, ...]:
    read_value("password_command", list(command))
    return command


# ---------------------------------------------------------------- getting it


def is_kept(talk: Interview, account: Account, desk: Desk) -> bool:
    """Tell whether an account that is changed goes on with the secret that it has."""
    before = desk.settings.accounts.get(account.id)
    same = ("mailbox", "provider", "client_file", "client_id", "password_file", "token_file")
    return (
        before is not None
        and all(getattr(before, name) == getattr(account, name) for name in same)
        and not talk.has_flag("password_stdin")
    )


def obtain(talk: Interview, account: Account) -> InHand | None:
    """Ask for the secret; None where the account itself says where it comes from.

    Raise `AuthorisationRefused` or `MailboxError` where no permission comes of it.
    """
    if account.kind == "maildir":
        return None
    if account.provider == "google":
        return InHand(_from_google(account))
    if account.provider == "microsoft":
        return InHand(_from_microsoft(account))
    if talk.answers.password_file or talk.answers.password_command:
        return None
    return InHand(_password(talk, account.login))


def _password(talk: Interview, login: str) -> str:
    by_app = talk.answers.way == Way.APP_PASSWORD
    words = f"{'App password' if by_app else 'Password'} of {login}"
    try:
        typed = talk.flag("password_stdin") or talk.asks.secret(words)
    except Unanswered:
        raise InputError(
            "no password: give --password-stdin, --password-file FILE or --password-command WORDS"
        ) from None
    # They are shown in groups of four; no provider has spaces in them.
    return "".join(typed.split()) if by_app else typed


def _from_google(account: Account) -> str:
    from inboxbot.mailbox.oauth_google import (  # noqa: PLC0415  (one provider is enough)
        GMAIL_IMAP_SCOPES,
        GMAIL_SCOPES,
        GoogleClient,
        authorise_google,
    )

    if account.client_file is None:
        raise ValueError(account.id)
    scopes = GMAIL_SCOPES if account.kind == "gmail" else GMAIL_IMAP_SCOPES
    say("", "Google's page opens in your browser, on this machine. There you allow:")
    for scope, why in scopes.items():
        say(f"{scope}: {why}", lead="  ")

    def open_browser(url: str) -> None:
        say("", "Where it does not open by itself, open this:")
        say_as_it_is(url)
        say("", "Waiting for your answer there …")
        webbrowser.open(url)

    client = GoogleClient.read(account.client_file)
    return authorise_google(
        client, account.login, scopes=scopes, open_browser=open_browser, seconds=_CONSENT_SECONDS
    )


def _from_microsoft(account: Account) -> str:
    from inboxbot.mailbox.oauth_microsoft import (  # noqa: PLC0415
        OUTLOOK_IMAP_SCOPES,
        authorise_microsoft,
    )

    say("", "You allow it in a browser, on this or any other machine:")
    for scope, why in OUTLOOK_IMAP_SCOPES.items():
        say(f"{scope}: {why}", lead="  ")
    return authorise_microsoft(
        account.client_id, account.login, show=lambda text: say("", text),
        authority=account.authority,
    )  # fmt: skip
