"""Whole stories over several polls: what the mailbox holds decides, in whatever order it came."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inboxbot.core.types import Locator, RawMail, Reading, Unreadable
from inboxbot.daemon.poll import poll
from inboxbot.errors import MailboxError
from inboxbot.mailbox.memory import MemoryMailbox
from inboxbot.ports import Part
from tests.daemon.world import ME, REJECTION, Crash, ReaderHere, World, letter, new_world
from tests.make import NOW

INVITATION = """Hello Mara,

we would like to invite you to an interview for the Product Designer role at Harbour Maps.
Would Thursday at ten suit you?

Best regards,
Priya Raman
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def arrive(world: World, data: bytes, ago: timedelta, folder: str = "INBOX") -> None:
    world.mailbox.add(folder, data, received=world.clock.now - ago)


def send_first_draft(world: World, message_id: str = "") -> None:
    """Send the draft to Jo as a client does: out of Drafts, into Sent."""
    for locator in world.mailbox.locators("Drafts"):
        (mail,) = world.mailbox.fetch([locator])
        if b"jo@harbourmaps.example" in mail.data:
            world.mailbox.remove(locator)
            data = mail.data
            if message_id:
                head, _, rest = data.partition(b"Message-ID: ")
                data = head + b"Message-ID: <" + message_id.encode() + b">\r\n"
                data += rest.partition(b"\r\n")[2]
            world.mailbox.add("Sent", data, received=world.clock.now)


def answer(text: str, **headers: str) -> bytes:
    return letter(
        "Jo Park <jo@harbourmaps.example>", "Re: Your application", text,
        message_id=f"a{abs(hash(text)) % 1000}", In_Reply_To="<r1@post.example>", **headers,
    )  # fmt: skip


ACKNOWLEDGED = """Dear Mara,

Thank you for applying for the Product Designer role at Harbour Maps. We have received your
application and will come back to you within two weeks.

Kind regards,
Harbour Maps Recruiting
"""


def test_a_mailbox_that_was_filled_today_is_read_by_the_dates_of_its_mails(tmp_path: Path):
    """By mbsync, say, which gives a copy the date of the copying."""
    world = replace(new_world(tmp_path), mailbox=MemoryMailbox(now=lambda: NOW))
    own = letter(
        f"Mara <{ME}>", "My application", "Dear Jo Park, please find my application attached.",
        to="jo@harbourmaps.example", when=NOW - timedelta(days=10), message_id="w1",
    )  # fmt: skip
    arrive(world, own, timedelta(0), "Sent")
    author = "Jo Park <jo@harbourmaps.example>"
    story = [
        ("ancient", REJECTION.replace("Harbour Maps", "Osprey Grid"), 200),
        ("no", REJECTION, 2),  # it lies before what it answers
        ("receipt", ACKNOWLEDGED, 9),
    ]
    for name, text, days in story:
        when = NOW - timedelta(days=days)
        data = letter(author, "Your application", text, when=when, message_id=name)
        arrive(world, data, timedelta(0))
    world.poll()
    assert [payload["to"] for payload in world.payloads("draft_saved")] == [
        "jo@harbourmaps.example"
    ]
    assert [payload["label"] for payload in world.payloads("seen")] == [
        "acknowledgement", "rejection",
    ]  # fmt: skip


def test_an_answer_that_comes_with_the_news_that_it_was_asked_for_is_kept(world: World):
    """A laptop that slept finds both at the same poll."""
    world.poll()
    world.clock.now += timedelta(hours=2)
    send_first_draft(world)
    world.clock.now += timedelta(days=1)
    words = "Your case study was strong; more metrics would help."
    arrive(world, answer(words), timedelta(hours=1))
    world.poll()
    assert world.events().count("sent") == 1
    (kept,) = world.payloads("feedback_received")
    assert kept["text"].strip() == words
    world.poll()
    assert world.events().count("feedback_received") == 1


