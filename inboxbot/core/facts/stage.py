"""How far an application had come, as the mail says: by what it thanks for or looks back on.

Only what has happened counts. "We won't be inviting you to an interview" is no interview, so no
phrase here is the bare word.
"""

import re

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.types import Label, Stage

_FINAL = Phrases(
    r"""
en:
    runner-?up|came second|second place|other finalist|(any|none|neither) of the finalists
    (two|three|four|\d) (people|of you|candidates) left|last (two|three) (candidates|of you)
    (three|four|five|six) rounds|placed (second|third)|order of merit
    (final|last)[- ](round|stage|step|interviews?|panel|presentation)
    on-?site (interview|visit|day|round)|super ?day|as a finalist
    (one|among|amongst)( of)? (the|our|two|three)? ?(final|finalists?|last two)
    (came|made it|got|reached|progressed|advanced) (all the way )?(to|into|as far as)
        (the |our )?(final|last|end)
de:
    (letzte|finale|abschließende|engste)[nrsm]? (runde|gespräch|auswahlrunde|auswahl|kreis|
        schritt|interview)
    endrunde|finalrunde|finalgespräch*|in die engere wahl gekommen
fr:
    dernière étape|dernier (tour|entretien)|entretien final|finalistes?|phase finale
    derniers candidats|dernière ligne droite
es:
    última (fase|etapa|ronda|entrevista)|fase final|etapa final|(entrevista|ronda) final
    finalistas?
it:
    ultima fase|fase finale|ultimo colloquio|colloquio finale|finalist[aie]
nl:
    laatste ronde|eindronde|(laatste|final) gesprek|eindgesprek|laatste twee|finale ronde
pt:
    última (fase|etapa|entrevista)|(etapa|fase|entrevista) final|finalistas?
pl:
    ostatni* (etap*|rund*|rozmow*)|finałow* (etap*|rozmow*)|końcow* etap*
sv:
    sista (omgången|steget|intervjun|rundan)|slutintervju*|slutkandidat*|finalrund*
da no:
    sidste (runde|samtale)|finalerunde*|siste (runde|runden|intervju*)|slutrunde*
    """
)
_TALK = "interviews?|conversations?|discussions?|meetings?|chats?|talk"
_INTERVIEW = Phrases(
    r"""
en:
    thank*|thanks|cheers|grateful … for (attending |taking part in |going to |coming to |
        the |your |joining )(the |your |
        our |an? )?(\w+ )?interviews?(?! (invit|offer))
    thank*|thanks|cheers|grateful … for (your|the) time (at|in|during|for|on) (the |your |our |
        an? )?(\w+ )?(interviews?|day)
    thank*|thanks|cheers … for (meeting|coming(?! forward)|spending|visiting|your visit|the (day|
        visit|lesson|conversation|chat)|making the (trip|journey)|your time (on|yesterday|today|with
        us|last))
    enjoyed|loved|liked|appreciated … (meeting|talking|your visit|having you|the (chat|
        conversation)|our (chat|talk))
    (walk-?in|panel|video|technical|face-to-face|managerial) interviews? (held|on|of|at|in|with)
    interviews? (results?|outcome|held|finished|went)|you were interviewed|your interviews? (in|at|
        on|for)
    (unsuccessful|successful) at interview|not been appointed
    (liked|enjoyed|loved|rated) you (\w+ )?(at|in) (the )?interview
    performed|came across … at interview
    (l\d|technical|managerial|hr|second|2nd) (technical )?round|recent interview
    (your|the|our|a|that|this) trial (shift|day|lesson|session|week)|your (trial|shift|audition|
        visit)|you interviewed (well|fine|very)
    thank*|grateful|appreciate*|enjoyed|pleasure|glad|great|nice|lovely|good … (to (interview|
        meet|talk|speak|chat|sit down)( with| to)? (with|us|you|me|the team|our team|everyone|
        several)|interviewing (with|for)|meeting (with )?(us|you|me|the team|our team)|
        (speaking|talking|chatting) (to|with) (us|you|me|the team|our)|our (<talk>)|your
        interview|for coming(?! forward)|coming (in|by|over)|to (meet|interview) us|to know you|to
        interview|you (spent|took) (talking|speaking|interviewing|meeting)|time with (us|our
        team|the team|me))
    (after|following|since|during|from|in|at|on|about|for) (\w+ ){0,2}(your|our|that|last
        week's|yesterday's|today's|(mon|tues|wednes|thurs|fri)day's) (\w+ ){0,2}(<talk>|panel|
        video call)(?! (process|stage|round|phase|team|panel|slot)s?)
    (after|following) (several|two|three|four|all|the|both) (\w+ )?(interviews|conversations)
    (you|we) (have |had |all |both |really )?(interviewed|met|spoke|talked|had (a|an|our|the)
        (\w+ )?(interview|conversation|chat|talk))(?! (all|many|several|some|with (several|
        other|many)|other|a number))
    cv and interview|your interview (with|on|last|yesterday|went|was)|your interviewers?
    (everyone|people) (you|who) (spoke|met|interviewed)
de:
    (für|nach|in|bei|während|an|aus) (\S+ ){0,7}((vorstellungs|kennenlern|bewerbungs|job|
        video)?(gespräch|gespräche|gesprächs|gesprächen)|interviews?)(?! (einladen|einzuladen|
        zu geben))
    (geführte|persönliche|angenehme|nette|offene|gute)[nrs]? (\w+ )?gespräch*
    kennenlernen durften|kennengelernt|kennen gelernt|(sie|dich) kennenzulernen
    gespräch gekommen|unterhalten haben|austausch mit (ihnen|dir)
    (für|nach) (das|dem|ihr|dein|unser) (\S+ ){0,2}kennenlernen
    (haben|hast|hatten|hattest) (sich|dich) (\S+ )?bei (uns|mir) … vorgestellt
    (auf|zu|über) (unser|unserem|das|ihr|ihrem|dein|deinem) (\S+ )?\w*gespräch
    dass (sie|du) (?!.{0,40}(hospit|probe|schnupper))(\S+ ){0,4}(da|hier|bei uns|vorbei) (waren|
        warst|gekommen)
fr:
    (suite (à|de)|après|lors de|pendant|pour|merci de|sur) (\S+ ){0,6}([ld]')?(entretiens?|
        échanges?|rencontre|rendez-vous|entrevue)
    ravis?|heureux|heureuse|plaisir|apprécié … (rencontrer|échanger|échange|entretien|rencontre)
    (pris le temps de|bien voulu|venue?) (nous )?(rencontrer|voir)|merci … d'être (venue?|passée?)
es:
    (tras|después de|durante|gracias por|en) (\S+ ){0,6}(entrevistas?|conversación|
        conversaciones|reunión|reuniones|charla)
    (acud(ir|ido|iste)|asist(ir|ido|iste)|ven(ir|ido)|viniste) a (la |una |nuestra )?entrevista
    gusto|placer|encantó|agradec* … (conocerte|conocerle|hablar con|conversar|entrevistarte|
        entrevista)
it:
    (dopo|durante|per|a seguito|seguito) (\S+ ){0,6}\w*'?(colloqui|colloquio|incontro|incontri|
        chiacchierata|conversazion*)
    piacere|lieti|felici … (conoscerti|conoscerla|incontrarti|incontrarla|parlare con)
    grazie|ringrazi* … esser(e|ti|si) (stat|venut|passat)[ao]|ci è piaciuto (parlare|incontrar*)
nl:
    (na|voor|tijdens|naar aanleiding van|van) (\S+ ){0,5}((sollicitatie)?(gesprek|gesprekken)|
        interviews?|kennismaking|ontmoeting)
    (op|bij) gesprek (was|bent geweest|kwam)|langs (bent ge)?(komen|gekomen|kwam)
    leuk|fijn|prettig|aangenaam … (kennis te maken|te spreken|te ontmoeten|gesprek|
        kennisgemaakt)
pt:
    (após|depois|durante|pela|pelas|na|nas|de) (\S+ ){0,4}(entrevistas?|conversas?|reunião|
        reuniões|bate-papo)
    (compare(cer|cido)|vi(r|ndo)|veio) (à|a|para a) (\S+ )?entrevista
    prazer|gostamos|gostei … (conhecer|conversar|falar com)
pl:
    (po|za|podczas|w trakcie) (\S+ ){0,5}(rozmow*|spotkani*)(?! z innymi)
    (udział|przybyci*|przyjści*|obecnoś*) (w|na) rozmow*
    miło|przyjemnością … (poznać|rozmaw*|spotka*)
sv:
    (efter|för|under|vid) (\S+ ){0,4}((anställnings)?intervju*|samtal*|möte*)
    (kom|komma|kommit) (hit )?(på|till) (\S+ )?intervju*
    trevligt|roligt|kul … (träffa|prata|möta)
da no:
    (efter|for|under|ved|etter) (\S+ ){0,4}((job)?samtale*|intervju*|interview*|møde*)
    (kom|komme|mødte) (op )?(til|på) (\S+ )?((job)?samtale*|intervju*|interview*)|snakken i_
    hyggeligt|rart|dejligt|hyggelig … (møde|tale med|snakke|møte)
    """,
    talk=_TALK,
)
# A first talk by telephone is a screening, whatever the mail calls it.
_SCREENING = Phrases(
    r"""
en:
    (recruiter|screening|introductory|intro|voice|phone|telephonic) (call|test|chat|conversation|
        round)
    the (chat|call) (on|last|yesterday|earlier)
    (tele)?phone[- ](interview|screen)|screening[- ](interview|call)|recruiter interview
    (our|your|the|a|that|this) (\w+ ){0,2}((tele)?phone|screening|intro|introductory|discovery|
        recruiter|exploratory|initial|first|quick|short)[- ](call|screen|chat|conversation|
        talk)s?
    (on|over|by) the (tele)?phone
de:
    telefon-?interview*|telefonat*|telefongespräch*|erstgespräch*|am telefon|telefoniert
    telefonische[nrs]? (gespräch*|interview*)
fr:
    (entretien|échange|appel|conversation) téléphonique|au téléphone
    premier (échange|appel)
es:
    (entrevista|llamada|conversación) telefónica|nuestra llamada|por teléfono
    primera (llamada|entrevista)|llamada inicial
it:
    colloquio (telefonico|conoscitivo)|telefonata|al telefono|primo colloquio
nl:
    telefonisch* (interview|gesprek|kennismaking|contact)|telefoongesprek|belafspraak|aan de
        telefoon
pt:
    entrevista (por telefone|telefônica)|telefonema|ligação|por telefone|primeira conversa
pl:
    rozmow* (telefoniczn*|wstępn*)|przez telefon
sv:
    telefonintervju*|telefonsamtal*|(över|på|per) telefon
da no:
    telefonsamtale*|telefoninterview*|telefonintervju*|(i|på|over) telefon*
    """
)
# A call that may as well be the interview itself.
_CALL = Phrases(
    r"""
en:
    (our|your|the) ((tele)?phone |zoom |video )?calls?(?! (for|to|center|centre|us))
    """
)
_ASSESSMENT = Phrases(
    r"""
en:
    (your|the) (results?|scores?|marks?|ratings?|grade) (for|of|in|on|did|was|were|fell|falls|is|
        from)
    group exercise|assessment (centre|center|day)|(online|national|situational) (assessment|test)s?
    (marked|marking|graded|scored) … (exercise|test|paper|challenge|task|work|cases?)
    (your|the) (coding|case|written|take-?home) (\w+ )?(exercise|challenge|study|test|task|work)
    thank*|complet*|submi*|review*|received|results? (of|from)|handed in|took|taking|after|
        following|sent|finish*|looked at|based on|solution (to|for)|work on|did … (assessments?(?!
        of (\w+ ){0,2}(applications?|candidates?|applicants?|cvs?|submissions?|your (\w+
        )?(application|cv|profile|experience|suitability)))|assignments?|take-?home|(coding|
        technical|online|case|skills?|aptitude|written|design|home)[- ](tests?|challenges?|
        exercises?|tasks?|stud*)|exercise|hackerrank|codility|homework|test task|work sample|trial
        task)
    (your|the) (\w+ )?(assessment|assignment|take-?home|exercise|coding challenge|test|case
        study)( \w+)? (was|were|results?|score|showed|did not|didn't|has been)
de:
    (nach|für|ihre[rn]?|deine[rn]?|die|den|der|des|vom|beim|im|zum)
        (\S+ ){0,4}(einstellungstests?|testaufgaben?|probeaufgaben?|fallstudien?|online-?tests?|
        online-?assessments?|arbeitsproben?|eignungstests?|coding-?challenge|hausaufgabe|
        assessment[- ]?centers?|case study|aufgabe)
fr:
    test technique|exercice|étude de cas|cas pratique|mise en situation|(évaluation|test) en
        ligne
es:
    prueba (técnica|online|práctica)|caso práctico|ejercicio|test técnico|evaluación (técnica|
        online)
it:
    prova (tecnica|pratica)|test (tecnico|online|attitudinale)|esercizio|caso studio
nl:
    assessment|(test|huiswerk|proef)?opdracht|casus|online test|capaciteitentest
pt:
    teste (técnico|online|prático)|desafio técnico|estudo de caso|avaliação (técnica|online)
pl:
    zadani* (rekrutacyjn*|testow*|techniczn*|domow*)|test* (techniczn*|online)
sv:
    arbetsprov*|testuppgift*|kodtest*|hemuppgift*|caseuppgift*|arbetstest*
da no:
    testopgave*|caseopgave*|hjemmeopgave*|opgaven du|oppgaven du|caseoppgave*
    """
)
_BY_STAGE = {
    Stage.FINAL: _FINAL,
    Stage.INTERVIEW: _INTERVIEW,
    Stage.SCREENING: _SCREENING,
    Stage.ASSESSMENT: _ASSESSMENT,
}
_TELEPHONE = Phrases(
    r"""
en:
    (tele)?phone[- ]interview|screening[- ]interview|recruiter interview
de:
    telefon-?interview*|telefonische[nrs]? (gespräch*|interview*)|telefongespräch*
fr:
    (entretien|échange|appel) téléphonique|premier échange
es:
    (entrevista|conversación) telefónica|primera entrevista
it:
    colloquio (telefonico|conoscitivo)|primo colloquio
nl:
    telefonisch* (interview|gesprek|kennismaking)|telefoongesprek
pt:
    entrevista (por telefone|telefônica)|primeira conversa
pl:
    rozmow* (telefoniczn*|wstępn*)
sv da no:
    telefonintervju*|telefonsamtal*|telefoninterview*
    """
)
# Sentences that speak of what may come, of others, or of the procedure in general.
_NOT_THIS = Phrases(
    r"""
en:
    (if|should|whether|unless|once|before) you(?! (met|spoke|interviewed|talked))
    other applications?|resources such as|understand that the|interviews that are
    (other|another|different) (\w+ )?(candidates?|applicants?|people|persons?) … (for|to|into) (the|
        an?|our) (\w+ ){0,2}(trial|interviews?|visit|day|assessment|test|round)
    (your |the )?assessment of (\w+ ){0,2}(applications?|candidates?|applicants?|cvs?|submissions?)
    (next|future|further|another|upcoming|possible) (interview|conversation|round|stage)
    not|unable|cannot|can't|won't|n't|without … (to (an|the|a|our) (\w+ )?(interview|round|
        stage)|for (an|the|a) (\w+ )?(interview|final|next)|offer you an|extend you|invit*|
        shortlist*|advanc*|in the (interview|final))
    candidates? (we (have )?interviewed|who (were|was|have been) interviewed|to interview)
    (interview|hiring|selection|recruitment) process (at|can|is)
de:
    (falls|wenn|sollten) (sie|du)
    nicht|keine?n? … (einladen|einzuladen|eingeladen)
    keine gelegenheit
fr:
    si vous
    ne (pouvons|sommes) … (inviter|proposer|convier|rencontrer)
es:
    si (desea|tienes|quieres)
    no (podemos|hemos podido) … (invitar|entrevista)
it:
    non (possiamo|potremo) … (invitar*|colloquio)
    se (desideri|vuoi)
nl:
    niet … (uitnodig*|uit te nodigen|uitgenodigd|worden uitgenodigd)
    uitgenodigd voor een gesprek
pt:
    não (podemos|poderemos) … (convidar|entrevista)
    se você
pl:
    nie … (zapros*|zaprosić)
    jeśli
sv:
    inte … (bjuda|kalla*)
    om du
da no:
    ikke … (invitere|indkalde|innkalle)
    hvis du
    """
)
# That there was an application.
_APPLIED = Phrases(
    r"""
en:
    appl(y|ied|ying|ication|icant|ications|icants)|candidates?|candidacy|candidature|
        r[ée]sum[ée]|cv|interest in|shortlist*|qualifications|submission
de:
    \w*bewerb*|unterlagen|lebenslauf|stelle
fr:
    candidature|postul*|votre (dossier|profil|cv)
es:
    candidatura|postul*|solicitud|proceso de selección|vacante
it:
    candidatura|candidat*|curriculum|selezione
nl:
    \w*sollicit*|vacature|kandida*
pt:
    candidatura|processo seletivo|vaga|currículo
pl:
    aplikac*|zgłoszen*|rekrutac*
sv da no:
    ansök*|sökt*|ansøgning*|søknad*|søgt|tjänsten|stillingen
    """
)
# The telephone that a date was arranged on is no talk about the job.
_ARRANGED = Phrases(
    r"""
en:
    as (discussed|agreed|arranged|mentioned) (\w+ )?((on|over|by) the (tele)?phone|by (tele)?phone)
de:
    wie (\S+ )?(am telefon|telefonisch) (\S+ )?(besprochen|vereinbart|abgesprochen|abgestimmt)
fr:
    comme (convenu|évoqué|vu) (\S+ )?(au|par) téléphone
es:
    como (hablamos|acordamos|comentamos) (\S+ )?por teléfono
it:
    come (concordato|d'accordo|anticipato) (\S+ )?(al telefono|telefonicamente)
nl:
    zoals (\S+ )?(telefonisch|aan de telefoon) (besproken|afgesproken)
pt:
    (como|conforme) (combinado|falámos|falamos) (\S+ )?(ao telefone|por telefone)
pl:
    zgodnie z (ustaleniami|rozmową) (telefoniczn*|przez telefon)
sv da no:
    (som|enligt) (\S+ )?(avtal*|överensk*|aftalt) (\S+ )?(per|på|over) telefon*
    """
)
_FIRST_TALK = Phrases(
    r"""
en:
    (phone|screening|intro|introductory|recruiter|exploratory|initial|quick|short|first|\d\d[-
        ]minutes?|\d\d[- ]min) (phone )?(call|screen|chat|conversation)
de:
    kurzes (gespräch|telefonat)
fr:
    bref échange
es:
    breve llamada
    """
)
# What is said of a talk while the decision is still to come; all else looks ahead.
_THANKED_FOR = Phrases(
    r"""
en:
    thank* … for (attending|coming (to|in|by)|going to|taking part in|joining) … (interview*|
        panel|trial|conversation)
    (thanks|thank you) (so much |very much |again )?for (the|our|your time (at|in|during|for))
        (\w+ ){0,2}(interview|conversation|chat|talk)(?! (invit|offer|request))
    enjoyed (meeting|talking|speaking|our)|you interviewed
    (great|good|nice|lovely|pleasure) (meeting|to meet|talking (to|with)|to talk (to|with)|speaking
        with|to speak with) you
de:
    dank* … für (das|unser|ihren|deinen|den) … (gespräch*|interview*|besuch|kennenlernen)
    kennengelernt|kennenlernen durften
fr:
    merci … pour (l'|notre|cet|votre) ?(\w+ )?(entretien|échange|rencontre)
es:
    gracias … por (la|tu|su|nuestra) (\w+ )?(entrevista|conversación)
it:
    grazie … per (il|l'|la) ?(\w+ )?(colloquio|incontro|chiacchierata)
nl:
    (dank*|bedankt) … voor (het|je|uw|ons) (\w+ )?(gesprek|interview|bezoek)
pt:
    obrigad* … (pela|por) (\w+ )?(entrevista|conversa)
pl:
    dziękuj* … za (\w+ )?(rozmow*|spotkani*)
sv da no:
    (tack|tak|takk) … (for|för) (\w+ )?(intervju*|interview*|samtal*|möte*|møde*)
"""
)
_NAMED_INTERVIEW = re.compile(r"\binterview", re.IGNORECASE)


