"""config/drafts/*.toml → checked `Templates`, the user's own files before the shipped ones."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from inboxbot.core.compose import Templates
from inboxbot.core.types import Stage
from inboxbot.errors import TemplateError
from inboxbot.resources import CONFIG

_STAGES = tuple(str(stage) for stage in Stage)
_PARTS: Mapping[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "salutation": (("named", "unnamed"), frozenset({"person"})),
    "told": (_STAGES, frozenset({"about"})),
    "heard": (_STAGES, frozenset({"about"})),
    "question": ((*_STAGES, "several", "unrelated"), frozenset({"about"})),
    "accept": (("any",), frozenset({"about"})),
    "thanks": (("given", "refused"), frozenset({"about"})),
    "closing": (("any",), frozenset()),
    "farewell": (("any",), frozenset()),
}
_TEXTS: Mapping[str, frozenset[str]] = {
    "subject": frozenset(),
    "attribution": frozenset({"person"}),
    "between_several": frozenset(),
    "last_of_several": frozenset(),
}
_ABOUT: Mapping[str, frozenset[str]] = {
    "role_and_employer": frozenset({"role", "employer"}),
    "role": frozenset({"role"}),
    "roles_and_employer": frozenset({"roles", "employer"}),
    "roles": frozenset({"roles"}),
    "employer": frozenset({"employer"}),
    "neither": frozenset(),
}


def load_templates(own: Path | None = None) -> Mapping[str, Templates]:
    """Return the templates by language. Raise `TemplateError` naming file and line."""
    files = {path.stem: path for path in sorted((CONFIG / "drafts").glob("*.toml"))}
    if own is not None and own.is_dir():
        files |= {path.stem: path for path in sorted(own.glob("*.toml"))}
    return {language: _load(path) for language, path in files.items()}


def _load(path: Path) -> Templates:
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{path}: cannot be read: {error}") from error
    problems = list(_problems(table))
    if problems:
        name, wording = problems[0]
        raise TemplateError(f"{path}: line {_line(text, wording)}: {name}")
    return Templates(
        language=path.stem,
        subject=table["subject"],
        attribution=table["attribution"],
        between_several=table["between_several"],
        last_of_several=table["last_of_several"],
        about=table["about"],
        parts={
            part: {situation: tuple(table[part][situation]) for situation in situations}
            for part, (situations, _) in _PARTS.items()
        },
    )


def _problems(table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield (what is wrong, the text that it stands in)."""
    for key, allowed in _TEXTS.items():
        yield from _wrong_texts(key, [table.get(key)], allowed)
    about = table.get("about")
    for form, allowed in _ABOUT.items():
        found = about.get(form) if isinstance(about, dict) else None
        yield from _wrong_texts(f"about.{form}", [found], allowed)
    for part, (situations, allowed) in _PARTS.items():
        section = table.get(part)
        for situation in situations:
            wordings = section.get(situation) if isinstance(section, dict) else None
            if not isinstance(wordings, list) or not wordings:
                yield f"{part}.{situation} is missing; write a list of wordings", part
            else:
                yield from _wrong_texts(f"{part}.{situation}", wordings, allowed)


def _wrong_texts(
    name: str, texts: list[object], allowed: frozenset[str]
) -> Iterator[tuple[str, str]]:
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            yield f"{name} is missing; write a text in quotation marks", name.rpartition(".")[2]
            continue
        for unknown in set(re.findall(r"\{([^{}]*)\}?", text)) - allowed:
            known = ", ".join(f"{{{item}}}" for item in sorted(allowed)) or "none"
            yield f"{name}: unknown placeholder {{{unknown}}}; allowed here: {known}", text


def _line(text: str, wanted: str) -> int:
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if wanted in line), 1)
