"""What the summary makes of a journal: which events are news, and what each section holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxbot.core.history import Entry, History
from inboxbot.core.plan import Event, EventKind, Reason
from inboxbot.core.summary import Summary, build_summary, week_bounds, week_of
from inboxbot.core.summary.values import Happening, Health, JunkMail
from inboxbot.core.types import (
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
from inboxbot.core.weeklog import Job, Turn

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = "2026-W47"
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def event(
    kind: EventKind, message: str = "", application: str = "acme", day: float = 0, **payload: Any
) -> Event:
    """Return an event of `day` days after Monday morning."""
    moment = MONDAY + timedelta(days=day)
    return Event(kind=kind, time=moment, application=application, message=message, payload=payload)


def seen(
    message: str, label: str = "rejection", application: str = "acme", day: float = 0, **facts: Any
) -> Event:
    """Return the record of one mail of Acme's."""
    said = {"employer": "Acme", "role": "Tester", "subject": "Your application"} | facts
    return event(EventKind.SEEN, message, application, day, label=label, **said)


def left(message: str, reason: str, decision: str = "leave", **payload: Any) -> Event:
    """Return the record of a mail that was left alone."""
    return event(EventKind.LEFT_ALONE, message, reason=reason, decision=decision, **payload)


def saved(key: str, answers: str, day: float = 0, **payload: Any) -> Event:
    """Return the record of a draft to Ada."""
    about = {"to": "ada@acme.example", "name": "Ada Byron", "subject": "Re: Your application"}
    return event(EventKind.DRAFT_SAVED, key, day=day, answers=answers, **about, **payload)


def summary(*events: Event, history: History | None = None, **others: Any) -> Summary:
    """Return the summary of the week."""
    asked: dict[str, Any] = {"week": WEEK, "zone": BERLIN, "drafts_folder": "Drafts"} | others
    return build_summary(events=events, history=history or History(), account="mine", **asked)


def entry(
    key: str, label: Label, when: datetime, calendar: tuple[CalendarEvent, ...] = ()
) -> Entry:
    """Return a mail of Acme's as the history keeps it."""
    message = Message(key=Key(key), received=when, calendar=calendar)
    verdict = Verdict(label=label, probability=0, probabilities={})
    reading = Reading(message=message, verdict=verdict, facts=Facts(employer="Acme"))
    return Entry(reading=reading, application="acme")


# ---------------------------------------------------------------- weeks


@pytest.mark.parametrize(
    ("moment", "zone", "week"),
    [
        ("2026-11-16T00:00:00+00:00", "UTC", "2026-W47"),
        ("2026-12-31T12:00:00+00:00", "UTC", "2026-W53"),
        ("2027-01-03T22:59:00+00:00", "Europe/Berlin", "2026-W53"),
        ("2027-01-03T23:00:00+00:00", "Europe/Berlin", "2027-W01"),
        ("2027-01-03T23:00:00+00:00", "America/Los_Angeles", "2026-W53"),
        ("2027-01-03T10:00:00+00:00", "Pacific/Kiritimati", "2027-W01"),
        ("2024-12-30T12:00:00+00:00", "UTC", "2025-W01"),
    ],
)
def test_a_week_is_that_of_the_calendar_in_the_zone(moment: str, zone: str, week: str) -> None:
    assert week_of(datetime.fromisoformat(moment), ZoneInfo(zone)) == week


def test_a_week_with_a_clock_change_is_an_hour_longer() -> None:
    start, end = week_bounds("2026-W43", BERLIN)
    assert (start, end - start) == (
        datetime(2026, 10, 18, 22, tzinfo=UTC),
        timedelta(days=7, hours=1),
    )


