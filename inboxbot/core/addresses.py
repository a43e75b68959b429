"""A field of addresses → frozen addresses: RFC 5322 §3.4, groups, comments, malformed ones."""

import re
from collections.abc import Iterator

from inboxbot.core.headers import decode_words
from inboxbot.core.text import clean
from inboxbot.core.types import Address

MOST = 100
_LONGEST_FIELD = 16 * 1024
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3
_LONGEST_SURNAME = 4  # words
_MOST_WORDS = 50  # in the name of one mailbox
_LONGEST_SEARCHED = 2_000

_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*+)"?'
    r"|<(?P<angle>[^<>]*+)>?"
    r"|(?P<encoded>=\?[^?\s]{1,80}+\?[bBqQ]\?[^?\s]*+\?=)"  # may hold what is special elsewhere
    r"|(?P<special>[,;:()])"
    r'|(?P<word>[^\s",;:()<]++)'
    r"|\s++"
)
_ESCAPED = re.compile(r"\\(.)")
_ADDRESS = re.compile(
    r"""[^\s@<>()\[\],;:"'\\\x00-\x20\x7f-\x9f](?:[^\s@<>()\[\],;:"\\\x00-\x20\x7f-\x9f]){0,127}"""
    r"""@[^\s@<>()\[\],;:"'\\\x00-\x20\x7f-\x9f/]{1,253}"""
)
IN_TEXT = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""An address as people write one into a text, without the odd forms that a field may hold."""
_QUOTED_LOCAL = re.compile(r'"([^"\\\s]{1,64})"@')


def addresses(value: str, limit: int = MOST) -> tuple[Address, ...]:
    """Return the addresses of one field in order, each once; what is no address is left out."""
    found: dict[str, Address] = {}
    for address in _mailboxes(value[:_LONGEST_FIELD]):
        found.setdefault(address.addr, address)
        if len(found) == limit:
            break
    if not found and (stray := _ADDRESS.search(value, 0, _LONGEST_SEARCHED)):
        found = {addr: Address(addr) for addr in filter(None, [bare(stray[0])])}
    return tuple(found.values())


def bare(value: str) -> str | None:
    """Return an addr-spec in lower case; None where it is none that mail could be sent to."""
    spec = _QUOTED_LOCAL.sub(r"\1@", value.rpartition(":")[2].strip().strip("'"))
    spec = spec.removesuffix(".").lower()
    if len(spec) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(spec):
        return None
    return spec if clean(spec, _LONGEST_ADDRESS) == spec else None  # nothing invisible in it


class _Mailbox:
    """The mailbox being read: the words before its address, the address, the comments."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def add(self, word: str) -> None:
        """Take one more word of the phrase, as far as a phrase can be long."""
        if word.startswith("@") and self.words:  # "jane doe"@acme.example
            self.words[-1] += word
        elif len(self.words) < _MOST_WORDS:
            self.words.append(word)

    def finished(self) -> Address | None:
        """Return the address as far as it is one."""
        if self.angle is not None:
            addr = bare(self.angle)
            name = " ".join(self.words)
        else:
            addr = next(filter(None, (bare(word) for word in reversed(self.words))), None)
            name = " ".join(word for word in self.words if bare(word) != addr)
        if addr is None:
            return None
        return Address(addr, _name(name) or _name(" ".join(self.comments)))


def _name(words: str) -> str:
    return clean(decode_words(words), _LONGEST_NAME).strip("'\" ")


def _mailboxes(value: str) -> Iterator[Address]:
    current, depth = _Mailbox(), 0
    for token in _TOKEN.finditer(value):
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if text == "(" and kind == "special":
            depth += 1
        elif text == ")" and kind == "special":
            depth = max(0, depth - 1)
        elif depth and kind is not None:
            # A comment never closed must not swallow the address.
            _in_comment(current, kind, text)
        elif kind == "special":
            yield from _yielded(current)
            current = _after(current, text)
        elif kind == "angle":
            if current.angle is not None:  # the comma between two is missing
                yield from _yielded(current)
                current = _Mailbox()
            current.angle = text
        elif kind == "quoted":
            current.add(_ESCAPED.sub(r"\1", text))
        elif kind is not None:
            current.add(text)
    yield from _yielded(current)


def _in_comment(current: _Mailbox, kind: str, text: str) -> None:
    if kind == "angle" and current.angle is None and not any(map(bare, current.words)):
        current.angle = text
    elif kind != "special" and len(current.comments) < _MOST_WORDS:
        current.comments.append(text)


def _yielded(mailbox: _Mailbox) -> Iterator[Address]:
    address = mailbox.finished()
    if address is not None:
        yield address


def _after(previous: _Mailbox, special: str) -> _Mailbox:
    """Return what to read on with: `Doe, Jane <j@acme.example>` has lost its quotation marks."""
    following = _Mailbox()
    words = previous.words
    surname = 0 < len(words) <= _LONGEST_SURNAME and "@" not in "".join(words)
    if special == "," and previous.angle is None and surname:
        following.words = [*words[:-1], f"{words[-1]},"]
    return following
