"""A whole search, looked back at: the journal's events → what came of it, in counts and words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from inboxbot.core.history import History
from inboxbot.core.plan import Event
from inboxbot.core.report import Outcome, build_report
from inboxbot.core.summary.needs import waiting_drafts
from inboxbot.core.summary.talks import written_about
from inboxbot.core.summary.values import Feedback, Prompt, WaitingDraft
from inboxbot.core.summary.weeks import Span
from inboxbot.core.text import clean
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import LONGEST_NAME, Job, WeekLog

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
    report = build_report(events, history, zone=zone, now=now)
    became = Counter(story.outcome for story in report.stories)
    log = WeekLog(tuple(events), history, since=EPOCH, end=now)
    at = Span(since=EPOCH, now=now, end=now, zone=zone)
    return Search(
        account=clean(account, LONGEST_NAME),
        first_day=report.first_day,
        last_day=report.last_day,
        applications=len(report.stories),
        talks=sum(story.talked for story in report.stories),
        declined=became[Outcome.DECLINED],
        unrelated=report.unrelated,
        unanswered=became[Outcome.SILENT],
        feedback=report.feedback[:_MOST_SHOWN][::-1],
        written=tuple(written_about(log, at))[-_MOST_SHOWN:],
        drafts=tuple(waiting_drafts(log, at)),
        drafts_folder=clean(drafts_folder, LONGEST_NAME),
        still_open=tuple(story.job for story in report.stories if story.outcome is Outcome.OPEN),
    )
