"""Which application a mail joins, where names are written in two ways; how far it had come."""

from datetime import timedelta

import pytest

from inboxbot.core.history import stage_of
from inboxbot.core.joining import application_of
from inboxbot.core.types import Facts, Label, Reading, Stage
from tests.make import NOW, SENDERS, history_of, mail, rejection

MACHINE = "Careers <no-reply@us.greenhouse-mail.io>"


def invitation(**facts: str) -> Reading:
    found = Facts(**{"employer": "Acme", **facts})
    return mail(Label.INTERVIEW, "Ana Ruiz <ana@acme.example>", found, message_id="invited@x")


def joins(known: Reading, **facts: str) -> bool:
    no = rejection(MACHINE, Facts(**{"employer": "Acme", **facts}), message_id="no@x")
    return application_of(no, history_of(known), SENDERS) == known.message.key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Backend Engineer", "Backend Engineer, Fleet Platform", True),
        ("Backend Engineer – Fleet Platform", "Backend Engineer", True),
        ("Account Manager, Iberia", "Account Manager, Nordics", False),
        ("Data Analyst", "Data Analyst - Intern", False),
        ("Data Analyst", "Data Analyst, Senior", False),
        ("Data Analyst", "Data Analyst Intern", False),
    ],
)
def test_a_title_in_short_is_the_title_and_another_branch_or_level_is_not(one, other, same):
    assert joins(invitation(role=one), role=other) is same


def test_a_title_in_short_joins_neither_of_two():
    branches = [
        mail(
            Label.ACKNOWLEDGEMENT, MACHINE, Facts(employer="Acme", role=role),
            message_id=f"{role[-7:]}@x",
        )
        for role in ("Account Manager, Iberia", "Account Manager, Nordics")
    ]  # fmt: skip
    no = rejection(MACHINE, Facts(employer="Acme", role="Account Manager"), message_id="no@x")
    assert application_of(no, history_of(*branches), SENDERS) == no.message.key


@pytest.mark.parametrize(
    ("number", "role", "same"),
    [
        ("1553021", "Consultant, Tax", True),
        ("1553021", "Network Technician", False),
        ("1553022", "Consultant, Tax", False),
    ],
)
def test_one_number_and_title_is_one_application_whatever_the_employer_calls_itself(
    number: str, role: str, same: bool
):
    known = invitation(employer="EY", requisition="1553021", role="Consultant")
    assert joins(known, employer="Ernst & Young", requisition=number, role=role) is same


def test_a_short_number_is_nobodys_own():
    known = invitation(employer="EY", requisition="R-101", role="Consultant")
    assert not joins(known, employer="Quillon", requisition="R-101", role="Consultant")


def test_the_title_of_a_test_is_not_that_of_another_job():
    known = invitation(role="Platform Engineer")
    found = Facts(employer="Acme", role="General Coding Assessment")
    test = mail(Label.ASSESSMENT, "CodeSignal <x@codesignal.com>", found, message_id="test@x")
    assert application_of(test, history_of(known), SENDERS) == known.message.key


def reached(*facts: Facts) -> Stage:
    """Return the stage that a no without a word of it asks about, after these mails."""
    known = [
        mail(
            Label.INTERVIEW if found.stage else Label.OTHER_JOB, "Ana Ruiz <ana@acme.example>",
            found, message_id=f"{place}@x", received=NOW - timedelta(days=9 - place),
        )
        for place, found in enumerate(facts)
    ]  # fmt: skip
    return stage_of(rejection(MACHINE), history_of(*known).entries)


def test_a_talk_that_was_called_off_was_not_held_and_the_one_before_it_was():
    screening, interview, off = (
        Facts(employer="Acme", role="Baker", stage=Stage.SCREENING),
        Facts(employer="Acme", role="Baker", stage=Stage.INTERVIEW),
        Facts(employer="Acme", role="Baker", calls_off=True),
    )
    assert reached(interview, off) is Stage.APPLICATION
    assert reached(screening, interview, off) is Stage.SCREENING
    assert reached(interview, off, interview) is Stage.INTERVIEW
