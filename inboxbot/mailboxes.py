"""An account of the settings → its mailbox, open, or a watch on its inbox: each kind is one way."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from inboxbot.clock import wall_clock
from inboxbot.credentials import Secrets
from inboxbot.ports import Mailbox, MailWatcher
from inboxbot.settings import Account

if TYPE_CHECKING:
    from inboxbot.mailbox.gmail import GmailAccount
    from inboxbot.mailbox.imap_account import ImapAccount


def open_mailbox(
    account: Account,
    clock: Callable[[], datetime] = wall_clock,
    secrets: Secrets | None = None,
) -> contextlib.AbstractContextManager[Mailbox]:
    """Open an account's mailbox; `secrets` knows the tokens of earlier times."""
    secrets = secrets or Secrets()
    if account.kind == "maildir":
        from inboxbot.mailbox.maildir import open_maildir  # noqa: PLC0415  (one kind is enough)

        if account.path is None:
            raise ValueError(account.id)
        return open_maildir(
            account.path, drafts=account.drafts, sent=account.sent, trash=account.trash, now=clock
        )
    if account.kind == "gmail":
        from inboxbot.mailbox.gmail import open_gmail  # noqa: PLC0415

        return open_gmail(_gmail(account, secrets), now=clock)
    from inboxbot.mailbox.imap import open_imap  # noqa: PLC0415

    return open_imap(_imap(account, secrets))


def open_watcher(
    account: Account, secrets: Secrets | None = None
) -> contextlib.AbstractContextManager[MailWatcher]:
    """Open a watch on an account's inbox."""
    secrets = secrets or Secrets()
    if account.kind == "maildir":
        from inboxbot.mailbox.maildir import watch_maildir  # noqa: PLC0415

        if account.path is None:
            raise ValueError(account.id)
        return watch_maildir(account.path)
    if account.kind == "gmail":
        from inboxbot.mailbox.gmail import watch_gmail  # noqa: PLC0415

        return watch_gmail(_gmail(account, secrets))
    from inboxbot.mailbox.imap import watch_imap  # noqa: PLC0415

    return watch_imap(_imap(account, secrets))


def _gmail(account: Account, secrets: Secrets) -> "GmailAccount":
    from inboxbot.mailbox.gmail_account import GOOGLE, GmailAccount  # noqa: PLC0415

    fetch = secrets.renewing(account)
    return GmailAccount(
        address=account.address,
        aliases=account.aliases,
        name=account.id,
        ca_file=account.ca_file,
        token=lambda: fetch().reveal(),
        endpoint=account.api_endpoint or GOOGLE,
    )


def _imap(account: Account, secrets: Secrets) -> "ImapAccount":
    from inboxbot.mailbox.imap_account import ImapAccount  # noqa: PLC0415

    fetch = secrets.of(account)
    return ImapAccount(
        host=account.host or "",
        port=account.server_port,
        user=account.login,
        name=account.id,
        auth="xoauth2" if account.oauth else account.auth,
        tls=account.tls,
        ca_file=account.ca_file,
        drafts=account.drafts,
        sent=account.sent,
        trash=account.trash,
        password=lambda: fetch().reveal(),
    )
