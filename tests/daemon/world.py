"""A mailbox in memory, a journal on disk, a reader in this process: one account's small world."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from inboxbot.classify.model import Model
from inboxbot.classify.personal import Kept, fit
from inboxbot.classify.shift import Shift
from inboxbot.classify.thresholds import read_digest, read_thresholds
from inboxbot.core.contact import Owner
from inboxbot.core.correction import Lessons, Personal
from inboxbot.core.policy import Policy
from inboxbot.core.types import RawMail, Reading, Unreadable
from inboxbot.daemon.context import Context
from inboxbot.daemon.learn import personal_of
from inboxbot.daemon.poll import poll
from inboxbot.daemon.read import Report
from inboxbot.journal.store import Hold, Journal
from inboxbot.mailbox.memory import MemoryMailbox
from inboxbot.ports import Mailbox
from inboxbot.reader.worker import read_mail
from inboxbot.resources import MODELS
from inboxbot.senders import load_senders
from inboxbot.settings import SummarySettings
from inboxbot.templates import load_templates
from tests.make import NOW

ME = "mara@home.example"
MODEL = MODELS / "rejection.model"


@cache
def model() -> Model:
    return Model.load(MODEL)


@cache
def kept() -> Kept:
    return Kept.load(model())


class ReaderHere:
    """Reads and learns as the child process does, in this one."""

    _shift: Shift | None = None

    def __init__(self, personal: Personal | None = None) -> None:
        self.use(personal)

    def use(self, personal: Personal | None) -> None:
        self._shift = model().shift(personal) if personal else None

    def read(self, mails: Sequence[RawMail]) -> Iterator[Reading | Unreadable]:
        for mail in mails:
            yield read_mail(mail, model(), load_senders(), self._shift)

    def learn(self, lessons: Lessons) -> Personal | None:
        return fit(model(), lessons, kept())


class Crash(BaseException):
    """The process dies here."""


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """What outlives a process: the mailbox, the journal's file, the time."""

    folder: Path
    mailbox: MemoryMailbox
    clock: Clock = field(default_factory=Clock)
    policy: Policy = field(default_factory=Policy)
    address: str = ME
    corrections: bool = False

    @contextlib.contextmanager
    def opened(self, seam: Callable[[str], None] | None = None) -> Iterator[Context]:
        """Start a process: everything but the mailbox and the file is new."""
        with SeamedJournal.open(self.folder / "journal.sqlite3") as journal:
            mailbox: Mailbox = self.mailbox
            if seam is not None:
                journal.seam = seam
                mailbox = SeamedMailbox(self.mailbox, seam)
            yield self._context(journal, mailbox, seam or (lambda _: None))

    def _context(self, journal: Journal, mailbox: Mailbox, seam: Callable[[str], None]) -> Context:
        return Context(
            account="home", owner=Owner(address=self.address, name="Mara Lind",
            addresses=frozenset({self.address})), folders=("INBOX",), policy=self.policy,
            thresholds=read_thresholds(MODEL), senders=load_senders(), templates=load_templates(),
            signature="", summary=SummarySettings(), zone=UTC, clock=self.clock,
            since=self.clock() - timedelta(days=30), mailbox=mailbox, journal=journal,
            hold=journal.hold("home", self.clock()), seam=seam,
            reader=ReaderHere(personal_of(journal, "home", read_digest(MODEL))),
            model=read_digest(MODEL),
            sleep=lambda _: None, corrections=self.corrections,
        )  # fmt: skip

    def poll(self, seam: Callable[[str], None] | None = None) -> Report:
        with self.opened(seam) as context:
            return poll(context)

    def events(self) -> list[str]:
        with Journal.open(self.folder / "journal.sqlite3") as journal:
            return [str(event.kind) for event in journal.events()]

    def payloads(self, kind: str) -> list[dict]:
        with Journal.open(self.folder / "journal.sqlite3") as journal:
            return [dict(event.payload) for event in journal.events() if event.kind == kind]


class SeamedJournal(Journal):
    """A journal that can be interrupted before and after each commit."""

    seam: Callable[[str], None] = staticmethod(lambda _: None)

    @contextlib.contextmanager
    def _transaction(self, hold: Hold | None = None) -> Iterator:
        self.seam("before commit")
        with super()._transaction(hold) as database:
            yield database
        self.seam("after commit")


class SeamedMailbox:
    """A mailbox that can be interrupted before and after each request."""

    def __init__(self, mailbox: MemoryMailbox, seam: Callable[[str], None]) -> None:
        self._mailbox, self._seam = mailbox, seam

    def __getattr__(self, name: str):
        method = getattr(self._mailbox, name)

        def call(*args, **kwargs):
            self._seam(f"before {name}")
            answer = method(*args, **kwargs)
            self._seam(f"after {name}")
            return answer

        return call


def letter(
    sender: str, subject: str, text: str, *, when: datetime | None = None,
    message_id: str = "", **headers: str,
) -> bytes:  # fmt: skip
    """Return a mail's bytes; without a Date it came when the mailbox says."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = headers.pop("to", ME)
    mail["Subject"] = subject
    if when is not None:
        mail["Date"] = format_datetime(when)
    mail["Message-ID"] = f"<{message_id or abs(hash((sender, subject)))}@post.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


REJECTION = """Dear Mara,

Thank you for taking the time to apply for the Product Designer role at Harbour Maps.
After careful consideration we have decided to move forward with other candidates whose
experience is a closer match, so we will not be taking your application any further.

We wish you all the best in your search.

Kind regards,
Jo Park
Recruiting, Harbour Maps
"""

RECEIPT = """Dear customer,

Thank you for your order. Unfortunately the delivery is delayed by two days.
We are sorry for the inconvenience.
"""


def new_world(tmp_path: Path, **changes) -> World:
    """Return a world with two rejections from people and an ordinary mail."""
    clock = Clock()
    world = World(tmp_path / "state", MemoryMailbox(now=clock), clock)
    world.mailbox.add(
        "INBOX",
        letter("Jo Park <jo@harbourmaps.example>", "Your application", REJECTION, message_id="r1"),
        received=NOW - timedelta(hours=3),
    )
    world.mailbox.add(
        "INBOX", letter("Shop <orders@shop.example>", "Your order", RECEIPT, message_id="o1"),
        received=NOW - timedelta(hours=2),
    )  # fmt: skip
    second = REJECTION.replace("Harbour Maps", "Brightwell Labs").replace("Jo Park", "Ann Bell")
    world.mailbox.add(
        "INBOX",
        letter("Ann Bell <ann@brightwell.example>", "Product Designer", second, message_id="r2"),
        received=NOW - timedelta(hours=1),
    )
    return replace(world, **changes)
