"""A small corpus of our own, and a model trained on it in seconds."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from inboxbot.classify import rows as files
from inboxbot.classify.features import features
from inboxbot.classify.fit import Recipe, corpus_of, fit
from inboxbot.classify.model import Model
from inboxbot.core.types import EPOCH, Address, Key, Message
from inboxbot.resources import MODELS

SMALL = Recipe(least_groups=2, features=4_000, rounds=2, folds=3)
_ROLES = [
    "Baker",
    "Tram Driver",
    "Data Analyst",
    "Gardener",
    "Nurse",
    "Welder",
    "Archivist",
    "Cook",
]
_TEXTS = {
    "rejection": [
        "Thank you for applying as {role}. Unfortunately we have chosen another candidate.",
        "Sadly the {role} opening has been filled: another candidate was chosen, sorry.",
        "Unfortunately you were not selected as {role}. We are sorry, and wish you luck.",
        "We are sorry: for {role} we have decided on another candidate. Good luck to you!",
        "Another candidate was selected as {role}. We have decided not to go on with you, sorry.",
    ],
    "acknowledgement": [
        "We received your application for {role} and will review it. If it fits, we will write.",
        "Thanks for your application as {role}! Our team will review it within two weeks.",
        "Your application as {role} has been received. Our team will write to you soon.",
    ],
    "interview": [
        "Would you like to meet us for an interview as {role}? Please pick a slot below.",
        "Please pick a time for your interview as {role}; we would like to meet you in person.",
    ],
    "not_job": [
        "Your parcel with the {role} handbook has been shipped and arrives on Tuesday morning.",
        "Your order of a {role} apron has been shipped. The parcel arrives within two days.",
        "Dinner on Tuesday? Bring the {role} book and the dog. Love, Mum",
        "Have you shipped the parcel to Gran? She loves the {role} calendar. See you on Tuesday",
    ],
}


@pytest.fixture(scope="session")
def small_data(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("data") / "small.jsonl"
    lines = [
        {
            "id": f"{label}-{number}-{place}",
            "set": "small",
            "kind": "written" if place % 2 else "real",
            "label": label,
            "subject": f"News about {role}",
            "from": "People Team <jobs@example.org>",
            "body": f"Hello there,\n\n{text.format(role=role)}\n\nKind regards {place}\n",
            "lang": "en",
            "group": f"{label}-{number}-{place}",
        }
        for label, texts in _TEXTS.items()
        for number, text in enumerate(texts)
        for place, role in enumerate(_ROLES)
    ]
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines))
    return path


@pytest.fixture(scope="session")
def small(small_data):
    """Corpus, features and fitted weights of the small data."""
    rows = files.read([small_data])
    found = [features(row.message) for row in rows]
    corpus = corpus_of(rows, found)
    return corpus, found, fit(corpus, np.arange(len(rows)), SMALL)


@pytest.fixture(scope="session")
def model() -> Model:
    return Model.load(MODELS / "rejection.model")


@pytest.fixture
def mail():
    def make(text: str, subject: str = "", sender: str = "people@example.org") -> Message:
        return Message(
            key=Key("k"), received=EPOCH, subject=subject, text=text, from_=(Address(sender),)
        )

    return make
