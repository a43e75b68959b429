"""One employer is asked once: about both roles where the first draft still lies untouched."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxbot.core.decide import decide
from inboxbot.core.joining import application_of
from inboxbot.core.plan import Basis, Decision, DraftRecord, DraftState, Judgement, Reason
from inboxbot.core.types import Address, Facts, Key, Label, Reading, Stage
from tests.make import NOW, SENDERS, history_of, mail, rejection, situation

JO = "Jo Park <jo@acme.example>"
FIRST = rejection(JO, message_id="first@acme.example", received=NOW - timedelta(days=3))
SECOND = rejection(
    JO, facts=Facts(employer="Acme Corp.", role="Researcher", language="en"),
    message_id="second@acme.example",
)  # fmt: skip
DRAFTED = DraftRecord(
    key=Key("f" * 32), application=str(FIRST.message.key), answered=FIRST.message.key,
    state=DraftState.WAITING, to=Address("jo@acme.example"), subject="Re: Your application",
    answers=("first@acme.example",), planned=NOW - timedelta(days=2), employer="Acme",
    roles=("Designer",), stage=Stage.APPLICATION, only_asks=True,
)  # fmt: skip


def judge(
    reading: Reading, drafted: DraftRecord = DRAFTED, *before: Reading, **at: object
) -> Judgement:
    history = history_of(FIRST, *before, reading)
    application = history.entry(FIRST.message.key).application
    history.add_draft(replace(drafted, application=application))
    own = application_of(reading, history, SENDERS)
    return decide(reading, own, history, situation(**at))


def test_a_second_role_is_named_in_one_draft_with_the_first():
    judgement = judge(SECOND)
    assert judgement.decision is Decision.DRAFT
    assert judgement.roles == ("Designer", "Researcher")
    assert judgement.replaces.key == DRAFTED.key


@pytest.mark.parametrize(
    "state",
    [DraftState.EDITED, DraftState.SENT, DraftState.DISCARDED, DraftState.VANISHED],
)
def test_a_draft_that_the_user_has_touched_is_not_replaced(state: DraftState):
    assert judge(SECOND, replace(DRAFTED, state=state)).reason is Reason.ASKED_RECENTLY


def test_thanks_and_acceptances_are_not_replaced_by_a_question():
    assert judge(SECOND, replace(DRAFTED, only_asks=False)).reason is Reason.ASKED_RECENTLY
    offers = replace(SECOND, facts=replace(SECOND.facts, offers_feedback=True))
    assert judge(offers).reason is Reason.ASKED_RECENTLY


def test_an_agencys_contact_hears_nothing_of_the_other_employer():
    other = replace(SECOND, facts=replace(SECOND.facts, employer="Brightwell"))
    assert judge(other).reason is Reason.ASKED_RECENTLY


def test_a_role_that_nobody_can_be_asked_about_is_named_to_whom_the_first_draft_asks():
    machine = rejection(
        "Acme <acme@myworkday.com>", facts=SECOND.facts, message_id="second@acme.example"
    )
    judgement = judge(machine)
    assert judgement.contact.address.addr == "jo@acme.example"
    assert judgement.contact.basis is Basis.EARLIER_MESSAGE
    assert judgement.roles == ("Designer", "Researcher")


def test_a_machines_second_no_to_the_same_application_adds_nothing():
    machine = rejection("Acme <acme@myworkday.com>", message_id="again@acme.example")
    assert judge(machine).reason is Reason.DUPLICATE


def test_the_persons_own_no_is_answered_in_place_of_the_machines():
    hers = rejection(JO, message_id="hers@acme.example")
    judgement = judge(hers, replace(DRAFTED, answers=("invitation@acme.example",)))
    assert judgement.contact.parent.message.message_id == "hers@acme.example"
    assert judgement.replaces.key == DRAFTED.key
    assert judgement.roles == ("Designer",)


def test_the_letter_asks_about_the_furthest_stage():
    reached = replace(DRAFTED, stage=Stage.INTERVIEW)
    assert judge(SECOND, reached).stage is Stage.INTERVIEW


def test_a_draft_that_takes_anothers_place_is_not_one_more_of_the_day():
    assert judge(SECOND, drafts_today=10).not_before is None


def test_after_thirty_days_a_second_question_is_asked():
    old = replace(DRAFTED, planned=NOW - timedelta(days=31), state=DraftState.SENT)
    assert judge(SECOND, replace(old, state=DraftState.EDITED)).reason is Reason.ASKED_RECENTLY
    assert judge(SECOND, replace(old, sent=NOW - timedelta(days=2))).reason is (
        Reason.ASKED_RECENTLY
    )
    assert judge(SECOND, old).replaces is None
    assert judge(SECOND, old).roles == ("Researcher",)


def test_a_mail_that_a_later_draft_speaks_of_has_its_draft():
    later = replace(DRAFTED, answered=Key("x" * 32), also=(SECOND.message.key,))
    assert judge(SECOND, later).reason is Reason.DUPLICATE


def test_a_mistake_that_is_taken_back_ends_the_matter():
    sorry = mail(
        Label.OTHER_JOB, JO, facts=Facts(employer="Acme", role="Researcher", takes_back=True),
        received=NOW - timedelta(hours=1), message_id="sorry@acme.example",
    )  # fmt: skip
    history = history_of(SECOND, sorry)
    application = history.entry(SECOND.message.key).application
    assert decide(SECOND, application, history, situation()).reason is Reason.REOPENED
