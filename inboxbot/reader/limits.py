"""What the reader process may use, and the frames on its pipes."""

import contextlib
import os
import struct
from typing import IO

MEMORY = 1 << 30  # bytes of address space: the interpreter, numpy and the model take a third of it
CPU_SECONDS = 600  # of the process's whole life; it is started anew when they are used up
MAIL_SECONDS = 5.0  # by the clock, for one mail
LEARN_SECONDS = 120.0  # by the clock, to fit a personal correction; it takes five
START_SECONDS = 30.0  # by the clock, until the model is loaded
LARGEST_FRAME = 64 << 20  # bytes

# The first byte of a frame says what it holds. Asked of the child:
MAIL = b"M"  # a RawMail, to be read
LESSONS = b"L"  # Lessons, to learn from
PERSONAL = b"P"  # a Personal, to apply from now on; and what was learned
# Answered:
READING = b"R"
UNREADABLE = b"U"

_LENGTH = struct.Struct(">I")


def confine() -> None:
    """Bound this process for good: memory, CPU time, no core dump; as far as the system can."""
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource  # noqa: PLC0415

        for kind, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, CPU_SECONDS),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(kind)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (bound, bound))


def environment() -> dict[str, str]:
    """Return the few variables that the reader process gets: no password can be among them."""
    names = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TZ")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    # One thread: numpy's own pool would take address space for nothing.
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def write_frame(pipe: IO[bytes], data: bytes) -> None:
    """Write one frame: four bytes of length, most significant first, and the data."""
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """Read one frame; None at the end. Raise `ValueError` for one that is larger than allowed."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LARGEST_FRAME:
        raise ValueError(length)
    data = pipe.read(length)
    return data if len(data) == length else None
