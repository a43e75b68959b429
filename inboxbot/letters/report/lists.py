"""The sections of words: what was asked, said and written, and what can be learnt of it."""

from collections.abc import Iterator, Sequence
from datetime import date

from inboxbot.core.focus import Theme
from inboxbot.core.insight import Pattern
from inboxbot.core.ledger import Ask, tally
from inboxbot.core.reflect.values import OtherReason
from inboxbot.core.report import Report, Thought
from inboxbot.core.summary.values import Feedback
from inboxbot.letters.patterns import practice, question
from inboxbot.letters.quoting import rejoined
from inboxbot.letters.report.page import Quote, Said, Section, Table
from inboxbot.letters.sheet import Item
from inboxbot.letters.words import Words

_SHOWN_ASKS, _SHOWN = 12, {"said": 6, "thoughts": 6, "themes": 3}  # before asking for more
_MOST_ASKS = 400
_MARKUP = 500  # characters around a quotation


def list_sections(report: Report, words: Words, budget: int) -> Iterator[Section]:
    """Yield the sections for which there is anything to tell, in order.

    `budget` is how many characters employers, and the user, are quoted with at most.
    """
    if report.asks:
        yield _asked(report.asks, words)
    if report.feedback:
        quotes = [_feedback(said, words) for said in report.feedback]
        yield _quoted("said", quotes, words, budget)
    if report.thoughts:
        yield _quoted("thoughts", list(_thoughts(report.thoughts, words)), words, budget)
    if report.themes:
        themes = [_theme(theme, words) for theme in report.themes]
        yield _quoted("themes", themes, words, budget)
    if report.patterns:
        yield _patterns(report.patterns, words)


def _asked(asks: Sequence[Ask], words: Words) -> Section:
    say, count = words.phrases.say, words.phrases.count
    (row,) = tally(asks)
    parts = [count(f"asked.{kind}", number) for kind, number in row.answers.items()]
    lead = [f"{count('asked.lead', row.asked)} {words.phrases.join(parts)}."]
    if row.days is not None:
        lead.append(count("asked.days", max(1, round(row.days))))
    newest = [_cells(ask, words) for ask in asks]
    shown, rest = newest[:_SHOWN_ASKS], newest[_SHOWN_ASKS:_MOST_ASKS]
    more = len(newest) - len(shown) - len(rest)
    return Section(
        name="asked",
        title=say("report.asked.title"),
        lead=tuple(lead),
        table=Table(
            title=say("report.asked.table"),
            head=words.phrases.all("report.asked.head"),
            rows=tuple(shown),
            rest=tuple(rest),
            rest_title=count("report.asked.rest", len(rest)),
            more=say("report.asked.more", n=more) if more else "",
            folded=False,
        ),
    )


def _cells(ask: Ask, words: Words) -> tuple[str, ...]:
    phrases = words.phrases
    answer = phrases.say(f"report.asked.answers.{ask.answer}")
    if ask.days is not None:
        days = max(1, round(ask.days))
        answer = phrases.count("report.asked.days", days, answer=answer)
    name = ask.employer or ask.to or phrases.say("happened.somebody")
    return (
        f"{name} – {ask.role}" if ask.role else name,  # noqa: RUF001
        _short_day(ask.sent.date(), words),
        phrases.say(f"report.asked.stages.{ask.stage}"),
        answer,
    )


def _quoted(name: str, quotes: Sequence[Quote], words: Words, budget: int) -> Section:
    """Return a section of quotations, as many as the budget allows, the newest in sight."""
    kept = list(_within(quotes, budget))
    shown, rest = kept[: _SHOWN[name]], kept[_SHOWN[name] :]
    more = len(quotes) - len(kept)
    return Section(
        name=name,
        title=words.phrases.say(f"report.{name}.title"),
        lead=(words.phrases.say(f"report.{name}.lead"),),
        quotes=tuple(shown),
        rest=tuple(rest),
        rest_title=words.phrases.count(f"report.{name}.rest", len(rest)),
        more=words.phrases.say(f"report.{name}.more", n=more) if more else "",
    )


def _within(quotes: Sequence[Quote], budget: int) -> Iterator[Quote]:
    for quote in quotes:
        budget -= sum(len(said.text) for said in quote.words) + _MARKUP
        if budget < 0:
            return
        yield quote


def _feedback(said: Feedback, words: Words) -> Quote:
    item, note = words.item(said.job), ""
    if not said.whole or not said.text:
        form = "excerpt" if said.text else "elsewhere"
        note = words.phrases.say(f"said.{form}", subject=words.subject(said.job.subject))
    return Quote(
        head=item.head,
        aside=item.aside,
        when=words.day_and_year(said.day) if said.day else "",
        words=(Said(text=rejoined(said.text)),),
        note=note,
    )


def _thoughts(thoughts: Sequence[Thought], words: Words) -> Iterator[Quote]:
    """Yield what was written about each application, the one thought of last first."""
    groups: dict[Item, list[Thought]] = {}
    whole = Item(head=words.phrases.say("report.thoughts.whole"))
    for thought in thoughts:
        groups.setdefault(words.item(thought.job) if thought.job else whole, []).append(thought)
    for item, group in groups.items():
        yield Quote(
            head=item.head,
            aside=item.aside,
            when=words.day_and_year(group[0].day),
            words=tuple(_written(thought, words) for thought in reversed(group)),
        )


def _written(thought: Thought, words: Words) -> Said:
    reasons = dict(zip(OtherReason, words.phrases.all("reflect.others.reasons"), strict=True))
    return Said(
        label=words.phrases.say(f"report.thoughts.{thought.question}"),
        text=thought.text,
        ticks=tuple(reasons[tick] for tick in thought.ticks),
    )


def _theme(theme: Theme, words: Words) -> Quote:
    told = practice(theme, words)
    said = [Said(label=item.head, text=text) for item in told.items for text in item.quotes]
    return Quote(head=told.lead, words=tuple(said), note=told.after)


def _patterns(patterns: Sequence[Pattern], words: Words) -> Section:
    """Ask what the counts raise; each question with how sure its counts are."""
    asked = [question(pattern, words) for pattern in patterns]
    return Section(
        name="patterns",
        title=words.phrases.say("report.patterns.title"),
        lead=tuple(text for group in asked for text in (group.lead, group.after)),
    )


def _short_day(day: date, words: Words) -> str:
    """Return "22 Nov 2026"."""
    month = words.phrases.all("report.calendar.months")[day.month - 1]
    return words.phrases.say("dates.day_and_year", day=day.day, month=month, year=day.year)
