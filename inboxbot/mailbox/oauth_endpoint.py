"""One question to a provider's token endpoint → its answer: small, soon, and from nobody else.

What is posted here is a code or a refresh token: it goes to one host, once, by TLS, or to a
stand-in on this machine.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import SplitResult, urlencode, urlsplit

from inboxbot.errors import NotSecure
from inboxbot.mailbox.http_wire import HttpWire
from inboxbot.mailbox.imap_advice import shown
from inboxbot.mailbox.imap_transport import Limits, tls_context

LIMITS = Limits(connect_seconds=20, command_seconds=20, command_octets=1 << 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an endpoint answered, in the names that msal wants."""

    status_code: int
    headers: Mapping[str, str]
    text: str = field(repr=False)


def ask(
    method: str,
    url: str,
    form: Mapping[str, str],
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Answer:
    """Ask once. Raise `Unreachable`, and `NotSecure` where others could read what is asked."""
    parts = urlsplit(url)
    body = urlencode(form).encode() if form else None
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    sent = {**headers, **kind, "Accept-Encoding": "identity", "User-Agent": "inboxbot"}
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    with closing(_wire_to(parts)) as wire:
        response, content = wire.exchange(method, target, body, sent)
    return Answer(
        status_code=response.status,
        headers=dict(response.getheaders()),
        text=content.decode("utf-8", "replace"),
    )


def _wire_to(url: SplitResult) -> HttpWire:
    host = url.hostname or ""
    if url.scheme == "https":
        context = tls_context(None)
        return HttpWire(host, url.port or 443, context=context, limits=LIMITS)
    if host == "127.0.0.1":
        return HttpWire(host, url.port or 80, context=None, limits=LIMITS)
    raise NotSecure(f"{shown(host)}: others could read what is asked there; nothing was")
