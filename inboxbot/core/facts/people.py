"""Who stands behind a mail: the person who wrote or signed it, and whether they recruit."""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re
from collections.abc import Iterator

from inboxbot.core.facts.jobs import names_a_job
from inboxbot.core.facts.names import GENERIC, domain_spellings, is_legal, squeezed
from inboxbot.core.facts.organisations import is_organisation
from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.text import clean, safe_name
from inboxbot.core.types import Address, Message

_CLOSING = Phrases(
    r"""
en:
    ((with )?(my |our )?(kind|kindest|best|warm|warmest|many|friendly) )?regards
    (thanks|thank you|many thanks|with thanks)( again| once again| so much| and regards)?
    (yours )?(sincerely|truly|faithfully|cordially|kindly|respectfully)( yours)?|yours
    (with )?(all (the |my |our )?|my |our )?(very )?(best|warmest|good|kind)( wishes)?
    warmly|cheers|take care
de:
    (mit )?((freundliche|beste|herzliche|viele|liebe|schöne|sonnige)[nr]? )?(grü(ß|ss)en?|gru(ß|ss))
    hochachtungsvoll|mfg|lg|vg
fr:
    (bien |très )?cordialement|(meilleures |sincères |cordiales )salutations|bien à vous|à bientôt
    sincèrement
es:
    (un )?(cordial )?(saludos?|abrazo)( cordial(es)?)?|atentamente
it:
    (cordiali |distinti |cari |un cordiale |un caro )?salut[oi]|cordialmente
nl:
    (met )?((vriendelijke|hartelijke|beste) )?groet(en)?|hoogachtend|groetjes|mvg
pt:
    atenciosamente|(com os )?(melhores |meus |nossos )?cumprimentos|(um )?abraços?|att
pl:
    z (poważaniem|wyrazami szacunku)|(z )?(serdecznymi )?pozdrowieniami|(serdecznie )?pozdrawiam
    łączę pozdrowienia
sv da no:
    (med )?((vänlig|vänliga|bästa|varma|många) )?hälsning(ar)?|mvh
    (med )?((venlig|venlige|mange|kærlig|de bedste|vennlig|beste) )?hilsen(er)?|vh
fi cs hu tr:
    (ystävällisin |parhain )?terveisin|s pozdravem|üdvözlettel|saygılarımla|saygılarımızla
    """
)
# "Grüße aus Bonn, Jo"; "Best wishes for your search,".
_FROM_A_PLACE = re.compile(
    r"(?: (?:aus|from|de|uit|från|fra) [^,]{2,40}"
    r"| (?:for|in|with) (?:the|your|all) [^,.]{2,40},?$)?[ ,.!]*"
)
_DASHES = re.compile(r"^[-_–—]{2,}$")
_FOOTER = re.compile(
    r"unsubscribe|privacy|confidential|this (?:e-?mail|message)|do not reply|not monitored|"
    r"abmelden|"
    r"datenschutz|©|all rights|preferences|https?:|equal opportunity",
    re.IGNORECASE,
)
_LINES_OF_SIGNATURE = 6
_LONGEST_LINE, _LONGEST_NAME = 80, 50  # characters

_PARTICLES = frozenset(
    "van von de der den del della di da dos du la le ter ten zu af el bin al y e".split()
)
TITLES = re.compile(
    r"^(?:(?:dr|prof|mr|mrs|ms|mx|herrn?|frau|ing|dipl|mag|m|mme|madame|monsieur|sr|sra|doña|"
    r"dra|dhr|mevr|dott|dott\.ssa|sig|sig\.ra|ir)\.?\s+)+",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r",?\s+(?:ph\.?d|mba|m\.?sc|b\.?sc|m\.?a|b\.?a|shrm-?\w*|phr|cpa)\b.*$", re.IGNORECASE
)
_PRONOUNS = re.compile(r"\s*[(\[][^()\[\]]{1,30}[)\]]")
_NAME_WORD = re.compile(r"[^\W\d_a-zà-ÿ][^\W\d_]*\.?(?:[-'][^\W\d_]+)*|[^\W\d_]\.")
_FIRM_WORDS = GENERIC | frozenset(
    "inc llc ltd gmbh ag corp corporation group labs health software systems solutions "
    "technologies technology partners capital bank institute college school agency media digital "
    "studio studios foundation council museum robotics energy logistics insurance industries "
    "international services consulting energie werke stadtwerke verlag klinik senior junior "
    "president founder ceo cto cfo coo sent phone tel address street road avenue straße "
    "policy pay transparency statement notice terms conditions rights privacy "
    "sales marketing finance engineering data product design legal studies north south america "
    "europe germany auftrag vertretung".split()  # "Im Auftrag" signs for an authority
)


def is_person(text: str) -> bool:
    """Tell whether `text` reads as a person's full name: two to four capitalised words."""
    words = text.split()
    if not 2 <= len(words) <= 4 or names_a_job(text):  # noqa: PLR2004
        return False
    named = [word for word in words if word not in _PARTICLES]
    if any(word.casefold().strip(".,") in _FIRM_WORDS for word in named):
        return False
    if any(map(is_organisation, named)):
        return False
    if is_legal(words[-1]) and not words[-1].istitle():  # "Holm Trading ApS", but "Anna Co"
        return False
    return len(named) > 1 and all(_NAME_WORD.fullmatch(word) for word in named)


