"""What every mailbox does: one suite over memory, Maildir in both layouts, IMAP servers, Gmail."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from inboxbot.core.correction import Said
from inboxbot.core.types import EPOCH, Cursor, Key, Locator, Mark, RawMail
from inboxbot.errors import FolderMissing
from inboxbot.ports import Mailbox, Part, Slice
from tests.mailbox.benches import NOW, Arrival, Bench, letter, name_of

SINCE = NOW - timedelta(days=30)
KEY = Key("abcdefghijklmnopqrstuvwxyz234567")
OTHER_KEY = Key("bbcdefghijklmnopqrstuvwxyz234567")
BOUND = 1 << 20  # octets of one mail


def draft(key: Key = KEY, *, body: str = "Thank you for letting me know.") -> bytes:
    lines = (
        "From: Alice <alice@test.example>",
        "To: Jo Park <jo@corp.example>",
        "Subject: Re: Your application",
        f"Message-ID: <{key}@test.example>",
        "In-Reply-To: <rejection@corp.example>",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "",
        body,
        "",
    )
    return "\r\n".join(lines).encode()


def look(
    mailbox: Mailbox,
    cursor: Cursor | None = None,
    *,
    folder: str = "INBOX",
    since: datetime = SINCE,
) -> tuple[list[str], Cursor]:
    """Return the names of what is new, and the cursor behind it."""
    slices = list(mailbox.slices(folder, cursor, since))
    locators = [locator for part in slices for locator in part.locators]
    return names(mailbox, locators), slices[-1].cursor


def names(mailbox: Mailbox, locators: Sequence[Locator]) -> list[str]:
    return [name_of(mail.data) for mail in mailbox.fetch(locators, Part.HEADERS)]


def only(mailbox: Mailbox, folder: str = "INBOX", part: Part = Part.TEXT) -> RawMail:
    """Return the one mail of a folder."""
    (locator,) = locators(mailbox, folder)
    (mail,) = mailbox.fetch([locator], part)
    return mail


def locators(mailbox: Mailbox, folder: str = "INBOX") -> list[Locator]:
    slices = mailbox.slices(folder, None, EPOCH)
    return [locator for part in slices for locator in part.locators]


def lines(data: bytes) -> list[bytes]:
    """Return a mail without what a server may do to its line ends."""
    return data.rstrip().splitlines()


# ---------------------------------------------------------------- folders


def test_the_folders_are_found_by_their_roles(bench: Bench) -> None:
    with bench.open() as mailbox:
        found = mailbox.folders()
    assert (found.inbox, found.drafts, found.sent, found.trash) == (
        "INBOX",
        "Drafts",
        "Sent",
        "Trash",
    )


def test_other_folders_are_listed_by_the_names_that_people_read(bench: Bench) -> None:
    bench.create_folder("Bewerbungen/Zürich & Köln")
    with bench.open() as mailbox:
        assert "Bewerbungen/Zürich & Köln" in mailbox.folders().others


def test_an_archive_by_years_is_found_and_read(bench: Bench) -> None:
    for name in ("Archive/2025", "Archive/2026", "Archive/Taxes"):
        bench.create_folder(name)
    bench.arrive(letter("one"), folder="Archive/2026")
    with bench.open() as mailbox:
        found = mailbox.folders()
        by_year = ("Archive/2026", "Archive/2025")  # at Gmail, All Mail has what they hold
        assert found.archive_years == (() if found.archive == "All Mail" else by_year)
        assert "Archive/Taxes" in found.others
        assert look(mailbox, folder=next(iter(found.archive_years), "All Mail"))[0] == ["one"]


def test_a_folder_with_a_name_in_any_language_is_read(bench: Bench) -> None:
    bench.create_folder("応募/Zürich")
    bench.arrive(letter("one"), folder="応募/Zürich")
    with bench.open() as mailbox:
        assert look(mailbox, folder="応募/Zürich")[0] == ["one"]
        assert only(mailbox, "応募/Zürich").folder == "応募/Zürich"


def test_the_inbox_is_meant_in_any_case(bench: Bench) -> None:
    bench.arrive(letter("one"))
    with bench.open() as mailbox:
        assert look(mailbox, folder="Inbox")[0] == ["one"]


@pytest.mark.threat("D29")
def test_a_mailbox_without_drafts_says_so(bench_of_deletable_folders: Bench) -> None:
    bench = bench_of_deletable_folders
    bench.delete_folder("Drafts")
    with bench.open() as mailbox:
        assert mailbox.folders().drafts is None
        with pytest.raises(FolderMissing, match="create it in the mail client"):
            mailbox.save_draft(draft(), KEY)
        assert mailbox.folders().drafts is None


# ---------------------------------------------------------------- what is new


def test_an_empty_folder_gives_one_slice_with_a_cursor(bench: Bench) -> None:
    with bench.open() as mailbox:
        (part,) = mailbox.slices("INBOX", None, SINCE)
    assert part.locators == ()
    assert part.remaining == 0
    assert part.cursor


def test_what_comes_into_an_empty_folder_is_found(bench: Bench) -> None:
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
        bench.arrive(letter("one"))
        assert look(mailbox, cursor)[0] == ["one"]


def test_a_first_look_goes_back_to_a_date_and_is_oldest_first(bench: Bench) -> None:
    bench.arrive(
        letter("ancient", days_ago=400),
        letter("too old", days_ago=30.05),
        letter("old", days_ago=29.95),
        letter("older", days_ago=12),
        letter("new", days_ago=0.5),
    )
    with bench.open() as mailbox:
        assert look(mailbox)[0] == ["old", "older", "new"]


def test_what_is_older_than_the_first_look_does_not_come_later(bench: Bench) -> None:
    bench.arrive(letter("ancient", days_ago=400), letter("new"))
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
        assert look(mailbox, cursor, since=EPOCH)[0] == []


def test_nothing_is_new_twice(bench: Bench) -> None:
    bench.arrive(letter("one"), letter("two"))
    with bench.open() as mailbox:
        found, cursor = look(mailbox)
        again, cursor = look(mailbox, cursor)
        once_more, _ = look(mailbox, cursor)
    assert (found, again, once_more) == (["one", "two"], [], [])


def test_a_cursor_outlives_the_connection(bench: Bench) -> None:
    bench.arrive(letter("one"))
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
    bench.arrive(letter("two"))
    with bench.open() as mailbox:
        assert look(mailbox, Cursor(str(cursor)))[0] == ["two"]


def test_a_mail_that_comes_between_two_looks_is_found_once(bench: Bench) -> None:
    bench.arrive(letter("one"))
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
        bench.arrive(letter("two", days_ago=0))
        found, cursor = look(mailbox, cursor)
        assert found == ["two"]
        assert look(mailbox, cursor)[0] == []


def test_an_old_mail_that_is_moved_in_is_new(bench: Bench) -> None:
    bench.create_folder("Jobs")
    bench.arrive(letter("one"))
    bench.arrive(letter("old", days_ago=100), folder="Jobs")
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
        bench.move("old", "INBOX", folder="Jobs")
        assert look(mailbox, cursor)[0] == ["old"]


def test_a_change_of_flags_makes_nothing_new(bench: Bench) -> None:
    bench.arrive(letter("one"), letter("two", flags=("\\Seen",)))
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
        bench.set_flags("one", ["\\Seen", "\\Answered"])
        bench.set_flags("two", [])
        assert look(mailbox, cursor)[0] == []


def test_a_thousand_mails_come_in_slices_with_ever_fewer_to_come(bench: Bench) -> None:
    bench.arrive(*(letter(f"n{number:04}", days_ago=20 - number / 100) for number in range(1000)))
    with bench.open() as mailbox:
        slices = list(mailbox.slices("INBOX", None, SINCE))
        sizes = [len(part.locators) for part in slices]
        assert max(sizes) <= 200
        assert sum(sizes) == 1000
        still = [part.remaining for part in slices]
        assert still == [1000 - sum(sizes[: count + 1]) for count in range(len(sizes))]
        assert still[-1] == 0
        found = [locator for part in slices for locator in part.locators]
        assert len(set(found)) == 1000
        assert names(mailbox, found[::100]) == [f"n{number:04}" for number in range(0, 1000, 100)]
        assert look(mailbox, slices[-1].cursor)[0] == []


def test_a_look_that_was_interrupted_goes_on_behind_its_last_slice(bench: Bench) -> None:
    bench.arrive(*(letter(f"n{number:04}", days_ago=9 - number / 100) for number in range(450)))
    with bench.open() as mailbox:
        first = next(iter(mailbox.slices("INBOX", None, SINCE)))
    bench.arrive(letter("late", days_ago=0))
    with bench.open() as mailbox:
        rest, cursor = look(mailbox, first.cursor)
        assert names(mailbox, first.locators) + rest == [
            *(f"n{number:04}" for number in range(450)),
            "late",
        ]
        assert look(mailbox, cursor)[0] == []


def test_a_cursor_that_is_not_ours_starts_anew_and_says_so(bench: Bench) -> None:
    bench.arrive(letter("ancient", days_ago=400), letter("one"))
    with bench.open() as mailbox:
        for text in ("", "{}", "[]", "null", '{"floor": "x"}', "not ours"):
            slices = list(mailbox.slices("INBOX", Cursor(text), SINCE))
            assert all(part.restarted for part in slices)
            assert names(mailbox, slices[0].locators) == ["one"]


def test_a_look_that_goes_on_does_not_say_that_it_starts_anew(bench: Bench) -> None:
    bench.arrive(letter("one"))
    with bench.open() as mailbox:
        (first,) = mailbox.slices("INBOX", None, SINCE)
        (second,) = mailbox.slices("INBOX", first.cursor, SINCE)
    assert not first.restarted
    assert not second.restarted


def test_a_folder_that_is_laid_anew_is_looked_at_since_the_date(bench: Bench) -> None:
    old = [letter(f"n{number}", days_ago=5) for number in range(25)]
    bench.create_folder("Jobs")
    bench.arrive(*old, folder="Jobs")
    with bench.open() as mailbox:
        _, cursor = look(mailbox, folder="Jobs")
    bench.delete_folder("Jobs")
    bench.create_folder("Jobs")
    bench.arrive(letter("ancient", days_ago=400), letter("again"), folder="Jobs")
    with bench.open() as mailbox:
        slices: list[Slice] = list(mailbox.slices("Jobs", cursor, SINCE))
        assert all(part.restarted for part in slices)
        assert names(mailbox, slices[0].locators) == ["again"]


# ---------------------------------------------------------------- reading


def test_a_mail_is_told_with_its_folder_time_and_flags(bench: Bench) -> None:
    bench.arrive(letter("one", days_ago=3, flags=("\\Flagged", "\\Seen")))
    with bench.open() as mailbox:
        mail = only(mailbox)
    assert mail.folder == "INBOX"
    assert mail.received == NOW - timedelta(days=3)
    assert mail.received.utcoffset() == timedelta(0)
    assert mail.flags >= {"\\Flagged", "\\Seen"}
    assert not mail.flags & {"\\Draft", "\\Deleted", "\\Answered"}
    assert not mail.cut


def test_the_text_of_a_mail_is_what_was_put_there(bench: Bench) -> None:
    mail = letter("one", body="Grüße aus Köln\r\n\r\nFrom here on, nothing.\r\n.\r\n")
    bench.arrive(mail)
    with bench.open() as mailbox:
        assert lines(only(mailbox).data) == lines(mail.data)


def test_mails_come_in_the_order_asked_for(bench: Bench) -> None:
    bench.create_folder("Jobs")
    bench.arrive(letter("one"), letter("two"), letter("three"))
    bench.arrive(letter("four"), folder="Jobs")
    with bench.open() as mailbox:
        one, two, three = locators(mailbox)
        (four,) = locators(mailbox, "Jobs")
        assert names(mailbox, [two, four, three, one]) == ["two", "four", "three", "one"]
        assert names(mailbox, []) == []


def test_a_locator_outlives_the_connection_and_a_change_of_flags(bench: Bench) -> None:
    bench.arrive(letter("one"), letter("two"))
    with bench.open() as mailbox:
        found = locators(mailbox)
    bench.set_flags("one", ["\\Seen", "\\Flagged"])
    with bench.open() as mailbox:
        mails = list(mailbox.fetch([Locator(str(locator)) for locator in found]))
    assert [mail.locator for mail in mails] == found
    assert mails[0].flags >= {"\\Seen", "\\Flagged"}


def test_mails_that_have_gone_are_passed_over(bench: Bench) -> None:
    bench.create_folder("Jobs")
    bench.arrive(letter("deleted"), letter("moved"), letter("there"))
    with bench.open() as mailbox:
        found = locators(mailbox)
    bench.remove("deleted")
    bench.move("moved", "Jobs")
    with bench.open() as mailbox:
        assert names(mailbox, found) == ["there"]


@pytest.mark.parametrize("part", Part)
def test_a_mail_that_goes_while_we_look_is_passed_over_or_whole(bench: Bench, part: Part) -> None:
    # A server may go on telling what a session does not know to be gone, or NIL (RFC 2180 §4.1).
    bench.arrive(letter("going"), letter("there"))
    with bench.open() as mailbox:
        found = locators(mailbox)
        bench.remove("going")
        told = [name_of(mail.data) for mail in mailbox.fetch(found, part)]
    assert told in (["there"], ["going", "there"])


def test_mails_of_a_folder_that_has_gone_are_passed_over(bench: Bench) -> None:
    bench.create_folder("Jobs")
    bench.arrive(letter("one"), folder="Jobs")
    bench.arrive(letter("two"))
    with bench.open() as mailbox:
        found = locators(mailbox, "Jobs") + locators(mailbox)
    bench.delete_folder("Jobs")
    with bench.open() as mailbox:
        assert names(mailbox, found) == ["two"]


def test_a_locator_that_is_not_ours_is_passed_over(bench: Bench) -> None:
    bench.arrive(letter("one"))
    strange = [Locator(text) for text in ("", "x", "0;0;", "INBOX/", "INBOX/../../etc/passwd")]
    with bench.open() as mailbox:
        assert names(mailbox, strange) == []


def test_reading_changes_nothing(bench: Bench) -> None:
    bench.arrive(letter("one"), letter("two", flags=("\\Seen",)))
    before = bench.flags()
    with bench.open() as mailbox:
        mailbox.folders()
        found = locators(mailbox)
        assert len(list(mailbox.fetch(found, Part.HEADERS))) == 2
        assert len(list(mailbox.fetch(found, Part.TEXT))) == 2
        mailbox.find("INBOX", KEY, mailbox.mark("INBOX"))
        mailbox.find("INBOX", KEY)
    assert bench.flags() == before
    assert "\\Seen" not in before["one"]


def test_headers_alone_come_without_the_text(bench: Bench) -> None:
    mail = letter("one", fields=["X-Folded: a", "\tb"], body="The text.\r\n\r\nMore.")
    bench.arrive(mail)
    with bench.open() as mailbox:
        data = only(mailbox, part=Part.HEADERS).data
    assert lines(data) == lines(mail.data.partition(b"\r\n\r\n")[0])


@pytest.mark.threat("D8")
def test_an_attachment_of_3_mb_is_not_handed_over_whole(bench: Bench) -> None:
    fields = ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="x"']
    filling = ("A" * 76 + "\r\n") * (3_000_000 // 78)
    body = (
        "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe position is filled.\r\n"
        "--x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{filling}--x--\r\n"
    )
    bench.arrive(letter("one", fields=fields, body=body))
    with bench.open() as mailbox:
        mail = only(mailbox)
    assert len(mail.data) <= BOUND
    text = message_from_bytes(mail.data, policy=policy.default).get_body(("plain",))
    assert text is not None
    assert text.get_content().strip() == "The position is filled."


@pytest.mark.threat("D8")
def test_a_text_of_3_mb_is_cut_and_says_so(bench: Bench) -> None:
    bench.arrive(letter("one", body="The position is filled.\r\n" * 120_000))
    with bench.open() as mailbox:
        mail = only(mailbox)
    assert mail.cut
    assert len(mail.data) <= BOUND
    assert b"The position is filled." in mail.data


def test_a_multipart_that_never_comes_to_its_boundary_keeps_its_text(bench: Bench) -> None:
    fields = ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="x"']
    bench.arrive(letter("one", fields=fields, body="The position is filled."))
    with bench.open() as mailbox:
        assert b"The position is filled." in only(mailbox).data


def test_an_empty_mail_is_handed_over(bench: Bench) -> None:
    bench.arrive(Arrival(name="nothing", data=b"\r\n"))
    with bench.open() as mailbox:
        assert only(mailbox).data.strip() == b""


def test_a_mail_without_a_header_is_handed_over(bench_of_any_mail: Bench) -> None:
    bench = bench_of_any_mail
    bench.arrive(letter("one"))
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
        bench.arrive(Arrival(name="two", data=b"just a line, no header\r\n"))
        (part,) = mailbox.slices("INBOX", cursor, SINCE)
        (mail,) = mailbox.fetch(part.locators)
    assert mail.data.strip() == b"just a line, no header"


# ---------------------------------------------------------------- folders that are gone


def test_a_folder_that_is_not_there_is_missing(bench: Bench) -> None:
    with bench.open() as mailbox:
        with pytest.raises(FolderMissing, match="Jobs"):
            list(mailbox.slices("Jobs", None, SINCE))
        with pytest.raises(FolderMissing, match="Jobs"):
            mailbox.find("Jobs", KEY)
        with pytest.raises(FolderMissing, match="Jobs"):
            mailbox.mark("Jobs")


def test_a_folder_that_vanishes_is_missing_and_the_rest_goes_on(bench: Bench) -> None:
    bench.create_folder("Jobs")
    bench.arrive(letter("one"), folder="Jobs")
    bench.arrive(letter("two"))
    with bench.open() as mailbox:
        _, cursor = look(mailbox, folder="Jobs")
    bench.delete_folder("Jobs")
    with bench.open() as mailbox:
        with pytest.raises(FolderMissing):
            list(mailbox.slices("Jobs", cursor, SINCE))
        assert look(mailbox)[0] == ["two"]


# ---------------------------------------------------------------- drafts


def test_a_saved_draft_waits_in_drafts_as_a_draft_that_was_read(bench: Bench) -> None:
    with bench.open() as mailbox:
        mailbox.save_draft(draft(), KEY)
        mail = only(mailbox, "Drafts")
    assert {"\\Draft", "\\Seen"} <= mail.flags
    assert bench.flags("Drafts") == {KEY: frozenset({"\\Draft", "\\Seen"})}
    assert bench.flags("INBOX") == {}
    assert abs(mail.received - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_saved_draft_is_word_for_word_what_was_written(bench: Bench) -> None:
    text = draft(body="Liebe Jo,\r\n\r\n> From you\r\nFrom me: Grüße\r\n.\r\n..")
    with bench.open() as mailbox:
        mailbox.save_draft(text, KEY)
        kept, written = lines(only(mailbox, "Drafts").data), lines(text)
    # Gmail may lay a header anew, never its fields.
    end = written.index(b"")
    assert sorted(kept[:end]) == sorted(written[:end])
    assert kept[end:] == written[end:]


def test_the_place_that_is_told_for_a_draft_is_its_place(bench: Bench) -> None:
    with bench.open() as mailbox:
        told = mailbox.save_draft(draft(), KEY)
        found = mailbox.find("Drafts", KEY)
        assert told in {None, *found}
        (mail,) = mailbox.fetch(found)
        assert mail.locator == found[0]
        assert name_of(mail.data) == KEY


def test_a_draft_is_found_by_its_key_from_the_mark_before_it_on(bench: Bench) -> None:
    bench.arrive(letter("another", flags=("\\Draft",)), folder="Drafts")
    with bench.open() as mailbox:
        mark = mailbox.mark("Drafts")
        assert mailbox.find("Drafts", KEY, mark) == ()
        mailbox.save_draft(draft(), KEY)
    with bench.open() as mailbox:
        found = mailbox.find("Drafts", KEY, mark)
        assert names(mailbox, found) == [KEY]
        assert mailbox.find("Drafts", KEY) == found
        assert mailbox.find("Drafts", OTHER_KEY, mark) == ()


def test_behind_a_mark_that_is_void_everything_is_searched(bench: Bench) -> None:
    with bench.open() as mailbox:
        mailbox.save_draft(draft(), KEY)
        for text in ("", "{}", "null", '"x"', '"2026-11-16T10:00:00"'):
            assert len(mailbox.find("Drafts", KEY, Mark(text))) == 1


def test_a_draft_that_another_client_wrote_is_found_by_its_message_id(bench: Bench) -> None:
    bench.arrive(letter(KEY, days_ago=100, flags=("\\Seen",)), folder="Sent")
    with bench.open() as mailbox:
        assert names(mailbox, mailbox.find("Sent", KEY)) == [KEY]


def test_a_message_id_on_a_line_of_its_own_is_found(bench: Bench) -> None:
    mail = letter("x")
    folded = f"Message-ID:\r\n <{KEY}@test.example>".encode()
    data = mail.data.replace(b"Message-ID: <x@corp.example>", folded)
    bench.arrive(type(mail)(name=KEY, data=data), folder="Sent")
    with bench.open() as mailbox:
        assert len(mailbox.find("Sent", KEY)) == 1


def test_what_only_mentions_a_key_is_not_found(bench: Bench) -> None:
    bench.arrive(
        letter("one", fields=[f"In-Reply-To: <{KEY}@test.example>"]),
        letter("two", fields=[f"References: <{KEY}@test.example>", f"X-Message-ID: <{KEY}@x>"]),
        letter("three", body=f"Message-ID: <{KEY}@test.example>"),
        letter("four", fields=[f"X-About: {KEY}", f" Message-ID: <{KEY}@test.example>"]),
        letter(KEY[:-1]),
        letter(KEY[1:]),
        letter(OTHER_KEY),
    )
    with bench.open() as mailbox:
        mark = mailbox.mark("INBOX")
        assert mailbox.find("INBOX", KEY) == ()
        assert mailbox.find("INBOX", KEY, mark) == ()
        assert names(mailbox, mailbox.find("INBOX", OTHER_KEY)) == [OTHER_KEY]


def test_two_drafts_of_one_key_are_both_found(bench: Bench) -> None:
    with bench.open() as mailbox:
        mailbox.save_draft(draft(), KEY)
        mailbox.save_draft(draft(), KEY)
        found = mailbox.find("Drafts", KEY)
        assert len(set(found)) == 2
        assert names(mailbox, found) == [KEY, KEY]


def test_a_draft_that_was_edited_is_another_mail(bench: Bench) -> None:
    with bench.open() as mailbox:
        mailbox.save_draft(draft(), KEY)
        (before,) = mailbox.find("Drafts", KEY)
    bench.remove(KEY, "Drafts")
    bench.arrive(letter(KEY, body="Edited.", days_ago=0), folder="Drafts")
    with bench.open() as mailbox:
        assert list(mailbox.fetch([before])) == []
        (after,) = mailbox.find("Drafts", KEY)
        assert after != before


# ---------------------------------------------------------------- taking a draft back


def test_a_draft_is_moved_to_trash_once(bench: Bench) -> None:
    with bench.open() as mailbox:
        mailbox.save_draft(draft(), KEY)
        (place,) = mailbox.find("Drafts", KEY)
        assert mailbox.withdraw(place) is True
        assert mailbox.withdraw(place) is False
        assert mailbox.find("Drafts", KEY) == ()
        assert names(mailbox, mailbox.find("Trash", KEY)) == [KEY]
    assert bench.flags("Drafts") == {}
    assert "\\Seen" in bench.flags("Trash")[KEY]


def test_a_draft_that_the_user_deleted_is_not_taken_back(bench: Bench) -> None:
    with bench.open() as mailbox:
        mailbox.save_draft(draft(), KEY)
        (place,) = mailbox.find("Drafts", KEY)
        bench.remove(KEY, "Drafts")
        assert mailbox.withdraw(place) is False
    assert bench.flags("Trash") == {}


def test_taking_a_draft_back_leaves_the_others(bench: Bench) -> None:
    bench.arrive(
        letter("mine", flags=("\\Draft",)),
        letter("thrown away", flags=("\\Deleted", "\\Draft")),
        folder="Drafts",
    )
    before = bench.flags("Drafts")
    with bench.open() as mailbox:
        mailbox.save_draft(draft(), KEY)
        (place,) = mailbox.find("Drafts", KEY)
        assert mailbox.withdraw(place)
    assert bench.flags("Drafts") == before


def test_a_mail_that_is_no_draft_is_never_taken_away(bench: Bench) -> None:
    bench.arrive(letter("one"))
    with bench.open() as mailbox:
        assert mailbox.withdraw(locators(mailbox)[0]) is False
    assert list(bench.flags()) == ["one"]
    assert bench.flags("Trash") == {}


def test_a_draft_can_be_written_again_after_it_was_taken_back(bench: Bench) -> None:
    with bench.open() as mailbox:
        for _ in range(2):
            mailbox.save_draft(draft(), KEY)
            (place,) = mailbox.find("Drafts", KEY)
            assert mailbox.withdraw(place)
        assert len(mailbox.find("Trash", KEY)) == 2


# ---------------------------------------------------------------- mail to the owner


def test_mail_to_the_owner_arrives_unread(bench: Bench) -> None:
    bench.arrive(letter("one"))
    with bench.open() as mailbox:
        _, cursor = look(mailbox)
        mark = mailbox.mark("INBOX")
        mailbox.deliver(draft(), KEY)
        assert len(mailbox.find("INBOX", KEY, mark)) == 1
        assert look(mailbox, cursor)[0] == [KEY]
    assert bench.flags() == {"one": frozenset(), KEY: frozenset()}
    assert bench.flags("Drafts") == {}


def test_writing_leaves_other_mail_as_it_is(bench: Bench) -> None:
    for folder in ("INBOX", "Drafts", "Sent", "Trash"):
        bench.arrive(
            letter("one"),
            letter("two", flags=("\\Seen", "\\Flagged")),
            letter("thrown away", flags=("\\Deleted",)),
            folder=folder,
        )
    before = {folder: bench.flags(folder) for folder in ("INBOX", "Drafts", "Sent", "Trash")}
    with bench.open() as mailbox:
        mailbox.mark("Drafts")
        mailbox.save_draft(draft(), KEY)
        mailbox.mark("INBOX")
        mailbox.deliver(draft(OTHER_KEY), OTHER_KEY)
    after = {folder: bench.flags(folder) for folder in before}
    assert after["INBOX"].pop(OTHER_KEY) == frozenset()
    assert after["Drafts"].pop(KEY)
    assert after == before


def test_the_folders_for_corrections_are_made_once_and_found(bench: Bench):
    with bench.open() as mailbox:
        assert not mailbox.folders().corrections
        mailbox.create_corrections()
        found = mailbox.folders().corrections
        assert set(found) == set(Said)
        mailbox.create_corrections()
    bench.arrive(letter("wrong"), folder=found[Said.NOT_A_REJECTION])
    with bench.open() as mailbox:
        assert mailbox.folders().corrections == found
        (part,) = mailbox.slices(found[Said.NOT_A_REJECTION], None, EPOCH)
        assert len(part.locators) == 1
