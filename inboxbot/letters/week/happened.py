"""What employers said and what came of each application, in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from inboxbot.core.ledger import Ask, tally
from inboxbot.core.plan import EventKind, Reason
from inboxbot.core.summary.values import NOT_ABOUT_YOU, Happening, Summary
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import Turn
from inboxbot.letters.sheet import Group, Item
from inboxbot.letters.words import Words

_ENOUGH_ALIKE = 3  # noes to an application, before they share a paragraph
_SAID_IN_A_WORD = frozenset(
    {EventKind.SENT, EventKind.NO_ANSWER, EventKind.FEEDBACK_RECEIVED}  # the last is quoted above
)
_WITHDRAWN = frozenset(
    {
        Reason.USER_REPLIED,
        Reason.REOPENED,
        Reason.TOO_OLD,
        Reason.DUPLICATE,
        Reason.NOT_REJECTION,
        Reason.FEEDBACK_GIVEN,
    }
)


def said(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield what employers answered, word for word."""
    if summary.feedback:
        yield words.group("", [words.said(feedback) for feedback in summary.feedback])


def happened(summary: Summary, words: Words) -> Iterator[Group]:
    """Yield what came of each application; what can be said in a word shares a paragraph."""
    short = [each for each in summary.happenings if _is_short(each)]
    short = short if len(short) >= _ENOUGH_ALIKE else []
    alone = [each for each in summary.happenings if _only_turn(each)]
    told = [each for each in summary.happenings if each not in (*short, *alone)]
    alone = [each for each in alone if _only_turn(each) != EventKind.FEEDBACK_RECEIVED]
    if told or short:
        yield words.group(_unrelated(summary, words), [_happening(each, words) for each in told])
    if short:
        lead = words.phrases.say("happened.ended.together")
        yield words.group(lead, [_in_brief(each, words) for each in short], run_in=True)
    for kind, group in groupby(sorted(alone, key=_only_turn), _only_turn):
        lead = words.phrases.say(f"happened.turns.only_{kind}")
        yield words.group(lead, [words.item(each.job) for each in group], run_in=True)
    if summary.received:
        items = [words.item(job) for job in summary.received]
        yield words.group(words.phrases.say("happened.received"), items, run_in=True)
    if summary.other_mail:
        counts = [
            words.phrases.count(f"happened.{label}", number)
            for label, number in summary.other_mail.items()
        ]
        yield Group(lead=words.phrases.say("happened.also", list=words.phrases.join(counts)))
    yield from _asked(summary.asked, words)


def _is_short(happening: Happening) -> bool:
    return (
        happening.ended
        and happening.stage is Stage.APPLICATION
        and not happening.turns
        and not happening.explained
    )


def _only_turn(happening: Happening) -> str:
    """Return the one thing that came of a question, where a word is enough for it; else ""."""
    kinds = {turn.kind for turn in happening.turns}
    alone = next(iter(kinds)) if len(kinds) == 1 and happening.step is None else None
    return str(alone) if alone in _SAID_IN_A_WORD else ""


def _unrelated(summary: Summary, words: Words) -> str:
    """Tell how many noes had nothing to do with the user; "" where none had."""
    ended = summary.ended
    apart = [happening for happening in ended if happening.stated_reason in NOT_ABOUT_YOU]
    if not apart:
        return ""
    form = "one" if len(apart) == 1 else "other"
    if len(apart) == len(ended):
        form = "only" if len(apart) == 1 else "all"
    return words.phrases.say(f"happened.unrelated.{form}", n=len(apart))


def _reason(happening: Happening, words: Words) -> str:
    if happening.stated_reason is StatedReason.NONE:
        told = "explained" if happening.explained else "no_reason"
        return words.phrases.say(f"happened.{told}")
    return words.phrases.say(f"happened.reasons.{happening.stated_reason}")


def _in_brief(happening: Happening, words: Words) -> Item:
    on_file = [words.phrases.say("happened.on_file")] if happening.kept_on_file else []
    return words.item(happening.job, ", ".join([_reason(happening, words), *on_file]))


def _happening(happening: Happening, words: Words) -> Item:
    step = " ".join(_step(happening, words))
    turns = (_turn(turn, words) for turn in happening.turns)
    return words.item(happening.job, *([step] if step else []), *turns)


def _step(happening: Happening, words: Words) -> Iterator[str]:
    say = words.phrases.say
    if happening.step is None:
        return
    if happening.step is not Label.REJECTION:
        yield say(f"happened.{happening.step}")
        return
    yield say(f"happened.ended.{happening.stage}", reason=_reason(happening, words))
    if happening.kept_on_file:
        yield say("happened.kept_on_file")


def _turn(turn: Turn, words: Words) -> str:
    say = words.phrases.say
    name = turn.name or say("happened.somebody")
    if turn.kind is not EventKind.WITHDRAWN:
        return say(f"happened.turns.{turn.kind}", name=name)
    told = turn.why in _WITHDRAWN
    return say(f"happened.withdrawn.{turn.why if told else 'other'}", name=name)


def _asked(asks: Sequence[Ask], words: Words) -> Iterator[Group]:
    """Tell what asking has brought so far; by stage and person `journal --ledger` tells it."""
    count = words.phrases.count
    for row in tally(asks):
        parts = [count(f"asked.{kind}", number) for kind, number in row.answers.items()]
        lead = [f"{count('asked.lead', row.asked)} {words.phrases.join(parts)}."]
        if row.days is not None:
            lead.append(count("asked.days", max(1, round(row.days))))
        yield Group(lead=" ".join(lead))
