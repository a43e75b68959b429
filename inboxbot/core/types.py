"""The words of the program as frozen values: address, message, verdict, facts, reading.

Everything here is plain data that the core passes along; msgspec turns it into JSON and back
where it crosses a pipe or the journal. Times are aware and in UTC; text is NFC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NewType

Locator = NewType("Locator", str)
"""Where a mailbox keeps one message. Written and read by that mailbox's adapter alone."""

Cursor = NewType("Cursor", str)
"""How far a folder has been read. Written and read by that mailbox's adapter alone."""

Mark = NewType("Mark", str)
"""A place in a folder (IMAP: its UIDNEXT) from which a later search for a key may start."""

Key = NewType("Key", str)
"""The identity of a message or of a draft: 32 characters of [a-z2-7], safe in any search."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Label(StrEnum):
    """What a mail is, in the ten classes of the model."""

    REJECTION = "rejection"
    ACKNOWLEDGEMENT = "acknowledgement"
    INTERVIEW = "interview"
    ASSESSMENT = "assessment"
    OFFER = "offer"
    OUTREACH = "outreach"
    JOB_ALERT = "job_alert"
    FEEDBACK = "feedback"
    OTHER_JOB = "other_job"
    NOT_JOB = "not_job"


RECRUITING = frozenset(Label) - {Label.NOT_JOB}
"""Labels of mail that the journal keeps."""

PART_OF_AN_APPLICATION = RECRUITING - {Label.JOB_ALERT, Label.OUTREACH}
"""Labels that show the user and this employer are talking about a concrete role."""


class Stage(StrEnum):
    """How far an application had come, in order."""

    APPLICATION = "application"
    ASSESSMENT = "assessment"
    SCREENING = "screening"
    INTERVIEW = "interview"
    FINAL = "final"


class StatedReason(StrEnum):
    """Why the employer says no, as the mail itself states it."""

    OTHER_CANDIDATE = "other_candidate"
    MORE_QUALIFIED = "more_qualified"
    FILLED = "filled"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    FIT = "fit"
    EXPERIENCE = "experience"
    SKILLS = "skills"
    VISA_OR_LOCATION = "visa_or_location"
    VOLUME = "volume"
    NONE = "none"


class Trait(StrEnum):
    """A header trait that says no person reads answers to this mail."""

    NULL_RETURN_PATH = "null_return_path"
    AUTO_SUBMITTED = "auto_submitted"
    BULK = "bulk"  # Precedence: bulk | list | junk
    LIST = "list"  # any List-* header of RFC 2369 / RFC 2919
    RESPONSE_SUPPRESSED = "response_suppressed"  # X-Auto-Response-Suppress
    DELIVERY_REPORT = "delivery_report"  # RFC 3464
    READ_RECEIPT = "read_receipt"  # RFC 8098
    ABUSE_REPORT = "abuse_report"  # RFC 5965
    AUTO_REPLY = "auto_reply"  # Auto-Submitted: auto-replied, X-Autoreply, X-Autorespond


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of RFC 5322 §3.4: `addr` is bare and lower-case, `name` may be empty."""

    addr: str
    name: str = ""

    @property
    def local(self) -> str:
        """Return the part before the last @."""
        return self.addr.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """Return the part after the last @."""
        return self.addr.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
    """One mail as the mailbox hands it over: bytes of RFC 5322, attachments left out."""

    locator: Locator
    folder: str
    received: datetime  # IMAP INTERNALDATE, the file's mtime in a Maildir
    data: bytes
    flags: frozenset[str] = frozenset()  # as IMAP writes them: "\\Seen", "\\Draft", "\\Deleted"
    cut: bool = False  # something was left out: over the size bound


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One VEVENT of a text/calendar part (RFC 5545)."""

    uid: str
    summary: str = ""
    organizer: Address | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    method: str = ""  # REQUEST, CANCEL, REPLY …
    declined: bool = False  # a REPLY whose one attendee does not come (RFC 5546 §3.2.3)


class Place(StrEnum):
    """Where a line of a mail stands, as far as the mail itself shows it."""

    OWN = "own"
    QUOTED = "quoted"  # marked line by line: ">", a <blockquote>
    ENCLOSED = "enclosed"  # below a copied header, or in a container: no mark of its own
    ATTRIBUTION = "attribution"  # "On Friday … wrote:"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a mail, word for word, and its place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail, parsed: headers that matter, own text apart from quoted text."""

    key: Key
    message_id: str = ""  # no angle brackets; "" where the mail has none
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    thread_topic: str = ""  # Outlook's Thread-Topic
    thread_index: str = ""  # Outlook's Thread-Index
    date: datetime | None = None  # the Date header; None where it is missing or absurd
    received: datetime = EPOCH  # when it came, which may be before it was laid into the mailbox
    from_: tuple[Address, ...] = ()  # more than one From is a trait of forgeries
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()  # of a draft; no mail that has arrived has any
    delivered_to: tuple[str, ...] = ()  # Delivered-To, X-Original-To
    subject: str = ""
    text: str = ""  # what the sender wrote: visible, not quoted; lines as a reader sees them
    quoted: str = ""  # what was quoted or forwarded below
    rows: tuple[Row, ...] = ()  # of an answer to a letter to the owner alone: text and quotation
    links: tuple[str, ...] = ()  # http(s) targets of the own text, in order
    mailto: tuple[tuple[str, str], ...] = ()  # a line of it, and whom a link in it writes to
    traits: frozenset[Trait] = frozenset()
    authentication: tuple[str, ...] = ()  # Authentication-Results, topmost first, unparsed
    calendar: tuple[CalendarEvent, ...] = ()
    attached: bool = False  # something is attached (multipart/mixed); what, is never fetched
    faults: tuple[str, ...] = ()  # what was odd, in words for the journal

    @property
    def author(self) -> Address | None:
        """Return the first From address."""
        return self.from_[0] if self.from_ else None

    @property
    def when(self) -> datetime:
        """Return the time to order by: arrival, since a Date header may say anything."""
        return self.received


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the model makes of a mail."""

    label: Label
    probability: float  # of rejection, 0 to 1
    probabilities: Mapping[Label, float]  # all ten, summing to 1
    evidence: str = ""  # the sentence that decided, verbatim
    corrected: bool = False  # the user said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a recruiting mail says, where it was read with certainty; None is unknown."""

    employer: str | None = None
    role: str | None = None
    requisition: str | None = None
    stage: Stage | None = None
    stated_reason: StatedReason | None = None
    refuses_feedback: bool = False
    offers_feedback: bool = False
    offers_feedback_link: str | None = None  # set where the offer is a form or a link
    gives_feedback: bool = False
    keep_on_file: bool = False
    reapply_after: date | None = None
    reported: bool = False  # the no stands in quotation marks: it was said to somebody else
    withdrawn: bool = False  # the candidate has withdrawn
    takes_back: bool = False  # an earlier no was a mistake, or is no longer meant
    calls_off: bool = False  # a talk that was arranged does not take place
    undecided: bool = False  # it invites to a next step, or waits for somebody else's word
    contact: Address | None = None  # an address that the text names for questions or feedback
    signature: str | None = None  # the person who signed, full name
    recruits: bool = False  # whoever wrote it says that recruiting is their work
    takes_no_replies: bool = False  # it says itself that nobody reads an answer to it
    hands_over: bool = False  # whoever wrote it has left, or somebody else is in charge from now on
    language: str | None = None  # BCP 47


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One mail, read: what the reader process returns for it."""

    message: Message
    verdict: Verdict
    facts: Facts
    folder: str = ""
    locator: Locator = field(default=Locator(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A mail that could not be read, and why: a value, so that one bad mail stops nothing."""

    locator: Locator
    error: str
