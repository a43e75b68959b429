"""The sample mailbox is read as its author meant it."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
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
    shown = readme.partition("    To: Priya Raman")[2].partition("Subject: ")[2]
    subject, _, rest = shown.partition("\n")
    letter = rest.partition("\nThe rejection itself")[0]
    demo = run_demo(tmp_path / "out", Clock(datetime(2026, 11, 30, 6, tzinfo=UTC)))
    (draft,) = (
        action.draft
        for action in demo.first.report.plan
        if isinstance(action, SaveDraft) and action.draft.to.name == "Priya Raman"
    )
    assert subject == draft.subject
    mail = message_from_bytes(draft.data, _class=EmailMessage, policy=default)
    assert " ".join(mail.get_content().split()).startswith(" ".join(letter.split()))
