"""`inboxbot setup`: connect a mailbox, by questions or by flags; its steps are `inboxbot.setup`."""

import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from inboxbot.cli.options import config_option, now_option
from inboxbot.cli.poll import progress_bar
from inboxbot.cli.service import install
from inboxbot.clock import wall_clock
from inboxbot.errors import InputError
from inboxbot.service import bare_recipe, is_ours
from inboxbot.settings import Account, Places, Settings, load, places
from inboxbot.setup.answers import MAILDIR, Answers, Memory
from inboxbot.setup.ask import Asks, Choice, Nobody, asks, say, say_as_it_is
from inboxbot.setup.desk import Desk
from inboxbot.setup.interview import Interview
from inboxbot.setup.keep import next_steps
from inboxbot.setup.wizard import renew as renew_account
from inboxbot.setup.wizard import set_up

_NO_SETTINGS = Settings(accounts=MappingProxyType({}))
_INTERRUPTED = 130  # 128 + SIGINT, as shells count
_EPILOG = 'Example: inboxbot setup --yes --address me@gmail.com --name "Your Name" --password-stdin'
_WITHOUT_TERMINAL = f"""\
this is no terminal, so nobody can be asked; give the answers as flags (inboxbot setup --help)
{_EPILOG}"""
_RUNS = "The service does not know of this yet. Start it anew? (inboxbot service install)"
_AT_LOGIN = "Start inboxbot at login from now on? (inboxbot service install)"
_UNFINISHED = (
    Choice("on", "Go on where it stopped"),
    Choice("through", "Go through the answers again"),
    Choice("anew", "Begin anew"),
)
# A flag for each answer: the field of `Answers`, what stands for its value, and help.
_ANSWERS = (
    ("address", "ADDRESS", "Your mail address."),
    ("account", "NAME", "What the account is called in the settings."),
    ("provider", "ID", 'Where the address does not tell: gmail, gmx, …, or "other".'),
    ("way", "WAY", "app-password, password, google-imap, google-api, microsoft, server, maildir."),
    ("path", "FOLDER", "A Maildir."),
    ("host", "HOST", "The IMAP server."),
    ("port", "PORT", "Its port."),
    ("tls", "TLS", "implicit, starttls; none for a server on this machine."),
    ("ca_file", "FILE", "The certificate of its authority, where that is your own."),
    ("user", "USER", "The user name, where it is not the address."),
    ("client_file", "FILE", "Google: the JSON file of your own client."),
    ("client_id", "ID", "Microsoft: the id of your own application."),
    ("authority", "URL", "Microsoft: another authority than the common one."),
    ("api_endpoint", "URL", "Gmail's API: a stand-in on this machine."),
    ("name", "NAME", "Your name, as drafts are signed."),
    ("keep", "PLACE", "Where the secret is kept: keyring, file, systemd."),
    ("password_file", "FILE", "A file of yours (chmod 600) that holds the password."),
    ("drafts", "FOLDER", "Where it is not found by itself; so with the next two."),
    ("sent", "FOLDER", "The folder of what you have sent."),
    ("trash", "FOLDER", "The folder of what you have thrown away."),
    ("level", "LEVEL", "junior, mid, senior, lead, unsaid."),
    ("language", "LANG", "Of the weekly summary: en or de."),
)


