"""Every wording of every language, rendered and read as the recruiter who gets it.

Nothing here knows how a letter is put together. Thousands are composed, the finished bytes are
parsed as any client parses them, and a list of sentences is held against each: this is true of
every letter, or the letter is shown.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from functools import cache, cached_property
from itertools import count, product

import pytest

from inboxbot.core.compose import Letter, compose
from inboxbot.core.language import language_of
from inboxbot.core.plan import Basis, Contact, Decision, Judgement, Reason
from inboxbot.core.types import Address, Facts, Key, Label, Reading, Stage, StatedReason
from inboxbot.resources import CONFIG
from inboxbot.templates import load_templates
from tests.make import NOW, OWNER, SENDERS, mail, rejection

TEMPLATES = load_templates()
LANGUAGES = sorted(path.stem for path in (CONFIG / "drafts").glob("*.toml"))

# What the mail says, and how a letter must say it; None: not at all.

PEOPLE = (  # name in the address, name under the mail, name in the letter
    ("Priya Raman", "", "Priya Raman"),
    ("Raman, Priya", "", "Priya Raman"),
    ("", "Zoë van den Berg", "Zoë van den Berg"),
    ("Łucja O'Neill (Acme)", "", "Łucja O'Neill"),
    ("Chiara D'Amico via Greenhouse", "", "Chiara D'Amico"),
)
NOBODY = (("", ""), ("Acme Careers", ""), ("Priya", ""), ("", "Your Acme Recruiting Team"))
ROLES = (
    ("Product Designer (m/w/d)", "Product Designer"),
    ("Senior Staff Software Engineer, Data Platform and Developer Experience",) * 2,
    ("Ingénieur logiciel (H/F)", "Ingénieur logiciel"),
    ("QA", "QA"),
    ("Systems Analyst [f/m/x]", "Systems Analyst"),
    ("Assistant to the Managing Director, Sr.",) * 2,
)
EMPLOYERS = (
    ("Halvorsen & Daughters",) * 2,
    ("Acme S.A.",) * 2,
    ("Öresund-Værft ApS",) * 2,
    ("Northwind.com", "Northwind"),
    ("L’Atelier d’Émilie", "L'Atelier d'Émilie"),
)
NO_NAME = (None, "", "x" * 200, "https://canary.example/jobs", "{person}", "Call now ☎ free")

# Somebody else's mail: nothing of it may reach a letter.
OTHERS = ("Otto", "Brandt", "Lena", "Okafor")
CANARIES = ("canary.example", "canary-token-7f3a", "5550142", "Unter den Linden")
THEIR_MAIL = (
    "We chose another candidate, Lena Okafor.\n"
    "Your status: https://canary.example/s?t=canary-token-7f3a\n"
    "Call us on +49 30 5550142, Unter den Linden 1. Code: canary-token-7f3a\n"
    "Otto Brandt"
)
HER_MAIL = (
    "Her own words stand here, and her number: +44 20 7946 0018.\n"
    "See https://hers.example/me?t=canary-token-7f3a and www.hers.example/you"
)
ME = OWNER.name


@dataclass(frozen=True, slots=True)
class Kind:
    """What a letter is for."""

    name: str
    asks: bool = True
    judgement: tuple[tuple[str, object], ...] = ()
    reasons: tuple[StatedReason | None, ...] = (None, StatedReason.MORE_QUALIFIED)
    roles: int = 1
    keys: int = 1


UNRELATED = (StatedReason.CANCELLED, StatedReason.PAUSED)
QUESTION = Kind("a question", keys=2)
SEVERAL = Kind("a question about several roles", roles=2, keys=2)
OFFERED = Kind("feedback was offered", judgement=(("accepts_offer", True),))
GIVEN = Kind(
    "thanks for feedback", asks=False,
    judgement=(("decision", Decision.THANKS), ("reason", Reason.FEEDBACK_GIVEN)),
)  # fmt: skip
REFUSED = Kind(
    "thanks though there is none", asks=False,
    judgement=(("decision", Decision.THANKS), ("reason", Reason.FEEDBACK_REFUSED)),
)  # fmt: skip
KINDS = (
    QUESTION, SEVERAL, OFFERED, GIVEN, REFUSED,
    Kind("the role was cancelled", reasons=UNRELATED),
    Kind("one of several roles was cancelled", reasons=UNRELATED, roles=3),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One letter, and what must be seen in it."""

    language: str
    stage: Stage
    told: bool  # the person who is written to has told of the decision
    kind: Kind
    person: str | None
    roles: tuple[str, ...]
    employer: str | None


@dataclass(frozen=True)
class Page:
    """One finished letter as it is read."""

    case: Case
    to: Address
    data: bytes

    @cached_property
    def mail(self) -> Message:
        return message_from_bytes(self.data)

    def header(self, name: str) -> str:
        return str(make_header(decode_header(self.mail.get(name, ""))))

    @cached_property
    def body(self) -> str:
        payload = self.mail.get_payload(decode=True)
        return payload.decode(self.mail.get_content_charset()).replace("\r\n", "\n")

    @cached_property
    def own(self) -> str:
        """Return what the user says: all up to the user's name."""
        return self.body.partition(f"\n{ME}\n")[0] + f"\n{ME}\n"

    @cached_property
    def below(self) -> str:
        """Return what is quoted."""
        return self.body.removeprefix(self.own)

    @cached_property
    def frame(self) -> str:
        """Return the user's words alone, with a letter for each name from the mail."""
        names = (self.case.person, self.case.employer, *self.case.roles)
        text = self.own
        for name in sorted(filter(None, names), key=len, reverse=True):
            text = text.replace(name, "N")
        return text

    @property
    def paragraphs(self) -> list[str]:
        return self.own.rstrip("\n").split("\n\n")

    def __str__(self) -> str:
        case = self.case
        about = f"{case.language} {case.stage} {'told' if case.told else 'heard'}, {case.kind.name}"
        headers = "\n".join(f"{name}: {self.header(name)}" for name in ("To", "Subject"))
        return f"{about}\n\n{headers}\n\n{self.body}"


