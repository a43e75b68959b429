"""Draws models/check.jsonl and models/anchors.jsonl, the same mails each time, from written mail.

Run as `python -m tests.classify.check_set` (`make check-set`), after a new model too: which near-
misses are the hardest is for the model to say.

    check     held-out mail of every language, half of it rejections; the hardest near-misses; and
              plain noes of institutions, which an inbox holds most of
    anchors   mail of every language that the model was trained on, half of it rejections
"""

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from inboxbot.classify import rows as files
from inboxbot.classify.model import Model
from inboxbot.core.types import Label
from inboxbot.resources import MODELS

DATA = Path(__file__).parents[1] / "data"
CORPUS = MODELS / "corpus"
SEED = 20261129
OF_A_LANGUAGE = 10  # rejections, and as many others, in the check set
ANCHORS = 20  # the same, of the anchors
NEAR_MISSES = 100
INSTITUTIONS = {"en": 60, "de": 20, "fr": 20, "es": 20, "it": 20, "nl": 20, "pt": 20}
_OF_INSTITUTIONS = re.compile(r"[a-z]{2}-a\d+")  # that batch of the corpus, see models/README.md
_KEYS = ("id", "set", "kind", "label", "subject", "from", "body", "lang")

Line = dict[str, Any]


def check_set() -> list[Line]:
    """Return the mails that a personal correction must not make worse."""
    chosen = [
        line
        for file in sorted((DATA / "held_out").glob("*.jsonl"))
        for line in _balanced(_lines(file), OF_A_LANGUAGE)
    ]
    return [*chosen, *_hardest(), *_institutions()]


def anchors() -> list[Line]:
    """Return the mails that fitting a personal correction holds in place."""
    checked = {line["id"] for line in _institutions()}
    return [
        line
        for file in sorted(CORPUS.glob("??.jsonl"))
        for line in _balanced((one for one in _lines(file) if one["id"] not in checked), ANCHORS)
    ]


def _balanced(lines: Iterable[Line], count: int) -> Iterator[Line]:
    pool = list(lines)
    yield from _drawn(pool, count, lambda line: line["label"] == Label.REJECTION)
    yield from _drawn(pool, count, lambda line: line["label"] != Label.REJECTION)


def _institutions() -> Iterator[Line]:
    for language, count in INSTITUTIONS.items():
        yield from _drawn(_lines(CORPUS / f"{language}.jsonl"), count, _is_of_an_institution)


def _is_of_an_institution(line: Line) -> bool:
    return line["label"] == Label.REJECTION and bool(_OF_INSTITUTIONS.fullmatch(line["id"]))


def _drawn(lines: Iterable[Line], count: int, fits: Callable[[Line], bool]) -> list[Line]:
    pool = sorted((line for line in lines if fits(line)), key=lambda line: line["id"])
    return random.Random(SEED).sample(pool, count)


def _hardest() -> list[Line]:
    path, model = DATA / "catastrophe.jsonl", Model.load(MODELS / "rejection.model")
    probability = {row.id: model.judge(row.message).probability for row in files.read([path])}
    return sorted(_lines(path), key=lambda line: -probability[line["id"]])[:NEAR_MISSES]


def _lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write(path: Path, lines: Iterable[Line]) -> None:
    """Write a file of labelled mail."""
    rows = ({key: line[key] for key in _KEYS} for line in lines)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    write(MODELS / "check.jsonl", check_set())
    write(MODELS / "anchors.jsonl", anchors())
