"""What `scan` reads: .eml files, directories of them, mbox and Maildir."""

import os
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inboxbot.errors import InputError
from inboxbot.mailbox.mbox import Source, sources
from tests.mailbox.benches import NOW, MaildirBench, letter, name_of

DATE = "Date: Mon, 16 Nov 2026 10:00:00 +0100"
MAIL = letter("one", fields=[DATE]).data.replace(b"\r\n", b"\n")


def read(*paths: Path) -> list[Source]:
    return list(sources(paths))


def names(found: list[Source]) -> list[str]:
    return [name_of(source.mail.data) if source.mail else f"! {source.error}" for source in found]


def body(source: Source) -> bytes:
    assert source.mail is not None
    return source.mail.data.replace(b"\r\n", b"\n").partition(b"\n\n")[2]


def mbox(path: Path, *parts: str, end: str = "\n") -> Path:
    path.write_bytes("".join(parts).replace("\n", end).encode())
    return path


def part(name: str, text: str = "Hello.", date: str = "Mon Nov 16 10:00:00 2026") -> str:
    return f"From jo@corp.example {date}\nMessage-ID: <{name}@corp.example>\n\n{text}\n\n"


# ---------------------------------------------------------------- .eml


def test_a_file_is_a_mail_alone(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(MAIL)
    (source,) = read(path)
    assert (source.name, source.locator, source.context) == (str(path), str(path), False)
    assert source.error is None
    assert source.mail is not None
    assert source.mail.data == MAIL
    assert not source.mail.cut


def test_a_mail_that_was_saved_with_its_from_line_is_one_mail(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(b"From jo@corp.example Mon Nov 16 10:00:00 2026\n" + MAIL)
    (source,) = read(path)
    assert source.name == str(path)
    assert source.mail is not None
    assert source.mail.data == MAIL


@pytest.mark.parametrize(
    ("fields", "received"),
    [
        (
            ["Received: by mx; Mon, 16 Nov 2026 12:00:05 +0100", "Received: by a;", DATE],
            datetime(2026, 11, 16, 11, 0, 5, tzinfo=UTC),
        ),
        (
            ["Received: from a by b\r\n\twith SMTP;\r\n\tMon, 16 Nov 2026 12:00:05 -0000", DATE],
            datetime(2026, 11, 16, 12, 0, 5, tzinfo=UTC),
        ),
        (["Received: by mx", DATE], datetime(2026, 11, 16, 9, 0, tzinfo=UTC)),
        (["Received: by mx; yesterday", DATE], datetime(2026, 11, 16, 9, 0, tzinfo=UTC)),
        ([DATE], datetime(2026, 11, 16, 9, 0, tzinfo=UTC)),
        (["Date: 32 Foo 99999"], NOW),
        (["Date: Mon, 16 Nov 9999 10:00:00 +0000"], NOW),
        (["Date: Mon, 16 Nov 2026 10:00:00 +999999"], NOW),
        (["Date: =?utf-8?q?=00?="], NOW),
        ([], NOW),
    ],
)
def test_a_mail_arrived_when_its_last_server_says_else_at_its_date_else_at_that_of_the_file(
    tmp_path: Path, fields: list[str], received: datetime
) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(letter("one", fields=fields).data)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    (source,) = read(path)
    assert source.mail is not None
    assert source.mail.received == received


def test_a_mail_over_one_mib_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(MAIL + b"x" * (1 << 20))
    (source,) = read(path)
    assert source.mail is not None
    assert source.mail.cut
    assert len(source.mail.data) == 1 << 20


# ---------------------------------------------------------------- what cannot be read


def test_a_path_that_is_not_there_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(MAIL)
    with pytest.raises(InputError, match="nowhere"):
        sources([path, tmp_path / "nowhere"])


@pytest.mark.timeout(10)
def test_what_cannot_be_read_is_a_value_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "1.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "2.eml").touch()
    os.mkfifo(tmp_path / "3.eml")
    (tmp_path / "4.eml").write_bytes(MAIL)
    found = read(tmp_path)
    assert names(found) == [
        "! is not a regular file",
        "! is empty",
        "! is not a regular file",
        "one",
    ]
    assert [source.name for source in found] == [str(tmp_path / f"{n}.eml") for n in (1, 2, 3, 4)]


def test_a_file_that_the_disk_cannot_give_is_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = mbox(tmp_path / "all.mbox", part("one"))
    really_open = Path.open

    def failing(self: Path, *mode: str) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", failing)
    assert names(read(path)) == ["! cannot be read (Permission denied)"]
    monkeypatch.setattr(Path, "open", really_open)


# ---------------------------------------------------------------- directories


def test_a_directory_gives_its_mails_by_name_and_passes_over_other_files(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.eml").write_bytes(letter(name).data)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d.EML").write_bytes(letter("d").data)
    (tmp_path / "README.md").write_text("From here on: nothing")
    (tmp_path / "train.jsonl").write_text("{}")
    (tmp_path / ".hidden.eml").write_bytes(MAIL)
    (tmp_path / "up").symlink_to(tmp_path)
    mbox(tmp_path / "Inbox", part("e"))  # as Thunderbird names it
    found = read(tmp_path)
    assert names(found) == ["e", "a", "b", "c", "d"]
    assert [source.context for source in found] == [True, False, False, False, False]


def test_an_empty_directory_has_no_mails(tmp_path: Path) -> None:
    assert read(tmp_path) == []


# ---------------------------------------------------------------- mbox


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_mbox_gives_its_mails_numbered_in_their_order(tmp_path: Path, end: str) -> None:
    path = mbox(tmp_path / "all", part("one"), part("two"), part("three"), end=end)
    found = read(path)
    assert names(found) == ["one", "two", "three"]
    assert [source.name for source in found] == [f"{path}#{number}" for number in (1, 2, 3)]
    assert [source.locator for source in found] == [source.name for source in found]
    assert all(source.context for source in found)
    assert body(found[1]).strip() == b"Hello."


def test_quoted_from_lines_are_unquoted(tmp_path: Path) -> None:
    text = ">From me\n>>From you\n> From them\nFrom here on\n\nFrom now on\nx >From y"
    path = mbox(tmp_path / "all.mbox", part("one", text), part("two"))
    found = read(path)
    assert names(found) == ["one", "two"]
    assert body(found[0]) == (
        b"From me\n>From you\n> From them\nFrom here on\n\nFrom now on\nx >From y\n"
    )


def test_mails_without_an_empty_line_between_them_are_told_apart_by_the_date(
    tmp_path: Path,
) -> None:
    path = mbox(tmp_path / "all.mbox", part("one").rstrip("\n") + "\n", part("two"))
    assert names(read(path)) == ["one", "two"]


def test_from_lines_without_a_date_need_an_empty_line_before_them(tmp_path: Path) -> None:
    path = mbox(
        tmp_path / "all.mbox",
        "From nobody\nMessage-ID: <one@x>\n\nHello.\nFrom here on\n\n",
        "From nobody\nMessage-ID: <two@x>\n\nHello.\n",
    )
    assert names(read(path)) == ["one", "two"]


@pytest.mark.parametrize(
    ("date", "received"),
    [
        ("Mon Nov 16 10:00:00 2026", datetime(2026, 11, 16, 10, 0, tzinfo=UTC)),
        ("Mon Nov  2 10:00:00 2026", datetime(2026, 11, 2, 10, 0, tzinfo=UTC)),
        ("Mon Nov 16 10:00:00 +0000 2026", datetime(2026, 11, 16, 10, 0, tzinfo=UTC)),
        ("Mon Nov 16 10:00:00 +0200 2026", datetime(2026, 11, 16, 8, 0, tzinfo=UTC)),
        ("Mon, 16 Nov 2026 10:00:00 -0500", datetime(2026, 11, 16, 15, 0, tzinfo=UTC)),
        ("Mon Foo 99 10:00:00 2026", datetime(2026, 11, 15, 10, 0, tzinfo=UTC)),
        ("", datetime(2026, 11, 15, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_mail_of_an_mbox_arrived_when_its_from_line_says_else_at_its_date(
    tmp_path: Path, date: str, received: datetime
) -> None:
    text = part("one", date=date).replace("\n\n", "\nDate: Sun, 15 Nov 2026 10:00:00 GMT\n\n", 1)
    (source,) = read(mbox(tmp_path / "all.mbox", text))
    assert source.mail is not None
    assert source.mail.received == received


def test_thunderbirds_from_line_has_no_address(tmp_path: Path) -> None:
    text = part("one").replace("From jo@corp.example", "From -")
    (source,) = read(mbox(tmp_path / "Inbox", text))
    assert source.mail is not None
    assert source.mail.received == datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def test_an_mbox_without_mail_and_one_of_odd_mails_are_read(tmp_path: Path) -> None:
    path = mbox(tmp_path / "all.mbox", "\n\n", "From x\n", "\nFrom x\n", "\nFrom x")
    assert [source.mail.data for source in read(path) if source.mail] == [b"", b"", b""]
    assert names(read(mbox(tmp_path / "empty.mbox", "\n"))) == ["! is empty"]


@pytest.mark.threat("D8")
def test_an_mbox_of_any_size_passes_through(tmp_path: Path) -> None:
    path = tmp_path / "Takeout.mbox"
    with path.open("wb") as file:
        for number in range(6):
            file.write(part(f"n{number}").encode())
            file.write(b"A" * 5_000_000)  # one line
            file.write((b"B" * 76 + b"\r\n") * 10_000)
        file.write(part("last").encode())
    tracemalloc.start()
    seen = [(s.mail.cut, len(s.mail.data)) for s in sources([path]) if s.mail]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [cut for cut, _ in seen] == [True] * 6 + [False]
    assert {octets for _, octets in seen[:6]} == {1 << 20}
    assert peak < 8 << 20  # of a file of 35 MB


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([b"From a", b">From b", b">>From c", b"", b"x", b"\r", b"\xff"]))
    )
)
def test_what_was_put_into_an_mbox_comes_out(tmp_path: Path, texts: list[list[bytes]]) -> None:
    path = tmp_path / "all.mbox"
    mails = [b"Subject: x\n\n" + b"".join(line + b"\n" for line in text) for text in texts]
    with path.open("wb") as file:
        for mail in mails:
            quoted = [
                b">" + line if line.lstrip(b">").startswith(b"From ") else line
                for line in mail.splitlines(keepends=True)
            ]
            file.write(b"From x Mon Nov 16 10:00:00 2026\n" + b"".join(quoted) + b"\n")
    found = read(path)
    if mails:
        assert [source.mail.data for source in found if source.mail] == mails


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(), st.sampled_from(["x.eml", "x.mbox", "x"]))
def test_no_octets_make_it_fail(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    for start in (b"", b"From ", b"From x Mon Nov 16 10:00:00 2026\n"):
        path.write_bytes(start + data)
        assert all(source.mail or source.error for source in read(path))


@pytest.mark.threat("D8")
@pytest.mark.parametrize(
    "data",
    [
        b"From " + b"11:11 " * 160_000,
        b"From x 1:11:11 2026\n" + b"Received:" + b"\n " * 500_000,
        b"From x 1:11:11 2026\n" + b"Date: " * 160_000,
        b"\r" * 1_000_000,
        b"From x\n\n" * 50_000,
    ],
    ids=["times", "folds", "dates", "returns", "mails"],
)
@pytest.mark.parametrize("name", ["x.eml", "x.mbox"])
def test_a_mail_that_was_made_to_be_slow_is_read_at_once(
    tmp_path: Path, data: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    start = time.process_time()
    assert read(path)
    assert time.process_time() - start < 2


# ---------------------------------------------------------------- Maildir


@pytest.mark.parametrize("plain", [False, True])
def test_a_maildir_gives_what_came_and_went_in_order_of_arrival(
    tmp_path: Path, *, plain: bool
) -> None:
    bench = MaildirBench(tmp_path / "Mail", plain=plain)
    bench.create_folder("Jobs")
    bench.arrive(letter("first", days_ago=9), letter("last", days_ago=1))
    bench.arrive(letter("answer", days_ago=5, flags=("\\Seen",)), folder="Sent")
    bench.arrive(letter("sorted", days_ago=3), folder="Jobs")
    bench.arrive(letter("draft"), folder="Drafts")
    bench.arrive(letter("thrown away"), folder="Trash")
    found = read(bench.root)
    assert names(found) == ["first", "answer", "sorted", "last"]
    assert all(source.context for source in found)
    assert [source.mail.folder for source in found if source.mail] == [
        "INBOX",
        "Sent",
        "Jobs",
        "INBOX",
    ]
    assert found[1].name == str(bench.file("answer", "Sent"))
    assert found[1].mail is not None
    assert found[1].mail.received == NOW - timedelta(days=5)
    assert found[1].mail.flags == {"\\Seen"}


def test_scanning_a_maildir_changes_nothing(maildir: MaildirBench) -> None:
    maildir.arrive(letter("one"))
    before = {path: path.lstat().st_ctime_ns for path in maildir.root.rglob("*")}
    read(maildir.root)
    assert {path: path.lstat().st_ctime_ns for path in maildir.root.rglob("*")} == before
