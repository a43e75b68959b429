"""What a mail says about feedback: refused, offered (where?), given.

Companies ask for feedback too, in surveys. A sentence that wants the candidate's opinion is set
aside before anything else is read.
"""

import re
from dataclasses import dataclass

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.types import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What was read about feedback."""

    refused: bool = False
    offered: bool = False
    link: str | None = None
    given: bool = False


# The company asks the candidate: surveys, ratings, "help us improve".
_ASKED_OF_US = Phrases(
    r"""
en:
    surveys?|questionnaire|candidate experience|glassdoor
    help us (improve|to improve|understand)
    improve (our|the) (process|hiring|recruit*|candidate|application)
    (share|give|provide|leave|send|submit|offer) (us|us with|your|us your)( \w+)? feedback(?!
        (to|with|for) you)
    (leave|submit) feedback|we (request|invite|ask for) your (\w+ )?feedback
    (hear|value|appreciate|welcome|love) (all|any|some|your)( \w+)? feedback
    feedback (on|about|regarding) (your (experience|application (journey|experience))|our
        (process|hiring|recruit*|company|application)|the (application|recruit*|hiring|
        interview) (process|experience)|how we)
    feedback … (application journey|survey)
    how (we|did we) (did|do|can do)|rate (us|your)|your (honest )?opinion
    your experience (with|of) (us|our)
de:
    umfrage|fragebogen|(ihre|deine) meinung|kununu|bewerten sie
    (ihr|dein) feedback (zu|zum|hilft|ist uns)|uns (ihr|dein) feedback
fr:
    sondage|enquête|votre avis|questionnaire
es:
    encuesta|(tu|su) opinión|cuestionario
it:
    sondaggio|questionario|la (tua|sua) opinione
nl:
    enquête|tevredenheidsonderzoek|vragenlijst|(jouw|uw) mening
pt:
    pesquisa (de|sobre)|sua opinião|questionário
pl:
    ankiet*|(państwa|twoj*) opini*
sv da no:
    enkät*|undersökning|spørgeskema|undersøgelse|spørreundersøkelse
    """
)
_FEEDBACK = (
    "(feed-?back|detailed (reasons?|comments|explanations?)|specific reasons?|"
    "individual (reasons?|comments?|responses?|questions?)|"
    "reasons? (for|behind) (our|this|the|each|individual)|"
    "further (details?|information) (about|on|regarding) (our|this|the) decision|correspondence)"
)
_REFUSES = Phrases(
    r"""
en:
    unable|not able|cannot|can not|can't|couldn't|not possible|impossible|won't|will not|not in
        a position|do not|don't|does not|doesn't|not (be )?able|never|no longer|refrain|decline|
        (policy|practice) (is )?not|policy prevents|not permitted|not (offer|to) … <feedback>
    unable|not able|cannot|can't|won't|do not|don't … to provide … <feedback>
    <feedback> … (cannot|can not|can't|won't|will not|not be|isn't|is not|unable|not (possible|
        available|provided|offered|shared|given)|impossible)
    no (individual|personal|specific|detailed|further) feedback
de:
    nicht|kein*|leider keine?|unmöglich|weder … (feedback|rückmeldung(en)? (zu|über|geben)|
        absagegründe*|begründung*|auskunft über|gründe (für|unserer|der|nennen|mitteilen|
        angeben)|(einzelne|konkrete)* gründe*|(individuelle|persönliche|detaillierte)*
        rückmeldung*)
    feedback|absagegründe*|begründung*|gründe|(detaillierte|individuelle|persönliche)*
        rückmeldung* … (nicht|kein*)
    (bitte|bitten) … von (nachfragen|rückfragen) … abzusehen
fr:
    (ne (sommes|pouvons|pourrons|serons|donnons|fournissons|communiquons)|n'(avons|est|étant|
        sommes)|pas (en mesure|possible)|impossible|dans l'impossibilité) … (feed-?back|
        retours?|motifs?|raisons|explications?|commentaires?)
es:
    (no|imposible) (nos )?(podemos|podremos|es posible|podamos|ofrecemos|damos|proporcionamos|
        facilitamos|ofrecer|dar|estamos en condiciones) … (feed-?back|retroalimentación|
        comentarios|motivos|explicaciones|devolución|devoluciones|valoración|detalles)
    no (nos )?(es|resulta|será) posible … (feed-?back|retroalimentación|comentarios)
it:
    non|impossibile|impossibilitati … (feed-?back|riscontr[oi] (individual*|personal*|
        dettagliat*|specific*)|motivazion*|spiegazion*)
