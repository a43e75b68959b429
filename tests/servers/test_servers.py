"""The servers and clients that other tests rest on do what a mailbox and a person do."""

import smtplib
import ssl
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError
from playwright.sync_api import Page

from tests.clients import neomutt
from tests.clients import roundcube as webmail
from tests.servers.dovecot import Account, Dovecot, StoredMail
from tests.servers.folders import ENGLISH, GERMAN, Folders
from tests.servers.process import Server, ServerFailedError
from tests.servers.require import require, require_beside
from tests.servers.roundcube import Roundcube
from tests.servers.sink import Accepted, Sink
from tests.servers.wait import wait_for

REJECTION = b"""\
From: Recruiting <jobs@corp.example>\r
To: alice@test.example\r
Subject: Your application\r
Date: Mon, 16 Nov 2026 10:00:00 +0000\r
Message-ID: <rejection@corp.example>\r
\r
We will not be moving forward.\r
"""
DRAFT = """\
From: {sender}\r
To: Recruiting <jobs@corp.example>\r
Subject: Re: Your application\r
Date: Mon, 16 Nov 2026 11:00:00 +0000\r
Message-ID: <draft@test.example>\r
In-Reply-To: <rejection@corp.example>\r
References: <rejection@corp.example>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Thank you, Zoë. What would have made me a stronger candidate?\r
"""
TEXT = "Thank you, Zoë. What would have made me a stronger candidate?"


def append_draft(imap: IMAPClient, account: Account, folders: Folders = ENGLISH) -> None:
    draft = DRAFT.format(sender=account.address)
    imap.append(folders.drafts, draft.encode(), flags=[rb"\Draft"])


def append_another_draft(imap: IMAPClient, account: Account) -> None:
    other = DRAFT.replace("Re: Your application", "Re: Another").format(sender=account.address)
    imap.append(ENGLISH.drafts, other.encode(), flags=[rb"\Draft"])


