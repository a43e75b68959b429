"""What is particular to a Maildir: layouts, names, files that are no mail, writes that fail."""

import errno
import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient import IMAPClient

from inboxbot.core.types import EPOCH, Cursor, Key, Locator
from inboxbot.errors import FolderMissing, InputError, MailboxError
from inboxbot.mailbox import maildir_cursor
from inboxbot.mailbox.maildir import create_folder, deposit, open_maildir, watch_maildir
from inboxbot.mailbox.maildir_files import Entry, identity_of
from inboxbot.mailbox.maildir_layout import decode_name, encode_name, layout
from inboxbot.ports import Mailbox, Part
from tests.mailbox.benches import NOW, MaildirBench, letter, name_of, wall_clock
from tests.servers.dovecot import Account, Dovecot

SINCE = NOW - timedelta(days=30)
KEY = Key("abcdefghijklmnopqrstuvwxyz234567")
DRAFT = b"From: a@b.example\r\nMessage-ID: <" + KEY.encode() + b"@b.example>\r\n\r\nHello.\r\n"


def make(root: Path, *folders: str) -> None:
    """Make directories with a cur, as others lay them."""
    for folder in folders:
        for part in ("cur", "new", "tmp"):
            (root / folder / part).mkdir(parents=True, exist_ok=True)


def opened(root: Path, **chosen: str) -> Mailbox:
    with open_maildir(root, now=wall_clock, **chosen) as mailbox:
        return mailbox


def new(mailbox: Mailbox, cursor: Cursor | None, folder: str = "INBOX") -> tuple[list[str], Cursor]:
    slices = list(mailbox.slices(folder, cursor, SINCE))
    places = [locator for part in slices for locator in part.locators]
    return [name_of(mail.data) for mail in mailbox.fetch(places)], slices[-1].cursor


def only_place(mailbox: Mailbox, folder: str = "INBOX") -> Locator:
    (part,) = mailbox.slices(folder, None, EPOCH)
    (locator,) = part.locators
    return locator


# ---------------------------------------------------------------- layouts


@pytest.mark.parametrize(
    ("directories", "folders"),
    [
        pytest.param(
            ["", ".Drafts", ".Sent", ".INBOX.Sub", ".Work.Jobs", ".Entw&APw-rfe"],
            {"INBOX", "Drafts", "Sent", "INBOX/Sub", "Work/Jobs", "Entwürfe"},
            id="Dovecot Maildir++",
        ),
        pytest.param(["", ".Entwürfe"], {"INBOX", "Entwürfe"}, id="Dovecot LISTUTF8"),
        pytest.param(
            ["INBOX", "Drafts", "[Gmail]/Drafts", "Work", "Work/Jobs"],
            {"INBOX", "Drafts", "[Gmail]/Drafts", "Work", "Work/Jobs"},
            id="mbsync Verbatim",
        ),
        pytest.param(
            ["Inbox", "[Gmail].Drafts", "Entw&APw-rfe"],
            {"INBOX", "[Gmail].Drafts", "Entwürfe"},
            id="offlineimap",
        ),
        pytest.param(["", "Drafts", "Work/Jobs"], {"INBOX", "Drafts", "Work/Jobs"}, id="fs layout"),
        pytest.param(
            ["INBOX", "Work", "Work/.Jobs", "Work/.Jobs/.Old"],
            {"INBOX", "Work", "Work/Jobs", "Work/Jobs/Old"},
            id="mbsync Legacy",
        ),
    ],
)
def test_folders_are_found_as_programs_lay_them(
    tmp_path: Path, directories: list[str], folders: set[str]
) -> None:
    make(tmp_path, *directories)
    (tmp_path / ".notmuch" / "xapian").mkdir(parents=True)
    (tmp_path / "lost+found").mkdir()
    (tmp_path / ".mbsyncstate").touch()
    assert set(layout(tmp_path)) == folders


@pytest.mark.threat("D29")
@pytest.mark.parametrize(
    ("directories", "drafts"),
    [
        ([".Drafts"], "Drafts"),
        ([".Entw&APw-rfe"], "Entwürfe"),
        ([".INBOX.Brouillons"], "INBOX/Brouillons"),
        (["[Gmail]/Drafts"], "[Gmail]/Drafts"),
        ([".&g0l6P3ux-"], "草稿箱"),
        ([".Jobs"], None),
    ],
)
def test_drafts_is_found_by_its_name_in_many_languages(
    tmp_path: Path, directories: list[str], drafts: str | None
) -> None:
    make(tmp_path, "", *directories)
    assert opened(tmp_path).folders().drafts == drafts


