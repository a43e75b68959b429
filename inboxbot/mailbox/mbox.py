"""Paths → exported mails, one by one: .eml files, directories of them, mbox, Maildir. Read-only.

    path | kind, by looking | mails in the order of the files, of a Maildir in that of arrival

What cannot be read is an error value. An mbox of any size (Google Takeout makes 10 GB) passes
through line by line; of one mail the first MiB is kept.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from inboxbot.core.types import EPOCH, Locator, RawMail
from inboxbot.errors import InputError, MailboxError
from inboxbot.mailbox import folders as folder_names
from inboxbot.mailbox import maildir_files as files
from inboxbot.mailbox.folders import ListedFolder
from inboxbot.mailbox.headers import fields
from inboxbot.mailbox.maildir_layout import Layout, is_maildir, layout

_LINE_OCTETS = 1 << 16  # a longer line is read in pieces
_FROM = b"From "
_FROM_LINE_OCTETS = 512  # "From", an address of at most 256 (RFC 5321), a date
_DATE_OCTETS = 200
# RFC 4155: "From", an address, a date as asctime writes it; with a zone in Google's and others'.
_DATED = re.compile(rb"From .*\d\d?:\d\d(?::\d\d)?\b.*\b\d{4}\b")
_DATE = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[, ].*")
_EMPTY_LINES = (b"\n", b"\r\n")
_QUOTED = re.compile(rb">+From ")
_YEARS = range(1971, 2200)  # outside, a date is a mistake
_UNIX_FILES = frozenset({"", ".mbox"})  # what Thunderbird and Google call an mbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One exported mail, or why it could not be read."""

    name: str  # the path; of the n-th mail in an mbox "path#n", n from 1
    mail: RawMail | None = None
    error: str | None = None  # set where there is no mail
    context: bool  # comes with the mails before it: from an mbox or a Maildir

    @property
    def locator(self) -> Locator:
        """Return the name, which is where it lies."""
        return Locator(self.name)


def sources(paths: Sequence[Path]) -> Iterator[Source]:
    """Yield the mails of all paths in turn. Raise `InputError`, at once, where one is not there."""
    for path in paths:
        if not os.path.lexists(path):
            raise InputError(f"{path}: there is no such file or folder")
    return (source for path in paths for source in _sources(path))


def _sources(path: Path) -> Iterator[Source]:
    try:
        if not path.is_dir():
            yield from _file(path)
        elif is_maildir(path):
            yield from _maildir(path)
        else:
            yield from _directory(path)
    except OSError as error:
        yield _failed(path, error)
    except MailboxError as error:
        yield Source(name=str(path), error=str(error), context=False)


def _failed(path: Path, error: OSError) -> Source:
    return Source(name=str(path), error=f"cannot be read ({error.strerror})", context=False)


# ---------------------------------------------------------------- files and directories


