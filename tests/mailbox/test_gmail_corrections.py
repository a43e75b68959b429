"""Labels for corrections: a mail may bear one and stay in the inbox at the same time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailbox.gmail_story import ANN, JO, Story, story

NO = "inboxbot/Not a rejection"


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Story]:
    """Provide an account with two drafts, and labels for corrections."""
    with story(tmp_path / "state") as found:
        found.world.corrections = True
        found.begin()
        found.world.poll()
        yield found


def rejection_of(play: Story, address: str) -> str:
    """Return the id of the rejection that somebody wrote."""
    return next(
        one.id
        for one in play.gmail.box.messages.values()
        if f"<{address}>".encode() in one.mail.raw.partition(b"\r\nTo:")[0]
    )


def said(play: Story) -> list[str | None]:
    play.world.clock.pass_(minutes=10)
    play.world.poll()
    return [payload["said"] for payload in play.world.payloads("corrected")]


def labels_of_draft(play: Story, address: str) -> tuple[str, ...]:
    return play.gmail.box.draft(play.draft_to(address)).labels


def test_a_label_is_a_correction_though_the_mail_stays_in_the_inbox(play):
    user, jo = play.gmail.as_user, rejection_of(play, JO)
    user.label(jo, NO)
    assert said(play) == ["not_a_rejection"]
    assert labels_of_draft(play, JO) == ("DRAFT", "TRASH")
    assert labels_of_draft(play, ANN) == ("DRAFT",)
    assert said(play) == ["not_a_rejection"], "said once"
    user.unlabel(jo, NO)
    assert said(play) == ["not_a_rejection", None]


def test_a_mail_that_was_moved_counts_until_it_is_in_the_inbox_again(play):
    user, jo = play.gmail.as_user, rejection_of(play, JO)
    user.move(jo, NO)
    assert said(play) == ["not_a_rejection"]
    user.unlabel(jo, NO)
    assert said(play) == ["not_a_rejection"], "archived: that is not where it was"
    user.label(jo, "INBOX")
    assert said(play) == ["not_a_rejection", None]
    assert said(play) == ["not_a_rejection", None]


def test_reading_starring_and_trashing_other_mail_says_nothing(play):
    user, jo = play.gmail.as_user, rejection_of(play, JO)
    user.label(user.read(jo), "STARRED")
    user.trash(rejection_of(play, ANN))
    assert said(play) == []
