"""What the store holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from topics.errors import ModelError
from topics.workflows.models import catalogue, promote, show, verify
from topics.workflows.train import TrainResult


def test_list_show_verify(store: Path, trained: TrainResult) -> None:
    (entry,) = catalogue(store)
    assert entry["id"] == trained.id
    assert entry["current"]
    assert (entry["topics"], entry["examples"]) == (3, 56)
    assert entry["macro_f1"] == trained.figures["macro_f1"]
    assert show(None, store)["id"] == trained.id
    assert verify(trained.id, store)["topics"] == ["roads", "schools", "forests"]


def test_a_store_without_a_current_model_is_listed_and_mended(
    store: Path, trained: TrainResult, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(store, tmp_path / "models"))
    (copy / "CURRENT").unlink()
    (copy / ("0" * 12)).mkdir()  # a save that was cut off
    assert [e["current"] for e in catalogue(copy)] == [False]
    with pytest.raises(ModelError, match="has no current model"):
        verify(None, copy)
    assert promote(trained.id, copy) is None
    assert [e["current"] for e in catalogue(copy)] == [True]
