"""The questions of one setup: answered by a flag, by an earlier run, or by whoever is asked.

    flag | remembered | asked, with what is proposed  →  an answer, written down at once

So the wizard and the flags share every step, and Ctrl-C loses nothing that was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypedDict, TypeVar, Unpack

from inboxbot.errors import InputError, SetupStopped
from inboxbot.settings import read_value
from inboxbot.setup.answers import Answers, Memory
from inboxbot.setup.ask import Asks, Check, Choice, Unanswered, say

_T = TypeVar("_T")


class How(TypedDict, total=False):
    """How a question is put."""

    why: str  # said before it
    ask: bool  # False: what is proposed stands, unless a flag says otherwise, or `again`


def plain(text: str) -> str:
    """Take any line, without quotes around it. Raise `ValueError` where it is empty."""
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'":
        bare = bare[1:-1].strip()
    if not bare:
        raise ValueError("write something")
    return bare


def as_setting(key: str) -> Check:
    """Return the check by which the settings read a text."""
    return lambda text: str(read_value(key, plain(text)))


class Interview:
    """Holds the answers; a step asks it by the name of a field of `Answers`."""

    def __init__(
        self, asks: Asks, flags: Mapping[str, Any], answers: Answers, memory: Memory | None
    ) -> None:
        self.asks = asks
        self.answers = answers
        self._flags = dict(flags)
        self._memory = memory  # None: nothing is worth to be remembered
        self._again: set[str] = set()
        self._told: set[str] = set()

    def tell(self, *paragraphs: str) -> None:
        """Say something, once: a step may be gone through again."""
        for paragraph in paragraphs:
            if paragraph not in self._told:
                say("", paragraph)
        self._told.update(paragraphs)

    def text(
        self,
        key: str,
        words: str,
        *,
        proposed: str = "",
        check: Check | None = None,
        **how: Unpack[How],
    ) -> str:
        """Return a line that `check` has read, by default as the settings do."""
        read = check or as_setting(key)

        def ask(at: str) -> str:
            return self.asks.text(words, at, read)

        return self._answer(key, proposed, read, ask, **how)

    def several(self, key: str, words: str, *, check: Check, **how: Unpack[How]) -> tuple[str, ...]:
        """Return any number of lines, which are written with commas."""

        def split(text: str) -> tuple[str, ...]:
            return tuple(check(part) for part in text.split(",") if part.strip())

        def ask(at: tuple[str, ...]) -> tuple[str, ...]:
            return split(self.asks.text(words, ", ".join(at), lambda text: ", ".join(split(text))))

        def checked(given: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(map(check, given))

        return self._answer(key, (), checked, ask, **how)

    def choose(
        self,
        key: str,
        words: str,
        choices: Sequence[Choice],
        *,
        proposed: str = "",
        **how: Unpack[How],
    ) -> str:
        """Return one of several."""
        values = [choice.value for choice in choices]

        def check(value: str) -> str:
            if value not in values:
                raise ValueError(f"write one of: {', '.join(values)}")
            return value

        def ask(at: str) -> str:
            return self.asks.choose(words, choices, at if at in values else "")

        return self._answer(key, proposed, check, ask, **how)

    def tick(
        self,
        key: str,
        words: str,
        choices: Sequence[Choice],
        *,
        proposed: Sequence[str],
        **how: Unpack[How],
    ) -> tuple[str, ...]:
        """Return some of several."""

        def ask(at: tuple[str, ...]) -> tuple[str, ...]:
            return self.asks.tick(words, choices, at)

        return self._answer(key, tuple(proposed), tuple, ask, **how)

    def confirm(self, key: str, words: str, *, proposed: bool, **how: Unpack[How]) -> bool:
        """Return yes or no."""

        def ask(at: bool) -> bool:  # noqa: FBT001  (one value, as the others have it)
            return self.asks.confirm(words, proposed=at)

        return self._answer(key, proposed, bool, ask, **how)

    def note(self, **answers: Any) -> None:
        """Take answers that nobody was asked for."""
        self.answers = replace(self.answers, **answers)
        if self._memory:
            self._memory.keep(self.answers)

    def done(self) -> None:
        """Forget the answers: they are in the settings now."""
        if self._memory:
            self._memory.discard()

    def stopped(self, why: str = "nothing was written") -> SetupStopped:
        """Return the end of a setup, to be raised, with how to go on."""
        on = "to go on, or to change an answer, run: inboxbot setup"
        return SetupStopped(f"{why}; {on}" if self._memory else why)

    def again(self, *keys: str) -> None:
        """Have these asked again; the answers before are proposed."""
        self._again.update(keys)

    def flag(self, key: str) -> Any:
        """Return what a flag says that is no answer to be remembered; None, and never again."""
        return self._flags.pop(key, None)

    def has_flag(self, *keys: str) -> bool:
        """Tell whether one of these flags was given and is still to be used."""
        return not self._flags.keys().isdisjoint(keys)

    def given(self, key: str, check: Callable[[Any], Any] = lambda value: value) -> Any:
        """Return what a flag, or an earlier run, says; nobody is asked."""
        return self._answer(key, None, check, lambda value: value, ask=False)

    def review(self, answers: Answers, done: tuple[str, ...]) -> None:
        """Take the answers of an account, and have all but `done` asked again, if ever asked."""
        self.answers = answers
        self.note(reviewed=done)

    def unused(self) -> tuple[str, ...]:
        """Return the flags that answered no question."""
        return tuple(map(_flag, self._flags))

    def _answer(
        self,
        key: str,
        proposed: _T,
        check: Callable[[_T], _T],
        put: Callable[[_T], _T],
        *,
        why: str = "",
        ask: bool = True,
    ) -> _T:
        """Return an answer; `why` and `ask` as `How` has them."""
        known: _T | None = getattr(self.answers, key)
        if key in self._flags:
            value = self._by_flag(key, check)
        elif key in self._again or (ask and self._is_open(key, known)):
            value = self._put(key, put, proposed if known is None else known, why)
        else:
            return proposed if known is None else known
        self._again.discard(key)
        reviewed = self.answers.reviewed
        more = {} if reviewed is None else {"reviewed": (*reviewed, key)}
        self.note(**{key: value, **more})
        return value

    def _is_open(self, key: str, known: object) -> bool:
        reviewed = self.answers.reviewed
        return known is None or (reviewed is not None and key not in reviewed)

    def _by_flag(self, key: str, check: Callable[[_T], _T]) -> _T:
        try:
            return check(self._flags.pop(key))
        except ValueError as error:
            raise InputError(f"{_flag(key)}: {error}") from None

    def _put(self, key: str, put: Callable[[_T], _T], proposed: _T, why: str) -> _T:
        if why:
            self.asks.explain(why)
        try:
            return put(proposed)
        except Unanswered as unanswered:
            question = str(unanswered).removesuffix(":")
            raise InputError(f"{_flag(key)} is missing: {question}") from None


def _flag(key: str) -> str:
    name = {"aliases": "alias", "folders": "folder"}.get(key, key)  # one at a time
    return f"--{name.replace('_', '-')}"
