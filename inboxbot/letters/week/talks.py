"""Ten minutes for oneself, in words: what to answer by a reply, and what was written already."""

from collections.abc import Iterator
from dataclasses import replace

from inboxbot.core.focus import Theme
from inboxbot.core.summary.values import Prompt, Summary
from inboxbot.letters.patterns import practice, question
from inboxbot.letters.sheet import Group, Item
from inboxbot.letters.words import Words

_MOST_QUOTED = 2  # behind a theme
_LONGEST = 400  # characters of a reflection that is shown again


def reflect(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield two conversations at most to write about, those written about, and the exercise."""
    say = words.phrases.say
    new = [prompt for prompt in summary.prompts if not prompt.reflections]
    old = [prompt for prompt in summary.prompts if prompt.reflections]
    if new:
        yield words.group(say("reflect.lead"), [asked(prompt, words) for prompt in new])
    if old:
        yield words.group(say("reflect.again"), [words.wrote(each, _LONGEST) for each in old])
    if summary.exercise:
        yield exercise(summary.exercise, words)


def pattern(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield one pattern of the search, as a question."""
    if summary.pattern and not summary.is_empty:
        yield question(summary.pattern, words)


def focus(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield one thing to practise."""
    if summary.theme and not summary.is_empty:
        yield to_practise(summary.theme, words)


def to_practise(theme: Theme, words: Words) -> Group:
    """Return a theme with the newest words behind it."""
    return practice(theme, replace(words, most=min(words.most, _MOST_QUOTED)))


def asked(prompt: Prompt, words: Words) -> Item:
    """Ask the two questions about a conversation."""
    return words.marked(prompt, *questions(words))


def questions(words: Words) -> tuple[str, str]:
    """Return the two questions, each on a line of its own: a reply may stand below each."""
    return words.phrases.say("reflect.well"), words.phrases.say("reflect.differently")


def exercise(prompt: Prompt, words: Words) -> Group:
    """Offer the other explanations: five to tick, the user's own part among them."""
    lead = words.phrases.say("reflect.others.lead", name=words.item(prompt.job).head)
    reasons = words.phrases.all("reflect.others.reasons")
    items = tuple(Item(aside=reason) for reason in reasons)
    return Group(lead=lead, items=items, marks="a")
