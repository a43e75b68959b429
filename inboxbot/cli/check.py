"""`inboxbot check`: one line per thing that can be wrong, each with what to do."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from inboxbot.app import App, open_app
from inboxbot.cli.options import config_option
from inboxbot.core.text import for_terminal
from inboxbot.credentials import Secrets, keyring_trouble
from inboxbot.errors import InboxbotError
from inboxbot.keychain import NO_DIALOG
from inboxbot.private import private_folder
from inboxbot.probe import Finding, probe
from inboxbot.templates import load_templates

_LEAST_FREE = 50 * 1024**2  # bytes; the journal of a long search stays below a few megabytes
_BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # no honest clock is earlier than the program


@click.command(epilog="Example: inboxbot check")
@config_option
def check(config: Path | None) -> None:
    """Test settings, machine and mailboxes, and say what to do.

    A line a thing; exit 1 where something fails. Nothing is changed in a mailbox.
    """
    app = open_app(config)
    failed = 0
    for finding in _findings(app):
        failed += finding.failed
        told = for_terminal(finding.advice or finding.shown)
        click.echo(f"{_sign(finding)} {for_terminal(finding.name):22} {told}")
    if failed:
        click.echo("\nMend what failed, then run inboxbot check again.", err=True)
        raise click.exceptions.Exit(1)


def _sign(finding: Finding) -> str:
    if finding.failed:
        return click.style("FAIL", fg="red")
    return click.style("warn", fg="yellow") if finding.advice else click.style("ok  ", fg="green")


def _findings(app: App) -> Iterator[Finding]:
    yield Finding(name="settings", shown=str(app.places.config))
    yield _tried("state folder", lambda: str(private_folder(app.places.state)))
    yield _tried(
        "model", lambda: f"acts on a rejection from a probability of {app.thresholds().draft:.2f}"
    )
    yield _tried("draft templates", lambda: ", ".join(load_templates(app.places.templates)))
    yield _disk(app)
    yield _tried("clock", lambda: _clock(app))
    accounts = app.settings.accounts.values()
    if any(account.in_keyring for account in accounts):
        trouble = keyring_trouble()
        yield Finding(name="keyring", shown="unlocked", advice=trouble or "")
    secrets = Secrets(dialog_seconds=NO_DIALOG)  # the line before has asked to unlock it
    for account in accounts:
        for finding in probe(account, secrets, app.clock()):
            yield replace(finding, name=f"{account.id}: {finding.name}")


def _tried(name: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(name=name, shown=attempt())
    except InboxbotError as error:
        return Finding(name=name, advice=str(error))


def _disk(app: App) -> Finding:
    folder = next(
        place for place in (app.places.state, *app.places.state.parents) if place.exists()
    )
    free = shutil.disk_usage(folder).free
    advice = "" if free >= _LEAST_FREE else f"{folder}: less than 50 MB free; make room"
    return Finding(name="disk", shown=f"{free // 1024**2} MB free", advice=advice)


def _clock(app: App) -> str:
    """Return the time. Raise `InboxbotError` where the program or the journal is from later."""
    now = app.clock()
    wrong = now < _BUILT
    if app.places.journal.exists():
        with app.journal() as journal:
            newest = max((event.time for event in journal.events()), default=now)
        wrong = wrong or newest > now + timedelta(days=1)
    shown = f"{now.astimezone(app.zone):%Y-%m-%d %H:%M %Z}"
    if wrong:
        raise InboxbotError(
            f"this machine's clock says {shown}, and that is behind; set it, or weeks and ages "
            "come out wrong"
        )
    return shown
