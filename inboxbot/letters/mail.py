"""Summary → the owner's weekly mail: RFC 5322 bytes, text and HTML, each complete alone.

The mail goes from the owner to the owner and is put into his own inbox: it is never sent.
"""

import re
import textwrap
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from inboxbot.core.contact import Owner
from inboxbot.core.summary import Summary
from inboxbot.core.text import for_header
from inboxbot.core.types import Key
from inboxbot.errors import InputError
from inboxbot.letters.phrases import load_phrases
from inboxbot.letters.sheet import Sheet, sheet_of, title_of
from inboxbot.resources import CONFIG

MOST_BYTES = 60_000  # of the HTML part; webmail cuts long mails off
COLUMNS = 72  # of the text part

_ITEMS = (12, 8, 5, 3, 2, 1)  # what a list shows at most, until the whole fits
_POLICY = SMTP.clone(cte_type="7bit")  # APPEND of 8-bit text is not for every server
_HEADERS = frozenset("from to subject date message-id mime-version content-type".split())


def render(summary: Summary, owner: Owner, key: Key, language: str, now: datetime) -> bytes:
    """Return the mail. The same arguments always give the same bytes.

    Raise `InputError` for an owner whose address cannot stand in a header (THREATS D24).
    """
    mailbox = _mailbox(owner)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = mailbox
    mail["To"] = mailbox
    mail["Subject"] = title_of(summary, load_phrases(language))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{key}@{mailbox.domain}>"
    sheet, html = _fitting(summary, language)
    mail.set_content(_text(sheet), charset="utf-8")
    mail.add_alternative(html, subtype="html", charset="utf-8")
    mail.set_boundary(f"=_{key}")
    data = mail.as_bytes()
    _check(data, owner)
    return data


def render_html(summary: Summary, language: str) -> str:
    """Return the HTML part, a whole page that loads nothing: below 60,000 bytes."""
    return _fitting(summary, language)[1]


def preview(summary: Summary, language: str) -> str:
    """Return the text part, for the terminal."""
    return _text(_fitting(summary, language)[0])


def _fitting(summary: Summary, language: str) -> tuple[Sheet, str]:
    """Return the fullest sheet whose HTML is small enough, and that HTML."""
    phrases = load_phrases(language)
    for most in _ITEMS:
        sheet = sheet_of(summary, phrases, most)
        html = _environment().get_template("summary.html.j2").render(sheet=sheet)
        if len(html.encode()) < MOST_BYTES:
            break
    return sheet, html


def _text(sheet: Sheet) -> str:
    text = _environment().get_template("summary.txt.j2").render(sheet=sheet)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(CONFIG / "summary"),
        autoescape=_is_escaped,  # noqa: S701  (all but plain text is)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrapped"] = _wrapped
    return environment


def _is_escaped(template: str | None) -> bool:
    return template is None or not template.endswith(".txt.j2")


def _wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Wrap each line of a text; `first` stands before the first line, `rest` before the others."""
    later = first if rest is None else rest
    wrapped: list[str] = []
    for line in text.split("\n"):
        before = later if wrapped else first
        wrapped += textwrap.wrap(
            line,
            COLUMNS,
            initial_indent=before,
            subsequent_indent=later,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [before]
    return "\n".join(wrapped)


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
