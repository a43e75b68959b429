"""What a mail says about later: the papers stay on file, apply again from a date on."""

import re
from datetime import date, timedelta

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.types import EPOCH, Message

_PAPERS = (
    "(resume|résumé|resumé|cv|c\\.v\\.|details|application|information|info|profile|data|records?|"
    "file)"
)
_ON_FILE = Phrases(
    r"""
en:
    keep|keeping|retain*|hold( on)?( to)?|hanging on to|hang on to|maintain|store|save|remain|
        include … <papers> … (on (file|hand|record)|(system|database|records?|files?|pool|
        network)|active|for (\w+ ){0,3}(future|other|further|consideration|opportunit*|months?|
        years?)|should|if|in case|with us|consider*|(and|to) (will|may|reach|let|contact|would|
        we))
    (keep|retain|maintain|hold on to|hang on to|keep hold of) (a copy of )?your <papers>(?! (up|
        private|safe|secure|confidential|updated|current))
    your( \w+){0,2} <papers> … (kept|retained|remain*|stored|stay*|saved) … (on file|on hand|
        database|system|records?|pool|future|active|with us|consider*)
    <papers> … (is|be|been) kept (with|on|in|for)
    add(ed)? you to our (talent|candidate)|keep you on (file|our)|on file
de:
    unterlagen|bewerbung|profil|daten|lebenslauf|sie|dich|kontaktdaten … (talentpool|
        talent-pool|bewerberpool|kandidatenpool|evidenz|vormerken|vorgemerkt|bewerberdatenbank|
        datenbank|weiter(hin)? (gespeichert|aufbewahren))
    (behalten|bewahren|nehmen|speichern) … (unterlagen|bewerbung|profil|lebenslauf|sie|dich)
        … (künftig*|zukünftig*|auf|pool|zukunft|weiter*|falls|datenbank)
    (unterlagen|profil) … behalten
fr:
    (conserv*|gard*|intégr*) … (candidature|profil|cv|dossier|coordonnées|données)
    vivier|cvthèque
es:
    (conserv*|guard*|manten*|incorpor*|tendremos) … (currículum|curriculum|cv|datos|candidatura|
        perfil|información)
    base de datos (de candidatos|para)
it:
    (conserv*|terremo|manterremo|inserir*|archivi*) … (cv|curriculum|candidatura|profilo|dati)
nl:
    (bewaren|bewaar|houden|opnemen|behouden) … (gegevens|cv|sollicitatie|profiel|portefeuille|
        talentpool|database)
    (gegevens|cv|sollicitatie|profiel) … (bewaren|bewaard|in portefeuille|talentpool|achter de
        hand)
pt:
    (manteremos|mantemos|manter|guardaremos|guardar|ficará|conservar*) … (currículo|cv|perfil|
        dados|candidatura|cadastro)
    banco de talentos
pl:
    (zachowa*|przechowa*|pozostaw*|przechowywać) … (cv|aplikacj*|zgłoszeni*|dan*|profil*|
        dokument*)
    baz* kandydatów
sv:
    (sparar?|behåll*|sparas) … (ansökan|cv|uppgifter|profil)
    kandidatbank*
da no:
    (gemme*|behold*|opbevare*|lagre*) … (ansøgning|cv|oplysninger|profil|søknad|data)
    """,
    papers=_PAPERS,
)
_NOT_KEPT = Phrases(
    r"""
en:
    (not|n't|never) (\w+ )?(keep|retain|store|hold)|delet*
    if you (no longer|don't|do not) (wish|want)|keep (your|an) eye
de:
    lösch*|vernicht*
fr:
    supprim*|détrui*
es:
    borr*|elimin*
it:
    cancell*|elimin*
nl:
    verwijder*|vernietig*
pt:
    exclu*|apag*
pl:
    usun*|usuwa*
sv da no:
    radera*|slett*|tar bort
    """
)

