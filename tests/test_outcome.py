"""A mail and what becomes of it fit on a line of the terminal, in words."""

import pytest

from inboxbot.core.plan import Decision, Reason
from inboxbot.outcome import count, line, outcome


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_that_fit_beside_the_mail(reason: Reason):
    words = outcome(Decision.LEAVE, reason, None)
    assert words
    assert "_" not in words
    assert len(line("Acme", "Tester", words, day="2026-11-20")) <= 79
    assert line("Acme", "Tester", words).endswith(words), "nothing is cut"


def test_who_is_asked_is_named():
    assert outcome(Decision.DRAFT, None, "jo@acme.example") == "asks jo@acme.example"
    assert outcome(Decision.THANKS, None, "jo@acme.example") == "thanks jo@acme.example"
    assert outcome(Decision.REVIEW, Reason.BELOW_THRESHOLD, None) == "asks you, in the summary"
    assert outcome("later", None, None) == "later"


def test_what_is_long_is_cut_and_what_would_command_the_terminal_is_plain():
    told = line("A" * 60, "B\x1b[31m" * 20, "asks " + "c" * 60, day="2026-11-20")
    assert len(told) == 79
    assert "\x1b" not in told
    assert told.count("…") == 2


def test_one_is_no_more_than_one():
    assert [count(number, "mail") for number in (0, 1, 2)] == ["0 mails", "1 mail", "2 mails"]
