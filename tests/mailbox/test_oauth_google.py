"""Google's consent, for real: a browser, a consent page, a callback, a token endpoint."""

import json
import logging
import re
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from inboxbot.errors import AuthorisationRefused, InputError, MailboxError, TokenDead
from inboxbot.mailbox import oauth_endpoint, oauth_loopback
from inboxbot.mailbox.oauth import Grant
from inboxbot.mailbox.oauth_google import (
    GMAIL_IMAP_SCOPES,
    GMAIL_SCOPES,
    GoogleClient,
    authorise_google,
)
from inboxbot.mailbox.oauth_google_token import renew_google
from tests.servers.authorisation import Answer, Browser, Google, Hang

ALICE = "alice@test.example"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
IMAP = "https://mail.google.com/"


@pytest.fixture
def google() -> Iterator[Google]:
    with Google(ALICE) as running:
        yield running


@pytest.fixture
def client(google: Google, tmp_path: Path) -> GoogleClient:
    return GoogleClient.read(google.client_file(tmp_path))


def authorise(client: GoogleClient, browser: Browser | None = None, **changes: object) -> Grant:
    usual = {"scopes": GMAIL_IMAP_SCOPES, "seconds": 5, "now": lambda: NOW}
    opened = (browser or Browser()).open
    return Grant.read(
        authorise_google(client, ALICE, **{"open_browser": opened, **usual, **changes})
    )


# ---------------------------------------------------------------- allowed


def test_who_agrees_in_the_browser_gives_a_permission_that_is_kept_with_its_date(google, client):
    browser = Browser()
    grant = authorise(client, browser)
    assert (grant.provider, grant.address, grant.authorised) == ("google", ALICE, NOW)
    assert IMAP in grant.scopes
    assert grant.kept in google.refresh_tokens
    assert Grant.read(grant.to_text()) == grant
    assert "\n" not in grant.to_text()
    status, page = browser.pages[-1]
    assert status == 200
    assert "go back to the terminal" in page
    assert not re.search(r"<script|href|src=|canary", page)


def test_the_consent_page_is_asked_for_what_is_needed_and_told_which_account_is_meant(
    google, client
):
    browser = Browser()
    authorise(client, browser, scopes=GMAIL_SCOPES)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(browser.way[0]).query).items()}
    assert asked["scope"].split() == list(GMAIL_SCOPES)
    assert "https://mail.google.com/" not in asked["scope"]
    assert asked["login_hint"] == ALICE
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 43


def test_each_scope_has_its_reason():
    for scopes in (GMAIL_SCOPES, GMAIL_IMAP_SCOPES):
        assert all(len(reason) > 20 for reason in scopes.values())


def test_dots_and_googlemail_are_the_same_account(google, client):
    google.signed_in = "m.lind@gmail.com"
    text = authorise_google(
        client, "MLind@googlemail.com", scopes=GMAIL_SCOPES, open_browser=Browser().open, seconds=5
    )
    assert Grant.read(text).address == "m.lind@gmail.com"


def test_a_browser_that_ends_by_itself_and_one_that_does_not_are_both_heard(client):
    def in_the_background(url: str) -> None:
        threading.Thread(target=Browser().open, args=(url,)).start()

    assert authorise(client).address == ALICE
    assert authorise(client, open_browser=in_the_background).address == ALICE


def test_each_time_the_port_the_state_and_the_verifier_are_others(google, client):
    ways = [Browser(), Browser(), Browser()]
    for browser in ways:
        authorise(client, browser)
    for name in ("redirect_uri", "state", "code_challenge"):
        assert len({parse_qs(urlsplit(way.way[0]).query)[name][0] for way in ways}) == 3
    verifiers = [asked.form["code_verifier"] for asked in google.tokens_asked()]
    assert len(set(verifiers)) == 3
    assert all(43 <= len(verifier) <= 128 for verifier in verifiers)


# ---------------------------------------------------------------- refused


@pytest.mark.threat("D19")
@pytest.mark.parametrize("state", ["state=forged", "", "state="])
def test_an_answer_with_another_state_is_refused_and_its_code_never_used(google, client, state):
    browser = Browser(on_the_way=lambda url: re.sub(r"state=[^&]*", state, url))
    with pytest.raises(AuthorisationRefused, match="wrong state"):
        authorise(client, browser)
    assert not google.tokens_asked()


