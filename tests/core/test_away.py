"""Notes of programs, known by their words alone."""

import pytest

from inboxbot.core.away import is_absence, is_automatic
from inboxbot.core.types import Label, Message
from tests.make import mail


def note(text: str, quoted: str = "") -> Message:
    return mail(Label.OTHER_JOB, "Jo Park <jo@acme.example>", text=text, quoted=quoted).message


@pytest.mark.parametrize(
    "text",
    [
        "I am no longer with Acme. Please write to people@acme.example.",
        "Ich bin nicht mehr für die Acme GmbH tätig.",
        "Jo Park ne travaille plus chez Acme.",
        "Hola, estaré ausente por vacaciones hasta el día 20.",
        "Non lavoro più in Acme, scrivete a hr@acme.example.",
        "Ik werk niet meer bij Acme.",
        "Estou em licença de maternidade até março.",
        "Jestem na urlopie macierzyńskim do maja.",
        "Jo Park har slutat på Acme.",
        "Jeg holder ferie til og med mandag.",
    ],
)
def test_who_is_away_or_has_left_is_no_answer(text: str):
    assert is_absence(note(text))


@pytest.mark.parametrize(
    "text",
    [
        "Sorry for the silence, I was on holiday. Show more numbers.",
        "I have just been on leave: your talk was too long.",
        "You were never away from the point. A pleasure!",
    ],
)
def test_who_is_back_speaks(text: str):
    assert not is_absence(note(text))


@pytest.mark.parametrize(
    "text",
    [
        "Your request (#99812) has been received.",
        "Ihre Anfrage ist unter der Ticketnummer 4711 bei uns eingegangen.",
        "Dit bericht is automatisch gegenereerd.",
        "Din henvendelse er modtaget.",
    ],
)
def test_a_ticket_is_no_answer(text: str):
    assert is_automatic(note(text))
    assert not is_automatic(note(text, quoted="What would help?"))
