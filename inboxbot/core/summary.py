"""What a week was: the journal's events → a frozen `Summary` of plain, clean values. Pure.

    events | those up to the week's end | WeekLog | section by section

Nothing here words anything: `inboxbot.letters` does. All text that came from mail has passed
`text.clean` or `text.lines` and is bounded.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import urlsplit

from inboxbot.core.history import History
from inboxbot.core.ledger import Ask, asks_in
from inboxbot.core.plan import Basis, Confidence, Decision, DraftRecord, Event, EventKind, Reason
from inboxbot.core.text import clean, for_header, lines
from inboxbot.core.types import Label, Stage, StatedReason
from inboxbot.core.weeklog import (
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_SENTENCE,
    STEPS,
    Job,
    Turn,
    WeekLog,
    application_of,
    arrival,
    by,
    line,
    member,
    merged,
)

NOT_ABOUT_YOU = frozenset(
    {StatedReason.FILLED, StatedReason.CANCELLED, StatedReason.PAUSED, StatedReason.VOLUME}
)
"""Stated reasons that would have been the same whoever had applied."""

AFTER_TALK = frozenset({Stage.SCREENING, Stage.INTERVIEW, Stage.FINAL})
"""Stages in which somebody has talked with the user."""

STILL_OPEN_FOR = timedelta(weeks=6)
MOST_PROMPTS = 2

_WEEK = timedelta(days=7)
_AN_HOUR_MORE_OR_LESS = timedelta(hours=2)  # in a week in which the clock is changed
_GOES_ON = frozenset({Label.OFFER, Label.INTERVIEW, Label.ASSESSMENT, Label.ACKNOWLEDGEMENT})
_NO_CONCERN = (Label.OUTREACH, Label.JOB_ALERT, Label.OTHER_JOB)
_LIES_THERE = frozenset({EventKind.DRAFT_SAVED, EventKind.DRAFT_EDITED})
_NEWS_OF_AN_ASK = frozenset(
    {
        EventKind.SENT,
        EventKind.FEEDBACK_RECEIVED,
        EventKind.FEEDBACK_DECLINED,
        EventKind.NO_ANSWER,
        EventKind.BOUNCED,
    }
)
_LONGEST_FEEDBACK = 6_000
_LINK = re.compile(r"https?://[!#-;=?-Z\\\]_a-z~%\[]{1,1000}", re.IGNORECASE)


# ---------------------------------------------------------------- weeks


def week_of(moment: datetime, zone: tzinfo) -> str:
    """Return the ISO week (ISO 8601 §3.1.1.23) of a moment, by the calendar of `zone`."""
    year, week, _ = moment.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}"


def week_bounds(week: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the start of the week and of the next one, in UTC.

    Raise `ValueError` for a week that no calendar has ("2027-W53", "last").
    """
    match = re.fullmatch(r"(\d{4})-W(\d\d)", week)
    if not match:
        raise ValueError(f'not a week: {week!r}; write "2026-W47"')
    monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    return _midnight(monday, zone), _midnight(monday + _WEEK, zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


# ---------------------------------------------------------------- what a summary holds


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDraft:
    """A draft that the user has neither sent nor deleted."""

    job: Job
    to: str
    name: str
    subject: str
    folder: str
    since: date
    basis: Basis | None = None
    confidence: Confidence | None = None
    edited: bool = False
    thanks: bool = False  # it asks nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A mail that may have been a rejection: only the user can tell."""

    job: Job
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedElsewhere:
    """Feedback that can be had through a form."""

    job: Job
    link: str  # http or https, printable ASCII; "" where the mail's link is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What an employer answered, word for word, in lines."""

    job: Job
    sender: str
    text: str
    whole: bool = True  # False: the journal holds one sentence of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What came of one application."""

    job: Job
    step: Label | None = None  # the newest of offer, interview, assessment, rejection
    stage: Stage = Stage.APPLICATION  # how far it had come
    stated_reason: StatedReason = StatedReason.NONE
    explained: bool = False  # the mail gives feedback by itself
    kept_on_file: bool = False
    turns: tuple[Turn, ...] = ()

    @property
    def ended(self) -> bool:
        """Tell whether the employer said no."""
        return self.step is Label.REJECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """Recruiting mail that was not acted on, for one reason."""

    reason: Reason
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date to keep."""

    job: Job
    day: date
    at: time | None = None  # None: from this day on the user may apply again


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How inboxbot itself is doing."""

    fine: bool = True
    text: str = ""  # what is wrong
    recovered: bool = False  # something was wrong in between
    failures: int = 0  # unreadable mail is not among them, it is `left_alone`


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One week of one account, in the order in which it is told."""

    week: str
    first_day: date
    last_day: date
    account: str
    covers_all_before: bool  # the first one of all
    drafts_folder: str
    drafts: tuple[WaitingDraft, ...] = ()
    questions: tuple[Question, ...] = ()
    offers: tuple[OfferedElsewhere, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    happenings: tuple[Happening, ...] = ()
    received: tuple[Job, ...] = ()  # acknowledged, and nothing more
    still_open: int = 0  # applications of the last six weeks that nobody has declined
    asked: tuple[Ask, ...] = ()  # every question so far, in a week that has news of one
    prompts: tuple[Job, ...] = ()  # conversations to think about for ten minutes
    left_alone: tuple[LeftAlone, ...] = ()
    other_mail: Mapping[Label, int]
    days: tuple[Day, ...] = ()
    health: Health = Health()

    @property
    def ended(self) -> tuple[Happening, ...]:
        """Return the applications that were declined."""
        return tuple(happening for happening in self.happenings if happening.ended)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to tell but how inboxbot is doing."""
        return not any(
            (
                self.drafts, self.questions, self.offers, self.feedback, self.happenings,
                self.received, self.prompts, self.left_alone, self.other_mail, self.days,
            )
        )  # fmt: skip


# ---------------------------------------------------------------- making one


def build_summary(  # noqa: PLR0913  (one week, each part by name)
    *,
    week: str,
    events: Sequence[Event],
    history: History,
    drafts: Sequence[DraftRecord],
    zone: tzinfo,
    account: str,
    folders_drafts: str = "",
    first_event_week: str | None = None,
    now: datetime | None = None,
) -> Summary:
    """Return what the week was. Raise `ValueError` for a week that there is not.

    `events` is the account's log up to the end of the week, oldest first; later ones are passed
    over. `now` is when the summary is written, the end of the week at most. News are the events
    since the last summary that was delivered, so that a Friday's evening is in the next one.
    """
    start, end = week_bounds(week, zone)
    known = tuple(event for event in events if event.time < end)
    since, covers_all_before = _since(week, known, zone, first_event_week)
    log = WeekLog(known, history, since=since, end=end)
    at = _Span(since=since, now=min(now or end, end), end=end, zone=zone)
    monday = start.astimezone(zone).date()
    return Summary(
        week=week,
        first_day=monday,
        last_day=monday + timedelta(days=6),
        account=clean(account, LONGEST_NAME),
        covers_all_before=covers_all_before,
        drafts_folder=clean(folders_drafts, LONGEST_NAME),
        drafts=tuple(_waiting(log, drafts, at)),
        questions=tuple(_questions(log)),
        offers=tuple(_offers(log)),
        feedback=tuple(_feedback(log)),
        happenings=tuple(_happenings(log)),
        received=tuple(_received(log)),
        still_open=_still_open(log, at.now),
        asked=_asked(log),
        prompts=_prompts(log, at),
        left_alone=tuple(_left_alone(log)),
        other_mail=_other_mail(log),
        days=tuple(sorted(_days(log, at), key=lambda day: (day.day, day.at or time()))),
        health=_health(log),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """When: since when there is news, when the summary is written, and where the week ends."""

    since: datetime
    now: datetime
    end: datetime
    zone: tzinfo


def _since(
    week: str, events: Sequence[Event], zone: tzinfo, first_event_week: str | None
) -> tuple[datetime, bool]:
    """Return from when on events are news, and whether that is from the very first one on."""
    start, _ = week_bounds(week, zone)
    delivered = [
        event.time
        for event in events
        if event.kind is EventKind.SUMMARY_DELIVERED and str(event.payload.get("week", week)) < week
    ]
    if delivered:
        return min(start, max(delivered)), False
    if not events:
        return start, False
    first = week_bounds(first_event_week or week_of(events[0].time, zone), zone)[0]
    # Set up on a Saturday: what the first poll read was in no summary yet.
    recent = first >= start - _WEEK - _AN_HOUR_MORE_OR_LESS
    return (min(start, first), True) if recent else (start, False)


# ---------------------------------------------------------------- what needs the user


def _waiting(log: WeekLog, records: Sequence[DraftRecord], at: _Span) -> Iterator[WaitingDraft]:
    """Yield the drafts that lie in Drafts, the oldest first, whichever week they are from."""
    known: dict[str, DraftRecord] = {record.key: record for record in records}
    for key, letter in log.letters.items():
        record = known.get(key)
        # A draft that was found in Sent after a crash was saved and sent in one event.
        sent = record is not None and record.sent is not None and record.sent < at.end
        if letter[-1].kind in _LIES_THERE and not sent:
            yield _waiting_draft(log.job(letter[0]), letter, record, at.zone)


def _waiting_draft(
    job: Job, letter: Sequence[Event], record: DraftRecord | None, zone: tzinfo
) -> WaitingDraft:
    about = merged(letter)
    saved = next(event for event in letter if event.kind in _LIES_THERE)
    return WaitingDraft(
        job=job,
        to=line(about, "to") or (clean(record.to.addr, LONGEST_LINE) if record else ""),
        name=line(about, "name", LONGEST_NAME),
        subject=line(about, "subject") or (for_header(record.subject) if record else ""),
        folder=clean(record.folder, LONGEST_NAME) if record else "",
        basis=member(Basis, about.get("basis")),
        confidence=member(Confidence, about.get("confidence")),
        since=saved.time.astimezone(zone).date(),
        edited=letter[-1].kind is EventKind.DRAFT_EDITED,
        thanks=about.get("decision") == Decision.THANKS,
    )


def _questions(log: WeekLog) -> Iterator[Question]:
    for event in log.settled():
        if event.payload.get("decision") == Decision.REVIEW:
            sentence = line(log.about(event), "evidence", LONGEST_SENTENCE)
            yield Question(job=log.job(event), sentence=sentence)


def _offers(log: WeekLog) -> Iterator[OfferedElsewhere]:
    for event in log.settled():
        if event.payload.get("reason") == Reason.OFFERED_ELSEWHERE:
            about = log.about(event)
            link = about.get("link") or about.get("offers_feedback_link")
            yield OfferedElsewhere(job=log.job(event), link=_safe_link(link))


def _safe_link(value: object) -> str:
    """Return a link that shows where it leads, "" for any other.

    Printable ASCII alone, so that no look-alike stands in its host; and nobody's name before
    the host: https://your-bank.example@elsewhere.example leads elsewhere.
    """
    if not isinstance(value, str) or not _LINK.fullmatch(value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:  # "https://[half"
        return ""
    return value if parts.hostname and "@" not in parts.netloc else ""


# ---------------------------------------------------------------- what happened


def _feedback(log: WeekLog) -> Iterator[Feedback]:
    """Yield what employers answered: in full to a question of ours, else the sentence kept."""
    for event in log.news:
        if event.kind is EventKind.FEEDBACK_RECEIVED:
            text, whole = lines(str(event.payload.get("text") or ""), _LONGEST_FEEDBACK), True
        elif log.step(event) is Label.FEEDBACK:
            text, whole = line(event.payload, "evidence", LONGEST_SENTENCE), False
        else:
            continue
        sender = line(event.payload, "from")
        yield Feedback(job=log.job(event), sender=sender, text=text.strip(), whole=whole)


def _happenings(log: WeekLog) -> list[Happening]:
    """Return what came of each application: what goes on first, then how far each had come."""
    found = []
    for application, events in by(log.news, application_of).items():
        steps = [event for event in events if log.step(event) in STEPS]
        turns = tuple(log.turns(events))
        if steps:
            found.append(_happening(log, steps[-1], turns))
        elif turns:
            found.append(Happening(job=log.job_of(application) or Job(), turns=turns))
    return sorted(found, key=_importance)


def _happening(log: WeekLog, last: Event, turns: tuple[Turn, ...]) -> Happening:
    stated = member(StatedReason, last.payload.get("stated_reason"))
    return Happening(
        job=log.job(last),
        step=log.step(last),
        stage=log.stage(last),
        stated_reason=stated or StatedReason.NONE,
        explained=last.payload.get("gives_feedback") is True,
        kept_on_file=last.payload.get("keep_on_file") is True,
        turns=turns,
    )


def _importance(happening: Happening) -> tuple[int, int]:
    return (*STEPS, None).index(happening.step), -_order(happening.stage)


def _order(stage: Stage) -> int:
    return list(Stage).index(stage)


def _received(log: WeekLog) -> Iterator[Job]:
    """Yield the applications that were acknowledged, and about which nothing else was said."""
    for events in by(log.news, application_of).values():
        labels = {log.step(event) for event in events}
        alone = labels.isdisjoint(STEPS) and not any(log.turns(events))
        if Label.ACKNOWLEDGEMENT in labels and alone:
            yield log.job(events[-1])


def _still_open(log: WeekLog, now: datetime) -> int:
    """Count the applications that were heard of lately, and not declined."""
    newest = {
        application: event
        for application, events in log.applications.items()
        for event in events
        if event.kind is EventKind.SEEN
    }
    return sum(
        log.step(event) in _GOES_ON and arrival(event) >= now - STILL_OPEN_FOR
        for event in newest.values()
    )


def _other_mail(log: WeekLog) -> Mapping[Label, int]:
    """Count the recruiting mail that asked for nothing."""
    counts = Counter(log.step(event) for event in log.news)
    return {label: counts[label] for label in _NO_CONCERN if counts[label]}


def _asked(log: WeekLog) -> tuple[Ask, ...]:
    return asks_in(log.events) if any(event.kind in _NEWS_OF_AN_ASK for event in log.news) else ()


# ---------------------------------------------------------------- ten minutes


def _prompts(log: WeekLog, at: _Span) -> tuple[Job, ...]:
    """Return the conversations to think about: those just held, and those that ended in a no.

    At most two, the furthest first; none that the user has written about already.
    """
    reflected = {event.application for event in log.events if event.kind is EventKind.REFLECTED}
    found = dict.fromkeys(_just_held(log, at), Stage.INTERVIEW)
    for event in log.news:
        if log.step(event) is Label.REJECTION and log.stage(event) in AFTER_TALK:
            found[event.application] = log.stage(event)
    furthest = sorted(found, key=lambda application: -_order(found[application]))
    jobs = [log.job_of(application) for application in furthest if application not in reflected]
    return tuple(job for job in jobs if job is not None)[:MOST_PROMPTS]


def _just_held(log: WeekLog, at: _Span) -> Iterator[str]:
    for entry, meeting in log.meetings():
        if meeting.ends is not None and at.since <= meeting.ends < at.now:
            yield entry.application


# ---------------------------------------------------------------- the rest


def _left_alone(log: WeekLog) -> Iterator[LeftAlone]:
    """Yield what was not acted on, by reason; what has a section of its own is not among it."""
    groups: dict[Reason, list[Job]] = {reason: [] for reason in Reason}
    for event in log.settled():
        reason = member(Reason, event.payload.get("reason"))
        if reason is not None and event.payload.get("decision") != Decision.REVIEW:
            groups[reason].append(log.job(event))
    for reason, jobs in groups.items():
        if jobs and reason not in {Reason.NOT_REJECTION, Reason.OFFERED_ELSEWHERE}:
            yield LeftAlone(reason=reason, jobs=tuple(jobs))


def _days(log: WeekLog, at: _Span) -> Iterator[Day]:
    """Yield the conversations of the coming week, and from when the user may apply again."""
    for entry, meeting in log.meetings():
        if meeting.starts is None or log.declined(entry.application):
            continue
        if at.now <= meeting.starts < at.end + _WEEK:
            local = meeting.starts.astimezone(at.zone)
            unnamed = Job(subject=clean(meeting.summary, LONGEST_LINE))
            job = log.job_of(entry.application) or unnamed
            yield Day(job=job, day=local.date(), at=local.time())
    today = at.now.astimezone(at.zone).date()
    soon = (at.end + _WEEK).astimezone(at.zone).date()
    for event in log.seen.values():
        again = _date(event.payload.get("reapply_after"))
        if again is not None and again >= today and (event.time >= at.since or again < soon):
            yield Day(job=log.job(event), day=again)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _health(log: WeekLog) -> Health:
    """Return how inboxbot itself is doing: a change is noted, with its state "down" or "up"."""
    noted = [event for event in log.events if event.kind is EventKind.HEALTH]
    down = [event for event in noted if event.payload.get("state") == "down"]
    fine = not down or noted[-1] is not down[-1]
    failed = sum(event.kind is EventKind.FAILED for event in log.news)
    unreadable = sum(event.payload.get("reason") == Reason.UNREADABLE for event in log.settled())
    return Health(
        fine=fine,
        text="" if fine else line(down[-1].payload, "text", LONGEST_SENTENCE),
        recovered=fine and any(event.kind is EventKind.HEALTH for event in log.news),
        failures=max(failed - unreadable, 0),
    )
