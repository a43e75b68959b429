"""What became of each question that was sent: the answer, a bounce, a machine's, or none. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from inboxbot.core.follow import draft_event
from inboxbot.core.guards import Senders, is_from_machine, is_relay, same_house
from inboxbot.core.history import History, bare_subject
from inboxbot.core.joining import goes_on
from inboxbot.core.plan import DraftRecord, DraftState, Event, EventKind
from inboxbot.core.policy import Policy
from inboxbot.core.types import Address, Key, Label, Message, Reading, Trait

_ANSWERS = frozenset(
    {
        EventKind.FEEDBACK_RECEIVED,
        EventKind.FEEDBACK_DECLINED,
        EventKind.BOUNCED,
        EventKind.REOPENED,
    }
)
_CLOCKS_APART = timedelta(minutes=10)  # of the server that keeps Sent and the one that brings mail
_GIVEN_UP = re.compile(
    r"^action:\s*failed|\b5\.\d{1,3}\.\d{1,3}\b|\b55\d\b", re.IGNORECASE | re.MULTILINE
)
_STILL_ON_ITS_WAY = re.compile(
    r"^action:\s*(?:delayed|delivered|relayed|expanded)|\bdelay(?:ed)?\b|will be retried|verzögert",
    re.IGNORECASE | re.MULTILINE,
)
_ABOUT_FEEDBACK = re.compile(
    r"\bfeed-?back\b|rückmeldung|retour sur|retroalimentación|riscontro|terugkoppeling|återkoppling"
    r"|tilbagemelding|informacja zwrotna",
    re.IGNORECASE,
)
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


def answer_events(
    reading: Reading, history: History, senders: Senders, now: datetime
) -> Iterator[Event]:
    """Yield what an incoming mail means for a feedback request that was sent.

    The employer's words are kept as they are: they are what the request was for.
    """
    message = reading.message
    record = _question_of(reading, history, senders)
    if record is None:
        return
    kind = answer_kind(reading)
    payload = {
        "from": message.author.addr if message.author else "",
        "employer": record.employer,
        "draft": record.key,
        "received": message.when.isoformat(),
    }
    if kind is EventKind.BOUNCED:
        payload["address"] = record.to.addr
    if kind in _IN_WORDS or (kind is EventKind.AUTO_REPLY and not message.traits):
        payload["text"] = message.text
    yield Event(
        kind=kind, time=now, application=record.application, message=message.key, payload=payload
    )


def _question_of(reading: Reading, history: History, senders: Senders) -> DraftRecord | None:
    """Return the question that a mail answers: in its thread, or from the person who was asked."""
    message = reading.message
    if Trait.DELIVERY_REPORT in message.traits and not _failed(message):
        return None
    record = history.draft_of(message)
    if record is not None and record.sent is not None:
        later = message.when >= record.planned  # Sent may get its copy after the answer has come
        return record if later and _may_answer(reading, record, history, senders) else None
    record = _by_person(reading, history)
    if record is None or record.sent is None or message.when < record.sent - _CLOCKS_APART:
        return None
    return record


def _may_answer(reading: Reading, record: DraftRecord, history: History, senders: Senders) -> bool:
    """Tell whether somebody in the thread speaks for the employer: a friend may be copied in."""
    author = reading.message.author
    if author is None or Trait.DELIVERY_REPORT in reading.message.traits:
        return True
    if author.addr == record.to.addr or is_relay(author, senders):
        return True
    houses = (record.to, *_writers_of(record, history))
    return any(same_house(author, known, senders) for known in houses)


def _writers_of(record: DraftRecord, history: History) -> Iterator[Address]:
    for entry in history.of_application(record.application):
        if not entry.own and entry.message.author is not None:
            yield entry.message.author


def _failed(report: Message) -> bool:
    """Tell whether mail was given up, not merely delayed or relayed (RFC 3464 §2.3.3)."""
    told = f"{report.subject}\n{report.text}\n{report.quoted}"
    return _GIVEN_UP.search(told) is not None or _STILL_ON_ITS_WAY.search(told) is None


def people_told_of(report: Message, history: History) -> Iterator[str]:
    """Yield the people of an application whom the user has written to, as a report names them."""
    if not _failed(report):
        return
    told = f"{report.text}\n{report.quoted}".casefold()
    written_to = {
        address.addr for entry in history.entries if entry.own for address in entry.message.to
    }
    written_to |= {
        record.to.addr for record in history.drafts if record.state is not DraftState.WITHDRAWN
    }
    # The user's own letter may be read only later in this poll; its thread is known.
    in_thread = not {*report.in_reply_to, *report.references}.isdisjoint(history.by_message_id)
    people = history.writers if in_thread else history.writers & written_to
    for address in sorted(people - history.dead):
        if re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", told):
            yield address


def bounce_events(
    report: Message, people: Iterable[str], history: History, now: datetime
) -> Iterator[Event]:
    """Yield whom the user's own mail could not be delivered to; a draft's is told of as answer."""
    drafted = {
        record.to.addr for record in history.drafts if record.state is not DraftState.WITHDRAWN
    }
    for address in people:
        if address not in drafted:
            payload = {"address": address, "received": report.when.isoformat()}
            yield Event(kind=EventKind.BOUNCED, time=now, message=report.key, payload=payload)


def answer_kind(reading: Reading) -> EventKind:
    """Return what an answer is: a bounce, a machine's, a new talk, feedback, or none given."""
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


def _by_person(reading: Reading, history: History) -> DraftRecord | None:
    message, author = reading.message, reading.message.author
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
        about_it = reading.verdict.label is Label.FEEDBACK or _ABOUT_FEEDBACK.search(
            message.subject
        )
        if record.to.addr == author.addr and (same_thread or about_it):
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
    if sum(mine) == 1 and not whole.issuperset(_only(lines, mine)):
        return text  # words that both use: "the Product Designer role at Acme"
    for places in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        beside = touching = False
        for place in places:
            line = lines[place]
            rest = (beside and line in whole) or (touching and line in known)
            mine[place] = touching = bool(line) and (mine[place] or rest)
            beside = touching if line else beside
    kept = [line for line, own in zip(text.splitlines(), mine, strict=True) if not own]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() or text


def _only(lines: list[str], chosen: list[bool]) -> list[str]:
    return [line for line, taken in zip(lines, chosen, strict=True) if taken]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
