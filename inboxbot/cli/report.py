"""`inboxbot report`: the search in pictures, one page that needs no network."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import click

from inboxbot.app import App, open_app
from inboxbot.cli.options import Since, config_option, now_option
from inboxbot.cli.output import check_out, write_out
from inboxbot.cli.poll import chosen_accounts
from inboxbot.core.coach import Known, names_in
from inboxbot.core.focus import Theme, themes_in, voices_in
from inboxbot.core.history import History
from inboxbot.core.insight import patterns_in
from inboxbot.core.plan import Event
from inboxbot.core.report import build_report
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import WeekLog
from inboxbot.letters.report import MARK, render_report
from inboxbot.letters.report.coach import load_plain_words
from inboxbot.senders import load_senders
from inboxbot.settings import Account
from inboxbot.topics import load_lexicon

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
    events, history = _journal_of(accounts, app)
    after = app.clock() - since if isinstance(since, timedelta) else since
    log = WeekLog(tuple(events), history, since=after or EPOCH, end=app.clock())
    found = build_report(
        events,
        history,
        zone=app.zone,
        now=app.clock(),
        since=after,
        patterns=() if after else patterns_in(log, load_senders(), app.settings.profile.level),
        themes=_themes(log, after, app),
    )
    without = _names(accounts, events, history, app) if for_coach else None
    page = render_report(found, app.settings.summary.language, without=without)
    write_out(out, page.encode())
    click.echo(f"{out} written; open it in any browser", err=True)


def _journal_of(accounts: Sequence[Account], app: App) -> tuple[list[Event], History]:
    """Return what the journal knows of these accounts, as if they were one."""
    with app.known_journal() as store:
        events = chain.from_iterable(store.events(account.id) for account in accounts)
        histories = [store.history(account.id) for account in accounts]
        return sorted(events, key=lambda event: event.id), History(
            chain.from_iterable(history.entries for history in histories),
            chain.from_iterable(history.drafts for history in histories),
        )


def _names(
    accounts: Sequence[Account], events: Sequence[Event], history: History, app: App
) -> Known:
    owners = [app.owner(account) for account in accounts]
    return names_in(events, history, owners, load_plain_words())


def _themes(log: WeekLog, since: datetime | None, app: App) -> tuple[Theme, ...]:
    first = (since or EPOCH).astimezone(app.zone).date()
    voices = (voice for voice in voices_in(log, app.zone) if voice.day >= first)
    return themes_in(voices, load_lexicon(), app.clock().astimezone(app.zone).date())
