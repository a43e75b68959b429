"""Whether a mail is a rejection that may be acted on: verdict + facts → a doubt, or none. Pure."""

from inboxbot.core.history import Entry, employer_of, role_of
from inboxbot.core.plan import Decision, Judgement, Reason
from inboxbot.core.policy import Thresholds
from inboxbot.core.types import Reading, Trait

_BEYOND_DOUBT = 0.97  # probability from which a mail may name neither employer nor role


def doubt_of(
    reading: Reading, before: tuple[Entry, ...], thresholds: Thresholds
) -> Judgement | None:
    """Return what is done about a mail that is no rejection, or not surely one."""
    verdict = reading.verdict
    if verdict.probability < thresholds.review:
        return _none(Reason.NOT_REJECTION)
    if verdict.corrected:  # the user said so
        return None
    if _is_note_of_mailbox(reading, before):
        return _none(Reason.NOT_REJECTION)
    if reading.facts.takes_back:
        return _none(Reason.REOPENED)
    if _withdrew(reading, before):
        return _none(Reason.WITHDRAWN_BY_USER)
    experimental = reading.facts.language in thresholds.experimental_languages
    another_matter = reading.facts.reported or reading.facts.undecided
    unsure = verdict.probability < thresholds.draft or experimental or another_matter
    if unsure or _is_about_nothing(reading, before):
        return Judgement(decision=Decision.REVIEW, reason=Reason.BELOW_THRESHOLD)
    return None


def _is_note_of_mailbox(reading: Reading, before: tuple[Entry, ...]) -> bool:
    """Tell whether a mailbox answers the user by itself: "I have left the company".

    What a machine answers to the application, the first mail of all, may well be a refusal.
    """
    message = reading.message
    if Trait.AUTO_REPLY not in message.traits:
        return False
    named = {*message.in_reply_to, *message.references}
    answers_user = any(entry.own and entry.message.message_id in named for entry in before)
    heard_before = any(not entry.own and entry.message.key != message.key for entry in before)
    return answers_user and heard_before


def _withdrew(reading: Reading, before: tuple[Entry, ...]) -> bool:
    """Tell whether the user had withdrawn: the mail confirms it, or he wrote so himself.

    It is the application that is withdrawn: a position that is, is a refusal.
    """
    return reading.facts.withdrawn or any(
        entry.own and entry.reading.facts.withdrawn for entry in before
    )


def _is_about_nothing(reading: Reading, before: tuple[Entry, ...]) -> bool:
    """Tell whether nothing but the model says that this is about a job: no employer, no role.

    Outside English, where it was calibrated on no real mail, an employer alone says nothing: every
    firm's mail has a domain. There a word of an application, or an earlier mail of it, must do.
    """
    facts = reading.facts
    if reading.verdict.probability >= _BEYOND_DOUBT or role_of(reading, before):
        return False
    if facts.language == "en" or any(entry.message.key != reading.message.key for entry in before):
        return not employer_of(reading, before)
    return not (facts.employer and facts.stage)


def _none(reason: Reason) -> Judgement:
    return Judgement(decision=Decision.LEAVE, reason=reason)
