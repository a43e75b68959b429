"""Waiting for new mail: IDLE begun anew in time, and sleep, silence and hanging up survived."""

import time

import pytest

from inboxbot.errors import MailboxError
from inboxbot.mailbox.imap import watch_imap
from tests.mailbox.imap_stand_in import QUICK, StandIn, capability

IDLING = b"+ idling\r\n"


class FakeClock:
    """A clock that a test sets; each look at it takes `tick` seconds."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now = 1000.0
        self.tick = tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


def watching(server: StandIn, **clocks: FakeClock):
    return watch_imap(server.account(), limits=QUICK, **clocks)


@pytest.mark.parametrize("news", [b"* 4 EXISTS\r\n", b"* 1 RECENT\r\n"])
@pytest.mark.parametrize("place", ["before", "behind"])
def test_new_mail_ends_the_wait(news, place):
    said = news + IDLING if place == "before" else IDLING + news
    with StandIn({"IDLE": said}) as server, watching(server) as watcher:
        assert watcher.wait(5)
        assert not watcher.wait(0.1)


@pytest.mark.parametrize(
    "noise", [b"* OK Still here\r\n", b"* 3 EXPUNGE\r\n", b"* 2 FETCH (FLAGS (\\Seen))\r\n", b""]
)
def test_what_is_not_new_mail_does_not_end_the_wait(noise):
    with StandIn({"IDLE": IDLING + noise}) as server, watching(server) as watcher:
        assert not watcher.wait(0.2)


def test_the_server_goes_on_telling_between_two_waits():
    def tell(_command: bytes):
        yield IDLING
        time.sleep(0.2)
        yield b"* 4 EXISTS\r\n"

    with StandIn({"IDLE": tell}) as server, watching(server) as watcher:
        assert not watcher.wait(0.05)
        time.sleep(0.3)
        assert watcher.wait(5)
    assert len(server.said("IDLE")) == 1


def test_the_inbox_is_examined_and_nothing_else_is_asked():
    with StandIn() as server, watching(server) as watcher:
        watcher.wait(0.05)
    verbs = [command.split()[1] for command in server.heard if b" " in command]
    assert verbs[3:5] == [b"EXAMINE", b"IDLE"]
    assert not server.said("SELECT")


def test_idle_begins_anew_within_ten_minutes():
    clock = FakeClock(tick=0.001)
    with StandIn() as server, watching(server, monotonic=clock, wall=clock) as watcher:
        begun = []
        for _ in range(24):
            clock.now += 60
            assert not watcher.wait(0.001)
            begun.append(len(server.said("IDLE")))
    assert begun == [1] * 9 + [2] * 9 + [3] * 6
    assert server.raw.count(b"DONE\r\n") == 3  # the last one before LOGOUT


def test_a_suspend_ends_the_wait_since_mail_may_have_come():
    wall = FakeClock()
    with StandIn() as server, watching(server, monotonic=FakeClock(), wall=wall) as watcher:
        wall.now += 3600
        assert watcher.wait(5)
        # And it is told once.
        assert watcher._was_suspended() is False


def test_a_clock_set_by_a_second_is_no_suspend():
    wall = FakeClock()
    with StandIn() as server, watching(server, wall=wall, monotonic=FakeClock(0.05)) as watcher:
        wall.now += 1
        assert not watcher.wait(0.2)


def test_a_connection_that_ends_after_a_while_is_opened_anew_and_mail_may_have_come():
    monotonic, wall = FakeClock(), FakeClock()

    def hang_up(_command: bytes):
        yield IDLING
        raise OSError

    with (
        StandIn({"IDLE": hang_up}) as server,
        watching(server, monotonic=monotonic, wall=wall) as watcher,
    ):
        for clock in (monotonic, wall):
            clock.now += 31
        assert watcher.wait(5)
    assert server.connections == 2


@pytest.mark.parametrize("said", [b"* BYE Autologout\r\n", None])
def test_a_connection_that_ends_at_once_is_an_error(said):
    def hang_up(_command: bytes):
        yield IDLING
        if said is None:
            raise OSError
        yield said

    with (
        StandIn({"IDLE": hang_up}) as server,
        watching(server) as watcher,
        pytest.raises(MailboxError),
    ):
        watcher.wait(5)
    assert server.connections == 1


def test_a_server_that_cannot_tell_is_said_to_be_one():
    with (
        StandIn({"CAPABILITY": capability(b"IMAP4rev1")}) as server,
        pytest.raises(MailboxError, match="no IDLE"),
        watching(server),
    ):
        pass


def test_a_server_that_refuses_to_tell_is_an_error():
    with (
        StandIn({"IDLE": b"TAG NO not here\r\n"}) as server,
        watching(server) as watcher,
        pytest.raises(MailboxError, match="not here"),
    ):
        watcher.wait(1)


def test_half_a_line_is_not_lost_between_two_waits():
    def tell(_command: bytes):
        yield IDLING + b"* 4 EXI"
        time.sleep(0.3)
        yield b"STS\r\n"

    with StandIn({"IDLE": tell}) as server, watching(server) as watcher:
        assert not watcher.wait(0.1)
        assert watcher.wait(5)
