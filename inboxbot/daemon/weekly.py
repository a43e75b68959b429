"""The weekly summary: journal → one mail to the owner, once per account and ISO week.

The journal's key (account, week) decides, never a trigger: after sleep the newest summary that is
due is delivered late, and a clock that jumps cannot deliver one twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from inboxbot.core.focus import themes_in, voices_in
from inboxbot.core.guards import Senders
from inboxbot.core.identity import summary_key
from inboxbot.core.insight import patterns_in
from inboxbot.core.plan import DeliverMail, Event, EventKind
from inboxbot.core.summary import (
    Summary,
    build_summary,
    due_week,
    news_since,
    week_bounds,
    weeks,
)
from inboxbot.core.summary.lessons import name_of_pattern, name_of_theme
from inboxbot.core.summary.needs import MOST_QUESTIONS
from inboxbot.core.summary.values import JunkMail
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import WeekLog
from inboxbot.daemon.apply import apply
from inboxbot.daemon.context import Context
from inboxbot.daemon.junk import mail_in_junk
from inboxbot.daemon.pause import hired_at
from inboxbot.daemon.replies import name_of
from inboxbot.journal.store import Journal
from inboxbot.settings import SummarySettings
from inboxbot.topics import load_lexicon


def deliver_if_due(context: Context) -> str | None:
    """Deliver the summary that is due, and return its week; None where there is nothing to do.

    A journal that is younger than the week has nothing to say of it.
    """
    settings = context.summary
    week = due_week(context.clock(), context.zone, day=settings.day, hour=settings.hour)
    first = next(context.journal.events(context.account), None)
    if first is None or first.time >= week_bounds(week, context.zone)[1]:
        return None
    if hired_at(context.journal, context.account):
        return None
    return week if deliver(week, context) else None


def due_at(week: str, settings: SummarySettings, zone: tzinfo) -> datetime:
    """Return when a week's summary is to come, in UTC."""
    return weeks.due_at(week, zone, day=settings.day, hour=settings.hour)


def deliver(week: str, context: Context) -> bool:
    """Deliver one week's summary; False where it was delivered before."""
    if delivered(week, context):
        return False
    from inboxbot.letters import render  # noqa: PLC0415  (jinja2: once a week is enough)

    since, _ = news_since(week, tuple(context.journal.events(context.account)), context.zone)
    summary = summary_of(
        week, context.journal, context.account, zone=context.zone, now=context.clock(),
        senders=context.senders, level=context.level,
        drafts_folder=context.mailbox.folders().drafts or "", junk=mail_in_junk(context, since),
    )  # fmt: skip
    key = summary_key(context.owner, week)
    name = name_of(key, context.journal, context.account)
    mail = render(summary, context.owner, name, context.summary.language, context.clock())
    about = {"kind": "week", "week": week, **_told(summary)}
    apply((DeliverMail(key=key, data=mail, occasion=week, about=about),), context)
    return True


def delivered(occasion: str, context: Context) -> bool:
    """Tell whether the mail about this occasion was delivered before."""
    return context.journal.summary_state(context.account, occasion) == "delivered"


def _told(summary: Summary) -> dict[str, object]:
    """Return what a reply to the mail, or a look back at it, needs to know of it."""
    return {
        "prompts": [prompt.application for prompt in summary.prompts if not prompt.reflections],
        "questions": [question.message for question in summary.questions[:MOST_QUESTIONS]],
        "exercise": summary.exercise.application if summary.exercise else "",
        "pattern": name_of_pattern(summary.pattern) if summary.pattern else "",
        "theme": name_of_theme(summary.theme) if summary.theme else "",
        "junk": [
            {"sender": mail.sender, "subject": mail.subject, "employer": mail.employer}
            for mail in summary.junk
        ],
    }


def summary_of(  # noqa: PLR0913  (one week of one account, each part by name)
    week: str, journal: Journal, account: str, *, zone: tzinfo, now: datetime, senders: Senders,
    level: str = "", drafts_folder: str = "", junk: tuple[JunkMail, ...] | None = None,
) -> Summary:  # fmt: skip
    """Return a week's summary, a past week's as it was known at its end.

    `level` is the user's own; `junk` is what lies in Junk now, without it what the delivered
    summary had found there.
    """
    end = min(week_bounds(week, zone)[1], now + timedelta(microseconds=1))
    events, history = tuple(journal.events(account)), journal.history(account)
    known = tuple(event for event in events if event.time < end)
    log = WeekLog(known, history, since=EPOCH, end=end)
    today = end - timedelta(microseconds=1)
    return build_summary(
        week=week,
        events=known,
        history=history,
        zone=zone,
        account=account,
        drafts_folder=drafts_folder,
        patterns=patterns_in(log, senders, level),
        themes=themes_in(voices_in(log, zone), load_lexicon(), today.astimezone(zone).date()),
        junk=_found_in_junk(week, events) if junk is None else junk,
        now=now,
    )


def _found_in_junk(week: str, events: Iterable[Event]) -> tuple[JunkMail, ...]:
    for event in events:
        if event.kind is EventKind.SUMMARY_DELIVERED and event.payload.get("week") == week:
            return tuple(
                JunkMail(
                    sender=str(mail.get("sender") or ""),
                    subject=str(mail.get("subject") or ""),
                    employer=str(mail.get("employer") or ""),
                )
                for mail in event.payload.get("junk", ())
            )
    return ()
