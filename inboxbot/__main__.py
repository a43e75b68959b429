"""The `inboxbot` command: runs it, and turns every expected failure into a line and a status."""

import os
import signal
import sys

import click

from inboxbot.cli import inboxbot
from inboxbot.core.text import for_terminal
from inboxbot.errors import InboxbotError
from inboxbot.private import forbid_core_dumps

_INTERRUPTED = 130  # 128 + SIGINT, as shells count


def main() -> None:
    """Run the command line and leave with its status."""
    os.umask(0o077)
    forbid_core_dumps()
    try:
        # Without its standalone mode, click returns the status of `ctx.exit` and of `Exit`.
        sys.exit(inboxbot.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("inboxbot: stopped; nothing is lost, the next poll goes on", err=True)
        sys.exit(_INTERRUPTED)
    except InboxbotError as error:
        for line in str(error).splitlines():
            click.secho(f"inboxbot: {for_terminal(line)}", err=True, fg="red")
        sys.exit(error.exit_status)
    except BrokenPipeError:  # the reader of our output left: inboxbot journal | head
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