def cases(language: str) -> Iterator[tuple[Case, Letter]]:
    """Yield every kind of letter at every stage, with and without each name."""
    number = count()
    for stage, told, kind in product(Stage, (True, False), KINDS):
        if kind in {GIVEN, REFUSED} and not told:
            continue  # nobody is thanked for what somebody else has written
        for _, named, role, employer in product(range(kind.keys), *((True, False),) * 3):
            if (kind.roles > 1 and not role) or (
                kind is not QUESTION and kind.roles == 1 and employer is (named is role)
            ):
                continue
            yield letter(
                language, stage, kind, next(number), told=told, named=named, role=role,
                employer=employer,
            )  # fmt: skip


def letter(
    language: str, stage: Stage, kind: Kind, turn: int, *, told: bool, named: bool, role: bool,
    employer: bool,
) -> tuple[Case, Letter]:  # fmt: skip
    """Return a letter, and what must be seen in it; `turn` chooses among values that are alike."""
    in_address, signed, person = PEOPLE[turn % len(PEOPLE)]
    if not named:
        (in_address, signed), person = NOBODY[turn % len(NOBODY)], None
    name = in_address if told else in_address or person or ""
    roles = [ROLES[(turn + n) % len(ROLES)] for n in range(kind.roles)]
    given_employer, employer_seen = EMPLOYERS[turn % len(EMPLOYERS)]
    nameless = NO_NAME[turn % len(NO_NAME)]
    reading, contact = mails(turn, told=told, name=name, signed=signed, language=language)
    reason = kind.reasons[turn % len(kind.reasons)] or StatedReason.NONE
    reading = replace(reading, facts=replace(reading.facts, stated_reason=reason))
    if contact.parent.message.key == reading.message.key:
        contact = replace(contact, parent=reading)
    judgement = Judgement(
        **{
            "decision": Decision.DRAFT, "contact": contact, "stage": stage,
            "roles": tuple(given for given, _ in roles) if role else (nameless,) * bool(nameless),
            **dict(kind.judgement),
        }
    )  # fmt: skip
    case = Case(
        language=language, stage=stage, told=told, kind=kind, person=person,
        roles=tuple(seen for _, seen in roles) if role else (),
        employer=employer_seen if employer else None,
    )  # fmt: skip
    return case, Letter(
        reading=reading, judgement=judgement, owner=OWNER, sender=OWNER.address,
        employer=given_employer if employer else nameless, quoted=contact.parent.message.text,
    )  # fmt: skip


def mails(
    turn: int, *, told: bool, name: str, signed: str, language: str
) -> tuple[Reading, Contact]:
    """Return the rejection, and who is written to in answer to which mail."""
    facts = Facts(employer="Acme", language=language, signature=signed or None)
    her = Address("p.raman@acme.example", name)
    key = Key(f"{language}{turn:030d}")
    ats = "Otto Brandt via Acme <no-reply@us.greenhouse-mail.io>"
    fields = {"text": THEIR_MAIL, "cc": (Address("lena@acme.example", "Lena Okafor"),)}
    if told and (turn % 3 or signed):
        wrote = rejection(
            f"{name} <{her.addr}>", facts=facts, key=key, text=f"{HER_MAIL}\n{name}",
            subject="" if turn % 4 == 0 else "Re: Your application",
        )  # fmt: skip
        return wrote, Contact(address=her, basis=Basis.SENDER, parent=wrote)
    if told and turn % 2:  # the tracking system passes answers on
        relay = Address("acme@us.greenhouse-mail.io", name)
        sent = rejection(facts=facts, key=key, from_=(relay,), **fields)
        return sent, Contact(address=relay, basis=Basis.SENDER, parent=sent)
    if told:
        sent = rejection(ats, facts=facts, key=key, reply_to=(her,), **fields)
        return sent, Contact(address=her, basis=Basis.REPLY_TO, parent=sent)
    sent = rejection(ats, facts=replace(facts, signature="Otto Brandt"), key=key, **fields)
    if turn % 3 == 0:
        return sent, Contact(address=her, basis=Basis.NAMED_IN_TEXT, parent=sent)
    earlier = mail(Label.INTERVIEW, f"{name} <{her.addr}>", facts=facts, text=HER_MAIL)
    basis = Basis.CALENDAR if turn % 5 == 0 else Basis.EARLIER_MESSAGE
    return sent, Contact(address=her, basis=basis, parent=earlier)


@cache
def pages(language: str) -> tuple[Page, ...]:
    """Compose every letter of a language, once for all checks."""
    return tuple(
        Page(
            case,
            given.judgement.contact.address,
            compose(given, TEMPLATES[language], SENDERS, NOW).data,
        )
        for case, given in cases(language)
    )


