"""The four writes, command by command: nothing else on the wire, nothing of others expunged."""

import re

import pytest

from inboxbot.core.types import EPOCH, Key, Locator
from inboxbot.errors import FolderMissing, MailboxError
from inboxbot.mailbox.imap import open_imap
from tests.mailbox.imap_stand_in import (
    CAPABILITIES,
    EXAMINED,
    OK,
    QUICK,
    StandIn,
    capability,
    fetched,
    literal,
)

KEY = Key("abcdefghijklmnopqrstuvwxyz234567")
DRAFT = f"Subject: x\r\nMessage-ID: <{KEY}@x>\r\n\r\nhello\r\n".encode()
OURS = Locator("7;12;Drafts")
THERE = {"UID FETCH": fetched(b"UID 12")}


def writes(server: StandIn) -> list[bytes]:
    """Return what was said, less what reads."""
    reading = re.compile(rb"(CAPABILITY|LOGIN|LOGOUT|LIST|EXAMINE|UID FETCH|UID SEARCH)\b")
    commands = [command.partition(b" ")[2] for command in server.heard]
    return [command for command in commands if not reading.match(command)]


def test_a_draft_is_appended_with_its_flags_in_the_command():
    said = {"APPEND": b"TAG OK [APPENDUID 7 41] done\r\n"}
    with StandIn(said) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.save_draft(DRAFT, KEY) == "7;41;Drafts"
    command = b'APPEND "Drafts" (\\Draft \\Seen) ' + literal(DRAFT) + b"\r\n"
    assert writes(server) == [command]


@pytest.mark.parametrize(
    "said",
    [b"done", b"[APPENDUID 7 0] x", b"[APPENDUID 7 4294967296] x", b"[APPENDUID 7 1:3] x", b""],
)
def test_a_place_that_is_not_told_or_cannot_be_is_none(said):
    answers = {"APPEND": b"TAG OK " + said + b"\r\n"}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.save_draft(DRAFT, KEY) is None


def test_mail_to_the_owner_is_appended_unread():
    with StandIn() as server, open_imap(server.account(), limits=QUICK) as mailbox:
        mailbox.deliver(DRAFT, KEY)
    assert writes(server) == [b'APPEND "INBOX" () ' + literal(DRAFT) + b"\r\n"]


@pytest.mark.parametrize(
    ("capabilities", "examined", "closing"),
    [
        (b" UNSELECT", EXAMINED, [b"UNSELECT\r\n"]),
        (b"", EXAMINED, [b"CLOSE\r\n"]),
        # CLOSE would expunge where EXAMINE was taken for SELECT.
        (b"", EXAMINED.replace(b"[READ-ONLY] ", b""), []),
        (b"", EXAMINED.replace(b"READ-ONLY", b"READ-WRITE"), []),
    ],
)
def test_what_is_open_for_reading_is_closed_before_a_draft_is_saved(
    capabilities, examined, closing
):
    answers = {"CAPABILITY": capability(CAPABILITIES + capabilities), "EXAMINE": examined}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        mailbox.mark("Drafts")
        mailbox.save_draft(DRAFT, KEY)
        mailbox.save_draft(DRAFT, KEY)
    *said, first, second = writes(server)
    assert said == closing
    assert first == second
    assert first.startswith(b"APPEND")


def test_a_server_that_refuses_to_close_a_folder_gets_the_draft():
    answers = {"CLOSE": b"TAG NO why\r\n"}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        mailbox.mark("Drafts")
        mailbox.save_draft(DRAFT, KEY)
        assert mailbox.find("Drafts", KEY) == ()
    assert len(server.said("APPEND")) == 1


def test_a_nul_is_not_sent():
    with (
        StandIn() as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
        pytest.raises(MailboxError, match="NUL"),
    ):
        mailbox.save_draft(b"Subject: x\0\r\n\r\n", KEY)
    assert not writes(server)


SELECT = b'SELECT "Drafts"\r\n'
COPY = b'UID COPY 12 "Trash"\r\n'
MARK = b"UID STORE 12 +FLAGS.SILENT (\\Deleted)\r\n"


@pytest.mark.parametrize(
    ("capabilities", "deleted", "expected"),
    [
        (b"MOVE UIDPLUS", b"", [SELECT, b'UID MOVE 12 "Trash"\r\n']),
        (b"UIDPLUS", b"", [SELECT, COPY, MARK, b"UID EXPUNGE 12\r\n"]),
        # Others are marked too: EXPUNGE would take them along.
        (b"", b" 3 12", [SELECT, COPY, MARK]),
        (b"", b" 12", [SELECT, COPY, MARK, b"EXPUNGE\r\n"]),
    ],
)
def test_a_draft_is_moved_as_the_server_can_and_nothing_else_goes(capabilities, deleted, expected):
    answers = {
        **THERE,
        "CAPABILITY": capability(b"IMAP4rev1 " + capabilities),
        "UID SEARCH": b"* SEARCH" + deleted + b"\r\n" + OK,
    }
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.withdraw(OURS)
    assert writes(server) == expected


@pytest.mark.parametrize(
    ("locator", "selected"),
    [("7;12;INBOX", False), ("7;12;Trash", False), ("6;12;Drafts", True), ("7;13;Drafts", True)],
)
def test_what_is_no_draft_of_now_is_not_touched(locator, selected):
    with StandIn(THERE) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert not mailbox.withdraw(Locator(locator))
    assert writes(server) == ([SELECT] if selected else [])


def test_without_trash_the_draft_stays():
    listed = b'* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" Drafts\r\n' + OK
    with (
        StandIn({**THERE, "LIST": listed}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
        pytest.raises(FolderMissing, match="set trash ="),
    ):
        mailbox.withdraw(OURS)
    assert not writes(server)


def test_reading_says_nothing_that_writes():
    with StandIn(THERE) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        mailbox.folders()
        mailbox.mark("INBOX")
        mailbox.find("INBOX", KEY)
        list(mailbox.slices("INBOX", None, EPOCH))
        list(mailbox.fetch([Locator("7;12;INBOX")]))
    assert not writes(server)
    bodies = [
        item for command in server.heard for item in re.findall(rb"BODY(?!STRUCTURE)\S*", command)
    ]
    assert bodies
    assert all(item.startswith(b"BODY.PEEK[") for item in bodies)


def test_two_hundred_thousand_mails_come_in_slices():
    uids = b" ".join(b"%d" % uid for uid in range(1_000_000, 1_200_000))
    answers = {"UID SEARCH": b"* SEARCH " + uids + b"\r\n" + OK}
    with StandIn(answers) as server, open_imap(server.account()) as mailbox:
        count = 0
        for piece in mailbox.slices("INBOX", None, EPOCH):
            count += len(piece.locators)
            assert piece.remaining == 200_000 - count
            assert len(piece.locators) <= 200
    assert count == 200_000
    assert piece.cursor == '{"uidvalidity":7,"uidnext":1200000}'
