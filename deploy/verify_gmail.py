"""Look at a real Gmail account for what inboxbot counts on there, and no document promises.

    python deploy/verify_gmail.py NAME           [accounts.NAME] of your settings, kind = "gmail"

Its tests run against a stand-in for Gmail, which had to guess the following. Nothing here breaks
if a guess is wrong, but for what stands in brackets.

 1. Message and draft ids are of the letters that locators allow.           (mail is passed over)
 2. A draft keeps the Message-ID that it was written with, or has it in
    X-Google-Original-Message-ID.                    (after a crash our own draft looks like yours)
 3. A draft that is given the thread's id appears in the conversation.
 4. Once it is edited, its draft id is the same and its message id is another.
 5. Once it is sent, it lies in Sent and is no draft any more; under which Message-ID?
 6. A draft that is moved to Trash stays a draft there, and leaves the list of drafts.
 7. History tells of new mail at once, with its labels.
 8. A search finds new mail after a while; how long?                  (a day is taken for enough)
 9. Lists tell the newest mail first, nearly.        (what a search does not know yet is overlooked)
10. `larger:` finds what is larger by `sizeEstimate`.     (a large attachment is downloaded once)
11. `messages.insert` takes the date from the mail, and leaves it unread.
12. The beginning of `format=raw` can be read alone, and `format=full` tells text in UTF-8.
                                                                   (a mail over 128 KiB is unread)
13. History tells of a mail that is archived, with the labels that are left to it.
                                             (mail that a phone archives first is never looked at)

It puts three mails into your own inbox and one draft, to yourself, into Drafts, each with the
subject "inboxbot looks at Gmail"; it asks you to edit the draft, to send it to yourself, and to
archive one of the mails. It can do nothing that inboxbot cannot: its requests go through the same
closed list.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import click

from inboxbot.core.parse import parse
from inboxbot.core.types import Key
from inboxbot.errors import InboxbotError
from inboxbot.mailbox.gmail import GmailAccount, GmailMailbox, Limits, Pace
from inboxbot.mailbox.gmail_answers import ARCHIVED, DRAFT, INBOX, SENT, TRASH, Message, octets
from inboxbot.mailbox.gmail_fetch import FORMER_ID, SMALL_OCTETS
from inboxbot.mailbox.gmail_gateway import GmailGateway
from inboxbot.mailbox.gmail_place import Place
from inboxbot.mailbox.headers import fields
from inboxbot.ports import Part

SUBJECT = "inboxbot looks at Gmail"
_PATIENCE_SECONDS = 300
_LISTED = 200
_MOST_OUT_OF_ORDER = 5  # of them


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: its number in the list above, whether it is as guessed, and what was seen."""

    number: int
    holds: bool
    what: str


