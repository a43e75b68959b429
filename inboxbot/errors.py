"""Every way to fail, a class a cause; each message names what failed and what to do."""

from pathlib import Path


class InboxbotError(Exception):
    """A failure that the user can read; `exit_status` is what the command ends with."""

    exit_status = 1


class SettingsError(InboxbotError):
    """The settings cannot be used; holds every problem at once."""

    exit_status = 2

    def __init__(self, path: Path, problems: tuple[str, ...]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))


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


class LoginRefused(MailboxError):
    """The server does not take the user name or the password."""


class FolderMissing(MailboxError):
    """A folder that is needed does not exist."""

    def __init__(self, folder: str, advice: str) -> None:
        self.folder = folder
        super().__init__(f"folder {folder!r} is missing: {advice}")


class SecretMissing(InboxbotError):
    """A password could not be had."""


class PrivacyError(InboxbotError):
    """A private file or folder is open to others, is a link, or belongs to somebody else."""


class ModelError(InboxbotError):
    """The model is missing, damaged or not of this version."""


class TemplateError(InboxbotError):
    """A draft or summary template cannot be used; the message names file and line."""


class JournalError(InboxbotError):
    """The journal cannot be opened or written."""


class JournalTooNew(JournalError):
    """A newer program wrote this journal."""


class InputError(InboxbotError):
    """A path, date or option that the user gave cannot be used."""

    exit_status = 2
