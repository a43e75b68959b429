"""One summary an account and ISO week, whatever the clock does (goal G8, a share of it)."""

import random
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from inboxbot.core.plan import Event, EventKind
from inboxbot.daemon.context import Context
from inboxbot.daemon.weekly import deliver, deliver_if_due, due_week
from tests.daemon.world import ME, Crash, World, new_world

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # of week 47


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


@pytest.fixture
def context(world: World) -> Iterator[Context]:
    world.clock.now = FRIDAY - timedelta(days=3)
    with world.opened() as opened:
        event = Event(kind=EventKind.HEALTH, time=world.clock(), payload={"state": "up"})
        opened.journal.append("home", event)
        yield opened


def summaries(world: World) -> list[EmailMessage]:
    mails = [
        message_from_bytes(mail.data, _class=EmailMessage, policy=default)
        for mail in world.mailbox.contents("INBOX")
    ]
    return [mail for mail in mails if mail["From"].addresses[0].addr_spec == ME]


def test_the_summary_comes_on_friday_noon_and_not_before(world: World, context: Context):
    world.clock.now = FRIDAY - timedelta(minutes=1)
    assert deliver_if_due(context) is None
    world.clock.now = FRIDAY
    assert deliver_if_due(context) == "2026-W47"
    assert deliver_if_due(context) is None
    assert len(summaries(world)) == 1


@pytest.mark.threat("D24")
def test_it_goes_from_the_owner_to_the_owner_unread(world: World, context: Context):
    world.clock.now = FRIDAY
    deliver_if_due(context)
    (mail,) = summaries(world)
    assert mail["To"].addresses[0].addr_spec == ME
    assert mail["Subject"] == "Your week 47"
    assert "Auto-Submitted" not in mail
    assert not any(name.startswith("X-") for name in mail)
    (stored,) = [kept for kept in world.mailbox.contents("INBOX") if b"week 47" in kept.data]
    assert "\\Seen" not in stored.flags


def test_after_sleep_it_comes_late_and_once(world: World, context: Context):
    world.clock.now = FRIDAY + timedelta(days=4)  # Tuesday of the next week
    assert deliver_if_due(context) == "2026-W47"
    world.clock.now = FRIDAY + timedelta(days=7)
    assert deliver_if_due(context) == "2026-W48"
    assert len(summaries(world)) == 2


def test_a_journal_that_is_younger_than_the_week_has_no_summary_of_it(world: World):
    world.clock.now = FRIDAY + timedelta(days=3)  # installed on a Monday
    with world.opened() as context:
        event = Event(kind=EventKind.HEALTH, time=world.clock(), payload={"state": "up"})
        context.journal.append("home", event)
        assert deliver_if_due(context) is None


@pytest.mark.goal("G8")
@pytest.mark.threat("D26")
def test_a_clock_that_jumps_delivers_no_week_twice(world: World, context: Context):
    numbers = random.Random(47)
    for _ in range(200):
        world.clock.now = FRIDAY + timedelta(hours=numbers.randrange(0, 24 * 7 * 8))
        deliver_if_due(context)
    subjects = Counter(mail["Subject"] for mail in summaries(world))
    assert len(subjects) >= 8
    assert set(subjects.values()) == {1}


@pytest.mark.goal("G8")
@pytest.mark.threat("D26")
@pytest.mark.parametrize("name", ["America/Santiago", "Europe/Berlin", "Pacific/Apia", "Asia/Gaza"])
def test_hourly_looks_give_one_summary_a_week_across_clock_changes(
    world: World, context: Context, name: str
):
    there = replace(context, zone=zoneinfo.ZoneInfo(name))
    weeks = Counter()
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    context.journal.append(
        "home", Event(kind=EventKind.HEALTH, time=moment - timedelta(days=9), payload={})
    )
    while moment < datetime(2026, 12, 1, tzinfo=UTC):
        world.clock.now = moment
        week = due_week(there)
        if there.journal.summary_state("home", week) is None:
            there.journal.set_summary(there.hold, week, "delivered")
            weeks[week] += 1
        moment += timedelta(hours=1)
    assert set(weeks.values()) == {1}
    assert len(weeks) == 14


@pytest.mark.goal("G1")
@pytest.mark.parametrize(
    "name", ["before summary intent", "before summary", "after summary, before record"]
)
def test_wherever_the_process_dies_the_summary_lies_there_once(world: World, name: str):
    world.clock.now = FRIDAY

    def seam(reached: str) -> None:
        if reached == name:
            raise Crash

    with pytest.raises(Crash), world.opened(seam) as context:
        deliver("2026-W47", context)
    with world.opened() as context:
        assert deliver("2026-W47", context)
        assert not deliver("2026-W47", context)
    assert len(summaries(world)) == 1
    assert world.events().count("summary_delivered") == 1