@pytest.mark.threat("D19")
def test_a_second_callback_finds_nobody(google, client):
    browser = Browser()
    grant = authorise(client, browser)
    browser.open(browser.way[-1])
    assert browser.pages[-1] == (0, "ConnectionRefusedError")
    assert len(google.tokens_asked()) == 1
    assert grant.kept in google.refresh_tokens


@pytest.mark.threat("D19")
def test_of_two_callbacks_at_once_one_is_heard(google, client):
    """The second one waits in the queue while the first is answered."""

    def twice(url: str) -> None:
        calls = [threading.Thread(target=browser._step, args=(url,)) for _ in range(2)]
        for call in calls:
            call.start()
        for call in calls:
            call.join()

    browser = Browser()
    browser.on_the_way = lambda url: twice(url) or ""
    assert authorise(client, browser).address == ALICE
    assert sorted(status for status, _ in browser.pages) == [0, 200, 302]
    assert len(google.tokens_asked()) == 1


@pytest.mark.threat("D19")
def test_another_account_than_the_settings_name_is_refused(google, client):
    google.signed_in = "bob@test.example"
    with pytest.raises(AuthorisationRefused, match=r"bob@test\.example.*alice@test\.example"):
        authorise(client)


@pytest.mark.threat("D19")
def test_a_code_that_somebody_else_asked_for_is_worth_nothing(google, client):
    """An attacker who knows our state has no code for our verifier (RFC 7636)."""
    stolen: list[str] = []

    def attack(url: str) -> str:
        if not stolen:
            stolen.append(parse_qs(urlsplit(url).query)["code"][0])
            google._codes[stolen[0]].challenge = "of-the-attacker"
        return url

    with pytest.raises(AuthorisationRefused, match="had expired"):
        authorise(client, Browser(on_the_way=attack))
    assert not google.refresh_tokens


def test_a_permission_that_is_denied_is_told_as_one(google, client):
    google.allows = False
    browser = Browser()
    with pytest.raises(AuthorisationRefused, match="denied in the browser"):
        authorise(client, browser)
    assert "go back to the terminal" in browser.pages[-1][1]
    assert not google.tokens_asked()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("admin_policy_enforced", "administrator"),
        ("org_internal", "administrator"),
        ("odd%1b%5d", "no permission: odd"),
    ],
)
def test_what_else_google_says_in_place_of_a_code_is_told(client, error, told):
    browser = Browser(on_the_way=lambda url: re.sub(r"code=[^&]*", f"error={error}", url))
    with pytest.raises(AuthorisationRefused, match=told) as refused:
        authorise(client, browser)
    assert str(refused.value).isprintable()


def test_a_box_that_was_not_ticked_is_told(google, client):
    google.ticked = "openid https://www.googleapis.com/auth/userinfo.email"
    with pytest.raises(AuthorisationRefused, match=r"box for https://mail\.google\.com/"):
        authorise(client)


def test_a_permission_without_a_refresh_token_is_told(google, client):
    google.lasting = False
    with pytest.raises(AuthorisationRefused, match="for an hour only"):
        authorise(client)


def test_a_code_that_has_expired_is_told(google, client):
    google.code_seconds = 0
    with pytest.raises(AuthorisationRefused, match="had expired"):
        authorise(client)


def test_nobody_in_the_browser_ends_with_the_deadline(client):
    began = time.monotonic()
    with pytest.raises(AuthorisationRefused, match="in time"):
        authorise(client, open_browser=lambda _: None, seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_browser_that_cannot_be_opened_leaves_no_port_open(client):
    opened: list[str] = []

    def fail(url: str) -> None:
        opened.append(url)
        raise RuntimeError("no browser")

    with pytest.raises(RuntimeError, match="no browser"):
        authorise(client, open_browser=fail)
    port = int(re.search(r"127\.0\.0\.1%3A(\d+)", opened[0])[1])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(503, b"<html>sorry</html>"), "HTTP 503"),
        (Answer(500, b'{"error": "internal_failure"}'), "HTTP 500"),
        (Answer(200, b'{"access_token": "ya29.cut'), "HTTP 200"),
        (Answer(200, b"[]"), "HTTP 200"),
        (Answer(429, b'{"error": "rate_limit_exceeded"}'), "HTTP 429"),
        (Answer(307, location="http://127.0.0.1:1/"), "HTTP 307"),
    ],
)
def test_a_token_endpoint_that_is_ill_is_no_refusal(google, client, answer, told):
    google.instead.append(answer)
    with pytest.raises(MailboxError, match=told):
        authorise(client)


