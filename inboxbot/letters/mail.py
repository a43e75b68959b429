"""What is to be told → the owner's mail: RFC 5322 bytes, text and HTML, each complete alone.

The mail goes from the owner to the owner and is put into his own inbox: it is never sent.
"""

import re
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import assert_never

from inboxbot.core.contact import Owner
from inboxbot.core.evening import Brief, Evening
from inboxbot.core.search import Search
from inboxbot.core.summary.values import Summary
from inboxbot.core.text import for_header
from inboxbot.core.types import Key
from inboxbot.errors import InputError
from inboxbot.letters.farewell import farewell_sheet
from inboxbot.letters.page import html_of, text_of
from inboxbot.letters.phrases import load_phrases
from inboxbot.letters.sheet import Sheet
from inboxbot.letters.talk import brief_sheet, evening_sheet
from inboxbot.letters.week import week_sheet
from inboxbot.letters.words import Words

Told = Summary | Evening | Brief | Search
"""The occasions for a mail to the owner."""

MARK = '<meta name="generator" content="inboxbot">'
"""What tells a letter from any other page."""

MOST_BYTES = 60_000  # of the HTML part; webmail cuts long mails off

_ITEMS = (12, 8, 5, 3, 2, 1)  # what a list shows at most, until the whole fits
_POLICY = SMTP.clone(cte_type="7bit")  # APPEND of 8-bit text is not for every server
_HEADERS = frozenset("from to subject date message-id mime-version content-type".split())


def render(told: Told, owner: Owner, key: Key, language: str, now: datetime) -> bytes:
    """Return the mail. The same arguments always give the same bytes.

    Raise `InputError` for an owner whose address cannot stand in a header (THREATS D24).
    """
    sheet, html = _fitting(told, language)
    mailbox = _mailbox(owner)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = mailbox
    mail["To"] = mailbox
    mail["Subject"] = sheet.title
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{key}@{mailbox.domain}>"
    mail.set_content(text_of(sheet), charset="utf-8")
    mail.add_alternative(html, subtype="html", charset="utf-8")
    mail.set_boundary(f"=_{key}")
    data = mail.as_bytes()
    _check(data, owner)
    return data


def render_html(told: Told, language: str) -> str:
    """Return the HTML part, a whole page that loads nothing: below 60,000 bytes."""
    return _fitting(told, language)[1]


def preview(told: Told, language: str) -> str:
    """Return the text part, for the terminal."""
    return text_of(_fitting(told, language)[0])


def _fitting(told: Told, language: str) -> tuple[Sheet, str]:
    """Return the fullest sheet whose HTML is small enough, and that HTML."""
    phrases = load_phrases(language)
    for most in _ITEMS:
        sheet = _sheet_of(told, Words(phrases, most))
        html = html_of(sheet)
        if len(html.encode()) < MOST_BYTES:
            break
    return sheet, html


def _sheet_of(told: Told, words: Words) -> Sheet:
    match told:
        case Summary():
            return week_sheet(told, words)
        case Evening():
            return evening_sheet(told, words)
        case Brief():
            return brief_sheet(told, words)
        case Search():
            return farewell_sheet(told, words)
        case _:
            assert_never(told)


def _mailbox(owner: Owner) -> MailAddress:
    local, _, domain = owner.address.rpartition("@")
    if not re.fullmatch(r"[!-~]{1,64}", local) or not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", domain):
        raise InputError("the account's address cannot stand in a mail; write name@example.org")
    try:
        return MailAddress(for_header(owner.name), username=local, domain=domain)
    except ValueError as error:
        raise InputError("the account's address cannot stand in a mail") from error


def _check(data: bytes, owner: Owner) -> None:
    """Read the mail back as any client would: to the owner, from the owner, and no more headers."""
    read = message_from_bytes(data)
    names = [name.lower() for name in read]
    if set(names) != _HEADERS or len(names) != len(_HEADERS) or read.defects:
        raise InputError("the summary has a header that it must not have")
    for name in ("From", "To"):
        found = [address for _, address in getaddresses(read.get_all(name, []))]
        if [address.casefold() for address in found] != [owner.address.casefold()]:
            raise InputError("the summary would go to somebody else")
