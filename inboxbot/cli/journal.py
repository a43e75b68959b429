"""`inboxbot journal`: the event log, and what asking has brought."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from inboxbot.app import open_app
from inboxbot.cli.export import BYTE_ORDER_MARK, csv_line, json_line
from inboxbot.cli.options import Since, config_option
from inboxbot.cli.output import check_out, write_out
from inboxbot.core.ledger import Answer, Ask, Tally, asks_in, tally
from inboxbot.core.plan import Event
from inboxbot.core.text import for_terminal
from inboxbot.errors import InputError

_EPILOG = "Example: inboxbot journal --since 7d --csv --out journal.csv"
_KINDS: Mapping[str, Callable[[Ask], str]] = {
    "all questions": lambda _: "together",
    "by stage": lambda ask: ask.stage,
    "by basis of the contact": lambda ask: ask.basis or "unknown",
    "by confidence": lambda ask: ask.confidence or "unknown",
    "by wording": lambda ask: ask.wording or "unknown",
    "by days from the no to the question": lambda ask: _waited(ask.waited),
}
_SPANS = ((1, "less than one"), (3, "one or two"), (8, "three to seven"))  # days, below
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
_COLUMNS = (*_SHOWN, "subject", "evidence", "stage", "stated_reason", "decision", "question")
"""Of the payload, in the CSV. Other programs know them by their place: new ones go to the end."""


@click.command(epilog=_EPILOG)
@config_option
@click.option("--json", "form", flag_value="json", help="JSON Lines.")
@click.option("--csv", "form", flag_value="csv", help="CSV that is safe to open in a spreadsheet.")
@click.option(
    "--since", type=Since(), metavar="SPAN|DATE", help='Only what is newer: "7d" or a date.'
)
@click.option("--account", metavar="NAME", help="Only this account.")
@click.option("--ledger", is_flag=True, help="What was asked, and what came back.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --json or --csv: into a file that only you can read.",
)
def journal(
    config: Path | None,
    form: str | None,
    ledger: bool,
    since: datetime | timedelta | None,
    account: str | None,
    out: Path | None,
) -> None:
    """Show what came, why it was read so, what was drafted or left alone, and what became of it."""
    if out is not None:
        _check(out, form)
    app = open_app(config)
    after = app.clock() - since if isinstance(since, timedelta) else since
    with app.known_journal() as store:
        events = store.events(account, since=after)
        if form is not None:
            rows = _LEDGER_ROWS[form](asks_in(events)) if ledger else _ROWS[form](events)
            _put(rows, form, out)
        elif ledger:
            _ledger_as_text(asks_in(events))
        else:
            _as_text(events)


def _check(out: Path, form: str | None) -> None:
    if form is None:
        raise InputError("--out writes data: add --csv or --json")
    if form == "csv":
        check_out(out, (".csv",), (b"id,time,account,", b"sent,employer,role,"))
    else:
        check_out(out, (".jsonl", ".json"), (b'{"id": ', b'{"sent": '))


def _put(rows: Iterable[bytes], form: str, out: Path | None) -> None:
    """Write rows to stdout as they come, or to a file."""
    if out is None:
        for row in rows:
            click.echo(row, nl=False)
        return
    write_out(out, (BYTE_ORDER_MARK if form == "csv" else b"") + b"".join(rows))
    click.echo(f"{out} written", err=True)


def _as_json(events: Iterable[Event]) -> Iterator[bytes]:
    return (json_line(_row(event)) for event in events)


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


def _as_csv(events: Iterable[Event]) -> Iterator[bytes]:
    yield csv_line(["id", "time", "account", "application", "message", "event", *_COLUMNS])
    for event in events:
        row = _row(event)
        payload = row.pop("payload")
        yield csv_line([*row.values(), *(payload.get(name) for name in _COLUMNS)])


def _as_text(events: Iterable[Event]) -> None:
    for event in events:
        shown = [str(event.payload[name]) for name in _SHOWN if event.payload.get(name)]
        when = event.time.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(f"{when}  {event.kind:18} {for_terminal(' · '.join(shown))[:160]}")


# ---------------------------------------------------------------- the ledger


def _ledger_as_json(asks: Iterable[Ask]) -> Iterator[bytes]:
    return (json_line(_ask_row(ask)) for ask in asks)


def _ask_row(ask: Ask) -> dict[str, Any]:
    return {**asdict(ask), "sent": ask.sent.isoformat()}


def _ledger_as_csv(asks: Iterable[Ask]) -> Iterator[bytes]:
    yield csv_line(item.name for item in fields(Ask))
    for ask in asks:
        yield csv_line(_ask_row(ask).values())


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


def _waited(days: float | None) -> str:
    if days is None:
        return "unknown"
    return next((name for limit, name in _SPANS if days < limit), "more")


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
_ROWS: Mapping[str, Callable[[Iterable[Event]], Iterator[bytes]]] = {
    "json": _as_json,
    "csv": _as_csv,
}
_LEDGER_ROWS: Mapping[str, Callable[[Iterable[Ask]], Iterator[bytes]]] = {
    "json": _ledger_as_json,
    "csv": _ledger_as_csv,
}
