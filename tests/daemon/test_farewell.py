"""The search is over: one last summary of all of it, then nothing until `resume`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.core.history import Entry
from inboxbot.core.intake import seen_event
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.reflect import Question, Reflection, reflected
from inboxbot.core.types import Facts, Label, StatedReason
from inboxbot.daemon.context import Context
from inboxbot.daemon.farewell import deliver_farewell
from inboxbot.daemon.pause import end_search, pause, pause_of, resume
from inboxbot.daemon.weekly import deliver_if_due
from tests.daemon.test_evening import letters, text_of
from tests.daemon.world import Crash, World, new_world
from tests.make import NOW, mail, rejection

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


@pytest.fixture
def context(world: World) -> Iterator[Context]:
    """Return the world in which two drafts wait, after a search with a talk and an answer."""
    world.poll()
    facts = {"role": "Tester"}
    entries = [
        Entry(reading=each, application=f"a{number}")
        for number, each in enumerate([
            rejection(facts=Facts(employer="Acme", stated_reason=StatedReason.FILLED, **facts),
                      message_id="1@x"),
            mail(Label.INTERVIEW, "Jo <jo@b.example>", Facts(employer="Birch", **facts),
                 message_id="2@x", received=NOW - timedelta(days=9)),
            mail(Label.ACKNOWLEDGEMENT, "Jo <jo@c.example>", Facts(employer="Cedar", **facts),
                 message_id="3@x", received=NOW - timedelta(weeks=9)),
        ])
    ]  # fmt: skip
    said = Event(
        kind=EventKind.FEEDBACK_RECEIVED, time=NOW, application="a0", message="f",
        payload={"text": "Say “I” more often.\nYour drawings are good.", "draft": "d"},
    )  # fmt: skip
    wrote = Reflection(question=Question.WELL, text="I was calm.", application="a1")
    with world.opened() as opened:
        noted = [seen_event(entry, entry.when) for entry in entries]
        opened.journal.record(
            opened.hold, entries=entries, events=[*noted, said, reflected(wrote, NOW)]
        )
        yield opened


def farewell(context: Context) -> bool:
    """Say that the search is over, as a reply or the command does; look for what is due."""
    end_search(context.journal, context.account, context.clock())
    return deliver_farewell(context)


def test_it_tells_the_whole_search_and_what_is_still_open(world: World, context: Context):
    assert farewell(context)
    (letter,) = letters(world)
    assert letter["Subject"] == "A last look back"
    text = " ".join(text_of(letter).replace("\n  > ", " ").split())
    for told in (
        "Congratulations.",
        "2 drafts still wait in your Drafts folder",
        "One application of the last six weeks has no answer yet: Birch – Tester.",
        "no draft was written for it.",
        "there was mail about 5 applications.",
        "One of them led to a conversation.",
        "3 ended in a no",
        "For one of these the reason given had nothing to do with you.",
        "One was never answered.",
        "Say “I” more often. Your drawings are good.",
        "You wrote on Friday, 20 November: I was calm.",
        "inboxbot service uninstall",
        "inboxbot forget --all",
        "inboxbot resume",
    ):
        assert told in text
    assert len(world.mailbox.contents("Drafts")) == 2, "nothing is written, nothing taken away"


def test_it_comes_once_and_nothing_after_it(world: World, context: Context):
    assert farewell(context)
    assert not farewell(context)
    assert pause_of(context.journal, context.account, world.clock()) == "until resumed"
    world.clock.now = FRIDAY + timedelta(days=7)
    assert deliver_if_due(context) is None
    assert not deliver_farewell(context)
    assert len(letters(world)) == 1


def test_after_resume_the_summaries_come_again_and_another_job_is_told_anew(
    world: World, context: Context
):
    farewell(context)
    resume(context.journal, context.account)
    world.clock.now = FRIDAY + timedelta(days=7)
    assert pause_of(context.journal, context.account, world.clock()) is None
    assert deliver_if_due(context) == "2026-W48"
    assert farewell(context)
    assert len(letters(world)) == 3


def test_a_pause_with_an_end_does_not_begin_the_search_again(context: Context):
    end_search(context.journal, context.account, context.clock())
    pause(context.journal, context.account, context.clock() + timedelta(days=1))
    later = context.clock() + timedelta(days=2)
    assert pause_of(context.journal, context.account, later) == "until resumed"
    resume(context.journal, context.account)
    assert pause_of(context.journal, context.account, later) is None


def test_what_the_user_took_back_is_not_still_open(world: World, context: Context):
    told = Event(
        kind=EventKind.LEFT_ALONE, time=NOW, application="a1", message="w",
        payload={"reason": "withdrawn_by_user"},
    )  # fmt: skip
    context.journal.append(context.account, told)
    farewell(context)
    assert "has no answer yet" not in text_of(letters(world)[0])


def test_without_the_word_of_the_user_there_is_none(world: World, context: Context):
    assert not deliver_farewell(context)
    assert not letters(world)


def test_a_search_without_a_mail_ends_politely_too(world: World):
    with World(world.folder, type(world.mailbox)(now=world.clock), world.clock).opened() as bare:
        assert farewell(bare)
        (letter,) = bare.mailbox.contents("INBOX")
    assert b"no application of yours" in letter.data


@pytest.mark.goal("G1")
@pytest.mark.parametrize("point", ["before summary intent", "before summary", "after summary, be"])
def test_wherever_the_process_dies_it_lies_there_once(world: World, context: Context, point: str):
    def seam(reached: str) -> None:
        if reached.startswith(point):
            raise Crash

    with pytest.raises(Crash), world.opened(seam) as dying:
        farewell(dying)
    world.clock.now += timedelta(hours=1)
    for _ in range(2):
        with world.opened() as again:
            deliver_farewell(again)
    assert len(letters(world)) == 1
    assert world.events().count("summary_delivered") == 1