# What a language says, word by word. `|` stands between words, \w* for any ending.


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language: what must be heard in a letter, what must not."""

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
    pleasant: str  # how the talk was
    deaf: str  # asks what the mail may have answered, or counts on a talk that was only arranged
    plans: str  # that plans have changed


@cache
def words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


@cache
def found_in(paragraph: str, alternatives: str) -> tuple[str, ...]:
    """Return the words of a list that stand in a paragraph; a paragraph comes in many letters."""
    return tuple(match[0] for match in words(alternatives).finditer(paragraph))


def said(page: Page, *names: str) -> list[str]:
    """Return the words of the user's that are on these lists of the language."""
    lists = [getattr(WORDS[page.case.language], name) for name in names]
    return [
        word for list_ in lists for paragraph in page.frame.split("\n\n")
        for word in found_in(paragraph, list_)
    ]  # fmt: skip


WORDS = {
    "en": Words(
        typical="the|my|and|for|of|to|I",
        task=r"assessments?|tests?|tasks?|exercises?|solutions?|handed in",
        talk=r"calls?|conversations?|talks?|phone|spoke|speak",
        interview=r"interview\w*",
        not_yet=r"interview\w*",
        rounds="interviews",
        far="so far",
        application="my application",
        applications="applications",
        message=r"letting me know|getting back to me|your (?:message|reply|answer|mail|email)"
        r"|for writing|write to me|wrote to me",
        your_decision=r"your (?:decision|choice|team's decision)|you (?:decided|chose)",
        thanks=r"thank\w*|grateful|gratitude",
        hedge=r"if you|if it is|only if|could you|would you|let me know",
        familiar=r"hey|hi|guys|folks|mate|asap|\w+n't|cheers",
        gendered="he|she|him|her|his|hers|gentlem[ae]n|guys",
        pressing=r"please,? please|urgent\w*|reconsider\w*|why|beg\w*|desperate\w*|must|deadline"
        r"|(?:another|second|one more) (?:chance|try)|as soon as possible|look forward|waiting"
        r"|mistake|unfair|disappoint\w*|other (?:roles|positions|openings)|keep me in mind",
        pleasant=r"enjoy\w*|pleasure|pleasant|lovely|interesting|inspiring|fascinating|delight\w*"
        r"|(?:good|great|nice) (?:talk|conversation|interview)|wonderful|kind words",
        deaf="was there|were there|missing|lacked|lacking|did not (?:find|meet|come across)"
        "|tipped|my answers|more than once|first interview|several interviews",
        plans="plans|other reasons|nothing to do with me",
    ),
    "de": Words(
        typical="ich|die|und|für|zu|mir|den|der",
        task=r"Aufgabe\w*|Tests?|Lösung\w*|Assessment\w*",
        talk=r"Gespräch\w*|Telefonat\w*",
        interview=r"\w*gespräch\w*|Interview\w*",
        not_yet=r"Vorstellungsgespräch\w*|Interview\w*|Gespräche\w*|Bewerbungsgespräch\w*",
        rounds="Gespräche|Gesprächen",
        far="so weit",
        application="meine[rn]? Bewerbung",
        applications="Bewerbungen",
        message=r"Ihre (?:Rückmeldung|Nachricht|Antwort|Mail)|mir \S+(?: \S+)* geschrieben"
        r"|dass Sie mir|Ihr Schreiben",
        your_decision=r"Ihre[rn]? (?:Entscheidung|Absage|Wahl)"
        r"|Sie (?:sich )?(?:anders )?entschieden",
        thanks=r"\w*dank\w*",
        hedge=r"falls|wenn Sie|könnten Sie|würden Sie|wenn es sich",
        familiar=r"du|dir|dich|dein\w*|euch|euer|eure\w*|(?-i:ihr|ihre\w*|ihnen)|hi|hey|hallo|servus",
        gendered=r"Herrn?|Frau|Damen|geehrte\w*|liebe[rn]?|Bewerber\w*|Kandidat\w*|einer der",
        pressing=r"bitte,? bitte|dringend\w*|unbedingt|überdenk\w*|warum|wieso|weshalb"
        r"|flehe|umgehend|zweite Chance|noch eine Chance|so bald wie möglich|erwarte|Frist|leider"
        r"|enttäusch\w*|andere Stellen|vormerken|unfair",
        pleasant=r"angenehm\w*|nett\w*|interessant\w*|spannend\w*|genossen|sympathisch\w*|toll\w*"
        r"|(?:gute|schöne|tolle)[sn]? Gespräch\w*|inspirierend\w*|Vergnügen",
        deaf="gab es|gefehlt|fehlte|nicht (?:erfüllt|gefunden)|meiner Antworten|erneut"
        "|mehrere Gespräche|Ausschlag gegeben|hätte mein Profil",
        plans="Pläne|andere Gründe|nicht an mir",
    ),
    "fr": Words(
        typical="je|j'ai|la|et|de|que|pour|le|vous",
        task=r"tests?|exercices?|ce que j'ai rendu|mon travail",
        talk="échange|conversation|appel",
        interview=r"entretiens?",
        not_yet=r"entretiens?",
        rounds="entretiens",
        far="aussi loin",
        application="ma candidature",
        applications="candidatures",
        message=r"m'avoir écrit|votre (?:message|retour|réponse|courriel)|m'ayez répondu"
        r"|une réponse claire",
        your_decision=r"votre (?:décision|choix)|vous avez (?:décidé|choisi)",
        thanks=r"merci\w*|remerci\w*|reconnaiss\w*|gratitude",
        hedge=r"si vous|pourriez-vous|auriez-vous",
        familiar=r"tu|toi|ton|ta|tes|te|t'\w+|salut|coucou",
        gendered=r"ravie?|heureu\w+|reconnaissante?|désolée?|déçue?|honorée?|touchée?|convaincue?"
        r"|certaine?|(?:été|suis|resté) (?:\w+ment )?(?:reçu|invité|retenu|venu|allé|arrivé)e?"
        r"|candidate?|monsieur|madame|mme|chère?|prête?|curieu\w+|contente?|enchantée?"
        r"|conscient\w*",
        pressing=r"pourquoi|urgen\w+|reconsidér\w*|réexamin\w*|suppli\w*|implor\w*|malheureusement"
        r"|(?:seconde|deuxième|nouvelle|autre) chance|dès que possible|au plus vite|déception"
        r"|d'autres postes|injuste",
        pleasant=r"agréable\w*|intéressant\w*|plaisant\w*|sympathique\w*|enrichissant\w*|passionnant\w*"
        r"|chaleureu\w+|(?:bel|bon|riche) (?:échange|entretien)|formidable",
        deaf=r"y a-t-il|manqu\w+|aurait (?:rendu|donné)|mes réponses|de vive voix|ce jour-là"
        "|plusieurs|chaque entretien|a fait la différence",
        plans="plans|circonstances|ne tient pas à",
    ),
    "es": Words(
        typical="la|que|de|y|mi|por|en|el",
        task=r"pruebas?|ejercicios?|lo que entregué|De lo que entregué|mi trabajo",
        talk=r"conversación|conversaciones|hablar conmigo|llamada",
        interview=r"entrevist\w*",
        not_yet=r"entrevist\w*",
        rounds=r"entrevistas",
        far="tan lejos",
        application="mi candidatura",
        applications="candidaturas",
        message=r"escribirme|me haya escrito|su (?:respuesta|mensaje|correo)|darme noticias"
        r"|informarme|me haya informado|Gracias por escribirme",
        your_decision=r"(?:su|vuestra) (?:decisión|elección)|ha(?:n)? decidido",
        thanks=r"gracias|agrade\w*|gratitud",
        hedge=r"si tiene|si puede|si prefiere|podría|por si",
        familiar=r"tú|tu|tus|ti|te|contigo|vosotr\w+|vuestr\w+|os|hey",
        gendered=r"agradecid[oa]s?|content[oa]|interesad[oa]|(?<!haberme )invitad[oa]"
        r"|encantad[oa]|estimad[oa]s?|señor\w*|sra?|don|doña|candidat[oa]|querid[oa]|segur[oa]|dispuest[oa]"
        r"|preparad[oa]|seleccionad[oa]|decepcionad[oa]|motivad[oa]",
        pressing=r"por qué|urgen\w+|reconsider\w*|suplic\w*|ruego|cuanto antes|lamentablemente"
        r"|(?:otra|segunda|nueva) oportunidad|por favor|desesperad\w*|otras vacantes|injust\w*",
        pleasant=r"agradables?|interesantes?|disfrut\w+|placer|enriquecedor\w*|inspirador\w*"
        r"|estupend\w+|maravillos\w+|(?:buena|grata|amena) conversación",
        deaf="hubo|faltó|faltaba|no encontró|conté|resulté|cada una de|varias entrevistas|acabó"
        "|la entrevista fue",
        plans="planes|circunstancias|otros motivos|no dependía|el motivo no",
    ),
    "it": Words(
        typical="la|che|di|il|per|e|mi|in",
        task=r"prov[ae]|compit[oi]|quello che ho consegnato|esercizi[oi]?"
        r"|in quale punto il mio lavoro",
        talk="colloquio|conversazione|chiamata",
        interview=r"colloqui\w*",
        not_yet=r"(?<!primo )colloqui\w*|intervist\w*|incontri",
        rounds="colloqui",
        far="così avanti|fin qui",
        application="mia candidatura",
        applications="candidature",
        message="per la risposta|Suo messaggio|riscontro|avermi scritto|mi ha scritto|di scrivermi",
        your_decision=r"(?:Sua|vostra) (?:decisione|scelta)|avete (?:deciso|scelto)",
        thanks=r"grazie|ringrazi\w*|gratitudine|grat[oa]",
        hedge=r"se ha|se avesse|se trova|se preferisce|potrebbe|avrebbe un",
        familiar=r"tu|tuo|tua|tuoi|tue|ti|te|ciao|(?-i:la ringrazi\w*|suo|sua|suoi|sue|le auguro)",
        gendered=r"grat[oai]|sono (?:stat|arrivat|andat|venut)[oa]|liet[oa]|content[oa]|signor\w*"
        r"|egregi[oa]?|car[oa]|candidat[oa]|dott\w*|interessat[oa]|delus[oa]|onorat[oa]|sicur[oa]"
        r"|pront[oa]|convint[oa]|sig",
        pressing=r"perché|urgen\w+|riconsider\w*|ripens\w*|prego|supplic\w*|al più presto|purtroppo"
        r"|(?:un'altra|seconda|nuova) (?:possibilità|opportunità|occasione)|delusion\w+|ingiust\w+"
        r"|altre posizioni",
        pleasant=r"piacevol\w*|interessant\w*|arricchent\w*|stimolant\w*|bell?[oa]? (?:colloquio|"
        r"conversazione)|simpatic\w+|splendid\w+",
        deaf=r"c'è|manc\w+|avrebbe (?:reso|dato)|mie risposte|a voce|ogni colloquio|più colloqui"
        "|ha fatto la differenza|colloquio (?:per me )?è stato",
        plans="piani|circostanze|non dipende da",
    ),
    "nl": Words(
        typical="ik|de|en|het|voor|van|mijn|dat",
        task=r"opdracht\w*|uitwerking\w*|test\w*",
        talk=r"gesprek\w*|telefoongesprek\w*",
        interview=r"\w*gesprek\w*",
        not_yet=r"sollicitatiegesprek\w*|gesprekken|interview\w*|(?<!eerste )gesprek",
        rounds="gesprekken",
        far="zo ver",
        application="mijn sollicitatie",
        applications="sollicitaties",
        message=r"uw (?:duidelijke )?(?:bericht|antwoord|mail|reactie)|hebt laten weten"
        r"|te antwoorden op|de duidelijkheid over",
        your_decision=r"uw (?:beslissing|keuze|besluit|afwijzing)|u hebt (?:besloten|gekozen)",
        thanks=r"\w*dank\w*|dankbaar",
        hedge=r"als u|mocht u|mocht het|zou u|kunt u",
        familiar="je|jij|jou|jouw|jullie|hoi|hallo|hey",
        gendered=r"heer|mevrouw|dhr|mw|mevr|heren|dames|hij|zij die|meneer",
        pressing=r"waarom|dringend\w*|spoed\w*|heroverweg\w*|smeek\w*|alstublieft|zo snel mogelijk"
        r"|(?:tweede|nieuwe|andere) kans|nog een kans|teleur\w*|oneerlijk|andere vacatures",
        pleasant=r"aangenaam|aangename|leuke?|interessante?|plezier\w*|genoten|fijne?|boeiende?"
        r"|(?:prettige?|goede?) gesprek\w*|inspirerend\w*|gezellig\w*",
        deaf="(?:is|was) er (?:iets|een|één)|gemist|ontbrak|in het (?:eerste )?gesprek"
        "|meer dan één|reeks|doorslag gegeven|het (?:eerste )?gesprek was",
        plans="plannen|andere redenen|losstaat",
    ),
    "pt": Words(
        typical="a|de|que|o|e|minha|minhas|não",
        task=r"testes?|tarefas?|exercícios?|No que entreguei|do meu trabalho",
        talk=r"convers\w*|falar comigo|chamada",
        interview=r"entrevist\w*",
        not_yet=r"entrevist\w*",
        rounds=r"entrevistas",
        far="tão longe",
        application="minha candidatura",
        applications="candidaturas",
        message=r"sua (?:mensagem|resposta)|a resposta sobre|convite e a resposta"
        r"|agradeço a resposta|agradeço a mensagem|agradeço a sua|a resposta e a atenção",
        your_decision=r"(?:sua|vossa) (?:decisão|escolha)|decidiram|escolheram",
        thanks=r"agrade\w*|obrigad\w+|gratidão|grat[oa]",
        hedge=r"se tiver|se puder|se preferir|poderia",
        familiar=r"você|vocês|tu|te|ti|teus?|tuas?|contigo|vossos?|vossas?|oi",
        gendered=r"obrigad[oa]s?|grat[oa]|satisfeit[oa]|interessad[oa]|convidad[oa]|prezad[oa]s?"
        r"|senhor\w*|sra?|car[oa]s?|candidat[oa]|selecionad[oa]|honrad[oa]|dispost[oa]|decepcionad[oa]"
        r"|motivad[oa]|cert[oa]|preparad[oa]",
        pressing=r"porquê|por que|urgen\w+|reconsider\w*|imploro|suplico|por favor|infelizmente"
        r"|(?:outra|segunda|nova) (?:oportunidade|chance)|o mais rápido|outras vagas|injust\w*",
        pleasant=r"agradáve\w+|interessantes?|prazer|gostei|enriquecedor\w*|inspirador\w*|ótim[oa]"
        r"|excelente|maravilhos\w+|boa conversa",
        deaf="houve|faltou|não encontrou|contei|minhas respostas|cada uma das"
        "|várias entrevistas|fez a diferença|a entrevista foi",
        plans="planos|outros motivos|não dependeu|o motivo não",
    ),
    "pl": Words(
        typical="w|i|za|na|się|do|mi|że|tę|to|po|oraz|z|co|o",
        task=r"zadani\w*|rozwiązani\w*|test\w*",
        talk=r"rozm[oó]w\w*|telefon\w*",
        interview=r"rozm[oó]w\w*",
        not_yet=r"rozmow\w+ kwalifikacyjn\w+|rozmów|rozmowach",
        rounds="rozmów|rozmowach|(?:wymagały|zajmują) rozmowy",
        far="tak daleko",
        application="mojego zgłoszenia|moje zgłoszenie|moi?m zgłoszeniu",
        applications="moich zgłoszeń",
        message=r"dziękuję za wiadomość|jasną odpowiedź|mi Państwo znać|mnie Państwo"
        r"|dotarła już do mnie odpowiedź w sprawie",
        your_decision=r"Państwa (?:decyzj\w+|wyb\w+)|zdecydowali Państwo"
        r"|Państwo (?:zdecydowali|wybrali)",
        thanks=r"\w*dzięk\w*|wdzięczn\w*",
        hedge=r"jeśli|jeżeli|proszę o|czy mogą|gdyby",
        familiar=r"pan|pani|panu|panią|pana|panem|ty|ci|ciebie|cię|tobie|tobą|twój|twoj\w*|wy|wam|was"
        r"|wasz\w*|cześć|hej",
        gendered=r"\w+ł[ae]m|\w+ł(?:by|aby)m|wdzięczn[aey]|szanown[aey]|drog[ia]|powinienem|powinnam"
        r"|sama?|gotów|gotowa|pewi?en|pewna|rad|rada|zadowolon[aey]|szczęśliw[aey]|kandydat\w*"
        r"|zaszczycon[aey]|zainteresowan[aey]|powin\w+em",
        pressing=r"dlaczego|czemu|piln\w+|ponown\w+ (?:rozpatrz\w+|rozważ\w+)|błaga\w*|niestety"
        r"|jak najszybciej|(?:drug|kolejn|jeszcze jedn)\w+ szans\w+|inne stanowiska|rozczarow\w+",
        pleasant=r"przyjemn\w+|mił\w+|ciekaw\w+|interesując\w+|sympatyczn\w+|inspirując\w+"
        r"|wspaniał\w+|udan\w+ rozmow\w+",
        deaf=r"zabrakło|czy (?:jest|był\w*)|w (?:pierwszej )?rozmowie|kilku rozm\w+"
        "|każde kolejne|przeważyło|rozmowa była",
        plans="plany|względy niezależne|nie miała związku",
    ),
    "sv": Words(
        typical="jag|att|och|för|det|min|mina|om|en",
        task=r"uppgift\w*|lösning\w*|test\w*",
        talk=r"\w*samtal\w*|telefon\w*",
        interview=r"\w*intervju\w*",
        not_yet=r"\w*intervju\w*",
        rounds=r"intervjuer\w*",
        far="så långt",
        application="min ansökan",
        applications="ansökningar",
        message=r"tack för beskedet|ert (?:svar|mejl|besked)|hörde av er|tack för svaret",
        your_decision=r"ert (?:beslut|val)|ni (?:valde|beslutade|bestämde)",
        thanks=r"tack(?:a|sam\w*)?|tackar(?! gärna ja)",
        hedge=r"om ni (?:har|hinner|ändå)|skulle ni|kan ni",
        familiar="du|dig|dej|din|ditt|dina|tjena|hallå",
        gendered=r"herr|fru|bäste|bästa (?:herr|fru)|han|hon|honom|henne|herrar|damer",
        pressing=r"varför|brådska\w*|ompröv\w*|snarast|snälla|bönfall\w*|tyvärr|besvik\w*"
        r"|(?:en|ny|andra) chans till|andra tjänster|orättvis\w*",
        pleasant=r"trevlig\w*|intressant\w*|kul|rolig\w*|givande|njöt|inspirerande|härlig\w*"
        r"|(?:bra|fint|gott) samtal",
        deaf=r"var det (?:något|någon)|sakna\w*|mina svar|i (?:samtalet|intervjun)"
        "|flera intervjuer|avgjorde",
        plans="planer|andra skäl|inte hade med mig",
    ),
    "da": Words(
        typical="jeg|at|og|for|det|min|mine|om|en",
        task=r"opgave\w*|løsning\w*|test\w*",
        talk=r"\w*samtale\w*|telefon\w*",
        interview=r"\w*samtale\w*|interview\w*",
        not_yet=r"jobsamtale\w*|samtalerne|samtaler|interview\w*",
        rounds=r"samtaler|samtalerne",
        far="så langt",
        application="min ansøgning",
        applications="ansøgninger",
        message=r"jeres (?:svar|mail|besked)|skrev til mig|for beskeden|gav mig besked",
        your_decision=r"jeres (?:beslutning\w*|valg)|I (?:valgte|besluttede)",
        thanks=r"(?<!ja )tak|takker?|taknemmelig\w*",
        hedge=r"hvis I (?:har|kan|ikke|alligevel)|vil I|kan I",
        familiar="du|dig|din|dit|dine|hejsa|(?-i:De|Dem|Deres)",
        gendered=r"hr|fru|frk|han|hun|ham|hende|herrer|damer",
        pressing=r"hvorfor|haster?|genovervej\w*|hurtigst muligt|bønfald\w*|desværre|skuff\w*"
        r"|(?:en|ny|anden) chance til|endnu en chance|andre stillinger|uretfærdig\w*",
        pleasant=r"hyggelig\w*|spændende|interessant\w*|dejlig\w*|fornøjelse\w*|inspirerende|sjov\w*"
        r"|(?:god|fin|rar) samtale",
        deaf=r"var der|savn\w*|manglede|mine svar|i samtalen|flere samtaler|afgørende",
        plans="planer|andre grunde|ikke havde noget med mig",
    ),
}
TITLES = "mr|mrs|ms|mx|sir|madam|herr|frau|monsieur|madame|señora?|signora?|pani?"
ROUGH = re.compile(
    r"\.\.|  |[ \t\u00a0]\n|\n{3}|[ \t][.,)]|,,|[,:;]\.|[;()–—…]|\b(\w+) \1\b", re.IGNORECASE
)
ROUGH_IN_FRENCH = re.compile(rf"{ROUGH.pattern}|(?<![\u00a0\u202f])[?:;»]|«(?![\u00a0\u202f])")
LOWER_AFTER_SALUTATION = frozenset({"de", "it", "pl"})
POLITE_CAPITAL = re.compile(r"(?:La|Le|Lei|Suo|Sua|Sie|Ihr\w*) ")


