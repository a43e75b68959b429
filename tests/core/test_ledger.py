"""What asking has brought, counted from the journal's events."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxbot.core.ledger import Answer, asks_in, tally
from inboxbot.core.plan import Basis, Confidence, Event, EventKind
from inboxbot.core.types import Stage
from tests.make import NOW


def letter(key: str, *, stage: str = "interview", decision: str = "draft") -> list[Event]:
    about = {
        "decision": decision, "to": "jo@acme.example", "basis": "from", "confidence": "high",
        "employer": "Acme", "stage": stage, "template": f"en/{stage}/1",
    }  # fmt: skip
    sent = {"draft": key, "sent": (NOW - timedelta(days=4)).isoformat(), "employer": "Acme"}
    return [
        Event(kind=EventKind.DRAFT_SAVED, time=NOW, message=key, payload=about),
        Event(kind=EventKind.SENT, time=NOW, message=key, payload=sent),
    ]


def answer(kind: EventKind, key: str, days_ago: float = 2) -> Event:
    came = (NOW - timedelta(days=days_ago)).isoformat()
    return Event(kind=kind, time=NOW, message="m", payload={"draft": key, "received": came})


def test_a_question_is_known_with_its_stage_basis_wording_and_delay():
    events = [*letter("a"), answer(EventKind.FEEDBACK_RECEIVED, "a")]
    (ask,) = asks_in(events)
    assert (ask.stage, ask.basis, ask.confidence) == (
        Stage.INTERVIEW, Basis.SENDER, Confidence.HIGH,
    )  # fmt: skip
    assert (ask.wording, ask.answer, ask.days) == ("en/interview/1", Answer.FEEDBACK, 2.0)


def test_a_question_knows_how_long_after_the_no_it_was_sent():
    saved, sent = letter("a")
    saved = replace(saved, payload={**saved.payload, "answers": "refusal"})
    came = {"received": (NOW - timedelta(days=5, hours=12)).isoformat()}
    seen = Event(kind=EventKind.SEEN, time=NOW, message="refusal", payload=came)
    (ask,) = asks_in([seen, saved, sent])
    assert ask.waited == 1.5
    (unknown,) = asks_in(letter("a"))
    assert unknown.waited is None


def test_a_draft_that_was_never_sent_and_mere_thanks_are_no_questions():
    assert not asks_in(letter("a")[:1])
    assert not asks_in(letter("a", decision="thanks"))


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], Answer.OPEN),
        ([EventKind.AUTO_REPLY], Answer.OPEN),
        ([EventKind.NO_ANSWER], Answer.NONE),
        ([EventKind.NO_ANSWER, EventKind.FEEDBACK_RECEIVED], Answer.FEEDBACK),
        ([EventKind.FEEDBACK_DECLINED, EventKind.FEEDBACK_RECEIVED], Answer.FEEDBACK),
        ([EventKind.FEEDBACK_DECLINED], Answer.DECLINED),
        ([EventKind.BOUNCED], Answer.BOUNCED),
        ([EventKind.REOPENED], Answer.REOPENED),
    ],
)
def test_the_best_answer_counts(kinds, expected):
    (ask,) = asks_in([*letter("a"), *(answer(kind, "a") for kind in kinds)])
    assert ask.answer is expected


def test_questions_are_counted_by_kind_the_most_frequent_first():
    events = [*letter("a"), *letter("b"), *letter("c", stage="application")]
    events += [answer(EventKind.FEEDBACK_RECEIVED, "a", 3), answer(EventKind.NO_ANSWER, "c")]
    asks = asks_in(events)
    (all_,) = tally(asks)
    assert (all_.asked, all_.answered, all_.days) == (3, 1, 1.0)
    assert [(row.name, row.asked, row.answered) for row in tally(asks, lambda ask: ask.stage)] == [
        ("interview", 2, 1), ("application", 1, 0),
    ]  # fmt: skip


def test_an_old_or_broken_payload_counts_as_far_as_it_can_be_read():
    sent = Event(kind=EventKind.SENT, time=NOW, message="a", payload={"sent": 7, "stage": "x"})
    (ask,) = asks_in([sent])
    assert (ask.sent, ask.stage, ask.basis) == (NOW, Stage.APPLICATION, None)