@given(
    moment=st.datetimes(
        min_value=datetime(2024, 1, 1),  # noqa: DTZ001  (hypothesis wants them naive)
        max_value=datetime(2037, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/Santiago", "Africa/Cairo"]),
)
def test_every_moment_lies_in_its_own_week(moment: datetime, zone: str) -> None:
    start, end = week_bounds(week_of(moment, ZoneInfo(zone)), ZoneInfo(zone))
    assert start <= moment < end


@pytest.mark.parametrize("week", ["2027-W53", "2026-W00", "last", "2026-47", ""])
def test_a_week_that_no_calendar_has_is_refused(week: str) -> None:
    with pytest.raises(ValueError, match="week"):
        week_bounds(week, UTC)


# ---------------------------------------------------------------- which events are news


def test_a_journal_without_events_makes_an_empty_summary() -> None:
    made = summary()
    assert made.is_empty
    assert (made.first_day, made.last_day) == (date(2026, 11, 16), date(2026, 11, 22))


def test_what_came_after_the_last_summary_was_delivered_is_news_in_the_next_one() -> None:
    early = seen("m1", application="early", day=-3.5)
    delivered = event(EventKind.SUMMARY_DELIVERED, day=-3, week="2026-W46")
    late = seen("m2", application="late", day=-2)
    made = summary(early, delivered, late)
    assert len(made.happenings) == 1
    assert not made.covers_all_before


def test_the_first_summary_covers_what_was_read_in_the_days_before_its_week() -> None:
    made = summary(seen("m1", day=-2))
    assert made.covers_all_before
    assert len(made.happenings) == 1


def test_what_was_read_weeks_ago_is_no_news() -> None:
    made = summary(seen("m1", day=-20))
    assert not made.covers_all_before
    assert not made.happenings


def test_a_past_week_is_shown_as_it_was_known_at_its_end() -> None:
    later = event(EventKind.SENT, "d1", day=8, to="ada@acme.example")
    made = summary(seen("m1"), saved("d1", "m1"), later)
    assert [draft.name for draft in made.drafts] == ["Ada Byron"]


# ---------------------------------------------------------------- what needs the user


def test_a_draft_waits_until_it_is_sent_deleted_withdrawn_or_gone() -> None:
    for kind in ("sent", "discarded", "withdrawn", "vanished"):
        made = summary(seen("m1"), saved("d1", "m1"), event(EventKind(kind), "d1", day=1))
        assert not made.drafts, kind


def test_a_draft_of_an_earlier_week_still_waits() -> None:
    planned = event(EventKind.DRAFT_PLANNED, "d1", day=-10)
    delivered = event(EventKind.SUMMARY_DELIVERED, day=-3, week="2026-W46")
    made = summary(planned, saved("d1", "m1", day=-10), delivered)
    assert made.drafts[0].since == date(2026, 11, 6)


def test_a_draft_that_was_only_planned_does_not_wait() -> None:
    assert not summary(event(EventKind.DRAFT_PLANNED, "d1")).drafts


def test_a_draft_that_vanished_and_came_back_waits_with_all_that_is_known_of_it() -> None:
    gone = event(EventKind.VANISHED, "d1", day=1, to="ada@acme.example")
    back = event(EventKind.DRAFT_SAVED, "d1", day=2, to="ada@acme.example", employer="Acme")
    made = summary(seen("m1"), saved("d1", "m1"), gone, back)
    assert [(draft.name, draft.subject) for draft in made.drafts] == [
        ("Ada Byron", "Re: Your application")
    ]
    assert not made.happenings[0].turns


def test_an_edited_draft_and_one_that_only_thanks_are_marked() -> None:
    edited = event(EventKind.DRAFT_EDITED, "d1", day=1)
    (draft,) = summary(saved("d1", "m1", decision="thanks"), edited).drafts
    assert (draft.edited, draft.thanks) == (True, True)


def test_a_past_week_names_the_folder_and_the_subject_that_were_known_then() -> None:
    made = summary(saved("d1", "m1", folder="Entwürfe"))
    later = event(EventKind.DRAFT_SAVED, "d1", day=8, folder="Drafts", subject="Re: another")
    again = summary(saved("d1", "m1", folder="Entwürfe"), later)
    assert again.drafts == made.drafts
    assert (made.drafts[0].folder, made.drafts[0].subject) == ("Entwürfe", "Re: Your application")


def test_a_mail_in_doubt_is_asked_about_and_is_no_rejection() -> None:
    doubt = left("m1", "below_threshold", "review", evidence="We chose to pause for now.")
    made = summary(seen("m1", evidence="We chose to pause for now."), doubt)
    assert [question.sentence for question in made.questions] == ["We chose to pause for now."]
    assert not made.happenings
    assert not made.left_alone


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://forms.acme.example/f?id=1&x=2", True),
        ("HTTP://acme.example/", True),
        ("javascript:alert(1)", False),
        ("https://acme.example@evil.example/", False),
        ("https://acme.example/\nX: y", False),
        ("https://аcme.example/", False),  # a Cyrillic а
        ('https://acme.example/"onclick=x', False),
        ("https:///nowhere", False),
        ("https://[half", False),
        (f"https://acme.example/{'x' * 2000}", False),
        (None, False),
    ],
)
def test_only_a_link_that_shows_where_it_leads_is_kept(link: str | None, *, shown: bool) -> None:
    (offer,) = summary(seen("m1"), left("m1", "offered_elsewhere", link=link)).offers
    assert offer.link == (link if shown else "")


