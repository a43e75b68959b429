"""Request → Call, checked against Google's own discovery document; or a refusal."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from googleapiclient.discovery_cache import get_static_doc

from tests.servers.gmail import selection
from tests.servers.gmail.multipart import related
from tests.servers.gmail.wire import Refused, Request, invalid, malformed

_BITS = {"uint32": (0, 2**32 - 1), "int32": (-(2**31), 2**31 - 1)}
_LONG = re.compile(r"-?[0-9]{1,20}")
_CAMEL = re.compile(r"([A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way of a method to be called: its own path, or the path for uploads."""

    name: str  # without "gmail.users."
    verb: str
    path: re.Pattern[str]
    parameters: Mapping[str, Mapping[str, Any]]
    body: Mapping[str, Any] | None
    response: Mapping[str, Any]
    upload: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that the discovery document allows."""

    name: str
    path: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    media: bytes | None = None  # the mail itself, where it was uploaded
    selected: selection.Tree = field(default_factory=dict)


@cache
def document() -> Mapping[str, Any]:
    """Return the document that ships in the library, so that nobody's memory of it is tested."""
    found: Mapping[str, Any] = json.loads(get_static_doc("gmail", "v1"))
    return found


@cache
def methods() -> tuple[Method, ...]:
    """Return all that the document offers; paths without parameters of their own come first."""
    return tuple(sorted(_methods(document()), key=lambda method: method.path.groups))


def _methods(resource: Mapping[str, Any]) -> Iterator[Method]:
    for described in resource.get("methods", {}).values():
        yield _method(described, "/" + described["path"], upload=False)
        if upload := described.get("mediaUpload"):
            yield _method(described, upload["protocols"]["simple"]["path"], upload=True)
    for below in resource.get("resources", {}).values():
        yield from _methods(below)


def _method(described: Mapping[str, Any], path: str, *, upload: bool) -> Method:
    pattern = re.sub(r"\\{\+?(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
    return Method(
        name=described["id"].removeprefix("gmail.users."),
        verb=described["httpMethod"],
        path=re.compile(pattern),
        parameters=described.get("parameters", {}),
        body=described.get("request"),
        response=described.get("response", {}),
        upload=upload,
    )


def method_of(request: Request) -> Method | None:
    """Find the method that a request asks for."""
    asked = (
        method
        for method in methods()
        if method.verb == request.method and method.path.fullmatch(request.path)
    )
    return next(asked, None)


def read(request: Request) -> Call:
    """Check all of a request. Raise `Refused` for what the document does not allow."""
    method = method_of(request)
    if method is None:
        raise Refused(status=404, reason="notFound", message="Not Found")
    found = method.path.fullmatch(request.path)
    query = _query(request, method)
    body, media = _content(request, method, query)
    selected = selection.parse(query.pop("fields", "*"))
    selection.check(selected, method.response, _named)
    return Call(
        name=method.name,
        path=found.groupdict() if found else {},
        query={name: value for name, value in query.items() if name in method.parameters},
        body=body,
        media=media,
        selected=selected,
    )


def _query(request: Request, method: Method) -> dict[str, Any]:
    known = {**document()["parameters"], **method.parameters}
    query: dict[str, Any] = {}
    for name, text in request.query:
        described = known.get(name)
        if described is None or described["location"] != "query":
            raise malformed(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                f"parameter. Field '{name}' could not be found in request message."
            )
        value = _parameter(name, text, described)
        if described.get("repeated"):
            query.setdefault(name, []).append(value)
        elif name in query:
            raise malformed(f"Invalid value at '{_snake(name)}': given more than once", name)
        else:
            query[name] = value
    return query


def _parameter(name: str, text: str, described: Mapping[str, Any]) -> Any:
    kind, form = described["type"], described.get("format", "")
    if "enum" in described and text not in described["enum"]:
        raise _ill_typed(name, "enum", text)
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise _ill_typed(name, "bool", text)
        return text == "true"
    if kind == "integer" or form in {"uint64", "int64"}:
        if not _is_number(text, form):
            raise _ill_typed(name, form, text)
        return int(text)
    return text


def _content(
    request: Request, method: Method, query: dict[str, Any]
) -> tuple[dict[str, Any], bytes | None]:
    """Return the JSON and the mail; either may be all there is."""
    how = query.pop("uploadType", "media" if method.upload else None)
    if method.upload and how == "multipart":
        content, media = related(request)
        return _json(content, method), media
    if method.upload and how == "media":
        if not request.content_type.startswith("message/"):
            raise Refused(status=400, reason="badContent", message="Media type is not supported.")
        return {}, request.body
    if method.upload:
        raise Refused(status=501, reason="notImplemented", message="stand-in: no resumable upload")
    if request.body and method.body and request.content_type != "application/json":
        raise malformed(f"Unsupported content with type: {request.content_type}")
    return _json(request.body, method), None


def _json(content: bytes, method: Method) -> dict[str, Any]:
    if not content:
        return {}
    if method.body is None:
        raise malformed("Request body is not allowed for this method.")
    try:
        value = json.loads(content)
    except ValueError as error:
        raise malformed("Invalid JSON payload received. Unexpected token.") from error
    body: dict[str, Any] = _checked(value, method.body, "")
    return body


def _checked(value: Any, schema: Mapping[str, Any], where: str) -> Any:
    """Return a value without its nulls, which say nothing. Raise where it is not as described."""
    schema = _named(schema["$ref"]) if "$ref" in schema else schema
    match schema["type"], value:
        case "object", dict():
            return {
                name: _checked(below, _property(schema, name, where), _below(where, name))
                for name, below in value.items()
                if below is not None
            }
        case "array", list():
            items = schema["items"]
            return [_checked(one, items, f"{where}[{i}]") for i, one in enumerate(value)]
        case "string", str() | int() if schema.get("format") in {"int64", "uint64"}:
            if not isinstance(value, bool) and _is_number(str(value), schema["format"]):
                return str(value)
        case "string", str() if schema.get("format") == "byte":
            return decoded(value, where)
        case "string", str() if value in schema.get("enum", [value]):
            return value
        case "integer", int() | str() if not isinstance(value, bool):
            if _is_number(str(value), schema.get("format", "")):
                return int(value)
        case "boolean", bool():
            return value
    raise _ill_typed(where, schema.get("format", schema["type"]), value)


def _property(schema: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    if name in schema["properties"]:
        described: Mapping[str, Any] = schema["properties"][name]
        return described
    place = f" at '{where}'" if where else ""
    raise malformed(
        f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.', where
    )


def decoded(text: str, where: str = "raw") -> bytes:
    """Read base64, of either alphabet and padded or not, as Google's JSON does."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise _ill_typed(where, "bytes", text[:60]) from error


def _is_number(text: str, form: str) -> bool:
    low, high = _BITS.get(form, (-(2**63) if form == "int64" else 0, 2**64 - 1))
    return bool(_LONG.fullmatch(text)) and low <= int(text) <= high


def _named(name: str) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = document()["schemas"][name]
    return schema


def _below(where: str, name: str) -> str:
    return f"{where}.{_snake(name)}" if where else _snake(name)


def _snake(name: str) -> str:
    return _CAMEL.sub(r"_\1", name).lower()


def _ill_typed(where: str, form: str, value: object) -> Refused:
    shown = json.dumps(value)[:80]
    where = _snake(where)
    return malformed(f"Invalid value at '{where}' (TYPE_{form.upper()}), {shown}", where)


def required(call: Call, name: str) -> Any:
    """Return a query parameter that the method cannot do without."""
    if name not in call.query:
        raise invalid(f"Missing/invalid parameter: {name}")
    return call.query[name]
