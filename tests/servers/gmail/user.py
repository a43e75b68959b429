"""The user's own hands, in the web client or on a phone: what no API call of ours has done."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from tests.servers.gmail.mail import Mail
from tests.servers.gmail.mailbox import Mailbox
from tests.servers.gmail.threads import belongs


@dataclass(frozen=True)
class User:
    """``gmail.as_user.send_draft(draft_id)``: each act returns the id of the message it leaves."""

    box: Mailbox

    # ── drafts ──────────────────────────────────────────────────────────────────────────────────

    def write_draft(self, raw: bytes) -> str:
        """Begin a draft of the user's own; return the draft's id."""
        return self.box.create_draft(Mail.of(raw), None)

    def edit_draft(
        self, draft_id: str, *, text: str | None = None, subject: str | None = None
    ) -> str:
        """Edit a draft: the draft's id stays, the message is another; a new subject, a new thread.

        github.com/taylorwilsdon/google_workspace_mcp/pull/920, measured on the web and on iOS.
        """
        stored = self.box.draft(draft_id)
        mail = stored.mail if text is None else stored.mail.with_text(text)
        mail = mail if subject is None else mail.with_field("Subject", subject)
        others = [
            one.mail
            for one in self.box.messages.values()
            if one.thread_id == stored.thread_id and one.id != stored.id
        ]
        thread_id = stored.thread_id if belongs(mail, others) else None  # alone: a new one too
        return self.box.replace_draft(draft_id, mail, thread_id).id

    def send_draft(self, draft_id: str, *, text: str | None = None) -> str:
        """Send a draft, perhaps with another text; it is dated by the clock."""
        if text is not None:
            self.edit_draft(draft_id, text=text)
        return self.box.send_draft(draft_id, date=format_datetime(self.box.clock())).id

    def delete_draft(self, draft_id: str) -> None:
        """Discard a draft: it is gone for ever."""
        self.box.destroy(self.box.draft(draft_id).id)

    def trash_draft(self, draft_id: str) -> str:
        """Throw a draft into Trash, where it stays a draft."""
        return self.box.trash(self.box.draft(draft_id).id).id

    # ── mail ────────────────────────────────────────────────────────────────────────────────────

    def receive(self, raw: bytes, labels: Sequence[str] = ("INBOX", "UNREAD")) -> str:
        """Get a mail from outside; it joins the thread that it answers."""
        return self.box.deliver(Mail.of(raw), labels).id

    def send(self, raw: bytes) -> str:
        """Write and send a mail at once."""
        return self.box.deliver(Mail.of(raw), ["SENT"]).id

    def label(self, message_id: str, *labels: str) -> str:
        """Put labels, by name or id, on a mail."""
        return self.box.relabel(message_id, add=map(self.box.labels.of, labels)).id

    def unlabel(self, message_id: str, *labels: str) -> str:
        """Take labels off a mail."""
        return self.box.relabel(message_id, remove=map(self.box.labels.of, labels)).id

    def move(self, message_id: str, label: str) -> str:
        """Move a mail from the inbox to a label."""
        return self.box.relabel(message_id, [self.box.labels.of(label)], ["INBOX"]).id

    def archive(self, message_id: str) -> str:
        """Take a mail out of the inbox."""
        return self.unlabel(message_id, "INBOX")

    def read(self, message_id: str) -> str:
        """Open a mail."""
        return self.unlabel(message_id, "UNREAD")

    def trash(self, message_id: str) -> str:
        """Move a mail to Trash."""
        return self.box.trash(message_id).id

    def delete_for_ever(self, message_id: str) -> None:
        """Delete a mail from Trash."""
        self.box.destroy(message_id)

    def create_label(self, name: str) -> str:
        """Make a label; return its id."""
        return self.box.labels.create(name).id
