"""The commands, a module each, imported when they are called; here only the list of them."""

import importlib
from collections.abc import Mapping

import click

from inboxbot import __version__

_COMMANDS: Mapping[str, str] = {
    "demo": "demo",
    "setup": "setup",
    "check": "check",
    "status": "status",
    "scan": "scan",
    "poll": "poll",
    "run": "run",
    "pause": "pause",
    "resume": "pause",
    "summary": "summary",
    "journal": "journal",
    "reflect": "reflect",
    "report": "report",
    "service": "service",
    "forget": "forget",
    "train": "train",
    "evaluate": "evaluate",
}

_HELP = """\
Turn rejections into feedback requests that wait in your Drafts.

inboxbot finds rejections in your mailbox, leaves polite feedback requests in Drafts, keeps a
journal and writes a weekly summary. It cannot send anything: you press Send, or you don't.

\b
inboxbot demo             see it work on a sample mailbox, no account needed
inboxbot setup            connect your own mailbox
inboxbot poll             look for new mail, once
inboxbot service install  let it run, from now on at every login
"""


class _Lazy(click.Group):
    """A group whose commands are imported one by one: `--help` of one never loads another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the list."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"inboxbot.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=_Lazy, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inboxbot")
def inboxbot() -> None:
    """Gather the commands."""
