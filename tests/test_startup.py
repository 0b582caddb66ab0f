"""What is imported when: commands start at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HEAVY = {"sklearn", "scipy", "pandas", "pyarrow"}
PROGRAM = """
import json, sys
from topics.cli import main
try:
    main()
finally:
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def loaded(*arguments: object, cwd: Path) -> set[str]:
    """Top-level modules that are in memory when a command has run."""
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_predict_imports_nothing_that_only_training_needs(trained: Any, corpus: Path, tmp_path: Path) -> None:
    report = corpus / "reports" / "2003-shiban.txt"
    found = loaded("predict", report, "--model", trained.folder, "--explain", cwd=tmp_path)
    assert found & (HEAVY | {"joblib", "rich"}) == set()
    assert {"numpy", "rjieba"} <= found


@pytest.mark.parametrize("arguments", [["--help"], ["predict", "--help"], ["--version"], ["train", "--help"]])
def test_help_imports_no_numpy_either(arguments: list[str], tmp_path: Path) -> None:
    assert loaded(*arguments, cwd=tmp_path) & (HEAVY | {"numpy", "rjieba", "joblib"}) == set()


def test_import_topics_is_light(tmp_path: Path) -> None:
    program = "import sys, topics; print([m for m in sys.modules if m in ('numpy', 'typer', 'topics.workflows')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "arguments",
    [["predict", "t.parquet", "--text", "a"], ["train", "--table", "t.parquet", "--text", "a", "--topics", "b"]],
)
def test_a_missing_extra_is_named(arguments: list[str], trained: Any, tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    if arguments[0] == "predict":
        arguments = [*arguments, "--model", str(trained.folder)]
    program = "import sys; sys.modules['pyarrow'] = None\nfrom topics.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "topics: pyarrow is not installed: pip install 'topics[parquet]'\n"
