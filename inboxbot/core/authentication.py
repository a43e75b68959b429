"""What the provider says of a mail's sender: Authentication-Results → its DMARC verdict."""

import re

from inboxbot.core.types import Message

FAIL = "fail"
_VERDICT = re.compile(r"\bdmarc\s*=\s*([a-z]+)", re.IGNORECASE)


def dmarc(message: Message, trusted_server: str) -> str:
    """Return the provider's own DMARC verdict in lower case, "" where there is none.

    Any sender can write Authentication-Results; the provider's own is the topmost with its
    authserv-id (RFC 8601 §5). Where that id is not known, the topmost of all is taken: a forged
    pass there gains nothing over no header at all, and a fail still holds the mail.
    """
    trusted = trusted_server.lower()
    for header in message.authentication:
        server = (header.split(";", 1)[0].split() or [""])[0].lower()
        trusted = trusted or server  # several headers of one server: one of them has dmarc
        found = _VERDICT.search(header) if server == trusted else None
        if found:
            return found[1].lower()
    return ""
