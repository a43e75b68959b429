"""`inboxbot reflect`: ten minutes about conversations, in the terminal."""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import click
import questionary
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from inboxbot.app import App, open_app
from inboxbot.cli.options import config_option
from inboxbot.cli.poll import chosen_accounts
from inboxbot.core.reflect import OtherReason, Question, Reflection, reflected
from inboxbot.core.reflect.waiting import Conversation, conversations
from inboxbot.core.text import for_terminal, verbatim
from inboxbot.core.types import EPOCH
from inboxbot.core.weeklog import WeekLog
from inboxbot.errors import InputError
from inboxbot.journal.store import Journal
from inboxbot.letters.phrases import Phrases, load_phrases

_TEN_MINUTES = 600
_MOST = 5  # conversations: more is another evening
_LONGEST = 20_000  # characters of one answer
_HOW = """\
Two lines about each conversation are enough. Enter on an empty line ends an answer,
an empty answer skips the question. Ctrl-C stops; what you have finished is kept."""
_REFUSED = (
    "reflect asks questions and needs a terminal; elsewhere, reply to your weekly summary: "
    "your answer is read with the next poll"
)


@click.command(epilog="Example: inboxbot reflect --employer 'Northwind Maps'")
@config_option
@click.option("--account", metavar="NAME", help="This account alone.")
@click.option("--employer", metavar="NAME", help="These conversations, written about or not.")
@click.option("--no-timer", is_flag=True, help="Show no clock.")
def reflect(config: Path | None, account: str | None, employer: str | None, no_timer: bool) -> None:
    """Take ten minutes for the conversations that you have not written about yet.

    What went well, what you would do differently; if you like, which other reasons a no could have
    had. Your words are kept as they are, in the journal and nowhere else.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError(_REFUSED)
    app = open_app(config)
    phrases = load_phrases(app.settings.summary.language)
    with app.known_journal() as journal:
        found = [
            (chosen.id, conversation)
            for chosen in chosen_accounts(app, account)
            for conversation in _known(journal, chosen.id, app)
            if (conversation.is_with(employer) if employer else not conversation.written)
        ]
        if not found:
            _say(_nothing(employer))
            return
        _say(_HOW)
        desk = _Desk(journal=journal, app=app, phrases=phrases, timed=not no_timer)
        try:
            for name, conversation in found[:_MOST]:
                desk.ask_about(conversation, name)
        except (KeyboardInterrupt, EOFError):
            click.echo(err=True)
        _say(_farewell(desk.kept, max(0, len(found) - _MOST)))


def _known(journal: Journal, account: str, app: App) -> tuple[Conversation, ...]:
    now = app.clock()
    events, history = tuple(journal.events(account)), journal.history(account)
    return conversations(WeekLog(events, history, since=EPOCH, end=now), now)


def _nothing(employer: str | None) -> str:
    if employer:
        return f"no conversation with {employer!r} is known; inboxbot journal shows the employers"
    return "there is no conversation that you have not written about"


def _farewell(kept: int, left: int) -> str:
    told = "nothing was kept" if not kept else f"kept: {kept} answer{'s' if kept > 1 else ''}"
    return f"{told}; {left} more for another evening" if left else told


def _say(text: str) -> None:
    click.echo(for_terminal(text, newlines=True), err=True)


@dataclass(slots=True, kw_only=True)
class _Desk:
    """Where the user sits: asks, and stores each answer as soon as it is complete."""

    journal: Journal
    app: App
    phrases: Phrases
    timed: bool
    kept: int = 0
    _began: float = field(default_factory=time.monotonic)

    def ask_about(self, conversation: Conversation, account: str) -> None:
        """Ask the two questions about a conversation and, after a no, offer the exercise."""
        job = conversation.job
        name = " – ".join(filter(None, (job.employer, job.role))) or job.subject
        click.secho(f"\n{for_terminal(name)}", bold=True, err=True)
        for one in conversation.written:
            _say(f"You wrote: {one.text}")
        for question in (Question.WELL, Question.DIFFERENTLY):
            text = self._answer(self.phrases.say(f"reflect.{question}"))
            self._keep(conversation, account, question, text)
        if conversation.declined:
            ticks = self._ticks()
            self._keep(conversation, account, Question.REASONS, "", ticks)

    def _answer(self, question: str) -> str:
        asked = questionary.text(
            question, multiline=True, qmark="", instruction="\n",
            bottom_toolbar=self._clock if self.timed else None, refresh_interval=1.0,
            key_bindings=_ends_on_an_empty_line(),
        )  # fmt: skip
        return verbatim(asked.unsafe_ask(), _LONGEST).strip("\n ")

    def _ticks(self) -> tuple[OtherReason, ...]:
        reasons = zip(OtherReason, self.phrases.all("reflect.others.reasons"), strict=True)
        ticked = questionary.checkbox(
            "Which other reasons could the no have had? Your own part is among them.",
            [questionary.Choice(text, reason) for reason, text in reasons],
            qmark="", instruction="(space ticks, Enter goes on)",
        ).unsafe_ask()  # fmt: skip
        return tuple(ticked)

    def _keep(
        self, conversation: Conversation, account: str, question: Question, text: str,
        ticks: tuple[OtherReason, ...] = (),
    ) -> None:  # fmt: skip
        if not (text or ticks):
            return
        said = Reflection(
            question=question, text=text, application=conversation.application, ticks=ticks,
            via="terminal",
        )  # fmt: skip
        self.journal.append(account, reflected(said, self.app.clock()))
        self.kept += 1

    def _clock(self) -> str:
        """Return the line at the bottom of the screen: it tells the time, and rings no bell."""
        left = _TEN_MINUTES - int(time.monotonic() - self._began)
        if left < 0:
            return " The ten minutes are over. Take the time that you need."
        return f" {left // 60}:{left % 60:02} of ten minutes"


def _ends_on_an_empty_line() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        written = event.current_buffer
        at_end = written.document.is_cursor_at_the_end
        if at_end and not written.document.current_line.strip():
            written.validate_and_handle()
        else:
            written.newline(copy_margin=False)

    return keys
