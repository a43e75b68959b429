"""`inboxbot forget`: a part of what is known, or all of it; asked about first, then for good."""

import contextlib
import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from inboxbot import traces
from inboxbot.cli.options import Span, config_option, now_option
from inboxbot.clock import wall_clock
from inboxbot.core import erase
from inboxbot.core.erase import Erasure
from inboxbot.core.history import normal_employer
from inboxbot.core.plan import EventKind
from inboxbot.core.text import for_terminal
from inboxbot.daemon.forget import Choice, chosen
from inboxbot.daemon.forget import forget as forget_part
from inboxbot.errors import InputError, SettingsError
from inboxbot.journal.store import Journal
from inboxbot.lock import sole_instance
from inboxbot.private import parts_of
from inboxbot.service import bare_recipe, is_ours
from inboxbot.settings import Account, Places, load, places

_DAYS_PER_YEAR = 365
_MOST_NAMES = 10
_MAILBOX_STAYS = "Mails and drafts in your mailbox are yours: they stay as they are."
_TAKE_BACK = "The permission itself you take back at"
_COUNTED = {
    EventKind.FEEDBACK_RECEIVED: "answers of employers",
    EventKind.REFLECTED: "reflections",
    EventKind.CORRECTED: "corrections",
}


class _Age(Span):
    """A span of time that may be years: "1y"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a timedelta."""
        years = value.removesuffix("y") if isinstance(value, str) and value.endswith("y") else ""
        if years.isdecimal() and len(years) <= 2:  # noqa: PLR2004  (nobody is older)
            return timedelta(days=_DAYS_PER_YEAR * int(years))
        return super().convert(value, param, ctx)


@click.command(epilog="Example: inboxbot forget --older-than 1y")
@config_option
@now_option
@click.option("--older-than", type=_Age(), metavar="SPAN", help='What is older: "1y", "90d".')
@click.option("--employer", metavar="NAME", help="All about one employer and its people.")
@click.option("--all", "everything", is_flag=True, help="Everything inboxbot has ever stored.")
@click.option("--keep-settings", is_flag=True, help="With --all: leave config.toml as it is.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(
    config: Path | None,
    now: datetime | None,
    older_than: timedelta | None,
    employer: str | None,
    everything: bool,
    keep_settings: bool,
    yes: bool,
) -> None:
    """Erase what is stored, for good. Mails and drafts in your mailbox stay as they are.

    Of each erased mail a salted hash remains, so that nothing is drafted a second time; with --all
    not even that.
    """
    if sum((older_than is not None, employer is not None, everything)) != 1:
        raise click.UsageError("say what: --older-than SPAN, --employer NAME or --all")
    if everything:
        _forget_all(config, keep_settings=keep_settings, yes=yes)
        return
    at = now or wall_clock()
    _forget_part(_choice(older_than, employer, at), employer, at, yes=yes)


def _choice(span: timedelta | None, employer: str | None, now: datetime) -> Choice:
    if employer is None:
        return partial(erase.older_than, now - (span or timedelta()))
    if not normal_employer(employer):
        raise InputError(f"--employer {employer!r} is no name")
    return partial(erase.of_employer, employer)


# ---------------------------------------------------------------- a part


def _forget_part(choice: Choice, employer: str | None, now: datetime, *, yes: bool) -> None:
    found = places()
    if not found.journal.exists():
        click.echo("there is no journal, so there is nothing to forget", err=True)
        return
    with Journal.open(found.journal) as journal, contextlib.ExitStack() as locks:
        accounts = journal.accounts()
        for account in accounts:
            locks.enter_context(sole_instance(found.locks, account))
        going = {account: chosen(journal, account, choice) for account in accounts}
        if any(going.values()):
            for account, erasure in going.items():
                _show(account, erasure)
            _confirm("Erase this for good?", yes=yes)
        else:
            _nothing(employer, journal)
        for account, erasure in going.items():
            if erasure:
                forget_part(journal, account, erasure, now)
        journal.compact(found.journal)  # also what an interrupted run has left in the file
    click.echo(f"Done. {_MAILBOX_STAYS}", err=True)


