"""What the user has corrected teaches about mail of the same kind, and hardly about any other.

tests/data/families.jsonl holds 24 writers with five mails each that the shipped model is often
wrong about: noes to something else than an application, and noes to one in unusual words or in a
machine's.
"""

import itertools
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Self

import numpy as np
import pytest

from inboxbot.classify import rows as files
from inboxbot.classify.model import Model
from inboxbot.classify.personal import Kept, Lines, Mails, fit
from inboxbot.classify.rows import Row
from inboxbot.classify.shift import BOUND, SLACK, Shift, shifted
from inboxbot.core.correction import Lesson, Lessons, Personal, Said
from inboxbot.core.types import Key, Label, Message
from inboxbot.resources import MODELS, ROOT
from tests.classify.check_set import CORPUS, DATA

FAMILIES = files.read([DATA / "families.jsonl"])
OF_A_KIND = ("gara", "portal", "stelle", "agencja")


@cache
def shipped() -> Model:
    return Model.load(MODELS / "rejection.model")


@cache
def kept() -> Kept:
    return Kept.load(shipped())


def family(name: str) -> list[Row]:
    return [row for row in FAMILIES if row.wording == name]


def lesson(row: Row, said: Said | None = None) -> Lesson:
    truth = Said.REJECTION if row.label is Label.REJECTION else Said.NOT_A_REJECTION
    return Lesson(message=row.message, said=said or truth)


def learned(*mails: Lesson) -> Personal:
    model = shipped()
    thresholds = {"draft": model.draft_threshold, "review": model.review_threshold}
    return fit(model, Lessons(mails=mails, **thresholds), kept())


def faults(shift: Shift | None) -> list[int]:
    """Count what goes wrong on the check set."""
    odds = kept().check.odds
    if shift is not None:
        odds = after(kept().check, shift)
    return lines().faults(odds, kept().rejected).tolist()


def lines() -> Lines:
    model = shipped()
    return Lines.of(Lessons(mails=(), draft=model.draft_threshold, review=model.review_threshold))


def after(mails: Mails, shift: Shift) -> np.ndarray:
    """Return the log-odds of mails under a personal correction."""
    sums = np.bincount(
        mails.owners, mails.values * shift.weights[mails.columns], minlength=len(mails.odds)
    )
    return mails.odds + shifted(sums)


def is_right(row: Row, shift: Shift | None = None) -> bool:
    """Tell whether a rejection is drafted on, and anything else not even asked about."""
    probability = shipped().judge(row.message, shift).probability
    if row.label is Label.REJECTION:
        return probability >= shipped().draft_threshold
    return probability < shipped().review_threshold


@pytest.mark.parametrize("name", OF_A_KIND)
def test_three_corrected_mails_of_one_kind_change_the_verdict_of_a_fourth(name: str):
    *told, fourth, fifth = family(name)
    shift = shipped().shift(learned(*map(lesson, told)))
    for other in (fourth, fifth):
        assert not is_right(other)
        assert is_right(other, shift)


@pytest.mark.parametrize("name", OF_A_KIND)
def test_they_move_hardly_any_other_mail(name: str):
    shift = shipped().shift(learned(*map(lesson, family(name)[:3])))
    moved = after(kept().check, shift) != kept().check.odds
    assert moved.mean() < 0.02
    assert all(now <= before for now, before in zip(faults(shift), faults(None), strict=True))


def test_the_labels_but_for_rejection_share_the_rest_as_before():
    *told, fourth, _ = family("hiring")
    before = shipped().judge(fourth.message).probabilities
    now = shipped().judge(fourth.message, shipped().shift(learned(*map(lesson, told))))
    assert sum(now.probabilities.values()) == pytest.approx(1)
    assert now.label is not Label.REJECTION
    others = set(Label) - {Label.REJECTION}
    rest = sum(before[label] for label in others), 1 - now.probability
    for label in others:
        assert now.probabilities[label] / rest[1] == pytest.approx(before[label] / rest[0])


def test_what_was_right_already_teaches_nothing():
    right = [row for row in family("wohnung") if is_right(row)]
    assert right
    assert learned(*map(lesson, right)) == Personal(model=shipped().digest)
    assert learned() == Personal(model=shipped().digest)


