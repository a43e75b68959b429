"""A path → the folders below it, by name: Maildir++, or plain folders as sync programs lay them.

    Maildir++ (Dovecot, Courier)      plain (mbsync "Verbatim", offlineimap, Dovecot's fs layout)
    path/cur            INBOX         path/INBOX/cur      INBOX
    path/.Drafts/cur    Drafts        path/Drafts/cur     Drafts
    path/.Work.Jobs/cur Work/Jobs     path/Work/Jobs/cur  Work/Jobs

Both may be mixed. Names are decoded from modified UTF-7 (RFC 3501 §5.1.3) where they are written
in it, and have "/" between their levels; nothing is created here but by `create_folder`.
"""

import base64
import binascii
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from inboxbot.errors import InputError, MailboxError
from inboxbot.mailbox.folders import INBOX
from inboxbot.private import private_folder

_PARTS = ("tmp", "new", "cur")  # in the order to make them: what has a cur is a folder
_DEEPEST = 8  # levels of folders; a path that is no Maildir may hold anything
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_NOT_DIRECT = re.compile(r"[^\x20-\x7e]+|&")

Layout = Mapping[str, Path]
"""Folder name → the directory that holds its cur, new and tmp; "INBOX" is always there."""


def layout(root: Path) -> Layout:
    """Find the folders of a mailbox. Raise `MailboxError` where `root` is not one."""
    try:
        inbox = _inbox(root)
        found = {INBOX: inbox}
        for name, directory in _walk(root, "", 1):
            if directory != inbox:
                # Two spellings of one name: the second goes by what it is called on the disk.
                known = name in found or name.upper() == INBOX
                found[directory.name if known else name] = directory
    except OSError as error:
        raise MailboxError(
            f"{root}: the Maildir cannot be read ({error.strerror}); "
            "it must belong to the user that runs inboxbot"
        ) from error
    return found


def is_maildir(root: Path) -> bool:
    """Tell whether a path is a mailbox that `layout` can read."""
    return is_folder(root) or _child_inbox(root) is not None


def is_folder(directory: Path) -> bool:
    """Tell whether a directory is one folder: has a cur; new and tmp get lost in archives."""
    # Not Path.is_dir, which raises where a directory, such as lost+found, is not ours to enter.
    return os.path.isdir(directory / "cur")  # noqa: PTH112


def canonical(found: Layout, name: str) -> str | None:
    """Return the name of the folder that the user means, None where there is none.

    INBOX is meant in any case (RFC 3501 §5.1); levels may be written with "." as in Maildir++.
    """
    if name.upper() == INBOX:
        return INBOX
    if name in found:
        return name
    alike = [known for known in found if _loosely(known) == _loosely(name)]
    return alike[0] if len(alike) == 1 else None


def create_folder(root: Path, name: str) -> Path:
    """Make a folder in the layout that is there, Maildir++ in a new mailbox; return its directory.

    Only with the user's consent: reading and writing mail never call it. Raise `InputError` on a
    name that cannot be one.
    """
    directory = _place_of(root, name)
    for part in _PARTS:
        levels = (directory / part, directory, *directory.parents)
        # One by one: mkdir would leave the levels above as open as the umask has them.
        for level in reversed([level for level in levels if not level.exists()]):
            private_folder(level)
    return directory


def decode_name(raw: str) -> str:
    """Return a folder's name as people read it; one that is not modified UTF-7 stays as it is."""
    clean = os.fsencode(raw).decode("utf-8", "replace")
    try:
        decoded = _SHIFTED.sub(_unshift, clean)
    except (binascii.Error, UnicodeDecodeError):
        return clean
    return decoded if encode_name(decoded) == clean else clean


def encode_name(name: str) -> str:
    """Return a name in modified UTF-7 (RFC 3501 §5.1.3)."""
    return _NOT_DIRECT.sub(_shift, name)


def _inbox(root: Path) -> Path:
    if not root.exists():
        raise MailboxError(f"{root}: there is nothing there; set path to the Maildir's folder")
    if not root.is_dir():
        raise MailboxError(
            f"{root} is a file; set path to a Maildir's folder (inboxbot scan reads single files)"
        )
    child = _child_inbox(root)
    if is_folder(root) and (child is None or _holds_mail(root)):
        return root
    if child is None:
        raise MailboxError(
            f"{root} is not a Maildir: it has neither a folder cur, nor a folder INBOX with one; "
            "set path to the folder above them"
        )
    # An empty cur beside a whole INBOX: some program once took the folder above for the Maildir.
    return child


def _child_inbox(root: Path) -> Path | None:
    try:
        found = sorted(path for path in root.iterdir() if path.name.upper() == INBOX)
    except OSError:
        return None  # not a directory, or not ours to read: whoever opens it says so
    return next((path for path in found if is_folder(path)), None)


def _holds_mail(directory: Path) -> bool:
    for part in ("cur", "new"):
        try:
            with os.scandir(directory / part) as entries:
                if any(not entry.name.startswith(".") for entry in entries):
                    return True
        except FileNotFoundError:
            continue
    return False


def _walk(directory: Path, above: str, depth: int) -> Iterator[tuple[str, Path]]:
    """Yield the folders below a directory, in the order of their names on the disk."""
    try:
        with os.scandir(directory) as entries:
            found = sorted((entry.name, entry.is_symlink()) for entry in entries if entry.is_dir())
    except PermissionError:
        if depth == 1:
            raise
        return  # not the user's own, and so no folder of his mail
    for raw, is_link in found:
        path = directory / raw
        is_mail = is_folder(path)
        if raw in _PARTS or (raw.startswith(".") and not is_mail):
            # A hidden directory that is no folder is some program's own: .notmuch, .git
            continue
        # A leading dot is Maildir++ (and mbsync's "Legacy"), where dots part the levels.
        named = raw[1:].replace(".", "/") if raw.startswith(".") else raw
        name = f"{above}{decode_name(named)}"
        if is_mail:
            yield name, path
        if depth < _DEEPEST and not is_link:  # a link may lead back up
            yield from _walk(path, f"{name}/", depth + 1)


def _place_of(root: Path, name: str) -> Path:
    if name.upper() == INBOX:
        return _child_inbox(root) or root
    levels = name.split("/")
    if any(level in {"", ".", ".."} or not level.isprintable() for level in levels):
        raise InputError(f"{name!r} cannot be the name of a folder; write plain words")
    if _child_inbox(root) is not None and not _holds_mail(root):
        return root / encode_name(name)
    if any("." in level for level in levels):
        raise InputError(f"{name!r} cannot be the name of a folder in a Maildir: it has a dot")
    return root / f".{encode_name(name).replace('/', '.')}"


def _loosely(name: str) -> str:
    # NFC: a Mac may have made the folder, with its accents apart.
    return unicodedata.normalize("NFC", name).replace(".", "/").casefold()


def _unshift(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    padded = match[1].replace(",", "/") + "=" * (-len(match[1]) % 4)
    return base64.b64decode(padded, validate=True).decode("utf-16-be")


def _shift(match: re.Match[str]) -> str:
    if match[0] == "&":
        return "&-"
    encoded = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii")
    return f"&{encoded.rstrip('=').replace('/', ',')}-"