def stage_in(prose: Prose, label: Label, *, rejects: bool) -> Stage | None:
    """Return the stage that was reached before a rejection, or that an invitation opens."""
    if rejects or label is Label.FEEDBACK:
        return _looked_back_on(prose)
    match label:
        case Label.INTERVIEW:
            return _invited_to(prose)
        case Label.ASSESSMENT:
            return Stage.ASSESSMENT
        case Label.ACKNOWLEDGEMENT:
            return Stage.INTERVIEW if _is_thanked_for(prose) else Stage.APPLICATION
        case Label.OTHER_JOB:
            return Stage.INTERVIEW if _is_thanked_for(prose) else None
        case _:
            return None


def _looked_back_on(prose: Prose) -> Stage | None:
    language = prose.language
    told = "\n".join(line for line in prose.sentences if not _NOT_THIS.found_in(line, language))
    told = _ARRANGED.pattern(language).sub(" ", told)
    met = _TELEPHONE.pattern(language).sub(" ", told)
    for stage, phrases in _BY_STAGE.items():
        if phrases.found_in(met if stage is Stage.INTERVIEW else told, language):
            return stage
        if stage is Stage.SCREENING and _CALL.found_in(told, language):
            return stage
    applied = _APPLIED.found_in(f"{prose.subject}\n{prose.text}", language)
    return Stage.APPLICATION if applied else None


def _is_thanked_for(prose: Prose) -> bool:
    """Tell whether a mail that decides nothing looks back on a talk."""
    return any(
        _THANKED_FOR.found_in(line, prose.language) and not _NOT_THIS.found_in(line, prose.language)
        for line in prose.sentences
    )


def _invited_to(prose: Prose) -> Stage:
    text = _ARRANGED.pattern(prose.language).sub(" ", f"{prose.subject}\n{prose.text}")
    if _FINAL.found_in(text, prose.language):
        return Stage.FINAL
    for phrases in (_SCREENING, _FIRST_TALK):
        if phrases.found_in(text, prose.language):
            return Stage.SCREENING
    if _CALL.found_in(text, prose.language) and _NAMED_INTERVIEW.search(text) is None:
        return Stage.SCREENING
    return Stage.INTERVIEW
