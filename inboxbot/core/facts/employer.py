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

from inboxbot.core.facts.display import of_display
from inboxbot.core.facts.domain import (
    akin,
    brand_of,
    carries,
    hints_of,
    of_domain,
    of_tenant,
    shares_a_word,
    spelt_like,
)
from inboxbot.core.facts.jobs import ends_like_role, looks_like_role, names_a_job
from inboxbot.core.facts.names import (
    carried_by,
    domain_spellings,
    name_after,
    plausible_employer,
    squeezed,
    without_team,
)
from inboxbot.core.facts.organisations import (
    firms_of_names_in,
    in_full,
    lines_with_form,
    organisations_in,
)
from inboxbot.core.facts.people import (
    is_person,
    lines_below_name,
    shown_name,
    signed_lines,
)
from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.guards import Senders, is_relay
from inboxbot.core.history import normal_employer
from inboxbot.core.types import Address, Message

# Anchors: a name that begins right behind one is the employer's, with this weight. The body
# confirms itself by repetition; a single weak voice (below _ENOUGH) names nobody.
_ENOUGH = 2.0
_AT_CLIENT, _STRONG, _FAIR, _WEAK = 20.0, 4.0, 3.0, 1.5
_SUBJECT_PART, _SIGNED, _SIGNED_BARE = 1.5, 3.0, 1.0
_CONFIRMED = 2.0  # times, where the domain or the tenant carries the name
_AGENCY = 0.5  # times, where the writer speaks of the employer as of others
_ECHO = 0.6  # of the voices for a shorter or longer form of the name
_MOST_VOICES = 200  # of one kind in one mail; hostile mail repeats itself
_AHEAD = 200  # characters that are looked at behind a name
_FULL_NAME = 0.8  # of the short form's weight makes the long form the name

