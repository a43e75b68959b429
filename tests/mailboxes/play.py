"""A mailbox of the corpus, played on a real one: mail arrives, people act, inboxbot polls.

    play(mailbox, bench, folder, way) → what has come of it, to compare with what is expected

`way` is "step" (a poll after every step) or "batch" (one only before somebody acts on what inboxbot
did, and at the end).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, parseaddr
from pathlib import Path

from inboxbot.classify.thresholds import read_digest, read_thresholds
from inboxbot.core.contact import Owner
from inboxbot.core.correction import Said
from inboxbot.core.plan import DraftState, Event, EventKind
from inboxbot.core.policy import Policy, Thresholds
from inboxbot.core.types import EPOCH, Label
from inboxbot.daemon.context import Context
from inboxbot.daemon.learn import personal_of
from inboxbot.daemon.pause import pause, resume
from inboxbot.daemon.poll import poll
from inboxbot.journal.store import Journal
from inboxbot.senders import load_senders
from inboxbot.settings import SummarySettings
from inboxbot.templates import load_templates
from tests.daemon.world import MODEL, ReaderHere
from tests.mailbox.benches import NOW, Arrival, Bench
from tests.mailboxes.corpus import ME, Deed, Expected, ExpectedDraft, Mailbox, Step

ACCOUNT = "home"
_HOST = "post.example"
_A_MOMENT = timedelta(minutes=1)
_NEEDS_NO_POLL_BEFORE = frozenset({Deed.MOVE, Deed.AGAIN, Deed.POLL, Deed.CORRECT})
_OF_A_LETTER = (
    EventKind.SENT, EventKind.DRAFT_EDITED, EventKind.DISCARDED, EventKind.VANISHED,
    EventKind.BOUNCED, EventKind.AUTO_REPLY, EventKind.FEEDBACK_RECEIVED,
    EventKind.FEEDBACK_DECLINED, EventKind.NO_ANSWER, EventKind.REOPENED, EventKind.CORRECTED,
)  # fmt: skip


@dataclass
class Outcome:
    """What is compared with an `Expected`."""

    drafts: list[tuple[str, EmailMessage]]  # state, letter
    events: tuple[Event, ...]
    keys: dict[str, str]  # the key of a mail → its name
    dead: frozenset[str] = frozenset()
    applications: int = 0


def play(mailbox: Mailbox, bench: Bench, folder: Path, way: str) -> Outcome:
    """Play all steps, poll a last time, and return what has come of it."""
    game = _Game(mailbox, bench, folder)
    for name in mailbox.folders:
        bench.create_folder(name)
    for step in mailbox.steps:
        if step.do is not None and step.do not in _NEEDS_NO_POLL_BEFORE and way == "batch":
            game.poll(mailbox.when(step) - _A_MOMENT)
        game.perform(step)
        if way == "step" or step.do is Deed.POLL:
            game.poll(mailbox.when(step) + _A_MOMENT)
    game.poll(mailbox.when(mailbox.steps[-1]) + 2 * _A_MOMENT)
    return game.outcome()


@dataclass
class _Game:
    mailbox: Mailbox
    bench: Bench
    folder: Path
    journal: str = "journal"
    sent: dict[str, EmailMessage] = field(default_factory=dict)  # by the mail it is about
    mails: dict[str, tuple[Step, bytes]] = field(default_factory=dict)

    # ------------------------------------------------------------ inboxbot

    @contextmanager
    def _opened(self, now: datetime) -> Iterator[Context]:
        mine = self.mailbox
        addresses = frozenset({parseaddr(ME)[1], *mine.aliases})
        with (
            Journal.open(self.folder / f"{self.journal}.sqlite3") as journal,
            self.bench.open() as opened,
        ):
            yield Context(
                account=ACCOUNT,
                owner=Owner(
                    address=parseaddr(ME)[1], name="Mara Lind", addresses=addresses,
                    trusted_server=mine.authserv_id,
                ),
                folders=("INBOX",), policy=mine.policy, thresholds=_thresholds(mine.policy),
                senders=load_senders(), templates=load_templates(), signature="",
                summary=SummarySettings(), zone=mine.zone, clock=lambda: now,
                since=now - timedelta(days=30), mailbox=opened, journal=journal,
                hold=journal.hold(ACCOUNT, now), sleep=lambda _: None,
                reader=ReaderHere(personal_of(journal, ACCOUNT, read_digest(MODEL))),
                model=read_digest(MODEL),
                corrections=mine.corrections,
            )  # fmt: skip

    def poll(self, now: datetime) -> None:
        with self._opened(now) as context:
            poll(context)

    def outcome(self) -> Outcome:
        now = self.mailbox.when(self.mailbox.steps[-1])
        with self._opened(now) as context:
            history = context.journal.history(ACCOUNT)
            lying = [("waiting", letter) for letter in _letters(context, "Drafts")]
            keys = {record.key for record in context.journal.drafts(ACCOUNT)}
            ours = [
                pair for pair in lying if any(key in str(pair[1]["Message-ID"]) for key in keys)
            ]
            edited = [
                ("waiting", letter)
                for _, letter in lying
                if any(
                    record.state is DraftState.EDITED and record.to.addr in str(letter["To"])
                    for record in context.journal.drafts(ACCOUNT)
                )
            ]
            sent = [("sent", letter) for letter in self.sent.values()]
            found = {id(pair[1]): pair for pair in (*ours, *edited, *sent)}
            return Outcome(
                drafts=list(found.values()),
                events=tuple(context.journal.events(ACCOUNT)),
                keys={
                    entry.message.key: entry.message.message_id.partition("@")[0]
                    for entry in history.entries
                },
                dead=history.dead,
                applications=len(
                    {
                        entry.application
                        for entry in history.entries
                        if not entry.own and entry.reading.verdict.label is not Label.NOT_JOB
                    }
                ),
            )

    # ------------------------------------------------------------ everybody else

    def perform(self, step: Step) -> None:
        if step.do is None:
            self._arrive(step)
        elif step.do in {Deed.SEND, Deed.EDIT, Deed.DELETE, Deed.PURGE}:
            self._handle_draft(step)
        else:
            self._happen(step)

    def _arrive(self, step: Step) -> None:
        data = self._mail(step)
        self.mails[step.mail] = (step, data)
        own = parseaddr(step.sender)[1] in {parseaddr(ME)[1], *self.mailbox.aliases}
        folder = "Sent" if own and step.folder == "INBOX" else step.folder
        self._put(folder, step.mail, data, self.mailbox.when(step))

    def _put(self, folder: str, name: str, data: bytes, when: datetime) -> None:
        flags = {"Sent": ("\\Seen",), "Drafts": ("\\Draft", "\\Seen")}.get(folder, ())
        days_ago = (NOW - when).total_seconds() / 86_400
        arrival = Arrival(name=name, data=data, days_ago=days_ago, flags=flags)
        self.bench.arrive(arrival, folder=folder)

    def _happen(self, step: Step) -> None:
        match step.do:
            case Deed.MOVE:
                self.bench.move(step.mail, step.into, folder=step.folder)
            case Deed.CORRECT | Deed.TAKE_BACK:
                self._correct(step)
            case Deed.AGAIN:
                known, data = self.mails[step.mail]
                trace = b"Received: from a second route\r\n"
                self._put(
                    step.into or known.folder, step.mail, trace + data, self.mailbox.when(step)
                )
            case Deed.EMPTY_DRAFTS:
                with self._opened(self.mailbox.when(step)) as context:
                    names = [_name(letter) for letter in _letters(context, "Drafts")]
                for name in names:
                    self.bench.remove(name, folder="Drafts")
            case Deed.DROP_DRAFTS_FOLDER:
                self.bench.delete_folder("Drafts")
            case Deed.PAUSE:
                with self._opened(self.mailbox.when(step)) as context:
                    pause(context.journal, ACCOUNT, None)
            case Deed.RESUME:
                with self._opened(self.mailbox.when(step)) as context:
                    resume(context.journal, ACCOUNT)
            case Deed.LOSE_JOURNAL | Deed.SECOND_MACHINE:
                self.journal += "-2"
            case Deed.POLL | _:
                pass

    def _correct(self, step: Step) -> None:
        with self._opened(self.mailbox.when(step)) as context:
            if self.mailbox.corrections:
                context.mailbox.create_corrections()
            said = context.mailbox.folders().corrections[Said(step.says)]
        ways = ("INBOX", said) if step.do is Deed.CORRECT else (said, "INBOX")
        self.bench.move(step.mail, ways[1], folder=ways[0])

    def _handle_draft(self, step: Step) -> None:
        letter = self._draft_about(step.draft, self.mailbox.when(step))
        name = _name(letter)
        if step.do is Deed.DELETE:
            self.bench.move(name, "Trash", folder="Drafts")
            return
        self.bench.remove(name, folder="Drafts")
        if step.do is Deed.PURGE:
            return
        if step.text:
            letter.set_content(step.text)
        if step.new_id:
            del letter["Message-ID"]
            letter["Message-ID"] = f"<client-{step.draft}@client.example>"
        if step.drops_thread:
            del letter["In-Reply-To"], letter["References"]
        folder = "Drafts" if step.do is Deed.EDIT else "Sent"
        if step.do is Deed.SEND:
            self.sent[step.draft] = letter
        self._put(folder, _name(letter), letter.as_bytes(policy=SMTP), self.mailbox.when(step))

    def _draft_about(self, mail: str, now: datetime) -> EmailMessage:
        """Return the draft about a mail, as it lies in Drafts: by its own key or a client's."""
        with self._opened(now) as context:
            entry = context.journal.history(ACCOUNT).by_message_id[f"{mail}@{_HOST}"]
            keys = [
                record.key
                for record in context.journal.drafts(ACCOUNT)
                if entry.message.key in {record.answered, *record.also}
            ]
            for letter in _letters(context, "Drafts"):
                name = _name(letter)
                if name in {*keys, f"client-{mail}"}:
                    return letter
        raise AssertionError(f"no draft about {mail}")

    # ------------------------------------------------------------ bytes

    def _mail(self, step: Step) -> bytes:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = step.sender, step.to
        if step.cc:
            mail["Cc"] = step.cc
        mail["Subject"] = step.subject
        mail["Date"] = format_datetime(self.mailbox.when(step))
        mail["Message-ID"] = f"<{step.mail}@{_HOST}>"
        for name, value in step.headers.items():
            mail[name] = value
        answered = self._answered(step.answers)
        if answered is not None:
            mail["In-Reply-To"] = answered["Message-ID"]
            earlier = str(answered["References"] or "")
            mail["References"] = f"{earlier} {answered['Message-ID']}".strip()
        if step.bounces:
            return _report(mail, step.bounces)
        mail.set_content(step.text + self._below(step, answered))
        if step.html:
            mail.add_alternative(step.html, subtype="html")
        if step.organizer:
            mail.add_alternative(
                self._calendar(step), subtype="calendar", params={"method": "REQUEST"}
            )
        return mail.as_bytes()

    def _answered(self, name: str) -> EmailMessage | None:
        if not name:
            return None
        if name.startswith("draft: "):
            return self.sent[name.removeprefix("draft: ")]
        return message_from_bytes(self.mails[name][1], policy=default)

    def _below(self, step: Step, answered: EmailMessage | None) -> str:
        if step.forwards:
            known, data = self.mails[step.forwards]
            text = _text(message_from_bytes(data, policy=default))
            head = f"From: {known.sender}\nSubject: {known.subject}\nTo: {known.to}"
            return f"\n---------- Forwarded message ---------\n{head}\n\n{text}"
        if not step.quotes or answered is None:
            return ""
        lines = "\n".join(f"> {line}".rstrip() for line in _text(answered).splitlines())
        return f"\nOn Mon, 2 Nov 2026 at 10:00, {parseaddr(answered['From'])[0]} wrote:\n{lines}\n"

    def _calendar(self, step: Step) -> str:
        starts = datetime.fromisoformat(step.starts).strftime("%Y%m%dT%H%M%SZ")
        name, address = parseaddr(step.organizer)
        lines = (
            "BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:{step.mail}@cal",
            f"SUMMARY:{step.subject}", f'ORGANIZER;CN="{name}":mailto:{address}',
            f"DTSTART:{starts}", "END:VEVENT", "END:VCALENDAR", "",
        )  # fmt: skip
        return "\r\n".join(lines)


