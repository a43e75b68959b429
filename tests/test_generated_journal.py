"""The journals that other tests generate: one for a seed, as the daemon would write it."""

from pathlib import Path

import pytest

from inboxbot.core.plan import EventKind
from inboxbot.journal.store import Journal
from tests.generated_journal import END, generated, record, search_of


def test_a_seed_is_a_journal() -> None:
    assert generated(30, 8, seed=5) == generated(30, 8, seed=5)
    assert generated(30, 8, seed=5) != generated(30, 8, seed=6)
    assert generated(0, 0, seed=5) == ()


def test_everything_has_happened_and_in_order() -> None:
    events = generated(200, 52, seed=2)
    times = [event.time for event in events]
    assert times == sorted(times)
    assert times[-1] <= END
    assert {event.kind for event in events} >= {
        EventKind.SEEN, EventKind.DRAFT_SAVED, EventKind.SENT, EventKind.FEEDBACK_RECEIVED,
        EventKind.REFLECTED, EventKind.LEFT_ALONE, EventKind.SUMMARY_DELIVERED,
    }  # fmt: skip


@pytest.mark.parametrize(("applications", "weeks"), [(0, 0), (8, 1), (60, 20)])
def test_a_real_journal_gives_it_back(applications: int, weeks: int, tmp_path: Path) -> None:
    search = search_of(applications, weeks, seed=3)
    with Journal.open(tmp_path / "state" / "journal.sqlite3") as journal:
        record(search, journal)
        kept = [(event.kind, event.time, dict(event.payload)) for event in journal.events("home")]
        history = journal.history("home")
    assert kept == [(event.kind, event.time, dict(event.payload)) for event in search.events]
    assert history.entries == list(search.entries)
    assert history.drafts == search.drafts
