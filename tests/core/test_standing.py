"""An earlier no is taken back: in words of ten languages, and never in the small print."""

import pytest

from inboxbot.core.facts.prose import prose_of
from inboxbot.core.facts.standing import reported, takes_back, withdrawn
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


@pytest.mark.parametrize(
    "text",
    [
        "As you asked, we have withdrawn your application for Service Designer.",
        "Your application for the role has been withdrawn at your request.",
        "We confirm the withdrawal of your application.",
        "Wir haben Ihre Bewerbung wie gewünscht zurückgezogen.",
        "Nous avons bien retiré votre candidature.",
        "Thank you for your time. I have decided to withdraw my application for the role.",
        "Hiermit ziehe ich meine Bewerbung als Designerin zurück.",
        "Bonjour Madame, je souhaite retirer ma candidature pour ce poste.",
        "Graag wil ik mijn sollicitatie intrekken.",
        "Please consider my application as Compliance Officer withdrawn.",
        "After some thought I have decided to withdraw from the selection process.",
        "Ich bitte Sie, meine Bewerbung als zurückgezogen zu betrachten.",
    ],
)
def test_a_withdrawal_is_known_in_the_employers_and_in_the_candidates_words(text: str):
    assert withdrawn(prose_of(message(text=text)))


@pytest.mark.parametrize(
    "text",
    [
        "The position has been withdrawn.",
        "We have withdrawn the role from the market.",
        "You may withdraw your application at any time.",
        "Please tell us if you no longer wish to be considered.",
        "Unless you withdraw your application, we will keep it for six months.",
    ],
)
def test_a_position_that_is_withdrawn_is_a_refusal(text: str):
    assert not withdrawn(prose_of(message(text=text)))


def test_a_no_in_quotation_marks_was_said_to_somebody_else():
    no = "Unfortunately we have decided to proceed with other candidates for this role."
    told = f'So they turned me down. "Thank you for applying. {no}" Not even a name under it.'
    assert reported(prose_of(message(text=told)), no)
    assert not reported(prose_of(message(text=f"The “Harbour” team thanks you. {no}")), no)
    assert not reported(prose_of(message(text=no)), no)
