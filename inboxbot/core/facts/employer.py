"""Who the employer is: every place of a mail that names one has a voice, the best supported wins.

Places: the display name, the subject, phrases of the body ("your application to …"), the
signature, and the domain, which names nobody but confirms. Applicant tracking systems and job
boards write for employers and are never taken for one.
"""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from inboxbot.core.facts.jobs import ends_like_role, looks_like_role
from inboxbot.core.facts.names import (
    GENERIC,
    carried_by,
    domain_spellings,
    name_after,
    plausible_employer,
    squeezed,
    without_team,
)
from inboxbot.core.facts.people import (
    is_person,
    lines_below_name,
    shown_name,
    signed_lines,
    writes_under_own_name,
)
from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.guards import Senders, is_dead, is_relay, registrable, under
from inboxbot.core.history import normal_employer
from inboxbot.core.types import Address, Message

# Anchors: a name that begins right behind one is the employer's, with this weight. The body
# confirms itself by repetition; a single weak voice (below _ENOUGH) names nobody.
_ENOUGH = 2.0
_AT_CLIENT, _STRONG, _FAIR, _WEAK = 20.0, 4.0, 3.0, 1.5
_DISPLAY, _DISPLAY_BARE, _SUBJECT_PART, _SIGNED, _SIGNED_BARE = 4.0, 2.0, 1.5, 3.0, 1.0
_CONFIRMED = 2.0  # times, where the domain or the tenant carries the name
_AGENCY = 0.5  # times, where the writer speaks of the employer as of others
_ECHO = 0.6  # of the voices for a shorter or longer form of the name
_MOST_VOICES = 200  # of one kind in one mail; hostile mail repeats itself
_AHEAD = 200  # characters that are looked at behind a name
_SHORTEST_KIN = 2  # characters of a name that still tells: HP, EY
_FULL_NAME = 0.8  # of the short form's weight makes the long form the name