nl:
    niet|geen|onmogelijk … (feed-?back|terugkoppeling|toelichting|motivering|redenen|
        onderbouwing)
    feed-?back|terugkoppeling|toelichting … (niet|geen)
    niet (inhoudelijk|over de uitslag) … (corresponder*|ingaan)
pt:
    não|impossível|impossibilitados … (feed-?back|retorno (individual*|detalhad*|personalizad*)|
        devolutiva*|motivos|comentários)
pl:
    nie|niemożliw* … (feed-?back*|informacj* zwrotn*|uzasadni*|powod*|szczegółow* odpowiedzi)
sv:
    inte|ingen|omöjligt … (feed-?back|återkoppling|återkoppla|motivering*|skäl)
da no:
    ikke|ingen|umuligt|umulig … (feed-?back|tilbagemelding*|begrundelse*|tilbakemelding*|
        begrunnelse*)
    """,
    feedback=_FEEDBACK,
)
_STILL_OFFERS = Phrases(
    r"""
en:
    happy|glad|welcome|feel free
de:
    gern*|jederzeit
fr:
    volontiers|n'hésitez
es:
    gusto|no dud*
it:
    volentieri|non esit*
nl:
    graag|gerust
pt:
    prazer|à vontade
pl:
    chętnie
sv:
    gärna
da no:
    gerne
    """
)
_NOTES = (
    "(feed-?back|(my|our|her|his|their|the) notes|our reasons|comments|how we decided|"
    "what was missing|"
    "what we (thought|wrote|discussed)|more about (our|the|this) decision)"
)
_OFFERS = Phrases(
    r"""
en:
    happy|glad|pleased|willing|delighted|love|gladly|can|could|will … (share|give|provide|offer|
        send|discuss|go (through|over)|talk (through|about)|talk you through|walk you through|
        pass on|tell you) … <notes>
    (if|should) you … <notes> … (reply|let (me|us) know|write|contact|get in touch|fill|request|
        click|ask|reach out|e-?mail|call|respond|drop|book|schedule|form|link|here|happy|glad|
        welcome)
    (feel free|welcome|hesitate|please|just) … (ask|drop|reply|reach out|contact|get in touch|
        write|e-?mail|request|respond|call|click|fill|book) … <notes>
    you (are entitled to|are welcome to|have the right to)|request|ask for|(can|to|could)
        (obtain|receive|get) … feed-?back … (by|here|via|through|using|form|link|reply*|request|
        below)
    feed-?back (is|are) available|feed-?back (up)?on request
    offer (you )?(a )?(\w+ )?feed-?back (call|session|conversation|chat)
de:
    gern*|jederzeit|auf wunsch|auf anfrage|möchten|wünschen|wenn|falls|sofern|können
        … (feed-?back|gründe|rückmeldung) … (geben|gebe|mitteilen|meld*|schreib*|anruf*|
        antwort*|kontaktier*|erhalten|anfordern|teilen|besprech*|formular|link|verfügung|
        nachfragen|stehe*|sprechen)
    (geben|gebe|teile|teilen|erläutern|erläutere|sage|sagen) … (ihnen|dir) … (gern*|jederzeit)
        … (feed-?back|rückmeldung|gründe|entscheidung)
    gern* (gebe|geben|teile|teilen|sage|erläutere) … (feed-?back|rückmeldung|gründe)
    für (ein )?feed-?back(gespräch)? … (gern*|zur verfügung|melden|jederzeit)
    feed-?backgespräch … (gern*|anbieten|verfügung|vereinbaren|buchen)
fr:
    (si vous (souhaitez|désirez|voulez)|n'hésitez pas|volontiers|à votre disposition|avec
        plaisir|vous pouvez|sur demande) … (feed-?back|retours?|commentaires)
    feed-?back|retours? … (volontiers|avec plaisir|sur (simple )?demande|répondez|répondre|
        écrivez|formulaire)
es:
    (si (deseas?|quieres|te gustaría|le gustaría|lo deseas?)|con (mucho )?gusto|no dudes? en|
        encantad*|puedes?) … (feed-?back|retroalimentación|comentarios sobre (tu|su)|devolución|
        motivos)
    (feed-?back|retroalimentación) … (encantad*|con gusto|responde|escríb*|formulario)
