"""Archived mail counts like any other, once, and nothing else that lies in an archive counts."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inboxbot.core.erase import older_than
from inboxbot.core.types import Locator, RawMail
from inboxbot.daemon.forget import chosen, forget
from inboxbot.daemon.poll import poll
from inboxbot.mailbox.memory import STANDARD_FOLDERS, MemoryMailbox
from inboxbot.ports import Part
from tests.daemon.test_exactly_once import At
from tests.daemon.world import ME, RECEIPT, REJECTION, Clock, Crash, World, letter

JO = "Jo Park <jo@harbourmaps.example>"
MACHINE = "Harbour Maps <no-reply@harbourmaps.example>"
INVITATION = """Hi Mara,

Thanks for applying for the Product Designer role at Harbour Maps. We would like to invite you to
an interview with our design team next week. Would Tuesday at 10:00 suit you?

Best,
Jo Park
Recruiting, Harbour Maps
"""


class Gmail(MemoryMailbox):
    """Gmail by IMAP: what is in another folder is in All Mail, too, where no draft is marked so."""

    everything = "[Gmail]/All Mail"

    def __init__(self, clock: Clock) -> None:
        own = (f"[Gmail]/{name}" for name in ("Drafts", "Sent Mail", "Trash", "Spam", "All Mail"))
        super().__init__(("INBOX", *own), now=clock)
        self.texts: Counter[str] = Counter()  # how often the text of a mail was downloaded

    def add(self, folder: str, data: bytes, *, received, flags: Sequence[str] = ()) -> Locator:
        if folder not in {"[Gmail]/Trash", "[Gmail]/Spam", self.everything}:
            seen = [flag for flag in flags if flag != "\\Draft"]
            super().add(self.everything, data, received=received, flags=seen)
        return super().add(folder, data, received=received, flags=flags)

    def fetch(self, locators: Sequence[Locator], part: Part = Part.TEXT) -> Iterator[RawMail]:
        for mail in super().fetch(locators, part):
            if part is Part.TEXT and mail.folder in {"INBOX", self.everything}:
                subject = mail.data.partition(b"Subject: ")[2].partition(b"\r\n")[0]
                self.texts[subject.decode()] += 1
            yield mail


def world(tmp_path: Path, *folders: str) -> World:
    clock = Clock()
    return World(tmp_path, MemoryMailbox((*STANDARD_FOLDERS, *folders), now=clock), clock)


def gmail(tmp_path: Path) -> World:
    clock = Clock()
    return World(tmp_path, Gmail(clock), clock)


def arrive(
    at: World, folder: str, sender: str, subject: str, text: str, *, days_ago: float = 0.1,
    **headers: str,
) -> Locator:  # fmt: skip
    when = at.clock.now - timedelta(days=days_ago)
    data = letter(sender, subject, text, when=when, message_id=subject.replace(" ", "-"), **headers)
    return at.mailbox.add(folder, data, received=when)


def recipients(at: World) -> list[str]:
    """Return whom the drafts are to, in order."""
    drafts = at.mailbox.folders().drafts
    lines = [line for mail in at.mailbox.contents(drafts) for line in mail.data.splitlines()]
    return [line.decode().partition("<")[2].rstrip(">") for line in lines if line[:3] == b"To:"]


def test_a_rejection_that_a_filter_archives_at_once_is_answered(tmp_path):
    here = world(tmp_path, "Archive")
    arrive(here, "Archive", JO, "no", REJECTION)
    here.poll()
    assert recipients(here) == ["jo@harbourmaps.example"]


def test_a_rejection_that_was_read_on_the_phone_and_archived_is_answered_once(tmp_path):
    here = world(tmp_path, "Archive")
    here.poll()
    here.mailbox.move(arrive(here, "INBOX", JO, "no", REJECTION), "Archive")
    here.poll()
    before = here.events()
    assert recipients(here) == ["jo@harbourmaps.example"]
    here.mailbox.move(here.mailbox.locators("Archive")[0], "INBOX")
    here.poll()
    assert recipients(here) == ["jo@harbourmaps.example"]
    assert here.events() == before


def test_a_mail_that_is_archived_after_it_was_read_is_still_quoted(tmp_path):
    here = world(tmp_path, "Archive")
    invitation = arrive(here, "INBOX", JO, "invitation", INVITATION, days_ago=9)
    here.poll()
    here.mailbox.move(invitation, "Archive")
    here.poll()
    arrive(here, "INBOX", MACHINE, "no", REJECTION)
    here.poll()
    (draft,) = here.mailbox.contents("Drafts")
    assert recipients(here) == ["jo@harbourmaps.example"]
    assert b"> Thanks for applying" in draft.data


@pytest.mark.parametrize("archive", ["Archive", "Archives/2026", "INBOX.Archive.2026"])
def test_who_invited_is_asked_though_the_invitation_was_archived_before_the_first_look(
    tmp_path, archive
):
    here = world(tmp_path, archive)
    arrive(here, archive, JO, "invitation", INVITATION, days_ago=20)
    arrive(here, "INBOX", MACHINE, "no", REJECTION)
    here.poll()
    assert recipients(here) == ["jo@harbourmaps.example"]


def test_an_archive_of_last_year_is_no_news(tmp_path):
    here = world(tmp_path, "Archive")
    arrive(here, "Archive", JO, "ages ago", REJECTION, days_ago=300)
    arrive(here, "Archive", "Ann <ann@brightwell.example>", "weeks ago",
           REJECTION.replace("Harbour Maps", "Brightwell Labs"), days_ago=20)  # fmt: skip
    here.poll()
    assert recipients(here) == []
    assert [payload["subject"] for payload in here.payloads("seen")] == ["weeks ago"]
    assert [payload["reason"] for payload in here.payloads("left_alone")] == ["too_old"]


def test_an_old_inbox_that_is_put_away_at_once_is_no_news(tmp_path):
    here = world(tmp_path, "Archive")
    old = arrive(here, "INBOX", JO, "ages ago", REJECTION, days_ago=300)
    here.poll()
    here.mailbox.move(old, "Archive")
    here.poll()
    assert here.events() == []


def test_what_came_and_was_archived_while_the_machine_was_off_is_known(tmp_path):
    here = world(tmp_path, "Archive")
    here.poll()
    here.clock.now += timedelta(days=70)
    arrive(here, "Archive", JO, "invitation", INVITATION, days_ago=50)
    arrive(here, "INBOX", MACHINE, "no", REJECTION)
    here.poll()
    assert recipients(here) == ["jo@harbourmaps.example"]


def test_an_archived_answer_of_the_users_own_is_one(tmp_path):
    here = world(tmp_path, "Archive")
    arrive(here, "INBOX", JO, "no", REJECTION, days_ago=2)
    arrive(here, "Archive", f"Mara <{ME}>", "thanks", "Thank you all the same!", days_ago=1,
           to="jo@harbourmaps.example", In_Reply_To="<no@post.example>")  # fmt: skip
    here.poll()
    assert recipients(here) == []
    assert [payload["reason"] for payload in here.payloads("left_alone")] == ["user_replied"]


def test_a_draft_that_lies_in_an_archive_is_no_answer(tmp_path):
    here = world(tmp_path, "Archive")
    arrive(here, "INBOX", JO, "no", REJECTION, days_ago=2)
    place = arrive(here, "Archive", f"Mara <{ME}>", "thanks", "Thank you all the same!",
                   to="jo@harbourmaps.example", In_Reply_To="<no@post.example>")  # fmt: skip
    here.mailbox.set_flags(place, ["\\Draft", "\\Seen"])
    here.poll()
    assert recipients(here) == ["jo@harbourmaps.example"]


def test_archived_mail_is_read_in_the_order_in_which_it_came(tmp_path):
    here = world(tmp_path, "Archive")
    arrive(here, "Archive", MACHINE, "no", REJECTION)
    arrive(here, "Archive", JO, "invitation", INVITATION, days_ago=20)
    here.poll()
    assert [payload["subject"] for payload in here.payloads("seen")] == ["invitation", "no"]
    assert recipients(here) == ["jo@harbourmaps.example"]


def test_an_archive_that_is_watched_as_well_is_read_once(tmp_path):
    here = world(tmp_path, "Archive")
    arrive(here, "Archive", JO, "no", REJECTION)
    with here.opened() as context:
        assert poll(replace(context, folders=("INBOX", "Archive"))).read == 1


def test_junk_is_never_read(tmp_path):
    here = world(tmp_path, "Junk")
    arrive(here, "Junk", JO, "no", REJECTION)
    assert here.poll().read == 0
    assert here.events() == []


def test_a_correction_outlives_that_its_mail_is_archived(tmp_path):
    here = replace(world(tmp_path, "Archive"), corrections=True)
    no = arrive(here, "INBOX", JO, "no", REJECTION)
    here.mailbox.create_corrections()
    moved = here.mailbox.move(no, "inboxbot/Not a rejection")
    here.poll()
    archived = here.mailbox.move(moved, "Archive")
    here.poll()
    assert recipients(here) == []
    here.mailbox.move(archived, "INBOX")
    here.poll()
    assert recipients(here) == ["jo@harbourmaps.example"], "it was taken back"


def test_what_was_forgotten_and_is_archived_stays_forgotten(tmp_path):
    here = world(tmp_path, "Archive")
    no = arrive(here, "INBOX", JO, "no", REJECTION)
    here.poll()
    with here.opened() as context:
        now = here.clock.now + timedelta(seconds=1)
        all_of_it = chosen(
            context.journal, "home", lambda history, events: older_than(now, history, events)
        )
        forget(context.journal, "home", all_of_it, now)
    here.mailbox.move(no, "Archive")
    here.poll()
    assert here.events() == []


# ---------------------------------------------------------------- Gmail's All Mail


def test_a_mail_that_lies_in_all_mail_as_well_is_one_mail(tmp_path):
    here = gmail(tmp_path)
    arrive(here, "INBOX", JO, "no", REJECTION)
    here.poll()
    before = here.events()
    here.poll()
    assert here.events() == before
    assert Counter(before)["seen"] == Counter(before)["draft_saved"] == 1
    assert recipients(here) == ["jo@harbourmaps.example"]


def test_a_mail_that_all_mail_shows_first_is_decided_about_once(tmp_path):
    here = gmail(tmp_path)
    arrive(here, Gmail.everything, JO, "no", REJECTION)
    here.poll()
    before = here.events()
    assert recipients(here) == ["jo@harbourmaps.example"]
    (mail,) = (one for one in here.mailbox.contents(Gmail.everything) if b"Subject: no" in one.data)
    MemoryMailbox.add(here.mailbox, "INBOX", mail.data, received=mail.received)
    here.poll()
    assert here.events() == before
    assert recipients(here) == ["jo@harbourmaps.example"]


def test_a_draft_in_all_mail_is_not_taken_for_a_letter_that_was_sent(tmp_path):
    here = gmail(tmp_path)
    arrive(here, "INBOX", JO, "no", REJECTION, days_ago=1)
    arrive(here, "[Gmail]/Drafts", f"Mara <{ME}>", "begun", "Dear Ann, …", to="ann@b.example")
    here.poll()
    here.poll()
    assert Counter(here.events()) == {"seen": 1, "draft_planned": 1, "draft_saved": 1}
    (ours,) = here.mailbox.find("[Gmail]/Drafts", draft_key(here))
    here.mailbox.move(ours, "[Gmail]/Sent Mail")
    here.poll()
    assert here.events()[-1] == "sent"


def draft_key(here: World) -> str:
    with here.opened() as context:
        (record,) = context.journal.drafts("home")
    return record.key


def test_an_answer_from_sent_holds_a_draft_back_at_gmail_too(tmp_path):
    here = gmail(tmp_path)
    arrive(here, "INBOX", JO, "no", REJECTION, days_ago=1)
    arrive(here, "[Gmail]/Sent Mail", f"Mara <{ME}>", "thanks", "Thank you!",
           to="jo@harbourmaps.example", In_Reply_To="<no@post.example>")  # fmt: skip
    here.poll()
    assert recipients(here) == []


def test_no_text_is_downloaded_twice(tmp_path):
    here = gmail(tmp_path)
    for number in range(20):
        arrive(here, "INBOX", f"Shop <orders@shop{number}.example>", f"order {number}", RECEIPT)
    arrive(here, "INBOX", MACHINE, "machine", REJECTION)
    arrive(here, Gmail.everything, "Shop <orders@shop.example>", "archived", RECEIPT)
    here.poll()
    assert len(here.mailbox.texts) == 22
    assert set(here.mailbox.texts.values()) == {1}
    here.poll()
    assert set(here.mailbox.texts.values()) == {1}


def test_an_invitation_is_quoted_from_all_mail_after_it_has_left_the_inbox(tmp_path):
    here = gmail(tmp_path)
    invitation = arrive(here, "INBOX", JO, "invitation", INVITATION, days_ago=9)
    here.poll()
    here.mailbox.remove(invitation)
    arrive(here, "INBOX", MACHINE, "no", REJECTION)
    here.poll()
    (draft,) = here.mailbox.contents("[Gmail]/Drafts")
    assert recipients(here) == ["jo@harbourmaps.example"]
    assert b"> Thanks for applying" in draft.data


def test_a_correction_at_gmail_is_taken_back_in_the_inbox_alone(tmp_path):
    here = replace(gmail(tmp_path), corrections=True)
    no = arrive(here, "INBOX", JO, "no", REJECTION)
    here.mailbox.create_corrections()
    mail = here.mailbox.contents("INBOX")[0]
    here.mailbox.remove(no)
    labelled = MemoryMailbox.add(
        here.mailbox, "inboxbot/Not a rejection", mail.data, received=mail.received
    )
    here.poll()
    here.mailbox.remove(labelled)
    here.poll()
    assert recipients(here) == [], "archived: the word stands"
    MemoryMailbox.add(here.mailbox, "INBOX", mail.data, received=mail.received)
    here.poll()
    assert recipients(here) == ["jo@harbourmaps.example"]


# ---------------------------------------------------------------- wherever the program dies


def archived_search(tmp_path: Path) -> World:
    """Return a no from a machine in the inbox, and in the archive what belongs to it, and more."""
    here = world(tmp_path, "Archive")
    arrive(here, "INBOX", MACHINE, "machine", REJECTION)
    ann = REJECTION.replace("Harbour Maps", "Brightwell Labs").replace("Jo Park", "Ann Bell")
    arrive(here, "INBOX", "Ann Bell <ann@brightwell.example>", "answered", ann, days_ago=3)
    arrive(here, "Archive", f"Mara <{ME}>", "thanks", "Thank you!", days_ago=2,
           to="ann@brightwell.example", In_Reply_To="<answered@post.example>")  # fmt: skip
    arrive(here, "Archive", JO, "invitation", INVITATION, days_ago=20)
    lee = REJECTION.replace("Harbour Maps", "Tidewater").replace("Jo Park", "Lee Fox")
    arrive(here, "Archive", "Lee Fox <lee@tidewater.example>", "filtered", lee)
    return here


def gmails_search(tmp_path: Path) -> World:
    """Return the same at Gmail: what the user wrote is in Sent, and all of it in All Mail."""
    here = gmail(tmp_path)
    there = archived_search(tmp_path / "plain").mailbox
    for mail in there.contents("INBOX"):
        here.mailbox.add("INBOX", mail.data, received=mail.received)
    for mail in there.contents("Archive"):
        folder = "[Gmail]/Sent Mail" if b"From: Mara" in mail.data else Gmail.everything
        here.mailbox.add(folder, mail.data, received=mail.received)
    return here


@pytest.mark.goal("G1")
@pytest.mark.threat("D9")
@pytest.mark.parametrize("search", [archived_search, gmails_search])
def test_wherever_the_process_dies_an_archive_adds_and_loses_nothing(tmp_path, search, share):
    def end(of: World) -> tuple[list[str], Counter[str]]:
        planned = {"draft_planned"}  # once more, after a death between the plan and the draft
        return sorted(recipients(of)), Counter(kind for kind in of.events() if kind not in planned)

    whole = search(tmp_path / "whole")
    count = At()
    whole.poll(count)
    assert end(whole)[0] == ["jo@harbourmaps.example", "lee@tidewater.example"]
    step = share(19, 1)
    for point in range(random.randrange(1, step + 1), count.calls + 1, step):
        here = search(tmp_path / str(point))
        with pytest.raises(Crash):
            here.poll(At(point))
        here.poll()
        here.poll()
        assert end(here) == end(whole), f"died at point {point}"
