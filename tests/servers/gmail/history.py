"""What has happened to the mailbox, in order, as far back as the horizon."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.servers.gmail.wire import invalid, not_found


class Change(StrEnum):
    """What a record tells, named as `historyTypes` names it."""

    MESSAGE_ADDED = "messageAdded"
    MESSAGE_DELETED = "messageDeleted"
    LABEL_ADDED = "labelAdded"
    LABEL_REMOVED = "labelRemoved"


_FIELDS = {
    Change.MESSAGE_ADDED: "messagesAdded",
    Change.MESSAGE_DELETED: "messagesDeleted",
    Change.LABEL_ADDED: "labelsAdded",
    Change.LABEL_REMOVED: "labelsRemoved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One change of one message, and the labels that the message had after it."""

    id: int
    change: Change
    message_id: str
    thread_id: str
    labels: tuple[str, ...]
    changed: tuple[str, ...] = ()  # the labels that were added or removed

    def resource(self) -> dict[str, Any]:
        """Write the record as the API does."""
        short = {"id": self.message_id, "threadId": self.thread_id}
        entry: dict[str, Any] = {"message": {**short, "labelIds": list(self.labels)}}
        if self.changed:
            entry["labelIds"] = list(self.changed)
        return {"id": str(self.id), "messages": [short], _FIELDS[self.change]: [entry]}

    def concerns(self, label: str) -> bool:
        """Tell whether the message has, or has just lost, a label."""
        return label in self.labels or label in self.changed


@dataclass
class History:
    """Records with growing ids that leave gaps, as the reference says that Gmail's do."""

    current: int = 1000
    horizon: int = 1000  # nothing before this is remembered
    records: list[Record] = field(default_factory=list)
    repeats: int = 1  # how often a page tells each of its records

    def advance(self) -> int:
        """Let something happen that no record tells."""
        self.current += 2 + self.current % 5
        return self.current

    def note(
        self,
        change: Change,
        message_id: str,
        thread_id: str,
        labels: Sequence[str],
        changed: Sequence[str] = (),
    ) -> int:
        """Remember a change; return its id, which the message carries from now on."""
        record = Record(
            id=self.advance(),
            change=change,
            message_id=message_id,
            thread_id=thread_id,
            labels=tuple(labels),
            changed=tuple(changed),
        )
        self.records.append(record)
        return record.id

    def forget(self) -> None:
        """Move the horizon past every id that anybody has been told so far."""
        self.horizon = self.advance()

    def page(self, query: Mapping[str, Any], start: int) -> dict[str, Any]:
        """Return a page of what happened after `start`; 404 where that is not known any more.

        The page is cut first and filtered then: a page with a token and without records is
        possible, as it is at Gmail's (github.com/gauteh/lieer/issues/22).
        """
        if not self.horizon <= start <= self.current:
            raise not_found()
        after = _position(query["pageToken"]) if "pageToken" in query else start
        size = limit(query)
        rest = [record for record in self.records if record.id > after]
        told = [one.resource() for one in rest[:size] if _wanted(one, query)]
        answer: dict[str, Any] = {"historyId": str(self.current)}
        if told:
            answer["history"] = [one for one in told for _ in range(self.repeats)]
        if len(rest) > size:
            answer["nextPageToken"] = f"h{rest[size - 1].id}"
        return answer


def limit(query: Mapping[str, Any]) -> int:
    """Return the size of a page. More than 500 is refused: whether Gmail does is not known."""
    size: int = query.get("maxResults", 100)
    if not 1 <= size <= 500:
        raise invalid("Invalid maxResults: must be from 1 to 500")
    return size


def _position(token: str) -> int:
    if not (token.startswith("h") and token[1:].isdigit()):
        raise invalid("Invalid pageToken")
    return int(token[1:])


def _wanted(record: Record, query: Mapping[str, Any]) -> bool:
    kinds: Collection[str] = query.get("historyTypes", list(Change))
    label: str | None = query.get("labelId")
    return record.change in kinds and (label is None or record.concerns(label))
