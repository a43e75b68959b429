"""How fast Gmail is asked: a budget of quota units for any minute, and patience after a refusal.

The budget is kept on our side, so that Google's own limit is hardly ever met; where it is met all
the same (another program may share the project), the wait grows, with jitter, up to a bound.
"""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from inboxbot.errors import InboxbotError

_WINDOW_SECONDS = 61.0  # a minute, and a second for what was long on its way
_LONGEST_SECONDS = 64.0
_ATTEMPTS = 8
_PATIENCE_SECONDS = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A clock that only goes forward, a way to wait, and chance from 0 to 1."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class Budget:
    """Quota units for any minute; a request waits until there are enough for it."""

    units_a_minute: int
    pace: Pace
    _spent: deque[tuple[float, int]] = field(default_factory=deque)  # (when, units)

    def spend(self, units: int) -> None:
        """Wait until the last minute has room for `units`, then take them."""
        while self._in_the_window() + units > self.units_a_minute and self._spent:
            self.pace.sleep(self._spent[0][0] + _WINDOW_SECONDS - self.pace.monotonic())
        self._spent.append((self.pace.monotonic(), units))

    def settle(self) -> None:
        """Date the last spending anew: Google counted it between the request and its answer."""
        _, units = self._spent.pop()
        self._spent.append((self.pace.monotonic(), units))

    def _in_the_window(self) -> int:
        start = self.pace.monotonic() - _WINDOW_SECONDS
        while self._spent and self._spent[0][0] <= start:
            self._spent.popleft()
        return sum(units for _, units in self._spent)


@dataclass(slots=True)
class Patience:
    """What is left of it for one question: so many attempts, within three minutes, one token."""

    pace: Pace
    renewed: bool = False  # a new access token was asked for
    _attempts: int = 0
    _started: float | None = None

    def wait(self, error: InboxbotError, at_least_seconds: float = 0) -> None:
        """Wait before the next attempt, longer each time. Raise `error` where patience ends."""
        now = self.pace.monotonic()
        self._started = now if self._started is None else self._started
        longest = min(_LONGEST_SECONDS, 2.0**self._attempts)
        # Half of it is chance: two that were refused at once must not come back at once.
        wait = max(at_least_seconds, longest / 2 * (1 + self.pace.chance()))
        self._attempts += 1
        if self._attempts >= _ATTEMPTS or now + wait - self._started > _PATIENCE_SECONDS:
            raise error
        self.pace.sleep(wait)
