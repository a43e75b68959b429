"""What `probe` finds of accounts with a fault each: real servers, and the advice to the user."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.credentials import Secrets, keep_secret
from inboxbot.mailbox.maildir import create_folder
from inboxbot.mailbox.oauth import Grant
from inboxbot.mailbox.oauth_google import GMAIL_IMAP_SCOPES, GMAIL_SCOPES
from inboxbot.probe import Finding, probe
from inboxbot.settings import Account
from tests.mailbox.imap_stand_in import QUICK, StandIn, make_certificate
from tests.servers.authorisation import Google
from tests.servers.courier import Courier
from tests.servers.dovecot import Account as User
from tests.servers.dovecot import Dovecot
from tests.servers.gmail.stand_in import GmailStandIn

NOW = datetime.now(UTC)
NOBODY = 65534


def look(account: Account, now: datetime = NOW) -> dict[str, Finding]:
    """Return what is found, by name; each thing is told once."""
    findings = list(probe(account, Secrets(dialog_seconds=0), now))
    named = {finding.name: finding for finding in findings}
    assert len(named) == len(findings) or len(account.folders) > 1
    return named


def only_failure(account: Account) -> Finding:
    """Return the one step at which an account cannot be opened."""
    (finding,) = probe(account, Secrets(dialog_seconds=0), NOW)
    assert finding.failed
    return finding


def on_dovecot(folder: Path, dovecot: Dovecot, user: User, **changes: object) -> Account:
    password = folder / f"password-of-{user.name}"
    keep_secret(user.name, user.password, password)
    account = Account(
        id="home", kind="imap", address=user.address, user=user.name, host=dovecot.host,
        port=dovecot.tls_port, ca_file=dovecot.ca_file, password_file=password,
    )  # fmt: skip
    return replace(account, **changes)  # type: ignore[arg-type]


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, account: User) -> Account:
    """Provide an account that works."""
    return on_dovecot(tmp_path, dovecot, account)


# ---------------------------------------------------------------- all is well


def test_an_account_that_works_is_told_step_by_step_and_nothing_in_it_changes(
    home: Account, dovecot: Dovecot, account: User
):
    with dovecot.log_in(account) as client:
        client.append("INBOX", b"Subject: unread\r\n\r\nhello\r\n")
        client.append("Drafts", b"Subject: mine\r\n\r\nhello\r\n", ("\\Draft",))
        before = _all_that_is_there(client)
        found = look(home)
        assert _all_that_is_there(client) == before
    assert not [finding for finding in found.values() if finding.advice]
    assert {name: finding.shown for name, finding in found.items()} == {
        "network": f"127.0.0.1:{dovecot.tls_port}",
        "TLS": "verified",
        "login": account.name,
        "drafts": "Drafts",
        "sent": "Sent",
        "trash": "Trash",
        "rights": "drafts may be written",
        "watched": "INBOX",
    }


def _all_that_is_there(client) -> dict[str, object]:
    folders = [name for _, _, name in client.list_folders()]
    return {
        name: (client.folder_status(name, ["MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN"]))
        for name in folders
    }


def test_the_folders_for_corrections_are_told_where_they_were_agreed_to(
    home: Account, dovecot: Dovecot, account: User
):
    agreed = replace(home, corrections=True)
    assert look(agreed)["corrections"].shown == "made at the next poll"
    with dovecot.log_in(account) as client:
        for name in ("Rejection", "Not a rejection"):
            client.create_folder(f"inboxbot/{name}")
    shown = look(agreed)["corrections"].shown
    assert sorted(shown.split(", ")) == ["inboxbot/Not a rejection", "inboxbot/Rejection"]
    assert "corrections" not in look(home)


# ---------------------------------------------------------------- no connection


def test_a_port_that_refuses_is_told_from_one_that_never_answers(home: Account, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        deaf = replace(home, port=silent.getsockname()[1])
        monkeypatch.setattr("inboxbot.mailbox.imap.Limits", lambda: QUICK)
        unanswered = only_failure(deaf)
    refused = only_failure(deaf)
    assert unanswered.name == refused.name == "network"
    assert "no answer in 1 s; check the network, host and port" in unanswered.advice
    assert "cannot be reached: nothing listens there; check port" in refused.advice
    assert f"127.0.0.1:{deaf.port}" in refused.advice


def test_a_port_of_another_kind_of_tls_is_told_with_what_to_set(home: Account, dovecot: Dovecot):
    plain = only_failure(replace(home, port=dovecot.port))
    assert plain.name == "TLS"
    assert 'it does not speak TLS on this port: check port, or set tls = "starttls"' in plain.advice


def test_starttls_on_a_port_of_tls_is_told_with_what_to_set(home: Account, monkeypatch):
    monkeypatch.setattr("inboxbot.mailbox.imap.Limits", lambda: QUICK)
    found = only_failure(replace(home, tls="starttls"))
    assert found.name == "network"
    assert "did not answer within 1 s" in found.advice
    assert '(port 993) wants tls = "implicit"' in found.advice


def test_a_host_that_is_not_the_providers_is_told_with_the_providers_own(home: Account):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    advice = only_failure(replace(home, address="mara@gmail.com", port=port)).advice
    assert advice.endswith('Gmail wants host = "imap.gmail.com", port = 993, tls = "implicit"')


# ---------------------------------------------------------------- no trust


@contextmanager
def certified(certificate: Path, key: Path) -> Iterator[Dovecot]:
    """Run a Dovecot that shows another certificate than its own."""
    dovecot = Dovecot()
    shutil.copyfile(certificate, dovecot.ca_file)
    shutil.copyfile(key, dovecot._key_file)
    with dovecot:
        yield dovecot


LOOPBACK = ("localhost", "127.0.0.1")


@pytest.mark.parametrize(
    ("names", "days", "advice"),
    [
        (
            LOOPBACK,
            (-9, -2),
            "has expired: check the clock of this machine, else tell the provider",
        ),
        (LOOPBACK, (2, 9), "is not valid yet: check the clock of this machine"),
        (("mail.example",), (-1, 1), "is for another host: check host against the provider's"),
    ],
)
def test_a_bad_certificate_is_told_with_its_own_advice(tmp_path: Path, names, days, advice):
    made = make_certificate(tmp_path, "bad", alternative_names=names, days=days)
    with certified(made.file, made.key) as dovecot:
        account = on_dovecot(tmp_path, dovecot, dovecot.alice, ca_file=made.file)
        if names == LOOPBACK:
            account = replace(account, host="localhost")
        found = only_failure(account)
    assert found.name == "TLS"
    assert f"no safe connection to {account.place}: its certificate {advice}" in found.advice


def test_a_certificate_of_an_authority_that_nobody_knows_is_told_with_ca_file(tmp_path: Path):
    _issue(tmp_path)
    with certified(tmp_path / "leaf.pem", tmp_path / "leaf.key") as dovecot:
        known = on_dovecot(tmp_path, dovecot, dovecot.alice, ca_file=tmp_path / "ca.pem")
        assert look(known)["TLS"].shown == "verified"
        found = only_failure(replace(known, ca_file=None))
    assert found.name == "TLS"
    assert "nobody that this machine trusts has signed its certificate" in found.advice
    assert "set ca_file to the certificate of the CA" in found.advice


def _issue(folder: Path) -> None:
    """Make an authority, and a certificate that it has signed."""
    new = "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
    usage = "-addext keyUsage=critical,keyCertSign"
    leaf = "-CA ca.pem -CAkey ca.key -addext subjectAltName=IP:127.0.0.1"
    for command in (
        f"{new} -subj /CN=ours {usage} -keyout ca.key -out ca.pem",
        f"{new} -subj /CN=localhost {leaf} -keyout leaf.key -out leaf.pem",
    ):
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)


def test_a_self_signed_certificate_is_told_with_ca_file(home: Account):
    found = only_failure(replace(home, ca_file=None))
    assert found.name == "TLS"
    assert "self-signed: if the server is yours, set ca_file to its certificate" in found.advice


# ---------------------------------------------------------------- not let in


def test_a_wrong_password_is_told(home: Account, dovecot: Dovecot):
    assert home.password_file is not None
    keep_secret("x", "wrong", home.password_file)
    found = only_failure(home)
    assert found.name == "login"
    assert f"127.0.0.1:{dovecot.tls_port} refused the login" in found.advice
    assert "check user and password" in found.advice


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        (
            "mara@gmail.com",
            "Gmail wants an app password: https://myaccount.google.com/apppasswords",
        ),
        ("mara@outlook.com", "takes no password from programs: take another way (inboxbot setup)"),
        ("mara@gmx.de", "check user and password"),
    ],
)
def test_a_provider_that_takes_no_password_of_the_web_is_told_as_one(
    home: Account, address: str, advice: str
):
    with StandIn({"LOGIN": b"TAG NO LOGIN failed.\r\n"}) as server:
        found = only_failure(replace(home, address=address, port=server.port, tls="none"))
    assert found.name == "login"
    assert advice in found.advice


def test_a_password_that_is_not_there_is_told_with_where_to_put_it(home: Account, tmp_path: Path):
    found = only_failure(replace(home, password_file=tmp_path / "none"))
    assert found.name == "login"
    assert f"no password in {tmp_path / 'none'}; write it there" in found.advice


def test_an_account_that_the_provider_has_stopped_is_told_as_one(home: Account):
    said = b"TAG NO [ALERT] Your account has been suspended. (Failure)\r\n"
    with StandIn({"LOGIN": said}) as server:
        found = only_failure(replace(home, port=server.port, tls="none"))
    assert found.name == "login"
    assert "the provider has stopped this account: log in in a browser to see why" in found.advice


# ---------------------------------------------------------------- folders


def test_a_mailbox_without_drafts_fails_and_one_without_sent_or_trash_only_warns(
    home: Account, courier: Courier
):
    user = courier.add_user(f"new-{os.urandom(4).hex()}")
    assert home.password_file is not None
    keep_secret("x", user.password, home.password_file)
    found = look(replace(home, user=user.name, port=courier.port, tls="none"))
    assert found["TLS"].shown == "none: it is on this machine"
    assert found["drafts"].failed
    for role in ("drafts", "sent", "trash"):
        advice = f'create it in your mail client, or set {role} = "…" in [accounts.home]'
        assert advice in found[role].advice
    assert not found["sent"].failed
    assert "cannot see what you have sent" in found["sent"].advice
    assert not found["trash"].failed
    assert "stays in Drafts" in found["trash"].advice
    assert "rights" not in found


def test_a_folder_whose_name_is_mistyped_is_told_with_the_one_that_is_meant(
    home: Account, dovecot: Dovecot, account: User
):
    with dovecot.log_in(account) as client:
        client.create_folder("Bewerbungen")
    found = look(replace(home, folders=("INBOX", "Bewerbung")))["watched"]
    assert found.failed
    assert found.advice == (
        'there is no folder "Bewerbung" (did you mean "Bewerbungen"?); correct folders in '
        "[accounts.home]"
    )
    unlike = look(replace(home, folders=("Interviews",)))["watched"].advice
    assert "(there are Archive, Bewerbungen, Drafts, INBOX, Junk, Sent, Trash)" in unlike
    assert look(replace(home, folders=("inbox", "Bewerbungen")))["watched"].shown == "Bewerbungen"


def test_a_setting_that_the_server_overrules_is_told(home: Account):
    found = look(replace(home, drafts="Entwürfe", sent="Sent"))
    assert not found["drafts"].failed
    assert found["drafts"].advice == (
        'the server says that it is "Drafts"; remove drafts = "Entwürfe"'
    )
    assert not found["sent"].advice


# ---------------------------------------------------------------- rights and room


def test_drafts_that_may_not_be_written_are_told_by_acl_before_a_draft_is_lost(tmp_path: Path):
    acl = """
