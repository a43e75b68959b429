"""What a report makes of a journal: a story for each application, and what was said of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inboxbot.core.history import Entry, History
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.reflect.values import OtherReason, Question
from inboxbot.core.report import Outcome, Report, Story, build_report
from inboxbot.core.types import (
    Address,
    CalendarEvent,
    Facts,
    Key,
    Label,
    Message,
    Reading,
    Stage,
    StatedReason,
    Verdict,
)
from tests.generated_journal import END, search_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def seen(
    message: str, label: str, days_ago: float, application: str = "acme", **facts: Any
) -> Event:
    """Return the record of one mail that came some days ago."""
    when = NOW - timedelta(days=days_ago)
    said = {"employer": "Acme", "role": "Tester", "received": when.isoformat(), "label": label}
    return Event(
        kind=EventKind.SEEN, time=when, application=application, message=message,
        payload=said | facts,
    )  # fmt: skip


def noted(kind: EventKind, days_ago: float, application: str = "acme", **payload: Any) -> Event:
    when = NOW - timedelta(days=days_ago)
    return Event(
        kind=kind, time=when, application=application, message=f"{kind}{days_ago}", payload=payload
    )


def entry(key: str, days_ago: float, *, own: bool = False, **fields: Any) -> Entry:
    """Return a mail of Acme's application as the history keeps it."""
    facts = Facts(withdrawn=fields.pop("withdrawn", False))
    message = Message(
        key=Key(key), received=NOW - timedelta(days=days_ago),
        from_=(Address("jo@acme.example"),), **fields,
    )  # fmt: skip
    verdict = Verdict(label=Label.NOT_JOB, probability=0, probabilities={})
    reading = Reading(message=message, verdict=verdict, facts=facts)
    return Entry(reading=reading, application="acme", own=own)


def report(*events: Event, entries: tuple[Entry, ...] = (), **others: Any) -> Report:
    return build_report(events, History(entries), **{"zone": BERLIN, "now": NOW} | others)


def story(*events: Event, entries: tuple[Entry, ...] = ()) -> Story:
    (found,) = report(*events, entries=entries).stories
    return found


# ---------------------------------------------------------------- what became of it


@pytest.mark.parametrize(
    ("labels", "outcome"),
    [
        (["acknowledgement"], Outcome.OPEN),
        (["acknowledgement", "rejection"], Outcome.DECLINED),
        (["acknowledgement", "interview"], Outcome.OPEN),
        (["interview", "offer"], Outcome.OFFER),
        (["rejection", "interview"], Outcome.OPEN),
        (["rejection", "acknowledgement"], Outcome.DECLINED),
        (["offer", "rejection"], Outcome.DECLINED),
    ],
)
def test_the_newest_word_that_decides_says_what_became_of_it(
    labels: list[str], outcome: Outcome
) -> None:
    events = [seen(f"m{n}", label, 20 - n) for n, label in enumerate(labels)]
    assert story(*events).outcome is outcome


def test_six_weeks_without_a_word_are_silence_and_a_talk_to_come_is_a_word() -> None:
    old = seen("m1", "interview", 50)
    assert story(old).outcome is Outcome.SILENT
    talk = CalendarEvent(uid="u", starts=NOW + timedelta(days=3), ends=NOW + timedelta(days=3))
    assert story(old, entries=(entry("m1", 50, calendar=(talk,)),)).outcome is Outcome.OPEN


def test_what_the_user_took_back_is_no_refusal_and_an_offer_stays_one() -> None:
    back = entry("m2", 3, withdrawn=True)
    refused = seen("m1", "rejection", 2)
    assert story(refused, entries=(back,)).outcome is Outcome.WITHDRAWN
    assert story(seen("m1", "offer", 2), entries=(back,)).outcome is Outcome.OFFER
    told = noted(EventKind.LEFT_ALONE, 1, reason="withdrawn_by_user")
    assert story(refused, told).outcome is Outcome.WITHDRAWN


def test_a_withdrawal_alone_is_an_application_and_advertising_is_none() -> None:
    confirmed = seen("m1", "other_job", 3)
    assert report(confirmed).stories == ()
    assert story(confirmed, entries=(entry("m1", 3, withdrawn=True),)).acknowledged is False
    assert report(seen("m1", "job_alert", 3), seen("m2", "outreach", 3)).stories == ()


def test_a_mail_in_doubt_decides_nothing() -> None:
    unsure = noted(EventKind.LEFT_ALONE, 3, decision="review", reason="below_threshold")
    unsure = Event(kind=unsure.kind, time=unsure.time, message="m2", payload=unsure.payload)
    found = story(seen("m1", "acknowledgement", 9), seen("m2", "rejection", 3), unsure)
    assert (found.outcome, found.stated_reason) == (Outcome.OPEN, StatedReason.NONE)


