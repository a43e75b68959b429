"""What the user answers to our letters: a reply in the inbox or in Sent → events, corrections.

    is_reply | whose it is | core.reflect: what it says | Replies: one transaction with the cursor

Anybody can write in the owner's name. In Sent only the owner puts mail. In the inbox a reply must
name its letter by the token that nobody can guess; one that fails the provider's DMARC check is
not read, and orders are obeyed where that check passes, or where the provider makes none.
"""

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache, cached_property
from typing import Any

from inboxbot.core.authentication import FAIL, dmarc
from inboxbot.core.contact import Owner
from inboxbot.core.correction import Said, Standing, corrected
from inboxbot.core.forgotten import hash_of
from inboxbot.core.history import Entry, History
from inboxbot.core.letter_name import letter_in, letter_name
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.reflect import (
    Asked,
    Command,
    Cues,
    Order,
    Prompted,
    Reflection,
    Reply,
    parse_reply,
    reflected,
    reflections_in,
    with_both_parts,
)
from inboxbot.core.types import EPOCH, Key, Locator, Message, Reading, Trait
from inboxbot.daemon.context import Context
from inboxbot.daemon.correct import corrected_event, note_of, standing_of
from inboxbot.daemon.pause import Notes, ending, pausing, resuming
from inboxbot.journal.store import Journal
from inboxbot.logs import event as log_event
from inboxbot.resources import CONFIG

_log = logging.getLogger(__name__)
_SECRET_NOTE = "letter_secret"  # noqa: S105  (the name of it)
_REPLIES_NOTE = "replies"  # what came of each, by the hash of its key
_ORDERED_NOTE = "ordered"  # when the newest reply with a command was written
_DONE, _UNPROVEN, _REFUSED = "done", "unproven", "refused"
_AUTOMATIC = frozenset({Trait.AUTO_SUBMITTED, Trait.AUTO_REPLY, Trait.READ_RECEIPT})
_NOT_OBEYED = (
    "a reply to a mail of inboxbot's asks it to do something, but nothing proves that you wrote "
    "it: it does not lie in Sent, and your provider's check of the sender (DMARC) did not pass. "
    "What it says of your conversations is kept. Let your mail client keep sent mail in Sent, or "
    "run inboxbot pause or inboxbot resume"
)


def name_of(key: Key, journal: Journal, account: str) -> Key:
    """Return what the Message-ID of a letter begins with: its key, and what nobody can guess."""
    return Key(letter_name(key, _secret(journal, account)))


def _secret(journal: Journal, account: str) -> str:
    """Return the account's own secret; it is made once, so that a letter has one name for ever."""
    known: str | None = journal.note(account, _SECRET_NOTE)
    if known is not None:
        return known
    made = secrets.token_hex(16)
    journal.set_note(account, _SECRET_NOTE, made)
    return made


def is_reply(message: Message, owner: Owner) -> bool:
    """Tell whether a mail answers a letter of ours, from the owner to the owner.

    Such a mail is no employer's, whoever may have written it; a letter that is passed on to a
    friend with a word is no reply.
    """
    one_author = len(message.from_) == 1 and owner.is_me(message.from_[0])
    to_himself = any(owner.is_me(address) for address in message.to)
    named = letter_in((*message.in_reply_to, *message.references)) is not None
    return named and one_author and to_himself and message.traits.isdisjoint(_AUTOMATIC)


def answers_a_letter(message: Message) -> bool:
    """Tell whether a mail answers a letter of ours, whoever wrote it: no employer was sent one.

    A friend who was shown it, or the user from an address that is not in the settings.
    """
    return letter_in(message.in_reply_to) is not None


