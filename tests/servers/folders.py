"""The names of the special-use folders (RFC 6154), in English or as a provider localises them."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """What a mailbox calls its Drafts, Sent, Trash, Junk and Archive."""

    drafts: str = "Drafts"
    sent: str = "Sent"
    trash: str = "Trash"
    junk: str = "Junk"
    archive: str = "Archive"

    def by_special_use(self) -> Iterator[tuple[str, str]]:
        r"""Yield each folder's attribute, such as ``\Drafts``, with its name."""
        attributes = (r"\Drafts", r"\Sent", r"\Trash", r"\Junk", r"\Archive")
        yield from zip(attributes, astuple(self), strict=True)


ENGLISH = Folders()
GERMAN = Folders(
    drafts="Entwürfe", sent="Gesendet", trash="Papierkorb", junk="Spam", archive="Archiv"
)
