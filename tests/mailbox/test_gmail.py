"""What Gmail alone does: labels, history, threads, quotas, parts, and answers that do not come."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from inboxbot.core.correction import Said
from inboxbot.core.parse import parse
from inboxbot.core.types import EPOCH, Cursor, Key, Locator, RawMail
from inboxbot.errors import LoginRefused, MailboxError, TokenDead
from inboxbot.mailbox.gmail import open_gmail, watch_gmail
from inboxbot.mailbox.gmail_answers import Message, Record, read
from inboxbot.mailbox.gmail_asking import InDoubt
from inboxbot.ports import Mailbox, Part, Slice
from tests.mailbox.gmail_bench import account_of
from tests.mailbox.gmail_session import QUICK, Clock, session, stand_in
from tests.servers.gmail.faults import (
    Garbled,
    Meanwhile,
    Refuse,
    RepeatRecords,
    Silent,
    rate_limited,
    server_error,
    too_many_requests,
    unauthenticated,
)
from tests.servers.gmail.stand_in import GmailStandIn
from tests.servers.gmail.wire import Refused

KEY = Key("abcdefghijklmnopqrstuvwxyz234567")
MONTH = timedelta(days=30)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gmail(clock: Clock) -> Iterator[GmailStandIn]:
    with stand_in(clock) as running:
        yield running


def mail(
    name: str, *, subject: str = "Your application", answers: str = "", text: str = "No."
) -> bytes:
    lines = [
        "From: Jo Park <jo@corp.example>",
        "To: alice@gmail.com",
        f"Subject: {subject}",
        f"Message-ID: <{name}@corp.example>",
        *([f"In-Reply-To: {answers}", f"References: {answers}"] if answers else []),
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()


def draft(
    key: Key = KEY, *, answers: str = "<rejection@corp.example>", text: str = "Why?"
) -> bytes:
    data = mail("x", subject="Re: Your application", answers=answers, text=text)
    data = data.replace(b"<x@corp.example>", f"<{key}@gmail.com>".encode())
    return data.replace(b"To: alice@gmail.com", b"To: jo@corp.example")


def slices(
    mailbox: Mailbox, clock: Clock, cursor: Cursor | None = None, folder: str = "INBOX"
) -> list[Slice]:
    return list(mailbox.slices(folder, cursor, clock.now - MONTH))


def look(
    mailbox: Mailbox, clock: Clock, cursor: Cursor | None = None, folder: str = "INBOX"
) -> tuple[list[str], Cursor]:
    """Return the names of what is new, and the cursor behind it."""
    found = slices(mailbox, clock, cursor, folder)
    locators = [locator for part in found for locator in part.locators]
    return names(mailbox, locators), found[-1].cursor


def names(mailbox: Mailbox, locators: Sequence[Locator]) -> list[str]:
    return [name(raw.data) for raw in mailbox.fetch(locators, Part.HEADERS)]


def name(data: bytes) -> str:
    return str(message_from_bytes(data)["Message-ID"]).strip("<>").partition("@")[0]


def only(mailbox: Mailbox, folder: str = "INBOX") -> RawMail:
    (part,) = mailbox.slices(folder, None, EPOCH)
    (raw,) = mailbox.fetch(part.locators)
    return raw


def queries(gmail: GmailStandIn, call: str) -> list[dict[str, str]]:
    return [dict(one.query) for one in gmail.asked if one.name == call]


def count(gmail: GmailStandIn, call: str) -> int:
    return sum(one.name == call for one in gmail.asked)


# ── labels ──────────────────────────────────────────────────────────────────────────────────────


def test_gmails_own_labels_have_the_names_that_people_know(gmail, clock):
    gmail.as_user.create_label("Jobs/Zürich")
    with session(gmail, clock) as mailbox:
        found = mailbox.folders()
    assert (found.inbox, found.drafts, found.sent, found.trash) == (
        "INBOX", "Drafts", "Sent", "Trash"
    )  # fmt: skip
    assert (found.archive, found.archive_is_all, found.junk) == ("All Mail", False, "Spam")
    assert found.others == ("Jobs/Zürich",)


def test_a_label_of_the_users_never_stands_for_one_of_gmails_own(gmail, clock):
    gmail.as_user.create_label("Drafts")
    gmail.as_user.label(gmail.as_user.receive(mail("labelled")), "Label_1")
    gmail.as_user.write_draft(mail("draft"))
    with session(gmail, clock) as mailbox:
        assert look(mailbox, clock, folder="Drafts")[0] == ["draft"]


def test_a_mail_under_two_labels_lies_in_two_places(gmail, clock):
    gmail.as_user.create_label("Jobs")
    one = gmail.as_user.label(gmail.as_user.receive(mail("one")), "Jobs")
    with session(gmail, clock) as mailbox:
        places = [
            locator
            for folder in ("INBOX", "Jobs")
            for part in slices(mailbox, clock, folder=folder)
            for locator in part.locators
        ]
        assert len(set(places)) == 2
        assert names(mailbox, places) == ["one", "one"]
        gmail.as_user.archive(one)
        assert [raw.folder for raw in mailbox.fetch(places)] == ["Jobs"]
        gmail.as_user.trash(one)
        assert list(mailbox.fetch(places)) == []
        assert look(mailbox, clock, folder="Trash")[0] == ["one"]


def test_all_mail_is_what_lies_in_no_place_of_gmails_own(gmail, clock):
    gmail.as_user.create_label("Jobs")
    gmail.as_user.receive(mail("in the inbox"))
    gmail.as_user.receive(mail("filtered away"), ["UNREAD"])
    gmail.as_user.label(gmail.as_user.receive(mail("filtered to a label"), []), "Jobs")
    gmail.as_user.archive(gmail.as_user.receive(mail("archived")))
    gmail.as_user.receive(mail("spam"), ["SPAM"])
    gmail.as_user.trash(gmail.as_user.receive(mail("thrown away")))
    gmail.as_user.send(mail("sent"))
    gmail.as_user.write_draft(draft())
    with session(gmail, clock) as mailbox:
        found, cursor = look(mailbox, clock, folder="All Mail")
        assert set(found) == {"filtered away", "filtered to a label", "archived"}
        assert look(mailbox, clock, cursor, "All Mail")[0] == []


def test_what_is_archived_later_is_new_in_all_mail_and_nothing_else_is(gmail, clock):
    one, two = gmail.as_user.receive(mail("one")), gmail.as_user.receive(mail("two"))
    spam = gmail.as_user.receive(mail("no spam"), ["SPAM"])
    with session(gmail, clock) as mailbox:
        found, cursor = look(mailbox, clock, folder="All Mail")
        gmail.as_user.archive(one)
        gmail.as_user.read(one)
        gmail.as_user.read(two)
        gmail.as_user.unlabel(spam, "SPAM")
        gmail.as_user.receive(mail("filtered away"), ["UNREAD"])
        gmail.as_user.receive(mail("in the inbox"))
        gmail.as_user.send(mail("sent"))
        later, cursor = look(mailbox, clock, cursor, "All Mail")
        assert (found, later) == ([], ["one", "no spam", "filtered away"])
        gmail.as_user.read(one)
        assert look(mailbox, clock, cursor, "All Mail")[0] == []


def test_a_mail_that_comes_and_is_archived_between_two_looks_is_found_in_all_mail(gmail, clock):
    with session(gmail, clock) as mailbox:
        inbox, everything = (look(mailbox, clock, folder=name)[1] for name in ("INBOX", "All Mail"))
        gmail.as_user.archive(gmail.as_user.receive(mail("one")))
        assert look(mailbox, clock, inbox)[0] == []
        assert look(mailbox, clock, everything, "All Mail")[0] == ["one"]


def test_an_inbox_that_is_emptied_at_once_is_not_read_again_but_for_what_is_recent(gmail, clock):
    old = [gmail.as_user.receive(mail(f"old {number}")) for number in range(210)]
    clock.pass_(days=45)
    recent = gmail.as_user.receive(mail("recent"))
    with session(gmail, clock) as mailbox:
        _, cursor = look(mailbox, clock, folder="All Mail")
        for one in (*old, recent):
            gmail.as_user.archive(one)
        before = count(gmail, "messages.get")
        assert look(mailbox, clock, cursor, "All Mail")[0] == ["recent"]
        assert count(gmail, "messages.get") - before == 2


def test_archived_mail_that_a_search_does_not_know_yet_is_found(clock):
    with stand_in(clock, search_lag=timedelta(minutes=5)) as gmail:
        gmail.as_user.receive(mail("in the inbox"))
        gmail.as_user.receive(mail("filtered away"), ["UNREAD"])
        with session(gmail, clock) as mailbox:
            assert look(mailbox, clock, folder="All Mail")[0] == ["filtered away"]


def test_a_label_for_corrections_that_somebody_makes_meanwhile_will_do(gmail, clock):
    with session(gmail, clock) as mailbox:
        act = Meanwhile(act=lambda: gmail.as_user.create_label("Inboxbot/rejection"))
        gmail.faults.add(act, on="labels.create")
        gmail.faults.add(Silent(after_effect=True), on="labels.create", skip=1)
        mailbox.create_corrections()
        assert set(mailbox.folders().corrections) == set(Said)
    assert len([one for one in gmail.box.labels.by_id if one.startswith("Label_")]) == 2


# ── what is new ─────────────────────────────────────────────────────────────────────────────────


def test_what_a_search_does_not_know_yet_is_found_once(clock):
    with stand_in(clock, search_lag=timedelta(minutes=5)) as gmail:
        gmail.as_user.receive(mail("old", subject="old"))
        clock.pass_(days=40)
        gmail.as_user.receive(mail("one", subject="one"))
        clock.pass_(hours=1)
        for fresh in ("two", "three"):
            gmail.as_user.receive(mail(fresh, subject=fresh))
            clock.pass_(seconds=1)
        with session(gmail, clock) as mailbox:
            found, cursor = look(mailbox, clock)
            assert found == ["one", "two", "three"]
            clock.pass_(minutes=10)
            assert look(mailbox, clock, cursor)[0] == []


def test_a_first_look_into_nothing_but_the_newest_mail_finds_it(clock):
    with stand_in(clock, search_lag=timedelta(minutes=5)) as gmail:
        gmail.as_user.receive(mail("one"))
        with session(gmail, clock) as mailbox:
            assert look(mailbox, clock)[0] == ["one"]


def test_a_lost_history_is_made_good_by_a_search_since_the_last_look(gmail, clock):
    with session(gmail, clock) as mailbox:
        _, cursor = look(mailbox, clock)
        clock.pass_(hours=1)
        gmail.as_user.receive(mail("right after", subject="a"))
        clock.pass_(days=45)  # longer than a first look goes back
        gmail.as_user.receive(mail("just now", subject="b"))
        gmail.history.forget()
    with session(gmail, clock) as mailbox:
        parts = slices(mailbox, clock, cursor)
        assert all(part.restarted for part in parts)
        assert names(mailbox, parts[0].locators) == ["right after", "just now"]
        assert look(mailbox, clock, parts[-1].cursor)[0] == []


def test_a_look_that_was_interrupted_keeps_what_it_had_found_though_the_history_is_lost(
    gmail, clock
):
    for number in range(250):
        gmail.as_user.receive(mail(f"n{number}", subject=str(number)))
        clock.pass_(seconds=1)
    with session(gmail, clock) as mailbox:
        first = next(iter(mailbox.slices("INBOX", None, clock.now - MONTH)))
    gmail.history.forget()
    clock.pass_(minutes=2)
    with session(gmail, clock) as mailbox:
        found = slices(mailbox, clock, first.cursor)
        locators = [locator for part in found for locator in part.locators]
        assert len(set(locators)) == 250
        assert set(names(mailbox, locators[:50])) == {f"n{number}" for number in range(200, 250)}


def test_history_that_repeats_itself_is_told_once(gmail, clock):
    with session(gmail, clock) as mailbox:
        _, cursor = look(mailbox, clock)
        for name_ in ("one", "two"):
            gmail.as_user.receive(mail(name_, subject=name_))
        gmail.faults.add(RepeatRecords(times=3), on="history.list")
        assert look(mailbox, clock, cursor)[0] == ["one", "two"]


def test_history_and_lists_come_in_pages(gmail, clock):
    with session(gmail, clock) as mailbox:
        _, cursor = look(mailbox, clock)
        for number in range(510):
            gmail.as_user.receive(mail(f"n{number}", subject=str(number)))
        found = slices(mailbox, clock, cursor)
        assert [len(part.locators) for part in found] == [200, 200, 110]
        assert count(gmail, "history.list") == 2
        listed = slices(mailbox, clock)
        assert sum(len(part.locators) for part in listed) == 510


def test_a_message_whose_labels_history_leaves_out_may_be_new(gmail):
    record = read(
        {
            "id": "7",
            "messagesAdded": [
                {"message": {"id": "a"}},
                {"message": {"id": "b", "labelIds": ["SENT"]}},
                {"message": {"id": "c", "labelIds": ["INBOX", "UNREAD"]}},
            ],
            "labelsAdded": [
                {"message": {"id": "d", "labelIds": ["INBOX"]}, "labelIds": ["STARRED"]},
                {"message": {"id": "e"}, "labelIds": ["INBOX"]},
            ],
        },
        Record,
    )
    assert record.arrivals("INBOX") == ("a", "c", "e")


def test_mail_that_comes_while_a_first_look_is_made_is_never_lost(gmail, clock):
    gmail.as_user.receive(mail("one", subject="one"))
    late = Meanwhile(act=lambda: gmail.as_user.receive(mail("two", subject="two")))
    gmail.faults.add(late, on="messages.list")
    with session(gmail, clock) as mailbox:
        first, cursor = look(mailbox, clock)
        second, cursor = look(mailbox, clock, cursor)
        assert {*first, *second} == {"one", "two"}
        assert look(mailbox, clock, cursor)[0] == []


def test_a_mail_taken_out_of_spam_is_new(gmail, clock):
    caught = gmail.as_user.receive(mail("caught"), ["SPAM", "UNREAD"])
    with session(gmail, clock) as mailbox:
        found, cursor = look(mailbox, clock)
        assert found == []
        assert look(mailbox, clock, folder="Spam")[0] == ["caught"]
        gmail.box.relabel(caught, ["INBOX"], ["SPAM"])
        assert look(mailbox, clock, cursor)[0] == ["caught"]


# ── what a mail is made of ──────────────────────────────────────────────────────────────────────

PADDING = "A" * 76 + "\r\n"


def large(
    *parts: str, fields: str = "From: Jo Park <jo@corp.example>\r\n", kind: str = "mixed"
) -> bytes:
    """Return a mail of these parts and an attachment of 2 MB."""
    attachment = (
        "Content-Type: application/pdf; name=cv.pdf\r\n"
        "Content-Disposition: attachment; filename=cv.pdf\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{PADDING * 25_000}"
    )
    inside = "".join(f"--outer\r\n{part}\r\n" for part in (*parts, attachment))
    head = (
        f"{fields}Subject: Your application\r\nMessage-ID: <large@corp.example>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=outer\r\n\r\n"
    )
    return f"{head}{inside}--outer--\r\n".encode("latin-1")


PLAIN = (
    "Content-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe, leider nein."
)


@pytest.mark.threat("D8")
def test_a_large_attachment_is_not_downloaded(gmail, clock):
    gmail.as_user.receive(large(PLAIN))
    with session(gmail, clock) as mailbox:
        raw = only(mailbox)
    assert len(raw.data) < 4_000
    assert not raw.cut
    assert raw.received == clock.now
    whole = [one for one in queries(gmail, "messages.get") if one["format"] == "raw"]
    assert [one["fields"] for one in whole] == ["raw"], "only its beginning was read"
    assert count(gmail, "messages.attachments.get") == 0
    text = message_from_bytes(raw.data, policy=policy.default)
    assert isinstance(text, EmailMessage)
    (part,) = [one for one in text.walk() if one.get_content_type() == "text/plain"]
    assert part.get_content().strip() == "Grüße, leider nein."


def test_the_header_of_a_large_mail_is_what_was_sent(gmail, clock):
    name_ = "=?utf-8?q?jo=40corp=2Eexample_=3Cjo=40corp=2Eexample=3E=2C?="
    gmail.as_user.receive(large(PLAIN, fields=f"From: {name_}\r\n <eve@evil.example>\r\n"))
    with session(gmail, clock) as mailbox:
        message = parse(only(mailbox))
    assert [one.addr for one in message.from_] == ["eve@evil.example"]


def test_alternatives_stay_alternatives_and_an_invitation_is_fetched(gmail, clock):
    inner = (
        "Content-Type: multipart/alternative; boundary=inner\r\n\r\n"
        f"--inner\r\n{PLAIN}\r\n"
        "--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Nein</p>\r\n--inner--"
    )
    invitation = (
        'Content-Type: text/calendar; name="invite.ics"; method=REQUEST\r\n'
        "Content-Disposition: attachment; filename=invite.ics\r\n\r\n"
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR"
    )
    gmail.as_user.receive(large(inner, invitation))
    with session(gmail, clock) as mailbox:
        mail_ = message_from_bytes(only(mailbox).data)
    kinds = [part.get_content_type() for part in mail_.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"
    ]  # fmt: skip
    assert b"VCALENDAR" in mail_.get_payload()[1].get_payload(decode=True)
    assert count(gmail, "messages.attachments.get") == 1


def test_a_report_stays_one(gmail, clock):
    status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: failed"
    )
    data = large(PLAIN, status, kind="report; report-type=delivery-status")
    gmail.as_user.receive(data)
    with session(gmail, clock) as mailbox:
        raw = only(mailbox)
    assert b'multipart/report; report-type="delivery-status"' in raw.data
    assert b"Action: failed" in raw.data


@pytest.mark.threat("D8")
def test_a_large_text_alone_is_cut_and_readable(gmail, clock):
    head = "From: Jo <jo@corp.example>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    gmail.as_user.receive((head + "TmVpbi4NCg0K" * 100_000).encode())
    with session(gmail, clock) as mailbox:
        raw = only(mailbox)
    assert raw.cut
    assert parse(raw).text.startswith("Nein.")


@pytest.mark.threat("D8")
def test_a_mail_of_many_parts_within_parts_is_told_as_cut(gmail, clock):
    nested = PLAIN
    for level in range(40):
        nested = (
            f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n"
            f"--b{level}\r\n{nested}\r\n--b{level}--"
        )
    gmail.as_user.receive(large(nested))
    with session(gmail, clock) as mailbox:
        raw = only(mailbox)
    assert (raw.data, raw.cut) == (b"", True)


def test_a_header_that_is_longer_than_expected_is_read_to_its_end(gmail, clock):
    received = "".join(f"Received: from h{n}.example by {'m' * 90}\r\n" for n in range(600))
    gmail.as_user.receive(large(PLAIN, fields=f"{received}From: Jo Park <jo@corp.example>\r\n"))
    with session(gmail, clock) as mailbox:
        assert parse(only(mailbox)).author.addr == "jo@corp.example"


def test_a_date_that_is_none_counts_as_old():
    for date in (0, -1, 10**18):
        assert Message(id="a", internal_date=date).received == EPOCH
    assert Message(id="a", internal_date=1_000).received == datetime(
        1970, 1, 1, 0, 0, 1, tzinfo=UTC
    )


# ── the quota ───────────────────────────────────────────────────────────────────────────────────


def test_a_first_look_asks_for_each_mail_once(gmail, clock):
    for number in range(100):
        gmail.as_user.receive(mail(f"n{number}", subject=str(number)))
    with session(gmail, clock) as mailbox:
        (part,) = slices(mailbox, clock)
        assert len(list(mailbox.fetch(part.locators))) == 100
    assert gmail.quota.calls["messages.get"] == 100
    assert count(gmail, "batch") == 4
    assert gmail.quota.spent == 100 * 20 + 3 * 5 + 2 * 1 + 1  # lists, profiles, labels


def test_the_budget_of_a_minute_is_kept_on_our_side(gmail, clock):
    for number in range(450):
        gmail.as_user.receive(mail(f"n{number}", subject=str(number)))
    start = clock.now
    with session(gmail, clock) as mailbox:
        found = [locator for part in slices(mailbox, clock) for locator in part.locators]
        assert len(list(mailbox.fetch(found))) == 450
    assert gmail.quota.refused == 0
    assert gmail.quota.spent > gmail.quota.per_minute
    assert timedelta(minutes=1) < clock.now - start < timedelta(minutes=2.5)


def test_a_limit_that_is_met_all_the_same_is_waited_for(clock):
    with stand_in(clock, per_minute=1_000) as gmail:
        for number in range(120):
            gmail.as_user.receive(mail(f"n{number}", subject=str(number)))
        with session(gmail, clock, units_a_minute=6_000) as mailbox:
            assert len(look(mailbox, clock)[0]) == 120
        assert gmail.quota.refused > 0


@pytest.mark.parametrize(
    "fault", [too_many_requests(), rate_limited(), rate_limited("userRateLimitExceeded")]
)
@pytest.mark.parametrize(
    "call", ["drafts.create", "messages.insert", "history.list", "labels.list"]
)
def test_what_was_refused_for_a_limit_is_asked_again_later(gmail, clock, fault, call):
    with session(gmail, clock) as mailbox:
        _, cursor = look(mailbox, clock)
        gmail.faults.add(fault, on=call, times=3)
        start = clock.now
        mailbox.folders()
        look(mailbox, clock, cursor)
        mailbox.save_draft(draft(), KEY)
        mailbox.deliver(mail("summary"), KEY)
    assert gmail.faults.waiting == 0
    assert clock.now - start > timedelta(seconds=4)
    assert len(gmail.box.messages) == 2


def test_retry_after_is_obeyed_up_to_a_bound(gmail, clock):
    with session(gmail, clock) as mailbox:
        start = clock.now
        gmail.faults.add(too_many_requests(retry_after_seconds=40), on="labels.list")
        mailbox.folders()
        assert clock.now - start >= timedelta(seconds=40)
        gmail.faults.add(too_many_requests(retry_after_seconds=4_000), on="labels.list")
        with pytest.raises(MailboxError, match="fewer requests"):
            mailbox.folders()
        assert clock.now - start < timedelta(minutes=3)


@pytest.mark.parametrize(
    ("status", "reason", "advice"),
    [
        (403, "dailyLimitExceeded", "goes on tomorrow"),
        (403, "accessNotConfigured", "enable it in Google's console"),
        (403, "insufficientPermissions", "inboxbot setup --renew NAME"),
        (403, "domainPolicy", "administrator"),
        (400, "failedPrecondition", "open it once in a browser"),
        (400, "invalidArgument", "next poll"),
    ],
)
def test_a_refusal_says_what_to_do_and_is_not_repeated(gmail, clock, status, reason, advice):
    with session(gmail, clock) as mailbox:
        answer = Refused(status=status, reason=reason, message="for\x1b[2J a reason").answer()
        gmail.faults.add(Refuse(answer), on="labels.list")
        before = len(gmail.asked)
        with pytest.raises(MailboxError, match=advice) as caught:
            mailbox.folders()
    assert len(gmail.asked) == before + 1
    assert "\x1b" not in str(caught.value)


# ── the token ───────────────────────────────────────────────────────────────────────────────────


def test_a_token_that_has_ended_is_asked_for_once_more(gmail, clock):
    with session(gmail, clock) as mailbox:
        _, cursor = look(mailbox, clock)
        gmail.as_user.receive(mail("one"))
        clock.pass_(hours=2)
        issued = gmail.oauth.issued
        assert look(mailbox, clock, cursor)[0] == ["one"]
        assert gmail.oauth.issued == issued + 1
        gmail.faults.add(unauthenticated(), on="messages.get", times=2)
        assert len(list(mailbox.fetch(slices(mailbox, clock)[0].locators))) == 1
        gmail.faults.add(unauthenticated(), on="drafts.create")
        mailbox.save_draft(draft(), KEY)
        assert len(gmail.box.drafts) == 1


def test_a_token_that_is_not_taken_twice_is_dead(gmail, clock):
    with session(gmail, clock) as mailbox:
        gmail.faults.add(unauthenticated(), on="labels.list", times=2)
        with pytest.raises(TokenDead, match="inboxbot setup --renew NAME"):
            mailbox.folders()
        mailbox.folders()
        gmail.faults.add(unauthenticated(), on="messages.get", times=50)
        gmail.as_user.receive(mail("one"))
        (part,) = slices(mailbox, clock)
        with pytest.raises(TokenDead):
            list(mailbox.fetch(part.locators))


def test_a_token_that_cannot_be_had_is_told_as_it_is(gmail, clock):
    def token() -> str:
        raise TokenDead("home", "the permission has ended")

    with (
        pytest.raises(TokenDead, match="the permission has ended"),
        session(gmail, clock, token=token),
    ):
        pass
    assert gmail.asked == []


@pytest.mark.threat("D15")
@pytest.mark.parametrize("token", ["", "ya29.x\r\nX: y", "ya29 x", "ya29.ü"])
def test_a_token_that_is_none_goes_nowhere_and_is_not_shown(gmail, clock, token):
    with pytest.raises(TokenDead) as caught, session(gmail, clock, token=lambda: token):
        pass
    assert "ya29" not in str(caught.value)
    assert gmail.asked == []


def test_a_token_for_another_mailbox_is_refused(gmail, clock):
    with (
        pytest.raises(LoginRefused, match=r"alice@gmail\.com.*bob@gmail\.com"),
        session(gmail, clock, address="bob@gmail.com"),
    ):
        pass
    for same in ("Al.ice@googlemail.com", "alice@gmail.com"):
        with session(gmail, clock, address=same):
            pass
    with session(gmail, clock, address="me@alice.example", aliases=("alice@gmail.com",)):
        pass


def test_the_account_does_not_show_its_token(gmail):
    assert "token" not in repr(account_of(gmail))


# ── drafts ──────────────────────────────────────────────────────────────────────────────────────


def thread_of(gmail: GmailStandIn) -> str:
    (message,) = gmail.box.drafts.values()
    return gmail.box.messages[message].thread_id


def test_a_draft_joins_the_thread_of_the_mail_that_it_answers(gmail, clock):
    rejection = gmail.as_user.receive(mail("rejection"))
    with session(gmail, clock) as mailbox:
        look(mailbox, clock)
        searched = count(gmail, "messages.list")
        mailbox.save_draft(draft(), KEY)
        assert count(gmail, "messages.list") == searched, "it was read a moment ago"
    assert thread_of(gmail) == rejection


def test_a_draft_joins_a_thread_that_another_session_has_read(gmail, clock):
    rejection = gmail.as_user.receive(mail("rejection"))
    with session(gmail, clock) as mailbox:
        mailbox.save_draft(draft(), KEY)
    assert thread_of(gmail) == rejection


@pytest.mark.parametrize(
    "answers", ["", "<unknown@corp.example>", "<not one>", "<" + "x" * 300 + ">"]
)
def test_a_draft_that_answers_nothing_known_begins_a_thread(gmail, clock, answers):
    gmail.as_user.receive(mail("rejection"))
    with session(gmail, clock) as mailbox:
        assert mailbox.save_draft(draft(answers=answers), KEY) is not None
    assert thread_of(gmail) in gmail.box.drafts.values()


def test_a_thread_that_is_deleted_meanwhile_costs_no_draft(gmail, clock):
    rejection = gmail.as_user.receive(mail("rejection"))
    gone = Meanwhile(act=lambda: gmail.as_user.delete_for_ever(rejection))
    gmail.faults.add(gone, on="drafts.create")
    with session(gmail, clock) as mailbox:
        mailbox.save_draft(draft(), KEY)
    assert len(gmail.box.drafts) == 1


@pytest.mark.threat("D4")
@pytest.mark.parametrize("hostile", ["a@b> OR in:sent <", 'a" OR "b', "{a b}", "a b", "(x)"])
def test_words_of_a_mail_never_become_words_of_a_search(gmail, clock, hostile):
    with session(gmail, clock) as mailbox:
        mailbox.save_draft(draft(answers=f"<{hostile}>"), KEY)
    for query in queries(gmail, "messages.list"):
        assert set(query.get("q", "")) <= set("abcdefghijklmnopqrstuvwxyz0123456789:@._-")


@pytest.mark.parametrize("how", ["kept", "rewritten"])
def test_a_draft_that_the_user_edits_is_found_under_its_key_and_its_old_place_is_void(clock, how):
    with stand_in(clock, message_ids=how) as gmail, session(gmail, clock) as mailbox:
        before = mailbox.save_draft(draft(), KEY)
        assert before is not None
        (draft_id,) = gmail.box.drafts
        gmail.as_user.edit_draft(draft_id, text="In my own words.")
        assert list(mailbox.fetch([before])) == []
        (after,) = mailbox.find("Drafts", KEY)
        assert after != before
        assert after.endswith(draft_id)
        assert name(next(iter(mailbox.fetch([after]))).data) == KEY
        assert mailbox.withdraw(before) is False, "what the user has touched stays"
        assert mailbox.find("Trash", KEY) == ()


@pytest.mark.parametrize("act", ["edit", "send", "delete", "trash"])
def test_a_draft_that_the_user_has_touched_is_not_taken_back(gmail, clock, act):
    with session(gmail, clock) as mailbox:
        place = mailbox.save_draft(draft(), KEY)
        assert place is not None
        (draft_id,) = gmail.box.drafts
        if act == "edit":
            gmail.as_user.edit_draft(draft_id, text="Mine")
        else:
            getattr(gmail.as_user, f"{act}_draft")(draft_id)
        before = gmail.history.current
        assert mailbox.withdraw(place) is False
        assert gmail.history.current == before


def test_a_draft_that_is_edited_while_it_is_taken_back_stays(gmail, clock):
    with session(gmail, clock) as mailbox:
        place = mailbox.save_draft(draft(), KEY)
        assert place is not None
        (draft_id,) = gmail.box.drafts
        edit = Meanwhile(act=lambda: gmail.as_user.edit_draft(draft_id, text="Mine"))
        gmail.faults.add(edit, on="messages.trash")
        assert mailbox.withdraw(place) is False
        assert gmail.box.draft(draft_id).labels == ("DRAFT",)


def test_what_was_sent_under_another_message_id_keeps_it(clock):
    # The answer to it will name that one.
    with (
        stand_in(clock, message_ids="rewritten when sent") as gmail,
        session(gmail, clock) as mailbox,
    ):
        mailbox.save_draft(draft(), KEY)
        (draft_id,) = gmail.box.drafts
        gmail.as_user.send_draft(draft_id)
        (found,) = mailbox.find("Sent", KEY)
        assert names(mailbox, [found])[0].startswith("CA+standin")


def test_a_key_is_found_by_search_however_much_came_since(clock):
    with stand_in(clock, per_minute=100_000) as gmail:
        gmail.as_user.send(draft())
        clock.pass_(days=3)
        for number in range(120):
            gmail.as_user.send(mail(f"n{number}", subject=str(number)))
        clock.pass_(days=3)
        with session(gmail, clock) as mailbox:
            assert len(mailbox.find("Sent", KEY)) == 1
            spent = gmail.quota.spent
            assert len(mailbox.find("Sent", KEY)) == 1
            assert gmail.quota.spent - spent == 10, "what is known is not asked again"


# ── answers that do not come ────────────────────────────────────────────────────────────────────

DOUBTS = [
    Silent(after_effect=True),
    Silent(after_effect=True, how="reset"),
    Silent(after_effect=True, how="hang"),
    Garbled("truncated"),
    Garbled("empty"),
    Garbled("cut short"),
]
NOTHING_DONE = [
    Silent(after_effect=False),
    Silent(after_effect=False, how="reset"),
    Silent(after_effect=False, how="hang"),
    server_error(500),
    server_error(502),
    server_error(503),
]
MODES: list[dict[str, Any]] = [
    {"message_ids": "kept"},
    {"message_ids": "rewritten"},
    {"message_ids": "rewritten", "keeps_former_ids": False},
]


@pytest.mark.parametrize("fault", DOUBTS, ids=repr)
@pytest.mark.parametrize("mode", MODES, ids=repr)
def test_a_draft_whose_answer_is_lost_is_looked_for_and_not_written_again(clock, fault, mode):
    with stand_in(clock, **mode) as gmail:
        gmail.as_user.receive(mail("rejection"))
        with session(gmail, clock) as mailbox:
            mailbox.save_draft(draft(Key("b" * 32), text="Another letter."), Key("b" * 32))
            gmail.faults.add(fault, on="drafts.create")
            place = mailbox.save_draft(draft(), KEY)
            assert place is not None
            assert b"Why?" in next(iter(mailbox.fetch([place]))).data
        assert len(gmail.box.drafts) == 2
        assert count(gmail, "drafts.create") == 2


@pytest.mark.parametrize("fault", NOTHING_DONE, ids=repr)
def test_a_draft_that_was_not_written_is_in_doubt_and_left_to_the_next_poll(gmail, clock, fault):
    with session(gmail, clock) as mailbox:
        gmail.faults.add(fault, on="drafts.create")
        with pytest.raises(InDoubt, match="looks first"):
            mailbox.save_draft(draft(), KEY)
        assert count(gmail, "drafts.create") == 1
        assert mailbox.find("Drafts", KEY) == ()
        mailbox.save_draft(draft(), KEY)
    assert len(gmail.box.drafts) == 1


@pytest.mark.parametrize("fault", DOUBTS, ids=repr)
def test_a_summary_whose_answer_is_lost_is_not_inserted_again(gmail, clock, fault):
    with session(gmail, clock) as mailbox:
        gmail.faults.add(fault, on="messages.insert")
        mailbox.deliver(draft(answers=""), KEY)
    assert len(gmail.box.messages) == 1
    assert count(gmail, "messages.insert") == 1


@pytest.mark.parametrize("fault", [*DOUBTS, *NOTHING_DONE], ids=repr)
def test_taking_a_draft_back_can_be_asked_for_again(gmail, clock, fault):
    with session(gmail, clock) as mailbox:
        place = mailbox.save_draft(draft(), KEY)
        assert place is not None
        gmail.faults.add(fault, on="messages.trash")
        assert mailbox.withdraw(place)
    assert [one.labels for one in gmail.box.messages.values()] == [("DRAFT", "TRASH")]


READS = ("getProfile", "labels.list", "messages.list", "history.list", "messages.get", "batch")
QUICK_FAULTS = [one for one in (*DOUBTS, *NOTHING_DONE) if getattr(one, "how", "") != "hang"]


@pytest.mark.parametrize(
    ("fault", "call"),
    [
        *((fault, READS[(n + m) % 6]) for n, fault in enumerate(QUICK_FAULTS) for m in (0, 3)),
        *((Silent(after_effect=False, how="hang"), call) for call in ("labels.list", "batch")),
    ],
    ids=repr,
)
def test_whatever_only_reads_is_asked_again(gmail, clock, fault, call):
    for number in range(3):
        gmail.as_user.receive(mail(f"n{number}", subject=str(number)))
    with session(gmail, clock) as mailbox:
        _, cursor = look(mailbox, clock)
    gmail.as_user.receive(mail("late", subject="late"))
    gmail.faults.add(fault, on=call)
    with session(gmail, clock) as mailbox:
        assert look(mailbox, clock)[0] == ["n0", "n1", "n2", "late"]
        assert look(mailbox, clock, cursor)[0] == ["late"]
    assert gmail.faults.waiting == 0


def test_one_mail_that_gmail_cannot_tell_stops_no_poll(gmail, clock):
    ids = [gmail.as_user.receive(mail(f"n{n}", subject=str(n))) for n in range(3)]
    gmail.faults.add(server_error(500), on=f"GET */messages/{ids[1]}", times=100)
    with session(gmail, clock) as mailbox:
        (part,) = slices(mailbox, clock)
        told = list(mailbox.fetch(part.locators))
    assert [raw.locator for raw in told] == list(part.locators)
    assert [(raw.data == b"", raw.cut) for raw in told] == [
        (False, False),
        (True, True),
        (False, False),
    ]


def test_the_only_new_mail_may_be_the_one_that_gmail_cannot_tell(gmail, clock):
    gmail.as_user.receive(mail("old", subject="old"))
    bad = gmail.as_user.receive(mail("bad", subject="bad"))
    gmail.faults.add(server_error(500), on=f"GET */messages/{bad}", times=100)
    with session(gmail, clock) as mailbox:
        (raw,) = mailbox.fetch([Locator(f"INBOX/{bad}")])
    assert (raw.data, raw.cut) == (b"", True)


def test_while_gmail_can_tell_no_mail_at_all_none_is_set_aside(gmail, clock):
    for number in range(3):
        gmail.as_user.receive(mail(f"n{number}", subject=str(number)))
    gmail.faults.add(server_error(503), on="messages.get", times=1000)
    with session(gmail, clock) as mailbox:
        (part,) = slices(mailbox, clock)
        start = clock.now
        with pytest.raises(MailboxError, match="out of order"):
            list(mailbox.fetch(part.locators))
        assert clock.now - start < timedelta(minutes=4)
        gmail.faults.clear()
        assert len(names(mailbox, part.locators)) == 3


def test_a_draft_that_goes_between_the_list_and_the_look_is_passed_over(gmail, clock):
    with session(gmail, clock) as mailbox:
        for key in ("a" * 32, "b" * 32):
            mailbox.save_draft(draft(Key(key)), Key(key))
        first, _ = gmail.box.drafts
        act = Meanwhile(act=lambda: gmail.as_user.delete_draft(first), after_effect=True)
        gmail.faults.add(act, on="drafts.list")
        assert look(mailbox, clock, folder="Drafts")[0] == ["b" * 32]


# ── watching ────────────────────────────────────────────────────────────────────────────────────


def test_new_mail_wakes_a_watcher_and_nothing_else_does(gmail, clock):
    with watch_gmail(account_of(gmail), limits=QUICK, pace=clock.pace) as watcher:
        assert watcher.wait(45) is False
        one = gmail.as_user.receive(mail("one"))
        assert watcher.wait(45) is True
        gmail.as_user.read(one)
        gmail.as_user.write_draft(draft())
        assert watcher.wait(0) is False
        gmail.history.forget()
        assert watcher.wait(30) is True
        assert watcher.wait(30) is False
    assert gmail.quota.spent < 30


def test_a_watcher_goes_on_when_its_token_has_ended(gmail, clock):
    with watch_gmail(account_of(gmail), limits=QUICK, pace=clock.pace) as watcher:
        clock.pass_(hours=2)
        gmail.as_user.receive(mail("one"))
        assert watcher.wait(30) is True


def test_nothing_is_looked_up_in_a_mailbox_that_cannot_be_reached(clock):
    with stand_in(clock) as gmail:
        account = account_of(gmail)
    with (
        pytest.raises(MailboxError, match="cannot be reached"),
        open_gmail(account, now=clock, limits=QUICK, pace=clock.pace),
    ):
        pass
