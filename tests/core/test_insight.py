"""Patterns: what is counted, what is asked of it, and how often chance alone is believed."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from inboxbot.core.history import History
from inboxbot.core.insight import Kind, Level, Pattern, Rate, patterns_in
from inboxbot.core.insight.comparisons import Comparison, comparisons
from inboxbot.core.insight.exact import binomial, fisher, least_fisher
from inboxbot.core.insight.origin import Source, source_of, system_of
from inboxbot.core.insight.patterns import _tests, patterns_of
from inboxbot.core.insight.rows import Row, rows_in
from inboxbot.core.insight.titles import Family, family_of, level_of
from inboxbot.core.plan import Event, EventKind
from inboxbot.core.types import EPOCH, Stage, StatedReason
from inboxbot.core.weeklog import WeekLog
from tests.generated_journal import END, search_of
from tests.generated_person import Effect
from tests.make import SENDERS

TITLES = Path(__file__).parents[1] / "data" / "insight" / "titles.toml"
MONDAY = datetime(2026, 9, 7, 9, tzinfo=UTC)


# ---------------------------------------------------------------- exact arithmetic


def test_the_exact_test_agrees_with_scipy_on_every_small_table() -> None:
    for n in range(1, 9):
        for others in range(1, 9):
            for k in range(n + 1):
                for k_others in range(others + 1):
                    table = [[k, n - k], [k_others, others - k_others]]
                    expected = stats.fisher_exact(table).pvalue
                    assert fisher(Rate(k, n), Rate(k_others, others)) == pytest.approx(expected)


def test_no_table_with_the_same_margins_has_a_smaller_p_than_the_least_one() -> None:
    for k in range(8):
        least = least_fisher(Rate(k, 7), Rate(7 - k, 11))
        every = [fisher(Rate(first, 7), Rate(7 - first, 11)) for first in range(8)]
        assert least == pytest.approx(min(every))


def test_the_tail_of_the_binomial_agrees_with_scipy() -> None:
    for k in range(13):
        expected = stats.binomtest(k, 12, 0.2, alternative="greater").pvalue
        assert binomial(Rate(k, 12), 0.2) == pytest.approx(expected)


@pytest.mark.parametrize(("k", "n"), [(0, 5), (6, 7), (2, 9), (40, 90), (12, 12)])
def test_the_interval_agrees_with_scipy(k: int, n: int) -> None:
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert Rate(k, n).interval == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_of_nothing_everything_is_possible() -> None:
    assert (Rate(0, 0).share, Rate(0, 0).interval) == (0.0, (0.0, 1.0))


# ---------------------------------------------------------------- titles


def test_a_title_tells_its_level_and_its_family() -> None:
    table = tomllib.loads(TITLES.read_text(encoding="utf-8"))
    wrong = [
        (title, level_of(title), str(family_of(title)))
        for family, levels in table.items()
        for level, titles in levels.items()
        for title in titles
        if (level_of(title) or "", family_of(title)) != (level, family)
    ]
    assert not wrong


@pytest.mark.parametrize(
    "title",
    ["Senior Living Coordinator", "Assistant to the Director", "Flugbegleiterin", "Lead Generation",
     "Junior/Senior Developer", "Internal Auditor", ""],
)  # fmt: skip
def test_a_word_of_a_level_that_stands_for_something_else_tells_none(title: str) -> None:
    assert level_of(title) is None


# ---------------------------------------------------------------- where it came in


@pytest.mark.parametrize(
    ("mails", "source"),
    [
        ([{"from": "jobs-noreply@linkedin.com"}, {"from": "jo@acme.example"}], Source.BOARD),
        ([{"from": "kit@search.example", "label": "outreach"}], Source.RECRUITER),
        ([{"from": "jo@acme.example", "evidence": "You were referred by Ann Bell."}],
         Source.REFERRAL),
        ([{"from": "jo@acme.example", "subject": "Your employee referral"}], Source.REFERRAL),
        ([{"from": "jo@acme.example", "evidence": "Sie wurden uns von Frau Bell empfohlen."}],
         Source.REFERRAL),
        ([{"from": "jo@acme.example", "evidence": "We recommend that you apply again."}],
         Source.DIRECT),
        ([{"from": "jo@acme.example", "evidence": "Bitte lesen Sie die Empfehlungen."}],
         Source.DIRECT),
        ([{"from": "no-reply@hire.lever.co"}], Source.DIRECT),
        ([{"from": None}], Source.DIRECT),
    ],
)  # fmt: skip
def test_the_mails_tell_how_an_application_came_in(mails: list[dict], source: Source) -> None:
    assert source_of(mails, SENDERS) is source


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("no-reply@us.greenhouse-mail.io", "Greenhouse"),
        ("acme@myworkday.com", "Workday"),
        ("acme@m.personio.de", "Personio"),
        ("noreply@candidates.workablemail.com", "Workable"),
        ("invites@calendly.com", ""),  # sets dates
        ("support@hackerrank.com", ""),  # sets tests
        ("jo@clever.co", ""),
        ("jo@acme.example", ""),
    ],
)
def test_a_tracking_system_is_known_by_its_domain(sender: str, name: str) -> None:
    assert system_of([{"from": sender}], SENDERS) == name


def test_every_vendor_of_the_table_is_a_tracking_system_or_known_to_be_none() -> None:
    others = {"hackerrank.com", "codesignal.com", "hirevue.com", "calendly.com", "goodtime.io",
              "modernloop.io", "ripplematch.com", "testgorilla.com"}  # fmt: skip
    unnamed = {
        vendor for vendor in SENDERS.vendors if not system_of([{"from": f"a@{vendor}"}], SENDERS)
    }
    assert unnamed == others


# ---------------------------------------------------------------- rows


def seen(key: str, label: str, day: float, application: str = "acme", **facts: Any) -> Event:
    """Return the record of a mail that came `day` days after Monday."""
    moment = MONDAY + timedelta(days=day)
    said = {"employer": "Acme", "role": "Tester", "from": "jo@acme.example", "label": label,
            "received": moment.isoformat()} | facts  # fmt: skip
    return Event(
        kind=EventKind.SEEN, time=moment, application=application, message=key, payload=said
    )


def rows(*events: Event) -> tuple[Row, ...]:
    return rows_in(log_of(events), SENDERS)


def test_a_no_that_follows_no_talk_ended_early() -> None:
    (row,) = rows(
        seen("a", "acknowledgement", 0), seen("b", "rejection", 3, stated_reason="skills")
    )
    assert (row.ended_early, row.reason, row.days) == (True, StatedReason.SKILLS, 3.0)


@pytest.mark.parametrize(
    "after",
    [
        [seen("b", "interview", 3)],
        [seen("b", "interview", 3), seen("c", "rejection", 9)],
        [seen("b", "rejection", 3, stage="screening")],  # it thanks for the talk
        [seen("b", "rejection", 3), seen("c", "interview", 9)],  # taken up again
        [seen("b", "offer", 3)],
    ],
)
def test_a_talk_is_a_talk_whatever_comes_of_it(after: list[Event]) -> None:
    (row,) = rows(seen("a", "acknowledgement", 0), *after)
    assert row.ended_early is False


@pytest.mark.parametrize("label", ["acknowledgement", "assessment"])
def test_what_nobody_has_decided_is_neither(label: str) -> None:
    (row,) = rows(seen("a", label, 0))
    assert (row.ended_early, row.answered, row.days) == (None, None, None)


@pytest.mark.parametrize("label", ["job_alert", "outreach", "other_job"])
def test_mail_that_only_advertises_is_no_application(label: str) -> None:
    assert rows(seen("a", label, 0)) == ()


def test_an_application_that_the_user_took_back_is_none_that_ended() -> None:
    left = Event(
        kind=EventKind.LEFT_ALONE, time=MONDAY + timedelta(days=3), application="acme", message="b",
        payload={"reason": "withdrawn_by_user", "decision": "leave"},
    )  # fmt: skip
    assert rows(seen("a", "acknowledgement", 0), seen("b", "rejection", 3), left) == ()


def test_what_the_user_said_of_a_mail_counts() -> None:
    told = Event(
        kind=EventKind.CORRECTED, time=MONDAY + timedelta(days=4), application="acme", message="b",
        payload={"said": "not_a_rejection", "label": "other_job"},
    )  # fmt: skip
    (row,) = rows(seen("a", "acknowledgement", 0), seen("b", "rejection", 3), told)
    assert row.ended_early is None


def test_without_a_receipt_nobody_knows_how_long_it_took() -> None:
    (row,) = rows(seen("b", "rejection", 3))
    assert row.days is None


# ---------------------------------------------------------------- comparisons


def row(number: int, *, ended: bool | None = True, **traits: Any) -> Row:
    given: dict[str, Any] = {
        "application": f"a{number}", "employer": f"e{number}", "level": None,
        "family": Family.OTHER, "source": Source.DIRECT, "system": "", "declined": bool(ended),
        "reached": frozenset({Stage.INTERVIEW} if ended is False else {Stage.APPLICATION}),
        "reason": StatedReason.NONE, "answered": MONDAY + timedelta(days=number), "days": None,
    } | traits  # fmt: skip
    return Row(**given)


def group(size: int, ended: int, start: int, **traits: Any) -> list[Row]:
    return [row(start + place, ended=place < ended, **traits) for place in range(size)]


def compared(found: Sequence[Row], own: Level | None = None) -> dict[tuple[Kind, str], Comparison]:
    return {(each.kind, str(each.group)): each for each in comparisons(found, own)}


def test_senior_roles_are_compared_with_all_others() -> None:
    found = compared([*group(7, 6, 0, level=Level.SENIOR), *group(9, 2, 20)])
    senior = found[Kind.LEVEL, "senior"]
    assert (senior.ended, senior.others) == (Rate(6, 7), Rate(2, 9))


def test_with_a_level_in_the_settings_it_is_above_and_below() -> None:
    applied = [
        *group(5, 4, 0, level=Level.LEAD),
        *group(5, 2, 10, level=Level.JUNIOR),
        *group(9, 2, 20),
    ]
    assert {name for kind, name in compared(applied, Level.SENIOR) if kind is Kind.LEVEL} == {
        "above", "below"
    }  # fmt: skip
    assert {name for kind, name in compared(applied, Level.LEAD) if kind is Kind.LEVEL} == {"below"}


@pytest.mark.parametrize(("few", "many"), [(4, 30), (5, 6)])
def test_nothing_is_asked_of_too_few(few: int, many: int) -> None:
    assert not compared([*group(few, few, 0, level=Level.SENIOR), *group(many, 0, 20)])


def test_one_employer_is_one_witness() -> None:
    same = [row(number, employer="acme", system="Workday") for number in range(8)]
    found = compared([*same, *group(4, 4, 20, system="Workday"), *group(12, 3, 40)])
    assert found[Kind.SYSTEM, "Workday"].ended == Rate(5, 5)


def test_two_groups_that_are_each_others_others_are_asked_about_once() -> None:
    found = compared([*group(8, 6, 0, source=Source.BOARD), *group(8, 2, 20)])
    assert [name for kind, name in found if kind is Kind.SOURCE] == ["board"]


def test_quick_answers_are_compared_where_the_time_is_known() -> None:
    quick, slow = group(6, 6, 0, days=1.0), group(8, 4, 20, days=9.0)
    found = compared([*quick, *slow, *group(20, 3, 40)])
    assert (found[Kind.SPEED, "fast"].ended, found[Kind.SPEED, "fast"].others) == (
        Rate(6, 6), Rate(4, 8)
    )  # fmt: skip


def test_a_first_call_that_led_on_is_counted_as_such() -> None:
    call, talk = Stage.SCREENING, Stage.INTERVIEW
    ended = [row(n, ended=False, declined=True, reached=frozenset({call})) for n in range(6)]
    open_ = [row(n, ended=False, reached=frozenset({call})) for n in range(10, 14)]
    went_on = [
        row(n, ended=False, declined=True, reached=frozenset({call, talk})) for n in range(20, 23)
    ]
    finals = [row(n, ended=False, reached=frozenset({talk, Stage.FINAL})) for n in range(30, 34)]
    found = compared([*ended, *open_, *went_on, *finals])[Kind.TALK, "screening"]
    assert (found.ended, found.others) == (Rate(6, 9), Rate(3, 7))


def test_a_stated_reason_is_compared_with_its_usual_share() -> None:
    reasons = [
        *group(6, 6, 0, reason=StatedReason.EXPERIENCE),
        *group(5, 5, 20, reason=StatedReason.FILLED),
    ]
    found = compared([*reasons, *group(9, 9, 40)])[Kind.REASON, "experience"]
    assert (found.ended, found.usual, found.more) == (Rate(6, 11), 0.2, True)


# ---------------------------------------------------------------- patterns


def patterns(
    effect: Effect | None, applications: int, seed: int, level: str = ""
) -> tuple[Pattern, ...]:
    search = search_of(applications, 52, seed, effect)
    return patterns_in(log_of(search.events, search.history), SENDERS, level)


def log_of(events: Sequence[Event], history: History | None = None) -> WeekLog:
    return WeekLog(tuple(events), history or History(), since=EPOCH, end=END)


@pytest.mark.parametrize(
    ("effect", "kind", "more"),
    [
        (Effect("level", "senior", 0.95, 0.3), Kind.LEVEL, True),
        (Effect("family", "data", 0.95, 0.3), Kind.FAMILY, True),
        (Effect("source", "recruiter", 0.05, 0.8), Kind.SOURCE, False),
        (Effect("system", "Workday", 0.95, 0.3), Kind.SYSTEM, True),
        (Effect("speed", "fast", 0.95, 0.3), Kind.SPEED, True),
        (Effect("assessment", "test", 0.95, 0.3), Kind.TEST, True),
        (Effect("reason", "experience", 0.7, 0.5), Kind.REASON, True),
        (Effect("screening", "", 0.05, 0.2), Kind.TALK, False),
    ],
    ids=lambda value: value.of if isinstance(value, Effect) else "",
)
def test_a_planted_effect_is_found_and_comes_first(effect: Effect, kind: Kind, more: bool) -> None:
    first = patterns(effect, 300, 3)[0]
    assert (first.compared.kind, first.compared.more) == (kind, more)
    assert first.p <= 0.015


def test_nothing_is_found_in_an_empty_journal_and_in_a_young_one() -> None:
    assert patterns_in(log_of(()), SENDERS) == ()
    young = search_of(8, 1, 1)
    assert patterns_in(log_of(young.events, young.history), SENDERS) == ()


def test_twelve_alike_are_not_enough_to_tell_a_level_by() -> None:
    assert not patterns_of(group(12, 12, 0, level=Level.SENIOR), None)


def test_the_settings_say_which_roles_lie_above() -> None:
    effect = Effect("level", "senior", 0.95, 0.3)
    (first, *_) = patterns(effect, 300, 3, level="mid")
    assert (first.compared.kind, first.compared.group) == (Kind.LEVEL, "above")


def test_what_no_longer_holds_is_not_told() -> None:
    """Found after 37 answers; then the group's luck turns before the next test is due."""
    found = [*group(14, 14, 0, level=Level.SENIOR), *group(23, 5, 100)]
    turned = group(9, 0, 200, level=Level.SENIOR)
    events = [event for each in (*found, *turned) for event in _events(each)]
    then = patterns_in(log_of(events[: 37 * 2]), SENDERS)
    today = patterns_in(log_of(events), SENDERS)
    assert [pattern.compared.kind for pattern in then] == [Kind.LEVEL]
    assert today == ()


