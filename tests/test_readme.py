"""What the README promises of the command line is so."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from inboxbot.cli import inboxbot

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = inboxbot.list_commands(click.Context(inboxbot))


def test_the_readme_names_every_command_and_no_other():
    named = set(re.findall(r"^\| `inboxbot (\w+)", README, re.MULTILINE))
    assert named == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself_with_an_example(name: str):
    done = CliRunner().invoke(inboxbot, [name, "--help"])
    assert done.exit_code == 0
    assert f"Example: inboxbot {name}" in done.output


def test_every_call_that_the_readme_shows_can_be_parsed():
    calls = re.findall(r"^    inboxbot (\w+)(.*?)(?:#.*)?$", README, re.MULTILINE)
    assert len(calls) >= 5
    for name, rest in calls:
        command = inboxbot.get_command(click.Context(inboxbot), name)
        known = {option for parameter in command.params for option in parameter.opts}
        for option in re.findall(r"--[\w-]+", rest):
            assert option in known, f"{name} {option}"


def test_the_make_targets_that_the_readme_names_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^    make (\w+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_files_that_the_readme_links_exist():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_ci_calls_the_command_that_the_readme_names():
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
