"""The state of one account: messages in threads, drafts, labels, and the history of all that."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import wraps
from threading import RLock
from typing import Any, Literal, ParamSpec, TypeVar

from tests.servers.gmail.history import Change, History
from tests.servers.gmail.labels import FIXED, HIDING, SYSTEM, Labels
from tests.servers.gmail.mail import Mail
from tests.servers.gmail.search import Search
from tests.servers.gmail.stored import Stored, is_id, milliseconds
from tests.servers.gmail.threads import Threads, thread_of_asked, thread_of_delivered
from tests.servers.gmail.wire import invalid, not_found

MessageIds = Literal["kept", "rewritten", "rewritten when sent"]
_FIRST_ID = 0x19B0000000000000


Did = TypeVar("Did")
With = ParamSpec("With")


def alone(act: Callable[With, Did]) -> Callable[With, Did]:
    """Keep everybody else out of the mailbox, the method's first argument, while it changes."""

    @wraps(act)
    def guarded(*args: With.args, **kwargs: With.kwargs) -> Did:
        box: Any = args[0]
        with box.lock:
            return act(*args, **kwargs)

    return guarded


@dataclass
class Mailbox:
    """An account's mail."""

    address: str
    clock: Callable[[], datetime]
    message_ids: MessageIds = "kept"
    keeps_former_ids: bool = True  # in X-Google-Original-Message-ID
    search_lag: timedelta = timedelta(0)  # what is younger is listed, and not found by a search
    messages: dict[str, Stored] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)  # draft id → message id
    labels: Labels = field(default_factory=Labels)
    history: History = field(default_factory=History)
    attachments: dict[str, tuple[str, str]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)
    _counted: int = 0

    # ── messages ────────────────────────────────────────────────────────────────────────────────

    def get(self, message_id: str) -> Stored:
        """Return a message. Raise where the id is none, or names none."""
        if not is_id(message_id):
            raise invalid("Invalid id value")
        if message_id not in self.messages:
            raise not_found()
        return self.messages[message_id]

    def newest_first(self, search: Search) -> list[Stored]:
        """Return the messages that a search finds."""
        found = [one for one in self.messages.values() if search.finds(one.seen)]
        return sorted(found, key=lambda one: (one.received_ms, one.id), reverse=True)

    def indexed(self, stored: Stored) -> bool:
        """Tell whether a search can find a message by now."""
        return stored.kept + self.search_lag <= self.clock()

    def threads(self, wanted: Collection[str] | None = None) -> Threads:
        """Return the mails of the threads wanted, or of all."""
        threads: dict[str, list[Mail]] = defaultdict(list)
        for stored in self.messages.values():
            if wanted is None or stored.thread_id in wanted:
                threads[stored.thread_id].append(stored.mail)
        return threads

    @alone
    def insert(
        self,
        mail: Mail,
        labels: Sequence[str],
        thread_id: str | None = None,
        received: datetime | None = None,
    ) -> Stored:
        """Put a message in, as the API does: into the thread asked for, where it belongs there."""
        return self._add(mail, labels, self.thread_asked(mail, thread_id), received)

    @alone
    def deliver(self, mail: Mail, labels: Sequence[str]) -> Stored:
        """Put a message in that has come from outside: into the thread that it answers."""
        named = {
            one.thread_id for one in self.messages.values() if one.mail.message_id in mail.answered
        }
        return self._add(mail, labels, thread_of_delivered(mail, self.threads(named)))

    @alone
    def relabel(
        self, message_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Stored:
        """Change labels; what is so already is no change, and not told."""
        stored = self.get(message_id)
        added = tuple(label for label in dict.fromkeys(add) if label not in stored.labels)
        removed = tuple(label for label in dict.fromkeys(remove) if label in stored.labels)
        for change, changed in ((Change.LABEL_ADDED, added), (Change.LABEL_REMOVED, removed)):
            if changed:
                stored = self._relabelled(stored, change, changed)
        return stored

    def trash(self, message_id: str) -> Stored:
        """Move a message to Trash; a draft stays a draft there."""
        return self.relabel(message_id, ["TRASH"], ["INBOX", "SPAM"])

    @alone
    def destroy(self, message_id: str) -> None:
        """Delete a message for ever, and the draft that held it."""
        gone = self.messages.pop(self.get(message_id).id)
        self.drafts = {key: held for key, held in self.drafts.items() if held != message_id}
        self.history.note(Change.MESSAGE_DELETED, gone.id, gone.thread_id, gone.labels)

    def allowed(self, stored: Stored, add: Sequence[str], remove: Sequence[str]) -> None:
        """Refuse a change of labels that Gmail does not make for the API.

        A draft has no label but DRAFT (guides/drafts); it can be in Trash all the same.
        """
        for label in (*add, *remove):
            if label in FIXED or label not in self.labels.by_id:
                raise invalid(f"Invalid label: {label}")
            if "DRAFT" in stored.labels and label not in HIDING:
                raise invalid(f"Invalid label: {label}")

    # ── drafts ──────────────────────────────────────────────────────────────────────────────────

    def draft(self, draft_id: str) -> Stored:
        """Return the message that a draft holds now."""
        if draft_id not in self.drafts:
            raise not_found()
        return self.messages[self.drafts[draft_id]]

    def draft_of(self, message_id: str) -> str:
        """Return the id of the draft that holds a message."""
        held = {message: draft for draft, message in self.drafts.items()}
        if message_id not in held:
            raise not_found()
        return held[message_id]

    @alone
    def create_draft(self, mail: Mail, thread_id: str | None) -> str:
        """Keep a new draft; return its id."""
        thread = self.thread_asked(mail, thread_id)
        stored = self._add(self._saved(mail), ["DRAFT"], thread)
        self._counted += 1
        draft_id = f"r{7_000_000_000_000_000_000 + self._counted}"
        self.drafts[draft_id] = stored.id
        return draft_id

    @alone
    def replace_draft(self, draft_id: str, mail: Mail, thread_id: str | None) -> Stored:
        """Replace the message of a draft: a new id, and the thread that it belongs to now."""
        old = self.draft(draft_id)
        thread = self.thread_asked(mail, thread_id)
        self.destroy(old.id)
        stored = self._add(self._saved(mail), ["DRAFT"], thread)
        self.drafts[draft_id] = stored.id
        return stored

    @alone
    def send_draft(self, draft_id: str, date: str) -> Stored:
        """Let the user send a draft: it vanishes, and a new message with SENT takes its place."""
        draft = self.draft(draft_id)
        mail = draft.mail.with_field("Date", date)
        if self.message_ids == "rewritten when sent":
            mail = self._renamed(mail)
        self.destroy(draft.id)
        return self._add(mail, ["SENT"], draft.thread_id)

    # ── within ──────────────────────────────────────────────────────────────────────────────────

    def thread_asked(self, mail: Mail, thread_id: str | None) -> str | None:
        """Return the thread asked for, if the mail belongs there. Raise where it is none."""
        if thread_id is None:
            return None
        if not is_id(thread_id):
            raise invalid("Invalid thread_id value")
        threads = self.threads({thread_id})
        if thread_id not in threads:
            raise not_found()
        return thread_of_asked(mail, thread_id, threads)

    def _saved(self, mail: Mail) -> Mail:
        return self._renamed(mail) if self.message_ids == "rewritten" else mail

    def _renamed(self, mail: Mail) -> Mail:
        self._counted += 1
        own = f"<CA+standin{self._counted:06d}=xyz@mail.gmail.com>"
        return mail.with_message_id(own, keep_former=self.keeps_former_ids)

    def _add(
        self,
        mail: Mail,
        labels: Sequence[str],
        thread_id: str | None,
        received: datetime | None = None,
    ) -> Stored:
        self._counted += 1
        message_id = f"{_FIRST_ID + self._counted * 0x1003:016x}"
        stored = Stored(
            id=message_id,
            thread_id=thread_id or message_id,
            mail=mail,
            labels=_in_order(labels),
            received_ms=milliseconds(received or self.clock()),
            kept=self.clock(),
            history_id=0,
        )
        return self._noted(stored, Change.MESSAGE_ADDED)

    def _relabelled(self, stored: Stored, change: Change, changed: Sequence[str]) -> Stored:
        kept = (label for label in stored.labels if label not in changed)
        labels = (*kept, *(changed if change is Change.LABEL_ADDED else ()))
        return self._noted(replace(stored, labels=_in_order(labels)), change, changed)

    def _noted(self, stored: Stored, change: Change, changed: Sequence[str] = ()) -> Stored:
        number = self.history.note(change, stored.id, stored.thread_id, stored.labels, changed)
        self.messages[stored.id] = replace(stored, history_id=number)
        return self.messages[stored.id]


def _in_order(labels: Iterable[str]) -> tuple[str, ...]:
    """Put the user's labels first: an order of our own, as Gmail promises none."""
    return tuple(sorted(dict.fromkeys(labels), key=lambda label: (label in SYSTEM, label)))
