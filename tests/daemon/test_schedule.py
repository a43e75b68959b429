"""The daemon polls at once, at a push and on schedule; a failing account harms only itself."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from inboxbot.daemon import schedule
from inboxbot.daemon.schedule import Job, Stopped, run_forever
from inboxbot.errors import KeyringLocked, MailboxError, TokenDead
from inboxbot.ports import MailWatcher

LONG = timedelta(hours=1)


class Pushed:
    """A watcher that a test pushes."""

    def __init__(self) -> None:
        self.push = threading.Event()
        self.closed = False

    @contextmanager
    def __call__(self) -> Iterator[MailWatcher]:
        yield self
        self.closed = True

    def wait(self, seconds: float) -> bool:
        pushed = self.push.wait(min(seconds, 0.05))
        self.push.clear()
        return pushed


class Counted:
    """A poll that counts, and fails where it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.times: list[float] = []
        self.fails = fails

    def __call__(self, seam: Callable[[str], None]) -> None:
        self.times.append(time.monotonic())
        if self.fails:
            raise MailboxError("the server does not answer")
        seam("here")


@contextmanager
def running(*jobs: Job, every: timedelta = LONG) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run_forever, args=(jobs, every, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
        assert not thread.is_alive(), "a stop is clean and soon"


def eventually(probe: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not probe():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_first_poll_is_now_and_a_push_brings_the_next():
    poll, watch = Counted(), Pushed()
    with running(Job(account="home", poll=poll, watch=watch)):
        eventually(lambda: len(poll.times) == 1)
        watch.push.set()
        eventually(lambda: len(poll.times) == 2)


def test_a_push_while_a_poll_goes_on_brings_the_next_one():
    """That poll may have looked into the folder before the mail came."""
    poll, watch = Counted(), Pushed()
    inside, go_on = threading.Event(), threading.Event()

    def slow(seam: Callable[[str], None]) -> None:
        poll(seam)
        inside.set()
        go_on.wait(5)

    with running(Job(account="home", poll=slow, watch=watch)):
        assert inside.wait(5)
        watch.push.set()
        eventually(lambda: not watch.push.is_set())
        go_on.set()
        eventually(lambda: len(poll.times) == 2)


@pytest.mark.threat("D26")
def test_no_clock_that_somebody_may_set_decides_when_to_poll():
    source = Path(schedule.__file__).read_text(encoding="utf-8")
    assert "monotonic()" in source
    assert not re.search(r"\.now\(|time\.time\(|today\(", source)


def test_without_a_push_the_schedule_polls():
    poll = Counted()
    job = Job(account="home", poll=poll, watch=Pushed())
    with running(job, every=timedelta(seconds=0.2)):
        eventually(lambda: len(poll.times) >= 3)


def test_a_failing_account_waits_longer_and_longer_and_the_other_goes_on():
    bad, good = Counted(fails=True), Counted()
    jobs = [
        Job(account="bad", poll=bad, watch=Pushed()),
        Job(account="good", poll=good, watch=Pushed()),
    ]
    with running(*jobs, every=timedelta(seconds=0.2)):
        eventually(lambda: len(good.times) >= 8)
    assert 2 <= len(bad.times) <= 4
    gaps = [after - before for before, after in zip(bad.times, bad.times[1:], strict=False)]
    assert gaps[0] >= 0.35, "twice the interval after the first failure"


def test_an_account_that_waits_for_its_user_says_so_once_and_looks_again_soon(caplog):
    class Locked(Counted):
        def __call__(self, seam: Callable[[str], None]) -> None:
            super().__call__(seam)
            if len(self.times) < 4:
                raise KeyringLocked

    poll = Locked()
    with running(Job(account="home", poll=poll, watch=Pushed()), every=timedelta(seconds=0.2)):
        eventually(lambda: len(poll.times) >= 5)
    told = [text for text in caplog.messages if "account=home" in text]
    assert told == ["waiting account=home reason=keyring"]
    assert poll.times[4] - poll.times[0] < 2, "each wait would be twice the last after a failure"


def test_a_watch_that_waits_for_the_user_leaves_the_word_to_the_poll(caplog):
    @contextmanager
    def dead() -> Iterator[MailWatcher]:
        raise TokenDead("home", "it has ended")
        yield

    poll = Counted()
    with running(Job(account="home", poll=poll, watch=dead), every=timedelta(seconds=0.1)):
        eventually(lambda: len(poll.times) >= 3)
    assert "watch_failed" not in caplog.text


def test_a_watch_that_fails_leaves_the_schedule_running():
    @contextmanager
    def broken() -> Iterator[MailWatcher]:
        raise MailboxError("no IDLE here")
        yield

    poll = Counted()
    with running(Job(account="home", poll=poll, watch=broken), every=timedelta(seconds=0.2)):
        eventually(lambda: len(poll.times) >= 3)


@pytest.mark.threat("D15")
def test_a_fault_of_ours_is_told_without_its_words_and_the_account_goes_on(caplog, capfd):
    class Faulty(Counted):
        def __call__(self, seam: Callable[[str], None]) -> None:
            super().__call__(seam)
            raise KeyError("canary-subject")

    @contextmanager
    def faulty() -> Iterator[MailWatcher]:
        raise ValueError("canary-address")
        yield

    poll, good = Faulty(), Counted()
    jobs = [
        Job(account="bad", poll=poll, watch=faulty),
        Job(account="good", poll=good, watch=Pushed()),
    ]
    with running(*jobs, every=timedelta(seconds=0.1)):
        eventually(lambda: len(poll.times) >= 3)
    assert len(good.times) >= 3
    told = "".join(capfd.readouterr()) + caplog.text
    assert "canary" not in told
    assert re.search(r"poll_failed error=KeyError@\S+ account=bad", told)
    assert re.search(r"watch_failed error=ValueError@\S+ account=bad", told)


def test_polls_of_one_account_never_overlap():
    at_once = []
    inside = threading.Semaphore(1)

    def slow(seam: Callable[[str], None]) -> None:
        at_once.append(inside.acquire(blocking=False))
        time.sleep(0.15)
        inside.release()

    watch = Pushed()
    with running(Job(account="home", poll=slow, watch=watch), every=timedelta(seconds=0.05)):
        for _ in range(5):
            watch.push.set()
            time.sleep(0.05)
        eventually(lambda: len(at_once) >= 3)
    assert all(at_once)


def test_a_stop_reaches_a_long_poll_at_its_next_seam():
    reached = threading.Event()
    stopped = threading.Event()

    def endless(seam: Callable[[str], None]) -> None:
        reached.set()
        try:
            while True:
                time.sleep(0.01)
                seam("between two mails")
        except Stopped:
            stopped.set()
            raise

    with running(Job(account="home", poll=endless, watch=Pushed())):
        assert reached.wait(5)
    assert stopped.is_set()


_HANGS = """
import time
from datetime import timedelta
from inboxbot.daemon.schedule import Job, run_forever

def hang(seam):
    print("polls", flush=True)
    time.sleep(60)

def no_watch():
    time.sleep(60)

run_forever([Job(account="home", poll=hang, watch=no_watch)], timedelta(hours=1))
"""


def test_a_second_signal_ends_what_hangs():
    with subprocess.Popen([sys.executable, "-c", _HANGS], stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout
        assert daemon.stdout.readline() == b"polls\n"
        daemon.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            daemon.wait(0.5)
        daemon.terminate()
        assert daemon.wait(5) == -signal.SIGTERM
