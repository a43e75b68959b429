"""Microsoft's device code, for real: msal, a code that is typed, a token endpoint behind TLS."""

import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxbot.errors import AuthorisationRefused, LoginRefused, MailboxError, TokenDead
from inboxbot.mailbox import oauth_endpoint, oauth_microsoft
from inboxbot.mailbox.oauth import Grant
from inboxbot.mailbox.oauth_microsoft import (
    OUTLOOK_IMAP_SCOPES,
    authorise_microsoft,
    renew_microsoft,
)
from tests.servers.authorisation import Answer, Hang, Microsoft

ALICE = "alice@test.example"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def microsoft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Microsoft]:
    with Microsoft(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.ca_file))
        yield running


def authorise(microsoft: Microsoft, show: Callable[[str], None] | None = None) -> Grant:
    text = authorise_microsoft(
        microsoft.client_id,
        ALICE,
        show=show or microsoft.signs_in(ALICE),
        authority=microsoft.authority,
        now=lambda: NOW,
    )
    return Grant.read(text)


def renew(microsoft: Microsoft, grant: Grant) -> oauth_microsoft.Renewed:
    client, place = microsoft.client_id, microsoft.authority
    return renew_microsoft(client, grant, "mine", NOW, authority=place)


# ---------------------------------------------------------------- allowed


def test_who_types_the_code_gives_a_permission_that_is_kept_with_its_date(microsoft):
    shown: list[str] = []
    signs_in = microsoft.signs_in(ALICE)
    grant = authorise(microsoft, lambda text: shown.append(text) or signs_in(text))
    assert (grant.provider, grant.address, grant.authorised) == ("microsoft", ALICE, NOW)
    assert "https://microsoft.com/devicelogin" in shown[0]
    assert ALICE in shown[0]
    asked = microsoft.asked[1].form["scope"].split()
    assert set(asked) == {*OUTLOOK_IMAP_SCOPES, "offline_access", "openid", "profile"}


def test_the_user_may_take_his_time(microsoft):
    microsoft.instead.append(Answer.error("authorization_pending"))
    assert authorise(microsoft).address == ALICE
    assert len(microsoft.tokens_asked()) == 2


def test_what_is_kept_brings_tokens_silently_and_again(microsoft):
    grant = authorise(microsoft)
    first = renew(microsoft, grant)
    second = renew(microsoft, first.grant)
    assert first.token.value != second.token.value
    assert first.token.expires - NOW > timedelta(minutes=55)
    assert second.grant.authorised == NOW
    forms = [asked.form for asked in microsoft.tokens_asked()[1:]]
    assert [form["grant_type"] for form in forms] == ["refresh_token", "refresh_token"]
    # Microsoft gives a new refresh token each time, and the next request uses it.
    assert forms[0]["refresh_token"] != forms[1]["refresh_token"]


@pytest.mark.threat("D14")
def test_what_lives_for_an_hour_is_not_kept(microsoft):
    microsoft.mint = lambda _: "EwB-canary-access"
    grant = renew(microsoft, authorise(microsoft)).grant
    assert "EwB-canary-access" not in grant.to_text()
    assert set(json.loads(grant.kept)) == {"RefreshToken", "Account", "AppMetadata"}


def test_the_case_of_the_name_that_one_signs_in_with_does_not_matter(microsoft):
    assert authorise(microsoft, microsoft.signs_in("Alice@Test.example"))


# ---------------------------------------------------------------- refused


@pytest.mark.threat("D19")
def test_another_account_than_the_settings_name_is_refused(microsoft):
    with pytest.raises(AuthorisationRefused, match=r"bob@test\.example.*alice@test\.example"):
        authorise(microsoft, microsoft.signs_in("bob@test.example"))


def test_a_permission_that_is_denied_is_told_as_one(microsoft):
    with pytest.raises(AuthorisationRefused, match="denied in the browser"):
        authorise(microsoft, microsoft.signs_in(""))


def test_a_code_that_nobody_types_is_told(microsoft):
    microsoft.device_seconds = 0
    with pytest.raises(AuthorisationRefused, match="nobody typed the code in time"):
        authorise(microsoft, lambda _: None)


