"""An earlier no is taken back: in words of ten languages, and never in the small print."""

import pytest

from inboxbot.core.facts.mistake import takes_back
from inboxbot.core.facts.prose import prose_of
from tests.make import message


def said(text: str) -> bool:
    return takes_back(prose_of(message(text=text)))


@pytest.mark.parametrize(
    "text",
    [
        "Please disregard our previous email about your application.",
        "The rejection that you received on Monday was sent in error. We would like to go on.",
        "You may have had a mail saying no. That was sent by mistake, and we are sorry.",
        "We have reopened your application and would like to talk to you.",
        "Die Absage von gestern ging versehentlich an Sie. Wir möchten Sie gern kennenlernen.",
        "Bitte betrachten Sie unsere letzte Nachricht als gegenstandslos, die Stelle ist offen.",
        "Le message de refus que vous avez eu hier est parti par erreur. Nous continuons.",
        "El correo de rechazo de ayer salió por error. Nos gustaría seguir adelante con usted.",
        "La mail di ieri è partita per errore, vorremmo andare avanti con la sua candidatura.",
        "De afwijzing van gisteren is per abuis verstuurd. Wij gaan graag met u verder.",
        "O e-mail de ontem foi enviado por engano. Gostaríamos de continuar o processo consigo.",
        "Wczorajsza odmowa została wysłana przez pomyłkę. Chcielibyśmy kontynuować rozmowy.",
        "Avslaget i går skickades av misstag. Vi vill gärna gå vidare med din ansökan.",
        "Afslaget fra i går blev sendt ved en fejl. Vi vil gerne gå videre med din ansøgning.",
    ],
)
def test_a_no_is_taken_back(text: str):
    assert said(text)


@pytest.mark.parametrize(
    "text",
    [
        "We will not move forward. If you have received this message in error, please delete it.",
        "Sollten Sie diese E-Mail irrtümlich erhalten haben, löschen Sie sie bitte.",
        "Si vous avez reçu ce message par erreur, merci de le supprimer.",
        "Unfortunately we have chosen another candidate. We made no mistake in reading your CV.",
        "You asked for a new password. If it was not you, ignore this message.",
    ],
)
def test_small_print_takes_nothing_back(text: str):
    assert not said(text)
