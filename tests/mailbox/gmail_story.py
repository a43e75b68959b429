"""Three days of a job search at Gmail, poll by poll, whatever goes wrong at the other end.

day 1  two noes have come                                → two drafts
day 2  the first draft is sent, a third no comes         → one more draft
day 3  the first employer answers; the user writes to the second one himself → one withdrawn
day 4  Friday: nothing happens                           → the summary
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError
from google_auth_httplib2 import Request as TokenRequest

from inboxbot.daemon.context import Context
from inboxbot.daemon.poll import poll
from inboxbot.daemon.weekly import deliver_if_due
from inboxbot.errors import InboxbotError, MailboxError, TokenDead
from inboxbot.journal.store import Journal
from inboxbot.mailbox.gmail import GmailAccount, open_gmail
from inboxbot.mailbox.memory import MemoryMailbox
from tests.daemon.world import (
    ME,
    RECEIPT,
    REJECTION,
    SeamedJournal,
    SeamedMailbox,
    World,
    letter,
)
from tests.mailbox.gmail_session import QUICK, Clock
from tests.make import NOW
from tests.servers.gmail.quota import UNITS_SINCE_MAY_2026
from tests.servers.gmail.stand_in import GmailStandIn

JO, ANN, LEE = "jo@harbourmaps.example", "ann@brightwell.example", "lee@tidewater.example"
_MONDAY = NOW - timedelta(days=3)  # NOW is a Friday
_ATTEMPTS = 30


@dataclass(frozen=True)
class Ending:
    """What the story ends with; two runs that end alike have lost and doubled nothing."""

    letters: Counter[tuple[str, str]]  # (whom it is to, where it lies)
    summaries: int
    events: Counter[str]
    waiting: int  # mails that are not decided about


@dataclass
class Story:
    """One run of it."""

    gmail: GmailStandIn
    world: "GmailWorld"
    between: dict[int, Callable[[], object]] = field(default_factory=dict)  # before a day's poll
    failures: list[InboxbotError] = field(default_factory=list)

    def begin(self) -> None:
        """Let the first day's mail come."""
        self._day_1()

    def play(self) -> Ending:
        """Play it to its end."""
        for day, deed in enumerate((self._day_1, self._day_2, self._day_3, lambda: None), 1):
            deed()
            self.between.get(day, lambda: None)()
            self.poll_until_done()
            self.world.clock.pass_(days=1)
        self.poll_until_done()
        return self._ending()

    def poll_until_done(self) -> None:
        """Poll every ten minutes, as the daemon does, until one poll has gone through."""
        for _ in range(_ATTEMPTS):
            try:
                self.world.poll_and_deliver()
            except InboxbotError as error:
                self.failures.append(error)
                self.world.clock.pass_(minutes=10)
            else:
                return
        raise self.failures[-1]

    # -- what other people do ----------------------------------------------------------------

    def _day_1(self) -> None:
        clock = self.world.clock
        clock.now = _MONDAY - timedelta(hours=3)
        for raw in (
            _no(JO, "Jo Park", "Harbour Maps"),
            _order(),
            _no(ANN, "Ann Bell", "Brightwell"),
        ):
            self.gmail.as_user.receive(raw)
            clock.pass_(hours=1)

    def _day_2(self) -> None:
        self.gmail.as_user.send_draft(self.draft_to(JO))
        self.gmail.as_user.receive(_no(LEE, "Lee Wong", "Tidewater Boats"))
        self.world.clock.pass_(minutes=20)

    def _day_3(self) -> None:
        sent = next(
            one for one in self.gmail.box.messages.values() if _to(one.mail.raw) == JO and not
            {"DRAFT", "INBOX"} & set(one.labels)
        )  # fmt: skip
        words = "More metrics in your case study would help.\n"
        answer = letter(
            f"Jo Park <{JO}>", "Re: Your application", words, when=self.world.clock(),
            message_id="answer", In_Reply_To=sent.mail.message_id, References=sent.mail.message_id,
        )  # fmt: skip
        self.gmail.as_user.receive(answer)
        own = letter(
            f"Mara Lind <{ME}>", "Re: Your application", "Thank you, Ann!", to=ANN,
            when=self.world.clock(), message_id="own", In_Reply_To="<ann@post.example>",
        )  # fmt: skip
        self.gmail.as_user.send(own)
        self.world.clock.pass_(minutes=20)

    def draft_to(self, address: str) -> str:
        """Return the id of the one draft to somebody."""
        box = self.gmail.box
        (found,) = (
            draft for draft, message in box.drafts.items()
            if _to(box.messages[message].mail.raw) == address
        )  # fmt: skip
        return found

    # -- what is there in the end ------------------------------------------------------------

    def _ending(self) -> Ending:
        letters: Counter[tuple[str, str]] = Counter()
        summaries = 0
        for stored in self.gmail.box.messages.values():
            if b"Subject: Re: Your application" in stored.mail.raw and _to(stored.mail.raw) != ME:
                letters[_to(stored.mail.raw), " ".join(sorted(stored.labels))] += 1
            summaries += f"From: Mara Lind <{ME}>".encode() in stored.mail.raw and (
                "INBOX" in stored.labels
            )
        # A draft that was not written, or not for sure, may be planned again.
        events = Counter(kind for kind in self.world.events() if kind != "draft_planned")
        with Journal.open(self.world.folder / "journal.sqlite3") as journal:
            waiting = sum(entry.open for entry in journal.history("home").entries)
        return Ending(letters, summaries, events, waiting)


