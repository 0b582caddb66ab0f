"""Evidence: where it lies and what it adds up to."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import topics
from topics.modeling.explanation import Explainer
from topics.modeling.linear import LinearModel
from topics.modeling.text import normalize

TEXT = "全年硬化村组道路9公里。召开党委会议三次，学习文件五份。招聘乡村教师4名，组织校长培训两期。"


def test_evidence_is_the_clause_that_tells_of_the_topic(linear: LinearModel) -> None:
    explanation = Explainer(linear).explain(TEXT)
    columns = [(linear.topics.index(t), t) for t in ("roads", "schools")]
    evidence = explanation.evidence(columns)
    best = {e.topic: TEXT[e.start : e.end] for e in reversed(evidence)}
    assert best["roads"] in "全年硬化村组道路9公里。"
    assert best["schools"] in "招聘乡村教师4名，组织校长培训两期。"
    assert all(e.weight > 0 for e in evidence)


@given(st.lists(st.sampled_from(["修路", "学校。", "造林；", "护林员", "３", "，"]), max_size=20).map("".join))
def test_contributions_name_terms_where_they_stand(linear: LinearModel, text: str) -> None:
    normal = normalize(text)
    for c in Explainer(linear).explain(text).contributions:
        assert c.term.replace(" ", "") == normal[c.start : c.end].replace(" ", "")


def test_weights_of_a_paragraph_add_up_to_its_probability(model: topics.Model, linear: LinearModel) -> None:
    logits = Explainer(linear).explain(TEXT).logits()
    given_scores = model.predict([TEXT])[0].scores
    np.testing.assert_allclose([given_scores[t] for t in linear.topics], 1 / (1 + np.exp(-logits)), atol=1e-6)
