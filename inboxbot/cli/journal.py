"""`inboxbot journal`: the event log."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from inboxbot.app import open_app
from inboxbot.cli.options import Since, config_option
from inboxbot.core.plan import Event
from inboxbot.core.text import for_terminal

_EPILOG = "Example: inboxbot journal --since 7d --json"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHOWN = ("employer", "role", "label", "reason", "to", "from", "week", "error", "text")


@click.command(epilog=_EPILOG)
@config_option
@click.option("--json", "form", flag_value="json", help="JSON Lines.")
@click.option("--csv", "form", flag_value="csv", help="CSV that is safe to open in a spreadsheet.")
@click.option(
    "--since", type=Since(), metavar="SPAN|DATE", help='Only what is newer: "7d" or a date.'
)
@click.option("--account", metavar="NAME", help="Only this account.")
def journal(
    config: Path | None,
    form: str | None,
    since: datetime | timedelta | None,
    account: str | None,
) -> None:
    """Show what came, why it was read so, what was drafted or left alone, and what became of it."""
    app = open_app(config)
    after = app.clock() - since if isinstance(since, timedelta) else since
    with app.known_journal() as store:
        events = store.events(account, since=after)
        _FORMS[form](events)


def _as_json(events: Iterable[Event]) -> None:
    for event in events:
        click.echo(json.dumps(_row(event), ensure_ascii=False))


def _row(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "time": event.time.isoformat(),
        "account": event.account,
        "application": event.application,
        "message": event.message,
        "event": str(event.kind),
        "payload": dict(event.payload),
    }


def _as_csv(events: Iterable[Event]) -> None:
    names = ["id", "time", "account", "application", "message", "event", *_SHOWN]
    for row in (names, *([_cell(value) for value in _cells(event)] for event in events)):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(row)
        click.echo(line.getvalue())


def _cells(event: Event) -> list[object]:
    row = _row(event)
    payload = row.pop("payload")
    return [*row.values(), *(payload.get(name) for name in _SHOWN)]


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula (THREATS D22)."""
    text = "" if value is None else for_terminal(str(value), newlines=True)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _as_text(events: Iterable[Event]) -> None:
    for event in events:
        shown = [str(event.payload[name]) for name in _SHOWN if event.payload.get(name)]
        when = event.time.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(f"{when}  {event.kind:18} {for_terminal(' · '.join(shown))[:160]}")


_FORMS: Mapping[str | None, Callable[[Iterable[Event]], None]] = {
    "json": _as_json,
    "csv": _as_csv,
    None: _as_text,
}
