"""The one sanitiser: any text → text that is safe in a header, a draft, a terminal, a record."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

LONGEST_HEADER = 200
LONGEST_NAME = 80
LONGEST_SENTENCE = 1_000  # characters; a longer run is no sentence that a person wrote

_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_LINE_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, BIDI
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"  # variation selectors, tags
)
_UNWRITTEN = re.compile(
    "(?![\u200c\u200d\ufe00-\ufe0f])"  # these join letters (Persian, Indic scripts) and emoji
    + _INVISIBLE.pattern
)
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MOST_MARKS = 30


def clean(text: str, limit: int) -> str:
    """Return `text` on one line, NFC, without control, BIDI and zero-width characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:limit].rstrip()
    visible = _INVISIBLE.sub("", _BREAKS.sub(" ", _bounded(text, limit)))
    return _SPACES.sub(" ", _normal("NFC", visible)).strip()[:limit].rstrip()


def for_header(text: str) -> str:
    """Return `text` for a header: one clean line of at most 200 characters."""
    return clean(text, LONGEST_HEADER)


def for_terminal(text: str, *, newlines: bool = False, limit: int = 10_000) -> str:
    """Return `text` for a terminal: no escape can start in it; line ends only where asked for."""
    return lines(text, limit) if newlines else clean(text, limit)


def lines(text: str, limit: int) -> str:
    r"""Return `text` clean, its lines kept and ended by \n: for the body of a mail."""
    broken = _LINE_BREAKS.sub("\n", _bounded(text, limit)).replace("\t", " ").replace("\x1f", " ")
    return _normal("NFC", _INVISIBLE.sub("", broken))[:limit]


def verbatim(text: str, limit: int) -> str:
    r"""Return `text` as its author sees it, its lines ended by \n: for words that are kept.

    As `lines`, but what joins letters and emoji stays, and nothing is composed anew.
    """
    broken = _LINE_BREAKS.sub("\n", _bounded(text, limit)).replace("\t", " ").replace("\x1f", " ")
    return _UNWRITTEN.sub("", broken)[:limit]


def _bounded(text: str, limit: int) -> str:
    # Four times: padding that is about to go must not push out what is read (preheaders).
    return _BROKEN.sub("\ufffd", text[: 4 * limit])


