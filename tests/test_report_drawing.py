"""Where the lines and boxes of a report's pictures stand."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.letters.report.drawing import MOST_LEVEL, NARROW, bars_of, calendar
from inboxbot.letters.report.flow import crossings, fewest_crossings, sankey
from inboxbot.resources import CONFIG

LAYERS = (("a",), ("b", "c"), ("d", "e"), ("f", "g", "h", "i"))
FLOWS = st.dictionaries(
    st.sampled_from([link for left, right in pairwise(LAYERS) for link in
                     [(a, b) for a in left for b in right]]),
    st.integers(0, 600),
)  # fmt: skip


# ---------------------------------------------------------------- Sankey


@given(FLOWS)
def test_no_order_of_nodes_crosses_more_than_the_given_one(flow) -> None:
    ordered = fewest_crossings(LAYERS, flow)
    assert [sorted(layer) for layer in ordered] == [sorted(layer) for layer in LAYERS]
    assert crossings(ordered, flow) <= crossings(LAYERS, flow)


def test_nodes_are_ordered_so_that_nothing_crosses_where_that_can_be() -> None:
    flow = {("a", "y"): 3, ("b", "x"): 4}
    assert crossings([["a", "b"], ["x", "y"]], flow) == 12
    assert crossings(fewest_crossings([["a", "b"], ["x", "y"]], flow), flow) == 0


@given(FLOWS)
def test_nodes_and_their_labels_stand_within_the_picture_and_apart(flow) -> None:
    drawn = sankey(LAYERS, flow, width=NARROW, height=230)
    for node in drawn.nodes:
        assert 0 <= node.x <= node.x + drawn.node_width <= drawn.width
        assert 40 <= node.y <= node.y + node.height <= drawn.height
    for one, other in combinations(drawn.nodes, 2):
        if one.x == other.x:
            above, below = sorted((one, other), key=lambda node: node.y)
            assert above.y + above.height + 40 <= below.y, "two lines of a label fit between"


@given(FLOWS)
def test_ribbons_fill_their_nodes_and_no_more(flow) -> None:
    drawn = sankey(LAYERS, flow, width=NARROW, height=230)
    sizes = {
        (r.source, r.target): float(re.search(r"v([\d.]+)C", r.path)[1]) for r in drawn.ribbons
    }
    assert set(sizes) == {link for link, count in flow.items() if count}
    for node in drawn.nodes:
        leaving = sum(size for (source, _), size in sizes.items() if source == node.name)
        arriving = sum(size for (_, target), size in sizes.items() if target == node.name)
        assert max(leaving, arriving) == pytest.approx(node.height, abs=0.5)


def test_a_node_shows_what_flows_through_it() -> None:
    flow = {("a", "b"): 7, ("b", "d"): 5, ("b", "e"): 2}
    drawn = sankey(LAYERS, flow, width=NARROW, height=230)
    assert {node.name: node.count for node in drawn.nodes} == {"a": 7, "b": 7, "d": 5, "e": 2}
    assert sankey(LAYERS, {}, width=NARROW, height=230).nodes == ()


# ---------------------------------------------------------------- bars


@given(st.lists(st.dictionaries(st.sampled_from("xyz"), st.integers(0, 10_000)), max_size=8))
def test_bars_and_their_figures_stay_within_the_picture(rows) -> None:
    drawn = bars_of([("label", parts, "123 of 456") for parts in rows], width=NARROW)
    assert len(drawn.bars) == len(rows)
    for bar, parts in zip(drawn.bars, rows, strict=True):
        assert [part.name for part in bar.parts] == [name for name in parts if parts[name]]
        for part, following in pairwise(bar.parts):
            assert part.x + part.width == pytest.approx(following.x, abs=0.11)
        assert bar.figures_x < NARROW - 40
        assert bar.y + drawn.bar_top + drawn.bar_height <= drawn.height


# ---------------------------------------------------------------- calendar


@given(
    st.dates(date(2020, 1, 1), date(2037, 12, 31)),
    st.integers(0, 1200),
    st.lists(st.integers(0, 1200), max_size=30),
)
def test_each_day_stands_once_in_the_calendar_at_its_weekday(first, length, answers) -> None:
    last = first + timedelta(days=length)
    counts = Counter(first + timedelta(days=number) for number in answers if number <= length)
    grids = calendar(counts, first, last)
    assert grids[0].first_day == first
    assert grids[-1].last_day == last
    for one, following in pairwise(grids):
        assert following.first_day == one.last_day + timedelta(days=1)
        assert following.first_day.weekday() == 0
    drawn = [re.findall(r"M(\d+) (\d+)h", path) for grid in grids for path in grid.levels]
    assert sum(map(len, drawn)) == length + 1
    assert sum(grid.total for grid in grids) == counts.total()
    for grid in grids:
        assert all(int(x) + 10 <= grid.width for path in grid.levels for x in
                   re.findall(r"M(\d+) ", path))  # fmt: skip
        days = [day for day in counts if grid.first_day <= day <= grid.last_day]
        busy = sum(counts[day] >= MOST_LEVEL for day in days)
        assert grid.levels[MOST_LEVEL].count("M") == busy


# ---------------------------------------------------------------- colours

_OUTCOMES = ("offer", "open", "silent", "withdrawn", "declined")
# How colours look to each kind of eyes, in linear RGB (Machado et al. 2009, severity 1).
_SEEN = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}  # fmt: skip


def palettes() -> list[dict[str, str]]:
    """Return the colours of the light scheme, of the dark one and of paper."""
    style = (CONFIG / "report" / "style.css").read_text("utf-8")
    blocks = [block for block in re.findall(r"\{([^{}]*)\}", style) if "--offer:" in block]
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def _linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def _luminance(rgb: list[float]) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def _lab(rgb: list[float]) -> tuple[float, float, float]:
    red, green, blue = rgb
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (
        value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116
        for value in (x, _luminance(rgb), z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _difference(one: str, other: str, eyes: str) -> float:
    """Return ΔE (CIE 1976) as these eyes see it; 2 is just noticeable, 10 is seen at a glance."""
    seen = [
        _lab([min(1, max(0, sum(a * b for a, b in zip(row, _linear(c), strict=True))))
              for row in _SEEN[eyes]])
        for c in (one, other)
    ]  # fmt: skip
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


@pytest.mark.parametrize("eyes", _SEEN)
def test_colours_differ_for_every_kind_of_eyes_and_stand_out_from_the_page(eyes: str) -> None:
    found = palettes()
    assert len(found) == 3
    for palette in found:
        for one, other in combinations(_OUTCOMES, 2):
            assert _difference(palette[one], palette[other], eyes) > 20, (one, other)
        for name in _OUTCOMES:
            low, high = sorted(_luminance(_linear(palette[c])) for c in (name, "page"))
            assert (high + 0.05) / (low + 0.05) >= 3, f"{name}: WCAG 2.2, 1.4.11"
        for one, other in pairwise(f"level-{level}" for level in range(MOST_LEVEL + 1)):
            assert _difference(palette[one], palette[other], eyes) > 12
