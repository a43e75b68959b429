"""Where the archive lies, and what of it counts: it is read, and decided about, like the inbox.

A mail that a filter or its reader archives is mail like any other. But an archive also holds what
was put there long after it came, letters of the user's own, and, at Gmail, everything else.
"""

from dataclasses import dataclass
from datetime import datetime

from inboxbot.core.contact import Owner
from inboxbot.core.history import Entry, History
from inboxbot.core.types import Reading
from inboxbot.daemon.context import Context
from inboxbot.ports import Folders


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The archive of one mailbox, as one poll sees it."""

    folders: tuple[str, ...]
    holds_all: bool  # INBOX, Sent and Drafts as well: Gmail's All Mail
    since: datetime  # what came before is no news: it was there to be read then

    def passes_over(self, reading: Reading, history: History, owner: Owner) -> bool:
        """Tell whether a mail that is not known yet says nothing because of where it lies."""
        message = reading.message
        if reading.folder not in self.folders or history.holds(message.key):
            return False
        if message.received < self.since or history.forgotten.holds(message.key):
            return True
        # Sent tells of his letters. Here a draft, even ours, is not told from one that was sent:
        # Gmail may not report \Draft.
        return self.holds_all and self.is_letter(reading, owner)

    def is_letter(self, reading: Reading, owner: Owner) -> bool:
        """Tell whether a mail of the archive is one that the user wrote."""
        author = reading.message.author
        return reading.folder in self.folders and author is not None and owner.is_me(author)

    def leaves_in_place(self, known: Entry, found: Reading) -> bool:
        """Tell whether a known mail that was found again stays where it is noted to lie.

        From All Mail nothing is moved away, but into Trash and Spam.
        """
        from_archive = known.reading.folder in self.folders and found.folder not in self.folders
        return self.holds_all and from_archive


def archive_of(found: Folders, context: Context) -> Archive:
    """Return the archive. It is read as far back as a first look goes, or to the last poll."""
    names = (*((found.archive,) if found.archive else ()), *found.archive_years)
    last = context.journal.note(context.account, "last_poll")
    since = min(context.since, datetime.fromisoformat(last)) if last else context.since
    return Archive(folders=names, holds_all=found.archive_is_all, since=since)
