"""Training: the same bytes twice, no personal names, groups that never split, honest figures."""

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner

from inboxbot.classify import rows as files
from inboxbot.classify.bench import Mail
from inboxbot.classify.card import diagram
from inboxbot.classify.evaluate import evaluate
from inboxbot.classify.fit import Recipe, folds
from inboxbot.classify.groups import groups
from inboxbot.classify.metrics import Share, calibration_error, detection
from inboxbot.classify.model import Model
from inboxbot.classify.model import read as read_model
from inboxbot.classify.rows import decisive
from inboxbot.classify.train import train
from inboxbot.cli import inboxbot
from inboxbot.core.types import Label
from inboxbot.errors import InputError
from inboxbot.resources import MODELS

SMALL = Recipe(least_groups=2, features=4_000, rounds=2, folds=3)
ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
# Frequent first and family names of several countries that are no ordinary words.
NAMES = set(
    (
        "aaron adam agnieszka ahmed alessandro alex ali alice amanda amy ana anders anderson "
        "andrea andrew anita anjali anna anne antonio arjun ashley astrid barbara beatriz becker "
        "benjamin bjorn brian bruno camille carla carlos carmen caroline catherine charlotte chen "
        "chiara chloe christine christopher claire clara claudia cristina daniel david davis "
        "deborah deepak diego doe dominik donald edward elena elizabeth emily emma enrique eric "
        "erik eva fatima federico felix fernando fischer francesca francisco frank gabriel garcia "
        "giovanni giulia giuseppe gonzalez greta gustavo hannah hans heather helen henrik "
        "hernandez hiroshi hoffmann hugo ines ingrid isabella ivan jacob jakub james jan jane "
        "jason javier jennifer jessica jing joao johan johann john johnson jonas jonathan jones "
        "jorge jose joseph joshua juan julia julie kamil karen karin karl katarzyna kate "
        "katharina kathleen kelly kenji kevin kim klaus kumar laura lauren lena leon leonardo "
        "lisa liu lopez lorenzo louise luca lucas lucia luis lukas magnus manuel marco margaret "
        "maria mariana marie marta martin martinez mateusz matteo matthew max mehmet melissa "
        "meyer michael michal miguel miller mohamed monika muller mustafa nancy natalia natasha "
        "nguyen nicolas nicole nils nina olga oliver olivia oscar pablo paolo patel patricia "
        "patrick paula paulo pedro peter petra philip pierre piotr priya rachel rafael rahul raj "
        "ravi rebecca ricardo richard robert roberto rodriguez ryan samantha samuel sandra sanjay "
        "sara sarah sato satoshi schmidt schneider schulz sean sergio sharon sofia sophie stefan "
        "stephanie stephen steven susan suzuki svensson takashi tanaka taylor teresa thomas "
        "thompson tiago timothy tomasz valentina vanessa vera victoria vikram vincent wagner "
        "walter wang weber wei williams wilson wolfgang xavier yuki yusuf zhang "
    ).split()
)


