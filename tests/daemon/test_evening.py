"""The mails around a conversation: two questions on its evening, a brief before the next one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inboxbot.core.history import Entry
from inboxbot.core.intake import seen_event
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.reflect import Question, Reflection, anchor_of, reflected
from inboxbot.core.types import CalendarEvent, Facts, Label
from inboxbot.daemon.context import Context
from inboxbot.daemon.evening import deliver_around_talks
from inboxbot.daemon.pause import end_search
from inboxbot.daemon.weekly import deliver
from tests.daemon.test_exactly_once import At
from tests.daemon.world import ME, Crash, World, new_world
from tests.make import mail, rejection

BERLIN = ZoneInfo("Europe/Berlin")
TALK = datetime(2026, 11, 17, 14, tzinfo=BERLIN)  # a Tuesday
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def invitation(
    starts: datetime, *, uid: str = "u1", key: str = "i1", method: str = "REQUEST",
    length: timedelta = AN_HOUR, employer: str = "Acme", received: datetime | None = None,
) -> Entry:  # fmt: skip
    """Return a mail of an employer's with a calendar part."""
    event = CalendarEvent(
        uid=uid, starts=starts.astimezone(UTC), ends=(starts + length).astimezone(UTC),
        method=method, summary="Conversation",
    )  # fmt: skip
    reading = mail(
        Label.INTERVIEW, f"Jo Park <jo@{employer.lower()}.example>", calendar=(event,),
        facts=Facts(employer=employer, role="Tester"), message_id=f"{key}@x",
        received=received or TALK - timedelta(days=5),
    )  # fmt: skip
    return Entry(reading=reading, application=employer.lower())


def answer_of_mine(uid: str, *, declined: bool, received: datetime) -> Entry:
    """Return the reply of the user's own calendar to an invitation (RFC 5546 §3.2.3)."""
    event = CalendarEvent(uid=uid, method="REPLY", declined=declined, starts=TALK)
    reading = mail(
        Label.INTERVIEW, f"Mara <{ME}>", calendar=(event,), message_id=f"mine-{uid}@x",
        received=received,
    )  # fmt: skip
    return Entry(reading=reading, application="acme", own=True)


def know(context: Context, *entries: Entry, events: tuple[Event, ...] = ()) -> None:
    """Let the journal hold these mails, and what was noted of them."""
    seen = [seen_event(entry, entry.when) for entry in entries if not entry.own]
    context.journal.record(context.hold, entries=entries, events=[*seen, *events])


def letters(world: World) -> list[EmailMessage]:
    """Return the owner's mail to himself, oldest first."""
    mails = [
        message_from_bytes(mail.data, _class=EmailMessage, policy=default)
        for mail in world.mailbox.contents("INBOX")
    ]
    return [mail for mail in mails if mail["From"].addresses[0].addr_spec == ME]


def text_of(letter: EmailMessage) -> str:
    """Return the text part as a terminal shows it."""
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


def delivered_at(
    world: World, since: datetime, *entries: Entry, events: tuple[Event, ...] = (),
    change: Callable[[Context], Context] = lambda context: context, days: int = 2,
) -> list[str]:  # fmt: skip
    """Look every half hour for some days; return when a mail came, by the user's clock."""
    world.clock.now = since.astimezone(UTC)
    came = []
    with world.opened() as context:
        know(context, *entries, events=events)
        here = change(replace(context, zone=BERLIN))
        for _ in range(days * 48):
            count = deliver_around_talks(here)
            came += [f"{world.clock.now.astimezone(BERLIN):%a %H:%M}"] * count
            world.clock.now += timedelta(minutes=30)
    return came


def words(text: str, when: datetime, application: str = "acme") -> Event:
    """Return the record of what the user wrote to himself."""
    about = Reflection(question=Question.DIFFERENTLY, text=text, application=application)
    return reflected(about, when.astimezone(UTC))


# ---------------------------------------------------------------- the evening: when


@pytest.mark.parametrize(
    ("starts", "length", "came"),
    [
        ("2026-11-17 09:00", 60, "Tue 18:00"),
        ("2026-11-17 14:00", 60, "Tue 18:00"),
        ("2026-11-17 17:30", 60, "Tue 19:30"),
        ("2026-11-17 19:30", 60, "Tue 21:30"),
        ("2026-11-17 20:00", 60, "Wed 08:00"),
        ("2026-11-17 23:30", 20, "Wed 08:00"),
    ],
)
def test_it_asks_in_the_evening_an_hour_after_the_end_and_never_at_night(
    world: World, starts: str, length: int, came: str
):
    talk = datetime.fromisoformat(starts).replace(tzinfo=BERLIN)
    entry = invitation(talk, length=timedelta(minutes=length))
    assert delivered_at(world, TALK - timedelta(days=1), entry) == [came]


def test_a_machine_that_was_off_in_the_evening_asks_the_next_day_and_no_later(world: World):
    entry = invitation(TALK)
    assert delivered_at(world, TALK + timedelta(days=1, hours=6), entry) == ["Wed 20:00"]


