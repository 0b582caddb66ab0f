"""Rows of predictions from reports and tables."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import topics
from topics.corpus.reading import read_document
from topics.errors import UsageError
from topics.modeling.text import normalize
from topics.workflows.labelling import Wanted
from topics.workflows.predict import TableColumns, check_inputs, predict_reports, predict_tables
from topics.workflows.reports import Failures

Table = Callable[[Path, list[dict[str, Any]]], Path]


@pytest.fixture
def messages() -> list[str]:
    """What was reported as failed."""
    return []


@pytest.fixture
def failures(messages: list[str]) -> Failures:
    """A count that keeps its messages."""
    return Failures(messages.append)


def test_a_row_a_paragraph_with_exact_offsets(model: topics.Model, failures: Failures, corpus: Path) -> None:
    rows = list(predict_reports([str(corpus / "reports")], model, failures))
    assert len(rows) == 56
    assert failures.count == 0
    assert list(rows[0]) == [
        "report",
        "paragraph",
        "id",
        "headings",
        "text",
        "start",
        "end",
        "topics",
        "primary",
        "scores",
    ]
    for row in rows:
        text = read_document(corpus / "reports" / f"{row['report']}.txt").text
        assert text[row["start"] : row["end"]] == row["text"]
        assert (row["primary"] == "other") == (row["topics"] == [])
        assert row["topics"] == sorted(row["topics"], key=lambda t: -row["scores"][t])


def test_evidence_lies_within_the_paragraph(model: topics.Model, failures: Failures, corpus: Path) -> None:
    for row in predict_reports([str(corpus / "reports")], model, failures, wanted=Wanted(explain=True)):
        assert {e["topic"] for e in row["evidence"]} == set(row["scores"])
        for e in row["evidence"]:
            assert 0 <= e["start"] < e["end"] <= len(row["text"])
            for t in e["terms"]:
                assert t["term"].replace(" ", "") == normalize(row["text"])[t["start"] : t["end"]].replace(" ", "")
        for topic, score in row["scores"].items():
            base = row["logits"][topic]
            passages = sum(e["weight"] for e in row["evidence"] if e["topic"] == topic)
            assert base["constant"] + base["heading"] + passages == pytest.approx(base["logit"], abs=1e-6)
            assert 1 / (1 + math.exp(-base["logit"])) == pytest.approx(score, abs=1e-6)


def test_a_precision_adds_status_and_labels(model: topics.Model, failures: Failures, corpus: Path) -> None:
    for row in predict_reports([str(corpus / "reports")], model, failures, wanted=Wanted(precision=0.9)):
        assert row["status"] in ("auto", "review")
        assert 0 <= row["confidence"] <= 1
        assert list(row["labels"]) == row["topics"]
        assert all(mark["probability"] == row["scores"][t] for t, mark in row["labels"].items())


def test_what_fails_is_told_and_the_rest_goes_on(
    model: topics.Model, failures: Failures, messages: list[str], corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x00\x01")
    (tmp_path / "b.txt").write_text("修路三公里。", encoding="utf-8")
    rows = list(predict_reports([str(tmp_path / "none.txt"), str(tmp_path)], model, failures))
    assert [r["report"] for r in rows] == ["b"]
    assert failures.count == len(messages) == 2
    assert "none.txt: no such file" in messages[0]
    assert "a.txt: byte 0 is NUL" in messages[1]


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_tables_keep_every_column_and_the_order(
    model: topics.Model, failures: Failures, tmp_path: Path, table: Table, ending: str
) -> None:
    rows = [
        {
            "id": f"r{i}",
            "body": "新修乡村公路5公里，改造危桥2座。" if i % 2 else "开会。",
            "head": "道路建设",
            "year": f"{2000 + i}",
        }
        for i in range(600)
    ]
    path = table(tmp_path / f"t{ending}", rows)
    found = list(predict_tables([str(path)], TableColumns("body", "head"), model, failures))
    assert [{k: r[k] for k in rows[0]} for r in found] == rows
    assert list(found[0]) == ["id", "body", "head", "year", "topics", "primary", "scores"]
    assert found[1]["topics"] == ["roads"]
    assert failures.count == 0


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize(
    ("column", "wanted", "lost"),
    [
        ("topics", Wanted(), True),
        ("primary", Wanted(), True),
        ("scores", Wanted(), True),
        ("status", Wanted(), False),
        ("status", Wanted(precision=0.9), True),
        ("evidence", Wanted(), False),
        ("evidence", Wanted(explain=True), True),
    ],
)
def test_no_column_of_a_table_is_lost_to_one_of_the_predictions(
    model: topics.Model,
    failures: Failures,
    messages: list[str],
    tmp_path: Path,
    table: Table,
    ending: str,
    column: str,
    wanted: Wanted,
    lost: bool,
) -> None:
    mine = table(tmp_path / f"mine{ending}", [{"body": "新修乡村公路5公里。", column: "my own"}])
    plain = table(tmp_path / f"plain{ending}", [{"body": "开会。"}])
    found = list(predict_tables([str(mine), str(plain)], TableColumns("body"), model, failures, wanted))
    assert [r["body"] for r in found] == ["新修乡村公路5公里。", "开会。"]
    assert list(found[0])[:2] == ["body", f"given_{column}" if lost else column]
    assert found[0][f"given_{column}" if lost else column] == "my own"
    assert found[0]["topics"] == ["roads"]
    assert messages == []


def test_a_table_that_was_labelled_before_keeps_all_it_had(
    model: topics.Model, failures: Failures, tmp_path: Path, table: Table
) -> None:
    row = {"topics": "a", "given_topics": "b", "body": "新修乡村公路5公里。"}
    (found,) = predict_tables([str(table(tmp_path / "t.csv", [row]))], TableColumns("body"), model, failures)
    assert (found["given_given_topics"], found["given_topics"], found["topics"]) == ("a", "b", ["roads"])


def test_bad_rows_are_told_and_rows_without_text_keep_their_place(
    model: topics.Model, failures: Failures, messages: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(
        '{"body": "新修乡村公路5公里，改造危桥2座。"}\n{"body": null}\n[1]\n{\n\n{"body": "", "x": 1}\n',
        encoding="utf-8",
    )
    found = list(predict_tables([str(path)], TableColumns("body"), model, failures))
    assert [r["topics"] for r in found] == [["roads"], None, []]
    assert [m.split(": ")[0][-3:] for m in messages] == ["l:2", "l:3", "l:4"]


def test_csv_rows_of_another_width(
    model: topics.Model, failures: Failures, messages: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,body\n1,"硬化\n道路"\n2\n3,a,b\n4,开会\n', encoding="gb18030")
    found = list(predict_tables([str(path)], TableColumns("body"), model, failures))
    assert [(r["id"], r["body"]) for r in found] == [("1", "硬化\n道路"), ("4", "开会")]
    assert [m.partition(": ")[0] for m in messages] == [f"{path}:4", f"{path}:5"]


def test_many_failures_are_counted_not_named(failures: Failures, messages: list[str]) -> None:
    for i in range(100):
        failures.add(f"row {i}")
    assert failures.count == 100
    assert messages[-1] == "more inputs or rows failed; they are counted, not named"
    assert len(messages) == 21


@pytest.mark.parametrize(
    ("inputs", "text", "says"),
    [
        ([], None, "nothing to label"),
        (["t.csv"], None, r"t\.csv is a table: name the column"),
        (["r.txt", "t.parquet"], None, r"t\.parquet is a table"),
        (["t.csv", "r.txt"], "body", r"r\.txt is no table"),
        (["-"], "body", "- is no table"),
    ],
)
def test_inputs_that_do_not_go_together(inputs: list[str], text: str | None, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        check_inputs(inputs, TableColumns(text) if text else None)


def test_a_folder_named_like_a_table_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "t.csv").mkdir()
    check_inputs([str(tmp_path / "t.csv")], None)


def test_two_processes_give_the_same_rows_in_the_same_order(tmp_path: Path, model: topics.Model) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(
        "".join(json.dumps({"n": n, "body": f"硬化村组道路{n}公里。"}) + "\n" for n in range(2000)), encoding="utf-8"
    )
    one, two = (
        list(predict_tables([str(path)], TableColumns("body"), model, Failures(print), jobs=jobs)) for jobs in (1, 2)
    )
    assert one == two
    assert [row["n"] for row in two] == list(range(2000))
