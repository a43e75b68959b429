"""The composition root: settings + places → one account's context, ready to poll.

`mailboxes` knows the ways into each kind; nothing here decides.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import tzlocal

from inboxbot.classify.thresholds import read_digest, read_thresholds
from inboxbot.clock import wall_clock
from inboxbot.core.contact import Owner
from inboxbot.core.policy import Thresholds
from inboxbot.credentials import Secrets
from inboxbot.daemon.context import Context
from inboxbot.daemon.evening import deliver_around_talks
from inboxbot.daemon.farewell import deliver_farewell
from inboxbot.daemon.health import remember
from inboxbot.daemon.learn import personal_of
from inboxbot.daemon.poll import poll
from inboxbot.daemon.read import Report
from inboxbot.daemon.schedule import Job, run_forever
from inboxbot.daemon.weekly import deliver_if_due
from inboxbot.errors import InboxbotError, JournalError, LoginRefused
from inboxbot.journal.store import Journal
from inboxbot.keychain import NO_DIALOG
from inboxbot.lock import sole_instance
from inboxbot.mailboxes import open_mailbox, open_watcher
from inboxbot.ports import MailWatcher
from inboxbot.reader import Reader
from inboxbot.resources import MODELS
from inboxbot.senders import load_senders
from inboxbot.settings import Account, Places, Settings, load, places
from inboxbot.templates import load_templates

FIRST_LOOK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What the commands share: settings, places and a clock."""

    settings: Settings
    places: Places
    clock: Callable[[], datetime] = wall_clock
    model: Path = field(default=MODELS / "rejection.model")
    secrets: Secrets = field(default_factory=Secrets)

    @property
    def zone(self) -> tzinfo:
        """Return the user's time zone: the setting, else the machine's."""
        return self.settings.timezone or tzlocal.get_localzone()

    def thresholds(self) -> Thresholds:
        """Return the settings' thresholds, where they are set, else the model's own."""
        policy = self.settings.policy
        own = read_thresholds(self.model)
        return own.overridden(draft=policy.draft_threshold, review=policy.review_threshold)

    def journal(self) -> Journal:
        """Open the journal."""
        return Journal.open(self.places.journal)

    def known_journal(self) -> Journal:
        """Open the journal to show it. Raise `JournalError` where there is none yet."""
        if not self.places.journal.exists():
            raise JournalError(
                f"{self.places.journal}: no journal yet; run: inboxbot poll (or inboxbot demo)"
            )
        return self.journal()

    def owner(self, account: Account) -> Owner:
        """Return whose mailbox an account is."""
        return Owner(
            address=account.address,
            name=account.name,
            addresses=account.addresses,
            trusted_server=account.authserv_id,
        )


def open_app(config: Path | None = None, now: datetime | None = None) -> App:
    """Read the settings and return the app; `now` fixes its clock."""
    found = places(config)
    clock = wall_clock if now is None else lambda: now
    return App(settings=load(found.config), places=found, clock=clock)


@contextlib.contextmanager
def account_context(app: App, account: Account, **options: Any) -> Iterator[Context]:
    """Lock an account and open its context. Raise `MailboxBusy`, and what `open_context` raises."""
    with (
        sole_instance(app.places.locks, account.id),
        open_context(app, account, **options) as found,
    ):
        yield found


@contextlib.contextmanager
def open_context(
    app: App,
    account: Account,
    *,
    since: timedelta = FIRST_LOOK,
    dry_run: bool = False,
    **seams: Any,
) -> Iterator[Context]:
    """Open all that a poll of a locked account needs, and close it again.

    `seams` are the context's `seam`, `progress` and `sleep`. With `dry_run` the journal is a copy
    in memory. Raise `MailboxError`, `JournalError`, `ModelError` or `TemplateError`.
    """
    with contextlib.ExitStack() as stack:
        thresholds = app.thresholds()
        templates = load_templates(app.places.templates)
        journal = stack.enter_context(app.journal())
        if dry_run:
            journal = stack.enter_context(journal.copy())
        model, reader = read_digest(app.model), stack.enter_context(Reader())
        reader.use(personal_of(journal, account.id, model))
        yield Context(
            account=account.id,
            owner=app.owner(account),
            folders=account.folders,
            policy=app.settings.policy,
            thresholds=thresholds,
            senders=load_senders(),
            templates=templates,
            signature=app.settings.profile.signature,
            summary=app.settings.summary,
            zone=app.zone,
            clock=app.clock,
            since=app.clock() - since,
            mailbox=stack.enter_context(open_mailbox(account, app.clock, app.secrets)),
            journal=journal,
            hold=journal.hold(account.id, app.clock()),
            reader=reader,
            model=model,
            level=app.settings.profile.level,
            corrections=account.corrections,
            **seams,
        )


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of an account did, and the week whose summary it delivered."""

    report: Report
    week: str | None = None


def poll_once(
    app: App, account: Account, *, deliver_summary: bool = True, **options: Any
) -> Polled:
    """Poll a locked account, deliver its summary where it is due, and remember how it went."""
    dry_run = bool(options.get("dry_run"))
    try:
        with open_context(app, account, **options) as context:
            report = poll(context, dry_run=dry_run)
            week = _mail_to_owner(context) if deliver_summary and not dry_run else None
    except Exception as error:
        if isinstance(error, LoginRefused):
            app.secrets.doubt(account)
        if not dry_run:
            _remember(app, account, _trouble(error))
        raise
    if not dry_run:
        _remember(app, account, None)
    return Polled(report, week)


def _trouble(error: Exception) -> str:
    """Return what `status` says of a failure; of a fault of ours no words, for they may be mail."""
    if isinstance(error, InboxbotError):
        return str(error)
    return f"a fault of inboxbot's own ({type(error).__name__}); its log says where"


def _mail_to_owner(context: Context) -> str | None:
    """Deliver what is due to the owner, and return the week of the summary that was."""
    week = deliver_if_due(context)
    deliver_around_talks(context)
    deliver_farewell(context)
    return week


def _remember(app: App, account: Account, trouble: str | None) -> None:
    """Keep an account's trouble for `status`, as far as the journal can be written at all."""
    with contextlib.suppress(InboxbotError), app.journal() as journal:
        remember(journal, account.id, trouble, app.clock())


def run(app: App) -> None:
    """Run the daemon over all accounts. Raise `MailboxBusy` where another one holds a mailbox."""
    # Nobody may sit before the daemon: no dialog.
    app = replace(app, secrets=Secrets(dialog_seconds=NO_DIALOG))
    accounts = app.settings.accounts.values()
    with contextlib.ExitStack() as locks:
        for account in accounts:
            locks.enter_context(sole_instance(app.places.locks, account.id))
        run_forever([job_of(app, account) for account in accounts], app.settings.poll_every)


def job_of(app: App, account: Account) -> Job:
    """Return what the daemon does for an account whose lock it holds."""

    def poll_now(seam: Callable[[str], None]) -> None:
        poll_once(app, account, seam=seam)

    def watch() -> contextlib.AbstractContextManager[MailWatcher]:
        return open_watcher(account, app.secrets)

    return Job(account=account.id, poll=poll_now, watch=watch)
