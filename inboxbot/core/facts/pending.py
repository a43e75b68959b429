"""Whether the decision is still to come: the mail invites, waits for somebody, calls a talk off."""

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose

_INVITES = Phrases(
    r"""
en:
    <gladly> to (\w+ ){0,3}(invite|ask) you … (to|for) (an?|the|our|your) (\w+[ -]){0,3}<talk>
    <gladly> to (\w+ ){0,3}interview you
    <gladly> to (\w+ ){0,3}(schedule|arrange|set up|book) (an?|your|the) (\w+[ -]){0,3}<talk>
    would <day> … (suit|work)( for)? you|(does|would) the \d{1,2}(st|nd|rd|th) … suit
de:
    (möchte*|würde*|freu*) … <gespräch> … (einladen|einzuladen)
    (lade|laden) (sie|dich|euch) … (<gespräch>|uhr) … ein
    (passt|würde) (es )?(ihnen|dir) … (uhr|montag|dienstag|mittwoch|donnerstag|freitag|termin)
fr:
    (souhait*|aimer*|plaisir|ravi*|heureux|heureuse) … (inviter|convier|rencontrer|proposer) …
        (entretien|échange|rendez-vous)
es:
    (gustaría|encantaría|queremos|quisiéramos|complace) … (invitar*|citar*|convocar*) … entrevista
it:
    (vorremmo|piacerebbe|lieti|felici) … (invitar*|convocar*|incontrar*) … colloquio
nl:
    (willen|wil|graag) … (gesprek*|kennismaking*|interview) … (uitnodigen|uit te nodigen)
    (nodigen|nodig) … (gesprek*|kennismaking*|interview) … uit
pt:
    (gostaríamos|gostaria|queremos|prazer) … (convidar|convidá-l*|chamar) … entrevista
pl:
    (zapraszamy|zapraszam|zaprosić) … (rozmow*|spotkani*)
sv:
    (vill|gärna|skulle) … (bjuda|kalla) … (intervju*|samtal|möte)
da no:
    (vil|gerne|gjerne) … (invitere|indkalde|innkalle) … (samtale*|intervju*|interview)
""",
    gladly="(like|love|happy|pleased|delighted|glad|excited|want|keen)",
    talk="(interview|call|chat|conversation|meeting|assessment|trial|round)",
    day="(\\w+ )?(mon|tues|wednes|thurs|fri)day( \\w+){0,3}",
    gespräch="((vorstellungs|kennenlern|bewerbungs|erst|video|telefon)?gespräch*|interview*|"
    "kennenlern*|probetag*|probearbeit*)",
)
_INVITED_NOBODY = Phrases(
    r"""
en:
    stay in touch|talent (community|pool|network)|newsletter
    not|n't|unable|cannot|unfortunately|regret*|(was|were|been) (pleased|happy|glad|delighted)
    (would|could) have|future|feedback|if|other (candidates|applicants|people)
de:
    nicht|kein*|leider|bedau*|hätte*|künftig*|zukunft|feedback|rückmeldung|falls|wenn
fr:
    pas|malheureusement|regret*|aurions|aurais|avenir|si|lors de|eu le plaisir|vous avoir
es it pt:
    durante|foi|fue|ha sido|è stato|haber*
    no|não|non|lament*|purtroppo|infelizmente|futur*|hubiéramos|avremmo|teríamos|si|se
nl:
    mochten|bedanken
    niet|geen|helaas|spijt*|hadden|toekomst|als|indien
pl:
    nie|niestety|przyszłoś*|jeśli|podzięk*
sv da no:
    (tacka|takke) (\S+ )?(för|for)
    inte|ikke|tyvärr|desværre|dessverre|framtid*|fremtid*|hade|hvis|om du
"""
)
_WAITS = Phrases(
    r"""
en:
    (should|if|in case) (he|she|they|that person|<first>) … (decline*|turn* (\w+ ){0,3}down|
        withdraw*|pull* out|drop* out|not accept*|fall* through)
    (not|n't) (yet )?(made|reached|come to) a( final)? decision|not (yet )?decided|yet to decide
    no( final)? decision has (yet )?been (made|taken|reached)( yet)?
    you (are|were|remain) (our|the) (second|next) choice|you (are|remain) (the )?(second|next) on
        (the|our) list
de:
    (sollte*|falls|wenn) … (erste wahl|favorit*|andere* (kandidat*|bewerber*)|er|sie) …
        (absag*|abspring*|ablehn*|nicht annehm*)
    noch (keine( endgültige)? entscheidung|nicht entschieden)|entscheidung (steht noch|ist
        noch (nicht|offen))
fr:
    (si|au cas où) … (candidat*|personne|elle|il) … (désist*|refus*|déclin*|renon*)
    (pas|aucune) (encore )?(pris )?(de )?décision (prise|arrêtée|définitive)
es it pt:
    (si|se|caso) … (candidat*) … (rechaz*|declin*|renunci*|rifiut*|rinunci*|desist*|recus*)
    (aún|todavía) no (hemos|se ha) (tomado|decidido)|non (abbiamo|è stata) ancora (preso|presa)
    ainda não (temos|tomámos|tomamos|decidimos)
nl:
    (mocht*|als|indien) … kandida* … (afzeg*|afwijz*|bedank*|afhaak*|terugtrek*)
    nog geen (definitieve )?(beslissing|besluit|keuze)
pl:
    (jeśli|jeżeli|gdyby) … kandydat* … (zrezygn*|odmówi*|odrzuci*)
    nie podjęliśmy jeszcze
sv da no:
    (om|hvis|skulle) … (kandidat*) … (tacka* nej|takke* nei|sige* nej|hoppa* av|trække* sig)
    (ännu|endnu|ennå) (inte|ikke) (beslutat|bestämt|besluttet|bestemt)
""",
    first="(the|our) (first|other|preferred|successful|top) (choice|candidate|applicant|person)",
)
# The talk itself, not the opening after it: "the role was cancelled after your interview".
_CALLED_OFF = Phrases(
    r"""
en:
    cancel* (the|our|your|this|that|\w+'s) (\w+ ){0,2}<talk>(?! (process|stages?|rounds?))
    call(ing)? off (the|our|your|\w+'s) (\w+ ){0,2}<talk>
    <talk> ((on|at|for|with|scheduled|\w+day|tomorrow|has|have|had) ){0,5}(is|was|been|be)
        (cancelled|canceled|called off)
de:
    <gespräch> (\S+ ){0,4}(entfällt|ausfallen|fällt aus)
    (geplante|vereinbarte|angesetzte|morgige|heutige)[nrsm]? <gespräch> … (absag*|abgesagt)
    <gespräch> (am|morgen|heute|nächste) ((?!ihnen|dir)\S+ ){0,4}(absag*|abgesagt)
fr:
    annul* (l'|notre |votre |le )(entretien|rendez-vous)|(entretien|rendez-vous) (\S+ ){0,4}annulé
es pt:
    (cancel*|anul*) (la|su|tu|a|sua|nuestra|nossa) entrevista
    entrevista (\w+ ){0,4}(cancelad*|anulad*)
it:
    annull* (il|l'|nostro|suo|tuo) ?(\w+ )?(colloquio|incontro)
    (colloquio|incontro) (\w+ ){0,3}annullato
nl:
    gesprek (\w+ ){0,4}(afzeggen|af te zeggen|afgezegd|annuleren|geannuleerd|gaat niet door)
pl:
    (odwoł*|anulow*) (\w+ )?(rozmow*|spotkani*)|(rozmow*|spotkani*) (\w+ ){0,3}odwołan*
sv da no:
    (ställa in|aflyse*|avlyse*) (\w+ )?(intervju*|interview*|samtal*|møde*)
    (intervju*|interview*|samtal*) (\w+ ){0,3}(ställs in|inställ*|aflyst|avlyst)
""",
    talk="(interview|call|chat|meeting|conversation)",
    gespräch="((vorstellungs|kennenlern|bewerbungs)?gespräch|interview|termin)",
)
_ANOTHER_TIME = Phrases(
    r"""
en:
    reschedul*|postpone*|(new|another|different|alternative|later) (date|time|slot|day)
    (move|push) (it|this|our|your|the interview)
de:
    verschieb*|verlegen|(neue|anderer?|alternative)[nrs]? (termin|tag|uhrzeit)|stattdessen|ersatz*
fr es it pt:
    report*|autre (date|jour|créneau)|reprogram*|aplaz*|otr[ao] (fecha|día)
    adiar|outr[ao] (data|dia)|spost*|rinvi*|altr[ao] (data|giorno)
nl pl sv da no:
    verzet*|verplaats*|ander* (moment|datum|tijd)|przełoż*|przenie*|inn* termin*
    ny* tid|flytt*|udsæt*
"""
)
_WILL_WRITE = Phrases(
    r"""
en:
    (be|get|come) (straight )?(back )?(in touch|to you)|let you know|keep you (posted|updated)
de:
    melde* (mich|uns)|auf dem laufenden|auf (sie|dich) zu
    (gebe|geben) … bescheid
fr:
    reviendr*|recontacter*|tiendr*
es it pt:
    contactar*|contatt*|informar*|avisar*|ricontatt*|em contato
nl:
    kom* … op terug
    laat* … weten
pl:
    odezw*|wróc*|skontakt*
sv da no:
    återkom*|hör av|vender|hører fra
"""
)


def calls_off(prose: Prose) -> bool:
    """Tell whether the mail cancels a talk that was arranged, and proposes no other time."""
    return _is_cancelled(prose) and not _is_moved(prose)


def undecided(prose: Prose) -> bool:
    """Tell whether the mail invites to a next step, or says that the decision is still to come.

    It may be a no all the same, for another of the user's applications: nobody but the user knows.
    """
    put_off = _is_moved(prose) or _WILL_WRITE.found_in(prose.text, prose.language)
    if put_off and _is_cancelled(prose):
        return True
    return any(
        _WAITS.found_in(sentence, prose.language) or _invites(sentence, prose.language)
        for sentence in prose.sentences
    )


def _is_cancelled(prose: Prose) -> bool:
    return _CALLED_OFF.found_in(prose.text, prose.language)


def _is_moved(prose: Prose) -> bool:
    return "?" in prose.text or _ANOTHER_TIME.found_in(prose.text, prose.language)


def _invites(sentence: str, language: str | None) -> bool:
    if _INVITED_NOBODY.found_in(sentence, language):
        return False
    return _INVITES.found_in(sentence, language)
