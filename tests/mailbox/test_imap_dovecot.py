"""What only a real server shows: TLS, withdrawn drafts, large mail, many hands at once."""

import email
import email.policy
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from inboxbot.core.types import EPOCH, Cursor, Key, Locator, RawMail
from inboxbot.errors import LoginRefused, MailboxError
from inboxbot.mailbox.imap import ImapAccount, open_imap, watch_imap
from inboxbot.ports import Mailbox, Part
from tests.servers.dovecot import Account, Dovecot, StoredMail
from tests.servers.folders import GERMAN

NOW = datetime.now(UTC)
KEY = Key("abcdefghijklmnopqrstuvwxyz234567")


def settings(dovecot: Dovecot, account: Account, **changes: object) -> ImapAccount:
    usual = {
        "host": "localhost",
        "port": dovecot.tls_port,
        "user": account.name,
        "password": lambda: account.password,
        "ca_file": dovecot.ca_file,
    }
    return ImapAccount(**{**usual, **changes})


def stored(name: str, body: bytes = b"Hello.\r\n", **how: object) -> StoredMail:
    head = f"From: jo@corp.example\r\nSubject: {name}\r\nMessage-ID: <{name}@corp.example>\r\n"
    if not body.startswith(b"Content-"):
        body = b"\r\n" + body
    return StoredMail(content=head.encode() + body, received=NOW - timedelta(hours=1), **how)


def draft() -> bytes:
    return f"Subject: Re: x\r\nMessage-ID: <{KEY}@test.example>\r\n\r\nThank you.\r\n".encode()


@pytest.fixture
def mailbox(dovecot: Dovecot, account: Account) -> Iterator[Mailbox]:
    with open_imap(settings(dovecot, account)) as opened:
        yield opened


@pytest.mark.parametrize("tls", ["implicit", "starttls", "none"])
def test_each_kind_of_connection_reads(dovecot, account, tls):
    port = dovecot.tls_port if tls == "implicit" else dovecot.port
    with open_imap(settings(dovecot, account, tls=tls, port=port)) as mailbox:
        assert mailbox.folders().drafts == "Drafts"


def test_a_wrong_password_is_told_as_one(dovecot, account):
    wrong = settings(dovecot, account, password=lambda: "wrong")
    with pytest.raises(LoginRefused, match="check user and password"), open_imap(wrong):
        pass


@pytest.mark.parametrize("whose", ["nobody's", "bob's", "alice's of yesterday"])
def test_a_wrong_token_is_told_as_one(dovecot, account, whose):
    token = {
        "nobody's": "ya29.nonsense",
        "bob's": dovecot.token(dovecot.bob),
        "alice's of yesterday": dovecot.token(account, seconds=-86_400),
    }[whose]
    wrong = settings(dovecot, account, auth="xoauth2", password=lambda: token)
    with pytest.raises(LoginRefused, match="inboxbot setup"), open_imap(wrong):
        pass


def test_without_special_use_german_names_are_found_and_without_uidplus_drafts_by_their_key():
    with (
        Dovecot(folders=GERMAN, special_use=False, uidplus=False) as dovecot,
        open_imap(settings(dovecot, dovecot.alice)) as mailbox,
    ):
        found = mailbox.folders()
        mark = mailbox.mark("Entwürfe")
        assert mailbox.save_draft(draft(), KEY) is None
        (place,) = mailbox.find("Entwürfe", KEY, mark)
        assert mailbox.withdraw(place)
        assert len(mailbox.find("Papierkorb", KEY)) == 1
    assert (found.drafts, found.sent) == ("Entwürfe", "Gesendet")
    assert (found.trash, found.archive, found.junk) == ("Papierkorb", "Archiv", "Spam")


def parts_of(mail: RawMail) -> list[tuple[str, str]]:
    message = email.message_from_bytes(mail.data, policy=email.policy.default)
    return [
        (part.get_content_type(), part.get_content().strip())
        for part in message.walk()
        if part.get_content_maintype() == "text"
    ]


