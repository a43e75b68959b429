"""Who is let in, and what the user hears where nobody is."""

import base64
import logging
import socket

import pytest

from inboxbot.errors import LoginRefused, MailboxError, SecretMissing
from inboxbot.mailbox import imap_advice
from inboxbot.mailbox.imap import ImapAccount, open_imap
from tests.mailbox.imap_stand_in import OK, QUICK, StandIn, capability


def enter(server: StandIn, **settings: object) -> None:
    with open_imap(server.account(**settings), limits=QUICK):
        pass


@pytest.mark.parametrize(
    "said",
    [
        b"NO [AUTHENTICATIONFAILED] Authentication failed.",
        b"NO LOGIN failed",
        b"NO [AUTHENTICATIONFAILED] Invalid credentials or IMAP is disabled",
        b"BAD [CLIENTBUG] what",
    ],
)
def test_a_wrong_password_is_told_as_one(said):
    with (
        StandIn({"LOGIN": b"TAG " + said + b"\r\n"}) as server,
        pytest.raises(LoginRefused, match="check user and password") as refusal,
    ):
        enter(server)
    assert f"127.0.0.1:{server.port}" in str(refusal.value)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (b"[ALERT] Application-specific password required: https://a.example/1", "an app password"),
        (b"[WEBALERT https://a.example/1] Web login required.", "in a browser"),
        (b"[ALERT] Please log in via your web browser: https://a.example/1", "in a browser"),
        (b"[EXPIRED] That password isn't any more", "the password has expired"),
        (b"[AUTHORIZATIONFAILED] no such mailbox for you", "check user"),
        (b"[PRIVACYREQUIRED] Plaintext authentication disallowed", "wants TLS first"),
        (b"[ALERT] Your account has been disabled. (Failure)", "stopped this account"),
    ],
)
def test_what_no_other_password_mends_has_its_own_advice(said, advice):
    with (
        StandIn({"LOGIN": b"TAG NO " + said + b"\r\n"}) as server,
        pytest.raises(LoginRefused, match=advice) as refusal,
    ):
        enter(server)
    assert "check user and password" not in str(refusal.value)


@pytest.mark.parametrize(
    "said",
    [
        b"NO [UNAVAILABLE] try later",
        b"NO [INUSE] locked",
        b"NO [ALERT] Too many simultaneous connections. (Failure)",
        b"NO [LIMIT] slow down",
    ],
)
def test_a_server_that_is_ill_says_nothing_against_the_password(said):
    with (
        StandIn({"LOGIN": b"TAG " + said + b"\r\n"}) as server,
        pytest.raises(MailboxError, match="wait for the next poll") as refusal,
    ):
        enter(server)
    assert not isinstance(refusal.value, LoginRefused)


@pytest.mark.parametrize("said", [b"* BYE Autologout\r\n", b""])
def test_a_server_that_hangs_up_on_the_login_says_nothing_against_the_password(said):
    def hang_up(_command: bytes):
        yield said
        raise OSError

    with StandIn({"LOGIN": hang_up}) as server, pytest.raises(MailboxError) as refusal:
        enter(server)
    assert not isinstance(refusal.value, LoginRefused)


@pytest.mark.threat("D15")
@pytest.mark.parametrize("secret", ["hunter2-canary", 'can"ary', "can\\ary"])
@pytest.mark.parametrize("kind", [b"NO", b"BAD", b"* BYE", b"junk"])
def test_a_server_that_repeats_the_password_does_not_get_it_into_the_error(kind, secret, caplog):
    def repeat(command: bytes) -> bytes:
        said = command.strip()
        tagged = b"" if kind == b"* BYE" else b"TAG "
        return tagged + kind + b" cannot do: " + said + b"\r\n" + OK

    caplog.set_level(logging.DEBUG)
    with StandIn({"LOGIN": repeat}) as server:
        with pytest.raises(MailboxError) as refusal:
            enter(server, password=lambda: secret)
        seen = [str(refusal.value), repr(refusal.value.__cause__), caplog.text]
    assert not any("ary" in text for text in seen)


@pytest.mark.threat("D15")
def test_nothing_that_goes_over_the_wire_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with StandIn() as server, open_imap(server.account(), limits=QUICK) as mailbox:
        mailbox.save_draft(b"Subject: canary\r\n\r\ncanary\r\n", "canary")
        mailbox.mark("INBOX")
    assert "canary" not in caplog.text
    assert "secret" not in caplog.text
    assert not caplog.records


