"""The child process: frames of mail on stdin → frames of readings on stdout.

A frame is a letter, see `reader.limits`, and a JSON value: a mail to be read, corrections to learn
from, or the personal correction that applies from then on.

Run as `python -I -m inboxbot.reader.worker [FILE.py read [learn]]`. The arguments are the seam for
tests of what a reader that crashes, loops or eats memory does; without them, mail is read.
"""

import runpy
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from inboxbot.classify.model import Model
from inboxbot.classify.personal import Kept, fit
from inboxbot.classify.shift import Shift
from inboxbot.core.correction import Lessons, Personal
from inboxbot.core.facts import read_facts
from inboxbot.core.guards import Senders
from inboxbot.core.parse import parse
from inboxbot.core.types import Locator, RawMail, Reading, Unreadable
from inboxbot.reader.limits import (
    LESSONS,
    MAIL,
    PERSONAL,
    READING,
    UNREADABLE,
    confine,
    read_frame,
    write_frame,
)
from inboxbot.resources import MODELS
from inboxbot.senders import load_senders

_ASKED = {MAIL: RawMail, LESSONS: Lessons, PERSONAL: Personal}
_ANSWERED = {Reading: READING, Personal: PERSONAL, Unreadable: UNREADABLE}

Work = Mapping[bytes, Callable[[Any], Reading | Personal | Unreadable]]


def read_mail(raw: RawMail, model: Model, senders: Senders, shift: Shift | None = None) -> Reading:
    """Parse a mail, judge it, and read its facts."""
    message = parse(raw)
    verdict = model.judge(message, shift)
    return Reading(
        message=message,
        verdict=verdict,
        facts=read_facts(message, verdict, senders),
        folder=raw.folder,
        locator=raw.locator,
    )


@dataclass(slots=True)
class _Clerk:
    """Reads and learns with one model, under the personal correction that applies."""

    model: Model
    senders: Senders
    shift: Shift | None = None

    def read(self, raw: RawMail) -> Reading:
        """Return the reading of a mail."""
        return read_mail(raw, self.model, self.senders, self.shift)

    def learn(self, lessons: Lessons) -> Personal:
        """Return the personal correction, held and checked by the shipped mails."""
        return fit(self.model, lessons, Kept.load(self.model))

    def apply(self, personal: Personal) -> Personal:
        """Judge under this correction from now on; one of another model is no correction."""
        self.shift = self.model.shift(personal)
        return personal


def _own_work() -> Work:
    """Load the model and the table of senders, and return what is done with them."""
    clerk = _Clerk(Model.load(MODELS / "rejection.model"), load_senders())
    return {MAIL: clerk.read, LESSONS: clerk.learn, PERSONAL: clerk.apply}


def _serve(work: Work) -> None:
    decoders: dict[bytes, msgspec.json.Decoder[Any]] = {
        kind: msgspec.json.Decoder(asked) for kind, asked in _ASKED.items()
    }
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    write_frame(stdout, b"")  # ready
    while (frame := read_frame(stdin)) is not None:
        kind = frame[:1]
        asked = decoders[kind].decode(frame[1:])
        try:
            answer = work[kind](asked)
        except MemoryError:  # the next child starts with a clean heap, and tries again
            raise
        except Exception as error:  # noqa: BLE001  (one bad mail is a value, whatever it breaks)
            locator = asked.locator if isinstance(asked, RawMail) else Locator("")
            answer = Unreadable(locator=locator, error=f"{type(error).__name__} while reading")
        write_frame(stdout, _ANSWERED[type(answer)] + msgspec.json.encode(answer))


def main(arguments: list[str]) -> None:
    """Confine this process and serve until stdin ends."""
    confine()
    if arguments:
        file, *names = arguments
        found = runpy.run_path(file)
        _serve({kind: found[name] for kind, name in zip((MAIL, LESSONS), names, strict=False)})
    else:
        _serve(_own_work())


if __name__ == "__main__":
    main(sys.argv[1:])