mail_plugins = acl
protocol imap {
  mail_plugins = $mail_plugins imap_acl
}
plugin {
  acl = vfile:%s
}
"""
    rules = Path(tempfile.mkdtemp(prefix="inboxbot-acl-"))
    rules.chmod(0o755)
    (rules / "acl").write_text("Drafts owner lrs\n")
    try:
        with Dovecot(more=acl % (rules / "acl")) as dovecot:
            found = look(on_dovecot(tmp_path, dovecot, dovecot.alice))
    finally:
        shutil.rmtree(rules)
    assert found["drafts"].shown == "Drafts"
    assert found["rights"].failed
    assert 'no draft may be written to "Drafts": ask whoever runs the server' in (
        found["rights"].advice
    )


@pytest.mark.parametrize(("kilobytes", "warns"), [(500, False), (950, True)])
def test_a_mailbox_that_is_nearly_full_warns(tmp_path: Path, kilobytes: int, warns: bool):
    quota = """
mail_plugins = quota
protocol imap {
  mail_plugins = $mail_plugins imap_quota
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=1M
}
"""
    with Dovecot(more=quota) as dovecot:
        with dovecot.log_in(dovecot.alice) as client:
            client.append("INBOX", b"Subject: big\r\n\r\n" + b"x" * 1024 * kilobytes)
        found = look(on_dovecot(tmp_path, dovecot, dovecot.alice))["room"]
    assert found.shown == f"{kilobytes * 100 // 1024} % of 1 MB used"
    assert not found.failed
    assert ("make room, or drafts cannot be saved" in found.advice) is warns


# ---------------------------------------------------------------- a Maildir


@pytest.fixture
def maildir() -> Iterator[Account]:
    """Provide a Maildir that another user can look into."""
    parent = Path(tempfile.mkdtemp(prefix="inboxbot-probe-"))
    for name in ("INBOX", "Drafts", "Sent", "Trash"):
        create_folder(parent / "mail", name)
    for folder in (parent, *parent.rglob("*/")):
        folder.chmod(0o755)
    yield Account(id="home", kind="maildir", address="a@b.example", path=parent / "mail")
    shutil.rmtree(parent)


def test_a_maildir_is_told_by_its_path(maildir: Account):
    found = look(maildir)
    assert list(found) == ["mailbox", "drafts", "sent", "trash", "rights", "watched"]
    assert found["mailbox"].shown == str(maildir.path)
    assert found["rights"].shown == "drafts may be written"


def test_a_maildir_that_is_not_there_or_is_none_is_told_with_the_path(maildir: Account):
    assert maildir.path is not None
    for path, why in (
        (maildir.path / "none", "there is nothing there; set path to the Maildir's folder"),
        (maildir.path.parent, "is not a Maildir"),
    ):
        found = only_failure(replace(maildir, path=path))
        assert found.name == "mailbox"
        assert str(path) in found.advice
        assert why in found.advice


def test_drafts_of_another_user_are_told_before_a_draft_is_lost(maildir: Account):
    look(maildir)  # all that is imported later is imported now
    assert maildir.path is not None
    for part in ("tmp", "new", "cur"):
        (maildir.path / ".Drafts" / part).chmod(0o555)
    with _unprivileged():
        found = look(maildir)["rights"]
    assert found.failed
    assert 'no draft may be written to "Drafts"' in found.advice
    assert "make it your own (chown, chmod)" in found.advice


@contextmanager
def _unprivileged() -> Iterator[None]:
    """Be nobody for a moment where we are root, who may write everywhere."""
    if os.getuid():
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


# ---------------------------------------------------------------- permissions


@pytest.fixture
def google(dovecot: Dovecot, account: User) -> Iterator[Google]:
    """Provide a Google whose tokens open the account's mailbox, by XOAUTH2."""
    with Google(account.address) as running:
        running.mint = lambda _: dovecot.token(account)
        yield running