# An agency writes for its client.
_CLIENTS = Phrases(
    r"""
en:
    on behalf of ((our|my) client,? )?
    (our|my) client,?_
de:
    im (auftrag|namen) (von|der|des)_
    unser(e[nrsm]?)? (kunden?|mandanten?|auftraggebers?),?_
fr:
    pour le compte de_
    notre client,?_
es:
    nuestro cliente,?_
    en nombre de_
it:
    per conto di_
    (il )?nostro cliente,?_
nl:
    namens_
    onze (opdrachtgever|klant),?_
pt:
    em nome d[aeo]_
    nosso cliente,?_
pl:
    w imieniu (firmy )?
    naszego klienta,?_
sv da no:
    (för )?(vår|vores) (kund|kunde|uppdragsgivare),?_
    på vegn?ar? av_
    """
)
# "They liked your CV": so the domain is the agency's.
_OF_OTHERS = Phrases(
    r"""
en:
    they (liked|loved|felt|chose|decided|picked|went with|have (chosen|decided|picked|gone))
    (come|came|got|gotten) back to (me|us)|heard back (from|about)|(our|my|the) client
de:
    (unser|mein|der) (kunde|auftraggeber|mandant)|(unsere|meine|die) (kundin|auftraggeberin)
fr:
    (notre|mon|le) client|(notre|ma) cliente
es it pt:
    (nuestro|mi|el|nosso|meu|o|il nostro|il mio) cliente
nl:
    (onze|mijn|de) (opdrachtgever|klant)
pl:
    (nasz|mój) klient
sv da no:
    (vår|min|vores) (kund|kunde)|uppdragsgivaren?
    """
)
_STRONG_ANCHORS = Phrases(
    r"""
en:
    interest(ed)? ((you have|you've )?shown )?(in|for) ((pursuing|exploring|joining|working|a|
        an|your|the|future|new) ){0,4}((careers?|career opportunit(y|ies)|
        employment( opportunit(y|ies))?|opportunit(y|ies)|job opportunities|positions?|roles?|
        jobs?|internships?|working|work|join|joining|vacancy) )?(here )?((at|with|within|for|us
        at) )?
    (apply|applying|applied|applications?|submission|candidacy|candidature)( \w+){0,2} (to|at|
        with|for) (join |work (at|for|with) )?
    (positions?|roles?|openings?|opportunity|opportunities|vacancy|jobs?|internships?|posting|
        program|careers?|employment|work|working|future|join|joining|joining us|life|team|
        process|us|interview|interviewing|within),? (here |available |open )?(at|with|within|
        for)_
    (position|role|opening|job|internship|opportunity|vacancy|post|place) (of|as|for)? … (at|with)_
    (apply|applying|applied|applications?|candidacy|candidature) (for|as) … at_
    (items|applications?|r[ée]sum[ée]|cv|documents) … (sent|submitted|forwarded|delivered) to_
de:
    \w*(bewerbung|stelle|position|praktikum|tätigkeit|karriere|interesse|einstieg|ausbildung|
        bewerben|beworben|mitarbeit) (\S+ ){0,8}?(bei|an|in) (einer? (mitarbeit|tätigkeit|
        stelle|karriere|position) (\S+ ){0,6}?(bei|in) )?
fr:
    intérêt (que vous (portez|avez porté|avez manifesté|manifestez|
        témoignez) |porté |manifesté )?(à|pour|envers)_
    rejoindre (les équipes de )?
    (candidature|postulé) (chez|à|auprès de|au sein de|au sein du)_
es:
    interés (en|por) (formar parte de|trabajar en|trabajar con|unir[ts]e a)? ?
    (postulación|candidatura|solicitud) (a|en|para)_
    formar parte de |unir[ts]e a |trabajar (en|con)_
    (puesto|vacante|posición|plaza|cargo) de … en_
it:
    interesse (per|verso|nei confronti di|dimostrato (per|verso)|mostrato (per|verso))_
    candidatura (presso|in|a)_
    entrare (a far parte di|in) |lavorare (in|con|per|presso) |far parte di_
nl:
    interesse in |belangstelling voor |(ge)?sollicite(ren|erd) bij |werken (bij|voor)_
    (interesse in|sollicitatie) … bij_
pt:
    interesse (na|no|em|pela|pelo)_
    fazer parte d[aoe] |trabalhar (na|no|em|com) |candidatura (à|ao|na|no|para a)_
    vaga de … (na|no|em)_
    (cargo|posição|função|lugar|posto) de … (na|no)_
pl:
    w firmie |do firmy |firmą |dołączy(ć|enia) do |(praca|pracy|pracą) w_
    zainteresowanie ((ofertą|pracą) )?((firmy|firmą|w) )?
    (aplikację|aplikowanie|aplikacja) (do|w)_
sv:
    intresse för |ansökan till |sökte? (\w+ ){0,3}(till|hos) |(jobba|arbeta) (hos|på)_
    (intresse|tjänst|tjänsten|rollen) … (hos|på|vid)_
da no:
    interesse for |(ansøgning|søknad) (til|hos) |søgt (\w+ ){0,3}hos_
    (stilling|stillingen|interesse) … (hos|ved|i)_
    """
)
_FAIR_ANCHORS = Phrases(
    r"""
en:
    (join|joining|considering|consider|choosing|interview with|meeting with)_
    (update|message|news|thank you|thanks|note|follow[- ]?up|letter|response|decision) from
        (a |an )?
    (we here|us here|all of us|everyone|here|we|teams?) at_
de:
    bei_
    vertrauen, das (sie|du) der |vertrauen in die |teil (der|des|von) |für die_
fr:
    chez |au sein (de |du |d')|auprès de_
es:
    la empresa |el equipo de_
it:
    presso |l'azienda_
nl:
    bij_
pt:
    a empresa_
pl:
    firma_
sv da no:
    hos |ved |vid_
    """
)
_WEAK_ANCHORS = Phrases(
    r"""
en:
    (at|with)_
es:
    en_
it:
    in_
pt:
    (na|no|em)_
pl:
    w_
sv da no:
    (på|i)_
    """
)
_ANCHORS = (
    (_AT_CLIENT, _CLIENTS),
    (_STRONG, _STRONG_ANCHORS),
    (_FAIR, _FAIR_ANCHORS),
    (_WEAK, _WEAK_ANCHORS),
)
# What follows the name shows that it was a role: "interest in Data Analyst position".
_ROLE_FOLLOWS = re.compile(
    r"(?:[\s'\"”»,-]{0,3}(?:(?:intern|internship|job|open) )?| [-–/(].{0,80}? )"
    r"(?:position|role|opening|opportunity|job|vacancy|posting|program|post(?! office)|place|"
    r"apprenticeship|traineeship)\b",
    re.IGNORECASE,
)
# "application for Cellar Guide at Blackwater": a job, though no list of jobs holds it.
_FOR = re.compile(r"\b(?:for|in) $", re.IGNORECASE)
_AT_FOLLOWS = re.compile(r" (?:at|with) (?:the )?[^\W\d_a-zà-ÿ]")
# "Acme has decided": the employer itself says "we", so somebody else writes about it.
_OPENING = re.compile(
    r"^(?:(?:unfortunately|regrettably|however|leider|helaas),? )?", re.IGNORECASE | re.MULTILINE
)
_DECIDES = re.compile(
    r" (?:has (?:\w+ )?(?:decided|chosen|selected)|did not select|have decided|a décidé|"
    r"ha decidido|ha deciso|heeft (?:\w+ )?besloten|decidiu|har (?:\w+ )?valt)\b"
)
_WOULD_LIKE = re.compile(
    r" (?:would like to|wishes to|confirms|thanks you|regrets|möchte|dankt|"
    r"(?:will not|won't) be (?:able|moving|taking|proceeding|progressing|pursuing|offering|"
    r"continuing|inviting)|(?:is|are) (?:unable|not able) to)\b"
)

