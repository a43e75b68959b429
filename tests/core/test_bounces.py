"""Delivery reports: the fields of RFC 3464 say who was not reached, and whether for good."""

from dataclasses import replace

import pytest

from inboxbot.core.bounces import given_up, is_about, people_told_of
from inboxbot.core.history import Entry, History
from inboxbot.core.types import Address, Label, Message, Trait
from tests.core.test_answers import SENT
from tests.core.test_follow import REJECTION
from tests.make import mail

JO, LEA = "jo@acme.example", "lea@acme.example"
LETTER = mail(
    Label.NOT_JOB, "Me <me@home.example>", message_id="new@client.example",
    to=(Address(JO),), cc=(Address(LEA),),
)  # fmt: skip
KNOWN = History(
    (Entry(reading=REJECTION, application="a"), Entry(reading=LETTER, application="a", own=True)),
    (SENT,),
)


def report(*reached: tuple[str, str], words: str = "") -> Message:
    fields = "\n\n".join(
        f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: 5.0.0"
        for address, action in reached
    )
    return mail(
        Label.NOT_JOB, "mailer-daemon@mx.example", in_reply_to=("new@client.example",),
        traits=frozenset({Trait.DELIVERY_REPORT}), text=words,
        quoted=f"Reporting-MTA: dns; mx.example\n\n{fields}\n\nTo: {JO}\nCc: {LEA}\n",
    ).message  # fmt: skip


@pytest.mark.parametrize(
    ("action", "lost"), [("failed", True), ("delayed", False), ("relayed", False)]
)
def test_what_was_done_with_a_letter_counts_and_not_the_codes_beside_it(action: str, lost: bool):
    told = report((JO, action), words="host mx.acme.example said: 550 5.1.1 try again later")
    assert given_up(told) is lost


def test_the_copy_for_a_colleague_came_back_and_not_the_question():
    told = report((LEA, "failed"), (JO, "relayed"))
    assert not is_about(told, SENT, KNOWN)
    assert list(people_told_of(told, KNOWN)) == []


def test_the_question_came_back_from_where_it_is_forwarded_to():
    assert is_about(report(("park1979@bigmail.example", "failed")), SENT, KNOWN)


def test_whom_the_report_names_as_not_reached_is_dead():
    told = report((JO, "failed"), (LEA, "relayed"))
    assert is_about(told, SENT, KNOWN)
    assert list(people_told_of(told, KNOWN)) == [JO]
    assert not list(people_told_of(told, replace_dead(KNOWN)))


def replace_dead(history: History) -> History:
    return History(history.entries, history.drafts, dead=frozenset({JO}))


def test_a_report_without_fields_names_people_in_words():
    told = replace(report(), text=f"<{JO}>: no such user", quoted="")
    assert is_about(told, SENT, KNOWN)
    assert list(people_told_of(told, KNOWN)) == [JO]