def _answers(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add a flag for each answer."""
    for name, metavar, meaning in reversed(_ANSWERS):
        flag = f"--{name.replace('_', '-')}"
        command = click.option(flag, name, metavar=metavar, help=meaning)(command)
    return command


@click.command(epilog=_EPILOG)
@config_option
@now_option
@click.option("--renew", metavar="NAME", help="Give an account a new password or permission.")
@click.option(
    "--yes",
    "--non-interactive",
    "yes",
    is_flag=True,
    help="Ask nothing: flags and defaults decide.",
)
@click.option("--plain", is_flag=True, help="Ask line by line, without menus (screen readers).")
@click.option("--no-preview", is_flag=True, help="Do not read the last 90 days first.")
@click.option("--service", is_flag=True, help="Also start inboxbot at login from now on.")
@_answers
@click.option(
    "--alias",
    "aliases",
    multiple=True,
    metavar="ADDRESS",
    help="Another address of yours; may be repeated.",
)
@click.option(
    "--folder",
    "folders",
    multiple=True,
    metavar="FOLDER",
    help="A folder to watch; may be repeated.",
)
@click.option(
    "--corrections/--no-corrections",
    default=None,
    help="Whether the two folders for corrections may be made.",
)
@click.option(
    "--password-command", metavar="WORDS", help="A command of yours that prints the password."
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def setup(
    config: Path | None,
    now: datetime | None,
    renew: str | None,
    yes: bool,
    plain: bool,
    no_preview: bool,
    service: bool,
    **flags: Any,
) -> None:
    """Connect a mailbox, step by step or by flags.

    It is tried, and what will be written is shown and asked about, before anything is written.

    Every question has a flag, and a flag given is not asked about. Without a terminal, or with
    --yes, nothing is asked: what has no flag takes its default, or is named as missing.
    """
    found = places(config)
    desk = _desk(found, now, preview=not no_preview)
    given = _given(flags)
    person = Nobody() if yes else asks(plain=plain)
    if isinstance(person, Nobody) and not (given or yes or renew):
        raise InputError(_WITHOUT_TERMINAL)
    try:
        account = _set_up(person, given, desk, renew)
    except (KeyboardInterrupt, click.Abort):
        say("", "Stopped; nothing was written. What you have typed is kept, but for passwords.")
        raise click.exceptions.Exit(_INTERRUPTED) from None
    for line in next_steps(account, found):
        say_as_it_is(line)
    if service or (not renew and _wants_service(person, found)):
        click.get_current_context().invoke(install, config=config, dry_run=False)


def _desk(found: Places, now: datetime | None, *, preview: bool) -> Desk:
    return Desk(
        places=found,
        settings=load(found.config, bare=True) if found.config.exists() else _NO_SETTINGS,
        clock=wall_clock if now is None else lambda: now,
        progress=progress_bar,
        preview=preview,
    )


def _set_up(person: Asks, given: Mapping[str, Any], desk: Desk, renew: str | None) -> Account:
    """Go through the steps, with the answers of an earlier run where they are wanted."""
    if renew:
        talk = Interview(person, given, Answers(), memory=None)
        return renew_account(talk, desk, renew)
    memory = Memory(desk.places.unfinished)
    talk = Interview(person, given, _resumed(person, memory), memory)
    return set_up(talk, desk)


def _resumed(person: Asks, memory: Memory) -> Answers:
    """Return the answers of a setup that was not finished, as far as they are wanted."""
    answers = memory.recall() or Answers()
    anew = Answers(kept=answers.kept)
    if isinstance(person, Nobody) or not answers.address:
        return anew
    question = f"Setup of {answers.address} was not finished:"
    match person.choose(question, _UNFINISHED, _UNFINISHED[0].value):
        case "on":
            return answers
        case "through":
            return replace(answers, reviewed=())
        case _:
            return anew


def _wants_service(person: Asks, found: Places) -> bool:
    """Ask whether to start at login; Ctrl-C is a no here, since the account is written."""
    if isinstance(person, Nobody):
        return False
    installed = is_ours(bare_recipe(found.state).file)
    try:
        return person.confirm(_RUNS if installed else _AT_LOGIN, proposed=installed)
    except (KeyboardInterrupt, click.Abort):
        return False


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Return the flags that were given, as the steps want them."""
    given = {key: value for key, value in flags.items() if value not in {None, (), False, ""}}
    if flags["corrections"] is False:
        given["corrections"] = False
    if "path" in given:
        given.setdefault("way", MAILDIR)
    if command := given.get("password_command"):
        given["password_command"] = _words(command)
    if given.get("password_stdin"):
        given["password_stdin"] = sys.stdin.readline().rstrip("\r\n")
    return given


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:  # a quotation mark without its other half
        raise InputError(f"--password-command: {error}") from None
