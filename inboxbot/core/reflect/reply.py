"""Runs of a reply → reflections, each with the application and the question that it is about.

    > Northwind Maps, Designer  [r-7kq2]         what stands above the user's words tells:
    > What went well?                            an anchor, a question
    I showed the map that I had redrawn.

What stands under neither is about the letter's only conversation, or about the one that is named.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from inboxbot.core.reflect.asked import Asked, Cues, linked
from inboxbot.core.reflect.letter import words_of
from inboxbot.core.reflect.orders import (
    Command,
    answers_of,
    bare_answer,
    command_of,
    ticks_in,
)
from inboxbot.core.reflect.runs import runs_of
from inboxbot.core.reflect.values import OtherReason, Question, Reflection, anchor_of
from inboxbot.core.types import Row

_ANCHOR = re.compile(r"[(\[]?\br[-\u2010\u2011\u2013]([2-9b-z]{4})\b[)\]]?", re.IGNORECASE)
_ROWS_OF_AN_ITEM = 6
_NUMBERED = re.compile(r"\s*(\d{1,2})[.)]\s")
_LABELS = {
    Question.WELL: re.compile(r"\W{0,3}(?:went well|well|good|lief gut|gut)\s?[:=]", re.IGNORECASE),
    Question.DIFFERENTLY: re.compile(
        r"\W{0,3}(?:differently|next time|better|anders|(?:beim )?nächste[sn] mal|besser)\s?[:=]",
        re.IGNORECASE,
    ),
}
_CLOSING = re.compile(
    r"hi|hello|hey|(?:many )?thanks|thank you|thx|cheers|(?:all the |my )?best(?: wishes)?"
    r"|(?:kind |best )?regards|hallo|(?:vielen )?danke?|lg|vg|mfg"
    r"|(?:(?:mit )?(?:viele|liebe|beste|schöne|freundliche)n? )?gr(?:u|ü)(?:ß|ss)en?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a reply says."""

    reflections: tuple[Reflection, ...] = ()
    answers: Mapping[int, bool] = field(default_factory=dict)  # by the number of the question
    command: Command | None = None


def parse_reply(
    rows: Sequence[Row], asked: Asked, cues: Cues, *, letter: str = "", name: str = "", today: date
) -> Reply:
    """Return what a reply says.

    `letter` is the text that is answered, where it can be had; `name` is the user's, who may close
    with it; `today` is the day of the reply, from which a date without a year is reckoned.
    """
    walk = _Walk(asked, cues, today)
    for run in runs_of(rows, letter, (*cues.well, *cues.differently), name):
        if run.own:
            walk.take(run.rows)
        else:
            walk.pass_over(run.rows)
    said = [one for one in walk.reflections if not _only_closes(one, name)]
    if walk.ticks:
        ticks = tuple(reason for reason in OtherReason if reason in walk.ticks)
        reasons = Question.REASONS
        said.append(Reflection(question=reasons, text="", application=asked.exercise, ticks=ticks))
    return Reply(
        reflections=tuple(about for one in said for about in linked(one, asked.prompts)),
        answers=walk.answers,
        command=walk.command,
    )


