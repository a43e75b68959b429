"""Every way to fail, a class a cause; each message names what failed and what to do."""

from pathlib import Path


class InboxbotError(Exception):
    """A failure that the user can read; `exit_status` is what the command ends with."""

    exit_status = 1
    waits_for = (
        ""  # what only the user can do; the daemon says it once, and looks whether it is done
    )


class SettingsError(InboxbotError):
    """The settings cannot be used; holds every problem at once."""

    exit_status = 2

    def __init__(self, path: Path, problems: tuple[str, ...]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))


class NotWritten(InboxbotError):
    """A file or folder could not be made or written; what was there is as it was."""


class MailboxBusy(InboxbotError):
    """Another instance holds the mailbox."""

    exit_status = 75  # EX_TEMPFAIL of sysexits.h

    def __init__(self, account: str) -> None:
        super().__init__(
            f"account {account}: another inboxbot holds this mailbox; "
            "stop it (inboxbot status shows it) or wait until it is done"
        )


class MailboxError(InboxbotError):
    """A mailbox could not be opened, read or written; the next poll tries again."""


class Unreachable(MailboxError):
    """There is no connection: no such host, nothing listens there, or nobody answers."""


class NotSecure(MailboxError):
    """There is a connection, but none that only the right server can read."""


class LoginRefused(MailboxError):
    """The server does not take the user name or the password."""


class FolderMissing(MailboxError):
    """A folder that is needed does not exist."""

    def __init__(self, folder: str, advice: str) -> None:
        self.folder = folder
        super().__init__(f"folder {folder!r} is missing: {advice}")


class SecretMissing(InboxbotError):
    """A password, or a permission that stands in its place, could not be had."""


class KeyringLocked(SecretMissing):
    """The keyring is there, but locked."""

    waits_for = "keyring"

    def __init__(self) -> None:
        super().__init__(
            "the keyring is locked; unlock it (log in to the desktop, or open its password "
            "manager), then inboxbot goes on"
        )


class SecretNotKept(InboxbotError):
    """A password or a permission could not be stored."""


class AuthorisationRefused(InboxbotError):
    """No permission came of it: denied, answered by somebody else, or for another account."""


class TokenDead(InboxbotError):
    """A permission has ended, and only the user can give it anew."""

    waits_for = "renewal"

    def __init__(self, account: str, why: str) -> None:
        self.why = why
        super().__init__(f"account {account}: {why}; run: inboxbot setup --renew {account}")


class SetupStopped(InboxbotError):
    """The user ended `setup` before anything was written, or nobody was there to correct it."""


class PrivacyError(InboxbotError):
    """A private file or folder is open to others, is a link, or belongs to somebody else."""


class ModelError(InboxbotError):
    """The model is missing, damaged or not of this version."""


class TemplateError(InboxbotError):
    """A draft or summary template cannot be used; the message names file and line."""

    exit_status = 2


class ProviderError(InboxbotError):
    """The table of mail providers cannot be used; the message names file and key."""


class JournalError(InboxbotError):
    """The journal cannot be opened or written."""


class JournalTooNew(JournalError):
    """A newer program wrote this journal."""


class ServiceError(InboxbotError):
    """The system's service manager cannot start inboxbot at login, or cannot be reached."""


class InputError(InboxbotError):
    """A path, date or option that the user gave cannot be used."""

    exit_status = 2
