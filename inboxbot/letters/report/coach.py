"""What a report for somebody else says of itself, and the words for what was replaced."""

import tomllib
from collections.abc import Iterator

from inboxbot.core.coach import Disguise, Kind, PlainWords, Wording
from inboxbot.letters.phrases import Phrases
from inboxbot.resources import CONFIG


def load_plain_words() -> PlainWords:
    """Return the shipped lists."""
    text = (CONFIG / "report" / "plain_words.toml").read_text(encoding="utf-8")
    return PlainWords(**{name: frozenset(words) for name, words in tomllib.loads(text).items()})


def wording(phrases: Phrases) -> Wording:
    """Return what stands in the place of names, in the page's language."""
    marks = ("employer", "some_employer", "name", "address", "link", "number")
    return Wording(**{mark: phrases.say(f"report.coach.marks.{mark}") for mark in marks})


def notice(disguise: Disguise, phrases: Phrases) -> Iterator[str]:
    """Yield the title and the sentences that say what was replaced, and what still may tell."""
    yield phrases.say("report.coach.title")
    if disguise.employers:
        yield phrases.count("report.coach.employers", len(disguise.employers))
    counts = {kind: len(disguise.replaced[kind]) for kind in Kind}
    told = [phrases.count(f"report.coach.{kind}", n) for kind, n in counts.items() if n]
    if told:
        yield phrases.say("report.coach.replaced", list=phrases.join(told))
    yield phrases.say("report.coach.still")
