"""What the user and employers keep coming back to: their words → themes, with quotations. Pure.

    journal | voices_in | clauses | topics of the lexicon, words of the user's own | Theme

A clause counts where it says that something went badly or should be better: praise, and what was
merely talked about, is nothing to practise. Everything that counts can be read in the quotations.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from math import exp2

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.reflect import Question
from inboxbot.core.text import clean, fold, lines, sentences
from inboxbot.core.types import Label
from inboxbot.core.weeklog import LONGEST_SENTENCE, WeekLog, arrival, line, member

_LONGEST_TEXT = 6_000
_LONGEST_QUOTATION = 240
_MOST_QUOTATIONS = 5
_HALF_LIFE = 60.0  # days after which a mention counts half
_ENOUGH = 2  # occasions on which the user came back to it; of an employer's words one is enough
_SHORTEST_WORD = 5  # letters of a word of the user's own
_WEIGHT_OF_A_WORD = 0.5  # it only recurs; a topic also says that something was amiss
_REACH = 25  # characters before a sign in which a "not" takes it back
_ABOUT_TROUBLE = frozenset({Question.DIFFERENTLY, Question.FREE})
_BORDER = re.compile(
    r"[;–—()]|,? (?:but|however|although|though|except|whereas|aber|jedoch|doch|obwohl|sondern)\b"  # noqa: RUF001
    r"|, (?:only|nur)\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDING = re.compile(r"(?<=\w{4})(?:ing|ed|es|en|er|e|n|s)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One subject: phrases that tell of trouble by themselves, and words that only name it."""

    name: str
    signs: Phrases
    words: Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """config/topics.toml as a value."""

    topics: tuple[Topic, ...]
    trouble: Phrases
    fine: Phrases
    negation: Phrases
    common: frozenset[str]  # stems of words too common to be anybody's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One text that somebody wrote about a conversation or an application."""

    text: str
    day: date
    occasion: str  # texts of one occasion are one mention
    about: str = ""  # the employer's name
    employers: bool = False  # an employer wrote it
    question: Question = Question.FREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words behind a theme: a sentence, verbatim and clean, cut between words where it is long."""

    text: str
    day: date
    about: str = ""  # the employer's name
    employers: bool = False  # an employer said it


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Something that keeps coming up: a topic of the lexicon, or a word of the user's own."""

    topic: str = ""  # "examples"; "" for a word of the user's own
    word: str = ""  # as the user wrote it last; "" for a topic
    mentions: int
    quotations: tuple[Quotation, ...]  # the newest first, some at most


@dataclass(frozen=True, slots=True)
class _Mention:
    voice: Voice
    sentence: str


def voices_in(log: WeekLog, zone: tzinfo) -> Iterator[Voice]:
    """Yield what the user has written, and what employers said of the user, oldest first."""
    for event in log.events:
        own = event.kind is EventKind.REFLECTED
        text = str(event.payload.get("text") or "") if own else _said(log, event)
        if not text:
            continue
        day = arrival(event).astimezone(zone).date()
        week = str(event.payload.get("week") or day)
        yield Voice(
            text=lines(text, _LONGEST_TEXT),
            day=day,
            occasion=f"{event.application} {week}" if own else event.message,
            about=log.job(event).employer,
            employers=not own,
            question=member(Question, event.payload.get("question")) or Question.FREE,
        )


def _said(log: WeekLog, event: Event) -> str:
    """Return what an employer said of the user in a mail, "" for nothing."""
    if event.kind is EventKind.FEEDBACK_RECEIVED:
        return str(event.payload.get("text") or "")
    answers = log.step(event) is Label.FEEDBACK or event.payload.get("gives_feedback") is True
    return line(event.payload, "evidence", LONGEST_SENTENCE) if answers else ""


def themes_in(voices: Iterable[Voice], lexicon: Lexicon, today: date) -> tuple[Theme, ...]:
    """Return the themes, the most frequent first; what is recent weighs more."""
    heard = [voice for voice in voices if voice.question in _ABOUT_TROUBLE]
    weighed = [
        (_weight(mentions, today), _theme(mentions, topic=name))
        for name, mentions in _topics(heard, lexicon).items()
    ]
    weighed += [
        (_weight(mentions, today) * _WEIGHT_OF_A_WORD, _theme(mentions, word=word))
        for word, mentions in _own_words(heard, lexicon).items()
    ]
    enough = [pair for pair in weighed if _is_enough(pair[1])]
    return tuple(theme for _, theme in sorted(enough, key=lambda pair: -pair[0]))


