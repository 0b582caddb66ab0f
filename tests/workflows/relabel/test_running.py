"""What a run leaves, over every kind of store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.rows import changed, make_rows
from benchmarks.stores import FolderStore, SqliteStore, Store

import topics
from topics.errors import InputError, UnfinishedError, UsageError
from topics.workflows.relabel.engines import processes
from topics.workflows.relabel.guard import Limits
from topics.workflows.relabel.items import Batch, Done

ROWS = make_rows(330, clauses=2)
Relabel = Callable[..., dict[str, Any]]


def labels(store: Store) -> dict[str, Any]:
    """Topics by id; None for what is retired."""
    return {row[0]: None if row[8] else row[2] for row in store.dump()["paragraph_topics"]}


def reasons(store: Store, run: int) -> dict[str, int]:
    """How many ledger lines of a run have each reason."""
    found = [row[-1] for row in store.dump()["topic_changes"] if row[0] == run]
    return {reason: found.count(reason) for reason in sorted(set(found))}


def test_a_first_run_labels_everything(any_store: Store, again: Relabel, model: topics.Model) -> None:
    any_store.put(ROWS)
    result = again(any_store)
    assert result["outcome"] == "complete"
    assert result["counts"]["new"] == result["counts"]["paragraphs"] == len(ROWS)
    found = labels(any_store)
    if isinstance(any_store, FolderStore):  # where a paragraph has no heading of its own, the one before it holds on
        reports = sorted(Path(any_store.arguments[0]).iterdir())
        expected = ["|".join(p.prediction.topics) for report in reports for p in model.predict_report(report)]
        assert sorted(found.values()) == sorted(expected)
    else:
        expected = ["|".join(p.topics) for p in model.predict([r[1] for r in ROWS], [r[2] for r in ROWS])]
        assert [found[name] for name, _, _ in ROWS] == expected
    assert reasons(any_store, 1) == {"new": len(ROWS)}


def test_an_unchanged_store_is_left_alone(any_store: Store, again: Relabel) -> None:
    any_store.put(ROWS)
    again(any_store)
    before = any_store.dump()
    result = again(any_store)
    assert result["counts"]["scored"] == 0
    assert result["counts"]["unchanged"] == len(ROWS)
    after = any_store.dump()
    assert after["paragraph_topics"] == before["paragraph_topics"]
    assert after["topic_changes"] == before["topic_changes"]


def test_only_what_changed_is_scored_and_what_vanished_is_retired(any_store: Store, again: Relabel) -> None:
    any_store.put(ROWS)
    again(any_store)
    any_store.put(changed(ROWS, 0.03))
    result = again(any_store)
    found = reasons(any_store, 2)
    if isinstance(any_store, FolderStore):
        # An edited paragraph of a report is another paragraph, and what lost its heading is changed.
        assert (found["new"], found["retired"]) == (6, 6)
    else:
        assert found == {"new": 3, "text changed": 3, "retired": 3}
    scored = sum(found.values()) - found["retired"]
    assert result["counts"]["scored"] == scored
    assert result["counts"]["unchanged"] == result["counts"]["paragraphs"] - scored
    assert list(labels(any_store).values()).count(None) == found["retired"]


def test_what_comes_back_is_new(any_store: Store, again: Relabel) -> None:
    any_store.put(ROWS)
    first = again(any_store) and labels(any_store)
    any_store.put(ROWS[:-40])
    again(any_store)
    any_store.put(ROWS)
    again(any_store)
    assert reasons(any_store, 2) == {"retired": 40}
    assert reasons(any_store, 3) == {"new": 40}
    assert labels(any_store) == first


def test_a_new_model_labels_all_anew(any_store: Store, again: Relabel, other_model: Path) -> None:
    any_store.put(ROWS)
    again(any_store)
    result = again(any_store, other_model)
    assert reasons(any_store, 2) == {"model changed": len(ROWS)}
    assert result["counts"]["other_topics"] == result["churn"]["changed"] > 0
    dump = any_store.dump()
    first, second = (row[1] for row in dump["topic_runs"])
    for run, _, _, new, old_model, new_model, _ in dump["topic_changes"]:
        assert (old_model, new_model) == ((None, first) if run == 1 else (first, second))
        assert new is not None


class Breaking:
    """An engine that breaks off after some batches, as a lost connection would."""

    def __init__(self, batches: int) -> None:
        self._batches = batches

    def __call__(self, model: topics.Model, stream: Iterable[Batch]) -> Iterator[Done]:
        for number, done in enumerate(processes(1)(model, stream)):
            if number == self._batches:
                raise InputError("the store went away")
            yield done


def test_a_run_that_broke_off_is_gone_on_with(any_store: Store, again: Relabel, other_model: Path) -> None:
    any_store.put(ROWS)
    again(any_store)
    any_store.put(changed(ROWS, 0.03))
    any_store.save()
    again(any_store, other_model)
    expected = any_store.dump()
    any_store.restore()
    with pytest.raises(UnfinishedError, match="went away"):
        again(any_store, other_model, engine=Breaking(2))
    half = any_store.dump()
    assert half["topic_runs"][-1][2] == "running"
    assert 0 < len([row for row in half["topic_changes"] if row[0] == 2]) < len(ROWS)
    again(any_store, other_model)
    assert any_store.dump() == expected


def test_a_store_that_changed_again_after_breaking_off(any_store: Store, again: Relabel, other_model: Path) -> None:
    """The run that is gone on with ends as if it had only just begun."""
    any_store.put(ROWS)
    again(any_store)
    any_store.save()
    any_store.put(changed(ROWS, 0.3, seed=5))
    again(any_store, other_model)
    expected = any_store.dump()
    any_store.restore()
    with pytest.raises(UnfinishedError):
        again(any_store, other_model, engine=Breaking(2))
    any_store.put(changed(ROWS, 0.3, seed=5))
    again(any_store, other_model)
    found = any_store.dump()
    assert current(found) == current(expected)
    assert len({row[:2] for row in found["topic_changes"]}) == len(found["topic_changes"])


def current(dump: Any) -> dict[str, Any]:
    """What is not retired; what vanished was labelled by either model."""
    return {row[0]: row for row in dump["paragraph_topics"] if not row[8]}


def test_another_model_closes_a_run_that_broke_off(any_store: Store, again: Relabel, other_model: Path) -> None:
    any_store.put(ROWS)
    with pytest.raises(UnfinishedError):
        again(any_store, engine=Breaking(2))
    again(any_store, other_model)
    assert [row[2] for row in any_store.dump()["topic_runs"]] == ["interrupted", "complete"]
    assert None not in labels(any_store).values()


def test_a_full_run_puts_labels_right(tmp_path: Path, again: Relabel) -> None:
    import sqlite3

    store = SqliteStore(tmp_path / "s")
    store.put(ROWS[:50])
    again(store)
    expected = labels(store)
    with sqlite3.connect(store.root / "store.db") as connection:
        connection.execute("UPDATE paragraph_topics SET topics = 'nonsense' WHERE id = 'p0000007'")
    connection.close()
    assert again(store)["counts"]["scored"] == 0
    result = again(store, full=True)
    assert result["counts"]["scored"] == 50
    assert reasons(store, 3) == {"corrected": 1}
    assert labels(store) == expected


def test_a_paragraph_that_moves_keeps_its_label(tmp_path: Path, again: Relabel) -> None:
    store = FolderStore(tmp_path / "s")
    store.put(ROWS[:40])
    again(store)
    report = store.root / "reports" / "r00000.txt"
    text = "某县印发新的通知，部署全年各项工作。\n" + report.read_text(encoding="utf-8")
    report.write_text(text, encoding="utf-8")
    result = again(store)
    assert (result["counts"]["scored"], result["counts"]["moved"]) == (1, 40)
    for row in store.dump()["paragraph_topics"]:
        assert text[row[11] : row[12]] == row[14]


def test_refused_before_anything_is_written(any_store: Store, again: Relabel, other_model: Path) -> None:
    any_store.put(ROWS)
    again(any_store)
    before = any_store.dump()
    result = again(any_store, other_model, limits=Limits(churn=0.01))
    assert result["outcome"] == "refused"
    assert "--max-churn 0.01" in result["refused"]
    assert any_store.dump() == before
    assert again(any_store, other_model, limits=Limits(churn=1.0))["outcome"] == "complete"


def test_a_first_run_refused_for_drift_leaves_nothing(tmp_path: Path, again: Relabel) -> None:
    store = FolderStore(tmp_path / "s")
    (store.root / "reports").mkdir()
    lines = [f"The quick brown fox number {i} jumps over lazy dogs and cats again.。" for i in range(150)]
    (store.root / "reports" / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    result = again(store, limits=Limits(drift=0.25))
    assert result["outcome"] == "refused"
    assert sorted(p.name for p in store.root.iterdir()) == ["reports"]


def test_a_dry_run_tells_and_writes_nothing(any_store: Store, again: Relabel, other_model: Path) -> None:
    any_store.put(ROWS)
    dry = again(any_store, dry_run=True)
    assert dry["counts"]["new"] == len(ROWS)
    again(any_store)
    before = any_store.dump()
    dry = again(any_store, other_model, dry_run=True)
    assert any_store.dump() == before
    wet = again(any_store, other_model)
    for name in ("churn", "matrix", "examples"):
        assert dry[name] == wet[name]
    assert sum(cell["paragraphs"] for cell in dry["matrix"]) == len(ROWS)
    assert dry["examples"]


def test_an_emptied_table_is_not_taken_for_gone(tmp_path: Path, again: Relabel) -> None:
    store = SqliteStore(tmp_path / "s")
    store.put([])
    assert again(store)["counts"]["paragraphs"] == 0
    store.put(ROWS)
    again(store)
    before = store.dump()
    store.put([])
    with pytest.raises(InputError, match=r"table paragraphs: holds no paragraph, but .* holds labels; is it"):
        again(store)
    assert store.dump() == before
    assert again(store, full=True)["counts"]["retired"] == len(ROWS)
    assert again(store)["counts"]["paragraphs"] == 0


def test_a_target_belongs_to_one_source(tmp_path: Path, again: Relabel) -> None:
    store = FolderStore(tmp_path / "s")
    store.put(ROWS[:40])
    again(store)
    (store.root / "reports").rename(store.root / "others")
    store.put(ROWS[:80])
    (store.root / "reports").rename(store.root / "third")
    store.__class__ = type("Third", (FolderStore,), {"arguments": property(lambda self: [str(self.root / "third")])})
    with pytest.raises(UsageError, match="folder reports, not of folder third"):
        again(store)
