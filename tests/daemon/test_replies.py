"""What the user answers to our letters is taken in once, as he wrote it, and only if it is his."""

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from itertools import count
from pathlib import Path

import pytest

from inboxbot.core.contact import Owner
from inboxbot.core.erase import of_employer, older_than
from inboxbot.core.identity import summary_key
from inboxbot.core.letter_name import letter_name
from inboxbot.core.plan import DeliverMail
from inboxbot.core.reflect import anchor_of
from inboxbot.core.types import Key
from inboxbot.daemon.apply import apply
from inboxbot.daemon.context import Context
from inboxbot.daemon.forget import forget
from inboxbot.daemon.pause import hired_at, pause_of
from inboxbot.daemon.replies import name_of
from inboxbot.journal.store import Journal
from inboxbot.mailbox.memory import STANDARD_FOLDERS, MemoryMailbox
from tests.daemon.world import ME, Crash, World, letter, new_world
from tests.make import NOW

OWNER = Owner(address=ME, addresses=frozenset({ME}))
WEEK = "2026-W47"
SLOW = pytest.mark.slow
SWEDISH = """Hej Mara,

Tack för din ansökan till tjänsten som produktdesigner hos Fjällkarta. Tyvärr måste vi meddela
att vi har valt att gå vidare med andra kandidater den här gången.

Vi önskar dig lycka till.

Med vänliga hälsningar,
Elin Berg
Fjällkarta
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Provide a world of two noes and one mail in doubt, whose letter asks about all three."""
    world = new_world(tmp_path_factory.mktemp("prepared"))
    world.mailbox.add(
        "INBOX",
        letter("Elin Berg <elin@fjallkarta.example>", "Din ansökan", SWEDISH, message_id="r3"),
        received=NOW - timedelta(minutes=30),
    )
    world.poll()
    assert [told["decision"] for told in world.payloads("left_alone")] == ["review"]
    with world.opened() as context:
        deliver(context)
    world.clock.now += timedelta(minutes=5)
    return world


@pytest.fixture
def world(prepared: World, tmp_path: Path) -> World:
    """Provide a copy of it."""
    folder = shutil.copytree(prepared.folder, tmp_path / "state")
    clock = replace(prepared.clock)
    mailbox = MemoryMailbox(now=clock)
    for name in STANDARD_FOLDERS:
        for mail in prepared.mailbox.contents(name):
            mailbox.add(name, mail.data, received=mail.received, flags=tuple(mail.flags))
    return replace(prepared, folder=folder, mailbox=mailbox, clock=clock)


def applications(world: World) -> dict[str, str]:
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        entries = journal.history("home").entries
    return {entry.message.message_id.partition("@")[0]: entry.application for entry in entries}


def deliver(context: Context, week: str = WEEK) -> None:
    """Deliver a letter that asks what the real ones do, in its simplest form."""
    known = {
        e.message.message_id.partition("@")[0]: e for e in context.journal.history("home").entries
    }
    prompts = [known["r1"].application, known["r2"].application]
    key = summary_key(context.owner, week)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = mail["To"] = f"Mara Lind <{ME}>"
    mail["Subject"] = "Your week 47"
    mail["Date"] = format_datetime(context.clock())
    mail["Message-ID"] = f"<{name_of(key, context.journal, context.account)}@home.example>"
    mail.set_content(
        "".join(
            f"* {name} [{anchor_of(application)}]\n  What went well?\n"
            "  What would you do differently next time?\n"
            for name, application in zip(("Harbour Maps", "Brightwell Labs"), prompts, strict=True)
        )
    )
    about = {
        "week": week, "prompts": prompts, "questions": [known["r3"].message.key],
        "exercise": prompts[0],
    }  # fmt: skip
    apply((DeliverMail(key=key, data=mail.as_bytes(), occasion=week, about=about),), context)


