"""A display name → the employer's: "Jane at Acme", "Acme via Greenhouse", "Acme Careers"."""

# ruff: noqa: RUF001  (dashes are meant)

import re
from collections.abc import Iterator

from inboxbot.core.facts.domain import akin, carries, shares_a_word
from inboxbot.core.facts.names import TEAM_WORDS, domain_spellings, squeezed, without_team
from inboxbot.core.facts.people import is_person, shown_name, writes_under_own_name
from inboxbot.core.guards import Senders, is_dead, is_relay
from inboxbot.core.types import Address

# Weights of a voice, as in `employer`: a name beside other words, one alone, one that may be an
# office's.
_NAMED, _BARE, _WEAK = 4.0, 2.0, 1.5
_VIA = re.compile(
    r"^(?P<who>.+?)\s+(?:via|through|über|por|tramite)\s+(?P<where>.+)$", re.IGNORECASE
)
_FROM = re.compile(
    r"^(?P<person>.+?)(?:\s+(?P<by>from|at|of|von|bei|de|chez|hos|van|bij|på)\s+|\s*[@|]\s*|\s+[-–]\s+|"
    r",\s+)(?P<employer>.+)$",
    re.IGNORECASE,
)
_IN_NAMES = frozenset({"von", "de", "van"})
_ARTICLE = re.compile(r"^(?:der|die|dem) ")
_IN_BRACKETS = re.compile(r"^(?P<person>[^()]+?)\s*\((?P<employer>[^()]{2,60})\)\s*$")


def of_display(
    author: Address, senders: Senders, hints: frozenset[str]
) -> Iterator[tuple[str, float]]:
    """Yield the names that a display name gives, each with the weight of its voice."""
    shown = author.name.strip(" \"'")
    if not shown or "@" in shown.replace(" @ ", "") or _is_of_person(author, hints):
        return
    machine = is_relay(author, senders) or is_dead(author, senders)
    if via := _VIA.match(shown):
        relayed = is_relay(author, senders) or _is_brand(via["where"], senders)
        yield (via["who"] if relayed else via["where"]), _NAMED
    elif parted := _parted(shown, hints):
        yield from _of_parts(parted, hints)
    elif is_relay(author, senders) or not _is_of_mailbox(author, hints):
        yield from _of_whole(shown, hints, machine=machine)


def _parted(shown: str, hints: frozenset[str]) -> re.Match[str] | None:
    """Match a display name that says who writes and for whom: "Jane at Acme"."""
    for pattern in (_IN_BRACKETS, _FROM):
        match = pattern.match(shown)
        if match is not None and not _is_family_name(match, hints):
            return match
    return None


def _of_parts(parted: re.Match[str], hints: frozenset[str]) -> Iterator[tuple[str, float]]:
    writer, employer = parted["person"], parted["employer"]
    team = not is_person(writer)
    if team and carries(hints, writer) and not carries(hints, employer):
        yield writer, _NAMED  # "Acme - Branch 14"
        return
    yield _ARTICLE.sub("", without_team(employer) or employer), _NAMED
    if team:
        yield without_team(writer), _BARE


def _of_whole(shown: str, hints: frozenset[str], *, machine: bool) -> Iterator[tuple[str, float]]:
    bare = without_team(shown)
    if len(bare.split()) < len(shown.split()):
        yield bare, _NAMED
    elif (named := _inside_display(shown, hints)) is not None:
        yield named, _NAMED
    elif not is_person(shown) or any(hint.startswith(squeezed(shown)) for hint in hints):
        known = machine or carries(hints, shown) or not _is_office(shown)
        yield shown, _NAMED if known else _WEAK
    elif machine:
        # "Sono Bello" and "Jane Doe" look alike: a machine's address speaks for the firm.
        yield shown, _BARE


def _is_office(shown: str) -> bool:
    """Tell whether a display name may be an office of an employer: "Technik", "Crewing Dept."."""
    last = shown.rsplit(maxsplit=1)[-1].casefold().rstrip(".")
    return shown.istitle() and (" " not in shown or last in TEAM_WORDS)


def _inside_display(shown: str, hints: frozenset[str]) -> str | None:
    """Return what spells the domain between words for an office: "Acme Office" → "Acme"."""
    words = shown.split()
    while words and words[-1].casefold() in TEAM_WORDS:
        words.pop()
    while words and words[0].casefold() in TEAM_WORDS:
        words = words[1:]
    named = " ".join(words)
    return named if named != shown and not hints.isdisjoint(domain_spellings(named)) else None


def _is_of_person(author: Address, hints: frozenset[str]) -> bool:
    """Tell whether the display name is a person's in a form that could be a firm's."""
    family, comma, given = shown_name(author).partition(", ")
    reversed_name = bool(comma) and " " not in family and is_person(f"{given} {family}")
    carried = any(hint in domain_spellings(family) for hint in hints)
    return (reversed_name and not carried) or writes_under_own_name(author)


def _is_of_mailbox(author: Address, hints: frozenset[str]) -> bool:
    """Tell whether the display name says whose box it is: "Lou <lou@…>", "Technik <technik@…>"."""
    name = shown_name(author)
    own = not domain_spellings(name).isdisjoint({squeezed(author.local)})
    return own and not any(akin(hint, squeezed(name)) or hint == squeezed(name) for hint in hints)


def _is_family_name(match: re.Match[str], hints: frozenset[str]) -> bool:
    """Tell whether "Pieter van Schalkwyk" is a person: no address carries what follows."""
    if (match.groupdict().get("by") or "").casefold() not in _IN_NAMES:
        return False
    named = squeezed(match["employer"])
    if " " in match["employer"] and shares_a_word(match["employer"], hints):
        return False  # "Miri von der Rösterei Brandl"
    return not any(named.startswith(hint) or hint.startswith(named) for hint in hints)


def _is_brand(name: str, senders: Senders) -> bool:
    bare = squeezed(without_team(name) or name)
    return any(
        squeezed(domain.partition(".")[0]).startswith(bare)
        for domain in (*senders.vendors, *senders.boards)
    )