it:
    (se (desideri|desidera|vuoi|vuole|ti fa piacere|le fa piacere)|volentieri|non esit*|siamo
        (felici|lieti|disponibili)|a disposizione|puoi|può) … (feed-?back|riscontro
        (più )?(dettagliato|personale|approfondito)|motivazioni)
    feed-?back … (volentieri|rispondi*|risponda|scriv*|modulo)
nl:
    (als (je|u)|mocht (je|u)|wil (je|jij)|wilt u|graag|gerust|kun je|kunt u) … (feed-?back|
        terugkoppeling|toelichting)
    feed-?back|terugkoppeling|toelichting … (graag|gerust|laat het|mail|bel)
pt:
    (se (quiser|desejar|você quiser|tiver interesse)|com prazer|fique à vontade|à disposição|
        podemos|teremos prazer) … (feed-?back|devolutiva|retorno)
pl:
    jeśli|jeżeli|chętnie|w razie|gdyby|zapraszamy … (feed-?back*|informacj* zwrotn*)
sv:
    (om du|vill du|gärna|tveka inte|hör av dig) … (feed-?back|återkoppling)
    feed-?back|återkoppling … (gärna|hör av dig|skriv|ring)
da no:
    (hvis du|vil du|gerne|ta kontakt|gjerne) … (feed-?back|tilbagemelding*|begrundelse|
        tilbakemelding*)
    feed-?back|tilbagemelding|tilbakemelding … (gerne|gjerne|skriv|ring)
    """,
    notes=_NOTES,
)
_BY_FORM = Phrases(
    r"""
en:
    https?|form|link|click|portal|button|page|online|website|here
    (book|schedule) (a|your|some)
de:
    formular*|klick*|hier|buchen
fr:
    formulaire|cliqu*|lien|ici
es:
    formulario|enlace|aquí|clic
it:
    modulo|clicca*|qui
nl:
    formulier|klik*|hier
pt:
    formulário|clique|aqui
pl:
    formularz*|kliknij|tutaj
sv:
    formulär*|klicka|länk*|här
da no:
    formular*|klik*|her|skjema*|lenke*
    """
)
_BY_MAIL = Phrases(
    r"""
en:
    reply*|respond*|write (to|back|me|us)|e-?mail|drop me|let (me|us) know
de:
    antwort*|schreib*|meld*
fr:
    répond*|écri*
es:
    respond*|escrib*|escríb*
it:
    rispond*|scriv*
nl:
    antwoord*|mail*|laat het
pt:
    respond*|escrev*
pl:
    odpow*|napisz*
sv da no:
    svar*|skriv*
    """
)
_URL = re.compile(r"https?://[^\s<>\"')\]]{4,400}")
_FORM_ADDRESS = re.compile(r"feedback|form|notes|calend|book|request", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(
    r"unsubscribe|privacy|linkedin\.com|facebook|twitter|instagram|youtube|glassdoor|preferences|"
    r"survey|impressum|datenschutz|abmelden|opt-?out|\.(?:png|gif|jpe?g)\b",
    re.IGNORECASE,
)

# Feedback that the mail itself gives.
_ANNOUNCED = Phrases(
    r"""
en:
    (here('s| is| are| comes)|(we|i) (\w+ )?(are|am) (providing|sharing|giving)|(we|
        i)('d| would)? (like|wanted|want) to (share|give|offer|pass on)|let me (share|give|
        tell)|as promised) … feed-?back
    feed-?back (from|of) (the|our|your) (team|panel|interview*|hiring|reviewers?)
    (the|our) (team|panel|interviewers?)'s? feed-?back|feed-?back:|you asked for feed-?back
de:
    (hier|folgend*|unser|mein|ein paar|kurze?s?) (\w+ ){0,3}(feed-?back|rückmeldung*):?
fr:
    voici … (retours?|feed-?back|commentaires)
es:
    (aquí|a continuación|te (dejamos|comparto)) … (feed-?back|comentarios|retroalimentación)
it:
    (ecco|di seguito) … (feed-?back|riscontro|commenti)
nl:
    hier(bij|onder)? … (feed-?back|terugkoppeling)
pt:
    (segue|aqui (está|vai)|compartilhamos) … feed-?back
pl:
    (oto|poniżej) … (feed-?back|informacj* zwrotn*)
sv da no:
    (här (är|kommer)|her (er|kommer)) … (feed-?back|återkoppling|tilbagemelding|tilbakemelding)
    """
)
_JUDGED = (
    "(answers?|presentation|case stud*|code|coding|solution|portfolio|examples?|communication|"
    "motivation|enthusiasm|submission|exercise|assignment|take-?home|test|interview|pitch|"
    "cover letter|technical (round|interview|depth|part|skills)|system design|sql|python|writing|"
    "preparation|approach|storytelling|analysis|structure|delivery|drawings?|sketches|lesson|demo|"
    "leadership|stakeholder \\w+|(knowledge|understanding) of|"
    "experience (with|in|leading|managing))"
)
_JUDGEMENT = Phrases(
    r"""