def tell_refused(context: Context) -> None:
    """Record, once each, the replies whose orders nothing has proven to be the user's."""
    handled: dict[str, str] = context.journal.note(context.account, _REPLIES_NOTE) or {}
    refused = [name for name, state in handled.items() if state == _UNPROVEN]
    if refused:
        notes = {_REPLIES_NOTE: handled | dict.fromkeys(refused, _REFUSED)}
        failed = Event(kind=EventKind.FAILED, time=context.clock(), payload={"error": _NOT_OBEYED})
        context.journal.record(context.hold, events=[failed] * len(refused), notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """The letter that a reply answers."""

    key: Key
    name: str  # the local part of its Message-ID
    told: Mapping[str, Any] | None  # what it asked; None where this journal did not write it


class Replies:
    """What the replies in one slice of mail say, collected for its transaction."""

    def __init__(self, history: History, context: Context) -> None:
        self.events: list[Event] = []
        self.revised: list[Entry] = []
        self.notes: dict[str, object] = {}
        self._history, self._context = history, context

    def take(self, mail: Reading) -> None:
        """Take in a reply. What it says is stored once, in however many folders it lies."""
        letter = self._letter(mail.message)
        sent = mail.folder == self._context.mailbox.folders().sent
        verdict = dmarc(mail.message, self._context.owner.trusted_server)
        if not sent and (letter.told is None or verdict == FAIL):
            log_event(_log, "reply_refused", logging.WARNING, account=self._context.account)
            return
        mark = hash_of(mail.message.key, _secret(self._context.journal, self._context.account))
        before = self._handled.get(mark)
        if before == _DONE:
            return
        reply = self._read(mail.message, letter)
        if before is None:
            self._keep(reply.reflections, mail.message, letter)
        no_check = not verdict and not self._context.owner.trusted_server
        proven = sent or verdict == "pass" or no_check
        if proven and letter.told is not None:
            self._answer(reply.answers, letter.told)
            self._obey(reply.command, mail.message.when)
        waits = not proven and bool(reply.answers or reply.command)
        self._handled[mark] = before or _UNPROVEN if waits else _DONE
        self.notes[_REPLIES_NOTE] = self._handled

    # ------------------------------------------------------------ what was asked, what is said

    def _letter(self, message: Message) -> _Letter:
        found = letter_in((*message.in_reply_to, *message.references))
        if found is None:
            raise ValueError(message.key)
        key, name = found
        told = self._told.get(key) if name == self._name_of(key) else None
        return _Letter(key=key, name=name, told=told)

    def _name_of(self, key: Key) -> Key:
        return name_of(key, self._context.journal, self._context.account)

    def _read(self, message: Message, letter: _Letter) -> Reply:
        context = self._context
        direct = letter_in(message.in_reply_to or message.references) is not None
        return parse_reply(
            message.rows,
            self._asked(letter.told or {}),
            _cues(),
            letter=self._text_of(letter) if direct else "",
            name=context.owner.name,
            today=message.when.astimezone(context.zone).date(),
        )

    def _asked(self, told: Mapping[str, Any]) -> Asked:
        exercise = told.get("exercise", "")
        shown = told.get("prompts") or ([exercise] if exercise else [])
        return Asked(
            prompts=tuple(self._prompted(application) for application in shown),
            questions=len(told.get("questions", ())),
            exercise=exercise,
        )

    def _prompted(self, application: str) -> Prompted:
        entries = self._history.of_application(application)
        facts = [entry.reading.facts for entry in reversed(entries)]
        return Prompted(
            application=application,
            employer=next((each.employer for each in facts if each.employer), None),
            role=next((each.role for each in facts if each.role), None),
        )

    def _text_of(self, letter: _Letter) -> str:
        """Return the text of the letter as it lies in the mailbox; "" where it is gone."""
        mailbox = self._context.mailbox
        found = mailbox.folders()
        folders = (found.inbox, found.archive, *found.archive_years, found.trash)
        for folder in filter(None, folders):
            mails = mailbox.fetch(mailbox.find(folder, letter.key))
            for read in self._context.reader.read([with_both_parts(mail) for mail in mails]):
                if isinstance(read, Reading) and read.message.message_id.startswith(letter.name):
                    return f"{read.message.text}\n{read.message.quoted}"
        return ""

    # ------------------------------------------------------------ what comes of it

    def _keep(self, reflections: Iterable[Reflection], message: Message, letter: _Letter) -> None:
        """Keep the user's words, but for those that an earlier copy of the reply has brought."""
        week = str((letter.told or {}).get("week", ""))
        for one in reflections:
            said = replace(one, via="reply", week=week)
            if said not in self._said:
                self._said.append(said)
                self.events.append(reflected(said, self._context.clock(), message.key))

    def _answer(self, answers: Mapping[int, bool], told: Mapping[str, Any]) -> None:
        """Take "1 yes, 2 no" for corrections, as if the user had moved these mails."""
        for number, yes in answers.items():
            said = Said.REJECTION if yes else Said.NOT_A_REJECTION
            known = self._history.entry(Key(told["questions"][number - 1]))
            before = self._standing.get(known.message.key) if known else None
            if known is None or (before and before.said is said):
                continue  # forgotten meanwhile, or said before
            entry = replace(known, reading=corrected(known.reading, said), open=yes)
            self._standing[entry.message.key] = Standing(
                said=said, place=Locator(""), home=known.reading.locator
            )
            self._history.revise(entry)
            self.revised.append(entry)
            self.events.append(corrected_event(entry, said, self._context))
            self.notes |= note_of(self._standing)

    def _obey(self, command: Command | None, written: datetime) -> None:
        """Do what the user says, unless he has said something else later."""
        context = self._context
        newest = self.notes.get(_ORDERED_NOTE, context.journal.note(context.account, _ORDERED_NOTE))
        if command is None or (newest and datetime.fromisoformat(str(newest)) > written):
            return
        self.notes |= {**self._notes_of(command), _ORDERED_NOTE: written.isoformat()}

    def _notes_of(self, command: Command) -> Notes:
        context = self._context
        match command.order:
            case Order.RESUME:
                return resuming()
            case Order.HIRED:
                return ending(context.journal, context.account, context.clock())
            case Order.PAUSE if command.until is None:
                return pausing(None)
            case Order.PAUSE:
                until = datetime.combine(command.until, time(), context.zone)
                return pausing(until) if until > context.clock() else {}

    # ------------------------------------------------------------ what was known before

    @cached_property
    def _told(self) -> dict[str, Mapping[str, Any]]:
        """Return what each letter has told and asked, by its key."""
        events = self._context.journal.events(self._context.account)
        return {
            event.message: event.payload
            for event in events
            if event.kind is EventKind.SUMMARY_DELIVERED
        }

    @cached_property
    def _said(self) -> list[Reflection]:
        known = reflections_in(self._context.journal.events(self._context.account))
        return [replace(one, time=EPOCH) for one in known]

    @cached_property
    def _handled(self) -> dict[str, str]:
        return self._context.journal.note(self._context.account, _REPLIES_NOTE) or {}

    @cached_property
    def _standing(self) -> dict[Key, Standing]:
        return standing_of(self._context)


@cache
def _cues() -> Cues:
    """Return the questions in all languages: a letter may be older than the setting."""
    from inboxbot.letters.phrases import load_phrases  # noqa: PLC0415  (jinja2: for replies alone)

    phrases = [load_phrases(path.stem) for path in sorted((CONFIG / "summary").glob("*.toml"))]
    return Cues(
        well=tuple(words.say("reflect.well") for words in phrases),
        differently=tuple(words.say("reflect.differently") for words in phrases),
    )
