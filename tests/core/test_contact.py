"""Whom to ask where people hand over, machines write in their name, and boxes are not read."""

from datetime import timedelta

import pytest

from inboxbot.core.contact import find_contact
from inboxbot.core.plan import Basis, Contact, Reason
from inboxbot.core.types import Address, Facts, Label, Reading, Trait
from tests.make import NOW, OWNER, SENDERS, history_of, mail, rejection, with_facts

MACHINE = "Acme <no-reply@acme.example>"
AL, BEA = "Al Moss <al@acme.example>", "Bea Finn <bea@acme.example>"
AL_HANDS_OVER = {"hands_over": True, "contact": Address("bea@acme.example", "Bea Finn")}


def contact_for(refusal: Reading, *before: Reading) -> Contact | Reason:
    history = history_of(*before, refusal)
    return find_contact(refusal, tuple(history.entries), history, OWNER, SENDERS)


def asked(refusal: Reading, *before: Reading) -> str | Reason:
    found = contact_for(refusal, *before)
    return found if isinstance(found, Reason) else found.address.addr


def invitation(sender: str, *, days_ago: int = 5, facts: dict | None = None, **fields) -> Reading:
    reading = mail(Label.INTERVIEW, sender, received=NOW - timedelta(days=days_ago), **fields)
    return with_facts(reading, **(facts or {}))


# ---------------------------------------------------------------- handing over


def test_who_takes_over_is_asked_in_the_thread_of_the_refusal():
    refusal = rejection(MACHINE)
    found = contact_for(refusal, invitation(AL, facts=AL_HANDS_OVER))
    assert isinstance(found, Contact)
    assert (found.address.addr, found.basis) == ("bea@acme.example", Basis.NAMED_IN_TEXT)
    assert found.parent.message.key == refusal.message.key


def test_who_hands_over_and_writes_again_is_in_charge_again():
    again = invitation(AL, days_ago=3)
    assert asked(rejection(MACHINE), invitation(AL, facts=AL_HANDS_OVER), again) == (
        "al@acme.example"
    )


def test_a_successor_in_another_house_is_not_asked():
    stranger = {"hands_over": True, "contact": Address("desk@bureau.example")}
    assert asked(rejection(MACHINE), invitation(AL, facts=stranger)) == "al@acme.example"


def test_two_who_name_each_other_end_the_search():
    back = {"hands_over": True, "contact": Address("al@acme.example")}
    both = invitation(AL, facts=AL_HANDS_OVER), invitation(BEA, days_ago=4, facts=back)
    assert asked(rejection(MACHINE), *both) in {"al@acme.example", "bea@acme.example"}


def test_a_mailbox_that_says_it_is_dead_is_not_asked_and_not_answered():
    gone = invitation(
        AL, days_ago=2, facts={"hands_over": True}, traits=frozenset({Trait.AUTO_REPLY})
    )
    assert asked(rejection(MACHINE), invitation(AL), gone) is Reason.UNREACHABLE
    assert asked(rejection(MACHINE), invitation(BEA), invitation(AL), gone) == "bea@acme.example"


def test_an_out_of_office_note_is_no_thread_to_answer_in():
    first = invitation(AL)
    away = invitation(AL, days_ago=2, traits=frozenset({Trait.AUTO_REPLY}))
    found = contact_for(rejection(MACHINE), first, away)
    assert isinstance(found, Contact)
    assert found.parent.message.key == first.message.key


# ---------------------------------------------------------------- machines that write for people


@pytest.mark.parametrize("machine", [MACHINE, "Acme <no-reply@us.greenhouse-mail.io>"])
def test_the_reply_to_of_an_invitation_is_asked_in_its_thread(machine: str):
    invited = invitation(machine, reply_to=(Address("bea@acme.example", "Bea Finn"),))
    found = contact_for(rejection(MACHINE), invited)
    assert isinstance(found, Contact)
    assert (found.address.addr, found.basis) == ("bea@acme.example", Basis.EARLIER_MESSAGE)
    assert found.parent.message.key == invited.message.key


@pytest.mark.threat("D1")
@pytest.mark.parametrize("reply_to", ["bea@collector.example", "bea@acme-careers.example"])
def test_a_reply_to_that_would_hold_a_refusal_makes_nobody_known_earlier(reply_to: str):
    invited = invitation("Acme <no-reply@us.greenhouse-mail.io>", reply_to=(Address(reply_to),))
    assert asked(rejection(MACHINE), invited) is Reason.UNREACHABLE


@pytest.mark.parametrize(
    ("sender", "known"),
    [
        ("Sofia Lind <sofia.lind@acme.teamtailor-mail.com>", True),
        ("Acme Coffee <acmecoffee@applytojob.com>", False),  # reads like a name, is the firm
        ("Acme Coffee <recruiting+k3@applytojob.com>", False),
        ("Sofia Lind <sofia.lind@linkedin.com>", False),  # a board relays, and reads nothing
    ],
)
def test_a_box_at_the_vendor_is_a_persons_where_it_spells_her_name(sender: str, *, known: bool):
    refusal = rejection(MACHINE, Facts(employer="Acme Coffee", role="Designer", language="en"))
    found = asked(refusal, invitation(sender, facts={"employer": "Acme Coffee"}))
    assert (found is not Reason.UNREACHABLE) == known


# ---------------------------------------------------------------- boxes that nobody reads


def test_a_mail_that_forbids_to_answer_it_is_not_answered():
    refusal = with_facts(rejection("Acme <careers@acme.example>"), takes_no_replies=True)
    assert asked(refusal) is Reason.UNREACHABLE
    assert asked(refusal, invitation(BEA)) == "bea@acme.example"


def test_a_reply_to_that_only_repeats_from_is_forbidden_as_well():
    refusal = with_facts(
        rejection("Acme <careers@acme.example>", reply_to=(Address("careers@acme.example"),)),
        takes_no_replies=True,
    )
    assert asked(refusal) is Reason.UNREACHABLE


def test_a_person_in_reply_to_is_asked_though_the_text_forbids_to_answer():
    refusal = with_facts(
        rejection("Acme <careers@acme.example>", reply_to=(Address("bea@acme.example"),)),
        takes_no_replies=True,
    )
    assert asked(refusal) == "bea@acme.example"


def test_feedback_that_is_offered_by_reply_is_asked_for_by_reply():
    refusal = with_facts(
        rejection("Acme <careers@acme.example>"), takes_no_replies=True, offers_feedback=True
    )
    assert asked(refusal) == "careers@acme.example"


def test_an_earlier_mail_that_forbids_to_answer_makes_nobody_known():
    received = invitation("Acme <careers@acme.example>", facts={"takes_no_replies": True})
    assert asked(rejection(MACHINE), received) is Reason.UNREACHABLE


def test_a_tracking_system_under_the_employers_own_name_is_not_asked():
    assert asked(rejection("Acme HR <workday@acme.example>")) is Reason.UNREACHABLE
