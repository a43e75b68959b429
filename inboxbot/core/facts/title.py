"""A job title as it was found → the bare title: no numbers, gender marks, places in brackets."""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re

from inboxbot.core.facts.jobs import looks_like_role
from inboxbot.core.facts.names import LONGEST_ROLE
from inboxbot.core.text import clean

NUMBER = r"#?(?:[A-Z]{1,5}[-_]?)?\d{3,}(?:[-_/]\d+)*[A-Z]{0,3}"
_NUMBERED = (
    r"(?:(?:job |req(?:uisition)? ?|position |posting |ref(?:erence)?\.? ?)?"
    r"(?:id|number|no\.?|nr\.?|code|#|req\.?|requisition|ref\.?|kennziffer|stellenkennziffer|"
    r"referenz(?:nummer)?|référence|réf\.?|referencia|vacaturenummer|referencenummer)"
    rf"[ .:#-]{{0,3}})?{NUMBER}"
)
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
    r"(?:\s+(?:for|as|in|at|with|of|to|and|or|the|a|an|our|de|en|pour|und|als|für|i|w|na)|"
    r"\s+program(?:me)?|\s*[-–,]\s*(?:remote|hybrid|onsite|on-site)|"
    r"\s+intern(?<=Intern intern))$",
    re.IGNORECASE,
)
_LEAD = re.compile(  # "to be our next Nurse", "the post of Nurse"
    r"^(?:(?:be|become|join (?:us|our team) as)\s+)?(?:(?:our|an?|the|your)\s+)?(?:(?:next|new|"
    r"upcoming)\s+)?(?:(?:post|position|role|job|vacancy)\s+(?:of|as)\s+(?:(?:an?|the)\s+)?)?(?=\S)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:position|job title|role|title|stelle|poste|puesto|vaga|functie)"
    r"(?:\s*:\s*|\s(?-i:(?=[A-Z])))",
    re.IGNORECASE,
)
_GENDER = re.compile(
    r"\s*[(\[]?\b(?:[mwfdxhk]|gn|div)(?:\s*[/|,.]\s*(?:[mwfdxhk]|gn|div))+\b[)\]]?"
    r"|\s*[(\[](?:all genders?|alle geschlechter|gn)[)\]]",
    re.IGNORECASE,
)
_MODE = re.compile(
    r"\b(?:remote|hybrid|on-?site|open|full[- ]?time|part[- ]?time|vollzeit|teilzeit|us|usa|uk|eu|"
    r"germany|deutschland|berlin|london|\d+ ?%)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[A-Z][\w .]+,? [A-Z]{2}(?: - .*)?|[A-Z]{2} or [A-Z]{2}")
_EDGES = " &\"'“”„«»‚‘’*,;:.-–|"
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
    "dit nossa nosso naszej vår denna vores denne".split()
)
_MOST_WORDS = 16
_MOST_LAYERS = 3  # "Analyst (Berlin) (m/w/d), R-1234"


def cleaned_title(raw: str, employer: str | None) -> str | None:
    """Return a title without numbers, gender marks and places in brackets; None if none is left."""
    title = _LABEL.sub("", clean(raw, LONGEST_ROLE + 40).strip(_EDGES), count=1)
    title = _LEAD.sub("", title, count=1)
    title = _without_employer(title, employer)
    for _ in range(_MOST_LAYERS):
        title = _TAIL.sub("", _GENDER.sub("", without_numbers(title)).strip(_EDGES))
        title = _without_brackets(title)
    return title if _is_title(title) else None


def _without_employer(title: str, employer: str | None) -> str:
    if not employer:
        return title
    name = re.escape(employer)
    around = rf"^{name}(?:'s)?[\s,:|-]+|[\s,|-]+(?:at |bei )?{name}$"
    return re.sub(around, "", title, flags=re.IGNORECASE)


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
    if _SENTENCE.search(title) or "@" in title or "://" in title:
        return False
    if not any(char.isalpha() for char in title):
        return False
    if looks_like_role(title):
        return True
    return not title[0].islower() and words[0].casefold() not in _NO_TITLE
