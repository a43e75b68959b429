"""A mailbox as it is → what inboxbot would make of it, and the folders worth watching.

    INBOX   | headers, the newest first | text of what may be about an application  |
    Sent    | text                                                                  | judged in
    others  | headers, a few | text of some that may be | filled? all, as the inbox | context → rows
    Junk    | headers, a few | text of what may be an employer's of these rows → listed

For `setup`, before anything is agreed to: it reads, changes nothing in the mailbox, writes nothing.
"""

import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Self

from inboxbot.core.authentication import FAIL, dmarc
from inboxbot.core.contact import Owner
from inboxbot.core.guards import Senders, is_relay, registrable, under
from inboxbot.core.history import normal_employer, stripped
from inboxbot.core.plan import Decision
from inboxbot.core.types import PART_OF_AN_APPLICATION, Address, Key, Label, Locator, Reading, Trait
from inboxbot.errors import MailboxError
from inboxbot.ports import Folders, MailReader, Part
from inboxbot.scan import Row, Scan

_MAILS = 5000  # of a watched folder
_SENT = 1000
_SENDERS = 3  # addresses of the user's own that are asked about
_HEADERS = 300  # of another folder, and of Junk
_TEXTS = 30  # of those, the likely ones
_ENOUGH = 2  # mails about an application: a filter puts them there
_FOLDERS = 60
_AT_ONCE = 100
# Bulk mail whose header says so surely that it is about no job is not fetched: a newsletter is many
# times its header. Measured: it spares 568 of 761 bulk mails about no job; if all 505 real
# rejections, confirmations and invitations were bulk, it would cost 12. Vendors' mail is fetched.
_SURELY_NO_JOB = 0.99
_BULK = frozenset({Trait.BULK, Trait.LIST, Trait.AUTO_SUBMITTED})
# Gmail's own folders of mail that lies elsewhere, too: Important, Starred.
_GMAILS_OWN = ("[Gmail]/", "[Google Mail]/")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A folder that is worth watching, and why."""

    name: str
    recruiting: int  # mails about an application of the user's
    of: int  # mails that were looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What was found. A row is one of `scan`: its path is the locator, and it has a `folder`."""

    rows: tuple[Row, ...]  # recruiting mail of the inbox and the proposed folders, oldest first
    read: int  # mails of these folders that were looked at
    folders: tuple[Proposed, ...]  # INBOX first, then the fullest first
    junk: tuple[Row, ...] = ()  # mail in Junk from employers of `rows`: to be listed, no more
    senders: tuple[str, ...] = ()  # addresses that Sent is from and nobody named, likeliest first
    unreadable: int = 0
    left: int = 0  # the oldest mails of that time, over the bounds, not looked at
    unseen: int = 0  # folders over the bounds, not looked at


def preview(
    mailbox: MailReader,
    scan: Scan,
    owner: Owner,
    *,
    since: datetime,
    progress: Callable[[int, int], None] = lambda _done, _remaining: None,
    seconds: float = 90,
    clock: Callable[[], float] = time.monotonic,
) -> Preview:
    """Look at the mail that came since then, the newest first, for `seconds` at most.

    `scan` is what judging needs besides the mail. `progress` gets how many headers and texts were
    read, and how many are still to come, as far as known. Raise `MailboxError` where the mailbox
    fails, `ModelError` where nothing can be read at all.
    """
    found, start = mailbox.folders(), clock()
    look = _Look(mailbox, scan, owner, since, progress, clock)
    look.until(start + seconds * 0.7).take(found.inbox)
    look.until(start + seconds * 0.8).take_sent(found.sent)
    unseen = look.until(start + seconds * 0.9).take_filled(_others(found, scan.senders))
    rows = tuple(look.rows())
    junk = tuple(look.until(start + seconds).junk(found.junk, rows))
    progress(look.done, 0)
    return Preview(
        rows=rows,
        read=sum(look.watched.values()),
        folders=_proposed(found.inbox, look.watched, rows),
        junk=junk,
        senders=tuple(address for address, _ in look.senders.most_common(_SENDERS)),
        unreadable=look.unreadable,
        left=look.left,
        unseen=unseen,
    )


