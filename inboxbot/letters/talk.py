"""The mails around a conversation, in words: the evening's two questions, the brief before it."""

from collections.abc import Iterator
from dataclasses import replace

from inboxbot.core.evening import Brief, Evening
from inboxbot.letters.sheet import Group, Section, Sheet, without_empty
from inboxbot.letters.week.talks import questions, to_practise
from inboxbot.letters.words import Words, named

_LONGEST = 500  # characters of what the user wrote, and of what an employer answered


def evening_sheet(evening: Evening, words: Words) -> Sheet:
    """Return the mail of an evening: two questions, to be answered by a reply."""
    say = words.phrases.say
    name = named(words.item(evening.prompt.job))
    opening = "evening.opening" if evening.today else "evening.opening_earlier"
    asked = Group(items=(words.marked(evening.prompt, *questions(words)),))
    return Sheet(
        language=words.phrases.language,
        title=say("evening.title"),
        preview=say("evening.preview"),
        opening=(say(opening, name=name, day=words.day(evening.day)),),
        sections=(Section(title=say("reflect.title"), groups=(asked,), first=True),),
        closing=(say("evening.closing"), say("footer", account=evening.account)),
    )


def brief_sheet(brief: Brief, words: Words) -> Sheet:
    """Return the mail before a conversation: the user's own words, and the employers'."""
    say = words.phrases.say
    sections = (
        Section(title=say("brief.written"), groups=tuple(_written(brief, words)), first=True),
        Section(title=say("focus.title"), groups=tuple(_focus(brief, words))),
        Section(title=say("said.title"), groups=tuple(_said(brief, words))),
    )
    return Sheet(
        language=words.phrases.language,
        title=say("brief.title_today" if brief.today else "brief.title"),
        preview=say("brief.preview"),
        opening=tuple(_talks(brief, words)),
        sections=without_empty(*sections),
        closing=(say("brief.closing"), say("footer", account=brief.account)),
    )


def _talks(brief: Brief, words: Words) -> Iterator[str]:
    for talk in brief.talks:
        phrase = f"brief.talk{'_today' if brief.today else ''}"
        name = named(words.item(talk.job))
        yield words.phrases.say(phrase, name=name, time=f"{talk.at:%H:%M}" if talk.at else "")


def _written(brief: Brief, words: Words) -> Iterator[Group]:
    if brief.written:
        yield words.group("", [words.wrote(prompt, _LONGEST) for prompt in brief.written])


def _focus(brief: Brief, words: Words) -> Iterator[Group]:
    if brief.theme:
        yield to_practise(brief.theme, words)


def _said(brief: Brief, words: Words) -> Iterator[Group]:
    if brief.said:
        short = replace(words, most=1)
        yield words.group("", [short.said(each) for each in brief.said])
