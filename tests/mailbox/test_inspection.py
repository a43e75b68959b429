"""What a mailbox tells of itself before anything is written, and that telling changes nothing."""

import pytest

from inboxbot.core.types import Key
from inboxbot.errors import FolderMissing
from inboxbot.mailbox.imap import open_imap
from inboxbot.ports import Room
from tests.mailbox.benches import Bench, letter
from tests.mailbox.gmail_bench import GmailBench
from tests.mailbox.imap_stand_in import OK, QUICK, StandIn, capability

KEY = Key("abcdefghijklmnopqrstuvwxyz234567")


def test_every_mailbox_tells_that_a_draft_may_be_saved_or_that_it_cannot_tell(bench: Bench) -> None:
    bench.arrive(letter("unread"), letter("flagged", flags=("\\Flagged",)))
    bench.arrive(letter("draft", flags=("\\Draft", "\\Seen")), folder="Drafts")
    before = bench.flags(), bench.flags("Drafts")
    with bench.open() as mailbox:
        told = mailbox.may_draft()
        room = mailbox.room()
    assert (bench.flags(), bench.flags("Drafts")) == before
    assert told is (None if isinstance(bench, GmailBench) else True)
    assert room is None or 0 <= room.used < room.limit


def test_after_it_was_looked_into_a_mailbox_takes_drafts_as_before(bench: Bench) -> None:
    with bench.open() as mailbox:
        mailbox.may_draft()
        mailbox.room()
        mailbox.save_draft(letter(KEY).data, KEY)
        mailbox.may_draft()
        assert len(mailbox.find("Drafts", KEY)) == 1


def test_a_mailbox_without_drafts_has_no_rights_to_tell(bench_of_deletable_folders: Bench) -> None:
    bench_of_deletable_folders.delete_folder("Drafts")
    with (
        bench_of_deletable_folders.open() as mailbox,
        pytest.raises(FolderMissing, match="create it in the mail client"),
    ):
        mailbox.may_draft()


# ---------------------------------------------------------------- what IMAP servers say

ACL = capability(b"IMAP4rev1 ACL QUOTA")
NO = b"TAG NO [NOPERM] not you\r\n"
READ_ONLY = (
    b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] ok\r\nTAG OK [READ-ONLY] open\r\n"
)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"CAPABILITY": ACL, "MYRIGHTS": b"* MYRIGHTS Drafts lrswi\r\n" + OK}, True),
        ({"CAPABILITY": ACL, "MYRIGHTS": b'* MYRIGHTS "Drafts" "lrs"\r\n' + OK}, False),
        ({"CAPABILITY": ACL, "MYRIGHTS": b'* MYRIGHTS Drafts ""\r\n' + OK}, False),
        ({"CAPABILITY": ACL, "MYRIGHTS": b"* MYRIGHTS (\r\n" + OK}, True),  # SELECT decides
        ({"CAPABILITY": ACL, "MYRIGHTS": NO, "SELECT": READ_ONLY}, False),
        ({"SELECT": READ_ONLY}, False),
        ({"SELECT": NO}, False),
        ({"SELECT": b"TAG NO [UNAVAILABLE] later\r\n"}, None),
    ],
)
def test_the_rights_are_what_acl_says_else_how_drafts_opens(answers, told):
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.may_draft() is told
    assert bool(server.said("MYRIGHTS")) == ("MYRIGHTS" in answers)
    assert not server.said("APPEND")


def test_a_folder_with_any_name_is_asked_about_in_one_line():
    listed = b'* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" "Entw&APw-rfe \\"x\\""\r\n' + OK
    answers = {"CAPABILITY": ACL, "LIST": listed, "MYRIGHTS": b"* MYRIGHTS x lrswi\r\n" + OK}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.may_draft() is True
    assert server.said("MYRIGHTS") == [b'MYRIGHTS "Entw&APw-rfe \\"x\\""\r\n']


@pytest.mark.parametrize(
    ("said", "room"),
    [
        (b'* QUOTA "" (STORAGE 10 512)\r\n', Room(10 << 10, 512 << 10)),
        (b'* QUOTA "User quota" (MESSAGE 5 9 STORAGE 1 4)\r\n', Room(1 << 10, 4 << 10)),
        (b"* QUOTA a (STORAGE 1 9)\r\n* QUOTA b (STORAGE 8 9)\r\n", Room(8 << 10, 9 << 10)),
        (b"", None),
        (b'* QUOTA "" ()\r\n', None),
        (b'* QUOTA "" (MESSAGE 5 9)\r\n', None),
        (b'* QUOTA "" (STORAGE 5 0)\r\n', None),
        (b'* QUOTA "" (STORAGE 5 99999999999999999999)\r\n', None),
        (b'* QUOTA "" (STORAGE five 9)\r\n', None),
        (b'* QUOTA "" (STORAGE 5)\r\n', None),
        (b"* QUOTA ((((\r\n", None),
    ],
)  # fmt: skip
def test_the_room_is_the_fullest_quota_of_storage(said, room):
    answers = {"CAPABILITY": ACL, "GETQUOTAROOT": b'* QUOTAROOT INBOX ""\r\n' + said + OK}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.room() == room
        assert mailbox.folders().drafts == "Drafts", "the connection still serves"


def test_a_server_that_refuses_to_tell_its_quota_or_has_none_is_not_pressed():
    answers = {"CAPABILITY": ACL, "GETQUOTAROOT": NO}
    with StandIn(answers) as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.room() is None
    with StandIn() as server, open_imap(server.account(), limits=QUICK) as mailbox:
        assert mailbox.room() is None
    assert not server.said("GETQUOTAROOT")
