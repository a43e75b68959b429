"""What holds for every test: no network beyond loopback, no skip on CI, a share of campaigns."""

import ipaddress
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import keyring.backend
import keyring.core
import pytest

pytest_plugins = ["tests.servers.fixtures"]

CI = os.environ.get("CI") == "true"
CAMPAIGN = bool(os.environ.get("CAMPAIGN"))
BY_HAND = bool(os.environ.get("BY_HAND"))
SHARED = Path(__file__).parents[2] / "shared"
NOON = 12

# Commands that run by the clock on the wall write no draft in quiet hours: it is noon here.
os.environ["TZ"] = f"Etc/GMT{datetime.now(UTC).hour - NOON:+d}"
time.tzset()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not BY_HAND:
        # Not skipped: on CI, which lacks what they need, a skip is a failure.
        left_out = [item for item in items if "by_hand" in item.keywords]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if CI or CAMPAIGN or BY_HAND:
        return
    wait = pytest.mark.skip(reason="part of a long campaign: make campaign, or CI=true")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(wait)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """On CI everything is installed: a skip there is a failure."""
    outcome = yield
    report = outcome.get_result()
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped on CI, where nothing may be missing: {report.longrepr}"


@pytest.fixture(scope="session")
def share() -> Callable[[int, int], int]:
    """Choose how much of a campaign runs: (every day and on CI, as a whole)."""
    return lambda bounded, whole: whole if CAMPAIGN else bounded


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with mail of other people that lies beside the checkout of a developer."""
    if not (SHARED / "hostile").is_dir():
        pytest.skip(f"{SHARED} is not there: it is for developers, not part of the project")
    return SHARED


@pytest.fixture(autouse=True)
def _keyring_of_its_own() -> Iterator[None]:
    """Let no test find the keyring that another one has chosen, or seen, in this process."""
    yield
    keyring.core._keyring_backend = None
    with suppress(KeyError):  # nobody has looked
        keyring.backend.get_all_keyring.reset()


@pytest.fixture(autouse=True)
def _loopback_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every look-up beyond this machine (THREATS D7, D25)."""
    connect = socket.socket.connect
    look_up = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])  # type: ignore[index]
            if not _is_loopback(host):
                raise AssertionError(f"a test connects to {host}")
        connect(self, address)  # type: ignore[arg-type]

    def guarded_look_up(host: object, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name not in {"localhost", "None", ""} and not _is_loopback(name):
            raise AssertionError(f"a test looks up {name}")
        return look_up(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
