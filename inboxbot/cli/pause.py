"""`inboxbot pause` and `inboxbot resume`: no drafts for a while; reading and the journal go on."""

from datetime import datetime
from pathlib import Path

import click

from inboxbot.app import App, account_context, open_app
from inboxbot.cli.options import Moment, config_option
from inboxbot.cli.poll import chosen_accounts
from inboxbot.core.text import for_terminal
from inboxbot.daemon.farewell import deliver_farewell
from inboxbot.daemon.pause import end_search, pause_of
from inboxbot.daemon.pause import pause as pause_account
from inboxbot.daemon.pause import resume as resume_account
from inboxbot.errors import InboxbotError, InputError, MailboxBusy
from inboxbot.settings import Account

_account = click.option("--account", metavar="NAME", help="This account alone.")


@click.command(epilog="Example: inboxbot pause --until 2026-12-27")
@config_option
@_account
@click.option("--until", type=Moment(), metavar="DATE", help="Resume by itself then.")
@click.option("--hired", is_flag=True, help="You got a job: one last summary, then silence.")
def pause(config: Path | None, account: str | None, until: datetime | None, hired: bool) -> None:
    """Write no drafts until then, or until `inboxbot resume`; reading and the journal go on."""
    app = open_app(config)
    if hired and until is not None:
        raise InputError("--hired has no end; write it without --until")
    if until is not None and until <= app.clock():
        raise InputError("--until lies in the past; write a date to come")
    for chosen in chosen_accounts(app, account):
        if hired:
            _end(chosen, app)
        else:
            _pause(chosen, until, app)


def _pause(account: Account, until: datetime | None, app: App) -> None:
    with app.journal() as journal:
        pause_account(journal, account.id, until)
        told = pause_of(journal, account.id, app.clock())
    click.echo(f"{account.id}: no drafts {told}", err=True)


def _end(account: Account, app: App) -> None:
    """Note that the search is over, then deliver the last summary, or leave it to the daemon."""
    with app.journal() as journal:
        end_search(journal, account.id, app.clock())
    try:
        with account_context(app, account) as context:
            deliver_farewell(context)
        told = "a last summary lies in the inbox"
    except MailboxBusy:
        told = "the inboxbot that is running delivers a last summary with its next poll"
    except InboxbotError as error:
        told = f"the next poll delivers a last summary (now: {for_terminal(str(error))})"
    click.echo(
        f"{account.id}: congratulations; {told}. After it there are neither drafts nor mails, "
        "until inboxbot resume",
        err=True,
    )


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