@pytest.mark.parametrize("chosen", ["Mine/Own", "Mine.Own", "mine/own"])
def test_the_folder_that_the_settings_name_comes_first(tmp_path: Path, chosen: str) -> None:
    make(tmp_path, "", ".Drafts", ".Mine.Own")
    found = opened(tmp_path, drafts=chosen, sent=chosen, trash=chosen).folders()
    assert (found.drafts, found.sent, found.trash) == ("Mine/Own",) * 3


@pytest.mark.threat("D29")
def test_a_folder_that_the_settings_name_and_that_is_gone_is_not_replaced(tmp_path: Path) -> None:
    make(tmp_path, "", ".Drafts")
    mailbox = opened(tmp_path, drafts="Mine")
    assert mailbox.folders().drafts is None
    with pytest.raises(FolderMissing, match="Mine"):
        mailbox.save_draft(DRAFT, KEY)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".Drafts", "cur", "new", "tmp"]


def test_an_empty_maildir_above_a_whole_inbox_is_an_accident(tmp_path: Path) -> None:
    make(tmp_path, "", "INBOX", "Drafts")
    (tmp_path / "INBOX/new/1.x.host").write_bytes(letter("one").data)
    assert new(opened(tmp_path), None)[0] == ["one"]


def test_a_folder_that_is_a_link_is_read_and_a_link_upwards_ends(tmp_path: Path) -> None:
    make(tmp_path / "mail", "INBOX", "Work")
    make(tmp_path / "elsewhere", "Archive")
    (tmp_path / "mail/Archive").symlink_to(tmp_path / "elsewhere/Archive")
    (tmp_path / "mail/Work/up").symlink_to(tmp_path / "mail")
    assert set(layout(tmp_path / "mail")) == {"INBOX", "Work", "Archive"}


@pytest.mark.parametrize(
    ("prepare", "what"),
    [
        (lambda path: None, "there is nothing there; set path"),
        (lambda path: path.write_text("From x"), "is a file; set path"),
        (lambda path: path.mkdir(), "is not a Maildir: .* set path"),
        (lambda path: make(path, "Work"), "is not a Maildir: .* set path"),
    ],
)
def test_a_path_that_is_no_maildir_is_refused_with_what_to_do(
    tmp_path: Path, prepare: Callable[[Path], None], what: str
) -> None:
    path = tmp_path / "Mail"
    prepare(path)
    with pytest.raises(MailboxError, match=what) as error, open_maildir(path, now=wall_clock):
        pass
    assert str(path) in str(error.value)
    with pytest.raises(MailboxError), watch_maildir(path):
        pass


def test_a_disk_that_is_no_longer_mounted_is_an_error_and_not_an_empty_mailbox(
    maildir: MaildirBench,
) -> None:
    with maildir.open() as mailbox:
        maildir.root.rename(maildir.root.with_name("gone"))
        with pytest.raises(MailboxError, match="there is nothing there"):
            list(mailbox.slices("INBOX", None, SINCE))
        with pytest.raises(MailboxError, match="there is nothing there"):
            list(mailbox.fetch([Locator("INBOX/x")]))


