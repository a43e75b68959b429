"""At Gmail's API, what skips the inbox or leaves it counts, and is asked for once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.test_archive import INVITATION, MACHINE
from tests.daemon.world import RECEIPT, REJECTION, letter
from tests.mailbox.gmail_story import JO, Story, story


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Story]:
    """Provide an account in which nothing has happened yet."""
    with story(tmp_path / "state") as found:
        found.world.poll()
        yield found


def poll(play: Story) -> int:
    """Poll, and return how many times a mail was asked for."""
    before = len(play.gmail.asked)
    play.world.clock.pass_(minutes=10)
    play.world.poll()
    return sum(one.name == "messages.get" for one in play.gmail.asked[before:])


def recipients(play: Story) -> list[str]:
    return [
        line.decode().rpartition("<")[2].rstrip(">")
        for message in play.gmail.box.drafts.values()
        for line in play.gmail.box.messages[message].mail.raw.splitlines()
        if line.startswith(b"To:")
    ]


def no() -> bytes:
    return letter(f"Jo Park <{JO}>", "Your application", REJECTION)


def test_a_rejection_that_a_filter_takes_past_the_inbox_is_answered_once(play):
    play.gmail.as_user.receive(no(), ["UNREAD"])
    poll(play)
    assert recipients(play) == [JO]
    before = play.world.events()
    assert poll(play) == 0
    assert play.world.events() == before


def test_a_rejection_that_is_archived_before_or_after_it_was_read_is_one(play):
    archived = play.gmail.as_user.receive(no())
    poll(play)
    play.gmail.as_user.archive(archived)
    lee = REJECTION.replace("Harbour Maps", "Tidewater").replace("Jo Park", "Lee Fox")
    early = letter("Lee Fox <lee@tidewater.example>", "Your application", lee, message_id="l")
    play.gmail.as_user.archive(play.gmail.as_user.receive(early))
    poll(play)
    assert sorted(recipients(play)) == [JO, "lee@tidewater.example"]
    assert play.world.events().count("seen") == 2


def test_who_invited_is_asked_and_quoted_though_the_invitation_was_archived(play):
    invitation = play.gmail.as_user.receive(letter(f"Jo Park <{JO}>", "Interview", INVITATION))
    poll(play)
    play.gmail.as_user.archive(invitation)
    poll(play)
    play.gmail.as_user.receive(letter(MACHINE, "Your application", REJECTION))
    poll(play)
    assert recipients(play) == [JO]
    (draft,) = play.gmail.box.drafts.values()
    assert b"> Thanks for applying" in play.gmail.box.messages[draft].mail.raw


def test_mail_of_the_inbox_is_not_asked_for_again_as_archived_mail(play):
    for number in range(10):
        play.gmail.as_user.receive(letter(f"Shop <o@s{number}.example>", "Your order", RECEIPT))
    asked = poll(play)
    assert asked == 20, "for its size, and for itself"
    assert poll(play) == 0
