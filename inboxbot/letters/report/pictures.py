"""The sections with pictures: a report's numbers → drawings, and the same in words and tables."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from statistics import median

from inboxbot.core.report import Outcome, Report, Story
from inboxbot.core.summary.values import NOT_ABOUT_YOU
from inboxbot.core.types import Stage
from inboxbot.letters.report.drawing import NARROW, WIDE, Row, bars_of, calendar
from inboxbot.letters.report.flow import sankey
from inboxbot.letters.report.page import Picture, Section, Table
from inboxbot.letters.words import Words

_HEIGHT_NARROW, _HEIGHT_WIDE = 230, 300  # of all applications in the Sankey diagram, in pixels
_LONGEST_CALENDAR = timedelta(weeks=4 * 53)
_ENOUGH_DAYS = 20  # answers, before a weekday is named
_ENOUGH_TIMES = 3  # answers, before the middle of their times is told
_BINS = (1, 3, 7, 14, 28)  # days
_STEPS = ("applied", "acknowledged", "direct", "talk", "no_talk")
_ANSWERED = ("went_on", "declined")
_WIDE_BARS = 640


def picture_sections(report: Report, words: Words) -> Iterator[Section]:
    """Yield the sections with pictures for which there is anything to show, in order."""
    if report.stories:
        yield _funnel(report.stories, words)
    if report.answers:
        yield _calendar(report, words)
    if any(story.days is not None for story in report.stories):
        yield _time(report.stories, words)
    if report.stories:
        yield _stages(report.stories, words)
    if report.reasons:
        yield _reasons(report, words)


def _section(
    name: str,
    words: Words,
    *,
    lead: Iterable[str],
    pictures: Iterable[Picture],
    head: Iterable[str],
    rows: Iterable[tuple[str, ...]],
    legend: Iterable[tuple[str, str]] = (),
) -> Section:
    """Return a section whose table says what its pictures say."""
    table = Table(
        title=words.phrases.say("report.labels.numbers"), head=tuple(head), rows=tuple(rows)
    )
    return Section(
        name=name,
        title=words.phrases.say(f"report.{name}.title"),
        lead=tuple(lead),
        pictures=tuple(pictures),
        legend=tuple(legend),
        table=table,
    )


# ---------------------------------------------------------------- from application to outcome


def _funnel(stories: Sequence[Story], words: Words) -> Section:
    say, flow = words.phrases.say, _flow(stories)
    names = {name: say(f"report.funnel.{name}") for name in _STEPS} | _outcomes(words)
    layers = (_STEPS[:1], _STEPS[1:3], _STEPS[3:], tuple(Outcome))
    told = _funnel_sentences(stories, words)
    picture = Picture(
        name="funnel-picture",
        title=say("report.funnel.picture"),
        text=" ".join(told),
        drawing=sankey(layers, flow, width=NARROW, height=_HEIGHT_NARROW),
        wide=sankey(layers, flow, width=WIDE, height=_HEIGHT_WIDE),
        names=names,
    )
    return _section(
        "funnel",
        words,
        lead=(say("report.funnel.lead"), *told),
        pictures=[picture],
        head=words.phrases.all("report.funnel.head"),
        rows=[(names[source], names[target], str(n)) for (source, target), n in flow.items()],
    )


def _flow(stories: Iterable[Story]) -> Counter[tuple[str, str]]:
    """Count how many applications went from each step to each of the next."""
    flow: Counter[tuple[str, str]] = Counter()
    for story in stories:
        acknowledged = "acknowledged" if story.acknowledged else "direct"
        talk = "talk" if story.talked else "no_talk"
        flow.update(pairwise(("applied", acknowledged, talk, story.outcome.value)))
    return flow


def _outcomes(words: Words) -> dict[str, str]:
    return {outcome: words.phrases.say(f"report.outcomes.{outcome}") for outcome in Outcome}


def _funnel_sentences(stories: Sequence[Story], words: Words) -> tuple[str, str]:
    phrases, counts = words.phrases, Counter(story.outcome for story in stories)
    outcomes = [
        phrases.count(f"report.funnel.outcomes.{outcome}", counts[outcome])
        for outcome in Outcome
        if counts[outcome]
    ]
    start = phrases.count(
        "report.funnel.start",
        len(stories),
        acknowledged=sum(story.acknowledged for story in stories),
        talks=sum(story.talked for story in stories),
    )
    return start, phrases.say("report.funnel.end", outcomes=phrases.join(outcomes))


# ---------------------------------------------------------------- when answers came


def _calendar(report: Report, words: Words) -> Section:
    phrases, counts = words.phrases, Counter(report.answers)
    first = min(report.first_day, report.answers[0])
    begin = max(first, report.last_day - _LONGEST_CALENDAR)
    earlier = [phrases.say("report.calendar.earlier")] if begin > first else []
    facts = " ".join(_answer_sentences(report.answers, words))
    return _section(
        "calendar",
        words,
        lead=[phrases.say("report.calendar.lead"), facts, *earlier],
        pictures=_grids(counts, begin, report.last_day, words),
        legend=[
            (f"level-{n}", name) for n, name in enumerate(phrases.all("report.calendar.legend"))
        ],
        head=phrases.all("report.calendar.head"),
        rows=_months(counts, words),
    )


def _grids(counts: Counter[date], first: date, last: date, words: Words) -> Iterator[Picture]:
    months = words.phrases.all("report.calendar.months")
    weekdays = words.phrases.all("report.calendar.weekdays")
    for number, grid in enumerate(calendar(counts, first, last)):
        period = words.period(grid.first_day, grid.last_day)
        yield Picture(
            name=f"calendar-picture-{number}",
            title=words.phrases.say("report.calendar.picture", period=period),
            caption=period,
            text=words.phrases.count("report.calendar.text", grid.total),
            drawing=grid,
            ticks=tuple((months[month - 1], x) for month, x in grid.months),
            rows=tuple((weekdays[day], y) for day, y in grid.weekdays),
        )


def _answer_sentences(answers: Sequence[date], words: Words) -> Iterator[str]:
    phrases = words.phrases
    days = phrases.count("report.calendar.days", len(set(answers)))
    yield phrases.count("report.calendar.total", len(answers), days=days)
    weekday, most = Counter(day.weekday() for day in answers).most_common(1)[0]
    if len(answers) >= _ENOUGH_DAYS:
        name = phrases.all("dates.weekdays")[weekday]
        yield phrases.say("report.calendar.weekday", weekday=name, n=most, of=len(answers))


def _months(counts: Counter[date], words: Words) -> Iterator[tuple[str, ...]]:
    """Yield each month with its answers, and on how many days they came."""
    by_month = groupby(sorted(counts), key=lambda day: day.replace(day=1))
    for month, days in by_month:
        found = [counts[day] for day in days]
        name = words.phrases.say("report.calendar.month", month=words.month(month), year=month.year)
        yield name, str(sum(found)), str(len(found))


# ---------------------------------------------------------------- how long, how far, why not


def _time(stories: Sequence[Story], words: Words) -> Section:
    phrases = words.phrases
    timed = [story for story in stories if story.days is not None]
    bins = phrases.all("report.time.bins")
    counts = {name: dict.fromkeys(_ANSWERED, 0) for name in bins}
    for story in timed:
        place = sum((story.days or 0) > limit for limit in _BINS)
        counts[bins[place]][_ANSWERED[not story.went_on]] += 1
    lead = phrases.count("report.time.lead", len(timed), of=len(stories))
    bars = [(name, parts, str(sum(parts.values()))) for name, parts in counts.items()]
    return _section(
        "time",
        words,
        lead=[" ".join((lead, *_halves(timed, words)))],
        pictures=[_bars("time", bars, words)],
        legend=zip(_ANSWERED, phrases.all("report.time.legend"), strict=True),
        head=phrases.all("report.time.head"),
        rows=[(name, *map(str, parts.values())) for name, parts in counts.items()],
    )


def _halves(timed: Sequence[Story], words: Words) -> Iterator[str]:
    """Yield within which time half of the answers came, where there are enough of a kind."""
    for name, went_on in zip(_ANSWERED, (True, False), strict=True):
        days = [story.days or 0 for story in timed if story.went_on is went_on]
        if len(days) >= _ENOUGH_TIMES:
            yield words.phrases.count(f"report.time.{name}", math.ceil(median(days)))


def _stages(stories: Sequence[Story], words: Words) -> Section:
    say, names = words.phrases.say, _outcomes(words)
    counts = Counter((story.furthest, story.outcome) for story in stories)
    met = [outcome for outcome in Outcome if any(counts[stage, outcome] for stage in Stage)]
    bars, rows = [], []
    for stage in Stage:
        parts = {outcome.value: counts[stage, outcome] for outcome in met}
        label, total = say(f"report.stages.{stage}"), sum(parts.values())
        bars.append((label, parts, say("report.stages.figures", n=total, of=len(stories))))
        rows.append((label, *map(str, parts.values()), str(total)))
    return _section(
        "stages",
        words,
        lead=[say("report.stages.lead")],
        pictures=[_bars("stages", bars, words)],
        legend=[(outcome.value, names[outcome]) for outcome in met],
        head=[
            say("report.stages.stage"),
            *(names[outcome] for outcome in met),
            say("report.stages.all"),
        ],
        rows=rows,
    )


def _reasons(report: Report, words: Words) -> Section:
    """Show how often each reason was given; those that had nothing to do with the user apart."""
    phrases, bars, rows = words.phrases, [], []
    kinds = {kind: phrases.say(f"report.reasons.{kind}") for kind in ("apart", "match")}
    counts = Counter(report.reasons).most_common()
    for reason, count in sorted(counts, key=lambda pair: pair[0] not in NOT_ABOUT_YOU):
        kind = "apart" if reason in NOT_ABOUT_YOU else "match"
        name = phrases.say(f"happened.reasons.{reason}")
        label = name[:1].upper() + name[1:]
        bars.append((label, {kind: count}, str(count)))
        rows.append((label, str(count), kinds[kind]))
    lead = [phrases.count("report.reasons.lead", len(report.reasons), of=len(report.declined))]
    if report.unrelated:
        lead.append(phrases.count("report.reasons.unrelated", report.unrelated))
    return _section(
        "reasons",
        words,
        lead=[" ".join(lead)],
        pictures=[_bars("reasons", bars, words)],
        legend=kinds.items(),
        head=phrases.all("report.reasons.head"),
        rows=rows,
    )


def _bars(name: str, rows: Sequence[Row], words: Words) -> Picture:
    told = [f"{label}: {figures}" for label, _, figures in rows]
    return Picture(
        name=f"{name}-picture",
        title=words.phrases.say(f"report.{name}.picture"),
        text=f"{'; '.join(told)}.",
        drawing=bars_of(rows, width=NARROW),
        wide=bars_of(rows, width=_WIDE_BARS),
    )
