"""`inboxbot service`: start at login, and no more."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from inboxbot.app import App, open_app
from inboxbot.cli.options import config_option
from inboxbot.core.text import for_terminal
from inboxbot.private import private_folder
from inboxbot.service import Program, Recipe, bare_recipe, is_ours, system_of
from inboxbot.service import install as install_service
from inboxbot.service import uninstall as uninstall_service
from inboxbot.settings import CREDENTIAL, Account, places

_CARRIED = ("INBOXBOT_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")  # where settings and state lie
_dry_run = click.option("--dry-run", is_flag=True, help="Print what would be done, and do nothing.")


@click.group(epilog="Example: inboxbot service install")
def service() -> None:
    """Let inboxbot start at login: a systemd user unit, a launchd agent or a Windows task."""


@service.command(epilog="Example: inboxbot service install --dry-run")
@config_option
@_dry_run
def install(config: Path | None, dry_run: bool) -> None:
    """Write the service's file, enable it and start it. Run it again after an update."""
    app, system = open_app(config), system_of()
    program = _program(app, config)
    if dry_run:
        _print(system.recipe(program))
        return
    obstacle = system.obstacle()
    recipe = system.recipe(program, bare=bool(obstacle))
    private_folder(app.places.state)
    install_service(recipe, system.condition)
    click.echo(f"written  {recipe.file}", err=True)
    for step in recipe.start:
        click.echo(f"done     {step}", err=True)
    for told in filter(None, (obstacle, recipe.note)):
        click.secho(told, err=True, fg="yellow")
    click.echo(f"its log  {recipe.log}\nundo     inboxbot service uninstall", err=True)


@service.command(epilog="Example: inboxbot service uninstall")
@_dry_run
def uninstall(dry_run: bool) -> None:
    """Stop the service and remove what `install` wrote; settings and journal stay."""
    recipe = bare_recipe(places().state)
    if dry_run:
        click.echo(f"# would run, and remove {recipe.file}")
        for step in (*recipe.stop, *recipe.after):
            click.echo(str(step))
    elif uninstall_service(recipe):
        click.echo(f"stopped, and removed {recipe.file}", err=True)
        click.echo("settings and journal are still there; inboxbot forget --all", err=True)
    else:
        click.echo("there is no service of inboxbot's to remove", err=True)


@service.command(epilog="Example: inboxbot service status")
@config_option
def status(config: Path | None) -> None:
    """Show whether the service runs, whether it starts at login, and whether it is up to date."""
    system = system_of()
    click.echo(for_terminal(system.condition()))
    recipe = bare_recipe(places().state)
    if not is_ours(recipe.file):
        return
    click.echo(f"file  {recipe.file}\nlog   {recipe.log}")
    program = _program(open_app(config), config)
    forms = (system.recipe(program, bare=bare).content for bare in (False, True))
    if recipe.file.read_bytes() not in forms:
        click.secho(_OUTDATED, fg="yellow")


_OUTDATED = (
    "The program or the settings have changed since that file was written; run: inboxbot service "
    "install"
)


def _print(recipe: Recipe) -> None:
    click.echo(f"# would write {recipe.file}")
    encoding = "utf-16" if recipe.content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    click.echo(recipe.content.decode(encoding))
    click.echo("# would run")
    for step in recipe.start:
        click.echo(str(step))


def _program(app: App, config: Path | None) -> Program:
    """Return `inboxbot run` by this interpreter, as this command itself was called."""
    named = () if config is None else ("--config", str(config.absolute()))
    return Program(
        # By module, since a venv's, pipx's and uv's interpreter all know it; not from the folder
        # it is started in (-P).
        command=(sys.executable, "-P", "-m", "inboxbot", "run", *named),
        environment={
            name: str(Path(value).expanduser().absolute())
            for name in _CARRIED
            if (value := os.environ.get(name))
        },
        state=app.places.state,
        writable=(app.places.state, *_written_to(app)),
    )


def _written_to(app: App) -> Iterator[Path]:
    """Yield the folders that the accounts write to: Maildirs, and where permissions are kept."""
    for account in app.settings.accounts.values():
        yield from (folder for folder in _of_account(account) if folder.is_absolute())


def _of_account(account: Account) -> Iterator[Path]:
    if account.path is not None:
        yield account.path
    file = account.token_file
    if file is not None and not str(file).startswith(CREDENTIAL):
        yield file.parent  # a provider may change a permission, and it is written beside itself
