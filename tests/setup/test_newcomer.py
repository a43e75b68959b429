"""What a newcomer types in spite of all that was said, and what is made of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inboxbot.cli import inboxbot
from inboxbot.core.plan import Decision
from inboxbot.core.policy import Policy
from inboxbot.core.types import Label
from inboxbot.errors import InputError
from inboxbot.propose import Preview
from inboxbot.scan import Row
from inboxbot.settings import Account, load
from inboxbot.setup.answers import Answers
from inboxbot.setup.ask import Asks, Nobody
from inboxbot.setup.interview import Interview
from inboxbot.setup.look import ask_aliases, show
from inboxbot.setup.trial import twice
from inboxbot.setup.where import ask_place, existing_file
from inboxbot.setup.whose import ask_about, ask_address
from tests.setup.person import environment
from tests.setup.steps import desk
from tests.setup.test_maildir import a_maildir


class Agrees(Nobody):
    """Says yes to everything."""

    def confirm(self, words: str, *, proposed: bool) -> bool:
        return True


def talk(asks: Asks | None = None, answers: Answers | None = None, **flags: Any) -> Interview:
    return Interview(asks or Nobody(), flags, answers or Answers(), None)


# ---------------------------------------------------------------- the address


@pytest.mark.parametrize(
    "typed",
    [
        "mara@example.org", " Mara@Example.org ", '"mara@example.org"', "<mara@example.org>",
        "Mara Lind <mara@example.org>", '"Lind, Mara" <mara@example.org>',
        "mailto:mara@example.org", "'mara@example.org'",
    ],
)  # fmt: skip
def test_an_address_is_taken_as_it_is_pasted(typed: str):
    assert ask_address(talk(address=typed), desk()) == "mara@example.org"


@pytest.mark.parametrize(
    "typed", ["mara", "mara @ example.org", "mara@example", "a@b.org, c@d.org"]
)
def test_what_is_no_address_is_refused_with_an_example(typed: str):
    with pytest.raises(InputError, match=r"--address: write an address, as in name@example\.org"):
        ask_address(talk(address=typed), desk())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("m@gmial.com", "m@gmail.com"),
        ("m@hotmial.com", "m@hotmail.com"),
        ("m@outlok.de", "m@outlook.de"),
        ("m@t-onlin.de", "m@t-online.de"),
        ("m@gmail.com", "m@gmail.com"),
        ("m@lindqvist.example", "m@lindqvist.example"),
    ],
)
def test_a_slip_of_the_fingers_in_a_providers_name_is_asked_about(typed: str, meant: str):
    asked = talk(Agrees(), address=typed)
    assert ask_address(asked, desk()) == meant
    assert asked.answers.address == meant
    assert ask_address(talk(address=typed), desk()) == typed  # nobody says that it was one


def test_what_does_not_hold_for_another_domain_is_forgotten_and_the_rest_is_not():
    before = Answers(
        address="m@gmial.com", account="gmial", existing=False, provider="other", way="server",
        host="imap.gmial.com", port="993", tls="implicit", user="m", name="Mara",
    )  # fmt: skip
    asked = talk(answers=before, address="m@gmail.com")
    ask_address(asked, desk())
    assert asked.answers == Answers(
        address="m@gmail.com", account="gmail", existing=False, name="Mara"
    )
    same = talk(answers=before, address="mara@gmial.com")
    ask_address(same, desk())
    assert same.answers == replace(before, address="mara@gmial.com")


# ---------------------------------------------------------------- the mailbox


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("imap.example.org", "imap.example.org", "993"),
        ("imap.example.org:1993", "imap.example.org", "1993"),
        ("127.0.0.1:9", "127.0.0.1", "9"),
        ("::1", "::1", "993"),
    ],
)
def test_a_server_may_be_given_with_its_port(typed: str, host: str, port: str):
    asked = talk(answers=Answers(address="m@example.org"), host=typed)
    ask_place(asked, "server", None)
    assert (asked.answers.host, asked.answers.port or "993") == (host, port)


def test_another_server_does_not_keep_the_port_of_the_one_before():
    before = Answers(address="m@example.org", host="127.0.0.1", port="1993", tls="starttls")
    asked = talk(answers=before, host="imap.example.org")
    ask_place(asked, "server", None)
    assert (asked.answers.port, asked.answers.tls) == (None, None)
    ask_place(asked, "server", None)
    assert asked.answers.host == "imap.example.org"


def test_a_file_is_found_as_the_terminal_writes_it_that_it_was_dragged_into(tmp_path: Path):
    file = tmp_path / "client secret.json"
    file.touch()
    for typed in (str(file), f"'{file}'", f" {file} ", str(file).replace(" ", "\\ ")):
        assert existing_file(typed) == str(file)


def test_two_addresses_of_one_mailbox_are_no_two_accounts():
    first = Account(id="first", kind="imap", address="m@a.example", host="a.example", user="m")
    second = replace(first, id="second", address="jobs@a.example")
    (finding,) = twice(second, desk(first))
    assert finding.failed
    assert "account first (m@a.example)" in finding.advice
    assert not list(twice(replace(second, user="jobs"), desk(first)))
    assert not list(twice(replace(second, host="b.example"), desk(first)))
    assert not list(twice(replace(first, address="mara@a.example"), desk(first)))  # itself
    local = Account(id="local", kind="maildir", address="m@a.example", path=Path("/home/me/mail"))
    assert list(twice(replace(local, id="other", address="jobs@a.example"), desk(local)))


@pytest.mark.parametrize(
    ("environment", "section"),
    [
        ({"LC_ALL": "de_AT.UTF-8"}, {"summary": {"language": "de"}}),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "de_DE"}, {"summary": {"language": "de"}}),
        ({"LC_ALL": "fr_FR.UTF-8", "LANG": "de_DE"}, {}),
        ({"LC_ALL": "C.UTF-8"}, {}),
    ],
)
def test_the_summary_is_proposed_in_the_language_of_the_machine(environment, section, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ask_about(talk(), desk()) == section


# ---------------------------------------------------------------- what is shown


def row(label: Label, decision: Decision, **more: object) -> Row:
    return {
        "label": label, "decision": decision, "reason": None, "to": "jo@acme.example",
        "employer": "Acme", "role": "Tester", "from": "jo@acme.example", "date": "2026-11-20T09:00",
        **more,
    }  # fmt: skip


def test_only_mail_about_applications_is_counted_as_such(capsys):
    rows = (
        row(Label.JOB_ALERT, Decision.LEAVE),
        row(Label.OUTREACH, Decision.LEAVE),
        row(Label.ACKNOWLEDGEMENT, Decision.LEAVE),
        row(Label.REJECTION, Decision.DRAFT),
    )
    show(Preview(rows=rows, read=40, folders=()), Policy())
    told = " ".join(capsys.readouterr().err.split())
    assert "40 mails read, 2 about your applications, 1 a no. 1 draft would wait for you." in told
    assert "The first poll writes about the last 14 days alone." in told


def test_an_empty_mailbox_is_told_as_one(capsys):
    show(Preview(rows=(), read=0, folders=()), Policy())
    assert capsys.readouterr().err == "\n0 mails read, none about an application.\n"


@pytest.mark.parametrize(
    ("asks", "aliases"), [(Agrees(), ("m@b.example", "m@c.example")), (None, ("m@b.example",))]
)
def test_an_address_that_sent_is_from_is_asked_about(asks: Asks | None, aliases: tuple[str, ...]):
    class Refuses(Nobody):
        def confirm(self, words: str, *, proposed: bool) -> bool:
            assert "Mail in Sent is from m@c.example, too." in words
            return False

    asked = talk(asks or Refuses(), Answers(aliases=("m@b.example",)))
    ask_aliases(asked, Preview(rows=(), read=0, folders=(), senders=("m@c.example",)))
    assert asked.answers.aliases == aliases


# ---------------------------------------------------------------- settings that are there


def test_settings_without_an_account_get_one_and_without_a_reader_nothing_is_explained(
    home: Path, monkeypatch, capsys
):
    maildir = a_maildir(home / "Maildir", "Drafts", "Sent", "Trash")
    for name, value in environment(home).items():
        monkeypatch.setenv(name, value)
    config = home / "inboxbot" / "config.toml"
    config.parent.mkdir()
    config.write_text('# mine\n[summary]\nlanguage = "de"\n')
    given = ("--address", "m@example.net", "--name", "M", "--way", "maildir", "--no-preview")
    inboxbot.main(["setup", *given, "--path", str(maildir)], standalone_mode=False)
    assert load(config).summary.language == "de"
    assert load(config).accounts["example"].path == maildir
    assert config.read_text().startswith("# mine\n")
    told = capsys.readouterr().err
    assert "Done: m@example.net is connected." in told
    assert "The summary can then tell" not in told