# ---------------------------------------------------------------- what happened


def test_feedback_is_kept_word_for_word_but_for_what_a_terminal_would_obey() -> None:
    text = "Say “I” more.\n\nThe drawings\x1b[2J are \u202egood.\n"
    said = event(EventKind.FEEDBACK_RECEIVED, "m2", text=text)
    made = summary(seen("m2", "feedback"), said)
    assert [(it.text, it.job.role) for it in made.feedback] == [
        ("Say “I” more.\n\nThe drawings[2J are good.", "Tester")
    ]


def test_an_answer_to_a_question_that_the_user_asked_himself_is_told_by_its_sentence() -> None:
    made = summary(seen("m2", "feedback", evidence="Say I more often."))
    assert [(it.text, it.whole) for it in made.feedback] == [("Say I more often.", False)]


def test_an_application_is_told_once_with_how_far_it_had_come() -> None:
    history = History(
        [
            entry("m1", Label.INTERVIEW, MONDAY - timedelta(days=9)),
            entry("m2", Label.REJECTION, MONDAY),
        ]
    )
    no = seen("m2", stated_reason="filled", keep_on_file=True)
    asked = event(EventKind.SENT, "d1", day=1, to="ada@acme.example")
    made = summary(no, saved("d1", "m2"), asked, history=history)
    assert made.happenings == (
        Happening(
            job=Job(employer="Acme", role="Tester", subject="Your application"),
            step=Label.REJECTION,
            stage=Stage.INTERVIEW,
            stated_reason=StatedReason.FILLED,
            kept_on_file=True,
            turns=(Turn(kind=EventKind.SENT, name="Ada Byron"),),
        ),
    )


def test_what_goes_on_is_told_before_what_ended_and_the_furthest_first() -> None:
    made = summary(
        seen("m1", application="a"),
        seen("m2", application="b", stage="final"),
        seen("m3", "interview", application="c"),
        seen("m4", "offer", application="d"),
    )
    assert [(it.step, it.stage) for it in made.happenings] == [
        (Label.OFFER, Stage.APPLICATION),
        (Label.INTERVIEW, Stage.APPLICATION),
        (Label.REJECTION, Stage.FINAL),
        (Label.REJECTION, Stage.APPLICATION),
    ]


def test_the_newest_mail_says_where_an_application_stands() -> None:
    (happening,) = summary(seen("m1"), seen("m2", "interview", day=1)).happenings
    assert happening.step is Label.INTERVIEW


def test_an_answer_that_declines_feedback_is_not_a_second_no() -> None:
    declined = event(EventKind.FEEDBACK_DECLINED, "m2", day=1, draft="d1")
    (happening,) = summary(saved("d1", "m1", day=-9), seen("m2", day=1), declined).happenings
    assert happening.step is None
    assert happening.turns == (Turn(kind=EventKind.FEEDBACK_DECLINED, name="Ada Byron"),)


def test_a_mail_that_was_acted_on_is_a_rejection_whatever_label_was_likeliest() -> None:
    made = summary(seen("m1", "other_job"), saved("d1", "m1"))
    assert [it.step for it in made.happenings] == [Label.REJECTION]


