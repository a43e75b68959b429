"""The model file is data: what is not exactly one is refused, and by name."""

import hashlib
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from inboxbot.classify.concepts import LANGUAGES
from inboxbot.classify.decision import Decision
from inboxbot.classify.features import features
from inboxbot.classify.model import FORMAT, Defaults, Model, read, write
from inboxbot.classify.scorer import IN_SENTENCES, SIGNALS
from inboxbot.classify.table import scaled
from inboxbot.classify.train import exported
from inboxbot.core.types import Label
from inboxbot.errors import ModelError
from inboxbot.resources import MODELS

_DEFAULTS = Defaults(draft_threshold=0.9, review_threshold=0.1)


def _weights(small):
    corpus, found, fitted = small
    decision = Decision(
        weights=np.array([1.0, 0.5, 0.0, 0.0]),
        odds=dict.fromkeys(LANGUAGES, (1.0, -0.5)),
        labels=np.array([1.0, 0.0]),
        draft_threshold=0.9,
        review_threshold=0.1,
    )
    assert len(decision.weights) == SIGNALS
    return exported(corpus.table, found, fitted, decision)


@pytest.fixture
def path(small, tmp_path):
    path = tmp_path / "small.model"
    write(path, _weights(small), _DEFAULTS)
    return path


def test_the_scores_of_mails_are_those_of_scikit_learn(small, path):
    corpus, _, fitted = small
    pipeline = LogisticRegression()
    pipeline.classes_ = np.arange(10)
    pipeline.coef_, pipeline.intercept_ = fitted.mail.T, fitted.mail_bias
    matrix = scaled(corpus.table.mails[:, fitted.columns], corpus.table.blocks[fitted.columns])
    expected = pipeline.decision_function(matrix)
    model = Model.load(path)
    got = np.array([model.scores(features(row.message))[0] for row in corpus.rows])
    assert np.abs(got - expected).max() < 1e-9


def test_the_scores_of_sentences_are_those_of_scikit_learn(small, path):
    corpus, _, fitted = small
    inside = np.isin(corpus.table.blocks[fitted.columns], IN_SENTENCES)
    columns = fitted.columns[inside]
    pipeline = LogisticRegression()
    pipeline.classes_ = np.arange(2)
    pipeline.coef_ = fitted.sentence[inside][None]
    pipeline.intercept_ = np.array([fitted.sentence_bias])
    matrix = scaled(corpus.table.sentences[:, columns], corpus.table.blocks[columns])
    expected = pipeline.decision_function(matrix)
    model = Model.load(path)
    got = np.concatenate([model.scores(features(row.message))[1] for row in corpus.rows])
    assert np.abs(got - expected).max() < 1e-9


def test_a_model_that_was_written_is_read_again_as_it_was(small, path):
    weights, defaults = read(path)
    original = _weights(small)
    assert defaults == _DEFAULTS
    assert weights.grams == original.grams
    assert np.array_equal(weights.mail, original.mail)
    assert np.array_equal(weights.sentence, original.sentence)


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"none\.model: the model is missing; restore"):
        Model.load(tmp_path / "none.model")


def test_a_folder_in_the_place_of_the_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        Model.load(tmp_path)


@pytest.mark.parametrize("place", [200, -1, 90])
def test_a_damaged_model_is_named(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"small\.model: the model is damaged"):
        Model.load(path)


@pytest.mark.parametrize("left", [0, 5, 60, 100, 5_000])
def test_a_model_that_was_cut_off_is_refused(path, left):
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(ModelError, match=r"small\.model"):
        Model.load(path)


def _with_header(path, old: bytes, new: bytes) -> None:
    magic, _, body = path.read_bytes().split(b"\n", 2)
    body = body.replace(old, new, 1)
    path.write_bytes(b"\n".join([magic, hashlib.sha256(body).hexdigest().encode(), body]))


def test_a_model_of_another_version_says_so(path):
    _with_header(path, b'"format":%d' % FORMAT, b'"format":%d' % (FORMAT + 1))
    with pytest.raises(ModelError, match="another version"):
        Model.load(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<f8", b"|O8"),  # numpy objects
        (b'"mail",', b'"male",'),
        (b'"features":', b'"features":-'),
        (b"{", b"["),
    ],
)
def test_a_header_that_lies_is_refused(path, old, new):
    _with_header(path, old, new)
    with pytest.raises(ModelError, match=r"small\.model"):
        Model.load(path)


class _Bomb:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return os.mkdir, (self.target,)


@pytest.mark.parametrize("with_our_magic", [False, True])
def test_a_pickle_in_the_place_of_the_model_is_refused_and_never_run(tmp_path, with_our_magic):
    target = tmp_path / "executed"
    bomb = pickle.dumps(_Bomb(str(target)))
    if with_our_magic:
        bomb = b"inboxbot-model\n" + hashlib.sha256(bomb).hexdigest().encode() + b"\n" + bomb
    path = tmp_path / "evil.model"
    path.write_bytes(bomb)
    with pytest.raises(ModelError, match=r"evil\.model"):
        Model.load(path)
    assert not target.exists()


def test_judging_imports_neither_scikit_learn_nor_scipy():
    program = (
        "import sys\n"
        "from inboxbot.classify.model import Model\n"
        "from inboxbot.core.types import Key, Message\n"
        "from inboxbot.resources import MODELS\n"
        "Model.load(MODELS / 'rejection.model').judge(Message(key=Key('k'), text='Hello.'))\n"
        "print(sorted({'sklearn', 'scipy', 'joblib', 'pickle5'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_shipped_model_is_small():
    assert (MODELS / "rejection.model").stat().st_size <= 6_000_000


def test_the_shipped_files_have_the_hashes_that_are_noted():
    for line in (MODELS / "rejection.sha256").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((MODELS / name).read_bytes()).hexdigest() == digest


def test_the_thresholds_are_in_order(model):
    assert 0 < model.review_threshold < model.draft_threshold <= 1


def test_every_label_has_a_class(model, mail):
    verdict = model.judge(mail("Hello."))
    assert set(verdict.probabilities) == set(Label)
