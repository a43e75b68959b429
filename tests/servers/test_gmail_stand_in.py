"""Google's own client library finds at the stand-in what it would find at Gmail."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.client import IncompleteRead
from typing import Any

import pytest
from google.auth.exceptions import RefreshError
from google_auth_httplib2 import Request as TokenRequest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from tests.servers.gmail.faults import (
    Garbled,
    Meanwhile,
    RepeatRecords,
    Silent,
    Slow,
    daily_limit,
    rate_limited,
    server_error,
    too_many_requests,
    unauthenticated,
)
from tests.servers.gmail.quota import UNITS_SINCE_MAY_2026
from tests.servers.gmail.stand_in import GmailStandIn
from tests.servers.wait import wait_for


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gmail(clock: Clock) -> Iterator[GmailStandIn]:
    with GmailStandIn(clock=clock) as running:
        yield running


@pytest.fixture
def users(gmail: GmailStandIn) -> Iterator[Any]:
    with gmail.service() as service:
        yield service.users()


def mail(
    subject: str = "Your application",
    identity: str = "<rejection@corp.example>",
    answers: str = "",
    text: str = "We will not be moving forward.",
) -> bytes:
    lines = [
        "From: Recruiting <jobs@corp.example>",
        "To: alice@gmail.com",
        f"Subject: {subject}",
        "Date: Mon, 02 Nov 2026 10:00:00 +0000",
        f"Message-ID: {identity}",
        *([f"In-Reply-To: {answers}", f"References: {answers}"] if answers else []),
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()


def reply(text: str = "Thank you. What could I do better?", **changes: str) -> bytes:
    fields = {
        "subject": "Re: Your application",
        "identity": "<draft@inboxbot.example>",
        "answers": "<rejection@corp.example>",
    }
    return mail(**{**fields, **changes}, text=text)


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)


def draft(raw: bytes, thread_id: str | None = None) -> dict[str, Any]:
    thread = {"threadId": thread_id} if thread_id else {}
    return {"message": {"raw": encoded(raw), **thread}}


def create(users: Any, raw: bytes, thread_id: str | None = None) -> dict[str, Any]:
    return users.drafts().create(userId="me", body=draft(raw, thread_id)).execute()


def fetch(users: Any, message_id: str, **how: Any) -> dict[str, Any]:
    return users.messages().get(userId="me", id=message_id, **how).execute()


def found(users: Any, **query: Any) -> list[str]:
    answer = users.messages().list(userId="me", **query).execute()
    return [one["id"] for one in answer.get("messages", [])]


def happened(users: Any, start: str, **query: Any) -> list[dict[str, Any]]:
    query = {"userId": "me", "startHistoryId": start, **query}
    return users.history().list(**query).execute().get("history", [])


def now(users: Any) -> str:
    return users.getProfile(userId="me").execute()["historyId"]


def refused(act: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        act()
    error = json.loads(caught.value.content)["error"]
    assert error["code"] == caught.value.status_code
    return error["code"], error["errors"][0]["reason"]


def plainly(
    gmail: GmailStandIn, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, dict[str, Any]]:
    token = gmail.oauth.issue()
    http = gmail.http()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    content = None if body is None else json.dumps(body)
    response, answer = http.request(gmail.url + path, method, body=content, headers=headers)
    http.close()
    return response.status, json.loads(answer) if answer else {}


# ── how the library reaches it ──────────────────────────────────────────────────────────────────


def test_the_library_built_for_another_endpoint_reaches_it(gmail):
    options = {"api_endpoint": gmail.url}
    held = gmail.credentials()
    with build(
        "gmail", "v1", static_discovery=True, credentials=held, client_options=options
    ) as service:
        profile = service.users().getProfile(userId="me").execute()
    assert profile["emailAddress"] == "alice@gmail.com"
    assert gmail.wire == [("GET", "/gmail/v1/users/me/profile")]


def test_a_batch_is_answered_call_by_call_and_costs_what_its_calls_cost(gmail):
    gmail.as_user.receive(mail())
    answers: dict[str, Any] = {}
    with gmail.service() as service:
        (message_id,) = found(service.users())
        spent = gmail.quota.spent
        batch = service.new_batch_http_request(
            callback=lambda key, answer, error: answers.update({key: answer or error})
        )
        batch.add(service.users().messages().get(userId="me", id=message_id), request_id="there")
        batch.add(service.users().messages().get(userId="me", id="abc"), request_id="gone")
        batch.add(
            service.users().drafts().create(userId="me", body=draft(reply())), request_id="draft"
        )
        batch.execute()
    assert answers["there"]["id"] == message_id
    assert answers["gone"].status_code == 404
    assert answers["draft"]["message"]["labelIds"] == ["DRAFT"]
    assert gmail.quota.spent - spent == 5 + 5 + 10
    assert gmail.wire[-4:] == [
        ("GET", f"/gmail/v1/users/me/messages/{message_id}"),
        ("GET", "/gmail/v1/users/me/messages/abc"),
        ("POST", "/gmail/v1/users/me/drafts"),
        ("POST", "/batch"),  # as the document's batchPath says
    ]


def test_a_batch_of_more_than_a_hundred_calls_is_refused(gmail):
    with gmail.service() as service:
        batch = service.new_batch_http_request()
        for _ in range(101):
            batch.add(service.users().getProfile(userId="me"))
        assert refused(batch.execute) == (400, "badRequest")


@pytest.mark.parametrize("body", [None, {"labelIds": ["INBOX", "UNREAD"]}])
def test_a_mail_is_uploaded_alone_or_with_what_is_said_of_it(users, body):
    # ASCII alone: of other mails the library itself makes no multipart upload (UnicodeEncodeError).
    raw = mail(text="From us\r\n\r\n--not a boundary")
    media = MediaInMemoryUpload(raw, mimetype="message/rfc822")
    inserted = users.messages().insert(userId="me", body=body, media_body=media).execute()
    assert inserted["labelIds"] == ([] if body is None else ["INBOX", "UNREAD"])
    assert decoded(fetch(users, inserted["id"], format="raw")["raw"]) == raw


def test_a_mail_of_eight_bits_is_put_in_as_it_is_whichever_way(users):
    raw = mail(text="Über uns")
    media = MediaInMemoryUpload(raw, mimetype="message/rfc822")
    body = {"raw": encoded(raw).rstrip("=")}
    for content in ({"media_body": media}, {"body": body}):
        inserted = users.messages().insert(userId="me", **content).execute()
        assert decoded(fetch(users, inserted["id"], format="raw")["raw"]) == raw


def test_bare_line_feeds_are_stored_as_line_ends_of_mail(users):
    body = {"raw": encoded(mail().replace(b"\r\n", b"\n"))}
    inserted = users.messages().insert(userId="me", body=body).execute()
    assert decoded(fetch(users, inserted["id"], format="raw")["raw"]) == mail()


def test_a_batch_may_go_to_the_address_that_the_guide_names(gmail):
    with gmail.service() as service:
        batch = service.new_batch_http_request()
        batch._batch_uri = f"{gmail.url}batch/gmail/v1"
        batch.add(service.users().getProfile(userId="me"))
        batch.execute()
    assert gmail.wire[-1] == ("POST", "/batch/gmail/v1")


def test_a_draft_is_uploaded(gmail, users):
    rejection = gmail.as_user.receive(mail())
    media = MediaInMemoryUpload(reply(), mimetype="message/rfc822")
    body = {"message": {"threadId": rejection}}
    made = users.drafts().create(userId="me", body=body, media_body=media).execute()
    assert made["message"]["threadId"] == rejection


# ── what the discovery document does not allow ──────────────────────────────────────────────────

MESSAGES = "gmail/v1/users/me/messages"
DRAFTS = "gmail/v1/users/me/drafts"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"{MESSAGES}?colour=red", None),
        ("GET", f"{MESSAGES}?maxResults=many", None),
        ("GET", f"{MESSAGES}?maxResults=-1", None),
        ("GET", f"{MESSAGES}?maxResults=501", None),
        ("GET", f"{MESSAGES}?includeSpamTrash=perhaps", None),
        ("GET", f"{MESSAGES}?q=in:inbox&q=in:sent", None),
        ("GET", f"{MESSAGES}?q=larger:5M", None),
        ("GET", f"{MESSAGES}?pageToken=nonsense", None),
        ("GET", f"{MESSAGES}/abc?format=everything", None),
        ("GET", f"{MESSAGES}/no-id", None),
        ("GET", f"{MESSAGES}?fields=messages(colour)", None),
        ("GET", f"{MESSAGES}?fields=messages(id", None),
        ("GET", f"{MESSAGES}", {"q": "in:inbox"}),
        ("GET", "gmail/v1/users/me/history", None),
        ("GET", "gmail/v1/users/me/history?startHistoryId=x", None),
        ("GET", "gmail/v1/users/me/history?startHistoryId=1000&historyTypes=messageRead", None),
        ("POST", DRAFTS, {"message": {"raw": "TQ", "colour": "red"}}),
        ("POST", DRAFTS, {"raw": "TQ"}),
        ("POST", DRAFTS, {"message": {"raw": "?!"}}),
        ("POST", DRAFTS, {"message": {"raw": 5}}),
        ("POST", DRAFTS, {"message": {}}),
        ("POST", DRAFTS, {"message": {"raw": "TQ", "threadId": "no-id"}}),
        ("POST", DRAFTS, ["TQ"]),
        ("POST", MESSAGES, {"raw": "TQ", "labelIds": "INBOX"}),
        ("POST", MESSAGES, {"raw": "TQ", "labelIds": ["Label_77"]}),
        ("POST", MESSAGES, {"raw": "TQ", "sizeEstimate": "big"}),
        ("POST", "gmail/v1/users/me/labels", {"name": "x", "labelListVisibility": "loud"}),
        ("POST", "gmail/v1/users/me/labels", {"name": "INBOX"}),
        ("POST", f"{MESSAGES}/batchModify", {"ids": []}),
    ],
)
def test_a_request_that_the_document_or_gmail_does_not_allow_is_a_400(gmail, method, path, body):
    status, answer = plainly(gmail, method, path, body)
    assert status == 400
    assert answer["error"]["status"] == "INVALID_ARGUMENT"
    assert answer["error"]["errors"][0]["domain"] == "global"
    assert not gmail.box.messages


def test_an_unknown_field_is_named_as_google_names_it(gmail):
    _, answer = plainly(gmail, "POST", DRAFTS, {"message": {"colour": "red"}})
    said = "Invalid JSON payload received. Unknown name \"colour\" at 'message': Cannot find field."
    assert answer["error"]["message"] == said
    violation = {"field": "message", "description": said}
    assert answer["error"]["details"][0]["fieldViolations"] == [violation]


def test_a_null_says_nothing_and_a_number_may_be_a_string(gmail):
    body = {"raw": encoded(mail()), "threadId": None, "historyId": 5, "sizeEstimate": "7"}
    assert plainly(gmail, "POST", MESSAGES, body)[0] == 200


def test_what_is_not_json_is_a_400(gmail):
    http = gmail.http()
    headers = {"Authorization": f"Bearer {gmail.oauth.issue()}"}
    for kind in ("application/json", "text/plain"):
        asked = {**headers, "Content-Type": kind}
        response, _ = http.request(gmail.url + DRAFTS, "POST", body="{", headers=asked)
        assert response.status == 400
    http.close()


def test_unknown_paths_and_imports_are_not_found_and_the_rest_is_said_not_to_be_modelled(gmail):
    assert plainly(gmail, "GET", "gmail/v1/users/me/dreams")[0] == 404
    assert plainly(gmail, "DELETE", "gmail/v1/users/me/profile")[0] == 404
    assert plainly(gmail, "POST", f"{MESSAGES}/import", {"raw": "TQ"})[0] == 404
    assert plainly(gmail, "DELETE", f"{MESSAGES}/abc")[0] == 501


def test_another_persons_mailbox_is_closed(gmail, users):
    own = users.getProfile(userId="alice@gmail.com").execute()
    assert own["emailAddress"] == "alice@gmail.com"
    assert refused(users.getProfile(userId="bob@gmail.com").execute) == (403, "forbidden")


def test_fields_select_a_part_of_the_answer(gmail, users):
    message_id = gmail.as_user.receive(mail())
    listed = users.messages().list(userId="me", fields="messages/id,nextPageToken").execute()
    assert listed == {"messages": [{"id": message_id}]}
    told = fetch(users, message_id, fields="payload(headers(name),body/*)")
    assert told["payload"]["headers"][0] == {"name": "From"}
    assert told.keys() == {"payload"}
    assert "data" in told["payload"]["body"]


# ── nothing is sent ─────────────────────────────────────────────────────────────────────────────


def test_sending_is_refused_and_recorded_whichever_way_it_is_tried(gmail):
    made = gmail.as_user.write_draft(reply())
    with gmail.service() as service:
        users = service.users()
        send = users.messages().send(userId="me", body={"raw": encoded(reply())})
        send_draft = users.drafts().send(userId="me", body={"id": made})
        media = MediaInMemoryUpload(reply(), mimetype="message/rfc822")
        upload = users.messages().send(userId="me", media_body=media)
        for attempt in (send, send_draft, upload):
            assert refused(attempt.execute) == (403, "forbidden")
        errors: list[Any] = []
        batch = service.new_batch_http_request(callback=lambda *told: errors.append(told[2]))
        batch.add(send_draft)
        batch.execute()
    assert errors[0].status_code == 403
    assert plainly(gmail, "POST", "gmail/v1/users/me/messages/%73end/")[0] == 403
    assert [(one.method, one.path) for one in gmail.forbidden] == [
        ("POST", "/gmail/v1/users/me/messages/send"),
        ("POST", "/gmail/v1/users/me/drafts/send"),
        ("POST", "/upload/gmail/v1/users/me/messages/send"),
        ("POST", "/gmail/v1/users/me/drafts/send"),
        ("POST", "/gmail/v1/users/me/messages/send/"),
    ]
    assert list(gmail.box.drafts) == [made]


# ── profile and labels ──────────────────────────────────────────────────────────────────────────


def test_the_profile_tells_who_it_is_and_how_far_history_is(gmail, users):
    gmail.as_user.receive(mail())
    assert users.getProfile(userId="me").execute() == {
        "emailAddress": "alice@gmail.com",
        "messagesTotal": 1,
        "threadsTotal": 1,
        "historyId": str(gmail.history.current),
    }


def test_labels_are_gmails_own_and_the_users(gmail, users):
    body = {"name": "inboxbot/Rejection", "labelListVisibility": "labelHide"}
    made = users.labels().create(userId="me", body=body).execute()
    assert made == {
        "id": "Label_1",
        "name": "inboxbot/Rejection",
        "messageListVisibility": "show",
        "labelListVisibility": "labelHide",
    }
    labels = users.labels().list(userId="me").execute()["labels"]
    assert {"id": "INBOX", "name": "INBOX", "type": "system"} in labels
    assert [one["name"] for one in labels if one["type"] == "user"] == ["inboxbot/Rejection"]
    message_id = gmail.as_user.receive(mail())
    gmail.as_user.label(message_id, "inboxbot/Rejection")
    counted = users.labels().get(userId="me", id="Label_1").execute()
    assert (counted["messagesTotal"], counted["threadsUnread"]) == (1, 1)


def test_a_label_is_not_made_twice(users):
    users.labels().create(userId="me", body={"name": "inboxbot/Rejection"}).execute()
    again = users.labels().create(userId="me", body={"name": "Inboxbot/rejection"})
    assert refused(again.execute) == (409, "aborted")
    assert refused(users.labels().get(userId="me", id="Label_2").execute) == (404, "notFound")


# ── finding mail ────────────────────────────────────────────────────────────────────────────────


def test_mail_is_listed_newest_first_in_pages_that_new_mail_does_not_shift(gmail, clock, users):
    ids = []
    for number in range(5):
        clock.pass_(minutes=1)
        ids.append(gmail.as_user.receive(mail(identity=f"<{number}@corp.example>", subject="x")))
    request = users.messages().list(userId="me", maxResults=2)
    pages = []
    while request is not None:
        answer = request.execute()
        pages.append([one["id"] for one in answer["messages"]])
        gmail.as_user.receive(mail(identity=f"<{len(pages)}@new.example>", subject="y"))
        request = users.messages().list_next(request, answer)
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]


def test_an_empty_list_has_no_messages_field(users):
    assert users.messages().list(userId="me").execute() == {"resultSizeEstimate": 0}


def test_mail_is_searched(gmail, clock, users):
    old = gmail.as_user.receive(mail(identity="<old@corp.example>", subject="old"))
    clock.pass_(days=10)
    day = clock.now
    new = gmail.as_user.receive(mail(identity="<new@corp.example>", subject="new"))
    trashed = gmail.as_user.trash(gmail.as_user.receive(mail(subject="away")))
    gmail.as_user.create_label("inboxbot/Not a rejection")
    gmail.as_user.move(old, "inboxbot/Not a rejection")
    assert found(users) == [new, old]
    assert found(users, q="rfc822msgid:old@corp.example") == [old]
    assert found(users, q="rfc822msgid:<rejection@corp.example>") == []
    assert found(users, q="in:anywhere rfc822msgid:<rejection@corp.example>") == [trashed]
    assert found(users, q="in:inbox") == [new]
    assert found(users, q="-in:inbox") == [old]
    assert found(users, q="in:trash") == [trashed]
    assert found(users, q="label:inboxbot-not-a-rejection") == [old]
    assert found(users, q="label:unheard-of") == []
    assert found(users, q="newer_than:2d") == [new]
    assert found(users, q=f"after:{int(day.timestamp())}") == [new]
    assert found(users, q=f"after:{day:%Y/%m/%d}") == [new]
    assert found(users, q=f"larger:{len(mail(subject='old'))}") == []
    assert found(users, q="larger:100 in:inbox") == [new]
    assert found(users, labelIds=["UNREAD", "INBOX"]) == [new]
    assert found(users, labelIds=["TRASH"]) == [trashed]
    assert found(users, includeSpamTrash=True) == [trashed, new, old]


def test_a_search_may_lag_behind_what_lists_tell(clock):
    with GmailStandIn(clock=clock, search_lag=timedelta(seconds=5)) as gmail:
        message_id = gmail.as_user.receive(mail())
        with gmail.service() as service:
            users = service.users()
            wanted = "rfc822msgid:<rejection@corp.example>"
            assert (found(users), found(users, q=wanted)) == ([message_id], [])
            clock.pass_(seconds=5)
            assert found(users, q=wanted) == [message_id]


# ── reading mail ────────────────────────────────────────────────────────────────────────────────

LETTER = b"""\
From: =?utf-8?q?Zo=C3=AB?= <zoe@corp.example>\r
Subject: A long\r
 subject\r
