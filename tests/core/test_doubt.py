"""Whether a machine's answer to the user is a refusal."""

from datetime import timedelta

from inboxbot.core.doubt import doubt_of
from inboxbot.core.plan import Reason
from inboxbot.core.types import Facts, Label, Trait
from tests.make import ME, NOW, THRESHOLDS, history_of, mail, rejection

AUTOMATIC = frozenset({Trait.AUTO_REPLY})
LETTER = mail(
    Label.OTHER_JOB, f"Mara Lind <{ME}>", Facts(employer="Acme", role="Designer"),
    message_id="mine@x", received=NOW - timedelta(days=1),
)  # fmt: skip
INVITATION = mail(Label.INTERVIEW, "Bea Finn <bea@acme.example>", received=NOW - timedelta(days=4))


def test_a_mailbox_that_answers_the_user_by_itself_refuses_nothing():
    note = rejection(traits=AUTOMATIC, in_reply_to=("mine@x",))
    doubt = doubt_of(note, tuple(history_of(INVITATION, note, own=(LETTER,)).entries), THRESHOLDS)
    assert doubt is not None
    assert doubt.reason is Reason.NOT_REJECTION


def test_what_a_machine_answers_to_the_application_itself_may_be_a_refusal():
    refusal = rejection(traits=AUTOMATIC, in_reply_to=("mine@x",))
    assert doubt_of(refusal, tuple(history_of(refusal, own=(LETTER,)).entries), THRESHOLDS) is None


def test_a_refusal_with_a_machines_header_that_answers_nothing_is_one():
    refusal = rejection(traits=AUTOMATIC)
    entries = tuple(history_of(INVITATION, refusal, own=(LETTER,)).entries)
    assert doubt_of(refusal, entries, THRESHOLDS) is None
