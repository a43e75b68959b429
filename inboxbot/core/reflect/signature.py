"""What stands below the user's words and was not written for this reply: signatures."""

import re
from collections.abc import Sequence

_DELIMITER = "-- "  # RFC 3676 §4.3
_LONGEST_BARE = 5  # rows below a "--" that has lost its space
_LONGEST_AD = 100

_DEVICE = (
    r"(?:\S+ )?(?:iphone|ipad|phone|mobile|smartphone|handy|telefon|tablet|android|samsung|galaxy"
    r"|pixel|huawei|xiaomi|blackberry|nokia|mobilgerät|mobiltelefon|gerät|device)\b.*"
)
_PROGRAM = (
    r"(?:outlook|mail|windows|gmail|yahoo|proton|bluemail|aqua|spark|k-9|thunderbird|tuta|tutanota"
    r"|fairemail|gmx|web\.de|aol|icloud|telekom|freenet|samsung|android|mobile)"
    r"(?:[- ](?:mail|e-?mail|app|mobile|desktop|secure|for|für|on|auf|from|von|ios|android|windows"
    r"|mac|iphone|ipad|\d+))*"
)
_AD = re.compile(
    rf"(?:sent (?:from|with|via|using) (?:my {_DEVICE}|(?:the )?{_PROGRAM})"
    rf"|(?:get|download) {_PROGRAM}"
    rf"|(?:diese nachricht wurde )?von meine[mr] {_DEVICE} gesendet"
    rf"|(?:diese nachricht wurde )?(?:von|mit) (?:der )?{_PROGRAM} gesendet"
    rf"|gesendet (?:von|mit|über|aus) (?:meine[mr] {_DEVICE}|(?:der )?{_PROGRAM})"
    rf"|holen sie sich {_PROGRAM}|envoyé (?:de|depuis) mon {_DEVICE})[.!]?(?: ?<?https?://\S+)?",
    re.IGNORECASE,
)
_REACHED_AT = re.compile(r"@|www\.|https?://|\d[\d /().-]{6,}\d")


def without_signature(rows: Sequence[str], name: str) -> list[str]:
    """Return the rows above the signature of somebody of that name, and above a telephone's."""
    kept = list(rows)
    bounds = [number for number in range(len(kept)) if _delimits(kept, number, name)]
    exact = [number for number in bounds if kept[number] == _DELIMITER]
    if bounds:
        del kept[(exact or bounds[-1:])[0] :]
    while kept and (not kept[-1].strip() or _is_ad(kept[-1])):
        kept.pop()
    return kept


def _delimits(rows: Sequence[str], number: int, name: str) -> bool:
    """Tell whether a signature begins here. Some programs lose the space that RFC 3676 asks for.

    Then it must look like one: "--" is also drawn between two thoughts.
    """
    if rows[number].rstrip() != "--" or rows[number] == _DELIMITER:
        return rows[number] == _DELIMITER
    below = [text.strip() for text in rows[number + 1 :] if text.strip()]
    signs = (text == name or _REACHED_AT.search(text) or _is_ad(text) for text in below)
    return len(below) <= _LONGEST_BARE and (not below or any(signs))


def _is_ad(row: str) -> bool:
    text = row.strip(" \u00a0_*[]")
    return len(text) <= _LONGEST_AD and _AD.fullmatch(text) is not None
