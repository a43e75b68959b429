"""What crosses the wire: a request heard, an answer given, a refusal in Google's own words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

JSON = "application/json; charset=UTF-8"
_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it was heard; the path is decoded, header names are in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """The media type alone."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; what it is made of does not depend on how it travels."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: object, status: int = 200, **headers: str) -> Self:
        """Write a value."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(status, body, {"Content-Type": JSON, **headers})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A line of the wire log; ``name`` is the API's method (``drafts.create``), where it is one."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    name: str
    status: int  # 0: no answer was given


@dataclass(eq=False, kw_only=True)
class Refused(Exception):
    """A request that is answered with an error."""

    status: int
    reason: str
    message: str
    domain: str = "global"
    violations: Sequence[Mapping[str, str]] = ()
    retry_after_seconds: int | None = None

    def answer(self) -> Answer:
        """Write the error in the shape of Google's APIs, old (``errors``) and new (``status``)."""
        item = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.status == 401:
            item |= {"location": "Authorization", "locationType": "header"}
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [item]}
        if name := _NAMES.get(self.status):
            error["status"] = name
        if self.violations:
            kind = "type.googleapis.com/google.rpc.BadRequest"
            error["details"] = [{"@type": kind, "fieldViolations": list(self.violations)}]
        return Answer.json({"error": error}, self.status, **self._headers())

    def _headers(self) -> dict[str, str]:
        headers = {}
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/"'
        if self.retry_after_seconds is not None:
            headers["Retry-After"] = str(self.retry_after_seconds)
        return headers


class CutOff(Exception):
    """The connection ends without an answer: closed, reset, or left hanging for the seconds."""

    def __init__(self, how: Literal["close", "reset", "hang"], seconds: float) -> None:
        super().__init__(how)
        self.how = how
        self.seconds = seconds


def invalid(message: str) -> Refused:
    """Refuse a request that is well formed and means nothing."""
    return Refused(status=400, reason="invalidArgument", message=message)


def malformed(message: str, field_: str = "") -> Refused:
    """Refuse a request that is not of the form that the discovery document gives."""
    violation = {"field": field_, "description": message} if field_ else {"description": message}
    return Refused(status=400, reason="badRequest", message=message, violations=[violation])


def not_found() -> Refused:
    """Refuse what names something that is not there."""
    return Refused(status=404, reason="notFound", message="Requested entity was not found.")
