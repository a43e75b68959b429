"""multipart/related → JSON and mail; multipart/mixed → requests, and answers → multipart/mixed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from http import HTTPStatus
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.servers.gmail.wire import Answer, Request, malformed

BATCH_PATHS = ("/batch/gmail/v1", "/batch")
MOST_CALLS = 100  # developers.google.com/workspace/gmail/api/guides/batch
_BOUNDARY = "batch_stand_in"
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


def request_to(method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    """Read a request line's target, absolute or not."""
    url = urlsplit(target)
    return Request(
        method=method,
        path=unquote(url.path),
        query=tuple(parse_qsl(url.query, keep_blank_values=True)),
        headers=headers,
        body=body,
    )


def related(request: Request) -> tuple[bytes, bytes]:
    """Return the two parts of an upload: what is said of the mail, and the mail itself."""
    parts = _parts(request)
    if len(parts) != 2:
        raise malformed("Multipart must have two parts.")
    return parts[0].content, parts[1].content


def calls_of(request: Request) -> list[tuple[str, Request]]:
    """Return the requests of a batch, each with its Content-ID."""
    parts = _parts(request)
    if len(parts) > MOST_CALLS:
        raise malformed(f"The batch request has more than {MOST_CALLS} calls.")
    return [(part.headers.get("Content-ID", ""), _call(part, request)) for part in parts]


def mixed(answers: Sequence[tuple[str, Answer]]) -> Answer:
    """Join the answers to a batch, each under the Content-ID of what it answers."""
    lines = [_answer(identity, answer) for identity, answer in answers]
    body = b"".join(lines) + f"--{_BOUNDARY}--\r\n".encode()
    return Answer(200, body, {"Content-Type": f"multipart/mixed; boundary={_BOUNDARY}"})


def _answer(identity: str, answer: Answer) -> bytes:
    inner = {**answer.headers, "Content-Length": str(len(answer.body))}
    head = [
        f"--{_BOUNDARY}",
        "Content-Type: application/http",
        f"Content-ID: <response-{identity.strip().removeprefix('<')}",
        "",
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        *(f"{name}: {value}" for name, value in inner.items()),
        "",
        "",
    ]
    return "\r\n".join(head).encode() + answer.body + b"\r\n"


def _call(part: "Part", outer: Request) -> Request:
    line, _, rest = part.content.lstrip().partition(b"\n")
    try:
        method, target, _ = line.decode("ascii").split()
    except ValueError as error:
        raise malformed("Failed to parse a part of the batch request.") from error
    inner = Part.read(rest)
    headers = {name.lower(): value for name, value in inner.headers.items()}
    # The outer request speaks for those that name no token of their own (guides/batch).
    headers.setdefault("authorization", outer.headers.get("authorization", ""))
    return request_to(method, target, headers, inner.content.strip(b"\r\n"))


@dataclass(frozen=True, slots=True)
class Part:
    """A part with its content byte for byte: the parser of `email` would lay an inner mail anew."""

    headers: Mapping[str, str]
    content: bytes

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Split what stands before the first empty line from what stands behind it."""
        head, _, content = _EMPTY_LINE.sub(b"\0", b"\n" + data, count=1).partition(b"\0")
        message = message_from_bytes(head.lstrip(b"\r\n") + b"\n\n")
        return cls({name: str(value) for name, value in message.items()}, content)


def _parts(request: Request) -> list[Part]:
    head = Message()
    head["Content-Type"] = request.headers.get("content-type", "")
    boundary = head.get_boundary()
    if not boundary:
        raise malformed("Failed to parse a multipart request.")
    line = rb"\r?\n--" + re.escape(boundary.encode()) + rb"(?:--)?[ \t]*(?=\r?\n|\Z)"
    pieces = re.split(line, b"\n" + request.body)[1:-1]
    return [Part.read(re.sub(rb"\A\r?\n", b"", piece)) for piece in pieces]
