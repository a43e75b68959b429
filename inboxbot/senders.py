"""config/senders.toml → `Senders`: who mails for employers, and who reads no answers."""

import tomllib

from inboxbot.core.guards import Senders
from inboxbot.resources import CONFIG


def load_senders() -> Senders:
    """Return the shipped table."""
    table = tomllib.loads((CONFIG / "senders.toml").read_text(encoding="utf-8"))
    return Senders(**{name: frozenset(values) for name, values in table.items()})
