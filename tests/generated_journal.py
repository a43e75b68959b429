"""A job search that never was: a seed → the mail, events and drafts of its journal. Deterministic.

    events = generated(600, weeks=104, seed=1)            what the core reads
    search = search_of(600, weeks=104, seed=1)            entries, events and drafts
    record(search, journal)                               the same in a real journal

Payloads are made by the functions that the daemon itself uses. Everything ends at `END`. Each seed
is another person: other kinds of roles, other luck, and halfway other habits. By itself none of an
application's traits has to do with what becomes of it; an `Effect` plants that one does.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from inboxbot.core.follow import draft_event
from inboxbot.core.history import Entry, History
from inboxbot.core.intake import seen_event
from inboxbot.core.plan import (
    Basis,
    Contact,
    Decision,
    Draft,
    DraftRecord,
    DraftState,
    Event,
    EventKind,
    Judgement,
    Reason,
    SaveDraft,
)
from inboxbot.core.summary import week_of
from inboxbot.core.types import (
    Address,
    CalendarEvent,
    Facts,
    Key,
    Label,
    Locator,
    Message,
    Reading,
    Stage,
    Verdict,
)
from inboxbot.daemon.apply import _about_draft, as_kept, record_of
from inboxbot.daemon.settle import left_alone
from inboxbot.journal.store import Journal
from tests.generated_person import DAY, HOUR, TALKS, Application, Effect, Person
from tests.generated_words import EVIDENCE, FEEDBACK, REFLECTIONS, SUBJECTS
from tests.make import ME, NOW

END = NOW
_VENDORS = {
    "Greenhouse": "no-reply@us.greenhouse-mail.io", "Workday": "acme@myworkday.com",
    "Lever": "no-reply@hire.lever.co", "Personio": "no-reply@m.personio.de",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """All that a journal holds of one account, oldest first."""

    entries: tuple[Entry, ...] = ()
    events: tuple[Event, ...] = ()
    drafts: tuple[DraftRecord, ...] = ()

    @property
    def history(self) -> History:
        return History(self.entries, self.drafts)


def generated(
    applications: int, weeks: int, seed: int, effect: Effect | None = None
) -> tuple[Event, ...]:
    """Return the events of a search of `weeks` weeks that ends at `END`."""
    return search_of(applications, weeks, seed, effect).events


def search_of(applications: int, weeks: int, seed: int, effect: Effect | None = None) -> Search:
    """Return a whole search; what would lie after `END` has not happened yet."""
    start = END - timedelta(weeks=weeks)
    person = Person(seed, effect, start, END)
    moments = sorted(start + person.rng.random() * (END - start) for _ in range(applications))
    writer = _Writer(person.rng)
    for number, moment in enumerate(moments):
        writer.write(person.application(number, moment))
    events = [event for event in writer.events if event.time <= END]
    events.sort(key=lambda event: event.time)
    return Search(
        entries=tuple(sorted(writer.entries, key=lambda entry: entry.when)),
        events=tuple(_with_summaries(events)),
        drafts=tuple(writer.drafts),
    )


def record(search: Search, journal: Journal, account: str = "home") -> None:
    """Write a search into a real journal, at once."""
    hold = journal.hold(account, END)
    journal.record(hold, entries=search.entries, events=search.events, drafts=search.drafts)
    for event in search.events:
        if event.kind is EventKind.SUMMARY_DELIVERED:
            journal.set_summary(hold, event.payload["week"], "delivered")


def _with_summaries(events: list[Event]) -> Iterator[Event]:
    """Yield the events, and each Friday noon between them that a summary was delivered."""
    friday = NOW - 200 * 7 * DAY  # NOW is one, at noon
    for number, event in enumerate(events):
        while friday <= event.time:
            if number:
                yield _summary(friday)
            friday += 7 * DAY
        yield event


def _summary(moment: datetime) -> Event:
    week = week_of(moment, moment.tzinfo)  # type: ignore[arg-type]
    return Event(
        kind=EventKind.SUMMARY_DELIVERED, time=moment, message=f"summary{week}",
        payload={"week": week, "prompts": [], "questions": []},
    )  # fmt: skip


# ---------------------------------------------------------------- how the journal tells it


class _Writer:
    """Turns applications into entries, events and drafts, as the daemon would have."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.entries: list[Entry] = []
        self.events: list[Event] = []
        self.drafts: list[DraftRecord] = []

    def write(self, job: Application) -> None:
        known: list[Entry] = []
        for label, stage, moment in _mails(job, self.rng):
            if moment > END - HOUR:
                break
            reading = self._reading(job, label, stage, moment)
            application = known[0].application if known else str(reading.message.key)
            known.append(Entry(reading=reading, application=application))
            self.events.append(seen_event(known[-1], self._polled(moment)))
            if label is Label.REJECTION:
                self._decide(job, known[-1], stage)
        self.entries.extend(known)

    def _polled(self, moment: datetime) -> datetime:
        return moment + timedelta(minutes=self.rng.uniform(1, 30))

    def _key(self) -> Key:
        return Key("".join(self.rng.choices("abcdefghijklmnopqrstuvwxyz234567", k=32)))

    def _reading(self, job: Application, label: Label, stage: Stage, moment: datetime) -> Reading:
        key, sender = self._key(), _sender(job, label)
        moment = moment.replace(microsecond=0)
        meeting = CalendarEvent(
            uid=f"{key}@{job.domain}", summary=f"{job.title}: {job.employer}", organizer=sender,
            starts=moment + 3 * DAY, ends=moment + 3 * DAY + HOUR, method="REQUEST",
        )  # fmt: skip
        message = Message(
            key=key, message_id=f"{key}@{job.domain}", from_=(sender,), to=(Address(ME),),
            subject=SUBJECTS[job.language][label].format(role=job.title, employer=job.employer),
            date=moment, received=moment, calendar=(meeting,) if label is Label.INTERVIEW else (),
        )  # fmt: skip
        return Reading(
            message=message, verdict=_verdict(label, job, self.rng),
            facts=self._facts(job, label, stage), folder="INBOX", locator=Locator(f"INBOX:{key}"),
        )  # fmt: skip

    def _facts(self, job: Application, label: Label, stage: Stage) -> Facts:
        said = Facts(employer=job.employer, role=job.title, language=job.language)
        if label is Label.OUTREACH:
            return replace(said, recruits=True)
        if label is not Label.REJECTION:
            return replace(said, stage=stage if label is Label.INTERVIEW else None)
        return replace(
            said, stage=stage if self.rng.random() < 0.7 else None, stated_reason=job.reason,
            keep_on_file=self.rng.random() < 0.17,
            refuses_feedback=stage is Stage.APPLICATION and self.rng.random() < 0.1,
        )  # fmt: skip

    def _decide(self, job: Application, entry: Entry, stage: Stage) -> None:
        when = self._polled(entry.when) + timedelta(seconds=2)
        reason = None
        if job.system and stage is Stage.APPLICATION:
            reason = Reason.UNREACHABLE
        elif entry.reading.facts.refuses_feedback:
            reason = Reason.FEEDBACK_REFUSED
        if reason is None:
            self._ask(job, entry, stage, when)
        else:
            judgement = Judgement(decision=Decision.LEAVE, reason=reason, stage=stage)
            self.events.append(left_alone(entry.reading, entry.application, judgement, _at(when)))
        if stage in TALKS and self.rng.random() < 0.7:
            self._reflect(job, entry, when + self.rng.uniform(0.2, 3) * DAY)

    def _ask(self, job: Application, entry: Entry, stage: Stage, when: datetime) -> None:
        """Write a draft, and what became of it and of its question."""
        action = _draft(job, entry, stage, self._key())
        intended = replace(record_of(action, _at(when)), folder="Drafts", mark="1")
        waiting = as_kept(intended, None, Locator(f"Drafts:{intended.key}"))
        about = _about_draft(action)
        planned = Event(
            kind=EventKind.DRAFT_PLANNED, time=when, application=entry.application,
            message=intended.key, payload=about,
        )  # fmt: skip
        saved = replace(
            planned, kind=EventKind.DRAFT_SAVED, payload={**about, "answers": intended.answered}
        )
        self.events += [planned, replace(saved, time=when + timedelta(seconds=1))]
        self.drafts.append(self._fate(waiting, when + self.rng.uniform(0.1, 4) * DAY, job))

    def _fate(self, record: DraftRecord, when: datetime, job: Application) -> DraftRecord:
        if when > END:
            return record
        state = self.rng.choices((DraftState.SENT, DraftState.DISCARDED), (7, 3))[0]
        if state is DraftState.DISCARDED:
            gone = replace(record, state=state, locator=None)
            self.events.append(draft_event(EventKind.DISCARDED, gone, when))
            return gone
        sent = replace(record, state=state, sent=when, sent_id=f"{record.key}@home.example")
        self.events.append(draft_event(EventKind.SENT, sent, when))
        kinds = (EventKind.FEEDBACK_RECEIVED, EventKind.FEEDBACK_DECLINED, EventKind.NO_ANSWER)
        kind = self.rng.choices(kinds, (3, 1, 6))[0]
        came = when + (14 if kind is EventKind.NO_ANSWER else self.rng.uniform(0.5, 9)) * DAY
        if came > END:
            return sent
        sent = replace(sent, outcome=kind)
        if kind is EventKind.NO_ANSWER:
            self.events.append(draft_event(kind, sent, came))
        else:
            self.events.append(self._answer(kind, sent, came, job))
        return sent

    def _answer(
        self, kind: EventKind, record: DraftRecord, came: datetime, job: Application
    ) -> Event:
        payload = {
            "from": record.to.addr, "employer": record.employer, "draft": record.key,
            "received": came.isoformat(),
            "text": self.rng.choice(FEEDBACK[kind][job.language]),
        }  # fmt: skip
        return Event(
            kind=kind, time=self._polled(came), application=record.application,
            message=self._key(), payload=payload,
        )  # fmt: skip

    def _reflect(self, job: Application, entry: Entry, when: datetime) -> None:
        for question in ("well", "differently"):
            payload = {
                "text": self.rng.choice(REFLECTIONS[job.language][question]),
                "question": question, "via": "reply", "week": week_of(when, when.tzinfo),  # type: ignore[arg-type]
            }  # fmt: skip
            self.events.append(
                Event(
                    kind=EventKind.REFLECTED,
                    time=when,
                    application=entry.application,
                    message=self._key(),
                    payload=payload,
                )
            )