@pytest.mark.threat("D12")
@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_typical_rejections_called_none_twenty_times_do_not_make_the_check_set_worse(language: str):
    surest = typical(language)
    told, others = surest[:20], surest[20:]
    personal = learned(*(lesson(row, Said.NOT_A_REJECTION) for row in told))
    shift = shipped().shift(personal)
    assert all(now <= before for now, before in zip(faults(shift), faults(None), strict=True))
    lost = [row for row in others if is_right(row) and not is_right(row, shift)]
    print(f"{language}: {len(lost)} of {len(others)} other rejections lose their draft")
    assert len(lost) <= 0.1 * len(others)


@pytest.mark.threat("D12")
def test_a_poisoned_lesson_does_not_keep_the_others_from_teaching():
    poison = [lesson(row, Said.NOT_A_REJECTION) for row in typical("en")[:20]]
    *told, fourth, fifth = family("portal")
    shift = shipped().shift(learned(*poison, *map(lesson, told)))
    assert is_right(fourth, shift)
    assert is_right(fifth, shift)


def typical(language: str) -> list[Row]:
    """Return held-out rejections that are no part of the check set, the surest first."""
    rows = files.read([DATA / "held_out" / f"{language}.jsonl"])
    chosen = [row for row in rows if row.label is Label.REJECTION and row.id not in checked()]
    return sorted(chosen, key=lambda row: -shipped().judge(row.message).probability)


@cache
def checked() -> frozenset[str]:
    return frozenset(row.id for row in files.read([MODELS / "check.jsonl"]))


def test_a_correction_of_another_model_is_not_applied():
    personal = learned(*map(lesson, family("portal")[:3]))
    assert shipped().shift(personal) is not None
    assert shipped().shift(replace(personal, model="0" * 64)) is None


def test_no_mail_is_moved_further_than_the_bound_and_unlike_mail_not_at_all():
    weights = np.zeros(10)
    weights[:3] = (100.0, -100.0, SLACK)
    shift = Shift(weights)
    one = np.ones(1)
    assert shift.of(np.array([0]), one) == BOUND
    assert shift.of(np.array([1]), one) == -BOUND
    assert shift.of(np.array([2]), one) == 0


def test_only_columns_of_the_corrected_mails_are_kept_and_no_word():
    told = family("hiring")[:3]
    personal = learned(*map(lesson, told))
    columns = {
        int(column) for row in told for column in shipped().weigh(row.message).columns.tolist()
    }
    assert set(personal.columns) <= columns
    assert {item.name for item in fields(Personal)} == {"model", "columns", "weights"}


def test_the_same_lessons_teach_the_same():
    told = [lesson(row) for row in family("festival")[:3]]
    assert learned(*told) == learned(*told)


@pytest.mark.threat("D8")
@pytest.mark.parametrize("text", ["", "\x00" * 999, "一" * 70_000, "a " * 50_000, "💌" * 5_000])
def test_no_lesson_is_too_strange(text: str):
    told = [lesson(row) for row in family("portal")[:3]]
    strange = Lesson(message=Message(key=Key("k"), text=text, subject=text), said=Said.REJECTION)
    shift = shipped().shift(learned(*told, strange))
    assert is_right(family("portal")[3], shift)


def test_lessons_by_the_hundred_take_bounded_memory():
    many = [lesson(row, said) for row in FAMILIES for said in Said]
    assert len(learned(*many).columns) <= 40_000


# The shipped sets.


def test_both_sets_are_the_projects_own_mail_and_share_none():
    paths = (*(DATA / "held_out").iterdir(), DATA / "catastrophe.jsonl", *CORPUS.iterdir())
    own = {
        json.dumps({key: line[key] for key in ("id", "label", "subject", "from", "body", "lang")})
        for path in paths
        for line in map(json.loads, path.read_text("utf-8").splitlines())
    }
    sets = {}
    for name in ("check", "anchors"):
        shown = [json.loads(line) for line in (MODELS / f"{name}.jsonl").read_text().splitlines()]
        for line in shown:
            line.pop("set"), line.pop("kind")
        assert {json.dumps(line) for line in shown} <= own
        sets[name] = shown
    ids = {name: {line["id"] for line in shown} for name, shown in sets.items()}
    assert not ids["check"] & ids["anchors"]
    for name, each in (("check", 10), ("anchors", 20)):
        counts = Counter((line["lang"], line["label"] == "rejection") for line in sets[name])
        assert min(counts.values()) >= each
        assert len(counts) == 32, "sixteen languages, rejections and others"


