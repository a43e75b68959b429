"""An answer that takes up the talk, and one that only speaks of it."""

import pytest

from inboxbot.core.reopening import takes_up_again
from inboxbot.core.types import Facts, Label, Reading
from tests.make import mail


def answer(label: Label, text: str = "", facts: Facts | None = None) -> Reading:
    return mail(label, "Jo Park <jo@acme.example>", facts or Facts(), text=text)


@pytest.mark.parametrize(
    "text",
    [
        "Our first choice isn't joining. Are you still interested in the role?",
        "Hätten Sie noch Interesse an der Stelle?",
        "Seriez-vous toujours intéressée par le poste ?",
        "Är du fortfarande intresserad?",
        "We would be delighted to offer you the position.",
    ],
)
def test_whoever_is_wanted_after_all_is_told_so_in_any_mail(text: str):
    assert takes_up_again(answer(Label.REJECTION, text))


@pytest.mark.parametrize("facts", [Facts(offers_feedback=True), Facts(gives_feedback=True)])
def test_a_call_about_the_interview_that_was_is_no_new_one(facts: Facts):
    assert not takes_up_again(answer(Label.INTERVIEW, "Would Friday suit you?", facts))
    assert takes_up_again(answer(Label.INTERVIEW, "Would Friday suit you?"))


def test_an_offer_is_one_of_work():
    assert takes_up_again(answer(Label.OFFER, "We would like to send you a contract."))
    assert not takes_up_again(answer(Label.OFFER, "Here is what I can offer: read more."))


@pytest.mark.parametrize(
    "text",
    [
        "We could not offer you the role because another candidate had led a team before.",
        "We can't offer you the job.",
        "Are you still interested in some feedback?",
        "Would you still be interested in future roles? We keep your CV.",
    ],
)
def test_a_no_that_speaks_of_offering_takes_nothing_up(text: str):
    assert not takes_up_again(answer(Label.REJECTION, text))