def test_a_bounce_that_comes_at_once_makes_the_address_dead(world: World):
    world.poll()
    world.clock.now += timedelta(hours=2)
    send_first_draft(world)
    bounce = answer(
        "550 <jo@harbourmaps.example>: no such user", Auto_Submitted="auto-replied"
    ).replace(
        b"From: Jo Park <jo@harbourmaps.example>",
        b"From: MAILER-DAEMON@mx.home.example\r\nX-Failed-Recipients: jo@harbourmaps.example",
    )
    world.clock.now += timedelta(minutes=5)
    arrive(world, bounce, timedelta(minutes=1))
    world.poll()
    assert "bounced" in world.events()
    with world.opened() as context:
        assert context.journal.history("home").dead == {"jo@harbourmaps.example"}


def test_a_request_sent_under_another_message_id_is_known(world: World):
    world.poll()
    world.clock.now += timedelta(hours=2)
    send_first_draft(world, "made-by-thunderbird@client.example")
    world.poll()
    assert "sent" in world.events()


def test_a_friend_who_answers_a_forwarded_invitation_is_never_asked(world: World):
    invitation = letter(
        "Harbour Maps <no-reply@us.greenhouse-mail.io>", "Interview at Harbour Maps", INVITATION,
        message_id="i1",
    )  # fmt: skip
    friend = letter(
        "Sam Friend <sam@gmail.com>", "Re: Interview at Harbour Maps",
        "Oh wow, congratulations! Dinner on me. See you on Saturday?",
        In_Reply_To="<i1@post.example>", message_id="f1",
    )  # fmt: skip
    refusal = letter(
        "Harbour Maps <no-reply@us.greenhouse-mail.io>", "Your application to Harbour Maps",
        REJECTION.replace("Jo Park\n", ""), message_id="r5",
    )  # fmt: skip
    lonely = replace(world, mailbox=type(world.mailbox)(now=world.clock))
    for days, data in ((5, invitation), (4, friend), (1, refusal)):
        arrive(lonely, data, timedelta(days=days))
    lonely.poll()
    assert not lonely.mailbox.contents("Drafts")


def test_a_rejection_forwarded_to_a_friend_is_no_answer_to_the_employer(world: World):
    forward = letter(
        f"Mara <{ME}>", "Fwd: Your application", "Look at this one", to="sam@gmail.com",
        In_Reply_To="<r1@post.example>", message_id="w1",
    )  # fmt: skip
    arrive(world, forward, timedelta(minutes=30), "Sent")
    assert world.poll().drafts == 2


def test_the_users_own_answer_leaves_the_rejection_alone(world: World):
    own = letter(
        f"Mara <{ME}>", "Re: Your application", "Thanks, Jo!", to="jo@harbourmaps.example",
        In_Reply_To="<r1@post.example>", message_id="w1",
    )  # fmt: skip
    arrive(world, own, timedelta(minutes=30), "Sent")
    assert world.poll().drafts == 1
    assert world.payloads("left_alone")[0]["reason"] == "user_replied"


def test_an_untouched_draft_goes_when_the_user_answers_himself(world: World):
    world.poll()
    own = letter(
        f"Mara <{ME}>", "Re: Your application", "Thanks, Jo!", to="jo@harbourmaps.example",
        In_Reply_To="<r1@post.example>", message_id="w1",
    )  # fmt: skip
    arrive(world, own, timedelta(0), "Sent")
    world.poll()
    assert world.payloads("withdrawn")[0]["reason"] == "user_replied"
    assert len(world.mailbox.contents("Trash")) == 1
    assert len(world.mailbox.contents("Drafts")) == 1
    world.poll()
    assert len(world.mailbox.contents("Trash")) == 1, "withdrawn once"


def test_a_draft_is_not_taken_back_for_what_was_known_when_it_was_written(world: World):
    again = letter(
        "Harbour Maps <no-reply@us.greenhouse-mail.io>", "Update on your application",
        REJECTION.replace("Jo Park\n", ""), message_id="r7",
    )  # fmt: skip
    arrive(world, again, timedelta(minutes=10))
    world.poll()
    written = len(world.mailbox.contents("Drafts"))
    world.poll()
    assert "withdrawn" not in world.events()
    assert len(world.mailbox.contents("Drafts")) == written


