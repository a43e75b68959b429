"""What each method costs, what a minute allows, and the account of what was spent."""

import math
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tests.servers.gmail.wire import Refused

# developers.google.com/gmail/api/reference/quota, the table of projects from before May 2026,
# which have 15,000 units a minute and user.
UNITS: Mapping[str, int] = {
    "getProfile": 1,
    "drafts.create": 10,
    "drafts.delete": 10,
    "drafts.get": 5,
    "drafts.list": 5,
    "drafts.update": 15,
    "history.list": 2,
    "labels.create": 5,
    "labels.get": 1,
    "labels.list": 1,
    "messages.attachments.get": 5,
    "messages.batchModify": 50,
    "messages.get": 5,
    "messages.insert": 25,
    "messages.list": 5,
    "messages.modify": 5,
    "messages.trash": 5,
    "messages.untrash": 5,
}
# Projects since May 2026: 6,000 units a minute and user, and dearer reading. What is known of it:
# developer.nylas.com/docs/cookbook/email/gmail-api-quotas, github.com/withcoral/coral/pull/1082.
UNITS_SINCE_MAY_2026: Mapping[str, int] = {**UNITS, "messages.get": 20}
PER_MINUTE = 6_000
_MINUTE = timedelta(minutes=1)


@dataclass
class Quota:
    """A budget for any sixty seconds; n requests in a batch cost what n requests cost."""

    clock: Callable[[], datetime]
    per_minute: int = PER_MINUTE
    units: Mapping[str, int] = field(default_factory=lambda: UNITS)
    refuses_with: Literal[429, 403] = 429
    calls: Counter[str] = field(default_factory=Counter)  # by method, the refused ones left out
    spent: int = 0
    refused: int = 0
    _recent: deque[tuple[datetime, int]] = field(default_factory=deque)

    def spend(self, method: str) -> None:
        """Charge a call. Raise where the minute's budget does not allow it: that costs nothing."""
        cost = self.units[method]
        now = self.clock()
        while self._recent and self._recent[0][0] <= now - _MINUTE:
            self._recent.popleft()
        if sum(units for _, units in self._recent) + cost > self.per_minute:
            raise self._refusal(now)
        self._recent.append((now, cost))
        self.calls[method] += 1
        self.spent += cost

    def _refusal(self, now: datetime) -> Refused:
        """Every other time, say how long to wait: Gmail's word for it cannot be relied on."""
        self.refused += 1
        wait = self._recent[0][0] + _MINUTE - now if self._recent else _MINUTE
        seconds = math.ceil(wait.total_seconds()) if self.refused % 2 else None
        return exceeded(self.refuses_with, retry_after_seconds=seconds)


def exceeded(
    status: Literal[429, 403],
    reason: str = "rateLimitExceeded",
    retry_after_seconds: int | None = None,
) -> Refused:
    """Refuse for a limit, in the words of github.com/mxngls/gmail-cleaner/issues/5."""
    quota = (
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of "
        "service 'gmail.googleapis.com' for consumer 'project_number:1'."
    )
    exhausted = "Resource has been exhausted (e.g. check quota)."
    return Refused(
        status=status,
        reason=reason,
        message=exhausted if status == 429 else quota,
        domain="global" if status == 429 else "usageLimits",
        retry_after_seconds=retry_after_seconds,
    )