def _others(found: Folders, senders: Senders) -> list[str]:
    """Return the folders that filters may fill, first those that are named after jobs."""
    apart = (found.drafts, found.sent, found.trash, found.junk, found.archive)
    below = tuple(f"{name}{sign}" for name in apart if name for sign in "/.")
    names = [name for name in found.others if not name.startswith((*_GMAILS_OWN, *below))]
    return sorted(names, key=lambda name: _words(name).isdisjoint(senders.shared_words))


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", name.casefold()))


def _proposed(inbox: str, watched: Counter[str], rows: Sequence[Row]) -> tuple[Proposed, ...]:
    about = Counter(row["folder"] for row in rows if row["label"] in PART_OF_AN_APPLICATION)
    folders = [Proposed(name, about[name], of) for name, of in watched.items()]
    return tuple(sorted(folders, key=lambda one: (one.name != inbox, -one.recruiting)))


@dataclass(slots=True)
class _Look:
    """One look at a mailbox: what was read so far, and for how long it may go on."""

    mailbox: MailReader
    scan: Scan
    owner: Owner
    since: datetime
    progress: Callable[[int, int], None]
    clock: Callable[[], float]
    ends: float = 0  # by the clock
    mails: dict[Key, Reading] = field(default_factory=dict)  # without bodies, each mail once
    watched: Counter[str] = field(default_factory=Counter)  # mails by folder
    senders: Counter[str] = field(default_factory=Counter)  # of mail in Sent, but for the owner's
    unreadable: int = 0
    left: int = 0
    headers: int = 0  # read
    done: int = 0  # headers and texts read
    expected: int = 0  # to be read, as far as known

    def until(self, ends: float) -> Self:
        """Set when what follows has to end."""
        self.ends = ends
        return self

    def take(self, folder: str) -> None:
        """Look through a folder's newest mails: it is watched from now on."""
        newest, older = self._newest(folder, _MAILS)
        before = self.headers
        self._keep(self._likely(newest))
        self.watched[folder] = self.headers - before
        self.left += older + len(newest) - self.watched[folder]

    def take_sent(self, sent: str | None) -> None:
        """Read the user's own letters: they are part of applications."""
        if sent is not None:
            newest, _ = self._newest(sent, _SENT)
            letters = [one for some in self._in_time(newest) for one in self._readings(some)]
            self._keep(letters)
            authors = (one.message.author for one in letters if not self._is_own(one))
            self.senders.update(author.addr.lower() for author in authors if author)

    def take_filled(self, folders: Sequence[str]) -> int:
        """Read the folders that hold mail about applications; return how many were not seen."""
        heads: dict[str, Sequence[Locator]] = {}
        for folder in folders[:_FOLDERS]:
            with suppress(MailboxError):  # what cannot be opened cannot be watched
                heads[folder], _ = self._newest(folder, _HEADERS)
        unseen = len(folders) - len(heads)
        for folder, head in heads.items():
            unseen += self.clock() >= self.ends
            if self._is_filled(head):
                self.take(folder)
        return unseen

    def rows(self) -> Iterator[Row]:
        """Yield the rows of recruiting mail in the watched folders."""
        named = {reading.locator: reading for reading in self.mails.values()}
        for row in self.scan.in_context(named.items(), self.owner):
            reading = named[row["path"]]
            recruiting = row["label"] != Label.NOT_JOB or row["decision"] != Decision.LEAVE
            if recruiting and reading.folder in self.watched and not self._is_own(reading):
                yield {**row, "folder": reading.folder}

    def junk(self, junk: str | None, rows: Sequence[Row]) -> Iterator[Row]:
        """Yield the rows of mail in Junk that comes from an employer of these rows."""
        known = _Employers.of(rows, self.owner, self.scan.senders)
        if junk is None or not rows:
            return
        newest, _ = self._newest(junk, _HEADERS)
        headers = (
            one for some in self._in_time(newest) for one in self._readings(some, Part.HEADERS)
        )
        likely = [one.locator for one in headers if known.may_have_sent(one)]
        found = [(one.locator, one) for one in self._readings(likely[:_TEXTS]) if known.sent(one)]
        for row in self.scan.in_context(found, self.owner):
            yield {**row, "folder": junk}

    def _keep(self, readings: Iterable[Reading]) -> None:
        for reading in readings:
            # A label of Gmail's is another folder with the same mail.
            self.mails.setdefault(reading.message.key, reading)

    def _is_filled(self, head: Sequence[Locator]) -> bool:
        some = islice(self._likely(head), _TEXTS)
        about = (one for one in some if one.verdict.label in PART_OF_AN_APPLICATION)
        return len(list(islice(about, _ENOUGH))) == _ENOUGH

    def _likely(self, mails: Sequence[Locator]) -> Iterator[Reading]:
        """Yield the readings of mails that may be about an application, until time is over."""
        for some in self._in_time(mails):
            headers = self._readings(some, Part.HEADERS)
            likely = [one.locator for one in headers if self._may_be(one)]
            self.expected += len(likely)
            yield from self._readings(likely)

    def _may_be(self, header: Reading) -> bool:
        """Tell whether a mail may be about an application, by its header; not one read before."""
        author = header.message.author
        if author is None or self._is_own(header) or header.message.key in self.mails:
            return False
        sure = header.verdict.probabilities[Label.NOT_JOB] > _SURELY_NO_JOB
        is_bulk = not header.message.traits.isdisjoint(_BULK)
        return not (sure and is_bulk) or is_relay(author, self.scan.senders)

    def _is_own(self, reading: Reading) -> bool:
        author = reading.message.author
        return author is not None and self.owner.is_me(author)

    def _in_time(self, mails: Sequence[Locator]) -> Iterator[Sequence[Locator]]:
        """Yield mails in batches, until time is over."""
        for start in range(0, len(mails), _AT_ONCE):
            if self.clock() >= self.ends:
                return
            yield mails[start : start + _AT_ONCE]

    def _newest(self, folder: str, most: int) -> tuple[Sequence[Locator], int]:
        """Return a folder's newest mails, the newest first, and how many there are besides."""
        newest: deque[Locator] = deque(maxlen=most)
        total = 0
        for part in self.mailbox.slices(folder, None, self.since):
            newest.extend(part.locators)
            total += len(part.locators)
        self.expected += len(newest)
        return list(reversed(newest)), total - len(newest)

    def _readings(self, mails: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[Reading]:
        """Yield the readings of a batch, without their bodies."""
        for mail in self.mailbox.fetch(mails, part):
            self.done += 1
            self.headers += part is Part.HEADERS
            reading = next(self.scan.reader.read([mail]))
            if isinstance(reading, Reading):
                yield stripped(reading)
            else:
                self.unreadable += 1
        self.progress(self.done, max(self.expected - self.done, 0))


@dataclass(frozen=True, slots=True)
class _Employers:
    """Who the user has to do with: domains of their own, and names for what vendors send."""

    houses: frozenset[str]
    names: frozenset[str]
    owner: Owner
    senders: Senders

    @classmethod
    def of(cls, rows: Sequence[Row], owner: Owner, senders: Senders) -> Self:
        """Return the employers of these rows."""
        about = [row for row in rows if row["label"] in PART_OF_AN_APPLICATION]
        authors = [Address(row["from"]) for row in about if row["from"]]
        return cls(
            houses=frozenset(
                registrable(author.domain)
                for author in authors
                if not is_relay(author, senders) and not under(author.domain, senders.freemail)
            ),
            names=frozenset(normal_employer(row["employer"]) for row in about) - {""},
            owner=owner,
            senders=senders,
        )

    def may_have_sent(self, header: Reading) -> bool:
        """Tell whether a mail may be theirs, by its header, and nobody has disowned it."""
        author = header.message.author
        if author is None or dmarc(header.message, self.owner.trusted_server) == FAIL:
            return False
        return registrable(author.domain) in self.houses or is_relay(author, self.senders)

    def sent(self, mail: Reading) -> bool:
        """Tell whether a mail that may be theirs is: a vendor's names its employer."""
        author = mail.message.author
        own = author is not None and registrable(author.domain) in self.houses
        return own or normal_employer(mail.facts.employer) in self.names