def test_a_password_beyond_ascii_goes_by_plain():
    with StandIn({"AUTHENTICATE": plain_dialogue}) as server:
        enter(server, password=lambda: "pässwörd")
    assert not server.said("LOGIN")
    assert base64.b64encode("\0alice\0pässwörd".encode()) in server.raw


def test_where_login_is_disabled_plain_is_taken():
    answers = {
        "CAPABILITY": capability(b"IMAP4rev1 LOGINDISABLED AUTH=PLAIN"),
        "AUTHENTICATE": plain_dialogue,
    }
    with StandIn(answers) as server:
        enter(server)
    assert not server.said("LOGIN")


def plain_dialogue(_command: bytes) -> bytes:
    # The stand-in hears the answer as a command of its own: it is let in at once.
    return b"+ \r\nTAG OK in\r\n"


def test_xoauth2_sends_the_token_it_is_given():
    with StandIn({"AUTHENTICATE": plain_dialogue}) as server:
        enter(server, auth="xoauth2", password=lambda: "ya29.token")
    assert server.said("AUTHENTICATE") == [b"AUTHENTICATE XOAUTH2\r\n"]
    sent = b"user=alice\x01auth=Bearer ya29.token\x01\x01"
    assert base64.b64encode(sent) in server.raw


def test_a_token_that_has_died_is_told_as_one():
    challenge = base64.b64encode(b'{"status":"400","schemes":"Bearer"}')

    def refuse(_command: bytes) -> bytes:
        said = b"NO [AUTHENTICATIONFAILED] Invalid credentials"
        return b"+ \r\n+ " + challenge + b"\r\nTAG " + said + b"\r\n"

    with (
        StandIn({"AUTHENTICATE": refuse}) as server,
        pytest.raises(LoginRefused, match="inboxbot setup --renew mine"),
    ):
        enter(server, auth="xoauth2", name="mine", password=lambda: "ya29.token")
    # The token once, and the empty line that the challenge waits for (Google's XOAUTH2).
    assert server.raw.count(base64.b64encode(b"user=alice\x01auth")[:20]) == 1


def test_an_empty_password_is_not_tried():
    with StandIn() as server, pytest.raises(LoginRefused, match="empty"):
        enter(server, password=lambda: "")
    assert not server.saw_a_login


def test_a_password_that_cannot_be_had_is_not_a_failure_of_the_mailbox():
    def missing() -> str:
        raise SecretMissing("no password in the keyring")

    with StandIn() as server, pytest.raises(SecretMissing):
        enter(server, password=missing)
    assert not server.saw_a_login


def test_a_password_is_no_part_of_what_an_account_shows():
    account = ImapAccount(host="h", port=1, user="u", password=lambda: "secret")
    assert "lambda" not in repr(account)


def test_a_port_where_nobody_listens_is_told_as_one():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    account = ImapAccount(host="127.0.0.1", port=port, user="u", password=str, tls="none")
    with pytest.raises(MailboxError, match="nothing listens there"), open_imap(account):
        pass


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "no such host"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "cannot be looked up now"),
        (TimeoutError("timed out"), "no answer in 10 s"),
        (OSError(101, "Network is unreachable"), "Network is unreachable; check the network"),
        (ConnectionResetError(104, "Connection reset by peer"), "check the network"),
    ],
)
def test_what_keeps_us_out_has_its_own_advice(error, advice):
    assert advice in str(imap_advice.unreachable("mail.example:993", error, 10))


@pytest.mark.parametrize(
    "greeting", [b"* BYE too busy\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"220 smtp.example\r\n"]
)
def test_a_server_that_does_not_greet_is_left(greeting):
    with StandIn(greeting=greeting) as server, pytest.raises(MailboxError):
        enter(server)
    assert not server.saw_a_login


@pytest.mark.threat("D23")
def test_what_a_server_says_reaches_the_terminal_as_one_printable_line():
    said = "NO \x1b]0;owned\x07 \u202etxt\u2028 \x9b31m \u200b" + "x" * 5000
    shown = imap_advice.shown(said)
    assert shown.isprintable()
    assert len(shown) <= 200


def test_a_connection_is_closed_by_logout_and_by_nothing_that_expunges():
    with StandIn() as server:
        enter(server)
    verbs = [command.split()[1] for command in server.heard]
    assert verbs == [b"CAPABILITY", b"LOGIN", b"CAPABILITY", b"LOGOUT"]
