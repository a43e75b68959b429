"""What is moved into the folders for corrections teaches about the mail that comes after it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from inboxbot.classify.thresholds import read_digest, read_thresholds
from inboxbot.core.correction import Personal, Said
from inboxbot.core.types import Locator, Reading
from inboxbot.daemon.learn import personal_of
from inboxbot.journal.store import Journal
from inboxbot.mailbox.memory import MemoryMailbox
from tests.classify.check_set import DATA
from tests.daemon.world import ME, MODEL, REJECTION, Clock, World, letter
from tests.make import NOW

FAMILIES = [json.loads(line) for line in (DATA / "families.jsonl").read_text("utf-8").splitlines()]
DRAFT = read_thresholds(MODEL).draft
FORGED = "mx.home.example; dmarc=fail header.from=rowanfield.example"
HONEST = "mx.home.example; dmarc=pass header.from=rowanfield.example"


@pytest.fixture
def world(tmp_path: Path) -> World:
    clock = Clock()
    return World(tmp_path / "state", MemoryMailbox(now=clock), clock, corrections=True)


def arrive(world: World, group: str, number: int, **headers: str) -> Locator:
    (line,) = [line for line in FAMILIES if line["id"] == f"family-{group}-{number}"]
    data = letter(line["from"], line["subject"], line["body"], message_id=line["id"], **headers)
    return world.mailbox.add("INBOX", data, received=NOW - timedelta(hours=9 - number))


def tell(world: World, mail: Locator, said: Said) -> Locator:
    return world.mailbox.move(mail, f"inboxbot/{said}")


def told(world: World, group: str, said: Said, **headers: str) -> list[Locator]:
    """Let three mails of a kind come and be corrected."""
    mails = [arrive(world, group, number, **headers) for number in (1, 2, 3)]
    world.poll()
    places = [tell(world, mail, said) for mail in mails]
    world.poll()
    return places


def seen(world: World, group: str, number: int) -> Reading | None:
    """Return what is known of a mail: nothing of ordinary mail."""
    with world.opened() as context:
        known = context.journal.history("home").by_message_id
    entry = known.get(f"family-{group}-{number}@post.example")
    return entry.reading if entry else None


def personal(world: World) -> Personal | None:
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        return personal_of(journal, "home", read_digest(MODEL))


def test_three_noes_moved_to_rejection_make_a_fourth_one_known(world: World):
    arrive(world, "portal", 5)
    world.poll()
    assert seen(world, "portal", 5) is None, "ordinary mail, as far as the model knows"
    told(world, "portal", Said.REJECTION)
    arrive(world, "portal", 4)
    world.poll()
    fourth = seen(world, "portal", 4)
    assert fourth is not None
    assert fourth.verdict.probability >= DRAFT
    assert not fourth.verdict.corrected


def test_three_mails_moved_out_of_rejections_keep_a_fourth_from_being_drafted_on(world: World):
    told(world, "gara", Said.NOT_A_REJECTION)
    arrive(world, "gara", 4)
    world.poll()
    assert seen(world, "gara", 4) is None
    assert not world.mailbox.contents("Drafts")


@pytest.mark.threat("D12")
def test_a_mail_that_fails_the_providers_dmarc_counts_for_itself_alone(world: World):
    told(world, "portal", Said.REJECTION, Authentication_Results=FORGED)
    first = seen(world, "portal", 1)
    assert first is not None
    assert first.verdict.corrected
    assert personal(world) is None
    arrive(world, "portal", 4)
    world.poll()
    fourth = seen(world, "portal", 4)
    assert fourth is None or fourth.verdict.probability < DRAFT


def test_a_mail_that_passes_it_teaches(world: World):
    told(world, "portal", Said.REJECTION, Authentication_Results=HONEST)
    assert personal(world) is not None


def test_what_is_moved_back_teaches_no_longer(world: World):
    places = told(world, "portal", Said.REJECTION)
    assert personal(world) is not None
    for place in places:
        world.mailbox.move(place, "INBOX")
    world.poll()
    assert personal(world) is None
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        assert journal.note("home", "personal") is None
    first = seen(world, "portal", 1)
    assert first is not None
    assert first.verdict.probability < DRAFT, "judged without what it had taught itself"
    arrive(world, "portal", 4)
    world.poll()
    fourth = seen(world, "portal", 4)
    assert fourth is None or fourth.verdict.probability < DRAFT


def test_what_was_learned_stands_until_something_changes(world: World):
    told(world, "portal", Said.REJECTION)
    before = personal(world)
    world.mailbox.remove(world.mailbox.locators("inboxbot/Rejection")[0])
    world.poll()
    assert personal(world) == before, "a mail that is nowhere proves nothing (law 7)"


def test_a_note_of_another_model_is_not_applied_and_made_anew(world: World):
    told(world, "portal", Said.REJECTION)
    mine = personal(world)
    with world.opened() as context:
        other = {"of": "an older release", "personal": {"model": "0" * 64, "columns": [1]}}
        context.journal.record(context.hold, notes={"personal": other})
    assert personal(world) is None
    world.poll()
    assert personal(world) == mine


@pytest.mark.threat("D12")
def test_twenty_typical_rejections_moved_out_count_for_themselves_and_a_new_one_is_drafted_on(
    world: World,
):
    mails = [_refusal(world, number) for number in range(20)]
    world.poll()
    for mail in mails:
        tell(world, mail, Said.NOT_A_REJECTION)
    world.poll()
    with world.opened() as context:
        entries = context.journal.history("home").entries
    assert all(entry.reading.verdict.corrected for entry in entries)
    assert not any(entry.reading.verdict.probability for entry in entries)
    assert not world.mailbox.contents("Drafts")
    world.clock.now += timedelta(days=1)  # ten drafts a day
    other = (
        "Dear Mara,\n\nThank you for your interest in the Service Designer role. Unfortunately "
        "you have not been selected for an interview on this occasion.\n\nAnn Bell, Brightwell"
    )
    world.mailbox.add(
        "INBOX", letter("Ann Bell <ann@brightwell.example>", "Service Designer", other),
        received=NOW,
    )  # fmt: skip
    world.poll()
    (draft,) = world.mailbox.contents("Drafts")
    assert b"ann@brightwell.example" in draft.data


def _refusal(world: World, number: int) -> Locator:
    text = REJECTION.replace("Harbour Maps", f"Harbour {number} Maps")
    data = letter(
        f"Jo Park <jo@harbour{number}.example>", "Your application", text, message_id=f"r{number}"
    )
    return world.mailbox.add("INBOX", data, received=NOW - timedelta(hours=3))


def test_nothing_is_kept_of_what_taught_but_weights(world: World):
    told(world, "portal", Said.REJECTION)
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        note = journal.note("home", "personal")
    assert set(note) == {"of", "personal"}
    assert set(note["personal"]) == {"model", "columns", "weights"}
    assert all(isinstance(column, int) for column in note["personal"]["columns"])
    assert len(json.dumps(note)) < 100_000
    assert ME not in json.dumps(note)
