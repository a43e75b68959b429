"""What the sender wrote is parted from what was quoted, in the layouts of many programs."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from inboxbot.core import html, quotes

LAYOUTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent.parent / "corpus" / "layouts.toml").read_text("utf-8")
)["layout"]


def own_and_quoted(layout: dict[str, Any]) -> tuple[str, str]:
    if "text" in layout:
        return quotes.split(layout["text"])
    own, quoted = quotes.split_lines(html.lines(layout["html"]))
    return quotes.joined(own), quotes.joined(quoted)


@pytest.mark.goal("G16")
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout["name"])
def test_own_text_is_exactly_what_the_sender_wrote(layout: dict[str, Any]) -> None:
    own, _ = own_and_quoted(layout)
    assert [line.strip() for line in own.split("\n")] == layout["own"].strip("\n").split("\n")
