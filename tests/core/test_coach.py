"""A report for a coach: no name, address or number that the journal knows, in whatever form."""

import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inboxbot.core.coach import Disguise, Kind, PlainWords, Wording, names_in
from inboxbot.core.coach.disguise import letters
from inboxbot.core.contact import Owner
from inboxbot.core.history import Entry, History
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.report import build_report
from inboxbot.core.types import Address, Facts
from inboxbot.letters.report import render_report
from inboxbot.letters.report.coach import load_plain_words
from tests.generated_journal import END, Search, search_of
from tests.make import NOW, rejection

PLAIN = load_plain_words()
ME = Owner(
    address="mara.lindqvist@home.example", name="Mara Lindqvist",
    addresses=frozenset({"mara.lindqvist@home.example"}),
)  # fmt: skip


def known_of(*employers: str, people: tuple[str, ...] = (), plain: PlainWords = PLAIN) -> Any:
    """Return what a journal with these names knows."""
    events = [
        Event(kind=EventKind.SEEN, time=NOW, payload={"employer": employer})
        for employer in employers
    ]
    events += [Event(kind=EventKind.SENT, time=NOW, payload={"name": name}) for name in people]
    return names_in(events, History(), [ME], plain)


def told(text: str, *employers: str, people: tuple[str, ...] = ()) -> str:
    return Disguise(known_of(*employers, people=people), Wording()).text(text)


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "written",
    [
        "Northwind Maps", "NORTHWIND MAPS", "northwind maps", "Northwind-Maps", "northwindmaps",
        "North-wind maps", "Northwind  Maps", "Northwind Maps GmbH", "NorthwindMaps",
        "northwind_maps", "Northwind", "Northwinds", "northwinders", "Ex-Northwind",
        "Northwindteam",
    ],
)  # fmt: skip
def test_an_employer_is_found_however_it_is_written(written: str) -> None:
    shown = told(f"The people at {written} were kind.", "Northwind Maps GmbH")
    assert re.fullmatch(r"The people at (Ex-)?Employer A(-?\w*)? were kind\.", shown), shown
    assert "north" not in shown.lower()


@pytest.mark.parametrize(
    ("employer", "text", "shown"),
    [
        ("3M", "at 3M they smiled", "at Employer A they smiled"),
        ("हिन्दी मीडिया", "मैंने हिन्दी मीडिया में बात की", "मैंने Employer A में बात की"),
        ("株式会社トヨタ", "トヨタと話した", "Employer Aと話した"),
        ("ホンダ", "先日ホンダと話した", "先日Employer Aと話した"),
        ("บริษัทไทย", "คุยกับบริษัทไทยเมื่อวาน", "คุยกับEmployer Aเมื่อวาน"),
        ("삼성전자", "삼성전자와 이야기", "Employer A와 이야기"),
        ("Łódź Soft", "w Lodz Soft", "w Employer A"),
        ("Ørsted", "hos Orsted", "hos Employer A"),
    ],
)
def test_a_name_of_digits_or_of_any_script_is_found(employer: str, text: str, shown: str) -> None:
    assert told(text, employer) == shown


@pytest.mark.parametrize(
    "written",
    [
        "Priya Raman",
        "priya",
        "PRIYA RAMAN",
        "Priyas",
        "Priya's",
        "Raman-Team",
        "Priyi",
        "priya_raman",
    ],
)
def test_a_person_is_found_in_any_case_and_inflected(written: str) -> None:
    shown = told(f"I told {written} about it.", people=("Priya Raman",))
    assert "[name]" in shown
    assert "priy" not in shown.lower()
    assert "raman" not in shown.lower()


def test_accents_do_not_hide_a_name() -> None:
    assert told("vauquelin mobilite", "Vauquelin Mobilité") == "Employer A"
    assert told("Herr Mueller, Herr Müller", people=("Jörg Müller",)).endswith("Herr [name]")


def test_names_without_spaces_are_found_within_a_sentence() -> None:
    assert told("北風地図の面接でした。", "北風地図") == "Employer Aの面接でした。"


def test_the_user_s_own_name_is_one_too() -> None:
    assert told("Dear Mara, thank you. Mara Lindqvist") == "Dear [name], thank you. [name]"


def test_an_employer_keeps_its_letter_and_shared_words_belong_to_none() -> None:
    names = ("Harwick Foods", "Harwick Travel", "Osprey Grid")
    shown = told("Osprey, Harwick Foods, Harwick Travel, Harwick, osprey grid", *names)
    assert shown == "Employer A, Employer B, Employer C, [employer], Employer A"


def test_letters_go_on_after_z() -> None:
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "I will ask, and I may mark it.",
        "The maps were good, the team too.",
        "It rained on 3 of 4 days, from 9:30 to 12.",
        "Zum Beispiel z.B. das, e.g. this; and i.e. that.",
        "On 01.02.2026, 2026-02-01 and in 2024-2026 I said 1.500,00 and 1/2.",
        "Say I more often.It helps.",
    ],
)
def test_ordinary_words_and_numbers_stay(text: str) -> None:
    assert told(text, "Northwind Maps", people=("Will May", "Mark Team")) == text


def test_a_name_that_is_a_word_is_replaced_where_it_has_a_capital() -> None:
    shown = told("Will said that he will call, said Mark.", people=("Will Osei", "Mark Osei"))
    assert shown == "[name] said that he will call, said [name]."