NESTED = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.threat("D17")
@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b'{"access_token": "t", "more": %b}' % NESTED),
        Answer(200, b'{"access_token": "t", "more": "%b"}' % (b"x" * 400_000)),
        Answer(200, b'{"access_token": ["t"], "expires_in": 3599}'),
        Answer(200, b'{"access_token": "t", "expires_in": NaN}'),
        Answer(200, b'{"access_token": "t", "expires_in": {}}'),
    ],
)
def test_a_token_endpoint_that_answers_nonsense_is_left(google, client, answer):
    google.instead.append(answer)
    with pytest.raises(MailboxError):
        renew_google(client, grant_of(google), "mine", NOW)


@pytest.mark.threat("D17")
@pytest.mark.parametrize(
    ("said", "seconds"),
    [(10**30, 86_400), (1e300, 86_400), (-5, 0), (-(10**30), 0), ("3599", 3599), (3599.5, 3599.5)],
)
def test_no_token_is_taken_for_good_for_ages_or_for_less_than_nothing(
    google, client, said, seconds
):
    google.instead.append(Answer.json({"access_token": "t", "expires_in": said}))
    token = renew_google(client, grant_of(google), "mine", NOW).token
    assert token.expires == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("error", ["invalid_client", "deleted_client"])
def test_a_client_that_google_does_not_know_is_told(google, client, error):
    google.instead.append(Answer.error(error, status=401))
    with pytest.raises(AuthorisationRefused, match="client_file"):
        authorise(client)


@pytest.mark.parametrize(
    "id_token", ["", "a.b.c", "a.e30.c", "a.eyJhdWQiOiAib3RoZXIiLCAiZW1haWwiOiAiYSJ9.c"]
)
def test_an_answer_that_does_not_say_for_whom_it_is_is_refused(google, client, id_token):
    given = {"access_token": "ya29.x", "refresh_token": "1//x", "scope": IMAP, "expires_in": 9}
    google.instead.append(Answer.json({**given, "id_token": id_token}))
    with pytest.raises(AuthorisationRefused):
        authorise(client)


# ---------------------------------------------------------------- the port on this machine


@pytest.fixture
def loopback() -> Iterator[oauth_loopback.Loopback]:
    with oauth_loopback.Loopback(5) as listening:
        yield listening


def call(loopback: oauth_loopback.Loopback, target: str, **fields: str) -> int:
    place = urlsplit(loopback.uri).netloc
    with closing(HTTPConnection(place, timeout=5)) as connection:
        connection.request("GET", target, headers=fields)
        return connection.getresponse().status


@pytest.mark.threat("D19")
def test_the_port_is_open_on_this_machine_alone(loopback):
    assert urlsplit(loopback.uri).hostname == "127.0.0.1"
    assert loopback._listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.threat("D19")
@pytest.mark.parametrize(
    ("target", "fields"),
    [
        ("/favicon.ico", {}),
        ("/", {}),
        ("/?state=s", {}),
        ("/other?code=c&state=s", {}),
        ("/?code=c&code=d&state=s", {}),
        ("/?code=c&state=s&" + "&".join(f"a{n}=1" for n in range(30)), {}),
        ("/?code=c&state=s", {"Host": "evil.example"}),
    ],
)
def test_what_is_no_callback_is_answered_with_nothing_and_the_callback_is_still_heard(
    loopback, target, fields
):
    assert call(loopback, target, **fields) == 404
    assert call(loopback, "/?code=real&state=s") == 200
    assert loopback.parameters() == {"code": "real", "state": "s"}


def test_a_connection_that_says_nothing_holds_the_callback_up_for_a_moment_only(
    loopback, monkeypatch
):
    monkeypatch.setattr(oauth_loopback, "_REQUEST_SECONDS", 0.2)
    port = urlsplit(loopback.uri).port
    with (
        socket.create_connection(("127.0.0.1", port)),
        closing(socket.create_connection(("127.0.0.1", port))) as slow,
    ):
        slow.sendall(b"GET /?code=slow")
        assert call(loopback, "/?code=real&state=s") == 200
    assert loopback.parameters()["code"] == "real"