def test_a_withdrawal_that_the_server_refuses_is_tried_again(world: World, monkeypatch):
    world.poll()
    world.clock.now += timedelta(days=15)
    withdraw = world.mailbox.withdraw

    def refuse(_: object) -> bool:
        raise MailboxError("the connection was lost")

    monkeypatch.setattr(world.mailbox, "withdraw", refuse)
    with pytest.raises(MailboxError):
        world.poll()
    monkeypatch.setattr(world.mailbox, "withdraw", withdraw)
    world.poll()
    assert world.events().count("withdrawn") == 2
    assert not world.mailbox.contents("Drafts")


def test_a_lost_journal_knows_the_request_that_was_sent(world: World):
    world.poll()
    world.clock.now += timedelta(hours=2)
    send_first_draft(world)
    world.poll()
    (world.folder / "journal.sqlite3").unlink()
    world.clock.now += timedelta(days=2)
    role = REJECTION.replace("Product Designer", "Illustrator").replace("Jo Park", "Lee Wong")
    arrive(
        world,
        letter("Lee Wong <lee@harbourmaps.example>", "Illustrator", role, message_id="r8"),
        timedelta(hours=1),
    )
    arrive(world, answer("More metrics would help."), timedelta(hours=2))
    world.poll()
    assert len(world.mailbox.contents("Drafts")) == 1, "the other employer's alone"
    assert "feedback_received" in world.events()


class _Dies(ReaderHere):
    """A reader that takes the whole program with it at one mail."""

    def __init__(self, poison: bytes, error: BaseException) -> None:
        self.poison, self.error = poison, error

    def read(self, mails: Sequence[RawMail]) -> Iterator[Reading | Unreadable]:
        for mail in mails:
            if self.poison in mail.data:
                raise self.error
            yield from super().read([mail])


def poll_with(world: World, reader: ReaderHere) -> None:
    with world.opened() as context:
        poll(replace(context, reader=reader))


@pytest.mark.threat("D9")
def test_a_mail_that_kills_the_program_is_set_aside_after_two_tries_and_the_rest_is_read(
    world: World,
):
    reader = _Dies(b"Your order", Crash())
    deaths = 0
    for _ in range(8):
        try:
            poll_with(world, reader)
        except Crash:
            deaths += 1
    assert deaths == 3, "once in its batch, twice alone"
    assert len(world.mailbox.contents("Drafts")) == 2
    assert world.events().count("failed") == 1
    assert world.payloads("left_alone")[0]["reason"] == "unreadable"


@pytest.mark.threat("D9")
def test_a_network_that_fails_costs_no_mail_a_try(world: World):
    for _ in range(5):
        with pytest.raises(MailboxError):
            poll_with(world, _Dies(b"Your order", MailboxError("gone")))
    world.poll()
    assert "failed" not in world.events()
    assert len(world.mailbox.contents("Drafts")) == 2


class Stubborn(MemoryMailbox):
    """A server that tells the first mail of its inbox in no way: the adapters hand over nothing."""

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        for mail in super().fetch(locators, part):
            first = mail.locator == self.locators("INBOX")[0]
            yield replace(mail, data=b"", cut=True) if first else mail


def test_a_mail_that_its_server_cannot_tell_is_a_recorded_failure(world: World):
    stubborn = Stubborn(now=world.clock)
    for mail in world.mailbox.contents("INBOX"):
        stubborn.add("INBOX", mail.data, received=mail.received)
    world = replace(world, mailbox=stubborn)
    world.poll()
    world.poll()
    assert [payload["reason"] for payload in world.payloads("left_alone")] == ["unreadable"]
    assert len(world.payloads("failed")) == 1
    assert len(world.mailbox.contents("Drafts")) == 1, "and the others are read"


def test_ordinary_mail_leaves_no_trace(world: World):
    world.poll()
    with world.opened() as context:
        known = context.journal.history("home").entries
    assert {entry.message.message_id for entry in known} == {"r1@post.example", "r2@post.example"}
    for file in world.folder.iterdir():
        assert b"shop.example" not in file.read_bytes()
        assert b"closer match" not in file.read_bytes() or b"decided to move" in file.read_bytes()


def test_a_laptop_that_sleeps_a_week_catches_up(world: World):
    world.clock.now = NOW + timedelta(days=7)
    assert world.poll().drafts == 2
    world.clock.now = NOW + timedelta(days=40)
    assert world.poll().drafts == 0
    assert world.payloads("withdrawn")[0]["reason"] == "too_old"
