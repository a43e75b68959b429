"""The number that an employer gave an opening: "R-12345", "JR104477", "Kennziffer 40217"."""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

import re

from inboxbot.core.facts.prose import Prose

_CODE = r"((?:[A-Z]{1,6}[-_/]?)?\d{3,}(?:[-_]\d+)*[A-Z]{0,3})\b"
# Words that announce a number, forms that are nothing else, and a bare number beside a title.
_ANYWHERE = (
    re.compile(
        r"\b(?:job|req(?:uisition)?|position|posting|vacancy)[ -]?(?:id|number|no\.?|nr\.?|#|code)?"
        rf"[ :.#-]{{0,3}}{_CODE}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:stellenkennziffer|kennziffer|stellennummer|stellen-id|referenz(?:nummer|code)?|"
        r"referenz-nr\.?|ref(?:erence|erencia|\.|:)?|référence|réf\.?|riferimento|rif\.?|kenmerk|"
        r"vacaturenummer|nr ref\.?|referensnummer|id)[ :.#]{1,3}(?:no\.? ?|nr\.? ?)?"
        rf"{_CODE}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b((?:JR|REQ|REF|R)[-_]?\d{4,}(?:-\d+|[A-Z])?|\d{2,4}WD\d{3,}|\d{4,}BR|20\d\d-\d{4,6})\b"
    ),
    re.compile(r"#(\d{4,})\b"),
    re.compile(r"[-–,(\[]\s?(\d{6,10})[)\]]?(?=[\s.,)]|$)"),
    re.compile(r"\s(\d{5,10}) (?:role|position)\b"),
    re.compile(r"\bin (\d{4,8}) [-–] (?=[A-Z])"),
)
# Five bare digits are a ZIP code in a letter's foot, but not in its subject.
_IN_SUBJECT = (
    re.compile(r"[-–,(\[]\s?(\d{5,10})[)\]]?(?=[\s.,)]|$)"),
    re.compile(r"\s(\d{5,10})$"),
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def requisition_in(prose: Prose) -> str | None:
    """Return the number of the opening as the mail writes it, the subject before the text."""
    for pattern in (*_ANYWHERE, *_IN_SUBJECT):
        if (found := _first(pattern, prose.subject)) is not None:
            return found
    text = prose.text
    return next((found for pattern in _ANYWHERE if (found := _first(pattern, text))), None)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match is not None and not _YEAR.fullmatch(match[1]) else None
