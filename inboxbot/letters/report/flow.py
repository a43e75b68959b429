"""How many go from where to where → a Sankey diagram: boxes and bands. Pure geometry.

Lengths are CSS pixels, y grows downwards. Text is measured by nobody, so that every label has two
lines of its own above its node.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

Flow = Mapping[tuple[str, str], int]
"""How many go from one node to one of the next layer."""

_N = TypeVar("_N", int, float)
_NODE = 10  # width
_THINNEST = 1.5  # of a ribbon: one in six hundred is still seen
_LABEL = 40  # height of the two lines above a node
_BELOW = 10  # between a node and the label of the next
_SWEEPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box, and where its label stands above it."""

    name: str
    count: int
    x: float
    y: float
    height: float
    label_x: float
    anchor: str  # SVG's text-anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """A band from one node to another, as an SVG path."""

    source: str
    target: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sankey:
    """Where a Sankey diagram's nodes and ribbons stand."""

    width: int
    height: int
    node_width: int
    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def sankey(layers: Sequence[Sequence[str]], flow: Flow, *, width: int, height: int) -> Sankey:
    """Lay out layers from left to right; a node through which nothing flows is left out.

    `height` is how high all that flows stands together, without labels and gaps.
    """
    flow = {link: count for link, count in flow.items() if count}
    used = {name for link in flow for name in link}
    kept = [[name for name in layer if name in used] for layer in layers]
    order = fewest_crossings([layer for layer in kept if layer], flow)
    total = max((_through(name, flow) for layer in order for name in layer), default=1)
    sizes = {link: max(_THINNEST, count * height / total) for link, count in flow.items()}
    nodes = {node.name: node for node in _nodes(order, flow, sizes, width)}
    lowest = max((node.y + node.height for node in nodes.values()), default=0)
    return Sankey(
        width=width,
        height=math.ceil(lowest) + 1,
        node_width=_NODE,
        nodes=tuple(nodes.values()),
        ribbons=tuple(_ribbons(order, nodes, sizes)),
    )


def _through(name: str, numbers: Mapping[tuple[str, str], _N]) -> _N:
    """Return what flows through a node: in or out, whichever is more."""
    into = sum(number for (_, target), number in numbers.items() if target == name)
    out = sum(number for (source, _), number in numbers.items() if source == name)
    return max(into, out)


def _nodes(
    order: Sequence[Sequence[str]], flow: Flow, sizes: Mapping[tuple[str, str], float], width: int
) -> Iterator[Node]:
    """Yield the nodes of each layer from top to bottom, each below its label."""
    apart = (width - _NODE) / max(len(order) - 1, 1)
    for place, layer in enumerate(order):
        x, y = round(place * apart, 1), 0.0
        last = 0 < place == len(order) - 1
        for name in layer:
            size = round(_through(name, sizes), 1)
            yield Node(
                name=name, count=_through(name, flow), x=x, y=round(y + _LABEL, 1), height=size,
                label_x=x + _NODE if last else x, anchor="end" if last else "start",
            )  # fmt: skip
            y += _LABEL + size + _BELOW


def _ribbons(
    order: Sequence[Sequence[str]],
    nodes: Mapping[str, Node],
    sizes: Mapping[tuple[str, str], float],
) -> Iterator[Ribbon]:
    """Yield the bands, those of a node beside each other in the order of their other ends."""
    leaving = {name: node.y for name, node in nodes.items()}
    arriving = dict(leaving)
    for left, right in pairwise(order):
        for source in left:
            for target in right:
                if size := sizes.get((source, target)):
                    x0, x1 = nodes[source].x + _NODE, nodes[target].x
                    path = _band(x0, leaving[source], x1, arriving[target], size)
                    yield Ribbon(source=source, target=target, path=path)
                    leaving[source] += size
                    arriving[target] += size


def _band(x0: float, y0: float, x1: float, y1: float, size: float) -> str:
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"v{size:.1f}C{middle:.1f} {y1 + size:.1f} {middle:.1f} {y0 + size:.1f} "
        f"{x0:.1f} {y0 + size:.1f}z"
    )


def fewest_crossings(layers: Sequence[Sequence[str]], flow: Flow) -> list[list[str]]:
    """Order each layer so that ribbons cross little: the barycentre method of Sugiyama et al.

    The given order stands where another is no better.
    """
    order = [list(layer) for layer in layers]
    best, least = [list(layer) for layer in order], crossings(order, flow)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        places = range(1, len(order)) if forward else range(len(order) - 2, -1, -1)
        for place in places:
            beside = order[place - 1 if forward else place + 1]
            means = {name: _barycentre(name, beside, flow) for name in order[place]}
            order[place].sort(key=means.__getitem__)
        if (found := crossings(order, flow)) < least:
            best, least = [list(layer) for layer in order], found
    return best


def _barycentre(name: str, beside: Sequence[str], flow: Flow) -> float:
    """Return the mean place of a node's neighbours, each as often as it is linked."""
    weights = [flow.get((other, name), 0) + flow.get((name, other), 0) for other in beside]
    total = sum(weights)
    return sum(place * weight for place, weight in enumerate(weights)) / total if total else 0


def crossings(layers: Sequence[Sequence[str]], flow: Flow) -> int:
    """Count how much crosses: for each two ribbons that do, the product of what flows in them."""
    return sum(
        flow.get((a, d), 0) * flow.get((b, c), 0)
        for left, right in pairwise(layers)
        for i, a in enumerate(left)
        for b in left[i + 1 :]
        for j, c in enumerate(right)
        for d in right[j + 1 :]
    )