def letter_id(world: World) -> str:
    """Return the Message-ID of the newest letter."""
    mails = [
        message_from_bytes(mail.data, policy=default) for mail in world.mailbox.contents("INBOX")
    ]
    return [str(mail["Message-ID"]) for mail in mails if mail["Subject"] == "Your week 47"][-1]


_numbers = count(1)


def reply(world: World, text: str, **headers: str) -> bytes:
    """Return a reply to the letter."""
    fields = {
        "From": f"Mara Lind <{ME}>",
        "To": f"Mara Lind <{ME}>",
        "Subject": "Re: Your week 47",
        "Date": format_datetime(world.clock()),
        "Message-ID": f"<reply-{next(_numbers)}@home.example>",
        "In-Reply-To": letter_id(world),
        "References": letter_id(world),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    mail = EmailMessage(policy=SMTP)
    for name, value in fields.items():
        mail[name] = value
    mail.set_content(
        f"{text}\n\nOn Fri, Nov 20, 2026 at 12:00 PM Mara Lind <{ME}> wrote:\n\n> pause\n"
    )
    return mail.as_bytes()


def put(world: World, data: bytes, folder: str = "Sent") -> None:
    world.mailbox.add(folder, data, received=world.clock())


def said(world: World) -> list[tuple[str, str]]:
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        return [
            (event.application, event.payload["text"])
            for event in journal.events("home")
            if event.kind == "reflected"
        ]


def paused(world: World) -> str | None:
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        return pause_of(journal, "home", world.clock())


# ---------------------------------------------------------------- taken in


def test_a_reply_in_sent_alone_is_kept_word_for_word(world: World):
    application = applications(world)["r2"]
    put(world, reply(world, f"{anchor_of(application)}: I was calm.\n\nTruly."))
    before = world.events()
    world.poll()
    assert said(world) == [(application, "I was calm.\n\nTruly.")]
    assert world.events() == [*before, "reflected"]
    (told,) = world.payloads("reflected")
    assert told == {
        "text": "I was calm.\n\nTruly.", "question": "free", "via": "reply", "week": WEEK
    }  # fmt: skip


@pytest.mark.parametrize(
    "folders",
    [
        ["INBOX", "Sent"],
        *(pytest.param(names, marks=SLOW) for names in (["INBOX"], ["Sent"], ["Sent", "INBOX"])),
    ],
)
def test_in_however_many_folders_it_lies_it_counts_once(world: World, folders: list[str]):
    data = reply(world, "1 yes\n\nBrightwell was fun.")
    for folder in folders:
        put(world, data, folder)
        world.poll()
    world.poll()
    assert said(world) == [(applications(world)["r2"], "Brightwell was fun.")]
    assert world.events().count("corrected") == 1
    assert "failed" not in world.events()


def test_a_second_reply_adds_and_the_same_mail_again_adds_nothing(world: World):
    first = reply(world, "Brightwell was fun.")
    put(world, first)
    put(world, reply(world, "Brightwell: and long."))
    world.poll()
    put(world, first)  # as after UIDVALIDITY has changed
    put(world, reply(world, "Brightwell was fun."))  # another copy, under another name
    world.poll()
    assert [text for _, text in said(world)] == ["Brightwell was fun.", "Brightwell: and long."]


def test_a_reply_that_reads_like_a_rejection_is_no_employers_mail(world: World):
    text = (
        "Unfortunately they have decided to move forward with other candidates for the Product "
        "Designer role at Harbour Maps, and will not be taking my application any further."
    )
    before = world.events()
    put(world, reply(world, text), "INBOX")
    put(world, reply(world, f"{text} "), "Sent")
    world.poll()
    assert world.events() == [*before, "reflected"]
    assert len(world.mailbox.contents("Drafts")) == 2


def test_a_letter_passed_on_to_a_friend_is_no_reply(world: World):
    before = world.events()
    put(world, reply(world, "pause\n\nLook, my week.", To="Ines <ines@friends.example>"))
    world.poll()
    assert world.events() == before
    assert paused(world) is None


@pytest.mark.parametrize("writer", ["Ines <ines@friends.example>", "Mara <mara@other.example>"])
def test_what_others_answer_to_a_letter_is_no_employers_mail(world: World, writer: str):
    """A friend who was shown it, or the user from an address that the settings do not know."""
    text = (
        "Unfortunately they have decided to move forward with other candidates for the Product "
        "Designer role at Harbour Maps, and will not be taking my application any further."
    )
    before = world.events()
    put(world, reply(world, f"pause\n\n{text}", From=writer), "INBOX")
    world.poll()
    assert world.events() == before
    assert paused(world) is None


def test_an_automatic_answer_is_no_reply(world: World):
    put(world, reply(world, "pause", Auto_Submitted="auto-replied"), "INBOX")
    world.poll()
    assert said(world) == []
    assert paused(world) is None


def test_a_letter_that_this_journal_did_not_write_is_answered_in_words_alone(world: World):
    other = letter_name(summary_key(OWNER, WEEK), "another journal's secret")
    name = f"<{other}@home.example>"
    data = reply(world, "pause\n1 no\n\nA week of talks.", In_Reply_To=name, References=name)
    put(world, data)
    world.poll()
    assert [text for _, text in said(world)] == ["1 no\n\nA week of talks."]
    assert paused(world) is None
    assert "corrected" not in world.events()


# ---------------------------------------------------------------- answers


def test_yes_makes_the_mail_a_rejection_and_a_draft_is_written_in_the_same_poll(world: World):
    put(world, reply(world, "yes"))
    world.poll()
    (told,) = world.payloads("corrected")
    assert told["said"] == "rejection"
    drafts = [message_from_bytes(mail.data) for mail in world.mailbox.contents("Drafts")]
    assert "elin@fjallkarta.example" in [
        mail["To"].rpartition("<")[2].rstrip(">") for mail in drafts
    ]
    world.poll()
    assert world.events().count("corrected") == 1
    assert len(world.mailbox.contents("Drafts")) == 3


def test_no_settles_it_and_a_changed_mind_counts(world: World):
    put(world, reply(world, "1: no"))
    world.poll()
    assert len(world.mailbox.contents("Drafts")) == 2
    put(world, reply(world, "1: yes"))
    world.poll()
    assert [told["said"] for told in world.payloads("corrected")] == [
        "not_a_rejection",
        "rejection",
    ]
    assert len(world.mailbox.contents("Drafts")) == 3


@SLOW
def test_an_answer_stands_wherever_its_mail_is_moved(world: World):
    put(world, reply(world, "1 no"))
    world.poll()
    (place,) = [
        mail.locator
        for mail in world.mailbox.fetch(world.mailbox.locators("INBOX"))
        if b"fjallkarta" in mail.data
    ]
    world.mailbox.create_folder("Archive")
    for folder in ("Archive", "INBOX"):
        place = world.mailbox.move(place, folder)
        world.poll()
    assert [told["said"] for told in world.payloads("corrected")] == ["not_a_rejection"]
    with world.opened() as context:
        (entry,) = [
            each
            for each in context.journal.history("home").entries
            if each.message.message_id == "r3@post.example"
        ]
    assert entry.reading.verdict.corrected


@SLOW
def test_answers_teach_as_moves_do(world: World):
    put(world, reply(world, "1 no"))
    world.poll()
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        learned = journal.note("home", "personal")
        standing = journal.note("home", "corrections")
    assert learned["of"]
    assert [each["said"] for each in standing.values()] == ["Not a rejection"]


# ---------------------------------------------------------------- commands


def test_pause_holds_from_the_same_poll_on_and_resume_ends_it(world: World):
    put(world, reply(world, "1 yes\npause"))
    world.poll()
    assert paused(world) == "until resumed"
    assert len(world.mailbox.contents("Drafts")) == 2
    put(world, reply(world, "weiter"))
    world.poll()
    assert paused(world) is None
    assert len(world.mailbox.contents("Drafts")) == 3


def test_pause_until_a_day_ends_by_itself(world: World):
    put(world, reply(world, "Pause until 27 December"))
    world.poll()
    assert paused(world) is not None
    world.clock.now = datetime.fromisoformat("2026-12-27T00:01:00+00:00")
    assert paused(world) is None


def test_the_later_word_counts_though_it_is_found_first(world: World):
    earlier = reply(world, "pause")
    written = world.clock()
    world.clock.now += timedelta(minutes=1)
    put(world, reply(world, "resume"), "INBOX")
    world.mailbox.add("Sent", earlier, received=written)
    world.poll()
    assert paused(world) is None


def test_a_word_that_was_obeyed_once_is_not_obeyed_again(world: World):
    data = reply(world, "pause")
    put(world, data)
    world.poll()
    put(world, reply(world, "resume"))
    world.poll()
    put(world, data, "INBOX")
    world.poll()
    assert paused(world) is None


def test_hired_ends_the_search(world: World):
    put(world, reply(world, "Ich habe eine Stelle!"))
    world.poll()
    with Journal.open(world.folder / "journal.sqlite3") as journal:
        assert hired_at(journal, "home") == world.clock().isoformat()
    assert paused(world) == "until resumed"


# ---------------------------------------------------------------- whose it is

ATTACK = "pause\n1 no\n\nI am not made for this kind of work."


def attacked(world: World, data: bytes) -> bool:
    """Let a mail arrive; tell whether it has changed anything."""
    before = world.events(), paused(world), len(world.mailbox.contents("Drafts"))
    put(world, data, "INBOX")
    world.poll()
    return (world.events(), paused(world), len(world.mailbox.contents("Drafts"))) != before


@pytest.mark.threat("D1")
def test_a_stranger_who_works_out_the_key_cannot_answer_for_the_user(world: World):
    key = summary_key(OWNER, WEEK)  # the program is public, and so is the address
    for name in (f"<{key}@home.example>", f"<{key}.{'a' * 16}@home.example>"):
        assert not attacked(world, reply(world, ATTACK, In_Reply_To=name, References=name))


@pytest.mark.threat("D1")
@pytest.mark.parametrize(
    "author",
    [
        "Jo Park <jo@harbourmaps.example>",
        f"{ME} <jo@harbourmaps.example>",
        f"Jo Park <jo@harbourmaps.example>, {ME}",
        f"{ME}, Jo Park <jo@harbourmaps.example>",
    ],
)
def test_whoever_got_the_letter_forwarded_cannot_answer_it_from_another_address(
    world: World, author: str
):
    put(world, reply(world, ATTACK, From=author, Sender="jo@harbourmaps.example"), "INBOX")
    world.poll()
    assert said(world) == []
    assert paused(world) is None
    assert "corrected" not in world.events()


@pytest.mark.threat("D1")
@pytest.mark.threat("D2")
def test_a_reply_that_the_provider_disowns_is_not_read(world: World):
    results = "mx.home.example; dmarc=fail header.from=home.example"
    assert not attacked(world, reply(world, ATTACK, Authentication_Results=results))


@pytest.mark.threat("D1")
@pytest.mark.threat("D2")
@pytest.mark.parametrize(
    "results",
    [
        "mx.evil.example; dmarc=pass header.from=home.example",
        *(pytest.param(results, marks=SLOW) for results in (None, "mx.home.example; dmarc=none")),
    ],
)
def test_where_the_provider_checks_senders_orders_without_its_pass_are_told_of_not_obeyed(
    world: World, results: str | None, monkeypatch: pytest.MonkeyPatch
):
    checks(world, monkeypatch)
    headers = {"Authentication_Results": results} if results else {}
    data = reply(world, ATTACK, **headers)
    put(world, data, "INBOX")
    world.poll()
    world.poll()
    assert [text for _, text in said(world)] == ["I am not made for this kind of work."]
    assert paused(world) is None
    assert "corrected" not in world.events()
    (told,) = world.payloads("failed")
    assert "Sent" in told["error"]
    put(world, data, "Sent")  # a client that is slow to file what it has sent
    world.poll()
    assert paused(world) == "until resumed"
    assert len(said(world)) == 1


@SLOW
def test_its_pass_is_enough(world: World, monkeypatch: pytest.MonkeyPatch):
    checks(world, monkeypatch)
    results = "mx.home.example; dmarc=pass header.from=home.example"
    put(world, reply(world, "pause", Authentication_Results=results), "INBOX")
    world.poll()
    assert paused(world) == "until resumed"


def checks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the account be at a provider that is known to check senders."""
    plain = world._context

    def checking(*args: object) -> Context:
        context = plain(*args)
        return replace(context, owner=replace(context.owner, trusted_server="mx.home.example"))

    monkeypatch.setattr(world, "_context", checking)


@pytest.mark.threat("D23")
def test_the_words_carry_no_control_characters(world: World):
    put(
        world,
        reply(world, "Brightwell\x1b]0;title\x07 \u202eback\u202c was \u2066fun\u2069 ❤️ 👩‍🎨."),
    )
    world.poll()
    assert [text for _, text in said(world)] == ["Brightwell]0;title back was fun ❤️ 👩‍🎨."]


# ---------------------------------------------------------------- crashes, forgetting


@pytest.mark.goal("G1")
@SLOW
def test_wherever_the_process_dies_a_reply_counts_once(world: World):
    data = reply(world, "1 yes\npause\n\nBrightwell was fun.")
    put(world, data, "INBOX")
    put(world, data, "Sent")
    reached = 0
    while True:
        dies_at = reached = reached + 1
        if not _polls_until(world, dies_at):
            break
    assert reached > 10
    assert [text for _, text in said(world)] == ["Brightwell was fun."]
    assert world.events().count("corrected") == 1
    assert paused(world) == "until resumed"


def _polls_until(world: World, seam: int) -> bool:
    """Poll, and die at that seam; tell whether it was reached."""
    left = iter(range(seam))

    def count_down(_: str) -> None:
        if next(left, None) is None:
            raise Crash

    try:
        world.poll(count_down)
    except Crash:
        return True
    return False


@pytest.mark.parametrize("choice", ["age", "employer"])
def test_forget_erases_the_words_and_they_do_not_come_back(world: World, choice: str):
    data = reply(world, "Brightwell was fun.")
    put(world, data)
    world.poll()
    with world.opened() as context:
        history, events = context.journal.history("home"), tuple(context.journal.events("home"))
        erasure = of_employer("Brightwell Labs", history, events)
        if choice == "age":
            erasure = older_than(world.clock() + timedelta(days=1), history, events)
        forget(context.journal, "home", erasure, world.clock())
    assert said(world) == []
    put(world, data)
    world.poll()
    assert said(world) == []


def test_forgetting_an_employer_takes_words_that_name_it_and_are_about_several(world: World):
    put(world, reply(world, "Brightwell was warmer than Harbour Maps."))
    put(world, reply(world, "Both were long."))
    world.poll()
    assert [application for application, _ in said(world)] == ["", ""]
    with world.opened() as context:
        history, events = context.journal.history("home"), tuple(context.journal.events("home"))
        erasure = of_employer("Brightwell Labs", history, events)
        forget(context.journal, "home", erasure, world.clock())
    assert [text for _, text in said(world)] == ["Both were long."]


def test_after_forgetting_the_letter_names_no_key_of_what_is_gone(world: World):
    with world.opened() as context:
        history, events = context.journal.history("home"), tuple(context.journal.events("home"))
        gone = Key(applications(world)["r1"])
        assert any(
            gone in str(event.payload) for event in events if event.kind == "summary_delivered"
        )
        erasure = of_employer("Harbour Maps", history, events)
        forget(context.journal, "home", erasure, world.clock())
        left = list(context.journal.events("home"))
    assert [event.kind for event in left].count("summary_delivered") == 1
    assert not any(gone in str(event.payload) for event in left)