# What holds for every letter. A check returns what is wrong, or nothing.

Check = Callable[[Page], object]


def it_goes_to_one_person_and_to_nobody_else(page: Page) -> object:
    to = [address for _, address in getaddresses([page.header("To")])]
    return to != [page.to.addr] or page.header("Cc") or page.header("Bcc")


def the_person_is_greeted_by_name_once_where_the_name_is_known(page: Page) -> object:
    person = page.case.person
    if person:
        return page.own.count(person) != 1 or person not in page.own.splitlines()[0]
    return [name for name in ("Priya", "Raman", "Acme Careers", "Recruiting") if name in page.own]


def nobody_else_is_named(page: Page) -> object:
    names = {word for *_, name in PEOPLE for word in name.split() if word[0].isupper()}
    mine = {word for name in (page.case.person, *page.case.roles) if name for word in name.split()}
    return (names.union(OTHERS) - mine).intersection(re.findall(r"[\w']+", page.own))


def nothing_of_somebody_elses_mail_is_in_it(page: Page) -> object:
    return [token for token in CANARIES if token in page.body]


def what_is_quoted_are_the_persons_own_words_without_a_link(page: Page) -> object:
    lines = [line for line in page.below.splitlines() if line]
    return any(not line.startswith(">") for line in lines[1:]) or [
        wrong for wrong in ("http", "www", "hers.example", *OTHERS) if wrong in page.below
    ]


