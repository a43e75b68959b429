"""What a report's page holds, in words: titles, sentences, pictures, tables and quotations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inboxbot.letters.report.drawing import Bars, Grid
from inboxbot.letters.report.flow import Sankey


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing, and what it says for those who do not see it."""

    name: str  # unique on the page
    title: str
    text: str
    drawing: Sankey | Bars | Grid
    wide: Sankey | Bars | None = None  # the same for a wide screen
    caption: str = ""  # where a section has several
    names: Mapping[str, str] = field(default_factory=dict)  # what its nodes are called
    ticks: tuple[tuple[str, float], ...] = ()  # months of a calendar, and where they begin
    rows: tuple[tuple[str, float], ...] = ()  # its weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same in numbers, or a list of many columns. The first cell of a row names it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: tuple[tuple[str, ...], ...] = ()  # shown when asked for
    rest_title: str = ""
    more: str = ""  # how many are not shown at all
    folded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something said, below the question that it answers."""

    label: str = ""
    text: str = ""
    ticks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody said about one thing, word for word."""

    head: str
    aside: str = ""
    when: str = ""
    words: tuple[Said, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title, sentences, and what is shown below them."""

    name: str  # unique on the page
    title: str
    lead: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()  # class of a colour, what it stands for
    table: Table | None = None
    quotes: tuple[Quote, ...] = ()
    rest: tuple[Quote, ...] = ()  # shown when asked for
    rest_title: str = ""
    more: str = ""  # how many are not shown at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole report, in words."""

    language: str
    title: str
    period: str
    opening: tuple[str, ...]
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
    labels: Mapping[str, str]  # of the page's own parts: "skip", "contents"
    notice: tuple[str, ...] = ()  # a title, and sentences: what was left out