@dataclass(slots=True)
class Look:
    """A session, and the user beside it."""

    address: str
    gateway: GmailGateway
    mailbox: GmailMailbox
    pace: Pace
    now: Callable[[], datetime]
    ask: Callable[[str], object]  # shows a sentence, returns when the user has done it
    run: str = field(default="")  # makes the Message-IDs of one run its own

    def all(self) -> Iterator[Seen]:
        """Yield the answers, in the order in which they can be had."""
        yield from self._drafts()
        yield from self._mail()
        yield from self._lists()

    # -- drafts ------------------------------------------------------------------------------

    def _drafts(self) -> Iterator[Seen]:
        start = self.gateway.profile().history_id
        self.mailbox.deliver(self._letter("parent"), self._key("parent"))
        (parent,) = self._arrived(INBOX, start)
        thread = self._read(Place(INBOX, parent)).thread_id
        draft = self._letter("draft", answers="parent")
        locator = self.mailbox.save_draft(draft, self._key("draft"))
        place = Place.of(locator) if locator else None
        yield Seen(1, place is not None, f"{locator}")
        if place is None:
            return
        message = self._read(place, raw=True)
        raw = octets(message.raw)
        kept = self._key("draft") in str(next(fields(raw, "Message-ID"), b""))
        former = self._key("draft") in str(next(fields(raw, FORMER_ID), b""))
        yield Seen(
            2, kept or former, "kept" if kept else "in the other field" if former else "lost"
        )
        yield Seen(3, message.thread_id == thread, "same thread" if message.thread_id == thread
                   else "another thread")  # fmt: skip
        yield from self._edited_and_sent(place)
        yield from self._thrown_away()

    def _edited_and_sent(self, place: Place) -> Iterator[Seen]:
        self.ask(f"In Gmail, open the draft “Re: {SUBJECT}”, add a word, and close it.")
        now = [one for one in self.gateway.drafts() if one.draft == place.draft]
        changed = bool(now) and now[0].message != place.message
        yield Seen(4, changed, "as guessed" if changed else f"{place} is now {now}")
        start = self.gateway.profile().history_id
        self.ask("Now press Send on it: it goes to yourself.")
        sent = self._arrived(SENT, start)
        gone = all(one.draft != place.draft for one in self.gateway.drafts())
        raw = octets(self._read(Place(SENT, sent[0]), raw=True).raw) if sent else b""
        name = b" ".join(fields(raw, "Message-ID")).decode("ascii", "replace")
        ours = self._key("draft") in name
        yield Seen(5, bool(sent) and gone, f"sent under {'our' if ours else 'another'} Message-ID")

    def _thrown_away(self) -> Iterator[Seen]:
        locator = self.mailbox.save_draft(self._letter("second"), self._key("second"))
        place = Place.of(locator) if locator else None
        if place is None or not self.mailbox.withdraw(place.locator):
            yield Seen(6, holds=False, what="it could not be moved")
            return
        labels = self._read(Place(TRASH, place.message)).labels
        listed = any(one.draft == place.draft for one in self.gateway.drafts())
        yield Seen(6, {DRAFT, TRASH} <= labels and not listed, f"labels {sorted(labels)}")

    # -- mail --------------------------------------------------------------------------------

    def _mail(self) -> Iterator[Seen]:
        start = self.gateway.profile().history_id
        began = self.pace.monotonic()
        dated = self.now().replace(microsecond=0) - timedelta(days=2)
        self.mailbox.deliver(self._letter("dated", dated=dated), self._key("dated"))
        found = self._arrived(INBOX, start)
        yield Seen(7, len(found) == 1, f"told after {self.pace.monotonic() - began:.0f} s")
        query = f"rfc822msgid:{self._key('dated')}@{self.address.rpartition('@')[2]}"
        searched = self._until(lambda: bool(self.gateway.listed(INBOX, query=query)))
        yield Seen(8, searched, f"found after {self.pace.monotonic() - began:.0f} s")
        message = self._read(Place(INBOX, found[0]))
        right = message.received == dated and "UNREAD" in message.labels
        yield Seen(11, right, f"dated {message.received}, labels {sorted(message.labels)}")
        yield self._large()
        yield self._archived(found[0])

    def _archived(self, message: str) -> Seen:
        start = self.gateway.profile().history_id
        self.ask(f"In Gmail, archive the mail “{SUBJECT}” that is dated two days ago.")
        told = self._arrived(ARCHIVED, start)
        return Seen(13, told == (message,), f"told of {len(told)}")

    def _large(self) -> Seen:
        start = self.gateway.profile().history_id
        self.mailbox.deliver(self._letter("large", large=True), self._key("large"))
        (found,) = self._arrived(INBOX, start)
        raw = next(iter(self.mailbox.fetch([Place(INBOX, found).locator], Part.TEXT)))
        text = parse(raw).text
        right = "Grüße" in text and self._key("large") in str(next(fields(raw.data, "Message-ID")))
        return Seen(12, right and len(raw.data) < SMALL_OCTETS, f"read {text.strip()!r}")

    def _lists(self) -> Iterator[Seen]:
        places = [Place(INBOX, one.id) for one in self.gateway.listed(INBOX, most=_LISTED)]
        told = [one for one in self.gateway.read(places, "minimal").values() if one]
        dates = [one.received for one in told]
        wrong = sum(earlier < later for earlier, later in pairwise(dates))
        yield Seen(9, wrong <= _MOST_OUT_OF_ORDER, f"{wrong} of {len(dates)} out of order")
        query = f"larger:{SMALL_OCTETS}"
        large = {one.id for one in self.gateway.listed(INBOX, query=query)}
        missed = [one for one in told if one.size_estimate > SMALL_OCTETS and one.id not in large]
        yield Seen(10, not missed, f"{len(missed)} of {len(told)} missed (new ones may be)")

    # -- inside ------------------------------------------------------------------------------

    def _key(self, name: str) -> Key:
        return Key(f"{name}{self.run}")

    def _letter(
        self, name: str, *, answers: str = "", dated: datetime | None = None, large: bool = False
    ) -> bytes:
        domain = self.address.rpartition("@")[2]
        mail = EmailMessage(policy=SMTP)
        mail["From"] = mail["To"] = self.address
        mail["Subject"] = f"Re: {SUBJECT}" if answers else SUBJECT
        mail["Date"] = format_datetime(dated or self.now())
        mail["Message-ID"] = f"<{self._key(name)}@{domain}>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = f"<{self._key(answers)}@{domain}>"
        mail.set_content("Grüße: you can delete this.\n", charset="iso-8859-1")
        if large:
            blob = bytes(2 * SMALL_OCTETS)
            mail.add_attachment(blob, maintype="application", subtype="pdf", filename="x.pdf")
        return mail.as_bytes()

    def _read(self, place: Place, *, raw: bool = False) -> Message:
        message = self.gateway.read([place], "raw" if raw else "minimal").get(place)
        if message is None:
            raise InboxbotError(f"{place} is not there")
        return message

    def _arrived(self, label: str, start: int) -> tuple[str, ...]:
        """Return what history tells to have come under a label, once it tells of something."""
        self._until(lambda: bool(self._since(label, start)))
        return self._since(label, start)

    def _since(self, label: str, start: int) -> tuple[str, ...]:
        happened = self.gateway.happened(label, start)
        return happened.arrived if happened else ()

    def _until(self, holds: Callable[[], bool]) -> bool:
        end = self.pace.monotonic() + _PATIENCE_SECONDS
        while not holds():
            if self.pace.monotonic() > end:
                return False
            self.pace.sleep(2)
        return True


