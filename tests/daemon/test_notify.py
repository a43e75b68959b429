"""systemd is told when the daemon is ready, that it lives, and that it stops; others nothing."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from inboxbot.daemon import schedule
from inboxbot.daemon.notify import notify, watchdog_seconds
from inboxbot.daemon.schedule import Job, run_forever
from tests.daemon.test_schedule import Counted, Pushed, eventually


class Manager:
    """The socket of a service manager."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)
        self.told: list[str] = []

    def hear(self) -> list[str]:
        """Return all that has been told."""
        while True:
            try:
                self.told += self._socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return self.told

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    found = Manager(str(tmp_path / "notify"))
    yield found
    found.close()


@contextmanager
def running(poll: Callable[[Callable[[str], None]], None]) -> Iterator[None]:
    stop = threading.Event()
    job = Job(account="home", poll=poll, watch=Pushed())
    thread = threading.Thread(target=run_forever, args=([job], timedelta(hours=1), stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def test_the_manager_hears_ready_then_that_it_lives_then_that_it_stops(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WATCHDOG_USEC", "40000")
    with running(Counted()):
        eventually(lambda: manager.hear().count("WATCHDOG=1") >= 3)
    assert manager.hear()[:2] == ["READY=1", "STATUS=accounts watched: 1"]
    assert manager.hear()[-1] == "STOPPING=1"


def test_a_poll_that_hangs_is_no_sign_of_life(manager: Manager, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WATCHDOG_USEC", "40000")
    monkeypatch.setattr(schedule, "_LONGEST_SILENCE", timedelta(seconds=0.2))
    hangs, over = threading.Event(), threading.Event()

    def hang(seam: Callable[[str], None]) -> None:
        seam("before")
        hangs.set()
        over.wait(10)

    with running(hang):
        assert hangs.wait(5)
        time.sleep(0.3)
        manager.hear().clear()
        time.sleep(0.2)
        assert manager.hear() == []
        over.set()
        eventually(lambda: "WATCHDOG=1" in manager.hear())


def test_without_a_watchdog_nothing_is_told_in_between(manager: Manager):
    poll = Counted()
    with running(poll):
        eventually(lambda: len(poll.times) == 1)
    assert [line.partition("=")[0] for line in manager.hear()] == ["READY", "STATUS", "STOPPING"]


def test_a_manager_in_the_abstract_namespace_is_told(monkeypatch: pytest.MonkeyPatch):
    name = f"inboxbot-test-{os.getpid()}"
    monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
    manager = Manager(f"\0{name}")
    notify("READY=1")
    assert manager.hear() == ["READY=1"]
    manager.close()


def test_a_manager_that_is_gone_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify("READY=1")


@pytest.mark.parametrize(
    ("told", "pid", "seconds"),
    [
        ("10000000", None, 5.0), ("10000000", "1", None),
        pytest.param("10000000", str(os.getpid()), 5.0, id="this process"),
        ("", None, None), ("0", None, None), ("soon", None, None),
    ],
)  # fmt: skip
def test_a_sign_is_due_in_half_the_time_and_only_from_the_process_that_is_meant(
    told: str, pid: str | None, seconds: float | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WATCHDOG_USEC", told)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    if pid is not None:
        monkeypatch.setenv("WATCHDOG_PID", pid)
    assert watchdog_seconds() == seconds
