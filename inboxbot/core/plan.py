"""What may be decided, as frozen values: decisions, reasons, drafts, actions, events.

A plan is a tuple of actions. It holds no connection and does nothing; `daemon.apply` performs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from inboxbot.core.types import Address, Key, Locator, Reading, Stage


class Decision(StrEnum):
    """What becomes of one mail."""

    DRAFT = "draft"  # ask for feedback (or accept the feedback that was offered)
    THANKS = "thanks"  # thank, ask nothing
    REVIEW = "review"  # perhaps a rejection: the summary asks the user
    LEAVE = "leave"


class Reason(StrEnum):
    """Why a mail was left alone: a closed list, stored and shown."""

    NOT_REJECTION = "not_rejection"
    BELOW_THRESHOLD = "below_threshold"
    UNREACHABLE = "unreachable"
    REPLY_TO_MISMATCH = "reply_to_mismatch"
    FEEDBACK_REFUSED = "feedback_refused"
    FEEDBACK_GIVEN = "feedback_given"
    OFFERED_ELSEWHERE = "offered_elsewhere"
    INSTANT = "instant"
    TOO_OLD = "too_old"
    ASKED_RECENTLY = "asked_recently"
    DAILY_CAP = "daily_cap"
    USER_REPLIED = "user_replied"
    REOPENED = "reopened"
    WITHDRAWN_BY_USER = "withdrawn_by_user"
    NEVER_ASK = "never_ask"
    PAUSED = "paused"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"


class Basis(StrEnum):
    """On what basis we think that a human reads this address, the surest first."""

    REPLY_TO = "reply_to"
    SENDER = "from"
    NAMED_IN_TEXT = "named_in_text"
    EARLIER_MESSAGE = "earlier_message"
    CALENDAR = "calendar"  # ORGANIZER of an invitation (RFC 5545 §3.8.4.3)


class Confidence(StrEnum):
    """How sure it is that a person reads an address, and can say something of the application."""

    HIGH = "high"  # somebody who wrote, or whom the mail itself names
    MEDIUM = "medium"  # who only sent an invitation, or an address that several people share
    LOW = "low"  # both


class EventKind(StrEnum):
    """The kinds of line in the journal: a closed list, other programs rely on it."""

    SEEN = "seen"
    DRAFT_PLANNED = "draft_planned"
    DRAFT_SAVED = "draft_saved"
    DRAFT_EDITED = "draft_edited"
    SENT = "sent"
    DISCARDED = "discarded"
    VANISHED = "vanished"
    WITHDRAWN = "withdrawn"
    FEEDBACK_RECEIVED = "feedback_received"
    FEEDBACK_DECLINED = "feedback_declined"
    NO_ANSWER = "no_answer"
    BOUNCED = "bounced"
    AUTO_REPLY = "auto_reply"
    REOPENED = "reopened"
    CORRECTED = "corrected"
    REFLECTED = "reflected"
    LEFT_ALONE = "left_alone"
    SUMMARY_DELIVERED = "summary_delivered"
    FAILED = "failed"
    HEALTH = "health"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the journal. `id` is 0 until the journal has numbered it."""

    kind: EventKind
    time: datetime
    account: str = ""
    application: str = ""
    message: str = ""  # the key of the mail or draft that it is about
    payload: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody who can be asked."""

    address: Address
    basis: Basis
    parent: Reading  # the message that a reply to this person answers
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The decision on one mail, and what a draft about it needs."""

    decision: Decision
    reason: Reason | None = None  # None for a draft, and for thanks nobody has to explain
    contact: Contact | None = None
    stage: Stage | None = None
    employer: str | None = None  # as this mail or earlier ones name it
    roles: tuple[str, ...] = ()
    accepts_offer: bool = False  # the mail offers feedback by mail: the draft accepts
    replaces: "DraftRecord | None" = None  # an untouched draft that this one says as well
    told_of_all: bool = True  # False: somebody else told of one of the roles
    not_before: datetime | None = None  # deferred: quiet hours, delay or daily cap
    capped: bool = False  # by the daily cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A finished draft: RFC 5322 bytes and what is needed to know it again."""

    key: Key
    data: bytes
    to: Address
    subject: str
    fingerprint: str
    answers: tuple[str, ...]  # Message-IDs that a sent answer will refer to, no brackets
    template: str  # language and wording variant: "de/interview/2"


class DraftState(StrEnum):
    """Where a draft stands; only `intended` and `waiting` are still ours to touch."""

    INTENDED = "intended"  # committed before the APPEND
    WAITING = "waiting"  # lies in Drafts, untouched
    EDITED = "edited"
    SENT = "sent"
    DISCARDED = "discarded"
    VANISHED = "vanished"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRecord:
    """What the journal keeps of a draft: no text, only its fingerprint."""

    key: Key
    application: str
    answered: Key  # the rejection
    state: DraftState
    to: Address
    subject: str
    answers: tuple[str, ...]
    planned: datetime
    employer: str | None = None
    roles: tuple[str, ...] = ()
    stage: Stage | None = None
    told: bool = False  # the person who is asked had told of the decision
    only_asks: bool = False  # no thanks for feedback, no acceptance of an offer
    also: tuple[Key, ...] = ()  # other rejections of this employer that it asks about
    leaving: Reason | None = None  # committed before it is moved to Trash
    locator: Locator | None = None
    folder: str = ""
    mark: str = ""
    fingerprint: str = ""
    template: str = ""
    sent: datetime | None = None
    answers_sought: bool = False  # mail that came before it was known to be sent was looked at
    sent_id: str = ""  # the Message-ID that it was sent under: some clients give it a new one
    outcome: EventKind | None = None  # how its question was answered; None: not yet


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Put a draft into Drafts."""

    draft: Draft
    reading: Reading  # the rejection that it is about
    application: str
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDraft:
    """Move an untouched draft that has become wrong to Trash, once."""

    record: DraftRecord
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverMail:
    """Put a mail to the owner into the owner's own inbox, once for its occasion."""

    key: Key
    data: bytes
    occasion: str  # an ISO week, "2026-W47", or what else the mail is about
    about: Mapping[str, Any]  # what the mail told and asked: the payload of its event


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAlone:
    """Do nothing about a mail, and write down why."""

    reading: Reading
    application: str
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Defer:
    """Look at a mail again later: quiet hours, delay or daily cap."""

    reading: Reading
    application: str
    judgement: Judgement


Action = SaveDraft | WithdrawDraft | DeliverMail | LeaveAlone | Defer
Plan = tuple[Action, ...]
