"""Reflections as values: what the user wrote, about which application, as events and back."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from inboxbot.core.plan import Event, EventKind
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import member

_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no look-alikes; no vowels, so no words
_ANCHOR_LENGTH = 4


class Question(StrEnum):
    """What a reflection answers."""

    WELL = "well"
    DIFFERENTLY = "differently"
    REASONS = "reasons"  # which other reasons could the no have had?
    FREE = "free"  # no question, or more than one of them


class OtherReason(StrEnum):
    """What a no may have been due to, in the order of the list; the user's own part is in it."""

    DECIDED = "decided"  # within the house: filled from inside, frozen, changed
    CLOSER = "closer"  # somebody else had done just this before
    SKILL = "skill"  # one that the user lacks as yet
    EXPLAINED = "explained"  # something the user can do, but explained badly
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """What the user wrote, word for word, or ticked."""

    question: Question
    text: str
    application: str = ""  # "" where it could be about any
    ticks: tuple[OtherReason, ...] = ()
    via: str = ""  # "reply" or "terminal"
    week: str = ""  # of the letter that asked
    time: datetime = EPOCH


def anchor_of(application: str) -> str:
    """Return the mark of an application, "r-7kq2": shown beside a prompt, found in a reply."""
    number = int.from_bytes(hashlib.sha256(application.encode()).digest()[:8], "big")
    letters = []
    for _ in range(_ANCHOR_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return f"r-{''.join(letters)}"


def reflected(reflection: Reflection, now: datetime, message: str = "") -> Event:
    """Return the record of a reflection; `message` is the key of the reply that it stands in."""
    payload: dict[str, Any] = {
        "text": reflection.text,
        "question": reflection.question,
        "via": reflection.via,
        "week": reflection.week,
    }
    if reflection.question is Question.REASONS:
        payload["ticks"] = list(reflection.ticks)
    return Event(
        kind=EventKind.REFLECTED, time=now, application=reflection.application, message=message,
        payload=payload,
    )  # fmt: skip


def reflections_in(events: Iterable[Event]) -> tuple[Reflection, ...]:
    """Return what the user has written, oldest first; no word of a later program is dropped."""
    return tuple(_reflection(event) for event in events if event.kind is EventKind.REFLECTED)


def _reflection(event: Event) -> Reflection:
    told: Mapping[str, Any] = event.payload
    ticked = told.get("ticks")
    ticks = ticked if isinstance(ticked, list) else []
    return Reflection(
        question=member(Question, told.get("question")) or Question.FREE,
        text=str(told.get("text") or ""),
        application=event.application,
        ticks=tuple(tick for name in ticks if (tick := member(OtherReason, name))),
        via=str(told.get("via") or ""),
        week=str(told.get("week") or ""),
        time=event.time,
    )
