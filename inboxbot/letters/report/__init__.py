"""A whole search as one page: Report → HTML that loads nothing, runs nothing and needs nobody.

    Report | page_of + config/report/*.toml | page.html.j2 | str

Pictures are SVG, drawn here. The style sheet is allowed by its own hash, everything else is
forbidden (Content Security Policy Level 3): what came from mail is text, whatever it says.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from inboxbot.core.coach import Disguise, Known
from inboxbot.core.report import Outcome, Report
from inboxbot.letters.phrases import load_phrases
from inboxbot.letters.report.coach import notice, wording
from inboxbot.letters.report.lists import list_sections
from inboxbot.letters.report.page import Page
from inboxbot.letters.report.pictures import picture_sections
from inboxbot.letters.words import Words
from inboxbot.resources import CONFIG

MARK = '<meta name="generator" content="inboxbot report">'
"""What tells a report from any other page."""

MOST_BYTES = 1_500_000

_BUDGETS = (400_000, 100_000, 20_000)  # characters quoted, until the whole is small enough
_MOST_BEHIND_A_THEME = 3  # quotations
_LABELS = ("skip", "contents", "numbers", "ticked")


def render_report(report: Report, language: str, *, without: Known | None = None) -> str:
    """Return the page, below 1.5 MB: of more words than that the newest are quoted.

    The names of `without` are replaced in it, and it says so.
    """
    words = _words(language)
    about: tuple[str, ...] = ()
    if without is not None:
        disguise = Disguise(without, wording(words.phrases))
        report = disguise.of(report)
        about = tuple(notice(disguise, words.phrases))
    for budget in _BUDGETS:
        html = _render(replace(_page(report, words, budget), notice=about))
        if len(html.encode()) < MOST_BYTES:
            break
    return html


def _words(language: str) -> Words:
    """Return the words of the report, and those of the summary that it shares."""
    own = load_phrases(language, "report")
    return Words(
        replace(own, table={**load_phrases(language).table, **own.table}), most=_MOST_BEHIND_A_THEME
    )


def _render(page: Page) -> str:
    style = _environment().get_template("style.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template("page.html.j2")
    return template.render(page=page, style_hash=f"sha256-{digest}")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(CONFIG / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


# ---------------------------------------------------------------- the page


def _page(report: Report, words: Words, budget: int) -> Page:
    say = words.phrases.say
    return Page(
        language=words.phrases.language,
        title=say("report.title"),
        period=words.period(report.first_day, report.last_day),
        opening=_opening(report, words),
        facts=tuple(_facts(report, words)),
        sections=(
            *picture_sections(report, words),
            *list_sections(report, words, budget),
        ),
        footer=say("report.footer", day=words.day_and_year(report.last_day)),
        labels={name: say(f"report.labels.{name}") for name in _LABELS},
    )


def _opening(report: Report, words: Words) -> tuple[str, ...]:
    """Return the first sentences: kind ones, or what to do where there is nothing to show."""
    say = words.phrases.say
    if report.is_empty and report.whole:
        return say("report.opening.empty"), say("report.opening.empty_next")
    if report.is_empty:
        day = words.day_and_year(report.first_day)
        return (say("report.opening.empty_since", day=day),)
    if any(story.outcome is Outcome.OFFER for story in report.stories):
        return (say("report.opening.offer"),)
    tone = "talks" if any(story.talked for story in report.stories) else "calm"
    return (say(f"report.opening.{tone}"),)


def _facts(report: Report, words: Words) -> Iterator[str]:
    """Yield the search in a few lines, each number beside what it is a part of."""
    count, of = words.phrases.count, len(report.stories)
    if report.stories:
        first = words.day_and_year(report.first_day)
        yield count("report.facts.applications", of, first=first)
    numbers = {
        "talks": sum(story.talked for story in report.stories),
        "offers": sum(story.outcome is Outcome.OFFER for story in report.stories),
        "open": sum(story.outcome is Outcome.OPEN for story in report.stories),
    }
    for name, number in numbers.items():
        if number:
            yield count(f"report.facts.{name}", number, of=of)
    if report.unrelated:
        yield count("report.facts.unrelated", report.unrelated, of=len(report.reasons))
