"""Why the employer says no, as the mail states it: the most particular reason that it gives.

A cancelled opening explains more than the other candidates it never had, and a comparison with
them more than the praise around it. "Many applications" counts where nothing else is said.
"""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose
from inboxbot.core.types import StatedReason

_CANCELLED = Phrases(
    r"""
en:
    (closed|concluded|ended) without (an )?(appointment|hire)|search (has |was )?failed|
        will not be released
    no (appointment|offer to any candidate) will be made|no longer exists|doesn't exist any more
    client|customer … (canned|cancelled|pulled|dropped|scrapped) (the|this)
    (lost|losing) the (\w+ )?(contract|bid|funding|grant)
    position|role|opening|vacancy|requisition|job|posting|search … (has|have|had|been|was|is|
        being|to be) … (cancel*|withdrawn|closed|eliminated|discontinued|removed|no longer
        (open|needed))
    (cancel*|withdrawn|withdraw|close|closing|eliminate*|discontinue*|stop*) (the|this|our|
        that) (\w+ )?(position|role|opening|vacancy|search|recruitment|requisition)
    closed the (position|role|opening|vacancy|posting)
    no longer (recruiting|hiring|interviewing|looking to (fill|hire)|filling|pursuing
        candidates|planning to (fill|hire))
    not to (hire (anyone|anybody)|fill (the|this)|proceed with (the|this) (role|position|
        vacancy|search|recruitment|hire))
    (not|n't) be filling (the|this|our|that)
    nobody will be hired|(stop|stopped) (pursuing|considering|recruiting)
    priorities have (shifted|changed)
    has withdrawn the position
de:
    stelle|position|ausschreibung|vakanz|verfahren|stellenbesetzung … (gestrichen|geschlossen|
        zurückgezogen|nicht (mehr )?(besetzt|nachbesetzt)|entfällt|abgesagt|eingestellt|
        weggefallen|aufgehoben|entfallen)
fr:
    poste|recrutement|offre … (annulée?|supprimée?|fermée?|abandonnée?|n'est plus (ouvert|à
        pourvoir|d'actualité))
es:
    puesto|vacante|proceso|posición|búsqueda|plaza|oferta … (cancelad*|anulad*|suprimid*|
        desierto|eliminad*|cerrad* sin)
    (cancelar|anular|cancelado|anulado) (la|el|este|esta) (puesto|vacante|proceso|búsqueda|
        oferta)
it:
    posizione|ruolo|selezione|ricerca … (annullat*|cancellat*|soppress*|chius* senza|non (è|
        sarà) più (apert*|disponibile))
    annullare (la|il|questa) (posizione|ruolo|selezione|ricerca)
nl:
    functie|vacature|procedure|positie|rol … (ingetrokken|geannuleerd|vervallen|gesloten zonder|
        niet (meer )?(ingevuld|doorgaat)|gaat niet door)
pt:
    vaga|posição|processo … (cancelad*|encerrad* sem|foi fechad*|extint*)
    cancelar (a|o|esta|este) (vaga|posição|processo)
pl:
    rekrutacj*|stanowisk*|proces*|ofert* … (anulowan*|odwołan*|wycofan*|unieważnion*|zamknięt*
        bez|zlikwidowan*)
sv:
    tjänsten|rekryteringen|rollen|processen … (dragits tillbaka|avbrut*|ställts in|inte
        (längre )?(tillsätt*|aktuell)|lagts ner|dragits in|avslutats utan)
da no:
    stillingen|rekrutteringen|processen|prosessen … (trukket tilbage|aflyst|annulleret|nedlagt|
        ikke (længere )?(besættes|bliver besat)|trukket tilbake|kansellert|avlyst)
    """
)
_PAUSED = Phrases(
    r"""
en:
    hiring|recruitment|headcount|budget … (frozen|freeze|stopped|until further notice)
    freeze across|not (hiring|taking (anyone|anybody|people) on) (right now|at the moment|until|
        for now)
    suspend (hiring|recruitment)|on (ice|hold) (until|for)
    hiring|recruit*|position|role|opening|vacancy|process|search|headcount … (paused|on hold|
        put on ice|frozen|suspended|postponed|on pause|deferred)
    (hiring|recruitment) freeze|freeze on (hiring|recruitment)
    (pause|paused|pausing|postpone|postponed|suspend|freeze|froze) (\w+ ){0,3}(hiring|recruit*|
        position|role|search|process)
    put (\w+ ){1,4}on (hold|ice)
de:
    einstellungsstopp
    stelle|position|besetzung|verfahren|suche|rekrutierung|einstellungen|recruiting … (pausier*|
        auf eis|zurückgestellt|verschoben|vorerst gestoppt|ausgesetzt)
fr:
    recrutements?|poste|processus|embauches? … (suspendue?s?|en pause|gelée?s?|reportée?s?|
        mis(es?)? en attente|repoussée?s?)
    gel des (embauches|recrutements)
es:
    proceso|contratación|contrataciones|vacante|búsqueda|puesto … (pausa*|congelad*|suspendid*|
        pospuest*|aplazad*)
it:
    selezione|assunzioni|ricerca|posizione|processo … (sospes*|in pausa|congelat*|rimandat*|
        rinviat*)
    blocco delle assunzioni
nl:
    vacature|procedure|werving|functie … (on hold|gepauzeerd|bevroren|uitgesteld|opgeschort|in
        de wacht)
    vacaturestop|personeelsstop
pt:
    vaga|processo|contratações|contratação … (paus*|congelad*|suspens*|adiad*)
pl:
    rekrutacj*|proces*|zatrudni* … (wstrzyman*|zawieszon*|odłożon*|zamrożon*)
sv:
    anställningsstopp
    rekryteringen|processen|tjänsten … (pausa*|på is|skjut* upp|vilande)
da no:
    ansættelsesstop*|ansettelsesstopp
    rekrutteringen|processen|prosessen|stillingen … (sat i bero|på pause|udskudt|satt på vent|
        utsatt)
    """
)
_FILLED = Phrases(
    r"""
en:
    (post|position|role|job|headcount|slot|seat|spot|berth|vacancy|opening) (\w+ ){0,2}(stands|
        already|is|are|was|were|been|
        got) (\w+ )?(filled|gone|taken)
    (posts?|slots?|spots?|places?|positions|vacancies|roles|jobs) (\w+ ){0,3}(all gone|are gone|
        already gone|been filled|are filled|been taken)
    no (more )?(slots|vacanc\w+|openings|starters)|full up|fully staffed|sorted for|
        got enough (people|staff)
    position|role|opening|vacancy|job|internship|spots?|places|opportunity … (been|was|were|is|
        are|got|already) … (filled|taken)
    (?<!not )(?<!not to )(?<!not be )(filled|filling|fill) (this|the|our|that|all)( \w+){0,6}
        (position|role|opening|vacancy|spots?|places|positions|internships?)
    (just|already|recently|just recently) (hired|filled)
    (we have|we've) filled
    program* is (at capacity|full)|(has|have) accepted (our|the) offer
de:
    stelle|position|vakanz|plätze|platz … (vergeben|besetzt (wurde|worden|ist)|bereits besetzt|
        anderweitig besetzt|besetzen konnten)
fr:
    poste|offre … pourvue?
    pourvu le poste
es:
    puesto|vacante|posición|plaza … (cubiert*|ocupad*)
    ya (hemos )?cubierto
it:
    posizione|ruolo|posto … (copert*|già (stata )?(assegnat*|occupat*)|ricopert*)
nl:
    functie|vacature|positie|plek … (vervuld|ingevuld|bezet)
pt:
    vaga|posição … (preenchid*|ocupad*)
pl:
    stanowisko|wakat … (obsadzon*|zajęt*)
sv:
    tjänsten|rollen|platsen … (tillsatt*|fylld*)
da no:
    stillingen|rollen … (besat|besatt|tilsat|fylt)
    """
)
_VISA_OR_LOCATION = Phrases(
    r"""
en:
    (employment|work|dependent|dependant|student) (pass|permit)|nationals of|citizens? only|
        persons only
    (live|living|based) (over|more than|about|around|some|nearly) \d+ (miles|km|kilometres|hours?)
    right to work|relocation|(live|lives|living|based|located) (within|near|locally|closer)|too far
    visa (sponsor*|status|support)|sponsor*|work (permit|authori[sz]ation)|right to work
    relocat*|time ?zones?|security clearance|work eligibility
    based|located|reside|living|residing|residents? … (required|requirement|only|necessary|must)
    require*|looking for|must be|only (hire|consider|hiring) … (based (in|on|near|out)|located
        in|on-?site|local candidates|living in|residents?)
    your (current )?(location|commute)
de:
    arbeitserlaubnis|visum|visums|aufenthaltstitel
    (aufgrund|wegen) … (wohnorts?|entfernung|standorts?)
    wohnort|entfernung|umzug … (nicht|leider|erforderlich|zu weit)
fr:
    visa|permis de travail|titre de séjour|autorisation de travail
    mobilité géographique|éloignement|votre (lieu de résidence|localisation)
es:
    visado|permiso de trabajo|ubicación|lugar de residencia|reubicación|residir en
it:
    permesso di (soggiorno|lavoro)|visto di lavoro|residenza|distanza|trasferir*
nl:
    werkvergunning|visum|woonplaats|reisafstand|reistijd|verblijfsvergunning
pt:
    visto de trabalho|autorização de trabalho|localização|residência|mudar de cidade
pl:
    pozwoleni* na pracę|wiz[aąęy]|miejsc* zamieszkania|relokacj*|lokalizacj*
sv da no:
    arbetstillstånd|uppehållstillstånd|bostadsort|pendlingsavstånd|arbejdstilladelse
    opholdstilladelse|bopæl|arbeidstillatelse|oppholdstillatelse|bosted
    """
)
_MORE_QUALIFIED = Phrases(
    r"""
en:
    highest-?scoring|(scored|ranked|rated|placed) (more highly|higher|above|below|second|third|
        lower)
    (below|above) the line|not (placed|ranked) high|order of merit
    others|profiles|candidates|applicants … (having|with|had) (better|stronger|more) (exposure|
        experience|background)
    candidates?|applicants?|others|applications?|profiles?|(with|chose|chosen|selected|hired|
        found|offered) (someone|somebody|a person) … (more|better|closer|closest|closely|
        stronger|strongest|best|most|deeper) … (qualif*|match*|fit*|suit*|align*|meet*|
        experience*|skill*|background*|needs?|requirements?|profile|relevant|directly|closely)
    (more|better|most|best|stronger|closely|closer)[- ](\w+[- ]){0,2}(qualified|suited|aligned|
        experienced|matched|match|matches|candidates?|applicants?)
    (candidates?|applicants?|others|(two|three|other|with|to) people|(with|chose|hired|found|
        to) (someone|somebody)) (who|that|whom|whose|with) … (align*|match*|fit|fits|suit*|
        meet*|in line|experience*|qualif*|background*|skills?|expertise|(have|has) (run|spent|
        worked|done|built|led)|years)
    stood out|outperformed|credentials of other|better suited
    other (submissions|applications|profiles) (were|are|came) (closer|stronger|nearer)
    based on (their|his|her) (previous )?(work )?(experience|skill*)
    competing with people
de:
    bewerber*|kandidat*|profile?|mitbewerber*|andere person*|(für|mit) jemand* … (besser|
        genauer|näher|eher|mehr|stärker|optimal|passender|besten|einschlägig*|bereits erfahrung|
        umfangreichere)
    (besser|geeigneter|qualifizierter|passender)* (qualifiziert*|geeignet*|passend*|bewerb*|
        kandidat*|profile?)
    (geeignetere|qualifiziertere|passendere|erfahrenere)*
fr:
    candidats?|profils?|candidatures?|autres? personnes?|candidate … (davantage|mieux|encore
        plus|plus (proche|adapté|expérimenté|qualifié|conforme|étroitement|en adéquation)*|
        correspond* plus)
es:
    candidat*|perfil*|otras? personas? … (más|mejor|mayor*) … (ajusta*|adecu*|alinead*|encaja*|
        experiencia|cualificad*|afín|afines|acorde*|a nuestr*|a lo que|a los|a las)
    (ajust*|encaj*|adapt*|adecu*|aline*) (más|mejor)
it:
    candidat*|profil*|altr* person* … (più|meglio|maggiore|maggior|migliore)
    (meglio|più) (si adatt*|rispond*|corrispond*|in linea|vicin*|affin*|rilevant*)
nl:
    kandida*|sollicitant*|profiel*|iemand|medekandidaten … (beter|meer|nauwer|naadloos|sterker|
        geschikter|best|dichter)
pt:
    candidat*|perfil|perfis|outras? pessoas?|outr* profissiona* … (mais (alinhad*|adequad*|
        próxim*|experi*|aderent*|compatíve*)|melhor|maior|alinhados às)
pl:
    kandyda*|inn* osob*|profil* … (bardziej|lepiej|większ*|najlepiej|bliższ*|najbardziej|w
        większym stopniu|pełniej)
sv:
    kandidat*|profil*|sökande|(andra|annan) person* … (bättre|mer|närmare|bäst|starkare|större)
da no:
    kandidat*|profil*|ansøger*|søker*|(andre|anden|annen) person* … (bedre|nærmere|mere|bedst|
        tættere|stærkere|sterkere|best|mer)
    """
)
_EXPERIENCE = Phrases(
    r"""
en:
    (\d+|two|three|five|ten|\(5\))\+? years('| of| in| post|-)|never (run|led|managed)|more mileage
    (hasn't|haven't|not) (\w+ )?(done|run|led|managed) (this|it|that) before|bored|way past what
    (lack*|insufficient|not enough|limited|more|additional|further|require*|need*)
        … (experience|experienced|seniority)
    your (\w+ ){0,3}experience (\w+ ){0,3}(not|isn't|doesn't|don't|short of|below)
    (not|n't) have … (experience|years)
    more years (of|in|with)|too (junior|senior)|over-?qualified|(more|less) (senior|junior)|
        years of experience
de:
    fehl*|mangel*|nicht (genug|ausreichend*|genügend)|wenig|mehr|mehrjährige*|fundierte*
        … (berufs|praxis|führungs|arbeits)?erfahrung*
    überqualifiziert
    (berufs|praxis|führungs|arbeits)?erfahrung* … (nicht aus*|fehl*|nicht ausreich*)
fr:
    (manqu* d'|pas assez d'|pas suffisamment d'|davantage d'|plus d'|peu d')(expérience|
        ancienneté)
    expérience (insuffisante|requise|suffisante|plus longue)|plus expérimentée?|surqualifi*
es:
    (falta de|más|mayor|suficiente|poca|años de) (años de )?experiencia
    sobrecualificad*
it:
    (maggiore|più|mancanza di|poca|sufficiente|anni di) esperienza
    esperienza (insufficiente|richiesta)
nl:
    onvoldoende|te weinig|meer|gebrek aan|ontbreekt … (werk)?ervaring
    (werk)?ervaring … (onvoldoende|ontbreekt|niet aansluit*)
pt:
    (falta de|mais|maior|pouca|suficiente|anos de) (tempo de )?experiência
pl:
    brak*|więcej|większ*|niewystarczając*|zbyt mał*|dłuższ* … doświadczeni*
sv da no:
    mer|mere|längre|længere|saknar|otillräcklig|större|mangler|utilstrækkelig|mangler … (arbets|
        arbejds|arbeids)?(erfarenhet*|erfaring*)
    """
)
_SKILLS = Phrases(
    r"""
en:
    (need|needs|needed|want|wants|looking for|after) (someone|somebody|people|anyone) (who|with|
        that) … (fluent|hands-on|certif\w+|licen[cs]e|ticket\w*|speaks?|knows?)
    (hard|mandatory|minimum|entry) requirement|not demonstrated|isn't reflected|
        tests (were )?missing|graded [abc]\d
    licen[cs]e|certificate|degree|ticket|gcse|diploma … (missing|expired|pending)
    (lighter|thin|weaker|short) on
    skills?|skillset|skill set|competenc*|technical (knowledge|level|depth)|proficien*|
        expertise|language skills|certificat*|knowledge of … (not|isn't|aren't|doesn't|don't|
        lack*|insufficient|gap|missing|below|weaker)
    lack*|missing|(not|n't) (have|possess|demonstrate|meet)|insufficient|select more strictly
        on|looking for … (skills?|competenc*|knowledge|proficien*|certificat*|fluen*|technical
        requirements)
    (assessment|test) (score|results?) … (below|not|n't)
    looking for … speaking
    not (\w+ )?fluent
de:
    \w*kenntnisse|fähigkeiten|fachwissen|anforderungen|qualifikation* … (nicht (erfüll*|
        ausreich*|genüg*|mitbring*|vorhanden)|fehl*|vermiss*)
    \w*kenntnisse|fähigkeiten|qualifikation* … (reichen|genügen|erfüllen) … nicht
    fehl*|vermiss* … (\w*kenntnisse|fähigkeiten|qualifikation*)
fr:
    compétences|connaissances|critères|maîtrise … (ne (correspond*|répond*)|insuffisant*|manqu*|
        requis*|exigés)
    ne répond pas aux critères|plus d'expertise
es:
    habilidades|competencias|conocimientos|requisitos … (no (cumpl*|se ajust*|alcanz*)|
        insuficient*|falt*)
    no cumpl* … (requisitos|habilidades|conocimientos)
it:
    competenze|conoscenze|requisiti … (non (corrispond*|soddisf*)|insufficient*|mancan*)
    non (possied*|soddisf*) … (requisiti|competenze)
nl:
    vaardigheden|kennis|opleiding|functie-eisen|competenties … (onvoldoende|ontbre*|niet
        (aansluit*|voldoe*)|voldoen niet)
    (onvoldoende|gebrek aan) … (vaardigheden|kennis)
pt:
    habilidades|competências|conhecimentos|requisitos … (não (atend*|correspond*)|insuficient*|
        falt*)
    não atend* … requisitos
pl:
    umiejętności|kwalifikacj*|kompetencj* … (nie (spełnia*|są)|niewystarczając*|brak*)
    nie spełnia* … wymaga*
sv da no:
    kompetens*|kunskap*|kvalifikation*|färdighet*|kompetenc*|krav* … (inte (motsvarar|uppfyller|
        räcker)|saknas|otillräcklig*|ikke (opfylder|matcher|oppfyller)|mangler)
    """
)
_FIT = Phrases(
    r"""
en:
    salary|compensation|pay|rate|band|expectation\w* … (sticking point|tops out|beyond|too high|
        out of reach|cannot match|can't match)
    (closest|right|natural) (alignment|fit|match)|doesn't work for (the|our|us)|
        different direction|going a different way
    availability|hours|shifts|rota … (doesn't|don't|clash\w*)
    not|n't|nor|no|couldn't|isn't|aren't|wasn't|weren't|don't|doesn't … (a match|match for|a
        fit|see a fit|the right (fit|person|match)|fit for|immediate match|suitable|suited|
        align)
    (direction|approach) that better (fits|suits|matches)
    not (fully |entirely )?convinced
de:
    passt|passen|passend*|übereinstimm*|entspricht|entsprechen … nicht
    nicht|keine?n? … (passt|passen*|passend*|übereinstimm*|entsprich*|entsprechen)
fr:
    ne correspond*|pas en adéquation|l'adéquation|n'est pas en phase
es:
    no (se ajust*|encaj*|coincid*|se adecu*|se aline*)
it:
    non (è in linea|corrispond*|rispond*|si adatt*|è adatt*|è coerente)
nl:
    niet|onvoldoende|geen … (aansluit*|match|past|passend*)
    (sluit|past|passen|matcht) … niet
pt:
    não (se (encaixa|enquadra|adequa|alinha)*|correspond*|está alinhad*)
pl:
    nie (pasuje|odpowiada*|jest zgodn*|wpisuje)
    niedopasowan*
sv da no:
    inte|ikke … (matchar|passar|passer|matcher|match)
    (matchar|passar|passer|matcher) (\w+ )?(inte|ikke)
    """
)
# Somebody has the job: that is the reason, however well they are said to suit it.
_OTHER_HIRED = Phrases(
    r"""
en:
    (offered|given|gave|awarded) (\w+ ){0,3}to (another|a different|an internal|someone|somebody)
    (hired|appointed) (another|a different|an internal|someone|somebody)
    goes to (another|a different|an internal|someone|somebody)
    (offered|given|gave|awarded) the (\w+ ){0,4}(job|role|position|post|place|contract) to (an?|
        one|our|the)_
    (given|gave|offered) (her|him|them) the (job|role|position|post|place)
de:
    (stelle|position) (\w+ )?an (eine[nr]?|jemand*) (\w+ )?(bewerb*|kandidat*|ander*)
        … vergeben
fr:
    (offrir|offert|proposé|confié) (\w+ )?(poste )?à une? autre
es:
    (ofrecido|ofrecer|adjudicado) (\w+ ){0,3}a otr[oa]
it:
    (offerto|affidato|assegnato) (\w+ ){0,3}a un'? ?altr[oa]
nl:
    (aangeboden|vergeven) aan een ander*
pt:
    (oferecid*|oferecemos) (\w+ ){0,3}a outr[oa]
pl:
    zatrudni* (inn*|kogoś)
sv da no:
    (erbjudit|anställt|tilbudt|ansat|ansatt) (\w+ ){0,2}(till? )?en
        (annan|anden|annen)
    """
)
_OTHER_CANDIDATE = Phrases(
    r"""
en:
    (job|role|post|position|place|offer|appointment|contract|spot) (\w+ ){0,3}(went|gone|going|
        goes|given|offered|awarded) (\w+ ){0,2}(to|for) (someone|somebody|another|a|an|mr|ms|mrs|
        dr|the other|one of)
    (gone|went|going|go|decided to go|chosen to go) (with|for) (someone|somebody|another|the other|
        one of|a (colleague|candidate|person|woman|man|doctor|lad|girl|guy))
    (appointed|picked|chose|hired|taken on|settled on|plumped for|leaned towards) (someone|
        somebody|another|mr|ms|mrs|dr|the other|a (lad|girl|guy|man|woman|colleague|person))
    (verbal )?offer to another|asked the other|internal (candidate|transfer|hire|appointment)|
        person we appointed
    (another|other) (candidate|applicant|interviewee|finalist|bloke|person) … (accepted|said yes|
        take it)
    (another|other|different) (\w+ ){0,3}(candidates?|applicants?|persons?|people|individuals?|
        finalists?|designers?|engineers?|developers?|analysts?|applications?|profiles?)
    (go|going|gone|went|move|moving|proceed*|continu*|ahead|forward) (ahead |forward )?with
        (someone|somebody|two|three)
    with others|made a selection|(someone|somebody) else|identified (other|another)|selected
        the (\w+ )?applicants?
    (chose|chosen|selected|hired|picked|decided on|offered it to|going ahead with|gone with|
        went with) (an? |the |one )?(candidate|applicant|person|someone|somebody|internal|two|
        three|dr)
    internal (candidate|hire|applicant)
de:
    ander* … (bewerb*|kandidat*|person*|profil*)
    mitbewerber*|wahl ist auf
    (für|auf) (einen|eine|jemand*) … (bewerber*|kandidat*)
    interne[nrs]? (kandidat*|bewerb*)
    jemand* ander*
fr:
    (autres?|un/e autre) … (candidat*|profils?|personnes?)
    retenu (un|une) (candidat*|personne)|entre plusieurs (profils|candidat*)
    candidat* interne|quelqu'un d'autre
es:
    otr[oa]s? … (candidat*|perfil*|personas?|postulantes?)
    candidat* intern*
    (cogido|elegido|escogido|contratado|seleccionado|fichado) (a )?otr[oa]
it:
    (scelto|preso|assunto) (un'? ?altr[oa]|qualcun altro)
    (altr*|un'altra) … (candidat*|profil*|person*|risors*)
    candidat* intern*
nl:
    (ander*|interne) … (kandida*|sollicitant*|profiel*)
    iemand anders|een kandidaat gevonden
pt:
    (escolh*|contrat*|selecion*) outr[oa]
    outr[oa]s? … (candidat*|perfil|perfis|pessoas?|profissiona*)
pl:
    inn* … (kandydat*|osob*|aplikacj*)
    kogoś innego
sv:
    (andra|annan|intern) … (kandidat*|sökande|person*)
    någon annan|(valt|anställt) en (annan|intern)
da no:
    (andre|anden|annen|intern) … (kandidat*|ansøger*|søker*|person*)
    (valgt|ansat|ansatt) en (anden|annen|intern)
    """
)
_VOLUME = Phrases(
    r"""
en:
    (\d[\d,.]*|hundreds|thousands|dozens)( of)? (\w+ )?(applications|applicants|people|apps|forms|
        cvs|candidates|entries|attendees) … (for|were|received|applied)
    (received|had|got) (over |more than |around |nearly )?(\d[\d,.]*|hundreds of|
        thousands of) (\w+ )?(applications|applicants|people|apps|forms|cvs)
    high|large|huge|overwhelming|overwhelmed|significant|exceptional*|enormous|sheer|tremendous|
        remarkable|limited … (volume|number|amount|response|interest|positions|places|turnout|
        applications|applicants)
    (many|numerous|hundreds|thousands|lots|quite a few) (of )?(\w+[- ]){0,4}(applications|
        applicants|candidates|responses|submissions)
    (highly|very|extremely) competitive|competitive one
    (not|n't|unable) … all of the … candidates
de:
    vielzahl|zahlreiche*|flut|sehr viele|bewerbungsflut
    (große|hohe)* (anzahl|zahl|resonanz|bewerberzahl)
    viele[rn]? (\w+ )?bewerbungen
fr:
    grand nombre|nombreuses candidatures|nombre (important|élevé)|volume (important|élevé)
    nombre de candidatures|très nombreu*
es:
    (gran|alto|elevado) (número|cantidad|volumen)|numerosas
    muchas (candidaturas|solicitudes|postulaciones)
it:
    (elevato|gran|alto) numero|numeros[eo] candidature|molte candidature
nl:
    (groot|grote) aantal|veel (sollicitaties|reacties|kandidaten)|overweldigend*
pt:
    (grande|elevado|alto) (número|volume|quantidade)|muitas candidaturas|inúmer[oa]s
pl:
    duż* (liczb*|ilość|zainteresowani*)|wiele (zgłoszeń|aplikacji)|licznych
sv:
    (stort|stora) antal*|många (ansökningar|sökande)|stor mängd
da no:
    stort antal|mange (\w+ )?(ansøgninger|ansøgere|søknader|søkere)|stort antall
    """
)
# In the order in which they are looked for; the first that is found is the reason.
_REASONS = (
    (StatedReason.PAUSED, _PAUSED),
    (StatedReason.VISA_OR_LOCATION, _VISA_OR_LOCATION),
    (StatedReason.FILLED, _FILLED),
    (StatedReason.CANCELLED, _CANCELLED),
    (StatedReason.OTHER_CANDIDATE, _OTHER_HIRED),
    (StatedReason.MORE_QUALIFIED, _MORE_QUALIFIED),
    (StatedReason.SKILLS, _SKILLS),
    (StatedReason.EXPERIENCE, _EXPERIENCE),
    (StatedReason.FIT, _FIT),
    (StatedReason.OTHER_CANDIDATE, _OTHER_CANDIDATE),
    (StatedReason.VOLUME, _VOLUME),
)

