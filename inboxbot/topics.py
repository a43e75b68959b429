"""config/topics.toml → `Lexicon`: what reflections and feedback are about."""

import tomllib

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.focus import Lexicon, Topic, stem
from inboxbot.resources import CONFIG


def load_lexicon() -> Lexicon:
    """Return the shipped lexicon."""
    table = tomllib.loads((CONFIG / "topics.toml").read_text(encoding="utf-8"))
    return Lexicon(
        topics=tuple(
            Topic(name=name, signs=_phrases(topic["signs"]), words=_phrases(topic["words"]))
            for name, topic in table["topics"].items()
        ),
        trouble=_phrases(table["trouble"]),
        fine=_phrases(table["fine"]),
        negation=_phrases(table["negation"]),
        common=frozenset(map(stem, table["words"]["common"].split())),
    )


def _phrases(lines: list[str]) -> Phrases:
    """Return phrases of no language in particular: people write in two at once."""
    return Phrases("\n".join(("en:", *(f"    {line}" for line in lines))))