@pytest.mark.parametrize(
    "junk", [b"\x00" * 20_000, b"\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"\r\n\r\n"]
)
def test_junk_is_left(loopback, junk):
    with socket.create_connection(("127.0.0.1", urlsplit(loopback.uri).port)) as connection:
        connection.sendall(junk)
        with suppress(OSError):  # the server may have hung up on what it read first
            connection.shutdown(socket.SHUT_WR)
    assert call(loopback, "/?code=real&state=s") == 200


# ---------------------------------------------------------------- renewed


def grant_of(google: Google, **changes: object) -> Grant:
    usual = {
        "provider": "google", "address": ALICE, "authorised": NOW - timedelta(days=30),
        "scopes": (IMAP,), "kept": google.grant(ALICE),
    }  # fmt: skip
    return Grant(**{**usual, **changes})


def test_a_permission_brings_a_token_for_an_hour(google, client):
    grant = grant_of(google)
    renewed = renew_google(client, grant, "mine", NOW)
    assert renewed.token.value.startswith("ya29.")
    assert timedelta(minutes=59) < renewed.token.expires - NOW <= timedelta(hours=1)
    assert renewed.grant == grant


def test_a_permission_that_google_changes_is_to_be_kept_anew(google, client):
    google.rotates = True
    grant = grant_of(google)
    renewed = renew_google(client, grant, "mine", NOW)
    assert renewed.grant.kept != grant.kept
    assert renewed.grant.authorised == grant.authorised


@pytest.mark.parametrize(
    ("seconds", "ends"),
    [(None, None), (604_799, NOW + timedelta(seconds=604_799)), (0, None), (10**15, None)],
)
def test_how_long_a_permission_lasts_is_kept_where_google_says_it(google, client, seconds, ends):
    google.testing_seconds = seconds
    grant = authorise(client)
    assert Grant.read(grant.to_text()).ends == grant.ends
    if seconds == 10**15:
        assert grant.ends > NOW + timedelta(days=300)
    else:
        assert grant.ends == ends


def test_a_permission_that_an_older_program_kept_can_be_read(google):
    kept = grant_of(google).to_text().replace(',"ends":null', "")
    assert "ends" not in kept
    assert Grant.read(kept).ends is None


@pytest.mark.parametrize("days", [1, 6, 7, 7.9])
def test_a_permission_that_dies_within_about_a_week_has_the_testing_screen_explained(
    google, client, days
):
    grant = grant_of(google, kept="1//revoked", authorised=NOW - timedelta(days=days))
    with pytest.raises(TokenDead) as dead:
        renew_google(client, grant, "mine", NOW)
    told = str(dead.value)
    assert '"Testing"' in told
    assert "7 days" in told
    assert '"In production"' in told
    assert f"{int(days)} day" in told
    assert "inboxbot setup --renew mine" in told


def test_an_older_permission_that_has_died_is_told_plainly(google, client):
    grant = grant_of(google, kept="1//revoked")
    with pytest.raises(TokenDead, match="inboxbot setup --renew mine") as dead:
        renew_google(client, grant, "mine", NOW)
    assert "Testing" not in str(dead.value)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer.error("invalid_grant", error_subtype="invalid_rapt"), "organisation wants"),
        (Answer.error("deleted_client", status=401), "client id of client_file"),
        (Answer.error("admin_policy_enforced", status=403), "admin_policy_enforced"),
    ],
)
def test_each_kind_of_end_has_its_words(google, client, answer, told):
    google.instead.append(answer)
    with pytest.raises(TokenDead, match=told):
        renew_google(client, grant_of(google), "mine", NOW)


@pytest.mark.parametrize(
    "answer", [Answer(500), Answer(503, b"x"), Answer(429, b"{}"), Answer(200, b"{"), Answer(400)]
)
def test_a_server_that_is_ill_kills_no_permission(google, client, answer):
    google.instead.append(answer)
    grant = grant_of(google)
    with pytest.raises(MailboxError, match="try again later"):
        renew_google(client, grant, "mine", NOW)
    assert renew_google(client, grant, "mine", NOW).token.value


