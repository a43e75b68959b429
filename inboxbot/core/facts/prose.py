"""Message → the prose that facts are read from: subject, lines, sentences; all of it bounded."""

# ruff: noqa: RUF001  (dashes, quotation marks and letters of other languages are meant)

from dataclasses import dataclass

from inboxbot.core.history import bare_subject
from inboxbot.core.language import language_of
from inboxbot.core.text import for_header, lines, sentences
from inboxbot.core.types import Message

# No letter of refusal is longer: what lies beyond is footers, and hostile mail costs no more.
_LONGEST_TEXT = 12_000

STRAIGHT = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Prose:
    """The sender's own words, without invisible characters and with straight apostrophes."""

    subject: str
    lines: tuple[str, ...]  # as they stand in the mail; "" for a blank one
    sentences: tuple[str, ...]  # each on one line
    language: str | None  # BCP 47

    @property
    def text(self) -> str:
        """Return the text with one sentence on each line."""
        return "\n".join(self.sentences)


def prose_of(message: Message) -> Prose:
    """Return what the sender of this mail wrote himself."""
    # Templates escape a name twice: "Taylor &amp; Francis".
    text = lines(message.text, _LONGEST_TEXT).translate(STRAIGHT).replace("&amp;", "&")
    return Prose(
        subject=bare_subject(for_header(message.subject).translate(STRAIGHT)),
        lines=tuple(" ".join(line.split()) for line in text.split("\n")),
        sentences=tuple(" ".join(sentence.split()) for sentence in sentences(text)),
        language=language_of(text, message.subject),
    )
