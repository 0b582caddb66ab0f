"""Labelled paragraphs from reports and from tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from topics.errors import InputError, LabelError, UsageError
from topics.workflows.examples import Columns, Dataset, check_options, digest, from_reports, from_table

Table = Callable[[Path, list[dict[str, Any]]], Path]
COLUMNS = Columns("text", "topics", "primary")
ROWS: list[dict[str, Any]] = [
    {"text": "修路三公里。", "topics": ["roads", "schools"], "primary": "schools"},
    {"text": "建校两所。", "topics": ["schools"], "primary": "schools"},
    {"text": "开会三次。", "topics": [], "primary": "other"},
]


def test_the_tiny_corpus(dataset: Dataset) -> None:
    assert dataset.codebook.ids == ("roads", "schools", "forests")
    assert len(dataset.examples) == 56
    assert len({e.group for e in dataset.examples}) == 8
    marked = {e.group for e in dataset.examples if e.spans}
    assert marked == {"2003-shiban", "2005-qingping", "2007-baitu", "2009-dongwan"}
    assert all(e.spans == () for e in dataset.examples if not e.topics)
    assert dataset.source["sha256"] == digest(dataset.examples)


def test_every_part_of_an_example_counts_in_the_digest(dataset: Dataset) -> None:
    assert digest(dataset.examples) != digest(dataset.examples[1:])
    assert digest(dataset.examples) != digest(dataset.examples[::-1])


def test_a_label_file_alone_has_no_marked_clauses(corpus: Path) -> None:
    labels = corpus / "labels"
    dataset = from_reports([corpus / "reports"], [labels / "gold.csv"], labels / "codebook.toml")
    assert {e.spans for e in dataset.examples if e.topics} == {None}


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_tables_in_every_format(tmp_path: Path, table: Table, ending: str) -> None:
    dataset = from_table(table(tmp_path / f"t{ending}", ROWS), COLUMNS)
    assert dataset.codebook.ids == ("roads", "schools")
    assert [e.topics for e in dataset.examples] == [("roads", "schools"), ("schools",), ()]
    assert [e.primary for e in dataset.examples] == ["schools", "schools", "other"]
    assert len({e.group for e in dataset.examples}) == 3


def test_other_alone_means_no_topic_and_groups_are_kept(tmp_path: Path, table: Table) -> None:
    rows = [
        {"text": "开会。", "topics": "other", "town": "A", "head": "一、会议"},
        {"text": "修路。", "topics": 7, "town": "A", "head": None},
    ]
    dataset = from_table(table(tmp_path / "t.jsonl", rows), Columns("text", "topics", None, "head", "town"))
    assert [(e.topics, e.primary, e.heading, e.group) for e in dataset.examples] == [
        ((), "other", "一、会议", "A"),
        (("7",), "7", "", "A"),
    ]


def row(**changes: Any) -> list[dict[str, Any]]:
    return [ROWS[0] | changes]


@pytest.mark.parametrize(
    ("rows", "columns", "says"),
    [
        (row(topics=["roads", "other"]), COLUMNS, r"t\.jsonl:1: 'other' stands for no topic"),
        (row(primary="forests"), COLUMNS, r"t\.jsonl:1: primary 'forests' must be one"),
        (row(topics=[]), COLUMNS, r"t\.jsonl:1: primary 'schools' must be one"),
        (row(topics={"roads": 1}), COLUMNS, r"t\.jsonl:1: column 'topics' holds"),
        (row(topics=[1.5]), COLUMNS, r"t\.jsonl:1: column 'topics' holds"),
        (row(text=None), COLUMNS, r"t\.jsonl:1: column 'text' holds no text"),
        (row(), Columns("body", "topics"), r"t\.jsonl: no column 'body'; the table has text, topics, primary"),
        (row(), Columns("text", "topics", group="town"), r"no column 'town'"),
        ([], COLUMNS, r"t\.jsonl: no rows"),
    ],
)
def test_tables_with_errors(
    tmp_path: Path, table: Table, rows: list[dict[str, Any]], columns: Columns, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        from_table(table(tmp_path / "t.jsonl", rows), columns)


def test_topics_must_be_in_the_codebook_that_is_given(tmp_path: Path, table: Table, corpus: Path) -> None:
    path = table(tmp_path / "t.csv", [{"text": "修桥。", "topics": "bridges"}])
    with pytest.raises(
        LabelError, match=r"t\.csv:2: topic 'bridges' is not in the codebook \(roads, schools, forests\)"
    ):
        from_table(path, Columns("text", "topics"), corpus / "labels" / "codebook.toml")


def test_two_reports_of_one_name(corpus: Path, tmp_path: Path) -> None:
    shutil.copy(corpus / "reports" / "2003-shiban.txt", tmp_path)
    labels = corpus / "labels"
    with pytest.raises(InputError, match="two reports are called 2003-shiban"):
        from_reports([corpus / "reports", tmp_path], [labels], labels / "codebook.toml")


def test_labels_given_twice(corpus: Path) -> None:
    labels = corpus / "labels"
    with pytest.raises(LabelError, match=r"gold\.csv:2: labels paragraph 1 of 2003-shiban a second time"):
        from_reports([corpus / "reports"], [labels, labels], labels / "codebook.toml")


@pytest.mark.parametrize(
    ("table_given", "columns", "reports", "says"),
    [
        (True, ("text", None), None, "--table needs"),
        (True, (None, "topics"), None, "--table needs"),
        (False, ("text", "topics"), None, "give the table"),
        (False, (None, None, None, "heading"), None, "give the table"),
        (True, ("text", "topics"), [Path("seeds")], "leave --reports and --labels out"),
    ],
)
def test_options_that_do_not_go_together(
    table_given: bool, columns: tuple[str | None, ...], reports: list[Path] | None, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        check_options(Path("t.csv") if table_given else None, columns, reports, None)
