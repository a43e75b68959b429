"""The draft reads well, goes to one person, and holds nothing of the mail but checked fields."""

import base64
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxbot.core.compose import Letter, compose
from inboxbot.core.decide import decide
from inboxbot.core.envelope import ComposeError
from inboxbot.core.identity import draft_key, fingerprint_of
from inboxbot.core.joining import application_of
from inboxbot.core.parse import parse
from inboxbot.core.plan import Basis, Contact, Decision, Draft, Judgement, Reason
from inboxbot.core.types import (
    Address,
    Facts,
    Key,
    Label,
    Locator,
    RawMail,
    Reading,
    Stage,
    StatedReason,
)
from inboxbot.templates import load_templates
from tests.make import NOW, OWNER, SENDERS, history_of, mail, message, rejection, situation

TEMPLATES = load_templates()
ALLOWED = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "thread-topic",
    "thread-index", "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip


def draft_for(reading: Reading, *before: Reading, language: str = "en", **letter) -> Draft:
    history = history_of(*before, reading)
    judgement = decide(reading, application_of(reading, history, SENDERS), history, situation())
    assert judgement.contact is not None, judgement
    given = Letter(
        reading=reading, judgement=judgement, employer=reading.facts.employer, owner=OWNER,
        sender=OWNER.address, **letter,
    )  # fmt: skip
    return compose(given, TEMPLATES[language], SENDERS, NOW)


def read(draft: Draft) -> EmailMessage:
    return message_from_bytes(draft.data, _class=EmailMessage, policy=default)


def letter_to(contact: Contact, reading: Reading, **judgement) -> Letter:
    given = Judgement(
        **{"decision": Decision.DRAFT, "contact": contact, "stage": Stage.APPLICATION, **judgement}
    )
    return Letter(
        reading=reading, judgement=given, employer=reading.facts.employer, owner=OWNER,
        sender=OWNER.address,
    )  # fmt: skip


def test_a_draft_answers_the_mail_in_its_thread():
    reading = rejection(message_id="abc@acme.example", references=("first@acme.example",))
    made = read(draft_for(reading))
    assert made["To"] == "Jo Park <jo@acme.example>"
    assert made["From"] == "Mara Lind <mara@home.example>"
    assert made["Subject"] == "Re: Your application"
    assert made["In-Reply-To"] == "<abc@acme.example>"
    assert made["References"] == "<first@acme.example> <abc@acme.example>"


def test_the_recruiter_is_answered_in_the_thread_of_her_newest_mail():
    invitation = mail(
        Label.INTERVIEW, "Priya Raman <priya@acme.example>", subject="AW: Re: Interview",
        message_id="inv@acme.example", received=NOW - timedelta(days=4),
    )  # fmt: skip
    reading = rejection("Acme <no-reply@us.greenhouse-mail.io>", message_id="rej@greenhouse")
    draft = draft_for(reading, invitation)
    made = read(draft)
    assert made["In-Reply-To"] == "<inv@acme.example>"
    assert made["Subject"] == "Re: Interview"
    body = made.get_content()
    assert "interview" in body
    assert "letting me know" not in body, "she did not write the rejection"
    assert "Priya Raman" in body.splitlines()[0]


def test_the_same_mail_always_gives_the_same_draft():
    assert draft_for(rejection()).data == draft_for(rejection()).data


def test_the_key_depends_on_the_address_and_the_mail_alone():
    renamed = replace(OWNER, name="Someone Else")
    assert draft_key(OWNER, message()) == draft_key(renamed, message())
    assert draft_key(OWNER, message()) != draft_key(replace(OWNER, address="x@y.zz"), message())


