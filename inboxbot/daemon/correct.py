"""What the user says by moving mail: the folders for corrections → the journal, and back again.

A mail that is moved into one of them is judged as that folder says, from this poll on. The word
stands while the mail lies there; it is taken back when the mail is found where it was before. A
mail that is nowhere any more proves nothing (law 7), and its correction stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inboxbot.core.correction import Said, corrected
from inboxbot.core.history import Entry, History, application_of, in_its_place
from inboxbot.core.intake import describe, seen_event
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.types import EPOCH, Cursor, Key, Locator, Reading
from inboxbot.daemon.context import Context

_NOTE = "corrections"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A correction that holds: where the mail lies now, and where it was."""

    said: Said
    place: Locator
    home: Locator

    def as_note(self) -> dict[str, str]:
        return {"said": self.said, "place": self.place, "home": self.home}


def take_corrections(context: Context) -> None:
    """Take in what was moved into the folders for corrections, and what was moved back."""
    folders = context.mailbox.folders().corrections
    if context.corrections and len(folders) < len(Said):
        context.mailbox.create_corrections()
        folders = context.mailbox.folders().corrections
    standing = _standing(context)
    if not folders and not standing:
        return
    history = context.journal.history(context.account)
    for said, folder in folders.items():
        for cursor, readings in _moved_in(folder, context):
            entries = [_entry(reading, said, history, context) for reading in readings]
            news = [entry for entry in entries if not history.holds(entry.message.key)]
            events = [seen_event(entry, context.clock()) for entry in news]
            for reading, entry in zip(readings, entries, strict=True):
                standing[entry.message.key] = _place(reading, said, history)
            for entry in news:
                history.add(entry)
            events += [_event(entry, said, context) for entry in entries]
            _record(entries, events, standing, context, folder=folder, cursor=cursor)
    _take_back(standing, history, context)


def _standing(context: Context) -> dict[Key, _Standing]:
    noted = context.journal.note(context.account, _NOTE) or {}
    return {
        Key(key): _Standing(
            said=Said(row["said"]), place=Locator(row["place"]), home=Locator(row["home"])
        )
        for key, row in noted.items()
    }


def _moved_in(folder: str, context: Context) -> Iterator[tuple[Cursor, list[Reading]]]:
    cursor = context.journal.cursor(context.account, folder)
    for part in context.mailbox.slices(folder, cursor, EPOCH):
        raw = list(context.mailbox.fetch(part.locators))
        read = [mail for mail in context.reader.read(raw) if isinstance(mail, Reading)]
        yield part.cursor, read


def _place(reading: Reading, said: Said, history: History) -> _Standing:
    known = history.entry(reading.message.key)
    home = known.reading.locator if known else Locator("")
    return _Standing(said=said, place=reading.locator, home=home)


def _entry(reading: Reading, said: Said, history: History, context: Context) -> Entry:
    """Return the mail under the user's verdict, new to the journal or not."""
    known = history.entry(reading.message.key)
    placed = in_its_place(reading, history, context.senders)
    application = known.application if known else application_of(placed, history, context.senders)
    return Entry(
        reading=corrected(placed, said), application=application, open=said is Said.REJECTION
    )


def _take_back(standing: dict[Key, _Standing], history: History, context: Context) -> None:
    """Return to the program's own verdict where a mail lies where it was before."""
    for key, correction in list(standing.items()):
        entry = history.entry(key)
        if entry is None or any(context.mailbox.fetch([correction.place])):
            continue
        # The inbox tells of it where it gets a new number there, and else it has its old name.
        places = {correction.home, entry.reading.locator} - {correction.place, ""}
        raw = list(context.mailbox.fetch(sorted(places)))
        for reading in context.reader.read(raw):
            if isinstance(reading, Reading) and reading.message.key == key:
                placed = in_its_place(reading, history, context.senders)
                perhaps = placed.verdict.probability >= context.thresholds.review
                back = replace(entry, reading=placed, open=perhaps)
                del standing[key]
                _record([back], [_event(back, None, context)], standing, context)
                break


def _record(
    entries: list[Entry], events: list[Event], standing: dict[Key, _Standing], context: Context,
    *, folder: str = "", cursor: Cursor | None = None,
) -> None:  # fmt: skip
    notes = {_NOTE: {key: correction.as_note() for key, correction in standing.items()}}
    context.journal.record(
        context.hold, revised=entries, events=events, folder=folder, cursor=cursor, notes=notes
    )


def _event(entry: Entry, said: Said | None, context: Context) -> Event:
    return Event(
        kind=EventKind.CORRECTED,
        time=context.clock(),
        application=entry.application,
        message=entry.message.key,
        payload={"said": said and said.name.lower(), **describe(entry.reading)},
    )
