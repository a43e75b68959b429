"""config/senders.toml → `Senders`: who mails for employers, and who reads no answers."""

import tomllib

from inboxbot.core.guards import Senders
from inboxbot.providers import load_providers
from inboxbot.resources import CONFIG


def load_senders() -> Senders:
    """Return the shipped table; anybody may have an address at the providers that setup knows."""
    table = tomllib.loads((CONFIG / "senders.toml").read_text(encoding="utf-8"))
    anybodys = {domain for provider in load_providers() for domain in provider.domains}
    listed = {name: frozenset(values) for name, values in table.items()}
    freemail = listed["freemail"] | {domain.removeprefix("*.") for domain in anybodys}
    return Senders(**{**listed, "freemail": freemail})
