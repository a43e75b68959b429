"""What the README and the pages in docs/ say of commands, keys, reasons and words is so."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from inboxbot.cli import inboxbot
from inboxbot.core.plan import Reason
from inboxbot.settings import load

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
NAMES = inboxbot.list_commands(click.Context(inboxbot))
EXAMPLE = (ROOT / "config" / "inboxbot.example.toml").read_text(encoding="utf-8")

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def calls(page: Path) -> list[list[str]]:
    """Return the words of every call that a page shows, on a line of its own or in backticks."""
    lines = re.findall(r"^ {4,}inboxbot (.+?)(?: {2,}#.*)?$", text(page), re.MULTILINE)
    inline = re.findall(r"`inboxbot ([^`…]+)`", text(page))
    return [shlex.split(call) for call in (*lines, *inline)]


def test_the_readme_names_every_command_and_no_other():
    named = set(re.findall(r"^\| `inboxbot (\w+)", text(README), re.MULTILINE))
    assert named == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself_with_an_example(name: str):
    done = CliRunner().invoke(inboxbot, [name, "--help"])
    assert done.exit_code == 0
    assert f"Example: inboxbot {name}" in done.output


@pages
def test_every_call_that_a_page_shows_can_be_parsed(page: Path):
    for name, *words in calls(page):
        if name.startswith("--"):
            assert name in {"--version", "--help"}
            continue
        command = inboxbot.get_command(click.Context(inboxbot), name)
        assert command is not None, name
        options = {option for parameter in command.params for option in parameter.opts}
        for word in words:
            if word.startswith("--"):
                assert word in options, f"{name} {word}"
        if isinstance(command, click.Group):
            assert {word for word in words if word.isalpha()} <= set(command.commands), words


def test_the_pages_show_calls_to_try():
    assert sum(len(calls(page)) for page in PAGES) >= 40


@pages
def test_settings_that_a_page_shows_are_taken(page: Path, tmp_path: Path):
    for number, block in enumerate(re.findall(r"```toml\n(.*?)```", text(page), re.DOTALL)):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, encoding="utf-8")
        assert load(file).accounts


@pages
def test_keys_that_a_page_names_exist(page: Path):
    known = set(re.findall(r"^#? ?(\w+) = ", EXAMPLE, re.MULTILINE))
    named = re.findall(r"`(\w+) = [^`]+`", text(page))
    assert set(named) <= known


@pages
def test_the_files_that_a_page_links_exist(page: Path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text(page)):
        assert (page.parent / target).exists(), target


def test_the_reasons_that_are_explained_are_real_ones():
    named = re.findall(r"^- `(\w+)`:", text(ROOT / "docs" / "troubleshooting.md"), re.MULTILINE)
    assert len(named) >= 4
    assert set(named) <= set(Reason)


def test_the_words_that_a_user_may_see_are_words_of_the_program():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "inboxbot").rglob("*.py"))
    joined = re.sub(r'"\s*\n\s*f?"', "", source)  # a message may go over two lines
    rows = re.findall(r'^\| "([^"]+)"', text(ROOT / "docs" / "troubleshooting.md"), re.MULTILINE)
    assert len(rows) >= 8
    for words in rows:
        assert words in joined, words


def test_the_make_targets_that_the_readme_names_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^    make (\w+)", text(README), re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_ci_calls_the_command_that_the_readme_names():
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
