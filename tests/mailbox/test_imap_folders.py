"""Which folder is Drafts, Sent, Trash, Archive or Junk, whatever it is called (THREATS D29)."""

import pytest

from inboxbot.errors import FolderMissing, MailboxError
from inboxbot.mailbox.folders import ListedFolder, by_role
from inboxbot.mailbox.imap import open_imap
from inboxbot.ports import Role
from tests.mailbox.imap_stand_in import OK, QUICK, StandIn

pytestmark = pytest.mark.threat("D29")


def listed(*names: str, **marked: str) -> list[ListedFolder]:
    plain = [ListedFolder(name) for name in ("INBOX", *names)]
    return plain + [ListedFolder(name, frozenset({f"\\{use}"})) for use, name in marked.items()]


@pytest.mark.parametrize(
    ("role", "name"),
    [
        *((Role.DRAFTS, name) for name in ("Drafts", "Entwürfe", "Brouillons", "Borradores")),
        *((Role.DRAFTS, name) for name in ("Bozze", "Concepten", "Rascunhos", "Wersje robocze")),
        *((Role.DRAFTS, name) for name in ("Utkast", "Kladder", "Черновики", "下書き", "草稿箱")),
        *((Role.DRAFTS, name) for name in ("[Gmail]/Drafts", "INBOX.Drafts", "INBOX/Entwürfe")),
        *((Role.DRAFTS, name) for name in ("[Google Mail]/Entwürfe", "drafts", "Entwu\u0308rfe")),
        *((Role.SENT, name) for name in ("Sent", "Sent Items", "Gesendet", "INBOX.Sent")),
        *((Role.SENT, name) for name in ("[Gmail]/Sent Mail", "Envoyés", "Отправленные")),
        *((Role.TRASH, name) for name in ("Trash", "Deleted Items", "Papierkorb", "Corbeille")),
        *((Role.TRASH, name) for name in ("[Gmail]/Bin", "Prullenbak", "INBOX.Trash", "ゴミ箱")),
        *((Role.ARCHIVE, name) for name in ("Archive", "Archiv", "[Gmail]/All Mail", "Archief")),
        *((Role.ARCHIVE, name) for name in ("INBOX.Archive", "[Google Mail]/Alle Nachrichten")),
        *(
            (Role.JUNK, name)
            for name in ("Junk", "Spam", "INBOX.spam", "[Gmail]/Spam", "Bulk Mail")
        ),
        *(
            (Role.JUNK, name)
            for name in ("Spamverdacht", "Indésirables", "Ongewenst", "迷惑メール")
        ),
    ],
)
def test_a_well_known_name_is_found(role, name):
    found = by_role(listed("Archive/2019", "Sent/old", "My Drafts", name), {})
    assert getattr(found, role.value) == name


def test_the_mark_of_the_server_counts_more_than_any_name():
    folders = listed("Drafts", "Chosen", drafts="Marked", Trash="T", sEnT="S", aRCHIVE="A")
    found = by_role(folders, {Role.DRAFTS: "Chosen"})
    assert (found.drafts, found.trash, found.sent, found.archive) == ("Marked", "T", "S", "A")
    assert found.others == ("Chosen", "Drafts")


def test_gmails_folder_of_everything_is_its_archive_whatever_the_user_calls_archive():
    own = ("Archive", "Archive/2026")
    found = by_role(listed(*own, All="[Gmail]/Alle Nachrichten", junk="[Gmail]/Spam"), {})
    assert (found.archive, found.archive_is_all) == ("[Gmail]/Alle Nachrichten", True)
    assert (found.junk, found.archive_years, found.others) == ("[Gmail]/Spam", (), own)


@pytest.mark.parametrize("name", ["All", "All Mail", "virtual/All"])
def test_a_folder_of_everything_that_may_hold_junk_is_no_archive(name):
    assert by_role(listed(All=name), {}).archive is None
    found = by_role(listed(All=name, Archive="Old"), {})
    assert (found.archive, found.archive_is_all) == ("Old", False)


@pytest.mark.parametrize(
    "names",
    [
        ("Archives", "Archives/2026", "Archives/2025", "Archives/Taxes"),  # Thunderbird
        ("Archives/2026", "Archives/2025"),  # the same, where the one above holds no mail
        ("INBOX.Archive", "INBOX.Archive.2026", "INBOX.Archive.2025"),  # Courier, Cyrus
        ("Ablage/Post", "Ablage/Post/2026", "Ablage/Post/2025", "Archivist/2027"),
    ],
)
def test_the_years_below_an_archive_are_archives_the_newest_first(names):
    marked = {"Archive": "Ablage/Post"} if "Ablage/Post" in names else {}
    found = by_role(listed(*(set(names) - {*marked.values()}), **marked), {})
    assert found.archive == next((name for name in names if "202" not in name), None)
    assert found.archive_years == tuple(name for name in names if "2026" in name or "2025" in name)
    assert set(found.others) == set(names) & {"Archives/Taxes", "Archivist/2027"}


def test_of_many_years_and_months_the_newest_are_read():
    months = [
        f"Archive/{year}/{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)
    ]
    found = by_role(listed("Archive", "Archive/2026", *months), {})
    assert found.archive_years == tuple(reversed(months[-8:]))


