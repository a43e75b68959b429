"""What a week was: the journal's events → a frozen `Summary` of plain, clean values. Pure.

    events | those up to the week's end | WeekLog | needs · happened · talks · rest | Summary

All text that came from mail has passed `text.clean` or `text.lines` and is bounded.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from inboxbot.core.focus import Theme
from inboxbot.core.history import History
from inboxbot.core.insight import Pattern
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.summary import happened, lessons, needs, rest, talks
from inboxbot.core.summary.values import JunkMail, Summary
from inboxbot.core.summary.weeks import WEEK, Span, due_week, monday_of, week_bounds, week_of
from inboxbot.core.text import clean
from inboxbot.core.weeklog import LONGEST_NAME, WeekLog

__all__ = ["Summary", "build_summary", "due_week", "news_since", "week_bounds", "week_of"]

_AN_HOUR_MORE_OR_LESS = timedelta(hours=2)  # in a week in which the clock is changed


def build_summary(  # noqa: PLR0913  (one week, each part by name)
    *,
    week: str,
    events: Sequence[Event],
    history: History,
    zone: tzinfo,
    account: str,
    drafts_folder: str = "",
    patterns: Sequence[Pattern] = (),
    themes: Sequence[Theme] = (),
    junk: tuple[JunkMail, ...] = (),
    now: datetime | None = None,
) -> Summary:
    """Return what the week was. Raise `ValueError` for a week that there is not.

    `events` is the account's log up to the end of the week, oldest first; later ones are passed
    over. `now` is when the summary is written, the end of the week at most. News are the events
    since the last summary that was delivered, so that a Friday's evening is in the next one. Of
    `patterns` and `themes`, the surest first, one each is told.
    """
    start, end = week_bounds(week, zone)
    known = tuple(event for event in events if event.time < end)
    since, covers_all_before = news_since(week, known, zone)
    log = WeekLog(known, history, since=since, end=end)
    at = Span(since=since, now=min(now or end, end), end=end, zone=zone)
    return Summary(
        week=week,
        first_day=monday_of(week),
        last_day=monday_of(week) + timedelta(days=6),
        account=clean(account, LONGEST_NAME),
        covers_all_before=covers_all_before,
        drafts_folder=clean(drafts_folder, LONGEST_NAME),
        drafts=tuple(needs.waiting_drafts(log, at)),
        questions=tuple(needs.questions(log)),
        offers=tuple(needs.offers(log)),
        feedback=tuple(happened.feedback(log, at)),
        happenings=tuple(happened.happenings(log)),
        received=tuple(happened.received(log)),
        still_open=happened.still_open(log, at.now),
        asked=happened.asked(log),
        prompts=talks.prompts(log, at),
        exercise=talks.exercise(log, at),
        pattern=lessons.one_pattern(patterns, known, week, start),
        theme=lessons.one_theme(themes, known, week, at, start),
        days=tuple(rest.days(log, at)),
        left_alone=tuple(rest.left_alone(log)),
        other_mail=happened.other_mail(log),
        junk=tuple(rest.cleaned(junk)),
        silent=tuple(rest.silent(log, at)),
        health=rest.health(log),
    )


def news_since(week: str, events: Sequence[Event], zone: tzinfo) -> tuple[datetime, bool]:
    """Return from when on a week's events are news, and whether that is from the first one on."""
    start, _ = week_bounds(week, zone)
    delivered = [
        event.time
        for event in events
        if event.kind is EventKind.SUMMARY_DELIVERED and str(event.payload.get("week", week)) < week
    ]
    if delivered:
        return min(start, max(delivered)), False
    if not events:
        return start, False
    first = week_bounds(week_of(events[0].time, zone), zone)[0]
    # Set up on a Saturday: what the first poll read was in no summary yet.
    recent = first >= start - WEEK - _AN_HOUR_MORE_OR_LESS
    return (min(start, first), True) if recent else (start, False)
