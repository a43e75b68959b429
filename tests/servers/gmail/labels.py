"""The labels of a mailbox: Gmail's own, whose ids are their names, and the user's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.servers.gmail.wire import Refused, invalid, not_found

SYSTEM = (
    "INBOX SENT DRAFT TRASH SPAM UNREAD STARRED IMPORTANT CHAT CATEGORY_PERSONAL CATEGORY_SOCIAL "
    "CATEGORY_PROMOTIONS CATEGORY_UPDATES CATEGORY_FORUMS"
).split()
FIXED = frozenset({"DRAFT", "SENT", "CHAT"})  # given and taken by Gmail alone
HIDING = frozenset({"TRASH", "SPAM"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label; a name with ``/`` is nested by its name alone."""

    id: str
    name: str
    shown: Mapping[str, str] = field(default_factory=dict)

    def resource(self) -> dict[str, Any]:
        """Write the label as `labels.list` does."""
        kind = "system" if self.id in SYSTEM else "user"
        return {"id": self.id, "name": self.name, "type": kind, **self.shown}


@dataclass
class Labels:
    """All labels by id."""

    by_id: dict[str, Label] = field(
        default_factory=lambda: {name: Label(id=name, name=name) for name in SYSTEM}
    )
    made: int = 0

    def create(self, name: str, shown: Mapping[str, str] | None = None) -> Label:
        """Make a label of the user's. Names are compared without regard to case."""
        if not name.strip() or name.upper() in SYSTEM:
            raise invalid("Invalid label name")
        if any(label.name.lower() == name.lower() for label in self.by_id.values()):
            message = "Label name exists or conflicts"
            raise Refused(status=409, reason="aborted", message=message)
        self.made += 1
        defaults = {"messageListVisibility": "show", "labelListVisibility": "labelShow"}
        label = Label(id=f"Label_{self.made}", name=name, shown={**defaults, **(shown or {})})
        self.by_id[label.id] = label
        return label

    def get(self, label_id: str) -> Label:
        """Return a label by its id."""
        if label_id not in self.by_id:
            raise not_found()
        return self.by_id[label_id]

    def of(self, name_or_id: str) -> str:
        """Return an id for what a person would say."""
        names = {label.name: label.id for label in self.by_id.values()}
        return names[name_or_id] if name_or_id in names else self.get(name_or_id).id

    def searched(self, word: str) -> str | None:
        """Return the id for a word of a search, where blanks and ``/`` are written ``-``."""
        words = {_word(label.name): label.id for label in self.by_id.values()}
        return words.get(_word(word))


def _word(name: str) -> str:
    return name.lower().replace("/", "-").replace(" ", "-")
