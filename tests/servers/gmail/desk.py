"""Where a request goes, whichever way it came, alone or in a batch.

Request → log → never /send → fault? → token → discovery document → quota → method → Answer
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.gmail import discovery, methods, selection
from tests.servers.gmail.faults import (
    Faults,
    Garbled,
    Meanwhile,
    Refuse,
    RepeatRecords,
    Silent,
    Slow,
    garbled,
)
from tests.servers.gmail.mailbox import Mailbox
from tests.servers.gmail.multipart import BATCH_PATHS, calls_of, mixed
from tests.servers.gmail.oauth import PATH as TOKEN_PATH
from tests.servers.gmail.oauth import OAuth
from tests.servers.gmail.quota import Quota
from tests.servers.gmail.wire import Answer, Asked, CutOff, Refused, Request, not_found


@dataclass
class Desk:
    """Answers requests; raises `CutOff` where the connection is to end without an answer."""

    box: Mailbox
    oauth: OAuth
    quota: Quota
    faults: Faults
    pause: Callable[[float], object]
    asked: list[Asked] = field(default_factory=list)
    forbidden: list[Asked] = field(default_factory=list)
    crashes: list[Exception] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        """Answer a request, and note it in the log whatever becomes of it."""
        name = _name(request)
        status = 0
        try:
            answer = self._answered(request, name)
            status = answer.status
        finally:
            self._note(request, name, status)
        return answer

    def _note(self, request: Request, name: str, status: int) -> None:
        asked = Asked(
            method=request.method,
            path=request.path,
            query=request.query,
            name=name,
            status=status,
        )
        self.asked.append(asked)
        if _sends(request):
            self.forbidden.append(asked)

    def _answered(self, request: Request, name: str) -> Answer:
        try:
            if _sends(request):
                message = "stand-in: nothing may be sent"
                raise Refused(status=403, reason="forbidden", message=message)
            return self._with_fault(request, name)
        except Refused as refused:
            return refused.answer()
        except CutOff:
            raise
        except Exception as error:  # noqa: BLE001 -- raised again when the stand-in is left
            self.crashes.append(error)
            message = f"the stand-in failed: {error!r}"
            return Refused(status=500, reason="backendError", message=message).answer()

    def _with_fault(self, request: Request, name: str) -> Answer:
        with self.box.lock:
            fault = self.faults.take(f"{request.method} {request.path}", name)
        match fault:
            case None:
                return self._performed(request)
            case Refuse(answer):
                return answer
            case Slow(seconds):
                self.pause(seconds)
                return self._performed(request)
            case Garbled(how):
                return garbled(self._performed(request), how)
            case Silent():
                if fault.after_effect:
                    self._performed(request)
                raise CutOff(fault.how, fault.seconds)
            case Meanwhile():
                return self._performed_meanwhile(request, fault)
            case RepeatRecords(times):
                return self._performed_repeating(request, times)

    def _performed_meanwhile(self, request: Request, meanwhile: Meanwhile) -> Answer:
        if not meanwhile.after_effect:
            meanwhile.act()
        try:
            return self._performed(request)
        finally:
            if meanwhile.after_effect:
                meanwhile.act()

    def _performed_repeating(self, request: Request, times: int) -> Answer:
        with self.box.lock:
            self.box.history.repeats = times
            try:
                return self._performed(request)
            finally:
                self.box.history.repeats = 1

    def _performed(self, request: Request) -> Answer:
        if request.path == TOKEN_PATH and request.method == "POST":
            return self.oauth.answer(request)
        if request.path in BATCH_PATHS and request.method == "POST":
            return self._batch(request)
        self.oauth.check(request)
        call = discovery.read(request)
        if call.name == "messages.import":
            raise not_found()
        if call.name not in methods.OFFERED:
            message = f"stand-in: {call.name} is not modelled"
            raise Refused(status=501, reason="notImplemented", message=message)
        with self.box.lock:
            self.quota.spend(call.name)
            done = methods.perform(self.box, call)
        return Answer(204) if done is None else Answer.json(selection.select(done, call.selected))

    def _batch(self, request: Request) -> Answer:
        self.oauth.check(request)
        answers = []
        for identity, inner in calls_of(request):
            answers.append((identity, self.answer(inner)))
        return mixed(answers)


def _name(request: Request) -> str:
    if request.path == TOKEN_PATH:
        return "token"
    if request.path in BATCH_PATHS:
        return "batch"
    method = discovery.method_of(request)
    return method.name if method else ""


def _sends(request: Request) -> bool:
    """Tell whether a path would send; also one that Google does not know."""
    return request.path.rstrip("/").lower().endswith("/send")