class GmailWorld(World):
    """A world whose mailbox lies at Gmail's stand-in, and is opened anew by each poll."""

    clock: Clock

    def __init__(self, folder: Path, gmail: GmailStandIn, clock: Clock) -> None:
        super().__init__(folder, MemoryMailbox(), clock)
        self.gmail = gmail
        self._permission = gmail.credentials("none")

    @contextlib.contextmanager
    def opened(self, seam: Callable[[str], None] | None = None) -> Iterator[Context]:
        account = GmailAccount(address=ME, token=self._token, endpoint=self.gmail.url, name="home")
        with (
            SeamedJournal.open(self.folder / "journal.sqlite3") as journal,
            open_gmail(account, now=self.clock, limits=QUICK, pace=self.clock.pace) as mailbox,
        ):
            if seam is None:
                yield self._context(journal, mailbox, lambda _: None)
                return
            journal.seam = seam
            seamed: Any = SeamedMailbox(mailbox, seam)  # type: ignore[arg-type]
            yield self._context(journal, seamed, seam)

    def poll_and_deliver(self) -> None:
        with self.opened() as context:
            poll(context)
            deliver_if_due(context)

    def _token(self) -> str:
        """Ask the authorisation server, as whoever holds the user's permission does."""
        held, http = self._permission, self.gmail.http()
        try:
            held.refresh(TokenRequest(http))
        except GoogleAuthError as error:
            if isinstance(error, RefreshError) and "invalid_grant" in str(error):
                raise TokenDead("home", "the permission has ended") from None
            raise MailboxError("account home: Google gives no token") from None
        finally:
            http.close()
        return str(held.token)


@contextlib.contextmanager
def story(folder: Path, **how: Any) -> Iterator[Story]:
    """Provide a story that has not begun."""
    clock = Clock()
    with GmailStandIn(address=ME, clock=clock, units=UNITS_SINCE_MAY_2026, **how) as gmail:
        yield Story(gmail, GmailWorld(folder, gmail, clock))


def _no(address: str, person: str, firm: str) -> bytes:
    text = REJECTION.replace("Harbour Maps", firm).replace("Jo Park", person)
    name = address.partition("@")[0]
    return letter(f"{person} <{address}>", "Your application", text, message_id=name)


def _order() -> bytes:
    return letter("Shop <orders@shop.example>", "Your order", RECEIPT, message_id="order")


def _to(raw: bytes) -> str:
    lines = (line for line in raw.splitlines() if line.lower().startswith(b"to:"))
    return next(lines, b"").decode().rpartition("<")[2].removeprefix("To: ").strip("> ")