class _Walk:
    """Goes through the runs, and knows what was asked last."""

    def __init__(self, asked: Asked, cues: Cues, today: date) -> None:
        self.reflections: list[Reflection] = []
        self.ticks: dict[OtherReason, None] = {}
        self.answers: dict[int, bool] = {}
        self.command: Command | None = None
        self._asked, self._cues, self._today = asked, cues, today
        known = (*(prompt.application for prompt in asked.prompts), asked.exercise)
        self._anchors = {anchor_of(name): name for name in known if name}
        self._application = ""
        self._question = Question.FREE
        self._only_number = 1 if asked.questions == 1 else 0
        self._number = self._only_number  # of the question that "yes" alone would answer
        self._at_top = True
        self._rows: list[str] = []  # of the reflection that is being read

    # ------------------------------------------------------------ the letter's words

    def pass_over(self, rows: Sequence[str]) -> None:
        """Take note of what the letter asks last, and of what was ticked in its list."""
        for row in rows:
            self._is_tick(row)
        items = [int(item[1]) for row in rows[-_ROWS_OF_AN_ITEM:] if (item := _NUMBERED.match(row))]
        self._number = items[-1] if items else self._only_number
        said = f" {' '.join(word for row in rows for word in words_of(row))} "
        if said.isspace():
            return
        anchor, application = self._last_anchor(said)
        cue, question = self._last_cue(said)
        if max(anchor, cue) < len(said):  # something else is said after it
            self._application, self._question = "", Question.FREE
            return
        self._application = application or self._application
        self._question = question if cue > anchor else Question.FREE

    def _last_anchor(self, said: str) -> tuple[int, str]:
        """Return where the last known anchor ends, and its application."""
        ends = ((_end(said, anchor), name) for anchor, name in self._anchors.items())
        return max((found for found in ends if found[0] >= 0), default=(-1, ""))

    def _last_cue(self, said: str) -> tuple[int, Question]:
        """Return where the last cue ends, and its question; FREE where both were asked at once."""
        ends = [
            (_end(said, cue), len(_spoken(cue)) - 1, question) for question, cue in self._cues.pairs
        ]
        end, length, question = max(ends, default=(-1, 0, Question.FREE))
        both = any(other == end - length for other, _, _ in ends)
        return end, Question.FREE if both else question

    # ------------------------------------------------------------ the user's words

    def take(self, rows: Sequence[str]) -> None:
        """Take a run of the user's words."""
        for row in rows:
            if not self._is_order(row):
                self._write(row)
        self._end_reflection()
        self._at_top = False

    def _is_order(self, row: str) -> bool:
        """Take a row that is for the program, unless it stands in the midst of a reflection."""
        if self._is_tick(row):
            return True
        if self._application or self._question is not Question.FREE:
            return False
        answers = answers_of(row, self._asked.questions)
        if not any(self._rows):
            if self._at_top and self.command is None:
                self.command = command_of(row, self._today)
                if self.command is not None:
                    return True
            bare = bare_answer(row)
            if bare is not None and 1 <= self._number <= self._asked.questions:
                answers = {self._number: bare}
        self.answers |= answers
        return bool(answers)

    def _is_tick(self, row: str) -> bool:
        """Take what a row ticks; with words beside it, it is a row of text as well."""
        ticks, rest = ticks_in(row)
        self.ticks |= dict.fromkeys(ticks)
        return bool(ticks) and not rest

    def _write(self, row: str) -> None:
        """Take a row of text, without what is the letter's in it."""
        if anchor := _ANCHOR.search(row):
            row = self._turn_to(row, anchor)
        at_once = False
        for question, cue in self._cues.pairs:
            if asked := _opening(cue).match(row):
                self._end_reflection()
                self._question = Question.FREE if at_once else question
                row, at_once = row[asked.end() :], True
        for question, label in _LABELS.items():
            if label.match(row):
                self._end_reflection()
                self._question = question
        self._rows.append(row)

    def _turn_to(self, row: str, anchor: re.Match[str]) -> str:
        """Let what follows be about an anchor's application; return the row's words."""
        application = self._anchors.get(f"r-{anchor[1].lower()}")
        if application is None:
            return row
        self._end_reflection()
        self._application, self._question = application, Question.FREE
        if self._asked.names_only(row[: anchor.start()]):
            return row[anchor.end() :].lstrip(" :,-\u2013\u2014")
        return row

    def _end_reflection(self) -> None:
        text = _trimmed(self._rows)
        self._rows = []
        if text:
            self.reflections.append(
                Reflection(question=self._question, text=text, application=self._application)
            )


# ---------------------------------------------------------------- words


def _end(said: str, phrase: str) -> int:
    """Return where a phrase ends the last time that it is said, -1 where it never is."""
    spoken = _spoken(phrase)
    place = said.rfind(spoken)
    return place + len(spoken) if place >= 0 else -1


@lru_cache(maxsize=64)
def _spoken(phrase: str) -> str:
    return f" {' '.join(words_of(phrase))} "


@lru_cache(maxsize=64)
def _opening(cue: str) -> re.Pattern[str]:
    """Return the pattern of a row that begins with a question; what follows is the user's."""
    words = r"\W+".join(map(re.escape, re.findall(r"\w+", cue)))
    return re.compile(rf"\W{{0,6}}{words}\b[?:.!\s\u00a0]*", re.IGNORECASE)


def _trimmed(rows: Sequence[str]) -> str:
    """Return the rows as one text without blank rows around it."""
    return "\n".join(rows).strip("\n ")


def _only_closes(said: Reflection, name: str) -> bool:
    """Tell whether words are but a greeting, a closing formula and the user's name."""
    if said.application or said.question is not Question.FREE:
        return False  # an answer, however short
    names = set(words_of(name))
    parts = (part.strip() for part in re.split(r"[\n,.!\u2013-]+", said.text))
    return all(
        _CLOSING.fullmatch(part) or names.issuperset(words_of(part)) for part in parts if part
    )