_APPLY_AGAIN = Phrases(
    r"""
en:
    re-?appl*|apply (again|for (the same|this|another)|once)|try again
    appl(y|ying|ication|ications) (\w+ ){0,6}(again|once every)
    wait … (before|until)|next application|consider your application for the same
    (get back|come back|be in touch) (to|with) us
de:
    (erneut|wieder|nochmals?) (\w+ )?bewerb*|neue bewerbung|bewerben sie sich
fr:
    postuler (à nouveau|de nouveau)|à nouveau (votre candidature|postuler)|re-?postuler
    renouveler votre candidature|nouvelle candidature
es:
    (volver|vuelv*) a (\w+ )?(postular*|aplicar|presentar*|solicitar)
    (postular*|presentar*) (de nuevo|nuevamente)
it:
    ricandidar*|candidar(ti|si) (di nuovo|nuovamente)
    nuovamente la (tua|sua) candidatura|nuova candidatura
nl:
    (opnieuw|weer|nogmaals) (\w+ )?(te )?sollicit*
pt:
    (candidatar-?se|candidate-?se|aplicar|inscrever-?se) (novamente|de novo|outra vez)
pl:
    (ponown*|jeszcze raz) … (aplik*|zgłosz*|kandyd*)
    aplikować ponownie
sv:
    (söka|ansöka|ansök|sök)* igen
da no:
    (søge|søk|ansøge|søke)* igen|igen søge|søke på nytt
    """
)
_NUMBERS = {
    word: number
    for number, words in {
        1: "one a an ein eine einem einen einer un une uno una een um uma jeden rok ett en et",
        2: "two zwei deux dos due twee dois duas dwa två to",
        3: "three drei trois tres tre drie três trzy",
        4: "four vier quatre cuatro quattro quatro cztery fyra fire",
        5: "five fünf cinq cinco cinque vijf pięć fem",
        6: "six sechs seis sei zes sześć sex seks",
        9: "nine neun neuf nueve nove negen dziewięć nio ni",
        12: "twelve zwölf douze doce dodici twaalf doze dwanaście tolv",
        18: "eighteen achtzehn dix-huit dieciocho diciotto achttien dezoito osiemnaście arton",
    }.items()
    for word in words.split()
}
_MONTHS_IN = {
    **dict.fromkeys(
        "month months monat monate monaten mois mes meses mesi mese maand maanden mês miesiąc "
        "miesiące miesięcy månad månader måned måneder".split(),
        1,
    ),
    **dict.fromkeys(
        "year years jahr jahre jahren jahres an ans année années año años anno anni jaar ano anos "
        "rok lata år".split(),
        12,
    ),
}
_SPAN = re.compile(
    r"\b(?:in|after|for|wait|least|of|every|within|nach|dans|après|d'ici|en|de|tras|tra|fra|dopo|"
    r"over|na|a|após|depois de|za|po|om|efter|etter)\s+"
    r"(?:a |at least |another |about |the next |a minimum of |minimum |mindestens |frühestens |"
    r"au moins |al menos |almeno |minstens |pelo menos |co najmniej |minst |mindst )?"
    r"(?P<count>\d{1,2}|[^\W\d]{1,10})\s+(?:\(\d{1,2}\) )?(?P<unit>[^\W\d]{2,9})\b",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio januari janeiro stycznia styczeń",
            "february feb februar février febrero febbraio februari fevereiro lutego luty",
            "march mar märz mars marzo maart março marca marzec marts",
            "april apr avril abril aprile kwietnia kwiecień",
            "may mai mayo maggio mei maio maja maj",
            "june jun juni juin junio giugno junho czerwca czerwiec",
            "july jul juli juillet julio luglio julho lipca lipiec",
            "august aug août agosto augustus sierpnia sierpień augusti",
            "september sep sept septembre septiembre settembre setembro września wrzesień",
            "october oct oktober octobre octubre ottobre outubro października październik",
            "november nov novembre noviembre novembro listopada listopad",
            "december dec dezember décembre diciembre dicembre dezembro grudnia grudzień",
        ),
        1,
    )
    for name in names.split()
}
_ON = re.compile(
    r"\b(?:after|from|until|before|as of|in|starting|ab|nach|vor|im|partir de|après|en|de|da|dopo|"
    r"vanaf|na|após|od|po|från|efter|fra|etter)\s+"
    r"(?:the |early |late |the end of |mid-?|dem |der |le |el |il |het |o )?"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s+(?:of |de |d')?)?"
    r"(?P<month>[^\W\d]{3,12})\.?\s*(?:(?P<late>\d{1,2})(?:st|nd|rd|th)?,?\s+)?"
    r"(?:of |de )?(?P<year>20\d\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_NEXT_YEAR = Phrases(
    r"""
en:
    next (year|season)
de:
    (nächste|kommende)[sn] jahr
fr:
    l'(an prochain|année prochaine)
es:
    el (próximo año|año que viene)
it:
    l'anno prossimo|il prossimo anno
nl:
    volgend jaar
pt:
    próximo ano
pl:
    w przyszłym roku
sv da no:
    nästa år|næste år|neste år
    """
)


def keeps_on_file(prose: Prose) -> bool:
    """Tell whether the employer keeps the papers for other openings."""
    return any(
        _ON_FILE.found_in(line, prose.language) and not _NOT_KEPT.found_in(line, prose.language)
        for line in prose.sentences
    )


def reapply_after(message: Message, prose: Prose) -> date | None:
    """Return the day from which an application is welcome again, reckoned from the mail's own."""
    written = message.date or message.received
    for sentence in prose.sentences:
        if not _APPLY_AGAIN.found_in(sentence, prose.language):
            continue
        if (named := _named_date(sentence)) is not None:
            return named
        if written > EPOCH and (reckoned := _reckoned(sentence, written.date(), prose)) is not None:
            return reckoned
    return None


def _named_date(sentence: str) -> date | None:
    if (iso := _ISO.search(sentence)) is not None:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    for match in _ON.finditer(sentence):
        month = _MONTHS.get(match["month"].casefold())
        if month is not None:
            return _date(int(match["year"]), month, int(match["day"] or match["late"] or 1))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # "31 February": nobody meant that day, and it is no certainty
        return None


def _reckoned(sentence: str, written: date, prose: Prose) -> date | None:
    for match in _SPAN.finditer(sentence):
        unit = _MONTHS_IN.get(match["unit"].casefold())
        count = _NUMBERS.get(match["count"].casefold(), 0)
        count = int(match["count"]) if match["count"].isdecimal() else count
        if unit and count:
            return _months_later(written, count * unit)
    next_year = _NEXT_YEAR.found_in(sentence, prose.language)
    return date(written.year + 1, 1, 1) if next_year else None


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
