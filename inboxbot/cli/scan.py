"""`inboxbot scan`: read exported mail without an account; change nothing."""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from inboxbot.classify.thresholds import read_thresholds
from inboxbot.cli.options import config_option
from inboxbot.clock import wall_clock
from inboxbot.core.policy import Policy
from inboxbot.core.text import for_terminal
from inboxbot.reader import Reader
from inboxbot.resources import MODELS
from inboxbot.scan import Row, Scan
from inboxbot.senders import load_senders
from inboxbot.settings import load, places

_EPILOG = "Example: inboxbot scan ~/Takeout/Mail/All.mbox --json > mail.jsonl"


@click.command(epilog=_EPILOG)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object per message.")
@click.option(
    "--alone/--in-context",
    "alone",
    default=None,
    help="Judge each mail by itself, or with the mails before it in the same mbox or Maildir. "
    "By default .eml files and their directories are judged alone, the others in context.",
)
def scan(paths: tuple[Path, ...], config: Path | None, as_json: bool, alone: bool | None) -> None:
    """Read .eml files, directories of them, mbox files or Maildirs, and say what was found."""
    with Reader() as reader:
        rows = _scan(reader, config).rows(paths, alone=alone)
        if as_json:
            for row in rows:
                click.echo(json.dumps(row, ensure_ascii=False))
        else:
            _table(rows)


def _scan(reader: Reader, config: Path | None) -> Scan:
    """Return a scan by the settings, where there are any: scanning needs none."""
    thresholds, found = read_thresholds(MODELS / "rejection.model"), places(config)
    if config is None and not found.config.exists():
        policy, addresses = Policy(), frozenset[str]()
    else:
        settings = load(found.config)
        policy = settings.policy
        addresses = frozenset(
            address for account in settings.accounts.values() for address in account.addresses
        )
    return Scan(
        reader=reader,
        senders=load_senders(),
        thresholds=thresholds.overridden(
            draft=policy.draft_threshold, review=policy.review_threshold
        ),
        policy=policy,
        addresses=addresses,
        now=wall_clock(),
    )


def _table(rows: Iterable[Row]) -> None:
    total = unreadable = 0
    for row in rows:
        total += 1
        if "error" in row:
            unreadable += 1
            click.secho(for_terminal(f"{row['path']}: {row['error']}"), fg="yellow", err=True)
        elif row["label"] != "not_job":
            click.echo(for_terminal(_line(row)))
    click.echo(f"{total} messages, {unreadable} unreadable; nothing was changed", err=True)


def _line(row: Row) -> str:
    decision = row["reason"] or row["decision"]
    to = f" → {row['to']}" if row["to"] else ""
    role = f" – {row['role']}" if row["role"] else ""
    return (
        f"{str(row['date'])[:10]}  {row['label']!s:15} {row['probability']:4.2f}  "
        f"{row['employer'] or '?'}{role}  [{decision}{to}]"
    )
