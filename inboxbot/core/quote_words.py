"""What mail programs write above a quotation, by language: data for `inboxbot.core.quotes`."""

# ruff: noqa: RUF001  (letters of other languages are meant)

WROTE = (
    # Latin script: whole words
    r"\b(?:wrote|writes|said the following|schrieb|schreibt|geschrieben|a écrit|ha escrito"
    r"|escribió|escribio"
    r"|ha scritto|scrisse|scrive|schreef|schrijft|escreveu|napisał|napisała|pisze|skrev|skriver"
    r"|kirjoitti|napsal|napsala|napísal|napísala|írta|a scris|yazdı|yazmış|napisao|napisala"
    r"|je napisal|rakstīja|rašė|kirjutas|va escriure|đã viết|menulis|tulis)\b(?:\(a\))?"
    # other scripts: anywhere
    r"|пишет|пише|написал(?:а|\(а\))?|написав|написа|έγραψε|写道|寫道|のメール|からのメッセージ|は書きました"
    r"|さんが書いた|님이 작성|작성|כתב|كتب|تمت كتابة|ने लिखा|เขียนว่า"
)
"""Verbs of "On Monday Jane wrote:"."""

OPENS = (
    r"(?:on|at|am|le|el|il|op|em|den|w dniu|dnia|på|kl|pada|vào|în|pe|la|στις|dne|dňa|ter|data|a"
    r"|mon|tue|wed|thu|fri|sat|sun|в|у|на|在|於)\b"
)
"""Words that begin such a line."""

CITES = r"(?:quoting|zitat von|citando|citat från|citat fra|quote di|citation de|lainaus)\b"
"""The older way to begin one, without a verb."""

ANNOUNCES = (
    r"original\s?(?:message|mail|e-mail|appointment)|original$|forwarded (?:message|mail|by)"
    r"|forwarded$|reply message|urspr[uü]ngliche (?:nachricht|mail|e-mail)|originalnachricht"
    r"|weitergeleitete (?:nachricht|mail|e-mail)|message d'origine|message original"
    r"|e-mail d'origine|message (?:transféré|réexpédié|transmis)|mensaje (?:original|reenviado)"
    r"|messaggio (?:originale|inoltrato)|oorspronkelijk bericht|doorgestuurd bericht"
    r"|mensagem (?:original|encaminhada|reencaminhada)|(?:wiadomość|wiadomosc) oryginalna"
    r"|oryginalna wiadomość|przekazana wiadomość|wiadomość przekazana"
    r"|przekazywana wiadomość|treść przekazanej wiadomości"
    r"|(?:ursprungligt|vidarebefordrat) meddelande|originalmeddelande"
    r"|(?:oprindelig|videresendt|opprinnelig) (?:meddelelse|besked|melding|e-post)"
    r"|alkuperäinen viesti|(?:välitetty|edelleenlähetetty) viesti|původní (?:zpráva|e-mail)"
    r"|přeposlaná zpráva|pôvodná správa|preposlaná správa|eredeti üzenet|továbbított üzenet"
    r"|mesaj(?:ul)? (?:original|redirecționat)|özgün ileti|orijinal (?:mesaj|ileti)"
    r"|iletilmiş mesaj|iletilen ileti|yönlendirilen (?:ileti|mesaj)"
    r"|(?:исходное|пересылаемое|пересланное|перенаправленное) (?:сообщение|письмо)"
    r"|(?:оригінальне|переслане) повідомлення|αρχικό μήνυμα|προωθημένο μήνυμα"
    r"|元のメッセージ|転送(?:された)?メッセージ|原始(?:邮件|郵件)|转发(?:的)?邮件|轉寄(?:的)?郵件"
    r"|转发邮件信息|轉寄郵件|원본 ?메(?:시지|일)|전달된 ?메(?:시지|일)|הודעה (?:מקורית|שהועברה)"
    r"|الرسالة الأصلية|رسالة معاد توجيهها|pesan asli|pesan terusan|(?:thư|tin nhắn) gốc"
)
"""The middle of "-----Original Message-----"."""

BEGINS = (
    r"begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|début du (?:message|e-mail) (?:réexpédié|transféré)"
    r"|in(?:i|í)cio (?:del mensaje|da mensagem) re(?:en|encaminhad|env)\w{0,12}"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht|vidarebefordrat brev"
    r"|start på videresendt (?:meddelelse|melding)|początek przekazywanej wiadomości"
    r"|začátek přeposlané zprávy|начало переадресованного сообщения|転送されたメッセージ"
    r"|开始转发的邮件|轉寄的郵件|以下は転送メッセージです|전달된 메시지의 시작"
)
"""A line that announces a forwarded mail without dashes."""

FROM = frozenset(
    "from von de da van od från fra kimden gönderen lähettäjä feladó expeditor από saatja nuo "
    "sender "
    "от від 差出人 送信者 发件人 發件人 寄件者 寄件人 מאת من dari".split()
) | {"от кого", "보낸 사람", "보낸사람", "de la", "đến từ", "người gửi", "odesílatel"}
SENT = (
    frozenset(
        "sent date gesendet datum envoyé envoyée enviado enviada data fecha inviato verzonden "
        "wysłano skickat sendt dato lähetetty päivämäärä elküldve dátum trimis odesláno odoslané "
        "tarih "
        "gönderildi отправлено дата надіслано 送信日時 日付 日時 发送时间 發送時間 "
        "寄件日期 傳送時間 "
        "日期 时间 時間 날짜 ημερομηνία εστάλη נשלח תאריך تاريخ التاريخ tanggal "
        "dikirim ngày".split()
    )
    | {"enviado el", "enviado em", "enviada em", "gönderme tarihi", "보낸 날짜", "date d'envoi"}
    | {
        "تم الإرسال",
        "đã gửi",
        "sent on",
        "gesendet am",
    }
)
TO_OR_SUBJECT = frozenset(
    "to an à para a aan do till til kime alıcı vastaanottaja кому 宛先 收件人 收件者 "
    "címzett către komu "
    "προς אל إلى kepada subject betreff objet asunto oggetto onderwerp assunto temat ämne emne "
    "konu "
    "aihe тема 件名 主题 主題 主旨 제목 tárgy subiect předmět predmet θέμα נושא الموضوع subjek "
    "perihal cc kopie".split()
) | {"받는 사람", "받는사람", "chủ đề"}
"""Names of header fields as mail programs copy them above a quotation, in lower case."""
