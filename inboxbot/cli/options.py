"""Options that several commands share, and how a date, a span and a path are read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from inboxbot.settings import duration

YEARS = range(1970, 2200)  # that can be meant; at the ends of the calendar nothing can be reckoned


class Moment(click.ParamType[datetime]):
    """ISO 8601 date or time; without a zone it is the machine's."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return an aware time in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = datetime.min  # noqa: DTZ901  (no zone is asked of it)
        if moment.year not in YEARS:
            self.fail(f"{value!r} is no time; write one like 2026-11-20T18:00", param, ctx)
        return moment.astimezone(UTC)


class Span(click.ParamType[timedelta]):
    """A span of time: "30d"."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a timedelta."""
        if isinstance(value, timedelta):
            return value
        try:
            return duration(value)
        except (ValueError, OverflowError) as error:
            self.fail(f"{value!r}: {error}", param, ctx)


class Since(click.ParamType[datetime | timedelta]):
    """A span back from now ("30d"), or a date."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a timedelta or an aware time."""
        if isinstance(value, datetime | timedelta):
            return value
        try:
            return duration(value)
        except ValueError:
            return Moment().convert(value, param, ctx)


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --config."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Settings file; the state stays where it is.",
    )(command)


def now_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --now."""
    return click.option(
        "--now",
        type=Moment(),
        metavar="TIME",
        help="Fix the clock (ISO 8601), for replays and demonstrations.",
    )(command)


_MAIL = {
    "--data": "Labelled mail, JSON Lines (a file or a folder of them).",
    "--ham": "A folder of ordinary .eml mail, none of it about jobs.",
    "--kept": "Labelled mail that is only measured on, never trained on.",
    "--marks": "Which sentences of that mail say no, JSON Lines of id and decisive.",
}


def labelled_mail(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what `train` and `evaluate` read, and how thoroughly they measure."""
    command = click.option(
        "--thorough",
        is_flag=True,
        help="Also leave out each inbox, draw the learning curve, take away each part. Slow.",
    )(command)
    for name, meaning in reversed(_MAIL.items()):
        command = click.option(
            name,
            multiple=True,
            required=name == "--data",
            type=click.Path(exists=True, path_type=Path),
            metavar="PATH",
            help=f"{meaning} May be given several times.",
        )(command)
    return command
