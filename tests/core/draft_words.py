"""What a language says, word by word, for the checklist of drafts.

These lists come from the language, not from config/drafts: they hold more than any wording uses.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language: what must be heard in a letter, what must not.

    `|` stands between words, `\\w*` for any ending.
    """

    typical: str  # small words: three of them stand in any letter
    task: str  # an assessment
    talk: str  # a first talk
    interview: str
    not_yet: str  # an interview, where so far there was but a first talk
    rounds: str  # several interviews
    far: str  # to have come far
    application: str  # one
    applications: str  # more than one
    message: str  # what the person has written to the user
    your_decision: str
    thanks: str
    hedge: str  # before a question
    familiar: str  # du, tu
    gendered: str
    pressing: str
    pleasant: str  # how the talk or the task went, and other things that nobody knows
    deaf: str  # asks what the mail may have answered, or counts on a talk that was only arranged
    plans: str  # that plans have changed
    greeting: str  # the whole first line; N is the person
    farewell: str  # the whole line before the user's name
    accepts: str  # the decision
    modest: str  # what makes a question easy to answer, or to leave
    wishes: str  # what closes a letter
    asking: str  # a question without its mark
    together: str  # what the user and the person did together: nobody knows that they did


WORDS = {
    "en": Words(
        typical="the|my|and|for|of|to|I|you|it|is|in|what|that|if|a|all|will|me|be|on|have",
        task="assessments?|tests?|tasks?|exercises?|solutions?|handed in",
        talk="calls?|conversations?|talks?|phone|spoke|speak",
        interview=r"interview\w*",
        not_yet=r"interview\w*",
        rounds="interviews",
        far="so far|this far",
        application="my application",
        applications="applications",
        message="letting me know|getting back to me|your (?:message|reply|answer|mail|email)"
        "|for writing|write to me|wrote to me"
        "|for telling|for the news|for informing",
        your_decision="your (?:decision|choice|team's decision)|you (?:decided|chose)"
        "|your reasons|you who",
        thanks=r"thank\w*|grateful|gratitude",
        hedge="if you|if it is|only if|could you|would you|let me know",
        familiar=r"hey|hi|guys|folks|mate|asap|\w+n't|cheers"
        r"|\w+'(?:s|re|ve|ll|d|m)",
        gendered="he|she|him|her|his|hers|gentlem[ae]n|guys",
        pressing=r"please,? please|urgent\w*|reconsider\w*|why|beg\w*|desperate\w*|must"
        "|deadline|(?:another|second|one more) (?:chance|try)|as soon as possible|look forward"
        r"|waiting|mistake|unfair|disappoint\w*|other (?:roles|positions|openings)"
        r"|keep me in mind|hear from|your answer|surpris\w*|sorry|apolog\w*|soon|by (?:Mon|Tues"
        "|Wednes|Thurs|Fri)day|(?:not|hard to) (?:accept|understand)",
        pleasant=r"enjoy\w*|pleasure|pleasant|lovely|interesting|inspiring|fascinating"
        r"|delight\w*|(?:good|great|nice) (?:talk|conversation|interview)|wonderful|kind words"
        r"|best company|admir\w*|dream\w*|honou?r\w*|pass(?:ed|ing)?|good fit|other (?:person"
        "|candidates?)|you (?:liked|know)",
        deaf="was there|were there|missing|lacked|lacking|did not (?:find|meet|come across)"
        "|tipped|my answers|more than once|first interview|several interviews",
        plans="plans|other reasons|nothing to do with my",
        greeting="(?:Dear|Hello|Good (?:morning|afternoon)) N,|(?:Hello|Good (?:morning"
        "|afternoon)),",
        farewell="(?:(?:Kind|Best|Warm) regards|With (?:best wishes|kind regards)"
        "|Yours sincerely),",
        accepts="accept|respect|understand|take the decision|can see how the decision",
        modest="if you|if it is|only if|plenty|enough|few words|will do|line or two|easiest",
        wishes=r"wish|hope|thank\w*",
        asking=r"wonder\w*|curious|like to know|tell me|let me know (?:what|why|how|which)",
        together=r"we|us|ours?|met|meet\w*|spoke\w*|talked",
    ),
    "de": Words(
        typical="ich|die|und|für|zu|mir|den|der|das|ist|Sie|Ihnen|es|dass|nicht|ein|eine|wie"
        "|auf|mich",
        task=r"Aufgabe\w*|Tests?|Lösung\w*|Assessment\w*",
        talk=r"Gespräch\w*|Telefonat\w*",
        interview=r"\w*gespräch\w*|Interview\w*",
        not_yet=r"Vorstellungsgespräch\w*|Interview\w*|Gespräche\w*|Bewerbungsgespräch\w*",
        rounds="Gespräche|Gesprächen",
        far="so weit",
        application="meiner Bewerbung",
        applications="Bewerbungen",
        message=r"Ihre (?:Rückmeldung|Nachricht|Antwort|Mail)|mir \S+(?: \S+)* geschrieben"
        "|dass Sie mir|Ihr Schreiben",
        your_decision="Ihre[rn]? (?:Entscheidung|Absage|Wahl)"
        "|Sie (?:sich )?(?:anders )?entschieden",
        thanks=r"\w*dank\w*",
        hedge="falls|wenn Sie|könnten Sie|würden Sie|wenn es sich",
        familiar=r"du|dir|dich|dein\w*|euch|euer|eure\w*|(?-i:ihr|ihre\w*|ihnen)|hi|hey|hallo"
        "|servus",
        gendered=r"Herrn?|Frau|Damen|geehrte\w*|liebe[rn]?|Bewerber\w*|Kandidat\w*|einer der",
        pressing=r"bitte,? bitte|dringend\w*|unbedingt|überdenk\w*|warum|wieso|weshalb|flehe"
        "|umgehend|zweite Chance|noch eine Chance|so bald wie möglich|erwarte|Frist|leider"
        r"|enttäusch\w*|andere Stellen|vormerken|unfair|freue mich auf|an mich denken"
        r"|überrasch\w*|Ihre baldige|Entschuldig\w*|leid|bald\w*|bis (?:Montag|Freitag|morgen)"
        "|(?:verstehe|akzeptiere) (?:ich )?(?:nicht|kaum)",
        pleasant=r"angenehm\w*|nett\w*|interessant\w*|spannend\w*|genossen|sympathisch\w*"
        r"|toll\w*|(?:gute|schöne|tolle)[sn]? Gespräch\w*|inspirierend\w*|Vergnügen|bestanden"
        "|gut gelöst|gepasst|die anderen",
        deaf="gab es|gefehlt|fehlte|nicht (?:erfüllt|gefunden)|meiner Antworten|erneut"
        "|mehrere Gespräche|Ausschlag gegeben|hätte mein Profil",
        plans="Pläne|andere Gründe|nicht an mir",
        greeting="Guten (?:Tag|Morgen)(?: N)?,",
        farewell="Mit (?:freundlichen|besten) Grüßen|Mit freundlichem Gruß|(?:Freundliche|Beste"
        "|Viele) Grüße",
        accepts="akzeptiere|respektiere|Verständnis|verstehe|nehme ich so|nachvollziehen",
        modest=r"falls|wenn (?:Sie|es sich|sie sich)|genüg\w+|reicht|paar Worte|ein, zwei Sätze"
        "|überlasse",
        wishes="wünsche|alles Gute|danke?",
        asking="frage (?:ich )?mich|interessieren|wüsste|sagen Sie mir|neugierig",
        together=r"wir|uns|unser\w*|kennen(?:zu)?(?:ge)?lern\w*|begegn\w*|getroffen|gesprochen",
    ),
    "fr": Words(
        typical=r"je|j'\w+|la|et|de|que|pour|le|vous|un|une|m'\w+|les|est|votre|à|ce|me|mon|du|ne",
        task="tests?|exercices?|ce que j'ai rendu|mon travail",
        talk="échange|conversation|appel",
        interview="entretiens?",
        not_yet="entretiens?",
        rounds="entretiens",
        far="aussi loin",
        application="ma candidature",
        applications="candidatures",
        message="m'avoir écrit|votre (?:message|retour|réponse|courriel)|m'ayez répondu"
        "|une réponse claire",
        your_decision="votre (?:décision|choix)|vous avez (?:décidé|choisi)",
        thanks=r"merci\w*|remerci\w*|reconnaiss\w*|gratitude",
        hedge="si vous|pourriez-vous|auriez-vous",
        familiar=r"tu|toi|ton|ta|tes|te|t'\w+|salut|coucou"
        "|dis-moi|peux-tu|as-tu|stp",
        gendered=r"ravie?|heureu\w+|reconnaissante?|désolée?|déçue?|honorée?|touchée?|convaincue?"
        r"|certaine?|(?:été|suis|resté) (?:\w+ment )?(?:reçu|invité|retenu|venu|allé|arrivé)e?"
        r"|candidate?|monsieur|madame|mme|chère?|prête?|curieu\w+|contente?|enchantée?"
        r"|conscient\w*",
        pressing=r"pourquoi|urgen\w+|reconsidér\w*|réexamin\w*|suppli\w*|implor\w*"
        "|malheureusement|(?:seconde|deuxième|nouvelle|autre) chance|dès que possible"
        r"|au plus vite|déception|d'autres postes|injuste|recontact\w*|autre poste|n'hésitez"
        r"|attends|impatience|surpri\w+|excus\w*|désolée?|rapidement|bientôt|avant (?:lundi"
        "|vendredi)|(?:comprends|accepte) (?:pas|mal)",
        pleasant=r"agréable\w*|intéressant\w*|plaisant\w*|sympathique\w*|enrichissant\w*"
        r"|passionnant\w*|chaleureu\w+|(?:bel|bon|riche) (?:échange|entretien)|formidable"
        r"|ai réussi|réussie?s?|les autres|bien passée?s?",
        deaf=r"y a-t-il|manqu\w+|aurait (?:rendu|donné)|mes réponses|de vive voix|ce jour-là"
        "|plusieurs|chaque entretien|a fait la différence",
        plans="plans|circonstances|ne tient pas à",
        greeting="Bonjour(?: N)?,",
        farewell="(?:Bien cordialement|Cordialement|(?:Avec mes m|M)eilleures salutations"
        "|Bien à vous),",
        accepts="accepte|comprends|respecte",
        modest=r"si vous|suffi\w+|m'aider\w+|quelques (?:mots|lignes)|très court|deux phrases"
        "|ne presse",
        wishes="souhaite|merci|remercie",
        asking="me demande|curiosité|(?:aimerais|voudrais) savoir|dites-moi",
        together=r"nous|notre|nos|rencontr\w*|connaissance|parlé",
    ),
    "es": Words(
        typical="la|que|de|y|mi|por|en|el|lo|los|se|le|les|un|una|con|no|me|para|su|a|al|ha",
        task="pruebas?|ejercicios?|lo que entregué|De lo que entregué|mi trabajo",
        talk="conversación|conversaciones|hablar conmigo|llamada",
        interview=r"entrevist\w*",
        not_yet=r"entrevist\w*",
        rounds="entrevistas",
        far="tan lejos",
        application="mi candidatura",
        applications="candidaturas",
        message="escribirme|me haya escrito|su (?:respuesta|mensaje|correo)|darme noticias"
        "|informarme|me haya informado|Gracias por escribirme",
        your_decision="(?:su|vuestra) (?:decisión|elección)|ha(?:n)? decidido",
        thanks=r"gracias|agrade\w*|gratitud",
        hedge="si tiene|si puede|si prefiere|podría|por si",
        familiar=r"tú|tu|tus|ti|te|contigo|vosotr\w+|vuestr\w+|os|hey"
        "|tienes|puedes|quieres|prefieres|dime",
        gendered="agradecid[oa]s?|content[oa]|interesad[oa]|(?<!haberme )invitad[oa]"
        r"|encantad[oa]|estimad[oa]s?|señor\w*|sra?|don|doña|candidat[oa]|querid[oa]|segur[oa]"
        "|dispuest[oa]"
        "|preparad[oa]|seleccionad[oa]|decepcionad[oa]|motivad[oa]"
        r"|(?:quedo|estoy|soy|siento) (?:\w+ )?\w{3,}[oa]|apreciad[oa]",
        pressing=r"por qué|urgen\w+|reconsider\w*|suplic\w*|ruego|cuanto antes|lamentablemente"
        r"|(?:otra|segunda|nueva) oportunidad|por favor|desesperad\w*|otras vacantes|injust\w*"
        r"|disculp\w*|perdón|pronto|antes del|no (?:entiendo|acepto|comprendo)",
        pleasant=r"agradables?|interesantes?|disfrut\w+|placer|enriquecedor\w*|inspirador\w*"
        r"|estupend\w+|maravillos\w+|(?:buena|grata|amena) conversación|superé|los demás"
        "|salió bien",
        deaf="hubo|faltó|faltaba|no encontró|conté|resulté|cada una de|varias entrevistas|acabó"
        "|la entrevista fue",
        plans="planes|circunstancias|otros motivos|no dependía|el motivo no",
        greeting="(?:Buenos días|Buenas tardes|Hola)(?:, N)?:|Hola, buenos días:",
        farewell="(?:Un cordial saludo|Saludos cordiales|Cordialmente|Atentamente),",
        accepts="acepto|entiendo|comprendo",
        modest=r"si (?:tiene|prefiere|no puede|ahora)|bast\w+|suficientes?|palabras|breves?"
        "|un sí o un no",
        wishes="deseos?|que les vaya|gracias",
        asking="me pregunto|(?:quisiera|me gustaría) saber|dígame|curiosidad",
        together=r"nosotros|nuestr\w+|nos (?:vimos|conocimos)|conocerl\w+|encuentro|hablamos"
        "|reunión",
    ),
    "it": Words(
        typical="la|che|di|il|per|e|mi|in|non|un|una|al|alla|le|lo|è|ho|della|del|a|se|ha|più",
        task="prov[ae]|compit[oi]|quello che ho consegnato|esercizi[oi]?"
        "|in quale punto il mio lavoro",
        talk="colloquio|conversazione|chiamata",
        interview=r"colloqui\w*",
        not_yet=r"(?<!primo )colloqui\w*|intervist\w*|incontri",
        rounds="colloqui",
        far="così avanti|fin qui",
        application="mia candidatura",
        applications="candidature",
        message="per la risposta|Suo messaggio|riscontro|avermi scritto|mi ha scritto|di scrivermi",
        your_decision="(?:Sua|vostra) (?:decisione|scelta)|avete (?:deciso|scelto)",
        thanks=r"grazie|ringrazi\w*|gratitudine|grat[oa]",
        hedge="se ha|se avesse|se trova|se preferisce|potrebbe|avrebbe un",
        familiar=r"tu|tuo|tua|tuoi|tue|ti|te|ciao|(?-i:la ringrazi\w*|suo|sua|suoi|sue|le auguro)"
        "|hai|puoi|vuoi|preferisci|dimmi",
        gendered=r"grat[oai]|sono (?:stat|arrivat|andat|venut)[oa]|liet[oa]|content[oa]|signor\w*"
        r"|egregi[oa]?|car[oa]|candidat[oa]|dott\w*|interessat[oa]|delus[oa]|onorat[oa]|sicur[oa]"
        "|pront[oa]|convint[oa]|sig"
        r"|felice|(?:essere|resto|rimango) \w+[ts][oa]",
        pressing=r"perché|urgen\w+|riconsider\w*|ripens\w*|prego|supplic\w*|al più presto"
        "|purtroppo|(?:un'altra|seconda|nuova) (?:possibilità|opportunità|occasione)"
        r"|delusion\w+|ingiust\w+|altre posizioni|scus\w*|presto|entro|non (?:capisco|accetto"
        "|comprendo)",
        pleasant=r"piacevol\w*|interessant\w*|arricchent\w*|stimolant\w*"
        r"|bell?[oa]? (?:colloquio|conversazione)|simpatic\w+|splendid\w+|superat\w+|gli altri"
        r"|andat\w+ bene",
        deaf=r"c'è|manc\w+|avrebbe (?:reso|dato)|mie risposte|a voce|ogni colloquio|più colloqui"
        "|ha fatto la differenza|colloquio (?:per me )?è stato",
        plans="piani|circostanze|non dipende da",
        greeting="(?:Gentile|Buongiorno|Buonasera) N,|(?:Buongiorno|Buonasera),",
        farewell="Cordiali saluti|Un cordiale saluto|Con i migliori saluti|Distinti saluti"
        "|Cordialmente",
        accepts="accetto|comprendo|rispetto|capisco",
        modest=r"se (?:ha|trova|preferisce|avesse|vorrà)|bast\w+|poche|brevissimo|aiuterebbe"
        "|alcuna fretta",
        wishes="auguro|spero|buon proseguimento|grazie",
        asking="mi chiedo|vorrei sapere|mi dica|curiosità",
        together=r"noi|nostr\w+|ci siamo|abbiamo|conoscer(?:vi|la)|incontrar\w+|incontrat\w+"
        r"|parlat\w+",
    ),
    "nl": Words(
        typical="ik|de|en|het|voor|van|mijn|dat|u|een|is|op|te|wat|niet|met|geen",
        task=r"opdracht\w*|uitwerking\w*|test\w*",
        talk=r"gesprek\w*|telefoongesprek\w*",
        interview=r"\w*gesprek\w*",
        not_yet=r"sollicitatiegesprek\w*|gesprekken|interview\w*|(?<!eerste )gesprek",
        rounds="gesprekken",
        far="zo ver",
        application="mijn sollicitatie",
        applications="sollicitaties",
        message="uw (?:duidelijke )?(?:bericht|antwoord|mail|reactie)|hebt laten weten"
        "|te antwoorden op|de duidelijkheid over",
        your_decision="uw (?:beslissing|keuze|besluit|afwijzing)|u hebt (?:besloten|gekozen)",
        thanks=r"\w*dank\w*|dankbaar",
        hedge="als u|mocht u|mocht het|zou u|kunt u",
        familiar="je|jij|jou|jouw|jullie|hoi|hallo|hey",
        gendered="heer|mevrouw|dhr|mw|mevr|heren|dames|hij|zij die|meneer",
        pressing=r"waarom|dringend\w*|spoed\w*|heroverweg\w*|smeek\w*|alstublieft"
        r"|zo snel mogelijk|(?:tweede|nieuwe|andere) kans|nog een kans|teleur\w*|oneerlijk"
        r"|andere vacatures|sorry|excus\w*|spoedig|(?:begrijp|accepteer) (?:ik )?niet",
        pleasant=r"aangenaam|aangename|leuke?|interessante?|plezier\w*|genoten|fijne?|boeiende?"
        r"|(?:prettige?|goede?) gesprek\w*|inspirerend\w*|gezellig\w*|geslaagd|de anderen"
        "|goed gegaan",
        deaf="(?:is|was) er (?:iets|een|één)|gemist|ontbrak|in het (?:eerste )?gesprek"
        "|meer dan één|reeks|doorslag gegeven|het (?:eerste )?gesprek was",
        plans="plannen|andere redenen|losstaat",
        greeting="(?:Beste|Geachte) N,|Goede(?:n?dag|morgen|middag),",
        farewell="(?:Met (?:vriendelijke|hartelijke) groet|(?:Vriendelijke|Hartelijke) groeten),",
        accepts="respecteer|begrijp|accepteer|begrip",
        modest=r"als (?:u|het)|mocht u|genoeg|volsta\w+|ook goed|helpt mij|geholpen|hoeft"
        "|voldoende",
        wishes="wens|toegewenst|dank",
        asking="vraag (?:ik )?m(?:ij|e) af|benieuwd|graag weten|laat mij weten",
        together=r"wij|we|onze?|ontmoet\w*|gesproken|kennis (?:te )?maken|kennisgemaakt",
    ),
    "pt": Words(
        typical="a|de|que|o|e|minha|minhas|não|um|uma|do|da|os|em|para|sua|se|com|no|na|por"
        "|tão|mais|foi",
        task="testes?|tarefas?|exercícios?|No que entreguei|do meu trabalho",
        talk=r"convers\w*|falar comigo|chamada",
        interview=r"entrevist\w*",
        not_yet=r"entrevist\w*",
        rounds="entrevistas",
        far="tão longe",
        application="minha candidatura",
        applications="candidaturas",
        message="sua (?:mensagem|resposta)|a resposta sobre|convite e a resposta"
        "|agradeço a resposta|agradeço a mensagem|agradeço a sua|me tenha escrito",
        your_decision="(?:sua|vossa) (?:decisão|escolha)|decidiram|escolheram",
        thanks=r"agrade\w*|obrigad\w+|gratidão|grat[oa]",
        hedge="se tiver|se puder|se preferir|poderia",
        familiar="você|vocês|tu|te|ti|teus?|tuas?|contigo|vossos?|vossas?|oi"
        "|tens|tiveres|podes|puderes|queres|preferes|preferires|diz-me",
        gendered="obrigad[oa]s?|grat[oa]|satisfeit[oa]|interessad[oa]|convidad[oa]|prezad[oa]s?"
        r"|senhor\w*|sra?|car[oa]s?|candidat[oa]|selecionad[oa]|honrad[oa]|dispost[oa]"
        "|decepcionad[oa]"
        "|motivad[oa]|cert[oa]|preparad[oa]"
        r"|(?:fiquei|fico|estou|sou) (?:\w+ e )?\w{3,}[oa]|orgulhos[oa]",
        pressing=r"porquê|por que|urgen\w+|reconsider\w*|imploro|suplico|por favor|infelizmente"
        r"|(?:outra|segunda|nova) (?:oportunidade|chance)|o mais rápido|outras vagas|injust\w*"
        r"|desculp\w*|em breve|brevemente|não (?:entendo|aceito|compreendo)",
        pleasant=r"agradáve\w+|interessantes?|prazer|gostei|enriquecedor\w*|inspirador\w*"
        r"|ótim[oa]|excelente|maravilhos\w+|boa conversa|passei|os outros|correu bem",
        deaf="houve|faltou|não encontrou|contei|minhas respostas|cada uma das"
        "|várias entrevistas|fez a diferença|a entrevista foi",
        plans="planos|outros motivos|não dependeu|o motivo não",
        greeting="(?:Olá|Bom dia|Boa tarde)(?:, N)?,",
        farewell="(?:Cordialmente|Atenciosamente|Com os melhores cumprimentos|Saudações cordiais),",
        accepts="aceito|compreendo|entendo|respeito",
        modest=r"se (?:tiver|puder|preferir|não puder)|bast\w+|já ajudam?|suficientes?|poucas"
        "|breves?",
        wishes="desejo|espero|tudo de bom|agradeço",
        asking="pergunto-me|me pergunto|gostaria de saber|diga-me|curiosidade",
        together=r"nós|noss\w+|fal[aá]mos|encontro|encontr[aá]mos|conhecê-l\w+|conhecemos|reunião",
    ),
    "pl": Words(
        typical="w|i|za|na|się|do|mi|że|tę|to|po|oraz|z|co|o",
        task=r"zadani\w*|rozwiązani\w*|test\w*",
        talk=r"rozm[oó]w\w*|telefon\w*",
        interview=r"rozm[oó]w\w*",
        not_yet=r"rozmow\w+ kwalifikacyjn\w+|rozmów|rozmowach",
        rounds="rozmów|rozmowach|(?:wymagały|zajmują) rozmowy",
        far="tak daleko",
        application="mojego zgłoszenia|moim zgłoszeniu",
        applications="moich zgłoszeń",
        message="dziękuję za wiadomość|jasną odpowiedź|mi Państwo znać|mnie Państwo"
        "|dotarła już do mnie odpowiedź w sprawie",
        your_decision=r"Państwa (?:decyzj\w+|wyb\w+)|zdecydowali Państwo"
        "|Państwo (?:zdecydowali|wybrali)",
        thanks=r"\w*dzięk\w*|wdzięczn\w*",
        hedge="jeśli|jeżeli|proszę o|czy mogą|gdyby",
        familiar=r"pan|pani|panu|panią|pana|panem|ty|ci|ciebie|cię|tobie|tobą|twój|twoj\w*|wy"
        "|wam|was"
        r"|wasz\w*|cześć|hej"
        r"|\w{2,}[eiya]sz|napisz|daj",
        gendered=r"\w+ł[ae]m|\w+ł(?:by|aby)m|wdzięczn[aey]|szanown[aey]|drog[ia]|powinienem"
        "|powinnam"
        r"|sama?|gotów|gotowa|pewi?en|pewna|rad|rada|zadowolon[aey]|szczęśliw[aey]|kandydat\w*"
        r"|zaszczycon[aey]|zainteresowan[aey]|powin\w+em",
        pressing=r"dlaczego|czemu|piln\w+|ponown\w+ (?:rozpatrz\w+|rozważ\w+)|błaga\w*|niestety"
        r"|jak najszybciej|(?:drug|kolejn|jeszcze jedn)\w+ szans\w+|inne stanowiska"
        r"|rozczarow\w+|przepraszam|wkrótce|szybk\w+|nie (?:rozumiem|przyjmuję)",
        pleasant=r"przyjemn\w+|mił\w+|ciekaw\w+|interesując\w+|sympatyczn\w+|inspirując\w+"
        r"|wspaniał\w+|udan\w+ rozmow\w+|zdał\w*|inni|poszł\w+ dobrze",
        deaf=r"zabrakło|czy (?:jest|był\w*)|w (?:pierwszej )?rozmowie|kilku rozm\w+"
        "|każde kolejne|przeważyło|rozmowa była",
        plans="plany|względy niezależne|nie miała związku",
        greeting="Dzień dobry(?:, N)?,|Szanowni Państwo,",
        farewell="Z poważaniem|Z wyrazami szacunku|Łączę pozdrowienia|Z pozdrowieniami",
        accepts="przyjmuję|szanuję|rozumiem",
        modest="jeśli|jeżeli|wystarczy|kilka słów|krótka|pomoże|nie muszą|nawet jedna",
        wishes="życzę|wszystkiego dobrego|dziękuję",
        asking="zastanawiam|ciekawi mnie|proszę powiedzieć|chcę wiedzieć",
        together=r"my|nas|nam|nami|nasz\w*|\w+liśmy|\w+łyśmy|spotka\w+|poznać|poznani\w+",
    ),
    "sv": Words(
        typical="jag|att|och|för|det|min|mina|om|en|ni|er|är|som|i|till|på|vad|mig|ett|vill",
        task=r"uppgift\w*|lösning\w*|test\w*",
        talk=r"\w*samtal\w*|telefon\w*",
        interview=r"\w*intervju\w*",
        not_yet=r"\w*intervju\w*",
        rounds=r"intervjuer\w*",
        far="så långt",
        application="min ansökan",
        applications="ansökningar",
        message="tack för beskedet|ert (?:svar|mejl|besked)|hörde av er|tack för svaret",
        your_decision="ert (?:beslut|val)|ni (?:valde|beslutade|bestämde)",
        thanks=r"tack(?:a|sam\w*)?|tackar(?! gärna ja)",
        hedge="om ni (?:har|hinner|ändå)|skulle ni|kan ni",
        familiar="du|dig|dej|din|ditt|dina|tjena|hallå",
        gendered="herr|fru|bäste|bästa (?:herr|fru)|han|hon|honom|henne|herrar|damer",
        pressing=r"varför|brådska\w*|ompröv\w*|snarast|snälla|bönfall\w*|tyvärr|besvik\w*|(?:en"
        r"|ny|andra) chans till|andra tjänster|orättvis\w*|ursäkt\w*|förlåt|snart|(?:förstår"
        "|accepterar) (?:jag )?inte",
        pleasant=r"trevlig\w*|intressant\w*|kul|rolig\w*|givande|njöt|inspirerande|härlig\w*"
        "|(?:bra|fint|gott) samtal|klarade|de andra|gick bra",
        deaf=r"var det (?:något|någon)|sakna\w*|mina svar|i (?:samtalet|intervjun)"
        "|flera intervjuer|avgjorde",
        plans="planer|andra skäl|inte hade med mig",
        greeting="(?:Hej|God (?:dag|morgon))(?: N)?,",
        farewell="Med vänlig hälsning|(?:Med v|V)änliga hälsningar|Bästa hälsningar",
        accepts="respekterar|respekt|förståelse|accepterar|förstår",
        modest="om ni|räcker|mer än nog|helt i sin ordning|både kort|hjälper mig",
        wishes="önskar|lycka till|hoppas|allt gott|tack",
        asking=r"undrar\w*|nyfiken|(?:vill|få) (?:jag )?(?:gärna )?veta|berätta för",
        together=r"vi|oss|vår\w*|träff\w+|känna er|pratade|möte\w*|mötas",
    ),
    "da": Words(
        typical="jeg|at|og|for|det|min|mine|om|en|I|jer|er|som|i|til|på|hvad|et|mig",
        task=r"opgave\w*|løsning\w*|test\w*",
        talk=r"\w*samtale\w*|telefon\w*",
        interview=r"\w*samtale\w*|interview\w*",
        not_yet=r"jobsamtale\w*|samtalerne|samtaler|interview\w*",
        rounds="samtaler|samtalerne",
        far="så langt",
        application="min ansøgning",
        applications="ansøgninger",
        message="jeres (?:svar|mail|besked)|skrev til mig|for beskeden|gav mig besked",
        your_decision=r"jeres (?:beslutning\w*|valg)|I (?:valgte|besluttede)",
        thanks=r"(?<!ja )tak|takker?|taknemmelig\w*",
        hedge="hvis I (?:har|kan|ikke|alligevel)|vil I|kan I",
        familiar="du|dig|din|dit|dine|hejsa|(?-i:De|Dem|Deres)",
        gendered="hr|fru|frk|han|hun|ham|hende|herrer|damer",
        pressing=r"hvorfor|haster?|genovervej\w*|hurtigst muligt|bønfald\w*|desværre|skuff\w*"
        r"|(?:en|ny|anden) chance til|endnu en chance|andre stillinger|uretfærdig\w*"
        r"|undskyld\w*|beklager|snart|(?:forstår|accepterer) (?:jeg )?ikke",
        pleasant=r"hyggelig\w*|spændende|interessant\w*|dejlig\w*|fornøjelse\w*|inspirerende"
        r"|sjov\w*|(?:god|fin|rar) samtale|bestod|de andre|gik godt",
        deaf=r"var der|savn\w*|manglede|mine svar|i samtalen|flere samtaler|afgørende",
        plans="planer|andre grunde|ikke havde noget med mig",
        greeting="(?:Kære|Hej|Goddag) N,|(?:Hej|Goddag),",
        farewell="(?:Med v|V)enlig hilsen|(?:De b|B)edste hilsner|Venlige hilsner",
        accepts="respekterer|respekt|forståelse|accepterer|forstår",
        modest="hvis I|rigeligt|helt fint|er nok|helt i orden|både kort|hjælper mig",
        wishes="ønsker|held og lykke|håber|alt godt|tak",
        asking="undrer|nysgerrig|gerne vide|fortæl mig",
        together=r"vi|os|vore?s?|mødt\w*|møde[rs]?|kende|talte",
    ),
}
