"""Whatever the bytes are, a mail is parsed; and what it says is read as mail programs show it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.core.body import LONGEST_TEXT
from inboxbot.core.parse import parse
from inboxbot.core.types import Address, Locator, Message, RawMail
from tests.make import NOW

CORPUS = Path(__file__).parent.parent / "corpus"
MAILS = sorted(CORPUS.glob("*.eml"))
ENCODE, DECODE = msgspec.json.Encoder(), msgspec.json.Decoder(Message)
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")


def parsed(data: bytes) -> Message:
    return parse(RawMail(locator=Locator("x"), folder="INBOX", received=NOW, data=data))


def checked(data: bytes) -> Message:
    """Parse, and hold the result to what is promised of every message."""
    message = parsed(data)
    assert DECODE.decode(ENCODE.encode(message)) == message
    assert re.fullmatch("[a-z2-7]{32}", message.key)
    assert len(message.text) <= LONGEST_TEXT
    assert len(message.quoted) <= LONGEST_TEXT
    assert message.date is None or message.date.tzinfo is UTC
    assert not [text for text in strings(message) if UNSAFE.search(text)]
    return message


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from strings(item)


def shown(value: Any) -> Any:
    """Return a field in the shape in which the corpus writes it."""
    match value:
        case Address():
            return value.addr
        case datetime():
            return value.isoformat()
        case tuple():
            return [shown(item) for item in value]
        case frozenset():
            return sorted(value)
    if is_dataclass(value):
        return {field.name: shown(getattr(value, field.name)) for field in fields(value)}
    return value


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_a_mail_of_the_corpus_reads_as_written_beside_it(mail: Path):
    expected = tomllib.loads(mail.with_suffix(".toml").read_text("utf-8"))
    message = checked(mail.read_bytes())
    for name, value in expected.items():
        wanted = value.strip("\n") if isinstance(value, str) else value
        assert shown(getattr(message, name)) == wanted, name


def test_the_same_mail_delivered_twice_has_the_same_key():
    mail = (CORPUS / "decision-in-html-alone.eml").read_bytes()
    again = b"Received: from b by c; now\r\nDelivered-To: other@example.com\r\n" + mail
    assert parsed(mail).key == parsed(again).key


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("From", b"c@b.example"),
        ("Subject", b"y"),
        ("Date", b"Tue, 4 Mar 2025 16:05:00 +0000"),
        ("Message-ID", b"<2@b.example>"),
    ],
)
def test_a_mail_that_only_borrows_a_message_id_has_another_key(name: str, other: bytes):
    head = {
        "From": b"a@b.example",
        "Subject": b"x",
        "Date": b"Mon, 3 Mar 2025 16:05:00 +0000",
        "Message-ID": b"<1@b.example>",
    }
    assert parsed(mail_of(head)).key != parsed(mail_of({**head, name: other})).key


def mail_of(head: dict[str, bytes]) -> bytes:
    return b"".join(name.encode() + b": " + value + b"\n" for name, value in head.items()) + b"\n"


def test_without_a_message_id_the_text_is_part_of_the_key():
    head = b"From: a@b.example\nSubject: x\nDate: Mon, 3 Mar 2025 16:05:00 +0000\n\n"
    assert parsed(head + b"one").key != parsed(head + b"two").key
    assert parsed(head + b"one").key == parsed(b"Received: by z\n" + head + b"one").key


@pytest.mark.threat("D26")
@pytest.mark.parametrize(
    ("date", "believed"),
    [
        (b"Thu, 1 Jan 1970 00:00:00 +0000", False),
        (b"Fri, 20 Nov 2099 12:00:00 +0000", False),
        (b"Sat, 21 Nov 2026 12:00:00 +0000", True),  # clocks differ by a day
        (b"Fri, 20 Nov 2026 12:00:00 +9999", False),
        (b"Fri, 99 Nov 9999999 12:00:00", False),
        (b"", False),
        (b"yesterday", False),
    ],
)
def test_an_absurd_date_is_no_date(date: bytes, believed: bool):
    assert (checked(b"Date: " + date + b"\n\n").date is not None) is believed


@pytest.mark.threat("D26")
@pytest.mark.parametrize(
    ("head", "days"),
    [
        (b"", 0),
        (b"Received: from a by b with LMTP id x; Mon, 16 Nov 2026 12:00:00 +0000\n", 4),
        (b"Received: by b; Fri, 20 Nov 2026 11:30:00 +0000\n", 0),  # the mailbox's clock counts
        (b"Received: by b; Fri, 20 Nov 2026 13:30:00 +0000\n", 0),
        (b"Received: by b; 20 Nov\nDate: Mon, 16 Nov 2026 12:00:00 +0000\n", 4),
        (
            b"\n".join(
                (
                    b"Received: by b; Fri, 20 Nov 2026 12:00:00 +0000",  # the user's own server
                    b"Received: by a; Mon, 2 Nov 2026 12:00:00 +0000",
                    b"Date: Mon, 2 Nov 2026 12:00:00 +0000\n",
                )
            ),
            0,
        ),
        (b"Date: Mon, 16 Nov 2026 14:00:00 +0200\n", 4),  # a letter in Sent
        (b"Date: Thu, 1 Jan 1970 00:00:00 +0000\n", 0),
    ],
)
def test_a_mail_came_when_its_last_server_says_if_it_was_laid_into_the_mailbox_later(
    head: bytes, days: int
):
    assert NOW - checked(head + b"From: a@b.example\n\n").received == timedelta(days=days)


def test_long_references_keep_the_first_and_the_last():
    ids = b" ".join(b"<%d@b.example>" % number for number in range(500))
    references = checked(b"References: " + ids + b"\n\n").references
    assert len(references) == 100
    assert (references[0], references[-1]) == ("0@b.example", "499@b.example")


def test_links_are_those_of_the_own_text():
    mail = b"From: a@b.example\n\nSee https://acme.example/a?b=1, please.\n> http://old.example/\n"
    assert checked(mail).links == ("https://acme.example/a?b=1",)


@given(st.binary(max_size=2_000))
def test_parsing_never_raises_on_any_bytes(data: bytes):
    checked(data)


HEADERS = st.sampled_from(
    "From To Cc Reply-To Sender Subject Date Message-ID References In-Reply-To Content-Type "
    "Content-Transfer-Encoding Content-Disposition Authentication-Results Return-Path "
    "Auto-Submitted Thread-Index Delivered-To".split()
)
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["multipart/mixed; boundary=b", "multipart/alternative; boundary=b", "message/rfc822",
         "multipart/report; boundary=b", "text/html; charset=utf-16", "text/plain; charset=utf-7",
         "text/plain; format=flowed", "text/calendar; charset=hz", "base64", "quoted-printable",
         "=?utf-8?b?", "=?x?q?=FF?= =?utf-7?q?+2A?=", "(((", '"', "<", "a@b, <c@d>;", "Mon, 99"]
    ),
)  # fmt: skip
BODIES = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        ["--b\n\n", "--b--\n", "BEGIN:VEVENT\nDTSTART:9\nEND:VEVENT\n", "<p>", "> x\n"]
    ),
)


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.lists(BODIES, max_size=8))
def test_parsing_never_raises_on_what_looks_like_mail(head: list[tuple[str, str]], body: list[str]):
    text = "".join(f"{name}: {value}\n" for name, value in head) + "\n" + "".join(body)
    checked(text.encode("utf-8", "surrogatepass"))