def test_two_days_later_it_is_left_to_the_summary(world: World):
    assert delivered_at(world, TALK + timedelta(days=2), invitation(TALK)) == []


@pytest.mark.goal("G8")
def test_a_clock_that_jumps_asks_no_second_time(world: World):
    with world.opened() as context:
        know(context, invitation(TALK))
        here = replace(context, zone=BERLIN)
        counts = []
        for hours in (5, -30, 6, 900, 5.5, 24, 5):
            world.clock.now = (TALK + timedelta(hours=hours)).astimezone(UTC)
            counts.append(deliver_around_talks(here))
    assert counts == [1, 0, 0, 0, 0, 0, 0]


# ---------------------------------------------------------------- the evening: of which


def test_a_meeting_that_was_moved_counts_at_its_new_time_alone(world: World):
    moved = invitation(
        TALK + timedelta(days=1), key="i2", received=TALK - timedelta(days=1)
    )  # fmt: skip
    entries = (invitation(TALK), moved)
    assert delivered_at(world, TALK - timedelta(hours=20), *entries, days=3) == ["Wed 18:00"]


def test_no_question_about_a_meeting_that_was_cancelled(world: World):
    off = invitation(TALK, key="i2", method="CANCEL", received=TALK - timedelta(days=1))
    assert delivered_at(world, TALK, invitation(TALK), off) == []


def test_no_question_about_a_meeting_that_the_user_declined_until_it_is_moved(world: World):
    declined = answer_of_mine("u1", declined=True, received=TALK - timedelta(days=3))
    accepted = answer_of_mine("u1", declined=False, received=TALK - timedelta(days=3))
    moved = invitation(TALK + AN_HOUR, key="i2", received=TALK - timedelta(days=2))
    for number, (entries, came) in enumerate([
        ((invitation(TALK), declined), []),
        ((invitation(TALK), accepted), ["Tue 18:00"]),
        ((invitation(TALK), declined, moved), ["Tue 18:00"]),
    ]):  # fmt: skip
        here = replace(world, folder=world.folder / str(number))
        assert delivered_at(here, TALK, *entries) == came


def test_no_question_about_a_talk_that_a_no_had_made_needless(world: World):
    no = rejection(received=TALK - AN_HOUR, message_id="no@x")
    entry = Entry(reading=no, application="acme")
    assert delivered_at(world, TALK, invitation(TALK), entry) == []


def test_a_no_after_the_talk_is_no_reason_not_to_ask(world: World):
    no = rejection(received=TALK + 2 * AN_HOUR, message_id="no@x")
    entry = Entry(reading=no, application="acme")
    assert delivered_at(world, TALK + 3 * AN_HOUR, invitation(TALK), entry) == ["Tue 18:00"]


def test_of_three_talks_with_one_employer_on_one_day_the_last_is_asked_about(world: World):
    day = [invitation(TALK + n * AN_HOUR, uid=f"u{n}", key=f"i{n}") for n in range(3)]
    other = invitation(TALK, uid="o", key="o", employer="Harbour")
    assert delivered_at(world, TALK, *day, other) == ["Tue 18:00", "Tue 18:00"]


def test_a_flood_of_invitations_makes_no_flood_of_questions(world: World):
    flood = [
        invitation(TALK, uid=f"u{number}", key=f"i{number}", employer=f"Acme{number}")
        for number in range(9)
    ]
    assert delivered_at(world, TALK - timedelta(days=1), *flood, days=4) == ["Tue 18:00"] * 4


def test_who_has_written_about_it_already_is_not_asked(world: World):
    written = words("I spoke too fast.", TALK + AN_HOUR)
    assert delivered_at(world, TALK + AN_HOUR, invitation(TALK), events=(written,)) == []
    before = words("Another round.", TALK - timedelta(days=9))
    here = replace(world, folder=world.folder / "earlier")
    assert delivered_at(here, TALK, invitation(TALK), events=(before,)) == ["Tue 18:00"]


def test_what_the_summary_has_asked_after_the_talk_is_not_asked_again(world: World):
    def after_the_summary(context: Context) -> Context:
        world.clock.now = (TALK + 2 * AN_HOUR).astimezone(UTC)
        assert deliver("2026-W47", context)
        return context

    assert delivered_at(world, TALK, invitation(TALK), change=after_the_summary) == []


def test_the_settings_and_the_end_of_the_search_switch_it_off(world: World):
    def without(context: Context) -> Context:
        return replace(context, summary=replace(context.summary, evening=False))

    def hired(context: Context) -> Context:
        end_search(context.journal, context.account, world.clock())
        return context

    for number, change in enumerate((without, hired)):
        here = replace(world, folder=world.folder / str(number))
        assert delivered_at(here, TALK, invitation(TALK), change=change) == []


# ---------------------------------------------------------------- the evening: what


def test_it_asks_two_questions_with_the_mark_that_a_reply_is_known_by(world: World):
    delivered_at(world, TALK, invitation(TALK), days=1)
    (letter,) = letters(world)
    assert letter["Subject"] == "How was it?"
    assert letter["To"].addresses[0].addr_spec == ME
    text = text_of(letter)
    assert "You talked with Acme – Tester today." in text
    assert f"\n* Acme – Tester  [{anchor_of('acme')}]\n" in text
    assert text.index("What went well?") < text.index("What would you do differently next time?")
    (told,) = world.payloads("summary_delivered")
    assert (told["kind"], told["prompts"], "week" in told) == ("evening", ["acme"], False)


