"""``topics predict`` as people run it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

ROADS = "新修乡村公路5公里，改造危桥2座。"


@pytest.fixture
def predict(run: Callable[..., Any], trained: Any) -> Callable[..., Any]:
    """Run ``topics predict`` with the tiny model."""
    return lambda *args, **more: run("predict", "--model", trained.folder, *args, **more)


def test_reports_to_json_lines(predict: Callable[..., Any], corpus: Path) -> None:
    done = predict(corpus / "reports")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, done.err, len(rows)) == (0, "", 56)
    raw = (corpus / "reports" / "2004-liuxi.txt").read_bytes().decode()
    for row in rows:
        if row["report"] == "2004-liuxi":
            assert raw[row["start"] : row["end"]] == row["text"]


def test_formats(predict: Callable[..., Any], corpus: Path, tmp_path: Path) -> None:
    report = corpus / "reports" / "2003-shiban.txt"
    table = predict(report, "--format", "table")
    assert "公路" in table.out
    assert "topics (probability)" in table.out
    done = predict(report, "--format", "csv", "-o", "out.csv")
    assert (done.code, done.out, done.err) == (0, "", "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 7
    assert list(tmp_path.iterdir()) == [tmp_path / "out.csv"]


def test_standard_input_in_two_encodings_gives_the_same(predict: Callable[..., Any]) -> None:
    text = f"一、道路\n{ROADS}\n"
    first, second = (predict("-", stdin=text.encode(encoding)) for encoding in ("utf-8-sig", "gb18030"))
    assert first.out == second.out
    row = json.loads(first.out)
    assert (row["report"], row["headings"], row["primary"]) == ("stdin", ["一、道路"], "roads")


def test_evidence(predict: Callable[..., Any]) -> None:
    row = json.loads(predict("-", "--explain", stdin=f"召开会议三次，学习文件五份。{ROADS}".encode()).out)
    best = row["evidence"][0]
    assert best["topic"] == "roads"
    assert row["text"][best["start"] : best["end"]] in ROADS


def test_a_table(predict: Callable[..., Any], table: Callable[..., Path], tmp_path: Path) -> None:
    path = table(tmp_path / "t.parquet", [{"id": 1, "body": ROADS}, {"id": 2, "body": "开会。"}])
    done = predict(path, "--text", "body")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == [1, 2]
    assert done.code == 0


def test_lone_surrogates_survive(predict: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"body": "\\ud800' + ROADS + '"}\n', encoding="utf-8")
    assert json.loads(predict("t.jsonl", "--text", "body").out)["body"] == "\ud800" + ROADS
    assert predict("t.jsonl", "--text", "body", "--format", "csv", "-o", "out.csv").code == 0
    assert "\\ud800新修" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_output_is_utf8_wherever_it_runs(predict: Callable[..., Any]) -> None:
    done = predict("-", stdin=ROADS.encode(), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert json.loads(done.out)["text"] == ROADS


def test_what_fails_is_named_and_the_rest_is_complete(
    predict: Callable[..., Any], corpus: Path, tmp_path: Path
) -> None:
    good = corpus / "reports" / "2003-shiban.txt"
    done = predict("none.txt", good, "-o", "out.jsonl")
    assert (done.code, done.line) == (1, "topics: none.txt: no such file or folder")
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 7


def damaged_parquet(folder: Path) -> None:
    (folder / "t.parquet").write_bytes(b"PAR1" + b"\x00" * 100 + b"PAR1")


def fill(name: str, content: bytes) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).write_bytes(content)


BAD: dict[str, tuple[Callable[[Path], Any], list[str], str]] = {
    "nothing": (lambda f: None, [], "nothing to label"),
    "missing file": (lambda f: None, ["none.txt"], "none.txt: no such file or folder"),
    "long name": (lambda f: None, ["a" * 5000], "cannot be read: File name too long"),
    "empty file": (fill("r.txt", b""), ["r.txt"], "r.txt: the file is empty"),
    "empty standard input": (lambda f: None, ["-"], "standard input: the file is empty"),
    "folder without reports": (lambda f: (f / "d").mkdir(), ["d"], "d: no reports in it"),
    "binary file": (fill("r.txt", b"\x7fELF\x00\x01"), ["r.txt"], "r.txt: byte 4 is NUL: a binary file"),
    "undecodable bytes": (fill("r.txt", b"\xe4\xbf\xae\xff\xff"), ["r.txt"], "utf-8 fails at byte 3"),
    "only furniture": (fill("r.txt", "版权所有：某镇".encode()), ["r.txt"], "r.txt: no paragraph found"),
    "table without --text": (fill("t.csv", b"a\n1\n"), ["t.csv"], "name the column to label with --text"),
    "--text without table": (fill("r.txt", b"a"), ["r.txt", "--text", "a"], "--text is for tables only"),
    "--heading alone": (fill("r.txt", b"a"), ["r.txt", "--heading", "a"], "--heading is for tables"),
    "missing table": (lambda f: None, ["t.csv", "--text", "a"], "t.csv: no such table"),
    "table without the column": (fill("t.csv", b"a,b\n1,2\n"), ["t.csv", "--text", "c"], "t.csv: no column 'c'"),
    "empty table": (fill("t.csv", b""), ["t.csv", "--text", "a"], "no column 'a'; the table has none"),
    "a column twice": (fill("t.csv", b"a,a\n1,2\n"), ["t.csv", "--text", "a"], "two columns are called 'a'"),
    "undecodable table": (fill("t.csv", b"a\n\xff\xff\n"), ["t.csv", "--text", "a"], "neither UTF-8 nor GB18030"),
    "no json": (fill("t.jsonl", b"{\n"), ["t.jsonl", "--text", "a"], "t.jsonl:1: not JSON"),
    "damaged parquet": (damaged_parquet, ["t.parquet", "--text", "a"], "t.parquet: row 1: damaged or not Parquet"),
    "a folder as output": (fill("r.txt", ROADS.encode()), ["r.txt", "-o", "."], "cannot be"),
    "output nowhere": (fill("r.txt", ROADS.encode()), ["r.txt", "-o", "no/out"], "no/out: cannot be written"),
    "a device as output": (fill("r.txt", ROADS.encode()), ["r.txt", "-o", "/dev/null"], "no regular file"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "arguments", "says"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_leaves_nothing(
    predict: Callable[..., Any], tmp_path: Path, make: Callable[[Path], Any], arguments: list[str], says: str
) -> None:
    make(tmp_path)
    before = sorted(tmp_path.iterdir())
    output = [] if "-o" in arguments else ["-o", "out.jsonl"]
    done = predict(*arguments, *output)
    assert done.code == 2
    assert done.out == ""
    assert says in done.line
    assert sorted(tmp_path.iterdir()) == before


def test_output_of_an_earlier_run_stays_where_nothing_could_be_labelled(
    predict: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "out.jsonl").write_text("earlier", encoding="utf-8")
    assert predict("none.txt", "-o", "out.jsonl").code == 2
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "earlier"


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["--nonsense"], ["--model"]])
def test_wrong_usage(run: Callable[..., Any], arguments: list[str]) -> None:
    done = run("predict", *arguments)
    assert done.code == 2
    assert done.out == ""


def test_a_full_device(predict: Callable[..., Any], trained: Any, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    (tmp_path / "r.txt").write_text(ROADS, encoding="utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "topics", "predict", "r.txt", "--model", str(trained.folder)],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == ["topics: standard output: No space left on device"]


def started(arguments: list[object], cwd: Path, **more: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "topics", *map(str, arguments)]
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def test_a_reader_that_goes_away(trained: Any, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("\n".join(f"{i}是{ROADS}" for i in range(5000)), encoding="utf-8")
    process = started(["predict", "r.txt", "--model", trained.folder], tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"{")
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("kind", ["rows", "reports"])
def test_a_terminal_sees_how_far_it_is(trained: Any, corpus: Path, tmp_path: Path, kind: str, jobs: int) -> None:
    text = "".join(json.dumps({"body": ROADS}, ensure_ascii=False) + "\n" for _ in range(3000))
    (tmp_path / "t.jsonl").write_text(text, encoding="utf-8")
    inputs = ["t.jsonl", "--text", "body"] if kind == "rows" else [corpus / "reports"]
    arguments = ["predict", *inputs, "--model", trained.folder, "-o", "out.jsonl", "--jobs", jobs]
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "topics", *map(str, arguments)]
    with subprocess.Popen(command, cwd=tmp_path, stderr=terminal, env=os.environ | {"COLUMNS": "100"}) as process:
        os.close(terminal)
        seen = read_all(main)
    assert process.returncode == 0
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", seen)
    assert re.search(rf"(3000/3000|8/8) {kind} .* [1-9][\d,]* {kind}/s +0:00:00", plain)


def read_all(terminal: int) -> str:
    """Everything that is written to a terminal until nobody has it open."""
    parts = []
    with suppress(OSError):  # how Linux tells the end
        while part := os.read(terminal, 1 << 16):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()


def test_an_interrupted_stream_has_whole_lines(trained: Any, tmp_path: Path) -> None:
    text = "".join(json.dumps({"id": i, "body": ROADS}, ensure_ascii=False) + "\n" for i in range(100_000))
    (tmp_path / "t.jsonl").write_text(text, encoding="utf-8")
    with started(["predict", "t.jsonl", "--text", "body", "--model", trained.folder], tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline()]
        os.kill(process.pid, signal.SIGINT)
        lines += process.stdout.readlines()  # communicate would pass over what the first line left in the buffer
        assert (process.wait(timeout=60), process.stderr.read()) == (130, b"")
    assert [json.loads(line)["id"] for line in lines] == list(range(len(lines)))
    assert lines[-1].endswith(b"\n")
    assert len(lines) < 100_000


def test_an_interrupt_leaves_no_output(trained: Any, tmp_path: Path) -> None:
    """The run has opened its output and waits for standard input when the interrupt comes."""
    arguments = ["predict", "-", "--model", trained.folder, "-o", "out.jsonl"]
    with started(arguments, tmp_path, stdin=subprocess.PIPE) as process:
        end = time.monotonic() + 60
        while not list(tmp_path.iterdir()) and time.monotonic() < end:
            time.sleep(0.05)
        assert list(tmp_path.iterdir())
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []
