"""Rows of a reply → runs of the user's words and of the letter's, in turn.

A mark (">", a <blockquote>) is believed. Where a program shows the letter without one (Outlook
below a copied header, webmail in a container) and the user writes between its lines, the letter
itself tells which are its own: it is ours, so it is known word for word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from inboxbot.core.reflect.letter import Letter
from inboxbot.core.reflect.signature import without_signature
from inboxbot.core.types import Place, Row

_MOST_ROWS = 3_000


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive rows of one hand; the user's have no signature and no blank rows around them."""

    rows: tuple[str, ...]
    own: bool


def runs_of(rows: Sequence[Row], letter: str, cues: Sequence[str], name: str) -> list[Run]:
    """Return the runs of a reply to a letter whose text is given, "" where it is not known.

    `cues` are its questions, which may be answered in their place; `name` is the user's.
    """
    hands = _hands(rows[:_MOST_ROWS], Letter(letter, cues))
    runs = []
    for own, group in groupby(zip(rows, hands, strict=False), key=lambda pair: pair[1]):
        texts = [row.text for row, _ in group]
        kept = _trimmed(without_signature(texts, name)) if own else texts
        if kept:
            runs.append(Run(tuple(kept), own))
    return runs


def _hands(rows: Sequence[Row], letter: Letter) -> list[bool]:
    """Tell of each row whether the user wrote it; a blank one is of the hand above it."""
    hands: list[bool] = []
    unmarked = False  # the row above is the letter's, though it has no mark
    typed = False  # the row above is the user's, though it has one
    for row in rows:
        if not row.text.strip():
            hands.append(hands[-1] if hands else True)
            continue
        asked = typed or letter.asks(row.text)
        holds = letter.holds(row.text, anywhere=row.place is not Place.OWN, goes_on=unmarked)
        typed = row.place is Place.QUOTED and asked and not holds
        match row.place:
            case Place.OWN:
                own = not holds
            case Place.ENCLOSED:
                own = letter.has_begun and not holds
            case Place.QUOTED:
                own = typed
            case Place.ATTRIBUTION:
                own = False
        unmarked = row.place is Place.OWN and not own
        hands.append(own)
    return hands


def _trimmed(texts: Sequence[str]) -> list[str]:
    filled = [number for number, text in enumerate(texts) if text.strip()]
    return [text.rstrip() for text in texts[filled[0] : filled[-1] + 1]] if filled else []
