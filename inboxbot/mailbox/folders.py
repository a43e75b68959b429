"""Listed folders → `Folders` by role: SPECIAL-USE, then the settings, then well-known names."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inboxbot.core.correction import PARENT, Said
from inboxbot.errors import FolderMissing, MailboxError
from inboxbot.ports import Folders, Role

INBOX = "INBOX"  # the one name that every server knows, in any case (RFC 3501 §5.1)

_ATTRIBUTES = {  # RFC 6154 §2
    Role.DRAFTS: ("\\drafts",),
    Role.SENT: ("\\sent",),
    Role.TRASH: ("\\trash",),
    Role.ARCHIVE: ("\\archive",),
    Role.JUNK: ("\\junk", "\\spam"),  # \Spam: Gmail's before RFC 6154, some servers' still
}
_ALL = "\\all"

# What clients and providers call these folders where the server does not say: Thunderbird,
# Outlook, Apple Mail, Roundcube, Gmail, GMX, in the languages of their users.
_NAMES: Mapping[Role, tuple[str, ...]] = {
    Role.DRAFTS: (
        *("Drafts", "Draft", "Draft Messages", "Entwürfe", "Entwurf", "Brouillons", "Brouillon"),
        *("Borradores", "Borrador", "Bozze", "Bozza", "Concepten", "Rascunhos", "Rascunho"),
        *("Wersje robocze", "Szkice", "Robocze", "Utkast", "Kladder", "Kladde", "Luonnokset"),
        *("Koncepty", "Rozepsané", "Rozpracované", "Piszkozatok", "Ciorne", "Schițe", "Osnutki"),
        *("Skice", "Nacrti", "Чернови", "Черновики", "Чернетки", "Нацрти", "Πρόχειρα", "Taslaklar"),
        *("Drög", "Mustandid", "Melnraksti", "Juodraščiai", "Esborranys", "Zirriborroak"),
        *("المسودات", "مسودات", "טיוטות", "ड्राफ़्ट", "ร่างจดหมาย", "Bản nháp", "Draf"),
        *("草稿", "草稿箱", "草稿匣", "下書き", "임시보관함", "임시 보관함"),
    ),
    Role.SENT: (
        *("Sent", "Sent Items", "Sent Mail", "Sent Messages", "Sent-Mail", "Gesendet"),
        *("Gesendete Objekte", "Gesendete Elemente", "Gesendete", "Envoyés", "Messages envoyés"),
        *("Éléments envoyés", "Courrier envoyé", "Objets envoyés", "Enviados", "Enviado"),
        *("Elementos enviados", "Mensajes enviados", "Itens enviados", "Posta inviata", "Inviata"),
        *("Inviati", "Elementi inviati", "Verzonden", "Verzonden items", "Verzonden berichten"),
        *("Wysłane", "Elementy wysłane", "Skickat", "Skickade", "Skickade objekt", "Sendt"),
        *("Sendte elementer", "Sendte", "Sendt post", "Lähetetyt", "Odeslané", "Odeslaná pošta"),
        *("Odoslané", "Elküldött", "Elküldött elemek", "Trimise", "Poslano", "Poslane stavke"),
        *("Изпратени", "Отправленные", "Надіслані", "Послато", "Απεσταλμένα", "Gönderilmiş"),
        *("Gönderilenler", "Gönderilmiş Öğeler", "Saadetud", "Nosūtītie", "Išsiųsti", "Enviats"),
        *(
            "المرسلة",
            "العناصر المرسلة",
            "נשלח",
            "דואר יוצא",
            "भेजे गए",
            "ส่งแล้ว",
            "Thư đã gửi",
            "Terkirim",
        ),
        *("已发送", "已发送邮件", "寄件備份", "送信済み", "送信済みアイテム", "送信済みメール"),
        *("보낸편지함", "보낸 편지함"),
    ),
    Role.TRASH: (
        *("Trash", "Deleted Items", "Deleted Messages", "Deleted", "Bin", "Wastebasket"),
        *("Papierkorb", "Gelöscht", "Gelöschte Elemente", "Gelöschte Objekte", "Corbeille"),
        *("Éléments supprimés", "Messages supprimés", "Poubelle", "Papelera", "Eliminados"),
        *("Elementos eliminados", "Mensajes eliminados", "Lixeira", "Lixo", "Itens Excluídos"),
        *("Cestino", "Posta eliminata", "Eliminata", "Prullenbak", "Prullenmand"),
        *("Verwijderde items", "Kosz", "Elementy usunięte", "Papperskorgen", "Papperskorg"),
        *("Borttagna objekt", "Papirkurv", "Papirkurven", "Slettet post", "Slettede elementer"),
        *("Roskakori", "Poistetut", "Koš", "Odstraněná pošta", "Kôš", "Kuka", "Lomtár"),
        *("Törölt elemek", "Coș de gunoi", "Coş de gunoi", "Gunoi", "Koš za smeti", "Smeće"),
        *("Кошче", "Корзина", "Удаленные", "Кошик", "Смеће", "Κάδος απορριμμάτων", "Κάδος"),
        *("Διαγραμμένα", "Çöp Kutusu", "Çöp", "Silinmiş Öğeler", "Prügikast", "Atkritne"),
        *(
            "Šiukšlinė",
            "Paperera",
            "سلة المهملات",
            "المهملات",
            "אשפה",
            "ถังขยะ",
            "Thùng rác",
            "Sampah",
        ),
        *("已删除", "已删除邮件", "垃圾桶", "刪除的郵件", "ゴミ箱", "削除済みアイテム", "휴지통"),
    ),
    Role.ARCHIVE: (
        *("Archive", "Archives", "Archived", "Archiv", "Archivo", "Archivos", "Archivio"),
        *("Archief", "Arquivo", "Arquivos", "Archiwum", "Arkiv", "Arkisto", "Archív", "Archívum"),
        *("Arhivă", "Arhiv", "Arhiva", "Архив", "Архів"),
        *("Αρχειοθήκη", "Αρχείο", "Arşiv", "Arhiiv", "Arhīvs", "Archyvas", "Arxiu", "أرشيف"),
        *("ארכיון", "Lưu trữ", "Arsip", "归档", "存档", "封存", "アーカイブ", "보관함"),
    ),
    Role.JUNK: (
        *("Junk", "Spam", "Junk Email", "Junk E-mail", "Junk Mail", "Bulk Mail", "Bulk"),
        *("Spamverdacht", "Junk-E-Mail", "Unerwünscht", "Unerwünschte Werbung"),
        *("Indésirables", "Courrier indésirable", "Courriel indésirable", "Pourriel"),
        *("Correo no deseado", "No deseado", "Posta indesiderata", "Indesiderata"),
        *("Ongewenst", "Ongewenste e-mail", "Ongewenste reclame", "Lixo Eletrônico"),
        *("Lixo eletrónico", "Correio eletrónico não solicitado", "Niechciane"),
        *("Wiadomości-śmieci", "Wiadomości śmieci", "Skräppost", "Skräp", "Søppelpost"),
        *("Uønsket", "Uønsket e-post", "Uønsket mail", "Uønsket post", "Roskaposti"),
        *("Nevyžádaná pošta", "Nevyžiadaná pošta", "Levélszemét", "Nem kívánt", "Nedorită"),
        *("E-mail nedorit", "Neželena pošta", "Neželjena pošta", "Спам", "Нежелательная почта"),
        *("Нежелана пошта", "Нежелана поща", "Небажана пошта", "Ανεπιθύμητα"),
        *("Ανεπιθύμητη αλληλογραφία", "Gereksiz", "Önemsiz", "Önemsiz E-posta", "İstenmeyen"),
        *("Rämpspost", "Mēstules", "Brukalas", "Šlamštas", "Correu brossa"),
        *("البريد العشوائي", "غير هام", "דואר זבל", "ספאם", "स्पैम", "จดหมายขยะ", "สแปม"),
        *(
            "Thư rác",
            "垃圾邮件",
            "垃圾郵件",
            "迷惑メール",
            "スパム",
            "스팸메일함",
            "스팸",
            "정크 메일",
        ),
    ),
}

_RANKS = {
    role: {name.casefold(): rank for rank, name in enumerate(names)}
    for role, names in _NAMES.items()
}

# What Gmail calls its folder of everything, where a Maildir that was synchronised has no mark.
_ALL_MAIL = frozenset(
    name.casefold()
    for name in (
        *("All Mail", "Alle Nachrichten", "Tous les messages", "Todos", "Todos los mensajes"),
        *("Tutti i messaggi", "Alle berichten", "Todos os e-mails", "Todo o correio", "Wszystkie"),
        *("Alla mejl", "All e-post", "Alle mails", "Вся почта", "すべてのメール", "所有邮件"),
    )
)

# Where such folders hang: at the top, under Courier's and Dovecot's INBOX, under Gmail's own.
_PREFIX = re.compile(r"\A(?:INBOX|\[Gmail\]|\[Google Mail\])[/.\\]", re.IGNORECASE)
_GMAIL = re.compile(r"\A\[(?:Gmail|Google Mail)\][/.\\]", re.IGNORECASE)

_LEVELS = re.compile(r"[.\\]")  # what parts the levels of a name, besides "/"
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d)?")  # or a month of it: 2026-11
_MOST_YEARS = 8  # each one is opened at every poll

_CLOSED = frozenset({"\\noselect", "\\nonexistent"})  # RFC 3501 §7.2.2, RFC 5258 §3


@dataclass(frozen=True, slots=True)
class ListedFolder:
    r"""A folder as its mailbox lists it: its full name, and attributes such as ``\Drafts``."""

    name: str
    attributes: frozenset[str] = frozenset()


def by_role(listed: Iterable[ListedFolder], chosen: Mapping[Role, str]) -> Folders:
    """Return the folders of a mailbox by role; `chosen` are the names in the settings.

    Raises MailboxError where there is no inbox.
    """
    open_ = [folder for folder in listed if not _CLOSED & _lower(folder)]
    inbox = next((folder.name for folder in open_ if folder.name.upper() == INBOX), None)
    if inbox is None:
        raise MailboxError("the mailbox lists no INBOX: check that the user name is the right one")
    found = {role: _find(role, open_, chosen.get(role)) for role in Role}
    if all_mail := _all_mail(open_):
        found[Role.ARCHIVE] = all_mail
    years = _years(found[Role.ARCHIVE], open_)
    corrections = {said: name for said in Said if (name := _correction(said, open_))}
    taken = {inbox, *found.values(), *years, *corrections.values()}
    others = tuple(sorted(folder.name for folder in open_ if folder.name not in taken))
    return Folders(
        inbox=inbox,
        drafts=found[Role.DRAFTS],
        sent=found[Role.SENT],
        trash=found[Role.TRASH],
        archive=found[Role.ARCHIVE],
        archive_years=years,
        archive_is_all=all_mail is not None,
        junk=found[Role.JUNK],
        corrections=corrections,
        others=others,
    )


def missing(role: Role, chosen: Mapping[Role, str], account: str) -> FolderMissing:
    """Return the error for a role that no folder has, with what to write in the settings."""
    return FolderMissing(
        chosen.get(role, role.value.capitalize()),
        f'create it in the mail client, or set {role.value} = "…" in [accounts.{account}] '
        "to the name of the folder that the mail client uses",
    )


def _find(role: Role, listed: list[ListedFolder], chosen: str | None) -> str | None:
    by_attribute = _with_attribute(role, listed)
    if by_attribute is not None:
        return by_attribute
    if chosen is not None:
        # A folder that the user named and that is gone is missing: another is not a substitute.
        return next((folder.name for folder in listed if folder.name == chosen), None)
    return _well_known(role, listed)


def _with_attribute(role: Role, listed: list[ListedFolder]) -> str | None:
    for attribute in _ATTRIBUTES[role]:
        # Cyrus writes \drafts in lower case. Of two, the first by name: the same on every poll.
        names = sorted(folder.name for folder in listed if attribute in _lower(folder))
        if names:
            return names[0]
    return None


def _well_known(role: Role, listed: list[ListedFolder]) -> str | None:
    ranks = _RANKS[role]
    ranked = ((_short(folder.name), folder.name) for folder in listed)
    known = [(ranks[short], name) for short, name in ranked if short in ranks]
    return min(known)[1] if known else None


def _all_mail(listed: list[ListedFolder]) -> str | None:
    """Return Gmail's folder of everything but Spam and Trash: there, all that is archived lies.

    Those of other servers may hold both (RFC 6154 §2), as Proton's does: junk is never read.
    """
    gmails = [folder for folder in listed if _GMAIL.match(folder.name)]
    names = [
        folder.name
        for folder in gmails
        if _ALL in _lower(folder) or _short(folder.name) in _ALL_MAIL
    ]
    return min(names, default=None)


def _years(archive: str | None, listed: list[ListedFolder]) -> tuple[str, ...]:
    """Return the folders of the newest years below an archive, which may be none itself."""
    homes: set[tuple[str, ...]] = {(name,) for name in _RANKS[Role.ARCHIVE]}
    if archive is not None and _levels(archive) not in homes:
        homes = {_levels(archive)}
    dated = []
    for folder in listed:
        levels = _levels(folder.name)
        years = [level for level in levels if _YEAR.fullmatch(level)]
        if years and any(levels[: len(home)] == home for home in homes):
            dated.append((years[-1], folder.name))
    return tuple(name for _, name in sorted(dated, reverse=True)[:_MOST_YEARS])


def levels_of(said: Said) -> tuple[str, str]:
    """Return the folder's name, level by level: servers part them with "/" or "."."""
    return PARENT, said.value


def _correction(said: Said, listed: list[ListedFolder]) -> str | None:
    wanted = tuple(level.casefold() for level in levels_of(said))
    return next((folder.name for folder in listed if _levels(folder.name) == wanted), None)


def _levels(name: str) -> tuple[str, ...]:
    return tuple(_LEVELS.sub("/", _short(name)).split("/"))


def _short(name: str) -> str:
    # NFC: a Mac may have made the folder, with its accents apart.
    return _PREFIX.sub("", unicodedata.normalize("NFC", name)).casefold()


def _lower(folder: ListedFolder) -> set[str]:
    return {attribute.lower() for attribute in folder.attributes}