@pytest.mark.parametrize("language", sorted(TEMPLATES))
@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("basis", [Basis.SENDER, Basis.EARLIER_MESSAGE])
@pytest.mark.parametrize("number", range(6))
def test_every_draft_is_short_polite_and_whole(language, stage, basis, number):
    reading = rejection(message_id=f"m{number}@acme.example")
    other = rejection("Ana Ruiz <ana@acme.example>", message_id=f"n{number}@acme.example")
    parent = reading if basis is Basis.SENDER else other
    contact = Contact(address=parent.message.author, basis=basis, parent=parent)
    draft = compose(
        letter_to(contact, reading, stage=stage, roles=("Designer (m/w/d)",)),
        TEMPLATES[language], SENDERS, NOW,
    )  # fmt: skip
    body = read(draft).get_content()
    assert len(body.split()) < 120
    assert "{" not in body
    assert "http" not in body
    assert body.count("?") == 1, "one question"
    assert "Acme" in body
    assert "Designer" in body
    assert "m/w/d" not in body
    assert body.rstrip().endswith("Mara Lind")


@pytest.mark.parametrize("language", sorted(TEMPLATES))
@pytest.mark.parametrize("stage", [Stage.INTERVIEW, Stage.FINAL])
@pytest.mark.parametrize("basis", [Basis.SENDER, Basis.EARLIER_MESSAGE])
def test_two_drafts_of_one_month_seldom_open_and_ask_alike(language, stage, basis):
    """Forty noes of one employer about one role: only the mail that is answered differs."""
    invitation = mail(Label.INTERVIEW, "Jo Park <jo@acme.example>")
    drafts = []
    for number in range(40):
        no = rejection(message_id=f"m{number}@acme.example", key=Key(f"{number:032d}"))
        parent = no if basis is Basis.SENDER else invitation
        contact = Contact(address=Address("jo@acme.example"), basis=basis, parent=parent)
        draft = compose(letter_to(contact, no, stage=stage), TEMPLATES[language], SENDERS, NOW)
        drafts.append(read(draft).get_content().split("\r\n\r\n"))
    pairs = list(combinations(drafts, 2))
    assert sum(one[1:3] == other[1:3] for one, other in pairs) < len(pairs) / 6
    assert sum(one == other for one, other in pairs) < len(pairs) / 50


@pytest.mark.parametrize("language", sorted(TEMPLATES))
@pytest.mark.parametrize("reason", [Reason.FEEDBACK_GIVEN, Reason.FEEDBACK_REFUSED])
def test_thanks_ask_nothing(language, reason):
    reading = rejection()
    contact = Contact(address=Address("jo@acme.example"), basis=Basis.SENDER, parent=reading)
    letter = letter_to(contact, reading, decision=Decision.THANKS, reason=reason)
    assert "?" not in read(compose(letter, TEMPLATES[language], SENDERS, NOW)).get_content()


@pytest.mark.parametrize(
    "name",
    [
        "Harbour Maps", "Deutsche Bahn", "Candidate Experience", "Workday Notifications",
        "Acme Careers", "Recruiting Team", "Acme Corp",
    ],
)  # fmt: skip
def test_a_company_is_not_greeted_as_a_person(name: str):
    reading = rejection(f"{name} <jobs@harbourmaps.example>")
    assert read(draft_for(reading)).get_content().splitlines()[0] == "Hello,"


def test_the_tenant_of_a_tracking_system_is_not_greeted_as_a_person():
    reading = rejection("Red Kite <redkite+email+20kvj-13c@talent.icims.com>", facts=Facts())
    assert read(draft_for(reading)).get_content().splitlines()[0] == "Hello,"


@pytest.mark.parametrize("name", ["Jo Park from Acme", "Jo Park (Acme)", "Park, Jo", "Jo Park"])
def test_a_person_is_greeted_by_the_full_name(name: str):
    reading = rejection(f"{name} <jo@acme.example>")
    assert "Jo Park," in read(draft_for(reading)).get_content().splitlines()[0]


def test_a_long_message_id_of_exchange_stays_whole():
    long = "AM0PR04MB1234567890" * 4 + "@AM0PR04MB1234.eurprd04.prod.outlook.example"
    reading = rejection(message_id=long, references=(f"first-{long}", f"second-{long}"))
    data = draft_for(reading).data
    assert f"In-Reply-To: <{long}>\r\n".encode() in data
    raw = RawMail(locator=Locator("1"), folder="Drafts", received=NOW, data=data)
    assert parse(raw).in_reply_to == (long,)
    assert parse(raw).references[-1] == long


