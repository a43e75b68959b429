"""Which job it is about: every phrase that names a title has a voice, the best supported wins.

A title is read from behind an anchor ("the position of …") or back from a word for job ("the …
position"); requisition numbers, "(m/w/d)" and places in brackets are taken off it.
"""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from inboxbot.core.facts.jobs import ends_like_role, looks_like_role, names_a_job
from inboxbot.core.facts.names import squeezed
from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.facts.title import cleaned_title, marked_titles, without_numbers

_SURE, _FAIR, _WEAK = 4.0, 2.5, 1.0
_ECHO = 0.5  # of the voices for a shorter or longer form of the title
_TITLE = 1.5  # times, where a word of it is the head of a job title
_JOBS_IN_CAPITALS = frozenset({"en", "de", None})  # languages; None: unknown
_MOST_VOICES = 200  # of one kind in one mail; hostile mail repeats itself
_CARD_LINES = 30  # further down stand other firms' openings
_SPAN = 150  # characters in which a title may lie

# Words for job, after the title in Germanic word order; "job search" and the like are none.
_JOB_AFTER = re.compile(
    r"[\s'\"”»]{0,2}\b(?:(?:job|career) )?(?:position|role|opening|opportunity|vacancy|posting|"
    r"post|spot|"
    r"requisition|gig|career opportunity|job(?! (?:search|board|alert|seeker|opening|opportunit|"
    r"application|post|market|description|req|id)))\b(?!s\b)",
    re.IGNORECASE,
)
# The words that a title can follow on the way back from it; the nearest to the job word counts.
_DETERMINER = re.compile(
    r"\b(?:the|our|a|an|this|your|its|their|\w+'s|for|following|open|as|current)\s+", re.IGNORECASE
)

_LONGEST_PLAIN = 4  # words
# "the hiring manager position", "a lead role"
_OF_OTHERS = frozenset(
    "hiring line previous last current former senior junior lead head principal partner owner "
    "program programme scheme internship fellow".split()
)
_IN_SUBJECT = re.compile(r" (?:in|on) (?:[A-Z][\w-]*(?: (?:and|of|&) )? ?){1,6}(?<! )")

# "the Baker's Apprentice": an article shows that a genitive is not the employer's.
_ARTICLE_BEFORE = re.compile(r"\b(?:the|our|an?|this|for)\s+$", re.IGNORECASE)

