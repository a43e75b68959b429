"""A person answers the weekly summary in a real mail client, and the next poll keeps the words."""

import mailbox
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from inboxbot.core.reflect import anchor_of
from tests.clients import roundcube as webmail
from tests.clients.neomutt import neomutt, reply, send
from tests.daemon.world import letter
from tests.e2e.command import Command, imap_command
from tests.servers.dovecot import Account, Dovecot, StoredMail
from tests.servers.roundcube import Roundcube
from tests.servers.sink import Sink

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC)
WEEK = f"{NOW:%G-W%V}"
SUBJECT = f"Your week {NOW.isocalendar().week}"
INVITATION = """Dear Alice,

Thank you for your application. We would like to invite you to an interview for the {role} role at
{employer} on Tuesday at 10:00. Please let me know whether that suits you.

Kind regards
{name}
{employer}
"""
NO = """Dear Alice,

Thank you for taking the time to interview with us for the {role} role at {employer}. After careful
consideration we have decided to move forward with another candidate.

Kind regards
{name}
{employer}
"""
TALKS = (
    ("Northwind Maps", "Product Designer", "Jo Park", "jo@northwindmaps.example"),
    ("Brightwell Labs", "Researcher", "Ann Bell", "ann@brightwell.example"),
)


def talks(address: str) -> Iterator[StoredMail]:
    """Yield the mail of two talks that ended in a no."""
    for number, (employer, role, name, sender) in enumerate(TALKS):
        for text, days in ((INVITATION, 9), (NO, 1)):
            when = NOW - timedelta(days=days, hours=number)
            content = letter(
                f"{name} <{sender}>", f"{role} at {employer}",
                text.format(employer=employer, role=role, name=name),
                to=address, when=when, message_id=f"{days}-{number}-{address.partition('@')[0]}",
            )  # fmt: skip
            yield StoredMail(content=content, received=when)


def deliver(command: Command) -> Command:
    """Poll, and put the summary into the inbox."""
    command.run("poll")
    command.run("summary", "--deliver", "--week", WEEK)
    assert len(asked(command)) == 2
    return command


@pytest.fixture
def delivered(dovecot: Dovecot, account: Account, tmp_path: Path) -> Command:
    """Provide an account in which two talks have ended, and whose summary lies in the inbox."""
    dovecot.load(account, "INBOX", list(talks(account.address)))
    return deliver(imap_command(tmp_path, dovecot, account))


def asked(command: Command) -> dict[str, str]:
    """Return the conversations that the summary asks about: employer → application."""
    events = command.events()
    (told,) = [
        e["payload"]
        for e in events
        if e["event"] == "summary_delivered" and e["payload"].get("week") == WEEK
    ]
    names = {e["application"]: e["payload"]["employer"] for e in events if e["event"] == "seen"}
    return {names[application]: application for application in told["prompts"]}


def kept(command: Command) -> list[tuple[str, str, str]]:
    found: list[dict[str, Any]] = [e for e in command.events() if e["event"] == "reflected"]
    return [(e["application"], e["payload"]["question"], e["payload"]["text"]) for e in found]


def test_a_reply_written_in_roundcube_between_the_lines(
    delivered: Command, dovecot: Dovecot, account: Account, roundcube: Roundcube, sink: Sink,
    browser_page: Page, tmp_path: Path,
):  # fmt: skip
    first, second = asked(delivered).values()
    webmail.log_in(browser_page, roundcube, account)
    webmail.open_message(browser_page, roundcube, SUBJECT)
    webmail.screenshot(browser_page, tmp_path / "summary.png")
    webmail.reply(browser_page)
    text = webmail.body(browser_page)
    well, differently = "> What went well?", "> What would you do differently next time?"
    assert text.count(well) == text.count(differently) == 2
    text = text.replace(well, f"{well}\nDie Karte, größer als sonst. 🙂", 1)
    text = text.replace(differently, f"{differently}\nAsk about the team.\n\nAnd eat first.", 1)
    webmail.edit(browser_page, f"{text}\n\n{anchor_of(second)} It was too warm there.")
    webmail.screenshot(browser_page, tmp_path / "reply.png")
    webmail.send(browser_page)
    sent = sink.wait_for_message(sender=account.address)
    assert list(sent.recipients) == [account.address]
    delivered.run("poll")
    expected = [
        (first, "well", "Die Karte, größer als sonst. 🙂"),
        (first, "differently", "Ask about the team.\n\nAnd eat first."),
        (second, "free", "It was too warm there."),
    ]
    assert kept(delivered) == expected
    # And as a provider would have it: the same mail in the inbox as well.
    dovecot.load(account, "INBOX", [StoredMail(content=sent.content, received=datetime.now(UTC))])
    delivered.run("poll")
    assert kept(delivered) == expected


