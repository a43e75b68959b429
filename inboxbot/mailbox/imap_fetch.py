"""UIDs of an open folder → mails, in order: structure first, then text, never attachments.

    uids | ask size, date, flags, structure | plan | runs of 2 MiB | one FETCH a plan | mail

A message that the server cannot tell in one way is asked for in simpler ways, alone, down to an
empty mail marked as cut: one bad message stops no poll.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Protocol

from inboxbot.core.types import EPOCH
from inboxbot.mailbox import imap_structure
from inboxbot.mailbox.imap_gateway import Refused
from inboxbot.mailbox.imap_responses import Answer, Fetched
from inboxbot.mailbox.imap_structure import HEADER_OCTETS, PART_OCTETS, WHOLE_OCTETS, Leaf, Node
from inboxbot.mailbox.imap_transport import ConnectionLost
from inboxbot.ports import Part

BATCH_MESSAGES = 100
_RUN_OCTETS = 2 << 20  # at 1 Mbit/s within the deadline of one command

_ABOUT = ("RFC822.SIZE", "INTERNALDATE", "FLAGS", "BODYSTRUCTURE")
_WHOLE = f"BODY.PEEK[]<0.{WHOLE_OCTETS}>"
_HEADER = f"BODY.PEEK[HEADER]<0.{HEADER_OCTETS}>"
_HEADER_ALONE_OCTETS = 1 << 16  # a hundred of them fit the allowance of one command
_HEADER_ALONE = f"BODY.PEEK[HEADER]<0.{_HEADER_ALONE_OCTETS}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message as it was fetched."""

    uid: int
    received: datetime
    flags: frozenset[str]
    data: bytes
    cut: bool


class Source(Protocol):
    """The open folder that messages are fetched from."""

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Answer:
        """Ask for items of messages. Raise Refused, ConnectionLost or another MailboxError."""
        ...

    def recover(self) -> None:
        """Open the folder anew after ConnectionLost. Raise MailboxError where that fails."""
        ...


class Failure(Enum):
    """Why one question has no answer."""

    REFUSED = "refused"  # the server said NO, or what it said could not be read
    LOST = "lost"  # the connection ended over it, and there is a new one


