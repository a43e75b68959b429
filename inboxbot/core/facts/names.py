"""Names in running text: where one begins it is read to its end, and told from other words."""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re
import unicodedata
from itertools import pairwise

from inboxbot.core.text import clean, safe_name

LONGEST_EMPLOYER = 80
LONGEST_ROLE = 120
_MOST_WORDS = 8
_WINDOW = 160  # characters behind an anchor in which a name may lie

_TOKEN = re.compile(r"\S+")
_LEGAL = frozenset(
    "inc inc. incorporated corp corp. corporation llc llc. llp lp ltd ltd. limited plc pbc gmbh ag "
    "kg kgaa se ug eg e.v. ev b.v. bv n.v. nv s.a. sa sas s.a.s. sarl s.r.l. srl s.p.a. spa s.l. "
    "sl ab a/s aps mbb partg gbr ohg ggmbh mbh as oy oyj pty co. co s.l.u. ltda ltda. s/a "
    "z.o.o. o.o. sp.".split()
)
# Words as well, so only with a capital: "Holm & Sons, as we said" names no A/S.
_LEGAL_AND_WORDS = frozenset("as se sa ab co spa sas sl ev nv ug ag eg ltd limited".split())
# Abbreviations of a legal form: their full stop belongs to the name wherever it stands.
_ABBREVIATED_FORM = re.compile(r"(?:\w\.){2,}|(?:Inc|Ltd|Co|Corp|Ltda|Sp)\.", re.IGNORECASE)
# "St David's Hospice", "King's College": what follows shows that the genitive belongs to the name.
_SAINTS = frozenset({"st", "st.", "saint"})
_HOUSES = frozenset(
    "hospice hospital infirmary college school academy university trust church court hall "
    "library museum theatre foundation postcode".split()
)
_ABBREVIATED = frozenset("st. dr. co. inc. corp. ltd. mt. bros. sp. j. l. u.s. sr. jr.".split())
_ARTICLES = frozenset(
    "the our a an der die das dem den des le la les l' el los las il lo gli i o os as a de het een "
    "firma firmy firmie company unternehmen firmen team société sociedad empresa azienda bedrijf "
    "företaget virksomheden ditta entreprise groupe".split()
)
# Small words that stand inside a name: "Bank of America", "Caisse de Dépôt", "Marks and Spencer".
_INSIDE = frozenset(
    "of the and & + de du des la le les di del della dei da do dos das y e et und van von der für "
    "for och og i w".split()
)
_JOINED = {"&": frozenset({"and", "und", "et", "y", "e", "en", "och", "og", "i"})}
_BEFORE_ARTICLE = frozenset("of de del and & y et di".split())  # "of the City", "de la Loire"
# Capitalised words that open a clause or an address and never belong to a name.
_STOPS = frozenset(
    "i we you he she it they your our this that these those and but if as at in on for with thank "
    "thanks dear hi hello unfortunately however after although while please although regards best "
    "malheureusement lamentablemente desafortunadamente purtroppo helaas infelizmente niestety "
    "tyvärr desværre dessverre "
    "sincerely kind warm "
    "ich wir sie du ihr ihre ihren ihrer ihnen ihrem unser unsere unseren und für dein deine "
    "deiner deinen dir dich leider vielen stelle vakanz "
    "nous vous votre vos notre je il elle et mais pour "
    "usted su sus tu tus nosotros y pero para gracias "
    "la lei le suo sua tuo tua noi "
    "je u uw jouw wij we en maar "
    "você seu sua nós e mas "
    "państwa pan pani twoja twojej oraz "
    "du din ditt er vi och men "
    "som de jer og".split()
)
_CLOSERS = ',;:!?)]}"”»'
_OPENERS = "\"“„«‚'("  # no square bracket: what stands in one was never filled in


def name_after(text: str, place: int) -> str:
    """Return the capitalised name that begins at `place`, "" where none does.

    Leading articles are passed over; the name ends before the clause goes on.
    """
    line = text[place : place + _WINDOW].split("\n", 1)[0]
    return run_of_name([match[0] for match in _TOKEN.finditer(line)])


def run_of_name(tokens: list[str]) -> str:
    """Return the name that a list of words starts with."""
    kept: list[str] = []
    rest = _without_article(tokens)
    for word, following in pairwise([*rest[:_MOST_WORDS], ""]):
        bare, ends = _stripped(word, following, kept)
        if kept and word[0] in _OPENERS:  # "Acme (formerly …"
            break
        if not bare or not _belongs(bare, following, kept):
            break
        kept.append(bare)
        if ends:
            break
    while kept and kept[-1].casefold() in _INSIDE:
        kept.pop()
    return " ".join(kept)


def _without_article(tokens: list[str]) -> list[str]:
    start = 0
    while start < min(2, len(tokens)) and tokens[start].casefold() in _ARTICLES:
        # "The Walt Disney Company", "Die Zeit": an article in capitals may belong, but seldom does.
        start += 1
    return tokens[start:]


