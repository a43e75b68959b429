"""`inboxbot status`: one screen."""

from datetime import datetime
from pathlib import Path

import click

from inboxbot.app import App, open_app
from inboxbot.cli.options import config_option
from inboxbot.core.plan import DraftState
from inboxbot.core.text import for_terminal
from inboxbot.daemon.pause import pause_of
from inboxbot.journal.store import Journal
from inboxbot.lock import holder_of
from inboxbot.settings import WEEKDAYS, Account


@click.command(epilog="Example: inboxbot status")
@config_option
def status(config: Path | None) -> None:
    """Show accounts, the last poll, drafts that wait, the next summary, and health."""
    app = open_app(config)
    click.echo(f"settings {app.places.config}\njournal  {app.places.journal}\n")
    if not app.places.journal.exists():
        click.echo("not polled yet; run: inboxbot poll")
        return
    with app.journal() as journal:
        for account in app.settings.accounts.values():
            _show(account, journal, app)
    summary = app.settings.summary
    click.echo(f"next summary: {WEEKDAYS[summary.day]} {summary.hour:02}:00, {app.zone}")


def _show(account: Account, journal: Journal, app: App) -> None:
    click.secho(f"{account.id}  {account.address} ({account.kind})", bold=True)
    holder = holder_of(app.places.locks, account.id)
    running = f"yes, process {holder}" if holder is not None else "no"
    last = journal.note(account.id, "last_poll")
    when = datetime.fromisoformat(last).astimezone().strftime("%Y-%m-%d %H:%M") if last else "never"
    click.echo(f"  running      {running}\n  last poll    {when}")
    if paused := pause_of(journal, account.id, app.clock()):
        click.echo(f"  paused       {paused}: no drafts meanwhile")
    waiting = [
        record
        for record in journal.drafts(account.id)
        if record.state in {DraftState.WAITING, DraftState.EDITED}
    ]
    click.echo(f"  drafts wait  {len(waiting)}")
    for record in waiting:
        click.echo(f"    {for_terminal(f'{record.to.addr}: {record.subject}')}")
    trouble = journal.note(account.id, "trouble")
    if trouble:
        click.secho(f"  trouble      {for_terminal(trouble)}", fg="red")
    click.echo("")