@given(st.text(st.characters(codec="utf-8")))
def test_every_name_survives_modified_utf_7(name: str) -> None:
    raw = encode_name(name)
    assert raw.isascii()
    if name.isprintable():
        assert decode_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Entw&APw-rfe", "Entwürfe"),
        ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),  # RFC 3501 §5.1.3
        ("R&-D", "R&D"),
        ("R&D", "R&D"),
        ("R&D-Team", "R&D-Team"),
        ("Grüße", "Grüße"),
        ("&AAA", "&AAA"),
        ("&2AA-", "&2AA-"),
        (os.fsdecode(b"caf\xe9"), "caf\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_name_that_is_not_modified_utf_7_stays_as_it_is(raw: str, name: str) -> None:
    assert decode_name(raw) == name


# ---------------------------------------------------------------- making folders


def test_a_folder_is_made_in_the_layout_that_is_there(tmp_path: Path) -> None:
    first, second = tmp_path / "dovecot", tmp_path / "mbsync"
    for name in ("INBOX", "Drafts", "inboxbot/Not a rejection", "Entwürfe"):
        create_folder(first, name)
    make(second, "INBOX")
    for name in ("INBOX", "Drafts", "inboxbot/Not a rejection", "Entwürfe"):
        create_folder(second, name)
    names = {"INBOX", "Drafts", "inboxbot/Not a rejection", "Entwürfe"}
    assert set(layout(first)) == set(layout(second)) == names
    assert (first / ".inboxbot.Not a rejection/new").is_dir()
    assert (second / "inboxbot/Not a rejection/new").is_dir()
    assert (first / ".Entw&APw-rfe").is_dir()
    assert {path.stat().st_mode & 0o777 for path in first.rglob("*")} == {0o700}


@pytest.mark.parametrize("name", ["", "..", "a/../b", "/a", "a/", "a\nb", "a.b", "a\0b"])
def test_a_name_that_leads_out_of_the_mailbox_is_refused(tmp_path: Path, name: str) -> None:
    make(tmp_path, "")
    with pytest.raises(InputError):
        create_folder(tmp_path, name)


def test_a_mail_is_deposited_with_its_time_and_flags(tmp_path: Path) -> None:
    create_folder(tmp_path, "INBOX")
    file = deposit(
        tmp_path, "INBOX", letter("one").data, name="one", flags="RS", received=SINCE
    )  # fmt: skip
    assert file.stat().st_mode & 0o777 == 0o600
    (mail,) = opened(tmp_path).fetch([only_place(opened(tmp_path))])
    assert mail.received == SINCE
    assert mail.flags == {"\\Answered", "\\Seen"}
    with pytest.raises(FolderMissing):
        deposit(tmp_path, "Drafts", b"", name="two", received=SINCE)


# ---------------------------------------------------------------- what is new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("new/1.x.host", "cur/1.x.host:2,"),
        ("new/1.x.host", "cur/1.x.host:2,S"),
        ("cur/1.x.host:2,", "cur/1.x.host,U=7:2,S"),  # mbsync numbers what was laid here
        ("cur/1.x.host,U=7:2,", "cur/1.x.host,U=9:2,"),
        ("cur/1_0.2.host:2,", "cur/1_0.2.host,U=5,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S"),
        ("cur/1.x.host,S=3:2,", "cur/1.x.host,S=33,W=35:2,"),  # Dovecot corrects a size
        ("new/1.x.host", "cur/1.x.host!2,S"),
        ("new/1.x.host", "cur/1.x.host;2,S"),
        ("cur/1.x.host:2,Sa", "cur/1.x.host:2,Sab"),  # Dovecot's keywords
    ],
)
def test_a_file_that_programs_rename_is_no_new_mail(
    maildir: MaildirBench, before: str, after: str
) -> None:
    (maildir.root / before).write_bytes(letter("one").data)
    with maildir.open() as mailbox:
        found, cursor = new(mailbox, None)
        place = only_place(mailbox)
        (maildir.root / before).rename(maildir.root / after)
        again, _ = new(mailbox, cursor)
        assert (found, again) == (["one"], [])
        assert [mail.locator for mail in mailbox.fetch([place])] == [place]


def test_names_that_only_look_alike_are_two_mails(maildir: MaildirBench) -> None:
    for name in ("1.x.host,A=1:2,", "1.x.host,A=2:2,", "1.x.host:2,"):
        (maildir.root / "cur" / name).write_bytes(letter("one").data)
    with maildir.open() as mailbox:
        assert len(new(mailbox, None)[0]) == 3


def test_a_mail_that_a_look_misses_and_the_next_finds_is_not_new(maildir: MaildirBench) -> None:
    maildir.arrive(letter("one"), letter("two"))
    hidden = maildir.root / "hidden"
    with maildir.open() as mailbox:
        _, cursor = new(mailbox, None)
        file = maildir.file("one")
        file.rename(hidden)  # as readdir hides a file that is being renamed
        _, cursor = new(mailbox, cursor)
        hidden.rename(file)
        found, cursor = new(mailbox, cursor)
        assert found == []
        assert new(mailbox, cursor)[0] == []


