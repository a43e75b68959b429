"""bytes + the charset they claim → text, whatever the claim is worth."""

import codecs
import re
from functools import lru_cache

_NAME = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")

# What mail says, and what it means: the superset that other mail programs decode by (WHATWG).
_MEANT = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    "ansi": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "chinese": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_3",
    "cp50220": "iso2022_jp_3",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "windows-949": "cp949",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
}

# Codecs that are slow on long input (quadratic), or that turn text into other text.
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_STATEFUL = ("iso2022", "utf-7", "utf-16", "utf-32", "hz")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(raw: bytes, charset: str = "") -> str:
    """Decode `raw`; never raise.

    A known charset is believed unless its rules are broken and those of UTF-8 are kept. Without
    one: UTF-8, then windows-1252, which gives every byte a meaning (its five gaps as Latin-1).
    """
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(marked, "replace")
    codec = _codec(charset)
    if raw.isascii() and not codec.startswith(_STATEFUL):
        return raw.decode("ascii")
    for candidate in (codec, "utf-8"):
        if candidate and (text := _strictly(raw, candidate)) is not None:
            return text
    if codec and codec not in ("utf-8", "cp1252"):
        return _leniently(raw, codec)
    return _guessed(raw, declared=codec)


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Return Python's name of a charset, "" where there is none."""
    name = charset.strip("\"' \t").lower()
    if not _NAME.fullmatch(name):
        return ""
    try:
        codec = codecs.lookup(_MEANT.get(name, name))
    except (LookupError, ValueError):
        return ""
    # `_is_text_encoding` is how CPython itself tells "utf-8" from "base64" and "rot13".
    text = getattr(codec, "_is_text_encoding", True)
    return codec.name if text and codec.name not in _REFUSED else ""


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _leniently(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec, "replace")
    except (UnicodeError, ValueError):  # iso-2022 codecs raise even so
        return raw.decode("latin-1")


def _guessed(raw: bytes, declared: str) -> str:
    if declared == "utf-8":
        lenient = raw.decode("utf-8", "replace")
        # A broken character here and there is damage; more of it is another charset.
        if lenient.count("\ufffd") * 20 <= len(lenient):
            return lenient
    return raw.decode("cp1252", "gaps")


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("gaps", _as_latin_1)
