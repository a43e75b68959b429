"""Readings, messages and situations for tests: only what a test is about is named in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from inboxbot.core.answers import answer_event, question_of
from inboxbot.core.contact import Owner
from inboxbot.core.decide import Situation
from inboxbot.core.guards import Senders
from inboxbot.core.history import Entry, History
from inboxbot.core.joining import application_of
from inboxbot.core.plan import Event
from inboxbot.core.policy import Policy, Thresholds
from inboxbot.core.types import (
    Address,
    Facts,
    Key,
    Label,
    Locator,
    Message,
    Reading,
    Verdict,
)
from inboxbot.senders import load_senders

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ME = "mara@home.example"
OWNER = Owner(address=ME, name="Mara Lind", addresses=frozenset({ME, "jobs@mara.example"}))
SENDERS: Senders = load_senders()
THRESHOLDS = Thresholds(draft=0.9, review=0.3)


def message(sender: str = "Jo Park <jo@acme.example>", **fields: Any) -> Message:
    name, _, addr = sender.rpartition("<")
    author = Address(addr.rstrip(">"), name.strip())
    given: dict[str, Any] = {
        "from_": (author,),
        "to": (Address(ME),),
        "subject": "Your application",
        "received": NOW - timedelta(hours=2),
        **fields,
    }
    given.setdefault("message_id", f"{abs(hash((sender, given['received'], given['subject'])))}@x")
    given.setdefault("key", Key(given["message_id"].replace("@", "")[:32].ljust(32, "a")))
    return Message(**given)


def verdict(probability: float = 0.99, label: Label = Label.REJECTION) -> Verdict:
    rest = (1 - probability) / (len(Label) - 1)
    spread = dict.fromkeys(Label, rest) | {Label.REJECTION: probability}
    if label is not Label.REJECTION:
        spread = dict.fromkeys(Label, 0.001) | {label: 0.99, Label.REJECTION: probability}
    return Verdict(
        label=label, probability=probability, probabilities=spread, evidence="We chose another."
    )


def rejection(
    sender: str = "Jo Park <jo@acme.example>", facts: Facts | None = None, **fields: Any
) -> Reading:
    found = facts or Facts(employer="Acme", role="Designer", language="en")
    return Reading(
        message=message(sender, **fields), verdict=verdict(), facts=found,
        folder="INBOX", locator=Locator("1"),
    )  # fmt: skip


def mail(label: Label, sender: str, facts: Facts | None = None, **fields: Any) -> Reading:
    found = facts or Facts(employer="Acme", role="Designer", language="en")
    return Reading(
        message=message(sender, **fields), verdict=verdict(0.001, label), facts=found,
        folder="INBOX", locator=Locator("2"),
    )  # fmt: skip


def history_of(*readings: Reading, own: tuple[Reading, ...] = ()) -> History:
    """Return a history of incoming mail, oldest first, and mail of the user's own."""
    history = History()
    everything = [*((reading, False) for reading in readings), *((r, True) for r in own)]
    for reading, mine in sorted(everything, key=lambda pair: pair[0].message.when):
        history.add(
            Entry(reading=reading, application=application_of(reading, history, SENDERS), own=mine)
        )
    return history


def situation(policy: Policy | None = None, **fields: Any) -> Situation:
    given: dict[str, Any] = {
        "owner": OWNER, "senders": SENDERS, "policy": policy or Policy(),
        "thresholds": THRESHOLDS, "now": NOW,
    }  # fmt: skip
    return Situation(**{**given, **fields})


def with_facts(reading: Reading, **facts: Any) -> Reading:
    return replace(reading, facts=replace(reading.facts, **facts))


def answer_to(history: History, reading: Reading) -> Event | None:
    """Return what a mail means for the question that it answers, None where it answers none."""
    record = question_of(reading, history, SENDERS)
    return answer_event(reading, record, SENDERS, NOW) if record is not None else None
