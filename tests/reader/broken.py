"""Readers that misbehave, for the child process to run in place of the real one."""

import os
import threading
import time

from inboxbot.core.correction import Lessons, Personal
from inboxbot.core.types import Facts, Key, Label, Message, RawMail, Reading, Verdict

_hoard: list[bytearray] = []


def misbehave(raw: RawMail) -> Reading:  # noqa: C901  (one case a misdeed)
    """Do what the mail says."""
    match raw.data:
        case b"crash":
            os._exit(3)
        case b"raise":
            raise ValueError("canary of the mail's text")
        case b"loop":
            while True:
                pass
        case b"last":
            _die_soon()
        case b"sleep":
            time.sleep(60)
        case b"eat":
            while True:
                _hoard.append(bytearray(64 << 20))
        case b"babble":
            os.write(1, b"\xff" * 1000)
        case b"environment":
            return _reading(" ".join(f"{name}={value}" for name, value in os.environ.items()))
    return _reading(raw.data.decode())


def mislearn(lessons: Lessons) -> Personal:
    """Do what the first lesson says."""
    match lessons.mails[0].message.text:
        case "crash":
            os._exit(3)
        case "raise":
            raise ValueError("canary of the mail's text")
        case "loop":
            while True:
                pass
        case "eat":
            while True:
                _hoard.append(bytearray(64 << 20))
        case "babble":
            os.write(1, b"\xff" * 1000)
    return Personal(model="broken")


def _die_soon() -> None:
    threading.Timer(0.05, os._exit, [3]).start()


def _reading(subject: str) -> Reading:
    verdict = Verdict(label=Label.NOT_JOB, probability=0, probabilities={})
    message = Message(key=Key("k"), subject=subject)
    return Reading(message=message, verdict=verdict, facts=Facts())
