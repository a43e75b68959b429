"""Measure fact reading on annotated rejections: real ones, and the held-out written ones → figures.

    .venv/bin/python -m tests.core.facts_real [--wrong]

tests/data/facts_real.jsonl holds ids and facts alone; the mail itself stays outside the project.
The phrases were tuned on it, and never on the held-out written mail, which is harder, and mostly
personal: two figures that bound what to expect.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inboxbot.classify import rows as files
from inboxbot.core.facts import read_facts
from inboxbot.core.guards import Senders
from inboxbot.core.history import normal_employer
from inboxbot.core.types import Address, Facts, Key, Label, Message, Verdict
from inboxbot.senders import load_senders

ROOT = Path(__file__).parents[2]
ANNOTATED = ROOT / "tests" / "data" / "facts_real.jsonl"
MAIL = ROOT.parent / "shared" / "data" / "train.jsonl"
HELD_OUT = ROOT / "tests" / "data" / "held_out"
FLAGS = ("refuses_feedback", "offers_feedback", "gives_feedback", "keep_on_file")
REJECTED = Verdict(label=Label.REJECTION, probability=0.99, probabilities={Label.REJECTION: 0.99})

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """One annotated mail and what was read from it."""

    truth: Row
    read: Facts


def author_of(header: str, senders: Senders) -> tuple[Address, ...]:
    """Return the From of a row; one set cut it off after fifty characters."""
    match = re.match(r"\s*(?P<name>[^<]*?)\s*<(?P<addr>[^>]*)(?P<end>>?)", header)
    if match is None:
        return (Address(header.lower()) if "@" in header else Address("", header),)
    addr = match["addr"].strip().lower()
    if not match["end"]:
        known = (*senders.vendors, *senders.boards)
        ends = [addr[: addr.rindex(cut)] + full for full in known if (cut := _cut(addr, full))]
        addr = min(ends, key=len, default=addr)
    return (Address(addr, match["name"].strip('" ')),)


def _cut(addr: str, domain: str) -> str:
    """Return the start of a known domain that a cut address ends with, "" for another domain."""
    starts = (domain[:length] for length in range(len(domain), 3, -1))
    return next((start for start in starts if addr.endswith(("@" + start, "." + start))), "")


def message_of(row: Row, senders: Senders) -> Message:
    """Return a row of train.jsonl as a message."""
    author = author_of(row["from"], senders) if row["from"] else ()
    # One set writes placeholders for employers, in brackets that no mail would have.
    text = re.sub(r"\[(Company)_(\w)\]", r"\1\2", row["body"])
    return Message(key=Key(row["id"]), from_=author, subject=row["subject"] or "", text=text)


def rows_of(path: Path) -> list[Row]:
    """Return the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def judged(senders: Senders) -> Iterator[Judged]:
    """Read every annotated mail."""
    mail = {row["id"]: row for row in rows_of(MAIL)}
    for truth in rows_of(ANNOTATED):
        yield Judged(truth, read_facts(message_of(mail[truth["id"]], senders), REJECTED, senders))


def held_out(language: str, senders: Senders) -> Iterator[Judged]:
    """Read every annotated rejection of a language that was kept out of training."""
    path = HELD_OUT / f"{language}.jsonl"
    messages = {row.id: row.message for row in files.read([path])}
    for row in rows_of(path):
        if row["label"] == Label.REJECTION:
            truth = row | {flag: flag in row["flags"] for flag in FLAGS}
            truth["stated_reason"] = row["reason"]
            yield Judged(truth, read_facts(messages[row["id"]], REJECTED, senders))


def employer_is_right(case: Judged) -> bool:
    """Tell whether the employer is one of the accepted spellings, compared as names."""
    accepted = {case.truth["employer"], *case.truth.get("employer_also", ())}
    return normal_employer(case.read.employer) in {normal_employer(name) for name in accepted}


def token_f1(read: str | None, truth: str | None) -> float:
    """Return the harmonic mean of the precision and recall of words; 1 where both are unknown."""
    words, wanted = (Counter(re.findall(r"\w+", (text or "").casefold())) for text in (read, truth))
    if not words or not wanted:
        return float(words == wanted)
    shared = sum((words & wanted).values())
    return 2 * shared / (sum(words.values()) + sum(wanted.values()))


def f1(cases: list[Judged], flag: str) -> tuple[float, int]:
    """Return the F1 of a flag and how many mails carry it; 1 where none does and none was read."""
    known = [case for case in cases if flag in case.truth]
    hits = sum(1 for case in known if case.truth[flag] and getattr(case.read, flag))
    read = sum(1 for case in known if getattr(case.read, flag))
    wanted = sum(1 for case in known if case.truth[flag])
    return (2 * hits / (read + wanted) if read + wanted else 1.0), wanted


def figures(cases: list[Judged]) -> dict[str, float]:
    """Return every figure by its name, as shares from 0 to 1."""
    staged = [case for case in cases if "stage" in case.truth]
    stated = [case for case in cases if "stated_reason" in case.truth]
    return {
        "employer": sum(map(employer_is_right, cases)) / len(cases),
        "role": sum(token_f1(c.read.role, c.truth["role"]) for c in cases) / len(cases),
        "stage": sum(c.read.stage == c.truth["stage"] for c in staged) / len(staged),
        "stated_reason": sum(c.read.stated_reason == c.truth["stated_reason"] for c in stated)
        / len(stated),
        **{flag: f1(cases, flag)[0] for flag in FLAGS},
    }


def wrong(case: Judged) -> Iterator[str]:
    """Yield what was misread in one mail, as "field: read, not truth"."""
    truth, read = case.truth, case.read
    if not employer_is_right(case):
        yield f"employer: {read.employer!r}, not {truth['employer']!r}"
    if token_f1(read.role, truth["role"]) < 1:
        yield f"role: {read.role!r}, not {truth['role']!r}"
    for name in ("requisition", "stage", "stated_reason", *FLAGS):
        if name in truth and getattr(read, name) != truth[name]:
            yield f"{name}: {getattr(read, name)!s}, not {truth[name]!s}"


def main() -> None:
    """Print the figures and, with --wrong, every misreading."""
    cases = list(judged(load_senders()))
    if "--wrong" in sys.argv:
        for case in cases:
            for line in wrong(case):
                print(case.truth["id"], line)
    report(f"{len(cases)} real rejections", cases)
    for path in sorted(HELD_OUT.glob("*.jsonl")):
        found = list(held_out(path.stem, load_senders()))
        report(f"{path.stem}: {len(found)} written rejections, held out", found)


def report(title: str, cases: list[Judged]) -> None:
    """Print the figures of some mails."""
    print(title)
    for name, share in figures(cases).items():
        support = f"  ({f1(cases, name)[1]} mails)" if name in FLAGS else ""
        print(f"  {name:18} {share:.3f}{support}")


if __name__ == "__main__":
    main()
