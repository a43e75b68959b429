"""One poll of one account: a bounded unit that can stop anywhere and is taken up again.

    recover | read new mail | corrections | follow the drafts | decide | compose | apply

`read_new`, `take_corrections` and `follow_drafts` gather, `plan_for` thinks, `apply` acts; each
step commits what it learnt before the next one starts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from inboxbot.core.compose import Letter, compose
from inboxbot.core.decide import Situation, decide
from inboxbot.core.envelope import ComposeError
from inboxbot.core.history import Entry, History
from inboxbot.core.intake import describe
from inboxbot.core.plan import (
    Action,
    Decision,
    Defer,
    Draft,
    DraftRecord,
    DraftState,
    Judgement,
    LeaveAlone,
    Plan,
    Reason,
    SaveDraft,
    WithdrawDraft,
)
from inboxbot.core.types import Address, Reading, Stage
from inboxbot.daemon.apply import apply, as_it_lies
from inboxbot.daemon.context import Context
from inboxbot.daemon.correct import take_corrections
from inboxbot.daemon.follow import follow_drafts, letters_of_the_user, sent_just_before
from inboxbot.daemon.pause import pause_of
from inboxbot.daemon.read import Report, read_new
from inboxbot.daemon.recover import recover
from inboxbot.daemon.replies import tell_refused


def poll(context: Context, *, dry_run: bool = False) -> Report:
    """Run one poll. Raise `MailboxError` where the mailbox fails; what was done stays done.

    With `dry_run` the context's journal must be a copy: new mail is read and the plan is made,
    and nothing is applied.
    """
    report = Report()
    if not dry_run:
        recover(context)
    read_new(context, report)
    if not dry_run:
        tell_refused(context)
        take_corrections(context)
        follow_drafts(context)
    report.plan = plan_for(context, report)
    if not dry_run:
        apply(report.plan, context)
        context.journal.set_note(context.account, "last_poll", context.clock().isoformat())
    return report


# ---------------------------------------------------------------- think


def plan_for(context: Context, report: Report) -> Plan:
    """Decide about every rejection that waits for it, oldest first, and compose the drafts."""
    history = context.journal.history(context.account)
    waiting = [entry for entry in history.entries if entry.open]
    if not waiting:
        return ()
    # An intent of an earlier poll that came to nothing: its mail is decided about anew.
    history.drafts = tuple(
        record for record in history.drafts if record.state is not DraftState.INTENDED
    )
    theirs = letters_of_the_user(history, context)
    today = _drafts_today(history, context)
    actions: list[Action] = []
    for entry in waiting:
        judgement = _judged(entry, history, today, context)
        action = _action(entry, judgement, theirs, context)
        actions.append(action)
        if isinstance(action, SaveDraft):
            history.add_draft(as_it_lies(action, context))
            today += judgement.replaces is None
            if judgement.replaces is not None:
                actions = _without(judgement.replaces, actions, history)
    actions.sort(key=lambda action: not isinstance(action, SaveDraft))  # what replaces comes first
    for action in actions:
        _count(action, report)
    return tuple(actions)


def _judged(entry: Entry, history: History, today: int, context: Context) -> Judgement:
    """Decide about one mail; only for a draft it is worth asking when the user had applied."""
    situation = _situation(context, today)
    judgement = decide(entry.reading, entry.application, history, situation)
    if judgement.contact is None or judgement.stage is not Stage.APPLICATION:
        return judgement
    applied = sent_just_before(entry.reading, history, context)
    if applied is None:
        return judgement
    return decide(entry.reading, entry.application, history, replace(situation, applied=applied))


def _without(earlier: DraftRecord, actions: list[Action], history: History) -> list[Action]:
    """Return the plan in which a draft gives way to the one that names its role as well."""
    history.add_draft(replace(earlier, state=DraftState.WITHDRAWN))
    taken_back: Action = WithdrawDraft(record=earlier, why=Reason.DUPLICATE)
    kept: list[Action] = []
    for action in actions:
        unwritten = earlier.state is DraftState.INTENDED
        if isinstance(action, SaveDraft) and action.draft.key == earlier.key and unwritten:
            in_one = Judgement(decision=Decision.LEAVE, reason=Reason.DUPLICATE)
            taken_back = LeaveAlone(
                reading=action.reading, application=action.application, judgement=in_one
            )
        else:
            kept.append(action)
    return [*kept, taken_back]


def _situation(context: Context, drafts_today: int) -> Situation:
    return Situation(
        owner=context.owner,
        senders=context.senders,
        policy=context.policy,
        thresholds=context.thresholds,
        now=context.clock(),
        zone=context.zone,
        drafts_today=drafts_today,
        # A reply that this poll has read may have said so.
        paused=pause_of(context.journal, context.account, context.clock()) is not None,
    )


def _action(
    entry: Entry, judgement: Judgement, theirs: Sequence[Reading], context: Context
) -> Action:
    reading, application = entry.reading, entry.application
    if judgement.reason is Reason.PAUSED:
        return Defer(reading=reading, application=application, judgement=judgement)
    if judgement.contact is None:
        return LeaveAlone(reading=reading, application=application, judgement=judgement)
    if judgement.not_before is not None:
        told = replace(judgement, reason=Reason.DAILY_CAP if judgement.capped else None)
        return Defer(reading=reading, application=application, judgement=told)
    letter = _letter(entry, judgement, context)
    language = reading.facts.language or "en"
    templates = context.templates.get(language) or context.templates["en"]
    try:
        draft = compose(letter, templates, context.senders, context.clock())
    except ComposeError:
        nobody = Judgement(decision=Decision.LEAVE, reason=Reason.UNREACHABLE)
        return LeaveAlone(reading=reading, application=application, judgement=nobody)
    if _answers_too(draft, theirs):
        own = Judgement(decision=Decision.LEAVE, reason=Reason.USER_REPLIED)
        return LeaveAlone(reading=reading, application=application, judgement=own)
    return SaveDraft(draft=draft, reading=reading, application=application, judgement=judgement)


def _letter(entry: Entry, judgement: Judgement, context: Context) -> Letter:
    parent = judgement.contact.parent if judgement.contact else entry.reading
    raw = list(context.mailbox.fetch([parent.locator])) if parent.locator else []
    again = next((mail for mail in context.reader.read(raw) if isinstance(mail, Reading)), None)
    same = again is not None and again.message.key == parent.message.key
    return Letter(
        reading=entry.reading,
        judgement=judgement,
        employer=judgement.employer,
        owner=context.owner,
        sender=_sender(entry.reading, context),
        signature=context.signature,
        quoted=again.message.text if again is not None and same else "",
    )


def _sender(reading: Reading, context: Context) -> str:
    """Return the address of the user's that the mail was sent to."""
    message = reading.message
    delivered = (Address(addr) for addr in message.delivered_to)
    for address in (*message.to, *message.cc, *delivered):
        if address.addr in context.owner.addresses:
            return address.addr
    return context.owner.address