def _stripped(word: str, following: str, kept: list[str]) -> tuple[str, bool]:
    """Return the word without its punctuation, and whether the name must end with it."""
    bare = word.lstrip(_OPENERS)
    if bare[:1].isalnum() and bare.endswith(("'s", "´s", "s'")):
        if _keeps_genitive(following, kept):
            return bare, False
        return bare[:-2] if bare.endswith("s") else bare[:-1], True
    closed = bare.rstrip(_CLOSERS)
    if closed != bare:
        return closed, not (bare == closed + "," and is_legal(following.rstrip(",")))
    if bare.endswith("."):
        return _at_full_stop(bare, following)
    return bare, False


def _keeps_genitive(following: str, kept: list[str]) -> bool:
    head = following.rstrip(_CLOSERS + ".")
    housed = head[:1].isupper() and head.casefold() in _HOUSES
    return housed or (kept[-1:] != [] and kept[-1].casefold() in _SAINTS)


def is_legal(word: str) -> bool:
    """Tell whether a word is a legal form: "Inc", "S.A.", "gmbh", but not the word "as"."""
    lowered = word.casefold().rstrip(_CLOSERS)
    if lowered.rstrip(".") in _LEGAL_AND_WORDS and word.islower():
        return False
    return lowered in _LEGAL or lowered.rstrip(".") in _LEGAL


def _at_full_stop(bare: str, following: str) -> tuple[str, bool]:
    lowered = bare.casefold()
    if lowered in _LEGAL:
        whole = bare if _ABBREVIATED_FORM.fullmatch(bare) else bare.rstrip(".")
        polish = lowered == "sp." and following.casefold() in {"z", "z.o.o."}
        return whole, not (polish or is_legal(following))
    if lowered in _ABBREVIATED and following[:1].isupper():
        return bare, False
    return bare.rstrip("."), True


def _belongs(bare: str, following: str, kept: list[str]) -> bool:
    lowered = bare.casefold()
    if lowered == "z" and (kept[-1:] or [""])[0].casefold() == "sp.":  # Sp. z o.o.
        return True
    if lowered in _INSIDE and kept:
        joined = lowered in _BEFORE_ARTICLE and following.casefold() in _INSIDE
        return joined or _opens_name(following.lstrip(_OPENERS))
    if kept and is_legal(bare):
        return True
    return _opens_name(bare)


def _opens_name(word: str) -> bool:
    head = word[:1]
    if not head or word.casefold().strip(".,!") in _STOPS:
        return False
    # iCIMS, eBay, b:: a capital further on marks a name as well. CJK letters have no case.
    cased = head.isupper() or head.isdigit() or (head.isalpha() and not head.islower())
    return cased or any(char.isupper() for char in word[1:4])


# Words that say what kind of team writes; cut off at either end they leave the employer.
_TEAM = frozenset(
    "careers career jobs job recruiting recruiter recruiters recruitment recruit talent talents "
    "hiring team teams hr workday notification notifications autonotification notify "
    "alert alerts noreply no-reply no_reply "
    "do-not-reply donotreply "
    "acquisition attraction resources ats mailer internships "
    "karriere bewerbung bewerbungen bewerbermanagement personalabteilung recruitingteam "
    "dezernat referat sachgebiet personalamt hauptamt ausbildungsteam "
    "personalwesen personalmanagement personalteam personalleitung hr-team recruiting-team "
    "hr-abteilung "
    "recrutement équipe l'équipe rh candidatures "
    "equipo selección rrhh reclutamiento "
    "risorse umane selezione "
    "equipe recrutamento "
    "werving vacatures "
    "zespół rekrutacji rekrutacja kadr "
    "rekrytering rekryteringsteamet teamet hr-teamet rekryteringsteam "
    "rekruttering rekrutteringsteamet "
    "personalamt personalbüro kadry".split()
)
# Words that belong to a team only beside one of the above: "Global Talent", "People Operations".
_TEAM_SIDE = frozenset(
    "the a your our my human people culture operations university relations campus college "
    "early graduate "
    "professional global group opportunities opportunity portal candidate candidates experience "
    "department dept application "
    "applications service services support staffing office center system admin info reply do not "
    "no from at by of via and & - – | @ on behalf bei "
    "ihr ihre euer dein das die der von vom personal ressources humaines carrières de du des la le "
    "recursos humanos talento el ufficio personale il del della di gestão pessoas o da do en "
    "seleção selectie het bij van dział w i och på hos af ved og".split()
)
TEAM_WORDS = _TEAM | _TEAM_SIDE
# Words that are about applying: alone they name nobody.
GENERIC = (TEAM_WORDS - {"workday"}) | frozenset(
    "description descrip responsibilities requirements contract location urgent "
    "company companies network community pool page center position positions role "
    "roles opening opportunity opportunities employment "
    "status update updates important information thank thanks you interest follow-up follow up "
    "followup regarding your submission submitted decision news message re: re fwd: applying "
    "outcome result response process next steps step stage letter regret external internal ext "
    "received confirmation dear hi hello all online portal website site page here home time work "
    "this these that for to in on with about an is was has be it us me we next new now again "
    "best kind warm sincerely yours cheers "
    "absage stelle stellen position ihre ihr deine bewerbung eingang status rückmeldung zu zur zum "
    "auf als unternehmen firma haus hause auswahlverfahren uns ihnen "
    "candidature votre réponse suite poste entreprise société "
    "candidatura solicitud postulación proceso empresa puesto vacante su tu sobre resultado "
    "actualización gracias interés por "
    "candidatura selezione posizione azienda esito aggiornamento tua sua "
    "sollicitatie functie vacature bedrijf je jouw uw update reactie op "
    "vaga candidatura processo seletivo atualização "
    "aplikacja rekrutacja stanowisko firma "
    "ansökan tjänst tjänsten angående din om "
    "ansøgning stilling stillingen vedrørende".split()
)


