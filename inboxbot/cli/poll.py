"""`inboxbot poll`: one poll of every account, now."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import click

from inboxbot import logs
from inboxbot.app import FIRST_LOOK, App, open_app, poll_once
from inboxbot.cli.options import Span, config_option, now_option
from inboxbot.core.plan import Defer, Plan
from inboxbot.core.text import for_terminal
from inboxbot.daemon.poll import describe_plan
from inboxbot.daemon.read import Report
from inboxbot.errors import InboxbotError, InputError
from inboxbot.lock import sole_instance
from inboxbot.outcome import count, line, outcome
from inboxbot.settings import Account

_EPILOG = "Example: inboxbot poll --since 14d --dry-run"


@click.command(epilog=_EPILOG)
@config_option
@now_option
@click.option("--account", metavar="NAME", help="Poll this account alone.")
@click.option(
    "--dry-run", is_flag=True, help="Print the plan (JSON Lines in a pipe) and change nothing."
)
@click.option(
    "--since",
    type=Span(),
    default=FIRST_LOOK,
    show_default="30d",
    metavar="SPAN",
    help="How far a first poll looks back.",
)
@click.option("--verbose", "-v", is_flag=True, help="Log to stderr what is done.")
def poll(
    config: Path | None,
    now: datetime | None,
    account: str | None,
    dry_run: bool,
    since: timedelta,
    verbose: bool,
) -> None:
    """Read new mail, follow the drafts, and leave new ones, once."""
    if verbose:
        logs.set_up()
    app = open_app(config, now)
    failures = [
        error
        for chosen in chosen_accounts(app, account)
        if (error := _poll_one(app, chosen, since, dry_run=dry_run)) is not None
    ]
    if failures:
        # Each was told where it happened; the status is that of the worst.
        raise click.exceptions.Exit(max(error.exit_status for error in failures))


def chosen_accounts(app: App, name: str | None) -> list[Account]:
    """Return the account of that name, or all. Raise `InputError` where there is none."""
    accounts = app.settings.accounts
    if name is None:
        return list(accounts.values())
    if name not in accounts:
        raise InputError(f"no account {name!r}; the settings have: {', '.join(accounts)}")
    return [accounts[name]]


def _poll_one(
    app: App, account: Account, since: timedelta, *, dry_run: bool
) -> InboxbotError | None:
    try:
        with sole_instance(app.places.locks, account.id), progress_bar(account.id) as progress:
            done = poll_once(app, account, since=since, dry_run=dry_run, progress=progress)
    except InboxbotError as error:
        click.secho(f"{account.id}: {for_terminal(str(error))}", err=True, fg="red")
        return error
    if dry_run:
        _print_plan(account, done.report.plan)
    told = in_words(done.report, app.zone, dry_run=dry_run)
    click.echo(f"{account.id}: {told}", err=True)
    if done.week:
        click.echo(f"{account.id}: the summary of {done.week} lies in the inbox", err=True)
    return None


def _print_plan(account: Account, plan: Plan) -> None:
    """Print a line a mail: for a person at a terminal, else JSON Lines."""
    for row in describe_plan(plan):
        if sys.stdout.isatty():
            done = outcome(row["action"], row.get("reason"), row.get("to"))
            click.echo(line(row["employer"] or "?", row["role"], done))
        else:
            click.echo(json.dumps({"account": account.id, **row}, ensure_ascii=False))


def in_words(report: Report, zone: tzinfo, *, dry_run: bool = False) -> str:
    """Return a poll's counts as a line for a person."""
    verb = "would be written" if dry_run else "written to Drafts"
    words = [f"{count(report.read, 'mail')} read", f"{count(report.drafts, 'draft')} {verb}"]
    if report.deferred:
        words.append(f"{report.deferred} {_when_later(report.plan, zone)}")
    if report.review:
        words.append(f"{report.review} to review")
    if report.reasons:
        listed = ", ".join(f"{reason} {count}" for reason, count in report.reasons.most_common())
        words.append(f"left alone: {listed}")
    if report.unreadable:
        words.append(f"{report.unreadable} unreadable")
    return "; ".join(words)


def _when_later(plan: Plan, zone: tzinfo) -> str:
    """Return until when the first of the drafts that wait does so; a pause has no end known."""
    moments = [
        action.judgement.not_before
        for action in plan
        if isinstance(action, Defer) and action.judgement.not_before is not None
    ]
    return f"wait until {min(moments).astimezone(zone):%a %H:%M}" if moments else "later"


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal while a mailbox is read; elsewhere nothing."""
    hidden = not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def show(done: int, remaining: int) -> None:
            bar.length = max(done + remaining, 1)
            bar.update(done - bar.pos)

        yield show
