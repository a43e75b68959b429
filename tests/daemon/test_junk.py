"""Junk is looked at for mail of known employers, which is listed and never acted on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxbot.daemon.junk import mail_in_junk
from inboxbot.errors import FolderMissing
from inboxbot.mailbox.memory import STANDARD_FOLDERS, MemoryMailbox
from tests.daemon.world import REJECTION, Clock, World, letter

PROVIDER = "mx.home.example"
PASS = f"{PROVIDER}; dmarc=pass header.from=harbourmaps.example"
HELLO = "Hi Mara, can we talk on Tuesday?"


@pytest.fixture
def here(tmp_path) -> World:
    """Return a search in which Harbour Maps has said no from its own domain."""
    clock = Clock()
    world = World(tmp_path, MemoryMailbox((*STANDARD_FOLDERS, "Junk"), now=clock), clock)
    arrive(world, "Harbour Maps <no-reply@mail.harbourmaps.example>", "no", folder="INBOX")
    world.poll()
    return world


def arrive(
    at: World, sender: str, subject: str, *, folder: str = "Junk", results: str = PASS,
    days_ago: float = 1, text: str = REJECTION,
) -> None:  # fmt: skip
    when = at.clock.now - timedelta(days=days_ago)
    headers = {"Authentication_Results": results} if results else {}
    data = letter(sender, subject, text, when=when, message_id=subject, **headers)
    at.mailbox.add(folder, data, received=when)


def found(at: World, *, trusted: str = PROVIDER) -> list[tuple[str, str, str]]:
    with at.opened() as context:
        known = replace(context, owner=replace(context.owner, trusted_server=trusted))
        mails = mail_in_junk(known, at.clock.now - timedelta(days=7))
    return [(mail.employer, mail.sender, mail.subject) for mail in mails]


def test_mail_from_the_domain_of_a_known_employer_is_found(here):
    arrive(here, "Jo Park <jo@harbourmaps.example>", "talk", text=HELLO)
    assert found(here) == [("Harbour Maps", "jo@harbourmaps.example", "talk")]


@pytest.mark.threat("D2")
@pytest.mark.parametrize(
    "results",
    [
        f"{PROVIDER}; dmarc=fail",
        f"{PROVIDER}; spf=pass",
        "elsewhere.example; dmarc=pass",
        "",
    ],
)
def test_mail_that_the_provider_does_not_vouch_for_is_nobodys(here, results):
    arrive(here, "Jo Park <jo@harbourmaps.example>", "talk", results=results, text=HELLO)
    assert found(here) == []


def test_without_the_providers_name_nothing_is_an_employers(here):
    arrive(here, "Jo Park <jo@harbourmaps.example>", "talk", text=HELLO)
    assert found(here, trusted="") == []


@pytest.mark.parametrize(
    ("sender", "employer"),
    [
        ("Harbour Maps <jobs@greenhouse-mail.io>", "Harbour Maps"),
        ("The Harbour Maps Inc. Hiring Team via Lever <x@hire.lever.co>", "Harbour Maps"),
        ("Greenhouse <jobs@greenhouse-mail.io>", None),
        ("Harbour <jobs@greenhouse-mail.io>", None),
        ("Harbour Maps <harbourmaps@gmail.com>", None),
        ("Harbour Maps <jobs@harbourmaps-careers.example>", None),
        ("A <a@harbourmaps.example>, B <b@bad.example>", None),
        ("Shop <orders@shop.example>", None),
    ],
)
def test_whose_mail_it_is(here, sender, employer):
    arrive(here, sender, "talk", text=HELLO)
    assert [name for name, *_ in found(here)] == ([employer] if employer else [])


def test_a_house_that_writes_for_several_employers_is_named_by_none(here):
    for name in ("Brightwell Labs", "Tidewater Robotics"):
        text = REJECTION.replace("Harbour Maps", name).replace("Jo Park", "Ann Bell")
        arrive(here, "Ann <ann@agency.example>", f"no of {name[:4]}", folder="INBOX", text=text)
    here.poll()
    arrive(here, "Ann <ann@agency.example>", "talk", text=HELLO)
    assert found(here) == [("", "ann@agency.example", "talk")]


def test_only_what_came_since_is_found_and_no_more_than_the_newest(here):
    arrive(here, "Jo <jo@harbourmaps.example>", "last month", days_ago=20)
    arrive(here, "Jo <jo@harbourmaps.example>", "first")
    for number in range(500):
        arrive(here, "Shop <orders@shop.example>", f"order {number}", text="Sale!")
    arrive(here, "Jo <jo@harbourmaps.example>", "last")
    assert [subject for *_, subject in found(here)] == ["last"]


def test_a_mailbox_without_junk_or_whose_junk_fails_has_nothing_there(here, monkeypatch):
    arrive(here, "Jo <jo@harbourmaps.example>", "talk")

    def gone(*_: object) -> None:
        raise FolderMissing("Junk", "look")

    with monkeypatch.context() as patched:
        patched.setattr(here.mailbox, "slices", gone)
        assert found(here) == []
    here.mailbox.delete_folder("Junk")
    assert found(here) == []


def test_looking_changes_nothing_and_nothing_is_drafted_about(here):
    arrive(here, "Jo Park <jo@harbourmaps.example>", "no, again")
    before, mails = here.events(), here.mailbox.contents("Junk")
    assert len(found(here)) == 1
    here.poll()
    assert (here.events(), here.mailbox.contents("Junk")) == (before, mails)