def the_employer_is_named_once_as_it_calls_itself(page: Page) -> object:
    employer = page.case.employer
    unnamed = [name for _, name in EMPLOYERS if name in page.own]
    return page.own.count(employer) != 1 if employer else unnamed


def every_role_is_named_once_without_its_gender_tag(page: Page) -> object:
    told = [role for _, role in ROLES for _ in words(re.escape(role)).findall(page.own)]
    return sorted(told) != sorted(page.case.roles) or re.search("[mf]/[wmf]", page.own)


def several_roles_are_several_applications_and_one_is_one(page: Page) -> object:
    right, wrong = ("applications", "application")[:: 1 if page.case.kind.roles > 1 else -1]
    opening = found_in(page.paragraphs[1], getattr(WORDS[page.case.language], wrong))
    return not said(page, right) or opening or (page.case.kind.roles > 1 and said(page, wrong))


def it_asks_one_question_at_most_and_thanks_ask_none(page: Page) -> object:
    case = page.case
    asked = page.own.count("?")
    if page.own.count("¿") != (asked if case.language == "es" else 0):
        return "¿"
    if case.kind is OFFERED and case.told:
        return asked
    return asked != 1 if case.kind.asks else asked or said(page, "hedge")


def the_stage_is_no_further_than_the_one_that_was_reached(page: Page) -> object:
    too_far = {
        Stage.APPLICATION: ("task", "talk", "interview", "rounds", "far"),
        Stage.ASSESSMENT: ("talk", "interview", "rounds"),
        Stage.SCREENING: ("task", "not_yet", "rounds"),
        Stage.INTERVIEW: ("task", "rounds"),
        Stage.FINAL: ("task",),
    }
    return said(page, *too_far[page.case.stage])


