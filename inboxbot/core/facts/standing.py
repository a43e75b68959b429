"""Whether a no stands: it may be taken back, reported of somebody else, or the user's own doing."""

import re

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose

_TAKEN_BACK = Phrases(
    r"""
en:
    (e-?mail|message|mail|letter|rejection|note|notification|decline) … (sent|went out|issued|
        triggered|generated) … (in error|by (mistake|accident)|accidentally|erroneously|mistakenly)
    (that|it) (was sent|went out) (in error|by (mistake|accident)|accidentally)
    (accidentally|erroneously|mistakenly) (sent|e-?mailed|sending) … (rejection|e-?mail|message|
        mail|note|notification)
    (sent|received|got) … (rejection|decline) … (in error|by (mistake|accident))
    (disregard|ignore) (our|my|the|that|this|any) (previous|earlier|last|prior|recent|rejection|
        automat*|first) (e-?mail|message|rejection|letter|note|mail|notification)
    (disregard|ignore) (that|the|our|my) (e-?mail|message|rejection|letter|note|mail)
    (reconsidered|reopened|re-opened|reviving|reactivated) your (application|candidacy)
    (would|'d|want to|happy to|glad to) … reopen your (application|candidacy)
de:
    (mail|e-mail|nachricht|absage|schreiben) … (versehentlich|irrtümlich*|fälschlich*|aus versehen|
        durch ein(en)? (fehler|versehen))
    (versehentlich|irrtümlich*|fälschlich*|aus versehen) … (mail|e-mail|nachricht|absage)
    (absage|letzte (mail|e-mail|nachricht)|vorige (mail|nachricht)) … (gegenstandslos|hinfällig|
        ignorieren|zurücknehmen|zurückziehen|betrachten sie)
    (ignorieren|vergessen) sie (bitte )?(unsere|meine|die) … (mail|e-mail|nachricht|absage)
fr:
    (mail|e-mail|courriel|message|refus|réponse) … (par erreur|erreur de (notre|ma) part)
    (par erreur) … (mail|e-mail|courriel|message|refus|réponse)
    (ne pas tenir compte|ignorer) (du|de notre|de mon|notre|mon|le|la) … (mail|e-mail|
        courriel|message|refus)
es:
    (correo|mensaje|mail|e-mail|rechazo|respuesta) … (por error|por equivocación)
    (por error|por equivocación) … (correo|mensaje|mail|e-mail|rechazo)
    (ignore|ignora|omita|haga caso omiso|hagas caso) … (correo|mensaje|mail|e-mail)
        (anterior|previo|de ayer|de rechazo)
it:
    (mail|e-mail|messaggio|risposta|rifiuto|comunicazione) … (per errore|per sbaglio|erroneamente)
    (per errore|per sbaglio|erroneamente) … (mail|e-mail|messaggio|comunicazione)
    (ignorare|ignori|cestinare|non tenere conto|non tenga conto) … (mail|e-mail|messaggio|
        comunicazione) (precedente|di ieri|delle)
nl:
    (mail|e-mail|bericht|afwijzing) … (per (abuis|ongeluk|vergissing)|ten onrechte|abusievelijk)
    (per (abuis|ongeluk|vergissing)|ten onrechte|abusievelijk) … (mail|e-mail|bericht|afwijzing)
    (beschouw|negeer) (onze|mijn|de) … (mail|e-mail|bericht|afwijzing)
pt:
    (e-mail|email|mensagem|resposta) … (por (engano|erro|lapso|equívoco))
    (por (engano|erro|lapso|equívoco)) … (e-mail|email|mensagem)
    (desconsider*|ignor*) … (e-mail|email|mensagem) (anterior|de ontem)
pl:
    (wiadomość|mail|e-mail|odmow*) … (przez pomyłkę|omyłkowo|pomyłkowo|błędnie)
    (przez pomyłkę|omyłkowo|pomyłkowo) … (wiadomość|mail*|e-mail*|odmow*)
sv:
    (mejl*|mail*|e-post|meddelande*|avslag*) … (av misstag|felaktigt|misstag)
    bortse från (vårt|mitt|det) … (mejl*|mail*|e-post|meddelande*|avslag*)
da no:
    (mail*|e-mail*|besked*|afslag*|avslag*|e-post*) … (ved en fejl|ved en feil|fejlagtigt)
    (se bort fra|ignorer*) (vores|min|mit|vårt|det|den) … (mail*|e-mail*|besked*|afslag*|avslag*)
"""
)


# "If you have received this message in error": the small print of any mail.
_SMALL_PRINT = re.compile(
    r"\b(?:if|sollten|wenn|falls|indien|hebt u|als u|qualora|se lo|se l'|chi lo|caso|se [oa]|jeśli"
    r"|jeżeli|har du|om du|hvis)\b|\bsi (?:vous|lo|la|ha|usted)\b"
    r"|intended recipient|confident?i[ae]l|confidencial|vertraulich|riservat|vertrouwelijk",
    re.IGNORECASE,
)