en:
    your <judged> … (strong*|weak*|lack*|missing|stood out|clear*|unclear|vague|thin|light|
        short|limited|could|needed|excellent|great|solid|convinc*|too|less|more|well|good|
        struggl*|ran|deep*|depth|detail*|structured|real strength|a strength)
    (you|we felt you|the panel felt you) (\w+ )?(lacked|struggled|missed|could have|might have|
        needed to|were less|were strong|did well|seemed|came across|explained|handled|stumbled|
        rushed|did(n't| not) (show|demonstrate|explain|cover|mention|give))
    would have (liked|loved|helped|made)|wanted to (see|hear) more
    (areas?|room|points?|things?) (for|of|to) (improvement|growth|development|improve|work on)
    your (main |key |real |biggest )?(strengths?|weaknesses|preference|market value)
    (advice|suggest*|recommend*|tip) (would be|is|you|that you|for you|for next time|to) … (to|
        more|your|on|practi*|build*|read|learn*|add|show|focus|prepare|work|continue)
    (next time|in future interviews|for (your )?next (interview|application)) … (try|prepare|
        bring|show|add|practi*|more|explain|structure|spend|start|put|mention)
    not (fully |entirely |quite )?(convinced|persuaded) (about|by|that|of)
    held (you|your application) back|spoke (for|against) (you|your)
    a real strength|many candidates have shown|what recruiters like to see
de:
    (ihr|dein)* (\w+ )?(antworten|präsentation|fallstudie|code|lösung|portfolio|beispiele|
        motivation|anschreiben|arbeitsprobe|probeaufgabe|auftreten|vortrag|gesprächsführung|
        \w*kenntnisse|stärken?|schwächen?|herangehensweise) … (überzeug*|gefehlt|fehlte*|stark*|
        schwach*|etwas|zu|gut|sehr|vermisst|klar*|unklar|oberflächlich|dünn|hätte*|wünsch*|
        strukturiert|gefallen|beeindruck*|liegen|lagen)
    (hätten (wir uns|wir|uns)|hätte (ich|uns|es)) … (gewünscht|mehr|geholfen|gefreut)
    (mein|unser|ein) (\w+ )?(tipp|rat|hinweis)|gefehlt haben?|verbesserungspotenzial
    nächste[sn]? mal … (mehr|konkret*|vorbereit*|zeigen|beispiele?)
fr:
    (vos|votre) (\w+ )?(réponses?|présentation|étude de cas|code|solution|portfolio|exemples?|
        motivation|lettre|exercice|exposé|connaissance*|points? forts?|maîtrise) … (manqu*|
        solide*|convain*|clair*|trop|peu|plus|bien|très|apprécié*|faible*|superficiel*|fort*|
        remarquable*)
    (aurions|aurais) (aimé|souhaité|apprécié)|(axes?|pistes?) d'amélioration
    (notre|mon) conseil|il (vous )?(a manqué|manquait)
es:
    (tus?|sus?) (\w+ )?(respuestas?|presentación|caso|código|solución|portafolio|portfolio|
        ejemplos?|motivación|prueba|fortalezas?|comunicación|dominio) … (falt*|sólid*|clar*|muy|
        poco|más|bien|débil*|gust*|destac*|convenc*|limitad*)
    (nos|me) (hubiera|habría) gustado|(áreas?|aspectos?|puntos?) (de|a|por) mejor*
    (nuestro|mi|un) consejo|echa(mos|ba|bamos) (en falta|de menos)
it:
    (tu[oae]i?|su[oae]i?) (\w+ )?(risposte|presentazione|caso|codice|soluzione|portfolio|esempi|
        motivazione|prova|punti di forza|comunicazione|conoscenza) … (manca*|solid*|chiar*|
        molto|poco|più|bene|debol*|convin*|apprezzat*|limitat*|piaciut*)
    (avremmo|avrei) (voluto|gradito|apprezzato|preferito)
    (aree|punti|margini) di miglioramento|(il nostro|il mio|un) consiglio
nl:
    (je|jouw|uw) (\w+ )?(antwoorden|presentatie|casus|code|oplossing|portfolio|voorbeelden|
        motivatie|opdracht|sterke punten|brief|kennis van) … (sterk*|zwak*|mist*|ontbrak*|
        duidelijk*|onduidelijk|meer|minder|goed|overtuig*|mooi|te|indruk|had*)
    (hadden|had) (we|ik) (graag )?(meer|willen|verwacht)|(we|ik) (hadden|had) graag
    verbeterpunt*|aandachtspunt*|ontwikkelpunt*|(mijn|onze) (tip|advies)
pt:
    (suas?|seus?) (\w+ )?(respostas?|apresentação|caso|código|solução|portfólio|portfolio|
        exemplos?|motivação|teste|pontos fortes|comunicação|conhecimento) … (falt*|sólid*|clar*|
        muito|pouc*|mais|bem|frac*|gost*|destac*|limitad*)
    gostaríamos de ter visto|teríamos gostado|sentimos falta
    pontos (de melhoria|a melhorar)|(nossa|minha) (dica|sugestão)|nosso conselho
pl:
    (twoj*|pani|pana|państwa) (\w+ )?(odpowiedzi|prezentacj*|kod*|rozwiązani*|portfolio|
        przykład*|motywacj*|zadani*|mocn* stron*|znajomość) … (mocn*|słab*|brak*|jasn*|zbyt|
        bardziej|więcej|dobr*|przekon*|świetn*)
    zabrakło|brakowało|do poprawy|nasza rada|radzimy
sv da no:
    (din|ditt|dina|dit|dine) (\w+ )?(svar|presentation|case|kod|lösning|portfolio|exempel|
        motivation|arbetsprov|styrkor|præsentation|kode|løsning|eksempler|opgave|styrker|
        presentasjon) … (stark*|svag*|sakna*|tydlig*|otydlig*|mer|mindre|bra|väl|övertyg*|
        mangle*|stærk*|god*|mere|lidt)
    (hade (vi|jag)|(vi|jag) hade) (gärna|önskat)|ville (vi|jeg) gerne have
    utvecklingsområd*|forbedring*|förbättring*|(mitt|vårt|mit|vores) (tips|råd)
    """,
    judged=_JUDGED,
)
_ENOUGH_JUDGEMENTS = 2


def feedback_in(message: Message, prose: Prose) -> Feedback:
    """Return what the mail says about feedback."""
    language = prose.language
    told = [line for line in prose.sentences if not _ASKED_OF_US.found_in(line, language)]
    offers = [place for place, line in enumerate(told) if _offers(line, language)]
    refused = any(_REFUSES.found_in(line, language) for line in told)
    return Feedback(
        # "Not in writing, but call me": an offer outweighs the refusal that it qualifies.
        refused=refused and not offers,
        offered=bool(offers),
        link=_link(message, told, offers, language),
        given=_given(told, language),
    )


def _offers(sentence: str, language: str | None) -> bool:
    if not _OFFERS.found_in(sentence, language):
        return False
    refuses = _REFUSES.found_in(sentence, language)
    return not refuses or _STILL_OFFERS.found_in(sentence, language)


def _link(message: Message, told: list[str], offers: list[int], language: str | None) -> str | None:
    """Return where the feedback can be asked for, None where a reply is enough."""
    for place in offers:
        offer = told[place]
        url = _near_url(told, place)
        by_form = _BY_FORM.found_in(offer, language)
        if url and (by_form or _FORM_ADDRESS.search(url)):
            return url
        if by_form and not _BY_MAIL.found_in(offer, language) and "@" not in offer:
            return _form_among(message.links)
    return None


def _near_url(told: list[str], place: int) -> str | None:
    """Return the address in the offer or right below it."""
    for sentence in told[place : place + 3]:
        for match in _URL.finditer(sentence):
            if not _OTHER_ADDRESS.search(match[0]):
                return match[0].rstrip(".,;")
    return None


def _form_among(links: tuple[str, ...]) -> str | None:
    """Return the link that may be the form: by its words, else the first."""
    usable = [link for link in links[:50] if not _OTHER_ADDRESS.search(link)]
    named = [link for link in usable if _FORM_ADDRESS.search(link)]
    return next(iter((*named, *usable)), None)


def _given(told: list[str], language: str | None) -> bool:
    judged = sum(1 for line in told for _ in _JUDGEMENT.matches(line, language))
    announced = any(
        _ANNOUNCED.found_in(line, language) and not _offers(line, language) for line in told
    )
    return judged >= _ENOUGH_JUDGEMENTS or (announced and judged > 0)