BIG_MAIL = (
    b'Content-Type: multipart/mixed; boundary="outer"\r\n\r\n'
    b'--outer\r\nContent-Type: multipart/alternative; boundary="inner"\r\n\r\n'
    b"--inner\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n"
    b"--inner\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>Gr\xfc\xdfe</p>\r\n"
    b"--inner--\r\n"
    b"--outer\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + (b"QUJD" * 19 + b"\r\n")
    * 67_000
    + b"--outer\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nforwarded\r\n"
    b"--outer\r\nContent-Type: text/calendar; method=REQUEST\r\n"
    b"Content-Disposition: attachment\r\n\r\nBEGIN:VCALENDAR\r\n"
    b"--outer--\r\n"
)


def test_an_attachment_of_5_mb_stays_on_the_server(dovecot, account, mailbox):
    dovecot.load(account, "INBOX", [stored("big", BIG_MAIL), stored("small")])
    assert len(BIG_MAIL) > 5_000_000
    (piece,) = mailbox.slices("INBOX", None, EPOCH)
    before = mailbox._gateway._transport._session_octets
    big, small = mailbox.fetch(piece.locators)
    spent = before - mailbox._gateway._transport._session_octets
    assert spent < 5_000
    assert not big.cut
    assert parts_of(big) == [
        ("text/plain", "Grüße"),
        ("text/html", "<p>Grüße</p>"),
        ("text/calendar", "BEGIN:VCALENDAR"),
    ]
    assert b"forwarded" not in big.data
    assert parts_of(small) == [("text/plain", "Hello.")]


def test_two_hundred_thousand_parts_cost_a_bounded_moment(dovecot, account, mailbox):
    parts = b"--b\r\n\r\nx\r\n" * 200_000
    bomb = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"
    dovecot.load(account, "INBOX", [stored("bomb", bomb), stored("next")])
    started = time.monotonic()
    (piece,) = mailbox.slices("INBOX", None, EPOCH)
    mails = list(mailbox.fetch(piece.locators))
    assert time.monotonic() - started < 5
    assert [mail.cut for mail in mails] == [True, False]
    assert len(mails[0].data) <= 1 << 20


def test_a_header_of_10_mb_is_cut(dovecot, account, mailbox):
    huge = b"X-Long: " + b"y" * 10_000_000 + b"\r\n\r\nHello.\r\n"
    mail = stored("huge")
    dovecot.load(
        account, "INBOX", [StoredMail(content=b"Subject: huge\r\n" + huge, received=mail.received)]
    )
    (piece,) = mailbox.slices("INBOX", None, EPOCH)
    for part in Part:
        (read,) = mailbox.fetch(piece.locators, part)
        assert read.cut
        assert read.data.startswith(b"Subject: huge\r\n")
        assert len(read.data) <= 1 << 20


def test_the_server_tells_of_new_mail_within_a_second(dovecot, account, imap):
    with watch_imap(settings(dovecot, account)) as watcher:
        assert not watcher.wait(0.05)
        imap.append("INBOX", draft())
        started = time.monotonic()
        assert watcher.wait(10)
        assert time.monotonic() - started < 2


def test_a_server_that_is_restarted_is_watched_on():
    with Dovecot() as dovecot:
        clock = [0.0]
        with watch_imap(
            settings(dovecot, dovecot.alice),
            monotonic=lambda: clock[0] + time.monotonic(),
            wall=lambda: clock[0] + time.time(),
        ) as watcher:
            assert not watcher.wait(0.05)
            dovecot.stop()
            dovecot.start()
            clock[0] += 60
            assert watcher.wait(10)
            assert not watcher.wait(0.05)
            dovecot.stop()
            clock[0] += 60
            with pytest.raises(MailboxError):
                watcher.wait(10)