def the_stage_that_was_reached_is_spoken_of(page: Page) -> object:
    reached = {
        Stage.ASSESSMENT: ("task",), Stage.SCREENING: ("talk",), Stage.INTERVIEW: ("interview",),
        Stage.FINAL: ("rounds", "far"),
    }.get(page.case.stage)  # fmt: skip
    return reached and not said(page, *reached)


def only_who_wrote_is_thanked_for_writing(page: Page) -> object:
    answers = said(page, "message")
    return not answers if page.case.told else answers


def nobody_is_told_that_the_decision_was_theirs(page: Page) -> object:
    return said(page, "your_decision")


def nobody_is_thanked_more_than_twice(page: Page) -> object:
    thanks = said(page, "thanks")
    return thanks if len(thanks) > 2 else None


def it_can_be_read_in_half_a_minute(page: Page) -> object:
    length = len(page.own.split())
    return None if 35 <= length < 120 else f"{length} words"


def it_holds_no_link_no_address_and_no_number(page: Page) -> object:
    return re.findall(r"https?:|www\.|@|//|\d+|\.example", page.frame)


def it_is_written_in_the_language_that_was_asked_for(page: Page) -> object:
    typical = {word.lower() for word in said(page, "typical")}
    return len(typical) < 3 or language_of(page.frame) != page.case.language


