"""The address that a mail names for questions: its sentences, links and signature → an address."""

# ruff: noqa: RUF001  (dashes and letters of other languages are meant)

import re
from collections.abc import Iterator
from itertools import islice

from inboxbot.core.addresses import IN_TEXT
from inboxbot.core.facts.answerable import hands_over_in
from inboxbot.core.facts.names import domain_spellings, squeezed
from inboxbot.core.facts.people import TITLES, is_person, spells
from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.guards import Senders, is_dead
from inboxbot.core.types import Address, Message

_INVITES = Phrases(
    r"""
en:
    questions?|feedback|reach (out|me|us)|contact|get in touch|write to|e-?mail (me|us|to)
    reply to|drop (me|us)|ask|notes|speak
de:
    \w*fragen|rückmeldung|kontakt*|wende*|meld*|schreib*|erreich*|auskunft|auskünfte|ansprech*
fr:
    contact*|écri*|joindre|retours?|adress*|questions?|renseignements?|interlocut*
es:
    preguntas?|dudas?|consultas?|contact*|escrib*|comentarios|aclaraci*|dirig*
it:
    domande|contatt*|scriv*|riscontro|chiariment*|informazioni|rivolg*
nl:
    vragen|contact|mailen|mail|terugkoppeling
pt:
    dúvidas?|perguntas?|contact*|contat*|escrev*|esclareciment*|informações|dirig*
pl:
    pyta*|kontakt*|pisać|informacj* zwrotn*|wątpliwości|wyjaśnie*|zwróci*
sv da no:
    frågor|kontakt*|återkoppling|mejla|spørgsmål|spørsmål|skriv*|tilbakemelding|tilbagemelding
cs fi hu tr:
    dotaz*|kontakt*|kysy*|yhtey*|lisätie*|kérd*|kapcsolat*|soru*|iletişim*
    """
)
_NOT_FOR_THIS = Phrases(
    r"""
en:
    accommodat*|disabilit*|accessib*|privacy|data protection|unsubscribe|opt[- ]out|gdpr
    (was|is|been) sent to|intended for|spam|fraud|phishing|technical|delete your|deletion
    add … address book
    agencies|suppliers|vendors|procurement
de:
    datenschutz*|barrierefrei*|schwerbehind*|löschung|abmelden|newsletter
fr:
    confidentialité|données personnelles|désabonner|désinscri*
es it nl pt:
    protección de datos|protezione dei dati|gegevensbescherming|proteção de dados
pl sv da no:
    danych osobowych|personuppgift*|persondata*|personvern
    """
)
_MOST_ADDRESSES = 5  # in one sentence; more are a list, not an invitation
_OFFICES = frozenset(
    "privacy dpo gdpr unsubscribe accommodation accommodations accessibility abuse security legal "
    "datenschutz support help helpdesk webmaster compliance press media newsletter optout "
    "dataprotection rgpd".split()
)
# Languages in which a name in a sentence seldom stands in the form for greeting it.
_DECLINES_NAMES = frozenset("pl cs sk fi hu et lv lt hr ru uk bg tr".split())
_PUNCTUATION = re.compile(r"[,;:()<>]|\s[-–]\s")
_AHEAD_OF_ADDRESS = 160  # characters
_AT = frozenset(
    "at unter via à en a op em pod på adresse address mail e-mail email e-mail-adresse der per "
    "l'adresse all'indirizzo indirizzo endereço do através correo dirección la el adres het "
    "adressen på über".split()
)


def contact_in(
    message: Message, prose: Prose, senders: Senders, signature: str | None
) -> Address | None:
    """Return the address that the text names for questions or feedback, with a name beside it.

    Where it names none, the one that stands with the signature and spells its name.
    """
    own = {address.addr for address in (*message.to, *message.cc)} | set(message.delivered_to)
    named = (*_invited(prose), *_linked(message, prose.language), *_of_signer(prose, signature))
    return next(
        (
            address
            for address in named
            if not (address.addr in own or is_dead(address, senders) or _is_office(address))
        ),
        None,
    )


def _invited(prose: Prose) -> Iterator[Address]:
    """Yield the addresses of the sentences that invite to write, or say who takes over."""
    language, before = prose.language, ""
    for sentence in prose.sentences:
        invited = "@" in sentence and (
            _INVITES.found_in(f"{before} {sentence}", language) or hands_over_in(sentence, language)
        )
        if invited and not _NOT_FOR_THIS.found_in(sentence, language):
            for match in islice(IN_TEXT.finditer(sentence), _MOST_ADDRESSES):
                yield Address(match[0].lower().rstrip("."), _name_of(sentence, match, language))
        before = sentence if sentence.endswith(":") else ""


def _linked(message: Message, language: str | None) -> Iterator[Address]:
    """Yield the addresses behind links of lines that invite to write: "contact <our team>"."""
    for line, mailbox in message.mailto:
        invited = _INVITES.found_in(line, language) and not _NOT_FOR_THIS.found_in(line, language)
        if invited:
            yield Address(mailbox)


def _of_signer(prose: Prose, signature: str | None) -> Iterator[Address]:
    """Yield the addresses that spell the name of whoever signed: "ines.duarte", "iduarte"."""
    spelt = frozenset(_spellings(signature.split())) if signature else frozenset()
    for line in prose.lines if spelt else ():
        for match in islice(IN_TEXT.finditer(line), _MOST_ADDRESSES):
            address = Address(match[0].lower().rstrip("."), signature or "")
            if squeezed(address.local) in spelt:
                yield address


def _spellings(words: list[str]) -> Iterator[str]:
    """Yield how an address may spell a full name."""
    for given in domain_spellings(words[0]):
        for family in domain_spellings(words[-1]):
            yield from (given, family, given + family, given[:1] + family)
            yield from (family + given, family + given[:1], given + family[:1])


def _is_office(address: Address) -> bool:
    return not _OFFICES.isdisjoint(re.split(r"[^a-z]+", address.local))


def _name_of(sentence: str, address: re.Match[str], language: str | None) -> str:
    """Return the full name that a sentence gives the address: "Ann Lee at", "Mme Ann Lee, RH, à".

    It stands right before the address, or further ahead and the address spells it.
    """
    if language in _DECLINES_NAMES:
        return ""
    local = address[0].partition("@")[0].casefold()
    parts = _PUNCTUATION.split(sentence[: address.start()][-_AHEAD_OF_ADDRESS:])
    beside = True
    for part in reversed(parts):
        words = part.split()
        while words and beside and words[-1].casefold() in _AT:
            words.pop()
        for end in range(len(words), 1, -1):
            name = _last_name_in(words[:end])
            if name and ((beside and end == len(words)) or spells(local, name)):
                return name
        beside = beside and not words
    return ""


def _last_name_in(words: list[str]) -> str:
    """Return the full name that some words end with, without titles, "" where none does."""
    for count in (4, 3, 2):
        name = TITLES.sub("", " ".join(words[-count:]))
        if len(words) >= count and is_person(name):
            return name
    return ""
