"""Names that show by a word what they name: "Klinikum Auental", "Fisher & Partners", "Acme Ltd".

A name with such a word is known as one without a phrase before it, and with it the short form that
a domain gives is completed: "Thornbury" → "Thornbury Academy".
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from inboxbot.core.facts.jobs import looks_like_role
from inboxbot.core.facts.names import GENERIC, is_legal, run_of_name, squeezed

# Nouns for what an employer is; hardly one of them is a surname.
NOUNS = frozenset(
    "hospital hospice infirmary clinic surgery college school academy university institute centre "
    "center council ministry authority museum gallery theatre theater library foundation trust "
    "charity society association hotel inn restaurant café bakery brewery nursery veterinary vets "
    "pharmacy dental orchestra festival zoo airport police borough county city "
    # de
    "universität hochschule klinikum krankenhaus klinik kanzlei stadt gemeinde landkreis "
    "landratsamt ministerium stadtwerke verlag schule grundschule gymnasium kita kindergarten "
    "stiftung verband verein gasthof gasthaus bäckerei backhaus metzgerei autohaus apotheke "
    "gärtnerei manufaktur sparkasse volksbank diakonie caritas brauerei stadtverwaltung "
    # fr
    "université hôpital clinique lycée école mairie ministère préfecture musée théâtre "
    "bibliothèque fondation boulangerie pâtisserie hôtel librairie pharmacie crèche ehpad "
    # es
    "universidad clínica colegio instituto ayuntamiento ministerio diputación museo teatro "
    "fundación asociación restaurante talleres panadería editorial bodegas librería farmacia "
    # it
    "università ospedale clinica comune ministero scuola liceo istituto fondazione associazione "
    "albergo ristorante trattoria panificio officine cantina "
    # nl
    "universiteit ziekenhuis gemeente waterschap ministerie basisschool stichting vereniging "
    "bakkerij zorggroep "
    # pt
    "universidade câmara município ministério escola museu fundação associação padaria banco "
    # pl
    "uniwersytet szpital urząd gmina ministerstwo szkoła liceum muzeum teatr fundacja restauracja "
    "piekarnia biuro zakład kwiaciarnia spółdzielnia "
    # sv, da, no
    "universitet universitetet sjukhus sjukhuset kommun region skolan förskolan stiftelsen "
    "hotell restaurang bageri snickeri kommune sygehus skole børnehuset fonden sykehus "
    "barnehage".split()
)
_COMPOUNDS = tuple(
    "amt klinik klinikum schule verlag werke bäckerei rösterei manufaktur gesellschaft verband "
    "genossenschaft verein stiftung zentrum gärtnerei brauerei druckerei metzgerei kasse museum "
    "school ziekenhuis bakkerij skolan skola sjukhus kommun verket myndigheten skole sygehus "
    "kommune universitet".split()
)
_MOST_RUNS = 50  # in one mail; hostile mail repeats itself
_AHEAD = 120  # characters of a name
_LONGEST_LINE = 80
_LONGEST_RUN = 4  # words

_WORD = r"[^\W\d_a-zà-ÿ][\w'-]*"
_SMALL = r"(?:of|the|de|la|le|du|des|d'|del|di|da|do|dos|van|von|am|an|zum|zur|der|in|for|w|&)"
_RUN = re.compile(rf"(?<![\w'-]){_WORD}(?: (?:{_SMALL} ){{0,2}}{_WORD}){{1,6}}")
# "Museum of", "Câmara Municipal de": what stands before the rest of a name.
_AHEAD_OF_NAME = re.compile(rf"(?P<noun>{_WORD})(?: {_WORD})?(?: {_SMALL}){{0,2}} $")
_BEHIND_NAME = re.compile(rf"(?: {_WORD}){{1,3}}(?! {_WORD})")
# "Fisher, Lang & Partner mbB"
_FIRM_OF_NAMES = re.compile(
    rf"(?<![\w'-]){_WORD}(?:, {_WORD}){{0,4}} (?:&|\+|and|und|et|y|e|en|och|og) "
    r"(?:Partners?|Associates|Kollegen|Collegen|Associés|Asociados|Sons|Söhne|Co\.?)\b"
    r"(?: (?:mbB|PartG|LLP|GbR|GmbH|Ltd|PartmbB)\b)?"
)


def is_organisation(word: str) -> bool:
    """Tell whether a word says what an employer is: "Klinikum", "Bezirksamt", "University"."""
    lowered = word.casefold().strip(".,")
    return lowered in NOUNS or lowered.endswith(_COMPOUNDS)


def organisations_in(text: str) -> Iterator[str]:
    """Yield the names with a noun for what they name: "Universidad de Montiel", "Ash Clinic"."""
    for run in islice(_RUN.finditer(text), _MOST_RUNS):
        words = run[0].split()
        nouns = [place for place, word in enumerate(words) if is_organisation(word)]
        if nouns and nouns[-1] == len(words) - 1:
            # "Ihren Besuch in der Seehof Klinik": a name that ends so has no small words.
            small = [place for place, word in enumerate(words) if word.islower()]
            yield " ".join(words[small[-1] + 1 if small else 0 :])
        elif nouns:
            yield " ".join(words[nouns[0] :])


def firms_of_names_in(text: str) -> Iterator[str]:
    """Yield the firms that are called after several people: "Fisher, Lang & Partner mbB"."""
    for firm in islice(_FIRM_OF_NAMES.finditer(text), _MOST_RUNS):
        if ", " in firm[0]:  # without a comma any reader of names finds it
            yield firm[0]


def lines_with_form(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that are nothing but a firm and its legal form."""
    for line in lines:
        words = line.split()
        formed = len(words) > 1 and is_legal(words[-1]) and len(line) < _LONGEST_LINE
        if formed and squeezed(run_of_name(words)) == squeezed(line):
            yield line