# Anchors: a title begins right behind one.
_SURE_ANCHORS = Phrases(
    r"""
en:
    (position|role|post|job|opening|vacancy|opportunity)( of| as|:| titled| entitled) ((an?|the|
        our) )?
    (apply|applying|applied|application)( (to|at|with) … )? as (an?|our|the)_
    application as (an? )?
    (requisition|posting)( (number|id))?(:| for)? [-–]? ?
    (job|position|vacancy|role|post) title: ?
    (offer|offer you|shortlist(ed)?|unsuccessful|coding test|test|assessment) for ((the|our|a|an) )?
    to (become|be) our_
    (apply|applying|applied) to be (an?|our|the)_
    (join|joining) … as (an?|our)_
    you applied for,?_
de:
    (stelle|position|job|funktion|tätigkeit|ausbildung|praktikum|rolle|mitarbeit|bewerbung|
        beworben|stellenausschreibung|ausschreibung|bewerben) (als|zum|zur|eines|einer|des|der|
        unseres|unserer) (eine[rsn]? |unsere[nrms]? )?
    (stelle|position|vakanz|stellenbezeichnung)( lautet)?: ?
    (stelle|position|vakanz|rolle)_
fr:
    (poste|offre|mission|emploi|fonctions?)( de | d'|: ?| en tant que | intitulé )(la |l')?
    (poste|stage|offre|alternance) (?=["«“])
    en (qualité|tant) (de|d'|que) ?
es:
    (puesto|posición|vacante|plaza|cargo|rol|oferta|posicion)( de|:| como| para) (la )?
    (puesto|posición|vacante|plaza|selección|oferta|posicion) (?=["«“])
it:
    (posizione|ruolo|profilo|figura|mansione|offerta)( di| come| da|:| per) (una? )?
    (posizione|ruolo|offerta|progetto) (?=["«“])
nl:
    (functie|vacature|rol|positie|baan)( van| als| voor|:) (een )?
    (functie|vacature|rol|positie)_
pt:
    (vaga|posição|cargo|função|oportunidade)( de| para|:| como) (a )?
    (vaga|posição|cargo|seletivo) (?=["«“])
pl:
    (stanowisko|stanowiska|stanowisku|rolę|roli|pozycję|posadę)( pracy)?:?_
sv:
    (tjänsten|rollen|positionen|tjänst|jobbet|anställning|befattningen)( som| av|:)?_
da no:
    (stillingen|stilling|rollen|jobbet|posisjonen)( som|:| af)?_
    """
)
_FAIR_ANCHORS = Phrases(
    r"""
en:
    (apply|applying|applied|applications?|submission|candidacy|candidature|interviewing|
        interview|interviews|considered|process|exercise|assessment|resume|received|us) (for|
        to) ((the|our|a|an) )?
    (ref|reference|re): ?|interest (you have |you've )?(expressed|shown) in (the )?
    (interest in|interested in|regarding|update on|news about|join us as|thinking about) ((the|
        our|an?) )?
de:
    (bewerbung|absage|gespräch|interview|eingangsbestätigung|status) (als|für|zum|zur|auf)
        (die |den |das |einen |eine |unsere )?
fr:
    (candidature|postulé|recrutement|stage|alternance)( au poste| pour le poste| à
        l'offre)?( de | d'| en tant que | en tant qu'| comme | pour | ?: ?|
        ,? )(le |la |un |une |l')?
es:
    (candidatura|postulación|solicitud|postulaste|selección|
        entrevista)( como| a| para| de| para el puesto de| a la vacante de) (la |el )?
it:
    (candidatura|candidat[oa]|selezione|colloquio)( come| per| –| -|:) (il |la |un |una )?
nl:
    (sollicitatie|solliciteren|gesolliciteerd|gesprek)( als| op| naar| voor|:) (de |een )?
pt:
    (candidatura|seletivo|inscrição|seleção|entrevista)( para| a| à| como| de|:) (a |o )?
pl:
    (rekrutacj*|aplikacj*|zgłoszeni*)( na| dotycząc*)?:?_
sv:
    (ansökan|sökt|intervju)( till| om| på| som|:)?_
da no:
    (ansøgning|søknad|søgt|samtale)( til| om| på| som|:)?_
    """
)
# Of these, what nothing but a job or its employer stands behind.
_APPLIED_ANCHORS = Phrases(
    r"""
en:
    (apply|applying|applied|applications?|candidacy|candidature|interviewing|interviews?|
        considered) (for|as) ((the|our|an?) )?
de:
    (bewerbung|vorstellungsgespräch) (als|für|zum|zur) (die |den |das |einen |eine |unsere )?
fr:
    (candidature|postulé)( au poste| pour le poste)?( de | d'| en tant que | comme )(la |l')?
es it pt:
    (candidatura|postulación|solicitud)( como| come| al puesto de| per| à vaga de| ao cargo de)_
nl:
    (sollicitatie|solliciteren|gesolliciteerd)( als| op| naar| voor) (de |een )?
pl:
    rekrutacj* na stanowisko_
sv da no:
    (ansökan|sökt|ansøgning|søknad|søgt)( till| om| til| som) (tjänsten |jobbet |stillingen )?(som
        |av )?
    """
)
# Words at which a title has ended.
_ENDS = Phrases(
    r"""
en:
    position|role|opening|opportunity|vacancy|posting|requisition|career opportunity
    (here |working |based |located )?(at|with|within|on our|for (the|our|a)|here)
    in (our|the|that|which)|and (for|in|your|the|we|our|appreciate|with|want|are|have|regret|
        would|do|thank|taking|if|will|has|truly|really|hope)
    which|that|who|has|have|had|is|was|will|you|you've|we|I (regret|am|have)|I'm|to join|
        because|due|after|from
    landed|reached|arrived|caught|came (in|to|through)|made (it|our|us|the)|got|sits|stood|and i|but
    on (the )?(\d|monday|tuesday|wednesday|thursday|friday|saturday)|not|rather|instead|
        in favou?r of|
        unfortunately|can|cannot|could|would|should|did|does|went|goes|so|while
    via|through|under|further|as|received|at this time|given|this|it|be|need|needed
de:
    bei|beim|in (unserem|unserer|der|dem|ihrem)|und (für|das|die|den|ihr|dein|die)|zu
    haben|wurde|ist|ausgeschrieben|mit der|erhalten|leider|am standort|an unserem
    nicht|bereits|aufgrund|vergeben|entschieden|absagen|absage|abgesagt
    sind|geht|gab|vom|wird|werden|wegen|kann|
        an (eine[nrm]?|jemand*) (ander*|intern*|mitbewerb*)|ander* zu|und (haben|sind|werden)|
        konnten|hat|sehr|ist|möchten|müssen
    inzwischen|mittlerweile|anderweitig|derzeit|zurzeit|nun|jetzt|teilgenommen|hast|mit (ander*|
        eine[mr]|jemand*)|am (?=\d|lehrstuhl|institut)|um \d|weiter|beworben|eingegangen|suchen|
        gesucht|zugunsten|doch|schon|noch|wirst|bist|kannst|fiel|fällt|haben|
        nehmen|brauchen|kommt|kamen
fr:
    chez|au sein|et (pour|de|du|l'|nous|le|avons|du|ne|n')|que|qui|dans|auprès|nous|sur|a été
    à (l'|la|laquelle)|n'|au (?=[A-Z])|ne|est|a|avons|malheureusement|s'est|ont|cherchons
    (du|de la|de l') (département|service|direction|université|faculté)
es:
    en (nuestra|nuestro|la|el|esta)|y (el|la|por|te|le|tu|su|nos|me|quer*|hemos)|no|que|ha|
        dentro|con|hemos|le|te|lamentamos|fue|está|ya|se|buscamos|necesitamos|queremos
    del? (la )?(departamento|área|servicio|facultad|universidad|empresa)
it:
    presso|e (per|il|la|ti|le|del|la|ci|vorremmo|siamo)|che|non|nella|nel|
        all'interno|è|con|pubblicata|abbiamo|purtroppo|siamo|ho|hanno|ti|le|cerchiamo|sono|si
    del(la|l')? (dipartimento|settore|servizio|facoltà|università)
nl:
    bij|en (voor|de|je|uw|we|wij)|niet|waarvoor|die|heeft|is|op onze|binnen|hebben|te|in ons|
        gaan|zijn|helaas|wij|we|moet|moeten|aan (een|iemand) (ander*|interne)|inmiddels|zoeken|
        was|wijzen|wordt|werd|kunnen|kan
pt:
    em nossa|em nosso|e (o|a|pelo|por|gostar*|nós)|não|conosco|que|foi|junto|
        da nossa|está|decidimos|optamos|infelizmente|escolhemos|já|procuramos|tem|são
    d[ao] (departamento|área|serviço|faculdade|universidade)
pl:
    w (firmie|naszej)|oraz|i (za|poświęcony|chcieli*)|nie|które|została|jest|niestety|
        zdecydow*|dzięk*|przyjęliśmy|wybraliśmy|zatrudni*|został*|szukamy
sv:
    hos|på|vid|och (för|att|vi)|inte|är|som|i vår|har|vi|tyvärr|till en (annan|person)|gick|söker
da no:
    hos|på|ved|og (for|at|vi)|ikke|er|som|i vores|har|i vår|vi|desværre|dessverre|søger
    til en (anden|annen|person)|gik|gikk
    """
)
# "Lecturer in Marine Ecology": what stands behind such a title is its subject, not a town.
_TAUGHT = re.compile(
    r"(?:lecturer|professor(?:ship)?|reader|fellow(?:ship)?|ph\.?d(?: position| student(?:ship)?)?|"
    r"post-?doc|postdoctoral (?:researcher|fellow|position)|doctorate|doctoral (?:position|"
    r"researcher|student)|chair|instructor|teacher|studentship)$",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"[.!?](?=\s|$)|[;…]|, in [A-Z]|,? (?:in|en|na|no|em|w|i) (?=[A-ZÀ-Þ])"
    r"|, (?=[^\W\d_A-ZÀ-Þ])"  # a clause
    r"| (?=[^\W\d_a-zà-ÿ]\w+: )"  # the next label: "Job title: Porter Employer: Acme"
    # What the mail is, behind what it is about: "Tester | Zaproszenie na rozmowę".
    r"| [-–—|] (?=(?i:(?:ihre? |deine? |votre |(?:la )?(?:tua|sua) |su |tu |je |uw |din )?"
    r"(?:einladung|absage|bewerbung|eingangsbestätigung|rückmeldung|vorstellungsgespräch|entretien|"
    r"invitation|convocation|proposition|réponse|candidature|entrevista|invitación|candidatura|"
    r"respuesta|invito|colloquio|esito|comunicazione|uitnodiging|gesprek|afwijzing|sollicitatie|"
    r"convite|resposta|zaproszenie|rozmowa|odpowiedź|inbjudan|intervju|besked|ansökan|indkaldelse|"
    r"samtale|afslag|svar)\b))"
)
_OPENERS = frozenset("[(\"'“„")
_JOINS_ENDINGS = frozenset("*:_·•")  # Technicien·ne
_ABBREVIATED = frozenset("sr jr dr u.s st snr jnr no vp".split())

