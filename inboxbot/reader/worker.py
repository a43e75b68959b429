"""The child process: frames of mail on stdin → frames of readings on stdout.

Run as `python -I -m inboxbot.reader.worker [FILE.py function]`. The arguments are the seam for
tests of what a reader that crashes, loops or eats memory does; without them, mail is read.
"""

import runpy
import sys
from collections.abc import Callable

import msgspec

from inboxbot.classify.model import Model
from inboxbot.core.facts import read_facts
from inboxbot.core.guards import Senders
from inboxbot.core.parse import parse
from inboxbot.core.types import RawMail, Reading, Unreadable
from inboxbot.reader.limits import confine, read_frame, write_frame
from inboxbot.resources import MODELS
from inboxbot.senders import load_senders

Read = Callable[[RawMail], Reading | Unreadable]


def read_mail(raw: RawMail, model: Model, senders: Senders) -> Reading:
    """Parse a mail, judge it, and read its facts."""
    message = parse(raw)
    verdict = model.judge(message)
    return Reading(
        message=message,
        verdict=verdict,
        facts=read_facts(message, verdict, senders),
        folder=raw.folder,
        locator=raw.locator,
    )


def reads_mail() -> Read:
    """Load the model and the table of senders, and return what reads with them."""
    model, senders = Model.load(MODELS / "rejection.model"), load_senders()
    return lambda raw: read_mail(raw, model, senders)


def _serve(read: Read) -> None:
    decoder = msgspec.json.Decoder(RawMail)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    write_frame(stdout, b"")  # ready
    while (frame := read_frame(stdin)) is not None:
        raw = decoder.decode(frame)
        try:
            answer: Reading | Unreadable = read(raw)
        except MemoryError:  # the next child starts with a clean heap, and tries again
            raise
        except Exception as error:  # noqa: BLE001  (one bad mail is a value, whatever it breaks)
            answer = Unreadable(locator=raw.locator, error=f"{type(error).__name__} while reading")
        kind = b"R" if isinstance(answer, Reading) else b"U"
        write_frame(stdout, kind + msgspec.json.encode(answer))


def main(arguments: list[str]) -> None:
    """Confine this process and serve until stdin ends."""
    confine()
    if arguments:
        file, name = arguments
        _serve(runpy.run_path(file)[name])
    else:
        _serve(reads_mail())


if __name__ == "__main__":
    main(sys.argv[1:])
