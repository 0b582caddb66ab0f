"""The fast path gives what the readable definition gives, on any text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import ModelError
from topics.modeling.explanation import Explainer
from topics.modeling.linear import Block, LinearModel
from topics.modeling.scoring import BATCH, BATCH_CHARACTERS, CHUNK, Scorer, batches, logistic

WORDS = [
    "修路",
    "公路",
    "学校",
    "教师",
    "造林",
    "林木",
    "全年",
    "养护",
    "３座",
    "。",
    "；",
    "，",
    "\n",
    " ",
    "“",
    "”",
    "A",
    "\U00020000",
    "\ud800",
    "\x00",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=40).map("".join), st.text(st.characters(), max_size=60), st.characters()
)
HEADINGS = st.sampled_from(["", "一、道路建设", "【教育工作】", "造林\n绿化", "学校 道路", "\udfff"])


@pytest.fixture(scope="module")
def headed(linear: LinearModel) -> LinearModel:
    """The tiny model with weights on the heading's terms, which training leaves at 0."""
    block = linear.heading
    weights = np.linspace(-1, 1, block.weights.size, dtype=np.float32).reshape(block.weights.shape)
    return replace(linear, heading=Block(block.terms, weights, block.squares))


@given(st.lists(st.tuples(TEXTS, HEADINGS), min_size=1, max_size=6))
def test_fast_and_readable_logits_agree(headed: LinearModel, pairs: list[tuple[str, str]]) -> None:
    texts, headings = [t for t, _ in pairs], [h for _, h in pairs]
    explainer = Explainer(headed)
    expected = [explainer.explain(text, heading).logits() for text, heading in pairs]
    np.testing.assert_allclose(Scorer(headed).score(texts, headings).logits, expected, atol=1e-6, rtol=0)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_whole_fast_and_readable_logits_agree(whole: LinearModel, texts: list[str]) -> None:
    expected = [Explainer(whole).explain(text).logits() for text in texts]
    np.testing.assert_allclose(Scorer(whole).score(texts).logits, expected, atol=1e-6, rtol=0)


def test_a_repeated_term_counts_less_each_time(whole: LinearModel) -> None:
    """What a text says once is drowned less by what it says over and over."""
    text = ["修路。" * 60 + "招聘乡村教师。"]
    roads, schools = (whole.topics.index(t) for t in ("roads", "schools"))
    scores = [Scorer(model).raw(text).best[0, :, 0] for model in (whole, replace(whole, whole=False))]
    assert scores[0][schools] - scores[0][roads] > scores[1][schools] - scores[1][roads]


@pytest.mark.parametrize("kind", ["linear", "whole"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "路",
        "。",
        "\ud800",
        "全年硬化村组道路三公里。" * 400,
        "新建学校" * 2000,
        "甲" * (CHUNK + 7),
        "\n" * 50,
        "修路。\n\n修桥。",
    ],
)
def test_odd_texts_agree_and_do_not_disturb_their_neighbours(
    request: pytest.FixtureRequest, kind: str, text: str
) -> None:
    model = request.getfixturevalue(kind)
    scorer, neighbour = Scorer(model), "招聘乡村教师九名；栽植油茶苗三万株。"
    together = scorer.score([neighbour, text, neighbour]).logits
    expected = Explainer(model).explain(text).logits()
    np.testing.assert_allclose(
        together[1], expected, atol=1e-6, rtol=1e-7
    )  # weights have 32 bits, one logit here is 65
    np.testing.assert_allclose(together[[0, 2]], np.repeat(scorer.score([neighbour]).logits, 2, axis=0), atol=1e-9)


@given(st.lists(TEXTS, min_size=1, max_size=5))
@settings(max_examples=30)
def test_shapes_ranges_and_batches(linear: LinearModel, texts: list[str]) -> None:
    scorer = Scorer(linear)
    scores = scorer.score(texts)
    shape = (len(texts), len(linear.topics))
    assert scores.logits.shape == scores.probabilities.shape == scores.shares.shape == shape
    assert ((scores.probabilities >= 0) & (scores.probabilities <= 1)).all()
    lengths = np.array([len(t) for t in texts])[:, None]
    assert ((scores.shares >= 0) & (scores.shares <= lengths + 1e-9)).all()
    one_by_one = np.concatenate([scorer.score([t]).logits for t in texts])
    np.testing.assert_allclose(scores.logits, one_by_one, atol=1e-9)


def test_no_text_no_scores(linear: LinearModel) -> None:
    assert Scorer(linear).score([]).probabilities.shape == (0, len(linear.topics))


def test_probabilities_of_exclusive_topics_sum_to_one(linear: LinearModel) -> None:
    scores = Scorer(replace(linear, exclusive=True)).score(["修路", "建学校", ""])
    np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1)


def test_another_segmenter_is_refused(linear: LinearModel) -> None:
    with pytest.raises(ModelError, match="made for the segmenter"):
        Scorer(replace(linear, segmenter=linear.segmenter | {"version": "0.0.0"}))


def test_the_logistic_function_does_not_overflow() -> None:
    assert logistic(np.array([-1e9, 0.0, 1e9])).tolist() == [0.0, 0.5, 1.0]


def test_batches_are_bounded_in_paragraphs_and_in_characters() -> None:
    assert [len(b) for b in batches(range(2 * BATCH + 1), lambda _: 1)] == [BATCH, BATCH, 1]
    texts = ["甲", "甲" * BATCH_CHARACTERS, "甲", "甲"]
    assert list(batches(texts, len)) == [texts[:2], texts[2:]]
    assert list(batches([], len)) == []
