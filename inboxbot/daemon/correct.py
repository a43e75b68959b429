"""What the user says by moving mail: the folders for corrections → the journal, and back again.

A mail that is moved into one of them is judged as that folder says, from this poll on. The word
stands while the mail lies there; it is taken back when the mail is found where it was before. A
mail that is nowhere any more proves nothing (law 7), and its correction stays.

What stands teaches about other mail, see `learn`; that comes before a mail that was moved back is
judged, so that its own correction has no part in it.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace

from inboxbot.core.correction import Said, Standing, corrected
from inboxbot.core.history import Entry, History
from inboxbot.core.intake import describe, seen_event
from inboxbot.core.joining import application_of, in_its_place
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.types import EPOCH, Cursor, Key, Locator, RawMail, Reading, Unreadable
from inboxbot.daemon.archive import Archive, archive_of
from inboxbot.daemon.context import Context
from inboxbot.daemon.learn import learn

CORRECTIONS_NOTE = "corrections"


def take_corrections(context: Context) -> None:
    """Take in what was moved into the folders for corrections, and what was moved back."""
    folders = context.mailbox.folders()
    if context.corrections and len(folders.corrections) < len(Said):
        context.mailbox.create_corrections()
        folders = context.mailbox.folders()
    standing = standing_of(context)
    if not folders.corrections and not standing:
        return
    history = context.journal.history(context.account)
    for said, folder in folders.corrections.items():
        for cursor, readings in _moved_in(folder, context):
            entries, events = [], []
            for reading in readings:
                entry = _entry(reading, said, history, context)
                standing[entry.message.key] = _place(reading, said, standing, history)
                if not history.holds(entry.message.key):
                    history.add(entry)
                    events.append(seen_event(entry, context.clock()))
                entries.append(entry)
                events.append(corrected_event(entry, said, context))
            _record(entries, events, standing, context, folder=folder, cursor=cursor)
    home = _at_home(standing, history, archive_of(folders, context), context)
    kept = {key: correction for key, correction in standing.items() if key not in home}
    learn(_located(kept, history), context)
    for key, raw in home.items():
        _take_back(key, raw, standing, history, context)


def standing_of(context: Context) -> dict[Key, Standing]:
    """Return the corrections that hold."""
    noted = context.journal.note(context.account, CORRECTIONS_NOTE) or {}
    return {
        Key(key): Standing(
            said=Said(row["said"]), place=Locator(row["place"]), home=Locator(row["home"])
        )
        for key, row in noted.items()
    }


def _moved_in(folder: str, context: Context) -> Iterator[tuple[Cursor, list[Reading]]]:
    cursor = context.journal.cursor(context.account, folder)
    for part in context.mailbox.slices(folder, cursor, EPOCH):
        raw = list(context.mailbox.fetch(part.locators))
        read = [
            mail
            for mail in context.reader.read(raw)
            if isinstance(mail, Reading) and not _is_own(mail, context)
        ]
        yield part.cursor, read


def _is_own(reading: Reading, context: Context) -> bool:
    """Tell whether the user moved a letter of his own there: it says nothing."""
    author = reading.message.author
    return author is not None and context.owner.is_me(author)


def _place(
    reading: Reading, said: Said, standing: dict[Key, Standing], history: History
) -> Standing:
    before, known = standing.get(reading.message.key), history.entry(reading.message.key)
    home = before.home if before else known.reading.locator if known else Locator("")
    return Standing(said=said, place=reading.locator, home=home)


def _entry(reading: Reading, said: Said, history: History, context: Context) -> Entry:
    """Return the mail under the user's verdict, new to the journal or not."""
    known = history.entry(reading.message.key)
    placed = in_its_place(reading, history, context.senders)
    if said is Said.NOT_A_REJECTION:
        placed = reading  # its writer may be one of an application by this very mistake alone
    application = known.application if known else application_of(placed, history, context.senders)
    return Entry(
        reading=corrected(placed, said), application=application, open=said is Said.REJECTION
    )


def _at_home(
    standing: dict[Key, Standing], history: History, archive: Archive, context: Context
) -> dict[Key, RawMail]:
    """Return the mails that lie where they were before they were corrected.

    In an archive that proves nothing: mail is tidied up there, and Gmail's holds all of it.
    """
    found = {}
    for key, correction in standing.items():
        entry = history.entry(key)
        if entry is None or not correction.place or any(context.mailbox.fetch([correction.place])):
            continue
        # The inbox tells of it where it gets a new number there, and else it has its old name.
        places = {correction.home, entry.reading.locator} - {correction.place, ""}
        mails = [
            raw
            for raw in context.mailbox.fetch(sorted(places))
            if raw.folder not in archive.folders
        ]
        for raw in mails:
            if any(_is(reading, key) for reading in context.reader.read([raw])):
                found[key] = raw
                break
    return found


def _located(standing: dict[Key, Standing], history: History) -> dict[Key, Standing]:
    """Return the corrections with the places of the mails; in words, none was given."""
    known = {key: entry.reading.locator for key in standing if (entry := history.entry(key))}
    return {
        key: replace(correction, place=correction.place or known.get(key, correction.home))
        for key, correction in standing.items()
    }


def _is(reading: Reading | Unreadable, key: Key) -> bool:
    return isinstance(reading, Reading) and reading.message.key == key


def _take_back(
    key: Key, raw: RawMail, standing: dict[Key, Standing], history: History, context: Context
) -> None:
    """Return to the program's own verdict on a mail."""
    entry = history.entry(key)
    for reading in context.reader.read([raw]):
        if isinstance(reading, Reading) and entry is not None:
            placed = in_its_place(reading, history, context.senders)
            perhaps = placed.verdict.probability >= context.thresholds.review
            back = replace(entry, reading=placed, open=perhaps)
            del standing[key]
            _record([back], [corrected_event(back, None, context)], standing, context)


def _record(
    entries: list[Entry], events: list[Event], standing: dict[Key, Standing], context: Context,
    *, folder: str = "", cursor: Cursor | None = None,
) -> None:  # fmt: skip
    context.journal.record(
        context.hold, revised=entries, events=events, folder=folder, cursor=cursor,
        notes=note_of(standing),
    )  # fmt: skip


def note_of(standing: dict[Key, Standing]) -> dict[str, object]:
    """Return the note that holds the corrections."""
    return {CORRECTIONS_NOTE: {key: asdict(correction) for key, correction in standing.items()}}


def corrected_event(entry: Entry, said: Said | None, context: Context) -> Event:
    """Return the record of a correction, None for one that is taken back."""
    return Event(
        kind=EventKind.CORRECTED,
        time=context.clock(),
        application=entry.application,
        message=entry.message.key,
        payload={"said": said and said.name.lower(), **describe(entry.reading)},
    )
