"""What became of a draft, concluded from what lies in the mailbox and from nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxbot.core.follow import Look, follow
from inboxbot.core.history import Entry, History
from inboxbot.core.identity import fingerprint_of
from inboxbot.core.plan import DraftRecord, DraftState, EventKind, Reason
from inboxbot.core.policy import Policy
from inboxbot.core.types import Address, Key, Label, Reading, Trait
from tests.make import ME, NOW, answer_to, mail, message, rejection, with_facts

KEY = Key("d" * 32)
REJECTION = rejection(message_id="rej@acme.example", received=NOW - timedelta(days=1))
LETTER = replace(
    REJECTION,
    message=message(
        f"Mara <{ME}>", message_id=f"{KEY}@home.example", to=(Address("jo@acme.example"),),
        subject="Re: Your application", in_reply_to=("rej@acme.example",), text="Thank you.",
    ),
)  # fmt: skip
RECORD = DraftRecord(
    key=KEY, application="a", answered=REJECTION.message.key, state=DraftState.WAITING,
    to=Address("jo@acme.example"), subject="Re: Your application", answers=("rej@acme.example",),
    planned=NOW - timedelta(hours=20), fingerprint=fingerprint_of(LETTER.message),
)  # fmt: skip


def history_with(*entries: Entry, record: DraftRecord = RECORD) -> History:
    first = Entry(reading=REJECTION, application="a")
    return History((first, *entries), (record,))


def sent_mail(**fields) -> Entry:
    given = {
        "message_id": "new@client.example", "to": (Address("jo@acme.example"),),
        "in_reply_to": ("rej@acme.example",), "received": NOW - timedelta(hours=1),
    }  # fmt: skip
    reading = replace(REJECTION, message=message(f"Mara <{ME}>", **{**given, **fields}))
    return Entry(reading=reading, application="a", own=True)


def kinds(history: History, look: Look) -> list[EventKind]:
    return [event.kind for event in follow(history, look, Policy(), NOW).events]


def test_an_untouched_draft_waits():
    outcome = follow(history_with(), Look(drafts=(LETTER,)), Policy(), NOW)
    assert not outcome.events
    assert not outcome.withdraw


def test_a_changed_draft_was_edited_and_is_never_withdrawn():
    edited = replace(LETTER, message=replace(LETTER.message, text="Thanks, and one thing."))
    outcome = follow(history_with(), Look(drafts=(edited,)), Policy(), NOW + timedelta(days=60))
    assert [event.kind for event in outcome.events] == [EventKind.DRAFT_EDITED]
    assert not outcome.withdraw


def test_a_draft_that_a_client_saved_anew_is_found_by_thread_and_person():
    saved = replace(LETTER, message=replace(LETTER.message, message_id="x@client", text="Hi"))
    assert kinds(history_with(), Look(drafts=(saved,))) == [EventKind.DRAFT_EDITED]


def test_feedback_that_comes_meanwhile_takes_the_question_back():
    told = with_facts(rejection(message_id="more@acme.example", received=NOW), gives_feedback=True)
    history = history_with(Entry(reading=told, application="a"))
    (withdrawn,) = follow(history, Look(drafts=(LETTER,)), Policy(), NOW).withdraw
    assert withdrawn.why is Reason.FEEDBACK_GIVEN


@pytest.mark.parametrize(
    "fields",
    [
        {},  # Thunderbird and Outlook: a Message-ID of their own
        {"message_id": f"{KEY}@home.example", "in_reply_to": ()},  # Roundcube, neomutt
        {"in_reply_to": (), "subject": "Re: Your application"},  # Proton's bridge: no thread
        {"in_reply_to": (), "references": ("rej@acme.example",)},
    ],
)
def test_a_sent_mail_is_found_whatever_the_client_did_to_it(fields):
    assert kinds(history_with(sent_mail(**fields)), Look(drafts=())) == [EventKind.SENT]


def test_a_mail_to_somebody_else_in_the_thread_is_not_the_draft_sent():
    other = sent_mail(to=(Address("boss@acme.example"),))
    assert kinds(history_with(other), Look(drafts=())) == [EventKind.VANISHED]


def test_an_answer_of_the_users_own_is_not_the_draft_sent_while_the_draft_lies_there():
    outcome = follow(history_with(sent_mail()), Look(drafts=(LETTER,)), Policy(), NOW)
    assert not outcome.events
    assert [action.why for action in outcome.withdraw] == [Reason.USER_REPLIED]


def test_a_draft_in_trash_was_discarded():
    look = Look(drafts=(), in_trash=frozenset({KEY}))
    assert kinds(history_with(), look) == [EventKind.DISCARDED]


@pytest.mark.threat("D29")
@pytest.mark.parametrize("drafts", [(), None])
def test_a_draft_that_is_nowhere_has_vanished_and_that_concludes_nothing(drafts):
    outcome = follow(history_with(), Look(drafts=drafts), Policy(), NOW)
    assert [event.kind for event in outcome.events] == [EventKind.VANISHED]
    again = history_with(record=outcome.records[0])
    assert kinds(again, Look(drafts=drafts)) == []
    later = history_with(sent_mail(), record=outcome.records[0])
    assert kinds(later, Look(drafts=drafts)) == [EventKind.SENT]


def test_an_untouched_draft_is_withdrawn_after_its_time():
    outcome = follow(history_with(), Look(drafts=(LETTER,)), Policy(), NOW + timedelta(days=14))
    assert [action.why for action in outcome.withdraw] == [Reason.TOO_OLD]


def test_an_untouched_draft_is_withdrawn_when_the_employer_writes_again():
    news = mail(Label.INTERVIEW, "Jo Park <jo@acme.example>", received=NOW - timedelta(hours=1))
    history = history_with(Entry(reading=news, application="a"))
    outcome = follow(history, Look(drafts=(LETTER,)), Policy(), NOW)
    assert [action.why for action in outcome.withdraw] == [Reason.REOPENED]


SENT = replace(RECORD, state=DraftState.SENT, sent=NOW - timedelta(hours=10))


def answer(**fields) -> Reading:
    given = {"in_reply_to": ("rej@acme.example",), "text": "More examples would have helped."}
    return mail(Label.FEEDBACK, "Jo Park <jo@acme.example>", **{**given, **fields})


def test_an_answer_to_a_sent_request_is_kept_word_for_word():
    event = answer_to(history_with(record=SENT), answer())
    assert event.kind is EventKind.FEEDBACK_RECEIVED
    assert event.payload["text"] == "More examples would have helped."


@pytest.mark.parametrize(
    ("trait", "kind"),
    [
        (Trait.AUTO_REPLY, EventKind.AUTO_REPLY),
        (Trait.DELIVERY_REPORT, EventKind.BOUNCED),
    ],
)
def test_a_machines_answer_is_no_feedback(trait, kind):
    text = "jo@acme.example cannot be reached"
    reading = answer(traits=frozenset({trait}), text=text)
    event = answer_to(history_with(record=SENT), reading)
    assert event.kind is kind


def test_a_mail_before_the_request_was_sent_is_no_answer():
    early = answer(received=NOW - timedelta(hours=11))
    assert answer_to(history_with(record=SENT), early) is None


@pytest.mark.parametrize(
    "changes",
    [{"bcc": (Address("a@b.example"),)}, {"attached": True}, {"cc": (Address("a@b.example"),)}],
)
def test_a_copy_or_an_attachment_that_the_user_adds_is_an_edit(changes):
    edited = replace(LETTER, message=replace(LETTER.message, **changes))
    assert kinds(history_with(), Look(drafts=(edited,))) == [EventKind.DRAFT_EDITED]


def test_a_second_no_to_the_same_application_withdraws_nothing():
    again = rejection("Acme <acme@myworkday.com>", received=NOW - timedelta(hours=1))
    history = history_with(Entry(reading=again, application="a"))
    assert not follow(history, Look(drafts=(LETTER,)), Policy(), NOW).withdraw


def test_feedback_that_comes_unasked_withdraws_the_question():
    told = mail(Label.FEEDBACK, "Jo Park <jo@acme.example>", received=NOW - timedelta(hours=1))
    history = history_with(Entry(reading=told, application="a"))
    outcome = follow(history, Look(drafts=(LETTER,)), Policy(), NOW)
    assert [action.why for action in outcome.withdraw] == [Reason.FEEDBACK_GIVEN]


def test_a_draft_that_another_one_speaks_for_is_withdrawn():
    both = replace(RECORD, key=Key("b" * 32), also=(RECORD.answered,), answered=Key("z" * 32))
    history = History((Entry(reading=REJECTION, application="a"),), (RECORD, both))
    outcome = follow(history, Look(drafts=(LETTER,)), Policy(), NOW)
    assert [action.why for action in outcome.withdraw] == [Reason.DUPLICATE]
    unwritten = replace(both, state=DraftState.INTENDED)
    history = History((Entry(reading=REJECTION, application="a"),), (RECORD, unwritten))
    assert not follow(history, Look(drafts=(LETTER,)), Policy(), NOW).withdraw


def test_a_draft_about_what_the_user_calls_no_rejection_is_withdrawn():
    calm = replace(
        REJECTION, verdict=replace(REJECTION.verdict, label=Label.OTHER_JOB, corrected=True)
    )
    history = History((Entry(reading=calm, application="a"),), (RECORD,))
    outcome = follow(history, Look(drafts=(LETTER,)), Policy(), NOW)
    assert [action.why for action in outcome.withdraw] == [Reason.NOT_REJECTION]
