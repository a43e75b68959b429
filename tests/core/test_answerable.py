"""Sentences that say whether an answer reaches whoever wrote them."""

import pytest

from inboxbot.core.facts import read_facts
from inboxbot.core.types import Address, Facts
from tests.make import SENDERS, message, verdict


def read(text: str, **fields) -> Facts:
    return read_facts(message(text=text, **fields), verdict(), SENDERS)


@pytest.mark.parametrize(
    "said",
    [
        "My colleague Jane Abara takes over from here and will be your contact.",
        "I have left Pemberly and this mailbox is no longer monitored.",
        "Fay Ormond no longer works at Pemberly.",
        "I'm handing you over to Tom in our Leeds office.",
        "This is my last week here, so please write to Jo.",
        "Meine Kollegin Frau Beck übernimmt ab sofort Ihre Bewerbung.",
        "Ich habe das Unternehmen zum 31. Oktober verlassen.",
        "Bonjour, merci de votre visite. Ma collègue Odile Perrin prend le relais dès lundi.",
        "Mijn collega neemt het vanaf maandag van mij over.",
    ],
)
def test_who_hands_over_says_so(said: str):
    assert read(f"{said}\n").hands_over


@pytest.mark.parametrize(
    "said",
    [
        "You would take over the maintenance of our app.",
        "I am out of the office until 5 January, for urgent matters contact Jo.",
        "I have left you a voicemail about the role.",
        "The role is no longer available.",
        "I will be your point of contact throughout the process.",
        "Sie übernehmen die Leitung des Teams.",
        "Leider können wir Sie nicht mehr berücksichtigen.",
    ],
)
def test_work_that_is_taken_over_and_absence_are_no_farewell(said: str):
    assert not read(f"{said}\n").hands_over


@pytest.mark.parametrize(
    "said",
    [
        "Please do not reply to this email, this mailbox is not monitored.",
        "Please do not reply directly to this automated message.",
        "*** Do not reply ***",
        "Replies to this message are undeliverable and will not reach Human Resources.",
        "Replies will not be read.",
        "This is an unmonitored mailbox.",
        "Dies ist eine automatische Nachricht, bitte antworten Sie nicht darauf.",
        "Antworten auf diese E-Mail werden nicht gelesen.",
        "Ce message est automatique, veuillez ne pas y répondre.",
        "Por favor, no responda a este correo.",
        "Si prega di non rispondere a questa mail.",
        "U kunt op deze e-mail niet reageren.",
        "Por favor, não responda a este e-mail.",
        "Prosimy nie odpowiadać na tę wiadomość.",
        "Det här mejlet går inte att svara på.",
        "Denne mail kan ikke besvares.",
    ],
)
def test_a_mail_says_that_nobody_reads_an_answer(said: str):
    assert read(f"Hello Mara,\n\nUnfortunately we chose another.\n\n{said}\n").takes_no_replies


@pytest.mark.parametrize(
    "said",
    [
        "Sorry that we could not respond to your message sooner.",
        "We do not reply to every applicant, but you came close.",
        "Feel free to reply to this email.",
        "Your answers to the test were read with pleasure.",
        "Votre profil ne répond pas à ce que nous cherchons.",
        "Su perfil no responde a esta búsqueda.",
    ],
)
def test_a_late_answer_and_a_poor_match_are_no_such_words(said: str):
    assert not read(f"Hello Mara,\n\n{said}\n").takes_no_replies


# ---------------------------------------------------------------- the address with a name


@pytest.mark.parametrize(
    ("name", "addr"),
    [
        ("Ines Duarte", "ines.duarte@verdemar.example"),
        ("Ines Duarte", "iduarte@verdemar.example"),
        ("Jürgen Müller", "juergen.mueller@verdemar.example"),
    ],
)
def test_an_address_that_spells_the_signature_is_the_signers(name: str, addr: str):
    text = f"We chose another.\n\nBest wishes for your search,\n\n{name}\nVerdemar | {addr}\n"
    assert read(text, sender="Verdemar <no-reply@verdemar.example>").contact == Address(addr, name)


def test_a_footers_address_is_nobodys():
    text = (
        "Dear Mara,\n\nwe chose another.\n\nBest regards\nInes Duarte\n\ncareers@verdemar.example\n"
    )
    assert read(text, sender="Verdemar <no-reply@verdemar.example>").contact is None


def test_an_address_behind_a_link_counts_where_the_line_invites_to_write():
    invites = ("Questions? Email our team.", "ines@verdemar.example")
    legal = ("Privacy questions", "data@verdemar.example")
    text = "Dear Mara, we chose another.\n"
    assert read(text, mailto=(legal, invites)).contact == Address("ines@verdemar.example")
    assert read(text, mailto=(legal,)).contact is None
    assert read(text, mailto=(("Verdemar, Porto", "ines@verdemar.example"),)).contact is None


def test_an_address_for_agencies_is_none_for_applicants():
    text = "We chose another.\n\nAgencies may contact suppliers@verdemar.example.\n"
    assert read(text).contact is None


@pytest.mark.parametrize(
    "said",
    [
        "Please note that the role is no longer active.",
        "Your application is no longer with the hiring team.",
        "I passed your application on to the team, who chose somebody else.",
        "Leider können wir Sie nicht mehr für diese Stelle berücksichtigen.",
        "Sie sind damit aus dem Verfahren ausgeschieden.",
        "Votre candidature ne fait plus partie de la sélection.",
        "Su candidatura ya no forma parte del proceso.",
        "Je sollicitatie is niet meer bij ons in behandeling.",
    ],
)
def test_an_application_that_is_no_longer_open_is_no_handing_over(said: str):
    assert not read(f"{said}\n").hands_over
