"""Whether an answer reaches the writer: prose → has left, hands over, takes no replies."""

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose

_HANDS_OVER = Phrases(
    r"""
en:
    (takes|taking|take|took|taken) over (from (me|here|now|today)|for me|as your|my \w+|
        (this|your|the) (process|search|vacancy|application|recruitment|hiring))
    (hand|handed|handing) (you|this|things|it|everything|
        your (application|process|details)) (over|on) to
    my (successor|replacement)|(in|stepping into) my place
    (will be|is) your (new |main )?(point of )?contact (from (here|now|today|then)|going forward|
        instead|in future)
    (?!<matter>)\w+ (is no longer (with|at|working|employed)|no longer works?)
    (has|who) (now |recently |since )?left (the (company|organi[sz]ation|business|firm|
        agency|team)|(his|her|their) (role|position|post|job))
    (my|this is my) last (day|week) (at|with|here)
de:
    (übernimmt|übernehmen) (ab (sofort|jetzt|heute)|für mich|meine|ihr(e|en)? (bewerbung|anliegen))
    (meine?|an meine) (nachfolge\w*|vertretung)|an meiner stelle
    (frau|herr) \S+ (ist|arbeitet) (\S+ ){0,3}nicht mehr (bei|für|im (unternehmen|haus|hause|team))
    postfach|adresse|e-mail … nicht mehr (gelesen|abgerufen|aktiv|genutzt)
    (frau|herr) \S+ hat … verlassen
    ist … aus (dem|unserem) (unternehmen|haus|dienst|team) ausgeschieden
    neue[nr]? ansprechpartner\w*
fr:
    (prend|prendra|prends|reprend|reprendra) (le relais|la suite|mes|votre (dossier|candidature))
    (mon|ma) (successeure?|remplaçante?)|n'est plus (lue?|consultée?)
es:
    se (hará|hace) cargo|(me|mi) (sustituye|sustituirá|sucesora?|sustituta?)
it:
    (subentra|subentrerà)|(mi|mio|mia) (sostituisce|sostituirà|successore|sostituta?)
nl:
    (neemt|nemen) (het|dit|mijn|je|uw) … over
    mijn (opvolg\w+|vervang\w+)
    niet (meer|langer) gelezen
pt:
    (vai )?(assume|assumirá|assumir) (o|a|este|esta|meu|minha) (meu |minha )?(lugar|processo|vaga)
pl:
    przejmuje|przejmie|zastępuje mnie|zastąpi mnie
sv da no:
    (tar|tager) över efter mig|(tar|overtar|overtager|tager) over (for|etter|efter) (mig|meg)
    min (efterträdare|efterfølger|etterfølger)
    """,
    matter="(application|candidacy|role|position|post|vacancy|opening|job|profile|cv|resume|it|"
    "this|that|which|who|there)\\b",
)

# Said of oneself, or of nobody in particular, as the notes of mailboxes do.
_HAS_LEFT = Phrases(
    r"""
en:
    (i'm|i am|i'll be|i will be|i) no longer (with|at|work(ing)?|employed|part of)
    (mailbox|inbox|address|account|e-?mail) (is )?no longer (monitored|in use|active|checked|read)
    (have|'ve|i) (now |recently |since )?left (the (company|organi[sz]ation|business|firm|
        agency|team)|(our|my) (team|role|position|post|job))
    i( have|'ve) (now |recently |since )?left (?!you\b|an?\b|it\b|this\b|that\b|the\b|my\b)\w+
de:
    ich (bin|arbeite) (\S+ ){0,3}nicht mehr (bei|für|im (unternehmen|haus|hause|team))
    nicht mehr (für|bei|im) (\S+ ){0,4}(tätig|beschäftigt)|verlassen habe
    ich habe … verlassen
    bin … aus (dem|unserem) (unternehmen|haus|dienst|team) ausgeschieden
fr:
    je ne (travaille|fais) plus|ne travaille plus (chez|pour|dans)|plus en poste
    (ai|a) quitté (la société|l'entreprise|l'agence|(mes|ses) fonctions)
    ne fai[st] plus partie (de l'|de la |du |des )(entreprise|société|équipe|effectifs|personnel)
es:
    ya no (trabaj[oa]|pertenezco|form[oa] parte (de|del) (la |nuestro )?(empresa|equipo|plantilla))
it:
    non (lavor[oa] più|(faccio|fa) più parte (dell'azienda|della società|del team|dell'organico))
nl:
    niet (meer|langer) (werkzaam|in dienst)|werkt? (\S+ ){0,4}niet (meer|langer)
pt:
    (já não|não) trabalh[oa] (mais )?(na|no|aqui|para|em)
    não (faço|faz) (mais )?parte (da|do) (empresa|equipa|equipe|quadro)
pl:
    już nie pracuj[ęe]|nie pracuj[ęe] już
sv da no:
    (jobbar|arbetar|arbejder|arbeider) (inte|ikke) (längre|længere|lenger|kvar)
    (jag|jeg) (\S+ ){0,2}(inte|ikke) (längre|længere|lenger) (kvar|ansat|ansatt|hos)
    har (slutat|sluttet)|er (fratrådt|stoppet)
    """
)

