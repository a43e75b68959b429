"""Tell systemd how the daemon is (sd_notify(3)); anywhere else, nothing is told.

A datagram to a socket on this machine that the service manager names, and nothing else.
"""

import contextlib
import os
import socket


def notify(*lines: str) -> None:
    """Tell the service manager: "READY=1", "STATUS=…"; one that is gone is not waited for."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    # "@" is the abstract namespace: its names begin with a zero byte (unix(7)).
    address = f"\0{path[1:]}" if path.startswith("@") else path
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager,
    ):
        manager.connect(address)
        manager.sendall("\n".join(lines).encode())


def watchdog_seconds() -> float | None:
    """Return how often a sign of life is due, None where nobody waits for one.

    Half the time after which the manager takes this process for stuck (sd_watchdog_enabled(3)).
    """
    told = os.environ.get("WATCHDOG_USEC", "")
    meant = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(told) / 2_000_000 if meant and told.isdecimal() and int(told) else None
