"""`inboxbot journal`: the event log, and what asking has brought."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from inboxbot.app import open_app
from inboxbot.cli.options import Since, config_option
from inboxbot.core.ledger import Answer, Ask, Tally, asks_in, tally
from inboxbot.core.plan import Event
from inboxbot.core.text import for_terminal

_EPILOG = "Example: inboxbot journal --since 7d --json"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_KINDS: Mapping[str, Callable[[Ask], str]] = {
    "all questions": lambda _: "together",
    "by stage": lambda ask: ask.stage,
    "by basis of the contact": lambda ask: ask.basis or "unknown",
    "by confidence": lambda ask: ask.confidence or "unknown",
    "by wording": lambda ask: ask.wording or "unknown",
}
_SHOWN = (
    "employer",
    "role",
    "label",
    "reason",
    "to",
    "basis",
    "confidence",
    "from",
    "week",
    "error",
    "text",
)


@click.command(epilog=_EPILOG)
@config_option
@click.option("--json", "form", flag_value="json", help="JSON Lines.")
@click.option("--csv", "form", flag_value="csv", help="CSV that is safe to open in a spreadsheet.")
@click.option(
    "--since", type=Since(), metavar="SPAN|DATE", help='Only what is newer: "7d" or a date.'
)
@click.option("--account", metavar="NAME", help="Only this account.")
@click.option("--ledger", is_flag=True, help="What was asked, and what came back.")
def journal(
    config: Path | None,
    form: str | None,
    ledger: bool,
    since: datetime | timedelta | None,
    account: str | None,
) -> None:
    """Show what came, why it was read so, what was drafted or left alone, and what became of it."""
    app = open_app(config)
    after = app.clock() - since if isinstance(since, timedelta) else since
    with app.known_journal() as store:
        events = store.events(account, since=after)
        if ledger:
            _LEDGERS[form](asks_in(events))
        else:
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
    _write_csv(names, map(_cells, events))


def _write_csv(names: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    for row in (names, *([_cell(value) for value in row] for row in rows)):
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


# ---------------------------------------------------------------- the ledger


def _ledger_as_json(asks: Iterable[Ask]) -> None:
    for ask in asks:
        click.echo(json.dumps(_ask_row(ask), ensure_ascii=False))


def _ask_row(ask: Ask) -> dict[str, Any]:
    return {**asdict(ask), "sent": ask.sent.isoformat()}


def _ledger_as_csv(asks: Iterable[Ask]) -> None:
    _write_csv([item.name for item in fields(Ask)], (_ask_row(ask).values() for ask in asks))


def _ledger_as_text(asks: Sequence[Ask]) -> None:
    if not asks:
        click.echo("no question was sent yet")
        return
    for ask in asks:
        days = f", after {ask.days:.1f} days" if ask.days is not None else ""
        told = f"{ask.employer or ask.to} · {ask.stage} · {ask.wording}"
        click.echo(f"{ask.sent.astimezone():%Y-%m-%d}  {for_terminal(told)}: {ask.answer}{days}")
    for title, kind in _KINDS.items():
        click.echo(f"\n{title}")
        for row in tally(asks, kind):
            click.echo(f"  {for_terminal(row.name):28} {_counts(row)}")


def _counts(row: Tally) -> str:
    counts = [f"{row.asked} asked"]
    counts += [f"{row.answers[kind]} {_IN_WORDS[kind]}" for kind in Answer if kind in row.answers]
    if row.days is not None:
        counts.append(f"{row.days:.1f} days in the middle")
    return ", ".join(counts)


_IN_WORDS: Mapping[Answer, str] = {
    Answer.FEEDBACK: "answered",
    Answer.DECLINED: "declined",
    Answer.REOPENED: "reopened",
    Answer.BOUNCED: "bounced",
    Answer.NONE: "without answer",
    Answer.OPEN: "open",
}
_LEDGERS: Mapping[str | None, Callable[[Sequence[Ask]], None]] = {
    "json": _ledger_as_json,
    "csv": _ledger_as_csv,
    None: _ledger_as_text,
}
