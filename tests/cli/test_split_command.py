"""``topics split`` and the options that say how reports are read, in processes of their own."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

REPORTS = Path(__file__).resolve().parents[1] / "data" / "reports"
GOOD = "一、调解工作\n全年调解矛盾纠纷三百件。\n版权所有：某县\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_what_was_found_is_shown_with_reasons(run: Any) -> None:
    done = run("split", REPORTS / "cms.html")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "cms: utf-8, title 沣原县2016年平安建设工作总结_沣原县人民政府"
    assert lines[1] == "4 headings, 5 paragraphs, 17 lines left out"
    assert "  heading         一、深化矛盾纠纷排查化解" in lines
    assert any(line.startswith("  paragraph 2     坚持县、乡、村三级联动") for line in lines)
    assert any(line.endswith("相关文章  (related pages)") for line in lines)


def test_json_lines_hold_every_part_with_its_place(run: Any) -> None:
    found = rows(run("split", "--format", "jsonl", REPORTS / "printed.pdf", REPORTS / "numbered.docx").out)
    assert [row["report"] for row in found if row["kind"] == "report"] == ["printed", "numbered"]
    paragraphs = [row for row in found if row["kind"] == "paragraph"]
    assert [row.get("page") for row in paragraphs] == [1, 1, 1, None, None, None, None]
    assert [row.get("word_paragraph") for row in paragraphs] == [None, None, None, 2, 5, 7, 9]
    assert {row["reason"] for row in found if row["kind"] == "left out"} == {"running head"}
    assert all(row["end"] - row["start"] == len(row["text"]) for row in found if row["kind"] != "report")


def test_standard_input_and_archives(run: Any) -> None:
    done = run("split", "-", "--format", "jsonl", stdin=(REPORTS / "styles.docx").read_bytes())
    assert [row["paragraphs"] for row in rows(done.out) if row["kind"] == "report"] == [4]
    done = run("split", REPORTS / "bundle.zip", "--format", "jsonl")
    assert [row["report"] for row in rows(done.out) if row["kind"] == "report"] == ["b", "临溪县"]


def test_the_encoding_may_be_named(run: Any, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_bytes(("расследование преступлений; " * 9).encode("koi8-r"))
    assert run("split", "r.txt").code == 2
    done = run("split", "r.txt", "--encoding", "koi8-r", "--format", "jsonl")
    assert (done.code, rows(done.out)[0]["encoding"]) == (0, "koi8-r")
    done = run("split", "r.txt", "--encoding", "nonsense")
    assert (done.code, "no such encoding: nonsense" in done.line) == (2, True)


def test_files_of_a_folder_may_be_chosen(run: Any, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "notes.ini"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")

    def chosen(*options: str) -> list[str]:
        return [
            r["report"] for r in rows(run("split", ".", "--format", "jsonl", *options).out) if r["kind"] == "report"
        ]

    assert chosen() == ["a", "b"]
    assert chosen("--exclude", "b*") == ["a"]
    assert chosen("--include", "*.ini", "--include", "a.txt") == ["a", "notes"]


def test_nothing_to_split(run: Any, tmp_path: Path) -> None:
    assert run("split").code == 2
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run("split", "empty.txt")
    assert (done.code, "the file is empty" in done.line) == (2, True)


def bad_files(folder: Path) -> set[str]:
    """Fill a folder with reports that cannot be read; give their names as they are told."""
    contents = {
        "binary.txt": bytes(range(256)) * 40,
        "damaged.docx": (REPORTS / "styles.docx").read_bytes()[:3000],
        "empty.txt": b"",
        "half.txt": "平安".encode()[:-1],
        "locked.docx": OLE + "EncryptedPackage".encode("utf-16-le"),
        "old.doc": OLE,
        "picture.pdf": b"\xff\xd8\xff\xe0JFIF",
        "truncated.pdf": (REPORTS / "printed.pdf").read_bytes()[:2000],
        "two\nlines.txt": b"",
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("r.txt", bytes(50_000_000))
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    os.mkfifo(folder / "pipe.txt")
    with (folder / "huge.txt").open("wb") as handle:
        handle.truncate(200_000_000)
    names = {*contents, "bomb.zip", "loop.txt", "pipe.txt", "huge.txt"}
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/bytes\xff.txt")).write_bytes(b"")
    except OSError:  # a file system that takes only UTF-8
        return names
    return {*names, "bytes\\xff.txt"}


def test_bad_files_are_named_in_a_line_each_and_the_others_go_on(run: Any, tmp_path: Path) -> None:
    names = bad_files(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "zz-good.txt").write_text(GOOD, encoding="utf-8")
    done = run("split", ".", "--format", "jsonl")
    assert done.code == 1
    assert [row["report"] for row in rows(done.out) if row["kind"] == "report"] == ["zz-good"]
    lines = done.err.splitlines()
    assert len(lines) == len(names)
    assert all(line.startswith("topics: ") for line in lines)
    for name in names:
        assert sum(f"{' '.join(name.split())}: " in line for line in lines) == 1, (name, lines)


def test_predict_goes_on_past_bad_files_and_labels_every_form(run: Any, tmp_path: Path, store: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    bad_files(folder)
    (folder / "good\n.txt").write_text(GOOD, encoding="utf-8")
    model = store / (store / "CURRENT").read_text(encoding="utf-8").strip()
    done = run("predict", folder, REPORTS / "printed.pdf", "--model", model, "--explain", "-o", tmp_path / "out.jsonl")
    assert done.code == 1
    found = rows((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert [row["report"] for row in found] == ["good\n", "printed", "printed", "printed"]
    assert [row.get("page") for row in found] == [None, 1, 1, 1]


def test_evidence_of_a_wrapped_paragraph_points_into_its_text(run: Any, store: Path, tmp_path: Path) -> None:
    sentence = "组织养护队对县乡公路巡查养护五次，清理塌方，新修乡村公路四公里，改造危桥。"
    text = (
        "\n".join(("　　" + sentence * 6)[i : i + 30] for i in range(0, len(sentence) * 6 + 2, 30))
        + "\n　　另有一段。\n"
    )
    (tmp_path / "r.txt").write_text(text, encoding="utf-8")
    model = store / (store / "CURRENT").read_text(encoding="utf-8").strip()
    found = rows(run("predict", "r.txt", "--model", model, "--explain").out)
    assert found[0]["text"] == text[found[0]["start"] : found[0]["end"]]
    assert "\n" in found[0]["text"]
    assert found[0]["evidence"]
    for piece in found[0]["evidence"]:
        passage = found[0]["text"][piece["start"] : piece["end"]].replace("\n", "")
        assert passage in sentence * 6


def test_options_for_reports_are_not_for_tables(run: Any, tmp_path: Path, store: Path) -> None:
    (tmp_path / "t.csv").write_text("content\n平安\n", encoding="utf-8")
    done = run("predict", "t.csv", "--text", "content", "--encoding", "gbk", "--model", store)
    assert (done.code, "are for reports" in done.line) == (2, True)


@pytest.mark.parametrize("name", ["gb18030.txt", "notes.md"])
def test_a_text_report_is_read_without_any_document_library(run: Any, name: str) -> None:
    import subprocess
    import sys

    code = (
        "import sys, topics.workflows.reports as r, pathlib;"
        f"list(r.read_reports([{str(REPORTS / name)!r}], r.Selection(), r.Failures(print)));"
        "print(sorted(m for m in ('lxml', 'docx', 'pypdfium2', 'opencc', 'numpy', 'email') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