def _events(made: Row) -> list[Event]:
    role = "Senior Tester" if made.level else "Tester"
    when = (made.answered - MONDAY) / timedelta(days=1) if made.answered else 0.0
    about = {"application": made.application, "employer": made.employer, "role": role}
    label = "rejection" if made.ended_early else "interview"
    return [
        seen(f"{made.application}r", "acknowledgement", when - 9, **about),
        seen(made.application, label, when, **about),
    ]


def test_tests_come_when_the_answers_have_grown_by_a_quarter() -> None:
    assert list(_tests(11)) == []
    assert list(_tests(60)) == [12, 15, 19, 23, 29, 37, 46, 57]


# ---------------------------------------------------------------- how often chance is believed


def year_of(seed: int, applications: int) -> list[bool]:
    """Return what each test of a year without any effect claims."""
    search = search_of(applications, 52, seed)
    known = rows_in(log_of(search.events, search.history), SENDERS)
    answered = [each.answered for each in known if each.ended_early is not None and each.answered]
    ends = [answered[number - 1] for number in _tests(len(answered))]
    return [bool(patterns_of(_until(known, moment), None)) for moment in ends]


def _until(known: Sequence[Row], moment: datetime) -> list[Row]:
    return [each for each in known if each.answered and each.answered <= moment]


