"""What a mail adds to the journal, and what a forged one does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxbot.core.intake import Intake, take_in
from inboxbot.core.plan import EventKind
from inboxbot.core.types import CalendarEvent, Facts, Label, Reading
from tests.make import ME, NOW, OWNER, SENDERS, history_of, mail, rejection

FORGED = ("mx.home.example; dmarc=fail header.from=acme.example",)
NO = rejection(message_id="no@acme.example", received=NOW - timedelta(days=2))


def taken(reading: Reading) -> Intake:
    return take_in(
        reading, history_of(NO), OWNER, SENDERS, review_threshold=0.3, now=NOW, sent="Sent"
    )  # fmt: skip


@pytest.mark.threat("D2")
def test_a_mail_that_its_house_disowns_takes_nothing_back_and_is_nobodys_answer():
    sorry = mail(
        Label.INTERVIEW, "Jo Park <jo@acme.example>", Facts(takes_back=True),
        in_reply_to=("no@acme.example",), authentication=FORGED, message_id="sorry@x",
    )  # fmt: skip
    assert taken(sorry) == Intake()
    honest = replace(sorry, message=replace(sorry.message, authentication=()))
    assert taken(honest).entry is not None


@pytest.mark.threat("D2")
def test_a_letter_in_the_users_name_that_his_provider_disowns_is_not_his():
    own = mail(
        Label.NOT_JOB, f"Mara <{ME}>", in_reply_to=("no@acme.example",), authentication=FORGED,
        to=NO.message.from_, message_id="own@x",
    )  # fmt: skip
    assert taken(own) == Intake()
    honest = replace(own, message=replace(own.message, authentication=()))
    assert taken(honest).entry.own


def test_a_rejection_of_a_careless_sender_is_decided_about():
    careless = rejection(authentication=FORGED, message_id="other@acme.example")
    assert taken(careless).entry.open


@pytest.mark.threat("D2")
def test_a_forged_mail_moves_no_appointment():
    event = CalendarEvent(uid="u1", method="CANCEL")
    forged = rejection(authentication=FORGED, calendar=(event,), message_id="other@acme.example")
    assert taken(forged).entry.message.calendar == ()


def in_sent(reading: Reading) -> Reading:
    return replace(reading, folder="Sent")


def test_what_lies_in_sent_is_the_users_whatever_address_it_was_sent_from():
    own = rejection("Mara L. <mara@phone.example>", to=NO.message.from_, message_id="own@x")
    assert taken(in_sent(own)).entry.own
    assert not taken(own).entry.own


def test_an_employers_mail_that_was_filed_in_sent_is_still_the_employers():
    assert not taken(in_sent(rejection(message_id="filed@acme.example"))).entry.own
    via = rejection(to=NO.message.from_, delivered_to=(ME,), message_id="list@acme.example")
    assert not taken(in_sent(via)).entry.own


def test_feedback_in_a_no_is_kept_word_for_word_and_nothing_else_of_it():
    told = "Your answers on SQL window functions lacked depth."
    no = rejection(
        facts=Facts(employer="Acme", gives_feedback=True), message_id="why@acme.example",
        text=f"Dear Mara,\n\nWe chose another candidate. {told}\n\nKind regards\nJo Park",
    )  # fmt: skip
    seen, kept = taken(no).events
    assert (seen.kind, kept.kind) == (EventKind.SEEN, EventKind.FEEDBACK_RECEIVED)
    assert kept.payload["text"] == told
    assert taken(no).entry.open, "and it is thanked for"
