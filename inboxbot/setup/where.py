"""An address's provider, the way in, and where the mailbox is."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from inboxbot.errors import InboxbotError
from inboxbot.mailbox.maildir_layout import is_maildir, layout
from inboxbot.mailbox.oauth_google_client import GoogleClient
from inboxbot.providers import Provider, Way, load_providers, provider_of
from inboxbot.settings import LOOPBACK, read_value
from inboxbot.setup.account import PERMISSIONS, STANDARD_PORTS, serves_others
from inboxbot.setup.answers import MAILDIR, NOT_LISTED, SERVER
from inboxbot.setup.ask import Choice
from inboxbot.setup.interview import Interview, as_setting, plain

_WAYS: Mapping[str, str] = {
    Way.APP_PASSWORD: "An app password, by IMAP (two minutes)",
    Way.PASSWORD: "Your password, by IMAP (two minutes)",
    Way.GOOGLE_API: "Google's permission, by Gmail's API (twenty minutes, once)",
    Way.GOOGLE_IMAP: "Google's permission, by IMAP (twenty minutes, once)",
    Way.MICROSOFT: "Microsoft's permission, by IMAP (half an hour, once)",
    SERVER: "Your password, at a mail server that you name (two minutes)",
    MAILDIR: "No password: a Maildir on this machine (two minutes)",
}
_TLS = {
    "implicit": "TLS from the start (port 993)",
    "starttls": "STARTTLS (port 143)",
    "none": "None (port 143; for a server on this machine alone)",
}
_ADMINISTRATOR = (
    "Careful: where {domain} belongs to an employer or a school, its administrator can read this "
    "mailbox, and with it your drafts and the summary. A mailbox of your own is a better place "
    "for a job search."
)
_OWN_CLIENT = (
    "Why it takes longer: inboxbot ships no client id, so that nobody stands between you and "
    "{company}. You make one of your own, once. This page leads through it: {page}"
)
_TESTING = (
    'In Google\'s console set the app to "In production" (Publish app): while it says "Testing", '
    "Google ends every permission after 7 days, and you would have to agree anew each week."
)


def ask_provider(talk: Interview, address: str) -> Provider | None:
    """Find who runs the mailbox, or ask; None for one that is not listed."""
    providers = load_providers()
    known = provider_of(address, providers)
    domain = address.rpartition("@")[2]
    possible = [one for one in providers if one is known or serves_others(one)]
    others = Choice(NOT_LISTED, "Somebody else, or I do not know")
    chosen = talk.choose(
        "provider",
        f"Who runs the mail of {domain}?",
        [others, *(Choice(one.id, one.name) for one in possible)],
        proposed=known.id if known else NOT_LISTED,
        ask=known is None,
    )
    provider = next((one for one in possible if one.id == chosen), None)
    if provider is None and not talk.answers.existing:  # the notes of the others say it
        talk.tell(_ADMINISTRATOR.format(domain=domain))
    return provider


def ask_way(talk: Interview, provider: Provider | None) -> str:
    """Ask for the way in, the best first, and say what it takes."""
    ways = [*(provider.ways if provider else ()), SERVER, MAILDIR]
    who = f"This is {provider.name}. " if provider else ""
    way = talk.choose(
        "way",
        "Which way in?",
        [Choice(way, _WAYS[way]) for way in ways],
        proposed=ways[0],
        why=f"{who}inboxbot gets to your mail by one of these ways; take the first if unsure.",
    )
    if provider and way in provider.ways:
        _tell_of(talk, provider, way)
    return way


def _tell_of(talk: Interview, provider: Provider, way: str) -> None:
    """Say what the user has to do first."""
    if way not in PERMISSIONS or provider.ways[0] in PERMISSIONS:
        talk.tell(*provider.notes)  # they are about the first way
    if way == Way.APP_PASSWORD and provider.app_password_url:
        talk.tell(f"Make an app password for inboxbot here: {provider.app_password_url}")
    if way in PERMISSIONS:
        company = "Microsoft" if way == Way.MICROSOFT else "Google"
        talk.tell(_OWN_CLIENT.format(company=company, page=provider.page))


def ask_place(talk: Interview, way: str, provider: Provider | None) -> None:
    """Ask where the mailbox is, and by which client id of the user's own it is opened."""
    match way:
        case "maildir":
            _ask_maildir(talk)
            return
        case Way.GOOGLE_API:
            talk.given("api_endpoint", as_setting("api_endpoint"))
        case _:
            _ask_server(talk, way, provider)
    talk.text("ca_file", "File with the certificate:", check=existing_file, ask=False)
    if way == Way.MICROSOFT:
        talk.text("client_id", "Application (client) ID:")
        talk.given("authority", as_setting("authority"))
    elif way in PERMISSIONS:
        talk.tell(_TESTING)
        words = "JSON file of your client (client_secret….json):"
        talk.text("client_file", words, proposed=_downloaded(), check=_client)


