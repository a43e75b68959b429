"""The thread of a draft, as its headers name it."""

from email.message import EmailMessage

from inboxbot.core.envelope import set_thread
from tests.make import NOW, message


def test_of_a_long_chain_the_first_and_the_last_references_are_kept():
    ids = tuple(f"{number}@acme.example" for number in range(40))
    mail = EmailMessage()
    set_thread(mail, message(message_id="parent@acme.example", references=ids), NOW)
    kept = [name.strip("<>") for name in mail["References"].split()]
    assert kept == [ids[0], *ids[21:], "parent@acme.example"]


def test_a_short_chain_is_kept_whole():
    mail = EmailMessage()
    set_thread(mail, message(message_id="b@acme.example", references=("a@acme.example",)), NOW)
    assert mail["References"] == "<a@acme.example> <b@acme.example>"