def test_training_twice_gives_the_same_bytes(small_data, tmp_path):
    for name in ("first", "second"):
        train(Mail(data=[small_data]), tmp_path / name, recipe=SMALL)
    for file in ("rejection.model", "CARD.md", "rejection.sha256"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_a_trained_model_can_be_loaded_and_judges(small_data, tmp_path, mail):
    card = train(Mail(data=[small_data]), tmp_path, recipe=SMALL)
    model = Model.load(card.model)
    no = mail("Unfortunately we have chosen another candidate as Cook, sorry.")
    parcel = mail("Your parcel with the Cook handbook has been shipped and arrives on Tuesday.")
    assert model.judge(no).probability > model.judge(parcel).probability
    assert card.digest in card.text
    for heading in ("## Data", "## Languages", "## Calibration", "## What it is not good for"):
        assert heading in card.text


def test_the_evaluation_reports_real_mail_by_itself(small_data):
    evaluation = evaluate(Mail(data=[small_data]), recipe=SMALL)
    assert evaluation.parts["real"].mails == 56
    assert evaluation.parts["written"].mails == 56
    assert 0 <= evaluation.parts["real"].calibration <= 1


def test_each_inbox_is_left_out_in_turn(small_data, tmp_path):
    lines = small_data.read_text().splitlines()
    path = tmp_path / "two.jsonl"
    path.write_text(
        "\n".join(
            line.replace('"set":"small"', f'"set":"inbox-{"-1-" in line or "-3-" in line}"')
            for line in lines
        )
    )
    evaluation = evaluate(Mail(data=[path]), recipe=SMALL, thorough=True)
    assert set(evaluation.inboxes) == {"inbox-True", "inbox-False"}
    assert sum(part.mails for part in evaluation.inboxes.values()) == 56


def test_no_group_stands_on_both_sides_of_a_split(small):
    corpus, _, _ = small
    fold = folds(corpus, np.arange(len(corpus.rows)), 3, seed=0)
    for group in set(corpus.groups.tolist()):
        assert len(set(fold[corpus.groups == group].tolist())) == 1


def test_one_form_letter_with_other_names_in_it_is_one_group(tmp_path):
    path = tmp_path / "two.jsonl"
    path.write_text(
        "\n".join(
            f'{{"id": "{name}", "set": "s", "kind": "real", "label": "rejection", "company": '
            f'"{name}", "body": "{name} thanks you for the interest that you have shown in our '
            'team and in the work that we do here every day."}'
            for name in ("Acme", "Globex")
        )
    )
    first, second = files.read([path])
    assert groups([first, second]) == [0, 0]


def test_the_words_of_the_shipped_model_hold_no_personal_names():
    weights, _ = read_model(MODELS / "rejection.model")
    assert len(weights.words) > 1_000
    assert sorted(weights.words & NAMES) == []


def test_a_stand_in_name_never_reaches_the_features(tmp_path):
    path = tmp_path / "one.jsonl"
    path.write_text(
        '{"id": "x", "set": "s", "kind": "real", "label": "rejection", "body": "Hi Alex Doe, no."}'
    )
    (row,) = files.read([path])
    assert "Alex" not in row.message.text
    assert "Doe" not in row.message.text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 1"),
        ('{"id": "a"}', "line 1"),
        ('{"id":"a","set":"s","kind":"real","label":"nonsense","body":""}', "line 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, says):
    path = tmp_path / "bad.jsonl"
    path.write_text(line)
    with pytest.raises(InputError, match=says):
        files.read([path])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.jsonl"):
        files.read([tmp_path / "nowhere.jsonl"])


def test_raw_mail_is_ordinary_mail(tmp_path):
    (tmp_path / "a.eml").write_bytes(b"Subject: Hi\r\nFrom: a@b.example\r\n\r\nSee you at eight.")
    (row,) = files.read([], [tmp_path])
    assert row.label is Label.NOT_JOB
    assert row.message.text == "See you at eight."


def test_a_wilson_interval_is_the_textbook_one():
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_detection_counts():
    truth = np.array([True, True, False, False])
    found = np.array([True, False, True, False])
    one = detection(truth, found)
    assert (one.precision.value, one.recall.value, one.f1) == (0.5, 0.5, 0.5)


def test_a_probability_that_means_what_it_says_has_no_error():
    truth = np.array([True] * 8 + [False] * 2)
    assert calibration_error(truth, np.full(10, 0.8)) == pytest.approx(0)
    assert calibration_error(truth, np.full(10, 0.3)) == pytest.approx(0.5)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_the_shared_mail_meets_the_targets():
    evaluation = evaluate(
        Mail(
            data=[SHARED / "train.jsonl", ROOT / "models" / "corpus"],
            ham=[SHARED / "ham"],
            marks=[ROOT / "models" / "marks.jsonl"],
        )
    )
    real = evaluation.parts["real"]
    assert evaluation.false_alarms.hits <= 1  # an advertisement; it names no employer, see D-17
    assert real.drafted.precision.value >= 0.98
    assert real.drafted.recall.value >= 0.95
    assert real.noticed.recall.value >= 0.97
    assert real.calibration <= 0.02
    assert real.macro_f1 >= 0.88
    assert real.evidence.value >= 0.95
    assert real.evidence.all >= 150


def test_the_command_prints_the_figures_and_the_worst_errors(small_data, tmp_path):
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes(small_data.read_bytes().replace(b'"id":"', b'"id":"kept-'))
    done = CliRunner().invoke(
        inboxbot, ["evaluate", "--data", str(small_data), "--kept", str(kept), "--thorough"]
    )
    assert done.exit_code == 0, done.output
    for heading in (
        "## Rejections, by grouped cross-validation",
        "## Languages: mail that was never trained on",
        "## Learning curve",
        "## What each part brings",
        "## Calibration, real mail",
        "## The worst errors",
    ):
        assert heading in done.stdout


def test_held_out_mail_teaches_nothing(small_data, tmp_path):
    lines = small_data.read_text().splitlines()
    kept = tmp_path / "kept.jsonl"
    kept.write_text("\n".join(line.replace('"rejection"', '"offer"') for line in lines))
    for name, aside in (("without", []), ("with", [kept])):
        train(Mail(data=[small_data], kept=aside), tmp_path / name, recipe=SMALL)
    models = [(tmp_path / name / "rejection.model").read_bytes() for name in ("without", "with")]
    assert models[0] == models[1]


def test_a_mark_says_which_sentences_are_decisive(small_data, tmp_path):
    marks = tmp_path / "marks.jsonl"
    marks.write_text('{"id": "rejection-0-0", "decisive": [1, 2]}\n')
    marked = {row.id: row.decisive for row in files.read([small_data], marks=[marks])}
    assert marked["rejection-0-0"] == (1, 2)
    assert marked["rejection-0-1"] == ()


def test_a_wrong_line_of_marks_is_named(small_data, tmp_path):
    marks = tmp_path / "marks.jsonl"
    marks.write_text('{"id": "a", "decisive": []}\n{"id": 7}\n')
    with pytest.raises(InputError, match=r"marks\.jsonl, line 2"):
        files.read([small_data], marks=[marks])


def test_evidence_is_found_again_in_the_sentences_that_it_is_made_of():
    found = ("Dear Ines,", "We met again today.", "It went to Tom, who starts on Monday.", "Ruth")
    assert decisive(found, "It went to Tom") == (2,)
    assert decisive(found, "We met again today. It went to\nTom, who starts on Monday.") == (1, 2)
    assert decisive(found, "") == ()


def test_the_diagram_is_a_picture_that_says_what_it_shows(small_data):
    picture = ET.fromstring(
        diagram(evaluate(Mail(data=[small_data]), recipe=SMALL).parts["real"].bins)
    )
    assert "Reliability" in picture.get("aria-label", "")
    assert sum(element.tag.endswith("circle") for element in picture.iter()) >= 1