@pytest.fixture
def permitted(home: Account, google: Google, tmp_path: Path) -> Account:
    """Provide an account that a permission opens, given ten days ago."""
    _permit(google, home.address, tmp_path, days_ago=10)
    return replace(
        home, user=None, password_file=None, oauth="google",
        client_file=google.client_file(tmp_path), token_file=tmp_path / "token",
    )  # fmt: skip


def _permit(
    google: Google,
    address: str,
    folder: Path,
    *,
    days_ago: float,
    scopes: tuple[str, ...] = tuple(GMAIL_IMAP_SCOPES),
    ends: datetime | None = None,
) -> None:
    grant = Grant(
        provider="google", address=address, authorised=NOW - timedelta(days=days_ago),
        scopes=scopes, kept=google.grant(address), ends=ends,
    )  # fmt: skip
    keep_secret("x", grant.to_text(), folder / "token")


@pytest.mark.parametrize(
    ("days_ago", "warns"), [(0.1, False), (4.9, False), (5.1, True), (6.9, True), (7.1, False)]
)
def test_a_permission_that_google_may_end_within_two_days_warns_and_says_how_to_keep_it(
    permitted: Account, google: Google, tmp_path: Path, days_ago: float, warns: bool
):
    _permit(google, permitted.address, tmp_path, days_ago=days_ago)
    found = look(permitted)
    assert found["login"].shown == permitted.address
    permission = found["permission"]
    assert not permission.failed
    given = (NOW - timedelta(days=days_ago)).astimezone()
    assert f"given on {given:%A} {given.day} {given:%B %Y}" in (
        permission.advice or permission.shown
    )
    if warns:
        ends = (NOW + timedelta(days=7 - days_ago)).astimezone()
        assert f"Google ends it on {ends:%A} {ends.day} {ends:%B %Y}" in permission.advice
        assert '"In production"' in permission.advice
        assert "inboxbot setup --renew home" in permission.advice
    else:
        assert not permission.advice


