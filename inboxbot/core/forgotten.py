"""What was forgotten: of each erased mail and draft a salted hash of its key, and no more."""

import hashlib
from dataclasses import dataclass

from inboxbot.core.types import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The hashes of one account; without them a forgotten mail would be asked about once more."""

    salt: str = ""
    hashes: frozenset[str] = frozenset()

    def holds(self, key: Key) -> bool:
        """Tell whether the mail or draft of this key was forgotten."""
        return hash_of(key, self.salt) in self.hashes


def hash_of(key: Key, salt: str) -> str:
    """Return what is left of a key."""
    return hashlib.sha256(f"{salt}\0{key}".encode()).hexdigest()
