"""The real reports, which are no part of the project: paragraphs, headings and offsets as they should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import topics
from topics.corpus.paragraphs import read_report
from topics.workflows.evaluate import evaluate_model
from topics.workflows.examples import Columns, from_table


@pytest.fixture(scope="module")
def expected(real: Path) -> list[dict[str, Any]]:
    """The 35 paragraphs."""
    lines = (real / "reports_dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_paragraphs_are_just_these_each_under_its_heading(real: Path, expected: list[dict[str, Any]]) -> None:
    found = [p for path in sorted(real.glob("*.txt")) for p in read_report(path).paragraphs]
    wanted = [(row["report"], squeezed(row["text"])) for row in expected]
    assert [(p.report, squeezed(p.text)) for p in found] == wanted
    assert len(found) == 35
    odd = [p.id for p, row in zip(found, expected, strict=True) if squeezed(p.heading) != squeezed(row["heading"])]
    assert odd == []
    for path in real.glob("*.txt"):
        text = path.read_bytes().decode()
        assert all(text[p.start : p.end] == p.text for p in found if p.report == path.stem)


def test_the_shipped_model_beats_the_seed_terms(real: Path) -> None:
    """Eight seed terms a topic, two hits needed, give a macro-F1 of 0.79; a model below that is not worth running."""
    columns = Columns("text", "topics", "primary", "heading")
    result = evaluate_model(topics.load(), from_table(real / "reports_dev.jsonl", columns))
    assert result["n"] == 35
    assert result["macro_f1"] > 0.79
