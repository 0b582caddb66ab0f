"""Shares of topics by report, year and place."""

from __future__ import annotations

from pathlib import Path

import pytest

import topics
from topics.render import jsonl_lines, summary_rows
from topics.workflows.predict import predict_reports
from topics.workflows.reports import Failures
from topics.workflows.summarise import place_of, summarise_inputs, year_of


@pytest.mark.parametrize(
    ("name", "title", "year", "place"),
    [
        ("青屏州2013", "", "2013", "青屏州"),
        ("r", "中共安潭县委政法委员会二〇〇〇年工作总结", "2000", "安潭县"),
        ("r", "２０１６年苇江省工作报告", "2016", "苇江省"),
        ("r", "关于全市社会治安的报告", None, None),
        ("r", "在鸣泉市政法工作会议上的讲话（2011年）", "2011", "鸣泉市"),
        ("2012-2019-antan", "共青团漂河市委2018年总结", "2018", "漂河市"),
        ("120131", "", None, None),
        ("银沙自治区天岫市2009", "别的县2001年", "2009", "银沙自治区天岫市"),
        ("<script>", "\u202e", None, None),
    ],
)
def test_years_and_places(name: str, title: str, year: str | None, place: str | None) -> None:
    assert (year_of(name, title), place_of(name, title)) == (year, place)


def test_shares_add_up_and_predictions_give_the_same(model: topics.Model, corpus: Path, tmp_path: Path) -> None:
    failures = Failures(print)
    summary = summarise_inputs([str(corpus / "reports")], model, failures)
    assert len(summary["by_report"]) == 8
    for entry in summary["by_report"]:
        assert sum(entry["primary"].values()) == pytest.approx(1)
        assert entry["paragraphs"] > 0
    rows = predict_reports([str(corpus / "reports")], model, failures)
    (tmp_path / "p.jsonl").write_text("".join(jsonl_lines(rows)), encoding="utf-8")
    assert summarise_inputs([str(tmp_path / "p.jsonl")], model, failures) == summary
    assert sum(1 for r in summary_rows(summary) if r["by"] == "report") == 8


def test_what_fails_is_told(model: topics.Model, corpus: Path, tmp_path: Path) -> None:
    messages: list[str] = []
    (tmp_path / "bad.jsonl").write_text('{"text": "甲"}\n', encoding="utf-8")
    inputs = [str(tmp_path / "none.txt"), str(tmp_path / "bad.jsonl"), str(corpus / "reports")]
    assert len(summarise_inputs(inputs, model, Failures(messages.append))["by_report"]) == 8
    assert len(messages) == 2