def the_form_of_address_is_the_polite_one(page: Page) -> object:
    return said(page, "familiar")


def nobodys_gender_is_guessed(page: Page) -> object:
    forms = re.findall(r"\w\([a-zé]{1,3}\)|\w/-?[a-z]\w*|\w[*:_]in(?:nen)?\b|·e", page.frame)
    return [*forms, *found_in(page.frame, TITLES), *said(page, "gendered")]


def nobody_is_pressed_or_begged(page: Page) -> object:
    return "!" in page.own or said(page, "pressing")


def nobody_is_told_how_the_talk_was(page: Page) -> object:
    return said(page, "pleasant")


def it_is_right_whatever_the_mail_has_said(page: Page) -> object:
    for_no_fault = page.case.kind.reasons == UNRELATED
    return said(page, *(() if for_no_fault else ("deaf", "plans")))


def every_blank_is_filled(page: Page) -> object:
    return re.findall(r"[{}\[\]<>]|\bNone\b|\bN ?N\b|[„«“]\s*[“»”]", page.frame)


def the_typing_is_clean(page: Page) -> object:
    rough = ROUGH_IN_FRENCH if page.case.language == "fr" else ROUGH
    lines = [line for line in page.own.splitlines() if line != line.strip() or ".." in line]
    return lines or [match[0] for match in rough.finditer(page.frame)]