_QUOTED = re.compile(r"[\"“„«»]\s?([^\"“”„«»]{2,100}?)\s?[\"”“»«]")
_OTHER_JOBS = re.compile(
    r"(?:$|other|similar|any|same|different|another|next|right|future|new|one)\b", re.IGNORECASE
)


def role_in(prose: Prose, employer: str | None) -> str | None:
    """Return the title of the job as the mail spells it, None where none is named."""
    weights: dict[str, float] = {}
    shown: dict[str, str] = {}
    heard = [
        (weight, role)
        for weight, raw in _voices(prose, employer)
        if (role := cleaned_title(raw, employer)) is not None
    ]
    twice = _in_subject_and_text(prose, employer)
    for weight, role in heard:
        key = squeezed(role)
        known = looks_like_role(role)
        sure = weight >= _SURE and not role[0].islower()
        if not (known or sure or key in twice):
            continue
        weights[key] = weights.get(key, 0.0) + weight * (_TITLE if known else 1.0)
        shown.setdefault(key, role)
    if not weights:
        return None
    return shown[max(weights, key=lambda key: (_support(key, weights), len(key)))]


def _in_subject_and_text(prose: Prose, employer: str | None) -> frozenset[str]:
    """Return the titles that the subject and the text both name, whatever their last word is.

    So "Heritage Guide" is a job, though no list of jobs holds it.
    """
    language = prose.language
    subject = {squeezed(title) for title in _pieces(prose.subject, employer, language)}
    named = {
        squeezed(title)
        for anchors in (_SURE_ANCHORS, _APPLIED_ANCHORS)
        for raw in _after_anchors(prose.text, anchors, employer, language)
        if (title := cleaned_title(raw, employer))
        and not (title[0].islower() and language in _JOBS_IN_CAPITALS)
    }
    return frozenset(title for title in subject & named if title not in squeezed(employer or ""))


