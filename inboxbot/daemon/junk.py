"""Mail of known employers that lies in Junk: headers alone, to be listed and never drafted about.

journal → employers, and whose domains are theirs
Junk    → newest headers | the provider vouches for From | From is an employer's → listed
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from inboxbot.core.authentication import FAIL, dmarc
from inboxbot.core.guards import Senders, is_relay, registrable, under
from inboxbot.core.history import Entry, normal_employer
from inboxbot.core.summary.values import JunkMail
from inboxbot.core.types import PART_OF_AN_APPLICATION, Address, Message, Reading
from inboxbot.daemon.context import Context
from inboxbot.errors import MailboxError
from inboxbot.logs import failure
from inboxbot.ports import Part

_log = logging.getLogger(__name__)
_MOST = 500  # headers
_MOST_WORDS = 12  # of a display name
_SHORTEST_NAME = 3  # letters: in a display name, fewer stand for too many things


def mail_in_junk(context: Context, since: datetime) -> tuple[JunkMail, ...]:
    """Return the mail of employers of known applications that came into Junk since then.

    Junk is where forgeries lie: only where the provider's own DMARC verdict (`authserv_id`) is
    pass is a mail said to be an employer's. A Junk that cannot be read holds nothing.
    """
    trusted = context.owner.trusted_server
    employers = _Employers(context.senders)
    for entry in context.journal.history(context.account).entries:
        if dmarc(entry.message, trusted) != FAIL:
            employers.learn(entry)
    try:
        messages = tuple(_messages(context, since)) if trusted else ()
    except MailboxError as error:
        failure(_log, "junk_unread", error, account=context.account)
        return ()
    return tuple(
        JunkMail(sender=message.from_[0].addr, subject=message.subject, employer=name)
        for message in messages
        if dmarc(message, trusted) == "pass" and (name := employers.of(message.from_)) is not None
    )


def _messages(context: Context, since: datetime) -> Iterator[Message]:
    folder = context.mailbox.folders().junk
    if folder is None:
        return
    parts = context.mailbox.slices(folder, None, since)
    newest = [locator for part in parts for locator in part.locators][-_MOST:]
    heads = list(context.mailbox.fetch(newest, Part.HEADERS))
    for head in context.reader.read(heads):
        if isinstance(head, Reading):
            yield head.message


@dataclass(frozen=True, slots=True)
class _Employers:
    """The employers of known applications, by their domains and by their names."""

    senders: Senders
    by_house: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, str] = field(default_factory=dict)

    def learn(self, entry: Entry) -> None:
        """Take in what a mail tells of its employer; a vendor's domain is nobody's."""
        facts = entry.reading.facts
        name = normal_employer(facts.employer)
        if entry.own or not name or entry.reading.verdict.label not in PART_OF_AN_APPLICATION:
            return
        self.by_name[name] = facts.employer or ""
        contact = (facts.contact,) if facts.contact else ()
        for address in (*entry.message.from_, *entry.message.reply_to, *contact):
            shared = under(address.domain, self.senders.freemail)
            if not shared and not is_relay(address, self.senders):
                self.by_house[registrable(address.domain)].add(name)

    def of(self, authors: tuple[Address, ...]) -> str | None:
        """Return whose mail it is: "" for an agency of several employers, None for nobody's."""
        if len(authors) != 1:  # a trait of forgeries
            return None
        if is_relay(authors[0], self.senders):
            return next(self._named_in(authors[0].name), None)
        names = self.by_house.get(registrable(authors[0].domain))
        if not names:
            return None
        return self.by_name[min(names)] if len(names) == 1 else ""

    def _named_in(self, display: str) -> Iterator[str]:
        """Yield the employers that a vendor's display name carries: "Acme Hiring via Lever"."""
        words = re.findall(r"[^\W_]+", display)[:_MOST_WORDS]
        for start, end in combinations(range(len(words) + 1), 2):
            name = normal_employer(" ".join(words[start:end]))
            if len(name) >= _SHORTEST_NAME and name in self.by_name:
                yield self.by_name[name]
