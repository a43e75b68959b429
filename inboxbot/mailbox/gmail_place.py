"""Where a message lies at Gmail: under a label, by its id; a draft by the draft's id as well."""

import re
from dataclasses import dataclass
from typing import Self

from inboxbot.core.types import Locator

_LOCATOR = re.compile(r"([^/\s]{1,100})/([0-9a-f]{1,16})(?:/([A-Za-z0-9_-]{1,64}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """One message under one label, which is what a folder is here.

    A message under two labels has two places. That of a draft is void once the user has edited it:
    the draft's id stays, the message is another.
    """

    label: str
    message: str
    draft: str = ""

    @classmethod
    def of(cls, locator: Locator) -> Self | None:
        """Return the parts of a locator; None for one that another kind of mailbox made."""
        found = _LOCATOR.fullmatch(locator)
        return cls(found[1], found[2], found[3] or "") if found else None

    @property
    def locator(self) -> Locator:
        """Return the locator."""
        return Locator("/".join(filter(None, (self.label, self.message, self.draft))))
