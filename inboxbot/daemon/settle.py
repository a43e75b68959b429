"""Nothing is done about a mail: the journal is told why, at once or for the time being."""

from dataclasses import replace

from inboxbot.core.intake import describe
from inboxbot.core.plan import Defer, DraftState, Event, EventKind, Judgement
from inboxbot.core.types import Key, Reading
from inboxbot.daemon.context import Context


def defer(action: Defer, context: Context) -> None:
    """Say once why a mail waits for another day; it stays open. Quiet hours need no word."""
    reason, name = action.judgement.reason, deferred_note(action.reading.message.key)
    if reason is None or context.journal.note(context.account, name) == reason:
        return
    context.journal.set_note(context.account, name, reason)
    event = left_alone(action.reading, action.application, action.judgement, context)
    context.journal.record(context.hold, events=[event])


def deferred_note(key: Key) -> str:
    """Return the name of the note that says why a mail waits."""
    return f"deferred:{key}"


def settle(reading: Reading, application: str, judgement: Judgement, context: Context) -> None:
    """Record that a mail was left alone, and why: it is decided about no more."""
    event = left_alone(reading, application, judgement, context)
    key = reading.message.key
    # An intent that came to nothing, and is not wanted any more, is nobody's to wait for.
    void = [
        replace(record, state=DraftState.WITHDRAWN)
        for record in context.journal.drafts(context.account)
        if record.answered == key and record.state is DraftState.INTENDED
    ]
    context.journal.record(context.hold, drafts=void, events=[event], settled=[key])


def left_alone(reading: Reading, application: str, judgement: Judgement, context: Context) -> Event:
    """Return the record of a mail about which nothing is done, for now or for good."""
    about = describe(reading)
    payload = {
        "reason": judgement.reason,
        "decision": judgement.decision,
        "until": judgement.not_before.isoformat() if judgement.not_before else None,
        **{name: about[name] for name in ("employer", "role", "evidence", "subject", "from")},
        "link": reading.facts.offers_feedback_link,
    }
    return Event(
        kind=EventKind.LEFT_ALONE,
        time=context.clock(),
        application=application,
        message=reading.message.key,
        payload=payload,
    )
