"""One summary an account and ISO week, whatever the clock does (goal G8, a share of it)."""

import random
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from inboxbot.core.identity import summary_key
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.summary import due_week
from inboxbot.daemon.context import Context
from inboxbot.daemon.replies import name_of
from inboxbot.daemon.weekly import deliver, deliver_if_due, summary_of
from tests.daemon.world import ME, Crash, World, new_world
from tests.make import SENDERS

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


@pytest.mark.goal("G7")
@pytest.mark.parametrize("folder", ["INBOX", "Archive", "Trash"])
def test_a_lost_journal_delivers_no_week_twice_wherever_the_mail_was_put(
    world: World, context: Context, folder: str
):
    world.clock.now = FRIDAY
    world.mailbox.create_folder("Archive")
    deliver_if_due(context)
    (ours,) = (
        locator for locator, mail in zip(
            world.mailbox.locators("INBOX"), world.mailbox.contents("INBOX"), strict=True
        ) if b"week 47" in mail.data
    )  # fmt: skip
    if folder != "INBOX":
        world.mailbox.move(ours, folder)
    with World(world.folder / "new", world.mailbox, world.clock).opened() as again:
        again.journal.append(
            "home", Event(kind=EventKind.HEALTH, time=world.clock(), payload={"state": "up"})
        )
        assert deliver_if_due(again) == "2026-W47"
        assert deliver_if_due(again) is None
    everywhere = [mail for name in ("INBOX", "Archive", "Trash")
                  for mail in world.mailbox.contents(name)]  # fmt: skip
    assert sum(b"Subject: Your week 47" in mail.data for mail in everywhere) == 1


def test_a_strangers_mail_under_the_name_of_the_summary_does_not_stand_in_its_way(
    world: World, context: Context
):
    world.clock.now = FRIDAY
    name = summary_key(context.owner, "2026-W47")  # whoever knows the address can work it out
    forged = (
        f"Received: from evil.example by mx.home.example with ESMTPS; Fri, 20 Nov 2026 09:00 +0000"
        f"\r\nFrom: {ME}\r\nTo: {ME}\r\nMessage-ID: <{name}.{'a' * 16}@home.example>\r\n"
        "Subject: Hello\r\n\r\nHello\r\n"
    )
    world.mailbox.add("INBOX", forged.encode(), received=world.clock())
    assert deliver_if_due(context) == "2026-W47"
    assert [mail["Subject"] for mail in summaries(world)] == ["Hello", "Your week 47"]


def test_a_server_that_writes_its_line_above_what_is_put_into_it_gets_no_second_one(
    world: World, context: Context
):
    world.clock.now = FRIDAY
    key = summary_key(context.owner, "2026-W47")
    name = name_of(key, context.journal, context.account)
    ours = f"Received: by mx.home.example\r\nFrom: {ME}\r\nMessage-ID: <{name}@x>\r\n\r\nYour week"
    world.mailbox.add("INBOX", ours.encode(), received=world.clock())
    deliver_if_due(context)
    assert len(summaries(world)) == 1


def test_the_event_tells_what_a_reply_needs_and_what_lay_in_junk(world: World, context: Context):
    world.clock.now = FRIDAY
    deliver_if_due(context)
    (told,) = world.payloads("summary_delivered")
    assert told == {
        "kind": "week", "week": "2026-W47", "prompts": [], "questions": [], "exercise": "",
        "junk": [], "pattern": "", "theme": "",
    }  # fmt: skip


def test_a_past_week_shows_again_what_lay_in_junk_when_it_was_delivered(
    world: World, context: Context
):
    found = [{"sender": "jo@acme.example", "subject": "Your interview", "employer": "Acme"}]
    event = Event(
        kind=EventKind.SUMMARY_DELIVERED, time=FRIDAY,
        payload={"kind": "week", "week": "2026-W47", "junk": found},
    )  # fmt: skip
    context.journal.append("home", event)
    for week, expected in (("2026-W47", ("Your interview",)), ("2026-W46", ())):
        shown = summary_of(
            week, context.journal, "home", zone=UTC, now=FRIDAY + A_DAY, senders=SENDERS
        )
        assert tuple(mail.subject for mail in shown.junk) == expected


# ---------------------------------------------------------------- every week, everywhere