_VIA = re.compile(
    r"^(?P<who>.+?)\s+(?:via|through|über|por|tramite)\s+(?P<where>.+)$", re.IGNORECASE
)
_FROM = re.compile(
    r"^(?P<person>.+?)(?:\s+(?P<by>from|at|of|von|bei|de|chez|hos|van|bij)\s+|\s*[@|]\s*|\s+[-–]\s+|"
    r",\s+)(?P<employer>.+)$",
    re.IGNORECASE,
)
_IN_NAMES = frozenset({"von", "de", "van"})
_IN_BRACKETS = re.compile(r"^(?P<person>[^()]+?)\s*\((?P<employer>[^()]{2,60})\)\s*$")
_PARTS = re.compile(r"(?<=\.)-\s+|\s+[|–—•·]\s+|\s+-\s+|:\s+|\s*\|\s*")
_HINT_NOISE = re.compile(
    r"^(?:no-?_?reply|careers?|jobs?|recruiting|recruitment|talent|hr|workat|join|hello|mail|go|get|the)?[-_.]?(?P<name>.*?)[-_.]?(?:careers?|jobs?|recruiting|recruitment|talent|hr|inc|hq|group|gmbh|app|tv)?$"
)
_SHORTEST_LABEL = 4  # characters; shorter ones are abbreviations
_SUBDOMAINS = frozenset(
    "us eu uk hire mail talent candidates em msg e m www email ats hi remail candidate jobs "
    "careers notifications notify app go smtp bounce reply invalidemail invalid".split()
)


