"""Thanks, wishes and promises tell nothing; a word more does."""

import time

import pytest

from inboxbot.core.courtesy import tells_nothing
from inboxbot.core.types import Address, Label, Message
from tests.make import mail

JO = "Jo Park <jo@acme.example>"


def letter(text: str) -> Message:
    return mail(Label.OTHER_JOB, JO, text=text, to=(Address("mara.lind@home.example"),)).message


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, Mara! It was a pleasure talking to you. All the best for your search.",
        "Hi Mara,\n\nI'll ask the panel and get back to you on Monday.\n\nJo Park\nHead of Maps",
        "Guten Tag Frau Lind, ich kläre das mit dem Team und melde mich nächste Woche. VG Jo Park",
        "Bonjour,\n\nMerci pour votre message, je me renseigne et je reviens vers vous.\n\nJo",
        "¡Muchas gracias por tus palabras! Te deseo mucha suerte.\n\nUn saludo,\nJo",
        "Gentile Mara, La ringrazio per il messaggio. Le auguro buona fortuna.",
        "Hoi Mara, dankjewel! Ik overleg even met de manager en kom er bij je op terug.",
        "Olá Mara, muito obrigada pela mensagem. Vou perguntar à equipa.",
        "Dzień dobry, dziękuję za wiadomość. Życzę powodzenia w dalszych poszukiwaniach.",
        "Hej Mara! Tack för ditt mejl. Jag stämmer av med chefen och återkommer i nästa vecka.",
        "Kære Mara\n\nTak for din mail. Jeg spørger afdelingen og vender tilbage.\n\nMvh Jo",
    ],
)
def test_whoever_only_thanks_wishes_or_promises_tells_nothing(text: str):
    assert tells_nothing(letter(text))


@pytest.mark.parametrize(
    "text",
    [
        "More research.",
        "Too little leadership.\n\nJo",
        "Thanks for asking, you came second of nine.",
        "I'll come back to you with the details, but the main thing was system design.",
        "All the very best!\n\nJo\n\nPS: more numbers in your cases.",
        "Danke für Ihre Nachricht: zu hohe Gehaltsvorstellung.",
        "Merci pour votre message, mais il manquait des chiffres.",
        "Tack! Chefen ville ha någon med EPLAN.",
    ],
)
def test_a_word_more_is_something_that_the_employer_says(text: str):
    assert not tells_nothing(letter(text))


def test_nobody_is_polite_at_great_length():
    assert not tells_nothing(letter("Thank you very much for your kind message. " * 20))


@pytest.mark.parametrize(
    "text",
    [
        "Good question. Java.",
        "Thank you for your mail - Java was what you were missing.",
        "Sorry for not getting back to you sooner about the weak SQL part of your test.",
        "We wish you more confidence in presenting your own results.",
    ],
)
def test_a_word_beside_the_courtesy_is_what_they_say(text: str):
    assert not tells_nothing(letter(text))


@pytest.mark.threat("D8")
def test_a_mail_of_full_stops_takes_no_time():
    start = time.monotonic()
    tells_nothing(letter(".\n" * 2_400))
    tells_nothing(letter(".\n" * 20_000))
    assert time.monotonic() - start < 1