def test_the_reason_is_that_of_the_newest_no() -> None:
    found = story(
        seen("m1", "rejection", 9, stated_reason="volume"),
        seen("m2", "rejection", 2, stated_reason="filled"),
    )
    assert found.stated_reason is StatedReason.FILLED


# ---------------------------------------------------------------- how far, how long


def test_an_invitation_is_a_talk_whatever_stage_the_mail_names() -> None:
    assert story(seen("m1", "interview", 3)).furthest is Stage.INTERVIEW
    assert story(seen("m1", "interview", 3, stage="screening")).furthest is Stage.SCREENING
    assert story(seen("m1", "assessment", 3)).furthest is Stage.ASSESSMENT
    alone = story(seen("m1", "acknowledgement", 3))
    assert (alone.furthest, alone.talked, alone.acknowledged) == (Stage.APPLICATION, False, True)


def test_the_first_answer_is_timed_from_the_letter_or_the_receipt() -> None:
    answers = (seen("m2", "interview", 3), seen("m3", "rejection", 1))
    found = story(seen("m1", "acknowledgement", 10), *answers)
    assert (found.days, found.went_on) == (pytest.approx(7), True)
    found = story(seen("m1", "acknowledgement", 10), *answers, entries=(entry("o", 12, own=True),))
    assert found.days == pytest.approx(9)


def test_an_answer_with_nothing_before_it_is_not_timed() -> None:
    assert story(seen("m1", "rejection", 3)).days is None
    late = story(seen("m1", "rejection", 3), seen("m2", "acknowledgement", 1))
    assert late.days is None
    replied = story(seen("m1", "rejection", 3), entries=(entry("o", 2, own=True),))
    assert replied.days is None


# ---------------------------------------------------------------- what was said


def test_answers_are_counted_on_the_user_s_days_and_receipts_are_not() -> None:
    late = seen("m1", "rejection", 0, received="2026-11-18T23:30:00+00:00")
    told = noted(
        EventKind.FEEDBACK_RECEIVED, 0, text="Say I.", received="2026-11-19T09:00:00+00:00"
    )
    found = report(late, told, seen("m3", "acknowledgement", 9))
    assert found.answers == (date(2026, 11, 19), date(2026, 11, 19))
    assert [said.text for said in found.feedback] == ["Say I."]


def test_reflections_are_kept_word_for_word_the_newest_first() -> None:
    text = "I was  late,\n   and said so. 🙂"
    first = noted(EventKind.REFLECTED, 3, text=text, question="well", via="reply")
    second = noted(EventKind.REFLECTED, 2, "", text="It gets easier.", question="free")
    ticked = noted(EventKind.REFLECTED, 1, question="reasons", ticks=["day", "later"])
    newest, whole, oldest = report(seen("m1", "interview", 9), first, second, ticked).thoughts
    assert newest.ticks == (OtherReason.DAY,)
    assert (whole.text, whole.job) == ("It gets easier.", None)
    assert (oldest.text, oldest.question) == (text, Question.WELL)
    assert oldest.job is not None
    assert oldest.job.employer == "Acme"


def test_since_leaves_out_what_was_over_before() -> None:
    old = [seen("a1", "rejection", 80, "old"), noted(EventKind.REFLECTED, 79, "old", text="a")]
    new = [seen("b1", "acknowledgement", 80, "new"), seen("b2", "rejection", 3, "new")]
    whole = report(*old, *new)
    assert [len(part) for part in (whole.stories, whole.answers, whole.thoughts)] == [2, 2, 1]
    late = report(*old, *new, since=NOW - timedelta(days=30))
    assert [len(part) for part in (late.stories, late.answers, late.thoughts)] == [1, 1, 0]
    assert late.first_day == date(2026, 10, 21)
    assert late.stories[0].days == pytest.approx(77), "what came before still counts"


def test_an_empty_journal_is_an_empty_report() -> None:
    found = report()
    assert found.is_empty
    assert (found.first_day, found.last_day) == (date(2026, 11, 20), date(2026, 11, 20))


def test_no_application_is_lost_in_a_search_of_two_years() -> None:
    search = search_of(600, weeks=104, seed=3)
    found = build_report(search.events, search.history, zone=BERLIN, now=END)
    told = {event.application for event in search.events if event.kind is EventKind.SEEN}
    outreach = {
        event.application for event in search.events if event.payload.get("label") == "outreach"
    }
    assert len(told) - len(outreach) <= len(found.stories) <= len(told)
    assert len(found.stories) > 550
    asked = [event for event in search.events if event.kind is EventKind.SENT]
    assert len(found.asks) == len(asked)
