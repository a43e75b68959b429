"""Answers ⇄ `[accounts.NAME]` of the settings."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from inboxbot.providers import Provider, Way, load_providers, provider_of
from inboxbot.settings import AUTHORITY, CREDENTIAL, Account, Places, read_value
from inboxbot.setup.answers import BY_SYSTEMD, FILE, KEYRING, MAILDIR, NOT_LISTED, SERVER, Answers

PERMISSIONS = frozenset({Way.GOOGLE_IMAP, Way.GOOGLE_API, Way.MICROSOFT})
"""The ways in on which a permission stands in a password's place."""
STANDARD_PORTS = {"implicit": 993, "starttls": 143, "none": 143}


def values_of(answers: Answers, provider: Provider | None, found: Places) -> dict[str, object]:
    """Return the keys of the account in the order in which they are written; no defaults."""
    values = {
        **_mailbox(answers, provider),
        "address": answers.address,
        "name": answers.name,
        "aliases": list(answers.aliases or ()),
        "folders": [] if answers.folders == ("INBOX",) else list(answers.folders or ()),
        "drafts": answers.drafts,
        "sent": answers.sent,
        "trash": answers.trash,
        "authserv_id": answers.authserv_id or (provider.authserv_id if provider else ""),
        "corrections": answers.corrections,
        **_secret(answers, found),
    }
    return {key: value for key, value in values.items() if value}


def account_of(answers: Answers, provider: Provider | None, found: Places) -> Account:
    """Return the account as it would be read from the settings. Raise `ValueError`."""
    values = values_of(answers, provider, found)
    read: dict[str, Any] = {key: read_value(key, value) for key, value in values.items()}
    return Account(id=answers.account or "", **read)


def provider_for(account: Account) -> Provider | None:
    """Return who runs the mailbox of an account: by its address, else by its way in."""
    providers = load_providers()
    known = provider_of(account.address, providers)
    others = (one for one in providers if serves_others(one) and _way(account, one) in one.ways)
    return known or next(others, None)


def serves_others(provider: Provider) -> bool:
    """Tell whether its customers have domains of their own, so that no address leads to it."""
    return all(domain.startswith("*.") for domain in provider.domains)


def answers_of(account: Account, provider: Provider | None, found: Places) -> Answers:
    """Return the answers that an account of the settings stands for."""
    alike = {one.name for one in fields(Answers)} & {one.name for one in fields(Account)}
    same = {name: _as_typed(getattr(account, name)) for name in alike - {"user", "password_file"}}
    return Answers(
        account=account.id,
        existing=True,
        provider=provider.id if provider else NOT_LISTED,
        way=_way(account, provider),
        user=account.login,
        **same,
        **_kept(account, found),
    )


def _as_typed(value: Any) -> Any:
    """Return a value of the settings as a flag would give it: text."""
    return str(value) if isinstance(value, Path) or type(value) is int else value


def _mailbox(answers: Answers, provider: Provider | None) -> dict[str, object]:
    """Return how the mailbox is reached."""
    match answers.way:
        case "maildir":
            return {"kind": "maildir", "path": answers.path}
        case Way.GOOGLE_API:
            keys = ("client_file", "ca_file", "api_endpoint")
            return {"kind": "gmail", **{key: getattr(answers, key) for key in keys}}
        case way:
            return {"kind": "imap", **_server(answers, provider), **_client(answers, str(way))}


def _server(answers: Answers, provider: Provider | None) -> dict[str, object]:
    tls = answers.tls or (provider.tls if provider else "implicit")
    port = int(answers.port or (provider.port if provider else 0))
    address = answers.address or ""
    user = answers.user or (provider.user_of(address) if provider else address)
    return {
        "host": answers.host or (provider.host if provider else ""),
        "port": 0 if port == STANDARD_PORTS[tls] else port,
        "tls": "" if tls == "implicit" else tls,
        "user": "" if user == address else user,
        "ca_file": answers.ca_file,
    }


def _client(answers: Answers, way: str) -> dict[str, object]:
    match way:
        case Way.GOOGLE_IMAP:
            return {"oauth": "google", "client_file": answers.client_file}
        case Way.MICROSOFT:
            authority = "" if answers.authority == AUTHORITY else answers.authority
            return {"oauth": "microsoft", "client_id": answers.client_id, "authority": authority}
        case _:
            return {}


def _secret(answers: Answers, found: Places) -> dict[str, object]:
    """Return where the secret lies, where that is not the keyring."""
    if answers.way == MAILDIR:
        return {}
    by_permission = answers.way in PERMISSIONS
    if not by_permission and answers.password_command:
        return {"password_command": list(answers.password_command)}
    if not by_permission and answers.password_file:
        return {"password_file": answers.password_file}
    key = "token_file" if by_permission else "password_file"
    match answers.keep:
        case "file":
            return {key: answers.secret_file or str(found.state / f"{answers.account}.secret")}
        case "systemd":
            return {key: answers.secret_file or f"{CREDENTIAL}{answers.account}"}
        case _:
            return {}


def _way(account: Account, provider: Provider | None) -> str:
    if account.kind == "maildir":
        return MAILDIR
    if account.kind == "gmail":
        return Way.GOOGLE_API
    if account.oauth:
        return Way.GOOGLE_IMAP if account.oauth == "google" else Way.MICROSOFT
    own = provider.ways if provider and provider.host == account.host else ()
    return next((way for way in own if way not in PERMISSIONS), SERVER)


def _kept(account: Account, found: Places) -> dict[str, Any]:
    """Return where the secret of an account lies."""
    file = account.token_file if account.provider else account.password_file
    if file is None:
        return {"keep": KEYRING}
    if str(file).startswith(CREDENTIAL):
        return {"keep": BY_SYSTEMD, "secret_file": str(file)}
    if account.provider or file.parent in {found.config.parent, found.state}:
        return {"keep": FILE, "secret_file": str(file)}
    return {"password_file": str(file)}
