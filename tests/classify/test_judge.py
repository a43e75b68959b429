"""The shipped model reads mails that were written for this test, in no other place."""

import time

import pytest

from inboxbot.core.text import clean
from inboxbot.core.types import Label

NOES = {
    "en, classic": "Dear Ines,\n\nThank you for your interest in the Curator role. After careful "
    "review we have decided to move forward with other candidates.\n\nBest wishes",
    "en, no cue word": "Hi Tom,\n\nThanks again for coming in on Monday. We have offered the job "
    "to someone with a bit more workshop experience, and she has accepted.\n\nRuth",
    "en, filled": "Hello,\n\nthe Night Auditor position you applied for has now been filled, so "
    "we will not be taking your application further.\n\nHotel Larch",
    "de": "Guten Tag Frau Wirth,\n\nvielen Dank für Ihre Bewerbung als Gärtnerin. Leider müssen "
    "wir Ihnen mitteilen, dass wir uns für eine andere Bewerberin entschieden haben.\n\n"
    "Mit freundlichen Grüßen",
    "fr": "Bonjour Madame,\n\nNous vous remercions de votre candidature au poste de relieuse. "
    "Malheureusement, nous ne pouvons pas y donner une suite favorable.\n\nCordialement",
    "es": "Hola, Lucía:\n\nGracias por tu interés en el puesto de guía. Lamentablemente, hemos "
    "decidido continuar con otros candidatos.\n\nUn saludo",
    "it": "Gentile Paolo,\n\nla ringraziamo per la candidatura al ruolo di liutaio. Purtroppo "
    "abbiamo deciso di proseguire con altri candidati.\n\nCordiali saluti",
    "nl": "Beste Sanne,\n\nBedankt voor je sollicitatie als hovenier. Helaas hebben we besloten "
    "verder te gaan met andere kandidaten.\n\nMet vriendelijke groet",
    "pt": "Olá, Rita.\n\nObrigado por se candidatar à vaga de bibliotecária. Infelizmente, "
    "decidimos seguir com outros candidatos.\n\nAtenciosamente",
}
OTHERS = {
    "a condition": "Hi Noor,\n\nwe have received your application as Tiler. If you are not "
    "selected for an interview, we will let you know by the end of May.\n\nThe Yard",
    "an acknowledgement": "Thank you for applying to Larkspur Press! Your application for Editor "
    "has arrived and our team will review it in the coming weeks.",
    "an invitation": "Hi Femi,\n\nwe would love to meet you for an interview next Tuesday at ten. "
    "Please pick a time in the calendar below.\n\nOona",
    "a receipt": "Your order 1182 has shipped. It should arrive on Thursday. Thank you for "
    "shopping with us!",
    "German newsletter": "Liebe Leserinnen und Leser,\n\nim März zeigen wir acht neue Rezepte mit "
    "Bärlauch. Viel Freude beim Kochen!\n\nAbmelden",
    "Spanish family mail": "Hola, mamá: llegamos el viernes sobre las ocho. No hagas cena, por "
    "favor, que venimos cansados. Un beso",
    "Dutch spam": "Gefeliciteerd! U bent geselecteerd voor een gratis telefoon. Klik hier en "
    "bevestig vandaag nog uw gegevens.",
    "French bill": "Bonjour,\n\nvotre facture d'électricité du mois de mars est disponible dans "
    "votre espace client. Montant prélevé le 12 : 48,20 €.",
}


@pytest.mark.parametrize("text", NOES.values(), ids=NOES)
def test_a_rejection_is_found(model, mail, text):
    verdict = model.judge(mail(text, "Your application"))
    assert verdict.label is Label.REJECTION
    assert verdict.probability >= model.review_threshold


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_other_mail_is_not_drafted_on(model, mail, text):
    assert model.judge(mail(text)).probability < model.draft_threshold


@pytest.mark.parametrize("text", [*NOES.values(), *OTHERS.values(), "", "?", " \n\n ", "💌" * 50])
def test_a_verdict_is_whole(model, mail, text):
    verdict = model.judge(mail(text))
    assert sum(verdict.probabilities.values()) == pytest.approx(1, abs=1e-12)
    assert verdict.probabilities[Label.REJECTION] == verdict.probability
    assert max(verdict.probabilities, key=verdict.probabilities.__getitem__) is verdict.label
    assert verdict.evidence in text


def test_the_evidence_is_the_sentence_that_says_no(model, mail):
    text = NOES["de"]
    assert "andere Bewerberin entschieden" in model.judge(mail(text)).evidence


def test_an_empty_mail_is_ordinary_and_has_no_evidence(model, mail):
    verdict = model.judge(mail(""))
    assert verdict.probability < model.review_threshold
    assert verdict.evidence == ""


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.replace("o", "\u043e").replace("e", "\u0435"),  # Cyrillic look-alikes
        lambda text: text.replace("i", "i\u200b").replace(
            "d", "d\u00ad"
        ),  # zero width, soft hyphen
        lambda text: text.upper(),
        lambda text: text.translate(
            {code: code + 0xFEE0 for code in range(0x61, 0x7B)}
        ),  # full width
    ],
    ids=["homoglyphs", "zero width", "capitals", "full width"],
)
def test_a_disguise_changes_no_verdict(model, mail, disguise):
    text = disguise(NOES["en, classic"])
    assert model.judge(mail(text)).probability >= model.review_threshold


def test_a_very_long_mail_is_read_at_both_ends_in_little_time(model, mail):
    text = NOES["en, classic"] + "\n\n" + "Lorem ipsum dolor sit amet. " * 100_000
    start = time.process_time()
    verdict = model.judge(mail(text))
    assert time.process_time() - start < 5
    assert verdict.evidence in text


@pytest.mark.parametrize(
    "unit", ["a" * 70_000, "a " * 50_000, "@" * 50_000, "一" * 70_000, "\x00" * 999]
)
def test_no_text_is_too_strange(model, mail, unit):
    start = time.process_time()
    model.judge(mail(clean(unit, 80_000), subject=unit))
    assert time.process_time() - start < 5


def test_the_same_mail_gets_the_same_verdict(model, mail):
    assert model.judge(mail(NOES["it"])) == model.judge(mail(NOES["it"]))


def test_one_mail_takes_about_a_millisecond(model, mail):
    mails = [mail(text, "Your application") for text in [*NOES.values(), *OTHERS.values()]]
    times = []
    for one in mails * 9:
        start = time.process_time()
        model.judge(one)
        times.append(time.process_time() - start)
    best = sorted(times)[len(times) // 2]
    print(f"median {best * 1000:.2f} ms of CPU")
    assert best < 0.005  # five times the goal: other work shares the machine
