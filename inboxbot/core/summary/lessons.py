"""What may be learnt: of the patterns and themes that hold, the one that is worth telling now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from inboxbot.core.focus import Theme
from inboxbot.core.insight import Pattern
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.summary.weeks import WEEK, Span

_NOT_AGAIN_FOR = 4 * WEEK


def name_of_pattern(pattern: Pattern) -> str:
    """Return what the journal calls a pattern that was told."""
    return f"{pattern.compared.kind}:{pattern.compared.group}"


def name_of_theme(theme: Theme) -> str:
    """Return what the journal calls a theme that was told."""
    return theme.topic or theme.word


def one_pattern(
    patterns: Sequence[Pattern], events: Iterable[Event], week: str, start: datetime
) -> Pattern | None:
    """Return the surest pattern that no summary of the last four weeks has told."""
    told = set(_told("pattern", events, week, start))
    return next((it for it in patterns if name_of_pattern(it) not in told), None)


def one_theme(
    themes: Sequence[Theme], events: Iterable[Event], week: str, at: Span, start: datetime
) -> Theme | None:
    """Return the theme to practise: one with new words, else one that was not told lately."""
    since, told = at.day_of(at.since), set(_told("theme", events, week, start))
    fresh = (it for it in themes if any(said.day >= since for said in it.quotations))
    rest = (it for it in themes if name_of_theme(it) not in told)
    return next(chain(fresh, rest), None)


def _told(what: str, events: Iterable[Event], week: str, start: datetime) -> Iterator[str]:
    """Yield what the summaries before this one, of the last four weeks, have told."""
    for event in events:
        about = event.payload
        earlier = str(about.get("week") or week) < week and event.time >= start - _NOT_AGAIN_FOR
        if event.kind is EventKind.SUMMARY_DELIVERED and earlier:
            yield str(about.get(what) or "")
