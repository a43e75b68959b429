"""Gmail's REST API on loopback: the composition root, and what tests hold in their hands.

with GmailStandIn() as gmail:
    rejection = gmail.as_user.receive(raw)
    service = gmail.service()               # Google's own client library
    service.users().drafts().create(userId="me", body=…).execute()
    assert gmail.forbidden == []
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Event
from types import TracebackType
from typing import Any, Self

from google.oauth2.credentials import Credentials

from tests.servers.gmail import client
from tests.servers.gmail.desk import Desk
from tests.servers.gmail.faults import Faults
from tests.servers.gmail.mailbox import Mailbox, MessageIds
from tests.servers.gmail.oauth import PATH as TOKEN_PATH
from tests.servers.gmail.oauth import OAuth
from tests.servers.gmail.quota import PER_MINUTE, UNITS, Quota
from tests.servers.gmail.server import Server
from tests.servers.gmail.user import User
from tests.servers.gmail.wire import Asked


def wall_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


class GmailStandIn:
    """One account at Gmail, as long as it is entered."""

    def __init__(
        self,
        *,
        address: str = "alice@gmail.com",
        clock: Callable[[], datetime] = wall_clock,
        message_ids: MessageIds = "kept",
        keeps_former_ids: bool = True,
        search_lag: timedelta = timedelta(0),
        per_minute: int = PER_MINUTE,
        units: Mapping[str, int] = UNITS,
    ) -> None:
        self.address = address
        self.box = Mailbox(address, clock, message_ids, keeps_former_ids, search_lag)
        self.history = self.box.history
        self.as_user = User(self.box)
        self.oauth = OAuth(clock)
        self.quota = Quota(clock, per_minute, units)
        self.faults = Faults()
        self._stopping = Event()
        pause = self._stopping.wait
        self._desk = Desk(self.box, self.oauth, self.quota, self.faults, pause)

    def __enter__(self) -> Self:
        self._server = Server(self._desk, self._stopping)
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
        if error is None and self._desk.crashes:
            raise self._desk.crashes[0]

    @property
    def url(self) -> str:
        """Where the API is: what `client_options={"api_endpoint": …}` wants."""
        return f"http://127.0.0.1:{self._server.port}/"

    @property
    def token_url(self) -> str:
        """Where tokens are."""
        return self.url.rstrip("/") + TOKEN_PATH

    @property
    def asked(self) -> list[Asked]:
        """Every request with its status, those within a batch before the batch."""
        return self._desk.asked

    @property
    def wire(self) -> list[tuple[str, str]]:
        """Every request as (method, path)."""
        return [(one.method, one.path) for one in self.asked]

    @property
    def forbidden(self) -> list[Asked]:
        """The requests that would have sent something."""
        return self._desk.forbidden

    def credentials(self, token: str | None = None) -> Credentials:
        """Return what a user who has agreed holds: a fresh access token, or the one given."""
        return client.credentials(self.oauth, self.token_url, token or self.oauth.issue())

    def http(self, *, timeout_seconds: float = 5) -> client.ToStandIn:
        """Return a transport that takes every call to Google here, and none anywhere else."""
        return client.ToStandIn(self.url, timeout_seconds)

    def service(self, *, timeout_seconds: float = 5) -> Any:
        """Return Google's client library; the caller closes it (it is a context manager)."""
        http = self.http(timeout_seconds=timeout_seconds)
        return client.service(self.credentials(), http)
