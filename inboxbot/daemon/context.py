"""All that one poll of one account needs, made by `app` and handed down; there are no globals."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Protocol

from inboxbot.core.compose import Templates
from inboxbot.core.contact import Owner
from inboxbot.core.correction import Lessons, Personal
from inboxbot.core.guards import Senders
from inboxbot.core.policy import Policy, Thresholds
from inboxbot.core.types import RawMail, Reading, Unreadable
from inboxbot.journal.store import Hold, Journal
from inboxbot.ports import Mailbox
from inboxbot.settings import SummarySettings


class ReadsMail(Protocol):
    """The bounded reader process, or what stands in for it."""

    def read(self, mails: Sequence[RawMail]) -> Iterator[Reading | Unreadable]:
        """Yield one reading, or the reason why there is none, for each mail in turn."""
        ...

    def learn(self, lessons: Lessons) -> Personal | None:
        """Return the personal correction that these lessons make; None where learning fails."""
        ...

    def use(self, personal: Personal | None) -> None:
        """Judge by this personal correction from the next mail on; by none where it is None."""
        ...


def _nothing(_: str) -> None:
    """Do nothing: the seam of a program that nobody interrupts."""


def _silent(_done: int, _remaining: int) -> None:
    """Show nothing: progress of a program that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One account, now."""

    account: str
    owner: Owner
    folders: tuple[str, ...]  # watched
    policy: Policy
    thresholds: Thresholds
    senders: Senders
    templates: Mapping[str, Templates]
    signature: str
    summary: SummarySettings
    zone: tzinfo
    clock: Callable[[], datetime]
    since: datetime  # how far a first look goes back
    mailbox: Mailbox
    journal: Journal
    hold: Hold
    reader: ReadsMail
    model: str  # the SHA-256 of what the reader judges with
    level: str = ""  # of the user's roles, as the settings say
    corrections: bool = False  # the user has agreed to folders for them
    seam: Callable[[str], None] = field(default=_nothing)  # crash tests interrupt here
    progress: Callable[[int, int], None] = field(default=_silent)  # (done, remaining)
    sleep: Callable[[float], None] = field(default=time.sleep)  # seconds
