"""What is known of one account's applications: readings without bodies, joined to applications.

A `History` is a value made from the journal (or, for `scan`, from the mails before); `joining` says
which application a mail belongs to.
"""

import re
import unicodedata
from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from inboxbot.core.forgotten import Forgotten
from inboxbot.core.guards import registrable
from inboxbot.core.plan import DraftRecord
from inboxbot.core.types import (
    PART_OF_AN_APPLICATION,
    Address,
    Key,
    Label,
    Message,
    Reading,
    Stage,
)

_LEGAL_FORMS = frozenset(
    "inc incorporated corp corporation co company llc llp lp ltd limited plc gmbh ag kg kgaa se ug "
    "mbh ohg ev bv nv sa sas sarl srl spa sl ab as aps oy oyj pty pvt group holding holdings the "
    "ggmbh lda ltda asa spzoo sro doo kft zrt "
    "und and et y e "
    "aktiengesellschaft wirtschaftsprufungsgesellschaft steuerberatungsgesellschaft".split()
)
_INITIALS = re.compile(r"\bsp\.? z o\.? ?o\b\.?|\b\w(?:[./] ?\w\b)+")
_TEAM_WORDS = frozenset("careers career jobs recruiting recruitment talent hr hiring team".split())
_SUBJECT_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|fw|fwd|wg|sv|vs|antw|tr|odp|rv|res|enc)(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
# What such a mail says of a talk, it says in retrospect.
_LOOKS_BACK = frozenset({Label.ACKNOWLEDGEMENT, Label.REJECTION, Label.OTHER_JOB, Label.FEEDBACK})
_SHORTEST_NAME = 3  # letters of a whole name that a domain can carry
_SHORTEST_WORD = 5  # letters of its first word
_NOTHING_FORGOTTEN = Forgotten()


@lru_cache(maxsize=4096)
def normal_employer(name: str | None) -> str:
    """Return the name to compare employers by: "The ACME Corp." → "acme"; "" for unknown."""
    return "".join(_words_of_name(name))


def leading_names(name: str | None) -> frozenset[str]:
    """Return the name and its leading words, as a domain may carry them: 3 letters at least.

    "Northwind Maps" → {"northwind", "northwindmaps"}. A short first word stands for too many.
    """
    words = _words_of_name(name)
    runs = ("".join(words[:count]) for count in range(1, len(words) + 1))
    whole = "".join(words)
    return frozenset(
        run for run in runs if len(run) >= (_SHORTEST_NAME if run == whole else _SHORTEST_WORD)
    )


def _words_of_name(name: str | None) -> list[str]:
    plain = unicodedata.normalize("NFKD", (name or "").casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    # S.p.A., A/S, e. V., Sp. z o.o.
    plain = _INITIALS.sub(lambda match: re.sub(r"\W", "", match[0]), plain)
    words = re.findall(r"[^\W_]+", plain)
    kept = [word for word in words if word not in _LEGAL_FORMS]
    while len(kept) > 1 and kept[-1] in _TEAM_WORDS:
        kept.pop()
    return kept or words


def normal_role(role: str | None) -> str:
    """Return the role to compare by: without "(m/w/d)", punctuation and case."""
    if not role:
        return ""
    bare = re.sub(r"\([^()]{1,20}\)", " ", role.casefold())
    return " ".join(re.findall(r"[^\W_]+", bare))


# "Projektmanagerin" · "Projektmanager", "Directrice" · "Directeur", "Técnica" · "Técnico": the
# applicant's form stands beside the advertised one.
_SEX = re.compile(
    r"(?<=er|or|nt|st|ur|og|at)in\b|(?<=t)(?:eur|rice|ore)\b|(?<=eu)(?:re?|se)\b|(?<=st)ka\b|"
    r"(?<=[^\W\d_]{4})[aeo]\b"
)


def compared_role(role: str | None) -> str:
    """Return the role to tell two by, whichever sex its words have."""
    return _SEX.sub("", normal_role(role))


def bare_subject(subject: str) -> str:
    """Return the subject without Re:, AW:, Fwd: and their like."""
    return _SUBJECT_PREFIX.sub("", subject).strip()


def stripped(reading: Reading) -> Reading:
    """Return the reading without the bodies, as the journal keeps it."""
    bare = replace(reading.message, text="", quoted="", rows=(), links=(), mailto=())
    return replace(reading, message=bare)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message of an application as the journal knows it."""

    reading: Reading
    application: str
    own: bool = False  # written by the user
    open: bool = False  # a rejection that still waits for its decision

    @property
    def message(self) -> Message:
        """Return the message, without its bodies."""
        return self.reading.message

    @property
    def when(self) -> datetime:
        """Return the time of arrival."""
        return self.reading.message.when


class History:
    """What the journal knows of one account, indexed and in order of arrival."""

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        drafts: Iterable[DraftRecord] = (),
        dead: frozenset[str] = frozenset(),
        forgotten: Forgotten = _NOTHING_FORGOTTEN,
    ) -> None:
        self.entries: list[Entry] = []
        self.drafts = tuple(drafts)
        self.dead = dead  # addresses that bounced
        self.forgotten = forgotten
        self.by_message_id: dict[str, Entry] = {}
        self._keys: dict[Key, Entry] = {}
        self._applications: dict[str, list[Entry]] = {}
        self._employers: dict[str, list[Entry]] = {}
        self._houses: dict[str, list[Entry]] = {}
        self.writers: set[str] = set()  # addresses that mail of an application came from
        for entry in sorted(entries, key=lambda entry: entry.when):
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take in one message more; folders are read one after another, so it may be older."""
        _put(entry, self.entries)
        self._keys[entry.message.key] = entry
        if entry.message.message_id:
            self.by_message_id.setdefault(entry.message.message_id, entry)
        _put(entry, self._applications.setdefault(entry.application, []))
        author = entry.message.author
        of_one = entry.reading.verdict.label in PART_OF_AN_APPLICATION
        if author is not None and not entry.own:
            _put(entry, self._houses.setdefault(house_of(author), []))
            if of_one:
                self.writers.add(author.addr)
        employer = normal_employer(entry.reading.facts.employer)
        if employer and not entry.own:
            _put(entry, self._employers.setdefault(employer, []))

    def revise(self, entry: Entry) -> None:
        """Put an entry in the place of the known one of the same mail."""
        known = self._keys[entry.message.key]
        self._keys[entry.message.key] = entry
        for entries in (self.entries, self._applications[known.application]):
            entries[:] = [entry if each is known else each for each in entries]

    def add_draft(self, record: DraftRecord) -> None:
        """Take in a draft, in place of an older record of the same key."""
        others = (known for known in self.drafts if known.key != record.key)
        self.drafts = (*others, record)

    def holds(self, key: Key) -> bool:
        """Tell whether this very message is known."""
        return key in self._keys

    def entry(self, key: Key) -> Entry | None:
        """Return the message of this key, None where it is not known."""
        return self._keys.get(key)

    def of_application(self, application: str) -> tuple[Entry, ...]:
        """Return the application's messages, oldest first."""
        return tuple(self._applications.get(application, ()))

    def of_employer(self, name: str | None) -> tuple[Entry, ...]:
        """Return the messages of one employer, compared as names; () for an unknown one."""
        return tuple(self._employers.get(normal_employer(name), ()))

    def of_house(self, label: str) -> tuple[Entry, ...]:
        """Return the messages from domains that are this name: "acme" for acme.co.uk."""
        return tuple(self._houses.get(label, ()))

    def draft_of(self, message: Message) -> DraftRecord | None:
        """Return the draft whose sent form this message answers, by its thread."""
        named = {*message.references, *message.in_reply_to}
        for record in self.drafts:
            if record.sent_id in named or any(record.key in name for name in named):
                return record
        return None


def house_of(address: Address) -> str:
    """Return the name that an address's registrable domain is: "northwindmaps"."""
    return registrable(address.domain).partition(".")[0].replace("-", "")


def _put(entry: Entry, entries: list[Entry]) -> None:
    insort(entries, entry, key=lambda known: known.when)


def stage_of(reading: Reading, before: Iterable[Entry]) -> Stage:
    """Return how far the application had come: what the mail says, or what came before it.

    A talk that was called off did not take place; the ones before it did.
    """
    reached = [reading.facts.stage or Stage.APPLICATION]
    talks: list[Stage] = []
    for entry in before:
        facts, label = entry.reading.facts, entry.reading.verdict.label
        if entry.own or entry.message.key == reading.message.key:
            continue
        if facts.calls_off and talks:
            talks.pop()
        elif label is Label.INTERVIEW and _may_have_been_held(entry, reading):
            # Read as a no in doubt, it looks back on an application; it opens a talk all the same.
            opened = facts.stage or Stage.APPLICATION
            talks.append(Stage.INTERVIEW if opened is Stage.APPLICATION else opened)
        elif label is Label.ASSESSMENT:
            reached.append(Stage.ASSESSMENT)
        elif label in _LOOKS_BACK and facts.stage:
            reached.append(facts.stage)
    if reading.facts.calls_off:
        del talks[-1:]
    return max([*reached, *talks], key=list(Stage).index)


def _may_have_been_held(invitation: Entry, rejection: Reading) -> bool:
    """Tell whether a talk can have taken place: not called off, not due after the rejection."""
    events = invitation.message.calendar
    return not events or any(
        event.method.upper() != "CANCEL"
        and (event.starts is None or event.starts <= rejection.message.when)
        for event in events
    )


def employer_of(reading: Reading, before: Iterable[Entry]) -> str | None:
    """Return the employer as this mail names it, or as earlier mail of the application did."""
    return reading.facts.employer or next(
        (entry.reading.facts.employer for entry in before if entry.reading.facts.employer), None
    )


def role_of(reading: Reading, before: Iterable[Entry]) -> str | None:
    """Return the role as this mail names it, or as earlier mail of the application did."""
    return reading.facts.role or next(
        (entry.reading.facts.role for entry in before if entry.reading.facts.role), None
    )