def writes_under_own_name(author: Address) -> bool:
    """Tell whether the address spells a name with a particle: "Karima El Fassi <k.elfassi@…>"."""
    words = shown_name(author).casefold().split()
    local = "".join(char for char in author.local if char.isalnum())
    return (
        not _PARTICLES.isdisjoint(words[1:-1])
        and author.local != "".join(words)  # officinadellatte@…
        and local.startswith(words[0][0])
        and local.endswith(words[-1])
    )


def has_own_box(author: Address) -> bool:
    """Tell whether an address is a person's own by its name: "Ann Lee <ann.lee@…>"."""
    name = shown_name(author)
    return is_person(name) and spells(author.local, name)


def spells(local: str, name: str) -> bool:
    """Tell whether an address holds the family name: "o.perrin" of Odile Perrin."""
    family = name.rpartition(" ")[2]
    return any(form in squeezed(local) for form in domain_spellings(family))


def lines_below_name(prose: Prose, author: Address | None) -> tuple[str, ...]:
    """Return the lines that stand under the author's own name, where no phrase closes the mail."""
    name = shown_name(author).casefold()
    shown = [line for line in prose.lines if line]
    places = [place for place, line in enumerate(shown) if line.casefold().rstrip(",.") == name]
    return tuple(shown[places[-1] + 1 :][:_LINES_OF_SIGNATURE]) if places and name else ()


def signed_lines(prose: Prose) -> Iterator[tuple[str, bool]]:
    """Yield the short lines of the signature, and whether each follows a closing phrase."""
    closing = _LINES_OF_SIGNATURE + 1
    for line in prose.lines:
        if not line:
            continue
        rest = _after_closing(line)
        if rest is not None:
            closing = 0
            line = rest  # "Best, Jane"
        elif _DASHES.match(line):
            closing = 0
            continue
        if not line or len(line) > _LONGEST_LINE or _FOOTER.search(line):
            continue
        yield line.strip("*_ "), closing < _LINES_OF_SIGNATURE
        closing += 1


def shown_name(author: Address | None) -> str:
    """Return the name beside an address, without pronouns."""
    return _PRONOUNS.sub("", author.name).strip(" \"'") if author is not None else ""


def _after_closing(line: str) -> str | None:
    """Return what follows a closing phrase on its line, None where the line does not close."""
    closing = _CLOSING.pattern(None).match(line) if len(line) <= _LONGEST_LINE else None
    if closing is None:
        return None
    place = _FROM_A_PLACE.match(line, closing.end())
    rest = line[place.end() :] if place is not None else ""
    # "Thank you for your interest" opens a mail; "Thanks, Jane" ends one.
    return rest if not rest or (rest[0].isupper() and len(rest) < _LONGEST_NAME) else None


def signature_of(message: Message, prose: Prose, employer: str | None) -> str | None:
    """Return the full name of the person who signed, None for teams and for first names alone.

    A first name alone is completed from the From header where that begins with it.
    """
    own = {address.name.casefold() for address in (*message.to, *message.cc) if address.name}
    shown = shown_name(message.author)
    for line, closing in signed_lines(prose):
        if is_person(shown) and line.rstrip(",.").casefold() == shown.split()[0].casefold():
            return clean(shown, 80)
        name = _person_of(line) if closing else None
        if name and name.casefold() not in own and name.casefold() != (employer or "").casefold():
            return name
    return None


def _person_of(line: str) -> str | None:
    bare = _DEGREE.sub("", _PRONOUNS.sub("", TITLES.sub("", line)))
    bare = re.split(r",|\s[|•·–-]\s|\s{2,}", bare)[0].strip(" *_.")
    if bare.isupper():
        bare = bare.title()
    return bare if is_person(bare) and safe_name(bare) is not None else None


# Whose work it is.

_RECRUITS = Phrases(
    r"""
en:
    recruit(er|ing|ment)( \w+)?|talent( acquisition)?( \w+)?|human resources|hr( \w+)?|
        people (team|partner|operations|ops|lead|and culture)|(interview|hiring|candidate|
        admissions) (coordinator|manager|experience)|head of (people|talent)|staffing \w+
    (my|your|main|first) (point of )?contact|any (questions|wobbles|trouble|problems)|look(ing)?
        after (this|you|your)|i('ll| will) (be )?coordinat*
de:
    recruit\w*|personal(referent|abteilung|leit|wesen|büro|dienst|management|beschaffung|
        sachbearbeit|entwicklung)\w*|hr|bewerbermanagement|talent\w*|ansprechpartner\w*
    bei (rück)?fragen
fr:
    recrut\w*|ressources humaines|rh|chargée? (de|du) recrutement|pour toute question
es:
    recluta\w*|selección|recursos humanos|rr\.? ?hh|talento|cualquier (duda|consulta)
it:
    recruit\w*|risorse umane|hr|ufficio (del )?personale|selezione
    per (qualsiasi|ogni) (dubbio|domanda)
nl:
    recruit\w*|werving\w*|personeelszaken|p&o|hr|aanspreekpunt|contactpersoon|voor vragen|bij vragen
pt:
    recruta\w*|recursos humanos|rh|seleção|talentos|qualquer (dúvida|questão)
pl:
    rekrut\w*|kadr\w*|hr|w razie pytań
sv da no:
    rekryter\w*|rekrutter\w*|hr|personalavdelning\w*|kontaktperson|vid frågor|ved spørgsmål
    """
)


def recruits(prose: Prose) -> bool:
    """Tell whether the writer recruits for a living, or is the one to turn to."""
    return _RECRUITS.found_in(prose.text, prose.language)