def _at(moment: datetime) -> Any:
    """Return as much of a context as the functions that make payloads look at."""
    return SimpleNamespace(clock=lambda: moment)


def _mails(
    job: Application, rng: random.Random
) -> Iterator[tuple[Label, Stage, datetime]]:  # fmt: skip
    """Yield the mails that came, oldest first."""
    if job.source == "recruiter":
        yield Label.OUTREACH, Stage.APPLICATION, job.applied - rng.uniform(0.5, 3) * DAY
    for label, stage, moment in job.steps:
        # Some employers confirm nothing; of a board, a referral or an agency the mails tell.
        confirmed = label is not Label.ACKNOWLEDGEMENT or job.source != "direct"
        if confirmed or rng.random() < 0.85:
            yield label, stage, moment


def _sender(job: Application, label: Label) -> Address:
    person = Address(f"talent{job.number % 7}@{job.domain}", "Robin Hale")
    if label is Label.OUTREACH:
        return Address(f"kit{job.number % 5}@searchpartners.example", "Kit Moran")
    if job.source == "board" and label is Label.ACKNOWLEDGEMENT:
        return Address("jobs-noreply@linkedin.com", "LinkedIn")
    if job.system and label is not Label.INTERVIEW:
        return Address(_VENDORS[job.system], job.employer)
    return person


