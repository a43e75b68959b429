"""What went wrong with an IMAP server → words for the user: what failed, where, what to do."""

import re
import socket
import ssl

from inboxbot.errors import LoginRefused, MailboxError

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


def login(place: str, auth: str, text: str) -> MailboxError:
    """Return the error for a refused login: the password's fault, or only the moment's."""
    said = f"{place} refused the login: {shown(text)}"
    if code_of(text) in _PASSING or "too many" in text.lower():
        # Gmail says "[ALERT] Too many simultaneous connections" here.
        return MailboxError(f"{said} (the server is busy or ill: wait for the next poll)")
    if auth == "xoauth2":
        return LoginRefused(f"{said} (the permission has ended: run inboxbot setup to renew it)")
    return LoginRefused(
        f"{said} (check user and password; a provider with two-step log-in wants "
        "an app password of its own, or IMAP to be switched on in its settings)"
    )


def unreachable(place: str, err: OSError) -> MailboxError:
    """Return the error for a connection that did not come to be."""
    why = _why_no_tls(err) if isinstance(err, ssl.SSLError) else _why_no_connection(err)
    return MailboxError(f"{place} cannot be reached: {why}")


def _why_no_tls(err: ssl.SSLError) -> str:
    if isinstance(err, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(err.verify_code, _UNKNOWN_ISSUER)
    if err.reason in _NOT_TLS:
        return 'it does not speak TLS on this port: check port, or set tls = "starttls"'
    return f"no TLS 1.2 or newer with it ({shown(err.reason or str(err))}): it must be renewed"


def _why_no_connection(err: OSError) -> str:
    match err:
        case socket.gaierror():
            return "its name is not known: check host, and the network"
        case ConnectionRefusedError():
            return "nothing listens there: check port, and whether the server runs"
        case TimeoutError():
            return "it does not answer: check the network, host and port"
        case _:
            return f"{err.strerror or type(err).__name__}: check the network"
