"""A home for each newcomer, by a name that is short enough for a line of the terminal."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        yield Path(folder)