def _directory(directory: Path) -> Iterator[Source]:
    """Yield the mails of a directory and of those in it, by name; other files are passed over."""
    for path in sorted(directory.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not path.is_symlink():  # a link may lead back up
                yield from _sources(path)
        elif path.suffix.lower() == ".eml" or _looks_like_mbox(path):
            yield from _sources(path)


def _looks_like_mbox(path: Path) -> bool:
    return path.suffix.lower() in _UNIX_FILES and _kind(path) == "mbox"


def _file(path: Path) -> Iterator[Source]:
    match _kind(path):
        case "mbox":
            yield from _mbox(path)
        case "mail":
            yield _eml(path)
        case fault:
            yield Source(name=str(path), error=fault, context=False)


def _kind(path: Path) -> str:
    """Return "mbox", "mail", or what is wrong with a file."""
    if not path.is_file():
        return "is not a regular file"
    try:
        with path.open("rb") as file:
            start = file.read(_LINE_OCTETS).lstrip(b"\r\n")
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if not start:
        return "is empty"
    # A client that saves one mail as .eml may leave the From line of its mbox on it.
    is_mbox = start.startswith(_FROM) and path.suffix.lower() != ".eml"
    return "mbox" if is_mbox else "mail"


def _eml(path: Path) -> Source:
    content = files.read(path.resolve())
    if content is None:
        return Source(name=str(path), error="is not a regular file", context=False)
    data = content.data.lstrip(b"\r\n")
    if data.startswith(_FROM):
        data = data.partition(b"\n")[2]
    mail = RawMail(
        locator=Locator(str(path)),
        folder="",
        received=_arrival(data) or files.moment(content.arrived),
        data=data,
        cut=content.cut,
    )
    return Source(name=str(path), mail=mail, context=False)


# ---------------------------------------------------------------- Maildir


def _maildir(root: Path) -> Iterator[Source]:
    """Yield the mails of all folders but Drafts and Trash in order of arrival, Sent among them."""
    found = layout(root)
    entries: list[tuple[files.Entry, str]] = []
    for folder in _read_folders(found):
        with files.naming(folder, found[folder]):
            entries.extend((entry, folder) for entry in files.listed(found[folder]))
    for entry, folder in sorted(entries):
        yield _maildir_mail(entry, folder, found[folder] / entry.part / entry.name)


def _read_folders(found: Layout) -> Iterator[str]:
    by_role = folder_names.by_role(map(ListedFolder, found), {})
    return (name for name in found if name not in {by_role.drafts, by_role.trash})


def _maildir_mail(entry: files.Entry, folder: str, path: Path) -> Source:
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        content = files.read(path)
    except OSError as error:
        return Source(name=name, error=f"cannot be read ({error.strerror})", context=True)
    if content is None:
        return Source(name=name, error="is not a regular file", context=True)
    mail = RawMail(
        locator=Locator(name),
        folder=folder,
        received=entry.received,
        data=content.data,
        flags=files.flags_of(entry.name),
        cut=content.cut,
    )
    return Source(name=name, mail=mail, context=True)


# ---------------------------------------------------------------- mbox


def _mbox(path: Path) -> Iterator[Source]:
    number = 0
    try:
        with path.open("rb") as file:
            for number, (from_line, data, cut) in enumerate(_split(file), start=1):
                name = f"{path}#{number}"
                mail = RawMail(
                    locator=Locator(name),
                    folder="",
                    received=_from_date(from_line) or _date_field(data) or EPOCH,
                    data=data,
                    cut=cut,
                )
                yield Source(name=name, mail=mail, context=True)
    except OSError as error:
        name = f"{path}#{number + 1}"
        yield Source(name=name, error=f"cannot be read ({error.strerror})", context=True)


def _split(file: IO[bytes]) -> Iterator[tuple[bytes, bytes, bool]]:
    """Yield the From line of each mail, its octets, and whether they were cut."""
    from_line = _first_line(file)
    # Where the first From line has a date, all have: other lines that begin so are text. Where it
    # has none, an empty line must stand before (RFC 4155 wants both; writers keep to one).
    dated = _is_dated(from_line)
    mail = _Growing()
    begins, after_empty = True, True
    while line := file.readline(_LINE_OCTETS):
        if begins and line.startswith(_FROM) and (_is_dated(line) if dated else after_empty):
            yield from_line, mail.content(), mail.cut
            from_line, mail = line, _Growing()
            begins = line.endswith(b"\n")
            continue
        # mboxrd puts one ">" before "From " and before each such ">"; mboxo before "From " alone.
        is_quoted = begins and line.startswith(b">") and _QUOTED.match(line)
        mail.add(line[1:] if is_quoted else line)
        after_empty = begins and line in _EMPTY_LINES
        begins = line.endswith(b"\n")
    yield from_line, mail.content(), mail.cut


def _is_dated(line: bytes) -> bool:
    return _DATED.match(line[:_FROM_LINE_OCTETS]) is not None


def _first_line(file: IO[bytes]) -> bytes:
    """Return the first line that is not empty."""
    while (line := file.readline(_LINE_OCTETS)) and not line.strip(b"\r\n"):
        continue
    return line


class _Growing:
    """The mail that is being read, as far as it is kept."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._octets = 0
        self.cut = False

    def add(self, line: bytes) -> None:
        """Take a line, or as much of it as there is room for."""
        if self.cut:
            return
        room = files.LARGEST - self._octets
        self._lines.append(line[:room])
        self._octets += len(line)
        self.cut = len(line) > room

    def content(self) -> bytes:
        """Return the mail, without the empty line that an mbox puts behind it."""
        if not self.cut and self._lines and not self._lines[-1].strip(b"\r\n"):
            self._lines.pop()
        return b"".join(self._lines)


# ---------------------------------------------------------------- dates


def _arrival(data: bytes) -> datetime | None:
    """Return when a mail came to its last server (RFC 5322 §3.6.7), else its own Date."""
    received = next(fields(data, "Received"), b"")
    return _moment(received.rpartition(b";")[2]) or _date_field(data)


def _date_field(data: bytes) -> datetime | None:
    return next(filter(None, map(_moment, fields(data, "Date"))), None)


def _from_date(line: bytes) -> datetime | None:
    found = _DATE.search(line[:_FROM_LINE_OCTETS].decode("latin-1"))
    return _moment(found[0].encode("latin-1")) if found else None


def _moment(text: bytes) -> datetime | None:
    """Read a date as mail writes it, in UTC where it names no zone; None where it is none."""
    try:
        found = parsedate_to_datetime(text[:_DATE_OCTETS].decode("latin-1"))
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC) if found.year in _YEARS else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None  # the library raises all of these on what strangers write