Message-ID: <letter@corp.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=outer\r
\r
--outer\r
Content-Type: multipart/alternative; boundary=inner\r
\r
--inner\r
Content-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r
\r
Gr=FC=DFe & mehr\r
--inner\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Hello</p>\r
--inner--\r
--outer\r
Content-Type: application/pdf; name=letter.pdf\r
Content-Disposition: attachment; filename=letter.pdf\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0xLjQ=\r
--outer\r
Content-Type: message/rfc822\r
\r
Subject: inner\r
\r
the mail within\r
--outer--\r
"""


def test_a_mail_is_told_in_full(gmail, clock, users):
    message_id = gmail.as_user.receive(LETTER)
    told = fetch(users, message_id)
    assert told["threadId"] == message_id
    assert told["labelIds"] == ["INBOX", "UNREAD"]
    assert told["snippet"] == "Grüße &amp; mehr"
    assert told["historyId"] == str(gmail.history.current)
    assert told["internalDate"] == str(int(clock.now.timestamp() * 1000))
    assert told["sizeEstimate"] == len(LETTER)
    payload = told["payload"]
    assert (payload["partId"], payload["mimeType"]) == ("", "multipart/mixed")
    assert {"name": "From", "value": "Zoë <zoe@corp.example>"} in payload["headers"]
    assert {"name": "Subject", "value": "A long subject"} in payload["headers"]
    assert payload["body"] == {"size": 0}
    alternative, letter, forwarded = payload["parts"]
    assert [part["partId"] for part in alternative["parts"]] == ["0.0", "0.1"]
    assert decoded(alternative["parts"][0]["body"]["data"]).decode() == "Grüße & mehr"
    assert (letter["filename"], letter["body"]["size"]) == ("letter.pdf", 8)
    assert "data" not in letter["body"]
    assert forwarded["parts"][0]["headers"] == [{"name": "Subject", "value": "inner"}]


def test_an_attachment_is_fetched_by_a_token_that_each_answer_makes_anew(gmail, users):
    message_id = gmail.as_user.receive(LETTER)
    tokens = [
        fetch(users, message_id)["payload"]["parts"][1]["body"]["attachmentId"] for _ in range(2)
    ]
    assert tokens[0] != tokens[1]
    attachments = users.messages().attachments()
    for token in tokens:
        content = attachments.get(userId="me", messageId=message_id, id=token).execute()
        assert decoded(content["data"]) == b"%PDF-1.4"
    other = attachments.get(userId="me", messageId=message_id, id="another")
    assert refused(other.execute) == (400, "invalidArgument")


def test_a_mail_is_told_in_part(gmail, users):
    message_id = gmail.as_user.receive(LETTER)
    minimal = fetch(users, message_id, format="minimal")
    assert "payload" not in minimal
    assert "raw" not in minimal
    wanted = {"format": "metadata", "metadataHeaders": ["message-id"]}
    metadata = fetch(users, message_id, **wanted)
    headers = [{"name": "Message-ID", "value": "<letter@corp.example>"}]
    assert metadata["payload"] == {"mimeType": "multipart/mixed", "headers": headers}
    raw = fetch(users, message_id, format="raw")
    assert "payload" not in raw
    assert decoded(raw["raw"]) == LETTER


def test_a_mail_that_is_not_there_is_a_404(users):
    assert refused(lambda: fetch(users, "19b0000000001003")) == (404, "notFound")


# ── changing mail ───────────────────────────────────────────────────────────────────────────────


def test_labels_are_put_on_and_taken_off(gmail, users):
    message_id = gmail.as_user.receive(mail())
    label = gmail.as_user.create_label("inboxbot/Rejection")
    body = {"addLabelIds": [label], "removeLabelIds": ["UNREAD"]}
    changed = users.messages().modify(userId="me", id=message_id, body=body).execute()
    assert changed["labelIds"] == [label, "INBOX"]
    users.messages().batchModify(
        userId="me", body={"ids": [message_id], "removeLabelIds": [label]}
    ).execute()
    assert fetch(users, message_id, format="minimal")["labelIds"] == ["INBOX"]
    for unknown in ("Label_9", "SENT"):
        body = {"addLabelIds": [unknown]}
        request = users.messages().modify(userId="me", id=message_id, body=body)
        assert refused(request.execute) == (400, "invalidArgument")


def test_mail_goes_to_trash_and_comes_back_archived(gmail, users):
    message_id = gmail.as_user.receive(mail())
    trashed = users.messages().trash(userId="me", id=message_id).execute()
    assert trashed["labelIds"] == ["TRASH", "UNREAD"]
    assert found(users) == []
    assert users.messages().untrash(userId="me", id=message_id).execute()["labelIds"] == ["UNREAD"]


def test_a_mail_is_inserted_under_the_date_asked_for(clock, users):
    body = {"raw": encoded(mail()), "labelIds": ["INBOX", "UNREAD"]}
    received = users.messages().insert(userId="me", body=body).execute()
    dated = (
        users.messages().insert(userId="me", body=body, internalDateSource="dateHeader").execute()
    )
    moments = [
        int(fetch(users, one["id"], format="minimal")["internalDate"]) for one in (received, dated)
    ]
    assert moments[0] == int(clock.now.timestamp() * 1000)
    assert datetime.fromtimestamp(moments[1] / 1000, UTC) == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert received["threadId"] != dated["threadId"]


# ── drafts and threads ──────────────────────────────────────────────────────────────────────────


def test_a_draft_lives_and_ends(gmail, users):
    rejection = gmail.as_user.receive(mail())
    made = create(users, reply(), rejection)
    assert made["message"]["labelIds"] == ["DRAFT"]
    assert made["message"]["threadId"] == rejection
    listed = users.drafts().list(userId="me").execute()["drafts"]
    assert listed == [
        {"id": made["id"], "message": {"id": made["message"]["id"], "threadId": rejection}}
    ]
    body = draft(reply("Thank you all the same."), rejection)
    updated = users.drafts().update(userId="me", id=made["id"], body=body).execute()
    assert updated["id"] == made["id"]
    assert updated["message"]["threadId"] == rejection
    assert updated["message"]["id"] != made["message"]["id"]
    assert refused(lambda: fetch(users, made["message"]["id"])) == (404, "notFound")
    told = users.drafts().get(userId="me", id=made["id"], format="raw").execute()
    assert b"all the same" in decoded(told["message"]["raw"])
    users.drafts().delete(userId="me", id=made["id"]).execute()
    again = users.drafts().delete(userId="me", id=made["id"])
    assert refused(again.execute) == (404, "notFound")
    assert users.drafts().list(userId="me").execute() == {"resultSizeEstimate": 0}


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Re: Another application"},
        {"answers": ""},
        {"answers": "<stranger@corp.example>"},
    ],
)
def test_a_draft_that_does_not_belong_to_the_thread_asked_for_begins_its_own(gmail, users, changes):
    rejection = gmail.as_user.receive(mail())
    made = create(users, reply(**changes), rejection)["message"]
    assert made["threadId"] == made["id"]


def test_a_draft_without_a_thread_id_or_with_an_unknown_one_joins_nothing(gmail, users):
    gmail.as_user.receive(mail())
    made = create(users, reply())["message"]
    assert made["threadId"] == made["id"]
    unknown = users.drafts().create(userId="me", body=draft(reply(), "abc"))
    assert refused(unknown.execute) == (404, "notFound")


def test_a_draft_takes_no_label_and_stays_a_draft_in_trash(gmail, users):
    made = create(users, reply())
    message_id = made["message"]["id"]
    label = gmail.as_user.create_label("inboxbot/Rejection")
    body = {"addLabelIds": [label]}
    request = users.messages().modify(userId="me", id=message_id, body=body)
    assert refused(request.execute) == (400, "invalidArgument")
    gmail.as_user.trash_draft(made["id"])
    assert users.drafts().list(userId="me").execute() == {"resultSizeEstimate": 0}
    held = users.drafts().list(userId="me", includeSpamTrash=True).execute()["drafts"]
    assert [one["id"] for one in held] == [made["id"]]
    told = users.drafts().get(userId="me", id=made["id"], format="minimal").execute()
    assert told["message"]["labelIds"] == ["DRAFT", "TRASH"]


def test_mail_from_outside_joins_the_thread_that_it_answers(gmail, users):
    rejection = gmail.as_user.receive(mail())
    answer = {"subject": "Re: RE:  Your application", "identity": "<answer@corp.example>"}
    joined = gmail.as_user.receive(reply(**answer))
    renamed = gmail.as_user.receive(reply(subject="Your feedback", identity="<b@corp.example>"))
    stranger = gmail.as_user.receive(mail(identity="<c@corp.example>"))
    threads = [fetch(users, one)["threadId"] for one in (joined, renamed, stranger)]
    assert threads == [rejection, renamed, stranger]


# ── the user's own hands ────────────────────────────────────────────────────────────────────────


def header(users: Any, message_id: str, name: str) -> str | None:
    raw = decoded(fetch(users, message_id, format="raw")["raw"])
    return message_from_bytes(raw)[name]


def test_the_user_sends_a_draft_and_it_is_another_message_in_the_thread(gmail, clock, users):
    rejection = gmail.as_user.receive(mail())
    made = create(users, reply(), rejection)
    clock.pass_(hours=1)
    sent = gmail.as_user.send_draft(made["id"], text="In my own words.")
    told = fetch(users, sent)
    assert told["labelIds"] == ["SENT"]
    assert told["threadId"] == rejection
    assert sent != made["message"]["id"]
    assert told["snippet"] == "In my own words."
    assert header(users, sent, "Date") == "Mon, 16 Nov 2026 11:00:00 +0000"
    gone = users.drafts().get(userId="me", id=made["id"])
    assert refused(gone.execute) == (404, "notFound")
    assert refused(lambda: fetch(users, made["message"]["id"])) == (404, "notFound")


def test_the_user_edits_a_draft_and_its_id_alone_stays(gmail, users):
    rejection = gmail.as_user.receive(mail())
    made = create(users, reply(), rejection)
    edited = gmail.as_user.edit_draft(made["id"], text="Zoë, thank you!")
    told = users.drafts().get(userId="me", id=made["id"]).execute()["message"]
    assert told["id"] == edited != made["message"]["id"]
    assert told["threadId"] == rejection
    assert told["snippet"] == "Zoë, thank you!"
    renamed = gmail.as_user.edit_draft(made["id"], subject="Something else")
    assert fetch(users, renamed)["threadId"] == renamed


def test_the_user_moves_archives_reads_trashes_and_deletes(gmail, users):
    message_id = gmail.as_user.receive(mail())
    gmail.as_user.create_label("inboxbot/Rejection")
    gmail.as_user.move(message_id, "inboxbot/Rejection")
    assert fetch(users, message_id)["labelIds"] == ["Label_1", "UNREAD"]
    gmail.as_user.unlabel(message_id, "inboxbot/Rejection")
    gmail.as_user.label(message_id, "INBOX", "STARRED")
    gmail.as_user.read(gmail.as_user.archive(message_id))
    assert fetch(users, message_id)["labelIds"] == ["STARRED"]
    gmail.as_user.trash(message_id)
    gmail.as_user.delete_for_ever(message_id)
    assert refused(lambda: fetch(users, message_id)) == (404, "notFound")
    mine = gmail.as_user.send(reply(identity="<mine@gmail.com>"))
    assert fetch(users, mine)["labelIds"] == ["SENT"]
    gmail.as_user.delete_draft(gmail.as_user.write_draft(reply()))
    assert not gmail.box.drafts


# ── Message-IDs, where nobody knows what Gmail does ─────────────────────────────────────────────

MINE = "<draft@inboxbot.example>"
FORMER = "X-Google-Original-Message-ID"


def identities(**how: Any) -> list[tuple[bool, str | None]]:
    """Return, for a draft and for what becomes of it: whether the Message-ID is ours; the other."""
    with GmailStandIn(**how) as gmail, gmail.service() as service:
        users = service.users()
        made = create(users, reply())
        ids = [made["message"]["id"]]
        told = [(header(users, ids[0], "Message-ID"), header(users, ids[0], FORMER))]
        edited = gmail.as_user.edit_draft(made["id"], text="Thank you")
        told += [(header(users, edited, "Message-ID"), header(users, edited, FORMER))]
        sent = gmail.as_user.send_draft(made["id"])
        told += [(header(users, sent, "Message-ID"), header(users, sent, FORMER))]
    for identity, _ in told:
        assert identity == MINE or str(identity).endswith("@mail.gmail.com>")
    return [(identity == MINE, former) for identity, former in told]


def test_the_message_id_of_a_draft_may_be_kept():
    assert identities(message_ids="kept") == [(True, None)] * 3


def test_the_message_id_of_a_draft_may_be_rewritten():
    assert identities(message_ids="rewritten") == [(False, MINE)] * 3
    assert identities(message_ids="rewritten", keeps_former_ids=False) == [(False, None)] * 3


def test_the_message_id_of_a_draft_may_be_rewritten_when_it_is_sent():
    expected = [(True, None), (True, None), (False, MINE)]
    assert identities(message_ids="rewritten when sent") == expected


# ── history ─────────────────────────────────────────────────────────────────────────────────────


def test_history_tells_what_happened_in_order(gmail, users):
    start = now(users)
    message_id = gmail.as_user.receive(mail())
    gmail.as_user.label(message_id, "STARRED")
    gmail.as_user.archive(message_id)
    gmail.as_user.delete_for_ever(message_id)
    records = happened(users, start)
    short = {"id": message_id, "threadId": message_id}
    assert all(record["messages"] == [short] for record in records)
    ids = [int(record["id"]) for record in records]
    assert int(start) < ids[0] < ids[1] < ids[2] < ids[3]
    assert records[0]["messagesAdded"] == [{"message": {**short, "labelIds": ["INBOX", "UNREAD"]}}]
    assert records[1]["labelsAdded"][0]["labelIds"] == ["STARRED"]
    assert records[2]["labelsRemoved"][0]["labelIds"] == ["INBOX"]
    assert records[2]["labelsRemoved"][0]["message"]["labelIds"] == ["STARRED", "UNREAD"]
    assert records[3]["messagesDeleted"][0]["message"]["id"] == message_id


def test_history_of_a_draft_is_of_one_message_after_another(gmail, users):
    start = now(users)
    made = create(users, reply())
    gmail.as_user.edit_draft(made["id"], text="Thank you")
    gmail.as_user.send_draft(made["id"])
    kinds = [next(key for key in record if key.startswith("messages") and key != "messages")
             for record in happened(users, start)]  # fmt: skip
    added, deleted = "messagesAdded", "messagesDeleted"
    assert kinds == [added, deleted, added, deleted, added]


def test_history_comes_in_pages_and_a_page_may_be_empty(gmail, users):
    start = now(users)
    ids = [
        gmail.as_user.receive(mail(identity=f"<{n}@corp.example>", subject=str(n)))
        for n in range(3)
    ]
    gmail.as_user.label(ids[0], "STARRED")
    query = {"userId": "me", "startHistoryId": start, "maxResults": 2}
    request = users.history().list(**query, historyTypes=["labelAdded"], labelId="STARRED")
    pages = []
    while request is not None:
        answer = request.execute()
        assert answer["historyId"] == str(gmail.history.current)
        pages.append(len(answer.get("history", [])))
        request = users.history().list_next(request, answer)
    assert pages == [0, 1]


def test_history_beyond_the_horizon_is_a_404(gmail, users):
    start = now(users)
    gmail.as_user.receive(mail())
    gmail.history.forget()
    assert refused(lambda: happened(users, start)) == (404, "notFound")
    start = now(users)
    gmail.as_user.receive(mail(identity="<later@corp.example>"))
    assert len(happened(users, start)) == 1
    assert refused(lambda: happened(users, "999999")) == (404, "notFound")


def test_history_may_repeat_itself(gmail, users):
    start = now(users)
    gmail.as_user.receive(mail())
    gmail.faults.add(RepeatRecords(times=3), on="history.list")
    assert len({json.dumps(one) for one in happened(users, start)}) == 1
    gmail.faults.add(RepeatRecords(times=3), on="history.list")
    assert len(happened(users, start)) == 3
    assert len(happened(users, start)) == 1


# ── quota ───────────────────────────────────────────────────────────────────────────────────────


def test_a_minutes_budget_is_kept_and_heals_with_time(clock):
    with GmailStandIn(clock=clock, per_minute=12) as gmail, gmail.service() as service:
        users = service.users()
        found(users)
        clock.pass_(seconds=30)
        found(users)
        waits = []
        for _ in range(2):
            with pytest.raises(HttpError) as caught:
                found(users)
            assert caught.value.status_code == 429
            assert caught.value.error_details[0]["reason"] == "rateLimitExceeded"
            waits.append(caught.value.resp.get("retry-after"))
        assert waits == ["30", None]
        clock.pass_(seconds=30)
        found(users)
        assert gmail.quota.spent == 15
        assert gmail.quota.calls == {"messages.list": 3}
        assert gmail.quota.refused == 2
        gmail.quota.refuses_with = 403
        assert refused(lambda: found(users)) == (403, "rateLimitExceeded")


def test_the_prices_of_newer_projects_can_be_asked_for(clock):
    units = UNITS_SINCE_MAY_2026
    with GmailStandIn(clock=clock, units=units) as gmail, gmail.service() as service:
        fetch(service.users(), gmail.as_user.receive(mail()))
        assert gmail.quota.spent == 20


# ── faults ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (too_many_requests(), (429, "rateLimitExceeded")),
        (rate_limited(), (403, "rateLimitExceeded")),
        (rate_limited("userRateLimitExceeded"), (403, "userRateLimitExceeded")),
        (daily_limit(), (403, "dailyLimitExceeded")),
        (server_error(500), (500, "backendError")),
        (server_error(503), (503, "backendError")),
    ],
)
def test_a_request_is_refused_once_without_effect(gmail, users, fault, expected):
    gmail.faults.add(fault, on="drafts.create")
    assert found(users) == []
    assert refused(lambda: create(users, reply())) == expected
    assert not gmail.box.drafts
    create(users, reply())
    assert gmail.faults.waiting == 0
    assert gmail.faults.struck == [(fault, "drafts.create")]


def test_a_502_is_a_page(gmail, users):
    gmail.faults.add(server_error(502))
    with pytest.raises(HttpError) as caught:
        found(users)
    assert caught.value.status_code == 502
    assert caught.value.content.startswith(b"<!DOCTYPE html>")


def test_a_fault_can_be_for_a_path_and_wait_and_strike_again(gmail, users):
    gmail.faults.add(server_error(), on="GET */messages", skip=1, times=2)
    assert found(users) == []
    assert refused(lambda: found(users)) == (503, "backendError")
    create(users, reply())
    assert refused(lambda: found(users)) == (503, "backendError")
    assert len(found(users)) == 1
    gmail.faults.add(server_error())
    gmail.faults.clear()
    assert gmail.faults.waiting == 0


def test_the_library_itself_retries_what_can_be_retried(gmail, users):
    gmail.faults.add(server_error())
    gmail.faults.add(too_many_requests(retry_after_seconds=1))
    gmail.faults.add(rate_limited())
    request = users.messages().list(userId="me")
    request._sleep = lambda _: None
    assert request.execute(num_retries=3) == {"resultSizeEstimate": 0}
    gmail.faults.add(daily_limit())
    assert refused(lambda: request.execute(num_retries=3)) == (403, "dailyLimitExceeded")


@pytest.mark.parametrize(("after_effect", "kept"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("how", ["reset", "hang"])
def test_no_answer_comes_before_or_after_the_effect(gmail, after_effect, kept, how):
    gmail.faults.add(Silent(after_effect=after_effect, how=how), on="drafts.create")
    with gmail.service(timeout_seconds=0.2) as service, pytest.raises(OSError):  # noqa: PT011
        create(service.users(), reply())
    (asked,) = wait_for(lambda: gmail.asked, seconds=5, what="the request to be noted")
    assert asked.status == 0
    assert len(gmail.box.drafts) == kept


@pytest.mark.parametrize(("after_effect", "kept"), [(False, 1), (True, 2)])
def test_a_connection_closed_without_an_answer_makes_httplib2_ask_again(gmail, after_effect, kept):
    gmail.faults.add(Silent(after_effect=after_effect), on="drafts.create")
    with gmail.service() as service:
        create(service.users(), reply())
    assert len(gmail.box.drafts) == kept
    assert [one.status for one in gmail.asked] == [0, 200]


def test_a_batch_may_end_in_the_middle(gmail):
    gmail.faults.add(Silent(after_effect=True, how="reset"), on="drafts.create", skip=1)
    with gmail.service() as service:
        batch = service.new_batch_http_request()
        for _ in range(3):
            batch.add(service.users().drafts().create(userId="me", body=draft(reply())))
        with pytest.raises(ConnectionError):
            batch.execute()
    assert len(gmail.box.drafts) == 2


@pytest.mark.parametrize("how", ["truncated", "empty"])
def test_an_answer_is_spoilt_and_the_effect_kept(gmail, users, how):
    gmail.faults.add(Garbled(how), on="drafts.create")
    answer = create(users, reply())
    assert isinstance(answer, str)  # the library does not mind what is not JSON
    assert (answer == "") is (how == "empty")
    assert len(gmail.box.drafts) == 1


def test_an_answer_ends_before_its_end(gmail, users):
    gmail.faults.add(Garbled("cut short"), on="drafts.create")
    with pytest.raises(IncompleteRead):
        create(users, reply())
    assert len(gmail.box.drafts) == 1
    assert found(users) == list(gmail.box.messages)


def test_an_answer_is_slow(gmail):
    gmail.faults.add(Slow(0.4))
    with gmail.service(timeout_seconds=0.1) as service, pytest.raises(TimeoutError):
        found(service.users())
    gmail.faults.add(Slow(0.05))
    with gmail.service() as service:
        assert found(service.users()) == []


def test_a_draft_is_deleted_between_being_listed_and_being_read(gmail, users):
    made = create(users, reply())
    delete = Meanwhile(act=lambda: gmail.as_user.delete_draft(made["id"]), after_effect=True)
    gmail.faults.add(delete, on="drafts.list")
    (listed,) = users.drafts().list(userId="me").execute()["drafts"]
    gone = users.drafts().get(userId="me", id=listed["id"])
    assert refused(gone.execute) == (404, "notFound")


def test_somebody_else_may_act_right_before_a_request(gmail, users):
    gmail.faults.add(Meanwhile(act=lambda: gmail.as_user.receive(mail())), on="messages.list")
    assert len(found(users)) == 1


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────


def test_an_expired_token_is_renewed_by_the_library(gmail, clock, users):
    found(users)
    clock.pass_(hours=2)
    found(users)
    assert [one.status for one in gmail.asked] == [200, 401, 200, 200]
    assert gmail.wire[2] == ("POST", "/token")
    gmail.faults.add(unauthenticated())
    found(users)


def test_a_bearer_that_is_not_good_is_a_401(gmail):
    http = gmail.http()
    for headers in ({}, {"Authorization": "Bearer stolen"}):
        response, content = http.request(f"{gmail.url}gmail/v1/users/me/profile", headers=headers)
        assert response.status == 401
        assert json.loads(content)["error"]["status"] == "UNAUTHENTICATED"
    http.close()


def test_a_grant_that_is_withdrawn_is_invalid(gmail, users):
    gmail.oauth.revoke()
    with pytest.raises(RefreshError, match="invalid_grant: Token has been expired or revoked"):
        found(users)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"_client_secret": "wrong"}, "invalid_client"),
        ({"_refresh_token": "wrong"}, "invalid_grant"),
    ],
)
def test_a_token_is_not_given_to_a_stranger(gmail, changed, expected):
    held = gmail.credentials()
    for name, value in changed.items():
        setattr(held, name, value)
    http = gmail.http()
    with pytest.raises(RefreshError, match=expected):
        held.refresh(TokenRequest(http))
    http.close()


def test_the_token_endpoint_may_be_out_of_order(gmail):
    gmail.faults.add(server_error(502), on="token")
    held = gmail.credentials()
    http = gmail.http()
    with pytest.raises(RefreshError, match="502"):
        held.refresh(TokenRequest(http))
    held.refresh(TokenRequest(http))
    assert held.token in gmail.oauth.access_tokens
    http.close()


def test_the_transport_goes_nowhere_else(gmail):
    http = gmail.http()
    with pytest.raises(AssertionError, match=r"a request to mail\.example"):
        http.request("https://mail.example/")
    http.close()
    assert gmail.wire == []


def test_a_fault_of_the_stand_in_itself_fails_the_test(monkeypatch):
    monkeypatch.setattr("tests.servers.gmail.methods.perform", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), GmailStandIn() as gmail:
        assert plainly(gmail, "GET", "gmail/v1/users/me/profile")[0] == 500
