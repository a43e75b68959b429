"""What will be written where, shown, agreed to, and only then written: the secret, the settings.

The secret goes first: a crash in between leaves the settings as they were, so nothing is broken.
A secret that no account names yet stands in the answers (`Kept`), until the settings name it, so
that the next setup writes it anew, and `forget --all` removes it.
"""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from inboxbot import traces
from inboxbot.credentials import keep_secret
from inboxbot.errors import InputError, KeyringLocked, SecretNotKept
from inboxbot.lock import holder_of
from inboxbot.settings import CREDENTIAL, Account, Places
from inboxbot.settings import file as settings_file
from inboxbot.setup.account import account_of, values_of
from inboxbot.setup.answers import Kept
from inboxbot.setup.ask import Nobody, say, say_as_it_is
from inboxbot.setup.desk import Desk
from inboxbot.setup.interview import Interview
from inboxbot.setup.secret import InHand, ask_keep
from inboxbot.setup.trial import Tried
from inboxbot.traces import KeptSecret

_DEFAULTS = {"aliases": (), "folders": ("INBOX",), "corrections": False}
"""What has to be written where an account had something else."""


def keep(
    talk: Interview, desk: Desk, tried: Tried, sections: Mapping[str, Mapping[str, object]]
) -> Account:
    """Show what will be written, ask, and write it. Raise `SetupStopped` where it may not be."""
    if unused := talk.unused():
        raise InputError(f"{', '.join(unused)}: nothing here needs it; leave it out")
    while True:
        account = account_of(talk.answers, tried.provider, desk.places)
        text = _text(talk, desk, tried, sections)
        _show(desk, account, text, tried.hand)
        if not talk.asks.confirm("Write this?", proposed=True):
            raise talk.stopped()
        try:
            _write(talk, desk, account, text, tried.hand)
        except (SecretNotKept, KeyringLocked) as error:
            if isinstance(talk.asks, Nobody):
                raise
            say("", str(error))
            talk.again("keep")
            ask_keep(talk, desk, account.login)
        else:
            return account


def _text(
    talk: Interview, desk: Desk, tried: Tried, sections: Mapping[str, Mapping[str, object]]
) -> str:
    """Return the settings as they will be."""
    values = values_of(talk.answers, tried.provider, desk.places)
    if before := desk.settings.accounts.get(tried.account.id):
        values |= {
            key: default
            for key, default in _DEFAULTS.items()
            if key not in values and getattr(before, key) != default
        }
    return settings_file.add_account(
        desk.places.config, tried.account.id, values, sections=sections
    )


def _show(desk: Desk, account: Account, text: str, hand: InHand | None) -> None:
    path = desk.places.config
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    say("", "This will be written, and nothing else:", "")
    say_as_it_is(f"{path}" + " (as it is)" * (old == text))
    for line in difflib.unified_diff(old.splitlines(), text.splitlines(), n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            say_as_it_is(f"  {line}")
    if hand is not None and not _by_systemd(account):
        what = "permission" if account.provider else "password"
        where = _file(account) or f'keyring, service "inboxbot", user "{account.login}"'
        say_as_it_is(f"{where}\n  +your {what}")
    for stale in _stale(desk, account):
        say_as_it_is(f"{stale}\n  -the secret that was used before")


def _write(talk: Interview, desk: Desk, account: Account, text: str, hand: InHand | None) -> None:
    file = _file(account)
    if hand is not None and not _by_systemd(account):
        talk.note(kept=Kept(user=account.login, file=str(file) if file else None))
        keep_secret(account.login, hand.secret, file)
    settings_file.write(desk.places.config, text)
    for trouble in traces.forget_secrets(_stale(desk, account)):
        say(f"The old secret is still there: {trouble}")
    talk.done()


def _stale(desk: Desk, account: Account) -> tuple[KeptSecret, ...]:
    """Return the secret that the account does not use any more, and no other account does."""
    before = tuple(one for one in desk.settings.accounts.values() if one.id == account.id)
    after = {**desk.settings.accounts, account.id: account}
    needed = set(traces.kept_secrets(tuple(after.values()), desk.places))
    return tuple(set(traces.kept_secrets(before, desk.places)) - needed)


def next_steps(account: Account, found: Places) -> Iterator[str]:
    """Yield what the user may do now, a line each."""
    yield ""
    if _by_systemd(account):
        yield from _credential(account, found)
    holders = {holder_of(found.locks, path.stem) for path in traces.own_locks(found)}
    for process in holders - {None}:
        yield f"inboxbot runs, as process {process}, and learns of this when it is started anew."
    yield f"Done: {account.address} is connected. Next, whenever you like:"
    yield "  inboxbot check            is all well?"
    yield "  inboxbot poll --dry-run   what would it do now?"
    yield "  inboxbot poll             look for new mail once, and leave drafts"
    yield "  inboxbot service install  from now on at every login, in the background"


def _credential(account: Account, found: Places) -> Iterator[str]:
    """Yield how the secret becomes a systemd credential (systemd-creds(1))."""
    name = str(_file(account)).removeprefix(CREDENTIAL)
    place = found.state / f"{name}.cred"
    yield "Your secret was kept nowhere. Encrypt it for the service (paste it, Enter, Ctrl-D):"
    yield f"  systemd-creds --user encrypt --name={name} - {place}"
    yield "and, after inboxbot service install, name it there (systemctl --user edit inboxbot):"
    yield "  [Service]"
    yield f"  LoadCredentialEncrypted={name}:{place}"
    yield ""


def _file(account: Account) -> Path | None:
    return account.token_file if account.provider else account.password_file


def _by_systemd(account: Account) -> bool:
    return str(_file(account)).startswith(CREDENTIAL)