def test_a_cancelled_role_is_not_asked_about_as_if_the_user_had_failed():
    facts = Facts(employer="Acme", role="Designer", stated_reason=StatedReason.CANCELLED)
    body = read(draft_for(rejection(facts=facts))).get_content()
    assert "stronger" not in body
    assert body.count("?") == 1


def test_without_a_full_name_nobody_is_called_by_one():
    reading = rejection("Acme Careers <people@acme.example>")
    assert read(draft_for(reading)).get_content().splitlines()[0] == "Hello,"


def test_the_addressees_own_words_are_quoted_without_links():
    body = read(
        draft_for(rejection(), quoted="We chose another.\nSee https://acme.example/me?t=1")
    ).get_content()
    assert "> We chose another." in body
    assert "acme.example/me" not in body


def test_a_tracking_systems_mail_is_never_quoted():
    reading = rejection(
        "Acme <no-reply@us.greenhouse-mail.io>", reply_to=(Address("jo@acme.example"),)
    )
    assert "> " not in read(draft_for(reading, quoted="your private link")).get_content()


@pytest.mark.threat("D5")
@pytest.mark.threat("D30")
@pytest.mark.parametrize(
    "name",
    [
        "{{7*7}}", "${x}", "http://evil.example", "<b>Acme</b>", "A\u202ecme", "{role}", "{about}",
        "Αcme Bаnk", "x" * 200,
    ],
)  # fmt: skip
def test_an_odd_employer_or_role_falls_back_to_neutral_words(name: str):
    facts = Facts(employer=name, role=name, language="en")
    body = read(draft_for(rejection(facts=facts))).get_content()
    assert name not in body
    assert "my application" in body
    assert "http" not in body


@pytest.mark.threat("D3")
@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_text_adds_a_header_or_a_recipient(subject, name, identifier, employer):
    injected = f"{subject}\r\nBcc: evil@evil.example\n{name}"
    reading = rejection(
        subject=injected,
        message_id=f"{identifier}\r\nBcc: x@y.zz",
        references=(identifier, f"<{identifier}\n>"),
        thread_topic=injected,
        from_=(Address("jo@acme.example", f"{name}\nBcc: evil@evil.example"),),
        facts=Facts(employer=f"{employer}\nBcc: a@b.cc", role=injected),
    )
    made = read(draft_for(reading))
    names = [header.lower() for header in made]
    assert set(names) <= ALLOWED
    assert len(names) == len(set(names))
    assert [address.addr_spec for address in made["To"].addresses] == ["jo@acme.example"]


@pytest.mark.threat("D3")
@pytest.mark.parametrize(
    "addr", ["jo@acme.example\nBcc: x@y.zz", "jo@@acme.example", "@acme.example", "jo@", "a,b@c.dd"]
)
def test_an_address_that_is_none_is_refused(addr: str):
    reading = rejection()
    contact = Contact(address=Address(addr), basis=Basis.SENDER, parent=reading)
    with pytest.raises(ComposeError):
        compose(letter_to(contact, reading), TEMPLATES["en"], SENDERS, NOW)


def test_a_draft_is_known_again_by_its_fingerprint_and_an_edit_changes_it():
    draft = draft_for(rejection(), quoted="We chose another.")

    def kept(data: bytes) -> str:
        raw = RawMail(locator=Locator("1"), folder="Drafts", received=NOW, data=data)
        return fingerprint_of(parse(raw))

    assert kept(draft.data) == draft.fingerprint
    rewritten = EmailMessage(policy=default)
    for header in ("From", "To", "Subject", "Message-ID"):
        rewritten[header] = read(draft)[header]
    rewritten.set_content(read(draft).get_content(), cte="base64")
    assert kept(rewritten.as_bytes()) == draft.fingerprint
    rewritten.set_content(read(draft).get_content() + "One more line.")
    assert kept(rewritten.as_bytes()) != draft.fingerprint


def test_outlooks_thread_index_is_extended():
    index = base64.b64encode(b"\x01\xd5\x6d" + bytes(19)).decode()  # 22 bytes: the first mail's
    parent = rejection(thread_index=index, thread_topic="Your application")
    made = read(draft_for(parent))
    assert made["Thread-Topic"] == "Your application"
    assert len(base64.b64decode(made["Thread-Index"])) == 27
