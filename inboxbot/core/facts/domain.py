"""What an address says of its employer: the domain, the tenant at a vendor. It names nobody.

A domain confirms a name that the mail spells ("theateramwall": "Theater am Wall"), and stands in
for it where the mail spells none.
"""

import re
from collections.abc import Iterator

from inboxbot.core.facts.names import (
    GENERIC,
    carried_by,
    domain_spellings,
    plausible_employer,
    squeezed,
)
from inboxbot.core.facts.people import shown_name
from inboxbot.core.facts.prose import Prose
from inboxbot.core.guards import Senders, is_relay, registrable, under
from inboxbot.core.types import Address

_SHORTEST_KIN = 2  # characters of a name that still tells: HP, EY
_BETWEEN_NAMES = frozenset("and und et y e en och og of de di von van".split())
_HINT_NOISE = re.compile(
    r"^(?:no-?_?reply|careers?|jobs?|recruiting|recruitment|talent|hr|workat|join|hello|mail|go|get|the)?[-_.]?(?P<name>.*?)[-_.]?(?:careers?|jobs?|recruiting|recruitment|talent|hr|inc|hq|group|gmbh|app|tv)?$"
)
_SHORTEST_LABEL = 4  # characters; shorter ones are abbreviations
_SUBDOMAINS = frozenset(
    "us eu uk hire mail talent candidates em msg e m www email ats hi remail candidate jobs "
    "careers notifications notify app go smtp bounce reply invalidemail invalid".split()
)
_CAPITALISED = re.compile(
    r"[^\W_a-zà-ÿ][\w&.'+-]*(?: (?:(?:of|and|the|de|&) ){0,2}[^\W_a-zà-ÿ][\w&.'+-]*){0,3}"
)


def hints_of(author: Address | None, senders: Senders) -> frozenset[str]:
    """Return what the address says of the employer: its domain, the vendor's tenant."""
    if author is None or under(author.domain, senders.freemail):
        return frozenset()
    if not is_relay(author, senders):
        labels = registrable(author.domain).split(".")[:1]
        labels += [label for label in author.domain.split(".")[:-2] if label not in _SUBDOMAINS]
    else:
        own = registrable(author.domain)
        below = author.domain.removesuffix(own).split(".")
        labels = [label for label in below if label and label not in _SUBDOMAINS]
        # Where the host is the tenant, the local part is a recruiter's (Teamtailor).
        labels = labels or [author.local.partition("+")[0]]
    brand = brand_of(author, senders)  # "indeedapply@indeed.com" says nothing of the employer
    return frozenset(
        hint
        for label in labels
        if (hint := _as_hint(label)) and not (brand and hint.startswith(brand))
    )


def _as_hint(label: str) -> str:
    if label in _SUBDOMAINS:
        return ""
    match = _HINT_NOISE.match(label)
    hint = squeezed(match["name"] if match and match["name"] else label)
    return hint if len(hint) > 1 and hint not in GENERIC else ""


def spelt_like(hints: frozenset[str], prose: Prose, author: Address | None) -> Iterator[str]:
    """Yield the words of the mail that spell a hint: "studio-halvorsen" → "Studio Halvorsen"."""
    shown = author.name if author is not None else ""
    seen: set[str] = set()
    text = "\n".join((shown, prose.subject, *prose.lines))
    yield from (name for name in _run_together(hints, text) if name != shown_name(author))
    for run in _CAPITALISED.findall(text):
        words = run.split()
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                name = " ".join(words[start:end]).rstrip(".'-")
                if name not in seen and _spells(name, hints):
                    seen.add(name)
                    yield name


def _run_together(hints: frozenset[str], text: str) -> Iterator[str]:
    """Yield the words that are a hint without their spaces: theateramwall, "Theater am Wall"."""
    for hint in hints:
        letters = r"[ '.&-]{0,3}".join(map(re.escape, hint))
        name = re.compile(rf"(?<![\w@.])(?=[^\W_a-zà-ÿ])(?i:{letters})(?![\w@.]| [^\W_a-zà-ÿ])")
        found = name.search(text)
        if found is not None and " " in found[0]:
            yield found[0]


def _spells(name: str, hints: frozenset[str]) -> bool:
    """Tell whether a domain is this very name: each end of it stands in the domain."""
    if not hints.isdisjoint(domain_spellings(name)):
        return True
    words = name.split()
    ends = (domain_spellings(words[0]), domain_spellings(words[-1]))
    return any(
        carried_by(name, hint)
        and any(hint.startswith(form) for form in ends[0])
        and any(hint.endswith(form) for form in ends[1])
        for hint in hints
    )


def of_domain(author: Address | None, spelt: tuple[str, ...], senders: Senders) -> str | None:
    """Return the employer that a person's own domain names, as the mail spells it if it does."""
    if author is None or is_relay(author, senders) or under(author.domain, senders.freemail):
        return None
    if shown := next(filter(None, map(plausible_employer, spelt)), None):
        return shown
    label = registrable(author.domain).partition(".")[0]
    words = [word for word in re.split(r"[-_]", label) if word]
    if not all(word.isalpha() and len(word) >= _SHORTEST_LABEL for word in words):
        return None  # "cm-vilarinho" abbreviates
    return plausible_employer(
        " ".join(word if word in _BETWEEN_NAMES else word.capitalize() for word in words)
    )


def of_tenant(author: Address | None) -> str | None:
    """Return the Workday tenant: all that some of its mails say of the employer."""
    if author is None or author.domain != "myworkday.com":
        return None
    tenant = author.local.partition("+")[0]
    long_enough = tenant.isalpha() and len(tenant) >= _SHORTEST_LABEL
    return plausible_employer(tenant.capitalize()) if long_enough else None


def brand_of(author: Address | None, senders: Senders) -> str:
    """Return the vendor's or board's own name, "" where an employer mails by itself."""
    if author is None or not is_relay(author, senders):
        return ""
    label = squeezed(registrable(author.domain).partition(".")[0])
    brand = re.sub(r"^my(?=workday)|mail$|jobs$|email$", "", label)
    # Workday hires too: its own tenant carries its own name.
    return "" if squeezed(author.local.partition("+")[0]) == brand else brand


def akin(one: str, other: str) -> bool:
    """Tell whether one name is the other with words left out at its start or end."""
    long, short = (one, other) if len(one) > len(other) else (other, one)
    if long == short or len(short) < _SHORTEST_KIN:
        return False
    return long.startswith(short) or (len(short) > _SHORTEST_KIN and long.endswith(short))


def carries(hints: frozenset[str], name: str) -> bool:
    """Tell whether an address spells a name or the start or end of it."""
    return any(
        hint == form or akin(hint, form) for hint in hints for form in domain_spellings(name)
    )


def shares_a_word(name: str, hints: frozenset[str]) -> bool:
    """Tell whether the domain holds a word of the name: umontiel, "Universidad de Montiel"."""
    spelt = (form for word in re.split(r"[\W_]+", name) for form in domain_spellings(word))
    return any(form in hint for form in spelt if len(form) >= _SHORTEST_LABEL for hint in hints)
