"""The daemon: one job an account, on a schedule and at the server's push, until a signal.

Jobs are coalesced and never overlap, so a laptop that slept polls once. One account that fails
never stops another; it is tried again later and later, up to an hour.
"""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from inboxbot.errors import InboxbotError
from inboxbot.logs import event, failure
from inboxbot.ports import OpensWatcher

_log = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(hours=1)
_LOOK_UP_SECONDS = 30.0


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
    stop.wait()
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

    def join(self) -> None:
        """Wait until the watch has ended; it looks up every half minute at the latest."""
        self._thread.join(timeout=2)

    def _poll(self) -> None:
        try:
            self._job.poll(self._seam)
        except Stopped:
            return
        except InboxbotError as error:
            self._failures += 1
            failure(_log, "poll_failed", error, account=self._job.account)
            self._later()
        else:
            self._failures = 0

    def _seam(self, _: str) -> None:
        if self._stop.is_set():
            raise Stopped

    def _later(self) -> None:
        """Try again after twice the time, and twice that, up to an hour."""
        wait = min(self._every * 2 ** min(self._failures, 10), max(_LONGEST_WAIT, self._every))
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
                failure(_log, "watch_failed", error, account=self._job.account)
                self._stop.wait(self._every.total_seconds())
