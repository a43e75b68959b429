"""What a mail says about feedback: refused, offered (where?), given.

Companies ask for feedback too, in surveys. A sentence that wants the candidate's opinion is set
aside before anything else is read.
"""

import re
from dataclasses import dataclass

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import STRAIGHT, Prose, prose_of
from inboxbot.core.text import sentences
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
    your experience (with|of) (us|our)|collecting feedback
    how (did you find|was) (the|our|your) (process|interview|experience)
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
_NOT = (
    "(unable to|(not|\\w+n't) (able|in a position|allowed|permitted|free|at liberty|going) to|"
    "cannot|can not|can't|couldn't|won't|will not|do not|don't|does not|doesn't|never|decline to|"
    "refrain from|rather not|not possible to)"
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
    no feedback (is|will be|can be|to|on|policy)|(give|provide|offer|send|share) (out )?no feedback
    <not> (\w+ ){0,2}(go|get|enter|be drawn) (further )?into (any |the )?(\w+ )?(details?|reasons|
        specifics|correspondence|discussion*)
    <not> (\w+ )?comment (further |publicly )?on (the |our |your |any )?(individual|reasons?|
        specific|hiring|each|this|particular|scores?|decisions?|selection|single|outcomes?)
    <not> (\w+ ){0,2}(provide|give|offer|share|disclose|discuss|release|divulge|state) (you |
        out )?(\w+ ){0,3}(comments|marks|scores|scorecards|reasons?|rankings|reasoning|
        explanations?|details (of|about|on) (our|how|why|individual|(the|this) (decision|scoring|
        selection|assessment|ranking)))
    <not> (\w+ ){0,2}(say|tell you|explain|disclose|discuss) (\w+ )?(why|(the|our) (reasons?|
        reasoning|grounds))
    (reasons|proceedings|deliberations|ratings|scores|marks|rankings|reasoning) (\w+ ){0,5}(not (
        (be )?disclosed|shared|given|released)|confidential|secret)
    (policy|legal (reasons|grounds)|company rules) … (not|no|never|n't|cannot|prohibit*|prevent*|
        forbid*) … (feed-?back|the reasons?|reasons for|comments?|rankings)
    (do not|don't|not to|refrain from) (ask*|contact*|writ*|call*) … for (feed-?back|reasons|an
        explanation)
    (don't|do not|didn't|did not) have (anything|any (notes|comments)) (\w+ )?to (add|share|pass on)
    nothing (\w+ )?to (add|pass on)|(didn't|did not) leave (me |us )?any (notes|comments)
de:
    (aus (rechtlichen|juristischen|datenschutzrechtlichen) gründen|agg|gleichbehandlungsgesetz*|
        gleichbehandlung) (?=.{0,150}(nicht|kein|weder|verzicht)) … (auskunft|auskünfte|gründen?|
        grund|begründ*|sagen|erläutern|stellung nehmen|rückmeldung*|feed-?back|nennen|details)
    (nicht|kein*|weder|verzichte*|unmöglich) (\S+ ){0,3}einzelheiten
    (nicht|kein*|weder|verzichte*|unmöglich) … (auskunft zu|auskünfte*|einzelauskünfte*|
        einzelfeedback|beweggründe*|erwägungen|gründen (unserer|der|für)|im einzelnen
        (sagen|erläutern|begründen|kommentieren)|details (nennen|eingehen|geben|mitteilen)|
        individuelle[nr]? (rückmeldung*|begründung*|erläuterung*)|(einzelne*|unsere|die|diese)
        entscheidung* (erläutern|kommentieren|begründen))
    (auskünfte|einzelheiten|einzelauskünfte|beweggründe|beratungen) … (nicht|vertraulich|
        verzichten|verschwiegenheit)
    kommentieren (\S+ ){0,3}(entscheidungen|einzelfälle|absagen) (\S+ ){0,2}(nicht|grundsätzlich
        nicht)
    (bitten|bitte) … von (\S+ ){0,3}(nachfragen|rückfragen|anfragen) (\S+ ){0,3}(ab|abstand)
    (nachfragen|rückfragen) … beantworten wir (\S+ ){0,4}nicht|keine (nachfragen|rückfragen)
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
    (ne|n') ?(nous |vous )?(pouvons|pourrons|pouvoir|communiqu*|commentons|partageons|entrons|
        souhaitons|divulguons|permet|donnons|donnerons|fournissons|est pas possible de|sommes pas
        en mesure de) … (détails?|détailler|motiver|motifs|justifi*|feed-?back|retour (détaillé|
        individuel|personnalisé)|précisions|décisions individuelles|informations? complémentaires?)
    pas (de|d') ?(détails?|retours? (individuel|personnalisé|détaillé)s?|feed-?back|commentaires?
        sur|explications?)
    aucun retour (individuel|personnalisé|détaillé|sur)
    (aucune?|sans) (détail|explication|motif|commentaire|feed-?back|information
        complémentaire|précision)
    (motifs?|délibérations?|raisons) … (confidentiel*|ne (sont|seront) pas|n'est pas communiqué)
    (raisons|motifs) (juridiques|légales|légaux|de confidentialité) … (ne|n'|pas|aucun*) … (motifs?|
        raisons|détails?|retour|expli*|précis*|comment*|motiver)
    (merci de ne pas|prière de ne pas) … (retour|motifs?|raisons|explication*)
es:
    no (nos |me |se |te |le )?(es posible|resulta posible|podemos|podremos|comentamos|compartimos|
        brindamos|brinda|damos|facilitamos|facilita|facilitarán|ofrecemos|entramos|daremos|
        comunicamos|emitirán|comparte|permite|puedo|vamos a) (\S+ ){0,5}(detalles?|detalle|razones|
        motivos|explicaciones|explicar|comentar|comentarios|informes|puntuaciones|
        retroalimentación|feed-?back|valoraciones|decisiones (individuales|concretas))
    por (motivos|razones|cuestiones) (legales|jurídic*|de confidencialidad) … no … (motivos|
        razones|detalle*|expli*|información sobre|comentar*|feed-?back|valoraci*)
    sin (dar|entrar en) (más )?(detalles|explicaciones)
    (no|imposible) (nos )?(podemos|podremos|es posible|podamos|ofrecemos|damos|proporcionamos|
        facilitamos|ofrecer|dar|estamos en condiciones) … (feed-?back|retroalimentación|
        comentarios|motivos|explicaciones|devolución|devoluciones|valoración|detalles)
    no (nos )?(es|resulta|será) posible … (feed-?back|retroalimentación|comentarios)
it:
    non|impossibile|impossibilitati … (feed-?back|riscontr[oi] (individual*|personal*|
        dettagliat*|specific*)|motivazion*|spiegazion*)
    non (ci |mi |si |vi |ne )?(possiamo|posso|è possibile|è consentito|è dato|siamo in grado di|
        siamo autorizzati a|forniamo|diamo|rilasciamo|rilasciano|condividiamo|commentiamo|
        entriamo|riusciamo a|comunichiamo|vengono rilasciat*) (\S+ ){0,4}(dettagl*|merito|motivi|
        ragioni|commenti|commentare|decisioni (individual*|singole)|chiarimenti|informazioni
        (ulteriori|sui|sulle)|spiegare|motivare|singole decisioni|valutazioni|punteggi)
    (motivi|ragioni) (legali|giuridic*|di riservatezza|di privacy) … non … (motivazion*|motivi|
        ragioni|dettagl*|spieg*|comment*|feed-?back|riscontr*)
    (deliberazioni|valutazioni|motivazioni) … riservat*
nl:
    niet|geen|onmogelijk … (feed-?back|terugkoppeling|toelichting|motivering|redenen|
        onderbouwing)
    feed-?back|terugkoppeling|toelichting … (niet|geen)
    niet (inhoudelijk|over de uitslag) … (corresponder*|ingaan)
    (geen|niet) (\S+ ){0,4}(details (geven|delen|ingaan|treden)|mededelingen|inlichtingen|
        commentaar|toegelicht|individuele (toelichting|besluiten|beslissingen|afwegingen)|
        scorekaarten|beweegredenen)
    (over|op) (\S+ ){0,4}(beweegredenen|besluiten|beslissingen|afwegingen|redenen) (\S+ ){0,3}
        (geen|niet)
    (lichten|delen|geven|reageren) (\S+ ){0,5}(besluiten|beslissingen|redenen|details|uitslagen|
        scores) (\S+ ){0,3}niet
    (juridische|wettelijke) redenen … (geen|niet) … (redenen|toelicht*|uitleg|motiver*|
        feed-?back|details|terugkoppeling)
pt:
    não|impossível|impossibilitados … (feed-?back|retorno (individual*|detalhad*|personalizad*)|
        devolutiva*|motivos|comentários)
    não (nos |lhe |te |me )?(comentamos|comentaremos|partilhamos|compartilhamos|divulgamos|
        fornecemos|facultamos|damos|podemos|poderemos|conseguimos|é possível|será possível|entramos|
        serão prestadas|estamos autorizados a) (\S+ ){0,4}(decis(ão|ões) individua*|detalh*|
        pormenor*|razões|explica*|fundamentos|esclareciment*|informações (individuais|adicionais)|
        comentar|processos individuais)
    não comentamos|por (motivos|razões) (legais|jurídic*|de confidencialidade) … não … (motivos|
        razões|detalh*|pormenor*|explica*|comentár*|feed-?back|retorno|fundament*)
pl:
    nie|niemożliw* … (feed-?back*|informacj* zwrotn*|uzasadni*|powod*|szczegółow* odpowiedzi)
    nie (udzielamy|podajemy|komentujemy|możemy|mamy możliwości|uzasadniamy|ujawniamy|wchodzimy|
        udostępniamy|będziemy) (\S+ ){0,5}(szczegół*|powod*|przyczyn*|uzasadn*|wyjaśnie*|ocen
        (cząstkowych|poszczególnych)|(indywidualn*|poszczególn*|pojedyncz*) decyzj*)
    nieuzasadniani*|bez (podawania|podania) (przyczyn*|powod*)
    z (powodów|przyczyn|względów) prawnych … nie … (powod*|przyczyn*|uzasadn*|szczegół*|
        wyjaśn*|informacj* zwrotn*)
sv:
    inte|ingen|omöjligt … (feed-?back|återkoppling|återkoppla|motivering*|skäl)
    (inte|ej|inga|aldrig) (\S+ ){0,3}(kommenterar?|motiverar? (enskilda|våra|besluten?)|gå(r)? in
        på (detaljer|skälen|enskilda)|lämnas? ut|detaljer om|närmare (förklaring|motivering))
    kommenterar (\S+ ){0,2}(inte|aldrig|ej) (enskilda|individuella)
    (juridiska|rättsliga) skäl … (inte|ingen|inga) … (motiver*|skäl*|återkoppl*|feed-?back|
        detalj*|kommenter*|förklar*)
da no:
    ikke|ingen|umuligt|umulig … (feed-?back|tilbagemelding*|begrundelse*|tilbakemelding*|
        begrunnelse*)
    (ikke|ingen|aldrig|aldri) (\S+ ){0,3}(kommenterer?|uddybe*|utdype*|begrunder? (de enkelte|
        enkelte|beslutningen)|begrunner? (enkelt*|beslutningen)|gå(r)? (ind|inn) (i|på) (detaljer|
        begrundelser|korrespondance|enkelte)|(nærmere|yderligere) (forklaring|begrundelse|
        begrunnelse))
    kommenterer (\S+ ){0,2}(ikke|aldrig|aldri) (på )?(enkelte|individuelle)
    juridiske (årsager|grunde|grunner|hensyn) … (ikke|ingen) … (begrund*|begrunn*|årsag*|
        tilbagemeld*|tilbakemeld*|feed-?back|uddyb*|utdyp*|kommenter*|forklar*)
    """,
    feedback=_FEEDBACK,
    **{"not": _NOT},
)
# A no in other words: what is kept back is good news, not the reasons.
_GOOD_NEWS = Phrases(
    r"""
en:
    (positive|good|better|favou?rable|happier) (feed-?back|response|answer|news)
de:
    (positive*|bessere*|andere*|günstigere*|erfreulichere*|gute*) (feed-?back|rückmeldung(en)?)
fr:
    (retour|feed-?back|suite) (plus )?(positi*|favorable)|(meilleur|autre|bon) retour
es:
    (feed-?back|retroalimentación|respuesta) (más )?(positiv[oa]|favorable)
it:
    (feed-?back|riscontro) (più )?(positivo|favorevole)
nl:
    (positieve|betere|andere|goede) (feed-?back|terugkoppeling)
pt:
    (feed-?back|retorno|resposta) (mais )?(positiv[oa]|favorável)
pl:
    (pozytywn*|lepsz*) (informacj* zwrotn*|feed-?back*|odpowiedzi)
sv da no:
    (positiv*|bättre|bedre) (feed-?back|återkoppling|tilbagemelding|tilbakemelding)
    """
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
    "what was missing|(some|a few|my|our|her|his|their) (thoughts|impressions|observations)|"
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
    (gern*|wenn|falls|sofern) … (gebe|geben|sage|sagen|erkläre*|erläutere*|erläutern) … (ihnen|
        dir) … (feed-?back|rückmeldung|gründe|woran)
    für (ein )?feed-?back(gespräch)? … (gern*|zur verfügung|melden|jederzeit)
    feed-?backgespräch … (gern*|anbieten|verfügung|vereinbaren|buchen)
    (fordern|fordere|hol|holen|erhalten|erhältst|bekommen|bekommst) … feed-?back … (an|ab|hier|
        link|formular)
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
# What a candidate has shown, not what the candidate is.
_TOLD = (
    "(\\w+ )?(answers?|presentation|case stud(?:y|ies)|code|solution|portfolio|examples?|exercise|"
    "assignment|take-?home|pitch|cover letter|letter|drawings?|sketches|lesson|demo|talk|reel|tape|"
    "sample|script|essay|translation|audition|budget|analysis|design|interview|cv|maths|plans?)"
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
# What was missing, or what to work on, said to this candidate: one of these is feedback. What fits
# everybody ("you did not meet our requirements", "improve your skills") is none.
_SHORTFALL = Phrases(
    r"""
en:
    (?<!if )(?<!where )you (\w+ly |also |then |rather |just |often |sometimes )?(lacked|forgot|
        struggled|rushed|rambled|stumbled|hesitated|skipped|overlooked|glossed over|ran out of|
        lost (the|your|us|them)|spoke too|talked too|burn(ed|t)? the)
    (?<!if )(?<!where )you (\w+ )?(never|didn't|did not|hardly|barely|rarely|only once) (\w+
        )?(ask*|mention*|show*|explain*|say|said|name|named|answer*|talk*|look|looked|touch*|
        address*|back|backed|prepare*|quantif*|test|tested) (?!(to )?(us|our|up|the (form|
        question(naire|s)|mail|e-?mail|message|invitation)|your (availability|documents?|
        references?)))
    you (\w+ ){0,3}(were|was|seemed|came across( as)?|sounded|looked|felt) (?!right|told|asked|one
        of|unsuccessful|invited|not )(\S+ ){0,8}(less|not (so|as|quite|
        very|particularly|really)|a (bit|little|touch|tad)|somewhat|too) (sure|convincing|clear|
        confident|certain|fluent|precise|specific|structured|concrete|quick|deep|thin|slow|fast|
        vague|general|quiet|shy|nervous|abrupt|unsure|hesitant|short with|at home)
    your <told> (\w+ ){0,6}(too|a (bit|little|touch|tad)|rather|somewhat|less|not (very|quite|so)|
        quite) (vague|thin|short|long|general|weak|slow|fast|quiet|shallow|light|clear|convincing|
        concrete|specific|rushed|messy|hesitant|technical|broad|dense)
    your <told> (\w+ ){0,6}(lacked|missed|needed (more|a|an|some)|stayed (on|at) the surface|fell
        short|ran (long|over|short)|did(n't| not) (show|explain|address|cover|convince|say|mention|
        quantify|answer)|had (no|few|little|hardly any)|left (out|open|us))
    the (panel|team|jury|committee|governors|interviewers) (\w+ )?missed (a|an|any|some|the) (?!
        deadline|quorum|chance|opportunity|meeting)
    (we|i|the (panel|team|jury|committee|governors|interviewers)) (\w+ )?(missed|would have (liked|
        loved|wanted|hoped|needed)|wished|wanted|('d|had) hoped) (to (see|hear|read) (?!from|back|
        you )|for |more (?!time)|some |you to (show|explain|tell us|say|ask|take|push|go|dig|
        lead|talk|speak|give|name) |a (clear*|concrete|stronger|better|deeper) )
    (what|something|one thing|the thing|things?) (that )?(we (\w+ )?)?(was|were|is|missed|lacked)
        (missing|lacking|absent)? ?(was|were|is|in|for us|from)_
    (missing|absent) (from|in) your <told>
    (i('d| would)|you (should|could|might)|try to|do|please|and|to|next time,?|advice:?) (work (more
        )? on|brush up( on)?|practi[cs]e|polish|sharpen|read up on|rehearse) (your (?!skills|
        profile|cv\b|qualifications)|the|more|a|how|at|it|look)_
    you (\w+ )?(couldn't|could not|weren't able to|were not able to|were unable to) (\w+ )?(explain|
        say|name|answer|show|tell|justify|describe|give) (?!(us|me) (up|access))
    you (turned up|arrived|showed up|came) (\w+ )?late|(you|your|you're|you've) (\S+ ){0,6}(slow|
        weak|weaker|shaky|thin|light|vague|hesitant|patchy|rusty|shy) (on|in|at|under|when|with)
        (?!us)
    (there were|there was|had|has|with|showed|found) (almost |hardly |really )?no (tests|
        sources|examples|figures|numbers|evidence|costings|references|citations|structure|error
        handling)|(fell|falls|came) (\w+ ){0,2}short (on|in) (?!of)
    (members|panel|board|assessors?|reviewers?|jury|committee|they|team) (\w+ )?(observed|noted|
        felt|wrote|reported|report|said|found)( \w+)?:|(strong|weak|positive|negative) points?(
        \w+)?:
    (here('s| is|'re| are) )?what (they|we|people|the (panel|team|board|jury|reviewers|
        interviewers))( \w+)? (said|thought|felt|wrote|noted)( \w+){0,5}:
    (counted|tipped (it|things|us)|spoke|told) against you|held you back|cost you (the|a|some|
        points|marks|dear*)
    your (\w+ )?(weakest|weak (point|spot|side))|areas? (of|for) (concern|improvement|development)(
        \w+){0,2}(:| was| were| is| are)_
    what (we (\w+ )?(tripped|stumbled|tripping|struggled)|held (us|you) back|made us
        hesitate|worried us)|(only|main) (reservation|doubt|hesitation|worry) (was|is|about)
    (advice|tip|suggestion|pointer) (to you |for you )?for (the )?next (time|interview|application)
de:
    (haben|hatten) sie (\S+ ){0,5}(nie|nicht|kaum|zu wenig|nur) (\S+ ){0,5}(gefragt|nachgefragt|
        erwähnt|erklärt|begründet|angesprochen|belegt|beantwortet|eingegangen|genannt)
    (hast|hattest) du (\S+ ){0,5}(nie|nicht|kaum|zu wenig|nur) (\S+ ){0,5}(gefragt|nachgefragt|
        erwähnt|erklärt|begründet|angesprochen|belegt|beantwortet|eingegangen|genannt)
    (sie|du) (haben|hast) (\S+ ){0,5}(nie|nicht|kaum|zu wenig) (\S+ ){0,5}(gefragt|nachgefragt|
        erwähnt|erklärt|begründet|angesprochen|belegt|eingegangen)
    (wirkten|wirktest|waren|warst|blieben|bliebst) (sie|du) (\S+ ){0,6}(unsicher|zögerlich|unklar|
        vage|oberflächlich|nervös|unvorbereitet|hektisch|ungenau|zu (schnell|leise|langsam|lang|
        kurz|allgemein))
    (sie|du) (wirkten|wirktest|waren|warst|blieben|bliebst) (\S+ ){0,6}(unsicher|zögerlich|unklar|
        vage|oberflächlich|nervös|unvorbereitet|hektisch|ungenau|zu (schnell|leise|langsam|lang|
        kurz|allgemein))
    (ihr|dein)* (\S+ ){0,1}(antwort*|präsentation|vortrag|lehrprobe|probe*|lösung|beispiele?|
        portfolio|fallstudie|mappe|unterrichts*|anschreiben) (\S+ ){0,5}(zu (allgemein|lang|kurz|
        schnell|leise|wenig|knapp|vage|viel)|unklar|vage|oberflächlich|dünn|blass|lückenhaft|
        ausweichend|unstrukturiert)
    (hat|haben) (uns|mir)(?! (\S+ ){0,4}(\w+)?(erfahrung|zeit|platz|plätze|mittel|geld|budget|
        quäntchen))
        (\S+ ){1,8}gefehlt
    (bist|sind) (du|sie) (\S+ ){0,6}(unsicher|unklar|vage|oberflächlich|allgemein|ungenau)
        (geblieben|gewesen)
    (uns|mir) (fehlte|fehlten|hat (\S+ ){0,3}gefehlt|haben (\S+ ){0,3}gefehlt) (?!(leider
        )?(\S+ ){0,2}(\w+)?(erfahrung|zeit|platz|plätze|mittel|geld|budget))
    (wir|ich) (hätten|hätte) (uns|mir) (\S+ ){0,6}(mehr|konkret*|klarer*|tiefer*|genauer*|ein
        beispiel) (\S+ ){0,5}gewünscht|hätten wir uns (\S+ ){0,4}(mehr|konkret*|klarer*|tiefer*|
        genauer*) (\S+ ){0,4}gewünscht
    (tipp|rat|hinweis) für (das|ihr|dein) nächste*|arbeiten sie (\S+ ){0,2}
        an ihr*|arbeite (\S+ ){0,2}an dein*|das üb
fr:
    (vous|tu) n'(avez|as) (pas|jamais|guère|peu) (\S+ ){0,3}(parlé|évoqué|expliqué|montré|mentionné|
        posé|abordé|précisé|illustré|cité|chiffré|interrogé|demandé)
    (il (vous|te|t') ?(a |aura )?manqu*|ce qui (vous |t')?(a )?manqu*|nous a manqué)
    (nous|on|j') ?(aurions|aurait|aurais) (aimé|souhaité|voulu|apprécié) (\S+ ){0,2}(voir|entendre|
        lire|que vous|que tu|plus d'|davantage|un exemple|des exemples)
    (vos|votre|tes|ton|ta) (\S+ )?(réponses?|présentation|exposé|portfolio|exemples?|cours|leçon|
        cas|lettre|oral|copie) (\S+ ){0,5}(manqu*|trop|vagues?|peu (?:clair|convaincant|concret|
        précis)*|imprécis*|superficiel*|confus*)
    (travaillez|travaille|
        préparez|prépare|entraînez|soignez|retravaillez) (vos|votre|tes|ton|ta|mieux|davantage)
es:
    (le|te) falt(ó|aron|aba) (?!experiencia|la experiencia|años|requisito|el requisito)
    (no|nunca|apenas) (lo |la |nos )?(mencion|explic|mostr|pregunt|habl|concret|profundiz)(ó|aste)
    (nos|me) (hubiera|habría|hubiese) gustado (ver|oír|escuchar|leer|más|que (explic|habl|mencion)*)
    (tus?|sus?) (\S+ )?(respuestas?|presentación|portafolio|portfolio|ejemplos?|clase|prueba|
        exposición|caso) (\S+ ){0,5}(poc[oa]s?|demasiado|vag[oa]s?|genéric*|confus*|superficial*|
        imprecis*|cort[oa]s?|floj[oa]s?)
    (eché|echamos|echábamos|echaba) (en falta|de menos)|trabaj(a|e) (más )?(tu|tus|su|sus|en tu|en
        su) (?!perfil)
it:
    (le|ti) è mancat*|(le|ti) (manca|mancava|mancavano) (?!l'esperienza|esperienza)
    non (ha|hai) (mai |quasi |ci )?(parlato|spiegato|mostrato|menzionato|chiesto|citato|
        approfondito|motivato|accennato)
    (avremmo|avrei) (voluto|gradito|preferito|apprezzato) (\S+ ){0,2}(vedere|sentire|leggere|più|
        maggior*|qualche|un esempio)
    (le|la|il|i) (sue|tue|sua|tua|suo|tuo|suoi|tuoi) (\S+ )?(risposte|presentazione|portfolio|
        esempi|prova|lezione|esposizione|caso) (\S+ ){0,5}(poco|troppo|generic*|vag[hoea]*|debol*|
        confus*|superficial*)
    lavor(a|i) (di più |meglio )?(su|sul|sulla|sulle|sui)_
nl:
    (je|u) (had|hebt|heb|bent|hebben) (\S+ ){0,4}(niet|nooit|nauwelijks|te weinig) (\S+
        ){0,4}(gevraagd|doorgevraagd|genoemd|uitgelegd|verteld|onderbouwd|voorbereid|ingegaan)
    (we|wij|ik) (misten|miste) (?!de ervaring|ervaring|de juiste)
    (we|wij|ik) (hadden|had) (\S+ ){0,4}graag (?!anders)(\S+ ){0,4}(?<!anders )(gezien|gehoord|
        gelezen)
    (je|jouw|uw) (\S+ )?(antwoorden|antwoord|presentatie|portfolio|voorbeelden|proefles|les|casus|
        brief|opdracht|verhaal) (\S+ ){0,5}(te (algemeen|lang|kort|snel|vaag|technisch|oppervlakkig|
        weinig|breed)|vaag|oppervlakkig|onduidelijk|rommelig|dun|mager)
    oefen (op|met|je|nog)|werk aan je
pt:
    faltou-(lhe|te)|o que (lhe |te )?faltou foi (?!a disponibilidade)|falt(aram|ou) (\S+
        ){0,2}(falar|mostrar|explicar|priorizar|exemplos?|dados|clareza|profundidade|números|
        resultados)
    não (explic|mencion|mostr|pergunt|aprofund|fal)(ou|aste|aram) (?!conosco)
    (suas?|seus?|tuas?|teus?) (\S+ )?(respostas?|apresentação|portf[óo]lio|exemplos?|aula|prova|
        exposição|caso) (\S+ ){0,5}(pouc[oa]s?|vag[oa]s?|genéric*|superficia*|confus*|demasiado|
        muito (long|curt|rápid|genéric)*)
    (gostaríamos|gostaria|teríamos|teria) (gostado )?de (ter )?(visto|ouvido|lido|ver mais|ouvir
        mais)|(sentimos|senti|sentiu-se) (a )?falta (d[aeo]s?)|
        trabalhe (mais )?(a|o|os|as|em)_
pl:
    (zabrakło|brakowało) (nam|mi|pani|panu|ci|komisji) (?!doświadczenia|miejsc|czasu|wymagan)
    nie (zapytał|wspomniał|wyjaśnił|pokazał|opowiedział|powiedział|uzasadnił|podał)(a|aś|eś)?
    (pani|pana|państwa|twoj*) (\S+ )?(odpowiedzi|prezentacj*|portfolio|przykład*|lekcj*|próbk*|
        zadani*) (\S+ ){0,5}(zbyt|mało|ogólnikow*|niejasn*|chaotyczn*|powierzchown*|za (krótk|dług|
        szybk)*)
    (proszę |warto )?popracow(ać|uj) nad
sv:
    du (\S+ ){0,2}(inte|aldrig|knappt) (\S+ ){0,2}(fråga*|nämn*|förklara*|visa*|berätta*|tog upp)
    du (fråga*|nämn*|förklara*|visa*|berätta*) (\S+ ){0,2}(inte|aldrig)
    du (glömde|missade att|tappade|snubblade|stressade)
    (vi|jag) (saknade|hade velat (se|höra)|hade önskat) (?!erfarenhet)|hade (vi|jag) (gärna|velat)
        (sett|hört|läst|se|höra)
    (din|ditt|dina) (\S+ )?(svar|presentation|portfolio|exempel|provlektion|lektion|arbetsprov) (\S+
        ){0,5}(för (allmän|kort|lång|vag|snabb|tunn)*|otydlig*|vag|vaga|vagt|tunn*|ytlig*|rörig*)
    öva på|jobba på att
da no:
    du (\S+ ){0,2}(ikke|aldrig|aldri|knap|knapt) (\S+ ){0,2}(spurgte|nævnte|forklarede|viste|
        fortalte|spurte|nevnte|forklarte|kom ind på|kom inn på)
    du (glemte|snublede|snublet|hastede)
    du (spurgte|nævnte|forklarede|viste|fortalte|spurte|nevnte|forklarte) (\S+ ){0,2}(ikke|aldrig|
        aldri)
    (vi|jeg) (manglede|savnede|savnet|manglet|kunne have ønsket|kunne ha ønsket) (?!erfaring)|
        (manglede|savnede|savnet) (vi|jeg)
    (din|dit|dine|ditt) (\S+ )?(svar|præsentation|presentasjon|portfolio|portefølje|eksempler|
        prøvetime|opgave|oppgave) (\S+ ){0,5}(for (generel|kort|lang|vag|hurtig|tynd|overfladisk|
        generell|rask|tynn|overflatisk)*|uklar*|vag|vage|tynd*|overfladisk*)
    øv (dig|deg) (på|i)|arbejd med
    """,
    told=_TOLD,
)
_ENOUGH_JUDGEMENTS = 2


def feedback_in(message: Message, prose: Prose) -> Feedback:
    """Return what the mail says about feedback."""
    language = prose.language
    told = [line for line in prose.sentences if not _ASKED_OF_US.found_in(line, language)]
    offers = [place for place, line in enumerate(told) if _offers(line, language)]
    refused = any(_refuses(line, language) for line in told)
    return Feedback(
        # "Not in writing, but call me": an offer outweighs the refusal that it qualifies.
        refused=refused and not offers,
        offered=bool(offers),
        link=_link(message, told, offers, language),
        given=_given(told, language),
    )


def words_given(message: Message) -> str:
    """Return the sentences of a mail that give feedback, word for word."""
    language = prose_of(message).language
    kept = [
        sentence.strip()
        for sentence in sentences(message.text)
        if _tells(" ".join(sentence.translate(STRAIGHT).split()), language)
    ]
    return "\n".join(kept)


def _tells(sentence: str, language: str | None) -> bool:
    if _offers(sentence, language) or _ASKED_OF_US.found_in(sentence, language):
        return False
    return any(
        phrases.found_in(sentence, language) for phrases in (_SHORTFALL, _JUDGEMENT, _ANNOUNCED)
    )


def asks_for_opinion(message: Message) -> bool:
    """Tell whether a mail wants the candidate's opinion, as surveys do."""
    prose = prose_of(message)
    return any(_ASKED_OF_US.found_in(line, prose.language) for line in prose.sentences)


def _refuses(sentence: str, language: str | None) -> bool:
    return _REFUSES.found_in(_GOOD_NEWS.pattern(language).sub(" ", sentence), language)


def _offers(sentence: str, language: str | None) -> bool:
    if not _OFFERS.found_in(sentence, language):
        return False
    return not _refuses(sentence, language) or _STILL_OFFERS.found_in(sentence, language)


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
    if any(_SHORTFALL.found_in(line, language) for line in told if not _offers(line, language)):
        return True
    judged = sum(1 for line in told for _ in _JUDGEMENT.matches(line, language))
    announced = any(
        _ANNOUNCED.found_in(line, language) and not _offers(line, language) for line in told
    )
    return judged >= _ENOUGH_JUDGEMENTS or (announced and judged > 0)
