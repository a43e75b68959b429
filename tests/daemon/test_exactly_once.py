"""A draft is written exactly once, wherever the program dies (goal G1, THREATS fact 3)."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inboxbot.core.types import Key
from inboxbot.errors import MailboxError
from tests.daemon.world import ME, REJECTION, Crash, World, letter, new_world
from tests.make import NOW


class At:
    """A seam that lets the process die at its n-th call."""

    def __init__(self, number: int | None = None) -> None:
        self.number, self.calls = number, 0

    def __call__(self, _: str) -> None:
        self.calls += 1
        if self.calls == self.number:
            raise Crash


def drafts(world: World) -> Counter[bytes]:
    return Counter(
        next(line for line in mail.data.splitlines() if line.startswith(b"Message-ID"))
        for mail in world.mailbox.contents("Drafts")
    )


def points(tmp_path: Path) -> int:
    seam = At()
    new_world(tmp_path / "count").poll(seam)
    return seam.calls


def test_two_rejections_become_two_drafts_and_a_second_poll_changes_nothing(tmp_path: Path):
    world = new_world(tmp_path)
    report = world.poll()
    assert report.read == 3
    assert report.drafts == 2
    assert len(drafts(world)) == 2
    before = world.events()
    assert world.poll().drafts == 0
    assert world.events() == before


@pytest.mark.goal("G1")
@pytest.mark.threat("D9")
def test_wherever_the_process_dies_no_draft_is_lost_or_doubled(tmp_path: Path, share):
    whole = new_world(tmp_path / "whole")
    whole.poll()
    expected = drafts(whole)
    number = points(tmp_path)
    assert number > 40, "there is a seam before and after each write and each request"
    # Every day each third point, starting anywhere; in a campaign all of them.
    step = share(3, 1)
    for point in range(random.randrange(1, step + 1), number + 1, step):
        world = new_world(tmp_path / str(point))
        with pytest.raises(Crash):
            world.poll(At(point))
        world.poll()
        assert drafts(world) == expected, f"died at point {point}"
        assert world.poll().drafts == 0
        kinds = Counter(world.events())
        assert kinds["seen"] == 2, f"died at point {point}"
        assert kinds["draft_saved"] == 2, f"died at point {point}"


@pytest.mark.goal("G1")
def test_dying_twice_in_a_row_loses_and_doubles_nothing(tmp_path: Path, share):
    whole = new_world(tmp_path / "whole")
    whole.poll()
    number = points(tmp_path)
    for first in range(5, number, share(17, 7)):
        for second in range(3, number, share(23, 11)):
            world = new_world(tmp_path / f"{first}-{second}")
            for point in (first, second):
                try:
                    world.poll(At(point))
                except Crash:
                    continue
            world.poll()
            assert drafts(world) == drafts(whole), f"died at {first}, then at {second}"


def test_a_lost_journal_writes_no_second_draft(tmp_path: Path):
    world = new_world(tmp_path)
    world.poll()
    (world.folder / "journal.sqlite3").unlink()
    world.poll()
    assert set(drafts(world).values()) == {1}
    assert world.events().count("draft_saved") == 2


def test_a_second_machine_writes_no_second_draft(tmp_path: Path):
    world = new_world(tmp_path)
    world.poll()
    other = World(tmp_path / "other", world.mailbox, world.clock)
    other.poll()
    assert set(drafts(world).values()) == {1}


def test_a_draft_that_was_sent_elsewhere_is_not_written_again(tmp_path: Path):
    world = new_world(tmp_path)
    world.poll()
    for locator in world.mailbox.locators("Drafts"):
        world.mailbox.move(locator, "Sent")
    (world.folder / "journal.sqlite3").unlink()
    world.poll()
    assert not world.mailbox.contents("Drafts")


def test_the_same_mail_delivered_twice_is_answered_once(tmp_path: Path):
    world = new_world(tmp_path)
    (first, *_) = world.mailbox.contents("INBOX")
    again = b"Received: from relay.example by mx.example; Fri, 20 Nov 2026 11:00:00 +0000\r\n"
    world.mailbox.add("INBOX", again + first.data, received=NOW)
    world.poll()
    assert len(drafts(world)) == 2


@pytest.mark.goal("G7")
def test_a_renumbered_folder_is_read_again_and_nothing_is_written_again(tmp_path: Path):
    world = new_world(tmp_path)
    world.poll()
    mails = world.mailbox.contents("INBOX")
    world.mailbox.delete_folder("INBOX")
    world.mailbox.create_folder("INBOX")
    for mail in mails:
        world.mailbox.add("INBOX", mail.data, received=mail.received)
    before = world.events()
    report = world.poll()
    assert report.read == 3
    assert world.events() == before
    assert len(drafts(world)) == 2


def test_the_users_own_draft_in_the_thread_stays_alone(tmp_path: Path):
    world = new_world(tmp_path)
    own = letter(
        f"Mara <{ME}>", "Re: Your application", "Dear Jo, …", to="jo@harbourmaps.example",
        In_Reply_To="<r1@post.example>", message_id="own",
    )  # fmt: skip
    world.mailbox.add("Drafts", own, received=NOW, flags=["\\Draft"])
    world.poll()
    assert len(world.mailbox.contents("Drafts")) == 2, "his own, and the other employer's"
    assert world.payloads("left_alone")[0]["reason"] == "user_replied"


@pytest.mark.threat("D11")
def test_a_flood_of_rejections_fills_no_drafts_folder(tmp_path: Path):
    world = new_world(tmp_path)
    for number in range(60):
        text = f"Unfortunately we will not move forward with your application at Firm{number} Ltd."
        world.mailbox.add(
            "INBOX",
            letter(f"A B <ab@firm{number}.example>", "Application", text, message_id=f"f{number}"),
            received=NOW - timedelta(minutes=30),
        )
    report = world.poll()
    assert len(drafts(world)) == 10
    assert report.deferred > 0
    assert all(payload["reason"] == "daily_cap" for payload in world.payloads("left_alone"))
    world.poll()
    assert len(drafts(world)) == 10
    world.clock.now += timedelta(days=1)
    world.poll()
    assert len(drafts(world)) == 20


def test_keys_are_safe_in_any_search(tmp_path: Path):
    world = new_world(tmp_path)
    world.poll()
    with world.opened() as context:
        for record in context.journal.drafts("home"):
            assert set(record.key) <= set("abcdefghijklmnopqrstuvwxyz234567")
            assert len(record.key) == 32
            assert context.mailbox.find("Drafts", Key(record.key))


def second_role(world: World) -> None:
    """Let another no of an employer come whose first one has its draft already."""
    text = REJECTION.replace("Product Designer", "Design Researcher")
    data = letter("Jo Park <jo@harbourmaps.example>", "Researcher", text, message_id="r3")
    world.mailbox.add("INBOX", data, received=NOW - timedelta(minutes=5))


@pytest.mark.goal("G1")
def test_wherever_the_process_dies_two_roles_end_in_one_draft(tmp_path: Path, share):
    def after_the_first(name: str) -> World:
        world = new_world(tmp_path / name)
        world.poll()
        second_role(world)
        return world

    whole = after_the_first("whole")
    seam = At()
    whole.poll(seam)
    expected = drafts(whole)
    assert len(expected) == 2, "one to each employer"
    assert len(whole.mailbox.contents("Trash")) == 1
    for point in range(1, seam.calls + 1, share(7, 1)):
        world = after_the_first(str(point))
        with pytest.raises(Crash):
            world.poll(At(point))
        world.poll()
        assert drafts(world) == expected, f"died at point {point}"
        assert len(world.mailbox.contents("Trash")) == 1, f"died at point {point}"
        assert Counter(world.events())["withdrawn"] == 1, f"died at point {point}"
        before = world.events()
        world.poll()
        assert world.events() == before


def test_two_roles_in_one_poll_become_one_draft_and_nothing_is_thrown_away(tmp_path: Path):
    world = new_world(tmp_path)
    second_role(world)
    world.poll()
    both = [mail.data.decode() for mail in world.mailbox.contents("Drafts")]
    assert len(both) == 2
    assert sum("Product Designer" in text and "Design Researcher" in text for text in both) == 1
    assert not world.mailbox.contents("Trash")
    assert [payload["reason"] for payload in world.payloads("left_alone")] == ["duplicate"]


@pytest.mark.goal("G1")
def test_wherever_the_process_dies_a_correction_counts_once(tmp_path: Path, share):
    def told(name: str) -> World:
        world = replace(new_world(tmp_path / name), corrections=True)
        world.poll()
        (first, *_) = world.mailbox.locators("INBOX")
        world.mailbox.move(first, "inboxbot/Not a rejection")
        return world

    whole = told("whole")
    seam = At()
    whole.poll(seam)
    for point in range(1, seam.calls + 1, share(7, 1)):
        world = told(str(point))
        with pytest.raises(Crash):
            world.poll(At(point))
        world.poll()
        kinds = Counter(world.events())
        assert (kinds["corrected"], kinds["withdrawn"]) == (1, 1), f"died at point {point}"
        assert drafts(world) == drafts(whole)


def test_a_draft_about_two_roles_that_could_not_be_written_is_written_later(tmp_path: Path):
    def refused(name: str) -> None:
        if name == "before save_draft":
            raise MailboxError("the connection was lost")

    world = new_world(tmp_path)
    second_role(world)
    with pytest.raises(MailboxError):
        world.poll(refused)
    for _ in range(3):
        world.poll()
    both = [mail.data.decode() for mail in world.mailbox.contents("Drafts")]
    assert len(both) == 2, "one to each employer"
    assert sum("Product Designer" in text and "Design Researcher" in text for text in both) == 1
    assert not world.mailbox.contents("Trash")