@dataclass
class _Voices:
    """Names with the weight of the places that gave them."""

    hints: frozenset[str]
    own_brand: str  # of the vendor or board that mailed this
    of_others: bool  # the writer says "they" of those who decided
    weights: dict[str, float] = field(default_factory=dict)  # by compared name
    spellings: dict[str, dict[str, float]] = field(default_factory=dict)

    def add(self, name: str, weight: float) -> None:
        """Count one voice for a name, if it is one."""
        shown = plausible_employer(name)
        if shown is None or (_is_role(shown) and not self._hinted(shown)):
            return
        if self.own_brand and squeezed(shown).startswith(self.own_brand):
            weight /= 4
        key = normal_employer(shown)
        if not key:
            return
        self.weights[key] = self.weights.get(key, 0.0) + weight
        forms = self.spellings.setdefault(key, {})
        forms[shown] = forms.get(shown, 0.0) + weight

    def confirm(self, name: str, weight: float) -> None:
        """Count one voice more for a name that has one."""
        if normal_employer(name) in self.weights:
            self.add(name, weight)

    def best(self) -> str | None:
        """Return the best supported name, None where the support is too weak."""
        ranked = sorted(self.weights, key=lambda key: (-self._support(key), -len(key), key))
        if not ranked or self._support(ranked[0]) < _ENOUGH:
            return None
        forms = self.spellings[ranked[0]]
        return max(forms, key=lambda form: (forms[form], -len(form)))

    def _support(self, key: str) -> float:
        support = self.weights[key] + sum(
            _ECHO * weight for other, weight in self.weights.items() if _akin(key, other)
        )
        # The full name stands once or twice, then the mail calls itself by the short one.
        for other, weight in self.weights.items():
            if _akin(key, other) and len(key) > len(other):
                full = self.weights[key] >= _FULL_NAME * weight
                support += (1 - _ECHO) * weight if full else 0.0
        if not any(map(self._hinted, (key, *self.spellings[key]))):
            return support
        return support * (_AGENCY if self.of_others else _CONFIRMED)

    def _hinted(self, name: str) -> bool:
        spellings = domain_spellings(name)
        return any(
            hint in spellings
            or carried_by(name, hint)
            or any(_akin(spelling, hint) for spelling in spellings)
            for hint in self.hints
        )


def _is_role(name: str) -> bool:
    """Tell whether a name is a job: "Data Scientist", "Data Scientist Arlington Full Time"."""
    return ends_like_role(name) or ends_like_role(" ".join(name.split()[:2]))


def _akin(one: str, other: str) -> bool:
    """Tell whether one name is the other with words left out at its start or end."""
    long, short = (one, other) if len(one) > len(other) else (other, one)
    if long == short or len(short) < _SHORTEST_KIN:
        return False
    return long.startswith(short) or (len(short) > _SHORTEST_KIN and long.endswith(short))


def employer_in(message: Message, prose: Prose, senders: Senders) -> str | None:
    """Return the employer as the mail spells it, None where no place of it names one."""
    author = message.author
    of_others = _OF_OTHERS.found_in(prose.text, prose.language)
    voices = _Voices(_hints(author, senders), _brand(author, senders), of_others)
    if author is not None:
        for name, weight in _of_display(author, senders, voices.hints):
            voices.add(name, weight)
    for weight, name in _after_anchors(f"{prose.subject}\n{prose.text}", prose.language):
        voices.add(name, weight)
    for name, weight in (*_of_subject(prose.subject), *_of_signature(prose)):
        voices.add(name, weight)
    for name in _below_author(prose, author):
        voices.confirm(name, _SIGNED_BARE)
    for name in _on_card(prose):
        voices.add(name, _STRONG)
    spelt = tuple(_spelt_like(voices.hints, prose, author))
    for name in spelt:
        voices.add(name, _WEAK)
    return voices.best() or _of_domain(author, spelt, senders) or _of_tenant(author)


# Phrases.


def _after_anchors(text: str, language: str | None) -> Iterator[tuple[float, str]]:
    heard: dict[int, tuple[float, str]] = {}  # by place: one word of the mail, one voice
    for weight, anchors in _ANCHORS:
        for match in islice(anchors.matches(text, language), _MOST_VOICES):
            name = name_after(text, match.end())
            place = text.find(name, match.end())
            after = text[place + len(name) :][:_AHEAD]
            placed = _FOR.search(match[0]) is not None and _AT_FOLLOWS.match(after) is not None
            if name and not placed and not _is_title(name, after):
                heard.setdefault(place, (weight, without_team(name) or name))
    yield from heard.values()
    for opening in islice(_OPENING.finditer(text), _MOST_VOICES):
        name = name_after(text, opening.end())
        after = text[opening.end() :][:_AHEAD].partition(name)[2] if name else ""
        if _DECIDES.match(after):
            yield _AT_CLIENT, name
        elif _WOULD_LIKE.match(after):
            yield _STRONG, name


