"""A mail in the thread of an application is read as part of it; whose people come first there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxbot.core.contact import find_contact
from inboxbot.core.history import History
from inboxbot.core.joining import application_of, in_its_place
from inboxbot.core.plan import Contact, Reason
from inboxbot.core.types import Facts, Label, Reading
from tests.make import NOW, OWNER, SENDERS, history_of, message, verdict

INVITATION = Reading(
    message=message("Ana Ruiz <ana@acme.example>", message_id="a@x", received=NOW - timedelta(9)),
    verdict=verdict(0.001, Label.INTERVIEW),
    facts=Facts(employer="Acme", role="Baker"),
)


def unsure(**fields: object) -> Reading:
    """Return a short answer that looks like ordinary mail, and a little like a rejection."""
    found = verdict(0.3, Label.NOT_JOB)
    shares = dict.fromkeys(Label, 0.0) | {
        Label.NOT_JOB: 0.6,
        Label.REJECTION: 0.3,
        Label.OFFER: 0.1,
    }
    return Reading(
        message=message(**{"sender": "Ben Ode <ben@home.example>", "message_id": "b@x", **fields}),
        verdict=replace(found, probabilities=shares),
        facts=Facts(),
    )


def test_an_answer_in_the_thread_of_an_application_is_no_ordinary_mail():
    placed = in_its_place(unsure(in_reply_to=("a@x",)), history_of(INVITATION), SENDERS).verdict
    assert placed.label is Label.REJECTION
    assert placed.probability == placed.probabilities[Label.REJECTION] == pytest.approx(0.75)
    assert placed.probabilities[Label.NOT_JOB] == 0
    assert sum(placed.probabilities.values()) == pytest.approx(1)


def test_a_new_mail_of_somebody_who_wrote_in_an_application_belongs_there_too():
    mail = unsure(sender="Ana Ruiz <ana@acme.example>")
    assert in_its_place(mail, history_of(INVITATION), SENDERS).verdict.label is Label.REJECTION


def test_mail_of_a_stranger_is_read_as_it_is():
    mail = unsure()
    assert in_its_place(mail, history_of(INVITATION), SENDERS) is mail
    assert in_its_place(mail, History(), SENDERS) is mail


def test_mail_that_is_nothing_but_ordinary_stays_so_in_any_thread():
    mail = unsure(in_reply_to=("a@x",))
    shares = dict.fromkeys(Label, 0.0) | {Label.NOT_JOB: 1.0}
    mail = replace(mail, verdict=replace(mail.verdict, probability=0.0, probabilities=shares))
    assert in_its_place(mail, history_of(INVITATION), SENDERS) is mail


def test_mail_from_the_employers_own_address_joins_though_it_names_no_employer():
    notice = unsure(sender="Jobs <no-reply@acme.example>")
    assert application_of(notice, history_of(INVITATION), SENDERS) == INVITATION.message.key


def test_mail_from_a_vendors_address_does_not_join_another_employers_application():
    invitation = replace(
        INVITATION, message=message("Acme <no-reply@greenhouse-mail.io>", message_id="a@x")
    )
    notice = unsure(sender="Globex <no-reply@greenhouse-mail.io>")
    assert application_of(notice, history_of(invitation), SENDERS) == notice.message.key


def test_whoever_recruits_is_asked_before_whoever_held_the_interview():
    recruiter = replace(
        INVITATION,
        verdict=verdict(0.001, Label.OTHER_JOB),
        facts=Facts(employer="Acme", role="Baker", recruits=True),
    )
    interviewer = Reading(
        message=message(
            "Cy Low <cy@acme.example>", message_id="c@x", received=NOW - timedelta(days=3)
        ),
        verdict=verdict(0.001, Label.INTERVIEW),
        facts=Facts(employer="Acme", role="Baker"),
    )
    notice = Reading(
        message=message("Acme Jobs <no-reply@acme.example>", message_id="d@x"),
        verdict=verdict(),
        facts=Facts(employer="Acme", role="Baker"),
    )
    history = history_of(recruiter, interviewer, notice)
    entries = history.of_application(recruiter.message.key)
    contact = find_contact(notice, entries, history, OWNER, SENDERS)
    assert isinstance(contact, Contact)
    assert contact.address.addr == "ana@acme.example"


@pytest.mark.parametrize(
    "local",
    ["notificaciones", "naoresponda", "ne-pas-repondre", "nicht.antworten", "niet-beantwoorden"],
)
def test_an_address_that_says_in_another_language_that_nobody_reads_it_is_never_asked(local):
    notice = Reading(
        message=message(f"Acme <{local}@acme.example>"),
        verdict=verdict(),
        facts=Facts(employer="Acme"),
    )
    assert find_contact(notice, (), History(), OWNER, SENDERS) is Reason.UNREACHABLE