def _show(account: str, erasure: Erasure) -> None:
    if not erasure:
        return
    kinds = Counter(event.kind for event in erasure.events)
    counts = {"mails": len(erasure.entries), "records of drafts": len(erasure.drafts)}
    counts |= {name: kinds[kind] for kind, name in _COUNTED.items()}
    counts |= {"lines of the journal": len(erasure.events)}
    told = ", ".join(f"{name}: {count}" for name, count in counts.items() if count)
    click.echo(f"{account}: what is known of {told}", err=True)
    names = {entry.reading.facts.employer for entry in erasure.entries} - {None}
    if names:
        listed = ", ".join(sorted(filter(None, names))[:_MOST_NAMES])
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        click.echo(f"  employers: {for_terminal(listed)}{more}", err=True)
    if times := [event.time for event in erasure.events]:
        click.echo(f"  noted from {min(times):%Y-%m-%d} to {max(times):%Y-%m-%d}", err=True)
    if erasure.lying:
        stay = "they stay there, and are not followed any more"
        click.echo(f"  drafts of these in your mailbox: {erasure.lying}; {stay}", err=True)


def _nothing(employer: str | None, journal: Journal) -> None:
    """Say that there is nothing, and which employers have a name like it."""
    click.echo("nothing is known of that", err=True)
    if employer is None:
        return
    known = {
        normal_employer(name): name
        for account in journal.accounts()
        for name in erase.employers(journal.history(account), journal.events(account))
    }
    near = difflib.get_close_matches(normal_employer(employer), known)
    if near:
        names = ", ".join(known[name] for name in near)
        click.echo(for_terminal(f"but something is of: {names}"), err=True)


def _confirm(question: str, *, yes: bool) -> None:
    """Ask. Leave with status 1 where the answer is no."""
    if not yes and not click.confirm(question, err=True):
        click.echo("nothing was erased", err=True)
        raise click.exceptions.Exit(1)


# ---------------------------------------------------------------- everything


def _forget_all(config: Path | None, *, keep_settings: bool, yes: bool) -> None:
    """Remove all that inboxbot wrote; a settings file that --config names is the user's own."""
    found = places()
    accounts = _accounts(config or found.config)
    with traces.nobody_else(found):
        secrets = tuple(traces.kept_secrets(accounts, found))
        _show_all((*traces.own_files(found), *secrets), yes=yes)
        failures = [*traces.forget_secrets(secrets)]
        # What names a secret stays as long as the secret: nobody else knows where it is.
        kept = {found.unfinished, found.config} if failures else set()
        failures += traces.remove(path for path in traces.own_files(found) if path not in kept)
    failures += traces.remove(traces.own_locks(found))
    if config is None and not keep_settings and found.config not in kept:
        failures += _forget_settings(found, yes=yes)
    _say_what_is_left(found, accounts)
    for failure in failures:
        click.secho(for_terminal(f"not erased: {failure}"), err=True, fg="red")
    if failures:
        click.echo("Mend that, then run inboxbot forget --all once more.", err=True)
        raise click.exceptions.Exit(1)
    click.echo("Done. inboxbot stores nothing else of yours any more.", err=True)


def _show_all(going: Sequence[object], *, yes: bool) -> None:
    if not going:
        return
    click.echo("To be erased:", err=True)
    for one in going:
        click.echo(f"  {for_terminal(str(one))}", err=True)
    click.echo(_MAILBOX_STAYS, err=True)
    _confirm("Erase all this for good?", yes=yes)


def _accounts(config: Path) -> tuple[Account, ...]:
    """Return the accounts whose secrets may be kept; without settings nobody knows them."""
    if not config.exists():
        return ()
    try:
        return tuple(load(config).accounts.values())
    except SettingsError as error:
        click.secho(for_terminal(str(error)), err=True, fg="red")
        click.echo(
            "so passwords in the keyring stay; see them with your keyring's program", err=True
        )
        return ()


def _forget_settings(found: Places, *, yes: bool) -> Iterator[str]:
    if found.config.exists() and (
        yes or click.confirm(f"Erase your settings as well ({found.config})?", err=True)
    ):
        yield from traces.remove((found.config, *parts_of(found.config)))


def _say_what_is_left(found: Places, accounts: tuple[Account, ...]) -> None:
    for path in traces.tidy(found):
        click.echo(for_terminal(f"left, since it is yours: {path}"), err=True)
    if any(account.provider == "google" for account in accounts):
        click.echo(f"{_TAKE_BACK} https://myaccount.google.com/connections", err=True)
    if any(account.provider == "microsoft" for account in accounts):
        click.echo(f"{_TAKE_BACK} https://account.live.com/consent/Manage", err=True)
    if is_ours(bare_recipe(found.state).file):
        click.echo(
            "At login it would begin anew; to stop that: inboxbot service uninstall", err=True
        )
