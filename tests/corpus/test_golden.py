"""Reports in every form give the paragraphs that were reviewed: see ``tests/golden/reports``.

After a wanted change, ``TOPICS_RENEW_GOLDEN=1 python -m pytest tests/corpus/test_golden.py`` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from topics.corpus.paragraphs import read_report, split_document, split_report
from topics.corpus.reading import read_document
from topics.records import Report

DATA = Path(__file__).resolve().parents[1] / "data" / "reports"
GOLDEN = DATA.parents[1] / "golden" / "reports"
FILES = sorted(p for p in DATA.iterdir() if p.suffix != ".zip")


def shown(report: Report) -> str:
    """A report as it is reviewed: a line a part, offsets first, then what it was taken for."""
    parts = [(h.start, h.end, f"heading {h.depth}", report.text[h.start : h.end]) for h in report.headings]
    for p in report.paragraphs:
        place = "" if p.place is None else f" at {p.place}"
        parts.append((p.start, p.end, f"paragraph {p.number}{place}", f"{' / '.join(p.headings)} | {p.reading}"))
    parts += [(d.start, d.end, f"left out: {d.reason}", report.text[d.start : d.end]) for d in report.dropped]
    lines = [f"{start}-{end} {kind} | {text!r}" for start, end, kind, text in sorted(parts)]
    return "\n".join([f"{report.encoding} | {report.title}", *lines, ""])


def test_there_are_enough_forms() -> None:
    assert len(FILES) >= 40
    assert {p.suffix for p in FILES} == {".txt", ".html", ".htm", ".mhtml", ".md", ".docx", ".pdf"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reports_give_the_reviewed_parts(path: Path) -> None:
    found = shown(read_report(path))
    golden = GOLDEN / f"{path.name}.golden"
    if os.environ.get("TOPICS_RENEW_GOLDEN"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {p.name for p in GOLDEN.iterdir()} == {f"{p.name}.golden" for p in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_character_has_a_fate_and_every_offset_is_exact(path: Path) -> None:
    report = split_document("r", read_document(path))
    covered = bytearray(len(report.text))
    for part in (*report.headings, *report.paragraphs, *report.dropped):
        covered[part.start : part.end] = b"\x01" * (part.end - part.start)
    marks = "#*-> `" if path.suffix == ".md" else ""
    lost = {c for c, seen in zip(report.text, covered, strict=True) if not seen and not c.isspace()}
    assert lost <= set(marks)
    for p in report.paragraphs:
        assert report.text[p.start : p.end] == p.text


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix != ".md"], ids=lambda path: path.name)
def test_splitting_what_was_split_changes_nothing(path: Path) -> None:
    readings = [p.reading for p in read_report(path).paragraphs]
    again = split_report("r", "\n\n".join(readings))
    assert [p.reading for p in again.paragraphs] == readings


WRAPPED = [p for p in FILES if p.name in ("form-feeds.txt", "page-ends.txt") or p.name.startswith("wrapped-")]


@pytest.mark.parametrize("path", [p for p in WRAPPED if p.stem not in ("wrapped-blank", "wrapped-latin")])
def test_wrapping_does_not_change_paragraphs_or_their_ids(path: Path) -> None:
    whole = read_report(DATA / "printed.pdf")
    found = read_report(path)
    assert [p.reading for p in found.paragraphs] == [p.text for p in whole.paragraphs]
    assert [p.headings for p in found.paragraphs] == [p.headings for p in whole.paragraphs]
    assert [p.id.rpartition(":")[2] for p in found.paragraphs] == [p.id.rpartition(":")[2] for p in whole.paragraphs]


@pytest.mark.parametrize("name", ["gb2312-crlf.txt", "utf16-le.txt", "utf16-be-bom.txt", "wrong-charset.htm"])
def test_the_encoding_makes_no_difference(name: str) -> None:
    wanted = read_report(DATA / "gb18030.txt").paragraphs
    found = read_report(DATA / name).paragraphs
    assert [(p.text, p.headings) for p in found] == [(p.text, p.headings) for p in wanted]


@pytest.mark.parametrize(("name", "like"), [("columns.pdf", "printed.pdf"), ("name-above-gb.htm", "name-above.html")])
def test_two_settings_of_a_text_give_the_same_paragraphs(name: str, like: str) -> None:
    wanted = read_report(DATA / like).paragraphs
    assert [p.text for p in read_report(DATA / name).paragraphs] == [p.text for p in wanted]
