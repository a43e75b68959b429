"""`inboxbot status`: one screen."""

import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path

import click

from inboxbot.app import App, open_app
from inboxbot.cli.options import config_option
from inboxbot.core.plan import DraftState
from inboxbot.core.summary import week_of
from inboxbot.core.text import for_terminal
from inboxbot.credentials import Secrets
from inboxbot.daemon.pause import hired_at, pause_of
from inboxbot.daemon.weekly import due_at
from inboxbot.errors import InboxbotError, ServiceError
from inboxbot.journal.store import Journal
from inboxbot.keychain import NO_DIALOG
from inboxbot.lock import holder_of
from inboxbot.probe import lasting
from inboxbot.service import bare_recipe, is_ours, system_of
from inboxbot.settings import Account

_WIDTH = 80
_LABEL = 15
_MOST_DRAFTS = 5  # of one account: more would push the rest off the screen
_COLOURS = {"trouble": "red", "permission": "yellow", "paused": "yellow"}
_UNITS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)

Rows = Iterator[tuple[str, str]]
"""Labels with their text; a row without a label goes on with the one above."""


@click.command(epilog="Example: inboxbot status")
@config_option
def status(config: Path | None) -> None:
    """Show what waits, what comes next, and whether all is well."""
    app = open_app(config)
    with ExitStack() as stack:
        there = app.places.journal.exists()
        journal = stack.enter_context(app.journal()) if there else None
        for account in app.settings.accounts.values():
            title = f"{account.id}  {account.address}, {account.place}"
            click.secho(for_terminal(title), bold=True)
            _print(_running(app, account))
            _print(_polled(app, account, journal) if journal else _never_polled())
            _print(_summary(app, account, journal))
            _print(_permission(app, account))
            click.echo()
    _print(_common(app))


def _print(rows: Rows) -> None:
    for label, text in rows:
        lines = textwrap.wrap(
            for_terminal(text),
            _WIDTH - _LABEL,
            break_long_words=False,  # a path is copied
            break_on_hyphens=False,
        )
        for number, line in enumerate(lines or [""]):
            told = click.style(line, fg=_COLOURS.get(label))
            click.echo(f"{f'  {label}' if not number else '':{_LABEL}}{told}")


def _running(app: App, account: Account) -> Rows:
    holder = holder_of(app.places.locks, account.id)
    yield "running", "no" if holder is None else f"yes, process {holder}"


def _never_polled() -> Rows:
    yield "last poll", "not polled yet; run: inboxbot check, and then: inboxbot poll"


def _polled(app: App, account: Account, journal: Journal) -> Rows:
    now = app.clock()
    last = journal.note(account.id, "last_poll")
    if last is None:
        yield from _never_polled()
    else:
        when = datetime.fromisoformat(last)
        yield "last poll", f"{when.astimezone():%Y-%m-%d %H:%M}, {_ago(now - when)}"
    yield from _drafts(account, journal)
    paused = pause_of(journal, account.id, now)
    if paused and hired_at(journal, account.id) is None:
        yield "paused", f"{paused}: no drafts meanwhile; to go on: inboxbot resume"
    if trouble := journal.note(account.id, "trouble"):
        yield "trouble", str(trouble)


def _drafts(account: Account, journal: Journal) -> Rows:
    """Yield the drafts that wait for the user to send them, the newest first."""
    states = {DraftState.WAITING, DraftState.EDITED}
    waiting = [record for record in journal.drafts(account.id) if record.state in states]
    folders = ", ".join(dict.fromkeys(record.folder for record in waiting if record.folder))
    yield "drafts wait", f"{len(waiting)}{folders and f' in {folders}'}"
    for record in reversed(waiting[-_MOST_DRAFTS:]):
        about = for_terminal(f"{record.to.addr}: {record.subject}")
        yield "", textwrap.shorten(about, _WIDTH - _LABEL, placeholder=" …")
    if more := len(waiting[:-_MOST_DRAFTS]):
        yield "", f"and {more} more"


def _summary(app: App, account: Account, journal: Journal | None) -> Rows:
    if journal and hired_at(journal, account.id):
        yield "next summary", "none, and no drafts: the search is over; again: inboxbot resume"
        return
    now, summary = app.clock(), app.settings.summary
    weeks = (week_of(now + ahead, app.zone) for ahead in (timedelta(), timedelta(days=7)))
    due = next(moment for week in weeks if (moment := due_at(week, summary, app.zone)) > now)
    local = due.astimezone(app.zone)
    shown = f"{local:%A} {local.day} {local:%B} {local.year}, {local:%H:%M} {app.zone}"
    yield "next summary", shown


def _permission(app: App, account: Account) -> Rows:
    """Yield the word on a permission that ends soon; one that has ended is the poll's trouble."""
    if not account.provider:
        return
    with suppress(InboxbotError):
        grant = Secrets(dialog_seconds=NO_DIALOG).grant(account)
        if advice := lasting(account, grant, app.clock()).advice:
            yield "permission", advice


def _common(app: App) -> Rows:
    recipe = bare_recipe(app.places.state)
    installed = is_ours(recipe.file)
    yield "service", _service() if installed else "none; to run at login: inboxbot service install"
    yield "settings", str(app.places.config)
    yield "journal", str(app.places.journal)
    yield "log", recipe.log if installed else str(app.places.logs / "inboxbot.log")


def _service() -> str:
    try:
        return system_of().condition()
    except ServiceError as error:
        return f"installed; {error}"


def _ago(span: timedelta) -> str:
    for unit, name in _UNITS:
        if count := span // unit:
            return f"{count} {name}{'s' * (count != 1)} ago"
    return "just now"
