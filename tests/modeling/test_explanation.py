"""Evidence: where it lies and what it adds up to."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import topics
from topics.modeling.explanation import Explainer
from topics.modeling.linear import LinearModel
from topics.modeling.scoring import counts
from topics.modeling.text import normalize

TEXT = "全年硬化村组道路9公里。召开党委会议三次，学习文件五份。招聘乡村教师4名，组织校长培训两期。"


def test_evidence_is_the_clause_that_tells_of_the_topic(linear: LinearModel) -> None:
    explanation = Explainer(linear).explain(TEXT)
    columns = [(linear.topics.index(t), t) for t in ("roads", "schools")]
    evidence = list(explanation.evidence(columns))
    best = {e.topic: TEXT[e.start : e.end] for e in reversed(evidence)}
    assert best["roads"] in "全年硬化村组道路9公里。"
    assert best["schools"] in "招聘乡村教师4名，组织校长培训两期。"
    assert len(evidence) == 2 * len(explanation.units)
    for e in evidence:
        assert [abs(t.weight) for t in e.terms] == sorted((abs(t.weight) for t in e.terms), reverse=True)
        assert all(e.start <= t.start < t.end <= e.end for t in e.terms)


TEXTS = st.lists(
    st.sampled_from(
        ["修路", "学校。", "造林；", "护林员", "３", "，", "建校舍！", "\u202e", "<b>", "\n", "公路5公里。"]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(TEXTS, st.text(max_size=60)), st.sampled_from(["", "一、道路建设", "学校"]))
def test_weights_add_up_to_the_score(model: topics.Model, text: str, heading: str) -> None:
    scored = model.predictor.scorer.score([text], [heading])
    explanation = model.explanation(text, heading)
    np.testing.assert_allclose(explanation.logits(), scored.logits[0], atol=1e-6)
    total = explanation.constant + explanation.heading()
    for e in model.explain(text, heading):
        total[model.topics.index(e.topic)] += e.weight
    np.testing.assert_allclose(total, scored.logits[0], atol=1e-6)


@given(st.lists(st.sampled_from(["修路", "学校。", "造林；", "护林员", "３", "，"]), max_size=20).map("".join))
def test_contributions_name_terms_where_they_stand(linear: LinearModel, text: str) -> None:
    normal = normalize(text)
    for c in Explainer(linear).explain(text).contributions:
        assert c.term.replace(" ", "") == normal[c.start : c.end].replace(" ", "")


def test_a_clause_says_how_probably_it_speaks_for_a_topic(model: topics.Model) -> None:
    shares = np.zeros(len(model.topics))
    for e in model.explain(TEXT):
        assert e.probability is not None
        shares[model.topics.index(e.topic)] += float(counts(np.array(e.probability))) * (e.end - e.start)
    np.testing.assert_allclose(shares, model.predictor.scorer.score([TEXT]).shares[0])


def test_weights_of_a_paragraph_add_up_to_its_probability(model: topics.Model, linear: LinearModel) -> None:
    logits = Explainer(linear).explain(TEXT).logits()
    given_scores = model.predict([TEXT])[0].scores
    np.testing.assert_allclose([given_scores[t] for t in linear.topics], 1 / (1 + np.exp(-logits)), atol=1e-6)
