"""The daemon: one job an account, on a schedule and at the server's push, until a signal.

    poll | wait for the server's push, or for the time | poll …        a thread an account

Polls of an account never overlap, and a laptop that slept polls once. One account that fails
never stops another; it is tried again later and later, up to an hour. One that waits for its
user (a locked keyring, a permission that has ended) says so once, and looks sooner. Time is told
by the monotonic clock: one that is set right, by ten years, neither stops nor hurries anything.

A service manager is told when all are watched and, while each poll goes on, that it lives: one
that hangs for good is ended and started anew, and the journal knows what it was about.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from inboxbot.daemon.notify import notify, watchdog_seconds
from inboxbot.errors import InboxbotError
from inboxbot.logs import event, failure
from inboxbot.ports import OpensWatcher

_log = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(hours=1)
_LOOK_UP_SECONDS = 30.0
_LONGEST_SILENCE = timedelta(minutes=30)  # between two seams: a batch of the most hostile mails
_FIRST_GLANCE = timedelta(seconds=30)  # at what the user is to do: a keyring is unlocked at login


class Stopped(BaseException):
    """The daemon was asked to stop; raised at a seam, where everything is stored.

    No failure of a poll: nothing that handles those may take it for one.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One account's work."""

    account: str
    poll: Callable[[Callable[[str], None]], None]  # takes the seam; raises InboxbotError
    watch: OpensWatcher


def run_forever(jobs: Sequence[Job], every: timedelta, stop: threading.Event | None = None) -> None:
    """Poll all accounts until SIGTERM or SIGINT, or until `stop` is set."""
    stop = stop or _stop_at_signal()
    workers = [_Worker(job, every, stop) for job in jobs]
    event(_log, "started", count=len(jobs))
    for worker in workers:
        worker.start()
    notify("READY=1", f"STATUS=accounts watched: {len(jobs)}")
    while not stop.wait(watchdog_seconds()):
        if all(worker.lives() for worker in workers):
            notify("WATCHDOG=1")
    notify("STOPPING=1")
    event(_log, "stopping")
    for worker in workers:
        worker.wake()
    for worker in workers:
        worker.join()
    event(_log, "stopped")


def _stop_at_signal() -> threading.Event:
    stop = threading.Event()

    def handle(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)  # a second one ends a poll that hangs

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    return stop


class _Worker:
    """One account's two threads: one polls, one watches; and its back-off."""

    def __init__(self, job: Job, every: timedelta, stop: threading.Event) -> None:
        self._job = job
        self._every = every
        self._longest_wait = max(_LONGEST_WAIT, every)
        self._stop = stop
        self._news = threading.Event()
        self._failures = 0
        self._waits_for = ""
        self._expect_a_sign(self._longest_wait)
        self._polling = threading.Thread(target=self._run, name=f"poll-{job.account}")
        self._watching = threading.Thread(
            target=self._watch, name=f"watch-{job.account}", daemon=True
        )

    def start(self) -> None:
        """Poll for the first time, and begin to watch."""
        self._polling.start()
        self._watching.start()

    def wake(self) -> None:
        """Let the wait for the next poll end now."""
        self._news.set()

    def join(self) -> None:
        """Wait until a poll has come to a seam; the watch looks up every half minute only."""
        self._polling.join()
        self._watching.join(timeout=2)

    def lives(self) -> bool:
        """Tell whether a poll has begun, gone on or ended as lately as it should have."""
        return time.monotonic() <= self._silent_until

    def _expect_a_sign(self, within: timedelta) -> None:
        # The monotonic clock stands while a laptop sleeps.
        self._silent_until = time.monotonic() + (within + _LONGEST_SILENCE).total_seconds()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._news.clear()  # what comes from now on may be too late for this poll
            self._expect_a_sign(timedelta())
            wait = self._poll()
            self._expect_a_sign(self._longest_wait)
            if not self._stop.is_set():  # `wake` may have come before the news was cleared
                self._news.wait(min(wait.total_seconds(), threading.TIMEOUT_MAX))

    def _poll(self) -> timedelta:
        """Poll, and return how long to wait for the next time."""
        try:
            self._job.poll(self._seam)
        except Stopped:
            return timedelta()
        except InboxbotError as error:
            return self._failed(error, error.waits_for)
        except Exception as error:  # noqa: BLE001  (a fault of ours: the account goes on, later)
            return self._failed(error)
        self._failures, self._waits_for = 0, ""
        return self._every

    def _failed(self, error: Exception, waits_for: str = "") -> timedelta:
        """Tell of a failure, or once that the user has to act; return when to try again."""
        self._failures += 1
        if not waits_for:
            failure(_log, "poll_failed", error, account=self._job.account)
        elif waits_for != self._waits_for:
            event(_log, "waiting", logging.WARNING, account=self._job.account, reason=waits_for)
            self._failures = 0
        self._waits_for = waits_for
        if waits_for:
            return self._later(_FIRST_GLANCE, self._every)
        return self._later(self._every, self._longest_wait)

    def _later(self, first: timedelta, longest: timedelta) -> timedelta:
        """Return twice the time after each failure, up to the longest."""
        twice: int = 2 ** min(self._failures, 10)
        return min(first * twice, longest)

    def _seam(self, _: str) -> None:
        self._expect_a_sign(timedelta())
        if self._stop.is_set():
            raise Stopped

    def _watch(self) -> None:
        """Poll as soon as the server tells of something; without a watch the schedule remains."""
        while not self._stop.is_set():
            try:
                with self._job.watch() as watcher:
                    while not self._stop.is_set():
                        if watcher.wait(_LOOK_UP_SECONDS):
                            self._news.set()
            except Exception as error:  # noqa: BLE001  (the thread goes on, whatever it is)
                # Of what waits for the user, the poll tells.
                if not getattr(error, "waits_for", ""):
                    failure(_log, "watch_failed", error, account=self._job.account)
                self._stop.wait(min(self._every.total_seconds(), threading.TIMEOUT_MAX))
