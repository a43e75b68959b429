"""The last summary in words: a whole search, looked back at; then what to do with inboxbot."""

from collections.abc import Iterator

from inboxbot.core.search import Search
from inboxbot.letters.sheet import Group, Item, Section, Sheet, without_empty
from inboxbot.letters.words import Words

_LONGEST = 400  # characters of a reflection


def farewell_sheet(search: Search, words: Words) -> Sheet:
    """Return the last mail."""
    say = words.phrases.say
    parts = (
        ("farewell.open.title", _open(search, words)),
        ("farewell.path.title", _path(search, words)),
        ("said.title", _said(search, words)),
        ("farewell.written", _written(search, words)),
        ("farewell.after.title", _after(words)),
    )
    sections = (
        Section(title=say(title), groups=tuple(groups), first=number == 0)
        for number, (title, groups) in enumerate(parts)
    )
    return Sheet(
        language=words.phrases.language,
        title=say("farewell.title"),
        preview=say("farewell.preview"),
        opening=words.phrases.all("farewell.opening"),
        sections=without_empty(*sections),
        closing=(say("footer", account=search.account),),
    )


def _open(search: Search, words: Words) -> Iterator[Group]:
    """Yield what still waits: drafts, and employers who do not know yet."""
    count = words.phrases.count
    if search.drafts:
        lead = count("farewell.open.drafts", len(search.drafts), folder=words.folder(search))
        yield words.group(lead, [words.item(draft.job) for draft in search.drafts], run_in=True)
    if search.still_open:
        lead = count("farewell.open.applications", len(search.still_open))
        items = [words.item(job) for job in search.still_open]
        after = words.phrases.say("farewell.open.withdraw")
        yield words.group(lead, items, run_in=True, after=after)


def _path(search: Search, words: Words) -> Iterator[Group]:
    """Tell the search in a few sentences; a number of noes never stands alone."""
    count, say = words.phrases.count, words.phrases.say
    days = {
        "first": words.day_and_year(search.first_day), "last": words.day_and_year(search.last_day)
    }  # fmt: skip
    told = [count("farewell.path.applications", search.applications, **days)]
    if search.talks:
        told.append(count("farewell.path.talks", search.talks))
    if search.declined:
        told.append(count("farewell.path.declined", search.declined))
    if search.unrelated:
        told.append(count("farewell.path.unrelated", search.unrelated))
    if search.unanswered:
        told.append(count("farewell.path.unanswered", search.unanswered))
    yield Group(lead=" ".join(told) if search.applications else say("farewell.path.none"))


def _said(search: Search, words: Words) -> Iterator[Group]:
    if search.feedback:
        yield words.group("", [words.said(feedback) for feedback in search.feedback])


def _written(search: Search, words: Words) -> Iterator[Group]:
    if search.written:
        yield words.group("", [words.wrote(prompt, _LONGEST) for prompt in search.written])


def _after(words: Words) -> Iterator[Group]:
    """Tell the three ways on: leave, erase, or come back."""
    items = [
        Item(head=command, aside=words.phrases.say(f"farewell.after.{name}"))
        for name, command in (
            ("uninstall", "inboxbot service uninstall"),
            ("forget", "inboxbot forget --all"),
            ("resume", "inboxbot resume"),
        )
    ]
    yield Group(lead=words.phrases.say("farewell.after.lead"), items=tuple(items))