def test_the_weekly_summary_shows_again_what_was_written_that_evening(world: World):
    with world.opened() as context:
        know(context, invitation(TALK), events=(words("I spoke\ntoo fast.", TALK + 5 * AN_HOUR),))
        world.clock.now = TALK + timedelta(days=3)
        deliver("2026-W47", context)
    text = text_of(letters(world)[0])
    assert "This you have written already:" in text
    assert "  > I spoke\n  > too fast." in text
    assert "What went well?" not in text


# ---------------------------------------------------------------- the brief


def test_the_evening_before_a_talk_come_the_users_own_words_and_the_employers(world: World):
    coming = invitation(TALK + timedelta(days=7), uid="next", key="next")
    said = Event(
        kind=EventKind.FEEDBACK_RECEIVED, time=TALK, application="harbour", message="f1",
        payload={"text": "Say “I” more often.", "from": "tom@harbour.example"},
    )  # fmt: skip
    known = (
        words("Ask about the team.", TALK - timedelta(days=3), "harbour"),
        words("Shorter answers.", TALK),
        said,
    )
    first = invitation(TALK - timedelta(days=9), uid="past", key="past", employer="Harbour")
    since = TALK + timedelta(days=5)
    assert delivered_at(world, since, first, coming, events=known, days=2) == ["Mon 18:00"]
    (letter,) = letters(world)
    assert letter["Subject"] == "For tomorrow"
    text = text_of(letter)
    assert "Tomorrow at 14:00 you talk with Acme – Tester." in text
    assert text.index("Shorter answers.") < text.index("Ask about the team.")
    assert "> Say “I” more often." in text
    assert world.payloads("summary_delivered")[0]["prompts"] == []


def test_without_a_word_to_remember_there_is_no_brief(world: World):
    assert delivered_at(world, TALK - timedelta(days=2), invitation(TALK), days=2) == []


def _with_words(world: World, since: datetime, *entries: Entry, **others) -> list[str]:
    return delivered_at(
        world, since, *entries, events=(words("Shorter.", TALK - timedelta(days=9)),), days=2,
        change=lambda context: replace(
            context, summary=replace(context.summary, evening=False, **others)
        ),
    )  # fmt: skip


def test_a_brief_that_was_missed_comes_in_the_morning_before_the_talk_and_not_after_it(
    world: World,
):
    for number, (since, came) in enumerate([
        (TALK - timedelta(hours=15), ["Tue 06:00"]),  # 23:00: it is night
        (TALK - timedelta(hours=2), ["Tue 12:00"]),
        (TALK + timedelta(minutes=1), []),
    ]):  # fmt: skip
        here = replace(world, folder=world.folder / str(number))
        here.clock.now = since
        assert _with_words(here, since, invitation(TALK)) == came


def test_two_talks_on_one_day_have_one_brief(world: World):
    entries = (invitation(TALK), invitation(TALK - 4 * AN_HOUR, uid="u2", key="i2", employer="B"))
    assert _with_words(world, TALK - timedelta(days=1), *entries) == ["Mon 18:00"]
    text = text_of(letters(world)[0])
    assert text.index("Tomorrow at 10:00 you talk with B") < text.index("Tomorrow at 14:00")


def test_the_brief_can_be_switched_off_and_none_comes_after_a_no(world: World):
    since = TALK - timedelta(days=1)
    assert _with_words(world, since, invitation(TALK), brief=False) == []
    no = Entry(reading=rejection(received=since, message_id="no@x"), application="acme")
    here = replace(world, folder=world.folder / "declined")
    assert _with_words(here, since + AN_HOUR, invitation(TALK), no) == []


# ---------------------------------------------------------------- exactly once


@pytest.mark.goal("G1")
@pytest.mark.parametrize("when", [TALK + 5 * AN_HOUR, TALK - 20 * AN_HOUR])
def test_wherever_the_process_dies_each_of_them_lies_there_once(
    tmp_path: Path, when: datetime, share
):
    def at_that_hour(name: str) -> World:
        world = new_world(tmp_path / name)
        world.clock.now = when.astimezone(UTC)
        with world.opened() as context:
            before = words("Shorter.", TALK - timedelta(days=9))
            know(context, invitation(TALK), events=(before,))
        return world

    def look(world: World, seam: At | None = None) -> None:
        with world.opened(seam) as context:
            deliver_around_talks(replace(context, zone=BERLIN))

    whole = At()
    look(at_that_hour("whole"), whole)
    for point in range(1, whole.calls + 1, share(11, 1)):
        world = at_that_hour(str(point))
        with pytest.raises(Crash):
            look(world, At(point))
        look(world)
        look(world)
        assert len(letters(world)) == 1, f"died at point {point}"
        assert world.events().count("summary_delivered") == 1, f"died at point {point}"
