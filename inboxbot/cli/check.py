"""`inboxbot check`: one line per thing that can be wrong, each with what to do."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from inboxbot.app import App, open_app, open_mailbox
from inboxbot.cli.options import config_option
from inboxbot.core.text import for_terminal
from inboxbot.errors import InboxbotError
from inboxbot.ports import Folders
from inboxbot.private import private_folder
from inboxbot.settings import Account
from inboxbot.templates import load_templates

_LEAST_FREE = 50 * 1024**2  # bytes; the journal of a long search stays below a few megabytes
_BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # no honest clock is earlier than the program


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `advice` is empty where all is well."""

    name: str
    shown: str
    advice: str = ""


@click.command(epilog="Example: inboxbot check")
@config_option
def check(config: Path | None) -> None:
    """Test settings, model, disk, clock and every mailbox; change nothing. Exit 1 on a failure."""
    app = open_app(config)
    failed = 0
    for finding in _findings(app):
        failed += bool(finding.advice)
        sign = click.style("FAIL", fg="red") if finding.advice else click.style("ok  ", fg="green")
        click.echo(f"{sign} {finding.name:22} {for_terminal(finding.advice or finding.shown)}")
    if failed:
        raise click.exceptions.Exit(1)


def _findings(app: App) -> Iterator[Finding]:
    yield Finding("settings", str(app.places.config))
    yield _tried("state folder", lambda: str(private_folder(app.places.state)))
    yield _tried("model", lambda: f"draft from {app.thresholds().draft:.2f}")
    yield _tried("draft templates", lambda: ", ".join(load_templates(app.places.templates)))
    yield _disk(app)
    yield _clock(app)
    for account in app.settings.accounts.values():
        yield from _mailbox(account)


def _tried(name: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(name, attempt())
    except InboxbotError as error:
        return Finding(name, "", str(error))


def _disk(app: App) -> Finding:
    folder = next(
        place for place in (app.places.state, *app.places.state.parents) if place.exists()
    )
    free = shutil.disk_usage(folder).free
    advice = "" if free >= _LEAST_FREE else f"{folder}: less than 50 MB free; make room"
    return Finding("disk", f"{free // 1024**2} MB free", advice)


def _clock(app: App) -> Finding:
    now = app.clock()
    wrong = now < _BUILT
    if app.places.journal.exists():
        with app.journal() as journal:
            newest = max((event.time for event in journal.events()), default=now)
        wrong = wrong or newest > now + timedelta(days=1)
    advice = "this machine's clock is behind; set it, or weeks and ages come out wrong"
    return Finding("clock", f"{now.astimezone(app.zone):%Y-%m-%d %H:%M %Z}", advice * wrong)


def _mailbox(account: Account) -> Iterator[Finding]:
    name = f"{account.id}: login"
    try:
        with open_mailbox(account) as mailbox:
            folders = mailbox.folders()
    except InboxbotError as error:
        yield Finding(name, "", str(error))
        return
    where = account.host or str(account.path)
    yield Finding(name, f"{account.kind}, {where}")
    yield from _folders(account, folders)


def _folders(account: Account, folders: Folders) -> Iterator[Finding]:
    needed = {"drafts": folders.drafts, "sent": folders.sent, "trash": folders.trash}
    for role, folder in needed.items():
        advice = (
            f'no such folder found; create it in your mail client, or set {role} = "…" in '
            f"[accounts.{account.id}]"
        )
        yield Finding(f"{account.id}: {role}", folder or "", "" if folder else advice)
    known = {folders.inbox, *folders.others, *filter(None, needed.values()), folders.archive}
    for folder in account.folders:
        if folder.upper() != "INBOX" and folder not in known:
            yield Finding(
                f"{account.id}: {folder}", "", "no such folder; correct it in folders = [...]"
            )
