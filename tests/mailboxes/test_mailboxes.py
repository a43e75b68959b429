"""Whole mailboxes, played on a Maildir and on Dovecot, in one batch and step by step."""

from pathlib import Path

import pytest
from imapclient import IMAPClient

from inboxbot.core.plan import Reason
from tests.mailbox.benches import MaildirBench, dovecot_bench
from tests.mailboxes.corpus import Deed, Mailbox, mailboxes
from tests.mailboxes.play import differences, play
from tests.servers.dovecot import Account, Dovecot

ALL = mailboxes()
WAYS = ("batch", "step")
each = pytest.mark.parametrize("mailbox", ALL, ids=lambda mailbox: mailbox.name)


# Every day one way each, by turns; both on CI.
BY_TURNS = [
    pytest.param(mailbox, way, id=f"{mailbox.name}-{way}", marks=[pytest.mark.slow] * (turn % 2))
    for number, mailbox in enumerate(ALL)
    for turn, way in enumerate(WAYS, number)
]


@pytest.mark.parametrize(("mailbox", "way"), BY_TURNS)
def test_a_mailbox_ends_as_expected_on_a_maildir(mailbox: Mailbox, way: str, tmp_path: Path):
    bench = MaildirBench(tmp_path / "Maildir", plain=False)
    outcome = play(mailbox, bench, tmp_path, way)
    assert not differences(outcome, mailbox.expected[way])


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@each
def test_a_mailbox_ends_as_expected_on_dovecot(
    mailbox: Mailbox, way: str, tmp_path: Path, dovecot: Dovecot, account: Account, imap: IMAPClient
):
    outcome = play(mailbox, dovecot_bench(dovecot, account, imap), tmp_path, way)
    assert not differences(outcome, mailbox.expected[way])


def test_there_are_enough_of_them_and_they_cover_every_reason_and_deed():
    assert len(ALL) >= 60
    reasons = {
        reason
        for mailbox in ALL
        for expected in mailbox.expected.values()
        for reason in (*expected.left.values(), *expected.withdrawn.values())
    }
    assert {step.do for mailbox in ALL for step in mailbox.steps} >= set(Deed)
    # A mail that breaks the reader twice is `unreadable`: no mail is known to (tests/reader).
    elsewhere = {Reason.NOT_REJECTION, Reason.BELOW_THRESHOLD, Reason.UNREADABLE}
    assert set(Reason) - reasons <= elsewhere
    assert any(mailbox.expected["batch"].review for mailbox in ALL)
