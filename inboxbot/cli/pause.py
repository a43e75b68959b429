"""`inboxbot pause` and `inboxbot resume`: no drafts for a while; reading and the journal go on."""

from datetime import datetime
from pathlib import Path

import click

from inboxbot.app import open_app
from inboxbot.cli.options import Moment, config_option
from inboxbot.cli.poll import chosen_accounts
from inboxbot.daemon.pause import pause as pause_account
from inboxbot.daemon.pause import pause_of
from inboxbot.daemon.pause import resume as resume_account
from inboxbot.errors import InputError

_account = click.option("--account", metavar="NAME", help="This account alone.")


@click.command(epilog="Example: inboxbot pause --until 2026-12-27")
@config_option
@_account
@click.option("--until", type=Moment(), metavar="DATE", help="Resume by itself then.")
def pause(config: Path | None, account: str | None, until: datetime | None) -> None:
    """Write no drafts until then, or until `inboxbot resume`; reading and the journal go on."""
    app = open_app(config)
    if until is not None and until <= app.clock():
        raise InputError("--until lies in the past; write a date to come")
    with app.journal() as journal:
        for chosen in chosen_accounts(app, account):
            pause_account(journal, chosen.id, until)
            told = pause_of(journal, chosen.id, app.clock())
            click.echo(f"{chosen.id}: no drafts {told}", err=True)


@click.command(epilog="Example: inboxbot resume")
@config_option
@_account
def resume(config: Path | None, account: str | None) -> None:
    """Write drafts again, also about what came meanwhile and is not too old."""
    app = open_app(config)
    with app.journal() as journal:
        for chosen in chosen_accounts(app, account):
            resume_account(journal, chosen.id)
            click.echo(f"{chosen.id}: drafts are written again", err=True)
