"""`TopicClassifier` among scikit-learn's tools."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks as checks

from topics import TopicClassifier
from topics.workflows.examples import Dataset


@pytest.fixture(scope="module")
def single() -> tuple[list[str], list[str]]:
    """Texts with one topic each."""
    kinds = {
        "道路": "硬化道路、改造危桥、安装护栏",
        "学校": "招聘教师、添置课桌、资助学生",
        "林业": "荒山造林、抚育幼林、清理病木",
    }
    texts, topics = [], []
    for year in range(2003, 2009):
        for topic, words in kinds.items():
            for word in words.split("、"):
                texts.append(f"{year}年{word}，成效明显。")
                topics.append(topic)
    return texts, topics


@pytest.fixture(scope="module")
def several(dataset: Dataset) -> tuple[list[str], Any]:
    """Texts with several topics, as an indicator matrix."""
    matrix = [[int(t in e.topics) for t in dataset.codebook.ids] for e in dataset.examples]
    return [e.text for e in dataset.examples], np.array(matrix)


QUICK: dict[str, Any] = {"windows": (0,), "char_range": (1, 2), "folds": 2}


def test_one_topic_a_text(single: tuple[list[str], list[str]]) -> None:
    texts, topics = single
    fitted = TopicClassifier(**QUICK).fit(texts, topics)
    assert fitted.classes_.tolist() == sorted(set(topics))
    assert fitted.score(texts, topics) == 1.0
    probabilities = fitted.predict_proba(["2010年硬化道路。", "", "甲"])
    assert probabilities.shape == (3, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert fitted.predict(texts[:5]).dtype.kind == "U"
    assert (fitted.decision_function(texts).argmax(axis=1) == fitted.predict_proba(texts).argmax(axis=1)).all()


def test_several_topics_a_text(several: tuple[list[str], Any]) -> None:
    texts, Y = several
    fitted = TopicClassifier(folds=2).fit(texts, Y)
    predicted = fitted.predict(texts)
    assert predicted.shape == Y.shape
    assert set(np.unique(predicted)) <= {0, 1}
    assert (predicted == Y).mean() > 0.95
    assert fitted.predict(texts[:0]).shape == (0, 3)


def test_groups_are_kept_together(several: tuple[list[str], Any]) -> None:
    texts, Y = several
    fitted = TopicClassifier(folds=2).fit(texts, Y, groups=[i // 7 for i in range(len(texts))])
    assert fitted.predict_proba(texts).shape == Y.shape


def test_clone_pickle_and_parameters(single: tuple[list[str], list[str]]) -> None:
    texts, topics = single
    fitted = TopicClassifier(C=3.0, **QUICK).fit(texts, topics)
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(texts), fitted.predict_proba(texts))
    fresh = clone(fitted)
    assert fresh.get_params() == fitted.get_params() == TopicClassifier(C=3.0, **QUICK).get_params()
    with pytest.raises(NotFittedError):
        fresh.predict(texts)
    assert fresh.set_params(C=1.0).C == 1.0
    assert is_classifier(fresh)


def test_in_a_pipeline_under_grid_search(single: tuple[list[str], list[str]]) -> None:
    texts, topics = single
    pipeline = Pipeline([("strip", FunctionTransformer(list)), ("topics", TopicClassifier(**QUICK))])
    search = GridSearchCV(pipeline, {"topics__C": [0.1, 10.0]}, cv=2).fit(texts, topics)
    assert search.best_score_ > 0.9
    assert search.predict(["2010年资助学生"]).tolist() == ["学校"]


def test_under_cross_validation_and_one_against_the_rest(single: tuple[list[str], list[str]]) -> None:
    texts, topics = single
    assert cross_val_score(TopicClassifier(**QUICK), texts, topics, cv=3).mean() > 0.9
    rest = OneVsRestClassifier(TopicClassifier(**QUICK)).fit(texts, topics)
    assert rest.predict(texts[:3]).tolist() == topics[:3]


def test_two_classes_have_one_decision(single: tuple[list[str], list[str]]) -> None:
    texts, topics = single
    two = ["道路" if t == "道路" else "其他" for t in topics]
    search = GridSearchCV(TopicClassifier(**QUICK), {"C": [10.0]}, cv=2, scoring="roc_auc").fit(texts, two)
    assert search.best_score_ > 0.9
    decisions = search.best_estimator_.decision_function(texts)
    assert decisions.shape == (len(texts),)
    assert (search.best_estimator_.classes_[(decisions > 0).astype(int)] == search.predict(texts)).all()


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_not_fitted(method: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(TopicClassifier(), method)(["修路"])


@pytest.mark.parametrize(
    ("X", "Y", "says"),
    [
        (["修路"], ["a", "b"], "1 texts but 2 rows"),
        (["修路", "造林"], ["a", "a"], "two classes"),
        (["修路"], ["a"], "two samples"),
        (["修路", 3], ["a", "b"], "sample 1 is int"),
        ([], [], "two samples"),
        ("修路", ["a", "b"], "one string"),
    ],
)
def test_what_cannot_be_learned_from(X: Any, Y: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        TopicClassifier().fit(X, Y)


@pytest.mark.parametrize(
    "parameters",
    [
        {"char_range": (0, 2)},
        {"char_range": (2, 4)},
        {"windows": ()},
        {"windows": (-1,)},
        {"C": 0.0},
        {"folds": 1},
        {"min_df": 0},
    ],
)
def test_parameters_that_make_no_sense(single: tuple[list[str], list[str]], parameters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(parameters))):
        TopicClassifier(**parameters).fit(*single)


@pytest.mark.parametrize(
    "check",
    [
        checks.check_estimator_cloneable,
        checks.check_estimator_repr,
        checks.check_estimator_tags_renamed,
        checks.check_valid_tag_types,
        checks.check_no_attributes_set_in_init,
        checks.check_parameters_default_constructible,
        checks.check_get_params_invariance,
        checks.check_set_params,
    ],
    ids=lambda check: check.__name__,
)
def test_scikit_learn_s_own_checks(check: Any) -> None:
    """Those that need no table of numbers to fit on."""
    check("TopicClassifier", TopicClassifier())
