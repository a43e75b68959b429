"""The time; a replay has another clock, which it hands down."""

from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)