def _pieces(subject: str, employer: str | None, language: str | None) -> Iterator[str]:
    """Yield the parts of a subject that could be titles."""
    anchored = (
        title
        for anchors in (_SURE_ANCHORS, _APPLIED_ANCHORS)
        for title in _after_anchors(subject, anchors, employer, language)
    )
    head = _before_employer(subject, employer) if employer else None
    parts = [*_PARTS.split(subject), *subject.split(", "), head or ""]
    for part in (*anchored, *map(_without_topic, parts)):
        title = cleaned_title(part[: _title_end(part, language)], employer)
        if title is not None and not _APPLYING.search(title):
            yield title


def _support(key: str, weights: dict[str, float]) -> float:
    # "Data Analyst" in the body supports "Data Analyst Intern" in the subject, and the reverse.
    return weights[key] + sum(
        _ECHO * weight
        for other, weight in weights.items()
        if other != key and (other in key or key in other)
    )


def _voices(prose: Prose, employer: str | None) -> Iterator[tuple[float, str]]:
    text = f"{prose.subject}\n{prose.text}"
    for title in _before_job_word(text, employer):
        yield _SURE, title
    for weight, anchors in ((_SURE, _SURE_ANCHORS), (_FAIR, _FAIR_ANCHORS)):
        for title in _after_anchors(text, anchors, employer, prose.language):
            yield weight, title
    for title in _parts(prose.subject, employer, prose.language):
        yield _WEAK, title
    for title in (*_on_card(prose.lines, employer), *islice(marked_titles(text), _MOST_VOICES)):
        yield _SURE, title