def _thresholds(policy: Policy) -> Thresholds:
    own = read_thresholds(MODEL)
    return own.overridden(draft=policy.draft_threshold, review=policy.review_threshold)


def _report(mail: EmailMessage, address: str) -> bytes:
    """Return a delivery report (RFC 3464)."""
    text = f"Your message to {address} could not be delivered: 550 5.1.1 no such user.\n"
    status = (
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {address}\nAction: failed\n"
    )
    mail["Return-Path"] = "<>"
    mail["Auto-Submitted"] = "auto-replied"
    kind = b'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"'
    head = mail.as_bytes().rstrip(b"\r\n") + b"\r\n" + kind + b"\r\n\r\n"
    parts = (
        f"--edge\nContent-Type: text/plain\n\n{text}\n"
        f"--edge\nContent-Type: message/delivery-status\n\n{status}\n--edge--\n"
    )
    return head + parts.replace("\n", "\r\n").encode()


def _letters(context: Context, folder: str) -> list[EmailMessage]:
    drafts = context.mailbox.folders().drafts
    if drafts is None:
        return []
    assert folder == "Drafts"
    parts = list(context.mailbox.slices(drafts, None, EPOCH))
    mails = context.mailbox.fetch([locator for part in parts for locator in part.locators])
    return [message_from_bytes(mail.data, _class=EmailMessage, policy=default) for mail in mails]


