"""A question that the user asked by hand after a no, and what came back. Pure.

Whoever wrote no answers the user's own letter in the same thread: with feedback, with a refusal of
it, or with a word of thanks that nothing is made of.
"""

from datetime import datetime

from inboxbot.core.answers import answer_kind, told_event
from inboxbot.core.follow import GONE
from inboxbot.core.guards import Senders, same_house
from inboxbot.core.history import Entry, History
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.types import Label, Message, Reading

_FEWEST_WORDS = 15  # fewer wish good luck
_TOLD = frozenset({EventKind.FEEDBACK_RECEIVED, EventKind.FEEDBACK_DECLINED})


def event_by_hand(
    reading: Reading, history: History, senders: Senders, now: datetime
) -> Event | None:
    """Return what a mail says in answer to the user's own letter about a no, word for word.

    None for a second no, and where a draft may have asked: that answer is `answer_event`'s.
    """
    message = reading.message
    no = _no_before(message, history)
    if no is None or reading.verdict.label is Label.REJECTION or drafted(no.application, history):
        return None
    author, writer = message.author, no.message.author
    if author is None or writer is None or not same_house(author, writer, senders):
        return None
    kind = answer_kind(reading, writer)
    if kind not in _TOLD or len(message.text.split()) < _FEWEST_WORDS:
        return None
    employer, words = no.reading.facts.employer, {"text": message.text}
    return told_event(kind, message, no.application, employer, now, words)


def _no_before(message: Message, history: History) -> Entry | None:
    """Return the no in whose thread the user wrote the letter that a mail answers.

    The letter itself may not be known yet: Sent is read last.
    """
    letters = [history.by_message_id.get(name) for name in message.in_reply_to]
    if not letters or any(letter is not None and not letter.own for letter in letters):
        return None
    thread = (history.by_message_id.get(name) for name in reversed(message.references))
    return next((entry for entry in thread if entry and _is_no(entry, message)), None)


def drafted(application: str, history: History) -> bool:
    """Tell whether a draft about this application lies there, or was sent from a phone just now."""
    return any(
        record.application == application and record.state not in GONE for record in history.drafts
    )


def _is_no(entry: Entry, later: Message) -> bool:
    said_no = entry.reading.verdict.label is Label.REJECTION
    return said_no and not entry.own and entry.when < later.when
