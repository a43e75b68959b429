"""Sheet → the two parts of a mail: an HTML page that loads nothing, and text for a terminal."""

import textwrap
from functools import cache

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from inboxbot.letters.sheet import Group, Item, Sheet
from inboxbot.letters.words import named
from inboxbot.resources import CONFIG

COLUMNS = 72  # of the text part

_LETTERS = "abcdefgh"


def html_of(sheet: Sheet) -> str:
    """Return the HTML part: a whole page, its styles in its elements."""
    page = _environment().get_template("letter.html.j2").render(sheet=sheet)
    return _inliner().inline(page)


def text_of(sheet: Sheet) -> str:
    """Return the text part, which says the same."""
    text = _environment().get_template("letter.txt.j2").render(sheet=sheet)
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines()) + "\n"


@cache
def _inliner() -> css_inline.CSSInliner:
    """Return what puts the style sheet into the elements; @media stays in <style>."""
    return css_inline.CSSInliner(
        keep_at_rules=True, load_remote_stylesheets=False, apply_width_attributes=False
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(CONFIG / "summary"),
        autoescape=_is_escaped,  # noqa: S701  (all but plain text is)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(wrapped=_wrapped, run_in=_run_in, name=_name)
    environment.globals.update(mark_of=_mark_of)
    return environment


def _is_escaped(template: str | None) -> bool:
    return template is None or not template.endswith(".txt.j2")


def _wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Wrap each line of a text; `first` stands before the first line, `rest` before the others."""
    later = first if rest is None else rest
    wrapped: list[str] = []
    for line in text.split("\n"):
        before = later if wrapped else first
        wrapped += textwrap.wrap(
            line,
            COLUMNS,
            initial_indent=before,
            subsequent_indent=later,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [before]
    return "\n".join(wrapped)


def _name(item: Item) -> str:
    return f"{named(item)}  {item.mark}" if item.mark else named(item)


def _run_in(group: Group) -> str:
    """Return a group as one paragraph."""
    items = [
        f"{named(item)} ({'; '.join(item.lines)})" if item.lines else named(item)
        for item in group.items
    ]
    listed = "; ".join([*items, *([group.more] if group.more else [])])
    return " ".join(filter(None, (group.lead, f"{listed}.", group.after)))


def _mark_of(kind: str, place: int) -> str:
    """Return what stands before an item: "1. ", "[ ] a  " or "* "."""
    if kind == "a":
        return f"[ ] {_LETTERS[place]} "
    return f"{place + 1}. " if kind == "1" else "* "