def test_acknowledgements_and_mail_of_no_concern_are_told_in_passing() -> None:
    made = summary(
        seen("m1", "acknowledgement", application="a"),
        seen("m2", "job_alert", application="b"),
        seen("m3", "job_alert", application="c"),
        seen("m4", "outreach", application="d"),
    )
    assert [job.employer for job in made.received] == ["Acme"]
    assert made.other_mail == {Label.OUTREACH: 1, Label.JOB_ALERT: 2}
    assert not made.happenings


def test_applications_count_as_open_for_six_weeks_after_their_last_mail() -> None:
    old = (MONDAY - timedelta(days=60)).isoformat()
    made = summary(
        seen("m1", "acknowledgement", application="a"),
        seen("m2", "interview", application="b"),
        seen("m3", "acknowledgement", application="c", received=old),
        seen("m4", "acknowledgement", application="d"),
        seen("m5", "rejection", application="d", day=1),
    )
    assert made.still_open == 2


# ---------------------------------------------------------------- reflection, dates, health


def test_two_conversations_at_most_are_to_be_thought_about_the_furthest_first() -> None:
    made = summary(
        seen("m1", application="a", employer="A", stage="screening"),
        seen("m2", application="b", employer="B", stage="final"),
        seen("m3", application="c", employer="C", stage="interview"),
        seen("m4", application="d", employer="D"),
    )
    assert [prompt.job.employer for prompt in made.prompts] == ["B", "C"]


def wrote(text: str, day: float = 0, question: str = "free", application: str = "acme") -> Event:
    """Return the record of what the user wrote about a conversation."""
    return event(EventKind.REFLECTED, "", application, day, text=text, question=question)


def test_what_was_written_about_a_conversation_is_shown_again_and_not_asked_for() -> None:
    made = summary(seen("m1", stage="interview", day=1), wrote("  I spoke\n\ntoo fast ."))
    assert [[it.text for it in prompt.reflections] for prompt in made.prompts] == [
        ["  I spoke\n\ntoo fast ."]
    ]
    assert made.prompts[0].day == date(2026, 11, 16)


def test_two_conversations_are_asked_about_beside_those_that_were_written_about() -> None:
    noes = [seen(f"m{n}", application=f"a{n}", employer=f"E{n}", stage="final") for n in range(6)]
    written = [wrote("Well.", application=f"a{n}") for n in (0, 1, 2)]
    made = summary(*noes, *written)
    assert [(it.job.employer, len(it.reflections)) for it in made.prompts] == [
        ("E3", 0), ("E4", 0), ("E0", 1), ("E1", 1)
    ]  # fmt: skip


def test_words_about_an_earlier_round_do_not_stand_for_the_next_one() -> None:
    history = History([_invited(MONDAY + timedelta(days=1))])
    made = summary(seen("m1", "interview"), wrote("The first one.", day=-20), history=history)
    assert [prompt.reflections for prompt in made.prompts] == [()]


def test_the_other_reasons_are_offered_once_in_the_week_of_a_no_after_a_talk() -> None:
    assert summary(seen("m1")).exercise is None
    no = seen("m1", stage="interview", day=-4)
    offered = summary(no).exercise
    assert offered is not None
    assert offered.application == "acme"
    ticked = wrote("", question="reasons", day=-3.5)
    assert summary(no, ticked).exercise is None
    delivered = event(EventKind.SUMMARY_DELIVERED, day=-3, week="2026-W46")
    assert summary(no, delivered).exercise is None


def _invited(starts: datetime, method: str = "REQUEST", key: str = "m1") -> Entry:
    ends = starts + timedelta(hours=1)
    meeting = CalendarEvent(uid="u", starts=starts, ends=ends, method=method)
    return entry(key, Label.INTERVIEW, MONDAY - timedelta(days=3), (meeting,))


def test_a_conversation_held_this_week_is_to_be_thought_about_while_it_is_fresh() -> None:
    history = History([_invited(MONDAY + timedelta(days=1))])
    delivered = event(EventKind.SUMMARY_DELIVERED, day=-3, week="2026-W46")
    made = summary(seen("m1", "interview", day=-3), delivered, history=history)
    assert [prompt.job.employer for prompt in made.prompts] == ["Acme"]


