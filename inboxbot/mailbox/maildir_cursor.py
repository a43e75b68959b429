"""Listing + cursor → slices of what is new, each with the cursor behind it. Pure.

A Maildir has no numbers that grow: a mail is new if its identity is not known. The cursor holds
8 octets of hash for each known one, so that flags, synchronisation and the way from new to cur
make nothing new. Up to 5,000 mails all are held, and even an old mail that is moved in is found.
In a larger folder only what arrived in the newest 45 days is held, and an older mail that is
moved in is taken for known: the price for a cursor that does not grow with the folder, and small,
since nothing older than `max_age` (14 days) is acted on.
"""

import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from inboxbot.core.types import Cursor
from inboxbot.mailbox.maildir_files import Entry

SLICE_MESSAGES = 200
ALL_HELD = 5_000  # so many mails, and no fewer, a folder has before the oldest are let go
_WINDOW = timedelta(days=45)
_MANY = 20  # known mails do not leave together by chance
_HASH_OCTETS = 8  # two of 5,000 are alike once in 10^12 folders; that mail would be passed over


class Run(NamedTuple):
    """New mails of one slice; `ports.Slice` says what the rest means."""

    entries: Sequence[Entry]
    cursor: Cursor
    remaining: int
    restarted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the cursor says, as JSON."""

    floor: int  # nanoseconds since 1970: what arrived before is known
    names: bytes  # hashes of what is known from the floor on
    gone: bytes = b""  # those that the last look missed: forgotten when the next one does, too


def runs(
    entries: Sequence[Entry], cursor: Cursor | None, *, since: datetime, now: datetime
) -> Iterator[Run]:
    """Yield the new ones of `entries`, which are in order of arrival, in slices."""
    hashes = [_hash(entry.identity) for entry in entries]
    known = _read(cursor, now, hashes)
    if cursor is not None and known is not None and not entries:
        # A disk that is not mounted looks like this: nothing is learnt from an empty folder.
        yield Run((), cursor, 0, restarted=False)
        return
    restarted = cursor is not None and known is None
    gone = b""
    if known is None:
        first = bisect_left(entries, _nanoseconds(since), key=_arrived)
        fresh = list(range(first, len(entries)))
    else:
        first = bisect_left(entries, known.floor, key=_arrived)
        names = _split(known.names)
        held = names | _split(known.gone)
        fresh = [i for i in range(first, len(entries)) if hashes[i] not in held]
        gone = b"".join(sorted(names.difference(hashes)))
    ledger = _Ledger(entries, hashes, fresh, _lowest_floor(entries, now))
    for start in range(0, len(fresh), SLICE_MESSAGES) or range(1):
        these = fresh[start : start + SLICE_MESSAGES]
        done = start + len(these)
        yield Run(
            entries=[entries[i] for i in these],
            cursor=_write(ledger.known(done, gone)),
            remaining=len(fresh) - done,
            restarted=restarted,
        )


class _Ledger:
    """What is known after each slice: all that was old, and the new ones so far."""

    def __init__(
        self, entries: Sequence[Entry], hashes: Sequence[bytes], fresh: Sequence[int], floor: int
    ) -> None:
        new = frozenset(fresh)
        self._entries, self._hashes, self._fresh, self._floor = entries, hashes, fresh, floor
        self._old = [i for i in range(len(entries)) if i not in new]

    def known(self, done: int, gone: bytes) -> _Known:
        """Return it after the first `done` of the new ones."""
        if done == len(self._fresh):
            names = self._hashes[bisect_left(self._entries, self._floor, key=_arrived) :]
            return _Known(floor=self._floor, names=b"".join(names), gone=gone)
        # Not above the first that is still to come.
        floor = min(self._floor, self._entries[self._fresh[done]].arrived)
        old = self._old[self._from(self._old, floor) :]
        read = self._fresh[self._from(self._fresh[:done], floor) : done]
        names = [self._hashes[i] for i in (*old, *read)]
        return _Known(floor=floor, names=b"".join(names), gone=gone)

    def _from(self, places: Sequence[int], floor: int) -> int:
        return bisect_left(places, floor, key=lambda i: self._entries[i].arrived)


def _lowest_floor(entries: Sequence[Entry], now: datetime) -> int:
    """Return where the window begins: before everything in a small folder."""
    if len(entries) <= ALL_HELD:
        return 0
    # A mail that is dated in the future must not close the window before the present.
    newest = min(entries[-1].arrived, _nanoseconds(now))
    return newest - _nanoseconds_of(_WINDOW)


def _read(cursor: Cursor | None, now: datetime, hashes: Sequence[bytes]) -> _Known | None:
    """Return what a cursor says; None where there is none, or where it is void."""
    if cursor is None:
        return None
    try:
        known = msgspec.json.decode(cursor, type=_Known)
    except msgspec.DecodeError:
        return None  # not ours
    if known.floor > _nanoseconds(now):
        return None  # the clock was wrong then: a window cannot begin in the future
    names = _split(known.names)
    if hashes and len(names) >= _MANY and names.isdisjoint(hashes):
        return None  # laid anew under other names, from a backup or by a sync program
    return known


def _write(known: _Known) -> Cursor:
    return Cursor(msgspec.json.encode(known).decode())


def _hash(identity: str) -> bytes:
    return hashlib.blake2b(os.fsencode(identity), digest_size=_HASH_OCTETS).digest()


def _split(names: bytes) -> frozenset[bytes]:
    return frozenset(
        names[start : start + _HASH_OCTETS] for start in range(0, len(names), _HASH_OCTETS)
    )


def _arrived(entry: Entry) -> int:
    return entry.arrived


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 10**9)


def _nanoseconds_of(time: timedelta) -> int:
    return int(time.total_seconds() * 10**9)