def test_an_empty_folder_makes_nothing_forgotten(maildir: MaildirBench) -> None:
    maildir.arrive(letter("one"), letter("two"))
    with maildir.open() as mailbox:
        _, cursor = new(mailbox, None)
        (maildir.root / "new").rename(maildir.root / "away")
        for _ in range(3):
            _, cursor = new(mailbox, cursor)
        (maildir.root / "away").rename(maildir.root / "new")
        assert new(mailbox, cursor)[0] == []


def test_a_look_at_what_did_not_change_leaves_the_cursor_as_it_is(maildir: MaildirBench) -> None:
    maildir.arrive(*(letter(f"n{number}", days_ago=9 - number / 50) for number in range(450)))
    with maildir.open() as mailbox:
        _, cursor = new(mailbox, None)
        assert new(mailbox, cursor)[1] == cursor


def test_a_cursor_does_not_grow_with_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maildir_cursor, "ALL_HELD", 100)
    folder = Folder(days_ago=range(1000, 0, -1))
    (*_, last) = folder.look(None)
    assert len(last.cursor) < 1000
    assert folder.look(last.cursor) == folder.nothing(last)


def test_in_a_large_folder_a_mail_of_the_newest_weeks_is_found_and_an_older_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(maildir_cursor, "ALL_HELD", 100)
    folder = Folder(days_ago=range(1000, 0, -1))
    (*_, last) = folder.look(None)
    folder.add("in time", days_ago=40)
    folder.add("too old", days_ago=60)
    (found,) = folder.look(last.cursor)
    assert [entry.identity for entry in found.entries] == ["in time"]
    assert folder.look(found.cursor) == folder.nothing(found)


def test_a_folder_that_becomes_large_and_small_again_makes_nothing_new_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(maildir_cursor, "ALL_HELD", 100)
    folder = Folder(days_ago=range(95, 0, -1))
    cursor = folder.look(None)[-1].cursor
    for number in range(10):
        folder.add(f"n{number}", days_ago=0)
        (run,) = folder.look(cursor)
        assert [entry.identity for entry in run.entries] == [f"n{number}"]
        cursor = run.cursor
    for _ in range(10):
        del folder.entries[0]
        (run,) = folder.look(cursor)
        assert run.entries == []
        cursor = run.cursor


@pytest.mark.parametrize("held", [10, 100_000])
def test_a_long_look_that_stops_after_any_slice_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(maildir_cursor, "ALL_HELD", held)
    monkeypatch.setattr(maildir_cursor, "SLICE_MESSAGES", 7)
    folder = Folder(days_ago=[50, *[40] * 30, *[3] * 30, 1, 0])
    runs = folder.look(None, since=EPOCH)
    for stop in range(len(runs)):
        seen = [entry for run in runs[: stop + 1] for entry in run.entries]
        rest = [entry for run in folder.look(runs[stop].cursor) for entry in run.entries]
        assert seen + rest == folder.entries


@pytest.mark.threat("D26")
def test_a_mail_dated_in_the_future_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maildir_cursor, "ALL_HELD", 1)
    folder = Folder(days_ago=[3, 2, -30_000])
    cursor = folder.look(None)[-1].cursor
    folder.add("now", days_ago=0)
    (run,) = folder.look(cursor)
    assert [entry.identity for entry in run.entries] == ["now"]


@pytest.mark.threat("D26")
def test_a_window_made_under_a_wrong_clock_is_void(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maildir_cursor, "ALL_HELD", 1)
    folder = Folder(days_ago=[-3650, -3650])
    cursor = folder.look(None, now=NOW + timedelta(days=3651))[-1].cursor
    folder.add("now", days_ago=0)
    runs = folder.look(cursor)
    assert all(run.restarted for run in runs)
    assert "now" in [entry.identity for run in runs for entry in run.entries]


class Folder:
    """A folder as a listing, for the cursor alone."""

    def __init__(self, days_ago: list[int] | range) -> None:
        self.entries: list[Entry] = []
        for number, days in enumerate(days_ago):
            self.add(f"{number:05}", days_ago=days)

    def add(self, identity: str, *, days_ago: int) -> None:
        arrived = int((NOW - timedelta(days=days_ago)).timestamp()) * 10**9
        self.entries.append(Entry(arrived, identity, identity, "cur"))
        self.entries.sort()

    def look(
        self, cursor: Cursor | None, *, since: datetime = SINCE, now: datetime = NOW
    ) -> list[maildir_cursor.Run]:
        return list(maildir_cursor.runs(self.entries, cursor, since=since, now=now))

    def nothing(self, before: maildir_cursor.Run) -> list[maildir_cursor.Run]:
        return [maildir_cursor.Run([], before.cursor, 0, restarted=False)]


