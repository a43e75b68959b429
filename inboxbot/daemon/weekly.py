"""The weekly summary: journal → one mail to the owner, once per account and ISO week.

The journal's key (account, week) decides, never a trigger: after sleep the newest summary that is
due is delivered late, and a clock that jumps cannot deliver one twice.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo

from inboxbot.core.identity import summary_key
from inboxbot.core.plan import DeliverMail
from inboxbot.core.summary import Summary, build_summary, week_bounds, week_of
from inboxbot.daemon.apply import apply
from inboxbot.daemon.context import Context
from inboxbot.journal.store import Journal

_WEEK = timedelta(days=7)


def deliver_if_due(context: Context) -> str | None:
    """Deliver the summary that is due, and return its week; None where there is nothing to do.

    A journal that is younger than the week has nothing to say of it.
    """
    week = due_week(context)
    first = next(context.journal.events(context.account), None)
    if first is None or first.time >= week_bounds(week, context.zone)[1]:
        return None
    return week if deliver(week, context) else None


def due_week(context: Context) -> str:
    """Return the newest ISO week whose summary should have come by now."""
    this = week_of(context.clock(), context.zone)
    if context.clock() >= _due(this, context):
        return this
    return week_of(context.clock() - _WEEK, context.zone)


def _due(week: str, context: Context) -> datetime:
    monday = week_bounds(week, context.zone)[0].astimezone(context.zone).date()
    day = monday + timedelta(days=context.summary.day)
    return datetime.combine(day, time(context.summary.hour), context.zone).astimezone(UTC)


def deliver(week: str, context: Context) -> bool:
    """Deliver one week's summary; False where it was delivered before."""
    if context.journal.summary_state(context.account, week) == "delivered":
        return False
    from inboxbot.letters import render  # noqa: PLC0415  (jinja2: once a week is enough)

    folders = context.mailbox.folders()
    summary = summary_of(
        week, context.journal, context.account,
        zone=context.zone, now=context.clock(), drafts_folder=folders.drafts or "",
    )  # fmt: skip
    key = summary_key(context.owner, week)
    mail = render(summary, context.owner, key, context.summary.language, context.clock())
    apply((DeliverMail(key=key, data=mail, week=week),), context)
    return True


def summary_of(
    week: str, journal: Journal, account: str, *, zone: tzinfo, now: datetime,
    drafts_folder: str = "",
) -> Summary:  # fmt: skip
    """Return a week's summary, a past week's as it was known at its end."""
    end = min(week_bounds(week, zone)[1], now + timedelta(microseconds=1))
    return build_summary(
        week=week,
        events=tuple(journal.events(account, until=end)),
        history=journal.history(account),
        drafts=journal.drafts(account),
        zone=zone,
        account=account,
        folders_drafts=drafts_folder,
        now=now,
    )
