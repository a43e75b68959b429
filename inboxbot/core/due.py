"""When a draft may be written: delay, daily cap and quiet hours → a moment, or now. Pure."""

from datetime import UTC, datetime, timedelta, tzinfo

from inboxbot.core.policy import Policy, QuietHours


def not_before_of(
    received: datetime, policy: Policy, now: datetime, zone: tzinfo, *, capped: bool
) -> datetime | None:
    """Return the first moment at which a draft may be written, None for now."""
    earliest = max(now, received + policy.delay)
    if capped:
        earliest = max(earliest, _tomorrow(now, zone))
    if policy.quiet_hours is not None:
        earliest = _after(policy.quiet_hours, earliest, zone)
    return earliest if earliest > now else None


def _after(quiet: QuietHours, moment: datetime, zone: tzinfo) -> datetime:
    """Return the end of the quiet hours that hold a moment, else the moment."""
    local = moment.astimezone(zone)
    if not quiet.hold(local.time()):
        return moment
    end = local.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
    end += timedelta(days=1) if local.time() >= quiet.end else timedelta(0)
    return end.astimezone(UTC)


def _tomorrow(now: datetime, zone: tzinfo) -> datetime:
    local = now.astimezone(zone) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
