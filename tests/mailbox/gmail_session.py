"""Gmail's stand-in under a clock that only waiting moves, and sessions of the adapter at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from inboxbot.mailbox.gmail import GmailAccount, Limits, Pace, open_gmail
from inboxbot.ports import Mailbox
from tests.mailbox.gmail_bench import account_of
from tests.servers.gmail.quota import UNITS_SINCE_MAY_2026
from tests.servers.gmail.stand_in import GmailStandIn

QUICK = Limits(connect_seconds=5, command_seconds=0.4)


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)

    def seconds(self) -> float:
        return self.now.timestamp()

    @property
    def pace(self) -> Pace:
        """Return a way to wait that takes no time."""
        return Pace(
            monotonic=self.seconds,
            sleep=lambda seconds: self.pass_(seconds=seconds),
            chance=lambda: 0.5,
        )


def stand_in(clock: Clock, **how: Any) -> GmailStandIn:
    """Return an account with the prices of a new project."""
    return GmailStandIn(clock=clock, units=UNITS_SINCE_MAY_2026, **how)


@contextmanager
def session(
    gmail: GmailStandIn, clock: Clock, *, limits: Limits = QUICK, **changes: Any
) -> Iterator[Mailbox]:
    """Open the account as the daemon does."""
    account: GmailAccount = replace(account_of(gmail), **changes)
    with open_gmail(account, now=clock, limits=limits, pace=clock.pace) as mailbox:
        yield mailbox
