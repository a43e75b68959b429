"""A decision that is still to come: in words of ten languages, and never in those of a no."""

import pytest

from inboxbot.core.facts import pending
from inboxbot.core.facts.pending import calls_off, undecided
from inboxbot.core.facts.phrases import Phrases
from inboxbot.core.facts.prose import Prose, prose_of
from tests.make import message


def said(text: str) -> Prose:
    return prose_of(message(text=text))


@pytest.mark.parametrize(
    "text",
    [
        "That post is filled. However, the team would like to invite you to an interview for it.",
        "We'd love to set up a first call with you. Would next Tuesday or Wednesday suit you?",
        "You are second on our list. Should they decline, I would be glad to offer it to you.",
        "We have not yet made a decision, and there are two more people to see.",
        "I have to cancel tomorrow's interview. I'll be in touch as soon as I know more.",
        "Vielen Dank für die Bewerbung, wir möchten Sie zum Vorstellungsgespräch einladen.",
        "Sollte die andere Kandidatin absagen, würden wir Ihnen die Stelle gerne anbieten.",
        "Le poste à Rennes est pourvu. Nous souhaitons vous inviter à un entretien pour Vitré.",
        "Muchas gracias por su candidatura. Nos gustaría invitarle a una entrevista el martes.",
        "Grazie per la candidatura. Vorremmo invitarla a un colloquio nella nostra sede di Torino.",
        "Bedankt voor je sollicitatie. Graag willen we je voor een gesprek bij ons uitnodigen.",
        "Obrigada pela candidatura. Gostaríamos de convidar você para uma entrevista na terça.",
        "Dziękujemy za zgłoszenie. Zapraszamy Panią na rozmowę kwalifikacyjną w naszym biurze.",
        "Tack för din ansökan. Vi vill gärna bjuda in dig till en intervju på vårt kontor.",
        "Tak for din ansøgning. Vi vil gerne invitere dig til en samtale på vores kontor.",
    ],
)
def test_what_invites_or_waits_is_no_decision(text: str):
    assert undecided(said(text))


@pytest.mark.parametrize(
    "text",
    [
        "Unfortunately we will not be able to invite you to an interview.",
        "We would have liked to invite you to an interview, but the post is filled.",
        "We were pleased to invite you to an interview, and have chosen somebody else.",
        "We would be happy to schedule a call with you to give feedback.",
        "We did not make this decision lightly.",
        "I'm cancelling our chat next week, since the post is filled. All the best.",
        "Leider können wir Sie nicht zu einem Gespräch einladen.",
        "Wir haben uns entschieden, andere Bewerber zum Gespräch einzuladen.",
        "Nous ne pouvons malheureusement pas vous inviter à un entretien.",
    ],
)
def test_a_no_that_speaks_of_invitations_is_one(text: str):
    assert not undecided(said(text))


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ("I have to cancel Wednesday's interview, there has been a change internally.", True),
        ("Your interview on Friday has been cancelled.", True),
        ("Das Gespräch am Freitag entfällt leider, wir melden uns, sobald wir mehr wissen.", True),
        ("Bonjour Madame, nous devons annuler l'entretien de jeudi, nous sommes désolés.", True),
        ("I have to cancel tomorrow's interview. Could we do Friday instead?", False),
        ("Friday's slot went. We need to cancel our call and will find another time.", False),
        ("We moved forward with somebody else, so I have to cancel our interview.", True),
        ("The role was cancelled after your interview.", False),
        ("Nach dem Gespräch mit Ihnen müssen wir Ihnen leider absagen.", False),
        ("Suite à l'entretien, le poste a été annulé.", False),
    ],
)
def test_a_talk_is_called_off_where_the_talk_is_cancelled_and_not_moved(text: str, off: bool):
    assert calls_off(said(text)) is off


@pytest.mark.parametrize("language", [*"en de fr es it nl pt pl sv da no".split(), None])
def test_the_phrases_of_every_language_are_a_pattern(language: str | None):
    tables = [table for table in vars(pending).values() if isinstance(table, Phrases)]
    assert all(table.pattern(language).pattern for table in tables)


@pytest.mark.parametrize(
    "text",
    [
        "Chcielibyśmy podziękować za udział w rozmowie. Wybraliśmy inną osobę.",
        "Nous avons eu le plaisir de vous rencontrer en entretien, mais un autre a été choisi.",
        "We would love to invite you to stay in touch for a chat about later openings.",
        "Die Entscheidung ist noch schwerer gefallen, als wir dachten.",
        "Vi vill tacka för att du ville bjuda in dig till en intervju.",
    ],
)
def test_a_look_back_on_a_talk_leaves_nothing_open(text: str):
    assert not undecided(said(text))


@pytest.mark.parametrize(
    "text",
    [
        "Nach dem Gespräch am Montag müssen wir Ihnen absagen.",
        "We have decided to cancel the interview process for this role.",
    ],
)
def test_a_no_after_a_talk_does_not_call_it_off(text: str):
    assert not calls_off(said(text))
