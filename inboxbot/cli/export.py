"""Rows for other programs: CSV that is safe to open in a spreadsheet, and JSON Lines."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from inboxbot.core.text import clean

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # by which Excel knows UTF-8, when a file is opened from a folder

_LONGEST_CELL = 10_000
# What makes a formula of a cell (THREATS D22), behind quotation marks too, and in the full width of
# East Asian keyboards. A semicolon begins a cell where Excel lists by semicolons (German, French).
_FORMULA = re.compile(r"""(^|;)(?=["'\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])""")
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def csv_line(values: Iterable[object]) -> bytes:
    """Return a record of RFC 4180, on one line whatever the values hold."""
    line = io.StringIO()
    csv.writer(line).writerow(map(cell, values))
    return line.getvalue().encode()


def cell(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula."""
    text = "" if value is None else clean(str(value), _LONGEST_CELL)
    return _FORMULA.sub(r"\1'", text)


def json_line(row: Mapping[str, Any]) -> bytes:
    """Return an object of JSON Lines; what a terminal would obey or not show is escaped."""
    text = json.dumps(row, ensure_ascii=False)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode() + b"\n"
