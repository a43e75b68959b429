"""What the user says of a mail, by a move or in words: a reading → the reading as corrected. Pure.

And the words of what is learned from that: `Lessons` go to the reader process, a `Personal` comes
back.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from inboxbot.core.types import Label, Locator, Message, Reading


class Said(StrEnum):
    """What the user says; the value is the name of the folder that says it."""

    REJECTION = "Rejection"
    NOT_A_REJECTION = "Not a rejection"


PARENT = "inboxbot"
"""The folder above them: inboxbot/Rejection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A correction that holds: where the mail lies now, and where it was."""

    said: Said
    place: Locator  # "" for one in words, which no move takes back
    home: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A corrected mail that may teach about others."""

    message: Message
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """All that is learned from, oldest first, and the probabilities that matter to the user."""

    mails: tuple[Lesson, ...]
    draft: float  # as core.policy.Thresholds
    review: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """The small correction of one model for one account: a weight for some of its columns."""

    model: str  # its SHA-256
    columns: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()


def corrected(reading: Reading, said: Said) -> Reading:
    """Return the reading under the user's verdict; what else was made of the mail stays."""
    verdict = reading.verdict
    shares = dict(verdict.probabilities) | {Label.REJECTION: 0.0}
    if said is Said.REJECTION:
        shares = dict.fromkeys(shares, 0.0) | {Label.REJECTION: 1.0}
    rest = sum(shares.values())
    if not rest:  # nothing but a rejection was thought of
        shares[Label.OTHER_JOB] = rest = 1.0
    shares = {label: share / rest for label, share in shares.items()}
    changed = replace(
        verdict,
        label=max(shares, key=shares.__getitem__),
        probability=shares[Label.REJECTION],
        probabilities=shares,
        corrected=True,
    )
    return replace(reading, verdict=changed)