def test_a_server_that_does_not_answer_is_left_in_time(google, client, monkeypatch):
    soon = replace(oauth_endpoint.LIMITS, command_seconds=0.3)
    monkeypatch.setattr(oauth_endpoint, "LIMITS", soon)
    google.instead.append(Hang())
    began = time.monotonic()
    with pytest.raises(MailboxError, match="check the network"):
        renew_google(client, grant_of(google), "mine", NOW)
    assert time.monotonic() - began < 3


def test_a_server_that_is_not_there_is_told_by_its_name(google, client, tmp_path):
    nowhere = GoogleClient.read(google.client_file(tmp_path, token_uri="http://127.0.0.1:1/token"))
    with pytest.raises(MailboxError, match=r"127\.0\.0\.1:1 cannot be reached"):
        renew_google(nowhere, grant_of(google), "mine", NOW)


# ---------------------------------------------------------------- the client's file


def test_a_client_of_another_type_is_refused_with_what_to_make(google, tmp_path):
    with pytest.raises(InputError, match="Desktop app"):
        GoogleClient.read(google.client_file(tmp_path, kind="web"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"installed": {}}', '{"installed": 1}', "\xff"])
def test_what_is_no_client_file_is_told_as_one(tmp_path, text):
    path = tmp_path / "client.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match="Google's console"):
        GoogleClient.read(path)


def test_a_client_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        GoogleClient.read(tmp_path / "none.json")


@pytest.mark.threat("D19")
@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/token",
        "https://google.com.evil.example/token",
        "https://evilgoogle.com/token",
        "http://oauth2.googleapis.com/token",
        "http://192.0.2.1/token",
        "https://oauth2.googleapis.com@evil.example/token",
        "file:///etc/passwd",
        "https://evil.example\\@accounts.google.com/token",
        "https://evil.example\\.google.com/token",
        "https://script.google.com/macros/s/of-the-attacker/exec",
        "https://storage.googleapis.com/of-the-attacker",
        "https://accounts.google.com:444/token",
        "https://me@accounts.google.com/token",
        "https://[accounts.google.com",
        "http://127.0.0.1:80@evil.example/token",
        "",
    ],
)
@pytest.mark.parametrize("key", ["auth_uri", "token_uri"])
def test_a_client_file_that_leads_elsewhere_than_to_google_is_refused(google, tmp_path, key, uri):
    with pytest.raises(InputError, match="not Google's"):
        GoogleClient.read(google.client_file(tmp_path, **{key: uri}))


def test_googles_own_addresses_are_taken(google, tmp_path):
    uris = {"auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token"}  # fmt: skip
    assert GoogleClient.read(google.client_file(tmp_path, **uris)).id == google.client_id


# ---------------------------------------------------------------- nothing is told to others


@pytest.mark.threat("D15")
@pytest.mark.threat("D19")
@pytest.mark.goal("G10")
@pytest.mark.parametrize(
    "how", ["allowed", "wrong state", "denied", "wrong account", "ill", "dead"]
)
def test_no_code_and_no_token_is_logged_or_told(google, client, caplog, capfd, how):
    caplog.set_level(logging.DEBUG)
    browser = Browser()
    match how:
        case "wrong state":
            browser.on_the_way = lambda url: re.sub(r"state=[^&]*", "state=forged", url)
        case "denied":
            google.allows = False
        case "wrong account":
            google.signed_in = "bob@test.example"
        case "ill":
            google.instead.append(Answer(200, b'{"access_token": "ya29.canary-cut'))
    told = ""
    try:
        grant = authorise(client, browser)
        told = repr(grant) + repr(client)
        if how == "dead":
            google.refresh_tokens.clear()
        told += repr(renew_google(client, grant, "mine", NOW))
    except Exception as error:  # noqa: BLE001 -- whatever it is
        told += "".join(traceback.format_exception(error)) + repr(error)
        told += json.dumps([str(one) for one in error.args])
    out, err = capfd.readouterr()
    everything = told + caplog.text + out + err
    assert "canary-" not in everything
    state = parse_qs(urlsplit(browser.way[0]).query)["state"][0]
    assert state not in everything
