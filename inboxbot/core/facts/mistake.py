"""Whether a mail takes an earlier no back: it was sent by mistake, or the matter is open again."""

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


def takes_back(prose: Prose) -> bool:
    """Tell whether the mail says that an earlier one of theirs does not hold."""
    return any(
        _TAKEN_BACK.found_in(sentence, prose.language) and not _SMALL_PRINT.search(sentence)
        for sentence in prose.sentences
    )
