"""The sample mailbox is read as its author meant it."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inboxbot.core.history import normal_employer, normal_role
from inboxbot.core.plan import Action, Decision, LeaveAlone, Reason, SaveDraft
from inboxbot.demo import Demo, run_demo, samples
from inboxbot.resources import DEMO_MAILBOX
from tests.daemon.world import Clock
from tests.make import NOW

_TABLE = tomllib.loads((Path(__file__).with_name("demo_expected.toml")).read_text(encoding="utf-8"))
EXPECTED = {name.removesuffix(".eml"): row for name, row in _TABLE.items()}
REJECTIONS = [name for name, row in EXPECTED.items() if row["label"] == "rejection"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    return run_demo(tmp_path_factory.mktemp("demo") / "out", Clock(NOW))


@pytest.fixture(scope="module")
def handled(demo: Demo) -> dict[str, Action]:
    """Return what was done about each mail, by the sample's name."""
    names = {sample.arrived: sample.name for sample in samples(NOW, demo.app.zone)}
    return {
        names[action.reading.message.received]: action
        for action in demo.first.report.plan
        if isinstance(action, SaveDraft | LeaveAlone)
    }


def test_every_sample_is_described_and_every_description_has_its_sample():
    assert {path.stem for path in DEMO_MAILBOX.glob("*.eml")} == set(EXPECTED)
    assert len(REJECTIONS) >= 8


@pytest.mark.parametrize("name", REJECTIONS)
def test_a_rejection_is_decided_as_it_should_be(name: str, handled: dict[str, Action]):
    expected: dict[str, Any] = EXPECTED[name]
    action = handled[name]
    assert str(action.judgement.decision) == expected["decision"]
    assert (action.judgement.reason or None) == expected.get("reason")
    facts = action.reading.facts
    assert normal_employer(facts.employer) == normal_employer(expected["employer"])
    assert normal_role(facts.role) == normal_role(expected.get("role"))
    if isinstance(action, SaveDraft):
        assert action.draft.to.addr == expected["to"]
        assert str(action.judgement.stage) == expected["stage"]


def test_nothing_else_is_answered(handled: dict[str, Action]):
    drafted = {name for name, action in handled.items() if isinstance(action, SaveDraft)}
    assert drafted <= set(REJECTIONS)
    settled = {
        name for name, action in handled.items() if action.judgement.decision is not Decision.REVIEW
    }
    withdrawn = handled.get("29-pellworth-withdrawn")  # reads like a no, and is none
    if withdrawn is not None:
        assert withdrawn.judgement.reason is Reason.WITHDRAWN_BY_USER
    assert settled <= {*REJECTIONS, "29-pellworth-withdrawn"}


def test_the_draft_that_the_readme_shows_is_the_demos_of_that_day(tmp_path: Path):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    shown = readme[readme.index("    To: Priya Raman") : readme.index("\nThe rejection itself")]
    told = subprocess.run(
        [sys.executable, "-m", "inboxbot", "demo", "--now", "2026-11-30T06:00:00+00:00"],
        cwd=tmp_path, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert " ".join(shown.split()) in " ".join(told.split())
