"""Each reason of the closed list, and each way to a draft."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from inboxbot.core.correction import Said, corrected
from inboxbot.core.decide import decide
from inboxbot.core.joining import application_of
from inboxbot.core.plan import (
    Basis,
    Confidence,
    Decision,
    DraftRecord,
    DraftState,
    Judgement,
    Reason,
)
from inboxbot.core.policy import Policy, QuietHours
from inboxbot.core.types import Address, CalendarEvent, Facts, Key, Label, Reading, Stage, Trait
from tests.make import (
    ME,
    NOW,
    SENDERS,
    history_of,
    mail,
    message,
    rejection,
    situation,
    verdict,
    with_facts,
)

NO_REPLY = "Acme <no-reply@us.greenhouse-mail.io>"
RECRUITER = "Priya Raman <priya.raman@acme.example>"


def judge(
    reading: Reading, *before: Reading, own: tuple[Reading, ...] = (), at=None, drafts=()
) -> Judgement:
    history = history_of(*before, reading, own=own)
    for record in drafts:
        history.add_draft(record)
    return decide(reading, application_of(reading, history, SENDERS), history, at or situation())


def record(**fields) -> DraftRecord:
    given = {
        "key": Key("k" * 32), "application": "other", "answered": Key("o" * 32),
        "state": DraftState.SENT, "to": Address("someone@else.example"), "subject": "Re: x",
        "answers": (), "planned": NOW - timedelta(days=3),
    }  # fmt: skip
    return DraftRecord(**{**given, **fields})


def test_a_sure_rejection_from_a_person_is_answered_to_that_person():
    judgement = judge(rejection())
    assert judgement.decision is Decision.DRAFT
    assert judgement.reason is None
    assert judgement.contact.address.addr == "jo@acme.example"
    assert judgement.contact.basis is Basis.SENDER


def test_what_is_probably_no_rejection_is_left_alone():
    reading = replace(rejection(), verdict=verdict(0.1, Label.NOT_JOB))
    assert judge(reading).reason is Reason.NOT_REJECTION


def test_what_may_be_a_rejection_is_asked_about_and_never_drafted():
    judgement = judge(replace(rejection(), verdict=verdict(0.5)))
    assert (judgement.decision, judgement.reason) == (Decision.REVIEW, Reason.BELOW_THRESHOLD)


def test_a_mail_that_names_neither_employer_nor_role_needs_no_doubt_at_all():
    bare = replace(rejection(facts=Facts(language="es")), verdict=verdict(0.92))
    assert judge(bare).decision is Decision.REVIEW
    assert judge(replace(bare, verdict=verdict(0.98))).decision is Decision.DRAFT
    invitation = mail(
        Label.INTERVIEW, "Jo Park <jo@acme.example>", received=NOW - timedelta(days=3)
    )
    known = replace(bare, message=replace(
        bare.message, in_reply_to=(invitation.message.message_id,)
    ))  # fmt: skip
    assert judge(known, invitation).decision is Decision.DRAFT


def test_a_language_that_is_not_measured_well_is_reviewed():
    thresholds = replace(situation().thresholds, experimental_languages=frozenset({"hi"}))
    judgement = judge(with_facts(rejection(), language="hi"), at=situation(thresholds=thresholds))
    assert judgement.decision is Decision.REVIEW


def test_a_tenant_address_of_a_tracking_system_is_unreachable():
    assert judge(rejection("Acme <acme@myworkday.com>")).reason is Reason.UNREACHABLE


@pytest.mark.threat("D10")
@pytest.mark.parametrize("trait", list(Trait))
def test_headers_of_machines_drop_from_and_reply_to(trait: Trait):
    reading = rejection(traits=frozenset({trait}), reply_to=(Address("jo@acme.example"),))
    assert judge(reading).reason is Reason.UNREACHABLE


def test_headers_of_machines_do_not_drop_the_recruiter_of_an_earlier_mail():
    invitation = mail(Label.INTERVIEW, RECRUITER, received=NOW - timedelta(days=5))
    reading = rejection(NO_REPLY, traits=frozenset({Trait.AUTO_SUBMITTED}))
    judgement = judge(reading, invitation)
    assert judgement.contact.address.addr == "priya.raman@acme.example"
    assert judgement.contact.basis is Basis.EARLIER_MESSAGE
    assert judgement.contact.parent.message.key == invitation.message.key
    assert judgement.stage is Stage.INTERVIEW


def test_the_recruiter_is_asked_before_the_newer_interviewer():
    recruiter = mail(Label.INTERVIEW, RECRUITER, received=NOW - timedelta(days=9))
    interviewer = mail(
        Label.OTHER_JOB, "Sam Yu <sam@acme.example>", received=NOW - timedelta(days=3)
    )
    judgement = judge(rejection(NO_REPLY), recruiter, interviewer)
    assert judgement.contact.address.addr == "priya.raman@acme.example"


def test_a_contact_that_the_text_names_at_the_employers_domain_is_asked():
    reading = with_facts(
        rejection("Acme <acme@myworkday.com>"), contact=Address("people@acme.example")
    )
    judgement = judge(reading)
    assert judgement.contact.address.addr == "people@acme.example"
    assert judgement.contact.basis is Basis.NAMED_IN_TEXT


def test_a_contact_that_the_text_names_elsewhere_is_not_asked():
    reading = with_facts(
        rejection("Acme <acme@myworkday.com>"), contact=Address("people@other.example")
    )
    assert judge(reading).reason is Reason.UNREACHABLE


def test_a_reply_to_in_the_senders_own_house_is_asked():
    reading = rejection("Acme <no-reply@mail.acme.com>", reply_to=(Address("jo@acme.com"),))
    judgement = judge(reading)
    assert judgement.contact.address.addr == "jo@acme.com"
    assert judgement.contact.basis is Basis.REPLY_TO


def test_a_vendors_reply_to_at_the_employers_domain_is_asked():
    reading = rejection(NO_REPLY, reply_to=(Address("jo@acme.example"),))
    assert judge(reading).contact.address.addr == "jo@acme.example"


@pytest.mark.threat("D1")
@pytest.mark.parametrize(
    ("sender", "reply_to"),
    [
        ("Jo <jo@acme.example>", "jo@acme-careers.example"),
        ("Jo <jo@acme.example>", "jo@xn--cme-5cd.example"),
        (NO_REPLY, "jo@attacker.example"),
        ("Jo <jo@gmail.com>", "other@gmail.com"),
        ("Jo <jo@mail.co.uk>", "jo@other.co.uk"),
    ],
)
def test_a_reply_to_that_leads_away_holds_the_mail(sender: str, reply_to: str):
    reading = rejection(sender, reply_to=(Address(reply_to),))
    assert judge(reading).reason is Reason.REPLY_TO_MISMATCH


@pytest.mark.threat("D1")
def test_two_from_headers_are_nobody_to_ask():
    reading = rejection(from_=(Address("jo@acme.example"), Address("evil@other.example")))
    assert judge(reading).reason is Reason.UNREACHABLE


@pytest.mark.threat("D2")
def test_a_forged_pass_below_the_providers_own_fail_counts_for_nothing():
    headers = ("mx.home.example; dmarc=fail", "mx.google.com; dmarc=pass")
    reading = rejection(NO_REPLY, reply_to=(Address("jo@acme.example"),), authentication=headers)
    owner = replace(situation().owner, trusted_server="mx.home.example")
    assert judge(reading, at=situation(owner=owner)).reason is Reason.REPLY_TO_MISMATCH


@pytest.mark.threat("D2")
def test_a_pass_of_another_server_does_not_stand_in_for_the_providers_fail():
    headers = ("mx.google.com; dmarc=pass", "mx.home.example; dmarc=fail")
    reading = rejection(NO_REPLY, reply_to=(Address("jo@acme.example"),), authentication=headers)
    owner = replace(situation().owner, trusted_server="mx.home.example")
    assert judge(reading, at=situation(owner=owner)).reason is Reason.REPLY_TO_MISMATCH


def test_an_own_address_is_never_asked():
    assert (
        judge(rejection(reply_to=(Address(ME),), sender=f"Me <{ME}>")).reason is Reason.UNREACHABLE
    )


def test_an_address_that_bounced_is_not_asked_again():
    reading = rejection()
    history = history_of(reading)
    history.dead = frozenset({"jo@acme.example"})
    judgement = decide(reading, application_of(reading, history, SENDERS), history, situation())
    assert judgement.reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"refuses_feedback": True}, Reason.FEEDBACK_REFUSED),
        (
            {"offers_feedback": True, "offers_feedback_link": "https://acme.example/f"},
            Reason.OFFERED_ELSEWHERE,
        ),
    ],
)
def test_what_the_mail_says_of_feedback_can_end_the_matter(facts, reason):
    assert judge(with_facts(rejection(), **facts)).reason is reason


def test_feedback_offered_by_mail_is_accepted():
    judgement = judge(with_facts(rejection(), offers_feedback=True))
    assert judgement.decision is Decision.DRAFT
    assert judgement.accepts_offer


def test_feedback_given_is_thanked_for():
    judgement = judge(with_facts(rejection(), gives_feedback=True))
    assert (judgement.decision, judgement.reason) == (Decision.THANKS, Reason.FEEDBACK_GIVEN)


def test_refused_feedback_is_thanked_for_where_the_user_wants_it():
    policy = Policy(thank_when_refused=True)
    judgement = judge(with_facts(rejection(), refuses_feedback=True), at=situation(policy))
    assert judgement.decision is Decision.THANKS


def test_a_refusal_within_the_hour_is_a_machines():
    receipt = mail(Label.ACKNOWLEDGEMENT, NO_REPLY, received=NOW - timedelta(hours=2, minutes=59))
    assert judge(rejection(), receipt).reason is Reason.INSTANT


def test_an_old_rejection_is_left_alone():
    assert judge(rejection(received=NOW - timedelta(days=15))).reason is Reason.TOO_OLD


def test_nothing_is_asked_after_the_user_has_answered():
    reading = rejection()
    answer = replace(
        mail(Label.NOT_JOB, f"Me <{ME}>"),
        message=message(
            f"Me <{ME}>", in_reply_to=(reading.message.message_id,), subject="Re: Your application",
            received=NOW - timedelta(hours=1),
        ),
    )  # fmt: skip
    assert judge(reading, own=(answer,)).reason is Reason.USER_REPLIED


def test_an_employer_who_goes_on_after_all_is_not_asked():
    reading = rejection(received=NOW - timedelta(days=2))
    invitation = mail(Label.INTERVIEW, RECRUITER, received=NOW - timedelta(days=1))
    assert judge(reading, invitation).reason is Reason.REOPENED


def test_an_employer_is_asked_once_in_thirty_days():
    drafts = (record(employer="ACME Corp."),)
    assert judge(rejection(), drafts=drafts).reason is Reason.ASKED_RECENTLY
    old = (record(employer="ACME Corp.", planned=NOW - timedelta(days=31)),)
    assert judge(rejection(), drafts=old).decision is Decision.DRAFT


def test_metaverse_inc_is_not_meta():
    drafts = (record(employer="Metaverse Inc"),)
    reading = with_facts(rejection(), employer="Meta")
    assert judge(reading, drafts=drafts).decision is Decision.DRAFT


def test_an_agents_contact_is_asked_once_for_many_employers():
    drafts = (record(to=Address("jo@acme.example"), employer="Somebody Else"),)
    assert judge(rejection(), drafts=drafts).reason is Reason.ASKED_RECENTLY


def test_a_mail_that_has_its_draft_gets_no_second_one():
    reading = rejection()
    drafts = (record(answered=reading.message.key, state=DraftState.DISCARDED),)
    assert judge(reading, drafts=drafts).reason is Reason.DUPLICATE


@pytest.mark.parametrize("name", ["acme.example", "jo@acme.example", "The ACME Corp."])
def test_whom_the_user_never_wants_to_ask_is_not_asked(name: str):
    assert judge(rejection(), at=situation(Policy(never_ask=(name,)))).reason is Reason.NEVER_ASK


def test_the_policy_can_ask_after_interviews_alone():
    policy = situation(Policy(ask="interviewed"))
    assert judge(rejection(), at=policy).reason is Reason.NEVER_ASK
    invitation = mail(Label.INTERVIEW, RECRUITER, received=NOW - timedelta(days=5))
    assert judge(rejection(), invitation, at=policy).decision is Decision.DRAFT


def test_a_withdrawal_that_is_confirmed_or_was_written_is_no_refusal():
    assert judge(with_facts(rejection(), withdrawn=True)).reason is Reason.WITHDRAWN_BY_USER
    invitation = mail(
        Label.INTERVIEW, "Jo Park <jo@acme.example>", message_id="inv@acme.example",
        received=NOW - timedelta(days=3),
    )  # fmt: skip
    own = mail(
        Label.NOT_JOB, f"Mara <{ME}>", facts=Facts(withdrawn=True),
        received=NOW - timedelta(days=2), in_reply_to=("inv@acme.example",),
    )  # fmt: skip
    assert judge(rejection(), invitation, own=(own,)).reason is Reason.WITHDRAWN_BY_USER


def test_a_no_that_is_only_reported_is_asked_about():
    assert judge(with_facts(rejection(), reported=True)).decision is Decision.REVIEW


def test_a_paused_program_leaves_everything_alone():
    assert judge(rejection(), at=situation(paused=True)).reason is Reason.PAUSED


def test_quiet_hours_put_a_draft_off_until_they_end():
    zone = ZoneInfo("Europe/Berlin")
    policy = Policy(quiet_hours=QuietHours(time(20), time(8)))
    late = datetime(2026, 11, 20, 22, 10, tzinfo=UTC)  # 23:10 in Berlin
    judgement = judge(rejection(received=late), at=situation(policy, now=late, zone=zone))
    assert judgement.not_before == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


@pytest.mark.threat("D11")
def test_above_the_daily_cap_a_draft_waits_for_tomorrow():
    judgement = judge(rejection(), at=situation(Policy(quiet_hours=None), drafts_today=10))
    assert judgement.not_before == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    judgement = judge(rejection(), at=situation(drafts_today=10))
    assert judgement.not_before == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_a_delay_counts_from_the_rejection():
    judgement = judge(rejection(), at=situation(Policy(delay=timedelta(hours=24))))
    assert judgement.not_before == NOW + timedelta(hours=22)


def test_two_roles_at_one_employer_stay_two_applications():
    one = rejection(facts=Facts(employer="Acme", role="Designer"), subject="one")
    two = rejection(facts=Facts(employer="Acme Inc.", role="Researcher"), subject="two")
    history = history_of(one, two)
    assert len({entry.application for entry in history.entries}) == 2


def test_whom_the_user_never_wants_to_ask_is_not_asked_by_another_way():
    invitation = mail(Label.INTERVIEW, RECRUITER, received=NOW - timedelta(days=5))
    policy = Policy(never_ask=("priya.raman@acme.example",))
    assert judge(rejection(NO_REPLY), invitation, at=situation(policy)).reason is Reason.NEVER_ASK


def test_having_written_to_the_employer_about_one_role_no_other_is_asked_about():
    other = rejection(facts=Facts(employer="Acme", role="Writer"), subject="Writer")
    reading = rejection(received=NOW - timedelta(hours=3))
    own = replace(
        mail(Label.NOT_JOB, f"Me <{ME}>"),
        message=message(
            f"Me <{ME}>", to=(Address("jo@acme.example"),), received=NOW - timedelta(minutes=5),
            in_reply_to=(other.message.message_id,), subject="Re: Writer",
        ),
    )  # fmt: skip
    assert judge(reading, other, own=(own,)).reason is Reason.USER_REPLIED


def test_an_interview_that_never_took_place_is_none():
    talk = CalendarEvent(uid="1", starts=NOW + timedelta(days=3), method="REQUEST")
    invitation = mail(
        Label.INTERVIEW, RECRUITER, received=NOW - timedelta(days=5), calendar=(talk,)
    )
    assert judge(rejection(NO_REPLY), invitation).stage is Stage.APPLICATION


def test_nobody_is_thanked_for_an_explanation_that_somebody_else_gave():
    invitation = mail(Label.INTERVIEW, RECRUITER, received=NOW - timedelta(days=5))
    reading = with_facts(rejection(NO_REPLY), gives_feedback=True)
    judgement = judge(reading, invitation)
    assert (judgement.decision, judgement.reason) == (Decision.LEAVE, Reason.FEEDBACK_GIVEN)


def test_quiet_hours_are_not_the_daily_cap():
    late = datetime(2026, 11, 20, 22, 10, tzinfo=UTC)
    policy = Policy(quiet_hours=QuietHours(time(20), time(8)))
    assert not judge(rejection(received=late), at=situation(policy, now=late)).capped
    assert judge(rejection(), at=situation(drafts_today=10)).capped


def organised(by: str, sender: str = "Calendar <invites@calendly.com>") -> Reading:
    """Return an invitation that a machine sent in somebody's name."""
    talk = CalendarEvent(
        uid="1", organizer=Address(by, "Tess Moor"), starts=NOW - timedelta(days=3)
    )
    return mail(Label.INTERVIEW, sender, calendar=(talk,), received=NOW - timedelta(days=5))