def test_a_wheel_carries_both_sets():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in ("check", "anchors"):
        assert text.count(f'"models/{name}.jsonl"') == 2, "in the wheel, and in the sdist"


# How much it brings, and what it costs.


@dataclass(frozen=True)
class Measured:
    """Mails, what the model makes of them, and what they are."""

    rows: Sequence[Row]
    mails: Mails
    rejected: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Self:
        mails = Mails.of([shipped().weigh(row.message) for row in rows])
        return cls(rows, mails, np.array([row.label is Label.REJECTION for row in rows]))

    def right(self, shift: Shift | None = None) -> np.ndarray:
        """Tell of each mail whether its verdict is right, as `is_right`."""
        odds = self.mails.odds if shift is None else after(self.mails, shift)
        return np.where(self.rejected, odds >= lines().draft, odds < lines().review)


@cache
def held_out() -> Measured:
    """Return the held-out mail that is no part of the check set."""
    paths = [*sorted((DATA / "held_out").glob("*.jsonl")), DATA / "catastrophe.jsonl"]
    return Measured.of([row for row in files.read(paths) if row.id not in checked()])


def trial(group: Measured, chosen: Sequence[int]) -> Counter[str]:
    """Correct some wrong mails of a group; count what becomes of its others and of all mail."""
    shift = shipped().shift(learned(*(lesson(group.rows[number]) for number in chosen)))
    kin = np.ones(len(group.rows), dtype=bool)
    kin[list(chosen)] = False
    was, now = group.right()[kin], group.right(shift)[kin]
    ids = {row.id for row in group.rows}
    unlike = np.array([row.id not in ids for row in held_out().rows])
    before, then = held_out().right()[unlike], held_out().right(shift)[unlike]
    return Counter({
        "trials": 1, "wrong": (~was).sum(), "mended": (now & ~was).sum(), "right": was.sum(),
        "broken": (was & ~now).sum(), "others": unlike.sum(),
        "others mended": (then & ~before).sum(), "others broken": (before & ~then).sum(),
    })  # fmt: skip


def trials(groups: Iterable[Sequence[Row]], told: int, most: int) -> Counter[str]:
    """Correct `told` of the wrong mails of each group, in as many as `most` ways."""
    counts: Counter[str] = Counter()
    for group in map(Measured.of, groups):
        ways = list(itertools.combinations(np.flatnonzero(~group.right()).tolist(), told))
        for chosen in random.Random(told).sample(ways, min(most, len(ways))):
            counts.update(trial(group, chosen))
    return counts


def by_writer() -> list[list[Row]]:
    return [family(name) for name in sorted({row.wording for row in FAMILIES})]


def by_label() -> list[list[Row]]:
    """Return held-out mail of one language and label: by as many writers, so hardly of a kind."""
    rows = sorted(held_out().rows, key=lambda row: (row.language, row.label))
    grouped = itertools.groupby(rows, key=lambda row: (row.language, row.label))
    return [list(found) for _, found in grouped]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "groups", "mended", "every"),
    [("of one writer", by_writer, 0.4, 1), ("of one label", by_label, 0.0, 5)],
)
def test_what_one_two_and_three_corrections_bring(share, name, groups, mended, every):
    for told in (1, 2, 3):
        found = trials(groups()[:: share(every, 1)], told, share(2, 5))
        print(
            f"{told} told, {name}, {found['trials']} trials: {found['mended']} of "
            f"{found['wrong']} wrong verdicts on its others mended (without corrections 0), "
            f"{found['broken']} of {found['right']} right ones broken; of "
            f"{found['others'] / found['trials']:.0f} held-out mails of other kinds "
            f"{found['others mended'] / found['trials']:.2f} mended and "
            f"{found['others broken'] / found['trials']:.2f} broken a trial"
        )
        assert found["broken"] <= 0.02 * found["right"]
        assert found["others broken"] <= 0.001 * found["others"]
    assert found["mended"] >= mended * found["wrong"]