def test_a_conversation_still_to_come_is_a_date_and_not_to_be_thought_about() -> None:
    history = History([_invited(MONDAY + timedelta(days=6))])
    friday = MONDAY + timedelta(days=4)
    made = summary(seen("m1", "interview"), history=history, now=friday)
    assert [(day.day, day.at) for day in made.days] == [(date(2026, 11, 22), time(10))]
    assert not made.prompts


def test_a_cancelled_conversation_and_one_with_an_employer_who_said_no_are_no_dates() -> None:
    coming = MONDAY + timedelta(days=9)
    cancelled = History([_invited(coming), _invited(coming, "CANCEL", "m2")])
    assert not summary(seen("m1", "interview"), history=cancelled).days
    declined = summary(
        seen("m1", "interview"), seen("m2", day=1), history=History([_invited(coming)])
    )
    assert not declined.days


def test_the_day_from_which_the_user_may_apply_again_is_told_when_learnt_and_when_near() -> None:
    learnt = seen("m1", reapply_after="2027-05-01")
    assert [day.day for day in summary(learnt).days] == [date(2027, 5, 1)]
    delivered = event(EventKind.SUMMARY_DELIVERED, day=-3, week="2026-W46")
    near = seen("m1", day=-90, reapply_after="2026-11-27")
    far = seen("m2", day=-90, reapply_after="2027-05-01")
    past = seen("m3", day=-90, reapply_after="2026-11-01")
    made = summary(near, far, past, delivered)
    assert [day.day for day in made.days] == [date(2026, 11, 27)]


def test_mail_that_was_left_alone_is_grouped_by_reason() -> None:
    made = summary(
        seen("m1", employer="A", application="a"),
        seen("m2", employer="B", application="b"),
        left("m1", "unreachable"),
        left("m2", "unreachable"),
        left("m3", "never_ask", employer="C"),
        left("m4", "not_rejection"),
    )
    groups = {it.reason: [job.employer for job in it.jobs] for it in made.left_alone}
    assert groups == {Reason.UNREACHABLE: ["A", "B"], Reason.NEVER_ASK: ["C"]}


def test_a_question_that_was_put_off_and_then_asked_was_not_left_alone() -> None:
    made = summary(seen("m1"), left("m1", "daily_cap"), saved("d1", "m1", day=1))
    assert not made.left_alone


def test_unreadable_mail_is_left_alone_and_no_failure_besides() -> None:
    failed = event(EventKind.FAILED, application="", error="no text")
    unreadable = event(
        EventKind.LEFT_ALONE, application="", reason="unreadable", decision="leave"
    )  # fmt: skip
    made = summary(failed, unreadable, failed)
    assert [(it.reason, len(it.jobs)) for it in made.left_alone] == [(Reason.UNREADABLE, 1)]
    assert made.health.failures == 1


def test_health_is_what_was_noted_last() -> None:
    down = event(EventKind.HEALTH, state="down", text="the server refuses the password")
    up = event(EventKind.HEALTH, day=1, state="up", text="")
    assert summary().health == Health()
    assert summary(down).health == Health(fine=False, text="the server refuses the password")
    assert summary(down, up).health == Health(recovered=True)


def test_trouble_that_was_over_before_the_last_summary_is_not_told_again() -> None:
    down = event(EventKind.HEALTH, day=-9, state="down", text="no network")
    up = event(EventKind.HEALTH, day=-8, state="up", text="")
    delivered = event(EventKind.SUMMARY_DELIVERED, day=-3, week="2026-W46")
    assert summary(down, up, delivered).health == Health()


# ---------------------------------------------------------------- silence, doubt, junk


def _acknowledged(days: float, read: float | None = None, label: str = "acknowledgement") -> Event:
    """Return the receipt of an application that came so many days before Monday."""
    received = (MONDAY - timedelta(days=days)).isoformat()
    return seen("m1", label, day=-days if read is None else read, received=received)


