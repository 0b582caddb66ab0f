"""Results → lines."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from topics.modeling.metrics import MEASURES
from topics.render import csv_lines, jsonl_lines, print_evaluation, print_models, print_predictions

ROW: dict[str, Any] = {
    "report": "r",
    "paragraph": 1,
    "headings": ["一、道路", "【桥】"],
    "text": "修路",
    "topics": ["roads", "schools"],
    "primary": "schools",
    "scores": {"roads": 0.912, "schools": 0.5},
}
CELLS = st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=20), st.none()), min_size=1, max_size=4)


@given(CELLS)
def test_a_line_of_json_a_row(row: dict[str, Any]) -> None:
    (line,) = jsonl_lines([row])
    assert line.endswith("\n")
    assert json.loads(line) == row


@given(
    st.lists(st.lists(st.text(st.characters(exclude_characters="\r"), max_size=9), min_size=2, max_size=2), min_size=1)
)
def test_csv_comes_back(cells: list[list[str]]) -> None:
    rows = [{"a": a, "b": b} for a, b in cells]
    assert list(csv.DictReader(io.StringIO("".join(csv_lines(rows)), newline=""))) == rows


def test_lists_are_joined_and_mappings_are_json_in_csv() -> None:
    (cells,) = csv.DictReader(io.StringIO("".join(csv_lines([ROW])), newline=""))
    assert cells["topics"] == "roads|schools"
    assert cells["headings"] == "一、道路|【桥】"
    assert json.loads(cells["scores"]) == ROW["scores"]


def test_no_rows_no_lines() -> None:
    assert list(csv_lines([])) == list(jsonl_lines([])) == []


def test_predictions_as_a_table() -> None:
    out = io.StringIO()
    nothing = ROW | {"report": "s", "paragraph": 2, "headings": [], "topics": [], "primary": "other"}
    print_predictions([ROW, nothing], out, {"roads": "道路"})
    text = out.getvalue()
    assert "道路 0.91" in text
    assert "* schools 0.50" in text
    assert "【桥】" in text
    assert "—" in text
    assert [line.strip() for line in text.splitlines() if line.strip() in ("r", "s")] == ["r", "s"]


def test_control_characters_do_not_reach_the_terminal() -> None:
    out = io.StringIO()
    print_predictions([ROW | {"text": "甲\x1b[2J\u2028乙", "report": "\x1b]0;x\x07"}], out, {})
    assert "\x1b" not in out.getvalue()
    assert "\x07" not in out.getvalue()


def test_rows_of_a_table_without_topics() -> None:
    out = io.StringIO()
    print_predictions([{"body": "修路", "topics": None, "primary": None, "scores": None}], out, {})
    assert "修路" in out.getvalue()


def test_models_and_evaluations() -> None:
    out = io.StringIO()
    print_models([{"id": "0" * 12, "current": True, "topics": 3, "examples": None, "macro_f1": None}], out)
    interval = {m: [None, None] for m in MEASURES}
    undefined = dict.fromkeys(MEASURES) | {"support": 0}
    print_evaluation(
        {
            "n": 2,
            "groups": 1,
            "macro_f1": 0.5,
            "micro_f1": None,
            "primary_accuracy": None,
            "ece": 0.25,
            "per_topic": {"roads": undefined},
            "mean_average_precision": None,
            "interval_unit": "paragraph",
            "intervals_rough": True,
            "intervals": {"macro_f1": [0.25, 0.75], "ece": [0.1, 0.3], "per_topic": {"roads": interval}},
        },
        out,
        {"roads": "道路"},
    )
    text = out.getvalue()
    for piece in (
        "current",
        "0" * 12,
        "道路",
        "no support",
        "macro-F1",
        "0.250 to 0.750",
        "2 paragraphs of 1 reports; 95 % intervals by paragraph, too narrow",
    ):
        assert piece in text
    assert "micro-F1" not in text