def _name(letter: EmailMessage) -> str:
    return str(letter["Message-ID"]).strip("<> ").partition("@")[0]


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


# ---------------------------------------------------------------- comparing


def differences(outcome: Outcome, expected: Expected) -> list[str]:
    """Return what came otherwise than expected, in words; nothing where all is well."""
    found = _found(outcome, expected)
    wanted = replace(expected, applications=expected.applications or found.applications)
    told = [
        f"{item}: {getattr(found, item)!r}, not {getattr(wanted, item)!r}"
        for item in ("left", "review", "withdrawn", "became", "words", "dead", "applications")
        if getattr(found, item) != getattr(wanted, item)
    ]
    return [*told, *_draft_differences(outcome, expected)]


def _found(outcome: Outcome, expected: Expected) -> Expected:
    """Return the outcome in the words of what is expected."""
    left: dict[str, Event] = {}
    letters: dict[str, str] = {}  # key of a draft → name of the mail it is about
    withdrawn = {}
    for event in outcome.events:
        name = outcome.keys.get(event.message, event.message)
        if event.kind is EventKind.LEFT_ALONE:
            left[name] = event
        elif event.kind is EventKind.DRAFT_SAVED:
            about = outcome.keys.get(str(event.payload.get("answers")), "")
            letters.setdefault(event.message, about)
            left.pop(about, None)
        elif event.kind is EventKind.WITHDRAWN:
            withdrawn[letters[event.message]] = event.payload["reason"]
    review = {name for name, event in left.items() if event.payload["decision"] == "review"}
    return Expected(
        left={
            name: event.payload["reason"]
            for name, event in left.items()
            if name not in review and event.payload["reason"] != "not_rejection"
        },
        review=tuple(name for name in left if name in review),
        withdrawn=withdrawn,
        became=tuple(event.kind for event in outcome.events if event.kind in _OF_A_LETTER),
        words=tuple(
            str(event.payload["text"]).strip()
            for event in outcome.events
            if event.kind is EventKind.FEEDBACK_RECEIVED
        ),
        dead=tuple(sorted(outcome.dead)),
        applications=outcome.applications,
    )


