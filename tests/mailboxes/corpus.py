"""tests/data/mailboxes/*.toml → mailboxes as frozen values: what happens in each, what is expected.

A file holds several:

    [[mailbox]]
    name = "…"                     a sentence: the situation
    policy = { … }                 of the settings, as there; `aliases`, `authserv_id`, `zone` and
                                   `corrections` too; quiet hours are none where it sets none
    folders = ["Archive"]          besides INBOX, Drafts, Sent and Trash; none of them is watched
    [[mailbox.step]]               in order of time
    at = "2026-11-02 09:10"        by the clock of `zone` (default UTC)
    mail = "invitation"            a mail arrives; its Message-ID is <invitation@post.example>
    from, to, subject, text, …     see `Step`
    [[mailbox.step]]
    do = "send"                    or something else that a person or a program does, see `Deed`
    draft = "refusal"              to the draft about this mail
    [mailbox.expected]             see `Expected`; [mailbox.expected.step] and .batch where the two
                                   ways of polling come to different ends
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from inboxbot.core.plan import EventKind, Reason
from inboxbot.core.policy import Policy
from inboxbot.settings.reading import _READERS

FOLDER = Path(__file__).parents[1] / "data" / "mailboxes"
ME = "Mara Lind <mara@home.example>"


class Deed(StrEnum):
    """What somebody does besides writing mail."""

    POLL = "poll"  # inboxbot looks
    SEND = "send"  # the draft goes to Sent, as its client leaves it
    EDIT = "edit"  # it is saved with another text
    DELETE = "delete"  # moved to Trash
    PURGE = "purge"  # gone without a trace
    EMPTY_DRAFTS = "empty_drafts"  # by another program
    DROP_DRAFTS_FOLDER = "drop_drafts_folder"
    MOVE = "move"  # the mail, into a folder
    AGAIN = "again"  # the mail is delivered a second time
    CORRECT = "correct"  # the mail is moved into the folder that `says` so
    TAKE_BACK = "take_back"  # and back into the inbox
    PAUSE = "pause"
    RESUME = "resume"
    LOSE_JOURNAL = "lose_journal"
    SECOND_MACHINE = "second_machine"  # another inboxbot, with a journal of its own, polls from now


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens."""

    at: str
    # a mail
    mail: str = ""
    folder: str = "INBOX"
    sender: str = ""  # `from`; the user's own mail is put into Sent
    to: str = ME
    cc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""  # beside the text
    headers: Mapping[str, str] = field(default_factory=dict)
    answers: str = ""  # In-Reply-To and References: a mail, or "draft: refusal" for what was sent
    quotes: bool = False  # the text of what it answers stands below
    forwards: str = ""  # a mail that stands below as forwarded
    organizer: str = ""  # text/calendar, REQUEST
    starts: str = ""
    bounces: str = ""  # a delivery report about mail to this address
    # a deed
    do: Deed | None = None
    draft: str = ""  # about this mail
    into: str = ""
    says: str = ""  # a folder for corrections: "Rejection", "Not a rejection"
    new_id: bool = False  # its client gives it a Message-ID of its own
    drops_thread: bool = False  # its client drops In-Reply-To and References


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDraft:
    """A draft that lies in Drafts in the end, or was sent."""

    about: str  # the rejection
    to: str
    answers: str  # the mail in whose thread it is
    sender: str = "mara@home.example"
    says: tuple[str, ...] = ()
    says_not: tuple[str, ...] = ()
    quotes: bool | None = None  # None: either
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What has come of it in the end; everything that is not named here did not happen."""

    drafts: tuple[ExpectedDraft, ...] = ()
    left: Mapping[str, Reason] = field(default_factory=dict)  # mail: why it was left alone
    review: tuple[str, ...] = ()  # mails that the summary asks about
    withdrawn: Mapping[str, Reason] = field(default_factory=dict)  # the draft about a mail: why
    became: tuple[EventKind, ...] = ()  # of drafts and questions, in order; not `withdrawn`
    words: tuple[str, ...] = ()  # what employers answered, word for word
    dead: tuple[str, ...] = ()  # addresses
    applications: int | None = None  # how many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One user's mail."""

    name: str
    file: str
    policy: Policy
    zone: ZoneInfo
    aliases: tuple[str, ...]
    authserv_id: str
    corrections: bool  # the user has agreed to the folders for them
    folders: tuple[str, ...]  # besides the usual ones
    steps: tuple[Step, ...]
    expected: Mapping[str, Expected]  # by way of polling: "batch", "step"

    def when(self, step: Step) -> datetime:
        """Return the time of a step, aware."""
        return datetime.fromisoformat(step.at).replace(tzinfo=self.zone)


def mailboxes() -> tuple[Mailbox, ...]:
    """Read all; a key that is not known is an error."""
    found = tuple(mailbox for path in sorted(FOLDER.glob("*.toml")) for mailbox in _of_file(path))
    names = [mailbox.name for mailbox in found]
    assert len(set(names)) == len(names), "two mailboxes of one name"
    return found


def _of_file(path: Path) -> Iterator[Mailbox]:
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["mailbox"]:
        try:
            yield _mailbox(table, path)
        except (KeyError, TypeError, ValueError) as error:
            raise AssertionError(f"{path}: {table.get('name')}: {error!r}") from error


def _mailbox(table: dict[str, Any], path: Path) -> Mailbox:
    expected = table.pop("expected", {})
    ways = {way: expected.pop(way, {}) for way in ("batch", "step")}
    policy = {key: _READERS[Policy][key](value) for key, value in table.pop("policy", {}).items()}
    return Mailbox(
        name=table.pop("name"),
        file=path.stem,
        policy=Policy(**{"quiet_hours": None, **policy}),
        zone=ZoneInfo(table.pop("zone", "UTC")),
        aliases=tuple(table.pop("aliases", ())),
        authserv_id=table.pop("authserv_id", ""),
        corrections=table.pop("corrections", False),
        folders=tuple(table.pop("folders", ())),
        steps=tuple(_step(step) for step in table.pop("step")),
        expected={way: _expected({**expected, **own}) for way, own in ways.items()},
        **table,
    )


def _step(table: dict[str, Any]) -> Step:
    step = Step(**{"sender" if key == "from" else key: value for key, value in table.items()})
    assert step.do or (step.mail and step.sender), step
    return replace(step, do=Deed(step.do)) if step.do else step


def _expected(table: Mapping[str, Any]) -> Expected:
    drafts = tuple(_draft(draft) for draft in table.get("drafts", ()))
    reasons = {
        key: {name: Reason(reason) for name, reason in table.get(key, {}).items()}
        for key in ("left", "withdrawn")
    }
    lists = {key: tuple(table.get(key, ())) for key in ("review", "words", "dead")}
    became = tuple(EventKind(kind) for kind in table.get("became", ()))
    unknown = set(table) - {item.name for item in fields(Expected)}
    assert not unknown, f"unknown: {unknown}"
    return Expected(
        drafts=drafts, became=became, applications=table.get("applications"), **reasons, **lists
    )


def _draft(table: dict[str, Any]) -> ExpectedDraft:
    named = {"sender" if key == "from" else key: value for key, value in table.items()}
    texts = {key: tuple(named.pop(key, ())) for key in ("says", "says_not")}
    return ExpectedDraft(**named, **texts)