def test_where_google_said_when_a_permission_ends_that_is_told_from_the_first_day(
    permitted: Account, google: Google, tmp_path: Path
):
    ends = NOW + timedelta(days=7)
    _permit(google, permitted.address, tmp_path, days_ago=0, ends=ends)
    permission = look(permitted)["permission"]
    local = ends.astimezone()
    day = f"{local:%A} {local.day} {local:%B %Y}"
    assert f"Google ends it on {day}, since the consent screen" in permission.advice
    assert permission.warning


def test_a_dead_permission_is_told_with_how_to_renew_it(permitted: Account, google: Google):
    google.refresh_tokens.clear()
    found = only_failure(permitted)
    assert found.name == "login"
    assert "Google's permission has ended" in found.advice
    assert found.advice.endswith("run: inboxbot setup --renew home")


def test_a_provider_that_does_not_answer_is_the_networks_fault(permitted: Account, tmp_path: Path):
    with Google() as gone:
        client_file = gone.client_file(tmp_path)
    found = only_failure(replace(permitted, client_file=client_file))
    assert found.name == "network"
    assert "cannot be reached: check the network" in found.advice


@pytest.fixture
def gmail(google: Google, tmp_path: Path) -> Iterator[tuple[GmailStandIn, Account]]:
    """Provide Gmail's API, and an account there."""
    with GmailStandIn() as running:
        google.mint = lambda _: running.oauth.issue()
        yield (
            running,
            Account(
                id="g", kind="gmail", address=running.address, api_endpoint=running.url,
                client_file=google.client_file(tmp_path), token_file=tmp_path / "token",
            ),
        )  # fmt: skip