def _is_title(name: str, after: str) -> bool:
    return _is_role(name) or _ROLE_FOLLOWS.match(after) is not None


# Display name.


def _of_display(
    author: Address, senders: Senders, hints: frozenset[str]
) -> Iterator[tuple[str, float]]:
    shown = author.name.strip(" \"'")
    if not shown or "@" in shown.replace(" @ ", "") or _is_of_person(author, hints):
        return
    via = _VIA.match(shown)
    if via is not None:
        relayed = is_relay(author, senders) or _is_brand(via["where"], senders)
        yield (via["who"] if relayed else via["where"]), _DISPLAY
        return
    for pattern in (_IN_BRACKETS, _FROM):
        match = pattern.match(shown)
        if match is None or _is_family_name(match, hints):
            continue
        named = without_team(match["employer"]) or match["employer"]
        yield named, _DISPLAY
        if not is_person(match["person"]):
            yield without_team(match["person"]), _DISPLAY_BARE
        return
    bare = without_team(shown)
    if len(bare.split()) < len(shown.split()):
        yield bare, _DISPLAY
    elif not is_person(shown) or any(hint.startswith(squeezed(shown)) for hint in hints):
        yield shown, _DISPLAY
    elif is_relay(author, senders) or is_dead(author, senders):
        # "Sono Bello" and "Jane Doe" look alike: a machine's address speaks for the firm.
        yield shown, _DISPLAY_BARE


def _is_of_person(author: Address, hints: frozenset[str]) -> bool:
    """Tell whether the display name is a person's in a form that could be a firm's."""
    family, comma, given = shown_name(author).partition(", ")
    reversed_name = bool(comma) and " " not in family and is_person(f"{given} {family}")
    carried = any(hint in domain_spellings(family) for hint in hints)
    return (reversed_name and not carried) or writes_under_own_name(author)


def _is_family_name(match: re.Match[str], hints: frozenset[str]) -> bool:
    """Tell whether "Pieter van Schalkwyk" is a person: no address carries what follows."""
    if (match.groupdict().get("by") or "").casefold() not in _IN_NAMES:
        return False
    named = squeezed(match["employer"])
    return not any(named.startswith(hint) or hint.startswith(named) for hint in hints)


def _is_brand(name: str, senders: Senders) -> bool:
    bare = squeezed(without_team(name) or name)
    return any(
        squeezed(domain.partition(".")[0]).startswith(bare)
        for domain in (*senders.vendors, *senders.boards)
    )


def _brand(author: Address | None, senders: Senders) -> str:
    """Return the vendor's or board's own name, "" where an employer mails by itself."""
    if author is None or not is_relay(author, senders):
        return ""
    label = squeezed(registrable(author.domain).partition(".")[0])
    brand = re.sub(r"^my(?=workday)|mail$|jobs$|email$", "", label)
    # Workday hires too: its own tenant carries its own name.
    return "" if squeezed(author.local.partition("+")[0]) == brand else brand


# Subject and signature.


def _of_subject(subject: str) -> Iterator[tuple[str, float]]:
    parts = [part.strip() for part in _PARTS.split(subject) if part.strip()]
    for part in parts:
        named = _YOUR_APPLICATION.match(part) or _APPLICATION_AFTER.match(part)
        if named is not None:
            yield without_team(named["employer"]) or named["employer"], _SUBJECT_PART
        elif len(parts) > 1 and not looks_like_role(part) and len(part.split()) <= 5:  # noqa: PLR2004
            yield without_team(part) or part, _SUBJECT_PART


_YOUR_APPLICATION = re.compile(
    r"^(?:[\w ]{0,30} )?[Yy]our (?:[Rr]ecent )?(?P<employer>[^\W_a-z].{0,50}?) "
    r"(?:[Jj]ob )?(?:[Aa]pplication|[Ii]nterview|[Cc]andidacy)\b.*$"
)
_APPLICATION_AFTER = re.compile(
    r"^(?P<employer>[^\W_a-z].{0,50}?) (?:[Jj]ob )?(?:[Aa]pplication|[Ii]nterview|"
    r"[Cc]areer [Oo]pportunities|"
    r"[Jj]ob [Oo]pening|[Rr]egret [Ll]etter|[Rr]ecruit\w+)\b.*$"
)


