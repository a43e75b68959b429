"""The names in a journal: who employs, who writes, at which domains. Events + history → `Known`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from inboxbot.core.contact import Owner
from inboxbot.core.history import History, leading_names, normal_employer
from inboxbot.core.plan import Event
from inboxbot.core.types import Address, Message

PERSON, SOME_EMPLOYER, DOMAIN = "person", "some employer", "domain"
"""Marks of a person, of a word that several employers have in their names, and of a domain."""

WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0963\u0966-\u0eff])+")
"""A word, with what is no letter to `re`: accents that stand alone, vowels of India and Siam."""

_ACCENTS = re.compile("[\u0300-\u036f]+")
_STROKES = str.maketrans("łøđħı", "lodhi")  # that Unicode does not take apart
_FORMS = re.compile("株式会社|有限会社|合同会社|有限公司|股份|주식회사")  # no space before the name
_SHORTEST_EMPLOYER = 4  # letters of one word of an employer's name that stands for it
_SHORTEST_PERSON = 2
_SHORTEST_DOMAIN = 6  # letters; "co.uk" is nobody's
_ANY_CASE_FROM = 3  # letters; shorter words are names only as they are written


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWords:
    """Words that are no names, or not by themselves (config/report/plain_words.toml)."""

    generic: frozenset[str] = frozenset()  # of employers' names and addresses: "group", "careers"
    ordinary: frozenset[str] = frozenset()  # names only with a capital: "will", "apple"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What must not be told: folded names without spaces → the employer's, or one of the marks."""

    marks: Mapping[str, str] = field(default_factory=dict)
    capitals: frozenset[str] = frozenset()  # those that are names only with a capital
    domains: frozenset[str] = frozenset()


@lru_cache(maxsize=65_536)
def folded(word: str) -> str:
    """Return a word for comparing: without accents of European scripts and without case."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_STROKES))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", plain))


def words_in(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return [folded(word) for word in WORD.findall(text)]


def names_in(
    events: Sequence[Event], history: History, owners: Sequence[Owner], plain: PlainWords
) -> Known:
    """Return every name that the journal and the settings hold."""
    collected = _Collected(plain)
    for name in _employers(events, history):
        collected.employer(name)
    for name in (*_people(events, history, owners), *_mailboxes(events, history, owners)):
        collected.person(name)
    domains = frozenset(_domains(events, history, owners))
    for domain in domains:
        collected.domain(domain)
    return Known(marks=collected.marks, capitals=frozenset(collected.capitals), domains=domains)


class _Collected:
    """Names as they come in; the first meaning of a word stands, so employers come first."""

    def __init__(self, plain: PlainWords) -> None:
        self.plain = plain
        self.marks: dict[str, str] = {}
        self.capitals: set[str] = set()
        self.employers: set[str] = set()  # whole names, without legal forms

    def employer(self, name: str) -> None:
        """Take in an employer: its whole name, what it begins with, and each word of its own."""
        key = folded(normal_employer(name))
        if not key:
            return
        self.employers.add(key)
        words = words_in(name)
        bare = words_in(_FORMS.sub(" ", name)) or words
        for whole in (key, "".join(words), "".join(bare)):
            self._put(whole, key)
        long = [word for word in words if len(word) >= _SHORTEST_EMPLOYER]
        for part in (*map(folded, leading_names(name)), *long):
            if part not in self.plain.generic and part not in self.employers:
                shared = self.marks.get(part, key) != key
                self._put(part, SOME_EMPLOYER if shared else key)

    def person(self, name: str) -> None:
        """Take in a person: the whole name and each word of it."""
        words = [
            word
            for word in words_in(name)
            if len(word) >= _SHORTEST_PERSON and word not in self.plain.generic
        ]
        whole = "".join(words)
        if whole and whole not in self.marks:
            for word in {whole, *words} - set(self.marks):
                self._put(word, PERSON)

    def domain(self, domain: str) -> None:
        """Take in a domain as its words: it may be written with an ending, or a hyphen before."""
        joined = "".join(words_in(domain))
        if len(joined) >= _SHORTEST_DOMAIN and joined not in self.marks:
            self._put(joined, DOMAIN)

    def _put(self, word: str, mark: str) -> None:
        self.marks[word] = mark
        if word in self.plain.ordinary or len(word) < _ANY_CASE_FROM:
            self.capitals.add(word)


# ---------------------------------------------------------------- where they stand


def _employers(events: Iterable[Event], history: History) -> Iterator[str]:
    for event in events:
        yield str(event.payload.get("employer") or "")
    for entry in history.entries:
        yield entry.reading.facts.employer or ""
    for record in history.drafts:
        yield record.employer or ""


def _people(events: Iterable[Event], history: History, owners: Iterable[Owner]) -> Iterator[str]:
    yield from (owner.name for owner in owners)
    for event in events:
        yield str(event.payload.get("name") or "")
    for entry in history.entries:
        yield entry.reading.facts.signature or ""
        yield from (address.name for address in _addresses(entry.message))
        if entry.reading.facts.contact:
            yield entry.reading.facts.contact.name


def _mailboxes(events: Iterable[Event], history: History, owners: Iterable[Owner]) -> Iterator[str]:
    """Yield what addresses are called before the @: tom.osei, without the digits of tom.osei2."""
    found = {address.local for entry in history.entries for address in _addresses(entry.message)}
    found |= {address.rpartition("@")[0] for owner in owners for address in owner.addresses}
    found |= {str(event.payload.get("to") or "").rpartition("@")[0] for event in events}
    yield from (re.sub(r"\d+", " ", local) for local in sorted(found))


def _addresses(message: Message) -> Iterator[Address]:
    yield from (*message.from_, *message.reply_to, *message.to, *message.cc)
    if message.sender:
        yield message.sender
    yield from (event.organizer for event in message.calendar if event.organizer)


def _domains(events: Iterable[Event], history: History, owners: Iterable[Owner]) -> Iterator[str]:
    """Yield the domains of all addresses, and those above them that somebody registered."""
    found = {address.domain for entry in history.entries for address in _addresses(entry.message)}
    found |= {address.rpartition("@")[2] for owner in owners for address in owner.addresses}
    for event in events:
        for name in ("from", "to", "address"):
            found.add(str(event.payload.get(name) or "").rpartition("@")[2])
    for domain in found - {""}:
        labels = domain.casefold().split(".")
        yield from (".".join(labels[start:]) for start in range(len(labels) - 1))
