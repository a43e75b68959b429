"""The daemon: one job an account, on a schedule and at the server's push, until a signal.

Jobs are coalesced and never overlap, so a laptop that slept polls once. One account that fails
never stops another; it is tried again later and later, up to an hour. One that waits for its
user (a locked keyring, a permission that has ended) says so once, and looks sooner.

A service manager is told when all are watched and, while each poll goes on, that it lives: one
that hangs for good is ended and started anew, and the journal knows what it was about.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from inboxbot.daemon.notify import notify, watchdog_seconds
from inboxbot.errors import InboxbotError
from inboxbot.logs import event, failure
from inboxbot.ports import OpensWatcher

_log = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(hours=1)
_LOOK_UP_SECONDS = 30.0
_LONGEST_SILENCE = timedelta(minutes=30)  # between two seams: a batch of the most hostile mails
_FIRST_GLANCE = timedelta(seconds=30)  # at what the user is to do: a keyring is unlocked at login


class Stopped(Exception):
    """The daemon was asked to stop; raised at a seam, where everything is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One account's work."""

    account: str
    poll: Callable[[Callable[[str], None]], None]  # takes the seam; raises InboxbotError
    watch: OpensWatcher


def run_forever(jobs: Sequence[Job], every: timedelta, stop: threading.Event | None = None) -> None:
    """Poll all accounts until SIGTERM or SIGINT, or until `stop` is set."""
    stop = stop or _stop_at_signal()
    scheduler = BackgroundScheduler(timezone=UTC)
    workers = [_Worker(job, every, scheduler, stop) for job in jobs]
    scheduler.start()
    event(_log, "started", count=len(jobs))
    for worker in workers:
        worker.start()
    notify("READY=1", f"STATUS=accounts watched: {len(jobs)}")
    while not stop.wait(watchdog_seconds()):
        if all(worker.lives() for worker in workers):
            notify("WATCHDOG=1")
    notify("STOPPING=1")
    event(_log, "stopping")
    scheduler.shutdown(wait=True)
    for worker in workers:
        worker.join()
    event(_log, "stopped")


def _stop_at_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


class _Worker:
    """One account's place in the schedule: its job, its back-off and its watch."""

    def __init__(
        self, job: Job, every: timedelta, scheduler: BackgroundScheduler, stop: threading.Event
    ) -> None:
        self._job = job
        self._every = every
        self._scheduler = scheduler
        self._stop = stop
        self._failures = 0
        self._waits_for = ""
        self._silent_until = 0.0  # by the monotonic clock, which stands while a laptop sleeps
        self._expect_a_sign(self._longest_wait())
        self._thread = threading.Thread(
            target=self._watch, name=f"watch-{job.account}", daemon=True
        )

    def start(self) -> None:
        """Schedule the first poll for now, and begin to watch."""
        self._scheduler.add_job(
            self._poll,
            "interval",
            seconds=self._every.total_seconds(),
            id=self._job.account,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # however late: a laptop that slept
        )
        self._thread.start()

    def lives(self) -> bool:
        """Tell whether a poll has begun, gone on or ended as lately as it should have."""
        return time.monotonic() <= self._silent_until

    def _expect_a_sign(self, within: timedelta) -> None:
        self._silent_until = time.monotonic() + (within + _LONGEST_SILENCE).total_seconds()

    def _longest_wait(self) -> timedelta:
        return max(_LONGEST_WAIT, self._every)

    def join(self) -> None:
        """Wait until the watch has ended; it looks up every half minute at the latest."""
        self._thread.join(timeout=2)

    def _poll(self) -> None:
        self._expect_a_sign(timedelta())
        try:
            self._poll_now()
        finally:
            self._expect_a_sign(self._longest_wait())

    def _poll_now(self) -> None:
        try:
            self._job.poll(self._seam)
        except Stopped:
            return
        except InboxbotError as error:
            self._failures += 1
            if error.waits_for:
                self._wait(error.waits_for)
                return
            failure(_log, "poll_failed", error, account=self._job.account)
            self._later(self._every, self._longest_wait())
        else:
            self._failures = 0
        self._waits_for = ""

    def _seam(self, _: str) -> None:
        self._expect_a_sign(timedelta())
        if self._stop.is_set():
            raise Stopped

    def _wait(self, what: str) -> None:
        """Say once that the user has to act, and look soon whether it is done."""
        if what != self._waits_for:
            event(_log, "waiting", logging.WARNING, account=self._job.account, reason=what)
            self._waits_for, self._failures = what, 0
        self._later(_FIRST_GLANCE, self._every)

    def _later(self, first: timedelta, longest: timedelta) -> None:
        """Try again after twice the time, and twice that, up to the longest."""
        wait = min(first * 2 ** min(self._failures, 10), longest)
        self._run_at(datetime.now(UTC) + wait)

    def _run_at(self, moment: datetime) -> None:
        if not self._stop.is_set():
            self._scheduler.modify_job(self._job.account, next_run_time=moment)

    def _watch(self) -> None:
        """Poll as soon as the server tells of something; without a watch the schedule remains."""
        while not self._stop.is_set():
            try:
                with self._job.watch() as watcher:
                    while not self._stop.is_set():
                        if watcher.wait(_LOOK_UP_SECONDS):
                            self._run_at(datetime.now(UTC))
            except InboxbotError as error:
                if not error.waits_for:  # of that the poll tells
                    failure(_log, "watch_failed", error, account=self._job.account)
                self._stop.wait(self._every.total_seconds())
