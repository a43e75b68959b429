"""config/summary/LANGUAGE.toml, or another folder's → phrases, asked for by name and filled in."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inboxbot.errors import TemplateError
from inboxbot.resources import CONFIG


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language. A name is the path to a phrase: "needs.draft.to"."""

    language: str
    path: Path
    table: Mapping[str, object]

    def say(self, name: str, /, **values: object) -> str:
        """Return a phrase. A value is put in as it is, and never read as a phrase again."""
        phrase = self._find(name)
        if not isinstance(phrase, str):
            raise TemplateError(f'{self.path}: {name} is missing; write a text: "…"')
        return re.sub(r"\{([a-z_]+)\}", lambda match: self._value(name, match[1], values), phrase)

    def count(self, name: str, number: int, /, **values: object) -> str:
        """Return the phrase for one or for several, {n} among its values."""
        return self.say(f"{name}.{'one' if number == 1 else 'other'}", n=number, **values)

    def choose(self, name: str, turn: int, /) -> str:
        """Return one of several wordings, the next one with each turn."""
        wordings = self.all(name)
        return wordings[turn % len(wordings)]

    def all(self, name: str, /) -> tuple[str, ...]:
        """Return the texts of a list."""
        found = self._find(name)
        if not isinstance(found, list) or not found:
            raise TemplateError(f'{self.path}: {name} is missing; write a list: ["…", "…"]')
        return tuple(str(text) for text in found)

    def join(self, texts: Sequence[str]) -> str:
        """Return "a", "a and b" or "a, b and c"."""
        if len(texts) < len("ab"):
            return "".join(texts)
        return f"{', '.join(texts[:-1])} {self.say('and')} {texts[-1]}"

    def _find(self, name: str) -> object:
        found: object = self.table
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def _value(self, name: str, placeholder: str, values: Mapping[str, object]) -> str:
        if placeholder not in values:
            raise TemplateError(f"{self.path}: {name}: unknown placeholder {{{placeholder}}}")
        return str(values[placeholder])


def load_phrases(language: str, folder: str = "summary") -> Phrases:
    """Return the words of a language. Raise `TemplateError` where there are none."""
    path = CONFIG / folder / f"{language}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{path}: cannot be read: {error}") from error
    return Phrases(language, path, table)