def _after_anchors(
    text: str, anchors: Phrases, employer: str | None, language: str | None
) -> Iterator[str]:
    for match in islice(anchors.matches(text, language), _MOST_VOICES):
        if title := _title_from(text, match.end(), employer, language):
            yield title


def _on_card(lines: tuple[str, ...], employer: str | None) -> Iterator[str]:
    """Yield the title on a job board's card: the line above "Employer · Place"."""
    shown = [line for line in lines[:_CARD_LINES] if line]
    for title, below in pairwise(shown):
        if employer and below.startswith(f"{employer} ·") and title != employer:
            yield title


def _before_job_word(text: str, employer: str | None) -> Iterator[str]:
    """Yield what stands between a determiner and a word for job: "the Data Analyst role"."""
    for job in islice(_JOB_AFTER.finditer(text), _MOST_VOICES):
        span = text[max(0, job.start() - _SPAN) : job.start()].rpartition("\n")[2]
        starts = [
            match.end()
            for match in _DETERMINER.finditer(span)
            if not _is_part_of_title(match, span, employer)
        ]
        for start in reversed(starts):
            title = span[start:]
            if _OTHER_JOBS.match(title):
                break
            whole = title.count("(") == title.count(")")
            shown = title[:1].isupper() or title[:1].isdigit() or title[:1] in _OPENERS
            if whole and (shown or _is_plain_title(title)):
                yield title + _taught_behind(text, job)
                break


def _is_plain_title(title: str) -> bool:
    """Tell whether small letters spell a title: "the quality technician job"."""
    words = title.split()
    named = bool(words) and looks_like_role(words[-1]) and _OF_OTHERS.isdisjoint((words[0], title))
    return named and len(words) <= _LONGEST_PLAIN


def _taught_behind(text: str, job: re.Match[str]) -> str:
    """Return what belongs to an academic title behind the job: "PhD position in Linguistics"."""
    if _TAUGHT.search(text, max(0, job.start() - _SPAN), job.end()) is None:
        return ""
    subject = _IN_SUBJECT.match(text, job.end())
    return text[job.start() : subject.end()] if subject is not None else ""


def _is_part_of_title(word: re.Match[str], span: str, employer: str | None) -> bool:
    """Tell whether a genitive is not the employer's: "the Baker's Apprentice position"."""
    if "'" not in word[0]:
        return False
    owner = word[0].strip().partition("'")[0]
    if employer and owner.casefold() in employer.casefold().split():
        return False
    article = _ARTICLE_BEFORE.search(span, 0, word.start()) is not None
    return article and ends_like_role(span[word.end() :])


def _title_from(text: str, place: int, employer: str | None, language: str | None) -> str:
    span = text[place : place + _SPAN].partition("\n")[0]
    if employer and span.casefold().startswith(employer.casefold()):
        return ""
    if employer and (named := _named_in(span, employer)) is not None:
        span = span[: named.end()]
    quoted = _QUOTED.match(span)
    return quoted[1] if quoted is not None else span[: _title_end(span, language)]


def _named_in(span: str, employer: str) -> re.Match[str] | None:
    """Find the employer in a span, where no department goes on behind its name."""
    return re.search(rf"(?i:{re.escape(employer)})(?! [^\W_a-zà-ÿ])", span)


