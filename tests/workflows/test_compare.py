"""Models and files of predictions, compared."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

import topics
from topics.errors import InputError, LabelError
from topics.render import csv_lines, jsonl_lines, print_comparison
from topics.storage.models import OUT_OF_FOLD_FILE
from topics.workflows.compare import compare_sources
from topics.workflows.examples import Dataset
from topics.workflows.predict import predict_reports
from topics.workflows.reports import Failures
from topics.workflows.train import TrainResult, train_model


@pytest.fixture(scope="session")
def predictions(model: topics.Model, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the tiny model gives to its corpus, as JSON lines and as CSV."""
    folder = tmp_path_factory.mktemp("predictions")
    rows = list(predict_reports([str(corpus / "reports")], model, Failures(print)))
    (folder / "a.jsonl").write_text("".join(jsonl_lines(rows)), encoding="utf-8")
    (folder / "a.csv").write_text("".join(csv_lines(rows)), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_model_is_as_good_as_its_own_predictions(
    trained: TrainResult, dataset: Dataset, predictions: Path, name: str, tmp_path: Path
) -> None:
    forgetful = shutil.copytree(trained.folder, tmp_path / "model", ignore=shutil.ignore_patterns(OUT_OF_FOLD_FILE))
    result = compare_sources(str(forgetful), str(predictions / name), dataset)
    assert result["learned"] == [None, None]
    assert result["verdict"] == "cannot tell"
    assert result["differences"] == []
    assert all(e["difference"] == pytest.approx(0, abs=1e-6) for e in result["totals"].values())


def test_memory_is_not_taken_for_skill(trained: TrainResult, dataset: Dataset, predictions: Path) -> None:
    result = compare_sources(str(trained.folder), str(predictions / "a.jsonl"), dataset)
    assert result["learned"] == [len(dataset.examples), None]
    for name in ("macro_f1", "mean_average_precision", "primary_accuracy"):
        assert result["totals"][name]["a"] == pytest.approx(trained.figures[name], abs=1e-6)
    out = io.StringIO()
    print_comparison(result, out, {})
    assert f"A learned from {len(dataset.examples)} of them" in out.getvalue()


def test_a_spoiled_file_is_worse_and_the_paragraphs_are_named(dataset: Dataset, predictions: Path) -> None:
    rows = [json.loads(line) for line in (predictions / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row.update(topics=["roads"], primary="roads")
    spoiled = predictions / "spoiled.jsonl"
    spoiled.write_text("".join(jsonl_lines(rows)), encoding="utf-8")
    result = compare_sources(str(predictions / "a.jsonl"), str(spoiled), dataset)
    assert result["verdict"] == "worse"
    assert result["totals"]["primary_accuracy"]["verdict"] == "worse"
    texts = {e.text for e in dataset.examples}
    assert all(d["text"] in texts and d["a"] != d["b"] for d in result["differences"])
    assert all(d["b"] == {"topics": ["roads"], "primary": "roads"} for d in result["differences"])


def test_what_cannot_be_compared_says_why(dataset: Dataset, predictions: Path, tmp_path: Path) -> None:
    first = (predictions / "a.jsonl").read_text(encoding="utf-8").splitlines()[0]
    short = tmp_path / "short.jsonl"
    short.write_text(first + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks a labelled paragraph"):
        compare_sources(str(short), str(short), dataset)
    other = json.loads(first) | {"scores": {"weather": 0.5}}
    short.write_text(json.dumps(other) + "\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"gives no score \(weather\)"):
        compare_sources(str(short), str(short), dataset)
    for scores in ("x", [1], {"a": "b"}, None):
        short.write_text(json.dumps(other | {"scores": scores}) + "\n", encoding="utf-8")
        with pytest.raises((InputError, LabelError), match=r"short\.jsonl"):
            compare_sources(str(short), str(short), dataset)


def test_training_compares_with_the_current_model(dataset: Dataset, tmp_path: Path) -> None:
    from dataclasses import replace

    few = replace(
        dataset, examples=[e for e in dataset.examples if e.group <= sorted({e.group for e in dataset.examples})[3]]
    )
    first = train_model(few, tmp_path)
    assert first.comparison is None
    again = train_model(few, tmp_path)
    assert again.comparison is not None
    assert again.comparison["current"] == first.id
    assert again.comparison["unseen"] == 0
    assert again.comparison["verdict"] == "cannot tell"
    assert all(e["difference"] == 0 for e in again.comparison["per_topic"].values())
    more = train_model(dataset, tmp_path)
    assert more.comparison is not None
    assert more.comparison["n"] == len(dataset.examples)
    assert more.comparison["unseen"] == len(dataset.examples) - len(few.examples)
    assert more.promoted
    assert (more.folder / "MODEL_CARD.md").exists() is False  # nobody was asked to write it
