"""The weekly summary in words: Summary → Sheet, section by section, in the order that matters."""

from collections.abc import Iterator

from inboxbot.core.summary.values import AFTER_TALK, Summary
from inboxbot.letters.phrases import Phrases
from inboxbot.letters.sheet import Section, Sheet, without_empty
from inboxbot.letters.week import happened, needs, rest, talks
from inboxbot.letters.words import Words

_PARTS = (
    ("needs", needs.needs),
    ("said", happened.said),
    ("happened", happened.happened),
    ("reflect", talks.reflect),
    ("pattern", talks.pattern),
    ("focus", talks.focus),
    ("ahead", rest.ahead),
    ("left", rest.left),
    ("silent", rest.silent),
)


def week_sheet(summary: Summary, words: Words) -> Sheet:
    """Return the summary in words."""
    say = words.phrases.say
    sections = (
        Section(
            title=say(f"{name}.title"), groups=tuple(told(summary, words)), first=name == "needs"
        )
        for name, told in _PARTS
    )
    return Sheet(
        language=words.phrases.language,
        title=say("title", number=summary.first_day.isocalendar().week),
        period=words.period(summary.first_day, summary.last_day),
        preview=say("preview_empty" if summary.is_empty else "preview"),
        opening=tuple(_opening(summary, words.phrases)),
        sections=without_empty(*sections),
        closing=(
            rest.health(summary, words),
            *(() if summary.is_empty else (say("replies"),)),
            say("footer", account=summary.account),
        ),
    )


def _opening(summary: Summary, phrases: Phrases) -> Iterator[str]:
    """Yield the first lines: one that keeps a no in proportion, then what goes with it."""
    turn = summary.first_day.toordinal() // 7
    yield phrases.choose(f"opening.{_tone(summary)}", turn)
    if summary.is_empty:
        yield phrases.choose("opening.empty_comfort", turn)
        return
    if summary.ended and summary.still_open:
        yield phrases.count("still_open", summary.still_open)
    if summary.covers_all_before:
        yield phrases.say("first")


def _tone(summary: Summary) -> str:
    if summary.is_empty:
        return "empty"
    if any(happening.stage in AFTER_TALK for happening in summary.ended):
        return "after_talk"
    if summary.ended:
        return "declined"
    went_on = any(happening.step is not None for happening in summary.happenings)
    return "forward" if went_on else "calm"
