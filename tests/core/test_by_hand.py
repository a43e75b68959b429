"""The user asked by hand; what came back is kept, and is no second no."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxbot.core.by_hand import event_by_hand
from inboxbot.core.history import Entry, History
from inboxbot.core.intake import take_in
from inboxbot.core.plan import DraftState, EventKind
from inboxbot.core.types import Facts, Label, Reading, Trait
from tests.core.test_follow import RECORD
from tests.make import NOW, OWNER, SENDERS, mail, rejection

NO = rejection(message_id="no@acme.example")
OWN = mail(
    Label.NOT_JOB, "Me <me@home.example>", message_id="mine@home.example",
    in_reply_to=("no@acme.example",), received=NOW + timedelta(hours=1),
)  # fmt: skip
WORDS = (
    "Of course. The case studies were clear, but nobody could see what you had decided yourself "
    "and what came from the team."
)


def history(*, sent_is_read: bool = True, entries: tuple[Entry, ...] = ()) -> History:
    own = (Entry(reading=OWN, application="a", own=True),) if sent_is_read else ()
    return History((Entry(reading=NO, application="a"), *own, *entries))


def answer(sender: str = "Jo Park <jo@acme.example>", facts=None, **fields) -> Reading:
    given = {
        "in_reply_to": ("mine@home.example",),
        "references": ("no@acme.example", "mine@home.example"),
        "received": NOW + timedelta(days=1), "date": NOW + timedelta(days=1), "text": WORDS,
    }  # fmt: skip
    return mail(Label.OTHER_JOB, sender, facts or Facts(), **{**given, **fields})


def kinds(reading: Reading, known: History | None = None) -> list[EventKind]:
    event = event_by_hand(reading, known or history(), SENDERS, NOW + timedelta(days=1))
    return [event.kind] if event else []


@pytest.mark.parametrize("sent_is_read", [True, False])
def test_what_comes_back_is_feedback_word_for_word(sent_is_read: bool):
    known = history(sent_is_read=sent_is_read)
    event = event_by_hand(answer(), known, SENDERS, NOW)
    assert (event.kind, event.application) == (EventKind.FEEDBACK_RECEIVED, "a")
    assert event.payload["text"] == WORDS
    assert event.payload["employer"] == "Acme"


def test_it_is_asked_about_by_nobody():
    reading = replace(answer(), verdict=replace(answer().verdict, probability=0.5))
    taken = take_in(reading, history(), OWNER, SENDERS, review_threshold=0.3, now=NOW)
    assert taken.entry is not None
    assert not taken.entry.open


def test_a_refusal_of_feedback_is_one():
    assert kinds(answer(facts=Facts(refuses_feedback=True))) == [EventKind.FEEDBACK_DECLINED]


@pytest.mark.parametrize(
    "reading",
    [
        answer(text="Thank you, and good luck!"),
        answer("Nadia <nadia@friends.example>"),
        answer(traits=frozenset({Trait.AUTO_SUBMITTED})),
        answer(in_reply_to=("no@acme.example",), references=("no@acme.example",)),
        answer(in_reply_to=(), references=()),
        answer(references=("mine@home.example",)),
    ],
    ids=["a word of thanks", "a friend", "a machine", "their own no", "no thread", "no no in it"],
)
def test_other_mail_is_no_answer_to_it(reading: Reading):
    assert kinds(reading) == []


def test_a_second_no_is_a_no():
    second = replace(answer(), verdict=replace(NO.verdict))
    assert kinds(second) == []


@pytest.mark.parametrize(
    ("state", "told"),
    [(DraftState.WAITING, 0), (DraftState.SENT, 0), (DraftState.WITHDRAWN, 1)],
)
def test_where_a_draft_may_have_asked_the_answer_is_its_own(state: DraftState, told: int):
    known = history()
    known.add_draft(replace(RECORD, state=state, application="a"))
    assert len(kinds(answer(), known)) == told
