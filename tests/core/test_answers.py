"""What became of each question: answered, declined, bounced, a machine, nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inboxbot.core.answers import (
    answered,
    question_of,
    taken_up_again,
    unanswered,
    without_ours,
    working_days,
)
from inboxbot.core.history import Entry, History
from inboxbot.core.plan import DraftState, EventKind
from inboxbot.core.policy import Policy
from inboxbot.core.types import Facts, Label, Reading, Trait
from tests.core.test_follow import RECORD, REJECTION
from tests.make import NOW, SENDERS, answer_to, mail

SENT = replace(
    RECORD, state=DraftState.SENT, sent=NOW - timedelta(hours=10), sent_id="new@client.example",
    template="en/interview/2",
)  # fmt: skip


def history(record=SENT) -> History:
    return History((Entry(reading=REJECTION, application="a"),), (record,))


def answer(sender: str = "Jo Park <jo@acme.example>", facts=None, **fields) -> Reading:
    given = {"in_reply_to": ("new@client.example",), "text": "More examples would have helped."}
    return mail(Label.FEEDBACK, sender, facts or Facts(), **{**given, **fields})


def kind_of(reading: Reading) -> EventKind:
    event = answer_to(history(), reading)
    return event.kind


def test_a_colleague_answers_in_the_thread_of_what_the_client_sent_under_a_new_name():
    assert kind_of(answer("Lea Voss <lea@acme.example>")) is EventKind.FEEDBACK_RECEIVED


def test_an_answer_that_refuses_feedback_declines_and_its_words_are_kept():
    reading = answer(facts=Facts(refuses_feedback=True), text="We cannot give feedback.")
    event = answer_to(history(), reading)
    assert event.kind is EventKind.FEEDBACK_DECLINED
    assert event.payload["text"] == "We cannot give feedback."


def test_an_answer_that_refuses_and_then_gives_is_feedback():
    assert kind_of(answer(facts=Facts(refuses_feedback=True, gives_feedback=True))) is (
        EventKind.FEEDBACK_RECEIVED
    )


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Monday.",
        "Danke für Ihre Nachricht. Ich bin bis zum 12. nicht im Büro.",
        "Bonjour, je suis absente jusqu'au 3 décembre.",
        "Ik ben deze week niet op kantoor.",
        "Jag är på semester till den 5:e.",
    ],
)
def test_a_short_note_of_absence_is_no_feedback_even_without_a_header(text: str):
    assert kind_of(answer(text=text)) is EventKind.AUTO_REPLY


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Sorry, I was on annual leave. Your case lacked numbers."},
        {"text": "I am out of the office, but: show numbers.", "quoted": "> What would help?"},
        {"text": "I am on leave from Monday. " + "Your case study was good, and " * 12},
    ],
)
def test_a_person_who_speaks_of_an_absence_is_heard(changes: dict):
    assert kind_of(answer(**changes)) is EventKind.FEEDBACK_RECEIVED


@pytest.mark.parametrize("trait", [Trait.AUTO_REPLY, Trait.AUTO_SUBMITTED, Trait.NULL_RETURN_PATH])
def test_a_machines_headers_make_it_an_automatic_reply(trait: Trait):
    assert kind_of(answer(traits=frozenset({trait}))) is EventKind.AUTO_REPLY


def test_an_answer_settles_the_question_and_an_automatic_one_does_not():
    event = answer_to(history(), answer())
    (record,) = answered([event], history())
    assert record.outcome is EventKind.FEEDBACK_RECEIVED
    away = answer(traits=frozenset({Trait.AUTO_REPLY}))
    assert not list(answered([answer_to(history(), away)], history()))


def test_a_question_without_answer_is_told_of_once_after_its_working_days():
    policy = Policy(no_answer_after=10)
    just_before = SENT.sent + timedelta(days=13)
    assert not list(unanswered((SENT,), policy, just_before, UTC))
    ((record, event),) = unanswered((SENT,), policy, SENT.sent + timedelta(days=14), UTC)
    assert event.kind is EventKind.NO_ANSWER
    assert not list(unanswered((record,), policy, NOW + timedelta(days=90), UTC))


def test_thanks_wait_for_no_answer():
    thanks = replace(SENT, template="en/thanks-given/1")
    assert not list(unanswered((thanks,), Policy(), NOW + timedelta(days=90), UTC))


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-11-02", "2026-11-02", 0),  # a Monday
        ("2026-11-02", "2026-11-06", 4),
        ("2026-11-06", "2026-11-09", 1),  # over a weekend
        ("2026-11-07", "2026-11-08", 0),
        ("2026-11-02", "2026-11-16", 10),
        ("2026-11-07", "2026-11-21", 10),
    ],
)
def test_working_days_are_monday_to_friday(since: str, until: str, days: int):
    ends = (datetime.fromisoformat(f"{day}T12:00+00:00") for day in (since, until))
    assert working_days(*ends, UTC) == days


def test_working_days_are_those_of_the_users_zone():
    late = datetime(2026, 11, 6, 23, 30, tzinfo=UTC)  # Saturday in Auckland
    assert working_days(late, late + timedelta(days=2), ZoneInfo("Pacific/Auckland")) == 1
    assert working_days(late, late + timedelta(days=2), UTC) == 0


def test_our_own_lines_are_taken_out_of_an_answer_however_they_were_pasted():
    ours = "Thank you for the clear answer.\n\nWhat is the one thing that I should work on most?"
    text = (
        "| What is the one thing that I should\nWhat is the one thing that I should work on most?\n"
        "Your numbers.\nThank you."
    )
    assert without_ours(text, ours) == "Your numbers.\nThank you."
    assert (
        without_ours("Thank you for the clear answer.", ours) == "Thank you for the clear answer."
    )


def test_a_bounce_names_the_dead_address():
    report = answer(
        "mailer-daemon@acme.example", in_reply_to=(), traits=frozenset({Trait.DELIVERY_REPORT}),
        text="jo@acme.example: no such user",
    )  # fmt: skip
    event = answer_to(history(), report)
    assert (event.kind, event.payload["address"]) == (EventKind.BOUNCED, "jo@acme.example")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_of_mail_that_was_not_given_up_is_no_bounce(action: str):
    report = answer(
        "mailer-daemon@acme.example", in_reply_to=(), traits=frozenset({Trait.DELIVERY_REPORT}),
        text=f"Final-Recipient: rfc822; jo@acme.example\nAction: {action}\n",
    )  # fmt: skip
    assert answer_to(history(), report) is None


@pytest.mark.threat("D1")
def test_a_friend_who_is_copied_in_answers_nothing():
    friend = answer("Ole Friis <ole@gmail.com>", text="Good letter! Beer tonight?")
    assert answer_to(history(), friend) is None


def test_an_answer_may_come_before_its_question_was_filed_in_sent():
    early = answer(received=SENT.sent - timedelta(minutes=3))
    event = answer_to(history(), early)
    assert event.kind is EventKind.FEEDBACK_RECEIVED


def test_feedback_under_a_new_subject_is_an_answer_of_the_person_who_was_asked():
    fresh = answer(in_reply_to=(), subject="Feedback on your interview")
    assert kind_of(fresh) is EventKind.FEEDBACK_RECEIVED


def test_one_line_that_both_letters_share_stays():
    ours = "About the Product Designer role at Harbour Maps: what would help?\n\nMara Lind"
    text = "for the\nProduct Designer role at Harbour Maps\nwe look for numbers."
    assert without_ours(text, ours) == text


@pytest.mark.parametrize(
    ("reading", "kind"),
    [
        (answer(text="I will ask the team and get back to you next week."), None),
        (answer("Lea Voss <lea@acme.example>", text="Jo is on leave. You lost it on the numbers."),
         EventKind.FEEDBACK_RECEIVED),
        (answer(text="See Lea's notes.", quoted="From: Lea Voss <lea@acme.example>\nToo shy."),
         EventKind.FEEDBACK_RECEIVED),
    ],
    ids=["a promise", "a colleague in her place", "a colleague's words below"],
)  # fmt: skip
def test_an_answer_is_what_it_tells(reading: Reading, kind: EventKind | None):
    event = answer_to(history(), reading)
    assert (event and event.kind) == kind
    assert question_of(reading, history(), SENDERS) == SENT


def test_a_colleagues_words_below_an_answer_are_kept_with_it():
    below = "From: Lea Voss <lea@acme.example>\nToo shy."
    event = answer_to(history(), answer(text="See below.", quoted=below))
    assert event.payload["text"] == f"See below.\n\n{below}"
    ours = answer(text="Numbers.", quoted="From: Me <me@home.example>\nWhat would help?")
    event = answer_to(history(), ours)
    assert event.payload["text"] == "Numbers."


@pytest.mark.parametrize(
    ("text", "answers"), [("You were too shy.", True), ("Please share your feedback on us.", False)]
)
def test_the_house_may_write_about_feedback_anew_but_a_survey_answers_nothing(
    text: str, answers: bool
):
    fresh = answer("Lea Voss <lea@acme.example>", in_reply_to=(), subject="Feedback", text=text)
    assert (question_of(fresh, history(), SENDERS) is not None) is answers


@pytest.mark.parametrize(
    ("sender", "reopened"),
    [("Acme <no-reply@acme.example>", True), ("Ole Friis <ole@friends.example>", False)],
)
def test_an_invitation_outside_the_thread_reopens_what_was_asked_about(sender: str, reopened: bool):
    later = mail(Label.INTERVIEW, sender, received=NOW, date=NOW)
    entries = (Entry(reading=REJECTION, application="a"), Entry(reading=later, application="a"))
    asked = replace(SENT, application="a")
    found = list(taken_up_again(History(entries, (asked,)), SENDERS, NOW))
    assert [event.kind for _, event in found] == ([EventKind.REOPENED] if reopened else [])
    settled = [record for record, _ in found]
    assert not list(taken_up_again(History(entries, settled), SENDERS, NOW))