def _draft_differences(outcome: Outcome, expected: Expected) -> Iterator[str]:
    about = {
        str(event.message): outcome.keys.get(str(event.payload.get("answers")), "")
        for event in outcome.events
        if event.kind is EventKind.DRAFT_SAVED
    }
    lying = {}
    for state, letter in outcome.drafts:
        key = next((key for key in about if key in str(letter["Message-ID"])), None)
        client = _name(letter).removeprefix("client-")
        lying[about[key] if key else client] = (state, letter)
    for name in set(lying) - {draft.about for draft in expected.drafts}:
        yield f"a draft about {name}: {lying[name][1].as_string()}"
    for draft in expected.drafts:
        if draft.about not in lying:
            yield f"no draft about {draft.about}; {[str(e.kind) for e in outcome.events]}"
        else:
            yield from _letter_differences(draft, *lying[draft.about])


def _letter_differences(wanted: ExpectedDraft, state: str, letter: EmailMessage) -> Iterator[str]:
    text = _text(letter)
    own, _, quoted = text.partition("\n> ")
    pairs = {
        "to": (parseaddr(letter["To"])[1], wanted.to),
        "from": (parseaddr(letter["From"])[1], wanted.sender),
        "answers": (str(letter["In-Reply-To"]).strip("<>").partition("@")[0], wanted.answers),
        "sent": (state == "sent", wanted.sent),
        "quotes": (bool(quoted), bool(quoted) if wanted.quotes is None else wanted.quotes),
    }
    for name, (found, right) in pairs.items():
        if found != right:
            yield f"the draft about {wanted.about}: {name} {found!r}, not {right!r}"
    for words in wanted.says:
        if words.casefold() not in " ".join(own.split()).casefold():
            yield f"the draft about {wanted.about} does not say {words!r}: {text}"
    for words in wanted.says_not:
        if words.casefold() in " ".join(text.split()).casefold():
            yield f"the draft about {wanted.about} says {words!r}: {text}"