LAST_WEEK = event(EventKind.SUMMARY_DELIVERED, day=-3, week="2026-W46")


def test_an_application_without_a_word_for_four_weeks_is_told_of_once() -> None:
    for days, told in ((32, 0), (30, 1), (25, 1), (20, 0)):
        made = summary(_acknowledged(days), LAST_WEEK)
        assert len(made.silent) == told, f"{days} days before Monday"
    assert summary(_acknowledged(26), LAST_WEEK).silent[0].since == date(2026, 10, 21)


def test_what_was_silent_for_long_when_it_was_first_read_is_told_of_then() -> None:
    assert len(summary(_acknowledged(80, read=1)).silent) == 1


def test_silence_begins_with_the_talk_and_not_before_one_that_is_still_to_come() -> None:
    invited = _acknowledged(26, label="interview")
    for days, told in ((-26, 1), (-24, 1), (-8, 0), (9, 0)):
        history = History([_invited(MONDAY + timedelta(days=days))])
        made = summary(invited, LAST_WEEK, history=history)
        assert len(made.silent) == told, f"a talk {days} days from Monday"


def test_neither_a_no_nor_an_application_that_was_withdrawn_falls_silent() -> None:
    assert not summary(_acknowledged(26, label="rejection"), LAST_WEEK).silent
    withdrawn = left("m1", "withdrawn_by_user", day=-20)
    assert not summary(_acknowledged(26), withdrawn, LAST_WEEK).silent
    letter = entry("mine", Label.NOT_JOB, MONDAY - timedelta(days=20))
    facts = replace(letter.reading.facts, withdrawn=True)
    taken_back = replace(letter, own=True, reading=replace(letter.reading, facts=facts))
    assert not summary(_acknowledged(26), LAST_WEEK, history=History([taken_back])).silent


def test_the_likeliest_of_the_mails_in_doubt_is_asked_about_first() -> None:
    events = [
        event
        for number, probability in enumerate([0.2, 0.5, 0.3])
        for event in (
            seen(f"m{number}", "other_job", f"a{number}", probability=probability),
            left(f"m{number}", "below_threshold", "review"),
        )
    ]
    assert [question.message for question in summary(*events).questions] == ["m1", "m2", "m0"]


def test_a_doubt_that_a_later_mail_has_settled_is_no_question_any_more() -> None:
    doubt = left("m1", "below_threshold", "review")
    for label, asked in (("rejection", 0), ("interview", 0), ("acknowledgement", 1)):
        later = seen("m2", label, day=2, received=(MONDAY + timedelta(days=2)).isoformat())
        assert len(summary(seen("m1", "other_job"), doubt, later).questions) == asked


def test_what_lies_in_junk_is_shown_clean() -> None:
    mail = JunkMail(sender="jo@acme.example", subject="An\x1b[2J interview\n", employer="Acme")
    (shown,) = summary(junk=(mail,)).junk
    assert shown.subject == "An[2J interview"


# ---------------------------------------------------------------- laws

_PAYLOADS = st.dictionaries(
    st.sampled_from(
        "label evidence employer role stage stated_reason subject from reason decision link text "
        "reapply_after received to name key answers week state draft".split()
    ),
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text("aÄ<\n\x1b/", max_size=9),
        st.sampled_from([*Label, *Reason, *Stage, "review", "leave", "2026-11-30", "2026-W46"]),
    ),
    max_size=8,
)  # fmt: skip
_EVENTS = st.builds(
    Event,
    kind=st.sampled_from(EventKind),
    time=st.datetimes(
        min_value=datetime(2026, 11, 1),  # noqa: DTZ001  (hypothesis wants them naive)
        max_value=datetime(2026, 11, 30),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    application=st.sampled_from(["", "a", "b"]),
    message=st.sampled_from(["", "m1", "m2", "d1"]),
    payload=_PAYLOADS,
)


@settings(deadline=None)
@given(st.lists(_EVENTS, max_size=12))
def test_no_journal_whatever_it_holds_stops_the_summary(events: list[Event]) -> None:
    summary(*sorted(events, key=lambda it: it.time))