def _theme(mentions: Sequence[_Mention], *, topic: str = "", word: str = "") -> Theme:
    newest: dict[str, _Mention] = {}  # the same words once
    for mention in sorted(mentions, key=lambda mention: mention.voice.day, reverse=True):
        newest.setdefault(fold(mention.sentence), mention)
    return Theme(
        topic=topic,
        word=word,
        mentions=len(_occasions(mentions)),
        quotations=tuple(map(_quotation, list(newest.values())[:_MOST_QUOTATIONS])),
    )


def _quotation(mention: _Mention) -> Quotation:
    text, voice = clean(mention.sentence, LONGEST_SENTENCE), mention.voice
    if len(text) > _LONGEST_QUOTATION:
        text = f"{text[:_LONGEST_QUOTATION].rpartition(' ')[0]} …"
    return Quotation(text=text, day=voice.day, about=voice.about, employers=voice.employers)


def _occasions(mentions: Iterable[_Mention]) -> dict[str, date]:
    """Return the day of each occasion: two answers about one talk are one mention."""
    return {mention.voice.occasion: mention.voice.day for mention in mentions}


def _weight(mentions: Iterable[_Mention], today: date) -> float:
    days = _occasions(mentions).values()
    return sum(exp2(-max(0, (today - day).days) / _HALF_LIFE) for day in days)


def _is_enough(theme: Theme) -> bool:
    said = any(quotation.employers for quotation in theme.quotations)
    return theme.mentions >= _ENOUGH or said


# ---------------------------------------------------------------- topics


def _topics(voices: Iterable[Voice], lexicon: Lexicon) -> dict[str, list[_Mention]]:
    """Return for each topic the first sentence of every text that counts for it."""
    found: dict[str, list[_Mention]] = {}
    for voice in voices:
        for name, sentence in topics_of(voice, lexicon).items():
            found.setdefault(name, []).append(_Mention(voice, sentence))
    return found


def topics_of(voice: Voice, lexicon: Lexicon) -> dict[str, str]:
    """Return what a text says is to be practised: topic → the first sentence that says so."""
    found: dict[str, str] = {}
    for sentence in sentences(voice.text):
        for clause in _clauses(sentence):
            for topic in lexicon.topics:
                if topic.name not in found and _counts(clause, topic, voice.question, lexicon):
                    found[topic.name] = sentence
    return found


def _clauses(sentence: str) -> list[str]:
    return [clause for clause in map(str.strip, _BORDER.split(_plain(sentence))) if clause]


def _plain(sentence: str) -> str:
    """Return a sentence as the phrases of the lexicon expect it."""
    return fold(sentence.replace("\u2019", "'")).replace("n't", " not")


def _counts(clause: str, topic: Topic, question: Question, lexicon: Lexicon) -> bool:
    """Tell whether a clause says of a topic that it is to be practised."""
    for sign in topic.signs.matches(clause, None):
        if not lexicon.negation.found_in(clause[: sign.start()][-_REACH:], None):
            return True
    return topic.words.found_in(clause, None) and _is_trouble(clause, question, lexicon)


def _is_trouble(clause: str, question: Question, lexicon: Lexicon) -> bool:
    """Tell whether a clause says that something went badly, or answers what should be different."""
    if lexicon.fine.found_in(clause, None):
        return False
    return question is Question.DIFFERENTLY or lexicon.trouble.found_in(clause, None)


# ---------------------------------------------------------------- words of the user's own


def _own_words(voices: Iterable[Voice], lexicon: Lexicon) -> dict[str, list[_Mention]]:
    """Return the words that the user keeps using, as written last, where no topic covers them."""
    found: dict[str, dict[str, _Mention]] = {}
    last: dict[str, str] = {}
    for voice in voices:
        for sentence in sentences(voice.text):
            if voice.employers or not _is_of_its_own(sentence, voice.question, lexicon):
                continue
            for word in _content_words(sentence, voice.about, lexicon):
                mentions = found.setdefault(stem(word), {})
                mentions.setdefault(voice.occasion, _Mention(voice, sentence))
                last[stem(word)] = word
    return {last[key]: list(mentions.values()) for key, mentions in found.items()}


def _is_of_its_own(sentence: str, question: Question, lexicon: Lexicon) -> bool:
    """Tell whether a sentence is about something that went badly, and that no topic names."""
    plain = _plain(sentence)
    named = any(
        topic.words.found_in(plain, None) or topic.signs.found_in(plain, None)
        for topic in lexicon.topics
    )
    return not named and _is_trouble(plain, question, lexicon)


def _content_words(sentence: str, employer: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield the words of a sentence that mean something, names of the employer left out."""
    passed_over = lexicon.common | {stem(word) for word in _WORD.findall(employer)}
    for word in _WORD.findall(sentence):
        if len(word) >= _SHORTEST_WORD and stem(word) not in passed_over:
            yield word


def stem(word: str) -> str:
    """Return a word without its ending, to compare by: "examples" and "example" are one."""
    return _ENDING.sub("", word.casefold())
