"""CSS of a mail, as far as it hides text: display, visibility, opacity, sizes, colours.

Only simple selectors (`p`, `.x`, `p.x`, `#x`) are followed. Where a rule beyond them names a
background, the colour behind the text is unknown there, and unknown hides nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

_LONGEST_SHEET = 200_000
_LONGEST_STYLE = 4_000
_MOST_RULES = 5_000
_MOST_LOOKS = 2_000

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
_ALIKE = 12  # of 255 in each of red, green and blue

_DECLARATION = re.compile(r"([a-z-]{1,40}+)\s*+:\s*+([^;]*+)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACES = re.compile(r"[{}]")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*+)?([.#][\w-]++)?")
_CLASS = re.compile(r"\.([\w-]+)")
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|%|cm|in)?")
_NAMED_SIZE = re.compile("small|medium|large")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_WATCHED = frozenset(
    "display visibility opacity font font-size color background background-color background-image "
    "mso-hide max-height height max-width width overflow text-indent position left top clip "
    "white-space".split()
)
_TELLING = ("class", "id", "style", "color", "text", "bgcolor", "background", "hidden")
_NAMED: Mapping[str, Colour] = {
    "white": WHITE,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "black": BLACK,
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How text at one place looks; what stands inside takes it over, all but `gone` to change."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    colour: Colour | None = BLACK  # None: not known
    background: Colour | None = WHITE
    keeps_lines: bool = False
    hidden: bool = False  # a reader sees nothing of text that looks so

    def unseen(self) -> "Look":
        """Return the look of what a reader never sees."""
        return replace(self, gone=True, hidden=True)


class Sheet:
    """The rules of one mail's style elements."""

    def __init__(self) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        self._painted: set[str] = set()  # classes whose background a rule beyond us sets
        self._known: dict[tuple[str, tuple[str, ...], Look], Look] = {}

    def add(self, css: str) -> None:
        """Take the rules of one style element."""
        self._known.clear()
        for selectors, style in _rules(css[:_LONGEST_SHEET].lower()):
            declared = _declarations(style)
            for selector in selectors.split(","):
                self._add(selector.strip(), declared)

    def _add(self, selector: str, declared: Mapping[str, str]) -> None:
        if _SIMPLE.fullmatch(selector):
            if len(self._rules) < _MOST_RULES:
                self._rules.setdefault(selector, {}).update(declared)
        elif any(name.startswith("background") for name in declared):
            self._painted.update(_CLASS.findall(selector))

    def look(self, tag: str, attributes: Mapping[str, str], above: Look) -> Look:
        """Return how text directly inside an element looks."""
        if attributes.keys().isdisjoint(_TELLING) and tag != "pre" and tag not in self._rules:
            return above
        told = tuple(attributes.get(name, "")[:_LONGEST_STYLE] for name in _TELLING)
        key = (tag, told, above)
        if (known := self._known.get(key)) is not None:
            return known
        if len(self._known) >= _MOST_LOOKS:
            self._known.clear()
        return self._known.setdefault(key, self._looked(tag, attributes, above))

    def _looked(self, tag: str, attributes: Mapping[str, str], above: Look) -> Look:
        told = {name: value[:_LONGEST_STYLE].lower() for name, value in attributes.items()}
        declared, painted = self._matched(
            tag, told.get("class", ""), told.get("id", ""), told.get("style", "")
        )
        colour = told.get("color" if tag == "font" else "text", "")
        return _applied(
            {"color": colour, **declared},
            above,
            hidden="hidden" in told,
            ground="?" if painted or "background" in told else told.get("bgcolor", ""),
            pre=tag == "pre",
        )

    def _matched(
        self, tag: str, classes: str, name: str, style: str
    ) -> tuple[Mapping[str, str], bool]:
        names = classes.split()[:20]
        selectors = [tag, *(s for c in names for s in (f".{c}", f"{tag}.{c}"))]
        selectors += [f"#{name}", f"{tag}#{name}"] if name else []
        rules = [self._rules[selector] for selector in selectors if selector in self._rules]
        inline = _declarations(style)
        declared = {key: value for rule in [*rules, inline] for key, value in rule.items()}
        for rule in rules:  # what is important stands above the element's own style
            declared.update((k, v) for k, v in rule.items() if "!important" in v)
        return declared, not self._painted.isdisjoint(names)


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations; what @media and the like hold is not for every reader."""
    depth, place, selectors = 0, 0, ""
    css = _COMMENT.sub("", css.replace("<!--", "").replace("-->", ""))
    for brace in _BRACES.finditer(css):
        piece = css[place : brace.start()]
        if brace[0] == "{":
            depth += 1
            selectors = piece.rpartition(";")[2].strip() if depth == 1 else ""
        else:
            if depth == 1 and selectors and not selectors.startswith("@"):
                yield selectors[:1000], piece
            depth = max(0, depth - 1)
        place = brace.end()


def _declarations(style: str) -> dict[str, str]:
    return {
        name: value.strip()
        for name, value in _DECLARATION.findall(style[:_LONGEST_STYLE])
        if name in _WATCHED
    }


def _applied(
    declared: Mapping[str, str], above: Look, *, hidden: bool, ground: str, pre: bool
) -> Look:
    """Return the look inside an element from what is declared for it and the look around it."""
    look = Look(
        gone=above.gone or hidden or _is_gone(declared),
        invisible=_is_invisible(declared, above),
        tiny=_is_tiny(declared, above),
        colour=_colour(declared.get("color", ""), above.colour),
        background=_background(declared, ground, above.background),
        keeps_lines=pre or _keeps_lines(declared, above),
    )
    unseen = look.gone or look.invisible or look.tiny or _is_drowned(look)
    return replace(look, hidden=unseen)


def _is_invisible(declared: Mapping[str, str], above: Look) -> bool:
    visibility = declared.get("visibility", "inherit")
    inherits = visibility.startswith(("inherit", "unset"))
    return above.invisible if inherits else visibility.startswith(("hidden", "collapse"))


def _keeps_lines(declared: Mapping[str, str], above: Look) -> bool:
    space = declared.get("white-space", "")
    return space.startswith("pre") if space else above.keeps_lines


def _is_tiny(declared: Mapping[str, str], above: Look) -> bool:
    size = declared.get("font-size") or declared.get("font", "")
    length = _LENGTH.search(size)
    if length is None:
        return above.tiny and not _NAMED_SIZE.search(size)
    if length[2] in ("em", "%") and above.tiny:
        return True
    return _is_nothing(size)


def _is_nothing(size: str) -> bool:
    """Tell whether a length is one pixel or less."""
    length = _LENGTH.match(size) or _LENGTH.search(size)
    if length is None:
        return False
    value = float(length[1])
    return value <= (1 if length[2] in ("px", "pt") else 0.1 if length[2] != "%" else 5)


def _is_gone(declared: Mapping[str, str]) -> bool:
    """Tell whether nothing of an element is drawn, whatever stands inside it."""
    if declared.get("display", "").startswith("none"):
        return True
    if declared.get("mso-hide", "").startswith("all"):
        return True
    opacity = declared.get("opacity", "1")
    if _LENGTH.match(opacity) and _is_faint(opacity):
        return True
    clipped = declared.get("overflow", "").startswith(("hidden", "clip"))
    sizes = ["max-height", "max-width", *(("height", "width") if clipped else ())]
    if any(_is_nothing(declared[size]) for size in sizes if size in declared):
        return True
    return _is_moved_away(declared)


def _is_faint(opacity: str) -> bool:
    length = _LENGTH.match(opacity)
    if length is None:
        return False
    return float(length[1]) <= (5 if length[2] == "%" else 0.05)


def _is_moved_away(declared: Mapping[str, str]) -> bool:
    if declared.get("text-indent", "").startswith("-9"):
        return True
    placed = declared.get("position", "").startswith(("absolute", "fixed"))
    away = any(declared.get(side, "").startswith("-9") for side in ("left", "top"))
    return placed and (away or declared.get("clip", "").startswith("rect(0"))


# Colours.


def _is_drowned(look: Look) -> bool:
    if look.colour is None or look.background is None:
        return False
    pairs = zip(look.colour, look.background, strict=True)
    return all(abs(one - other) <= _ALIKE for one, other in pairs)


def _background(declared: Mapping[str, str], ground: str, above: Colour | None) -> Colour | None:
    shown = declared.get("background-color") or declared.get("background") or ground.lower()
    picture = declared.get("background-image", "") + declared.get("background", "")
    if ground == "?" or "url(" in picture or "gradient(" in picture:
        return None
    return _colour(shown, above)


def _colour(value: str, inherited: Colour | None) -> Colour | None:
    """Return the colour that a value names; the one around where it names none; None: unknown."""
    value = value.replace("!important", "").strip()
    word = value.partition(" ")[0]
    if not value or word in ("inherit", "none", "transparent", "initial", "unset", "currentcolor"):
        return inherited
    if rgb := _RGB.search(value):
        if rgb[4] and rgb[4].rstrip("%").strip(".0") == "":
            return inherited
        return (int(rgb[1]), int(rgb[2]), int(rgb[3]))
    if digits := _HEX.search(value):
        return _from_hex(digits[1])
    if word == value and re.fullmatch(r"[0-9a-f]{6}", word):  # bgcolor=ffffff
        return _from_hex(word)
    return _NAMED.get(word)


def _from_hex(digits: str) -> Colour | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