@contextmanager
def looking(
    account: GmailAccount, ask: Callable[[str], object], now: Callable[[], datetime], pace: Pace
) -> Iterator[Look]:
    """Open an account to look at."""
    with GmailGateway(account, Limits(), pace) as gateway:
        run = f"verify{int(now().timestamp())}"
        mailbox = GmailMailbox(gateway, account, now, pace)
        yield Look(account.address, gateway, mailbox, pace, now, ask, run)


@click.command()
@click.argument("name")
@click.option("--config", type=click.Path(path_type=Path), help="the settings, if not the usual.")
def main(name: str, config: Path | None) -> None:
    """Look at [accounts.NAME], and print what was guessed rightly (+) and what was not (-)."""
    from inboxbot.app import open_app  # noqa: PLC0415  (the checks themselves need no settings)
    from inboxbot.credentials import Secrets  # noqa: PLC0415

    found = open_app(config).settings.accounts.get(name)
    if found is None or found.kind != "gmail":
        raise click.UsageError(f'no [accounts.{name}] with kind = "gmail" in the settings')
    token = Secrets().renewing(found)
    account = GmailAccount(address=found.address, name=name, token=lambda: token().reveal())

    def ask(sentence: str) -> None:
        click.pause(f"{sentence} Then press a key here.")

    with looking(account, ask, lambda: datetime.now(UTC), Pace(sleep=time.sleep)) as look:
        wrong = 0
        for seen in look.all():
            wrong += not seen.holds
            click.echo(f"{'+' if seen.holds else '-'} {seen.number:2}  {seen.what}")
    click.echo(f"\n{wrong} of the guesses are wrong. Please send this to the project.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    try:
        main()
    except InboxbotError as error:
        sys.exit(str(error))