def _title_end(span: str, language: str | None) -> int:
    ends = [*_STOPS.finditer(span), *_ENDS.matches(span, language)]
    for match in sorted(ends, key=lambda match: match.start()):
        place = match.start()
        inside = span.count("(", 0, place) > span.count(")", 0, place)
        inside = inside or span[place - 1] in _JOINS_ENDINGS
        taught = match[0].startswith(" in") and _TAUGHT.search(span, 0, place) is not None
        if place and not inside and not taught and not _is_abbreviation(span, match):
            return place
    return len(span)


def _is_abbreviation(span: str, stop: re.Match[str]) -> bool:
    """Tell whether a full stop ends a word only: "Sr. Analyst", "Specjalista ds. logistyki"."""
    if stop[0] != ".":
        return False
    before = span[: stop.start()].split()[-1:]
    following = span[stop.end() :].lstrip()[:1]
    return following.islower() or any(word.casefold() in _ABBREVIATED for word in before)


_ABOUT = re.compile(
    r"^(?:(?:your |my )?application(?: for| as| to)?|(?:ihre )?bewerbung(?: als)?|candidature|"
    r"conc(?:orso|urso)(?: p[uú]b+lico)?(?: p[ea]ra?)?|convocatoria|nabór na stanowisko|"
    r"re[ck]rut\w+(?: (?:av|af|d'une?|de|na stanowisko|för|di))?|rekryter\w+(?: av)?|selezione|"
    r"candidatura|sollicitatie|ansökan|ansøgning|absage|interview)[ :]+(?:the )?",
    re.IGNORECASE,
)
_YOUR_APPLICATION = re.compile(r"\byour (.{3,80}?) (?:job )?application\b", re.IGNORECASE)
_APPLYING_TO = re.compile(
    r"\b(?:application|role|position|interest|candidacy|applying|bewerbung|update)\s+"
    r"(?:to|for|in|on|of|as|als)\s+(?:the |our )?",
    re.IGNORECASE,
)
_TOPIC = re.compile(  # "Quick call about …", "Einladung zum Gespräch als …"
    r"^(?:(?:an?|the|your|my|our) )?(?:(?:quick|short|brief|first|second|final|phone|video) )*"
    r"(?:call|chat|talk|interview|conversation|question|meeting|word|update|news|decision|note|"
    r"outcome|result|invitation|einladung|gespräch|vorstellungsgespräch|entretien|entrevista|"
    r"colloquio|gesprek|intervju|samtale)s? "
    r"(?:about|for|on|regarding|re|as|zu|zur|zum|für|als|pour|para|per|voor|om|för|til) "
    r"(?:(?:the|our|your|an?|die|den|der|stelle|position|role|post) )*",
    re.IGNORECASE,
)
# What parts a subject; "Nurse at Rosewood House" names the job before the house.
_PARTS = re.compile(r"\s+[|–—@/]\s+|\s+-\s+|:\s+| (?:at|bei|chez|bij|hos|presso) (?=[A-ZÀ-Þ])")
_APPLYING = re.compile(
    r"\b(?:application|interest|your|thank|update|apply|applying)\b", re.IGNORECASE
)


def _parts(subject: str, employer: str | None, language: str | None) -> Iterator[str]:
    """Yield the parts of the subject that are titles: "Acme - Data Analyst"."""
    if employer and (head := _before_employer(subject, employer)) is not None:
        title = _APPLYING_TO.split(head)[-1]
        if looks_like_role(without_numbers(title)):
            yield title
    own = _YOUR_APPLICATION.search(subject)
    if own is not None and looks_like_role(own[1]):
        yield own[1]
    for part in _PARTS.split(subject):
        about = _without_topic(part)
        title = without_numbers(about[: _title_end(about, language)])
        whole = title == about or names_a_job(title)  # not "Sarah Porter has invited you"
        if whole and ends_like_role(title) and not _APPLYING.search(title):
            yield title


def _without_topic(part: str) -> str:
    return _TOPIC.sub("", _ABOUT.sub("", part))


def _before_employer(subject: str, employer: str) -> str | None:
    """Return what stands before "at Acme"."""
    words = r",? (?:at|with|bei|@|chez|en|bij|na|w|hos|presso) "
    at = re.search(words + re.escape(employer), subject, re.IGNORECASE)
    return subject[: at.start()] if at is not None else None
