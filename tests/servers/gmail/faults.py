"""What goes wrong, scripted: a queue of faults, each for the next request that it is meant for.

gmail.faults.add(server_error(503), on="drafts.create")
gmail.faults.add(Silent(after_effect=True), on="POST */drafts", skip=1)
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from tests.servers.gmail.quota import exceeded
from tests.servers.gmail.wire import Answer, Refused


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer an error; nothing happens."""

    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Give no answer, before or after the effect.

    `close` ends the connection properly: httplib2 takes it for a stale one and asks again, once,
    whatever the method. `reset` breaks it, and `hang` leaves it open until the client has enough.
    """

    after_effect: bool
    how: Literal["close", "reset", "hang"] = "close"
    seconds: float = 30


Spoilt = Literal["truncated", "empty", "cut short"]


@dataclass(frozen=True, slots=True)
class Garbled:
    """Do it, and spoil the answer: half of it, none, or half before the connection ends."""

    how: Spoilt


@dataclass(frozen=True, slots=True)
class Slow:
    """Wait, in real seconds, before anything happens."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """Let somebody else act right before or right after; the answer is as it is then."""

    act: Callable[[], object]
    after_effect: bool = False


@dataclass(frozen=True, slots=True)
class RepeatRecords:
    """Tell each history record of this page so often."""

    times: int = 2


Fault = Refuse | Silent | Garbled | Slow | Meanwhile | RepeatRecords


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queued:
    fault: Fault
    on: str
    skip: int
    times: int

    def meant_for(self, asked: str, name: str) -> bool:
        return fnmatchcase(asked, self.on) or (bool(name) and fnmatchcase(name, self.on))


@dataclass
class Faults:
    """The queue; those that have struck are kept for tests to count."""

    struck: list[tuple[Fault, str]] = field(default_factory=list)
    _queue: list[_Queued] = field(default_factory=list)

    def add(self, fault: Fault, *, on: str = "*", skip: int = 0, times: int = 1) -> None:
        """Script a fault for the next `times` requests that `on` names, after `skip` of them.

        `on` is a pattern (fnmatch) of a method of the API (`drafts.create`, `token`, `batch`) or
        of verb and path (`GET */messages/*`). In a batch each inner request is one of its own.
        """
        self._queue.append(_Queued(fault=fault, on=on, skip=skip, times=times))

    @property
    def waiting(self) -> int:
        """How many faults have not struck yet."""
        return sum(queued.times for queued in self._queue)

    def clear(self) -> None:
        """Forget those that have not struck."""
        self._queue.clear()

    def take(self, asked: str, name: str) -> Fault | None:
        """Return the fault that strikes a request: the first in the queue that is meant for it."""
        for place, queued in enumerate(self._queue):
            if not queued.meant_for(asked, name):
                continue
            if queued.skip:
                self._queue[place] = replace(queued, skip=queued.skip - 1)
                continue
            self._queue[place] = replace(queued, times=queued.times - 1)
            self._queue = [one for one in self._queue if one.times]
            self.struck.append((queued.fault, name or asked))
            return queued.fault
        return None


def too_many_requests(retry_after_seconds: int | None = None) -> Refuse:
    """429, as for too many at once."""
    return Refuse(exceeded(429, retry_after_seconds=retry_after_seconds).answer())


def rate_limited(
    reason: Literal["rateLimitExceeded", "userRateLimitExceeded"] = "rateLimitExceeded",
) -> Refuse:
    """403 that time heals (guides/handle-errors)."""
    return Refuse(exceeded(403, reason).answer())


def daily_limit() -> Refuse:
    """403 that no retry heals today."""
    return Refuse(exceeded(403, "dailyLimitExceeded").answer())


def server_error(status: Literal[500, 502, 503] = 503) -> Refuse:
    """5xx; a 502 comes from in front of the API, and is a page."""
    if status == 502:
        page = b"<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title>\n"
        return Refuse(Answer(502, page, {"Content-Type": "text/html; charset=UTF-8"}))
    reasons = {500: ("backendError", "Internal error encountered.")}
    reason, message = reasons.get(status, ("backendError", "The service is unavailable."))
    return Refuse(Refused(status=status, reason=reason, message=message).answer())


def unauthenticated() -> Refuse:
    """401, as for a bearer token that has just ended."""
    return Refuse(Refused(status=401, reason="authError", message="Invalid Credentials").answer())


def garbled(answer: Answer, how: Spoilt) -> Answer:
    """Spoil an answer; one that is cut short is not as long as its header says."""
    body = b"" if how == "empty" else answer.body[: len(answer.body) // 2]
    promised = {"Content-Length": str(len(answer.body))} if how == "cut short" else {}
    return Answer(answer.status, body, {**answer.headers, **promised})
