"""A mail and its verdict → the facts that its text states.

    message | prose_of | employer · role · requisition · stage · reason · feedback · later ·
                         standing · pending · answerable · people · named

Pure and bounded: each noun has its module, its phrases stand there as data, by language. A fact is
given where the mail itself states it; what is not read with certainty stays unknown.
"""

from inboxbot.core.facts.answerable import hands_over, takes_no_replies
from inboxbot.core.facts.employer import employer_in
from inboxbot.core.facts.feedback import feedback_in
from inboxbot.core.facts.later import keeps_on_file, reapply_after
from inboxbot.core.facts.named import contact_in
from inboxbot.core.facts.pending import calls_off, undecided
from inboxbot.core.facts.people import recruits, signature_of
from inboxbot.core.facts.prose import prose_of
from inboxbot.core.facts.reason import reason_in
from inboxbot.core.facts.requisition import requisition_in
from inboxbot.core.facts.role import role_in
from inboxbot.core.facts.stage import stage_in
from inboxbot.core.facts.standing import reported, takes_back, withdrawn
from inboxbot.core.guards import Senders
from inboxbot.core.types import Facts, Label, Message, Verdict

# From here on a mail may turn out to be a rejection: the least review threshold of any model.
_PERHAPS_A_REJECTION = 0.3

# A job alert names many firms; an answer may belong to a thread.
_ABOUT_MANY = frozenset({Label.JOB_ALERT})

__all__ = ["read_facts"]


def read_facts(message: Message, verdict: Verdict, senders: Senders) -> Facts:
    """Return what a mail about work says of employer, role, stage, reason and feedback."""
    prose = prose_of(message)
    rejects = verdict.label is Label.REJECTION or verdict.probability >= _PERHAPS_A_REJECTION
    if not rejects and verdict.label in _ABOUT_MANY and not message.in_reply_to:
        return Facts(language=prose.language)
    employer = employer_in(message, prose, senders)
    feedback = feedback_in(message, prose)
    signature = signature_of(message, prose, employer)
    return Facts(
        employer=employer,
        role=role_in(prose, employer),
        requisition=requisition_in(prose),
        stage=stage_in(prose, verdict.label, rejects=rejects),
        stated_reason=reason_in(prose) if rejects else None,
        refuses_feedback=feedback.refused,
        offers_feedback=feedback.offered,
        offers_feedback_link=feedback.link,
        gives_feedback=feedback.given,
        keep_on_file=keeps_on_file(prose),
        reapply_after=reapply_after(message, prose),
        takes_back=takes_back(prose),
        calls_off=calls_off(prose),
        undecided=undecided(prose),
        reported=reported(prose, verdict.evidence),
        withdrawn=withdrawn(prose),
        contact=contact_in(message, prose, senders, signature),
        signature=signature,
        recruits=recruits(prose),
        hands_over=hands_over(prose),
        takes_no_replies=takes_no_replies(prose),
        language=prose.language,
    )
