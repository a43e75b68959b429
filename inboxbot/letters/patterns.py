"""A pattern and a theme in words: counts and a question, quotations and an exercise."""

from inboxbot.core.focus import Quotation, Theme
from inboxbot.core.insight import Kind, Pattern, Rate
from inboxbot.letters.sheet import Group, Item
from inboxbot.letters.words import Words

# Kinds of which one sentence can speak, whatever the group is.
_SAID_ALIKE = frozenset({Kind.LEVEL, Kind.FAMILY, Kind.SOURCE})
# Kinds that ask something else for each group.
_ASKED_BY_GROUP = frozenset({Kind.LEVEL, Kind.SOURCE, Kind.REASON})


def question(pattern: Pattern, words: Words) -> Group:
    """Tell what the counts are, ask what could be tried, and say how sure that is."""
    compared, say = pattern.compared, words.phrases.say
    direction = "more" if compared.more else "less"
    name = compared.group if compared.kind in _ASKED_BY_GROUP else compared.kind
    ask = say(f"pattern.questions.{direction}.{name}")
    return Group(lead=f"{finding(pattern, words)} {ask}", after=_spread(pattern, words))


def finding(pattern: Pattern, words: Words) -> str:
    """Return the counts as a sentence: "6 of 7 senior roles ended before a conversation, …"."""
    compared, say = pattern.compared, words.phrases.say
    ended, others = compared.ended, compared.others
    if not compared.more:
        ended, others = _rest(ended), _rest(others)
    form = "group" if compared.kind in _SAID_ALIKE else compared.kind
    named = compared.kind in _SAID_ALIKE | {Kind.REASON}
    group = say(f"pattern.groups.{compared.group}") if named else compared.group
    return say(
        f"pattern.{'more' if compared.more else 'less'}.{form}",
        group=group, k=ended.k, n=ended.n,
        others_k=others.k or say("pattern.none"), others_n=others.n,
    )  # fmt: skip


def _rest(rate: Rate) -> Rate:
    return Rate(rate.n - rate.k, rate.n)


def _spread(pattern: Pattern, words: Words) -> str:
    """Return between which shares the truth may lie, the way round that the sentence counts."""
    compared, say = pattern.compared, words.phrases.say
    of = compared.kind if compared.kind in {Kind.TALK, Kind.REASON} else "application"
    counted = say(f"pattern.counted.{of}")
    low, high = _percent(compared.ended, more=compared.more)
    if compared.usual is not None:
        return say("pattern.spread_alone", counted=counted, low=low, high=high)
    others_low, others_high = _percent(compared.others, more=compared.more)
    return say(
        "pattern.spread", counted=counted,
        low=low, high=high, others_low=others_low, others_high=others_high,
    )  # fmt: skip


def _percent(rate: Rate, *, more: bool) -> tuple[int, int]:
    low, high = (rate if more else _rest(rate)).interval
    return round(100 * low), round(100 * high)


def practice(theme: Theme, words: Words) -> Group:
    """Tell what keeps coming up, with the words behind it, and offer a small exercise."""
    say = words.phrases.say
    items = tuple(_quoted(quotation, words) for quotation in theme.quotations[: words.most])
    exercise = say(f"focus.exercises.{theme.topic}" if theme.topic else "focus.exercise_word")
    return Group(lead=_lead(theme, words), items=items, after=exercise)


def _lead(theme: Theme, words: Words) -> str:
    say = words.phrases.say
    if not theme.topic:
        return say("focus.lead_word", word=theme.word, n=theme.mentions)
    topic = say(f"focus.topics.{theme.topic}")
    form = "lead" if theme.mentions > 1 else "lead_once"
    return say(f"focus.{form}", topic=topic, n=theme.mentions)


def _quoted(quotation: Quotation, words: Words) -> Item:
    day = words.day_and_year(quotation.day)
    form = "you"
    if quotation.employers:
        form = "employer" if quotation.about else "somebody"
    head = words.phrases.say(f"focus.{form}", employer=quotation.about, day=day)
    return Item(head=head, quotes=(quotation.text,))