def _answers_too(draft: Draft, theirs: Iterable[Reading]) -> bool:
    """Tell whether the user has begun an answer of his own: it stays, and ours is not written."""
    return any(
        draft.key not in reading.message.message_id
        and not {*reading.message.in_reply_to, *reading.message.references}.isdisjoint(
            draft.answers
        )
        for reading in theirs
    )


def _drafts_today(history: History, context: Context) -> int:
    today = context.clock().astimezone(context.zone).date()
    return sum(
        record.planned.astimezone(context.zone).date() == today
        and record.state is not DraftState.INTENDED
        and not record.also  # written in place of another one
        for record in history.drafts
    )


def _count(action: Action, report: Report) -> None:
    match action:
        case SaveDraft():
            report.drafts += 1
        case Defer():
            report.deferred += 1
        case LeaveAlone(judgement=Judgement(decision=Decision.REVIEW)):
            report.review += 1
        case LeaveAlone(judgement=Judgement(reason=Reason() as reason)):
            report.reasons[reason] += 1
        case _:
            pass


def describe_plan(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield the plan as plain values, for `--dry-run`."""
    for action in plan:
        match action:
            case SaveDraft(draft=draft, reading=reading, judgement=judgement):
                yield {
                    "action": str(judgement.decision),
                    "to": draft.to.addr,
                    "subject": draft.subject,
                    "key": draft.key,
                    **{name: describe(reading)[name] for name in ("employer", "role", "evidence")},
                }
            case (
                LeaveAlone(reading=reading, judgement=judgement)
                | Defer(reading=reading, judgement=judgement)
            ):
                yield {
                    "action": "later" if isinstance(action, Defer) else str(judgement.decision),
                    "reason": judgement.reason and str(judgement.reason),
                    **{name: describe(reading)[name] for name in ("employer", "role", "evidence")},
                }
            case _:
                continue
