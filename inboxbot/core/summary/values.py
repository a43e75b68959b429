"""What a summary holds: frozen, plain, clean values, in the order in which they are told.

Nothing here words anything: `inboxbot.letters` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from inboxbot.core.focus import Theme
from inboxbot.core.insight import Pattern
from inboxbot.core.ledger import Ask
from inboxbot.core.plan import Basis, Confidence, Reason
from inboxbot.core.reflect import Reflection
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import Job, Turn

NOT_ABOUT_YOU = frozenset(
    {StatedReason.FILLED, StatedReason.CANCELLED, StatedReason.PAUSED, StatedReason.VOLUME}
)
"""Stated reasons that would have been the same whoever had applied."""

AFTER_TALK = frozenset({Stage.SCREENING, Stage.INTERVIEW, Stage.FINAL})
"""Stages in which somebody has talked with the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDraft:
    """A draft that the user has neither sent nor deleted."""

    job: Job
    to: str
    name: str
    subject: str
    folder: str
    since: date
    basis: Basis | None = None
    confidence: Confidence | None = None
    edited: bool = False
    thanks: bool = False  # it asks nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A mail that may have been a rejection: only the user can tell."""

    job: Job
    sentence: str
    message: str = ""  # the key of the mail that it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedElsewhere:
    """Feedback that can be had through a form."""

    job: Job
    link: str  # http or https, printable ASCII; "" where the mail's link is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What an employer answered, word for word, in lines."""

    job: Job
    sender: str
    text: str
    whole: bool = True  # False: the journal holds one sentence of it
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What came of one application."""

    job: Job
    step: Label | None = None  # the newest of offer, interview, assessment, rejection
    stage: Stage = Stage.APPLICATION  # how far it had come
    stated_reason: StatedReason = StatedReason.NONE
    explained: bool = False  # the mail gives feedback by itself
    kept_on_file: bool = False
    turns: tuple[Turn, ...] = ()

    @property
    def ended(self) -> bool:
        """Tell whether the employer said no."""
        return self.step is Label.REJECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A conversation to think about; what was written about it is shown, not asked for again."""

    job: Job
    application: str  # "" for words that could be about any
    reflections: tuple[Reflection, ...] = ()
    day: date | None = None  # of the newest of them


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """Recruiting mail that was not acted on, for one reason."""

    reason: Reason
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JunkMail:
    """Mail of a known employer that the provider has put into Junk."""

    sender: str
    subject: str
    employer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """An application about which nobody has said a word for weeks."""

    job: Job
    since: date  # its last word


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date to keep."""

    job: Job
    day: date
    at: time | None = None  # None: from this day on the user may apply again


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How inboxbot itself is doing."""

    fine: bool = True
    text: str = ""  # what is wrong
    recovered: bool = False  # something was wrong in between
    failures: int = 0  # unreadable mail is not among them, it is `left_alone`


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One week of one account."""

    week: str
    first_day: date
    last_day: date
    account: str
    covers_all_before: bool  # the first one of all
    drafts_folder: str
    drafts: tuple[WaitingDraft, ...] = ()
    questions: tuple[Question, ...] = ()
    offers: tuple[OfferedElsewhere, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    happenings: tuple[Happening, ...] = ()
    received: tuple[Job, ...] = ()  # acknowledged, and nothing more
    still_open: int = 0  # applications of the last six weeks that nobody has declined
    asked: tuple[Ask, ...] = ()  # every question so far, in a week that has news of one
    prompts: tuple[Prompt, ...] = ()  # conversations to think about for ten minutes
    exercise: Prompt | None = None  # a no after a talk: which other reasons could it have had?
    pattern: Pattern | None = None  # in the search as a whole
    theme: Theme | None = None  # to practise
    days: tuple[Day, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()
    other_mail: Mapping[Label, int]
    junk: tuple[JunkMail, ...] = ()
    silent: tuple[Silent, ...] = ()
    health: Health = Health()

    @property
    def ended(self) -> tuple[Happening, ...]:
        """Return the applications that were declined."""
        return tuple(happening for happening in self.happenings if happening.ended)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to tell of the week but how inboxbot is doing."""
        return not any(
            (
                self.drafts, self.questions, self.offers, self.feedback, self.happenings,
                self.received, self.prompts, self.days, self.left_alone, self.other_mail,
                self.junk, self.silent,
            )
        )  # fmt: skip
