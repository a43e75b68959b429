"""A text → the language that it is written in, by its script and its small words.

Function words are few, frequent and differ between neighbours (Danish *ikke* · Swedish *inte*), so
they need no trained table and no megabytes; names, addresses and English job titles among them do
not count. A text that shows too few of them stays unknown.
"""

import re
import unicodedata
from collections import Counter
from functools import cache

_LONGEST_TEXT = 6_000
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ADDRESS_SIGNS = ("@", "://", "www.")
_ENOUGH_WORDS = 2.0  # distinctive hits; a word shared by three languages counts a third
_MARGIN = 1.15  # the best language over the second
_OWN_LETTER = 1.5  # a letter that only this language has, against a word
_ENOUGH_SIGNS = 2  # characters of a script that has one language

# Words that a mail of three sentences can hardly do without. A word may stand in several rows.
_WORDS = {
    "en": "the of and to in is that for it with as was on be at by this have from or had not are "
    "but we you your our they his her she which will would there been has when who more no if "
    "out so what up about into than them can only other time some could these may do any after "
    "regret unfortunately thank thanks dear regards hello application position",
    "de": "der die das und ist nicht wir sie für mit den dem ein eine einen einer zu auf von im "
    "ihre ihr ihnen uns unser unsere sich als auch es an werden haben hat wird sind bei nach aus "
    "dass oder aber wie noch nur über sehr leider vielen dank bewerbung stelle ich du dich dir "
    "deine dein freundlichen grüßen müssen können zum zur vom diese dieser haben wurde",
    "fr": "le la les des de du et est un une nous vous votre vos notre nos pour dans que qui ne "
    "pas au aux sur avec par plus sont ce cette ces en à avons avez été être malheureusement "
    "cordialement candidature poste merci bonjour suite mais ou il elle se sa son leur afin je",
    "es": "el la los las de del y es un una en que por para con no su sus se lo al como más pero "
    "nos le les ha hemos han este esta estos gracias hola proceso candidatura puesto usted tu "
    "te ti nuestro nuestra sido muy también cuando lamentablemente saludos estimado estimada "
    "desafortunadamente hay ser son sin sobre",
    "it": "il lo la i gli le di del della dei delle e è un una che per con non si da in nel nella "
    "al alla ai sono abbiamo ha ci vi ti la sua suo nostra nostro grazie gentile purtroppo "
    "candidatura posizione come più anche questo questa tuo tua cordiali saluti stato sul dal "
    "dopo siamo hai essere ma ho tu ciao già me mio se solo qui tutto fatto cosa perché così era "
    "questo noi loro sei bene poi oggi domani niente senza",
    "nl": "de het een en van is dat in op te voor met zijn niet aan er om ook als bij door naar "
    "uit maar wij we je jij jouw u uw ons onze hebben heeft wordt worden deze dit helaas bedankt "
    "sollicitatie functie vriendelijke groet geachte beste graag over nog hebt kunnen andere "
    "kandidaten veel succes geen zal",
    "pt": "o a os as de do da dos das e é um uma em no na nos nas que por para com não se ao "
    "seu sua seus suas nosso nossa como mais mas foi você nós ele ela são obrigado obrigada olá "
    "vaga processo seletivo candidatura infelizmente atenciosamente pelo pela este esta também "
    "muito agradecemos momento outros alguém procuramos",
    "pl": "i w na z do się nie że o jest to za od po dla oraz przez jak ale są był była być przed "
    "lub już tylko pani pana państwa nam nas naszej nasz dziękujemy niestety stanowisko "
    "rekrutacji rekrutacyjnym pozdrawiam pozdrowieniami zgłoszenie aplikację tym które który "
    "która ze może ci twoje twoją ich ten tej cię",
    "sv": "och att det i en ett är som på för med av inte den till har de vi du din ditt dina er "
    "oss vår vårt våra om men från kan ska skulle var så eller när tack tyvärr ansökan tjänsten "
    "hälsningar hej har vid hos detta denna andra mycket efter kommer blev dig mig jag valt "
    "hade gärna mer också bara där ni ut upp än nu ju kunde ville utan redan fått går tar någon "
    "något vad vecka sig själv",
    "da": "og at det i en et er som på for med af ikke den til har de vi du din dit dine jer "
    "os vores om men fra kan skal skulle var så eller når tak desværre ansøgning stillingen "
    "hilsen hej ved hos dette denne andre meget efter bliver blev dig mig jeg valgt være "
    "kære venlig havde gerne mere også jeres nogen noget hvad uge sig selv lige godt jo ud op ind "
    "hende kunne ville fordi siden går tager fået fik gik der bare så nu mange nogle",
    "no": "deres noen noe hva uke seg mye dere av meg deg ut opp inn henne kunne ville fordi siden "
    "går tar fått fikk gikk bare nå mange etter ble "
    "og at det i en et er som på for med av ikke den til har de vi du din ditt dine dere "
    "oss vår vårt våre om men fra kan skal skulle var så eller når takk dessverre søknad søknaden "
    "stillingen hilsen hei ved hos dette denne andre mye etter blir ble deg meg jeg valgt være "
    "vennlig",
    "fi": "ja on ei että se olla hän ovat oli mutta tai kun jos kuin niin myös sekä kiitos "
    "valitettavasti hakemus hakemuksesi hakemuksestasi tehtävään sinun sinua meidän olemme "
    "ystävällisin terveisin hei tämä tällä tässä ole emme voi kanssa mukaan nyt vain joka olet "
    "kohdalla valinneet",
    "cs": "a v se na je že z s k o do i to za pro jsme jste není byl byla bylo jako ale by si po "
    "od při jeho nebo být mít jsou vás vám váš vaši vaše nás nám naši děkujeme bohužel pozici "
    "pozdravem dobrý den ve které který která tím také ke jsem",
    "sk": "a v sa na je že z s k o do aj to za pre sme ste nie bol bola bolo ako ale by si po od "
    "pri jeho alebo byť mať sú vás vám váš vašu vaše nás nám našu ďakujeme žiaľ bohužiaľ pozíciu "
    "pozdravom dobrý deň vo ktoré ktorý ktorá tiež som",
    "hu": "a az és hogy nem is egy van volt de ez azt csak mint vagy már még ha meg el ki "
    "köszönjük sajnos jelentkezését jelentkezését önt önnek ön tisztelt kedves üdvözlettel "
    "álláshirdetés pozícióra pozíció mert után között minden más sajnálattal",
    "ro": "și în la de cu pe nu este că o un pentru din mai ce care sau dar se vă va ai "
    "au fost sunt mulțumim pentru dumneavoastră din păcate poziția postul aplicat candidatura "
    "stimate stimată bună noastră nostru ne prin acest această",
    "tr": "ve bir bu için ile de da çok olarak daha olan gibi en ne kadar sonra değil ama ya "
    "teşekkür ederiz maalesef başvurunuz başvurunuzu başvuru pozisyonu pozisyon sayın merhaba "
    "ben sen biz onu bunu şu mi mı var yok selam kolay gelsin gün hayırlı olsun bugün yarın önce "
    "her şey kişi işe artık sadece diye hem lütfen tekrar yeni arkadaş kendi bence işi gelen benim "
    "iyi sizin size siz bizim olduğunu üzere tarafından saygılarımızla ilginiz için ancak",
    "hi": "hai hain ke ki ka ko se aap aapka aapki aapke nahi nahin hum humne mein liye kar karna "
    "raha rahi gaya gayi hua hui bhi aur kya koi thi tha par ab toh sab yeh woh jo kal baad saath",
    "ca": "el la els les de del i és un una en que per amb no el seu seva als com més però ens "
    "hem han aquest aquesta gràcies hola procés candidatura lloc vostè amb molt també quan "
    "malauradament salutacions",
    "hr": "i u je na se da su za od ne što koji koja koje ali ili kao smo ste nije bio bila "
    "vam vas vaš vašu naš nas zahvaljujemo nažalost poziciju natječaj poštovani poštovana "
    "srdačan pozdrav prijava prijavu ovaj ova će",
    "vi": "và của là cho không được với trong có một các người này đã để chúng tôi bạn cảm ơn rất "
    "tiếc ứng tuyển vị trí công ty quý anh chị những khi",
    "id": "yang dan di ini dengan untuk tidak dari dalam akan pada juga kami anda ke karena "
    "bahwa oleh sebagai telah adalah terima kasih lamaran posisi maaf mohon hormat atas belum "
    "dapat saat",
    "et": "ja on ei et see oli ka kui aga või meie teie teid kahjuks täname kandideerimise "
    "kandidaadi tere lugupidamisega ametikohale oma mis olete oleme sinu sind",
    "lv": "un ir ne ka par no ar uz bet vai mēs jūs jūsu mūsu paldies diemžēl pieteikumu "
    "amata labdien cieņu šo tika esam kas",
    "lt": "ir yra ne kad su iš į bet ar mes jūs jūsų mūsų ačiū dėkojame deja kandidatūrą "
    "poziciją laba diena pagarbiai šiuo kuris buvo",
    "ru": "и в не на что с по к из у за от для это как но вы мы ваш вашу ваше вас вам наш нас "
    "спасибо сожалению вакансию отклик здравствуйте уважением добрый день были был или также",
    "uk": "і в не на що з по до із у за від для це як але ви ми ваш вашу ваше вас вам наш нас "
    "дякуємо жаль вакансію відгук вітаємо повагою добрий день були або також та",
    "bg": "и в не на че с по към от за това как но вие ние вашата вашето вас ви ни благодарим "
    "съжаление позицията кандидатура здравейте уважение са или също беше да се",
}
_ACCENTED = {  # letters that, among neighbours, one language has alone
    "de": "ß", "es": "¿¡ñ", "pt": "ãõ", "pl": "łążśźćńę", "fr": "œ", "tr": "ğış", "cs": "ěřů",
    "sk": "ľĺŕ", "hu": "őű", "ro": "țșă", "lv": "āēīūģķļņ", "lt": "ėųį", "ca": "·",
    "vi": "ạảấầẩậắằặẻẽếềểệịọỏốồổộớờởợụủứừửựỳỷỹđơư", "uk": "іїєґ", "ru": "ыэё",
}  # fmt: skip
_SCRIPTS = {  # scripts that, in mail about work, mean one language
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "DEVANAGARI": "hi", "GREEK": "el",
    "HEBREW": "he", "THAI": "th", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te",
    "GUJARATI": "gu", "KANNADA": "kn", "MALAYALAM": "ml", "GURMUKHI": "pa", "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}  # fmt: skip
_PERSIAN, _URDU = frozenset("پچژگ"), frozenset("ٹڈڑےں")
_SCRIPT_SHARE = 0.3  # of the letters; job titles in Latin letters stand in every script


def language_of(text: str, subject: str = "") -> str | None:
    """Return the BCP 47 primary tag of the language, None where the text does not show it.

    The subject only helps where the text alone is too short.
    """
    body = _without_addresses(text[:_LONGEST_TEXT])
    return _by_script(body) or _by_words(body) or (_whole(body, subject) if subject else None)


def _without_addresses(text: str) -> str:
    return " ".join(
        word for word in text.split() if not any(sign in word for sign in _ADDRESS_SIGNS)
    )


def _whole(body: str, subject: str) -> str | None:
    both = f"{subject}\n{body}"
    return _by_script(both) or _by_words(both)


def _by_script(text: str) -> str | None:
    if text.isascii():
        return None
    scripts = Counter(_script(char) for char in text if char.isalpha())
    total = sum(scripts.values())
    if scripts["CJK"] + scripts["HIRAGANA"] + scripts["KATAKANA"] > _SCRIPT_SHARE * total:
        # Japanese writes its endings in hiragana; Chinese has none.
        kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
        return "ja" if kana * 10 > scripts["CJK"] else "zh"
    if scripts["ARABIC"] > _SCRIPT_SHARE * total:
        return _arabic(text)
    for script, language in _SCRIPTS.items():
        if scripts[script] >= _ENOUGH_SIGNS and scripts[script] > _SCRIPT_SHARE * total:
            return language
    return None


def _arabic(text: str) -> str:
    if not _URDU.isdisjoint(text):
        return "ur"
    return "ar" if _PERSIAN.isdisjoint(text) else "fa"


def _script(char: str) -> str:
    if char.isascii():
        return "LATIN"
    return _named(char)


@cache
def _named(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def _by_words(text: str) -> str | None:
    lowered = text.replace("’", "'").lower()
    scores: dict[str, float] = {}
    for word in _WORD.findall(lowered):
        for part in word.split("'"):
            languages = _table().get(part, ())
            for language in languages:
                scores[language] = scores.get(language, 0.0) + 1 / len(languages)
    for char in lowered if not lowered.isascii() else "":
        language = _letters().get(char, "")
        if language in scores:
            scores[language] += _OWN_LETTER
    return _best(scores)


def _best(scores: dict[str, float]) -> str | None:
    ranked = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if not ranked or ranked[0][1] < _ENOUGH_WORDS:
        return None
    if len(ranked) > 1 and ranked[0][1] < _MARGIN * ranked[1][1]:
        return None
    return ranked[0][0]


@cache
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            table.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in table.items()}


@cache
def _letters() -> dict[str, str]:
    return {char: language for language, chars in _ACCENTED.items() for char in chars}
