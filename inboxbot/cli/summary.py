"""`inboxbot summary`: the weekly mail, shown, written or delivered."""

from datetime import date, datetime
from pathlib import Path

import click

from inboxbot.app import App, account_context, open_app
from inboxbot.cli.options import YEARS, config_option, now_option
from inboxbot.cli.output import check_out, write_out
from inboxbot.cli.poll import chosen_accounts
from inboxbot.core.identity import summary_key
from inboxbot.core.summary import Summary, week_of
from inboxbot.daemon.replies import name_of
from inboxbot.daemon.weekly import deliver, summary_of
from inboxbot.errors import InputError
from inboxbot.letters import MARK, preview, render, render_html
from inboxbot.senders import load_senders
from inboxbot.settings import Account

_EPILOG = "Example: inboxbot summary --week 2026-W47 --out week.html"


@click.command(epilog=_EPILOG)
@config_option
@now_option
@click.option("--account", metavar="NAME", help="The summary of this account alone.")
@click.option("--week", metavar="WEEK", help="An ISO week: 2026-W47. Without it, this week.")
@click.option("--deliver", "delivering", is_flag=True, help="Put it into the inbox, once.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it: .eml or .html.",
)
def summary(
    config: Path | None,
    now: datetime | None,
    account: str | None,
    week: str | None,
    delivering: bool,
    out: Path | None,
) -> None:
    """Show the week in one mail, or deliver it, or write it to a file."""
    app = open_app(config, now)
    wanted = _week(week, app)
    chosen = chosen_accounts(app, account)
    if out is not None and len(chosen) > 1:
        raise InputError("several accounts: name the one to write with --account")
    for each in chosen:
        if delivering:
            _deliver(wanted, each, app)
        elif out is not None:
            _write(out, wanted, each, app)
        else:
            click.echo(preview(_summary(wanted, each, app), app.settings.summary.language))


def _week(week: str | None, app: App) -> str:
    if week is None:
        return week_of(app.clock(), app.zone)
    try:
        year, number = (int(part) for part in week.upper().split("-W"))
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        monday = date.max
    if monday.year not in YEARS:
        raise InputError(f"{week!r} is no ISO week; write one like 2026-W47")
    return f"{year:04}-W{number:02}"


def _summary(week: str, account: Account, app: App) -> Summary:
    with app.known_journal() as journal:
        return summary_of(
            week, journal, account.id, zone=app.zone, now=app.clock(), senders=load_senders(),
            level=app.settings.profile.level,
        )  # fmt: skip


def _deliver(week: str, account: Account, app: App) -> None:
    with account_context(app, account) as context:
        fresh = deliver(week, context)
    told = "delivered to the inbox" if fresh else "was delivered before; there is only one a week"
    click.echo(f"{account.id}: the summary of {week} {told}", err=True)


def _write(out: Path, week: str, account: Account, app: App) -> None:
    owner, language = app.owner(account), app.settings.summary.language
    key = summary_key(owner, week)
    check_out(out, (".eml", ".html"), (MARK.encode(), key.encode()))
    found = _summary(week, account, app)
    if out.suffix.lower() == ".html":
        data = render_html(found, language).encode()
    else:
        with app.known_journal() as journal:
            name = name_of(key, journal, account.id)
        data = render(found, owner, name, language, app.clock())
    write_out(out, data)
    click.echo(f"{out} written", err=True)
