"""Labelled mail from files → rows that have taken the same way as mail from a mailbox.

Labelled JSON Lines: one object a line with `id`, `set`, `kind` (real, template, synthetic,
written), `label`, `subject`, `from`, `body`, `lang`, and where known `html`, `company`,
`wording_group` or `group`, and of a rejection `evidence`, the decision as it stands in the body. A
folder is read for its *.jsonl, and for raw *.eml as ordinary mail.

Marks: JSON Lines of `id` and `decisive`, the numbers of the sentences that say no, for labelled
mail that must not be changed itself.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from inboxbot.core.parse import parse
from inboxbot.core.text import sentences
from inboxbot.core.types import EPOCH, Label, Locator, Message, RawMail
from inboxbot.errors import InputError

_WHITE: Final = re.compile(r"\s+")
# The collections replaced the job seekers' names; as they stand they would be words of the model.
_STAND_IN: Final = re.compile(r"\b(?:Alex(?:[ .]Doe)?|Max(?:[ .]Doe)?|Doe|Sam Roe|Roe)\b")
_MOST: Final = 0.6  # of a sentence that has to stand in the evidence, or the other way round
_SYLLABLES: Final = "ba ke li mo nu ra se ti vo yu da fe gi ho ju la me ni po ru".split()


class _Line(msgspec.Struct, kw_only=True):
    """One line of a labelled file; keys that are not named here are ignored."""

    id: str
    set: str
    kind: str
    label: Label
    body: str
    subject: str = ""
    sender: str = msgspec.field(name="from", default="")
    html: str = ""
    lang: str = ""
    company: str = ""
    wording_group: str = ""
    group: str = ""
    evidence: str = ""


class _Mark(msgspec.Struct, kw_only=True):
    """The decisive sentences of a mail that stands elsewhere."""

    id: str
    decisive: tuple[int, ...]


Kind = TypeVar("Kind", _Line, _Mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled mail: what the model sees, and what validation has to know of it."""

    id: str
    set: str
    kind: str
    label: Label
    language: str
    message: Message
    company: str = ""
    wording: str = ""
    raw: bool = False  # a mail as it came, not a labelled line
    decisive: tuple[int, ...] = ()  # the numbers of the sentences that say no, where known


def read(data: Sequence[Path], ham: Sequence[Path] = (), marks: Sequence[Path] = ()) -> list[Row]:
    """Return the rows of all files, in the order of their ids; raises InputError."""
    rows = [row for path in data for file in _files(path) for row in _labelled(file)]
    rows += [row for path in ham for file in _files(path) for row in _ordinary(file)]
    rows.sort(key=lambda row: (row.set, row.id))
    if not rows:
        raise InputError(f"no mail in {', '.join(map(str, [*data, *ham]))}: name .jsonl or .eml")
    marked = {mark.id: mark.decisive for path in marks for mark in _decoded(path, _Mark)}
    return [replace(row, decisive=marked.get(row.id, row.decisive)) for row in rows]


def _files(path: Path) -> list[Path]:
    """Return the file, or the .jsonl and .eml files of the folder, in order."""
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in {".jsonl", ".eml"})
    if not path.is_file():
        raise InputError(f"{path}: no such file or folder")
    return [path]


def _labelled(file: Path) -> Iterator[Row]:
    """Read a file of labelled lines; a raw mail is ordinary mail."""
    if file.suffix == ".eml":
        yield from _ordinary(file)
        return
    for line in _decoded(file, _Line):
        yield _row(line)


def _decoded(file: Path, kind: type[Kind]) -> Iterator[Kind]:
    """Yield the objects of a file of JSON Lines; raises InputError that names the line."""
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield msgspec.json.decode(line, type=kind)
        except msgspec.DecodeError as err:
            raise InputError(f"{file}, line {number}: {err}") from err


def _ordinary(file: Path) -> Iterator[Row]:
    """Read one raw mail that has nothing to do with a job; labelled lines keep their label."""
    if file.suffix == ".jsonl":
        yield from _labelled(file)
        return
    yield Row(
        id=file.stem,
        set=file.parent.name,
        kind="real",
        label=Label.NOT_JOB,
        language="en",
        message=_parsed(file.read_bytes()),
        raw=True,
    )


def _row(line: _Line) -> Row:
    """Return the row of a line, its mail rendered and parsed again."""
    message = _parsed(_rendered(line))
    return Row(
        id=line.id,
        set=line.set,
        kind=line.kind,
        label=line.label,
        language=line.lang or "und",
        message=message,
        company=line.company,
        wording=line.wording_group or line.group,
        decisive=decisive(sentences(message.text), line.evidence),
    )


def decisive(found: Sequence[str], evidence: str) -> tuple[int, ...]:
    """Return the numbers of the sentences that share most of their text with the evidence."""
    wanted = _WHITE.sub("", evidence)
    if not wanted:
        return ()
    return tuple(
        number
        for number, sentence in enumerate(found)
        if _overlap(_WHITE.sub("", sentence), wanted) >= _MOST
    )


def _overlap(sentence: str, evidence: str) -> float:
    """Return how much of the shorter text is one common stretch of both, from 0 to 1."""
    match = SequenceMatcher(None, sentence, evidence, autojunk=False).find_longest_match()
    return match.size / max(1, min(len(sentence), len(evidence)))


def _parsed(data: bytes) -> Message:
    return parse(RawMail(locator=Locator(""), folder="", received=EPOCH, data=data))


def _rendered(line: _Line) -> bytes:
    """Return the mail of a line as it would have come: RFC 5322, with both of its parts."""
    mail = EmailMessage(policy=SMTP)
    mail.set_content(_named(line.body, line.id))
    if line.html:
        mail.add_alternative(_named(line.html, line.id), subtype="html")
    subject = _encoded(_named(line.subject, line.id))
    return f"Subject: {subject}\r\nFrom: {_mailbox(line.sender)}\r\n".encode() + mail.as_bytes()


def _mailbox(sender: str) -> str:
    """Return a From field; some are cut off in the collections, which EmailMessage refuses."""
    name, bracket, address = sender.rpartition("<")
    return f"{_encoded(name)} {bracket}{_encoded(address)}".strip()


def _encoded(text: str) -> str:
    """Return a header's text on one line, as encoded words (RFC 2047) where it has to be."""
    line = _WHITE.sub(" ", text).strip()
    return line if line.isascii() else Header(line, "utf-8", maxlinelen=2000).encode(linesep="")


def _named(text: str, seed: str) -> str:
    """Put a different made-up name into each mail that bears a stand-in."""
    digest = hashlib.sha256(seed.encode()).digest()
    name = "".join(_SYLLABLES[byte % len(_SYLLABLES)] for byte in digest[:3]).title()
    return _STAND_IN.sub(name, text)