def _ask_maildir(talk: Interview) -> None:
    places = (Path.home() / "Maildir", Path.home() / "Mail")
    found = next((str(path) for path in places if is_maildir(path)), "")
    talk.text("path", "Folder of the Maildir:", proposed=found, check=_maildir)


def _ask_server(talk: Interview, way: str, provider: Provider | None) -> None:
    """Ask for a server that no provider names; take what the flags say of one that is known.

    Encryption and port are those of nearly every server; they are asked for where that fails.
    """
    named = way == SERVER
    known = None if named else provider
    address = talk.answers.address or ""
    guess = f"imap.{address.rpartition('@')[2]}"
    host = _ask_host(talk, known.host if known else guess, ask=named)
    possible = [Choice(tls, words) for tls, words in _TLS.items() if _fits(tls, host)]
    tls = talk.choose(
        "tls", "Encryption:", possible, proposed=known.tls if known else "implicit", ask=False
    )
    standard = known.port if known else STANDARD_PORTS[tls]
    talk.text("port", "Port:", proposed=str(standard), check=_port, ask=False)
    login = known.user_of(address) if known else address
    talk.text("user", "User name (often your address):", proposed=login, ask=named)


def _ask_host(talk: Interview, proposed: str, *, ask: bool) -> str:
    """Ask for a server's name; a port behind it is an answer of its own."""
    before = talk.answers.host
    host = talk.text(
        "host",
        "Mail server (IMAP):",
        proposed=proposed,
        check=_host,
        why="Help pages call it the server for incoming mail: often imap. and the domain.",
        ask=ask,
    )
    if before not in {None, host}:
        talk.note(port=None, tls=None)  # they were those of another server
    if both := re.fullmatch(r"([^:]+):(\d+)", host):
        host = both[1]
        talk.note(host=host, port=_port(both[2]))
    return host


# ---------------------------------------------------------------- what an answer has to be


def _fits(tls: str, host: str) -> bool:
    return tls != "none" or host in LOOPBACK


def _host(text: str) -> str:
    name = plain(text).removesuffix(".")
    if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", name):
        raise ValueError("write the name of a server, as in imap.example.org")
    return name


def _port(text: str) -> str:
    if not text.strip().isdecimal():
        raise ValueError("write a number, as in 993")
    return str(read_value("port", int(text)))


def existing_file(text: str) -> str:
    """Return the whole path of a file that is there. Raise `ValueError`."""
    path = _path(text)
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file")
    return str(path)


def _client(text: str) -> str:
    path = existing_file(text)
    try:
        GoogleClient.read(Path(path))
    except InboxbotError as error:
        raise ValueError(str(error)) from None
    return path


def _maildir(text: str) -> str:
    path = _path(text)
    try:
        layout(path)
    except InboxbotError as error:
        raise ValueError(str(error)) from None
    return str(path)


def _path(text: str) -> Path:
    """Return a whole path; one that was dragged into the terminal has its spaces escaped."""
    typed = plain(text) if os.name == "nt" else plain(text).replace("\\ ", " ")
    return Path(typed).expanduser().absolute()


def _downloaded() -> str:
    """Return the newest client file where browsers put it, "" where there is none."""
    found = (Path.home() / "Downloads").glob("client_secret*.json")
    return str(max(found, key=lambda path: path.stat().st_mtime, default=""))
