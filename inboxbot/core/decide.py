"""Decide about one mail: reading + history + policy → a judgement. Pure.

    is it a rejection? → is the Reply-To sound? → is there anything to ask? → whom? → when?

Each early return is one line of the closed list of reasons, in the order in which a user would
want to hear them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from inboxbot.core.asked import asked_before, can_say_more, contact_of, named_together
from inboxbot.core.contact import Owner, find_contact, wrote_it
from inboxbot.core.doubt import doubt_of
from inboxbot.core.due import not_before_of
from inboxbot.core.guards import Senders, registrable
from inboxbot.core.history import Entry, History, employer_of, normal_employer, role_of, stage_of
from inboxbot.core.identity import draft_key
from inboxbot.core.joining import goes_on
from inboxbot.core.plan import (
    Contact,
    Decision,
    DraftRecord,
    DraftState,
    Judgement,
    Reason,
)
from inboxbot.core.policy import Policy, Thresholds
from inboxbot.core.types import Address, Label, Reading, Stage

_INSTANT = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a decision needs besides the mail and what is known of its application."""

    owner: Owner
    senders: Senders
    policy: Policy
    thresholds: Thresholds
    now: datetime
    zone: tzinfo = ZoneInfo("UTC")
    drafts_today: int = 0
    applied: datetime | None = None  # when the user's own application went off, where it is known
    paused: bool = False
    as_if_just_arrived: bool = False  # `scan`: age, daily cap and earlier asks aside


def decide(reading: Reading, application: str, history: History, at: Situation) -> Judgement:
    """Return what to do about a mail.

    `history` holds the mail itself and everything known before; the judgement of a draft names
    the contact, the stage and the roles.
    """
    entries = history.of_application(application)
    before = tuple(entry for entry in entries if entry.when <= reading.message.when)
    if doubt := doubt_of(reading, before, at.thresholds):
        return doubt
    if _drafted(reading, history) or _was_forgotten(reading, history, at.owner):
        return _leave(Reason.DUPLICATE)
    contact = find_contact(reading, entries, history, at.owner, at.senders)
    if contact is Reason.REPLY_TO_MISMATCH:
        return _leave(Reason.REPLY_TO_MISMATCH)
    if reason := _nothing_to_ask(reading, entries, before, at):
        return _leave(reason)
    asked = _asked(reading, before, contact, history, at)
    earlier = can_say_more(asked, employer_of(reading, before), contact, at.senders)
    if isinstance(contact, Reason) and earlier is not None and not reading.facts.gives_feedback:
        contact = contact_of(earlier, history, at.owner, at.senders) or contact
    if isinstance(contact, Reason):
        return _unreachable(reading, contact)
    if reason := _not_this_person(reading, before, contact, history, at):
        return _leave(reason)
    if not asked:
        return _ask(reading, before, contact, at)
    if earlier is None or not _only_asks(reading):
        return _leave(Reason.ASKED_RECENTLY)
    return _ask_for_both(reading, application, before, contact, earlier, at)


def _not_this_person(
    reading: Reading, before: tuple[Entry, ...], contact: Contact, history: History, at: Situation
) -> Reason | None:
    """Return why this person is not to be asked, or thanked, though there is one."""
    facts = reading.facts
    if _named(contact.address, at.policy):
        return Reason.NEVER_ASK
    if _user_wrote(reading, before, contact, history, at):
        return Reason.USER_REPLIED
    if not wrote_it(contact, reading):  # nobody is thanked for what somebody else has written
        if facts.gives_feedback:
            return Reason.FEEDBACK_GIVEN
        if facts.refuses_feedback and not facts.offers_feedback:
            return Reason.FEEDBACK_REFUSED
    return None


def _user_wrote(
    reading: Reading, before: tuple[Entry, ...], contact: Contact, history: History, at: Situation
) -> bool:
    """Tell whether the user has written to this person or employer since, about any role.

    A person's answer to what he wrote after the first no may read like a second one; a no of long
    ago, before he applied again, may not.
    """
    sure, near = at.thresholds.draft, reading.message.when - at.policy.max_age
    noes = [
        entry.when
        for entry in before
        if entry.reading.verdict.probability >= sure and entry.when >= near
    ]
    arrived = reading.message.when
    since = min([*noes, arrived]) if wrote_it(contact, reading) else arrived
    of_employer = history.of_employer(employer_of(reading, before))
    applications = {entry.application for entry in of_employer}
    return any(
        entry.application in applications
        or contact.address.addr in {address.addr for address in entry.message.to}
        for entry in history.entries
        if entry.own and entry.when > since
    )


def _leave(reason: Reason) -> Judgement:
    return Judgement(decision=Decision.LEAVE, reason=reason)


def _nothing_to_ask(
    reading: Reading, entries: tuple[Entry, ...], before: tuple[Entry, ...], at: Situation
) -> Reason | None:
    """Return the first reason not to ask that does not depend on whom."""
    facts, policy = reading.facts, at.policy
    if at.paused:
        return Reason.PAUSED
    if _never_ask(reading, before, policy) or policy.ask == "never":
        return Reason.NEVER_ASK
    if policy.ask == "interviewed" and stage_of(reading, before) is Stage.APPLICATION:
        return Reason.NEVER_ASK
    if not at.as_if_just_arrived and at.now - reading.message.when > policy.max_age:
        return Reason.TOO_OLD
    if reason := _what_came_later(reading, entries):
        return reason
    if facts.refuses_feedback and not facts.gives_feedback and not policy.thank_when_refused:
        return Reason.FEEDBACK_REFUSED
    if facts.offers_feedback and facts.offers_feedback_link:
        return Reason.OFFERED_ELSEWHERE
    return Reason.INSTANT if _is_instant(reading, before, at.applied) else None


