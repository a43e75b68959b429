"""The order of the steps: a new account, one that is changed, one whose secret is renewed."""

from inboxbot.errors import InputError
from inboxbot.settings import Account
from inboxbot.setup.account import answers_of, provider_for
from inboxbot.setup.ask import say
from inboxbot.setup.desk import Desk
from inboxbot.setup.interview import Interview
from inboxbot.setup.keep import keep
from inboxbot.setup.look import ask_aliases, ask_folders, look, show
from inboxbot.setup.trial import connect
from inboxbot.setup.whose import ask_about, ask_account

_WELCOME = """\
inboxbot reads the mailbox that you connect here, finds the mails that say no, and leaves a polite \
question in Drafts, for you to send or to delete. Its own mail to you, such as the weekly summary, \
it puts into your inbox. It writes nothing else unless you agree, and has no code that sends."""
_SAFE = """\
Nothing is written before you have seen it and said yes. Ctrl-C ends this at any time; what you \
have typed is kept for the next time, but for passwords."""


def set_up(talk: Interview, desk: Desk) -> Account:
    """Connect a mailbox, and return its account as it was written.

    Raise `SetupStopped` where nothing was written, and `InputError` for a flag that is missing.
    """
    for paragraph in (_WELCOME, _SAFE):
        talk.asks.explain(paragraph)
    if name := ask_account(talk, desk):
        return renew(talk, desk, name)
    tried = connect(talk, desk)
    found = look(desk, tried)
    ask_aliases(talk, found)
    ask_folders(talk, found)
    sections = ask_about(talk, desk)
    if found is not None:
        show(found, desk.settings.policy)
    return keep(talk, desk, tried, sections)


def renew(talk: Interview, desk: Desk, name: str) -> Account:
    """Give an account a new password or permission, which is tried before it takes its place.

    Raise as `set_up`.
    """
    account = desk.settings.accounts.get(name)
    if account is None:
        known = ", ".join(desk.settings.accounts) or "none yet; run: inboxbot setup"
        raise InputError(f"no account {name!r}; the settings have: {known}")
    if account.kind == "maildir":
        raise InputError(f"account {name} is a Maildir: it has no password")
    say("", f"A new password or permission for {account.address} ({name}).")
    talk.answers = answers_of(account, provider_for(account), desk.places)
    return keep(talk, desk, connect(talk, desk, anew=True), {})
