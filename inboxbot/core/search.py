"""A whole search, looked back at: the journal's events → what came of it, in counts and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from inboxbot.core.history import History
from inboxbot.core.plan import Event
from inboxbot.core.summary.happened import STILL_OPEN_FOR, feedback
from inboxbot.core.summary.needs import waiting_drafts
from inboxbot.core.summary.talks import written_about
from inboxbot.core.summary.values import (
    AFTER_TALK,
    NOT_ABOUT_YOU,
    Feedback,
    Prompt,
    WaitingDraft,
)
from inboxbot.core.summary.weeks import Span
from inboxbot.core.text import clean
from inboxbot.core.types import EPOCH, Label, StatedReason
from inboxbot.core.weeklog import LONGEST_NAME, STEPS, Job, WeekLog, arrival, member

_OVER = frozenset({Label.REJECTION, Label.OFFER})
_CONCERNS_ONE = frozenset({*STEPS, Label.ACKNOWLEDGEMENT})
_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One account's search from its first mail to its end."""

    account: str
    first_day: date
    last_day: date
    applications: int = 0
    talks: int = 0  # applications in which somebody talked with the user
    declined: int = 0
    unrelated: int = 0  # of those: for a reason that would have been the same for anybody
    unanswered: int = 0  # not a word in six weeks
    feedback: tuple[Feedback, ...] = ()
    written: tuple[Prompt, ...] = ()
    drafts: tuple[WaitingDraft, ...] = ()
    drafts_folder: str = ""
    still_open: tuple[Job, ...] = ()


def search_of(
    events: Sequence[Event], history: History, *, account: str, zone: tzinfo, now: datetime,
    drafts_folder: str = "",
) -> Search:  # fmt: skip
    """Return the whole search, up to now."""
    log = WeekLog(tuple(events), history, since=EPOCH, end=now)
    at = Span(since=EPOCH, now=now, end=now, zone=zone)
    newest = _newest(log)
    ended = [event for event in newest.values() if log.step(event) is Label.REJECTION]
    reasons = [member(StatedReason, event.payload.get("stated_reason")) for event in ended]
    still_open = tuple(
        log.job(event)
        for event in newest.values()
        if log.step(event) not in _OVER and arrival(event) >= now - STILL_OPEN_FOR
    )
    return Search(
        account=clean(account, LONGEST_NAME),
        first_day=at.day_of(min(map(arrival, newest.values()), default=now)),
        last_day=at.day_of(now),
        applications=len(newest),
        talks=sum(_had_a_talk(application, log) for application in newest),
        declined=len(ended),
        unrelated=sum(reason in NOT_ABOUT_YOU for reason in reasons),
        unanswered=sum(log.step(event) not in _OVER for event in newest.values()) - len(still_open),
        feedback=tuple(feedback(log, at))[-_MOST_SHOWN:],
        written=tuple(written_about(log, at))[-_MOST_SHOWN:],
        drafts=tuple(waiting_drafts(log, at)),
        drafts_folder=clean(drafts_folder, LONGEST_NAME),
        still_open=still_open,
    )


def _newest(log: WeekLog) -> dict[str, Event]:
    """Return the newest word about each application."""
    return {
        application: event
        for application, events in log.applications.items()
        for event in events
        if log.step(event) in _CONCERNS_ONE
    }


def _had_a_talk(application: str, log: WeekLog) -> bool:
    return any(
        log.step(event) is Label.INTERVIEW
        or (log.step(event) in STEPS and log.stage(event) in AFTER_TALK)
        for event in log.applications[application]
    )
