"""Draft templates: the shipped ones are whole, a wrong one is told with its line."""

from pathlib import Path

import pytest

from inboxbot.errors import TemplateError
from inboxbot.resources import CONFIG
from inboxbot.senders import load_senders
from inboxbot.templates import load_templates


def copied(tmp_path: Path, old: str, new: str) -> Path:
    text = (CONFIG / "drafts" / "en.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "en.toml").write_text(text.replace(old, new), encoding="utf-8")
    return tmp_path


def test_english_and_german_are_shipped():
    assert {"en", "de"} <= set(load_templates())


def test_the_users_own_file_is_taken(tmp_path: Path):
    own = load_templates(copied(tmp_path, '"Kind regards,"', '"Cheers,"'))
    assert "Cheers," in own["en"].parts["farewell"]["any"]
    assert set(load_templates()) == set(own)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("at {employer}", "at {company}", "unknown placeholder {company}"),
        ('"Dear {person},"', '"Dear {person},", "Hi {about}"', "unknown placeholder {about}"),
        ("[question]", "[questions]", "question.application is missing"),
        ('unnamed = ["Hello,"]', "unnamed = []", "salutation.unnamed is missing"),
        ("[about]", "[about", "cannot be read"),
    ],
)
def test_a_wrong_file_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, told: str):
    with pytest.raises(TemplateError, match=r"en\.toml") as caught:
        load_templates(copied(tmp_path, old, new))
    assert told in str(caught.value)
    assert "line" in str(caught.value) or "cannot be read" in told


def test_sender_domains_match_on_label_boundaries():
    senders = load_senders()
    assert "lever.co" in senders.vendors
    assert all("@" not in domain and domain == domain.lower() for domain in senders.vendors)
