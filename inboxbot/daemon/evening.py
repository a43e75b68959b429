"""The mails around a conversation: two questions on its evening, a brief before the next one.

Each comes once: by the meeting and its hour, or by the day. What the calendar says now decides
(moved, cancelled, declined), and the hour of the user's own clock (`core.evening`).
"""

from collections.abc import Sequence

from inboxbot.core.evening import Brief, Evening, brief_before, coming, evening_about, just_over
from inboxbot.core.focus import themes_in, voices_in
from inboxbot.core.identity import brief_key, evening_key
from inboxbot.core.meetings import Meeting, meetings_in
from inboxbot.core.plan import DeliverMail
from inboxbot.core.summary.weeks import Span
from inboxbot.core.types import EPOCH, Key
from inboxbot.core.weeklog import WeekLog
from inboxbot.daemon.apply import apply
from inboxbot.daemon.context import Context
from inboxbot.daemon.pause import hired_at
from inboxbot.daemon.replies import name_of
from inboxbot.daemon.weekly import delivered
from inboxbot.topics import load_lexicon


def deliver_around_talks(context: Context) -> int:
    """Deliver what is due around the conversations of these days; return how many mails."""
    if hired_at(context.journal, context.account):
        return 0
    now = context.clock()
    meetings = meetings_in(context.journal.history(context.account), now)
    over = just_over(meetings, now, context.zone) if context.summary.evening else ()
    count = sum(_ask(meeting, context) for meeting in over)
    soon = coming(meetings, now, context.zone) if context.summary.brief else []
    return count + (_brief(soon, context) if soon else 0)


def _ask(meeting: Meeting, context: Context) -> bool:
    key = evening_key(context.owner, meeting.uid, meeting.starts)
    if delivered(key, context):
        return False
    evening = evening_about(meeting, *_known(context), context.account)
    if evening is None:
        return False
    _deliver(evening, key, {"kind": "evening", "prompts": [meeting.application]}, context)
    return True


def _brief(meetings: Sequence[Meeting], context: Context) -> bool:
    key = brief_key(context.owner, meetings[0].starts.astimezone(context.zone).date())
    if delivered(key, context):
        return False
    log, at = _known(context)
    themes = themes_in(voices_in(log, context.zone), load_lexicon(), at.day_of(at.now))
    theme = next(iter(themes), None)
    brief = brief_before(meetings, log, at, context.account, theme)
    if brief is None:
        return False
    _deliver(brief, key, {"kind": "brief", "prompts": []}, context)
    return True


def _known(context: Context) -> tuple[WeekLog, Span]:
    now, account = context.clock(), context.account
    events, history = tuple(context.journal.events(account)), context.journal.history(account)
    log = WeekLog(events, history, since=EPOCH, end=now)
    return log, Span(since=EPOCH, now=now, end=now, zone=context.zone)


def _deliver(told: Evening | Brief, key: Key, about: dict[str, object], context: Context) -> None:
    from inboxbot.letters import render  # noqa: PLC0415  (jinja2: seldom)

    name = name_of(key, context.journal, context.account)
    mail = render(told, context.owner, name, context.summary.language, context.clock())
    whole = {"questions": [], "exercise": "", **about}
    apply((DeliverMail(key=key, data=mail, occasion=key, about=whole),), context)