def test_a_reply_written_in_roundcube_above_the_quotation(
    delivered: Command, account: Account, roundcube: Roundcube, sink: Sink, browser_page: Page
):
    (first, one), _ = asked(delivered).items()
    webmail.log_in(browser_page, roundcube, account)
    webmail.open_message(browser_page, roundcube, SUBJECT)
    webmail.reply(browser_page)
    words = f"At {first} I was calm, and it showed."
    webmail.edit(browser_page, f"pause\n\n{words}\n\n{webmail.body(browser_page)}")
    webmail.send(browser_page)
    sink.wait_for_message(sender=account.address)
    delivered.run("poll")
    assert kept(delivered) == [(one, "free", words)]
    assert "until resumed" in delivered.run("status")


def test_a_reply_written_in_neomutt_between_the_lines(
    delivered: Command, dovecot: Dovecot, account: Account, sink: Sink
):
    first, second = asked(delivered).values()
    edit = (
        "0,/^> *What went well?/s/^> *What went well?.*/&\\nDie Karte. 🙂\\n\\nUnd die Legende./\n"
        "0,/^> *What would you do diff/s/^> *What would you do diff.*/&\\nSleep./\n"
    )
    addition = f"\n{anchor_of(second)}: too warm\n\n-- \nAlice\n"
    with neomutt(dovecot, sink, account, edit=edit, addition=addition, postponed=False) as terminal:
        reply(terminal, SUBJECT)
        send(terminal, leave=True)
    sink.wait_for_message(sender=account.address)
    delivered.run("poll")
    assert kept(delivered) == [
        (first, "well", "Die Karte. 🙂\n\nUnd die Legende."),
        (first, "differently", "Sleep."),
        (second, "free", "too warm"),
    ]


def test_a_reply_that_a_client_of_a_maildir_has_filed_in_sent(tmp_path: Path):
    box = mailbox.Maildir(tmp_path / "mail")
    sent, _ = box.add_folder("Sent"), box.add_folder("Drafts")
    for mail in talks("alice@test.example"):
        name = box.add(mail.content)
        file = next((tmp_path / "mail").rglob(f"{name}*"))
        os.utime(file, (mail.received.timestamp(),) * 2)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(
        f'[accounts.home]\nkind = "maildir"\naddress = "alice@test.example"\n'
        f'path = "{tmp_path / "mail"}"\nauthserv_id = "mx.test.example"\n'
    )
    command = deliver(Command(home))
    mails = [message_from_bytes(bytes(mail), policy=default) for mail in box]
    (summary,) = [mail for mail in mails if mail["Subject"] == SUBJECT]
    answer = EmailMessage()
    answer["From"] = answer["To"] = "alice@test.example"
    answer["Message-ID"] = "<answer@test.example>"
    answer["In-Reply-To"] = summary["Message-ID"]
    answer.set_content("pause\n\nBoth were fine.")
    box.add(answer.as_bytes())
    command.run("poll")
    assert "until resumed" not in command.run("status"), "nothing proves whose it is"
    sent.add(answer.as_bytes())
    command.run("poll")
    assert "until resumed" in command.run("status")
    assert [text for *_, text in kept(command)] == ["Both were fine."]