def claimed(journals: int, sizes: Sequence[int]) -> tuple[float, float]:
    """Return how many searches without an effect are told of one: by their last test, in a year."""
    years = [year_of(seed, sizes[seed % len(sizes)]) for seed in range(journals)]
    last = sum(year[-1] for year in years if year) / journals
    return last, sum(map(any, years)) / journals


def test_chance_is_seldom_believed_in_forty_searches() -> None:
    assert claimed(40, (60, 120))[1] <= 0.1


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_chance_is_believed_in_less_than_one_search_of_twenty_a_year(share) -> None:
    for sizes in ((40, 80, 120, 160), *share((), ((250,), (600,)))):
        last, year = claimed(1_000, sizes)
        print(f"applications {sizes}: last test {last:.1%}, a whole year {year:.1%}")
        assert last <= 0.015
        assert year <= 0.05


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_the_larger_an_effect_the_sooner_it_is_found(share) -> None:
    """Print the power curve: senior roles (a third or so) against the others."""
    curve = {}
    for rate, usual in ((0.65, 0.35), (0.75, 0.35), (0.85, 0.35), (0.9, 0.25)):
        for applications in (40, 80, 120, 200):
            effect = Effect("level", "senior", rate, usual)
            found = [
                bool(patterns(effect, applications, 20_000 + seed))
                for seed in range(share(30, 400))
            ]
            curve[rate - usual, applications] = sum(found) / len(found)
            print(f"{rate:.0%} against {usual:.0%}, {applications} applications: "
                  f"{sum(found) / len(found):.0%}")  # fmt: skip
    assert curve[0.9 - 0.25, 120] >= 0.85
    assert curve[0.85 - 0.35, 200] >= 0.8
    assert curve[0.9 - 0.25, 80] >= 0.6