def sentences_begin_and_end_as_they_should(page: Page) -> object:
    greeting, first, *more, last = page.paragraphs
    low = page.case.language in LOWER_AFTER_SALUTATION and not POLITE_CAPITAL.match(first)
    ends = [part for text in (first, *more) for part in re.split(r"(?<=[.?]) ", text)]
    return (
        greeting[-1] not in ",:"
        or first[0].islower() != low
        or [text for text in (*more, last) if not text.lstrip("¿")[0].isupper()]
        or [text for text in ends if not text.endswith((".", "?"))]
    )


def it_ends_with_the_users_name(page: Page) -> object:
    return page.own.count(ME) != 1 or page.paragraphs[-1].splitlines()[-1] != ME


def it_has_five_paragraphs(page: Page) -> object:
    return len(page.paragraphs) != 5


CHECKS: tuple[Check, ...] = (
    it_goes_to_one_person_and_to_nobody_else,
    the_person_is_greeted_by_name_once_where_the_name_is_known,
    nobody_else_is_named,
    nothing_of_somebody_elses_mail_is_in_it,
    what_is_quoted_are_the_persons_own_words_without_a_link,
    the_employer_is_named_once_as_it_calls_itself,
    every_role_is_named_once_without_its_gender_tag,
    several_roles_are_several_applications_and_one_is_one,
    it_asks_one_question_at_most_and_thanks_ask_none,
    the_stage_is_no_further_than_the_one_that_was_reached,
    the_stage_that_was_reached_is_spoken_of,
    only_who_wrote_is_thanked_for_writing,
    nobody_is_told_that_the_decision_was_theirs,
    nobody_is_thanked_more_than_twice,
    it_can_be_read_in_half_a_minute,
    it_holds_no_link_no_address_and_no_number,
    it_is_written_in_the_language_that_was_asked_for,
    the_form_of_address_is_the_polite_one,
    nobodys_gender_is_guessed,
    nobody_is_pressed_or_begged,
    nobody_is_told_how_the_talk_was,
    it_is_right_whatever_the_mail_has_said,
    every_blank_is_filled,
    the_typing_is_clean,
    sentences_begin_and_end_as_they_should,
    it_ends_with_the_users_name,
    it_has_five_paragraphs,
)


def test_every_language_is_checked():
    assert list(TEMPLATES) == LANGUAGES
    assert set(WORDS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_of_every_letter_it_is_true_that(check: Check, language: str):
    for page in pages(language):
        wrong = check(page)
        assert not wrong, f"{wrong}\n\n{page}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wordings_that_can_meet_make_a_letter_too_thankful_too_long_or_too_short(language: str):
    """Not all that can meet have met: of each paragraph the worst counts, of every letter."""
    alike: dict[object, list[Page]] = {}
    for page in pages(language):
        alike.setdefault((page.case.stage, page.case.told, page.case.kind), []).append(page)
    for letters in alike.values():
        places = list(zip(*(page.paragraphs for page in letters), strict=True))
        thankful = [max(place, key=lambda text: len(thanks_in(text, language))) for place in places]
        assert len(thanks_in("\n".join(thankful), language)) <= 2, thankful
        for worst in (max, min):
            letter = [worst(place, key=lambda text: len(text.split())) for place in places]
            assert 35 <= len("\n".join(letter).split()) < 120, letter


def thanks_in(text: str, language: str) -> tuple[str, ...]:
    return found_in(text, WORDS[language].thanks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_was_read(language: str):
    table = tomllib.loads((CONFIG / "drafts" / f"{language}.toml").read_text(encoding="utf-8"))
    read = {paragraph for page in pages(language) for paragraph in page.paragraphs}
    read |= {paragraph.partition("\n")[0] for paragraph in read}
    lists = (wordings for part in table.values() if isinstance(part, dict)
             for wordings in part.values() if isinstance(wordings, list))  # fmt: skip
    unread = {
        wording
        for wordings in lists
        for wording in wordings
        if not any(map(rendered(wording).fullmatch, read))
    }
    assert not unread
    whole = "\n".join(map(str, pages(language)))
    assert f"Subject: Re: {table['subject']}" in whole
    for form in table["about"].values():
        assert any(map(rendered(form).search, read)), form


def rendered(wording: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}\\?\.?", ".+", re.escape(wording)))
