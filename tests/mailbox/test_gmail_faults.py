"""Whatever Gmail answers, or does not: nothing is lost, nothing doubled, and no restart (goal G12).

Each script is a story of three days (gmail_story.py) in which something goes wrong at one call or
for a while; it must end as the story ends where nothing does.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from inboxbot.errors import TokenDead
from tests.daemon.world import Crash
from tests.mailbox.gmail_story import ANN, JO, Ending, Story, story
from tests.servers.gmail.faults import (
    Fault,
    Garbled,
    Meanwhile,
    Refuse,
    RepeatRecords,
    Silent,
    daily_limit,
    rate_limited,
    server_error,
    too_many_requests,
    unauthenticated,
)
from tests.servers.gmail.oauth import refusal

MODES: tuple[dict[str, Any], ...] = (
    {"message_ids": "kept"},
    {"message_ids": "rewritten"},
    {"message_ids": "rewritten when sent"},
)
CALLS = {  # how often the story makes each, at least
    "getProfile": 15, "labels.list": 25, "messages.list": 40, "history.list": 6, "batch": 30,
    "messages.get": 20, "drafts.list": 8, "drafts.get": 15, "drafts.create": 3,
    "messages.insert": 1, "messages.trash": 1,
}  # fmt: skip
ONCE: dict[str, Fault] = {
    "429": too_many_requests(),
    "429 with Retry-After": too_many_requests(retry_after_seconds=30),
    "403 rateLimitExceeded": rate_limited(),
    "403 userRateLimitExceeded": rate_limited("userRateLimitExceeded"),
    "403 dailyLimitExceeded": daily_limit(),
    "401": unauthenticated(),
    "500": server_error(500),
    "502": server_error(502),
    "503": server_error(503),
    "closed before the effect": Silent(after_effect=False),
    "closed after the effect": Silent(after_effect=True),
    "reset before the effect": Silent(after_effect=False, how="reset"),
    "reset after the effect": Silent(after_effect=True, how="reset"),
    "timeout before the effect": Silent(after_effect=False, how="hang"),
    "timeout after the effect": Silent(after_effect=True, how="hang"),
    "truncated JSON": Garbled("truncated"),
    "an empty answer": Garbled("empty"),
    "an answer cut short": Garbled("cut short"),
}
INVALID_GRANT = Refuse(refusal("invalid_grant", "Token has been expired or revoked."))


@dataclass(frozen=True)
class Script:
    """What goes wrong in one run, in words and as an act before it begins."""

    name: str
    direct: Callable[[Story], object]
    mode: int = 0

    def __str__(self) -> str:
        return f"{self.name}, {MODES[self.mode]['message_ids']}"


def scripts() -> list[Script]:
    """Return all of them: each kind of fault at each call, outages, and what else may happen."""
    chance = random.Random(5)
    found = [*_at_one_call(chance), *_outages(chance), *_of_tokens(), *_of_history()]
    return [replace(script, mode=number % len(MODES)) for number, script in enumerate(found)]


def _at_one_call(chance: random.Random) -> Iterator[Script]:
    for name, fault in ONCE.items():
        for call, times in CALLS.items():
            yield _struck(name, fault, call, skip=chance.randrange(times))


def _outages(chance: random.Random) -> Iterator[Script]:
    """Yield what lasts for longer than the patience of a poll, once behind a lost answer."""
    for call in ("*", "batch", "messages.list", "history.list", "drafts.list", "messages.get"):
        for name in ("503", "429", "closed after the effect"):
            skip = chance.randrange(CALLS.get(call, 60))
            yield _struck(f"{name}, for a while,", ONCE[name], call, skip=skip, times=24)
    for name in ("503", "429", "closed before the effect"):
        yield _struck(f"{name}, for a while,", ONCE[name], "drafts.create", skip=1, times=12)
    for call in ("drafts.create", "messages.insert", "messages.trash"):
        for name in ("closed after the effect", "timeout after the effect", "an empty answer"):
            yield _lost_and_then_out(name, ONCE[name], call)


def _of_tokens() -> Iterator[Script]:
    for skip in range(4):
        yield _struck("invalid_grant", INVALID_GRANT, "token", skip=skip, times=2)
        yield _struck("no token", server_error(503), "token", skip=skip)
    for day in (1, 2, 3, 4):
        yield _between("the token ends", day, lambda play: play.gmail.oauth.expire())


def _of_history() -> Iterator[Script]:
    for times in (2, 5):
        for skip in range(3):
            name = "duplicate history"
            yield _struck(name, RepeatRecords(times=times), "history.list", skip=skip)
    for day in (2, 3, 4):
        yield _between("history 404", day, lambda play: play.gmail.history.forget())
    for call in ("messages.list", "batch", "drafts.create", "getProfile"):
        act = lambda play: play.gmail.history.forget()  # noqa: E731
        yield Script(f"history 404 in the middle, at {call}", _meanwhile(act, call))


def _struck(name: str, fault: Fault, call: str, *, skip: int, times: int = 1) -> Script:
    def direct(play: Story) -> None:
        play.gmail.faults.add(fault, on=call, skip=skip, times=times)

    return Script(f"{name} at {call} after {skip}", direct)


def _lost_and_then_out(name: str, fault: Fault, call: str) -> Script:
    """Lose the answer to a write, and everything that is asked to find out about it."""

    def direct(play: Story) -> None:
        def strike() -> None:
            play.gmail.faults.add(server_error(503), times=12)

        play.gmail.faults.add(fault, on=call)
        play.gmail.faults.add(Meanwhile(act=strike), on="history.list", skip=_until(play, call))

    return Script(f"{name} at {call}, then an outage", direct)


def _until(play: Story, call: str) -> int:
    """Return how many looks at history an undisturbed story makes before a write."""
    return {"drafts.create": 0, "messages.trash": 6, "messages.insert": 9}[call]


def _between(name: str, day: int, act: Callable[[Story], object]) -> Script:
    def direct(play: Story) -> None:
        play.between[day] = lambda: act(play)

    return Script(f"{name} before day {day}", direct)


def _meanwhile(act: Callable[[Story], object], call: str) -> Callable[[Story], None]:
    def direct(play: Story) -> None:
        play.gmail.faults.add(Meanwhile(act=lambda: act(play)), on=call, skip=2)

    return direct


@cache
def undisturbed() -> Ending:
    """Return how the story ends where nothing goes wrong."""
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, story(Path(folder) / "state") as play:
        ending = play.play()
        assert play.gmail.quota.refused == 0
        assert not play.failures
    return ending


def check(script: Script, folder: Path) -> None:
    with story(folder / "state", **MODES[script.mode]) as play:
        script.direct(play)
        ending = play.play()
        assert play.gmail.faults.waiting == 0, "it has not struck"
        assert ending == undisturbed()
        assert play.gmail.quota.refused == 0, "the budget is kept on our side"
        assert play.gmail.forbidden == []


def test_the_story_ends_well_where_nothing_goes_wrong():
    ending = undisturbed()
    assert sorted(ending.letters) == [
        (ANN, "DRAFT TRASH"),
        (ANN, "SENT"),
        ("jo@harbourmaps.example", "SENT"),
        ("lee@tidewater.example", "DRAFT"),
    ]
    assert set(ending.letters.values()) == {1}
    assert (ending.summaries, ending.waiting) == (1, 0)
    assert ending.events["draft_saved"] == 3
    assert ending.events["feedback_received"] == 1
    assert ending.events["withdrawn"] == 1


@pytest.mark.goal("G12")
def test_a_few_of_the_faults_every_day(tmp_path: Path):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    for number, script in enumerate(random.Random(seed).sample(scripts(), 3)):
        print(script)
        check(script, tmp_path / str(number))


@pytest.mark.slow
@pytest.mark.goal("G12")
@pytest.mark.parametrize("part", range(10))
def test_after_any_fault_nothing_is_lost_or_doubled(tmp_path: Path, share, part: int):
    every = scripts()
    assert len(every) >= 200
    for number, script in list(enumerate(every))[part :: share(40, 10)]:
        print(script)
        check(script, tmp_path / str(number))


class Dying:
    """A seam that lets the process die at its n-th call."""

    def __init__(self, number: int = 0) -> None:
        self.number, self.calls = number, 0

    def __call__(self, _: str) -> None:
        self.calls += 1
        if self.calls == self.number:
            raise Crash


@pytest.mark.goal("G1")
@pytest.mark.parametrize(
    "mode", [*MODES[:2], {"message_ids": "rewritten", "keeps_former_ids": False}], ids=repr
)
def test_wherever_the_process_dies_no_draft_at_gmail_is_lost_or_doubled(
    tmp_path: Path, share, mode: dict[str, Any]
):
    with story(tmp_path / "whole", **mode) as play:
        play.begin()
        seam = Dying()
        play.world.poll(seam)
        assert len(play.gmail.box.drafts) == 2
    assert seam.calls > 60
    step = share(45, 1)
    for point in range(random.randrange(1, step + 1), seam.calls + 1, step):
        with story(tmp_path / str(point), **mode) as play:
            play.begin()
            with pytest.raises(Crash):
                play.world.poll(Dying(point))
            for _ in range(2):
                play.world.poll()
            assert len({play.draft_to(address) for address in (JO, ANN)}) == 2, f"at {point}"
            assert len(play.gmail.box.drafts) == 2, f"died at point {point}"


@pytest.mark.goal("G12")
@pytest.mark.parametrize(
    ("call", "after_effect"),
    [("drafts.list", True), ("drafts.get", False), ("messages.trash", False)],
)
def test_a_draft_that_the_user_deletes_during_a_poll_is_never_written_again(
    tmp_path: Path, call: str, after_effect: bool
):
    with story(tmp_path / "state") as play:

        def strike() -> None:
            draft = play.draft_to(ANN)
            gone = Meanwhile(act=lambda: play.gmail.as_user.delete_draft(draft),
                             after_effect=after_effect)  # fmt: skip
            play.gmail.faults.add(gone, on=call)

        play.between[3] = strike
        ending = play.play()
        assert play.gmail.faults.waiting == 0
    assert ending.letters[ANN, "DRAFT"] == 0
    assert ending.letters[ANN, "DRAFT TRASH"] == 0
    assert ending.events["draft_saved"] == 3
    assert ending.waiting == 0


@pytest.mark.goal("G12")
def test_a_permission_that_has_ended_stops_the_account_until_it_is_given_anew(tmp_path: Path):
    with story(tmp_path / "state") as play:
        kept = set(play.gmail.oauth.refresh_tokens)
        play.between[2] = play.gmail.oauth.revoke
        polled = play.poll_until_done

        def renewing() -> None:
            try:
                polled()
            except TokenDead:
                play.gmail.oauth.refresh_tokens |= kept
                polled()

        play.poll_until_done = renewing  # type: ignore[method-assign]
        assert play.play() == undisturbed()
        assert {type(error) for error in play.failures} == {TokenDead}
