"""Somebody's words as a letter quotes them: lines joined that were wrapped, long ones cut."""

import re
from itertools import pairwise

_SHORTEST_WRAPPED = 45  # characters; mail is wrapped at 65 to 78
_LONGEST_WRAPPED = 100
_RAGGED = 5  # characters by which people who wrap by hand stay below their width
_BULLET = re.compile(r"\s*(?:[-*•·–>]|\d{1,2}[.)])\s")  # noqa: RUF001  (they are the point)


def rejoined(text: str) -> str:
    """Join lines that a mail program wrapped; the author's own line ends and all words stay.

    A line was wrapped where the next word would have made it one of the longest of the text.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    width = max(map(len, lines))
    if not _SHORTEST_WRAPPED <= width <= _LONGEST_WRAPPED:
        return "\n".join(lines)
    joined = lines[:1]
    for before, line in pairwise(lines):
        word = line.split(" ", 1)[0]
        wrapped = before and word and not _BULLET.match(line)
        if wrapped and len(before) + 1 + len(word) > width - _RAGGED:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(joined)


def shortened(text: str, limit: int) -> str:
    """Cut between words, and show the cut."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rpartition(' ')[0] or text[:limit]} […]"
