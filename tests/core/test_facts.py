"""Facts are read from mails in many languages; what a mail does not say stays unknown."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.core.facts import read_facts
from inboxbot.core.facts.title import cleaned_title, plain_title
from inboxbot.core.history import normal_employer
from inboxbot.core.text import safe_name
from inboxbot.core.types import Address, Facts, Key, Label, Message, Verdict
from inboxbot.senders import load_senders

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "facts_cases.toml").read_text("utf-8"))["case"]
OF_FEEDBACK = tomllib.loads((HERE / "feedback_sentences.toml").read_text("utf-8"))
OF_REASONS = tomllib.loads((HERE / "reason_sentences.toml").read_text("utf-8"))
FLAGS = ("refuses_feedback", "offers_feedback", "gives_feedback", "keep_on_file")
SENDERS = load_senders()


def verdict(label: Label) -> Verdict:
    probability = 0.98 if label is Label.REJECTION else 0.01
    return Verdict(label=label, probability=probability, probabilities={label: 0.98})


def read(sender: str = "", text: str = "", label: Label = Label.REJECTION, **fields: Any) -> Facts:
    match = re.fullmatch(r"(.*?)\s*<(.*)>", sender)
    author = (Address(match[2], match[1]),) if match else ()
    message = Message(
        key=Key("a" * 32),
        from_=author,
        to=(Address("jonas.brand@home.example", "Jonas Brand"),),
        text=text,
        **{"received": datetime(2026, 11, 20, 12, tzinfo=UTC), **fields},
    )
    return read_facts(message, verdict(label), SENDERS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_mail_is_read_as_a_reader_would(case: dict[str, Any]) -> None:
    facts = read(
        case["from"],
        case["text"],
        Label(case.get("label", "rejection")),
        subject=case["subject"],
        links=tuple(case.get("links", ())),
        date=case.get("date"),
    )
    expected = dict.fromkeys(FLAGS, False) | case["facts"]
    found = {name: shown(facts, name) for name in expected}
    if normal_employer(found.get("employer")) == normal_employer(expected.get("employer")):
        found["employer"] = expected.get("employer")  # "Acme" and "Acme Ltd" are one
        expected.setdefault("employer", None)
    assert found == expected


def shown(facts: Facts, name: str) -> Any:
    value = getattr(facts, name)
    if isinstance(value, bool):
        return value
    return value.addr if isinstance(value, Address) else str(value or "")


@pytest.mark.parametrize(
    ("kind", "sentence"), [(kind, line) for kind, lines in OF_FEEDBACK.items() for line in lines]
)
def test_a_sentence_refuses_offers_or_gives_feedback_and_never_two_of_these(
    kind: str, sentence: str
) -> None:
    facts = read(text=sentence)
    found = {
        "refuses": facts.refuses_feedback,
        "offers": facts.offers_feedback,
        "gives": facts.gives_feedback,
    }
    assert [name for name, true in found.items() if true] == [kind] * (kind != "nothing")


@pytest.mark.parametrize(
    ("reason", "sentence"), [(name, line) for name, lines in OF_REASONS.items() for line in lines]
)
def test_the_stated_reason_is_read_in_every_language(reason: str, sentence: str) -> None:
    assert read(text=sentence).stated_reason == reason


def test_a_reason_is_looked_for_in_what_may_be_a_rejection_alone() -> None:
    text = "Thank you. We decided on another candidate for the first slot and will call you."
    assert read(text=text, label=Label.INTERVIEW).stated_reason is None


@pytest.mark.parametrize(
    "name",
    ["Aciers Moselle S.A.", "Kilter Foods Inc.", "Marlpit Ltd.", "Barley & Co.", "Grana S.p.A.",
     "Zonnehoek B.V.", "Seenotwacht e.V.", "Brzask Sp. z o.o.", "Torfwerk GmbH & Co. KG",
     "Larch & Sons", "St Brigid's Hospice", "Queen's College", "Nygaard AS"],
)  # fmt: skip
@pytest.mark.parametrize(
    "rest", [" and your patience.", ". We have chosen another.", ", as you know."]
)
def test_an_employer_is_spelt_as_the_mail_spells_it(name: str, rest: str) -> None:
    text = f"Thank you for your application for the Welder position at {name}"
    text += rest.removeprefix(".") if name.endswith(".") else rest
    assert read(text=text).employer == name


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Kältetechniker*in (m/w/d)", "Kältetechniker"),
        ("Verkäufer:in", "Verkäufer"),
        ("Mitarbeiter_in Empfang", "Mitarbeiter Empfang"),
        ("Fachärzt*in", "Facharzt"),
        ("Biolog:in", "Biologe"),
        ("Bürger:innenberater:in", "Bürgerinnenberater"),
        ("Développeur·se Java", "Développeur Java"),
        ("Coordinat·eur·rice", "Coordinateur"),
        ("Chargé·e d'études", "Chargé d'études"),
        ("Ingénieur(e) qualité", "Ingénieur(e) qualité"),
        ("Sachbearbeiter/-in", "Sachbearbeiter/-in"),
        ("Engineer (all genders)", "Engineer"),
        ("Engineer (gn)", "Engineer"),
        ("Engineer (d/f/m)", "Engineer"),
        ("Engineer m/w/d", "Engineer"),
        ("Referent (w/m/div.)", "Referent"),
        ("Comptable - H/F", "Comptable"),
        ("Head of R&D", "Head of R&D"),
        ("I/O Engineer", "I/O Engineer"),
    ],
)
def test_a_title_stands_in_a_draft_without_marks_of_gender(title: str, plain: str) -> None:
    assert plain_title(title) == plain
    assert safe_name(plain) == plain


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("TREE OFFICER", "Tree Officer"),
        ("HEAD OF HR", "Head of HR"),
        ("Crane Operator, Marlpit Ltd", "Crane Operator"),
        ("Pflegerin an der Marlpit", "Pflegerin"),
        ("Weaver's Apprentice place", "Weaver's Apprentice"),
        ("application, Deck Planner", "Deck Planner"),
        ("Deck Planner (ref. A/12)", "Deck Planner"),
        ("Data Analyst?", "Data Analyst"),
        ("Vorstellungsgespräch Steuerfachangestellte", "Steuerfachangestellte"),
        ("both the Junior Curator", "Junior Curator"),
        ("Deck Planner role", "Deck Planner"),
        ("General Application", None),
        ("Initiativbewerbung", None),
    ],
)
def test_a_title_is_freed_of_what_is_no_part_of_it(title: str, role: str | None) -> None:
    assert cleaned_title(title, "Marlpit") == role


def test_a_role_ends_before_the_clause_goes_on() -> None:
    text = "Your application for the job of Events Manager landed with me on Friday."
    assert read(text=text).role == "Events Manager"


def test_a_vendor_is_not_the_employer() -> None:
    facts = read("Workday <acme@myworkday.com>", "This message was generated by Workday.")
    assert facts.employer == "Acme"
    facts = read("Greenhouse <no-reply@us.greenhouse-mail.io>", "We chose another candidate.")
    assert facts.employer is None


def test_a_job_alert_names_no_employer() -> None:
    text = "Data Analyst at Northfield. Data Engineer at Southmoor."
    assert read("Alerts <jobs@board.example>", text, Label.JOB_ALERT).employer is None


def test_the_users_own_name_is_no_signature() -> None:
    assert read(text="Kind regards,\nJonas Brand").signature is None


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("You are welcome to reapply after 1 March 2027.", "2027-03-01"),
        ("Please wait at least twelve months before applying again.", "2027-11-20"),
        ("We encourage you to apply again next year.", "2027-01-01"),
        ("Sie können sich frühestens in sechs Monaten erneut bewerben.", "2027-05-20"),
        ("Puedes volver a postularte dentro de seis meses.", "2027-05-20"),
        ("We keep your data for six months.", "None"),
        ("Please do apply again whenever something fits.", "None"),
    ],
)
def test_the_day_to_apply_again_is_reckoned_from_the_mail(sentence: str, day: str) -> None:
    assert str(read(text=sentence).reapply_after) == day


@given(st.text(max_size=400), st.text(max_size=80), st.text(max_size=40))
def test_no_text_is_too_odd_to_be_read(text: str, subject: str, name: str) -> None:
    facts = read(f"{name} <a@acme.example>".replace("\n", " "), text, subject=subject)
    assert facts.employer is None or len(facts.employer) <= 80


@pytest.mark.parametrize(
    "unit",
    ["a", "Acme ", "not unable feedback ", "at Acme the position of ", "(", " ", "\n", "a@",
     "a.b.c@d.e.f.g ", "candidates ", "Interesse an der Stelle als bei ", "the The ", "the A's ",
     "you were ", "X*in", "S.A. ", "aus rechtlichen gründen "],
)  # fmt: skip
def test_hostile_repetition_costs_little_time(unit: str) -> None:
    read(text="warm up")
    start = perf_counter()
    read("Acme <a@acme.example>", unit * (300_000 // len(unit)), subject=unit * 500)
    assert perf_counter() - start < 10  # seconds; one is usual, and CI machines are slow


@pytest.mark.parametrize("name", ["Marit van Houten", "Jonas von Arx", "Lucie de Brabant"])
def test_a_family_name_is_no_employer(name: str) -> None:
    found = read(f"{name} <m@lindenhof.example>", "I look after recruiting at Lindenhof.\n\nBest")
    assert found.employer == "Lindenhof"


def test_a_person_of_a_firm_is_still_read() -> None:
    assert read("Marit von Lindenhof <marit@lindenhof.example>", "Hello").employer == "Lindenhof"
