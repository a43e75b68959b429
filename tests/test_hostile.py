"""Odd and malformed mail of many projects: read or refused with a word, and never answered wrongly.

The mail lies beside the checkout of a developer; it is not part of the project.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from inboxbot.core.contact import find_contact
from inboxbot.core.history import History
from inboxbot.core.parse import parse
from inboxbot.core.plan import Contact, Reason
from inboxbot.core.types import Facts, Locator, Message, RawMail, Reading
from tests.e2e.command import Command
from tests.make import NOW, OWNER, SENDERS, verdict

NEVER = {
    "dsn", "bounce-like", "null-return-path", "mdn", "arf", "auto-submitted", "auto-reply-marker",
    "list-mail", "no-reply-sender",
}  # fmt: skip

# Tagged by a word in the text, and without any mark of a machine: mails that ask for a read
# receipt, people who forward a bounce, postings, a failure notice that poses as an answer.
UNMARKED = {
    "4cbab7b24054.eml", "6be49afddff8.eml", "c2df402cbe30.eml", "68314211eb18.eml",
    "fa771303865b.eml", "c4ec68baa1bd.eml", "3a4100c1a8f5.eml", "e781fe10ff8a.eml",
    "c9936a06bb34.eml", "9a846ec3dbaa.eml", "ce9cd949d8a0.eml", "c0044783b81f.eml",
    "f3eb3230e012.eml", "ad699818af0a.eml",
}  # fmt: skip


@cache
def hostile(folder: Path) -> tuple[tuple[str, frozenset[str], Message], ...]:
    rows = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(
        (row["file"], frozenset(row["feature"]), message(folder / row["file"]))
        for row in map(json.loads, rows)
        if (folder / row["file"]).exists()
    )


def message(path: Path) -> Message:
    raw = RawMail(locator=Locator(path.name), folder="INBOX", received=NOW, data=path.read_bytes())
    return parse(raw)


def asked(found: Message) -> Contact | Reason:
    """Return who would be asked if this mail were a rejection beyond doubt."""
    reading = Reading(message=found, verdict=verdict(), facts=Facts(employer="Acme"))
    return find_contact(reading, (), History(), OWNER, SENDERS)


def tagged(folder: Path, tags: set[str]) -> Iterator[tuple[str, Message]]:
    return ((name, found) for name, marks, found in hostile(folder) if marks & tags)


@pytest.mark.goal("G2")
@pytest.mark.slow
def test_scan_reads_every_file_or_says_why_not(shared: Path, tmp_path: Path):
    done = Command(tmp_path).try_("scan", str(shared / "hostile"), "--json")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(list((shared / "hostile").glob("*.eml")))
    assert [row["path"] for row in rows] == sorted(row["path"] for row in rows)
    failed = [row for row in rows if "error" in row]
    assert all(row["error"] for row in failed)
    assert len(failed) <= 5
    # Nothing here is a rejection: none may be answered.
    assert [row["path"] for row in rows if row.get("decision") in {"draft", "thanks"}] == []


@pytest.mark.threat("D10")
@pytest.mark.goal("G3")
def test_nobody_who_must_never_be_answered_would_be_asked(shared: Path):
    mails = list(tagged(shared / "hostile", NEVER))
    assert len(mails) >= 840
    wrong = {name for name, found in mails if not isinstance(asked(found), Reason)}
    assert wrong <= UNMARKED


@pytest.mark.threat("D1")
def test_no_reply_to_that_leads_away_would_be_asked(shared: Path):
    checked = 0
    for name, found in tagged(shared / "hostile", {"replyto-differs"}):
        checked += 1
        contact = asked(found)
        if isinstance(contact, Contact):
            own = found.author.domain.split(".")[-2:] if found.author else []
            assert contact.address.domain.split(".")[-2:] == own, name
    assert checked >= 40


@pytest.mark.threat("D1")
@pytest.mark.parametrize("count", [500])
def test_generated_reply_tos_of_strangers_are_never_asked(count: int):
    lookalikes = ["acme-careers.example", "acrne.example", "xn--acm-dma.example", "gmail.com"]
    senders = ["jo@acme.example", "no-reply@us.greenhouse-mail.io", "hr@acme.co.uk"]
    for number in range(count):
        domain = lookalikes[number % len(lookalikes)]
        found = message_with(senders[number % len(senders)], f"jo{number}@{domain}")
        assert asked(found) is Reason.REPLY_TO_MISMATCH


def message_with(sender: str, reply_to: str) -> Message:
    data = f'From: "real@acme.example" <{sender}>\r\nReply-To: <{reply_to}>\r\n\r\nno'.encode()
    raw = RawMail(locator=Locator("1"), folder="INBOX", received=NOW, data=data)
    return replace(parse(raw), received=NOW)