def without_team(name: str) -> str:
    """Return a name without the words for its hiring team: "Acme Talent Team" → "Acme"."""
    words = name.split()
    ahead = _team_length(words)
    behind = _team_length(words[: ahead - 1 if ahead else None : -1]) if ahead < len(words) else 0
    return " ".join(words[ahead : len(words) - behind]).strip(" ,-–|@/_&")


def _team_length(words: list[str]) -> int:
    """Return how many of the first words name a team: at least one must do so by itself."""
    length = found = 0
    for place, word in enumerate(words, 1):
        bare = word.casefold().strip('.,:;!|()[]"')
        if bare in _TEAM:
            found, length = 1, place
        elif bare and bare not in _TEAM_SIDE and any(char.isalnum() for char in bare):
            break
        elif found:
            length = place
    return length


_FILE = re.compile(r"\.(?:png|jpe?g|gif|docx?|pdf|html?)$", re.IGNORECASE)
_POSSESSIVES = frozenset("your our my ihr ihre dein deine euer votre notre tu su nuestro".split())
_GREETINGS = frozenset(
    "dear hi hello hey greetings good thank thanks best kind warm warmest sincerely regards yours "
    "hallo liebe lieber sehr guten vielen danke bonjour cher chère merci hola estimado estimada "
    "gracias saludos ciao gentile grazie salve beste geachte bedankt olá prezado prezada caro "
    "cara obrigado dzień szanowny szanowna witaj cześć hej hei kære tack tak vänliga med mit "
    "please note if we i you enjoy follow visit".split()
)


_WORK_OF = re.compile(r"^(?:Mita|A)rbeit (?:des|der|im|in der|beim|bei der|bei) (?=[^\W_a-z])")


def plausible_employer(name: str) -> str | None:
    """Return the name of an employer as it may be shown, None where it is no name."""
    bare = clean(name, LONGEST_EMPLOYER + 1).strip(" ,;:-–|\"'«»“”„*")
    bare = _WORK_OF.sub("", bare)
    words = bare.split()
    if words and words[0].casefold() in _POSSESSIVES:
        words = words[1:]
        bare = " ".join(words)
    if words and words[0].casefold().strip(",") in _GREETINGS:
        return None
    if not 1 < len(bare) <= LONGEST_EMPLOYER or len(words) > _MOST_WORDS:
        return None
    if (
        _FILE.search(bare)
        or "@" in bare
        or safe_name(bare.replace("!", "").replace("|", "")) is None
    ):
        return None
    if all(word.casefold().strip(".,!:") in GENERIC for word in words):
        return None
    return bare


_IN_DOMAINS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"}
)
_WITHOUT_MARKS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"})


def domain_spellings(text: str) -> frozenset[str]:
    """Return how a domain may write a name: "Bühler & Co" → buehlerco, buhlerco, bühlerco."""
    lowered = text.casefold()
    plain = unicodedata.normalize("NFKD", lowered.translate(_WITHOUT_MARKS))
    return frozenset(squeezed(form) for form in (lowered, lowered.translate(_IN_DOMAINS), plain))


def carried_by(name: str, label: str) -> bool:
    """Tell whether a domain runs two words or more of a name together, others left out.

    "Harbour Museums Trust": harbourtrust; "Blyth & Sons": blythandsons.
    """
    spelt = [domain_spellings(word) | _JOINED.get(word, frozenset()) for word in name.split()]
    reached = {0: 0}  # characters of the label: most words that give them
    for forms in spelt[:_MOST_WORDS]:
        for place, count in tuple(reached.items()):
            for form in forms:
                if form and label.startswith(form, place):
                    end = place + len(form)
                    reached[end] = max(reached.get(end, 0), count + 1)
    return reached.get(len(label), 0) > 1


def squeezed(text: str) -> str:
    """Return letters and digits alone, in lower case: to compare names with domains."""
    return "".join(char for char in text.casefold() if char.isalnum())
