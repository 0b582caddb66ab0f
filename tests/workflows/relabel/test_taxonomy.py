"""Labels of an older codebook."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks.rows import make_rows
from benchmarks.stores import SqliteStore, Store

import topics
from topics.codebook import read_codebook
from topics.errors import InputError, UsageError
from topics.storage.models import load_model, save_model
from topics.storage.schema import Stored
from topics.workflows.relabel.taxonomy import Carrier

MAPPING = {
    "old": ("new",),
    "older": ("old",),
    "twin": ("new",),
    "wide": ("new", "other1"),
    "gone": (),
    "a": ("b",),
    "b": ("a",),
}
Relabel = Callable[..., dict[str, Any]]


@pytest.fixture
def carrier() -> Carrier:
    return Carrier(("new", "other1", "a", "b"), MAPPING, "codebook.toml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ()), ("old", ("new",)), ("older", ("new",)), ("old|twin", ("new",)), ("other1|old", ("other1", "new")),
        ("wide", None), ("old|wide", None), ("gone", None), ("a|b", ("b", "a")),
    ],
)  # fmt: skip
def test_topics(carrier: Carrier, before: str, after: tuple[str, ...] | None) -> None:
    assert carrier.topics(before) == after


def test_an_unknown_topic_is_refused(carrier: Carrier) -> None:
    with pytest.raises(UsageError, match=r'codebook.toml: .*\[\[mapping\]\] from = "lost"'):
        carrier.topics("old|lost")


def test_scores_go_along(carrier: Carrier) -> None:
    old = Stored("i", "", "old|twin", "twin", '{"old": 0.7, "twin": 0.9, "wide": 0.1}', "m", "c", True, 1)
    label = carrier.label(old)
    assert label
    assert (label.topics, label.primary, json.loads(label.scores)) == ("new", "new", {"new": 0.9})


def renamed(trained: Any, folder: Path, names: dict[str, str]) -> Path:
    """The tiny model under a codebook in which topics have other names."""
    stored = load_model(trained.folder)
    meta = {k: v for k, v in stored.meta.items() if k != "promise"}
    meta["topics"] = [names.get(t, t) for t in stored.meta["topics"]]
    card = {k: v for k, v in stored.card.items() if k not in ("id", "sha256")}
    card["codebook"] = {"sha256": "another", "names": {}}
    return folder / save_model(folder, stored.arrays, meta, card)


def test_a_renamed_topic_is_no_churn(
    any_store: Store, again: Relabel, trained: Any, model: topics.Model, tmp_path: Path
) -> None:
    rows = make_rows(400, clauses=2)
    any_store.put(rows)
    again(any_store)
    any_store.put(rows[:360])
    again(any_store)
    old, new = model.topics[0], "another-name"
    other = renamed(trained, tmp_path / "models", {old: new})
    before = any_store.dump()
    with pytest.raises(UsageError, match="tell what became of it"):
        again(any_store, other)
    assert any_store.dump() == before
    result = again(any_store, other, mapping={old: (new,)})
    assert result["churn"]["changed"] == 0
    assert result["churn"]["compared"] == 360
    assert result["counts"]["codebook_changed"] == 400
    found = any_store.dump()
    assert {row[6] for row in found["paragraph_topics"]} == {"another"}
    assert not any(old in row[2].split("|") for row in found["paragraph_topics"])
    assert sum(row[8] for row in found["paragraph_topics"]) == 40
    assert again(any_store, other, mapping={old: (new,)})["counts"].get("codebook_changed", 0) == 0


def test_what_cannot_be_carried_is_listed(tmp_path: Path, again: Relabel, trained: Any, model: topics.Model) -> None:
    store = SqliteStore(tmp_path / "s")
    rows = make_rows(400, clauses=2)
    store.put(rows)
    again(store)
    store.put(rows[:200])
    again(store)
    old = model.topics[0]
    other = renamed(trained, tmp_path / "models", {old: "half"})
    result = again(store, other, mapping={old: ("half", model.topics[1])})
    listed = result["not_carried"]
    stuck = [row for row in store.dump()["paragraph_topics"] if row[6] != "another"]
    assert stuck
    assert all(row[8] and old in row[2].split("|") for row in stuck)
    assert sum(listed["topics"].values()) == result["churn"]["not_comparable"] + len(stuck)
    assert listed["examples"]


def test_mappings_of_a_codebook(tmp_path: Path) -> None:
    file = tmp_path / "codebook.toml"
    topic = '[[topic]]\nid = "new"\n'
    file.write_text(topic + '[[mapping]]\nfrom = "old"\nto = ["new"]\n', encoding="utf-8")
    book = read_codebook(file)
    assert book.mapping == {"old": ("new",)}
    assert book.digest() == dataclasses.replace(book, mapping={}).digest()


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ('[[mapping]]\nfrom = "old"\nto = "new"\n', "mapping 1: write from"),
        ('[[mapping]]\nto = ["new"]\n', "mapping 1: write from"),
        ('[[mapping]]\nfrom = "old"\nto = ["lost"]\n', "leads to 'lost'"),
        ('[[mapping]]\nfrom = "old"\nto = []\n[[mapping]]\nfrom = "old"\nto = ["new"]\n', "mapped twice"),
        ("mapping = 3\n", "must be"),
    ],
)
def test_bad_mappings(tmp_path: Path, mapping: str, says: str) -> None:
    file = tmp_path / "codebook.toml"
    text = '[[topic]]\nid = "new"\n'
    file.write_text(mapping + text if mapping.startswith("mapping") else text + mapping, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_codebook(file)
