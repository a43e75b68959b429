"""Features: levelled text, keys that can be written out again, nothing across a border."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.classify import concepts
from inboxbot.classify.features import SENDER_WORDS, Block, features
from inboxbot.classify.ngrams import gram_keys
from inboxbot.classify.normalise import BREAK, MASK, normalise, normalise_all
from inboxbot.classify.scorer import Vocabulary
from inboxbot.core.types import Key, Message


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Écrivez-nous À Zürich", "ecrivez-nous a zurich"),
        ("Straße, łódź, smørrebrød", "strasse, lodz, smorrebrod"),
        ("un\u00adfor\u200btunately", "unfortunately"),
        ("w\u0435 h\u0430ve d\u0435cided", "we have decided"),  # Cyrillic е and а
        ("Ｗｅ ｒｅｇｒｅｔ", "we regret"),
        ("r e g r e t", "regret"),
        ("Call +49 30 1234 or 5678", "call +0 0 0 or 0"),
        ("see https://a.example/x?y=1 now", f"see {MASK} now"),
        ("write to jo.doe+x@mail.example", f"write to {MASK}"),
        ("أُعْجِبْنا", "اعجبنا"),
        ("İstanbul'da", "istanbul'da"),
        ("残念ながら", "残念ながら"),
        ("Привет", "привет"),
        ("Well!!! -- so", "well! - so"),
    ],
)
def test_text_is_levelled(text, plain):
    assert normalise(text) == plain


@given(st.lists(st.text(max_size=40), max_size=6))
def test_texts_levelled_together_stay_apart(texts):
    assert len(normalise_all(texts)) == len(texts) or not texts


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_has_features(text, subject):
    found = features(Message(key=Key("k"), text=text, subject=subject))
    sizes = {len(found.keys), len(found.blocks), len(found.places), len(found.spans)}
    assert len(sizes) == 1
    assert found.places.max(initial=0) <= len(found.sentences)


def test_every_stretch_has_the_key_of_what_it_says(mail):
    found = features(mail("We chose another person. Good luck!", "Your application"))
    for block in (Block.CHARACTERS, Block.WORDS, Block.SUBJECT):
        held = found.blocks == block
        assert held.any()
        grams = [found.text[start:end] for start, end in found.spans[held].tolist()]
        assert np.array_equal(gram_keys(grams, block), found.keys[held])


def test_no_feature_spans_two_sentences_or_an_address(mail):
    found = features(mail("One two. Three a@b.example four?", "Five six"))
    grams = {found.text[start:end] for start, end in found.spans.tolist()}
    assert not any(BREAK in gram or MASK in gram for gram in grams)
    assert "one two" in grams
    assert "five six" in grams


def test_a_sender_gives_words_of_the_list_alone(mail):
    found = features(mail("Hello.", sender="ada.lovelace+careers@us.greenhouse-mail.io"))
    assert (found.blocks == Block.SENDER).sum() == len({"careers", "greenhouse-mail"})
    assert len(set(SENDER_WORDS)) == len(SENDER_WORDS)


def test_the_lexicon_has_every_concept_in_sixteen_languages():
    assert len(concepts._TABLES) == 16
    for table in concepts._TABLES.values():
        assert set(table) == {*concepts.CONCEPTS, "common"}


@pytest.mark.parametrize(
    "text",
    [
        "We have decided to move forward with other candidates.",
        "Wir haben uns für andere Bewerber entschieden.",
        "Hemos decidido seguir adelante con otros candidatos.",
        "Nous avons décidé de poursuivre avec d'autres candidats.",
    ],
)
def test_a_sentence_means_the_same_in_every_language(text):
    plain = normalise(text)
    words = concepts.words(plain).words
    (hits,), _ = concepts.read(words, [0] * len(words), 1)
    assert {"decide", "other", "candidate"} <= {concepts.CONCEPTS[number] for number in hits}


def test_a_condition_changes_every_combination():
    plain = [[concepts.CONCEPTS.index(name) for name in ("not", "select")]]
    conditional = [[*plain[0], concepts.CONCEPTS.index("if")]]
    assert not set(concepts.keys(plain)[0].tolist()) & set(concepts.keys(conditional)[0].tolist())


@given(st.sets(st.integers(0, 2**64 - 1), min_size=1, max_size=300), st.integers(0, 2**64 - 1))
def test_a_vocabulary_finds_its_own_keys_and_no_others(keys, other):
    known = np.array(sorted(keys), dtype=np.uint64)
    vocabulary = Vocabulary(known)
    assert vocabulary.columns(known).tolist() == list(range(len(known)))
    (column,) = vocabulary.columns(np.array([other], dtype=np.uint64)).tolist()
    assert (column >= 0) == (other in keys)


def test_keys_that_want_the_same_slot_are_all_found():
    known = np.array([slot << 40 for slot in range(1, 60)], dtype=np.uint64)
    vocabulary = Vocabulary(known)
    assert vocabulary.columns(known).tolist() == list(range(59))
