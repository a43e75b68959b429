"""What the user says of a mail by moving it: a reading → the reading as corrected. Pure."""

from dataclasses import replace
from enum import StrEnum

from inboxbot.core.types import Label, Reading


class Said(StrEnum):
    """What the user says; the value is the name of the folder that says it."""

    REJECTION = "Rejection"
    NOT_A_REJECTION = "Not a rejection"


PARENT = "inboxbot"
"""The folder above them: inboxbot/Rejection."""


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
