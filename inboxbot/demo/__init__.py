"""The whole job on a sample mailbox: a job search of three weeks, as a real Maildir.

sample mails | dated relative to now | Maildir | poll | summary | poll again
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from email.utils import format_datetime
from pathlib import Path

from inboxbot.app import App, Polled, account_context, poll_once
from inboxbot.core.summary import Summary, week_of
from inboxbot.daemon.report import known_of, report_of
from inboxbot.daemon.weekly import deliver, summary_of
from inboxbot.errors import InputError
from inboxbot.letters import render_html
from inboxbot.letters.report import render_report
from inboxbot.lock import sole_instance
from inboxbot.mailbox.maildir import create_folder, deposit
from inboxbot.private import private_file, private_folder
from inboxbot.resources import DEMO_MAILBOX
from inboxbot.settings import Places, load

_MARK = ".inboxbot-demo"
_DATE = re.compile(rb"^Date: @(-?\d+)d (\d\d):(\d\d)\r?$", re.MULTILINE)
_CALENDAR_TIME = re.compile(rb"@DT\((-?\d+)d (\d\d):(\d\d)\)")
_PSEUDO_HEADER = re.compile(rb"X-Demo-(Folder|Flags): *(\w+)\r?\n")

_SETTINGS = """\
# The demo's settings: a Maildir, as a mail client lays it; drafts at any time of day.
[policy]
quiet_hours = ""
[accounts.demo]
kind = "maildir"
path = "{maildir}"
address = "mara.lindqvist@example.net"
name = "Mara Lindqvist"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo made, and where it lies."""

    app: App
    maildir: Path
    summary: Summary
    page: Path  # the summary as HTML
    report: Path  # the whole search in pictures
    first: Polled
    again: Polled  # a second poll, which finds nothing to do
    week: str


def run_demo(out: Path, clock: Callable[[], datetime]) -> Demo:
    """Make the sample mailbox in `out`, and do the whole job on it.

    Raise `InputError` where `out` holds something that is not an earlier demo.
    """
    _clear(out)
    maildir, config = out.absolute() / "Maildir", out.absolute() / "config.toml"
    with private_file(config) as file:
        file.write(_SETTINGS.format(maildir=str(maildir).replace("\\", "/")).encode())
    places = Places(config=config, state=out.absolute() / "state")
    app = App(settings=load(config), places=places, clock=clock)
    fill_maildir(maildir, clock(), app.zone)
    account = app.settings.accounts["demo"]
    with sole_instance(places.locks, account.id):
        first = poll_once(app, account, deliver_summary=False)
        again = poll_once(app, account, deliver_summary=False)
    week = week_of(clock(), app.zone)
    with account_context(app, account) as context:
        deliver(week, context)
        summary = summary_of(
            week, context.journal, account.id, zone=app.zone, now=clock(), senders=context.senders
        )
        events, history = known_of(context.journal, [account.id])
        search = report_of(events, history, zone=app.zone, now=clock(), senders=context.senders)
    language = app.settings.summary.language
    return Demo(
        app=app, maildir=maildir, first=first, again=again, week=week, summary=summary,
        page=_written(out / "summary.html", render_html(summary, language)),
        report=_written(out / "report.html", render_report(search, language)),
    )  # fmt: skip


def _written(path: Path, page: str) -> Path:
    with private_file(path.absolute()) as file:
        file.write(page.encode())
    return path.absolute()


def _clear(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; name a folder for the demo with --out")
    if out.is_dir() and any(out.iterdir()):
        if not (out / _MARK).exists():
            raise InputError(f"{out} is not empty; name a new folder for the demo with --out")
        shutil.rmtree(out)
    private_folder(out)
    (out / _MARK).touch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample mail, dated."""

    name: str
    folder: str  # "INBOX" or "Sent"
    seen: bool
    arrived: datetime
    data: bytes


def fill_maildir(maildir: Path, now: datetime, zone: tzinfo) -> None:
    """Lay the sample mails into a new Maildir, as Dovecot does."""
    for folder in ("INBOX", "Drafts", "Sent", "Trash"):
        create_folder(maildir, folder)
    for sample in samples(now, zone):
        deposit(
            maildir, sample.folder, sample.data, name=sample.name,
            flags="S" if sample.seen else "", received=sample.arrived,
        )  # fmt: skip


def samples(now: datetime, zone: tzinfo) -> Iterator[Sample]:
    """Yield the sample mails in order of time, dated relative to `now`."""
    for path in sorted(DEMO_MAILBOX.glob("*.eml")):
        text = path.read_bytes()
        pseudo = {}
        while match := _PSEUDO_HEADER.match(text):
            pseudo[match[1]] = match[2].decode()
            text = text[match.end() :]
        dated = _DATE.search(text)
        if dated is None:
            raise InputError(f"{path}: a sample mail needs a relative date")
        arrived = _moment(dated, now, zone)
        text = _DATE.sub(b"Date: " + format_datetime(arrived).encode(), text, count=1)
        text = _CALENDAR_TIME.sub(lambda match: _calendar(match, now, zone), text)
        yield Sample(
            name=path.stem,
            folder=pseudo.get(b"Folder", "INBOX"),
            seen="S" in pseudo.get(b"Flags", ""),
            arrived=arrived,
            data=text,
        )


def _moment(match: re.Match[bytes], now: datetime, zone: tzinfo) -> datetime:
    days, hour, minute = (int(part) for part in match.groups())
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), zone)


def _calendar(match: re.Match[bytes], now: datetime, zone: tzinfo) -> bytes:
    return _moment(match, now, zone).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").encode()
