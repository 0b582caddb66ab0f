"""The library's face: `load`, `Model`."""

from __future__ import annotations

from pathlib import Path

import pytest

import topics
from topics.errors import InputError, ModelError


def test_paragraphs_with_and_without_headings(model: topics.Model) -> None:
    texts = ["新修乡村公路5公里，改造危桥2座。", "开会。"] * 300  # more than a batch
    found = model.predict(texts)
    assert len(found) == 600
    assert found[:2] == found[-2:]
    assert found[0].topics == ("roads",)
    assert set(found[0].scores) == set(model.topics) == {"roads", "schools", "forests"}
    assert model.predict(texts[:1], ["道路建设"])[0].topics == ("roads",)
    assert model.predict([]) == []


def test_a_report(model: topics.Model, corpus: Path) -> None:
    found = model.predict_report(str(corpus / "reports" / "2004-liuxi.txt"))
    assert [x.paragraph.number for x in found] == list(range(1, 8))
    assert {x.prediction.primary for x in found} >= {"roads", "schools", "forests", "other"}


def test_mistakes_are_named(model: topics.Model, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="one string"):
        model.predict("修路。")
    with pytest.raises(ValueError, match="zip"):
        model.predict(["修路。"], [])
    with pytest.raises(InputError, match="no such file"):
        model.predict_report(tmp_path / "none.txt")
    with pytest.raises(ModelError, match="no such model"):
        topics.load(tmp_path / "none")


def test_the_shipped_model_labels_the_samples(sample: Path) -> None:
    model = topics.load()
    found = {x.paragraph.heading: x.prediction for x in model.predict_report(sample / "2008-yanchi-yearbook.txt")}
    assert found["【信访工作】"].primary == "stability_maintenance"
    assert found["【严打整治】"].primary == "crime_crackdown"
    assert found["【人民调解】"].primary == "mediation"
    assert found["【技防建设】"].primary == "informatization"
    assert found["【流动人口管理】"].primary == "special_populations"
    assert found["【综述】"].topics == found["【队伍建设】"].topics == ()