# ---------------------------------------------------------------- addresses and numbers


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("write to jo.park+x@acme.example.", "write to [address]"),
        ("see https://acme.example/f?id=1 now", "see [link] now"),
        ("see www.acme.example/f now", "see [link] now"),
        ("linkedin.com/in/jo-park knows", "[link] knows"),
        ("jobs.acme.com knows", "[link] knows"),
        ("call +49 40 123 456-78 now", "call [number] now"),
        ("call (040) 123456 now", "call [number] now"),
        ("call 0176/12345678 now", "call [number] now"),
        ("call 555-867-5309 now", "call [number] now"),
        ("ask @jopark now", "ask [address] now"),
    ],
)
def test_addresses_links_and_numbers_are_replaced_whoever_s_they_are(
    written: str, shown: str
) -> None:
    assert told(written) == shown


def test_domains_of_the_journal_are_known_whatever_they_end_in() -> None:
    mail = rejection("Jo <jo@acme.internal>", Facts(employer="Acme"))
    known = names_in([], History([Entry(reading=mail, application="a")]), [ME], PLAIN)
    disguise = Disguise(known, Wording())
    assert disguise.text("at ACME.internal and hr.acme.internal") == "at [link] and [link]"
    assert disguise.replaced[Kind.ADDRESSES] == {"ACME.internal", "hr.acme.internal"}
    assert disguise.text("Ex-home.example, home.examples") == "Ex-[link], [link]"


@pytest.mark.threat("D8")
@pytest.mark.parametrize("text", ["x", "1 ", "a.", "a@", "+4", "Northwind ", "é", "(0"])
def test_no_text_takes_long(text: str) -> None:
    disguise = Disguise(known_of(*(f"Northwind Maps {n}" for n in range(500))), Wording())
    start = time.process_time()
    disguise.text(text * (6_000 // len(text)))
    assert time.process_time() - start < 0.5


# ---------------------------------------------------------------- a whole journal

_FORMS = (
    str, str.upper, str.lower, lambda name: name.replace(" ", "-"), lambda name: f"{name}s",
    lambda name: f"{name}'s", lambda name: name.replace(" ", ""), lambda name: f"Ex-{name}",
    lambda name: f"({name})", lambda name: f"{name}-Team", lambda name: name.replace(" ", "_"),
)  # fmt: skip


def planted(search: Search, seed: int) -> Search:
    """Return a search in all of whose texts names, addresses and numbers of it stand."""
    dice = random.Random(seed)
    secrets = list(_secrets(search))

    def plant(event: Event) -> Event:
        said = dict(event.payload)
        for name in ("text", "evidence", "subject", "role"):
            if said.get(name):
                names = [dice.choice(_FORMS)(dice.choice(secrets)) for _ in range(3)]
                said[name] = f"{names[0]}, {said[name]} {names[1]} ({names[2]})"
        return replace(event, payload=said)

    return replace(search, events=tuple(map(plant, search.events)))


def _secrets(search: Search) -> Iterator[str]:
    """Yield whole names, and addresses with their domains."""
    yield from {
        event.payload["employer"] for event in search.events if event.payload.get("employer")
    }
    for entry in search.entries:
        for address in entry.message.from_:
            yield from filter(None, (address.name, address.addr, address.domain))
    yield from ("Mara Lindqvist", ME.address, "home.example")


@pytest.mark.parametrize(
    ("applications", "seed", "language"),
    [(40, 1, "en"), (40, 2, "de"), pytest.param(600, 3, "en", marks=pytest.mark.slow)],
)
def test_no_name_address_or_domain_of_a_journal_is_in_the_coach_s_file(
    applications: int, seed: int, language: str
) -> None:
    search = search_of(applications, weeks=104, seed=seed)
    people = tuple(
        replace(entry, reading=replace(entry.reading, message=replace(
            entry.message, from_=(Address(f"{name.split()[0].lower()}@{host}", name),)
        )))
        for entry, name, host in _with_people(search)
    )  # fmt: skip
    search = planted(replace(search, entries=people), seed)
    found = build_report(search.events, search.history, zone=ZoneInfo("UTC"), now=END)
    known = names_in(search.events, search.history, [ME], PLAIN)
    secrets = {_plain(secret) for secret in _secrets(search)}
    told = _texts(render_report(found, language))
    assert sum(any(secret in text for text in told) for secret in secrets) > 50, "planted"
    told = _texts(render_report(found, language, without=known))
    assert [secret for secret in secrets if any(secret in text for text in told)] == []


def _texts(page: str) -> set[str]:
    """Return each text of a page, its style and its tags left out."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return {_plain(text) for text in re.split(r"<[^>]*>", unescape(body))}


_PEOPLE = ("Priya Raman", "Tom Osei", "Ingrid Halvorsen", "Jörg Müller-Lüdenscheidt", "Zoë Ndiaye")


def _with_people(search: Search) -> Iterator[tuple[Entry, str, str]]:
    for number, entry in enumerate(search.entries):
        host = re.sub(r"[^a-z]", "", (entry.reading.facts.employer or "x").lower())
        yield entry, _PEOPLE[number % len(_PEOPLE)], f"{host}.example"


def _plain(text: str) -> str:
    """Return letters and digits alone: neither case nor hyphens hide a name."""
    return re.sub(r"[\W_]+", "", text.lower())
