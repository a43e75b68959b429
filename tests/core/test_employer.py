"""Names of employers are told from people, offices and jobs by what they are made of."""

import pytest

from inboxbot.core.facts.jobs import names_a_job
from inboxbot.core.facts.organisations import in_full, lines_with_form, organisations_in
from inboxbot.core.facts.people import is_person


@pytest.mark.parametrize(
    ("name", "text", "full"),
    [
        ("Thornfield", "Headteacher, Thornfield Academy", "Thornfield Academy"),
        ("Harbours", "to the Ministry of Harbours", "Ministry of Harbours"),
        ("Lerche", "die Universität Lerche dankt", "Universität Lerche"),
        ("Moss Plant", "Moss Plant Hire\nTom from Moss Plant Hire", "Moss Plant Hire"),
        ("Moss Plant", "Moss Plant Hire\nMoss Plant thanks you", "Moss Plant"),
        ("Corvane", "Corvane\nThe Corvane Foundation\nat Corvane", "Corvane"),
        ("Halden", "Halden Sales Assistant", "Halden"),
        ("Orrin", "Pete Orrin\nOrrin Joinery", "Orrin Joinery"),
        ("Zawieja", "Zawieja Sp. z o.o.", "Zawieja"),
    ],
)
def test_a_short_name_is_completed_only_where_the_mail_prefers_the_long_one(
    name: str, text: str, full: str
) -> None:
    assert in_full(name, text) == full


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("der Universidad de Montes", ["Universidad de Montes"]),
        ("Ihr Besuch in der Seeblick Klinik war schön", ["Seeblick Klinik"]),
        ("we went to school together", []),
    ],
)
def test_an_organisation_is_known_by_its_noun(text: str, names: list[str]) -> None:
    assert list(organisations_in(text)) == names


def test_a_line_with_a_legal_form_is_a_firm_and_a_sentence_is_none() -> None:
    lines = ("Square Drei GmbH", "Kind regards", "We at Square Drei GmbH", "Amos Media, Inc.")
    assert list(lines_with_form(lines)) == ["Square Drei GmbH", "Amos Media, Inc."]


@pytest.mark.parametrize("name", ["Anna Koch", "Thomas Cook", "Jan Bakker", "Sarah Porter"])
def test_a_trade_may_be_a_surname(name: str) -> None:
    assert is_person(name)
    assert not names_a_job(name)


@pytest.mark.parametrize(
    "name", ["Landratsamt Oberau", "Holm Tømrer ApS", "Harrow Clinic", "Trattoria Sole"]
)
def test_an_organisation_with_two_words_is_nobody(name: str) -> None:
    assert not is_person(name)