def in_full(name: str, text: str) -> str:
    """Return the form with a noun that stands beside a name, where the mail prefers that form."""
    forms = [_around(name, text, place) for place in _places(name, text)]
    fuller = [form for form in forms if form]
    if len(fuller) > len(forms) - len(fuller):
        return max(sorted(set(fuller)), key=fuller.count)
    if not any(map(str.islower, name)):  # capitals or no letter case: nothing ends the name
        return name
    runs = {_run_from(text, place) for place in _places(name, text) if not _ends_name(text, place)}
    longer = runs.pop() if len(runs) == 1 else ""
    return longer if len(longer) > len(name) else name


def _places(name: str, text: str) -> Iterator[int]:
    pattern = re.compile(rf"(?<![\w@.-]){re.escape(name)}(?![\w@-]|\.\w)")
    return (match.start() for match in islice(pattern.finditer(text), _MOST_RUNS))


def _run_from(text: str, place: int) -> str:
    """Return the name that goes on behind its first words, "" where it does not or is a job.

    "Corrigan Plant" is the domain, the mail always writes "Corrigan Plant Hire".
    """
    words = run_of_name(text[place:][:_AHEAD].partition("\n")[0].split()).split()
    while words and (is_legal(words[-1]) or words[-1] == "z"):  # "Sp. z o.o."
        words.pop()
    told = any(word.casefold() in GENERIC or looks_like_role(word) for word in words)
    return "" if told or len(words) > _LONGEST_RUN else " ".join(words)


def _ends_name(text: str, place: int) -> bool:
    """Tell whether a name is somebody's family name there: "Pete Hollowell"."""
    before = text[max(0, place - _AHEAD) : place].rpartition("\n")[2].split()[-1:]
    return bool(before) and before[0].istitle() and before[0].isalpha()


def _around(name: str, text: str, place: int) -> str:
    """Return a name with the noun before or behind it, "" where none stands there."""
    behind = _BEHIND_NAME.match(text, place + len(name))
    if behind is not None and is_organisation(behind[0].split()[-1]):
        return name + behind[0].rstrip(".")
    before = text[max(0, place - _AHEAD) : place].rpartition("\n")[2]
    ahead = _AHEAD_OF_NAME.search(before)
    if ahead is not None and is_organisation(ahead["noun"]):
        return ahead[0] + name
    return ""
