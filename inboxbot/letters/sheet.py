"""What a letter to the owner is made of, in words: both parts of the mail show all of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where feedback can be had; the host is what the reader sees."""

    url: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of a list."""

    head: str = ""
    aside: str = ""  # beside the head: the role; without one, a sentence
    mark: str = ""  # behind it: the anchor that a reply is known by
    lines: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    note: str = ""  # below the quotation
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A sentence, and the list that it speaks of."""

    lead: str = ""
    items: tuple[Item, ...] = ()
    more: str = ""  # how many are not shown
    after: str = ""
    marks: str = ""  # before the items: "1" for numbers, "a" for letters, "" for none
    run_in: bool = False  # the items follow the lead in one paragraph: a name, and a line each


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title and its groups."""

    title: str
    groups: tuple[Group, ...]
    first: bool = False  # what needs the user stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole letter, in words."""

    language: str
    title: str
    period: str = ""
    preview: str  # beside the subject on lock screens: it gives nothing away
    opening: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...]


def without_empty(*sections: Section) -> tuple[Section, ...]:
    """Return the sections that have something to tell."""
    return tuple(section for section in sections if section.groups)
