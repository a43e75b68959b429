"""``fields=messages(id,threadId),nextPageToken`` → a tree → the part of an answer that it names."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.servers.gmail.wire import Refused

Tree = dict[str, Any]
_TOKENS = re.compile(r"[A-Za-z0-9_*]+|[(),/]")


def parse(text: str) -> Tree:
    """Read a selection; an empty tree selects everything below it."""
    tokens = _TOKENS.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        raise _bad(text)
    tree = _selection(tokens, text)
    if tokens:
        raise _bad(text)
    return tree


def _selection(tokens: list[str], text: str) -> Tree:
    tree: Tree = {}
    while True:
        _path(tokens, tree, text)
        if not tokens or tokens[0] != ",":
            return tree
        tokens.pop(0)


def _path(tokens: list[str], tree: Tree, text: str) -> None:
    if not tokens or tokens[0] in "(),/":
        raise _bad(text)
    below = tree.setdefault(tokens.pop(0), {})
    if tokens and tokens[0] == "/":
        tokens.pop(0)
        _path(tokens, below, text)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        below |= _selection(tokens, text)
        if not tokens or tokens.pop(0) != ")":
            raise _bad(text)


def check(tree: Tree, schema: Mapping[str, Any], named: Callable[[str], Mapping[str, Any]]) -> None:
    """Refuse a selection of what the schema does not have."""
    while "$ref" in schema or "items" in schema:
        schema = named(schema["$ref"]) if "$ref" in schema else schema["items"]
    known = schema.get("properties", {})
    for name, below in tree.items():
        if name == "*":
            continue
        if name not in known:
            raise _bad(name)
        check(below, known[name], named)


def select(value: Any, tree: Tree) -> Any:
    """Return the part of a value that the tree names."""
    if not tree:
        return value
    if isinstance(value, list):
        return [select(one, tree) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: select(below, tree[name] if name in tree else tree["*"])
        for name, below in value.items()
        if name in tree or "*" in tree
    }


def _bad(text: str) -> Refused:
    message = f"Invalid field selection {text}"
    return Refused(status=400, reason="invalidParameter", message=message)
