"""What the steps of setup need besides the answers: places, settings, a clock, a bar."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from inboxbot.settings import Places, Settings

Progress = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
"""What is being done → a bar, told (done, still to come)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Given once, for a whole setup."""

    places: Places
    settings: Settings  # without an account, where there are none yet
    clock: Callable[[], datetime]
    progress: Progress
    preview: bool = True
