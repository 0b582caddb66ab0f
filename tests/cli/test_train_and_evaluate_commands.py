"""``topics train`` and ``topics evaluate`` as people run them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def place(corpus: Path, tmp_path: Path) -> Path:
    """A working folder laid out as the project is, with the tiny corpus."""
    shutil.copytree(corpus / "reports", tmp_path / "seeds")
    shutil.copytree(corpus / "labels", tmp_path / "labels")
    return tmp_path


def test_train_evaluate_predict_promote(run: Callable[..., Any], place: Path, store: Path, trained: Any) -> None:
    (place / "seeds" / "2010-meiling.txt").unlink()
    lines = (place / "labels" / "gold.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("2010-meiling")]
    (place / "labels" / "gold.csv").write_text("".join(kept), encoding="utf-8")
    shutil.copytree(store, place / "models")
    first = run("train")
    assert first.code == 0
    assert first.out != f"{trained.id}\n"
    assert f"now current (before: {trained.id})" in first.err
    assert (place / "models" / "CURRENT").read_text(encoding="utf-8") == first.out
    measured = run("evaluate", "--format", "json")
    assert "paragraphs, so these figures say too much" in measured.line
    assert json.loads(measured.out)["macro_f1"] > 0.9
    promoted = run("models", "promote", trained.id)
    assert promoted.err == f"{trained.id} is now current (before: {first.out.strip()})\n"
    listed = run("models", "list").out
    assert trained.id in listed
    assert first.out.strip() in listed
    assert run("models", "verify").out.startswith(f"{trained.id}: whole")
    assert json.loads(run("models", "show", first.out.strip()).out)["data"]["reports"] == 7


def test_cross_validation(run: Callable[..., Any], place: Path) -> None:
    done = run("evaluate", "--cv", "2")
    assert (done.code, done.err) == (0, "")
    for piece in ("道路", "macro-F1", "95 % interval", "56 paragraphs of 8 reports"):
        assert piece in done.out


def test_an_own_table(run: Callable[..., Any], table: Callable[..., Path], tmp_path: Path) -> None:
    words = {"体育": "球队决赛", "财经": "股市利率", "教育": "学校教师"}
    rows = [{"text": f"第{i}次报道{words[t]}的消息。", "label": t} for i in range(6) for t in words]
    path = table(tmp_path / "mine.csv", rows)
    columns = ("--table", path, "--text", "text", "--topics", "label")
    assert run("train", *columns).code == 0
    assert json.loads(run("evaluate", *columns, "--format", "json").out)["macro_f1"] == 1.0
    found = [json.loads(line) for line in run("predict", path, "--text", "text").out.splitlines()]
    assert [len(row["topics"]) for row in found] == [1] * 18
    assert [row["primary"] for row in found] == [row["label"] for row in rows]


GOLD, REPORT = "labels/gold.csv", "seeds/2003-shiban.txt"
HEADER = "report,paragraph,hash,topics,primary,annotator,note\n"


def write(name: str, content: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).write_text(content, encoding="utf-8")


def append_line(find: str, change: Callable[[str], str]) -> Callable[[Path], Any]:
    def apply(folder: Path) -> None:
        lines = (folder / GOLD).read_text(encoding="utf-8").splitlines()
        line = next(line for line in lines if find in line)
        (folder / GOLD).write_text("\n".join([*lines, change(line)]) + "\n", encoding="utf-8")

    return apply


def edit_report(folder: Path) -> None:
    path = folder / REPORT
    path.write_text(path.read_text(encoding="utf-8").replace("。", "！", 1), encoding="utf-8")


COLUMNS = ["--table", "t.csv", "--text", "a", "--topics", "b"]
BAD: dict[str, tuple[Callable[[Path], Any], list[str], str]] = {
    "no reports": (lambda f: shutil.rmtree(f / "seeds"), [], "seeds: no such file or folder"),
    "empty folder": (lambda f: (f / "d").mkdir(), ["--reports", "d"], "d: no reports in it"),
    "a report missing": (lambda f: (f / REPORT).unlink(), [], "gold.csv:2: 2003-shiban has no paragraph 1"),
    "a report changed": (edit_report, [], "gold.csv:2: paragraph 1 of 2003-shiban changed"),
    "no labels": (lambda f: (f / GOLD).unlink(), [], "gold.csv: no such label file"),
    "labels without lines": (write(GOLD, HEADER), [], "labels: no labels"),
    "labels without column": (write(GOLD, "report,paragraph\n"), [], "gold.csv:1: no column 'hash'"),
    "unknown topic": (write(GOLD, HEADER + "2003-shiban,1,x,bridges,bridges,A,\n"), [], "gold.csv:2: topic 'bridges'"),
    "duplicate label": (append_line("2003-shiban,1,", str), [], "gold.csv:58: labels paragraph 1"),
    "conflicting label": (
        append_line(",roads,roads,", lambda line: line.replace(",roads,roads,", ",schools,schools,")),
        [],
        "otherwise than before",
    ),
    "codebook with an error": (write("labels/codebook.toml", "[[topic]]\n"), [], "codebook.toml: topic 1: needs an id"),
    "codebook no toml": (write("labels/codebook.toml", "[["), [], "codebook.toml: not a readable codebook"),
    "missing codebook": (lambda f: None, ["--codebook", "none.toml"], "none.toml: no such codebook"),
    "half a table": (lambda f: None, ["--table", "t.csv"], "--table needs --text COLUMN and --topics COLUMN"),
    "columns without table": (lambda f: None, ["--text", "a", "--topics", "b"], "give the table with --table"),
    "missing table": (lambda f: None, COLUMNS, "t.csv: no such table"),
    "table without column": (write("t.csv", "a\n1\n"), COLUMNS, "no column 'b'"),
    "table without rows": (write("t.csv", "a,b\n"), COLUMNS, "t.csv: no rows"),
}  # fmt: skip


EVALUATED = ("unknown topic", "conflicting label", "codebook with an error", "half a table", "table without column")


@pytest.mark.parametrize(
    ("command", "name"), [*(("train", name) for name in BAD), *(("evaluate", name) for name in EVALUATED)]
)
def test_bad_input_is_one_line_and_changes_nothing(
    run: Callable[..., Any], place: Path, command: str, name: str
) -> None:
    spoil, arguments, says = BAD[name]
    spoil(place)
    done = run(command, *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in done.line
    assert not (place / "models").exists()


def test_a_store_that_cannot_be_written(run: Callable[..., Any], place: Path) -> None:
    (place / "models").write_text("a file", encoding="utf-8")
    done = run("train")
    assert (done.code, done.out) == (2, "")
    assert "cannot be made" in done.line


def test_evaluation_options_that_do_not_fit(run: Callable[..., Any], place: Path, trained: Any) -> None:
    both = run("evaluate", "--cv", "2", "--model", trained.folder)
    assert (both.code, "leave one of them out" in both.line) == (2, True)
    (place / "t.csv").write_text("a,b\n修桥。,bridges\n", encoding="utf-8")
    topic = run("evaluate", "--table", "t.csv", "--text", "a", "--topics", "b", "--model", trained.folder)
    assert (topic.code, "'bridges', which model" in topic.line) == (2, True)
