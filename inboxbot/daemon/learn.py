"""Standing corrections → the account's personal correction, fitted in the reader, kept as a note.

It is fitted anew when the corrections have changed, or the model, or the user's thresholds; else
the note stands. The note holds weights by column, and no word of any mail.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from inboxbot.core.authentication import FAIL, dmarc
from inboxbot.core.correction import Lesson, Lessons, Personal, Standing
from inboxbot.core.types import Key, Message, Reading
from inboxbot.daemon.context import Context
from inboxbot.journal.store import Journal
from inboxbot.logs import event

_log = logging.getLogger(__name__)
PERSONAL_NOTE = "personal"
_MOST = 50  # of the newest corrections: more would not fit into the reader's memory


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    """The note: what was learned, and a hash of all that it was learned from."""

    of: str
    personal: Personal | None  # None where learning failed: it is not tried again


def personal_of(journal: Journal, account: str, model: str) -> Personal | None:
    """Return an account's personal correction of this model, None where there is none."""
    known = _learned(journal, account)
    personal = known.personal if known else None
    return personal if personal is not None and personal.model == model else None


def learn(standing: Mapping[Key, Standing], context: Context) -> None:
    """Bring the personal correction up to date with what stands, and judge by it from now on."""
    known = _learned(context.journal, context.account)
    wanted = _hash(standing, context) if standing else None
    if wanted == (known.of if known else None):
        return
    personal = _fitted(standing, context) if standing else None
    note = _Learned(of=wanted, personal=personal) if wanted else None
    context.journal.record(context.hold, notes={PERSONAL_NOTE: note})
    context.reader.use(personal)
    event(_log, "learned", account=context.account, count=len(standing))


def _learned(journal: Journal, account: str) -> _Learned | None:
    noted = journal.note(account, PERSONAL_NOTE)
    try:
        return msgspec.convert(noted, _Learned | None)
    except msgspec.ValidationError:  # another version's: it is made anew
        return None


def _hash(standing: Mapping[Key, Standing], context: Context) -> str:
    """Return what changes whenever something else would be learned."""
    said = sorted((key, correction.said) for key, correction in standing.items())
    thresholds = (context.thresholds.draft, context.thresholds.review)
    learned_from = msgspec.json.encode((context.model, thresholds, said))
    return hashlib.sha256(learned_from).hexdigest()


def _fitted(standing: Mapping[Key, Standing], context: Context) -> Personal | None:
    lessons = Lessons(
        mails=tuple(_lessons(standing, context)),
        draft=context.thresholds.draft,
        review=context.thresholds.review,
    )
    return context.reader.learn(lessons) if lessons.mails else None


def _lessons(standing: Mapping[Key, Standing], context: Context) -> Iterator[Lesson]:
    """Yield the corrected mails that are still there, the oldest correction first.

    Anybody can write in another's name: a mail whose sender is false counts for itself alone.
    """
    places = [correction.place for correction in standing.values()][-_MOST:]
    for reading in context.reader.read(list(context.mailbox.fetch(places))):
        if not isinstance(reading, Reading) or reading.message.key not in standing:
            continue
        if dmarc(reading.message, context.owner.trusted_server) != FAIL:
            yield Lesson(
                message=_what_is_read(reading.message), said=standing[reading.message.key].said
            )


def _what_is_read(message: Message) -> Message:
    """Return of a mail what the model looks at."""
    return Message(key=message.key, subject=message.subject, text=message.text, from_=message.from_)
