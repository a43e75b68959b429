"""The words of a mail → whether a program sends them: of an absence, a departure, a ticket.

RFC 3834 §5 asks such programs for a header; these are the ones that set none.
"""

# ruff: noqa: RUF001  (the apostrophe of a word processor is meant)

from inboxbot.core.facts.answerable import has_left
from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.types import Message

_LONGEST_NOTE = 70  # words
_ABSENT = Phrases(
    r"""
en:
    out of (the |my )?office|ooo|away (until|till)|(on|annual|parental|maternity|paternity|
        sick) leave|on (vacation|holiday)|away from (my desk|the office|\d+)|back in the office
    limited access to (my )?e-?mail|(mailbox|inbox|address|account) is (no longer|not) (monitored|
        read|in use)|(e-?mail|message) (has|will) not (been |be )?forwarded
de:
    nicht im (büro|haus)|außer haus|abwesen(d|heit)|im urlaub|elternzeit|mutterschutz|wieder (
        erreichbar|im büro|für (sie|dich) da)|(wird|werden) nicht (automatisch )?weitergeleitet
fr:
    absente? (du|jusqu|pour|de|d')|en congés?|de retour au bureau|congé (maternité|parental|
        paternité)
es:
    fuera de (la )?oficina|(de|por) vacaciones|ausente (de|hasta|por)
    (baja|permiso) (de maternidad|maternal|por maternidad|médica)
it:
    fuori (sede|ufficio)|in ferie|assente (dal|fino|per)|in maternità|congedo (parentale|di
        maternità)
nl:
    niet op kantoor|afwezig|met (vakantie|verlof|zwangerschapsverlof)
pt:
    fora do escritório|de férias|ausente (de|da|do|até|por)|licença (de )?(maternidade|parental|
        paternidade|médica)
pl:
    poza biurem|na urlopie|nieobecn[ay]|urlop(ie|u)? (macierzyńsk|rodzicielsk|wychowawcz)*
sv:
    inte på kontoret|på semester|frånvarande|(föräldra|mamma|pappa|sjuk)ledig
da no:
    ikke på kontoret|på ferie|(holder|har) ferie|fraværende|på (barsel|orlov)|(barsels|
        forældre)orlov
"""
)
_AUTOMATIC = Phrases(
    r"""
en:
    automatic (reply|response)|(this|message|e-?mail|reply) (\w+ ){0,3}(automatically
        (generated|sent)|auto-?generated)
    (ticket|request|enquiry|inquiry) … (has been|was) (received|created|opened|logged)(?! by)
de:
    automatisch (generiert|erstellt|erzeugt|versandt|verschickt)*
    (ticket*|vorgangsnummer|anfrage|nachricht|e-mail) … (eingegangen|erfasst|angelegt)
fr:
    réponse automatique|(généré|envoyé)e? automatiquement
    (demande|ticket) … (enregistrée?|prise? en compte)
es:
    respuesta automática|(generado|enviado) automáticamente
    (solicitud|ticket|consulta) … (recibid[oa]|registrad[oa])
it:
    risposta automatica|(generat|inviat)[oa] automaticamente
    (richiesta|ticket) … (ricevut[oa]|registrat[oa]|pres[oa] in carico)
nl:
    automatisch (antwoord|gegenereerd|verzonden)
    (verzoek|ticket|vraag) … (ontvangen|geregistreerd|aangemaakt)
pt:
    resposta automática|(gerad|enviad)[oa] automaticamente
    (pedido|ticket|chamado) … (recebido|registad[oa]|registrad[oa]|aberto)
pl:
    automatyczna odpowiedź|wygenerowan[ay] automatycznie
    (zgłoszenie|zapytanie) … (zarejestrowan|przyjęt)[eoay]
sv:
    automatiskt (svar|genererat|skickat)|ärende* … (registrerats|tagits emot|skapats)
da no:
    automatisk (svar|genereret|generert|sendt)
    (henvendelse*|ticket) … (modtaget|oprettet|registreret|mottatt)
"""
)
# Whoever speaks of an absence that is over has come back, and writes.
_BACK = Phrases(
    r"""
en:
    was (\w+ )?(on|away|out|off)|(I've|I have|I'd|I had) (\w+ )?been
    (I'm|I am|just) (got |come )?back|returned from|sorry for
de fr es it nl pt pl sv da:
    war|gewesen|étais|été|estaba|estuve|estado|ero|stat[oa]|was ik|ik was|estava|estive|byłem|byłam|
        har varit|var|har været
"""
)


def is_absence(message: Message) -> bool:
    """Tell whether this is the note of somebody who is not there, or not any more."""
    note = _note(message)
    absent = _ABSENT.found_in(note, None) or has_left(note, None)
    return absent and not _BACK.found_in(note, None)


def is_automatic(message: Message) -> bool:
    """Tell whether the mail itself says that no person wrote it, or what number it was given."""
    return _AUTOMATIC.found_in(_note(message), None)


def _note(message: Message) -> str:
    """Return the text of a mail as machines write: short, without a quotation; else nothing."""
    words = message.text.split()
    if message.quoted or len(words) > _LONGEST_NOTE:
        return ""
    return " ".join(words).replace("’", "'")