def test_who_organised_the_talk_is_asked_where_nobody_wrote():
    judgement = judge(rejection(NO_REPLY), organised("tess.moor@acme.example"))
    assert judgement.contact.address.addr == "tess.moor@acme.example"
    assert judgement.contact.basis is Basis.CALENDAR
    assert judgement.contact.confidence is Confidence.MEDIUM


@pytest.mark.parametrize(
    "organizer", ["someone@elsewhere.example", "no-reply@acme.example", "x@calendly.com", ME]
)
def test_an_organiser_elsewhere_or_a_machine_or_oneself_is_not_asked(organizer: str):
    assert judge(rejection(NO_REPLY), organised(organizer)).reason is Reason.UNREACHABLE


def test_an_address_that_several_people_read_is_asked_with_less_confidence():
    assert judge(rejection()).contact.confidence is Confidence.HIGH
    shared = rejection("Acme Careers <careers@acme.example>")
    assert judge(shared).contact.confidence is Confidence.MEDIUM
    both = judge(rejection(NO_REPLY), organised("jobs@acme.example"))
    assert both.contact.confidence is Confidence.LOW


def test_what_the_user_calls_a_rejection_needs_no_threshold_and_no_language():
    thresholds = replace(situation().thresholds, experimental_languages=frozenset({"pl"}))
    told = corrected(replace(rejection(), verdict=verdict(0.01, Label.NOT_JOB)), Said.REJECTION)
    judgement = judge(with_facts(told, language="pl"), at=situation(thresholds=thresholds))
    assert judgement.decision is Decision.DRAFT


def test_what_the_user_calls_no_rejection_is_none():
    told = corrected(rejection(), Said.NOT_A_REJECTION)
    assert judge(told).reason is Reason.NOT_REJECTION
    assert sum(told.verdict.probabilities.values()) == pytest.approx(1)
