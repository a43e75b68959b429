"""Call → what it does to the mailbox and what is answered: a function for each method offered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.servers.gmail import resource
from tests.servers.gmail.discovery import Call, required
from tests.servers.gmail.history import limit
from tests.servers.gmail.labels import HIDING
from tests.servers.gmail.mail import Mail
from tests.servers.gmail.mailbox import Mailbox
from tests.servers.gmail.search import Search, parse
from tests.servers.gmail.stored import Stored
from tests.servers.gmail.wire import Refused, invalid

Resource = dict[str, Any]
Perform = Callable[[Mailbox, Call], Resource | None]
"""None is answered with 204 and an empty body."""


def perform(box: Mailbox, call: Call) -> Resource | None:
    """Do what is asked. Raise `Refused` where Gmail would."""
    if call.path.get("userId") not in {"me", box.address}:
        message = f"Delegation denied for {box.address}"
        raise Refused(status=403, reason="forbidden", message=message)
    return OFFERED[call.name](box, call)


def get_profile(box: Mailbox, _: Call) -> Resource:
    return {
        "emailAddress": box.address,
        "messagesTotal": len(box.messages),
        "threadsTotal": len(box.threads()),
        "historyId": str(box.history.current),
    }


# ── labels ──────────────────────────────────────────────────────────────────────────────────────


def labels_list(box: Mailbox, _: Call) -> Resource:
    return {"labels": [label.resource() for label in box.labels.by_id.values()]}


def labels_create(box: Mailbox, call: Call) -> Resource:
    shown = {key: call.body[key] for key in _SHOWN if key in call.body}
    label = box.labels.create(call.body.get("name", ""), shown)
    return {"id": label.id, "name": label.name, **label.shown}


_SHOWN = ("messageListVisibility", "labelListVisibility")


def labels_get(box: Mailbox, call: Call) -> Resource:
    label = box.labels.get(call.path["id"])
    inside = [one for one in box.messages.values() if label.id in one.labels]
    unread = [one for one in inside if "UNREAD" in one.labels]
    counts = {
        "messagesTotal": len(inside),
        "messagesUnread": len(unread),
        "threadsTotal": len({one.thread_id for one in inside}),
        "threadsUnread": len({one.thread_id for one in unread}),
    }
    return {**label.resource(), **counts}


# ── messages ────────────────────────────────────────────────────────────────────────────────────


def messages_list(box: Mailbox, call: Call) -> Resource:
    wanted = call.query.get("labelIds", [])
    search = _search(box, call)
    found = [
        one
        for one in _found(box, call, Search(search.tests, everywhere=True))
        if set(wanted) <= set(one.labels)
        and (search.everywhere or not HIDING & set(one.labels) - set(wanted))
    ]
    page, token = _page(found, call.query)
    return _listed("messages", [resource.short(one) for one in page], token, len(found))


def messages_get(box: Mailbox, call: Call) -> Resource:
    form = call.query.get("format", "full")
    wanted = call.query.get("metadataHeaders", [])
    return resource.message(box, box.get(call.path["id"]), form, wanted)


def attachments_get(box: Mailbox, call: Call) -> Resource:
    return resource.attachment(box, call.path["messageId"], call.path["id"])


def messages_modify(box: Mailbox, call: Call) -> Resource:
    add, remove = _changes(call)
    stored = box.get(call.path["id"])
    box.allowed(stored, add, remove)
    return resource.labelled(box.relabel(stored.id, add, remove))


def messages_batch_modify(box: Mailbox, call: Call) -> None:
    add, remove = _changes(call)
    ids = call.body.get("ids", [])
    if not 1 <= len(ids) <= 1000:
        raise invalid("Invalid ids: must be from 1 to 1000")
    for stored in [box.get(message_id) for message_id in ids]:
        box.allowed(stored, add, remove)
        box.relabel(stored.id, add, remove)


def messages_trash(box: Mailbox, call: Call) -> Resource:
    return resource.labelled(box.trash(call.path["id"]))


def messages_untrash(box: Mailbox, call: Call) -> Resource:
    return resource.labelled(box.relabel(call.path["id"], remove=["TRASH"]))


def messages_insert(box: Mailbox, call: Call) -> Resource:
    mail = _mail(call.body, call.media)
    labels: Sequence[str] = call.body.get("labelIds", [])
    for label in labels:
        if label not in box.labels.by_id or label == "DRAFT":
            raise invalid(f"Invalid label: {label}")
    dated = call.query.get("internalDateSource") == "dateHeader"
    received = mail.date if dated else None
    return resource.labelled(box.insert(mail, labels, call.body.get("threadId"), received))


# ── drafts ──────────────────────────────────────────────────────────────────────────────────────


def drafts_create(box: Mailbox, call: Call) -> Resource:
    message = call.body.get("message", {})
    return _held(box, box.create_draft(_mail(message, call.media), message.get("threadId")))


def drafts_update(box: Mailbox, call: Call) -> Resource:
    message = call.body.get("message", {})
    draft_id = call.path["id"]
    box.replace_draft(draft_id, _mail(message, call.media), message.get("threadId"))
    return _held(box, draft_id)


def drafts_list(box: Mailbox, call: Call) -> Resource:
    held = set(box.drafts.values())
    found = [one for one in _found(box, call, _search(box, call)) if one.id in held]
    page, token = _page(found, call.query)
    drafts = [{"id": box.draft_of(one.id), "message": resource.short(one)} for one in page]
    return _listed("drafts", drafts, token, len(found))


def drafts_get(box: Mailbox, call: Call) -> Resource:
    stored = box.draft(call.path["id"])
    message = resource.message(box, stored, call.query.get("format", "full"))
    return {"id": call.path["id"], "message": message}


def drafts_delete(box: Mailbox, call: Call) -> None:
    box.destroy(box.draft(call.path["id"]).id)


# ── history ─────────────────────────────────────────────────────────────────────────────────────


def history_list(box: Mailbox, call: Call) -> Resource:
    return box.history.page(call.query, required(call, "startHistoryId"))


OFFERED: Mapping[str, Perform] = {
    "getProfile": get_profile,
    "labels.list": labels_list,
    "labels.create": labels_create,
    "labels.get": labels_get,
    "messages.list": messages_list,
    "messages.get": messages_get,
    "messages.attachments.get": attachments_get,
    "messages.modify": messages_modify,
    "messages.batchModify": messages_batch_modify,
    "messages.trash": messages_trash,
    "messages.untrash": messages_untrash,
    "messages.insert": messages_insert,
    "drafts.create": drafts_create,
    "drafts.update": drafts_update,
    "drafts.list": drafts_list,
    "drafts.get": drafts_get,
    "drafts.delete": drafts_delete,
    "history.list": history_list,
}


# ── what they share ─────────────────────────────────────────────────────────────────────────────


def _mail(message: Mapping[str, Any], media: bytes | None) -> Mail:
    raw: bytes = media if media is not None else message.get("raw", b"")
    if not raw:
        raise invalid(
            "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
        )
    return Mail.of(raw)


def _held(box: Mailbox, draft_id: str) -> Resource:
    return {"id": draft_id, "message": resource.labelled(box.draft(draft_id))}


def _changes(call: Call) -> tuple[Sequence[str], Sequence[str]]:
    return call.body.get("addLabelIds", []), call.body.get("removeLabelIds", [])


def _search(box: Mailbox, call: Call) -> Search:
    search = parse(call.query.get("q", ""), box.labels, box.clock())
    everywhere = search.everywhere or call.query.get("includeSpamTrash", False)
    return Search(search.tests, everywhere)


def _found(box: Mailbox, call: Call, search: Search) -> list[Stored]:
    return [one for one in box.newest_first(search) if "q" not in call.query or box.indexed(one)]


def _page(found: Sequence[Stored], query: Mapping[str, Any]) -> tuple[Sequence[Stored], str | None]:
    """Cut a page; its token names the last message, so that mail which arrives shifts nothing."""
    rest = list(found)
    if token := query.get("pageToken"):
        received, _, message_id = token.partition("x")
        if not received.isdigit():
            raise invalid("Invalid pageToken")
        rest = [one for one in rest if (one.received_ms, one.id) < (int(received), message_id)]
    page = rest[: limit(query)]
    more = len(rest) > len(page)
    return page, f"{page[-1].received_ms}x{page[-1].id}" if more else None


def _listed(name: str, page: Sequence[Resource], token: str | None, total: int) -> Resource:
    """Write a list; where it is empty, its name is left out, as Google does."""
    listed: Resource = {name: list(page)} if page else {}
    if token:
        listed["nextPageToken"] = token
    return {**listed, "resultSizeEstimate": total}
