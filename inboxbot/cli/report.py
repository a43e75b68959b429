"""`inboxbot report`: the search in pictures, one page that needs no network."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from inboxbot.app import App, open_app
from inboxbot.cli.options import Since, config_option, now_option
from inboxbot.cli.output import check_out, write_out
from inboxbot.cli.poll import chosen_accounts
from inboxbot.core.coach import Known, names_in
from inboxbot.core.history import History
from inboxbot.core.plan import Event
from inboxbot.daemon.report import known_of, report_of
from inboxbot.letters.report import MARK, render_report
from inboxbot.letters.report.coach import load_plain_words
from inboxbot.senders import load_senders
from inboxbot.settings import Account

_EPILOG = "Example: inboxbot report --out search.html"


@click.command(epilog=_EPILOG)
@config_option
@now_option
@click.option("--account", metavar="NAME", help="Only this account.")
@click.option(
    "--since", type=Since(), metavar="SPAN|DATE", help='Only what is newer: "90d" or a date.'
)
@click.option(
    "--for-coach",
    is_flag=True,
    help="Replace names and addresses, for somebody who helps you.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help="Where the page goes; an older report there is replaced.",
)
def report(
    config: Path | None,
    now: datetime | None,
    account: str | None,
    since: datetime | timedelta | None,
    for_coach: bool,
    out: Path,
) -> None:
    """Write your search as one page: what became of what, how long it took, what was said."""
    check_out(out, (".html", ".htm"), (MARK.encode(),))
    app = open_app(config, now)
    accounts = chosen_accounts(app, account)
    with app.known_journal() as journal:
        events, history = known_of(journal, [account.id for account in accounts])
    found = report_of(
        events, history, zone=app.zone, now=app.clock(), senders=load_senders(),
        level=app.settings.profile.level,
        since=app.clock() - since if isinstance(since, timedelta) else since,
    )  # fmt: skip
    without = _names(accounts, events, history, app) if for_coach else None
    page = render_report(found, app.settings.summary.language, without=without)
    write_out(out, page.encode())
    click.echo(f"{out} written; open it in any browser", err=True)


def _names(
    accounts: Sequence[Account], events: Sequence[Event], history: History, app: App
) -> Known:
    owners = [app.owner(account) for account in accounts]
    return names_in(events, history, owners, load_plain_words())
