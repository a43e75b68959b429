"""A job title as it was found → the bare title: no numbers, gender marks, places in brackets."""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re
from collections.abc import Iterator

from inboxbot.core.facts.jobs import looks_like_role
from inboxbot.core.facts.names import LONGEST_ROLE
from inboxbot.core.text import clean

NUMBER = r"#?(?:[A-Z]{1,5}[-_/]?)?\d{3,}(?:[-_/]\d+)*[A-Z]{0,3}"
_LABELLED = (
    r"(?:(?:job |req(?:uisition)? ?|position |posting |ref(?:erence)?\.? ?)?"
    r"(?:id|number|no\.?|nr\.?|code|#|req\.?|requisition|ref\.?|kennziffer|stellenkennziffer|"
    r"referenz(?:nummer)?|référence|réf\.?|referencia|vacaturenummer|referencenummer)"
    r"[ .:#-]{0,3})"
)
# What is called a number may be short: "ref. A/12".
_NUMBERED = rf"(?:{_LABELLED}(?:{NUMBER}(?![/-])|(?=[A-Z/_-]*\d)[A-Z0-9/_-]{{1,20}})|{NUMBER})"
_NUMBER_AHEAD = re.compile(
    rf"^(?:{_NUMBERED}|[A-Z0-9]{{2,}}\d{{4,}}|\d{{4}}-\d{{4,}})(?:\s*[-–:|,]\s*|\s+)"
    r"(?=\D|20\d\d )",
    re.IGNORECASE,
)
_NUMBER_BEHIND = re.compile(rf"(?:\s*[-–:|,(\[]\s*|\s+){_NUMBERED}[)\]]?\s*[-–]?$", re.IGNORECASE)
_NUMBER_IN_BRACKETS = re.compile(rf"(?:{_NUMBERED}|[A-Z0-9 :#-]*\d{{3,}}[A-Z0-9-]*)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_YEAR_AHEAD = re.compile(r"(?:19|20)\d\d\b(?!-\d)")
_BRACKETS_AT_END = re.compile(r"\s*[(\[]\s*([^()\[\]]{1,40}?)\s*[)\]]\s*$")
_TAIL = re.compile(
    r"(?:\s+(?-i:for|as|in|at|with|of|to|and|or|the|a|an|our|de|en|et|y|e|ed|pour|und|als|für|i|w|"
    r"na|og|och|oraz)|"
    r"\s*[-–,|(]\s*(?:ref|réf|rif|nr|id|kennziffer)\.?|"
    r"\s*[:;]-?[)D]|\s+program(?:me)?|\s+place|\s*[-–,]\s*(?:remote|hybrid|onsite|on-site)|"
    r"\s+intern(?<=Intern intern)|\s+(?:role|position|vacancy|opening)|"
    r"\s+(?:(?:first|second|final|phone|video|technical|on-?site|panel)\s+)?interviews?)$",
    re.IGNORECASE,
)
_LEAD = re.compile(  # "to be our next Nurse", "the post of Nurse"
    r"^(?:both the |"
    r"(?:two|three|several|both|\d) (?:of )?(?:our |the )?(?:positions|roles|jobs): )?"
    r"(?:(?:(?:vorstellungs|kennenlern|bewerbungs|erst)gespräch|(?:telefon|video)?interviewtag)"
    r"\b\s*(?:[,:|–-]|als\b|für\b)?\s*)?"
    r"(?:(?:your |the |my )?(?:job )?(?:application|interview|"
    r"assessment(?: cent(?:re|er)| day)?|candidacy|bewerbung|candidature|"
    r"candidatura|solicitud|sollicitatie|ansökan|ansøgning)\s*(?:[,:|–-]\s*|of\s+))?"
    r"(?:(?:be|become|join (?:us|our team) as)\s+)?(?:(?:our|an?|the|your|notre|nos|nuestr[oa]|"
    r"nostr[oa]|onze|noss[oa]|unsere[nrms]?|naszego|vår|vores)\s+)?(?:(?:next|new|"
    r"upcoming)\s+)?(?:(?:post|position|role|job|vacancy)\s+(?:of|as)\s+(?:(?:an?|the)\s+)?)?(?=\S)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:position|job title|role|title|stelle|poste|puesto|vaga|functie)"
    r"(?:\s*:\s*|\s(?-i:(?=[A-Z])))",
    re.IGNORECASE,
)
_SEX = r"(?:[mwfdxhkvin*]|gn|div(?:\.|ers)?|alle?)"
_GENDER = re.compile(
    rf"(?:\s+[-–|,])?\s*[(\[]\s*{_SEX}(?:\s*[/|,.*]\s*{_SEX})+\s*[)\]]"
    r"|(?:\s*[-–|,])?\s+\b(?:[mwfdxhk]|gn|div)(?:\s*[/|]\s*(?:[mwfdxhk]|gn|div))+\b"
    r"|(?:\s+[-–|,])?\s*[(\[]\s*(?:all genders?|alle geschlechter|any gender|gn|gn\*|"
    r"geschlechtsneutral|mixte|divers)\s*[)\]]",
    re.IGNORECASE,
)
# What the job pays and how much of a week it is: "EG 9a TVöD", "80-100%".
_PAY_AND_HOURS = re.compile(
    r"[\s,(–-]+(?:(?:EG|Entgeltgruppe|E|A|W)\s?\d{1,2}\s?[a-z]?\s(?:TV-?[öÖLHV]\w*|BAT|BBesG)"
    r"|(?:EG|Entgeltgruppe)\s?\d{1,2}\s?[a-z]?|\d{2,3}\s?(?:[-–]\s?\d{2,3}\s?)?%)\)?$"
)
# "als Konstrukteur (m/w/d)", "poste de Chef de produit (H/F)": what a gender mark stands behind.
_MARKED = re.compile(
    r"(?:\b(?:als|zum|zur|Stelle|Position|Funktion|[Pp]oste de|de|d')\s+|[:„\"«“|]\s?|^)"
    r"(?P<title>[^\W\d_a-zà-ÿ][^\n.:;„“\"«»()|]{2,80}?)"
    rf"(?=\s*[(\[]\s*{_SEX}(?:\s*[/|,.*]\s*{_SEX}){{1,3}}\s*[)\]])",
    re.MULTILINE,
)
_GOES_ON = re.compile(r"\s*[(\[][^)\]]{1,20}[)\]] [^\W\d_a-zà-ÿ]")  # "Ingenieur (m/w/d) Prüfstand"
_LEFT_OPEN = re.compile(r"\s*[(\[][^)\]]*$")
_MODE = re.compile(
    r"\b(?:remote|hybrid|on-?site|open|full[- ]?time|part[- ]?time|vollzeit|teilzeit|us|usa|uk|eu|"
    r"germany|deutschland|berlin|london|\d+ ?(?:%|(?:hours?|hrs?|std|stunden|heures|horas|uur|"
    r"timmar|timer)\b))",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[A-Z][\w .]+,? [A-Z]{2}(?: - .*)?|[A-Z]{2} or [A-Z]{2}")
_EDGES = " &\"'“”„«»‚‘’*,;:.-–|?!¿¡"
_SENTENCE = re.compile(  # small letters: a sentence, not "EMEA & US"
    r"\b(?:we|you|us|me|your|have|were|was|are|give|joining|not|wir|sie|ihnen|nous|vous|usted|"
    r"recruiting|hiring|apply|applied|assigned|this|see|through|community|consider|considered)\b|"
    r"\d\d/\d\d/|^Equal Employment|^Don't"
)
_NO_TITLE = frozenset(
    "this that the your our a an any it us you me we all other another more further future new "
    "open multiple several similar particular current specific following available relevant "
    "suitable next same different above below first employment joining working career careers "
    "opportunities consideration review job jobs position positions role roles application "
    "interview company team time part interest "
    "diese dieser diesen unsere unserer unseren ihr ihre der die das den dem eine einer einen ein "
    "notre votre nous ce cette nuestra nuestro su tu esta este nostra nostro questa onze deze de "
    "dit nossa nosso naszej vår denna vores denne "
    "gesprächstermin termin terminvorschlag einladung vorstellungsgespräch gespräch absage "
    "entretien entrevista colloquio gesprek rozmowa intervju samtale jobsamtale".split()
)
_NO_ROLE = re.compile(  # an application for none in particular
    r"(?:general|open|speculative|spontaneous|unsolicited) (?:application|submission|position)"
    r"|talent (?:pool|community|network)|(?:initiativ|blind|spontan)bewerbung"
    r"|candidature spontanée|candidatura (?:espontánea|spontanea|espontânea)|open sollicitatie"
    r"|spontanansökan|uopfordret ansøgning|(?:the )?program(?:me)?",
    re.IGNORECASE,
)
_MOST_WORDS = 16
_MOST_LAYERS = 3  # "Analyst (Berlin) (m/w/d), R-1234"


def cleaned_title(raw: str, employer: str | None) -> str | None:
    """Return a title without numbers, gender marks and places in brackets; None if none is left."""
    title = _LABEL.sub("", clean(raw, LONGEST_ROLE + 40).strip(_EDGES), count=1)
    title = _LEAD.sub("", title, count=1)
    title = _LEAD.sub("", _without_employer(title, employer), count=1)
    for _ in range(_MOST_LAYERS):
        title = _LEFT_OPEN.sub("", _PAY_AND_HOURS.sub("", title))
        title = _TAIL.sub("", _GENDER.sub("", without_numbers(title)).strip(_EDGES))
        title = _without_brackets(title)
    return _in_mixed_case(title) if _is_title(title) else None


def marked_titles(text: str) -> Iterator[str]:
    """Yield what a gender mark shows to be a title, whatever its words are."""
    for match in _MARKED.finditer(text):
        if _GOES_ON.match(text, match.end()) is None:
            yield match["title"]


# What joins a title to its employer: "Pflegerin an der Klinik", "Chargée d'accueil chez Octavis".
_AT = (
    r"(?:(?:at|with|for|of|bei|beim|an|am|in|im|zu|zum|von|vom|für|chez|à|au|aux|pour|dans|en|con|"
    r"para|presso|per|di|del|della|bij|voor|op|aan|van|na|no|da|do|w|we|dla|hos|på|vid|i|til|till|"
    r"ved) )?"
    r"(?:(?:the|der|die|das|dem|den|la|le|les|el|los|las|il|lo|gli|de|het|o|os|as|firmie|firma) )?"
)


# Endings for all sexes are joined by a sign that may not stand in a draft: "Verkäufer:in".
_SIGN = "[*:_·•‧⋅]"
_BOTH_ENDINGS = re.compile(rf"(?<=[^\W\d_]){_SIGN}(eur|if|er){_SIGN}[^\W\d_]{{1,5}}\b")
_WITHIN = re.compile(rf"(?<=[^\W\d_]){_SIGN}(?=innen[^\W\d_])")  # Bürger:innenservice
_ENDING = re.compile(rf"([^\W\d_]+)(?:{_SIGN}[^\W\d_]{{1,6}})+(?![^\W_])")
_STEMS = {"ärzt": "arzt", "anwält": "anwalt", "köch": "koch", "bäuer": "bauer"}
_STEM = re.compile(rf"(?:{'|'.join(_STEMS)})$", re.IGNORECASE)
_NEEDS_E = re.compile(r"(?:log|gog|kolleg|expert|gesell)$", re.IGNORECASE)


def plain_title(title: str) -> str:
    """Return a title without "(m/w/d)" and without endings that a sign joins to it.

    "Kältetechniker*in (all genders)" → "Kältetechniker", "Chargé·e d'études" → "Chargé d'études".
    """
    bare = _GENDER.sub("", title)
    bare = _WITHIN.sub("", _BOTH_ENDINGS.sub(r"\1", bare))
    return _ENDING.sub(_base, bare).strip()


def _base(word: re.Match[str]) -> str:
    """Return the form without an ending: "Fachärzt*in" → "Facharzt", "Biolog:in" → "Biologe"."""
    stem = _STEM.search(word[1])
    if stem is not None:
        form = _STEMS[stem[0].casefold()]
        return word[1][: stem.start()] + (form.capitalize() if stem[0][0].isupper() else form)
    return word[1] + "e" * (_NEEDS_E.search(word[1]) is not None)


def _without_employer(title: str, employer: str | None) -> str:
    if not employer:
        return title
    name = re.escape(employer.rstrip("."))
    longer = r"(?: [^\W\d_a-zà-ÿ][\w&.-]*){0,4}"  # of the name: "…, Northmoor Cathedral Works"
    around = rf"^{name}(?:'s)?[\s,:|-]+|[\s,|-]+{_AT}{name}\.?$|, {name}(?-i:{longer})$"
    return re.sub(around, "", title, flags=re.IGNORECASE)


_SMALL_WORDS = frozenset(
    "of and the for in at to a an und für der die das im de du des la le les et en di e del da do "
    "das dos para van voor w i og och".split()
)
_SHORTEST_WORD = 4  # letters; shorter ones in capitals are HR, QA, SAP
_CAPITALS = re.compile(rf"(?<![^\W\d_])[^\W\d_]{{{_SHORTEST_WORD},}}(?:'S)?")


def _in_mixed_case(title: str) -> str:
    """Return a title that shouts in usual letters: "TREE OFFICER" → "Tree Officer"."""
    if not title.isupper() or len(title) < _SHORTEST_WORD:
        return title
    words = (
        word.lower()
        if place and word.casefold() in _SMALL_WORDS
        else _CAPITALS.sub(lambda run: run[0].capitalize(), word)
        for place, word in enumerate(title.split())
    )
    return " ".join(words)


def without_numbers(title: str) -> str:
    """Return a title without the opening's number before or behind it; years stay."""
    bare = title if _YEAR_AHEAD.match(title) else _NUMBER_AHEAD.sub("", title)
    tail = _NUMBER_BEHIND.search(bare)
    if tail is not None and not _YEAR.search(tail[0].strip(" )]")):
        bare = bare[: tail.start()]
    return bare.strip(_EDGES)


def _without_brackets(title: str) -> str:
    """Return a title without brackets at its end that hold a number, a place or "remote"."""
    match = _BRACKETS_AT_END.search(title)
    if match is None:
        return title
    inner = match[1]
    numbered = _NUMBER_IN_BRACKETS.fullmatch(inner) is not None and not _YEAR.search(inner)
    placed = _MODE.search(inner) is not None or _PLACE.fullmatch(inner) is not None
    return title[: match.start()].strip(_EDGES) if numbered or placed else title


def _is_title(title: str) -> bool:
    words = title.split()
    if not 1 < len(title) <= LONGEST_ROLE or len(words) > _MOST_WORDS:
        return False
    if _SENTENCE.search(title) or _NO_ROLE.fullmatch(title) or "@" in title or "://" in title:
        return False
    if not any(char.isalpha() for char in title):
        return False
    return looks_like_role(title) or words[0].casefold() not in _NO_TITLE
