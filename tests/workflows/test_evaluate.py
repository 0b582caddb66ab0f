"""Evaluation with its promise, its errors and too few reports."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

import topics
from topics.errors import UsageError
from topics.workflows.evaluate import cross_validate, evaluate_model
from topics.workflows.examples import Columns, Dataset, from_table


def test_cross_validation_checks_its_promise_and_lists_errors(dataset: Dataset) -> None:
    told: list[tuple[int, int | None]] = []
    result = cross_validate(dataset, 4, 0.9, learning=True, tell=lambda *progress: told.append(progress))
    assert told == sorted(told)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] == sum(p["paragraphs"] for p in result["learning"])
    assert result["promise"]["precision"] == 0.9
    assert set(result["promise"]["topics"]) == set(dataset.codebook.ids)
    assert result["learning"][-1]["reports"] == 8
    assert [p["reports"] for p in result["learning"]] == sorted(p["reports"] for p in result["learning"])
    texts = {e.text: e for e in dataset.examples}
    for error in result["errors"]:
        assert (error["topic"] in texts[error["text"]].topics) == (error["kind"] == "missed")
        assert (error["topic"] in error["predicted"]) == (error["kind"] == "wrong")
    surprise = [abs((e["kind"] == "missed") - e["probability"]) for e in result["errors"]]
    assert surprise == sorted(surprise, reverse=True)


def test_too_few_reports_say_what_can_be_done(dataset: Dataset) -> None:
    names = sorted({e.group for e in dataset.examples})[:3]
    few = replace(dataset, examples=[e for e in dataset.examples if e.group in names])
    with pytest.raises(UsageError, match=r"only 3 reports have labels.*--cv 3.*--model ID.*2 more reports"):
        cross_validate(few, 5)
    assert cross_validate(few, 3)["interval_unit"] == "paragraph"


def test_a_model_without_promise_says_so(model: topics.Model, dataset: Dataset) -> None:
    bare = topics.Model(model.predictor, model.card)
    with pytest.raises(UsageError, match="carries no promise"):
        bare.predict(["修路"], precision=0.95)
    assert "coverage" not in evaluate_model(bare, dataset)


def test_the_promise_holds_on_real_reports(real: Path) -> None:
    model = topics.load()
    if model.promise is None:
        pytest.skip("the shipped model was stored without a promise; train it again")
    columns = [Columns("text", "topics", "primary", "heading", group) for group in ("report", "source")]
    parts = [
        from_table(real / name, c)
        for name, c in zip(("reports_dev.jsonl", "government_dev.jsonl"), columns, strict=True)
    ]
    both = replace(parts[0], examples=[e for part in parts for e in part.examples])
    checked = evaluate_model(model, both, 0.95)["promise"]["primary"]
    print(json.dumps(checked))
    assert checked["verdict"] in ("kept", "kept within its interval")
    assert checked["share"] > 0.5
    assert not math.isnan(checked["observed"])
