"""What became of each question that was sent: the answer, a bounce, a machine's, or none. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from inboxbot.core.follow import draft_event
from inboxbot.core.guards import is_from_machine
from inboxbot.core.history import History, bare_subject, goes_on
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.policy import Policy
from inboxbot.core.types import Key, Label, Message, Reading, Trait

_ANSWERS = frozenset(
    {
        EventKind.FEEDBACK_RECEIVED,
        EventKind.FEEDBACK_DECLINED,
        EventKind.BOUNCED,
        EventKind.REOPENED,
    }
)
_TAKEN_BACK = DraftState.WITHDRAWN
_WEEK = 7
_WORKING_DAYS = 5
_IN_WORDS = frozenset({EventKind.FEEDBACK_RECEIVED, EventKind.FEEDBACK_DECLINED})
_LONGEST_NOTE = 70  # words of an out-of-office note
_AWAY = re.compile(
    r"\b(?:out of (?:the |my )?office|ooo\b|away (?:until|till|from)"
    r"|(?:on|annual|parental|maternity|sick) leave\b|on (?:vacation|holiday)"
    r"|away from (?:my desk|the office)|back in the office|automatic (?:reply|response)"
    r"|limited access to (?:my )?e-?mail"
    r"|nicht im (?:büro|haus)|außer haus|abwesen(?:d|heit)|im urlaub|elternzeit|wieder erreichbar"
    r"|absente? (?:du|jusqu|pour|de|d')|en congés?\b|de retour au bureau|réponse automatique"
    r"|fuera de (?:la )?oficina|de vacaciones|respuesta automática|ausente (?:de|da|do|hasta|até)"
    r"|fuori (?:sede|ufficio)|in ferie|risposta automatica|assente (?:dal|fino)"
    r"|niet op kantoor|afwezig|met (?:vakantie|verlof)|automatisch antwoord"
    r"|fora do escritório|de férias|resposta automática"
    r"|poza biurem|na urlopie|nieobecn[ay]|automatyczna odpowiedź"
    r"|inte på kontoret|på semester|frånvarande|föräldraledig"
    r"|ikke på kontoret|på ferie|fraværende|på barsel)",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\b(?:position|role|job|contract|salary|start(?:ing)? date|stelle|vertrag|gehalt|poste|contrat"
    r"|salaire|puesto|contrato|sueldo|posto|contratto|stipendio|functie|baan|salaris|vaga|cargo"
    r"|salário|stanowisk\w*|umow\w*|tjänst\w*|anställning\w*|lön|stilling\w*|kontrakt\w*|løn)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:was|were|been|had|i'm back|i am back|war|gewesen|étais|été|estaba|estuve|estado|ero"
    r"|stat[oa]|was ik|ik was|estava|estive|byłem|byłam|har varit|var|har været)\b",
    re.IGNORECASE,
)
_SHORTEST_OF_OURS = 20  # characters of a line that is ours and not by chance the same


def unanswered(
    drafts: Iterable[DraftRecord], policy: Policy, now: datetime, zone: tzinfo
) -> Iterator[tuple[DraftRecord, Event]]:
    """Yield the questions that nobody has answered in `no_answer_after` working days."""
    for record in drafts:
        if record.state is not DraftState.SENT or record.sent is None or record.outcome is not None:
            continue
        if working_days(record.sent, now, zone) >= policy.no_answer_after and _asks(record):
            ended = replace(record, outcome=EventKind.NO_ANSWER)
            yield ended, draft_event(EventKind.NO_ANSWER, ended, now)


def _asks(record: DraftRecord) -> bool:
    """Tell whether an answer was to be expected: thanks ask for none."""
    return "thanks" not in record.template


def working_days(since: datetime, until: datetime, zone: tzinfo) -> int:
    """Count the days from Monday to Friday after the day of `since`, up to that of `until`."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    weeks, rest = divmod((last - first).days, _WEEK)
    days = (first + timedelta(days=weeks * _WEEK + day) for day in range(1, rest + 1))
    return weeks * _WORKING_DAYS + sum(day.weekday() < _WORKING_DAYS for day in days)