# An agency writes for its client.
_CLIENTS = Phrases(
    r"""
en:
    on behalf of ((our|my) client,? )?
    (our|my) client,?_
    heard back from_
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
    they ((really|very much|all) )?(liked|loved|enjoyed|felt|thought|chose|decided|picked|
        passed|went with|would like|are (not )?(going|moving|proceeding|taking)|(have|had) (a |
        chosen|decided|picked|gone|had|opted|asked))
    (come|came|got|gotten) back to (me|us)|heard back (from|about)|(our|my|the) client
    (off|on) the phone (with|to)
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
    (apply|applying|applied|applications?|candidacy|candidature) (for|as) … (at|with)_
    (items|applications?|r[ée]sum[ée]|cv|documents) … (sent|submitted|forwarded|delivered) to_
de:
    \w*(bewerbung|stelle|position|praktikum|tätigkeit|karriere|interesse|einstieg|ausbildung|
        bewerben|beworben|mitarbeit) (\S+ ){0,8}?bei (einer? (mitarbeit|tätigkeit|
        stelle|karriere|position) (\S+ ){0,6}?(bei|in) )?
    (interesse|mitarbeit|bewerbung|karriere|einstieg) (\S+ ){0,8}?(an|in) (einer? (mitarbeit|
        tätigkeit|stelle|karriere|position) (\S+ ){0,6}?(bei|in) )?
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
    @_
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
de:
    (stelle|position|praktikum|tätigkeit|ausbildung) (\S+ ){0,8}?(an|in)_
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
    r"^(?:(?:unfortunately|regrettably|however|leider|helaas),? )?|, ",
    re.IGNORECASE | re.MULTILINE,
)
_DECIDES = re.compile(
    r" (?:has (?:\w+ )?(?:decided|chosen|selected)|has invited you|invites you|did not select|"
    r"have (?:now |since )?(?:decided|chosen|selected|gone (?:with|for)|offered|opted|appointed|"
    r"picked|hired)|a décidé|"
    r"ha decidido|ha deciso|heeft (?:(?:helaas|nu|echter|inmiddels) )?besloten|decidiu|"
    r"har (?:(?:nu|tyvärr|desværre|dessverre) )?val(?:g)?t)\b"  # not "Tyvärr har vi valt"
)
_OPENING_DE = re.compile(r"\b(?:hat|haben|dass) sich (?:die firma )?", re.IGNORECASE)
_DECIDES_DE = re.compile(r" (?:\w+ )?(?:für|gegen) .{0,80}?\bentschieden\b")
_WOULD_LIKE = re.compile(
    r" (?:would like to|wishes to|confirms|thanks you|regrets|möchte|dankt|"
    r"(?:will not|won't) be (?:able|moving|taking|proceeding|progressing|pursuing|offering|"
    r"continuing|inviting)|(?:is|are) (?:unable|not able) to)\b"
)
_SAYINGS = (
    (_OPENING, _DECIDES, _AT_CLIENT),
    (_OPENING_DE, _DECIDES_DE, _AT_CLIENT),
    (_OPENING, _WOULD_LIKE, _STRONG),
)

_PARTS = re.compile(r"(?<=\.)-\s+|\s+[|–—•·]\s+|\s+-\s+|:\s+|\s*\|\s*")


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
        # "The Spotify Recruiting Team" signs for Spotify.
        bare = {form: forms[form] for form in forms if f"The {form}" in forms} or forms
        return max(bare, key=lambda form: (bare[form], -len(form)))

    def _support(self, key: str) -> float:
        support = self.weights[key] + sum(
            _ECHO * weight for other, weight in self.weights.items() if akin(key, other)
        )
        # The full name stands once or twice, then the mail calls itself by the short one.
        for other, weight in self.weights.items():
            if akin(key, other) and len(key) > len(other):
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
            or any(akin(spelling, hint) for spelling in spellings)
            for hint in self.hints
        )


def _is_role(name: str) -> bool:
    """Tell whether a name is a job: "Data Scientist", "Data Scientist Arlington Full Time"."""
    ends = ends_like_role(name) or ends_like_role(" ".join(name.split()[:2]))
    return ends and names_a_job(name)


def employer_in(message: Message, prose: Prose, senders: Senders) -> str | None:
    """Return the employer as the mail spells it, None where no place of it names one."""
    author = message.author
    of_others = _OF_OTHERS.found_in(prose.text, prose.language)
    voices = _Voices(hints_of(author, senders), brand_of(author, senders), of_others)
    for name, weight in _heard(prose, author, senders, voices.hints):
        voices.add(name, weight)
    spelt = tuple(spelt_like(voices.hints, prose, author))
    for name in _below_author(prose, author):
        if not spelt and shares_a_word(name, voices.hints):  # whitcombelaw: "Whitcombe Solicitors"
            voices.add(name, _SIGNED)
        else:
            voices.confirm(name, _SIGNED_BARE)
    for name in spelt:
        voices.add(name, _WEAK)
    best = voices.best() or of_domain(author, spelt, senders)
    if best is None:
        return of_tenant(author)
    # A display name that is the name alone says nothing of a longer form.
    return in_full(best, _shown_text(prose, None if shown_name(author) == best else author))


def _heard(
    prose: Prose, author: Address | None, senders: Senders, hints: frozenset[str]
) -> Iterator[tuple[str, float]]:
    """Yield every name that a place of the mail gives, with the weight of the place."""
    if author is not None:
        yield from of_display(author, senders, hints)
    writer = _writer(author, senders, hints)
    for weight, name in _after_anchors(f"{prose.subject}\n{prose.text}", prose.language):
        if name != writer:
            yield name, weight
    yield from _of_subject(prose.subject)
    yield from _of_signature(prose)
    for name in _on_card(prose):
        yield name, _STRONG
    yield from _of_form(prose, author, hints)


def _writer(author: Address | None, senders: Senders, hints: frozenset[str]) -> str:
    """Return the name of the person who writes: "Jane Doe has invited you"; "" for a firm."""
    name = shown_name(author)
    by_person = author is not None and not is_relay(author, senders) and is_person(name)
    return name if by_person and not carries(hints, name) else ""


# Phrases.


def _after_anchors(text: str, language: str | None) -> Iterator[tuple[float, str]]:
    heard: dict[int, tuple[float, str]] = {}  # by place: one word of the mail, one voice
    for weight, anchors in _ANCHORS:
        for match in islice(anchors.matches(text, language), _MOST_VOICES):
            name = name_after(text, match.end())
            place = text.find(name, match.end())
            after = text[place + len(name) :][:_AHEAD]
            if weight == _AT_CLIENT and _HONORIFIC.match(name):  # "im Namen von Prof. Lang"
                continue
            placed = _FOR.search(match[0]) is not None and _AT_FOLLOWS.match(after) is not None
            if name and not placed and not _is_title(name, after):
                heard.setdefault(place, (weight, without_team(name) or name))
    yield from heard.values()
    yield from _as_subject(text)


def _as_subject(text: str) -> Iterator[tuple[float, str]]:
    """Yield the names of which the mail tells what they decide, thank for or would like."""
    for openings, follows, weight in _SAYINGS:
        for opening in islice(openings.finditer(text), _MOST_VOICES):
            name = name_after(text, opening.end())
            after = text[opening.end() :][:_AHEAD].partition(name)[2] if name else ""
            if follows.match(after) and not _HONORIFIC.match(name):
                yield weight, name


def _is_title(name: str, after: str) -> bool:
    return _is_role(name) or _ROLE_FOLLOWS.match(after) is not None


_HONORIFIC = re.compile(r"(?:Dr|Prof|Mrs?|Ms|Herrn?|Frau|Mme|Sra?|Dott)\b")


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


# "Agency: Department of Fisheries", "Arbeitgeber: Torfwerk GmbH"
_LABELLED = re.compile(
    r"(?:employer|company|organi[sz]ation|agency|hiring company|arbeitgeber|unternehmen|firma|"
    r"dienststelle|entreprise|employeur|société|empresa|entidad|entidade|azienda|ente|werkgever|"
    r"bedrijf|organisatie|pracodawca|arbetsgivare|företag|arbejdsgiver|virksomhed)(?: name)?: (.+)",
    re.IGNORECASE,
)
_ORGANISED = 2.0  # a line that is nothing but the name of an organisation


def _of_form(
    prose: Prose, author: Address | None, hints: frozenset[str]
) -> Iterator[tuple[str, float]]:
    """Yield the names that their own form shows to be an employer's."""
    text = _shown_text(prose, author)
    for name in firms_of_names_in(text):
        yield name, _FAIR
    for name in organisations_in(text):
        if shares_a_word(name, hints):
            yield name, _FAIR
    for line in lines_with_form(prose.lines):
        yield line, _ORGANISED
    for line in prose.lines:
        if label := _LABELLED.fullmatch(line):
            yield label[1], _AT_CLIENT
        elif line and [*organisations_in(line)] == [line]:
            yield line, _ORGANISED


def _shown_text(prose: Prose, author: Address | None) -> str:
    return "\n".join((shown_name(author), prose.subject, *prose.lines))


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
