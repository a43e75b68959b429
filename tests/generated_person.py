"""Somebody who looks for work, drawn from a seed: what they apply for, and what becomes of it."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from inboxbot.core.types import Label, Stage, StatedReason
from tests.generated_words import TITLES, employer_name

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TALKS = (Stage.SCREENING, Stage.INTERVIEW, Stage.FINAL)
SYSTEMS = ("Greenhouse", "Workday", "Lever", "Personio", "")
_REASONS = {  # about as often as real rejections state them
    StatedReason.OTHER_CANDIDATE: 50, StatedReason.MORE_QUALIFIED: 22, StatedReason.FILLED: 8,
    StatedReason.CANCELLED: 4, StatedReason.PAUSED: 3, StatedReason.FIT: 4,
    StatedReason.EXPERIENCE: 3, StatedReason.SKILLS: 3, StatedReason.VISA_OR_LOCATION: 2,
    StatedReason.VOLUME: 1,
}  # fmt: skip
_PASSES = 0.45  # of the talks, each
_KNOWN_HOUSE = 0.12  # applications to an employer that was applied to before
_SAME_FATE = 0.6  # of those, as the one before


@dataclass(frozen=True, slots=True)
class Effect:
    """One trait that has to do with what becomes of an application.

    `of` and `group` name it ("level", "senior": senior and above); `rate` is how many of the
    group's decided applications end before a talk, `usual` how many of the others. With `of` =
    "reason" it is how
    many of the noes that give a reason give this one; with "screening", how many first calls
    lead no further.
    """

    of: str
    group: str
    rate: float
    usual: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application with all its traits, and when each step came."""

    number: int
    employer: str
    title: str
    language: str
    level: str
    family: str
    source: str  # board, referral, direct or recruiter
    system: str  # the tracking system; "" for the employer's own mail
    applied: datetime
    steps: tuple[tuple[Label, Stage, datetime], ...]
    reason: StatedReason
    ended_early: bool | None  # None: nobody has answered

    @property
    def domain(self) -> str:
        return f"{self.employer.lower().replace(' ', '')}.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """An employer, and what came of the last application there."""

    name: str
    system: str
    ended_early: bool | None = None


class Person:
    """Somebody who looks for work: what they apply for, and how lucky they are."""

    def __init__(self, seed: int, effect: Effect | None, start: datetime, end: datetime) -> None:
        self.rng = random.Random(seed)
        self.effect = effect
        self.usual = effect.usual if effect else self.rng.uniform(0.35, 0.8)
        self.half = start + (end - start) * self.rng.uniform(0.3, 0.7)
        self.answered = self.rng.uniform(0.6, 0.85)
        self.habits = [self._habits(), self._habits()]
        self.families = self.rng.sample(sorted(TITLES), 3)
        if effect is not None and effect.of == "family":
            self.families[1] = effect.group
        self.houses: dict[str, _House] = {}

    def _habits(self) -> dict[str, list[float]]:
        weights = {"level": (4, 1, 3, 1), "family": (5, 2, 1), "source": (6, 1, 4, 2),
                   "system": (3, 2, 2, 1, 4)}  # fmt: skip
        return {
            name: [weight * self.rng.uniform(0.3, 1.7) for weight in row]
            for name, row in weights.items()
        }

    def application(self, number: int, applied: datetime) -> Application:
        rng, habits = self.rng, self.habits[applied >= self.half]
        language = "de" if rng.random() < 0.3 else "en"
        level = rng.choices(("", "junior", "senior", "lead"), habits["level"])[0]
        family = rng.choices(self.families, habits["family"])[0]
        house = self._house(number, habits)
        traits: dict[str, Any] = {
            "number": number, "employer": house.name, "language": language,
            "level": level, "family": family, "applied": applied,
            "title": f"{_marked(level, language, rng)}{rng.choice(TITLES[family][language])}",
            "source": rng.choices(("board", "referral", "direct", "recruiter"),
                                  habits["source"])[0],
            "system": house.system,
        }  # fmt: skip
        application = Application(**traits, **self._fate(traits, house))
        self.houses[house.name] = replace(house, ended_early=application.ended_early)
        return application

    def _house(self, number: int, habits: Mapping[str, list[float]]) -> _House:
        if self.houses and self.rng.random() < _KNOWN_HOUSE:
            return self.rng.choice(list(self.houses.values()))
        system = self.rng.choices(SYSTEMS, habits["system"])[0]
        return _House(name=employer_name(number, self.rng), system=system)

    def _fate(self, traits: dict[str, Any], house: _House) -> dict[str, Any]:
        """Draw what becomes of an application: each step with its day, and the reason given."""
        rng, applied = self.rng, traits["applied"]
        fast = rng.random() < 0.2
        days = rng.uniform(0.05, 1.9) if fast else 2.1 + rng.lognormvariate(1.8, 0.6)
        test = rng.random() < 0.15
        told = {**traits, "speed": "fast" if fast else "", "assessment": "test" if test else ""}
        steps = [(Label.ACKNOWLEDGEMENT, Stage.APPLICATION, applied + HOUR * rng.random() / 3)]
        if test:
            steps.append((Label.ASSESSMENT, Stage.ASSESSMENT, applied + days * DAY * 0.5))
        ends: bool | None = rng.random() < self._rate(told)
        if house.ended_early is not None and rng.random() < _SAME_FATE:
            ends = house.ended_early
        if rng.random() > self.answered:
            ends = None
        elif ends:
            reached = Stage.ASSESSMENT if test else Stage.APPLICATION
            steps.append((Label.REJECTION, reached, applied + days * DAY))
        else:
            steps.extend(self._talks(applied + days * DAY))
        return {"steps": tuple(steps), "reason": self._reason(), "ended_early": ends}

    def _rate(self, traits: dict[str, Any]) -> float:
        effect = self.effect
        if effect is None or effect.of not in traits:
            return self.usual
        trait = traits[effect.of].replace("lead", "senior")
        return effect.rate if trait == effect.group else self.usual

    def _talks(self, moment: datetime) -> Iterator[tuple[Label, Stage, datetime]]:
        rng = self.rng
        for stage in TALKS:
            yield Label.INTERVIEW, stage, moment
            moment += rng.uniform(4, 14) * DAY
            first = stage is Stage.SCREENING and self.effect and self.effect.of == "screening"
            fails = self.effect.rate if first and self.effect else 1 - _PASSES
            if rng.random() < fails:
                if rng.random() < 0.85:
                    yield Label.REJECTION, stage, moment
                return
        yield Label.OFFER, Stage.FINAL, moment

    def _reason(self) -> StatedReason:
        rng, effect = self.rng, self.effect
        if rng.random() < 0.5:
            return StatedReason.NONE
        if effect is not None and effect.of == "reason" and rng.random() < effect.rate:
            return StatedReason(effect.group)
        return rng.choices(tuple(_REASONS), tuple(_REASONS.values()))[0]


def _marked(level: str, language: str, rng: random.Random) -> str:
    words = {"junior": ("Junior ",), "senior": ("Senior ", "Sr. "), "lead": ("Lead ", "Principal ")}
    return "" if not level else "Senior " if language == "de" and level == "senior" else rng.choice(
        words[level]
    )  # fmt: skip
