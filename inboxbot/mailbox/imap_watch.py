"""An IMAP account → a `MailWatcher`: the server tells of new mail by IDLE (RFC 2177).

A server without IDLE cannot tell: opening raises MailboxError, and the schedule does alone.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from inboxbot.errors import MailboxError
from inboxbot.mailbox.folders import INBOX
from inboxbot.mailbox.imap_account import ImapAccount
from inboxbot.mailbox.imap_gateway import ImapGateway
from inboxbot.mailbox.imap_transport import ConnectionLost, Limits
from inboxbot.ports import MailWatcher

_IDLE_SECONDS = 9 * 60.0  # RFC 2177 says 29 minutes; Gmail and many a router drop at about 10
_GLANCE_SECONDS = 30.0  # how soon after a suspend it is noticed
_SUSPENDED_SECONDS = 20.0  # more than any clock adjustment of a running machine
_SETTLED_SECONDS = 30.0  # a connection that ends sooner is no accident

Clock = Callable[[], float]


@contextmanager
def watch_imap(
    account: ImapAccount,
    *,
    limits: Limits | None = None,
    monotonic: Clock = time.monotonic,
    wall: Clock = time.time,
) -> Iterator[MailWatcher]:
    """Watch the inbox of an account.

    Raises MailboxError where the server cannot tell of new mail (no IDLE), or cannot be reached.
    """
    with ImapGateway(account, limits or Limits()) as gateway:
        if not gateway.can("IDLE"):
            raise MailboxError(
                f"{account.place} cannot tell of new mail (no IDLE): the schedule looks for it"
            )
        yield ImapWatcher(gateway, monotonic, wall)


class ImapWatcher:
    """One session that waits. Between two calls of `wait` the server goes on telling."""

    def __init__(self, gateway: ImapGateway, monotonic: Clock, wall: Clock) -> None:
        self._gateway = gateway
        self._monotonic = monotonic
        self._wall = wall
        self._asleep = self._lag()
        self._news = False
        self._idling_since: float | None = None
        self._connected_at = monotonic()
        self._gateway.examine(INBOX)

    def wait(self, seconds: float) -> bool:
        """Block until new mail is likely or the time is over.

        New mail is likely when the server tells of it, after this machine was suspended, and after
        a connection that ended and could be opened again. Raises MailboxError where it could not.
        """
        try:
            return self._wait_until(self._monotonic() + seconds)
        except ConnectionLost:
            if self._monotonic() - self._connected_at < _SETTLED_SECONDS:
                raise
            self._reconnect()
            return True

    def _wait_until(self, end: float) -> bool:
        while not self._was_suspended():
            self._keep_idling()
            left = end - self._monotonic()
            if self._take_news():
                return True
            if left <= 0:
                return False
            self._news |= self._gateway.news_within(min(left, _GLANCE_SECONDS))
        return True

    def _keep_idling(self) -> None:
        """Begin IDLE, and begin it anew before somebody on the way forgets the connection."""
        now = self._monotonic()
        if self._idling_since is not None and now - self._idling_since < _IDLE_SECONDS:
            return
        if self._idling_since is not None:
            self._idling_since = None
            self._news |= self._gateway.idle_done()
        self._news |= self._gateway.idle()
        self._idling_since = now

    def _take_news(self) -> bool:
        news, self._news = self._news, False
        return news

    def _was_suspended(self) -> bool:
        """Return whether the wall clock ran on while the monotonic one stood."""
        before, self._asleep = self._asleep, self._lag()
        return abs(self._asleep - before) > _SUSPENDED_SECONDS

    def _lag(self) -> float:
        return self._wall() - self._monotonic()

    def _reconnect(self) -> None:
        self._idling_since = None
        self._news = False
        self._gateway.reconnect()
        self._gateway.examine(INBOX)
        self._connected_at = self._monotonic()
