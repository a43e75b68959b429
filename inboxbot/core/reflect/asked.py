"""What a letter has asked, and in which words; which of its conversations a text is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from inboxbot.core.history import leading_names, normal_role
from inboxbot.core.reflect.letter import words_of
from inboxbot.core.reflect.values import Question, Reflection


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompted:
    """A conversation that a letter asks about."""

    application: str
    employer: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a letter has asked."""

    prompts: tuple[Prompted, ...] = ()
    questions: int = 0  # numbered from 1: was this mail a rejection?
    exercise: str = ""  # the application whose other reasons may be ticked

    def names_only(self, text: str) -> bool:
        """Tell whether a text is no more than the name of a conversation."""
        names = " ".join(f"{each.employer or ''} {each.role or ''}" for each in self.prompts)
        return set(words_of(names)).issuperset(words_of(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The words in which the letters ask, in every language that they are written in."""

    well: tuple[str, ...]
    differently: tuple[str, ...]

    @property
    def pairs(self) -> tuple[tuple[Question, str], ...]:
        """Return each question with one of its wordings."""
        return (
            *((Question.WELL, cue) for cue in self.well),
            *((Question.DIFFERENTLY, cue) for cue in self.differently),
        )


def linked(reflection: Reflection, prompts: Sequence[Prompted]) -> Iterator[Reflection]:
    """Yield a reflection with its application, in parts where its paragraphs name several."""
    if reflection.application or not prompts:
        yield reflection
    elif len(prompts) == 1:
        yield replace(reflection, application=prompts[0].application)
    elif one := _named(reflection.text, prompts):
        yield replace(reflection, application=one)
    else:
        yield from _by_paragraph(reflection, prompts)


def _by_paragraph(reflection: Reflection, prompts: Sequence[Prompted]) -> Iterator[Reflection]:
    """Let each paragraph go with the name in it, or with the paragraph above."""
    application, piece = "", ""
    for paragraph in re.findall(r".+?(?:\n{2,}|\Z)", reflection.text, re.DOTALL):
        named = _named(paragraph, prompts) or application
        if named != application and piece:
            yield replace(reflection, application=application, text=piece.rstrip("\n"))
            piece = ""
        application, piece = named, piece + paragraph
    yield replace(reflection, application=application, text=piece.rstrip("\n"))


def names(text: str, employer: str | None) -> bool:
    """Tell whether a text names an employer, by the whole name or by its leading words."""
    words = words_of(text)
    spoken = {*words, *map("".join, pairwise(words))}
    return not spoken.isdisjoint(leading_names(employer))


def _named(text: str, prompts: Sequence[Prompted]) -> str:
    """Return the one application whose employer or role a text names, "" for none or several."""
    said = f" {' '.join(words_of(text))} "
    by_role = [each for each in prompts if each.role and f" {normal_role(each.role)} " in said]
    told = {each.employer for each in by_role}  # of two roles there, the one that is named
    by_employer = [
        each for each in prompts if each.employer not in told and names(text, each.employer)
    ]
    named = {each.application for each in (*by_role, *by_employer)}
    return named.pop() if len(named) == 1 else ""