def test_a_chosen_folder_counts_more_than_a_known_name():
    assert by_role(listed("Drafts", "Mine"), {Role.DRAFTS: "Mine"}).drafts == "Mine"


def test_a_chosen_folder_that_is_not_there_is_not_replaced_by_another():
    assert by_role(listed("Drafts"), {Role.DRAFTS: "Mine"}).drafts is None


@pytest.mark.parametrize("flag", ["\\Noselect", "\\NonExistent", "\\NOSELECT"])
def test_a_folder_that_cannot_be_opened_is_none(flag):
    closed = ListedFolder("Drafts", frozenset({flag, "\\Drafts"}))
    found = by_role([*listed("INBOX.Drafts"), closed], {})
    assert found.drafts == "INBOX.Drafts"
    assert "Drafts" not in found.others


def test_a_mailbox_without_an_inbox_is_none():
    with pytest.raises(MailboxError, match="no INBOX"):
        by_role([ListedFolder("Drafts")], {})


def test_the_inbox_is_known_in_any_case():
    assert by_role([ListedFolder("Inbox")], {}).inbox == "Inbox"


ODD_LIST = (
    b'* LIST (\\HasNoChildren) "." INBOX\r\n'
    b'* LIST (\\HasNoChildren \\drafts) "." "INBOX.Entw&APw-rfe"\r\n'
    b'* LIST () "." "Entw\xc3\xbcrfe"\r\n'
    b'* LIST () "." "&bad"\r\n'
    b'* LIST () "." Foo[bar\r\n'
    b'* LIST () "." NIL\r\n'
    b"* LIST () NIL 2024\r\n"
    b'* LIST (\\Noselect) "." "[Gmail]"\r\n'
    b'* LIST (\\HasNoChildren) "." {5}\r\na"b\\c\r\n'
    b"* LIST garbage\r\n"
) + OK


def test_one_folder_with_a_bad_name_hides_no_other():
    with (
        StandIn({"LIST": ODD_LIST}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
    ):
        found = mailbox.folders()
    assert (found.inbox, found.drafts) == ("INBOX", "INBOX.Entwürfe")
    assert found.others == ("2024", 'a"b\\c')


def test_a_name_beyond_ascii_goes_to_the_server_as_modified_utf_7():
    with (
        StandIn({"LIST": ODD_LIST}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
    ):
        mailbox.mark("INBOX.Entwürfe")
    assert server.said("EXAMINE") == [b'EXAMINE "INBOX.Entw&APw-rfe"\r\n']


def test_without_drafts_nothing_is_written_and_the_error_says_what_to_set():
    only_inbox = b'* LIST () "/" INBOX\r\n' + OK
    with (
        StandIn({"LIST": only_inbox}) as server,
        open_imap(server.account(name="work"), limits=QUICK) as mailbox,
        pytest.raises(FolderMissing, match=r'set drafts = "…" in \[accounts\.work\]'),
    ):
        mailbox.save_draft(b"Subject: x\r\n\r\n", "key")
    assert not server.said("APPEND")
    assert not server.said("CREATE")


@pytest.mark.parametrize("said", [b"NO [NONEXISTENT] gone", b"NO Mailbox doesn't exist", b"BAD ?"])
def test_a_folder_that_is_gone_is_missing(said):
    with (
        StandIn({"EXAMINE": b"TAG " + said + b"\r\n"}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
        pytest.raises(FolderMissing, match="Old"),
    ):
        mailbox.mark("Old")


@pytest.mark.parametrize("code", [b"UNAVAILABLE", b"NOPERM", b"SERVERBUG", b"INUSE"])
def test_a_folder_that_may_be_there_is_not_missing(code):
    with (
        StandIn({"EXAMINE": b"TAG NO [" + code + b"] x\r\n"}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
        pytest.raises(MailboxError) as refusal,
    ):
        mailbox.mark("INBOX")
    assert not isinstance(refusal.value, FolderMissing)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (b"NO [OVERQUOTA] full", "make room"),
        (b"NO [TRYCREATE] no such folder", "create it"),
        (b"NO [READ-ONLY] x", "read-only"),
        (b"NO [NOPERM] x", "no right"),
        (b"NO just no", "just no"),
        (b"BAD what", "did not understand"),
    ],
)
def test_a_refused_draft_says_why_and_what_to_do(said, advice):
    with (
        StandIn({"APPEND": b"TAG " + said + b"\r\n"}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
        pytest.raises(MailboxError, match=advice) as refusal,
    ):
        mailbox.save_draft(b"Subject: x\r\n\r\n", "key")
    assert "'Drafts'" in str(refusal.value)
    assert f"127.0.0.1:{server.port}" in str(refusal.value)


def test_a_drafts_folder_that_turns_read_only_holds_the_draft_where_it_is():
    selected = b"* OK [UIDVALIDITY 7] x\r\n* OK [READ-ONLY] sorry\r\nTAG OK [READ-ONLY] open\r\n"
    with (
        StandIn({"SELECT": selected}) as server,
        open_imap(server.account(), limits=QUICK) as mailbox,
        pytest.raises(MailboxError, match="read-only"),
    ):
        mailbox.withdraw("7;2;Drafts")
    assert not server.said("UID MOVE")
