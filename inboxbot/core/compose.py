"""Write the draft: judgement + templates → RFC 5322 bytes, checked by reading them again. Pure.

Mail text reaches a draft through `safe_name` (person, role, employer), through `for_header`
(the subject) and through the bounded quotation of the addressee's own words; nothing else of it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from inboxbot.core.contact import Owner, wrote_it
from inboxbot.core.envelope import (
    WHOLE_LINES,
    ComposeError,
    address_header,
    check,
    set_thread,
)
from inboxbot.core.facts.organisations import is_organisation
from inboxbot.core.facts.title import plain_title
from inboxbot.core.guards import Senders, is_relay
from inboxbot.core.history import bare_subject, house_of, leading_names
from inboxbot.core.identity import draft_key, fingerprint_of
from inboxbot.core.plan import Basis, Contact, Decision, Draft, Judgement, Reason
from inboxbot.core.text import clean, for_header, safe_name
from inboxbot.core.types import (
    Address,
    Key,
    Locator,
    Message,
    RawMail,
    Reading,
    Stage,
    StatedReason,
)

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MOST_QUOTED_LINES = 30
_LONGEST_QUOTED_LINE = 500
_NOBODYS_FAULT = frozenset({StatedReason.CANCELLED, StatedReason.PAUSED})
_MOST_ROLES = 3
_WORDS_OF_A_NAME = (2, 3, 4)
_AT_WORK = re.compile(
    r"\s*(?:\(.*|\b(?:from|at|via|on behalf of|im auftrag|bei|von|chez)\b.*"
    r"|[|@,].*(?:team|gmbh|inc)\b.*)$",
    re.IGNORECASE,
)
_NOT_A_PERSON = re.compile(
    r"\d|\b(team|careers?|jobs?|recruiting|recruitment|talent|hr|hiring|people|personal|bewerbung\w*|"
    r"karriere|via|support|info|office|human|resources|gmbh|inc|llc|ltd|candidate|experience|"
    r"notifications?|staffing|software|acquisition|group|services?|solutions|labs|bank|bahn|the|"
    r"department|bewerbermanagement|no|reply|\w+team|\w+(?:abteilung|verwaltung|leitung)|commune|"
    r"re[ck]rut\w*|rekryter\w*|ressources|risorse|recursos|ufficio|servicio|direction|dirección|"
    r"selección|selezione|werving|afdeling\w*|zespół|dział|kadr[ay]?|équipe|equipo|equipe|dienst)\b",
    re.IGNORECASE,
)

Wordings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """One language of config/drafts: each part by situation, each with its wordings."""

    language: str
    subject: str
    attribution: str
    between_several: str  # what stands between roles: ", "
    last_of_several: str  # what stands before the last of several roles: " and "
    about: Mapping[str, str]
    parts: Mapping[str, Wordings]  # salutation, told, heard, question, accept, thanks, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What `compose` needs to know besides the templates."""

    reading: Reading  # the rejection
    judgement: Judgement
    employer: str | None
    owner: Owner
    sender: str  # the address of the user's that the mail was sent to
    signature: str = ""
    quoted: str = ""  # the parent's own text, to quote where the addressee wrote it


def compose(letter: Letter, templates: Templates, senders: Senders, now: datetime) -> Draft:
    """Return the draft. Raise `ComposeError` where the bytes do not read back as they must."""
    contact = letter.judgement.contact
    if contact is None:
        raise ComposeError("no contact")
    key = draft_key(letter.owner, letter.reading.message)
    parent = contact.parent.message
    subject = _subject(parent, templates)
    body, variant = _body(letter, contact, templates, key)
    quotation = _quotation(letter, contact, templates, senders)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = address_header(Address(letter.sender, letter.owner.name))
    mail["To"] = address_header(contact.address)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{key}@{letter.sender.rpartition('@')[2]}>"
    set_thread(mail, parent, now)
    mail.set_content(body + quotation, charset="utf-8", cte="quoted-printable")
    data = mail.as_bytes(policy=WHOLE_LINES)
    check(data, contact.address, parent)
    return Draft(
        key=key,
        data=data,
        to=contact.address,
        subject=subject,
        fingerprint=_fingerprint(data, now),
        answers=tuple(name for name in (parent.message_id,) if name),
        template=f"{templates.language}/{variant}",
    )


def _fingerprint(data: bytes, now: datetime) -> str:
    from inboxbot.core.parse import parse  # noqa: PLC0415  (lxml: only where a draft is written)

    raw = RawMail(locator=Locator(""), folder="", received=now, data=data)
    return fingerprint_of(parse(raw))


def person_name(contact: Contact) -> str | None:
    """Return the contact's full name where it was read with certainty: two words, no team."""
    names = [contact.address.name]
    if contact.basis in {Basis.SENDER, Basis.REPLY_TO}:
        names.append(contact.parent.facts.signature or "")
    house = house_of(contact.address)
    tenant, _, token = contact.address.local.partition("+")  # redhat+email+1x2y@ at a vendor's
    employer = leading_names(contact.parent.facts.employer) | {house, tenant if token else house}
    return next(
        (
            safe
            for name in names
            if (safe := _full_name(_AT_WORK.sub("", name)))
            and employer.isdisjoint(leading_names(safe))
        ),
        None,
    )