_Content = Callable[[Fetched], tuple[bytes, bool]]  # → the mail, and whether it was cut


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What to fetch of one message, and how to make a mail of it."""

    uid: int
    items: tuple[str, ...]
    octets: int  # what it will cost, roughly
    content: _Content
    about: Fetched | None = None  # its date and flags, where they are known already


def read(source: Source, uids: Sequence[int], part: Part) -> Iterator[Mail]:
    """Yield the messages that are still there, in the order asked for; at most a batch of them."""
    if part is Part.HEADERS:
        yield from _carry_out(source, [_header_plan(uid) for uid in uids])
        return
    about = _attempt(source, uids, _ABOUT)
    if isinstance(about, Failure) and len(uids) > 1:
        # One of them may be the reason: each on its own.
        for uid in uids:
            yield from read(source, [uid], part)
        return
    for run in _runs(_plans(uids, about)):
        yield from _carry_out(source, run)


def _plans(uids: Sequence[int], about: Answer | Failure) -> list[_Plan]:
    if isinstance(about, Failure):
        return [_plan(uid, None) for uid in uids]
    told = {**dict.fromkeys(about.unreadable), **about.messages}
    # What the server does not mention is gone.
    return [_plan(uid, told[uid]) for uid in uids if uid in told]


def _plan(uid: int, about: Fetched | None) -> _Plan:
    root = imap_structure.parse(about.structure) if about else None
    if about is None or root is None:
        return _simplest_plans(uid)[0]
    if _fits_whole(about, root):
        return _Plan(uid=uid, items=(_WHOLE,), octets=about.size or 0, content=_whole, about=about)
    return _parts_plan(uid, about, root)


def _fits_whole(about: Fetched, root: Node) -> bool:
    small = about.size is not None and about.size <= WHOLE_OCTETS
    return small and all(leaf.wanted for leaf in imap_structure.leaves(root))


def _parts_plan(uid: int, about: Fetched, root: Node) -> _Plan:
    leaves = imap_structure.wanted_leaves(root)
    items = [_HEADER]
    for leaf in leaves:
        if isinstance(root, imap_structure.Multipart):
            items.append(f"BODY.PEEK[{leaf.section}.MIME]<0.{imap_structure.MIME_OCTETS}>")
        items.append(f"BODY.PEEK[{leaf.section}]<0.{PART_OCTETS}>")
    return _Plan(
        uid=uid,
        items=tuple(items),
        octets=HEADER_OCTETS // 16 + sum(min(leaf.size, PART_OCTETS) for leaf in leaves),
        content=partial(_parts, root, leaves),
        about=about,
    )


def _header_plan(uid: int) -> _Plan:
    items = ("INTERNALDATE", "FLAGS", _HEADER_ALONE)
    return _Plan(uid=uid, items=items, octets=0, content=_header)


def _simplest_plans(uid: int) -> tuple[_Plan, ...]:
    """Return ever simpler ways to a message: no structure, no flags, no body, no date."""
    body = partial(_Plan, uid=uid, octets=WHOLE_OCTETS, content=_whole)
    header = partial(_Plan, uid=uid, octets=_HEADER_ALONE_OCTETS, content=_header_of_more)
    return (
        body(items=("INTERNALDATE", "FLAGS", _WHOLE)),
        body(items=("INTERNALDATE", _WHOLE)),
        header(items=("INTERNALDATE", _HEADER_ALONE)),
        header(items=(_HEADER_ALONE,)),
    )


def _runs(plans: Sequence[_Plan]) -> Iterator[list[_Plan]]:
    """Cut plans, in order, into runs that one command and our memory can carry."""
    run: list[_Plan] = []
    octets = 0
    for plan in plans:
        if run and octets + plan.octets > _RUN_OCTETS:
            yield run
            run, octets = [], 0
        run.append(plan)
        octets += plan.octets
    if run:
        yield run


def _carry_out(source: Source, plans: Sequence[_Plan]) -> Iterator[Mail]:
    """Yield the mails of a run, one command for all that ask for the same."""
    groups: dict[tuple[str, ...], list[_Plan]] = {}
    for plan in plans:
        groups.setdefault(plan.items, []).append(plan)
    mails: dict[int, Mail | None] = {}
    for group in groups.values():
        mails.update(_fetch_group(source, group))
    for plan in plans:
        mail = mails.pop(plan.uid, None)
        if mail is not None:
            yield mail


def _fetch_group(source: Source, group: Sequence[_Plan]) -> Mapping[int, Mail | None]:
    answer = _attempt(source, [plan.uid for plan in group], group[0].items)
    if isinstance(answer, Failure) and len(group) > 1:
        alone = [_fetch_group(source, [plan]) for plan in group]
        return {uid: mail for one in alone for uid, mail in one.items()}
    return {plan.uid: _made(source, plan, answer) for plan in group}


def _made(source: Source, plan: _Plan, answer: Answer | Failure) -> Mail | None:
    """Return the mail; None where the message is gone by now."""
    if isinstance(answer, Failure):
        return _salvaged(source, plan, answer)
    if told := answer.messages.get(plan.uid):
        return _mail(plan, told)
    return _salvaged(source, plan, Failure.REFUSED) if plan.uid in answer.unreadable else None


def _salvaged(source: Source, failed: _Plan, failure: Failure) -> Mail | None:
    """Return what can be had of a message; at worst nothing of it, so that it is seen to."""
    ladder = _simplest_plans(failed.uid)
    for plan in ladder[-1:] if failure is Failure.LOST else ladder:
        if plan.items == failed.items:
            continue
        answer = _attempt(source, [plan.uid], plan.items)
        if answer is Failure.LOST:
            break
        if answer is Failure.REFUSED or plan.uid in answer.unreadable - answer.messages.keys():
            continue
        told = answer.messages.get(plan.uid)
        return _mail(plan, told) if told else None
    return Mail(uid=failed.uid, received=EPOCH, flags=frozenset(), data=b"", cut=True)


def _attempt(source: Source, uids: Sequence[int], items: Sequence[str]) -> Answer | Failure:
    try:
        return source.fetch(uids, items)
    except Refused:
        return Failure.REFUSED
    except ConnectionLost:
        source.recover()
        return Failure.LOST


def _mail(plan: _Plan, told: Fetched) -> Mail | None:
    if any(told.sections.get(section, b"") is None for section in ("", "HEADER")):
        # NIL for the whole of a message: it was removed just now (RFC 2180 §4.1.3).
        return None
    about = plan.about or told
    data, cut = plan.content(told)
    # Without a date it counts as old: nothing is drafted, and it is journalled why.
    received = about.received or EPOCH
    return Mail(uid=plan.uid, received=received, flags=about.flags, data=data, cut=cut)


def _whole(told: Fetched) -> tuple[bytes, bool]:
    return _bounded(told.octets(""), WHOLE_OCTETS)


def _header(told: Fetched) -> tuple[bytes, bool]:
    return _bounded(told.octets("HEADER"), _HEADER_ALONE_OCTETS)


def _header_of_more(told: Fetched) -> tuple[bytes, bool]:
    return _header(told)[0], True


def _parts(root: Node, leaves: Sequence[Leaf], told: Fetched) -> tuple[bytes, bool]:
    header, cut = _bounded(told.octets("HEADER"), HEADER_OCTETS)
    sections: dict[str, bytes] = {}
    for leaf in leaves:
        sections[leaf.section], over = _bounded(told.octets(leaf.section), PART_OCTETS)
        mime = f"{leaf.section}.MIME"
        sections[mime] = told.octets(mime)
        cut = cut or over
    wanted = sum(leaf.wanted for leaf in imap_structure.leaves(root))
    return imap_structure.rebuild(header, root, sections), cut or wanted > len(leaves)


def _bounded(data: bytes, octets: int) -> tuple[bytes, bool]:
    """Return what was asked for, whatever the server sent, and whether there may be more."""
    return data[:octets], len(data) >= octets
