"""A mailbox that opens → its last 90 days, what inboxbot would have done, the folders to watch."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from inboxbot.app import App
from inboxbot.core.plan import Decision
from inboxbot.core.policy import Policy
from inboxbot.core.types import PART_OF_AN_APPLICATION, Label
from inboxbot.errors import MailboxError, ModelError
from inboxbot.mailboxes import open_mailbox
from inboxbot.outcome import count, line, outcome
from inboxbot.propose import Preview, preview
from inboxbot.reader import Reader
from inboxbot.scan import Row, Scan
from inboxbot.senders import load_senders
from inboxbot.setup.ask import Choice, say, say_as_it_is
from inboxbot.setup.desk import Desk
from inboxbot.setup.interview import Interview
from inboxbot.setup.secret import secrets_of
from inboxbot.setup.trial import Tried

_LOOKED_BACK = timedelta(days=90)
_SHOWN = 15  # rows: what fits a screen


def look(desk: Desk, tried: Tried) -> Preview | None:
    """Read the last 90 days, and change nothing; None where that fails, or is not wanted."""
    if not desk.preview:
        return None
    app = App(settings=desk.settings, places=desk.places, clock=desk.clock)
    owner, since = app.owner(tried.account), desk.clock() - _LOOKED_BACK
    say("", "Now the mail of the last 90 days is read, for two minutes at most; it stays as it is.")
    try:
        with (
            Reader() as reader,
            open_mailbox(tried.account, desk.clock, secrets_of(tried.hand)) as mailbox,
            desk.progress("reading") as progress,
        ):
            scan = Scan(
                reader=reader,
                senders=load_senders(),
                thresholds=app.thresholds(),
                policy=desk.settings.policy,
                addresses=tried.account.addresses,
                now=desk.clock(),
            )
            return preview(mailbox, scan, owner, since=since, progress=progress)
    except (MailboxError, ModelError) as error:
        say(f"That failed: {error}. Setup goes on without a preview.")
        return None


def ask_aliases(talk: Interview, found: Preview | None) -> None:
    """Ask whether mail in Sent from an address that was not named is the user's own."""
    if found and found.senders:
        question = f"Mail in Sent is from {', '.join(found.senders)}, too. Is that you?"
        if talk.asks.confirm(question, proposed=True):
            talk.note(aliases=(*(talk.answers.aliases or ()), *found.senders))


def ask_folders(talk: Interview, found: Preview | None) -> None:
    """Ask which folders are to be watched, and whether two may be made."""
    proposed = found.folders if found else ()
    about = {one.name: f"{one.recruiting} of {one.of} mails about applications" for one in proposed}
    names = dict.fromkeys(("INBOX", *about, *(talk.answers.folders or ())))
    choices = [
        Choice(name, f"{name}  ({about[name]})" if name in about else name) for name in names
    ]
    talk.tick(
        "folders",
        "Folders to watch:",
        choices,
        proposed=tuple(names),
        why="These are the inbox, and folders that your filters fill with such mail.",
        ask=len(names) > 1,
    )
    talk.confirm(
        "corrections",
        "May it make these two folders?",
        proposed=False,
        why="Where inboxbot takes a mail wrongly, you can move it into inboxbot/Rejection or "
        "inboxbot/Not a rejection, and it learns. It makes no other folder, ever.",
    )


# ---------------------------------------------------------------- the table


def show(found: Preview, policy: Policy) -> None:
    """Show what inboxbot would have done, as if it had been there: as lines, then as counts."""
    rows = [row for row in found.rows if _matters(row)]
    if rows:
        say("", "What it would have done, had it been there:")
    if len(rows) > _SHOWN:
        say(f"(the newest {_SHOWN} of {len(rows)})", lead="  ")
    for row in rows[-_SHOWN:]:
        say_as_it_is(_line(row, outcome(row["decision"], row["reason"], row["to"])))
    say("", " ".join(_counts(found, rows, policy)))
    if found.junk:
        say("", "In Junk lies mail from employers above. inboxbot leaves it there; have a look:")
        for row in found.junk[:_SHOWN]:
            say_as_it_is(_line(row, str(row["label"]).replace("_", " ")))


def _matters(row: Row) -> bool:
    return bool(row["label"] == Label.REJECTION or row["decision"] != Decision.LEAVE)


def _line(row: Row, done: str) -> str:
    name = row["employer"] or row["from"] or "?"
    return line(name, row["role"], done, day=str(row["date"])[:10])


def _counts(found: Preview, rows: Sequence[Row], policy: Policy) -> Iterator[str]:
    """Yield what was found, in numbers."""
    about = sum(row["label"] in PART_OF_AN_APPLICATION for row in found.rows)
    noes = sum(row["label"] == Label.REJECTION for row in rows)
    what = f"{about} about your applications, {noes} a no" if about else "none about an application"
    yield f"{count(found.read, 'mail')} read, {what}."
    decisions = Counter(row["decision"] for row in rows)
    if drafts := decisions[Decision.DRAFT] + decisions[Decision.THANKS]:
        yield f"{count(drafts, 'draft')} would wait for you."
        yield f"The first poll writes about the last {policy.max_age.days} days alone."
        if quiet := policy.quiet_hours:
            yield f"Between {quiet.start:%H:%M} and {quiet.end:%H:%M} drafts wait for the morning."
    if asked := decisions[Decision.REVIEW]:
        yield f"The summary would ask you about {count(asked, 'mail')}."
    if found.left or found.unseen:
        yield "There was more mail than can be read in two minutes."
