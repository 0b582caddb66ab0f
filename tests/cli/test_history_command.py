"""``topics history``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.rows import changed, make_rows
from benchmarks.stores import FolderStore, Store

ROWS = make_rows(120, clauses=2)


def test_runs_and_changes(any_store: Store, run: Callable[..., Any], trained: Any) -> None:
    any_store.put(ROWS)
    run("relabel", *any_store.arguments, "--model", trained.folder)
    any_store.put(changed(ROWS, 0.05))
    run("relabel", *any_store.arguments, "--model", trained.folder)
    done = run("history", any_store.target)
    result = json.loads(done.out)
    assert [entry["run"] for entry in result["runs"]] == [1, 2]
    assert [entry["outcome"] for entry in result["runs"]] == ["complete", "complete"]
    assert len(result["changes"]) == 20
    assert result["changes"][-1]["run"] == 2
    change = next(change for change in result["changes"] if change["reason"] == "retired")
    story = json.loads(run("history", any_store.target, "--paragraph", change["id"]).out)["changes"]
    assert [line["reason"] for line in story] == ["new", "retired"]
    assert story[0]["new_topics"] == change["old_topics"]
    table = run("history", any_store.target, "--format", "table", "--limit", "3")
    assert table.code == 0
    assert "outcome" in table.out


def test_nothing_there(run: Callable[..., Any], tmp_path: Path, trained: Any) -> None:
    (tmp_path / "empty").mkdir()
    for target, says in (("nowhere.db", "no such database"), ("empty", "holds no labels")):
        done = run("history", target)
        assert (done.code, says in done.line) == (2, True)
    store = FolderStore(tmp_path / "s")
    store.put(ROWS)
    run("relabel", *store.arguments, "--model", trained.folder)
    done = run("history", store.target, "--paragraph", "lost")
    assert (done.code, "no paragraph 'lost'" in done.line) == (2, True)
