"""deploy/verify_gmail.py sees at the stand-in what the stand-in does, right or wrong."""

import importlib.util
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.mailbox.gmail_bench import account_of
from tests.mailbox.gmail_session import Clock, stand_in
from tests.servers.gmail.stand_in import GmailStandIn

SCRIPT = Path(__file__).parents[2] / "deploy" / "verify_gmail.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_gmail", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_gmail"] = module
    spec.loader.exec_module(module)
    return module


def user_of(gmail: GmailStandIn) -> Callable[[str], object]:
    """Return somebody who does what is asked."""

    def does(sentence: str) -> None:
        if "archive" in sentence:
            in_inbox = [one for one in gmail.box.messages.values() if "INBOX" in one.labels]
            gmail.as_user.archive(min(in_inbox, key=lambda one: one.received_ms).id)
            return
        (draft,) = gmail.box.drafts
        if "press Send" in sentence:
            gmail.as_user.send_draft(draft)
        else:
            gmail.as_user.edit_draft(draft, text="Grüße, and a word more")

    return does


def seen(script: ModuleType, **how: Any) -> dict[int, tuple[bool, str]]:
    clock = Clock()
    with stand_in(clock, **how) as gmail:
        with script.looking(account_of(gmail), user_of(gmail), clock, clock.pace) as look:
            found = {one.number: (one.holds, one.what) for one in look.all()}
        assert gmail.forbidden == []
        assert gmail.quota.refused == 0
    return found


def test_all_guesses_are_right_at_the_stand_in(script):
    found = seen(script)
    assert sorted(found) == list(range(1, 14))
    assert [number for number, (holds, _) in found.items() if not holds] == []
    assert found[2][1] == "kept"
    assert found[5][1] == "sent under our Message-ID"


def test_what_is_otherwise_is_told(script):
    found = seen(script, message_ids="rewritten", search_lag=timedelta(seconds=40))
    assert found[2] == (True, "in the other field")
    assert found[5] == (True, "sent under another Message-ID")
    assert found[8] == (True, "found after 40 s")
    lost = seen(script, message_ids="rewritten", keeps_former_ids=False)
    assert lost[2] == (False, "lost")


def test_the_list_and_the_checks_are_the_same(script):
    text = script.__doc__ or ""
    assert all(f"\n{number:2}. " in text for number in range(1, 14))