def messages(imap: IMAPClient, folder: str) -> list[EmailMessage]:
    imap.select_folder(folder, readonly=True)
    found = imap.fetch(imap.search(), ["BODY.PEEK[]"])
    return [parsed(found[uid][b"BODY[]"]) for uid in sorted(found)]


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def text(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def assert_a_person_sent_the_draft(accepted: Accepted, imap: IMAPClient, expected: str) -> None:
    (filed,) = messages(imap, ENGLISH.sent)
    for message in (parsed(accepted.content), filed):
        assert message["In-Reply-To"] == "<rejection@corp.example>"
        assert message["Message-ID"] == "<draft@test.example>"
        assert text(message) == expected
    assert accepted.recipients == ("jobs@corp.example",)


def test_a_program_that_is_not_installed_skips_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install no-such-package"):
        require("no-such-program", "no-such-package")


def test_a_program_that_is_not_installed_fails_the_test_on_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install no-such-package"):
        require("no-such-program", "no-such-package")


def test_a_program_that_is_not_unpacked_beside_dovecot_skips_the_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get download no-such && dpkg -x no-such"):
        require_beside("usr/bin/no-such", "no-such")


def test_what_is_awaited_in_vain_is_named() -> None:
    with pytest.raises(TimeoutError, match="the moon"):
        wait_for(lambda: False, seconds=0.01, what="the moon")


def test_a_server_that_ends_at_once_shows_its_log() -> None:
    server = Server("broken", port=1)
    try:
        with pytest.raises(ServerFailedError, match="no such setting"):
            server.start(
                [sys.executable, "-c", "raise SystemExit('no such setting')"],
                answers=lambda: False,
            )
    finally:
        server.remove()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_an_appended_message_is_found_by_its_message_id(
    dovecot: Dovecot, account: Account, *, tls: bool
) -> None:
    with dovecot.log_in(account, tls=tls) as imap:
        imap.append("INBOX", REJECTION)
        imap.select_folder("INBOX")
        assert imap.search(["HEADER", "Message-ID", "<rejection@corp.example>"]) == [1]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_certificate_holds_for_both_names_of_loopback(dovecot: Dovecot, host: str) -> None:
    context = ssl.create_default_context(cafile=str(dovecot.ca_file))
    # As Python 3.13 does by default.
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    client = IMAPClient(host, dovecot.tls_port, ssl_context=context)
    client.shutdown()


def test_the_certificate_is_trusted_by_nobody_else(dovecot: Dovecot) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient(dovecot.host, dovecot.tls_port)


def test_a_wrong_password_is_refused(dovecot: Dovecot, account: Account) -> None:
    with pytest.raises(LoginError):
        dovecot.log_in(Account(account.name, "wrong"))


def test_a_user_logs_in_by_address_too(dovecot: Dovecot, account: Account) -> None:
    with dovecot.log_in(Account(account.address, account.password)) as imap:
        assert imap.folder_exists("INBOX")


def test_a_new_user_sees_nobody_elses_mail(dovecot: Dovecot, imap: IMAPClient) -> None:
    imap.append("INBOX", REJECTION)
    with dovecot.log_in(dovecot.bob) as other:
        assert messages(other, "INBOX") == []


def test_loaded_mail_keeps_its_order_and_date_and_flags(
    dovecot: Dovecot, account: Account, imap: IMAPClient
) -> None:
    received = datetime(2026, 11, 16, 10, tzinfo=UTC)
    contents = [b"Subject: %d\r\n\r\n" % number for number in range(12)]
    mails = [StoredMail(content=one, received=received, flags=(r"\Seen",)) for one in contents]
    dovecot.load(account, "Bewerbungen/Zürich", mails)
    imap.normalise_times = False
    imap.select_folder("Bewerbungen/Zürich", readonly=True)
    found = imap.fetch(imap.search(), ["BODY.PEEK[]", "INTERNALDATE", "FLAGS"])
    assert [found[uid][b"BODY[]"] for uid in sorted(found)] == contents
    assert {one[b"INTERNALDATE"] for one in found.values()} == {received}
    assert all(rb"\Seen" in one[b"FLAGS"] for one in found.values())


def test_special_use_names_the_folders_in_any_language() -> None:
    with Dovecot(folders=GERMAN) as dovecot, dovecot.log_in(dovecot.alice) as imap:
        assert imap.find_special_folder(rb"\Drafts") == "Entwürfe"
        assert imap.find_special_folder(rb"\Sent") == "Gesendet"


def test_a_server_without_special_use_has_the_folders_alone() -> None:
    with Dovecot(special_use=False) as dovecot, dovecot.log_in(dovecot.alice) as imap:
        listed = {name: flags for flags, _, name in imap.list_folders()}
        assert rb"\Drafts" not in listed["Drafts"]


def test_a_server_without_uidplus_does_not_say_where_a_message_went() -> None:
    with Dovecot(uidplus=False) as dovecot, dovecot.log_in(dovecot.alice) as imap:
        assert not imap.has_capability("UIDPLUS")
        assert b"APPENDUID" not in imap.append("INBOX", REJECTION)
        assert len(messages(imap, "INBOX")) == 1


def test_a_killed_server_cuts_its_connections_and_keeps_its_mail() -> None:
    with Dovecot() as dovecot:
        with dovecot.log_in(dovecot.alice) as imap:
            imap.append("INBOX", REJECTION)
            dovecot.kill()
            with pytest.raises((IMAPClientError, OSError)):
                imap.noop()
        dovecot.start()
        with dovecot.log_in(dovecot.alice) as imap:
            assert len(messages(imap, "INBOX")) == 1


def test_the_sink_keeps_what_it_accepts(sink: Sink) -> None:
    with smtplib.SMTP(sink.host, sink.port) as client:
        client.sendmail("carol@test.example", ["jobs@corp.example"], REJECTION)
    accepted = sink.wait_for_message(sender="carol@test.example")
    assert accepted.recipients == ("jobs@corp.example",)
    assert accepted.content == REJECTION


def test_a_draft_is_edited_and_sent_from_roundcube(
    roundcube: Roundcube,
    sink: Sink,
    account: Account,
    imap: IMAPClient,
    browser_page: Page,
    tmp_path: Path,
) -> None:
    append_draft(imap, account)
    imap.append("INBOX", REJECTION)
    webmail.log_in(browser_page, roundcube, account)
    webmail.open_message(browser_page, roundcube, "Your application")
    webmail.screenshot(browser_page, tmp_path / "rejection.png")
    webmail.open_draft(browser_page, roundcube, "Re: Your application")
    webmail.screenshot(browser_page, tmp_path / "draft.png")
    assert webmail.body(browser_page).strip() == TEXT
    webmail.edit(browser_page, f"{TEXT}\n\nKind regards\n")
    webmail.send(browser_page)
    accepted = sink.wait_for_message(sender=account.address)
    assert_a_person_sent_the_draft(accepted, imap, f"{TEXT}\n\nKind regards\n")
    assert messages(imap, ENGLISH.drafts) == []


def test_a_draft_is_edited_and_sent_from_neomutt(
    dovecot: Dovecot, sink: Sink, account: Account, imap: IMAPClient
) -> None:
    append_draft(imap, account)
    with neomutt.neomutt(dovecot, sink, account, addition="\nKind regards\n") as terminal:
        neomutt.recall_draft(terminal, "Re: Your application")
        neomutt.send(terminal)
    accepted = sink.wait_for_message(sender=account.address)
    assert_a_person_sent_the_draft(accepted, imap, f"{TEXT}\n\nKind regards\n")
    assert messages(imap, ENGLISH.drafts) == []


def test_one_draft_of_several_is_sent_from_neomutt(
    dovecot: Dovecot, sink: Sink, account: Account, imap: IMAPClient
) -> None:
    append_another_draft(imap, account)
    append_draft(imap, account)
    append_another_draft(imap, account)
    with neomutt.neomutt(dovecot, sink, account) as terminal:
        neomutt.recall_draft(terminal, "Re: Your application")
        neomutt.send(terminal)
    accepted = sink.wait_for_message(sender=account.address)
    assert_a_person_sent_the_draft(accepted, imap, f"{TEXT}\n")
    assert [one["Subject"] for one in messages(imap, ENGLISH.drafts)] == ["Re: Another"] * 2