_CARD = re.compile(r"([^·]{2,80}) · [^·]{2,80}")


def _on_card(prose: Prose) -> Iterator[str]:
    """Yield the firm of a job board's card where the subject ends with it: "… sent to acme"."""
    for line in prose.lines:
        card = _CARD.fullmatch(line)
        if card is not None and prose.subject.endswith(card[1]):
            yield card[1]


_SIGNED_PARTS = re.compile(r"\s*[|•·]\s*|,\s+(?!(?:Inc|LLC|Ltd|GmbH|PBC|Corp|S\.A)\b)|\s+[-–]\s+")


def _of_signature(prose: Prose) -> Iterator[tuple[str, float]]:
    signed = False  # by a person: what reads like another person's name is the firm's
    for line, closing in signed_lines(prose):
        person = is_person(line)
        for part in _SIGNED_PARTS.split(line)[:4]:
            part = part.strip(" ,-–|@/_&")
            bare = without_team(part)
            if looks_like_role(part):
                continue
            if bare and len(bare.split()) < len(part.split()):
                yield bare, _SIGNED
            elif closing and part and (signed or not is_person(part)):
                yield part, _SIGNED_BARE
        signed = closing and (signed or person)


def _below_author(prose: Prose, author: Address | None) -> Iterator[str]:
    for line in lines_below_name(prose, author):
        for part in _SIGNED_PARTS.split(line)[:4]:
            if not looks_like_role(part):
                yield without_team(part) or part


# Domain.


def _hints(author: Address | None, senders: Senders) -> frozenset[str]:
    """Return what the address says of the employer: its domain, the vendor's tenant."""
    if author is None or under(author.domain, senders.freemail):
        return frozenset()
    if not is_relay(author, senders):
        labels = registrable(author.domain).split(".")[:1]
        labels += [label for label in author.domain.split(".")[:-2] if label not in _SUBDOMAINS]
    else:
        own = registrable(author.domain)
        labels = [label for label in author.domain.removesuffix(own).split(".") if label]
        labels.append(author.local.partition("+")[0])
    brand = _brand(author, senders)  # "indeedapply@indeed.com" says nothing of the employer
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


_CAPITALISED = re.compile(
    r"[^\W_a-zà-ÿ][\w&.'+-]*(?: (?:(?:of|and|the|de|&) ){0,2}[^\W_a-zà-ÿ][\w&.'+-]*){0,3}"
)


def _spelt_like(hints: frozenset[str], prose: Prose, author: Address | None) -> Iterator[str]:
    """Yield the words of the mail that spell a hint: "studio-halvorsen" → "Studio Halvorsen"."""
    shown = author.name if author is not None else ""
    seen: set[str] = set()
    for run in _CAPITALISED.findall("\n".join((shown, prose.subject, *prose.lines))):
        words = run.split()
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                name = " ".join(words[start:end]).rstrip(".'-")
                if name not in seen and _spells(name, hints):
                    seen.add(name)
                    yield name


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


def _of_domain(author: Address | None, spelt: tuple[str, ...], senders: Senders) -> str | None:
    """Return the employer that a person's own domain names, as the mail spells it if it does."""
    if author is None or is_relay(author, senders) or under(author.domain, senders.freemail):
        return None
    if shown := next(filter(None, map(plausible_employer, spelt)), None):
        return shown
    label = registrable(author.domain).partition(".")[0]
    words = [word for word in re.split(r"[-_]", label) if word]
    if not label.replace("-", "").isalpha() or len(label) < _SHORTEST_LABEL:
        return None
    return plausible_employer(" ".join(word.capitalize() for word in words))


def _of_tenant(author: Address | None) -> str | None:
    """Return the Workday tenant: all that some of its mails say of the employer."""
    if author is None or author.domain != "myworkday.com":
        return None
    tenant = author.local.partition("+")[0]
    long_enough = tenant.isalpha() and len(tenant) >= _SHORTEST_LABEL
    return plausible_employer(tenant.capitalize()) if long_enough else None