# A clause with one of these speaks of the future, of other openings, of the procedure, or praises.
_ASIDE = Phrases(
    r"""
en:
    in (the )?future|future (roles?|positions?|opportunit*|openings?|job|career)
    (keep|have) (an eye|you in mind|us in mind|in touch)|encourage you|invite you
    stay (in touch|connected|up|tuned)|talent (community|network|pool)|job alerts?
    visit our|check (out|back)|careers? (site|page|center)|career endeavor
    other (open )?(positions?|roles?|opportunit*|openings?|jobs?|vacancies)
    equal (opportunity|employment)|regardless of|without regard|affirmative
    if you|if a|should (a|an|any|you|something|there)|when (a|we|another)
    wish you|good luck|best of luck|retain your|keep your|on file|reach out|feedback
    unsubscribe|accommodation|privacy|disclaimer|confidential|survey|opt out|replies
    you may (still )?be|another (role|position|opportunity|opening|chance)
    at your (own )?(request|wish)|as (you )?requested|your withdrawal|you('ve| have)? (\w+
        )?withdr\w+
    your application (\w+ ){0,8}(has been|was|is|as) withdrawn
    (if|as) (our|new|needs)|impressive|impressed|no doubt|help us|step closer
de:
    in zukunft|künftig*|zukünftig*|talentpool|karriereseite|wünschen|falls sie|wenn sie
    weitere (stellen|positionen|ausschreibungen)|kein werturteil
    (nicht|keine) (als )?(wertung|urteil|bewertung)
    (auf|gemäß) (ihren|deinen|ihrem|deinem) wunsch|(ihre|deine) bewerbung … zurückgezogen
fr:
    à l'avenir|future opportunit*|futures?|souhaitons|conserv*|recontacter
    remet* (en cause|aucunement)
    à votre demande|(retrait|retir*) (de )?votre candidature
es:
    en el futuro|futur[oa]s?|deseamos|te animamos|invitamos|base de datos|no significa
    a (petición|solicitud) (suya|tuya)|a (su|tu) (petición|solicitud)|retir* (de )?(su|tu)
        candidatura
it:
    in futuro|future opportunità|auguriamo|conserv*|terremo
    su (sua|tua) richiesta|(ritir*|ritiro) (della|la) (sua|tua) candidatura
nl:
    toekomst*|wensen|veel succes
    op (uw|jouw|je) (eigen )?verzoek|(uw|jouw|je) sollicitatie … ingetrokken
pt:
    futur[oa]s?|desejamos|banco de talentos|sucesso|não diminui
    a (seu|teu) pedido|retir* (d?a )?sua candidatura
pl:
    w przyszłości|życzymy|zachęcamy|przyszłych
    na (pana|pani|państwa|twoją) (prośbę|życzenie)|wycofa* (swoj|pan|pani|twoj)*
sv da no:
    framtida|i framtiden|önskar|lycka till|fremtidige|fremtiden|ønsker dig
    på din (egen )?(begäran|anmodning|forespørsel)|efter eget ønske|etter eget ønske
    (dragit|trukket|drog|trak) (tillbaka |tilbage |tilbake )?(din|ditt) (ansök*|ansøgning|søknad)
    """
)

_FOOTER = Phrases(
    r"""
en:
    replies|do not reply|equal (opportunity|employment)|regardless of|without regard
    affirmative action|unsubscribe|opt out|privacy|confidential|intended for
de:
    datenschutz|vertraulich
    """
)


def reason_in(prose: Prose) -> StatedReason:
    """Return the reason that a rejection states, `none` where it states none."""
    told = "\n".join(_told(sentence, prose.language) for sentence in prose.sentences)
    for reason, phrases in _REASONS:
        if phrases.found_in(told, prose.language):
            return reason
    return StatedReason.NONE


_CLAUSE = re.compile(
    r"[,;:] | - | – |\s(?=(?:but|however|although|while|aber|jedoch|mais|pero|ma|maar)\b)"
)


def _told(sentence: str, language: str | None) -> str:
    """Return a sentence without the clauses that say nothing of this decision."""
    if _FOOTER.found_in(sentence, language):
        return ""
    clauses = _CLAUSE.split(sentence)
    return ", ".join(clause for clause in clauses if not _ASIDE.found_in(clause, language))