def _normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Normalise in linear time.

    CPython sorts a run of combining marks by insertion: cut runs as UAX #15 §13 does.
    """
    return unicodedata.normalize(form, text if text.isascii() else _MARKS.sub(_thin, text))


def _thin(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


# Names that may stand in a draft.

_TYPOGRAPHY = str.maketrans("’‘ʼ–—‑‐＆", "'''----&")
_BESIDES_LETTERS = frozenset("0123456789 .,&'-/()+#")
_WEB = re.compile(
    r"www\.|//|(?:\w\.)+\w{2,}/|^(?:https?\b|(?:mailto|javascript|data):)", re.IGNORECASE
)
_TOP_LEVEL = re.compile(
    r"(?<=\w)\.(?:com?|net|org|info|biz|de|at|ch|fr|es|it|nl|be|pl|pt|se|dk|no|fi|cz|ru|cn|jp|kr"
    r"|in|uk|us|eu|io|ai|app|dev|xyz|top|site|online|shop|club|live|link|click|jobs|me|tv|cc)\b"
)
_EAST_ASIAN = frozenset(
    "CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA IDEOGRAPHIC HANGUL BOPOMOFO".split()
)
_UNMIXED = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_SCRIPTS = (
    frozenset(
        "LATIN ARABIC HEBREW DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU KANNADA "
        "MALAYALAM SINHALA THAI LAO TIBETAN MYANMAR GEORGIAN ETHIOPIC KHMER MONGOLIAN".split()
    )
    | _EAST_ASIAN
    | _UNMIXED
)
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсхуһԁӏԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιυρ",
    "ABESIJKMHOPCTXYaesijopcxyhdlqwABEZHIKMNOPTYXoviup",
)
_ALIKE = frozenset(map(chr, _LOOKALIKES))


def safe_name(text: str) -> str | None:
    """Return a name that may stand in a draft, None where it may not.

    Letters of one script (besides Latin), digits, space and `.,&'-/()+#`, at most 80 characters;
    nothing that a mail client would turn into a link: of a web address without more
    ("Acme.com") its name stands.
    """
    if len(text) > 4 * LONGEST_NAME:
        return None
    name = clean(text, LONGEST_NAME + 1).translate(_TYPOGRAPHY).strip(" ,-/")
    if len(name) > LONGEST_NAME or _WEB.search(name):
        return None
    name = _TOP_LEVEL.sub("", name)
    starts_well = name[:1].isalnum() or name.startswith((".", "("))
    return name if starts_well and _one_script(set(name) - _BESIDES_LETTERS) else None


def _one_script(letters: set[str]) -> bool:
    """Tell whether these are letters of one script besides Latin, and not there to deceive."""
    scripts = {_script(character) for character in letters}
    if not letters or not scripts <= _SCRIPTS:
        return False
    others = scripts - {"LATIN"}
    if not others:
        return True
    if others & _UNMIXED:  # these have letters that look like Latin ones: never side by side
        return len(scripts) == 1 and not _ALIKE.issuperset(letters)
    return others <= _EAST_ASIAN or len(others) == 1


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    # "" for what is no letter and no vowel sign: digits, punctuation and symbols have names too.
    letter = unicodedata.category(character)[0] in "LM"
    return unicodedata.name(character, "").partition(" ")[0] if letter else ""


# Comparing.

_WORD = re.compile(r"\w+")
_LATIN = re.compile("[a-zA-Z]")


def fold(text: str) -> str:
    """Return `text` for comparing: case, width, look-alike letters and white space levelled."""
    visible = _INVISIBLE.sub("", _BREAKS.sub(" ", _BROKEN.sub("\ufffd", text)))
    plain = visible if visible.isascii() else _WORD.sub(_unmask, _normal("NFKC", visible))
    return _SPACES.sub(" ", plain.casefold()).strip()


def _unmask(word: re.Match[str]) -> str:
    # Only beside a Latin letter: a Russian word stays Russian.
    return word[0].translate(_LOOKALIKES) if _LATIN.search(word[0]) else word[0]


# Sentences.

_BOUNDARY = re.compile(
    r"""(?<![.!?…])(?P<stop>[.!?…]++["'”’»)\]]*+)(?=\s|\Z)"""
    r"|[。！？｡．؟۔।॥።։။។]+[」』”’）)»]*+"
    r"|\n[^\S\n]*\n\s*"
    r"|(?P<line>\n)"
)
_ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof st no nr vs etc e.g i.e approx dept ref tel inc ltd co corp jr sr "  # en
    "bzw z.b d.h u.a ca ggf evtl inkl zzgl str hr fr dipl ing med gem vgl sog abs usw o.g "  # de
    "m mme mlle mm av env p.ex c.-à-d sra srta dña dra d ej pág p.ej ud uds ing dott sig sig.ra "
    "dhr mevr drs bijv o.a d.w.z t.n.v m.b.t nl ul np m.in tzw dz godz bl.a t.ex osv kl f.eks "
    "т.д т.п т.е г ул им руб стр".split()
)
_BULLET = re.compile(r"\s*(?:[-*•·–▪◦]|\d{1,2}[.)])\s")
_WRAPPED_FROM = 45  # characters; mail is wrapped at 65 to 78, short lines end by themselves
_WRAPPED_TO = 100


def sentences(text: str) -> tuple[str, ...]:
    """Split `text` into its sentences, each a verbatim part of it, in order."""
    found: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if not _ends_sentence(text, start, boundary):
            continue
        _take(text[start : boundary.end()], found)
        start = boundary.end()
    _take(text[start:], found)
    return tuple(found)


def _take(piece: str, found: list[str]) -> None:
    stripped = piece.strip()
    found.extend(
        part
        for place in range(0, len(stripped), LONGEST_SENTENCE)
        if (part := stripped[place : place + LONGEST_SENTENCE].strip())
    )


def _ends_sentence(text: str, start: int, boundary: re.Match[str]) -> bool:
    if boundary["line"]:
        return _ends_line(text, start, boundary)
    if boundary["stop"] != ".":
        return True
    after = text[boundary.end() : boundary.end() + 4].lstrip()
    if after[:1].islower():
        return False
    word = text[max(start, boundary.start() - 12) : boundary.start()].rpartition(" ")[2]
    word = word.rpartition("\n")[2].lstrip("(\"'«„“")
    initial = len(word) == 1 and (word.isupper() or word.islower())  # "J. Park", "z. B. Excel"
    ordinal = word.isdecimal() and len(word) <= len("31") and after[:1].isalpha()
    return not (initial or ordinal or word.casefold() in _ABBREVIATIONS)


def _ends_line(text: str, start: int, boundary: re.Match[str]) -> bool:
    """Tell whether a line end is one of the author's, not one of the program that wrapped it."""
    begin = text.rfind("\n", max(start, boundary.start() - _WRAPPED_TO - 1), boundary.start()) + 1
    length = boundary.start() - max(begin, start)
    following = text[boundary.end() : boundary.end() + 8]
    if _BULLET.match(following):
        return True
    wide = length >= _WRAPPED_FROM // 2 and ord(text[boundary.start() - 1]) >= 0x2E80  # noqa: PLR2004  (CJK)
    wrapped = wide or _WRAPPED_FROM <= length <= _WRAPPED_TO
    return not (wrapped or following.lstrip()[:1].islower())
