"""On real rejections, annotated by hand, facts are read as often as issue 3 asks for."""

from pathlib import Path

from inboxbot.senders import load_senders
from tests.core.facts_real import figures, judged

FLOORS = {
    "employer": 0.93,
    "role": 0.90,
    "stage": 0.85,
    "stated_reason": 0.80,
    "refuses_feedback": 0.93,
    "offers_feedback": 0.93,
    "gives_feedback": 0.93,
    "keep_on_file": 0.90,
}


def test_facts_of_annotated_rejections_reach_the_floors(shared: Path) -> None:
    found = figures(list(judged(load_senders())))
    assert {name: share for name, share in found.items() if share < FLOORS[name]} == {}
