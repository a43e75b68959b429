"""Find out what became of letters whose writing, or whose journal, was lost half-way."""

import re
from dataclasses import replace

from inboxbot.core.history import History
from inboxbot.core.identity import draft_key
from inboxbot.core.plan import DraftRecord, DraftState
from inboxbot.core.types import Key, Locator, Message
from inboxbot.daemon.apply import as_kept, fetched_back, place_of, store_saved
from inboxbot.daemon.context import Context

_KEY = re.compile(r"[a-z2-7]{32}")
_SETTLE_SECONDS = 2.0


def recover(context: Context) -> int:
    """Find out what became of drafts whose writing was interrupted; return how many there were.

    One that lies in Drafts, Sent or Trash is recorded so. One that lies nowhere was never
    written: its mail still waits for a decision and is decided anew, under the same key.
    """
    intended = [
        record
        for record in context.journal.drafts(context.account)
        if record.state is DraftState.INTENDED
    ]
    for record in intended:
        found = place_of(record.key, context) or _after_settling(record.key, context)
        if found is None:
            continue
        state, locator = found
        kept = fetched_back(record, locator, context) if locator else None
        done = replace(as_kept(record, kept, locator), state=state)
        store_saved(done, {"to": done.to.addr, "employer": done.employer}, context)
    return len(intended)


def rediscover(history: History, context: Context) -> list[DraftRecord]:
    """Know a request again that was sent before this journal began: lost, or another machine's."""
    known = {record.key for record in history.drafts}
    unknown = {
        key: entry.message
        for entry in history.entries
        if entry.own and (key := _key_in(entry.message)) and key not in known and entry.message.to
    }
    if not unknown:
        return []
    found = []
    for rejection in history.entries:
        key = draft_key(context.owner, rejection.message)
        own = unknown.get(key)
        if own is None:
            continue
        record = DraftRecord(
            key=key,
            application=rejection.application,
            answered=rejection.message.key,
            state=DraftState.SENT,
            to=own.to[0],
            subject=own.subject,
            answers=own.in_reply_to,
            planned=own.when,
            sent=own.when,
            sent_id=own.message_id,
            employer=rejection.reading.facts.employer,
        )
        about = {"to": record.to.addr, "employer": record.employer}
        store_saved(record, about, context)
        found.append(record)
    return found


def _key_in(message: Message) -> Key | None:
    """Return the key that a Message-ID of ours begins with, None where it cannot be ours."""
    name = message.message_id.partition("@")[0]
    return Key(name) if _KEY.fullmatch(name) else None


def _after_settling(key: Key, context: Context) -> tuple[DraftState, Locator | None] | None:
    """Look once more: a server may commit an APPEND after the connection that asked for it died."""
    context.sleep(_SETTLE_SECONDS)
    return place_of(key, context)
