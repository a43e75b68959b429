"""The words of an answer → whether it tells anything, or only thanks, wishes and promises.

What is polite is taken out; an answer of which hardly a word is left holds no feedback and refuses
none. What is not known to be polite is something that the employer says.
"""

# ruff: noqa: RUF001  (dashes and the apostrophe of a word processor are meant)

import re

from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import STRAIGHT
from inboxbot.core.language import language_of
from inboxbot.core.types import Message

_LONGEST = 600  # characters: nobody is polite at greater length
_LONGEST_SIGNED = 5_000  # with a firm's small print
_HARDLY_A_WORD = frozenset("and but und aber et mais que per con och men".split())
_WORD = re.compile(r"[^\W\d_]{3,}")
_POSTSCRIPT = re.compile(r"^[^\w\n]*p\.?\s?s\b", re.IGNORECASE | re.MULTILINE)
# To the end of the clause: behind a comma or a "but" something may be told.
_REST = (
    r"(?:(?!\b(?:but|and|although|though|however|aber|doch|und|mais|et|pero|ma|maar|mas|ale|men|och"
    r"|og|about|because)\b| - )[^.!?:;,–—\n]){0,90}"
)
_SALUTATION = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)"
    r"|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|chère?|hola|buen[oa]s (?:días|tardes)"
    r"|estimad[oa]|querid[oa]|gentile|buon(?:giorno|asera)|ciao|salve|car[oa]|beste|goede"
    r"(?:morgen|middag|navond)|dag|geachte|hoi|olá|bom dia|boa (?:tarde|noite)|prezad[oa]"
    r"|dzień dobry|szanown[aey]|witam|cześć|hej|hejsan|bästa|kære|goddag|god (?:morgon|dag))\b"
    r"(?:[ \t]+(?!vielen|danke|merci|thank|tack|tak\b)[^\s,.:!–-]+){0,4}?[ \t]*(?:[,.:!–-]|\n|$)",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:^[^\w\n]*|(?<=[.!?])\s+)(?:(?:with |all |my |very |many )?(?:kind(?:est)?|best"
    r"|warm(?:est)?|regards|sincerely|yours|cheers|thanks)|mit |mfg|lg\b|vg\b"
    r"|(?:viele|beste|liebe|freundliche|herzliche) |(?:bien |très )?cordialement|bien à vous"
    r"|sincères|un (?:cordial |fuerte )?"
    r"(?:saludo|abrazo)|saludos|atentamente|cordiali|un (?:caro )?saluto|distinti"
    r"|met (?:vriendelijke|hartelijke)|groet|hartelijke|com os melhores|cumprimentos|atenciosamente"
    r"|abraços?|z poważaniem|pozdrawiam|(?:med )?(?:vänlig|bästa|venlig|de bedste|bedste)"
    r"|hälsningar|hilsen|(?:mvh|kh|bh|vh)\b)[^.!?\n]{0,40}$",
    re.IGNORECASE | re.MULTILINE,
)
_POLITE = Phrases(
    r"""
en:
    (many )?thank(s| you)<rest>|cheers|(you're|you are) (very |most |so )?welcome|no problem|my
        pleasure|of course|sure|(good|great|fair) question
    (it was |it's been |it has been )?(lovely|great|nice|good|(a |
        such a )?(real )?pleasure) (to (meet|
        talk|speak|hear|have)|talking|meeting|speaking|hearing|getting|chatting)<rest>
    (I'm |I am |we're |we are )?(so |very |really )?(sorry|apologies) (for|about) (the delay|not|my|
        taking|any)<rest>
    (I|we) (\w+ )?wish you (?!had|would|could|more)<rest>|(I|we) (\w+ )?hope (this|you|that you|
        all)<rest>
    (all the (very )?best|best (of luck|wishes))<rest>|good luck<rest>|take care|fingers
        crossed|(keep|stay) in touch
    (I|we)('ll| will| shall| am going to|'m going to) (\w+ )?(check|ask|find out|look into|get back|
        come back|be in touch|let you know|follow up|pass|forward|speak to|speak with|talk to)<rest>
    let me (\w+ )?(check|ask|find out|look into|get back|come back|speak to|talk to)<rest>
    (get|come|be) (right )?back to you<rest>|(will )?be in touch<rest>|as soon as (I|we) hear<rest>|
        (I|we)('ve| have) (passed|forwarded) (it|this|
        your)<rest>
    (please )?(bear with|give) (me|us)<rest>
de:
    (vielen|herzlichen|besten|lieben) dank<rest>|danke<rest>|sehr gern*|gern(e)? geschehen|kein
        problem|gute frage|(es )?hat (mich|uns) (\S+ )?(gefreut|freude)<rest>|es war (schön|nett|mir
        eine freude)<rest>
    (ich|wir) (wünsche|wünschen|drücke|drücken) (ihnen|dir|euch)<rest>|(ich|wir) (hoffe|
        hoffen)<rest>
    (für|bei) (ihr|dein)*<rest>(alles gute|viel (erfolg|glück))<rest>|alles (gute|liebe)<rest>|
        viel (
        erfolg|glück)<rest>|entschuldig*<rest>
    (ich|wir) (kläre|klären|frage|fragen) (das|es|gern*|mal|kurz|nach|bei|beim|im)<rest>|(melde|
        melden) (ich |wir )?(mich|uns)<rest>|gebe (ihnen|dir) (\S+ ){0,4}bescheid<rest>
    (ich|wir) (habe|haben|leite|leiten) (\S+ ){0,6}(weitergeleitet|weitergegeben|weiter)<rest>
fr:
    (un grand )?merci<rest>|(je|nous) vous (en )?(remercie|remercions|souhaite|souhaitons)<rest>|je
        vous en prie|bonne (chance|continuation|réussite|journée)<rest>
    (ravie?|heureux|heureuse|ce fut un plaisir|c'était un plaisir) (de|d')<rest>|désolée? (pour|de)
        <rest>|(je|nous) (\S+ )?(reviens|reviendrai|revenons|reviendrons) vers vous<rest>
    je (me renseigne|transmets|demande|vais (demander|voir|me renseigner))<rest>|(reviens|
        reviendrai|
        reviendrons) vers vous<rest>
es:
    (muchas )?gracias<rest>|(te|le|os) (agrade[zc]|dese)*<rest>|(mucha )?suerte<rest>|
        (muchos )?éxitos?
        <rest>|de nada|con (mucho )?gusto|(fue|ha sido) un placer<rest>
    (lo )?(consultaré|consulto|preguntaré|pregunto|voy a (preguntar|consultar|hablar))<rest>|(te|
        le) (
        respondo|responderé|responderemos|escribo|escribiré|contesto|digo|diré|diremos)<rest>
    (siento|perdona|disculpa)* (el|la|por)<rest>
it:
    (molte |mille )?grazie<rest>|(la|ti) ringrazi*<rest>|prego|figurati|si figuri|in bocca al
        lupo<rest>|buona (fortuna|giornata)<rest>|(le|ti) (auguro|auguriamo)<rest>
    è stato un (vero )?piacere<rest>|(verifico|chiedo|mi informo|ne parlo)<rest>|(le|ti) (faccio|
        farò|
        faremo) sapere<rest>|mi (faccio|farò) (vivo|viva|sentire)<rest>|(mi )?scus[io]<rest>
nl:
    (hartelijk |veel )?(dank|bedankt|dankjewel)<rest>|graag gedaan|(veel )?succes<rest>|goede vraag|
        het
        was (leuk|fijn|prettig)<rest>|het (aller)?beste<rest>
    (ik|we|wij) (wens|wensen) (je|jou|u)<rest>|(ik|we|wij) (hoop|hopen)<rest>|(ik|we|wij) (vraag|
        overleg|check) (het|dit|even|met|bij)<rest>|(kom|komen) (ik |we |wij )?(er|hier)<rest>terug
        <rest>|(laat|laten) (ik |we |het |je |u )*weten<rest>|sorry (dat|voor)<rest>
pt:
    (muito )?obrigad[oa]<rest>|agrade[çc]*<rest>|de nada|(boa )?sorte<rest>|felicidades|(desejo|
        desejamos)<rest>|espero que<rest>|foi um (gosto|prazer)<rest>
    vou (verificar|perguntar|confirmar|falar)<rest>|(volto|voltarei|voltaremos) a<rest>|peço
        desculpa<rest>|desculp(e|a) (o|a|por|pel)<rest>
pl:
    (bardzo |serdecznie )?dzięk*<rest>|życz*<rest>|powodzenia<rest>|proszę bardzo|nie ma za co|(było
        miło|miło było|miło mi)<rest>|wszystkiego (dobrego|najlepszego)<rest>
    (zapytam|sprawdzę|dopytam|skonsultuję|przekażę|przekazałam|przekazałem|wrócę|wrócimy|odezwę|
        odezwiemy|dam znać)<rest>|przepraszam za<rest>
sv:
    (stort )?tack<rest>|varsågod|lycka till<rest>|(jag|vi) (önskar|hoppas)<rest>|det var (kul|
        roligt|
        trevligt|fint) att<rest>|bra fråga|ingen orsak
    (jag|vi) (ska (kolla|fråga|höra)|kollar|frågar|stämmer av|återkommer|hör av)<rest>|
        återkommer<rest>|
        (ber om ursäkt|ursäkta|beklagar) (för|att)<rest>
da no:
    (mange |tusen |tusind )?tak(k)?<rest>|selv tak(k)?|held og lykke<rest>|lykke til<rest>|(jeg|
        vi) (ønsker|
        håber|håper)<rest>|det var (dejligt|hyggeligt|hyggelig) (at|å)<rest>|godt spørgsmål
    (jeg|vi) (spørger|spør|tjekker|sjekker|undersøger|hører|vender tilbage|kommer tilbake)<rest>|(
        vender|kommer) (jeg |vi )?(tilbage|tilbake)<rest>|(beklager|undskyld) (at|den|det)<rest>
""",
    rest=_REST,
)


def tells_nothing(message: Message) -> bool:
    """Tell whether an answer thanks, wishes well or promises to come back, and says no more."""
    if len(message.text) > _LONGEST_SIGNED:
        return False
    text = message.text.translate(STRAIGHT)
    letter = _unsigned(text, message)
    if len(letter) > _LONGEST or _POSTSCRIPT.search(text):
        return False
    told = " ".join(_SALUTATION.sub(" ", letter).split())
    rest, found = _POLITE.pattern(language_of(text, message.subject)).subn(" ", told)
    people = [*([message.author] if message.author else []), *message.to]
    names = {
        name
        for person in people
        for name in _WORD.findall(f"{person.name} {person.local}".casefold())
    }
    left = [word for word in _WORD.findall(rest) if word.casefold() not in names]
    return found > 0 and _HARDLY_A_WORD.issuperset(word.casefold() for word in left)


def _unsigned(text: str, message: Message) -> str:
    """Return the text above the farewell, or above the line with its author's name."""
    name = message.author.name.casefold() if message.author else ""
    names = {name, name.partition(" ")[0]} - {""}
    ends = [match.start() for match in _FAREWELL.finditer(text)]
    place = 0
    for line in text.splitlines(keepends=True):
        if line.strip(" \t\r\n,.-–/").casefold() in names:
            ends.append(place)
        place += len(line)
    end = min(ends, default=len(text))
    return text[:end] if text[:end].strip() else text
