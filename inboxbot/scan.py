"""Exported mail → one plain row per message, in the order of the files. Changes nothing.

    sources | read | join in order of arrival | decide | row

Each mail is judged as if it had just arrived: age, daily cap and earlier asks aside.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from inboxbot.core.contact import Owner
from inboxbot.core.decide import Situation, decide
from inboxbot.core.guards import Senders
from inboxbot.core.history import Entry, History, employer_of, role_of, stage_of, stripped
from inboxbot.core.intake import take_in
from inboxbot.core.plan import Decision, EventKind, Judgement, Reason
from inboxbot.core.policy import Policy, Thresholds
from inboxbot.core.types import EPOCH, Label, Reading, Unreadable
from inboxbot.mailbox.mbox import Source, sources
from inboxbot.reader import Reader

Row = dict[str, Any]
_AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a scan needs besides the mail."""

    reader: Reader
    senders: Senders
    thresholds: Thresholds
    policy: Policy = Policy()
    addresses: frozenset[str] = frozenset()  # the user's own, where they are known
    now: datetime

    def rows(self, paths: Sequence[Path], *, alone: bool | None = None) -> Iterator[Row]:
        """Yield a row per message. Raise `InputError` on a path that does not exist."""
        for path in paths:
            read = self._read(sources([path]))
            first = next(read, None)
            if first is None:
                continue
            in_context = first[0].context if alone is None else not alone
            every = _with(first, read)
            yield from self._files_in_context(every) if in_context else self._alone(every)

    def _read(self, found: Iterable[Source]) -> Iterator[tuple[Source, Reading | Unreadable]]:
        """Read a few mails at a time: a mailbox of any size passes through."""
        remaining = iter(found)
        while batch := list(islice(remaining, _AT_ONCE)):
            readings = self.reader.read([source.mail for source in batch if source.mail])
            for source in batch:
                yield source, next(readings) if source.mail else _unread(source)

    def _alone(self, read: Iterable[tuple[Source, Reading | Unreadable]]) -> Iterator[Row]:
        for source, reading in read:
            if isinstance(reading, Unreadable):
                yield {"path": source.name, "error": reading.error}
                continue
            yield self._row(source.name, reading, History(), self._owner([reading]))

    def _files_in_context(
        self, read: Iterable[tuple[Source, Reading | Unreadable]]
    ) -> Iterator[Row]:
        """Judge in order of arrival, and yield in the order of the files."""
        mails: list[tuple[str, Reading]] = []
        rows: dict[str, Row] = {}
        for source, reading in read:
            if isinstance(reading, Unreadable):
                rows[source.name] = {"path": source.name, "error": reading.error}
            else:
                rows[source.name] = {}
                mails.append((source.name, stripped(reading)))
        owner = self._owner([reading for _, reading in mails])
        for row in self.in_context(mails, owner):
            rows[row["path"]] = row
        yield from rows.values()

    def in_context(self, mails: Iterable[tuple[str, Reading]], owner: Owner) -> Iterator[Row]:
        """Yield a row per named mail in order of arrival, judged with those that came before."""
        history = History()
        for name, reading in sorted(mails, key=lambda mail: mail[1].message.when):
            yield self._row(name, reading, history, owner)

    def _row(self, name: str, reading: Reading, history: History, owner: Owner) -> Row:
        taken = take_in(
            reading, history, owner, self.senders,
            review_threshold=self.thresholds.review, now=self.now,
        )  # fmt: skip
        entry = taken.entry or Entry(reading=reading, application=reading.message.key)
        if taken.entry is not None:
            history.add(entry)
        author = reading.message.author
        answers = any(event.kind is not EventKind.SEEN for event in taken.events)
        if answers or entry.own or (author is not None and owner.is_me(author)):
            judgement = Judgement(decision=Decision.LEAVE, reason=Reason.NOT_REJECTION)
        else:
            judgement = decide(entry.reading, entry.application, history, self._situation(owner))
        return _row(name, entry, judgement, history)

    def _situation(self, owner: Owner) -> Situation:
        return Situation(
            owner=owner,
            senders=self.senders,
            policy=self.policy,
            thresholds=self.thresholds,
            now=self.now,
            as_if_just_arrived=True,
        )

    def _owner(self, readings: Iterable[Reading]) -> Owner:
        """Return whose mail it is: as the settings say, else the address it is mostly sent to."""
        counts = Counter(address.addr for reading in readings for address in reading.message.to[:1])
        mostly = frozenset(address for address, _ in counts.most_common(1))
        addresses = self.addresses or mostly
        return Owner(address=next(iter(sorted(addresses)), ""), addresses=addresses)


def _with(
    first: tuple[Source, Reading | Unreadable], rest: Iterator[tuple[Source, Reading | Unreadable]]
) -> Iterator[tuple[Source, Reading | Unreadable]]:
    yield first
    yield from rest


def _unread(source: Source) -> Unreadable:
    return Unreadable(locator=source.locator, error=source.error or "could not be read")


def _row(name: str, entry: Entry, judgement: Judgement, history: History) -> Row:
    """Return the row of DESIGN: what is unknown is None."""
    message, verdict, facts = entry.message, entry.reading.verdict, entry.reading.facts
    before = history.of_application(entry.application)
    job = verdict.label is not Label.NOT_JOB
    stage = stage_of(entry.reading, before) if verdict.label is Label.REJECTION else facts.stage
    date = message.date or message.received
    return {
        "path": name,
        "message_id": message.message_id or None,
        "date": date.astimezone(UTC).isoformat() if date > EPOCH else None,
        "from": message.author.addr if message.author else None,
        "to_header": [address.addr for address in message.to],
        "subject": message.subject,
        "label": verdict.label,
        "probability": verdict.probability,
        "probabilities": dict(verdict.probabilities),
        "evidence": verdict.evidence or None,
        "employer": employer_of(entry.reading, before) if job else None,
        "role": role_of(entry.reading, before) if job else None,
        "stage": stage if job else None,
        "stated_reason": facts.stated_reason if verdict.label is Label.REJECTION else None,
        "refuses_feedback": facts.refuses_feedback,
        "offers_feedback": facts.offers_feedback,
        "gives_feedback": facts.gives_feedback,
        "keep_on_file": facts.keep_on_file,
        "reapply_after": facts.reapply_after.isoformat() if facts.reapply_after else None,
        "decision": judgement.decision,
        "reason": judgement.reason,
        "to": judgement.contact.address.addr if judgement.contact else None,
        "language": facts.language,
    }