ODD_ZONES = (
    "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/Havana", "America/Nuuk",
    "America/Santiago", "America/Scoresbysund", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza",
    "Asia/Kathmandu", "Asia/Tehran", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Norfolk", "UTC",
)  # fmt: skip
"""They change the clock at midnight, by half an hour, in Ramadan, or by the moon."""

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
LONGEST_SLEEP = timedelta(days=6)
FURTHEST_JUMP = timedelta(days=3653)


def weeks_from(first: int, last: int) -> list[str]:
    """Return every ISO week of these years, leap weeks included."""
    return [
        f"{year}-W{week:02}"
        for year in range(first, last + 1)
        for week in range(1, date(year, 12, 28).isocalendar().week + 1)
    ]


def a_life(dice: random.Random, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the times at which a machine looks: it sleeps, and now and then its clock is wrong."""
    now = start
    while now < end:
        if dice.random() < 0.05:
            yield now + dice.uniform(-1, 1) * FURTHEST_JUMP
        yield now
        now += dice.choice([timedelta(hours=12), LONGEST_SLEEP]) * dice.random()


def delivered_in(
    zone: zoneinfo.ZoneInfo, first: int, last: int, seed: str, shift: timedelta = 2 * AN_HOUR
) -> Counter[str]:
    """Return how often each week's summary came, where the journal keeps what was delivered.

    `shift` is how far the clock of that zone is put forward or back at once.
    """
    dice = random.Random(seed)
    day, hour = dice.choice([(4, 12), (0, 0), (6, 23), (dice.randrange(7), dice.randrange(24))])
    journal: set[str] = set()
    came: Counter[str] = Counter()
    start = datetime(first, 1, 1, tzinfo=UTC) - timedelta(days=9)
    for now in a_life(dice, start, datetime(last + 1, 1, 20, tzinfo=UTC)):
        week = due_week(now, zone, day=day, hour=hour)
        local = now.astimezone(zone)
        due = datetime.fromisocalendar(int(week[:4]), int(week[6:]), day + 1).replace(hour=hour)
        late = local.replace(tzinfo=None) - due
        assert -shift <= late < timedelta(days=7) + shift, "the newest, and not early"
        if week not in journal:
            journal.add(week)
            came[week] += 1
    return came


@pytest.mark.goal("G8")
@pytest.mark.threat("D26")
@pytest.mark.parametrize("name", ODD_ZONES)
def test_every_week_of_fourteen_years_has_one_summary_where_clocks_are_odd(name: str):
    came = delivered_in(zoneinfo.ZoneInfo(name), 2024, 2037, name)
    assert {came[week] for week in weeks_from(2024, 2037)} == {1}


@pytest.mark.slow
@pytest.mark.goal("G8")
@pytest.mark.threat("D26")
def test_every_week_of_fourteen_years_has_one_summary_in_every_zone_of_the_world():
    zones = sorted(zoneinfo.available_timezones())
    assert len(zones) > 400
    for name in zones:
        came = delivered_in(zoneinfo.ZoneInfo(name), 2024, 2037, name)
        wrong = {week: came[week] for week in weeks_from(2024, 2037) if came[week] != 1}
        assert not wrong, name


@pytest.mark.goal("G8")
@pytest.mark.parametrize(
    ("name", "year"), [("Pacific/Apia", 2011), ("Pacific/Kwajalein", 1993), ("Asia/Manila", 1844)]
)
def test_a_week_in_which_the_day_of_the_summary_was_left_out_has_one_too(name: str, year: int):
    for seed in range(20):
        came = delivered_in(zoneinfo.ZoneInfo(name), year, year + 1, f"{name}{seed}", A_DAY)
        assert {came[week] for week in weeks_from(year, year + 1)} == {1}


@pytest.mark.goal("G8")
def test_a_machine_that_looks_every_day_delivers_every_week_with_its_news(
    world: World, context: Context
):
    dice = random.Random(8)
    for day in range(90):
        world.clock.now = FRIDAY + timedelta(days=day, hours=dice.randrange(24))
        event = Event(kind=EventKind.HEALTH, time=world.clock(), payload={"state": "up"})
        context.journal.append("home", event)
        deliver_if_due(context)
    subjects = Counter(mail["Date"].datetime.isocalendar()[:2] for mail in summaries(world))
    assert set(subjects.values()) == {1}
    assert len(subjects) == 13


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