def answer_events(reading: Reading, history: History, now: datetime) -> Iterator[Event]:
    """Yield what an incoming mail means for a feedback request that was sent.

    The employer's words are kept as they are: they are what the request was for.
    """
    message = reading.message
    record = history.draft_of(message) or _by_person(message, history)
    if record is None or record.sent is None or message.when < record.sent:
        return
    kind = _kind_of_answer(reading)
    payload = {
        "from": message.author.addr if message.author else "",
        "employer": record.employer,
        "draft": record.key,
        "received": message.when.isoformat(),
    }
    if kind is EventKind.BOUNCED:
        payload["address"] = record.to.addr
    if kind in _IN_WORDS:
        payload["text"] = message.text
    yield Event(
        kind=kind, time=now, application=record.application, message=message.key, payload=payload
    )


def people_told_of(report: Message, history: History) -> Iterator[str]:
    """Yield the addresses of people of an application that a delivery report names."""
    told = f"{report.text}\n{report.quoted}".casefold()
    for address in sorted(history.writers - history.dead):
        if re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", told):
            yield address


def bounce_events(
    report: Message, people: Iterable[str], history: History, now: datetime
) -> Iterator[Event]:
    """Yield whom the user's own mail could not be delivered to; a draft's is told of as answer."""
    drafted = {record.to.addr for record in history.drafts if record.state is not _TAKEN_BACK}
    for address in people:
        if address not in drafted:
            payload = {"address": address, "received": report.when.isoformat()}
            yield Event(kind=EventKind.BOUNCED, time=now, message=report.key, payload=payload)


def _kind_of_answer(reading: Reading) -> EventKind:
    message, facts = reading.message, reading.facts
    if Trait.DELIVERY_REPORT in message.traits:
        return EventKind.BOUNCED
    if is_from_machine(message) or Trait.AUTO_SUBMITTED in message.traits or _is_away(message):
        return EventKind.AUTO_REPLY
    if _takes_up_again(reading):
        return EventKind.REOPENED
    declines = facts.refuses_feedback and not facts.gives_feedback
    return EventKind.FEEDBACK_DECLINED if declines else EventKind.FEEDBACK_RECEIVED


def _takes_up_again(reading: Reading) -> bool:
    """Tell whether an answer takes up the talk; an offer must be one of work, not of advice."""
    if reading.verdict.label is Label.OFFER and not reading.facts.takes_back:
        return _WORK.search(reading.message.text) is not None
    return goes_on(reading)


def _is_away(message: Message) -> bool:
    """Tell whether this is an out-of-office note that no header marks (RFC 3834 §5 asks for one).

    Short, and without a quotation, as machines write; whoever "was on leave" has come back.
    """
    if message.quoted or len(message.text.split()) > _LONGEST_NOTE:
        return False
    return _AWAY.search(message.text) is not None and not _BACK.search(message.text)


def answered(events: Iterable[Event], history: History) -> Iterator[DraftRecord]:
    """Yield the record of each question that these events answer; a machine's answer is none."""
    drafts = {record.key: record for record in history.drafts}
    for event in events:
        record = drafts.get(Key(str(event.payload.get("draft", ""))))
        if record is not None and event.kind in _ANSWERS:
            yield replace(record, outcome=event.kind)


def _by_person(message: Message, history: History) -> DraftRecord | None:
    author = message.author
    named = {*message.references, *message.in_reply_to}
    for record in reversed(history.drafts):
        if record.state is not DraftState.SENT or author is None:
            continue
        if Trait.DELIVERY_REPORT in message.traits:
            if record.to.addr in f"{message.text}{message.quoted}".casefold():
                return record
            continue
        same_thread = not named.isdisjoint(record.answers) or bare_subject(
            message.subject
        ) == bare_subject(record.subject)
        if record.to.addr == author.addr and same_thread:
            return record
    return None


def without_ours(text: str, ours: str) -> str:
    """Return an answer without the lines of our own letter that no mark shows as quoted.

    `core.quotes` knows how mail clients mark a quotation; some do not, and people cut and paste.
    A long line of ours is ours wherever it stands; a short one only beside another one of ours: a
    whole line (a salutation, a name) or, right below or above it, the rest of one that was broken.
    """
    known, whole = _plain(ours), {_plain(line) for line in ours.splitlines()}
    lines = [_plain(line.lstrip("> |\t")) for line in text.splitlines()]
    mine = [len(line) >= _SHORTEST_OF_OURS and line in known for line in lines]
    for places in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        beside = touching = False
        for place in places:
            line = lines[place]
            rest = (beside and line in whole) or (touching and line in known)
            mine[place] = touching = bool(line) and (mine[place] or rest)
            beside = touching if line else beside
    kept = [line for line, own in zip(text.splitlines(), mine, strict=True) if not own]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() or text


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
