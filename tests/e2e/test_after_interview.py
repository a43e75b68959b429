"""Threads after an interview, read as `scan` reads a mailbox: is the no heard, and who is asked?

tests/data/threads.jsonl: whole little histories, a line each, written for this and not trained on:
`mails` in time order, `label` and `to` of the last one, `me`.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from inboxbot.classify.thresholds import read_thresholds
from inboxbot.reader import Reader
from inboxbot.resources import MODELS
from inboxbot.scan import Scan
from inboxbot.senders import load_senders

THREADS = Path(__file__).parents[1] / "data" / "threads.jsonl"

Thread = dict[str, Any]


def mbox_of(thread: Thread, folder: Path) -> Path:
    """Write a thread as an mbox."""
    path = folder / f"{thread['id']}.mbox"
    ids = [f"<{thread['id']}-{number}@threads.example>" for number in range(len(thread["mails"]))]
    with path.open("wb") as file:
        for number, mail in enumerate(thread["mails"]):
            when = datetime.fromisoformat(mail["date"])
            message = EmailMessage(policy=SMTP)
            for name in ("from", "to", "cc", "subject"):
                if mail.get(name):
                    message[name] = mail[name]
            message["Date"] = when
            message["Message-ID"] = ids[number]
            if mail["reply"] is not None:
                message["In-Reply-To"] = ids[mail["reply"]]
                message["References"] = " ".join(ids[: mail["reply"] + 1])
            message.set_content(mail["body"])
            file.write(f"From x {when:%a %b %d %H:%M:%S %Y}\n".encode())
            file.write(message.as_bytes().replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From "))
            file.write(b"\n")
    return path


def last_rows(folder: Path) -> Iterator[tuple[Thread, dict[str, Any]]]:
    """Yield each thread with what is decided on its last mail."""
    threads = [json.loads(line) for line in THREADS.read_text("utf-8").splitlines()]
    with Reader() as reader:
        for thread in threads:
            scan = Scan(
                reader=reader,
                senders=load_senders(),
                thresholds=read_thresholds(MODELS / "rejection.model"),
                addresses=frozenset({thread["me"]["addr"].lower()}),
                now=datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
            )
            *_, last = scan.rows([mbox_of(thread, folder)])
            yield thread, last


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return tuple(last_rows(tmp_path_factory.mktemp("threads")))


def test_there_are_enough_threads_in_many_languages(rows):
    assert len(rows) >= 75
    assert len({thread["lang"] for thread, _ in rows}) >= 8


def test_most_noes_are_heard(rows):
    noes = [row for thread, row in rows if thread["label"] == "rejection"]
    heard = [
        row for row in noes if row["decision"] in {"draft", "review"} or row["label"] == "rejection"
    ]
    assert len(heard) / len(noes) >= 0.85


def test_nobody_else_is_asked(rows):
    asked = [
        (thread["id"], row["to"], thread["to"])
        for thread, row in rows
        if row["decision"] == "draft" and thread["label"] == "rejection"
    ]
    wrong = [case for case in asked if case[1] != (case[2] or "").lower()]
    print(f"threads: {len(asked)} noes drafted on, {len(wrong)} of them to somebody else")
    assert len(asked) >= 34
    assert wrong == []


def test_few_other_answers_are_taken_for_a_no(rows):
    wrong = [
        thread["id"]
        for thread, row in rows
        if row["decision"] == "draft" and thread["label"] != "rejection"
    ]
    assert len(wrong) <= 2, wrong
