"""`inboxbot demo`: the whole job on a sample mailbox, told step by step."""

import sys
import textwrap
from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import click

from inboxbot.cli.options import now_option
from inboxbot.clock import wall_clock
from inboxbot.core.plan import Decision, LeaveAlone, Reason, SaveDraft
from inboxbot.core.text import for_terminal
from inboxbot.demo import Demo, run_demo

_WIDTH = 76
_WHY: Mapping[Reason, str] = {
    Reason.UNREACHABLE: "nobody reads the address it came from",
    Reason.FEEDBACK_REFUSED: "it says that there is no feedback",
    Reason.OFFERED_ELSEWHERE: "it offers feedback through a form: the summary has the link",
    Reason.USER_REPLIED: "Mara has answered herself",
    Reason.INSTANT: "a machine refused within the hour",
    Reason.ASKED_RECENTLY: "this employer was asked a few days ago",
}


@click.command(epilog="Example: inboxbot demo --out /tmp/inboxbot-demo")
@now_option
@click.option(
    "--out",
    default=Path("inboxbot-demo"),
    show_default=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the sample mailbox, its journal, the summary and the report go.",
)
def demo(out: Path, now: datetime | None) -> None:
    """See the whole job on a sample mailbox: no account, no network, nothing of yours is read."""
    click.echo(
        "Mara has been looking for work for three weeks. inboxbot reads her mailbox, a Maildir,\n"
        "leaves drafts in it, and writes her the summary of her week.\n"
    )
    done = run_demo(out, wall_clock if now is None else lambda: now)
    _found(done)
    _one_draft(done)
    _where(done, out)


def _found(done: Demo) -> None:
    report = done.first.report
    read = [action for action in report.plan if isinstance(action, SaveDraft | LeaveAlone)]
    unsure = [action for action in read if action.judgement.decision is Decision.REVIEW]
    sure = [
        action
        for action in read
        if action not in unsure and action.judgement.reason is not Reason.WITHDRAWN_BY_USER
    ]
    click.secho(f"{report.read} mails read, {len(sure)} rejections among them", bold=True)
    for action in sure:
        _rejection(action)
    asked = {question.message for question in done.summary.questions}
    if asked:
        click.echo("\n  Not sure about these, so the summary asks Mara and nothing is drafted:")
    for action in unsure:
        if action.reading.message.key in asked:
            click.echo(f"    “{for_terminal(action.reading.message.subject)}”")
    drafts = done.again.report.drafts
    click.echo(f"\nA second poll finds nothing left to do: {drafts} new drafts.\n")


def _rejection(action: SaveDraft | LeaveAlone) -> None:
    facts, reason = action.reading.facts, action.judgement.reason
    name = " – ".join(filter(None, (facts.employer or "unknown employer", facts.role)))
    if isinstance(action, SaveDraft):
        outcome = click.style(f"draft to {action.draft.to.addr}", fg="green")
    else:
        why = _WHY.get(reason, reason) if reason else ""
        outcome = click.style(f"left alone: {why}", fg="yellow")
    click.echo(f"\n  {for_terminal(name)}")
    evidence = textwrap.shorten(for_terminal(action.reading.verdict.evidence), _WIDTH)
    click.secho(f"    “{evidence}”", dim=True)
    click.echo(f"    {outcome}")


def _one_draft(done: Demo) -> None:
    drafts = [action for action in done.first.report.plan if isinstance(action, SaveDraft)]
    if not drafts:
        return
    mail = message_from_bytes(drafts[-1].draft.data, _class=EmailMessage, policy=default)
    click.secho(f"One of the {len(drafts)} drafts, as it lies in Drafts:", bold=True)
    for name in ("From", "To", "Subject"):
        click.echo(f"  {name}: {for_terminal(mail[name])}")
    click.echo("")
    for line in mail.get_content().splitlines():
        wrapped = textwrap.wrap(for_terminal(line), _WIDTH) or [""]
        click.echo(textwrap.indent("\n".join(wrapped), "  "))
    click.echo("")


def _where(done: Demo, out: Path) -> None:
    drafts = sum(isinstance(action, SaveDraft) for action in done.first.report.plan)
    click.secho("Where to look", bold=True)
    click.echo(
        f"  the {drafts} drafts   {done.maildir / '.Drafts'}\n"
        f"  the summary    {done.page}\n"
        f"                 (open it in a browser; as a mail it lies in the inbox)\n"
        f"  the report     {done.report}\n"
        f"                 (the search in pictures; for a browser too)\n"
        f"  the journal    INBOXBOT_HOME={out} {_program()} journal\n"
        f"  the mailbox    neomutt -f {done.maildir}  (or any client that reads a Maildir)\n"
        "Nothing was sent: inboxbot cannot send."
    )


def _program() -> str:
    """Return how this program was called, so that a line can be copied."""
    return sys.argv[0] if sys.argv[0].endswith("inboxbot") else "inboxbot"