def test_a_mailbox_that_is_locked_away_fails_as_one(dovecot, account, mailbox):
    assert mailbox.folders()
    mailbox._gateway._transport.sock.shutdown(2)
    with pytest.raises(MailboxError, match="ended the connection"):
        mailbox.mark("INBOX")


def everything(mailbox: Mailbox, cursor: Cursor | None = None) -> Iterator[RawMail]:
    for piece in mailbox.slices("INBOX", cursor, EPOCH):
        yield from mailbox.fetch(piece.locators)


Hand = Callable[[IMAPClient, random.Random], None]


def _remove(client: IMAPClient, rng: random.Random) -> None:
    uids = client.search("ALL")
    if uids:
        client.delete_messages(rng.sample(uids, min(3, len(uids))))
        client.expunge()


def _move(client: IMAPClient, rng: random.Random) -> None:
    uids = client.search("ALL")
    if uids:
        client.move([rng.choice(uids)], "Archive")


def _flag(client: IMAPClient, rng: random.Random) -> None:
    uids = client.search("ALL")
    if uids:
        client.add_flags([rng.choice(uids)], [b"\\Answered", b"$label"])


def _arrive(client: IMAPClient, rng: random.Random) -> None:
    client.append("INBOX", stored(f"new{rng.random()}").content)


@pytest.mark.goal("G7")
def test_other_hands_in_the_mailbox_at_any_moment_mix_no_mails_up(dovecot, account, share):
    rng = random.Random(7)
    names = [f"n{number}" for number in range(60)]
    dovecot.load(account, "INBOX", [stored(name) for name in names])
    by_locator: dict[Locator, bytes] = {}
    with dovecot.log_in(account) as client, open_imap(settings(dovecot, account)) as mailbox:
        client.select_folder("INBOX")
        for _ in range(share(15, 200)):
            seen = set()
            for mail in everything(mailbox):
                assert mail.locator not in seen
                seen.add(mail.locator)
                # A locator is one message, whoever does what in between.
                assert by_locator.setdefault(mail.locator, mail.data) == mail.data
                if rng.random() < 0.1:
                    rng.choice([_remove, _move, _flag, _arrive, _arrive, _arrive])(client, rng)
            client.noop()
            left = set(client.search("ALL"))
            known = {int(locator.split(";")[1]) for locator in seen}
            # What was there at the look and still is was read.
            assert {uid for uid in left if uid <= max(known, default=0)} <= known


@pytest.mark.goal("G7")
def test_a_folder_laid_anew_in_the_middle_of_a_fetch_gives_no_wrong_mail(dovecot, account, imap):
    imap.create_folder("Jobs")
    for number in range(5):
        imap.append("Jobs", stored(f"old{number}").content)
    with open_imap(settings(dovecot, account)) as mailbox:
        (piece,) = mailbox.slices("Jobs", None, EPOCH)
        imap.delete_folder("Jobs")
        imap.create_folder("Jobs")
        for number in range(5):
            imap.append("Jobs", stored(f"new{number}").content)
        assert not list(mailbox.fetch(piece.locators))
        (again,) = mailbox.slices("Jobs", piece.cursor, EPOCH)
        assert again.restarted
        assert len(again.locators) == 5


def test_every_hostile_mail_comes_through(dovecot, account, shared: Path, share):
    files = sorted(shared.glob("hostile/**/*.eml"))[:: share(8, 1)]
    dovecot.load(
        account, "INBOX", (StoredMail(content=f.read_bytes(), received=NOW) for f in files)
    )
    with open_imap(settings(dovecot, account)) as mailbox:
        mails = list(everything(mailbox))
        headers = [
            mail
            for piece in mailbox.slices("INBOX", None, EPOCH)
            for mail in mailbox.fetch(piece.locators, Part.HEADERS)
        ]
    assert len(mails) == len(headers) == len(files)
    assert all(mail.data for mail, file in zip(mails, files, strict=True) if file.stat().st_size)
