"""What is forgotten: what belongs together goes, and what does not stays."""

from dataclasses import replace
from datetime import timedelta

from inboxbot.core.decide import decide
from inboxbot.core.erase import employers, of_employer, older_than
from inboxbot.core.forgotten import Forgotten, hash_of
from inboxbot.core.history import History
from inboxbot.core.identity import draft_key
from inboxbot.core.plan import Decision, DraftRecord, DraftState, Event, EventKind, Reason
from inboxbot.core.types import Address, Facts, Key, Label, Reading
from tests.make import NOW, OWNER, history_of, mail, rejection, situation

OLD = NOW - timedelta(days=400)
YEAR_AGO = NOW - timedelta(days=365)


def of(employer: str, sender: str, **fields) -> Reading:
    return rejection(sender, Facts(employer=employer, role="Designer", language="en"), **fields)


def record(answered: Reading, **fields) -> DraftRecord:
    key = answered.message.key
    given = {"key": Key(f"draft-{key}"), "planned": answered.message.received} | fields
    return DraftRecord(
        application=key, answered=key, state=DraftState.WAITING, to=Address("jo@acme.example"),
        subject="Re: x", answers=(), **given,
    )  # fmt: skip


def event(number: int, kind: EventKind = EventKind.SEEN, message: str = "", **fields) -> Event:
    return Event(id=number, kind=kind, message=message, **{"time": NOW, **fields})


def test_with_an_old_mail_its_draft_goes_and_all_that_was_noted_of_both_whenever_that_was():
    old, new = of("Acme", "jo@acme.example", received=OLD), of("Bolt", "al@bolt.example")
    history = history_of(old, new)
    history.add_draft(record(old, planned=NOW))
    history.add_draft(record(new))
    events = [
        event(1, message=old.message.key), event(2, message=f"draft-{old.message.key}"),
        event(3, message=new.message.key), event(4, message=f"draft-{new.message.key}"),
        event(5, EventKind.HEALTH, time=OLD), event(6, EventKind.HEALTH),
    ]  # fmt: skip
    going = older_than(YEAR_AGO, history, events)
    assert [entry.message.key for entry in going.entries] == [old.message.key]
    assert [known.answered for known in going.drafts] == [old.message.key]
    assert [known.id for known in going.events] == [1, 2, 5]
    assert going.keys == {old.message.key, f"draft-{old.message.key}"}


def test_a_dead_address_is_forgotten_with_the_last_report_of_it():
    history = History(dead=frozenset({"old@x.example", "both@x.example", "new@x.example"}))
    events = [
        event(1, EventKind.BOUNCED, time=OLD, payload={"address": "old@x.example"}),
        event(2, EventKind.BOUNCED, time=OLD, payload={"address": "both@x.example"}),
        event(3, EventKind.BOUNCED, payload={"address": "both@x.example"}),
        event(4, EventKind.BOUNCED, payload={"address": "new@x.example"}),
    ]
    assert older_than(YEAR_AGO, history, events).dead == {"old@x.example"}


def test_an_employer_goes_with_every_mail_of_its_applications_however_it_is_written():
    first, second = of("Acme Inc.", "jo@acme.example"), of("Bolt", "al@bolt.example")
    unnamed = mail(
        Label.INTERVIEW, "jo@acme.example", Facts(), message_id="2@x",
        in_reply_to=(first.message.message_id,),
    )  # fmt: skip
    own = mail(Label.NOT_JOB, "mara@home.example", Facts(), message_id="3@x",
               in_reply_to=(first.message.message_id,))  # fmt: skip
    history = history_of(first, second, unnamed, own=(own,))
    application = history.entry(first.message.key).application
    events = [
        event(1, application=application, payload={"employer": "Acme Inc."}),
        event(2, application="b", payload={"employer": "Bolt"}),
        event(3, EventKind.HEALTH),
    ]
    going = of_employer("the ACME", history, events)
    keys = {reading.message.key for reading in (first, unnamed, own)}
    assert {entry.message.key for entry in going.entries} == keys
    assert [known.id for known in going.events] == [1]


def test_with_an_employer_its_people_go_out_of_the_dead_addresses_and_the_reports():
    first = of("Acme", "jo@acme.example")
    report = mail(Label.NOT_JOB, "mailer-daemon@home.example", Facts(), message_id="9@x")
    history = history_of(first, report)
    history.dead = frozenset({"jo@acme.example", "al@bolt.example"})
    events = [
        event(1, EventKind.BOUNCED, report.message.key, payload={"address": "jo@acme.example"}),
        event(2, EventKind.BOUNCED, "other", payload={"address": "al@bolt.example"}),
    ]
    going = of_employer("Acme", history, events)
    assert going.dead == {"jo@acme.example"}
    assert {entry.message.key for entry in going.entries} == {
        first.message.key, report.message.key,
    }  # fmt: skip
    assert [known.id for known in going.events] == [1]


def test_an_unknown_employer_has_nothing_to_be_forgotten():
    history = history_of(of("Acme", "jo@acme.example"))
    assert not of_employer("Acmee", history, [])
    assert employers(history, [event(1, payload={"employer": "Bolt"})]) == ("Acme", "Bolt")


def test_drafts_that_lie_in_the_mailbox_are_counted():
    answered = of("Acme", "jo@acme.example")
    history = history_of(answered)
    history.add_draft(replace(record(answered), application=answered.message.key))
    history.add_draft(record(answered, key=Key("other")))
    sent = replace(record(answered, key=Key("sent")), state=DraftState.SENT)
    history.add_draft(sent)
    assert older_than(NOW, history, []).lying == 2


def test_a_forgotten_mail_is_never_drafted_again_by_its_own_key_or_its_drafts():
    reading = rejection()
    history = history_of(reading)
    application = history.entries[0].application
    assert decide(reading, application, history, situation()).decision is Decision.DRAFT
    for key in (reading.message.key, draft_key(OWNER, reading.message)):
        history.forgotten = Forgotten(salt="s", hashes=frozenset({hash_of(key, "s")}))
        judgement = decide(reading, application, history, situation())
        assert (judgement.decision, judgement.reason) == (Decision.LEAVE, Reason.DUPLICATE)


def test_a_hash_of_another_salt_says_nothing():
    forgotten = Forgotten(salt="mine", hashes=frozenset({hash_of(Key("k"), "another")}))
    assert not forgotten.holds(Key("k"))
