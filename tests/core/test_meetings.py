"""Which appointments stand, as their calendar parts and those that came after say."""

from datetime import UTC, datetime, timedelta

import pytest

from inboxbot.core.history import Entry, History
from inboxbot.core.ical import events
from inboxbot.core.meetings import meetings_in
from inboxbot.core.types import Label
from tests.make import ME, mail

TUESDAY = datetime(2026, 11, 17, 13, tzinfo=UTC)


def calendar(*lines: str, method: str = "REQUEST") -> str:
    """Return a calendar part with one event."""
    return "\r\n".join(
        ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", "UID:u1", *lines, "END:VEVENT",
         "END:VCALENDAR")
    )  # fmt: skip


AT_ONE = "DTSTART:20261117T130000Z"


def entry(part: str, number: int, *, own: bool = False, label: Label = Label.INTERVIEW) -> Entry:
    """Return the mail, the one after the other, that carries a calendar part."""
    sender = f"Mara <{ME}>" if own else "Jo Park <jo@acme.example>"
    received = TUESDAY - timedelta(days=9) + timedelta(hours=number)
    reading = mail(
        label, sender, calendar=events(part), received=received, message_id=f"{number}@x"
    )
    return Entry(reading=reading, application="acme", own=own)


def standing(*parts: Entry) -> list[tuple[datetime, datetime]]:
    """Return when the meetings that stand begin and end."""
    found = meetings_in(History(parts), TUESDAY + timedelta(days=30))
    return [(meeting.starts, meeting.ends) for meeting in found]


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("DTEND:20261117T134500Z", 45),
        ("DURATION:PT45M", 45),
        ("DURATION:PT1H30M", 90),
        ("DURATION:P1DT2H", 26 * 60),
        ("DURATION:P1W", 7 * 24 * 60),
        ("DURATION:soon", 60),
        ("SUMMARY:A talk", 60),
    ],
)
def test_its_end_is_told_by_its_end_its_length_or_the_usual_hour(line: str, minutes: int) -> None:
    invited = entry(calendar(AT_ONE, line), 1)
    assert standing(invited) == [(TUESDAY, TUESDAY + timedelta(minutes=minutes))]


@pytest.mark.parametrize("year", ["0001", "1601", "9999"])
def test_a_day_that_no_appointment_has_is_none(year: str) -> None:
    """No zone has an hour for the first and the last day of all, and no reckoning goes beyond."""
    part = calendar(f"DTSTART:{year}1231T230000Z", f"DTEND:{year}1231T235959Z")
    assert [(event.starts, event.ends) for event in events(part)] == [(None, None)]
    assert standing(entry(part, 1)) == []


def test_an_end_before_the_beginning_is_none() -> None:
    invited = entry(calendar(AT_ONE, "DTEND:20261116T130000Z"), 1)
    assert standing(invited) == [(TUESDAY, TUESDAY + timedelta(hours=1))]


def test_the_newest_word_counts() -> None:
    first = entry(calendar(AT_ONE), 1)
    moved = entry(calendar("DTSTART:20261118T130000Z"), 2)
    off = entry(calendar(AT_ONE, method="CANCEL"), 3)
    again = entry(calendar(AT_ONE), 4)
    assert [starts.day for starts, _ in standing(first, moved)] == [18]
    assert standing(first, moved, off) == []
    assert [starts.day for starts, _ in standing(first, moved, off, again)] == [17]


@pytest.mark.parametrize(
    ("partstat", "stands"), [("DECLINED", 0), ("ACCEPTED", 1), ("TENTATIVE", 1), ("declined", 0)]
)
def test_what_the_user_declines_does_not_stand(partstat: str, stands: int) -> None:
    reply = calendar(AT_ONE, f"ATTENDEE;PARTSTAT={partstat}:mailto:{ME}", method="REPLY")
    assert len(standing(entry(calendar(AT_ONE), 1), entry(reply, 2, own=True))) == stands


def test_what_the_other_side_replies_or_counters_fixes_nothing() -> None:
    declined = calendar(AT_ONE, "ATTENDEE;PARTSTAT=DECLINED:mailto:x@y.example", method="REPLY")
    counter = calendar("DTSTART:20261119T130000Z", method="COUNTER")
    assert len(standing(entry(calendar(AT_ONE), 1), entry(declined, 2), entry(counter, 3))) == 1
    assert standing(entry(counter, 1)) == []


def test_a_mail_of_later_and_a_job_alert_fix_nothing() -> None:
    invited = entry(calendar(AT_ONE), 1)
    assert meetings_in(History([invited]), invited.when) == ()
    assert standing(entry(calendar(AT_ONE), 1, label=Label.JOB_ALERT)) == []


def test_without_an_identity_the_hour_is_one() -> None:
    bare = calendar(AT_ONE).replace("UID:u1\r\n", "")
    other = calendar("DTSTART:20261118T130000Z").replace("UID:u1\r\n", "")
    assert len(standing(entry(bare, 1), entry(bare, 2), entry(other, 3))) == 2