def test_gmail_is_told_by_its_host_and_its_rights_by_the_permission(
    gmail: tuple[GmailStandIn, Account], google: Google, tmp_path: Path
):
    stand_in, account = gmail
    _permit(google, account.address, tmp_path, days_ago=10, scopes=tuple(GMAIL_SCOPES))
    found = look(account)
    assert not [finding for finding in found.values() if finding.advice]
    assert f"http://{found['network'].shown}/" == stand_in.url
    assert found["TLS"].shown == "none: it is on this machine"
    assert found["login"].shown == "alice@gmail.com"
    assert found["rights"].shown == "drafts may be written"
    read_only = ("https://www.googleapis.com/auth/gmail.readonly",)
    _permit(google, account.address, tmp_path, days_ago=10, scopes=read_only)
    rights = look(account)["rights"]
    assert rights.failed
    assert "inboxbot setup --renew g" in rights.advice
    assert {method for method, _ in stand_in.wire} == {"GET"}


def test_a_permission_for_another_gmail_account_is_told(
    gmail: tuple[GmailStandIn, Account], google: Google, tmp_path: Path
):
    account = replace(gmail[1], address="bob@gmail.com")
    _permit(google, account.address, tmp_path, days_ago=1, scopes=tuple(GMAIL_SCOPES))
    found = only_failure(account)
    assert found.name == "login"
    assert (
        "the permission is for alice@gmail.com, and the settings say bob@gmail.com" in found.advice
    )
