"""No password before TLS is verified: what a person on the wire can try (THREATS D18)."""

import ssl
import warnings

import pytest

from inboxbot.errors import LoginRefused, MailboxError
from inboxbot.mailbox.imap import ImapAccount, open_imap
from tests.mailbox.imap_stand_in import QUICK, StandIn, capability, make_certificate

pytestmark = pytest.mark.threat("D18")


class PasswordAskedForError(AssertionError):
    """The password was fetched though nobody may have it yet."""


def never() -> str:
    raise PasswordAskedForError


def refuse(server: StandIn, match: str, **settings: object) -> None:
    account = server.account(**{"host": "localhost", "password": never, **settings})
    with pytest.raises(MailboxError, match=match) as refusal, open_imap(account, limits=QUICK):
        pass
    assert not isinstance(refusal.value, LoginRefused)
    assert f"localhost:{server.port}" in str(refusal.value)
    assert not server.saw_a_login


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    return {
        "good": make_certificate(folder, "good"),
        "other host": make_certificate(folder, "other", alternative_names=["mail.example"]),
        "expired": make_certificate(folder, "expired", days=(-9, -2)),
        "not yet valid": make_certificate(folder, "early", days=(2, 9)),
        "common name alone": make_certificate(folder, "cn", alternative_names=[]),
    }


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("other host", "another host: check host"),
        ("expired", "expired: check the clock"),
        ("not yet valid", "not valid yet: check the clock"),
        ("common name alone", "another host: check host"),
    ],
)
def test_a_bad_certificate_is_refused_with_its_own_advice(certificates, tls, kind, advice):
    certificate = certificates[kind]
    context = certificate.context()
    offers = {"CAPABILITY": capability(b"IMAP4rev1 STARTTLS")}
    how = {"tls": context} if tls == "implicit" else {"starttls": context, "answers": offers}
    with StandIn(**how) as server:
        refuse(server, advice, tls=tls, ca_file=certificate.file)


def test_a_self_signed_certificate_is_refused_with_a_word_on_ca_file(certificates):
    with StandIn(tls=certificates["good"].context()) as server:
        refuse(server, "self-signed: .* ca_file", tls="implicit")


def test_a_certificate_of_another_authority_is_refused_though_one_is_set(certificates):
    with StandIn(tls=certificates["good"].context()) as server:
        refuse(server, "certificate", tls="implicit", ca_file=certificates["expired"].file)


def test_tls_older_than_1_2_is_refused(certificates):
    context = certificates["good"].context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with StandIn(tls=context) as server:
        refuse(server, "TLS 1.2", tls="implicit", ca_file=certificates["good"].file)


def test_a_verified_certificate_lets_the_login_go_ahead(certificates):
    with StandIn(tls=certificates["good"].context()) as server:
        account = server.account(
            host="localhost", tls="implicit", ca_file=certificates["good"].file
        )
        with open_imap(account, limits=QUICK) as mailbox:
            assert mailbox.folders().drafts == "Drafts"
    assert server.said("LOGIN") == [b'LOGIN "alice" "secret"\r\n']


def test_starttls_comes_before_the_login_and_capabilities_are_asked_again(certificates):
    offers = {"CAPABILITY": capability(b"IMAP4rev1 STARTTLS")}
    with StandIn(offers, starttls=certificates["good"].context()) as server:
        account = server.account(
            host="localhost", tls="starttls", ca_file=certificates["good"].file
        )
        with open_imap(account, limits=QUICK):
            pass
    verbs = [command.split()[1] for command in server.heard]
    assert verbs[:4] == [b"CAPABILITY", b"STARTTLS", b"CAPABILITY", b"LOGIN"]


def test_starttls_stripped_from_the_capabilities_is_fatal():
    with StandIn({"CAPABILITY": capability(b"IMAP4rev1 AUTH=PLAIN")}) as server:
        refuse(server, "no STARTTLS: .*in between", tls="starttls")


def test_starttls_refused_is_fatal():
    offers = {"CAPABILITY": capability(b"IMAP4rev1 STARTTLS"), "STARTTLS": b"TAG NO not now\r\n"}
    with StandIn(offers) as server:
        refuse(server, "not now", tls="starttls")


@pytest.mark.parametrize("tls", ["none", "starttls"])
def test_a_greeting_that_lets_in_without_a_login_is_fatal(tls):
    with StandIn(greeting=b"* PREAUTH welcome\r\n") as server:
        refuse(server, "PREAUTH", tls=tls)


def test_a_greeting_without_login_is_fatal_under_tls_too(certificates):
    good = certificates["good"]
    with StandIn(greeting=b"* PREAUTH welcome\r\n", tls=good.context()) as server:
        refuse(server, "PREAUTH", tls="implicit", ca_file=good.file)


def test_a_response_slipped_in_before_tls_is_fatal(certificates):
    good = certificates["good"]
    offers = {"CAPABILITY": capability(b"IMAP4rev1 STARTTLS")}
    slipped = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
    with StandIn(offers, starttls=good.context(), after_starttls=slipped) as server:
        refuse(server, "between STARTTLS and TLS", tls="starttls", ca_file=good.file)


def test_a_server_without_tls_on_the_port_is_told_apart():
    with StandIn() as server:
        refuse(server, 'tls = "starttls"', tls="implicit")


@pytest.mark.parametrize("host", ["mail.example", "10.0.0.1", "127.0.0.1.example", "0.0.0.0"])
def test_no_tls_is_for_this_machine_alone(host):
    account = ImapAccount(host=host, port=143, user="u", password=never, tls="none")
    with pytest.raises(MailboxError, match="this machine alone"), open_imap(account):
        pass


def test_a_localhost_that_leads_elsewhere_is_left(monkeypatch):
    with StandIn() as server:
        monkeypatch.setattr(
            "inboxbot.mailbox.imap_transport.Transport.peer", property(lambda _: "192.0.2.1")
        )
        with (
            pytest.raises(MailboxError, match=r"192\.0\.2\.1: tls"),
            open_imap(server.account(host="localhost", password=never), limits=QUICK),
        ):
            pass
    assert not server.raw


def test_a_ca_file_that_is_none_is_named(tmp_path):
    file = tmp_path / "ca.pem"
    account = ImapAccount(host="localhost", port=1, user="u", password=never, ca_file=file)
    with pytest.raises(MailboxError, match=r"ca\.pem"), open_imap(account):
        pass
