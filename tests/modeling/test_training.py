"""Training: what is learned, from whatever there is to learn from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joblib.externals.loky import get_reusable_executor

from topics.modeling import spreading
from topics.modeling.parameters import Parameters
from topics.modeling.scoring import Scorer
from topics.modeling.training import Trained, folds, train
from topics.records import Example, Span
from topics.workflows.examples import Dataset

IDS = ("roads", "schools", "forests")
SMALL = Parameters(folds=3)
WHOLE = Parameters(folds=3, windows=(0,), char_range=(1, 3), min_df=1, word_weight=0.7)


@pytest.fixture(scope="module")
def result(dataset: Dataset) -> Trained:
    """Training on the tiny corpus."""
    return train(dataset.examples, IDS, SMALL)


def test_it_learns(dataset: Dataset, result: Trained) -> None:
    gold = np.array([[t in e.topics for t in IDS] for e in dataset.examples])
    assert ((result.scores.logits > 0) == gold).mean() > 0.9
    scores = Scorer(result.model).score([e.text for e in dataset.examples])
    assert ((scores.probabilities > 0.5) == gold).mean() > 0.95


@pytest.mark.parametrize("parameters", [SMALL, WHOLE])
def test_the_fast_path_scores_as_training_does(dataset: Dataset, parameters: Parameters) -> None:
    """Trained on all but one report, the stored arrays give that report the logits that training gave it."""
    learn, held_out = next(iter(folds(dataset.examples, 3, 0)))
    whole = train(dataset.examples, IDS, parameters)
    part = train([dataset.examples[i] for i in learn], IDS, parameters)
    calibration = ("pool_coef", "pool_intercept", "unit_coef", "unit_intercept")
    same_pooling = replace(part.model, **{name: getattr(whole.model, name) for name in calibration})
    scores = Scorer(same_pooling).score(
        [dataset.examples[i].text for i in held_out], [dataset.examples[i].heading for i in held_out]
    )
    np.testing.assert_allclose(scores.logits, whole.scores.logits[held_out], atol=1e-4)
    assert scores.shares == pytest.approx(whole.scores.shares[held_out], abs=1e-3)


def test_the_scorer_sees_the_features_that_whole_texts_were_fitted_on() -> None:
    """Damped counts, marks and the weight of words: both sides build the same rows, or the fit would not show."""
    texts = ["为什么下雨？", "明天下雨！", "怎么回家？", "赶快回家！", "谁来吃饭？", "快来吃饭！"] * 3
    examples = [Example(t, "", ("ask" if "？" in t else "call",), "", str(i)) for i, t in enumerate(texts)]
    model = train(examples, ("ask", "call"), WHOLE).model
    unseen = Scorer(model).score(["他去北京？", "他去北京！"]).probabilities
    assert unseen.argmax(axis=1).tolist() == [0, 1]


def test_few_terms_are_chosen_where_a_field_has_none(dataset: Dataset) -> None:
    examples = [replace(e, heading="") for e in dataset.examples]
    model = train(examples, IDS, replace(SMALL, max_terms=50)).model
    assert [len(b.terms) for b in (model.word, model.char, model.heading)][2] == 0
    assert len(model.word.terms) + len(model.char.terms) == 50


def test_it_tells_how_many_fits_are_done(dataset: Dataset) -> None:
    told: list[tuple[int, int]] = []
    train(dataset.examples, IDS, SMALL, lambda done, total: told.append((done, total)))
    assert told == [(n, 1 + SMALL.folds) for n in range(1, 2 + SMALL.folds)]


def test_several_processes_learn_the_same(dataset: Dataset, result: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "_WORTH", 0)
    shared = train(dataset.examples, IDS, SMALL)
    get_reusable_executor().shutdown(wait=True)
    assert shared.scores.logits.tobytes() == result.scores.logits.tobytes()
    for name, array in shared.model.to_arrays()[0].items():
        assert array.tobytes() == result.model.to_arrays()[0][name].tobytes(), name


def test_training_twice_gives_the_same(dataset: Dataset, result: Trained) -> None:
    again, _ = train(dataset.examples, IDS, SMALL).model.to_arrays()
    for name, array in result.model.to_arrays()[0].items():
        assert np.array_equal(array, again[name]), name


def test_folds_never_part_a_report(dataset: Dataset) -> None:
    seen = []
    for learn, held_out in folds(dataset.examples, 4, 0):
        owners = [{dataset.examples[i].group for i in part} for part in (learn, held_out)]
        assert not owners[0] & owners[1]
        seen += held_out.tolist()
    assert sorted(seen) == list(range(len(dataset.examples)))


def test_labels_carried_down_are_taken_back_where_they_do_not_belong() -> None:
    """Without marked clauses, a sentence that stands beside a topic's in every paragraph is still not the topic's."""
    both = "全年硬化村组道路九公里。组织群众观看电影三场。"
    alone = "组织群众观看电影三场。"
    examples = [Example(both, "", ("roads",), "roads", f"r{i}") for i in range(12)]
    examples += [Example(alone, "", (), "other", f"n{i}") for i in range(12)]
    model = train(examples, ("roads",), Parameters(folds=3)).model
    first, second = Scorer(model).score(["全年硬化村组道路九公里。", alone]).logits[:, 0]
    assert first > 0 > second


def test_marked_clauses_teach_where_the_topic_is() -> None:
    text = "全年硬化村组道路九公里。新建小学教学楼两栋。"
    spans = (Span(0, 12, "roads"), Span(12, 22, "schools"))
    examples = [Example(text, "", ("roads", "schools"), "roads", f"r{i}", spans) for i in range(8)]
    examples += [Example("发放养老金三万元，慰问老人。", "", (), "other", f"n{i}", ()) for i in range(8)]
    model = train(examples, ("roads", "schools"), Parameters(folds=2)).model
    roads, schools = Scorer(model).score(["全年硬化村组道路九公里。", "新建小学教学楼两栋。"]).logits
    assert roads[0] > roads[1]
    assert schools[1] > schools[0]


PIECES = st.lists(st.sampled_from(["修路。", "学校；", "。", "", "造林", "路"]), max_size=4).map("".join)
EXAMPLES = st.lists(
    st.tuples(PIECES, st.sets(st.sampled_from(IDS)), st.integers(0, 5)), min_size=2, max_size=10
).filter(lambda rows: len({group for _, _, group in rows}) > 1 and any(topics for _, topics, _ in rows))


@given(EXAMPLES)
@settings(max_examples=20)
def test_the_smallest_collections_train(rows: list[tuple[str, set[str], int]]) -> None:
    examples = [
        Example(text, "", tuple(sorted(topics)), min(topics, default="other"), str(group))
        for text, topics, group in rows
    ]
    result = train(examples, IDS, SMALL)
    assert np.isfinite(result.scores.logits).all()
    assert np.isfinite(Scorer(result.model).score(["修路。造林。"]).logits).all()
