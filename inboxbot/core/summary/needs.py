"""What needs the user: drafts that wait, mails in doubt, feedback that is on offer elsewhere."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from inboxbot.core.plan import Basis, Confidence, Decision, Event, EventKind, Reason
from inboxbot.core.summary.values import OfferedElsewhere, Question, WaitingDraft
from inboxbot.core.summary.weeks import Span
from inboxbot.core.weeklog import LONGEST_NAME, LONGEST_SENTENCE, WeekLog, line, member, merged

MOST_QUESTIONS = 3

_LIES_THERE = frozenset({EventKind.DRAFT_SAVED, EventKind.DRAFT_EDITED})
_LINK = re.compile(r"https?://[!#-;=?-Z\\\]_a-z~%\[]{1,1000}", re.IGNORECASE)


def waiting_drafts(log: WeekLog, at: Span) -> Iterator[WaitingDraft]:
    """Yield the drafts that lie in Drafts, the oldest first, whichever week they are from."""
    for letter in log.letters.values():
        if letter[-1].kind in _LIES_THERE:
            yield _waiting(letter, log, at)


def _waiting(letter: Sequence[Event], log: WeekLog, at: Span) -> WaitingDraft:
    about = merged(letter)
    saved = next(event for event in letter if event.kind in _LIES_THERE)
    return WaitingDraft(
        job=log.job(letter[0]),
        to=line(about, "to"),
        name=line(about, "name", LONGEST_NAME),
        subject=line(about, "subject"),
        folder=line(about, "folder", LONGEST_NAME),
        basis=member(Basis, about.get("basis")),
        confidence=member(Confidence, about.get("confidence")),
        since=at.day_of(saved.time),
        edited=letter[-1].kind is EventKind.DRAFT_EDITED,
        thanks=about.get("decision") == Decision.THANKS,
    )


def questions(log: WeekLog) -> list[Question]:
    """Return the mails in doubt, the likeliest rejection first.

    One that its application has left behind, by a plain no or a next step, is no question any more.
    """
    doubtful = [
        event
        for event in log.settled()
        if event.payload.get("decision") == Decision.REVIEW and not log.went_on_after(event)
    ]
    return [
        Question(
            job=log.job(event),
            sentence=line(log.about(event), "evidence", LONGEST_SENTENCE),
            message=event.message,
        )
        for event in sorted(doubtful, key=lambda event: -_probability(event, log))
    ]


def _probability(event: Event, log: WeekLog) -> float:
    value = log.about(event).get("probability")
    return float(value) if isinstance(value, int | float) else 0.0


def offers(log: WeekLog) -> Iterator[OfferedElsewhere]:
    """Yield the feedback that is on offer through a form."""
    for event in log.settled():
        if event.payload.get("reason") == Reason.OFFERED_ELSEWHERE:
            about = log.about(event)
            link = about.get("link") or about.get("offers_feedback_link")
            yield OfferedElsewhere(job=log.job(event), link=_safe_link(link))


def _safe_link(value: object) -> str:
    """Return a link that shows where it leads, "" for any other.

    Printable ASCII alone, so that no look-alike stands in its host; and nobody's name before
    the host: https://your-bank.example@elsewhere.example leads elsewhere.
    """
    if not isinstance(value, str) or not _LINK.fullmatch(value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:  # "https://[half"
        return ""
    return value if parts.hostname and "@" not in parts.netloc else ""