def test_a_code_that_has_expired_is_told(microsoft):
    microsoft.instead.append(Answer.error("expired_token", "AADSTS70020: expired"))
    with pytest.raises(AuthorisationRefused, match="nobody typed the code in time"):
        authorise(microsoft)


@pytest.mark.parametrize(
    ("error", "description", "told"),
    [
        (
            "invalid_grant",
            "AADSTS65001: The user or administrator has not consented",
            "administrator",
        ),
        ("invalid_grant", "AADSTS90094: Admin consent is required.", "administrator"),
        ("invalid_client", "AADSTS7000218: body must contain 'client_assertion'", "public client"),
        ("invalid_client", "AADSTS70002: must be marked as 'mobile.'", "public client"),
        ("invalid_grant", "AADSTS53003: blocked by Conditional Access", "conditional access"),
        ("invalid_grant", "AADSTS53000: Device is not compliant", "conditional access"),
        ("invalid_request", "AADSTS50194: is not configured as multi-tenant", "authority"),
        (
            "invalid_grant",
            "AADSTS99999: Nobody has heard of it.\r\nTrace ID: 7 x",
            "Nobody has heard",
        ),
    ],
)
def test_what_azure_says_is_told_in_plain_words(microsoft, error, description, told):
    microsoft.instead.append(Answer.error(error, description))
    with pytest.raises(AuthorisationRefused, match=told) as refused:
        authorise(microsoft)
    assert "Trace ID" not in str(refused.value)


def test_a_client_id_that_microsoft_does_not_know_is_told(microsoft):
    with pytest.raises(AuthorisationRefused, match="does not know the client id"):
        authorise_microsoft("other", ALICE, show=str, authority=microsoft.authority)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(503, b"<html>"),
        Answer(200, b"{"),
        Answer.error("temporarily_unavailable", "AADSTS90033: a passing error", 400),
        Answer(429, b'{"error": "too_many"}'),
    ],
)
def test_a_server_that_is_ill_is_no_refusal(microsoft, answer):
    microsoft.instead.append(answer)
    with pytest.raises(MailboxError, match="later"):
        authorise(microsoft)


def test_a_server_that_is_not_there_is_told_by_its_name(microsoft):
    with pytest.raises(MailboxError, match=r"127\.0\.0\.1:1 does not answer"):
        authorise_microsoft("id", ALICE, show=str, authority="https://127.0.0.1:1/common")


@pytest.mark.threat("D18")
def test_a_server_whose_certificate_nobody_knows_is_not_spoken_to(microsoft, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailboxError):
        authorise(microsoft)
    assert not microsoft.asked


def test_a_directory_that_is_not_there_is_told(microsoft):
    with pytest.raises(MailboxError, match="authority"):
        authorise_microsoft("id", ALICE, show=str, authority=f"{microsoft.url}/nowhere")


# ---------------------------------------------------------------- renewed


def test_a_permission_that_has_ended_is_told_with_what_to_do(microsoft):
    grant = authorise(microsoft)
    microsoft.refresh_tokens.clear()
    with pytest.raises(TokenDead, match=r"90 days.*inboxbot setup --renew mine"):
        renew(microsoft, grant)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer.error("invalid_grant", "AADSTS50173: Fresh auth token is needed"), "password"),
        (Answer.error("interaction_required", "AADSTS50076: MFA"), "second factor"),
        (Answer.error("consent_required", "AADSTS65001: not consented"), "administrator"),
        (Answer.error("invalid_client", "AADSTS7000218: client_assertion"), "public client"),
        (Answer.error("invalid_grant", "AADSTS70000: The grant is invalid."), "grant is invalid"),
    ],
)
def test_each_kind_of_end_has_its_words(microsoft, answer, told):
    grant = authorise(microsoft)
    microsoft.instead.append(answer)
    with pytest.raises(TokenDead, match=told):
        renew(microsoft, grant)


def test_a_rule_that_may_pass_kills_no_permission(microsoft):
    grant = authorise(microsoft)
    words = "AADSTS53003: Access has been blocked by Conditional Access policies."
    microsoft.instead.append(Answer.error("invalid_grant", words, suberror="message_only"))
    with pytest.raises(LoginRefused, match="conditional access"):
        renew(microsoft, grant)
    assert renew(microsoft, grant).token.value


