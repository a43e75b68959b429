"""What went wrong with an IMAP server → words for the user: what failed, where, what to do."""

import re
import socket
import ssl

from inboxbot.errors import LoginRefused, MailboxError, NotSecure, Unreachable
from inboxbot.mailbox.imap_account import ImapAccount

_SHOWN_CHARACTERS = 200
_UNPRINTABLE = re.compile(
    r"[^\x20-\x7e\xa1-\U0010ffff]|[\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
_CODE = re.compile(r"\[([A-Za-z0-9-]+)[^\]]*\]")

# X509_V_ERR_* of OpenSSL, as SSLCertVerificationError.verify_code gives them.
_CERTIFICATE = {
    9: "its certificate is not valid yet: check the clock of this machine",
    10: "its certificate has expired: check the clock of this machine, else tell the provider",
    18: "its certificate is self-signed: if the server is yours, set ca_file to its certificate",
    62: "its certificate is for another host: check host against the provider's instructions",
    64: "its certificate is for another host: check host against the provider's instructions",
}
_UNKNOWN_ISSUER = (
    "nobody that this machine trusts has signed its certificate: "
    "if the server or its CA is yours, set ca_file to the certificate of the CA"
)

_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"})

# Response codes of RFC 3501 §7.1, RFC 5530 and RFC 9208.
_REFUSAL = {
    "ALREADYEXISTS": "it exists already",
    "AUTHENTICATIONFAILED": "check user and password",
    "AUTHORIZATIONFAILED": "the user may not open this mailbox: check user",
    "CANNOT": "the server cannot do this, now or ever",
    "CONTACTADMIN": "the provider has to act: ask them",
    "EXPIRED": "the password has expired: set a new one with the provider",
    "INUSE": "another program holds the mailbox: close it, or wait for the next poll",
    "LIMIT": "a limit of the provider is reached: wait for the next poll",
    "NONEXISTENT": "the folder does not exist: check its name in the mail client",
    "NOPERM": "the user has no right to do this: ask whoever runs the server",
    "OVERQUOTA": "the mailbox is full: make room in it, then the next poll goes on",
    "PRIVACYREQUIRED": 'the server wants TLS first: set tls = "implicit" or "starttls"',
    "READ-ONLY": "the folder is read-only: name one that can be written in the settings",
    "SERVERBUG": "the server failed by itself: wait for the next poll",
    "TRYCREATE": "the folder does not exist: create it in the mail client",
    "UNAVAILABLE": "a part of the server is down: wait for the next poll",
}
_PASSING = frozenset({"INUSE", "LIMIT", "SERVERBUG", "UNAVAILABLE", "CONTACTADMIN"})
"""Codes of a login that say nothing against the password."""

_FINAL = frozenset({"EXPIRED", "AUTHORIZATIONFAILED", "PRIVACYREQUIRED"})
"""Codes of a login that no other password mends."""

# Nor where the server says it in words: Gmail's of mutt-wizard#831, S22.Imap#116, php-imap#87.
_IN_WORDS = {
    r"application-specific|\bapp[ -]password": (
        "it wants an app password: make one in the security settings of your account, and keep "
        "that one here"
    ),
    r"web browser|web login": "log in once in a browser, where the provider asks whether it is you",
    r"\baccount\b.*\b(?:disabled|suspended|deactivated|locked|blocked)": (
        "the provider has stopped this account: log in in a browser to see why"
    ),
}
_OTHERWISE = (
    "check user and password; a provider with two-step log-in wants an app password of its own, "
    "or IMAP to be switched on in its settings"
)

NOT_ABOUT_EXISTENCE = _PASSING | {"NOPERM", "AUTHORIZATIONFAILED", "PRIVACYREQUIRED", "READ-ONLY"}
"""Codes of a folder that could not be opened though it may well be there."""


def shown(text: str) -> str:
    """Return what a server said as one short printable line."""
    return _UNPRINTABLE.sub(" ", text)[:_SHOWN_CHARACTERS].strip()


def code_of(text: str) -> str:
    """Return the response code, such as OVERQUOTA, that a server's words carry, or ""."""
    found = _CODE.search(text)
    return found[1].upper() if found else ""


def refusal(place: str, action: str, text: str) -> str:
    """Return why a command was refused, and what the response code says to do."""
    advice = _REFUSAL.get(code_of(text))
    said = f"{place} refused to {action}: {shown(text)}"
    return f"{said} ({advice})" if advice else said


def login(account: ImapAccount, text: str) -> MailboxError:
    """Return the error for a refused login: the password's fault, or only the moment's."""
    said = f"{account.place} refused the login: {shown(text)}"
    if code_of(text) in _PASSING or "too many" in text.lower():
        # Gmail says "[ALERT] Too many simultaneous connections" here.
        return MailboxError(f"{said} (the server is busy or ill: wait for the next poll)")
    if account.auth == "xoauth2":
        renew = f"run: inboxbot setup --renew {account.name}"
        return LoginRefused(
            f"{said} (the permission has ended, or is for another account: {renew})"
        )
    return LoginRefused(f"{said} ({_why_no_login(text)})")


def unreachable(place: str, err: OSError, seconds: float) -> Unreachable | NotSecure:
    """Return the error for a connection that did not come to be in so many seconds."""
    if isinstance(err, ssl.SSLError):
        return NotSecure(f"no safe connection to {place}: {_why_no_tls(err)}")
    return Unreachable(f"{place} cannot be reached: {_why_no_connection(err, seconds)}")


def _why_no_login(text: str) -> str:
    code = code_of(text)
    if code in _FINAL:
        return _REFUSAL[code]
    known = (advice for words, advice in _IN_WORDS.items() if re.search(words, text, re.IGNORECASE))
    return next(known, _OTHERWISE)


def _why_no_tls(err: ssl.SSLError) -> str:
    if isinstance(err, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(err.verify_code, _UNKNOWN_ISSUER)
    if err.reason in _NOT_TLS:
        return 'it does not speak TLS on this port: check port, or set tls = "starttls"'
    return f"no TLS 1.2 or newer with it ({shown(err.reason or str(err))}): it must be renewed"


def _why_no_connection(err: OSError, seconds: float) -> str:
    match err:
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return "names cannot be looked up now; check the network"
        case socket.gaierror():
            return "there is no such host; check how host is spelt, and the network"
        case ConnectionRefusedError():
            return "nothing listens there; check port, and whether the server runs"
        case TimeoutError():
            return f"no answer in {seconds:.0f} s; check the network, host and port"
        case _:
            return f"{err.strerror or type(err).__name__}; check the network"