_WITHDRAWN = Phrases(
    r"""
en:
    (application|candidacy) (has been|was|is( now)?) withdrawn (at|on|upon|per|following|by) your?
    withdrawn (at|on|upon|per|following) your (own )?request
    (we have|we've|have now|have duly) withdrawn your (application|candidacy)
    you (have |had )?(withdrew|withdrawn) your (application|candidacy|interest)
    (confirm*|acknowledge|received|processed|noted) … withdrawal of your (application|candidacy)
    (confirm*|acknowledge|received|processed|noted) … your withdrawal
    (you|your) … (application|candidacy)( \w+){0,4} has been withdrawn
    (I|we) (\w+ ){0,5}withdraw(ing)? my (application|candidacy)
    (please|like to|want to|must|have to|decided to) withdraw my (application|candidacy)
    (consider|regard|treat) my (application|candidacy) … withdrawn
    I (\w+ ){0,5}withdraw(ing|n)? from (the|your|this) (\w+ ){0,3}(process|procedure|selection|
        competition|search)
    I (no longer (wish|want|would like)|(do not|don't) (wish|want)) to be considered(?! an?\b)
de:
    bewerbung … (gewünscht|wunsch|gebeten|ihnen) … zurückgezogen
    (auf|nach) ihr(en|em) wunsch … zurückgezogen
    (dass|da) sie … bewerbung … zurückgezogen haben
    (rückzug|rücknahme|zurückziehung) (ihrer|deiner|meiner) bewerbung
    (ziehe|möchte|muss) … (bewerbung|kandidatur) … zurück(ziehen)?
    meine (bewerbung|kandidatur) ((?!nicht\b)\S+ ){0,6}(zurückgezogen|gegenstandslos)
    (ziehe|möchte|muss) mich … (verfahren|prozess|bewerbungsverfahren|auswahlverfahren) … zurück*
fr:
    (retrait de|retiré) (votre|ta|ma) candidature|candidature a (bien )?été retirée
    (retire|retirer) ma candidature|je me (retire|désiste)
es:
    (retirad[ao]|retirada de) (su|tu) candidatura|ha retirado su candidatura
    (retirar|retiro) mi candidatura|(me retiro|retirarme) del proceso
it:
    (ha ritirato|ritiro della) (la )?sua candidatura|candidatura è stata ritirata
    (ritirare|ritiro) la mia candidatura|(mi ritiro|ritirarmi) dalla selezione
nl:
    (sollicitatie|kandidatuur) … (heeft|hebt) ingetrokken|uw sollicitatie is ingetrokken
    (trek|wil) … mijn sollicitatie … (in|intrekken)
    (trek|wil) (ik )?me (graag )?terug*
pt:
    (retirad[ao]|retirada de|desistência de) (a )?sua candidatura
    (retirar|retiro|desistir d) … minha candidatura
pl:
    (wycofan*|wycofał*) … (Państwa|Pani|Pana|swoj*) (aplikacj*|zgłoszeni*|kandydatur*)
    (wycofuję|wycofać) (moj*|swoj*) (aplikacj*|zgłoszeni*|kandydatur*)
sv:
    (du har|ni har) (dragit|återkallat) … ansökan|(drar|dra|återkallar) … min ansökan
da no:
    (du har) trukket … (ansøgning|søknad)|(trækker|trekker|trække) … min (ansøgning|søknad)
"""
)
_IN_QUOTATION_MARKS = re.compile(r'["“„«]([^"“”„«»]{25,700})["”“»]')
_ENOUGH_TO_FIND = 60  # characters of a sentence


def withdrawn(prose: Prose) -> bool:
    """Tell whether the candidate has withdrawn: as the employer confirms, or in his own words."""
    return _WITHDRAWN.found_in(prose.text, prose.language)


def reported(prose: Prose, evidence: str) -> bool:
    """Tell whether the sentence that decides stands in quotation marks: somebody else's no."""
    text = " ".join(prose.sentences)
    sentence = " ".join(evidence.split()).strip('"“”„«» ')
    place = text.find(sentence[:_ENOUGH_TO_FIND]) if sentence else -1
    return any(
        quoted.start() <= place < quoted.end() for quoted in _IN_QUOTATION_MARKS.finditer(text)
    )


def takes_back(prose: Prose) -> bool:
    """Tell whether the mail says that an earlier one of theirs does not hold."""
    return any(
        _TAKEN_BACK.found_in(sentence, prose.language) and not _SMALL_PRINT.search(sentence)
        for sentence in prose.sentences
    )