@pytest.mark.parametrize("answer", [Answer(500), Answer(200, b"["), Answer.error("server_error")])
def test_a_server_that_is_ill_kills_no_permission(microsoft, answer):
    grant = authorise(microsoft)
    microsoft.instead.append(answer)
    with pytest.raises(MailboxError, match="later"):
        renew(microsoft, grant)
    assert renew(microsoft, grant).token.value


@pytest.mark.threat("D19")
def test_a_redirect_is_not_followed_with_the_refresh_token(microsoft, tmp_path):
    grant = authorise(microsoft)
    (tmp_path / "other").mkdir()
    with Microsoft(tmp_path / "other") as thief:
        microsoft.instead.append(Answer(307, location=f"{thief.url}/common/oauth2/v2.0/token"))
        with pytest.raises(MailboxError, match="later"):
            renew(microsoft, grant)
        assert not thief.asked


@pytest.mark.threat("D17")
@pytest.mark.parametrize(
    "body",
    [
        b'{"access_token": "t", "expires_in": 3599, "more": "%b"}' % (b"x" * 400_000),
        b'{"access_token": "t", "expires_in": %b%b}' % (b"[" * 100_000, b"]" * 100_000),
        b'{"access_token": "t", "expires_in": "soon"}',
    ],
)
def test_a_server_that_answers_nonsense_is_left(microsoft, body):
    grant = authorise(microsoft)
    microsoft.instead.append(Answer(200, body))
    with pytest.raises(MailboxError):
        renew(microsoft, grant)


def test_no_token_is_taken_for_good_for_ages(microsoft):
    grant = authorise(microsoft)
    microsoft.instead.append(Answer.json({"access_token": "t", "expires_in": 10**30}))
    assert renew(microsoft, grant).token.expires == NOW + timedelta(days=1)


def test_a_server_that_does_not_answer_is_left_in_time(microsoft, monkeypatch):
    grant = authorise(microsoft)
    soon = replace(oauth_endpoint.LIMITS, command_seconds=0.3)
    monkeypatch.setattr(oauth_endpoint, "LIMITS", soon)
    microsoft.instead.extend([Hang(), Hang(), Hang()])
    began = time.monotonic()
    with pytest.raises(MailboxError, match="does not answer"):
        renew(microsoft, grant)
    assert time.monotonic() - began < 5


def test_a_permission_of_another_client_id_is_told(microsoft):
    grant = authorise(microsoft)
    with pytest.raises(TokenDead, match="another client id"):
        renew_microsoft("other", grant, "mine", NOW, authority=microsoft.authority)


def test_what_is_no_cache_of_msals_is_told(microsoft):
    grant = Grant(provider="microsoft", address=ALICE, authorised=NOW, scopes=(), kept="[1]")
    with pytest.raises((MailboxError, TokenDead)):
        renew(microsoft, grant)


# ---------------------------------------------------------------- nothing is told to others


@pytest.mark.threat("D15")
@pytest.mark.threat("D19")
@pytest.mark.goal("G10")
@pytest.mark.parametrize("how", ["allowed", "denied", "wrong account", "ill", "cut", "dead"])
def test_no_code_and_no_token_is_logged_or_told(microsoft, caplog, capfd, how):
    caplog.set_level(logging.DEBUG)
    microsoft.client_id = "11111111-client"
    who = {"denied": "", "wrong account": "bob@test.example"}.get(how, ALICE)
    if how == "ill":
        microsoft.instead.append(Answer(500, b"canary-answer"))
    told = ""
    try:
        grant = authorise(microsoft, microsoft.signs_in(who))
        told = repr(grant)
        if how == "cut":
            microsoft.instead.append(Answer(200, b'{"access_token": "canary-cut'))
        if how == "dead":
            microsoft.refresh_tokens.clear()
        told += repr(renew(microsoft, grant))
    except Exception as error:  # noqa: BLE001 -- whatever it is
        told += "".join(traceback.format_exception(error)) + repr(error)
    out, err = capfd.readouterr()
    assert "canary-" not in told + out + err
    assert "canary-" not in caplog.text
