"""The model store: whole or not at all, the same bytes for the same model, nothing damaged let in."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import topics
from topics import files
from topics.errors import ModelError, OutputError, UsageError
from topics.modeling.linear import LinearModel
from topics.storage.models import current_id, find_model, list_models, load_model, promote_model, read_card, save_model
from topics.workflows.train import TrainResult

CARD: dict[str, Any] = {"topics": ["roads"], "codebook": {}, "data": {}, "figures": {}}
TEXTS = ["全年硬化村组道路九公里。", "招聘乡村教师四名，造林三亩。", ""]


@pytest.fixture
def copy(store: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model's store, to be damaged."""
    return Path(shutil.copytree(store, tmp_path / "models"))


@pytest.fixture
def folder(copy: Path) -> Path:
    """The tiny model's folder in the copy."""
    return copy / current_id(copy)


def rehash(folder: Path) -> None:
    """Give the card the hash of the file as it is now, as a forger would."""
    import hashlib

    digest = hashlib.sha256((folder / "model.joblib").read_bytes()).hexdigest()
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    card |= {"sha256": digest, "id": digest[:12]}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


def test_the_same_model_has_the_same_bytes_and_id(linear: LinearModel, tmp_path: Path, trained: TrainResult) -> None:
    arrays, meta = linear.to_arrays()
    meta["promise"] = load_model(trained.folder).meta["promise"]
    assert save_model(tmp_path, arrays, meta, CARD) == trained.id
    assert (tmp_path / trained.id / "model.joblib").read_bytes() == (trained.folder / "model.joblib").read_bytes()
    save_model(tmp_path, arrays, meta, CARD)
    assert [c["id"] for c in list_models(tmp_path)] == [trained.id]
    assert sorted(p.name for p in (tmp_path / trained.id).iterdir()) == ["card.json", "model.joblib"]


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_save_that_is_cut_off_leaves_no_model(
    linear: LinearModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    calls = 0

    def full_disk(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2 * fails_at - 1:  # the file's sync and then its folder's, for the model and for the card
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OutputError, match="No space left"):
        save_model(tmp_path, *linear.to_arrays(), CARD)
    assert list_models(tmp_path) == []
    assert not [p for p in tmp_path.rglob("*") if p.name.endswith(".tmp")]


def test_promotion_and_the_way_back(copy: Path, linear: LinearModel) -> None:
    first = current_id(copy)
    arrays, meta = linear.to_arrays()
    second = save_model(copy, arrays | {"intercept": linear.intercept + 1}, meta, CARD)
    assert promote_model(copy, second) == first
    assert load_model(store=copy).folder.name == second
    assert promote_model(copy, first) == second
    assert current_id(copy) == first


def test_only_a_whole_model_is_promoted(copy: Path, folder: Path) -> None:
    before = current_id(copy)
    with pytest.raises(UsageError, match="no model id"):
        promote_model(copy, "../../etc")
    with pytest.raises(ModelError):
        promote_model(copy, "0" * 12)
    (folder / "model.joblib").write_bytes(b"")
    with pytest.raises(ModelError, match="damaged"):
        promote_model(copy, folder.name)
    assert current_id(copy) == before


def test_promotion_is_one_rename(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (copy / "CURRENT").read_bytes()

    def fails(self: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OutputError):
        promote_model(copy, current_id(copy))
    assert (copy / "CURRENT").read_bytes() == before
    assert sorted(p.name for p in copy.iterdir()) == sorted(["CURRENT", before.decode().strip()])


def test_two_hundred_flipped_bytes_are_refused_or_harmless(folder: Path) -> None:
    """Forged cards and all: whatever still loads gives scores, and without forgery nothing loads at all."""
    good = (folder / "model.joblib").read_bytes()
    expected = topics.load(folder).predict(TEXTS)
    places = random.Random(0).sample(range(len(good)), 160) + list(range(40))
    card = (folder / "card.json").read_text(encoding="utf-8")
    for place in places:
        damaged = bytearray(good)
        damaged[place] ^= 0xFF
        (folder / "model.joblib").write_bytes(damaged)
        (folder / "card.json").write_text(card, encoding="utf-8")
        with pytest.raises(ModelError, match="damaged"):
            topics.load(folder)
        rehash(folder)
        with suppress(ModelError):
            assert len(topics.load(folder).predict(TEXTS)) == len(TEXTS)
    (folder / "model.joblib").write_bytes(good)
    (folder / "card.json").write_text(card, encoding="utf-8")
    assert topics.load(folder).predict(TEXTS) == expected


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_truncated_files_are_refused_even_with_a_forged_card(folder: Path, size: int) -> None:
    path = folder / "model.joblib"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ModelError, match="hash is not the one"):
        topics.load(folder)
    rehash(folder)
    with pytest.raises(ModelError, match="damaged or not a model"):
        topics.load(folder)


def test_another_segmenter_is_refused(copy: Path, linear: LinearModel) -> None:
    arrays, meta = linear.to_arrays()
    other = save_model(copy, arrays, meta | {"segmenter": linear.segmenter | {"version": "9.9"}}, CARD)
    with pytest.raises(ModelError, match=rf"{other}: made for the segmenter .*9\.9"):
        topics.load(copy / other)


def edit(**changes: Any) -> Callable[[dict[str, Any]], str]:
    return lambda card: json.dumps(card | changes)


CARDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "not json": lambda card: "{",
    "nested": lambda card: "[" * 100_000,
    "a list": lambda card: "[]",
    "no hash": lambda card: json.dumps({k: v for k, v in card.items() if k != "sha256"}),
    "another id": edit(id="0" * 12),
    "id of a terminal's": lambda card: json.dumps(card | {"id": "\x1b[2J", "sha256": "\x1b[2J"}),
    "topics no list": edit(topics="roads"),
    "figures no record": edit(figures=[1]),
    "codebook no record": edit(codebook=None),
}


@pytest.mark.parametrize("change", CARDS.values(), ids=CARDS.keys())
def test_damaged_cards_are_refused(folder: Path, change: Callable[[dict[str, Any]], str]) -> None:
    card = read_card(folder)
    (folder / "card.json").write_text(change(card), encoding="utf-8")
    with pytest.raises(ModelError, match=r"card\.json: damaged"):
        topics.load(folder)
    with pytest.raises(ModelError, match=r"card\.json: damaged"):
        list_models(folder.parent)


def test_where_models_are_found(
    copy: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    assert find_model(folder.name, copy) == folder
    assert find_model(folder, copy) == find_model(folder / "model.joblib") == folder
    monkeypatch.chdir(tmp_path)
    assert find_model() == Path("models") / folder.name
    monkeypatch.chdir(folder)
    assert find_model().is_relative_to(root / "models")


@pytest.mark.parametrize(
    ("model", "says"),
    [("0" * 12, "no model 000000000000"), ("nowhere", "no such model"), ("models/CURRENT", "not a model of topics")],
)
def test_models_that_are_not_there(copy: Path, monkeypatch: pytest.MonkeyPatch, model: str, says: str) -> None:
    monkeypatch.chdir(copy.parent)
    with pytest.raises(ModelError, match=says):
        load_model(model)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "has no current model"),
        (b"", "names no model id"),
        (b"\xff", "cannot be read"),
        (b"../x", "names no model id"),
    ],
)
def test_what_current_may_hold(copy: Path, content: bytes | None, says: str) -> None:
    path = copy / "CURRENT"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=says):
        load_model(store=copy)


def test_no_store() -> None:
    with pytest.raises(ModelError, match="no such model store"):
        list_models(Path("nowhere"))
