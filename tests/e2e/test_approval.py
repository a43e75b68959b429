"""A person approves a draft in a real mail client, and the next poll notices."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.clients import roundcube as webmail
from tests.clients import thunderbird
from tests.clients.neomutt import neomutt, recall_draft, send
from tests.daemon.world import REJECTION, letter
from tests.e2e.command import Command, imap_command
from tests.servers.dovecot import Account, Dovecot, StoredMail
from tests.servers.roundcube import Roundcube
from tests.servers.sink import Sink

SUBJECT = "Your application"


@pytest.fixture
def polled(dovecot: Dovecot, account: Account, tmp_path: Path) -> Command:
    """Provide an account with one rejection, polled once."""
    when = datetime.now(UTC) - timedelta(hours=3)
    mail = letter(
        "Jo Park <jo@harbourmaps.example>", SUBJECT, REJECTION, to=account.address, when=when,
        message_id="r1",
    )  # fmt: skip
    dovecot.load(account, "INBOX", [StoredMail(content=mail, received=when)])
    command = imap_command(tmp_path, dovecot, account)
    command.run("poll")
    assert command.kinds() == ["seen", "draft_planned", "draft_saved"]
    time.sleep(1.1)  # INTERNALDATE counts whole seconds
    return command


def test_a_draft_sent_in_roundcube_is_journalled_as_sent(
    polled: Command, account: Account, roundcube: Roundcube, sink: Sink, browser_page: Page,
    tmp_path: Path,
):  # fmt: skip
    webmail.log_in(browser_page, roundcube, account)
    webmail.open_draft(browser_page, roundcube, f"Re: {SUBJECT}")
    assert "Harbour Maps" in webmail.body(browser_page)
    webmail.screenshot(browser_page, tmp_path / "draft.png")
    webmail.send(browser_page)
    accepted = sink.wait_for_message(sender=account.address)
    assert list(accepted.recipients) == ["jo@harbourmaps.example"]
    polled.run("poll")
    assert polled.kinds()[-1] == "sent"


def test_a_draft_edited_and_sent_in_roundcube_is_journalled_as_sent(
    polled: Command, account: Account, roundcube: Roundcube, sink: Sink, browser_page: Page
):
    webmail.log_in(browser_page, roundcube, account)
    webmail.open_draft(browser_page, roundcube, f"Re: {SUBJECT}")
    webmail.edit(browser_page, "Dear Jo, thank you. What would have helped most?")
    webmail.send(browser_page)
    sink.wait_for_message(sender=account.address)
    polled.run("poll")
    assert polled.kinds()[-1] == "sent"


def test_a_draft_sent_in_neomutt_is_journalled_as_sent(
    polled: Command, dovecot: Dovecot, account: Account, sink: Sink
):
    with neomutt(dovecot, sink, account) as terminal:
        recall_draft(terminal, f"Re: {SUBJECT}")
        send(terminal)
    accepted = sink.wait_for_message(sender=account.address)
    assert list(accepted.recipients) == ["jo@harbourmaps.example"]
    polled.run("poll")
    assert polled.kinds()[-1] == "sent"


@pytest.mark.by_hand
@pytest.mark.slow
def test_a_draft_sent_in_thunderbird_is_journalled_as_sent(
    polled: Command, dovecot: Dovecot, account: Account, sink: Sink
):
    with thunderbird.thunderbird(dovecot, sink, account) as running:
        thunderbird.open_draft(running, f"Re: {SUBJECT}")
        thunderbird.edit(running, "Danke für Ihre Mühe. ")
        thunderbird.send(running)
    accepted = sink.wait_for_message(sender=account.address)
    assert list(accepted.recipients) == ["jo@harbourmaps.example"]
    assert "Danke für Ihre Mühe. ".encode() in accepted.content
    # Sent under an ID of its own: nothing but the thread leads back to the draft.
    (draft,) = (one["message"] for one in polled.events() if one["event"] == "draft_saved")
    assert draft.encode() not in accepted.content
    polled.run("poll")
    assert polled.kinds()[-1] == "sent"


def test_a_draft_moved_to_trash_is_journalled_as_discarded(
    polled: Command, dovecot: Dovecot, account: Account
):
    with dovecot.log_in(account) as client:
        client.select_folder(dovecot.folders.drafts)
        client.move(client.search(), dovecot.folders.trash)
    polled.run("poll")
    assert polled.kinds()[-1] == "discarded"
    polled.run("poll")
    with dovecot.log_in(account) as client:
        assert client.folder_status(dovecot.folders.drafts, ["MESSAGES"])[b"MESSAGES"] == 0


def test_reading_sets_no_flag_of_the_users_mail(
    polled: Command, dovecot: Dovecot, account: Account
):
    with dovecot.log_in(account) as client:
        client.select_folder("INBOX", readonly=True)
        for flags in client.get_flags(client.search()).values():
            assert b"\\Seen" not in flags
        client.select_folder(dovecot.folders.drafts, readonly=True)
        (flags,) = client.get_flags(client.search()).values()
        assert {b"\\Draft", b"\\Seen"} <= set(flags)
    assert polled.kinds()
