"""Whose word counts on whether a sender is who they say."""

import pytest

from inboxbot.core.authentication import dmarc
from tests.make import message

MINE = "mx.home.example"
FAIL = f"{MINE}; spf=pass; dmarc=fail header.from=acme.example"
FORGED = "mx.elsewhere.example; dmarc=pass header.from=acme.example"


@pytest.mark.threat("D12")
@pytest.mark.parametrize(
    ("headers", "server", "verdict"),
    [
        ((), MINE, ""),
        ((FAIL,), MINE, "fail"),
        ((FORGED, FAIL), MINE, "fail"),
        ((FAIL, FORGED), "", "fail"),
        ((FORGED,), MINE, ""),
        ((f"{MINE} 1; dkim=pass", f"{MINE}; DMARC = Pass"), "MX.home.example", "pass"),
        (("", ";", "dmarc=fail"), MINE, ""),
    ],
)
def test_the_providers_own_verdict_counts_and_no_other(headers, server, verdict):
    assert dmarc(message(authentication=headers), server) == verdict