# ---------------------------------------------------------------- reading


@pytest.mark.threat("D20")
def test_what_is_no_regular_file_is_passed_over(maildir: MaildirBench) -> None:
    cur = maildir.root / "cur"
    secret = maildir.root / "secret"
    secret.write_bytes(letter("secret").data)
    (cur / "1.link.host:2,").symlink_to(secret)
    (cur / "1.directory.host:2,").mkdir()
    os.mkfifo(cur / "1.fifo.host:2,")
    (cur / ".hidden").write_bytes(letter("hidden").data)
    maildir.arrive(letter("one"))
    named = [Locator(f"INBOX/1.{kind}.host") for kind in ("link", "directory", "fifo")]
    with maildir.open() as mailbox:
        assert new(mailbox, None)[0] == ["one"]
        assert list(mailbox.fetch([*named, Locator("INBOX/.hidden")])) == []
        assert mailbox.find("INBOX", KEY) == ()


@pytest.mark.threat("D20")
def test_a_mail_that_becomes_a_link_after_it_was_listed_is_not_followed(
    maildir: MaildirBench,
) -> None:
    maildir.arrive(letter("one"))
    secret = maildir.root / "secret"
    secret.write_bytes(letter("secret").data)
    with maildir.open() as mailbox:
        place = only_place(mailbox)
        file = maildir.file("one")
        file.unlink()
        file.symlink_to(secret)
        assert list(mailbox.fetch([place])) == []


def test_reading_opens_nothing_for_writing_and_moves_nothing(maildir: MaildirBench) -> None:
    maildir.arrive(letter("one"), letter("two", flags=("\\Seen",)))
    before = {path: path.lstat().st_ctime_ns for path in maildir.root.rglob("*")}
    with maildir.open() as mailbox:
        new(mailbox, None)
        mailbox.find("INBOX", KEY, mailbox.mark("INBOX"))
    assert {path: path.lstat().st_ctime_ns for path in maildir.root.rglob("*")} == before


def test_a_mail_whose_flags_change_before_each_fetch_is_found(maildir: MaildirBench) -> None:
    maildir.arrive(letter("one"), letter("two"))
    with maildir.open() as mailbox:
        (part,) = mailbox.slices("INBOX", None, SINCE)
        for flags in (["\\Seen"], [], ["\\Seen", "\\Flagged"]):
            maildir.set_flags("two", flags)
            mails = list(mailbox.fetch(part.locators))
            assert [name_of(mail.data) for mail in mails] == ["one", "two"]
            assert mails[1].flags == set(flags)


