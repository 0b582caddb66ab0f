"""Labels: joined by hash, and every error named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from topics.codebook import codebook_of
from topics.corpus.paragraphs import split_report
from topics.errors import LabelError
from topics.records import Label, text_hash
from topics.storage.labels import join_labels, read_labels, read_spans, refuse_repeats, write_labels

BOOK = codebook_of(["roads", "schools"])
PARAGRAPHS = {(p.report, p.number): p for p in split_report("r", "修路三公里。\n建校两所。").paragraphs}
ONE, TWO = text_hash("修路三公里。"), text_hash("建校两所。")
HEADER = "report,paragraph,hash,topics,primary,annotator,note\n"
SPANS = "report,paragraph,hash,topic,start,end\n"


def label_file(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "gold.csv"
    path.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def span_file(folder: Path, *lines: str) -> Path:
    path = folder / "spans.csv"
    path.write_text(SPANS + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def test_labels_are_attached_to_their_paragraphs(tmp_path: Path) -> None:
    labels = read_labels(label_file(tmp_path, f"r,2,{TWO},schools|roads,roads,A,", f'r,1,{ONE},,other,B,"a, b"'), BOOK)
    spans = read_spans(span_file(tmp_path, f"r,2,{TWO},schools,0,3"), BOOK)
    second, first = join_labels(labels, PARAGRAPHS, spans)
    assert (second.text, second.topics, second.primary) == ("建校两所。", ("schools", "roads"), "roads")
    assert second.spans is None  # a topic without a mark: the marks do not tell everything
    assert (first.topics, first.primary, first.spans, first.group) == ((), "other", (), "r")
    assert labels[1].label.note == "a, b"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert len(read_labels(label_file(tmp_path, f"r,1,{ONE},roads,roads,A,", header="\ufeff" + HEADER), BOOK)) == 1


ERRORS = {
    "unknown topic": ([f"r,1,{ONE},bridges,bridges,A,"], r"gold\.csv:2: topic 'bridges' is not in the codebook"),
    "primary not among topics": ([f"r,1,{ONE},roads,schools,A,"], r"gold\.csv:2: primary 'schools' must be"),
    "primary without topics": ([f"r,1,{ONE},,roads,A,"], r"gold\.csv:2: primary 'roads' must be"),
    "other beside topics": ([f"r,1,{ONE},roads,other,A,"], r"gold\.csv:2: primary 'other' must be"),
    "no number": ([f"r,one,{ONE},roads,roads,A,"], r"gold\.csv:2: paragraph 'one' is not a whole number"),
    "twice": ([f"r,1,{ONE},roads,roads,A,"] * 2, r"gold\.csv:3: labels paragraph 1 of r a second time .*gold\.csv:2"),
    "conflict": ([f"r,1,{ONE},roads,roads,A,", f"r,1,{ONE},,other,B,"], r"gold\.csv:3: .* otherwise than before"),
    "too few cells": (["r,1"], r"gold\.csv:2: has more or fewer cells"),
    "too many cells": ([f"r,1,{ONE},roads,roads,A,a note, with a comma"], r"gold\.csv:2: has more or fewer cells"),
    "missing report": ([f"s,1,{ONE},roads,roads,A,"], r"gold\.csv:2: s has no paragraph 1"),
    "missing paragraph": ([f"r,3,{ONE},roads,roads,A,"], r"gold\.csv:2: r has no paragraph 3"),
    "changed paragraph": ([f"r,1,{TWO},roads,roads,A,"], r"gold\.csv:2: paragraph 1 of r changed"),
    "quote left open": ([f'r,1,{ONE},roads,roads,A,"note'], r"gold\.csv: not a readable CSV"),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "says"), ERRORS.values(), ids=ERRORS.keys())
def test_label_errors_name_file_and_line(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        join_labels(read_labels(label_file(tmp_path, *lines), BOOK), PARAGRAPHS)


SPAN_ERRORS = {
    "unknown topic": (f"r,1,{ONE},bridges,0,2", r"spans\.csv:2: topic 'bridges'"),
    "empty": (f"r,1,{ONE},roads,2,2", r"spans\.csv:2: 2 to 2 is no stretch"),
    "backwards": (f"r,1,{ONE},roads,-1,2", r"spans\.csv:2: -1 to 2 is no stretch"),
    "no number": (f"r,1,{ONE},roads,a,2", r"spans\.csv:2: start 'a' is not a whole number"),
    "past the end": (f"r,1,{ONE},roads,0,99", r"spans\.csv:2: does not fit the label in .*gold\.csv:2"),
    "topic not labelled": (f"r,1,{ONE},schools,0,2", r"spans\.csv:2: does not fit the label"),
    "changed paragraph": (f"r,1,{TWO},roads,0,2", r"spans\.csv:2: paragraph 1 of r changed"),
    "missing paragraph": (f"r,7,{ONE},roads,0,2", r"spans\.csv:2: r has no paragraph 7"),
}


@pytest.mark.parametrize(("line", "says"), SPAN_ERRORS.values(), ids=SPAN_ERRORS.keys())
def test_errors_of_marked_clauses_name_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    labels = read_labels(label_file(tmp_path, f"r,1,{ONE},roads,roads,A,"), BOOK)
    with pytest.raises(LabelError, match=says):
        join_labels(labels, PARAGRAPHS, read_spans(span_file(tmp_path, line), BOOK))


def test_files_that_are_no_label_files(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no such label file"):
        read_labels(tmp_path / "none.csv", BOOK)
    with pytest.raises(LabelError, match=r"gold\.csv:1: no column 'report'"):
        read_labels(label_file(tmp_path, header=""), BOOK)
    with pytest.raises(LabelError, match=r"gold\.csv:1: no column 'hash'"):
        read_labels(label_file(tmp_path, header="report,paragraph,topics,primary\n"), BOOK)
    (tmp_path / "gold.csv").write_bytes(HEADER.encode() + "r,1,修".encode("gb18030") + b"\xff")
    with pytest.raises(LabelError, match="not a readable CSV"):
        read_labels(tmp_path / "gold.csv", BOOK)


def test_two_files_may_not_label_one_paragraph(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    first = read_labels(label_file(tmp_path, f"r,1,{ONE},roads,roads,A,"), BOOK)
    second = read_labels(label_file(tmp_path / "b", f"r,1,{ONE},schools,schools,B,"), BOOK)
    with pytest.raises(LabelError, match=r"b/gold\.csv:2: .* otherwise than before \(first: .*gold\.csv:2\)"):
        refuse_repeats([*first, *second])


def test_written_labels_are_read_back(tmp_path: Path) -> None:
    label = Label("r", 1, ONE, ("roads", "schools"), "schools", "A", 'says "yes", they do')
    write_labels(tmp_path / "gold.csv", [label])
    assert [placed.label for placed in read_labels(tmp_path / "gold.csv", BOOK)] == [label]
