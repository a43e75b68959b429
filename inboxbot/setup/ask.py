"""A question → an answer: by menus, by plain numbered lines, or by what is proposed.

    Prompts   a terminal that can draw: menus and boxes (questionary)
    Plain     a dumb one, or a screen reader: one line a question, choices by number
    Nobody    no prompt at all: what is proposed is taken, and the question told where nothing is

Words go to stderr, no wider than 79 columns, and mean the same without colours.
"""

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import click
import questionary

from inboxbot.core.text import for_terminal

Check = Callable[[str], str]
"""An answer as it was typed → as it is kept. Raises `ValueError` with what to write instead."""
_COLUMNS = 79
_YES, _NO = {"y", "yes", "j", "ja"}, {"n", "no", "nein"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of several, and its words."""

    value: str
    words: str


class Unanswered(Exception):
    """Nobody is there to ask, and nothing is proposed; its text is what was to be asked."""


class Asks(Protocol):
    """What the steps need of whoever answers."""

    def explain(self, why: str) -> None:
        """Say what the next question is about."""
        ...

    def text(self, words: str, proposed: str, check: Check) -> str:
        """Ask for a line; `check` reads it."""
        ...

    def choose(self, words: str, choices: Sequence[Choice], proposed: str) -> str:
        """Ask for one of several; `proposed` may be "": none is."""
        ...

    def tick(
        self, words: str, choices: Sequence[Choice], proposed: Sequence[str]
    ) -> tuple[str, ...]:
        """Ask for at least one of several."""
        ...

    def confirm(self, words: str, *, proposed: bool) -> bool:
        """Ask for a yes or a no."""
        ...

    def secret(self, words: str) -> str:
        """Ask for what nobody may see."""
        ...


def say(*paragraphs: str, lead: str = "") -> None:
    """Tell the user something, wrapped to the terminal; `lead` stands before, and is left free."""
    width = min(_COLUMNS, max(_COLUMNS // 2, shutil.get_terminal_size().columns - 1))
    for paragraph in paragraphs:
        told = textwrap.wrap(
            for_terminal(paragraph), width, initial_indent=lead, subsequent_indent=" " * len(lead),
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        click.echo("\n".join(told), err=True)


def say_as_it_is(line: str) -> None:
    """Tell a line that is to be copied: never wrapped."""
    click.echo(for_terminal(line, newlines=True), err=True)


def asks(*, plain: bool) -> Asks:
    """Return the way to ask that fits the terminal, `Nobody` where there is none."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return Nobody()
    dumb = os.name != "nt" and os.environ.get("TERM", "dumb") == "dumb"
    return Plain() if plain or dumb or "utf" not in sys.stdout.encoding.lower() else Prompts()


class _Somebody:
    """Reads what is explained, and types what nobody may see."""

    def explain(self, why: str) -> None:
        """Say it, in a paragraph of its own."""
        say("", why)

    def secret(self, words: str) -> str:
        """Ask without showing even how long it is."""
        shown = f"{words} (nothing shows while you type)"
        return str(click.prompt(shown, hide_input=True, err=True))


class Prompts(_Somebody):
    """Menus and boxes, moved through with the arrow keys."""

    def text(self, words: str, proposed: str, check: Check) -> str:
        """Ask for a line, with what is proposed already typed, until it can be used."""
        while True:
            proposed = str(_answer(questionary.text(words, default=proposed)))
            try:
                return check(proposed)
            except ValueError as error:
                say(str(error), lead="  ")

    def choose(self, words: str, choices: Sequence[Choice], proposed: str) -> str:
        """Show a menu, the pointer on what is proposed."""
        asked = questionary.select(
            words, _listed(choices), default=proposed or None, pointer=">",
            instruction="(arrow keys, Enter)",
        )  # fmt: skip
        return str(_answer(asked))

    def tick(
        self, words: str, choices: Sequence[Choice], proposed: Sequence[str]
    ) -> tuple[str, ...]:
        """Show boxes, ticked where it is proposed."""
        asked = questionary.checkbox(
            words, _listed(choices, proposed), pointer=">", instruction="(space ticks, Enter)",
            validate=lambda ticked: bool(ticked) or "tick at least one",
        )  # fmt: skip
        return tuple(_answer(asked))

    def confirm(self, words: str, *, proposed: bool) -> bool:
        """Ask for y or n, and Enter: an Enter too many would answer the next question."""
        return bool(_answer(questionary.confirm(words, default=proposed, auto_enter=False)))


class Plain(_Somebody):
    """One line a question; every choice has a number."""

    def text(self, words: str, proposed: str, check: Check) -> str:
        """Ask for a line; Enter takes what is proposed."""
        return str(_line(words, proposed, check))

    def choose(self, words: str, choices: Sequence[Choice], proposed: str) -> str:
        """Ask for a number."""
        ticked = [proposed] if proposed else []
        (chosen,) = _numbered(words, choices, ticked, "Number:", most=1)
        return chosen

    def tick(
        self, words: str, choices: Sequence[Choice], proposed: Sequence[str]
    ) -> tuple[str, ...]:
        """Ask for numbers with commas between them."""
        return _numbered(words, choices, proposed, "Numbers, with commas:", most=len(choices))

    def confirm(self, words: str, *, proposed: bool) -> bool:
        """Ask for y or n."""

        def read(text: str) -> bool:
            if (word := text.strip().lower()) not in _YES | _NO:
                raise ValueError("write y for yes, or n for no")
            return word in _YES

        return bool(_line(f"{words} (y or n)", "y" if proposed else "n", read))


class Nobody:
    """Takes what is proposed; raises `Unanswered` where nothing is."""

    def explain(self, why: str) -> None:
        """Say nothing: nobody is about to answer."""

    def text(self, words: str, proposed: str, check: Check) -> str:
        """Take what is proposed."""
        try:
            return check(proposed)
        except ValueError:
            raise Unanswered(words) from None

    def choose(self, words: str, choices: Sequence[Choice], proposed: str) -> str:
        """Take what is proposed."""
        if not proposed:
            values = ", ".join(choice.value for choice in choices)
            raise Unanswered(f"{words} (one of: {values})")
        return proposed

    def tick(
        self, words: str, choices: Sequence[Choice], proposed: Sequence[str]
    ) -> tuple[str, ...]:
        """Take what is proposed."""
        del words, choices
        return tuple(proposed)

    def confirm(self, words: str, *, proposed: bool) -> bool:
        """Take what is proposed."""
        del words
        return proposed

    def secret(self, words: str) -> str:
        """Refuse: a secret has to be given."""
        raise Unanswered(words)


def _answer(question: questionary.Question) -> Any:
    """Ask, and let Ctrl-C and Ctrl-D end the command as everywhere."""
    try:
        return question.unsafe_ask()
    except EOFError:
        raise click.Abort from None


def _line(words: str, default: str, read: Callable[[str], Any]) -> Any:
    """Ask for a line until `read` can use it; Enter alone stands for `default`."""

    def usable(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

    return click.prompt(
        words, default=default, show_default=bool(default), prompt_suffix=" ", value_proc=usable,
        err=True,
    )  # fmt: skip


def _numbered(
    words: str, choices: Sequence[Choice], ticked: Sequence[str], ask: str, *, most: int
) -> tuple[str, ...]:
    """Show choices with their numbers, and ask for one of these, or some."""
    values = {str(number): choice.value for number, choice in enumerate(choices, start=1)}
    say(words)
    for number, choice in zip(values, choices, strict=True):
        click.echo(f"  {number}. {for_terminal(choice.words)}", err=True)
    wanted = "a number" if most == 1 else "numbers, as in 1,2, each"

    def read(text: str) -> tuple[str, ...]:
        numbers = dict.fromkeys(part.strip() for part in text.split(","))
        if not numbers.keys() <= values.keys() or len(numbers) > most:
            raise ValueError(f"write {wanted} from 1 to {len(values)}")
        return tuple(values[number] for number in numbers)

    proposed = ",".join(number for number, value in values.items() if value in ticked)
    answer: tuple[str, ...] = _line(ask, proposed, read)
    return answer


def _listed(choices: Sequence[Choice], ticked: Sequence[str] = ()) -> list[questionary.Choice]:
    return [
        questionary.Choice(for_terminal(choice.words), choice.value, checked=choice.value in ticked)
        for choice in choices
    ]