def _what_came_later(reading: Reading, entries: tuple[Entry, ...]) -> Reason | None:
    """Return why a newer message of the application makes a question wrong, if one does."""
    for entry in entries:
        if entry.when <= reading.message.when or entry.message.key == reading.message.key:
            continue
        if entry.own:
            return Reason.USER_REPLIED
        if goes_on(entry.reading):
            return Reason.REOPENED
        if entry.reading.verdict.label is Label.FEEDBACK:
            return Reason.FEEDBACK_GIVEN
    return None


def _drafted(reading: Reading, history: History) -> bool:
    """Tell whether this very mail has its draft; an intent that came to nothing is none."""
    key = reading.message.key
    return any(
        key in {record.answered, *record.also} and record.state is not DraftState.INTENDED
        for record in history.drafts
    )


def _was_forgotten(reading: Reading, history: History, owner: Owner) -> bool:
    """Tell whether the user has had this mail, or its draft, erased: it is not drafted anew."""
    keys = (reading.message.key, draft_key(owner, reading.message))
    return any(history.forgotten.holds(key) for key in keys)


def _never_ask(reading: Reading, before: tuple[Entry, ...], policy: Policy) -> bool:
    author = reading.message.author
    employer = normal_employer(employer_of(reading, before))
    if employer and employer in {normal_employer(name) for name in policy.never_ask}:
        return True
    return author is not None and _named(author, policy)


def _named(address: Address, policy: Policy) -> bool:
    """Tell whether `never_ask` names an address or its domain."""
    named = {name.casefold() for name in policy.never_ask}
    return not named.isdisjoint({address.addr, address.domain, registrable(address.domain)})


def _is_instant(reading: Reading, before: tuple[Entry, ...], applied: datetime | None) -> bool:
    """Tell whether a machine refused: within an hour of the application or its acknowledgement."""
    if stage_of(reading, before) is not Stage.APPLICATION:
        return False
    begun = [entry.when for entry in before if entry.reading.verdict.label is Label.ACKNOWLEDGEMENT]
    begun += [applied] if applied else []
    return any(reading.message.when - moment <= _INSTANT for moment in begun)


def _unreachable(reading: Reading, reason: Reason) -> Judgement:
    return _leave(Reason.FEEDBACK_GIVEN if reading.facts.gives_feedback else reason)


def _asked(
    reading: Reading, before: tuple[Entry, ...], contact: Contact | Reason, history: History,
    at: Situation,
) -> tuple[DraftRecord, ...]:  # fmt: skip
    """Return the drafts to this employer or person within `ask_again_after`."""
    if at.as_if_just_arrived:
        return ()
    since = at.now - at.policy.ask_again_after
    employer = employer_of(reading, before)
    return asked_before(reading, employer, contact, history, at.senders, since)


def _only_asks(reading: Reading) -> bool:
    """Tell whether a draft about this mail is a mere question: no thanks, no acceptance."""
    facts = reading.facts
    return not (facts.gives_feedback or facts.refuses_feedback or facts.offers_feedback)


def _ask(
    reading: Reading, before: tuple[Entry, ...], contact: Contact, at: Situation, *,
    one_more: bool = True,
) -> Judgement:  # fmt: skip
    """Return the judgement of a draft; it counts against the daily cap if it is `one_more`."""
    facts = reading.facts
    thanks = facts.gives_feedback or (facts.refuses_feedback and not facts.offers_feedback)
    role = role_of(reading, before)
    not_before, capped = None, False
    if not at.as_if_just_arrived:
        capped = one_more and at.drafts_today >= at.policy.drafts_per_day
        not_before = not_before_of(reading.message.when, at.policy, at.now, at.zone, capped=capped)
    return Judgement(
        decision=Decision.THANKS if thanks else Decision.DRAFT,
        reason=_why_thanks(reading) if thanks else None,
        contact=contact,
        stage=stage_of(reading, before),
        roles=(role,) if role else (),
        employer=employer_of(reading, before),
        accepts_offer=facts.offers_feedback,
        not_before=not_before,
        capped=capped,
    )


def _ask_for_both(
    reading: Reading, application: str, before: tuple[Entry, ...], contact: Contact,
    earlier: DraftRecord, at: Situation,
) -> Judgement:  # fmt: skip
    """Return a draft in place of an untouched one to this employer, about its roles as well.

    A second no to the same application, from a machine for the most part, adds nothing; one from
    the person who is asked is the mail to be answered.
    """
    asks = _ask(reading, before, contact, at, one_more=False)
    roles = named_together(earlier.roles, role_of(reading, before))
    same = earlier.application == application or roles == earlier.roles
    if same and contact.parent.message.key != reading.message.key:
        return _leave(Reason.DUPLICATE)
    stages = [asks.stage or Stage.APPLICATION, earlier.stage or Stage.APPLICATION]
    furthest = max(stages, key=list(Stage).index)
    told = earlier.told and earlier.to.addr == contact.address.addr
    return replace(asks, roles=roles, stage=furthest, replaces=earlier, told_of_all=told)


def _why_thanks(reading: Reading) -> Reason:
    given = reading.facts.gives_feedback
    return Reason.FEEDBACK_GIVEN if given else Reason.FEEDBACK_REFUSED