def test_a_file_that_cannot_be_read_comes_empty_and_stops_nothing(
    maildir: MaildirBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    maildir.arrive(letter("one"), letter("two"))
    broken, really_open = maildir.file("one"), os.open

    def failing(path: os.PathLike[str], flags: int, *mode: int) -> int:
        if Path(path) == broken:
            raise OSError(errno.EIO, "Input/output error")
        return really_open(path, flags, *mode)

    monkeypatch.setattr(os, "open", failing)
    with maildir.open() as mailbox:
        (part,) = mailbox.slices("INBOX", None, SINCE)
        mails = list(mailbox.fetch(part.locators))
        assert mailbox.find("INBOX", KEY) == ()
    assert [(mail.data == b"", mail.cut) for mail in mails] == [(True, True), (False, False)]


def test_names_that_are_no_text_are_read(maildir: MaildirBench) -> None:
    name = os.fsdecode(b"1.caf\xe9 %41+x.host:2,S")
    (maildir.root / "cur" / name).write_bytes(letter("one").data)
    with maildir.open() as mailbox:
        (part,) = mailbox.slices("INBOX", None, SINCE)
        assert all(locator.isprintable() for locator in part.locators)
        assert new(mailbox, None)[0] == ["one"]


def test_an_archive_that_lost_its_empty_directories_is_read_and_written(
    maildir: MaildirBench,
) -> None:
    maildir.arrive(letter("one", flags=("\\Seen",)))
    for part in ("new", "tmp"):
        (maildir.root / part).rmdir()
        (maildir.directory("Drafts") / part).rmdir()
    with maildir.open() as mailbox:
        assert new(mailbox, None)[0] == ["one"]
        mailbox.save_draft(DRAFT, KEY)
        mailbox.deliver(DRAFT, KEY)
        assert len(mailbox.find("INBOX", KEY)) == len(mailbox.find("Drafts", KEY)) == 1


@pytest.mark.parametrize("time", [-(10**9), 0, 10**11])
def test_a_file_with_an_absurd_time_is_read(maildir: MaildirBench, time: int) -> None:
    file = maildir.root / "cur/1.x.host:2,"
    file.write_bytes(letter("one").data)
    os.utime(file, (time, time))
    with maildir.open() as mailbox:
        (mail,) = mailbox.fetch([Locator("INBOX/1.x.host")])
        assert mail.received.tzinfo is UTC


def test_headers_are_read_from_a_mail_with_a_bounded_share_of_it(maildir: MaildirBench) -> None:
    fields = [f"X-{number}: {'x' * 900}" for number in range(600)]
    maildir.arrive(letter("one", fields=fields))
    with maildir.open() as mailbox:
        (mail,) = mailbox.fetch([only_place(mailbox)], Part.HEADERS)
    assert mail.cut
    assert len(mail.data) == 1 << 18


# ---------------------------------------------------------------- writing


def test_a_draft_is_a_private_file_with_its_key_and_flags_in_its_name(
    maildir: MaildirBench,
) -> None:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    with open_maildir(maildir.root, now=lambda: now) as mailbox:
        place = mailbox.save_draft(DRAFT, KEY)
        mailbox.deliver(DRAFT, KEY)
        assert place is not None
        assert [mail.received for mail in mailbox.fetch([place])] == [now]
    (file,) = maildir.files("Drafts")
    second = int(now.timestamp())
    assert file == maildir.directory("Drafts") / "cur" / f"{second}.{KEY}.inboxbot:2,DS"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes() == DRAFT.replace(b"\r\n", b"\n")
    (delivered,) = maildir.files("INBOX")
    assert delivered == maildir.root / "new" / f"{second}.{KEY}.inboxbot"


def test_a_second_write_in_one_second_takes_another_name(maildir: MaildirBench) -> None:
    with open_maildir(maildir.root, now=lambda: NOW) as mailbox:
        places = {mailbox.save_draft(DRAFT, KEY) for _ in range(3)}
        assert len(places) == 3
        assert set(mailbox.find("Drafts", KEY)) == places


def test_a_draft_that_mbsync_has_numbered_is_found_and_moved_without_its_number(
    maildir: MaildirBench,
) -> None:
    with maildir.open() as mailbox:
        place = mailbox.save_draft(b"no header\n", KEY)
        assert place is not None
        (file,) = maildir.files("Drafts")
        file.rename(file.with_name(file.name.replace(":2,DS", ",U=12:2,DFS")))
        assert mailbox.find("Drafts", KEY) == (place,)
        assert mailbox.withdraw(place)
    (file,) = maildir.files("Trash")
    assert file.name.endswith(f".{KEY}.inboxbot:2,DFS")


def test_without_trash_a_draft_gets_the_flag_of_it_once(maildir: MaildirBench) -> None:
    maildir.delete_folder("Trash")
    with maildir.open() as mailbox:
        place = mailbox.save_draft(DRAFT, KEY)
        assert place is not None
        assert mailbox.withdraw(place) is True
        assert mailbox.withdraw(place) is False
    (file,) = maildir.files("Drafts")
    assert file.name.endswith(":2,DST")


def test_a_mail_written_before_the_mark_but_moved_in_behind_it_is_found(
    maildir: MaildirBench,
) -> None:
    maildir.arrive(letter(KEY, days_ago=90), folder="Sent")
    with maildir.open() as mailbox:
        mark = mailbox.mark("Drafts")
        maildir.move(KEY, "Drafts", folder="Sent")
        assert len(mailbox.find("Drafts", KEY, mark)) == 1


def test_what_a_killed_write_left_is_removed_by_the_next_and_others_stay(
    maildir: MaildirBench,
) -> None:
    tmp = maildir.directory("Drafts") / "tmp"
    (tmp / f"1.{KEY}.inboxbot").write_bytes(b"half")
    (tmp / "1.other.host").write_bytes(b"another program's")
    with maildir.open() as mailbox:
        mailbox.save_draft(DRAFT, KEY)
    assert [path.name for path in tmp.iterdir()] == ["1.other.host"]


@pytest.mark.parametrize("key", ["", "../x", "a*", "a/b", "a\0b"])
def test_a_key_that_is_not_of_our_making_becomes_no_file_name(
    maildir: MaildirBench, key: str
) -> None:
    with maildir.open() as mailbox, pytest.raises(ValueError, match=f"^{re.escape(key)}$"):
        mailbox.save_draft(DRAFT, Key(key))


@pytest.fixture(params=["write", "fsync", "rename"])
def failing_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let one step of a write fail as a full disk does."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    match request.param:
        case "write":
            monkeypatch.setattr("os.utime", fail)
        case "fsync":
            monkeypatch.setattr("os.fsync", fail)
        case _:
            monkeypatch.setattr(Path, "rename", fail)
    return errno.ENOSPC


@pytest.mark.usefixtures("failing_disk")
def test_a_full_disk_is_told_and_leaves_no_half_mail(
    maildir: MaildirBench, request: pytest.FixtureRequest
) -> None:
    with maildir.open() as mailbox:
        with pytest.raises(MailboxError, match=r"'Drafts'.*the disk is full; make room"):
            mailbox.save_draft(DRAFT, KEY)
        with pytest.raises(MailboxError, match=r"'INBOX'.*the disk is full; make room"):
            mailbox.deliver(DRAFT, KEY)
    left = [path for path in maildir.root.rglob("tmp/*") if path.is_file()]
    assert left == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(
    maildir: MaildirBench, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    really_open = os.open

    def failing(path: os.PathLike[str], flags: int, *mode: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(code, os.strerror(code))
        return really_open(path, flags, *mode)

    monkeypatch.setattr(os, "open", failing)
    with maildir.open() as mailbox, pytest.raises(MailboxError, match=r"'Drafts'.*; \w+") as error:
        mailbox.save_draft(DRAFT, KEY)
    assert str(maildir.directory("Drafts")) in str(error.value)
    assert list(maildir.files("Drafts")) == []


def test_a_folder_that_is_not_ours_is_told(
    maildir: MaildirBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_scan = os.scandir

    def failing(path: os.PathLike[str]) -> object:
        # Root, as whom tests may run, may read everything.
        if Path(path).name == "cur":
            raise PermissionError(errno.EACCES, "Permission denied")
        return really_scan(path)

    monkeypatch.setattr(os, "scandir", failing)
    with maildir.open() as mailbox, pytest.raises(MailboxError, match=r"'INBOX'.*no permission"):
        list(mailbox.slices("INBOX", None, SINCE))


def test_a_directory_beside_the_folders_that_is_not_ours_is_passed_over(
    maildir: MaildirBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (maildir.root / "lost+found").mkdir()
    really_scan = os.scandir

    def failing(path: os.PathLike[str]) -> object:
        if Path(path).name == "lost+found":
            raise PermissionError(errno.EACCES, "Permission denied")
        return really_scan(path)

    monkeypatch.setattr(os, "scandir", failing)
    with maildir.open() as mailbox:
        assert mailbox.folders().others == ()


def test_a_draft_that_is_renamed_while_it_is_taken_back_goes_to_trash_all_the_same(
    maildir: MaildirBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with maildir.open() as mailbox:
        place = mailbox.save_draft(DRAFT, KEY)
        assert place is not None
        really_rename = Path.rename
        monkeypatch.setattr(Path, "rename", _first_lost(maildir, really_rename))
        assert mailbox.withdraw(place)
    (file,) = maildir.files("Trash")
    assert file.name.endswith(":2,DFS")
    assert list(maildir.files("Drafts")) == []


def _first_lost(
    maildir: MaildirBench, really: Callable[[Path, Path], Path]
) -> Callable[[Path, Path], Path]:
    """Return a rename before whose first call another program flags the file."""
    calls: Iterator[bool] = iter([True])

    def rename(path: Path, target: Path) -> Path:
        if next(calls, False):
            (file,) = maildir.files("Drafts")
            really(file, file.with_name(file.name.replace(":2,DS", ":2,DFS")))
        return really(path, target)

    return rename


@given(st.text(st.characters(codec="utf-8", exclude_characters="/\0")))
def test_every_file_name_has_an_identity_that_flags_do_not_change(name: str) -> None:
    identity = identity_of(name)
    assert identity_of(identity) == identity
    assert identity_of(f"{identity}:2,DFRST") == identity


# ---------------------------------------------------------------- watching


def test_a_watch_ends_without_news_when_its_time_is_over(maildir: MaildirBench) -> None:
    with watch_maildir(maildir.root) as watcher:
        assert watcher.wait(0) is False
        assert watcher.wait(0.01) is False


@pytest.mark.parametrize("flags", [(), ("\\Seen",)])
def test_a_watch_tells_of_a_mail_that_came_before_it_waited_once(
    maildir: MaildirBench, flags: tuple[str, ...]
) -> None:
    _settle(maildir.root)
    with watch_maildir(maildir.root) as watcher:
        maildir.arrive(letter("one", flags=flags))
        assert watcher.wait(5) is True
        assert watcher.wait(0.01) is False


def test_a_watch_wakes_when_a_mail_comes(plain_maildir: MaildirBench) -> None:
    _settle(plain_maildir.root / "INBOX")
    with watch_maildir(plain_maildir.root) as watcher:
        thread = threading.Timer(0.1, plain_maildir.arrive, [letter("one")])
        thread.start()
        assert watcher.wait(10) is True
        thread.join()


def test_a_watch_of_an_inbox_that_vanishes_tells_once(maildir: MaildirBench) -> None:
    with watch_maildir(maildir.root) as watcher:
        maildir.root.rename(maildir.root.with_name("gone"))
        assert watcher.wait(5) is True
        assert watcher.wait(0.01) is False


def _settle(inbox: Path) -> None:
    """Date directories back: two changes in one tick of the kernel have one time."""
    for part in ("new", "cur"):
        os.utime(inbox / part, (1, 1))


# ---------------------------------------------------------------- beside Dovecot


def test_dovecot_and_we_see_the_same_in_one_maildir(
    dovecot: Dovecot, account: Account, imap: IMAPClient
) -> None:
    # It lists folders of its configuration that it makes on the disk when somebody opens them.
    for folder in ("Drafts", "Trash", "Bewerbungen/Zürich & Köln"):
        dovecot._maildir(account, folder)
    root = dovecot._maildir(account, "INBOX")
    imap.append("INBOX", letter("one").data, ["\\Seen"], SINCE)
    imap.append("Bewerbungen/Zürich & Köln", letter("two").data)
    with open_maildir(root, now=wall_clock) as mailbox:
        found = mailbox.folders()
        assert (found.drafts, found.trash) == ("Drafts", "Trash")
        assert new(mailbox, None, "Bewerbungen/Zürich & Köln")[0] == ["two"]
        (mail,) = mailbox.fetch([only_place(mailbox)])
        assert mail.received == SINCE
        assert mail.flags == {"\\Seen"}
        _, cursor = new(mailbox, None)
        imap.select_folder("INBOX")
        imap.set_flags(imap.search("ALL"), ["\\Seen", "\\Flagged"])
        assert new(mailbox, cursor)[0] == []
        place = mailbox.save_draft(DRAFT, KEY)
        mailbox.deliver(DRAFT, KEY)
        assert place is not None
        dovecot._server.owner.own(*root.rglob("*.inboxbot*"))
        imap.select_folder("INBOX")
        assert len(imap.search("UNSEEN")) == 1
        imap.select_folder("Drafts")
        (uid,) = imap.search("ALL")
        told = imap.fetch([uid], ["FLAGS", "BODY.PEEK[]"])[uid]
        assert {b"\\Draft", b"\\Seen"} <= set(told[b"FLAGS"])
        assert told[b"BODY[]"] == DRAFT
        imap.set_flags([uid], ["\\Draft", "\\Seen", "\\Flagged"])
        assert mailbox.find("Drafts", KEY) == (place,)
        assert mailbox.withdraw(place)
        imap.noop()
        assert imap.search("ALL") == []
        imap.select_folder("Trash")
        assert len(imap.search("FLAGGED")) == 1