def _full_name(name: str) -> str | None:
    """Return "Jo Park" for "Park, Jo"; None for a team, a company, or a given name alone."""
    if name.count(", ") == 1:
        name = " ".join(reversed(name.split(", ")))
    safe = safe_name(name) or ""
    words = safe.split()
    if len(words) not in _WORDS_OF_A_NAME or _NOT_A_PERSON.search(name):
        return None
    if any(map(is_organisation, words)):
        return None
    # A script without capitals (Chinese, Arabic) has no small letters either.
    return None if words[0][0].islower() or words[-1][0].islower() else safe


def _subject(parent: Message, templates: Templates) -> str:
    return f"Re: {for_header(bare_subject(parent.subject)) or templates.subject}"


def _body(letter: Letter, contact: Contact, templates: Templates, key: Key) -> tuple[str, str]:
    """Return the text, and the name of the wording that asks or thanks: "interview/2"."""
    choice = int(hashlib.sha256(key.encode()).hexdigest(), 16)
    person = person_name(contact)
    values = {"person": person or "", "about": _about(letter, templates)}

    def part(name: str, situation: str) -> tuple[str, int]:
        nonlocal choice
        wordings = templates.parts[name][situation]
        choice, index = divmod(choice, len(wordings))
        return _fill(wordings[index], values), index

    stage = str(letter.judgement.stage or Stage.APPLICATION)
    told = wrote_it(contact, letter.reading) and letter.judgement.told_of_all
    name, situation = _middle(letter, stage, told=told)
    middle, number = part(name, situation)
    paragraphs = [
        part("salutation", "named" if person else "unnamed")[0],
        part("told" if told else "heard", stage)[0],
        middle,
        part("closing", "any")[0],
        f"{part('farewell', 'any')[0]}\n{_clean_lines(letter.owner.name)}".rstrip(),
    ]
    if letter.signature:
        paragraphs[-1] += f"\n\n{_clean_lines(letter.signature)}"
    variant = situation if name == "question" else f"{name}-{situation}"
    return "\n\n".join(paragraphs) + "\n", f"{variant}/{number + 1}"


def _middle(letter: Letter, stage: str, *, told: bool) -> tuple[str, str]:
    """Return which part says what the mail is for: a question, an acceptance, or only thanks."""
    judgement = letter.judgement
    if judgement.decision is Decision.THANKS:
        return "thanks", "given" if judgement.reason is Reason.FEEDBACK_GIVEN else "refused"
    if judgement.accepts_offer and told:
        return "accept", "any"
    if len(_named_roles(letter)) > 1:
        return "question", "several" if stage == Stage.APPLICATION else stage
    unrelated = letter.reading.facts.stated_reason in _NOBODYS_FAULT
    return "question", "unrelated" if unrelated else stage


def _about(letter: Letter, templates: Templates) -> str:
    """Return what the letter is about, named as far as it was read with certainty."""
    roles = _named_roles(letter)
    employer = safe_name(letter.employer or "")
    joined = (
        templates.between_several.join(roles[:-1]) + templates.last_of_several + roles[-1]
        if roles[1:]
        else ""
    )
    named = "roles" if joined else "role" if roles else ""
    form = "_and_".join(filter(None, (named, employer and "employer"))) or "neither"
    values = {"role": "".join(roles[:1]), "roles": joined, "employer": employer or ""}
    return _fill(templates.about[form], values)


def _named_roles(letter: Letter) -> list[str]:
    plain = (safe_name(plain_title(role)) for role in letter.judgement.roles[:_MOST_ROLES])
    return [role for role in plain if role]


def _fill(wording: str, values: Mapping[str, str]) -> str:
    """Put values into {placeholders}; a value is never read as a template again.

    A value that ends in a full stop ("Acme S.A.") brings the sentence's own along.
    """

    def value(match: re.Match[str]) -> str:
        found = values[match[1]]
        return found if found.endswith(".") else found + match[2]

    return re.sub(r"\{([a-z_]+)\}(\.?)", value, wording)


def _clean_lines(text: str) -> str:
    return "\n".join(for_header(line) for line in text.splitlines())


def _quotation(letter: Letter, contact: Contact, templates: Templates, senders: Senders) -> str:
    """Quote the answered mail, bounded and without links, where the addressee wrote it."""
    author = contact.parent.message.author
    if author is None or author.addr != contact.address.addr or is_relay(author, senders):
        return ""
    lines = [
        _LINK.sub("[…]", clean(line, _LONGEST_QUOTED_LINE))
        for line in letter.quoted.strip().splitlines()
    ]
    if not lines:
        return ""
    cut = [*lines[:_MOST_QUOTED_LINES], "[…]"] if len(lines) > _MOST_QUOTED_LINES else lines
    name = person_name(contact) or safe_name(author.name) or author.addr
    head = _fill(templates.attribution, {"person": name})
    return "\n".join(("", head, *(f"> {line}".rstrip() for line in cut), ""))