_TAKES_NO_REPLIES = Phrases(
    r"""
en:
    (do|does|can|could|should)( not|n't) (reply|respond) (directly )?to <this> <mail>
    do not (reply|respond)(?= ?[.!*]| ?$)
    <box>( address)? (is|was)( not|n't) (actively |regularly )?(monitored|read|checked|attended)
    (unmonitored|unattended|not monitored) <box>
    (replies|responses|answers) (to <this> <mail> |sent here )?<never> (monitored|read|received|
        delivered|answered|accepted|seen)
    (replies|responses|answers) … (undeliverable|unmonitored)
    (cannot|can't|does not|doesn't) (receive|accept|take) (incoming |any )?(e-?mails?|replies|mail)
    send-only|outgoing( messages| mail|-mail)? only
de:
    antworten sie (bitte )?nicht (direkt )?(auf diese[sr]?|darauf)
    nicht auf diese[sr]? (\w+[- ]){0,2}(mail|nachricht|schreiben|adresse) (zu )?antworten
    antworten auf diese … nicht (gelesen|bearbeitet|empfangen|möglich)
fr:
    ne pas (y répondre|répondre (directement )?(à|au) (ce|cet|cette))
es:
    no (responda|respondas|responder|conteste|contestar) (directamente )?(a|al) est[ea]
it:
    non rispondere (direttamente )?(a|al) (quest[oa]|presente)
nl:
    niet (te )?(antwoorden|reageren) op deze|deze <post> niet te beantwoorden|niet beantwoorden
    op deze <post> niet (reageren|antwoorden)
pt:
    não (responda|responder) (diretamente )?(a|à|ao) es[ts][ea]
pl:
    nie odpowiada(ć|j|jcie) (bezpośrednio )?na (tę|tą|ten|niniejszą|tego)
sv da no:
    svara inte på (detta|det här)|(ikke|inte) svare? på denne|går inte att (svara på|besvara)
    kan (inte|ikke) (besvaras|besvares)
    """,
    this="(this|the|these|our)( automated| automatic| system( generated)?| auto-?generated)?",
    mail="(e-?mails?|messages?|mails?|address|notification|notice|note)",
    box="(mailbox|inbox|mail box|e-?mail( account)?|e-?mail address|address|account)",
    never="(are not|aren't|will not be|will never be|won't be|can(not|'t) be)",
    post="(mail|e-mail|bericht)",
)


def has_left(text: str, language: str | None) -> bool:
    """Tell whether its writer, or whose mailbox it is, has left the employer."""
    return _HAS_LEFT.found_in(text, language)


def hands_over_in(sentence: str, language: str | None) -> bool:
    """Tell whether a sentence says that somebody else is in charge from now on."""
    return has_left(sentence, language) or _HANDS_OVER.found_in(sentence, language)


def hands_over(prose: Prose) -> bool:
    """Tell whether the writer is in charge no longer: of this application, or of anything."""
    return any(hands_over_in(sentence, prose.language) for sentence in prose.sentences)


def takes_no_replies(prose: Prose) -> bool:
    """Tell whether the mail itself says that nobody reads an answer to it.

    In any language: the footer of a firm is often in another one than the letter.
    """
    return any(_TAKES_NO_REPLIES.found_in(sentence, None) for sentence in prose.sentences)
