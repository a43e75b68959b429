"""The one gateway to Google's client library: questions out, frozen answers in, within quota."""

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

from inboxbot.mailbox.gmail_account import GmailAccount
from inboxbot.mailbox.gmail_answers import (
    ARCHIVED,
    DRAFT,
    HIDING,
    INBOX,
    Draft,
    Drafts,
    History,
    Label,
    Labels,
    Message,
    Messages,
    Profile,
    encoded,
    octets,
    oldest_first,
    read,
)
from inboxbot.mailbox.gmail_asking import UNITS, Asking, Exists, Gone
from inboxbot.mailbox.gmail_batch import Batches, Told
from inboxbot.mailbox.gmail_pace import Pace
from inboxbot.mailbox.gmail_place import Place
from inboxbot.mailbox.imap_transport import Limits

Form = Literal["minimal", "metadata", "full", "raw"]

_PAGE = 500  # the most that a list may be asked for
_MOST_PAGES = 400
_ARCHIVED = "-in:inbox -in:sent -in:drafts"
_BASE64_VALUE = re.compile(rb'\A\s*\{\s*"\w+"\s*:\s*"([A-Za-z0-9_=-]*)')

_T = TypeVar("_T")
_Page = TypeVar("_Page", Messages, Drafts, History)

# The library warns of refusals with Google's text, before we can say it better.
logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What came under a label, oldest first, and the change up to which that was told."""

    arrived: tuple[str, ...]
    newest: int


class GmailGateway:
    """One account, as long as it is entered. Raises MailboxError and TokenDead."""

    def __init__(self, account: GmailAccount, limits: Limits, pace: Pace) -> None:
        self._account = account
        self._asking = Asking(account, limits, pace)
        self._http = self._asking.transport

    def __enter__(self) -> Self:
        self._asking.renew()
        document = json.loads(get_static_doc("gmail", "v1") or "{}")
        # The library takes batches to the host of the document, whatever endpoint it is given.
        hosts = dict.fromkeys(("rootUrl", "baseUrl", "mtlsRootUrl"), self._account.endpoint)
        self._service: Any = build_from_document({**document, **hosts}, http=self._http)
        # Kept: the library makes a resource's methods anew each time that it is asked for it.
        self._users: Any = self._service.users()
        self._messages: Any = self._users.messages()
        self._drafts: Any = self._users.drafts()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    # -- questions about the mailbox ---------------------------------------------------------

    def profile(self) -> Profile:
        """Return whose mailbox it is, and the newest change in it."""
        return self._ask("getProfile", self._users.getProfile(userId="me"), Profile)

    def labels(self) -> tuple[Label, ...]:
        """Return all labels."""
        return self._ask("labels.list", self._users.labels().list(userId="me"), Labels).labels

    def listed(self, *labels: str, query: str = "", most: int | None = None) -> list[Message]:
        """Return the messages, by id and thread, under all these labels; the newest come first.

        What is archived is told from the rest by a query alone: without one, all mail is listed.
        """
        if query and ARCHIVED in labels:
            query = f"{query} {_ARCHIVED}"
        about = {
            "labelIds": [label for label in labels if label != ARCHIVED],
            "includeSpamTrash": bool(HIDING & set(labels)),
            "maxResults": min(_PAGE, most or _PAGE),
            **({"q": query} if query else {}),
        }
        listed: list[Message] = []
        for page in self._pages("messages.list", self._messages.list, Messages, about):
            listed += page.messages
            if most is not None and len(listed) >= most:
                break
        return listed[:most]

    def drafts(self) -> list[Place]:
        """Return the drafts that are not in Trash; the newest come first."""
        pages = self._pages("drafts.list", self._drafts.list, Drafts, {"maxResults": _PAGE})
        return [Place(DRAFT, draft.message.id, draft.id) for page in pages for draft in page.drafts]

    def happened(self, label: str, start: int) -> Happened | None:
        """Return what came under a label since a change; None where that is too long ago."""
        archived = label == ARCHIVED
        about = {
            "startHistoryId": start,
            "historyTypes": ["messageAdded", "labelRemoved" if archived else "labelAdded"],
            "maxResults": _PAGE,
            **({} if archived else {"labelId": label}),
        }
        try:
            method = self._users.history().list
            pages = list(self._pages("history.list", method, History, about))
        except Gone:
            return None
        records = oldest_first([record for page in pages for record in page.history])
        arrived = (message for record in records for message in record.arrivals(label))
        # Of the first page: what happened while the others were told may be on none of them.
        return Happened(arrived=tuple(dict.fromkeys(arrived)), newest=pages[0].history_id)

    # -- mail --------------------------------------------------------------------------------

    def read(self, places: Sequence[Place], form: Form, headers: Sequence[str] = ()) -> Told:
        """Return the messages that are still there; None for one that Gmail cannot tell."""
        batches = Batches(
            asking=self._asking,
            get=partial(self._get, form, headers),
            join=self._service.new_batch_http_request,
            newest=lambda most: [Place("", one.id) for one in self.listed(most=most)],
        )
        return batches.read(places)

    def beginning(self, place: Place, most: int) -> bytes:
        """Return the first octets of a mail as it was sent, without fetching the rest."""
        about = {"userId": "me", "id": place.message, "format": "raw", "fields": "raw"}
        request = self._messages.get(**about)
        return self._beginning("messages.get", request, most)

    def attachment(self, place: Place, token: str, most: int) -> bytes:
        """Return the first octets of a part that `format=full` has only named."""
        attachments = self._messages.attachments()
        request = attachments.get(userId="me", messageId=place.message, id=token, fields="data")
        return self._beginning("messages.attachments.get", request, most)

    # -- the writes --------------------------------------------------------------------------

    def create_label(self, name: str) -> None:
        """Make a label; one that is there already will do, so that it may be asked for twice."""
        request = self._users.labels().create(userId="me", body={"name": name})
        with suppress(Exists):
            self._ask("labels.create", request, Label)

    def create_draft(self, data: bytes, thread: str | None) -> Draft:
        """Put a draft into a thread. Raise InDoubt, and Gone where there is no such thread."""
        message = {"raw": encoded(data), **({"threadId": thread} if thread else {})}
        request = self._drafts.create(userId="me", body={"message": message})
        return self._ask("drafts.create", request, Draft, writes=True)

    def insert(self, data: bytes) -> None:
        """Put a mail, unread, into the inbox under its own date. Raise InDoubt."""
        body = {"raw": encoded(data), "labelIds": [INBOX, "UNREAD"]}
        request = self._messages.insert(userId="me", body=body, internalDateSource="dateHeader")
        self._ask("messages.insert", request, Message, writes=True)

    def trash(self, message: str) -> bool:
        """Move a message to Trash, where it may be asked to go twice; False where it is gone."""
        request = self._messages.trash(userId="me", id=message)
        try:
            self._ask("messages.trash", request, Message)
        except Gone:
            return False
        return True

    # -- one question ------------------------------------------------------------------------

    def _ask(self, call: str, request: Any, kind: type[_T], *, writes: bool = False) -> _T:
        def attempt() -> _T:
            return read(request.execute(http=self._http), kind)

        return self._asking.ask(UNITS[call], attempt, writes=writes)

    def _get(self, form: Form, headers: Sequence[str], place: Place) -> Any:
        if place.draft:
            return self._drafts.get(userId="me", id=place.draft, format=form)
        wanted = {"metadataHeaders": list(headers)} if headers else {}
        return self._messages.get(userId="me", id=place.message, format=form, **wanted)

    def _pages(
        self, call: str, method: Any, kind: type[_Page], about: Mapping[str, Any]
    ) -> Iterator[_Page]:
        """Yield the pages of a list; one that is empty may still have a next one."""
        more: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            page = self._ask(call, method(userId="me", **about, **more), kind)
            yield page
            if not page.next_page_token:
                return
            more = {"pageToken": page.next_page_token}
        raise self._asking.garbled().error

    def _beginning(self, call: str, request: Any, most: int) -> bytes:
        """Read an answer of one base64 value, `{"raw": "…"}`, as far as is wanted."""

        def attempt() -> bytes:
            response, content = self._http.beginning(request.uri, most // 3 * 4 + 64)
            if response.status >= 300:  # noqa: PLR2004  (RFC 9110 §15)
                raise HttpError(response, content)
            found = _BASE64_VALUE.match(content)
            if found is None:
                raise ValueError("no base64")
            return octets(found[1][: len(found[1]) // 4 * 4].decode("ascii"))[:most]

        return self._asking.ask(UNITS[call], attempt)