def _verdict(label: Label, job: Application, rng: random.Random) -> Verdict:
    sure = rng.uniform(0.93, 0.999)
    shares = dict.fromkeys(Label, (1 - sure) / (len(Label) - 1)) | {label: sure}
    evidence = EVIDENCE[job.language][label].format(role=job.title, employer=job.employer)
    if label is Label.ACKNOWLEDGEMENT and job.source == "referral":
        evidence = EVIDENCE[job.language]["referral"].format(employer=job.employer)
    return Verdict(
        label=label, probability=shares[Label.REJECTION], probabilities=shares, evidence=evidence
    )


def _draft(job: Application, entry: Entry, stage: Stage, key: Key) -> SaveDraft:
    person = Address(f"talent{job.number % 7}@{job.domain}", "Robin Hale")
    contact = Contact(address=person, basis=Basis.EARLIER_MESSAGE, parent=entry.reading)
    judgement = Judgement(
        decision=Decision.DRAFT, contact=contact, stage=stage, employer=job.employer,
        roles=(job.title,),
    )  # fmt: skip
    draft = Draft(
        key=key, data=b"", to=person, subject=f"Re: {entry.message.subject}", fingerprint=key,
        answers=(entry.message.message_id,), template=f"{job.language}/{stage}/1",
    )  # fmt: skip
    return SaveDraft(
        draft=draft, reading=entry.reading, application=entry.application, judgement=judgement
    )
