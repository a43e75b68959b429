"""`inboxbot run`: the daemon."""

from pathlib import Path

import click

from inboxbot import logs
from inboxbot.app import open_app
from inboxbot.app import run as run_app
from inboxbot.cli.options import config_option


@click.command(epilog="Example: inboxbot run   (stop it with Ctrl-C, or kill -TERM)")
@config_option
def run(config: Path | None) -> None:
    """Watch every mailbox until stopped: at once where the server tells, else every 10 minutes."""
    app = open_app(config)
    logs.set_up(folder=app.places.logs)
    run_app(app)
