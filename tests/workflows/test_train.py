"""Training end to end: reports or a table → a model in the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import topics
from topics.codebook import codebook_of
from topics.errors import OutputError, UsageError
from topics.modeling.metrics import TOTALS
from topics.modeling.parameters import Parameters
from topics.records import Example
from topics.storage.models import current_id, list_models, load_model
from topics.workflows.evaluate import cross_validate, evaluate_model, learned_paragraphs
from topics.workflows.examples import Columns, Dataset, from_table
from topics.workflows.train import TrainResult, train_model

FIFTEEN = [
    ("体育", "球队、决赛、射门"),
    ("财经", "股市、利率、债券"),
    ("教育", "学校、课程、教师"),
    ("医疗", "医院、疫苗、手术"),
    ("交通", "高铁、机场、航班"),
    ("天气", "暴雨、寒潮、台风"),
    ("旅游", "景区、游客、民宿"),
    ("美食", "餐馆、火锅、糕点"),
    ("科技", "芯片、卫星、算法"),
    ("农业", "小麦、化肥、收割"),
    ("房产", "楼盘、房价、物业"),
    ("娱乐", "电影、歌手、综艺"),
    ("军事", "舰艇、演习、导弹"),
    ("环保", "污水、垃圾、减排"),
    ("汽车", "轿车、轮胎、油耗"),
]


@pytest.fixture(scope="session")
def news() -> list[dict[str, Any]]:
    """240 rows on 15 topics, one a row."""
    rows = []
    for i in range(16):
        for topic, words in FIFTEEN:
            one, two, three = words.split("、")
            pair = ((one, two), (two, three), (one, three))[i % 3]
            rows.append({"id": f"{topic}{i}", "body": f"记者第{i}次报道{pair[0]}与{pair[1]}的消息。", "label": topic})
    return rows


def test_the_model_and_its_card(trained: TrainResult, store: Path, dataset: Dataset) -> None:
    stored = load_model(store=store)
    card = stored.card
    assert current_id(store) == trained.id == card["id"] == stored.folder.name
    assert card["topics"] == ["roads", "schools", "forests"]
    assert card["data"] == {"reports": 8, "examples": 56, "sha256": dataset.source["sha256"]}
    assert card["codebook"]["sha256"] == dataset.codebook.digest()
    assert card["codebook"]["names"]["roads"] == "道路"
    assert card["segmenter"]["name"]
    assert set(card["versions"]) == {"topics", "python", "scikit-learn", "numpy"}
    assert card["figures"]["out_of_fold"] == json.loads(json.dumps(trained.figures))
    assert card["parameters"] == Parameters().record()
    assert trained.figures["macro_f1"] > 0.85


def test_training_twice_gives_the_same_bytes_and_id(trained: TrainResult, dataset: Dataset, tmp_path: Path) -> None:
    again = train_model(dataset, tmp_path, promote=False)
    assert (again.id, again.promoted, again.previous) == (trained.id, False, None)
    for name in ("model.joblib", "card.json"):
        assert (again.folder / name).read_bytes() == (trained.folder / name).read_bytes()
    assert not (tmp_path / "CURRENT").exists()


def test_another_corpus_gives_another_model(trained: TrainResult, dataset: Dataset, tmp_path: Path) -> None:
    less = replace(dataset, examples=[e for e in dataset.examples if e.group != "2010-meiling"])
    first = train_model(less, tmp_path)
    second = train_model(dataset, tmp_path)
    assert first.id != second.id == trained.id
    assert second.previous == first.id
    assert {c["id"] for c in list_models(tmp_path)} == {first.id, second.id}


def test_the_model_labels_what_it_has_not_seen(model: topics.Model) -> None:
    found = model.predict(
        ["今年新修乡村公路五公里，改造危桥一座。", "招聘乡村教师，资助贫困学生。", "发放养老金，慰问老人。"]
    )
    assert [p.primary for p in found] == ["roads", "schools", "other"]


def test_evaluation_of_a_model_and_of_training(model: topics.Model, dataset: Dataset) -> None:
    seen = evaluate_model(model, dataset)
    held_out = cross_validate(dataset, 4)
    new = replace(dataset.examples[0], text="这一段谁也没有学过。")
    assert (
        learned_paragraphs(model, replace(dataset, examples=[new, *dataset.examples[1:]])) == len(dataset.examples) - 1
    )
    bare = topics.Model(model.predictor, model.card)  # nothing but the card tells what it learned from
    assert learned_paragraphs(bare, dataset) == len(dataset.examples)
    assert learned_paragraphs(bare, replace(dataset, examples=dataset.examples[1:])) == 0
    assert seen["macro_f1"] >= held_out["macro_f1"] > 0.85
    assert seen["n"] == held_out["n"] == 56
    assert seen["groups"] == 8
    assert set(seen["intervals"]) == {*TOTALS, "per_topic"}


@pytest.mark.parametrize("n", [1, 0, -3, 9])
def test_folds_that_make_no_sense(dataset: Dataset, n: int) -> None:
    with pytest.raises(UsageError, match="give 2 "):
        cross_validate(dataset, n)


def test_fifteen_topics_one_a_row(
    news: list[dict[str, Any]], tmp_path: Path, table: Callable[[Path, list[dict[str, Any]]], Path]
) -> None:
    dataset = from_table(table(tmp_path / "news.parquet", news), Columns("body", "label"))
    assert len(dataset.examples) == 240
    result = train_model(dataset, tmp_path / "models")
    model = topics.load(result.folder)
    assert sorted(model.topics) == sorted(t for t, _ in FIFTEEN)
    for prediction in model.predict(
        ["", "甲", "记者报道", "球队进入决赛，股市上涨，学校开课。", *(r["body"] for r in news[:30])]
    ):
        assert len(prediction.topics) == 1
        assert prediction.primary == prediction.topics[0]
        assert sum(prediction.scores.values()) == pytest.approx(1)
    assert evaluate_model(model, dataset)["macro_f1"] == 1.0
    assert cross_validate(dataset, 4)["macro_f1"] > 0.9


def bare(*examples: Example) -> Dataset:
    return Dataset(list(examples), codebook_of(sorted({t for e in examples for t in e.topics})), {})


@pytest.mark.parametrize(
    ("dataset_given", "says"),
    [
        (bare(Example("修路。", "", ("a",), "a", "r")), "1 labelled report is not enough"),
        (bare(*(Example("修路。", "", ("a",), "a", g) for g in "rs")), "every paragraph has the same topic"),
        (bare(*(Example("修路。", "", (), "other", g) for g in "rs")), "no paragraph has a topic"),
    ],
)
def test_nothing_to_learn_from(tmp_path: Path, dataset_given: Dataset, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        train_model(dataset_given, tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_ten_rows_with_ten_topics(tmp_path: Path) -> None:
    dataset = bare(*(Example(f"甲乙丙丁{i}", "", (f"t{i}",), f"t{i}", str(i)) for i in range(10)))
    assert topics.load(train_model(dataset, tmp_path).folder).predict(["甲乙"])[0].topics


def test_a_store_that_cannot_be_made(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        train_model(dataset, tmp_path / "models")
