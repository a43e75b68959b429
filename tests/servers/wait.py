"""Probe → its first truthy answer, within one deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

_PAUSE_SECONDS = 0.005


def wait_for(probe: Callable[[], Answer | None], *, seconds: float, what: str) -> Answer:
    """Return the first truthy answer of the probe.

    Raises TimeoutError, saying what was awaited, when the seconds are over.
    """
    deadline = time.monotonic() + seconds
    while not (answer := probe()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(_PAUSE_SECONDS)
    return answer
